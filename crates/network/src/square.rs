//! Squares of about 500 m, by which edges are found and streets are weighed.

use territory::{Extent, FixedPosition, Meters, Position};

/// A degree of latitude.
const DEGREE: Meters = Meters(111_195.0);

/// Rows and columns of squares in a degree: 556 m of latitude, and as much or less of longitude north
/// of 42°, up to 830 m at the equator.
const ROWS: f64 = 200.0;
const COLUMNS: f64 = 400.0 / 3.0;
/// Columns around the Earth.
const AROUND: u32 = 48_000;

/// A square, numbered from the south-west.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Square(pub(crate) u32);

impl Square {
    /// The square a position is in.
    pub(crate) fn at(position: Position) -> Self {
        let row = ((position.lat() + 90.0) * ROWS) as u32;
        let column = ((position.lon() + 180.0) * COLUMNS) as u32;
        Self(row * AROUND + column.min(AROUND - 1))
    }

    /// The squares that a box touches, from the south-west.
    pub(crate) fn touching(extent: Extent) -> impl Iterator<Item = Self> {
        let [west, south, east, north] = extent.bbox();
        let corner = |lon, lat| Position::from_lon_lat(lon, lat).map_or(Self(0), Self::at).0;
        let (first, last) = (corner(west, south), corner(east, north));
        let columns = first % AROUND..=last % AROUND;
        (first / AROUND..=last / AROUND)
            .flat_map(move |row| columns.clone().map(move |column| Self(row * AROUND + column)))
    }

    /// The square and those around it.
    pub(crate) fn around(self) -> impl Iterator<Item = Self> {
        let (row, column) = (self.0 / AROUND, self.0 % AROUND);
        (row.saturating_sub(1)..=row + 1).flat_map(move |row| {
            (column.saturating_sub(1)..=(column + 1).min(AROUND - 1))
                .map(move |column| Self(row * AROUND + column))
        })
    }
}

/// The box that reaches some metres around a position.
pub(crate) fn within(position: Position, Meters(reach): Meters) -> Option<Extent> {
    let lat = reach / DEGREE.0;
    let lon = lat / position.lat().to_radians().cos().max(0.01);
    let corner =
        |lon: f64, lat: f64| Position::from_lon_lat(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).ok();
    Extent::new(
        corner(position.lon() - lon, position.lat() - lat)?,
        corner(position.lon() + lon, position.lat() + lat)?,
    )
}

/// A flat map around a position, good to a thousandth over a few kilometres: x east, y north, metres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plane {
    origin: Position,
    lon_metres: f64,
}

impl Plane {
    pub(crate) fn around(origin: Position) -> Self {
        Self { origin, lon_metres: DEGREE.0 * origin.lat().to_radians().cos() }
    }

    /// East, then north.
    pub(crate) fn metres_in_degree(&self) -> [f64; 2] {
        [self.lon_metres, DEGREE.0]
    }

    pub(crate) fn of(&self, at: Position) -> [f64; 2] {
        [(at.lon() - self.origin.lon()) * self.lon_metres, (at.lat() - self.origin.lat()) * DEGREE.0]
    }
}

/// The length of a run of points.
pub(crate) fn length(points: impl IntoIterator<Item = FixedPosition>) -> Meters {
    let mut points = points.into_iter().map(FixedPosition::position);
    let Some(mut last) = points.next() else { return Meters(0.0) };
    let mut sum = 0.0;
    for point in points {
        sum += last.distance_to(point).0;
        last = point;
    }
    Meters(sum)
}

/// The rank of a position along a Hilbert curve over the Earth: what is near in rank is near on the
/// ground. From Wikipedia, «Hilbert curve», `xy2d`.
pub(crate) fn hilbert(at: FixedPosition) -> u64 {
    let [lon, lat] = at.steps();
    curve(lon, lat)
}

fn curve(x: i32, y: i32) -> u64 {
    // 32 bits each from the lowest.
    let (mut x, mut y) = (x.wrapping_sub(i32::MIN) as u32, y.wrapping_sub(i32::MIN) as u32);
    let mut rank = 0u64;
    for bit in (0..32).rev() {
        let (rx, ry) = ((x >> bit) & 1, (y >> bit) & 1);
        rank = (rank << 2) | u64::from((3 * rx) ^ ry);
        if ry == 0 {
            if rx == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    rank
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    #[test]
    fn a_box_touches_the_squares_of_its_corners_and_all_between() {
        let here = at(1.44, 43.6);
        let extent = within(here, Meters(700.0)).expect("a box");
        let squares: Vec<Square> = Square::touching(extent).collect();
        assert!(squares.is_sorted() && (9..=16).contains(&squares.len()), "{}", squares.len());
        assert!(squares.contains(&Square::at(here)));
        assert_eq!(Square::at(here).around().count(), 9);
    }

    #[test]
    fn the_flat_map_agrees_with_the_sphere_over_a_kilometre() {
        let (here, there) = (at(1.44, 43.6), at(1.45, 43.605));
        let [x, y] = Plane::around(here).of(there);
        assert!((x.hypot(y) - here.distance_to(there).0).abs() < 1.0);
    }

    proptest! {
        #[test]
        fn the_hilbert_curve_visits_every_place_of_a_small_grid_step_by_step(size in 1u32..5) {
            let side = 1i64 << size;
            let step = (1i64 << 32) / side;
            let mut ranks: Vec<(u64, i64, i64)> = (0..side).flat_map(|x| (0..side).map(move |y| (x, y))).map(|(x, y)| {
                let steps = |n: i64| (i64::from(i32::MIN) + n * step) as i32;
                let rank = curve(steps(x), steps(y));
                (rank, x, y)
            }).collect();
            ranks.sort_unstable();
            for pair in ranks.windows(2) {
                prop_assert_eq!((pair[0].1 - pair[1].1).abs() + (pair[0].2 - pair[1].2).abs(), 1);
            }
        }
    }
}
