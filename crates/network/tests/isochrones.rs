//! Isochrones of a town whose streets are a lattice: on foot, what is within reach is a diamond.
#![expect(clippy::expect_used, reason = "tests")]

use geo::{Area, Contains, MultiPolygon, Relate};
use network::isochrone::{Heading, Reached, outlines};
use network::{Profile, RoadNetwork, Snap, Streets};
use plain::Town;
use proptest::prelude::*;
use territory::{Mode, Position, Road, RoadClass, TravelTime};

/// Metres in a degree of latitude, and in one of longitude where the town stands (45° N).
const DEGREE: [f64; 2] = [111_195.08 * std::f64::consts::FRAC_1_SQRT_2, 111_195.08];

/// Metres walked along a street in a minute (5.1 km/h), and from it (4 km/h, a detour of 1.3).
const ON_STREET: f64 = 85.0;
const OFF_STREET: f64 = 4000.0 / 60.0 / 1.3;

struct Country {
    network: RoadNetwork,
    profile: Profile,
}

/// Streets 4 km a side: eleven minutes from their middle and more lie inside.
fn lattice() -> Country {
    let roads = Town::lattice(41, 41).roads();
    let profile = Profile::of(Mode::Walk).expect("usable");
    let network = network::build(&Streets::of(&roads), &profile, "2025").expect("small enough");
    Country { network, profile }
}

fn minutes(minutes: u32) -> TravelTime {
    TravelTime::from_deciseconds(minutes * 600).expect("a time")
}

impl Country {
    fn tie(&self, at: Position) -> Snap {
        self.network.snap(at, &self.profile.snap).expect("near a street")
    }

    fn drawn(&self, at: Position, limits: &[u32]) -> (Vec<Reached>, Vec<MultiPolygon>) {
        let limits: Vec<TravelTime> = limits.iter().map(|&limit| minutes(limit)).collect();
        let longest = limits.iter().max().copied().expect("a limit");
        let reached = self.network.within(&self.tie(at), Heading::Towards, longest);
        let outlines = outlines(&reached, &self.profile.snap, &limits);
        (reached, outlines)
    }
}

/// Square metres.
fn area(outline: &MultiPolygon) -> f64 {
    outline.unsigned_area() * DEGREE[0] * DEGREE[1]
}

/// The ground within some metres of streets of a diamond: its diagonals are the streets' reach.
fn diamond(walked_m: f64) -> f64 {
    2.0 * walked_m * walked_m
}

#[test]
fn the_ground_within_some_minutes_on_foot_is_a_diamond() {
    let country = lattice();
    for limit in [10, 15, 20] {
        let (_, outlines) = country.drawn(Town::at(2000.0, 2000.0), &[limit]);
        let walked = ON_STREET * f64::from(limit);
        // One may leave the streets where they end and walk on, slower: at most from half a block earlier.
        let (least, most) = (diamond(walked - Town::BLOCK), diamond(walked + Town::BLOCK));
        let found = area(&outlines[0]);
        assert!((least..most).contains(&found), "{limit} minutes: {found:.0} m² for {least:.0} to {most:.0}");
        assert_eq!(outlines[0].0.len(), 1, "in one piece");
        assert!(outlines[0].0[0].interiors().is_empty(), "without a hole");
    }
}

#[test]
fn the_way_to_a_place_and_the_way_from_it_are_drawn_alike_where_no_street_is_one_way() {
    let country = lattice();
    let tie = country.tie(Town::at(1730.0, 2210.0));
    let drawn = |heading| {
        let reached = country.network.within(&tie, heading, minutes(12));
        outlines(&reached, &country.profile.snap, &[minutes(12)])
    };
    assert_eq!(drawn(Heading::Towards), drawn(Heading::Away));
}

#[test]
fn a_road_without_a_junction_is_followed_from_where_one_stands() {
    let mut town = Town::default();
    let ends = [0.0, 6000.0].map(|x| town.point(x, 0.0));
    town.road(Road::of(RoadClass::Residential), &ends);
    let profile = Profile::of(Mode::Walk).expect("usable");
    let network = network::build(&Streets::of(&town.roads()), &profile, "2025").expect("small enough");
    let country = Country { network, profile };
    let (reached, drawn) = country.drawn(Town::at(3000.0, 0.0), &[10]);
    let farthest = reached.iter().map(|r| r.position.distance_to(Town::at(3000.0, 0.0)).0);
    let farthest = farthest.fold(0.0, f64::max);
    // To the last of its points, 100 m apart.
    assert!((ON_STREET * 10.0 - 100.0..=ON_STREET * 10.0 + 1.0).contains(&farthest), "{farthest}");
    assert!(drawn[0].contains(&Town::at(2300.0, 0.0).coord()));
}

#[test]
fn nothing_is_drawn_of_nothing() {
    let profile = Profile::of(Mode::Walk).expect("usable");
    let outlines = outlines(&[], &profile.snap, &[minutes(10), minutes(20)]);
    assert_eq!(outlines, vec![MultiPolygon::new(Vec::new()); 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_longer_time_holds_a_shorter_and_whoever_is_reached_is_inside(
        east in 900.0..3100.0f64, north in 900.0..3100.0f64, short in 3u32..9, more in 2u32..6,
    ) {
        let country = lattice();
        let limits = [short, short + more];
        let (reached, outlines) = country.drawn(Town::at(east, north), &limits);
        prop_assert!(outlines[1].relate(&outlines[0]).is_covers(), "not nested");
        prop_assert!(area(&outlines[0]) < area(&outlines[1]));
        // An outline is good to a pixel of 50 m: a minute less off the streets, 51 m, is inside.
        for Reached { position, deciseconds } in reached {
            for (&limit, outline) in limits.iter().zip(&outlines) {
                let inside = outline.contains(&position.coord());
                let surely = f64::from(deciseconds) < f64::from(limit) * 600.0 - 50.0 / OFF_STREET * 600.0;
                prop_assert!(inside || !surely, "{position:?}, {deciseconds} of {limit} minutes");
            }
        }
        prop_assert_eq!(country.drawn(Town::at(east, north), &limits).1, outlines, "drawn twice");
    }
}
