//! Points dealt out to square cells, to find those near a segment or in a triangle.

use geo::Coord;

/// Points in square cells of 2^`shift` units, sorted by row of cells, then by column.
pub(crate) struct Buckets {
    shift: u32,
    first_row: i32,
    last_row: i32,
    /// Where each row begins in `points`; one more at the end.
    rows: Vec<u32>,
    points: Vec<Filed>,
}

struct Filed {
    column: i32,
    at: Coord<i32>,
    id: u32,
}

impl Buckets {
    /// Files points under the numbers given.
    pub(crate) fn new(points: impl Iterator<Item = (Coord<i32>, u32)>, shift: u32) -> Self {
        let mut points: Vec<Filed> = points.map(|(at, id)| Filed { column: at.x >> shift, at, id }).collect();
        points.sort_unstable_by_key(|p| (p.at.y >> shift, p.column, p.at.y, p.at.x, p.id));
        let row = |p: &Filed| p.at.y >> shift;
        let first_row = points.first().map_or(0, row);
        let last_row = points.last().map_or(first_row - 1, row);
        let n_rows = (last_row - first_row + 1) as usize;
        let mut rows = vec![0; n_rows + 1];
        for point in &points {
            rows[(row(point) - first_row) as usize + 1] += 1;
        }
        for i in 1..rows.len() {
            rows[i] += rows[i - 1];
        }
        Self { shift, first_row, last_row, rows, points }
    }

    /// The first point, among those within `margin` of a convex shape (a segment, a triangle) and some
    /// others around, for which `wanted` holds.
    pub(crate) fn find(
        &self,
        shape: &[Coord<i32>],
        margin: i32,
        mut wanted: impl FnMut(Coord<i32>, u32) -> bool,
    ) -> Option<u32> {
        let low = shape.iter().map(|v| v.y).min()?.saturating_sub(margin) >> self.shift;
        let high = shape.iter().map(|v| v.y).max()?.saturating_add(margin) >> self.shift;
        let west = shape.iter().map(|v| v.x).min()?.saturating_sub(margin) >> self.shift;
        let east = shape.iter().map(|v| v.x).max()?.saturating_add(margin) >> self.shift;
        let around = (west, east);
        for row in low.max(self.first_row)..=high.min(self.last_row) {
            let at = (row - self.first_row) as usize;
            let points = &self.points[self.rows[at] as usize..self.rows[at + 1] as usize];
            if points.is_empty() {
                continue;
            }
            // Most shapes are small: their box is as good as their part in a row.
            let (west, east) = if high - low < 2 { around } else { self.columns(shape, margin, row) };
            let first = points.partition_point(|p| p.column < west);
            let reached = points[first..].iter().take_while(|p| p.column <= east);
            if let Some(found) = reached.into_iter().find(|p| wanted(p.at, p.id)) {
                return Some(found.id);
            }
        }
        None
    }

    /// The columns that the part of a shape in a row reaches, its margin included; a unit more against the
    /// rounding of floats.
    fn columns(&self, shape: &[Coord<i32>], margin: i32, row: i32) -> (i32, i32) {
        let margin = f64::from(margin) + 1.0;
        let north = f64::from(row) * f64::from(1_u32 << self.shift) - margin;
        let south = north + f64::from(1_u32 << self.shift) + 2.0 * margin;
        let (mut west, mut east) = (f64::INFINITY, f64::NEG_INFINITY);
        for (i, &a) in shape.iter().enumerate() {
            let b = shape[(i + 1) % shape.len()];
            let ((ax, ay), (bx, by)) = ((f64::from(a.x), f64::from(a.y)), (f64::from(b.x), f64::from(b.y)));
            if ay.min(by) > south || ay.max(by) < north {
                continue;
            }
            let across =
                |y: f64| if ay.total_cmp(&by).is_eq() { ax } else { ax + (y - ay) / (by - ay) * (bx - ax) };
            for x in [
                across(ay.clamp(north, south)),
                across(by.clamp(north, south)),
                if (north..=south).contains(&ay) { ax } else { across(ay.clamp(north, south)) },
                if (north..=south).contains(&by) { bx } else { across(by.clamp(north, south)) },
            ] {
                (west, east) = (west.min(x), east.max(x));
            }
        }
        (((west - margin).floor() as i32) >> self.shift, ((east + margin).ceil() as i32) >> self.shift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(x: i32, y: i32) -> Coord<i32> {
        Coord { x, y }
    }

    /// Walks the segment.
    fn is_near([from, to]: [Coord<i32>; 2], point: Coord<i32>, margin: f64) -> bool {
        (0..=1000).any(|step| {
            let along = f64::from(step) / 1000.0;
            let x = f64::from(from.x) + along * f64::from(to.x - from.x);
            let y = f64::from(from.y) + along * f64::from(to.y - from.y);
            (x - f64::from(point.x)).abs() <= margin && (y - f64::from(point.y)).abs() <= margin
        })
    }

    proptest! {
        #[test]
        fn no_point_near_a_segment_is_missed(
            points in prop::collection::vec((-300i32..300, -300i32..300), 1..60),
            (ax, ay, bx, by) in (-300i32..300, -300i32..300, -300i32..300, -300i32..300),
            shift in 1u32..7,
        ) {
            let points: Vec<Coord<i32>> = points.into_iter().map(|(x, y)| at(x, y)).collect();
            let buckets = Buckets::new(points.iter().copied().zip(0..), shift);
            let (a, b) = (at(ax, ay), at(bx, by));
            let mut met = vec![false; points.len()];
            let none = buckets.find(&[a, b], 3, |p, id| {
                assert_eq!(p, points[id as usize]);
                met[id as usize] = true;
                false
            });
            prop_assert_eq!(none, None);
            for (i, &p) in points.iter().enumerate() {
                prop_assert!(met[i] || !is_near([a, b], p, 3.0));
            }
        }
    }
}
