//! From tags to times: tiny worlds written as OpenStreetMap extracts, read, built, and travelled.
//!
//! In the spirit of the suites of OSRM (`features/car/*.feature`) and Valhalla (`gurka`).
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::File;
use std::io::Write;

use maillage_tests::{Extract, folder};
use network::search::route::Router;
use network::{Profile, RoadNetwork, Snap, Streets};
use territory::{Mode, Position, Roads};

type Metres = [f64; 2];

fn read(extract: &Extract) -> Roads {
    let folder = folder();
    let path = folder.path().join("world.osm.pbf");
    File::create(&path).and_then(|mut file| file.write_all(&extract.bytes())).expect("written");
    ingest::roads::read(&[path]).expect("roads").value
}

/// The roads of one mode.
struct World {
    network: RoadNetwork,
    profile: Profile,
}

impl World {
    fn of(roads: &Roads, mode: Mode) -> Self {
        let profile = Profile::of(mode).expect("usable");
        let network = network::build(&Streets::of(roads), &profile, "2026").expect("small enough");
        Self { network, profile }
    }

    fn tie(&self, at: Metres) -> Option<Snap> {
        let [lon, lat] = Extract::at(at);
        self.network.snap(Position::from_lon_lat(lon, lat).expect("on Earth"), &self.profile.snap)
    }

    /// Seconds and metres along the roads, legs left out.
    fn way(&self, from: Metres, to: Metres) -> Option<(f64, f64)> {
        let (from, to) = (self.tie(from)?, self.tie(to)?);
        let way = self.network.itinerary(&mut Router::default(), &from, &to, None)?;
        let on_road = way.deciseconds - way.first_leg.0 - way.last_leg.0;
        Some((f64::from(on_road) / 10.0, way.ride.0))
    }
}

/// A street of one kilometre with something in its middle, and a way round of eleven.
fn block(street: &str, middle: &str) -> Roads {
    let mut world = Extract::default();
    let [a, b] = [0.0, 1000.0].map(|x| world.node([x, 0.0], ""));
    let [c, d] = [0.0, 1000.0].map(|x| world.node([x, 5000.0], ""));
    let middle = world.node([500.0, 0.0], middle);
    world.way(&[a, middle, b], street).way(&[a, c, d, b], "highway=residential");
    // Where the street begins and ends it meets others.
    let [beyond_a, beyond_b] = [-100.0, 1100.0].map(|x| world.node([x, 0.0], ""));
    world.way(&[beyond_a, a], "highway=residential").way(&[b, beyond_b], "highway=residential");
    read(&world)
}

/// Who passes through the street by car, by bicycle, on foot, each as its points go and back: `o` rides or
/// walks, `p` pushes, `.` only comes to it, `-` does not even do that.
fn who(roads: &Roads) -> String {
    let (west, east) = ([0.0, 300.0], [1000.0, 300.0]);
    let of = |mode: Mode| {
        let world = World::of(roads, mode);
        let to_it = world.tie([250.0, 10.0]).is_some_and(|tie| tie.distance.0 < 20.0);
        let sign = |from, to| match world.way(from, to) {
            Some((seconds, metres)) if metres < 2000.0 => {
                if mode == Mode::Bike && seconds > 900.0 {
                    'p'
                } else {
                    'o'
                }
            }
            Some(_) if to_it => '.',
            Some(_) => '-',
            None => panic!("not even round"),
        };
        [sign(west, east), sign(east, west)].iter().collect::<String>()
    };
    [Mode::Car, Mode::Bike, Mode::Walk].map(of).join(" ")
}

#[test]
fn who_goes_through_a_street_and_which_way() {
    for (sentence, tags, expected) in [
        ("a street is for all", "highway=residential", "oo oo oo"),
        ("a one-way street: a bicycle is pushed back", "highway=residential, oneway=yes", "o. op oo"),
        ("against its points", "highway=residential, oneway=-1", ".o po oo"),
        ("by the hour: nobody relies on it", "highway=residential, oneway=reversible", "-- pp oo"),
        ("bicycles exempted", "highway=residential, oneway=yes, oneway:bicycle=no", "o. oo oo"),
        ("a lane against cars", "highway=residential, oneway=yes, cycleway=opposite_lane", "o. oo oo"),
        ("on its left", "highway=residential, oneway=yes, cycleway:left=opposite_lane", "o. oo oo"),
        ("bicycles may come back", "highway=residential, oneway=yes, bicycle:backward=yes", "o. oo oo"),
        ("one way for motors", "highway=residential, oneway:motor_vehicle=yes", "o. oo oo"),
        ("no motors back", "highway=residential, motor_vehicle:backward=no", "o. oo oo"),
        ("half of a roundabout", "highway=tertiary, junction=roundabout", "o. op oo"),
        ("a footway's one-way is the walkers'", "highway=footway, oneway=yes", "-- p. o."),
        ("a motorway has one way, and no houses", "highway=motorway", "o- -- --"),
        ("its slip road", "highway=motorway_link", "oo -- --"),
        ("a road for motors", "highway=trunk, motorroad=yes", "oo -- --"),
        ("a footway", "highway=footway", "-- pp oo"),
        ("a square's edge", "highway=pedestrian, area=yes", "-- pp oo"),
        (
            "deliveries on bicycles: the profile of cars has no speed there",
            "highway=pedestrian, vehicle=delivery",
            "-- .. oo",
        ),
        ("a cycleway", "highway=cycleway", "-- oo oo"),
        ("a cycleway without walkers", "highway=cycleway, foot=no", "-- oo --"),
        ("a path where one dismounts", "highway=path, bicycle=dismount", "-- pp oo"),
        ("steps: whoever has wheels goes round", "highway=steps", "-- .. oo"),
        ("a track is no short cut for a car", "highway=track", ".. oo oo"),
        ("a farmer's track", "highway=track, motor_vehicle=agricultural", "-- oo oo"),
        ("a track open to motors", "highway=track, motor_vehicle=yes", "oo oo oo"),
        ("private: its residents' alone", "highway=service, access=private", ".. .. .."),
        ("local traffic", "highway=residential, access=destination", ".. .. .."),
        ("local vehicles", "highway=residential, vehicle=destination", ".. .. oo"),
        ("local motors", "highway=residential, motor_vehicle=destination", ".. oo oo"),
        ("no motors", "highway=residential, motor_vehicle=no", "-- oo oo"),
        ("shut to all", "highway=service, access=no", "-- -- --"),
        ("shut but to walkers", "highway=service, access=no, foot=yes", "-- pp oo"),
        ("shut but to bicycles", "highway=service, access=no, bicycle=designated", "-- oo --"),
        ("no bicycles: pushed", "highway=residential, bicycle=no", "oo pp oo"),
        ("no walkers", "highway=primary, foot=no", "oo oo --"),
        ("a track beside it is compulsory", "highway=primary, bicycle=use_sidepath", "oo pp oo"),
        ("for buses", "highway=busway", "-- -- --"),
        ("for firemen", "highway=service, service=emergency_access", "-- oo oo"),
        ("being built", "highway=construction, construction=primary", "-- -- --"),
        ("to come", "highway=proposed", "-- -- --"),
        ("a yard's outline", "highway=service, area=yes", "-- -- --"),
        ("too broken for wheels", "highway=residential, smoothness=impassable", "-- pp oo"),
        (
            "shut at night: not applied",
            "highway=residential, motor_vehicle:conditional=no @ (22:00-06:00)",
            "oo oo oo",
        ),
        ("a boat", "route=ferry", "oo oo oo"),
        ("a boat that names walkers", "route=ferry, foot=yes", "-- oo oo"),
    ] {
        assert_eq!(who(&block(tags, "")), expected, "{sentence}: {tags}");
    }
}

#[test]
fn who_passes_what_stands_in_a_street() {
    for (sentence, tags, expected) in [
        ("a bollard stops cars", "barrier=bollard", ".. oo oo"),
        ("one that sinks does not", "barrier=bollard, bollard=rising", "oo oo oo"),
        ("nor one said to let them", "barrier=bollard, motor_vehicle=yes", "oo oo oo"),
        ("a block", "barrier=block", ".. oo oo"),
        ("a gate opens", "barrier=gate", "oo oo oo"),
        ("so does a lift gate", "barrier=lift_gate", "oo oo oo"),
        ("a private gate leads home, not through", "barrier=gate, access=private", ".. .. .."),
        ("a gate shut", "barrier=gate, access=no", ".. .. .."),
        ("a gate locked", "barrier=gate, locked=yes", ".. .. .."),
        ("a gate shut but to walkers, who push", "barrier=gate, access=no, foot=yes", ".. oo oo"),
        ("a gate for local motors", "barrier=gate, motor_vehicle=destination", ".. oo oo"),
        ("a cycle barrier", "barrier=cycle_barrier", ".. oo oo"),
        ("a kissing gate", "barrier=kissing_gate", ".. oo oo"),
        ("a turnstile", "barrier=turnstile", ".. .. oo"),
        ("a cattle grid", "barrier=cattle_grid", "oo oo oo"),
        ("a height limit is above cars", "barrier=height_restrictor", "oo oo oo"),
        ("a raised kerb", "barrier=kerb", ".. oo oo"),
        ("a flat kerb", "barrier=kerb, kerb=lowered", "oo oo oo"),
        ("a wall", "barrier=wall", ".. .. .."),
        ("a fence with a way through", "barrier=fence, foot=yes", ".. .. oo"),
        ("a trap for all but buses", "barrier=bus_trap", ".. oo oo"),
        ("a crossing where one dismounts", "highway=crossing, bicycle=no", "oo oo oo"),
        ("a toll booth", "barrier=toll_booth", "oo oo oo"),
    ] {
        assert_eq!(who(&block("highway=residential", tags)), expected, "{sentence}: {tags}");
    }
}

/// One kilometre of road in the country, and nothing else.
fn alone(tags: &str, middle: &str) -> Roads {
    let mut world = Extract::default();
    let nodes = [(0.0, ""), (500.0, middle), (1000.0, "")].map(|(x, tags)| world.node([x, 0.0], tags));
    world.way(&nodes, tags);
    read(&world)
}

#[test]
fn how_fast_one_goes() {
    use Mode::{Bike, Car, Walk};
    for (sentence, mode, tags, kmh) in [
        ("four fifths of the limit", Car, "highway=primary, maxspeed=90", 72.0),
        ("in miles", Car, "highway=residential, maxspeed=30 mph", 48.0 * 0.8),
        ("a town's limit", Car, "highway=tertiary, maxspeed=FR:urban", 40.0),
        ("a country road's", Car, "highway=tertiary, maxspeed=FR:rural", 64.0),
        ("a zone's", Car, "highway=residential, maxspeed=FR:zone30", 24.0),
        ("at walking pace", Car, "highway=living_street, maxspeed=walk", 7.0 * 0.8),
        ("no limit on a trunk road", Car, "highway=trunk, maxspeed=none", 104.0),
        ("«none» in a street says nothing", Car, "highway=residential, maxspeed=none", 25.0),
        ("a limit that is none", Car, "highway=residential, maxspeed=fast", 25.0),
        ("the lowest of two", Car, "highway=secondary, maxspeed=50;30", 24.0),
        ("this way's own", Car, "highway=primary, maxspeed=90, maxspeed:forward=50", 40.0),
        ("the other way's is not ours", Car, "highway=primary, maxspeed=90, maxspeed:backward=50", 72.0),
        ("said where it comes from", Car, "highway=primary, source:maxspeed=FR:urban", 40.0),
        ("a main road in the country", Car, "highway=primary", 65.0),
        ("the same in town", Car, "highway=primary, zone:traffic=FR:urban", 40.0),
        ("a meeting zone", Car, "highway=living_street", 10.0),
        ("a car park", Car, "highway=service, service=parking_aisle", 15.0),
        ("mud", Car, "highway=unclassified, surface=mud", 10.0),
        ("gravel, faster than the road", Car, "highway=unclassified, surface=gravel", 25.0),
        ("gravel under a fast limit", Car, "highway=secondary, maxspeed=80, surface=gravel", 40.0),
        ("the softest of tracks", Car, "highway=unclassified, tracktype=grade5", 20.0),
        ("a limit is no speed of bicycles", Bike, "highway=residential, maxspeed=30", 17.0),
        ("a bicycle in the mud", Bike, "highway=track, surface=mud", 3.0),
        ("on cobbles", Bike, "highway=residential, surface=cobblestone", 12.0),
        ("where it is broken", Bike, "highway=residential, surface=asphalt, smoothness=very_bad", 9.0),
        ("on the softest of tracks", Bike, "highway=track, tracktype=grade5", 6.0),
        ("pushed", Bike, "highway=footway", 4.0),
        ("and where one dismounts", Bike, "highway=path, bicycle=dismount", 4.0),
        ("ridden on a shared footway", Bike, "highway=footway, bicycle=yes", 13.0),
        ("carried on steps", Bike, "highway=steps", 1.0),
        ("on foot", Walk, "highway=residential", 5.1),
        ("mud stops no walker", Walk, "highway=track, surface=mud", 5.1),
        ("steps do slow one down", Walk, "highway=steps", 2.5),
    ] {
        let world = World::of(&alone(tags, ""), mode);
        let (seconds, metres) = world.way([200.0, 0.0], [800.0, 0.0]).expect("a way");
        assert!((metres - 600.0).abs() < 1.0, "{sentence}: {metres} m");
        let found = 600.0 * 3.6 / seconds;
        assert!((found / kmh - 1.0).abs() < 0.005, "{sentence}: {tags}: {found:.2} km/h for {kmh}");
    }
}

#[test]
fn how_long_one_waits() {
    use Mode::{Bike, Car, Walk};
    for (sentence, mode, tags, delay_s) in [
        ("for nothing", Car, "name=Here", 0.0),
        ("at lights", Car, "highway=traffic_signals", 2.0),
        ("on foot too", Walk, "highway=traffic_signals", 2.0),
        ("longer on a bicycle", Bike, "highway=traffic_signals", 3.0),
        ("at a stop sign", Car, "highway=stop", 2.0),
        ("no walker stops there", Walk, "highway=stop", 0.0),
        ("giving way", Car, "highway=give_way", 1.0),
        ("while a gate opens", Car, "barrier=gate", 60.0),
        ("it is quick to open on foot", Walk, "barrier=gate", 10.0),
        ("for a bollard to sink", Car, "barrier=bollard, bollard=rising", 60.0),
        ("at a toll booth", Car, "barrier=toll_booth", 15.0),
        ("at a border", Car, "barrier=border_control", 15.0),
        ("not where buses do", Car, "highway=bus_stop", 0.0),
        ("not over a cattle grid", Car, "barrier=cattle_grid", 0.0),
    ] {
        let seconds = |middle: &str| {
            let world = World::of(&alone("highway=residential", middle), mode);
            world.way([0.0, 0.0], [1000.0, 0.0]).expect("a way").0
        };
        let found = seconds(tags) - seconds("");
        assert!((found - delay_s).abs() <= 0.2, "{sentence}: {tags}: {found:.1} s for {delay_s}");
    }
}

#[test]
fn a_house_beside_a_motorway_sets_off_from_the_street_behind() {
    let mut world = Extract::default();
    let motorway = [0.0, 1000.0].map(|x| world.node([x, 0.0], ""));
    let street = [0.0, 1000.0].map(|x| world.node([x, 200.0], ""));
    world.way(&motorway, "highway=motorway").way(&street, "highway=residential");
    let world = World::of(&read(&world), Mode::Car);
    let tie = world.tie([500.0, 10.0]).expect("a street");
    assert!((tie.distance.0 - 190.0).abs() < 1.0, "{tie:?}");
    // 190 m with a detour of 1.3 at 4 km/h.
    assert!((f64::from(tie.leg) / 10.0 - 190.0 * 1.3 * 0.9).abs() < 1.0, "{tie:?}");
}

#[test]
fn from_a_private_estate_one_drives_out_by_the_nearer_gate_and_home_by_either() {
    let world = World::of(&block("highway=residential, access=private", ""), Mode::Car);
    let metres = |from, to| world.way(from, to).expect("a way").1.round();
    let (house, west, east) = ([250.0, 0.0], [0.0, 300.0], [1000.0, 300.0]);
    assert_eq!((metres(house, west), metres(house, east)), (550.0, 1050.0));
    assert_eq!((metres(west, house), metres(east, house)), (550.0, 1050.0));
    assert_eq!(metres(house, [750.0, 0.0]), 500.0, "to a neighbour");
    assert!(metres(west, east) > 10_390.0, "but nobody through");
}

/// Two streets of 100 m, three kilometres apart, and what lies between.
fn island(between: &str) -> World {
    let mut world = Extract::default();
    let [a, port, landing, b] = [0.0, 100.0, 3100.0, 3200.0].map(|x| world.node([x, 0.0], ""));
    world.way(&[a, port], "highway=residential").way(&[landing, b], "highway=residential");
    world.way(&[port, landing], between);
    World::of(&read(&world), Mode::Walk)
}

#[test]
fn a_boat_takes_what_its_timetable_says_and_without_one_its_usual_speed() {
    let streets = 200.0 * 3.6 / 5.1;
    for (sentence, tags, boat_s) in [
        ("a quarter of an hour", "route=ferry, duration=00:15", 900.0),
        ("in minutes", "route=ferry, duration=40", 2400.0),
        ("as ISO 8601 has it", "route=ferry, duration=PT1H10M", 4200.0),
        ("at five kilometres an hour", "route=ferry", 3000.0 * 3.6 / 5.0),
        ("a duration that is none", "route=ferry, duration=soon", 3000.0 * 3.6 / 5.0),
    ] {
        let (seconds, _) = island(tags).way([0.0, 0.0], [3200.0, 0.0]).expect("a boat");
        // A speed is kept to a hundredth of a kilometre an hour.
        assert!((seconds - streets - boat_s).abs() < 3.0, "{sentence}: {tags}: {seconds}");
    }
}

#[test]
fn an_island_without_a_boat_keeps_its_own_roads_and_leads_nowhere_else() {
    let world = island("waterway=river");
    assert_eq!(world.way([0.0, 0.0], [3200.0, 0.0]), None);
    assert!(world.way([3110.0, 0.0], [3190.0, 0.0]).is_some_and(|(_, metres)| metres < 81.0));
}

#[test]
fn two_roads_that_cross_without_a_node_are_a_bridge_and_do_not_meet() {
    let mut world = Extract::default();
    let below = [0.0, 1000.0].map(|x| world.node([x, 0.0], ""));
    let above = [-500.0, 500.0].map(|y| world.node([500.0, y], ""));
    world.way(&below, "highway=residential").way(&above, "highway=residential, bridge=yes, layer=1");
    let world = World::of(&read(&world), Mode::Walk);
    assert_eq!(world.way([100.0, 0.0], [500.0, 400.0]), None);
}
