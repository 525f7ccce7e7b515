//! Where homes stand in a cell: a few points on the streets people live in, not a centroid in a lake.

use std::collections::BTreeMap;

use territory::{Cell, FixedPosition, Meters, Position, RoadClass, Roads};

use crate::square::hilbert;

/// How far apart points are dropped along a street.
const STEP: Meters = Meters(50.0);

/// The points kept of a cell, at most.
pub const MOST: usize = 7;

/// Fewer points than this are too few streets to stand for a cell: lesser roads are asked too.
const ENOUGH: usize = 3;

/// Whether houses usually stand along a road: 0 surely, 1 often, 2 where there is nothing else.
fn rank(class: RoadClass) -> Option<usize> {
    use RoadClass as C;
    match class {
        C::Residential | C::LivingStreet | C::Pedestrian => Some(0),
        C::Unclassified | C::Tertiary | C::Service | C::Driveway | C::Alley => Some(1),
        C::Secondary | C::Primary | C::Track | C::Path | C::Footway => Some(2),
        _ => None,
    }
}

/// At most [`MOST`] positions in each of the cells asked for, evenly spread along the streets of the
/// best rank; a cell without any road is left out.
pub fn homes(roads: &Roads, wanted: impl Fn(Cell) -> bool) -> BTreeMap<Cell, Vec<Position>> {
    let mut found: BTreeMap<Cell, [Vec<FixedPosition>; 3]> = BTreeMap::new();
    for segment in roads.segments() {
        let Some(rank) = rank(roads.road(segment).class) else { continue };
        for at in drops(roads.run(segment).iter().map(|&p| roads.points()[p as usize])) {
            let cell = Cell::at(at.position());
            if wanted(cell) {
                found.entry(cell).or_default()[rank].push(at);
            }
        }
    }
    found.into_iter().map(|(cell, by_rank)| (cell, chosen(by_rank))).collect()
}

/// Points along a run, a step apart from half a step on; the middle of a run shorter than that.
fn drops(run: impl Iterator<Item = FixedPosition>) -> Vec<FixedPosition> {
    let mut drops = Vec::new();
    let mut until_next = STEP.0 / 2.0;
    let run: Vec<Position> = run.map(FixedPosition::position).collect();
    let along = |a: Position, b: Position, share: f64| {
        let between = |a: f64, b: f64| a + (b - a) * share;
        Position::from_lon_lat(between(a.lon(), b.lon()), between(a.lat(), b.lat())).map(FixedPosition::from)
    };
    for pair in run.windows(2) {
        let length = pair[0].distance_to(pair[1]).0;
        let mut at = until_next;
        while at < length {
            drops.extend(along(pair[0], pair[1], at / length));
            at += STEP.0;
        }
        until_next = at - length;
    }
    if drops.is_empty()
        && let Some(pair) = run.windows(2).next()
    {
        drops.extend(along(pair[0], pair[1], 0.5));
    }
    drops
}

fn chosen(by_rank: [Vec<FixedPosition>; 3]) -> Vec<Position> {
    let mut pool: Vec<FixedPosition> = Vec::new();
    for points in by_rank {
        if pool.len() < ENOUGH {
            pool.extend(points);
        }
    }
    // Along a curve that fills the plane, even ranks are even over the ground.
    pool.sort_unstable_by_key(|&at| (hilbert(at), at));
    pool.dedup();
    let kept = pool.len().min(MOST);
    (0..kept).map(|i| pool[(2 * i + 1) * pool.len() / (2 * kept)].position()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use territory::Road;
    use territory::road::Segment;

    fn street(class: RoadClass, from: [f64; 2], to: [f64; 2]) -> Roads {
        let at = |[lon, lat]: [f64; 2]| Position::from_lon_lat(lon, lat).expect("on Earth").into();
        let segment = Segment { first: 0, len: 2, road: 0 };
        let points = vec![at(from), at(to)];
        Roads::new(points, vec![0, 1], vec![segment], vec![Road::of(class)], Vec::new(), None).expect("whole")
    }

    #[test]
    fn a_long_street_gives_seven_homes_at_most_and_they_are_on_it() {
        let roads = street(RoadClass::Residential, [1.44, 43.6], [1.445, 43.6]);
        let homes = homes(&roads, |_| true);
        assert!(!homes.is_empty() && homes.values().all(|at| (1..=MOST).contains(&at.len())));
        for at in homes.values().flatten() {
            assert!((at.lat() - 43.6).abs() < 1e-6 && (1.44..1.445).contains(&at.lon()));
        }
    }

    #[test]
    fn nobody_lives_on_a_motorway_and_a_cell_not_asked_for_is_left_out() {
        let motorway = street(RoadClass::Motorway, [1.44, 43.6], [1.445, 43.6]);
        assert!(homes(&motorway, |_| true).is_empty());
        let roads = street(RoadClass::Residential, [1.44, 43.6], [1.445, 43.6]);
        assert!(homes(&roads, |_| false).is_empty());
    }

    #[test]
    fn a_street_shorter_than_a_step_still_counts() {
        let roads = street(RoadClass::Residential, [1.44, 43.6], [1.440_1, 43.6]);
        assert_eq!(homes(&roads, |_| true).values().map(Vec::len).sum::<usize>(), 1);
    }
}
