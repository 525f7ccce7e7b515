//! The nearest venue of every cell at once.

use territory::{Mode, Position, TravelTime, Venue, VenueIdx};

use network::crow_fly;
use rayon::prelude::*;

use crate::ground::{Cap, Ground, MARGIN, square};

/// A venue as a point on the sphere.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) point: [f64; 3],
    pub(crate) venue: VenueIdx,
}

/// The nearest venue of a cell, and the square of the straight distance to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Near {
    pub(crate) venue: VenueIdx,
    pub(crate) square: f64,
}

/// Some venues as points, in the order of their ranks.
pub(crate) fn spots(venues: &[Venue], ranks: &[VenueIdx]) -> Vec<Spot> {
    let spot = |&venue: &VenueIdx| Spot { point: venues[venue.0 as usize].position.unit_vector(), venue };
    ranks.iter().map(spot).collect()
}

/// What `each` makes of every cell and its nearest venue, in the order of the cells; of the venues equally
/// near, the first.
///
/// Exact. Whatever cell of a cap one stands in, the nearest venue of its middle is no farther than its
/// distance from there and the radius; so one that is farther from the middle than that and the radius
/// again is nobody's. First counties are asked so, then villages; few venues are left for a cell.
pub(crate) fn of_every_cell<T: Send>(
    ground: &Ground,
    spots: &[Spot],
    each: impl Fn(usize, Option<Near>) -> T + Sync,
) -> Vec<T> {
    let county = |county: &Cap| {
        let (mut around, mut near) = (Vec::new(), Vec::new());
        let mut made = Vec::new();
        keep_near(county, spots, &mut around);
        for village in ground.villages(county) {
            keep_near(village, &around, &mut near);
            made.extend(village.members.clone().map(|cell| each(cell, nearest(ground.point(cell), &near))));
        }
        made
    };
    ground.counties().par_iter().flat_map_iter(county).collect()
}

/// The time a cell takes to a venue at some straight distance squared.
pub(crate) fn time(ground: &Ground, cell: usize, to: Position, mode: Mode, square: f64) -> TravelTime {
    crow_fly::travel_time_by_chord(mode, square.sqrt())
        .unwrap_or_else(|| crow_fly::travel_time(mode, ground.cells()[cell].centre().distance_to(to)))
}

fn keep_near(cap: &Cap, spots: &[Spot], kept: &mut Vec<Spot>) {
    let nearest = spots.iter().map(|spot| square(spot.point, cap.centre)).fold(f64::INFINITY, f64::min);
    let far = nearest.sqrt() + 2.0 * cap.radius + MARGIN;
    kept.clear();
    kept.extend(spots.iter().filter(|spot| square(spot.point, cap.centre) <= far * far));
}

fn nearest(from: [f64; 3], spots: &[Spot]) -> Option<Near> {
    let mut best: Option<Near> = None;
    let mut least = f64::INFINITY;
    for spot in spots {
        let square = square(spot.point, from);
        if square < least {
            least = square;
            best = Some(Near { venue: spot.venue, square });
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nearest::VenueIndex;
    use proptest::prelude::*;
    use territory::{Cell, CommuneIdx, Grid, Inhabitants, Place};

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    fn ground(at: &[Position]) -> Ground {
        let place =
            |&at: &Position| Place { cell: Cell::at(at), commune: CommuneIdx(0), population: Inhabitants(1) };
        Ground::of(&Grid::new(at.iter().map(place).collect()))
    }

    /// Of each cell, what the cells of the ground, the slow scan and the index by itself find.
    fn check(cells: &[Position], venues: &[Position]) -> Result<(), TestCaseError> {
        let ground = ground(cells);
        let ranked = || venues.iter().enumerate().map(|(i, &at)| (VenueIdx(i as u32), at));
        let spots: Vec<Spot> = ranked().map(|(venue, at)| Spot { point: at.unit_vector(), venue }).collect();
        let found = of_every_cell(&ground, &spots, |cell, near| (cell, near));
        prop_assert_eq!(found.len(), ground.cells().len());
        let index = VenueIndex::new(ranked());
        for (rank, (cell, near)) in found.into_iter().enumerate() {
            prop_assert_eq!(cell, rank);
            let from = ground.cells()[cell].centre();
            let squares = spots.iter().map(|spot| square(spot.point, from.unit_vector()));
            let slow = squares.zip(&spots).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.venue.cmp(&b.1.venue)));
            let slow = slow.map(|(square, spot)| Near { venue: spot.venue, square });
            prop_assert_eq!(near, slow);
            prop_assert_eq!(near.map(|near| near.venue), index.nearest(from));
            if let Some(near) = near {
                let to = venues[near.venue.0 as usize];
                for mode in Mode::ALL {
                    prop_assert_eq!(
                        time(&ground, cell, to, mode, near.square),
                        crow_fly::travel_time(mode, from.distance_to(to))
                    );
                }
            }
        }
        Ok(())
    }

    fn anywhere() -> impl Strategy<Value = Position> {
        (-180.0..=180.0f64, -90.0..=90.0f64).prop_map(|(lon, lat)| at(lon, lat))
    }

    /// Some positions within a few kilometres of one: a town, across the antimeridian or around a pole too.
    fn cluster(most: usize) -> impl Strategy<Value = Vec<Position>> {
        let middle = prop_oneof![
            anywhere(),
            Just(at(180.0, -17.0)),
            Just(at(0.0, 90.0)),
            Just(at(12.0, -90.0)),
            Just(at(2.35, 48.85))
        ];
        let around = prop::collection::vec((-0.3..0.3f64, -0.3..0.3f64), 0..most);
        (middle, around).prop_map(|(middle, around)| {
            let near = |(east, north): (f64, f64)| {
                let wrapped = (middle.lon() + east + 180.0).rem_euclid(360.0) - 180.0;
                at(wrapped, (middle.lat() + north).clamp(-90.0, 90.0))
            };
            around.into_iter().map(near).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(192))]

        #[test]
        fn every_cell_anywhere_on_earth_has_the_venue_of_the_slow_scan(
            cells in prop::collection::vec(anywhere(), 0..40), venues in prop::collection::vec(anywhere(), 0..40),
        ) {
            check(&cells, &venues)?;
        }

        #[test]
        fn towns_have_the_venues_of_the_slow_scan(
            towns in prop::collection::vec(cluster(60), 1..4), served in prop::collection::vec(cluster(30), 0..3),
            alone in prop::collection::vec(anywhere(), 0..3),
        ) {
            let cells: Vec<Position> = towns.concat();
            // Venues in the same towns too.
            let venues: Vec<Position> =
                served.concat().into_iter().chain(alone).chain(cells.iter().copied().step_by(7)).collect();
            check(&cells, &venues)?;
        }

        #[test]
        fn at_one_address_the_smallest_rank_wins(town in cluster(60), address in anywhere(), n in 1usize..20) {
            check(&town, &vec![address; n])?;
            let found = of_every_cell(&ground(&town), &spots_at(address, n), |_, near| near.map(|n| n.venue));
            prop_assert!(found.iter().all(|venue| *venue == Some(VenueIdx(0))));
        }
    }

    fn spots_at(address: Position, n: usize) -> Vec<Spot> {
        (0..n as u32).map(|i| Spot { point: address.unit_vector(), venue: VenueIdx(i) }).collect()
    }

    #[test]
    fn without_a_venue_no_cell_has_one() {
        let ground = ground(&[at(2.0, 48.0), at(2.1, 48.0)]);
        assert!(of_every_cell(&ground, &[], |_, near| near).iter().all(Option::is_none));
    }
}
