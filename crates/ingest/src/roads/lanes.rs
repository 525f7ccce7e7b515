//! Lanes, carriageways apart, lanes of bicycles: `lanes`, `dual_carriageway`, `cycleway`…
//!
//! <https://wiki.openstreetmap.org/wiki/Key:lanes>, …`/Key:cycleway`, …`/Key:dual_carriageway`.

use territory::{Passage, Road, RoadClass};

use super::tags::{Tags, listed};
use super::trouble::Trouble;

/// More lanes in one direction than any road has.
const MAX_LANES: u8 = 16;

/// Lanes in one direction: the fewer, where the directions differ.
pub(super) fn lanes(tags: Tags, two_way: bool, note: &mut dyn FnMut(Trouble, &str)) -> Option<u8> {
    let mut number = |key: &str| {
        let value = tags.get(key)?;
        // «2;3» over one way; «1.5»: wide enough for two to pass.
        let fewest = listed(value).filter_map(|part| part.parse::<f32>().ok()).reduce(f32::min);
        let lanes = fewest.filter(|&n| (1.0..=f32::from(MAX_LANES)).contains(&n)).map(|n| n as u8);
        if lanes.is_none() {
            note(Trouble::Lanes, value);
        }
        lanes
    };
    let directed = [number("lanes:forward"), number("lanes:backward")].into_iter().flatten().min();
    directed.or_else(|| {
        let lanes = number("lanes")?;
        // One lane for both directions is one in each, at its turn.
        Some(if two_way { (lanes / 2).max(1) } else { lanes })
    })
}

/// Whether a road is one carriageway of two, unless said otherwise: a one-way main road that is
/// neither a slip road nor a roundabout. A one-way street of a lesser class is just that.
pub(super) fn dual(tags: Tags, road: &Road) -> bool {
    let main = matches!(
        road.class,
        RoadClass::Motorway | RoadClass::Trunk | RoadClass::Primary | RoadClass::Secondary
    );
    let one_way = (road.car.forward == Passage::Closed) != (road.car.backward == Passage::Closed);
    match tags.get("dual_carriageway") {
        Some("yes") => true,
        Some("no") => false,
        _ => main && one_way && !road.roundabout,
    }
}

/// Whether bicycles have a lane or track of their own on it, or it is signed for them.
pub(super) fn cycle_lane(tags: Tags, class: RoadClass) -> bool {
    const LANES: [&str; 8] = [
        "lane",
        "track",
        "opposite_lane",
        "opposite_track",
        "share_busway",
        "opposite_share_busway",
        "shared_lane",
        "sidepath",
    ];
    let keys = ["cycleway", "cycleway:left", "cycleway:right", "cycleway:both"];
    class == RoadClass::Cycleway
        || keys.into_iter().any(|key| tags.is(key, &LANES))
        || tags.is("bicycle", &["designated"])
        || tags.yes("bicycle_road")
        || tags.yes("cyclestreet")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;
    use crate::roads::way::road;

    fn of(tags: &str) -> Road {
        road(Tags(&written(tags)), &mut |_, _| ()).expect("a road")
    }

    #[test]
    fn lanes_are_counted_in_one_direction() {
        for (sentence, tags, expected) in [
            ("nothing said", "highway=primary", None),
            ("half of those of a two-way road", "highway=primary, lanes=4", Some(2)),
            ("the lesser half", "highway=primary, lanes=3", Some(1)),
            ("one for both", "highway=residential, lanes=1", Some(1)),
            ("all of those of a one-way road", "highway=primary, oneway=yes, lanes=2", Some(2)),
            ("each direction said", "highway=primary, lanes=3, lanes:forward=2, lanes:backward=1", Some(1)),
            ("one direction said", "highway=primary, lanes:forward=2", Some(2)),
            ("wide enough for two to pass", "highway=residential, lanes=1.5", Some(1)),
            ("fewer further on", "highway=motorway, lanes=3;2", Some(2)),
        ] {
            assert_eq!(of(tags).lanes, expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn a_number_of_lanes_that_is_none_is_told() {
        for value in ["0", "-1", "99", "many", "NaN", "inf"] {
            let mut told = 0;
            let pairs = [("lanes", value)];
            assert_eq!(lanes(Tags(&pairs), true, &mut |_, _| told += 1), None);
            assert_eq!(told, 1, "{value}");
        }
    }

    #[test]
    fn one_carriageway_of_two_is_a_one_way_main_road() {
        for (sentence, tags, expected) in [
            ("a one-way trunk road", "highway=trunk, oneway=yes", true),
            ("drawn against its points", "highway=trunk, oneway=-1", true),
            ("a motorway", "highway=motorway", true),
            ("a two-way trunk road", "highway=trunk", false),
            ("a slip road", "highway=trunk_link, oneway=yes", false),
            ("a roundabout", "highway=primary, junction=roundabout", false),
            ("a one-way street", "highway=residential, oneway=yes", false),
            ("said to be", "highway=tertiary, oneway=yes, dual_carriageway=yes", true),
            ("said not to be", "highway=primary, oneway=yes, dual_carriageway=no", false),
        ] {
            assert_eq!(of(tags).dual, expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn bicycles_have_a_place_of_their_own() {
        for (sentence, tags, expected) in [
            ("nothing said", "highway=primary", false),
            ("a lane", "highway=primary, cycleway=lane", true),
            ("a track on the right", "highway=primary, cycleway:right=track", true),
            ("lanes on both sides", "highway=primary, cycleway:both=lane", true),
            ("shared with buses", "highway=primary, cycleway=share_busway", true),
            ("a right against the traffic is no lane", "highway=residential, cycleway=opposite", false),
            ("none", "highway=primary, cycleway=no", false),
            ("drawn apart", "highway=primary, cycleway=separate", false),
            ("signed for them", "highway=path, bicycle=designated", true),
            ("a street of bicycles", "highway=residential, cyclestreet=yes", true),
            ("a cycleway", "highway=cycleway", true),
        ] {
            assert_eq!(of(tags).cycle_lane, expected, "{sentence}: {tags}");
        }
    }
}
