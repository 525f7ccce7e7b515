//! The nearest of many on the sphere, from one position.

use rstar::primitives::GeomWithData;
use rstar::{PointDistance, RTree};
use territory::{Position, VenueIdx};

/// Venues indexed as unit vectors of three dimensions.
///
/// Planar longitude and latitude pick the wrong venue for one cell in six of the sample
/// (`docs/method.md`); the straight distance between unit vectors grows with the great-circle distance, so the
/// nearest here is the nearest on Earth.
pub struct VenueIndex {
    tree: RTree<GeomWithData<[f64; 3], VenueIdx>>,
}

impl VenueIndex {
    /// Indexes the venues given.
    pub fn new(venues: impl IntoIterator<Item = (VenueIdx, Position)>) -> Self {
        let points = venues.into_iter().map(|(idx, at)| GeomWithData::new(at.unit_vector(), idx)).collect();
        Self { tree: RTree::bulk_load(points) }
    }

    /// The venue nearest to a position, the smallest rank among those equally near; none when there is
    /// no venue. For every cell of a grid at once, ask a [`Ground`](crate::Ground).
    pub fn nearest(&self, from: Position) -> Option<VenueIdx> {
        let from = from.unit_vector();
        let one = self.tree.nearest_neighbor(from)?.geom();
        // Venues often share an address: the tie is broken by rank, not by the shape of the tree.
        let no_farther = self.tree.locate_within_distance(from, one.distance_2(&from));
        let nearest = no_farther
            .min_by(|a, b| a.distance_2(&from).total_cmp(&b.distance_2(&from)).then(a.data.cmp(&b.data)))?;
        Some(nearest.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    /// The slow twin: looks at every venue.
    fn linear_scan(venues: &[Position], from: Position) -> Option<VenueIdx> {
        let square = |a: Position| -> f64 {
            a.unit_vector().iter().zip(from.unit_vector()).map(|(x, y)| (x - y) * (x - y)).sum()
        };
        (0..venues.len())
            .min_by(|&a, &b| square(venues[a]).total_cmp(&square(venues[b])).then(a.cmp(&b)))
            .map(|i| VenueIdx(i as u32))
    }

    #[test]
    fn degrees_would_pick_the_wrong_venue() {
        // At 45° a degree of longitude is 0.7 of one of latitude: the eastern venue is nearer.
        let (east, north) = (at(5.13, 45.0), at(5.0, 45.1));
        let index = VenueIndex::new([(VenueIdx(0), north), (VenueIdx(1), east)]);
        assert_eq!(index.nearest(at(5.0, 45.0)), Some(VenueIdx(1)));
    }

    #[test]
    fn venues_at_one_address_are_told_apart_by_rank() {
        let index = VenueIndex::new((0..10).rev().map(|i| (VenueIdx(i), at(5.0, 45.0))));
        assert_eq!(index.nearest(at(5.3, 45.2)), Some(VenueIdx(0)));
        assert_eq!(VenueIndex::new([]).nearest(at(5.3, 45.2)), None);
    }

    proptest! {
        #[test]
        fn the_index_agrees_with_a_linear_scan_anywhere_on_earth(
            venues in prop::collection::vec((-180.0..180.0f64, -85.0..85.0f64), 0..60),
            from in prop::collection::vec((-180.0..180.0f64, -85.0..85.0f64), 1..20),
        ) {
            let venues: Vec<Position> = venues.into_iter().map(|(lon, lat)| at(lon, lat)).collect();
            let index = VenueIndex::new(venues.iter().enumerate().map(|(i, &p)| (VenueIdx(i as u32), p)));
            for (lon, lat) in from {
                prop_assert_eq!(index.nearest(at(lon, lat)), linear_scan(&venues, at(lon, lat)));
            }
        }
    }
}
