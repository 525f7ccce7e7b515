//! A way's tags as a [`Road`].

use territory::road::Directed;
use territory::{Passage, Road, RoadClass};

use super::access::{self, Passages};
use super::tags::Tags;
use super::trouble::Trouble;
use super::{class, duration, lanes, oneway, speed_limit, surface};

/// The road of a way, none when it is no road or no one may use it.
pub(super) fn road(tags: Tags, note: &mut dyn FnMut(Trouble, &str)) -> Option<Road> {
    let class = class::class(tags)?;
    let one_way = oneway::one_way(class, tags);
    let Passages { mut car, mut bike, walk } = access::passages(class, tags, one_way);
    if surface::stops_wheels(tags) {
        let pushed = |walk| if walk == Passage::Open { Passage::Pushed } else { Passage::Closed };
        car = Directed::default();
        bike = Directed { forward: pushed(walk.forward), backward: pushed(walk.backward) };
    }
    let usable = [car, bike, walk].iter().any(|p| [p.forward, p.backward] != [Passage::Closed; 2]);
    if !usable {
        return None;
    }
    if let Some(value) = access::conditional(tags) {
        note(Trouble::Conditional, value);
    }
    let limits = speed_limit::limits(class, tags, note);
    let two_way = one_way.car.forward && one_way.car.backward;
    let mut road = Road {
        limit_kmh: limits.kmh,
        car,
        bike,
        walk,
        surface: surface::surface(tags),
        grade: surface::grade(tags),
        lanes: lanes::lanes(tags, two_way, note),
        roundabout: oneway::is_roundabout(tags),
        cycle_lane: lanes::cycle_lane(tags, class),
        setting: limits.setting,
        ..Road::of(class)
    };
    road.dual = lanes::dual(tags, &road);
    if class == RoadClass::Ferry
        && let Some(value) = tags.get("duration")
    {
        road.duration_s = duration::duration_s(value);
        if road.duration_s.is_none() {
            note(Trouble::Duration, value);
        }
    }
    Some(road)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;
    use proptest::prelude::*;
    use territory::road::{Setting, Surface};

    fn of(tags: &str) -> Option<Road> {
        road(Tags(&written(tags)), &mut |_, _| ())
    }

    #[test]
    fn a_street_with_everything_said_of_it() {
        let tags = "highway=secondary, oneway=yes, lanes=2, maxspeed=30, source:maxspeed=FR:zone30, \
                    surface=sett, cycleway=opposite_lane, name=Rue de Metz";
        let road = of(tags).expect("a road");
        let expected = Road {
            limit_kmh: Directed::both(Some(30)),
            car: Directed { forward: Passage::Open, backward: Passage::Closed },
            surface: Some(Surface::PavingStones),
            lanes: Some(2),
            dual: true,
            cycle_lane: true,
            setting: Some(Setting::Urban),
            ..Road::of(RoadClass::Secondary)
        };
        assert_eq!(road, expected);
    }

    #[test]
    fn a_ferry_keeps_its_timetable_and_a_road_has_none() {
        assert_eq!(of("route=ferry, duration=01:10").and_then(|road| road.duration_s), Some(4200));
        assert_eq!(of("highway=path, duration=01:10").and_then(|road| road.duration_s), None);
        let mut told = Vec::new();
        let road = road(Tags(&written("route=ferry, duration=soon")), &mut |trouble, _| told.push(trouble));
        assert!(road.is_some_and(|road| road.duration_s.is_none()));
        assert_eq!(told, [Trouble::Duration]);
    }

    #[test]
    fn a_roundabout_is_known_as_one() {
        let road = of("highway=tertiary, junction=roundabout").expect("a road");
        assert!(road.roundabout && road.car.backward == Passage::Closed);
        assert_eq!(road.bike.backward, Passage::Pushed, "one may walk around it");
    }

    #[test]
    fn ground_that_stops_wheels_is_walked() {
        let road = of("highway=track, smoothness=impassable").expect("a road");
        assert_eq!((road.car, road.bike), (Directed::default(), Directed::both(Passage::Pushed)));
    }

    const KEYS: [&str; 40] = [
        "highway",
        "route",
        "railway",
        "service",
        "access",
        "vehicle",
        "motor_vehicle",
        "motorcar",
        "bicycle",
        "foot",
        "access:forward",
        "bicycle:backward",
        "oneway",
        "oneway:bicycle",
        "oneway:foot",
        "junction",
        "cycleway",
        "cycleway:left",
        "cycleway:left:oneway",
        "maxspeed",
        "maxspeed:forward",
        "maxspeed:type",
        "zone:traffic",
        "zone:maxspeed",
        "surface",
        "smoothness",
        "tracktype",
        "lanes",
        "lanes:forward",
        "dual_carriageway",
        "duration",
        "area",
        "motorroad",
        "construction",
        "conveying",
        "barrier",
        "bollard",
        "kerb",
        "locked",
        "vehicle:conditional",
    ];

    fn any_tags() -> impl Strategy<Value = Vec<(usize, String)>> {
        let value = prop_oneof![
            any::<String>(),
            "(yes|no|-1|private|destination|ferry|track|path|steps|motorway|50|FR:urban|gate|bollard|;| )+",
        ];
        proptest::collection::vec((0..KEYS.len(), value), 0..12)
    }

    proptest! {
        #[test]
        fn any_tags_are_a_road_someone_may_use_or_none(
            class in prop_oneof![Just("residential"), Just("steps"), Just("footway"), Just("motorway")],
            tags in any_tags(),
        ) {
            let mut pairs: Vec<(&str, &str)> =
                tags.iter().map(|(key, value)| (KEYS[*key], value.as_str())).collect();
            pairs.push(("highway", class));
            if let Some(road) = road(Tags(&pairs), &mut |_, _| ()) {
                let passages = [road.car, road.bike, road.walk];
                prop_assert!(passages.iter().any(|p| p.forward != Passage::Closed || p.backward != Passage::Closed));
                prop_assert!([road.car, road.walk].iter().all(|p| p.forward != Passage::Pushed && p.backward != Passage::Pushed));
                let pushed_where_walked = |bike: Passage, walk| bike != Passage::Pushed || walk == Passage::Open;
                prop_assert!(pushed_where_walked(road.bike.forward, road.walk.forward));
                prop_assert!(pushed_where_walked(road.bike.backward, road.walk.backward));
            }
            let _ = crate::roads::fixture::fixture(0, Tags(&pairs));
        }
    }
}
