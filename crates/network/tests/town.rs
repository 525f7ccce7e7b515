//! Towns whose times are arithmetic: what may be driven, ridden and walked, and how long it takes.
#![expect(clippy::expect_used, reason = "tests")]

use network::search::route::Router;
use network::{Profile, RoadNetwork, Snap, Streets};
use plain::Town;
use proptest::prelude::*;
use territory::road::Fixture;
use territory::{Directed, Meters, Mode, Passage, Position, Road, RoadClass};

struct Country {
    network: RoadNetwork,
    profile: Profile,
}

impl Country {
    fn of(town: &Town, mode: Mode) -> Self {
        Self::with(town, Profile::of(mode).expect("usable"))
    }

    fn with(town: &Town, profile: Profile) -> Self {
        let roads = town.roads();
        let network = network::build(&Streets::of(&roads), &profile, "2025").expect("small enough");
        Self { network, profile }
    }

    fn snap(&self, at: Position) -> Snap {
        self.network.snap(at, &self.profile.snap).expect("near a road")
    }

    /// Seconds from one place to another, in metres from the corner.
    fn seconds(&self, (x, y): (f64, f64), (to_x, to_y): (f64, f64)) -> Option<f64> {
        let (from, to) = (self.snap(Town::at(x, y)), self.snap(Town::at(to_x, to_y)));
        let way = self.network.itinerary(&mut Router::default(), &from, &to, None)?;
        Some(f64::from(way.deciseconds) / 10.0)
    }

    /// The same in metres at a speed, for a mode without delays.
    fn metres(&self, from: (f64, f64), to: (f64, f64), kmh: f64) -> Option<f64> {
        Some((self.seconds(from, to)? * kmh / 3.6).round())
    }
}

fn walked(town: &Town, from: (f64, f64), to: (f64, f64)) -> Option<f64> {
    Country::of(town, Mode::Walk).metres(from, to, 5.1)
}

/// Seconds by car from one place to another.
fn driven(town: &Town, from: (f64, f64), to: (f64, f64)) -> Option<f64> {
    Country::of(town, Mode::Car).seconds(from, to)
}

fn road(class: RoadClass, change: impl FnOnce(&mut Road)) -> Road {
    let mut road = Road::of(class);
    change(&mut road);
    road
}

/// A square block with a way round: 0 –100 m– 1, and 0 –100– 2 –100– 3 –100– 1 around.
fn block(direct: Road) -> Town {
    let mut town = Town::default();
    let corners = [(0.0, 0.0), (100.0, 0.0), (0.0, 100.0), (100.0, 100.0)];
    let [a, b, c, d] = corners.map(|(x, y)| town.point(x, y));
    let around = Road::of(RoadClass::Residential);
    town.road(direct, &[a, b]).road(around, &[a, c]).road(around, &[c, d]).road(around, &[d, b]);
    town
}

const A: (f64, f64) = (0.0, 0.0);
const B: (f64, f64) = (100.0, 0.0);

fn only_forward(mode: Mode) -> Road {
    road(RoadClass::Residential, |road| match mode {
        Mode::Car => road.car.backward = Passage::Closed,
        Mode::Bike => road.bike.backward = Passage::Closed,
        Mode::Walk => road.walk.backward = Passage::Closed,
    })
}

#[test]
fn a_one_way_street_is_taken_one_way() {
    let town = block(only_forward(Mode::Walk));
    assert_eq!(walked(&town, A, B), Some(100.0));
    assert_eq!(walked(&town, B, A), Some(300.0));
}

#[test]
fn a_one_way_street_for_cars_is_walked_both_ways() {
    let town = block(only_forward(Mode::Car));
    assert_eq!(walked(&town, B, A), Some(100.0));
    assert!(driven(&town, B, A) > driven(&town, A, B).map(|t| t * 2.0));
}

#[test]
fn a_street_drawn_against_its_one_way_direction_is_taken_backward() {
    let backward = road(RoadClass::Residential, |road| road.walk.forward = Passage::Closed);
    let town = block(backward);
    assert_eq!((walked(&town, B, A), walked(&town, A, B)), (Some(100.0), Some(300.0)));
}

#[test]
fn from_the_middle_of_a_one_way_street_what_lies_behind_is_reached_by_going_round() {
    let town = block(only_forward(Mode::Walk));
    assert_eq!(walked(&town, (50.0, 0.0), (75.0, 0.0)), Some(25.0));
    assert_eq!(walked(&town, (50.0, 0.0), (25.0, 0.0)), Some(50.0 + 300.0 + 25.0));
}

#[test]
fn two_doors_of_one_street_are_joined_along_it_without_a_junction() {
    let town = block(Road::of(RoadClass::Residential));
    assert_eq!(walked(&town, (20.0, 0.0), (80.0, 0.0)), Some(60.0));
    assert_eq!(walked(&town, (80.0, 0.0), (20.0, 0.0)), Some(60.0));
}

#[test]
fn a_private_street_is_no_short_cut_but_those_who_live_there_reach_it() {
    let private = road(RoadClass::Residential, |road| road.walk = Directed::both(Passage::Destination));
    let town = block(private);
    assert_eq!(walked(&town, A, (100.0, 50.0)), Some(250.0), "not through");
    assert_eq!(walked(&town, (50.0, 0.0), (0.0, 50.0)), Some(100.0), "out of it");
    assert_eq!(walked(&town, (0.0, 50.0), (50.0, 0.0)), Some(100.0), "into it");
    assert_eq!(walked(&town, (20.0, 0.0), (80.0, 0.0)), Some(60.0), "within it");
}

#[test]
fn a_private_estate_of_several_streets_is_crossed_from_its_inside_only() {
    // 0 –open– 1 –private– 2 –private– 3 –open– 4, and a long open way from 1 to 3.
    let mut town = Town::default();
    let line: Vec<u32> = (0..5).map(|i| town.point(f64::from(i) * 100.0, 0.0)).collect();
    let (north_west, north_east) = (town.point(100.0, 500.0), town.point(300.0, 500.0));
    let open = Road::of(RoadClass::Residential);
    let private = road(RoadClass::Residential, |road| road.walk = Directed::both(Passage::Destination));
    town.road(open, &line[..2]).road(private, &line[1..3]).road(private, &line[2..4]).road(open, &line[3..]);
    town.road(open, &[line[1], north_west, north_east, line[3]]);
    assert_eq!(walked(&town, (50.0, 0.0), (350.0, 0.0)), Some(50.0 + 1200.0 + 50.0), "not through");
    assert_eq!(walked(&town, (150.0, 0.0), (350.0, 0.0)), Some(200.0), "from a house to the outside");
    assert_eq!(walked(&town, (350.0, 0.0), (150.0, 0.0)), Some(200.0), "from the outside to a house");
    assert_eq!(walked(&town, (120.0, 0.0), (280.0, 0.0)), Some(160.0), "from house to house");
}

#[test]
fn an_open_street_inside_a_private_estate_is_left_by_its_private_streets() {
    // A lattice of open streets, and beyond a private street a cul-de-sac that is open.
    let mut town = Town::lattice(4, 4);
    let (gate, end) = (town.point(400.0, 0.0), town.point(500.0, 0.0));
    let private = road(RoadClass::Residential, |road| road.walk = Directed::both(Passage::Destination));
    town.road(private, &[3, gate]).road(Road::of(RoadClass::Residential), &[gate, end]);
    assert_eq!(walked(&town, (450.0, 0.0), (250.0, 0.0)), Some(200.0), "out");
    assert_eq!(walked(&town, (250.0, 0.0), (450.0, 0.0)), Some(200.0), "in");
}

#[test]
fn a_bollard_stops_cars_and_lets_people_pass() {
    let mut town = Town::default();
    let [a, middle, b] = [0.0, 50.0, 100.0].map(|x| town.point(x, 0.0));
    let [c, d] = [0.0, 100.0].map(|x| town.point(x, 100.0));
    let street = Road::of(RoadClass::Residential);
    town.road(street, &[a, middle, b]).road(street, &[a, c, d, b]);
    let free = driven(&town, A, B).expect("a way");
    town.fixture(Fixture { car: Passage::Closed, ..Fixture::at(middle) });
    assert_eq!(walked(&town, A, B), Some(100.0));
    let round = driven(&town, A, B).expect("a way");
    assert!(round > 2.5 * free, "{round} for {free}");
    assert!(driven(&town, (40.0, 0.0), (60.0, 0.0)) > Some(round), "from one side of it to the other");
}

#[test]
fn a_private_gate_lets_residents_in_but_nobody_through() {
    let mut town = Town::default();
    let [a, middle, b] = [0.0, 50.0, 100.0].map(|x| town.point(x, 0.0));
    let [c, d] = [0.0, 100.0].map(|x| town.point(x, 100.0));
    let street = Road::of(RoadClass::Residential);
    town.road(street, &[a, middle, b]).road(street, &[a, c, d, b]);
    town.fixture(Fixture { walk: Passage::Destination, ..Fixture::at(middle) });
    assert_eq!(walked(&town, (0.0, 50.0), (100.0, 50.0)), Some(200.0), "not through");
    assert_eq!(walked(&town, (0.0, 50.0), (75.0, 0.0)), Some(125.0), "to a house behind the gate");
}

#[test]
fn the_longest_way_round_is_taken_to_the_only_bridge() {
    // Two banks 400 m long, 100 m apart, joined at their eastern end.
    let mut town = Town::default();
    let south: Vec<u32> = (0..5).map(|i| town.point(f64::from(i) * 100.0, 0.0)).collect();
    let north: Vec<u32> = (0..5).map(|i| town.point(f64::from(i) * 100.0, 100.0)).collect();
    let street = Road::of(RoadClass::Residential);
    town.road(street, &south).road(street, &north).road(street, &[south[4], north[4]]);
    assert_eq!(walked(&town, A, (0.0, 100.0)), Some(900.0));
    assert_eq!(walked(&town, (300.0, 0.0), (300.0, 100.0)), Some(300.0));
}

/// Two towns 3 km apart, with a boat between.
fn island(minutes: u32) -> Town {
    let mut town = Town::default();
    let [a, port] = [0.0, 100.0].map(|x| town.point(x, 0.0));
    let [landing, b] = [3100.0, 3200.0].map(|x| town.point(x, 0.0));
    let street = Road::of(RoadClass::Residential);
    let boat = road(RoadClass::Ferry, |road| road.duration_s = (minutes > 0).then_some(minutes * 60));
    town.road(street, &[a, port]).road(street, &[landing, b]).road(boat, &[port, landing]);
    town
}

#[test]
fn a_boat_takes_the_time_its_timetable_says() {
    let country = Country::of(&island(15), Mode::Walk);
    let seconds = country.seconds(A, (3200.0, 0.0)).expect("a boat");
    let streets = 200.0 / (5.1 / 3.6);
    assert!((seconds - streets - 900.0).abs() < 1.5, "{seconds}");
}

#[test]
fn without_a_boat_an_island_has_no_road_to_it() {
    let profile = Profile::of(Mode::Walk).expect("usable").without_ferries();
    let country = Country::with(&island(15), profile);
    assert_eq!(country.seconds(A, (3200.0, 0.0)), None);
    assert!(country.seconds((3150.0, 0.0), (3200.0, 0.0)).is_some(), "but it has roads of its own");
}

#[test]
fn nobody_joins_a_road_on_a_boat_or_on_a_motorway() {
    let country = Country::of(&island(15), Mode::Walk);
    let at_sea = country.network.snap(Town::at(1600.0, 0.0), &country.profile.snap);
    assert!(at_sea.is_none_or(|snap| snap.distance.0 > 1400.0), "{at_sea:?}");
    let mut town = Town::default();
    let points = [0.0, 500.0].map(|x| town.point(x, 0.0));
    let lane = [0.0, 500.0].map(|x| town.point(x, 200.0));
    town.road(Road::of(RoadClass::Motorway), &points).road(Road::of(RoadClass::Residential), &lane);
    let country = Country::of(&town, Mode::Car);
    let Meters(distance) = country.snap(Town::at(250.0, 10.0)).distance;
    assert!((distance - 190.0).abs() < 1.0, "{distance}");
}

#[test]
fn too_far_from_any_road_there_is_no_tie() {
    let town = Town::lattice(3, 3);
    let country = Country::of(&town, Mode::Walk);
    let snap = |y: f64| country.network.snap(Town::at(0.0, -y), &country.profile.snap);
    assert!(snap(1590.0).is_some_and(|s| s.distance.0 > country.profile.snap.flagged_m));
    assert_eq!(snap(1610.0), None);
}

#[test]
fn the_leg_to_the_road_is_walked_with_its_detour() {
    let country = Country::of(&Town::lattice(3, 3), Mode::Car);
    let snap = country.snap(Town::at(100.0, -100.0));
    let seconds = 100.0 * 1.3 / (4.0 / 3.6);
    assert!((f64::from(snap.leg) / 10.0 - seconds).abs() < 0.2);
}

#[test]
fn a_fragment_is_passed_over_for_the_town_beside_it_but_an_island_keeps_its_roads() {
    let mut town = Town::lattice(10, 10);
    let yard = [-40.0, -60.0].map(|x| town.point(x, 0.0));
    let far = [-5000.0, -5100.0].map(|x| town.point(x, 0.0));
    let street = Road::of(RoadClass::Residential);
    town.road(street, &yard).road(street, &far);
    let country = Country::of(&town, Mode::Walk);
    assert!((country.snap(Town::at(-50.0, 0.0)).distance.0 - 50.0).abs() < 0.5, "the town's corner");
    assert!(country.snap(Town::at(-5050.0, 0.0)).distance.0 < 0.5, "its own street");
}

#[test]
fn bends_and_crossings_of_nothing_are_no_nodes() {
    let mut town = Town::default();
    let bends: Vec<u32> = (0..20).map(|i| town.point(f64::from(i) * 50.0, f64::from(i % 2) * 10.0)).collect();
    let street = Road::of(RoadClass::Residential);
    // Three segments, one of them drawn the other way.
    let middle: Vec<u32> = bends[5..=12].iter().rev().copied().collect();
    town.road(street, &bends[..=5]).road(street, &middle).road(street, &bends[12..]);
    let country = Country::of(&town, Mode::Walk);
    assert_eq!((country.network.edge_count(), country.network.graph().forward.nodes()), (1, 2));
}

#[test]
fn a_ring_that_touches_nothing_is_still_a_road() {
    let mut town = Town::default();
    let ring: Vec<u32> =
        [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)].map(|(x, y)| town.point(x, y)).into();
    let closed: Vec<u32> = ring.iter().chain(&ring[..1]).copied().collect();
    town.road(Road::of(RoadClass::Residential), &closed);
    assert_eq!(walked(&town, (50.0, 0.0), (50.0, 100.0)), Some(200.0));
    assert_eq!(walked(&town, (0.0, 10.0), (10.0, 0.0)), Some(20.0), "past the point where it was cut");
}

#[test]
fn a_loop_at_the_end_of_a_street_is_left_by_either_side() {
    let mut town = Town::default();
    let [a, b] = [(0.0, 0.0), (100.0, 0.0)].map(|(x, y)| town.point(x, y));
    let [c, d] = [(200.0, 100.0), (200.0, 0.0)].map(|(x, y)| town.point(x, y));
    town.road(Road::of(RoadClass::Residential), &[a, b])
        .road(Road::of(RoadClass::Residential), &[b, c, d, b]);
    assert_eq!(walked(&town, (150.0, 0.0), A), Some(150.0));
}

#[test]
fn a_footpath_is_walked_and_not_driven() {
    let path = road(RoadClass::Path, |road| road.car = Directed::both(Passage::Closed));
    let town = block(path);
    assert_eq!(walked(&town, A, B), Some(100.0));
    assert!(driven(&town, (0.0, 50.0), (100.0, 50.0)) > Some(25.0));
}

#[test]
fn a_bicycle_is_pushed_where_it_may_not_be_ridden() {
    let ridden = Country::of(&block(Road::of(RoadClass::Residential)), Mode::Bike).seconds(A, B);
    let pushed = road(RoadClass::Residential, |road| road.bike = Directed::both(Passage::Pushed));
    let mut town = Town::default();
    let ends = [0.0, 100.0].map(|x| town.point(x, 0.0));
    town.road(pushed, &ends);
    let pushed = Country::of(&town, Mode::Bike).seconds(A, B);
    assert!(pushed > ridden.map(|t| 3.0 * t), "{pushed:?} for {ridden:?}");
}

#[test]
fn lights_and_gates_take_time() {
    let mut town = Town::default();
    let line = [0.0, 50.0, 100.0].map(|x| town.point(x, 0.0));
    town.road(Road::of(RoadClass::Residential), &line);
    let free = driven(&town, A, B).expect("a way");
    let with = |change: fn(&mut Fixture)| {
        let mut fixture = Fixture::at(line[1]);
        change(&mut fixture);
        driven(town.clone().fixture(fixture), A, B).expect("a way") - free
    };
    assert!(with(|f| f.signals = true) > 1.0);
    assert!(with(|f| f.gate = true) >= 59.0);
    assert!(with(|f| f.toll = true) > 10.0);
    assert!(with(|_| ()).abs() < 0.2);
}

#[test]
fn a_street_of_a_town_is_slower_than_a_road_without() {
    let line = |lattice: bool| {
        let mut town = if lattice { Town::lattice(12, 12) } else { Town::default() };
        let ends = [0.0, 1000.0].map(|x| town.point(x, -150.0));
        town.road(Road::of(RoadClass::Secondary), &ends);
        driven(&town, (10.0, -150.0), (990.0, -150.0)).expect("a way")
    };
    assert!(line(true) > 1.2 * line(false));
}

#[test]
fn roads_leave_the_data_at_its_border_and_where_a_main_road_ends_in_the_void() {
    let mut town = Town::lattice(3, 3);
    let inside = Country::of(&town, Mode::Walk);
    assert_eq!(inside.network.exits().count(), 0);
    town.cut([-10_000.0, -10_000.0, 600.0, 10_000.0]);
    assert!(Country::of(&town, Mode::Walk).network.exits().count() > 0, "the margin of the box");
    let mut town = Town::lattice(3, 3);
    let away = town.point(900.0, 0.0);
    town.road(Road::of(RoadClass::Secondary), &[2, away]);
    let exits: Vec<u32> = Country::of(&town, Mode::Walk).network.exits().map(|exit| exit.offset).collect();
    assert_eq!(exits.len(), 2, "its end, and its beginning 700 m before");
    assert!((f64::from(exits[0].max(exits[1])) - 7000.0 / (5.1 / 3.6)).abs() < 5.0, "{exits:?}");
}

#[test]
fn the_same_roads_give_the_same_bytes_and_come_back_from_their_file() {
    let roads = Town::lattice(8, 8).roads();
    let profile = Profile::of(Mode::Car).expect("usable");
    let build = || network::build(&Streets::of(&roads), &profile, "2025").expect("small enough");
    assert_eq!(build().bytes(), build().bytes());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("roads.bin");
    build().write(std::fs::File::create(&path).expect("created")).expect("written");
    let back = RoadNetwork::open(&path).expect("opened");
    assert_eq!(back.bytes(), build().bytes());
    assert_eq!((back.mode(), back.identity().vintage.as_str()), (Mode::Car, "2025"));
}

#[test]
fn a_damaged_network_is_refused_in_one_sentence() {
    let roads = Town::lattice(3, 3).roads();
    let profile = Profile::of(Mode::Car).expect("usable");
    let network = network::build(&Streets::of(&roads), &profile, "2025").expect("small enough");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("roads.bin");
    let open = |bytes: &[u8]| {
        std::io::Write::write_all(&mut std::fs::File::create(&path).expect("created"), bytes)
            .expect("written");
        RoadNetwork::open(&path).map(|_| ()).map_err(|e| e.to_string())
    };
    let good = network.bytes().to_vec();
    assert_eq!(open(&good), Ok(()));
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 0x10;
        let refused = open(&bad).expect_err("one byte flipped");
        assert!(refused.contains("build the atlas again"), "byte {at}: {refused}");
    }
    for len in [0, 7, 8, 100, 255, 256, good.len() - 4, good.len() - 1] {
        assert!(open(&good[..len]).is_err(), "cut at {len}");
    }
    let mut other = good.clone();
    other[8] = 99;
    assert!(open(&other).expect_err("refused").contains("format is 99"));
    assert!(RoadNetwork::open(&folder.path().join("none")).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn in_a_town_of_blocks_the_time_is_the_number_of_blocks(
        columns in 2u32..8, rows in 2u32..8, ends in prop::array::uniform4(0u32..8),
    ) {
        let [i, j, k, l] = [ends[0] % columns, ends[1] % rows, ends[2] % columns, ends[3] % rows];
        let at = |i: u32, j: u32| (f64::from(i) * Town::BLOCK, f64::from(j) * Town::BLOCK);
        let blocks = i.abs_diff(k) + j.abs_diff(l);
        let found = Country::of(&Town::lattice(columns, rows), Mode::Walk).seconds(at(i, j), at(k, l));
        // A block is 70.6 s, of which a hundredth may be lost in rounding to steps of 11 mm.
        let expected = f64::from(blocks) * (Town::BLOCK / (5.1 / 3.6) * 10.0).round() / 10.0;
        prop_assert!(found.is_some_and(|t| (t - expected).abs() <= 0.1 * f64::from(blocks) + 0.05), "{found:?} for {expected}");
    }

    #[test]
    fn a_tie_of_any_position_is_the_nearest_of_all_edges(x in -300.0..900.0f64, y in -300.0..900.0f64) {
        let town = Town::lattice(7, 7);
        let country = Country::of(&town, Mode::Walk);
        let Meters(found) = country.snap(Town::at(x, y)).distance;
        // To the nearest street of the lattice, by arithmetic.
        let clamp = |v: f64| v.clamp(0.0, 600.0);
        let to_line = |v: f64| (clamp(v) - (clamp(v) / 100.0).round() * 100.0).abs();
        let (dx, dy) = (x - clamp(x), y - clamp(y));
        let inside = if dx == 0.0 && dy == 0.0 { to_line(x).min(to_line(y)) } else { dx.hypot(dy) };
        prop_assert!((found - inside).abs() < 0.6, "{found} for {inside}");
    }
}
