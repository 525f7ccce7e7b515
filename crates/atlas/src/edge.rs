//! Where the venue data stop: beyond it a venue may exist that nobody told us of.

use geo::{Coord, MultiPolygon};
use rstar::{PointDistance, RTree};
use territory::{Grid, Meters, Position};

/// The longest step between two points that stand for the outline, degrees: about 100 m, so that a
/// distance to it is at most 50 m too long.
const STEP_DEGREES: f64 = 0.001;

/// The great-circle distance of each place's cell to the outline, parallel to the grid.
pub(crate) fn distances(grid: &Grid, outline: &MultiPolygon) -> Vec<Meters> {
    let rings = outline.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let points = rings.flat_map(|ring| ring.lines().collect::<Vec<_>>()).flat_map(|side| {
        let steps = ((side.dx().abs().max(side.dy().abs()) / STEP_DEGREES).ceil() as u32).max(1);
        (0..steps).map(move |i| side.start + (side.end - side.start) * (f64::from(i) / f64::from(steps)))
    });
    let vector = |c: Coord| Position::from_coord(c).ok().map(Position::unit_vector);
    let tree: RTree<[f64; 3]> = RTree::bulk_load(points.filter_map(vector).collect());
    grid.places()
        .iter()
        .map(|place| {
            let from = place.cell.centre().unit_vector();
            let nearest = tree.nearest_neighbor(from);
            nearest.map_or(Meters(f64::INFINITY), |point| {
                Meters::along_great_circle(point.distance_2(&from).sqrt())
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plain::{Plain, SIDE_DEGREES};
    use territory::coverage::dissolve;

    #[test]
    fn the_middle_of_a_plain_is_half_its_height_from_the_edge() {
        let plain = Plain::new(9, 3);
        let shapes: Vec<_> = plain.squares().map(|(i, j)| plain.shape(i, j)).collect();
        let distances = distances(&plain.grid(), &dissolve(&shapes));
        let farthest = distances.iter().map(|m| m.0).fold(0.0, f64::max);
        let expected = 111_195.0 * SIDE_DEGREES * 1.5;
        // The place is its cell's centre, up to half a kilometre from the middle of the square.
        assert!((farthest - expected).abs() < 700.0, "{farthest} for {expected}");
    }
}
