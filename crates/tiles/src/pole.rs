//! The pole of inaccessibility of a shape: the point inside that is farthest from its border.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use geo::{BoundingRect, Coord, InteriorPoint, Line, MultiPolygon, Point};

/// How near the best the point is, as a share of the shape's width or height, the smaller: less than a name
/// of ten pixels on a screen.
const PRECISION: f64 = 1.0 / 100.0;

/// Squares along the longer side of a shape to begin with.
const MOST_SQUARES: f64 = 32.0;

/// Squares looked at, at most: what is thousands of times longer than it is wide would take millions.
const MOST_PROBES: usize = 1 << 15;

/// The middle of the largest circle inside a shape (x = longitude, y = latitude, degrees), within 1 % of the
/// smaller of its width and height, or some point inside when the shape is too thin for that; none of a shape
/// that is empty, or has no width or height.
///
/// Squares that cover the shape are split in four, those that may hold the farthest point first, until none
/// can improve on the best by more than the precision: polylabel (Vladimir Agafonkin, 2016,
/// <https://blog.mapbox.com/a-new-algorithm-for-finding-a-visual-center-of-a-polygon-7c77e6492fbc>).
/// Longitudes are shortened by the cosine of the middle latitude, so that a circle is one on the map.
pub fn pole(shape: &MultiPolygon) -> Option<Point> {
    let bounds = shape.bounding_rect()?;
    let shrink = bounds.center().y.to_radians().cos();
    let flat = |c: Coord| Coord { x: c.x * shrink, y: c.y };
    let (min, max) = (flat(bounds.min()), flat(bounds.max()));
    let (width, height) = (max.x - min.x, max.y - min.y);
    let side = width.min(height);
    if !(side > 0.0 && shrink > 0.0) {
        return None;
    }
    let borders: Vec<Line> = shape
        .iter()
        .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
        .flat_map(|ring| ring.lines().map(|line| Line::new(flat(line.start), flat(line.end))))
        .collect();
    let probe = |x: f64, y: f64, half: f64| {
        let at = Coord { x, y };
        Probe { at, half, depth: depth(at, &borders) }
    };
    // A shape may be any number of times longer than it is wide.
    let square = side.max(width.max(height) / MOST_SQUARES);
    let half = square / 2.0;
    let steps = |length: f64| (length / square).ceil() as u32;
    let mut queue = BinaryHeap::new();
    for column in 0..steps(width) {
        for row in 0..steps(height) {
            let corner = |n: u32| square * f64::from(n) + half;
            queue.push(probe(min.x + corner(column), min.y + corner(row), half));
        }
    }
    let mut best: Option<Probe> = None;
    let mut probes = queue.len();
    while let Some(square) = queue.pop() {
        let deepest = best.map_or(0.0, |best| best.depth);
        // The queue gives the most promising first.
        if square.promise() - deepest <= side * PRECISION || probes > MOST_PROBES {
            break;
        }
        probes += 4;
        if square.depth > deepest {
            best = Some(square);
        }
        let half = square.half / 2.0;
        for (east, north) in [(-half, -half), (half, -half), (-half, half), (half, half)] {
            queue.push(probe(square.at.x + east, square.at.y + north, half));
        }
    }
    best.map(|best| Coord { x: best.at.x / shrink, ..best.at }.into()).or_else(|| shape.interior_point())
}

/// A square, its middle, and how deep inside the shape that is.
#[derive(Clone, Copy)]
struct Probe {
    at: Coord,
    half: f64,
    /// Distance to the border, negative outside.
    depth: f64,
}

impl Probe {
    /// No point of the square is deeper.
    fn promise(&self) -> f64 {
        self.depth + self.half * std::f64::consts::SQRT_2
    }
}

impl Ord for Probe {
    fn cmp(&self, other: &Self) -> Ordering {
        let place = |probe: &Self| (probe.at.x, probe.at.y);
        let (a, b) = (place(self), place(other));
        self.promise()
            .total_cmp(&other.promise())
            .then_with(|| a.0.total_cmp(&b.0))
            .then_with(|| a.1.total_cmp(&b.1))
            .then_with(|| self.half.total_cmp(&other.half))
    }
}

impl PartialOrd for Probe {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Probe {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Probe {}

/// The distance of a point to borders, negative when they do not enclose it (even-odd rule).
fn depth(at: Coord, borders: &[Line]) -> f64 {
    let mut inside = false;
    let mut nearest = f64::INFINITY;
    for line in borders {
        let (a, b) = (line.start, line.end);
        if (a.y > at.y) != (b.y > at.y) && at.x < (b.x - a.x) * (at.y - a.y) / (b.y - a.y) + a.x {
            inside = !inside;
        }
        let along = b - a;
        let length = along.x * along.x + along.y * along.y;
        let towards = at - a;
        let share = if length > 0.0 {
            ((towards.x * along.x + towards.y * along.y) / length).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let gap = towards - along * share;
        nearest = nearest.min(gap.x * gap.x + gap.y * gap.y);
    }
    if inside { nearest.sqrt() } else { -nearest.sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, Distance, Euclidean, LineString, Polygon, polygon};
    use proptest::prelude::*;

    #[test]
    fn the_pole_of_a_square_is_its_middle_and_that_of_an_l_its_corner_room() {
        let square = polygon![(x: 0.0, y: -1.0), (x: 2.0, y: -1.0), (x: 2.0, y: 1.0), (x: 0.0, y: 1.0)];
        let middle = pole(&square.into()).expect("a pole");
        assert!((middle.x() - 1.0).abs() < 0.03 && middle.y().abs() < 0.03, "{middle:?}");
        let l = polygon![
            (x: 0.0, y: 0.0), (x: 9.0, y: 0.0), (x: 9.0, y: 1.0), (x: 3.0, y: 1.0), (x: 3.0, y: 4.0), (x: 0.0, y: 4.0)
        ];
        let room = pole(&l.into()).expect("a pole");
        assert!((1.3..1.7).contains(&room.x()) && (1.3..2.6).contains(&room.y()), "{room:?}");
    }

    #[test]
    fn a_hole_is_kept_away_from_and_the_larger_island_is_named() {
        let ring = |x: f64, side: f64| {
            LineString::from(vec![(x, 0.0), (x + side, 0.0), (x + side, side), (x, side), (x, 0.0)])
        };
        let hole = LineString::from(vec![(1.0, 1.0), (3.0, 1.0), (3.0, 3.0), (1.0, 3.0), (1.0, 1.0)]);
        let islands = MultiPolygon::new(vec![
            Polygon::new(ring(0.0, 4.0), vec![hole]),
            Polygon::new(ring(10.0, 1.8), Vec::new()),
        ]);
        let at = pole(&islands).expect("a pole");
        assert!(at.x() > 10.0, "0.9 from the shore, where the rim of the atoll leaves 0.6: {at:?}");
    }

    #[test]
    fn what_has_no_inside_has_no_pole() {
        assert_eq!(pole(&MultiPolygon::new(Vec::new())), None);
        let flat = LineString::from(vec![(0.0, 1.0), (5.0, 1.0), (0.0, 1.0)]);
        assert_eq!(pole(&Polygon::new(flat, Vec::new()).into()), None);
    }

    #[test]
    fn what_is_thin_has_a_point_inside_all_the_same() {
        let needle: MultiPolygon = polygon![(x: 0.0, y: 0.0), (x: 5.0, y: 5.0), (x: 5.0, y: 5.001)].into();
        assert!(needle.contains(&pole(&needle).expect("a point")));
        let long: MultiPolygon =
            polygon![(x: 0.0, y: 0.0), (x: 90.0, y: 0.0), (x: 90.0, y: 1e-6), (x: 0.0, y: 1e-6)].into();
        assert!(long.contains(&pole(&long).expect("a point")));
    }

    /// The same by `geo`, over a fine lattice.
    fn deepest_on_a_lattice(shape: &MultiPolygon) -> f64 {
        let bounds = shape.bounding_rect().expect("bounds");
        let steps = 60;
        let mut best: f64 = 0.0;
        for (i, j) in (0..=steps).flat_map(|i| (0..=steps).map(move |j| (i, j))) {
            let part = |n: i32| f64::from(n) / f64::from(steps);
            let at = Point::from(Coord {
                x: bounds.min().x + bounds.width() * part(i),
                y: bounds.min().y + bounds.height() * part(j),
            });
            if shape.contains(&at) {
                best = best.max(depth_by_geo(at, shape));
            }
        }
        best
    }

    fn depth_by_geo(at: Point, shape: &MultiPolygon) -> f64 {
        let rings = shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        rings.map(|ring| Euclidean.distance(&at, ring)).fold(f64::INFINITY, f64::min)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn the_pole_is_as_deep_as_the_deepest_point_of_a_lattice(
            radii in prop::collection::vec(0.02..0.1, 3..24)
        ) {
            // A star around a point of the equator, where a degree is one both ways.
            let n = radii.len() as f64;
            let corner = |(i, r): (usize, &f64)| {
                let angle = std::f64::consts::TAU * i as f64 / n;
                (r * angle.cos(), r * angle.sin())
            };
            let star: Vec<(f64, f64)> = radii.iter().enumerate().map(corner).collect();
            let shape = MultiPolygon::from(Polygon::new(LineString::from(star), Vec::new()));
            let bounds = shape.bounding_rect().expect("bounds");
            let at = pole(&shape).expect("a star has an inside");
            prop_assert!(shape.contains(&at));
            let allowed = bounds.width().min(bounds.height()) * PRECISION;
            let (found, lattice) = (depth_by_geo(at, &shape), deepest_on_a_lattice(&shape));
            prop_assert!(found >= lattice - allowed * 1.01, "{found} < {lattice}");
        }
    }
}
