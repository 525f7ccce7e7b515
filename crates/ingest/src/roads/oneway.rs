//! Which directions are left to each mode: `oneway`, `junction`, `oneway:bicycle`, `cycleway`…
//!
//! <https://wiki.openstreetmap.org/wiki/Key:oneway>, <https://wiki.openstreetmap.org/wiki/Key:cycleway>.

use territory::RoadClass;
use territory::road::Directed;

use super::tags::Tags;

/// Which directions one-ways leave to each mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OneWay {
    pub(super) car: Directed<bool>,
    pub(super) bike: Directed<bool>,
    pub(super) walk: Directed<bool>,
}

const BOTH: Directed<bool> = Directed { forward: true, backward: true };
const FORWARD: Directed<bool> = Directed { forward: true, backward: false };
const BACKWARD: Directed<bool> = Directed { forward: false, backward: true };
const NEITHER: Directed<bool> = Directed { forward: false, backward: false };

/// What a value of `oneway` leaves; none when it says nothing we know.
fn left(value: &str) -> Option<Directed<bool>> {
    Some(match value {
        "yes" | "true" | "1" => FORWARD,
        "-1" | "reverse" => BACKWARD,
        // By turns, within minutes: both ways.
        "no" | "false" | "0" | "alternating" => BOTH,
        // By the hour or the day: never to be relied upon (OSRM avoids `reversible` too).
        "reversible" => NEITHER,
        _ => return None,
    })
}

/// Which directions one-ways leave to each mode.
pub(super) fn one_way(class: RoadClass, tags: Tags) -> OneWay {
    let says = |key: &str| tags.get(key).and_then(left);
    let first = |keys: &[&str]| keys.iter().find_map(|key| says(key));
    let implied = if is_roundabout(tags) || class == RoadClass::Motorway { FORWARD } else { BOTH };
    let all = says("oneway").unwrap_or(implied);
    let bike = says("oneway:bicycle").unwrap_or_else(|| {
        let vehicles = says("oneway:vehicle").unwrap_or(all);
        if vehicles == NEITHER { NEITHER } else { either(vehicles, against_the_flow(tags)) }
    });
    OneWay {
        car: first(&["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle"]).unwrap_or(all),
        bike,
        walk: says("oneway:foot").or_else(|| on_foot_alone(class, tags)).unwrap_or(BOTH),
    }
}

/// Whether a way is part of a roundabout.
pub(super) fn is_roundabout(tags: Tags) -> bool {
    tags.is("junction", &["roundabout", "circular"])
}

/// Where only walkers go, `oneway` is about them; an escalator carries one way.
fn on_foot_alone(class: RoadClass, tags: Tags) -> Option<Directed<bool>> {
    let conveyed = match tags.get("conveying") {
        Some("forward") => Some(FORWARD),
        Some("backward") => Some(BACKWARD),
        _ => None,
    };
    let ridden = tags.is("bicycle", &["yes", "designated", "permissive"]);
    let alone = matches!(class, RoadClass::Footway | RoadClass::Steps) && !ridden;
    conveyed.or_else(|| tags.get("oneway").and_then(left).filter(|&left| alone && left != NEITHER))
}

/// Whether bicycles have a lane or a right against the traffic («double sens cyclable»), whichever way it flows.
fn against_the_flow(tags: Tags) -> bool {
    let opposite = |key: &str| tags.get(key).is_some_and(|value| value.starts_with("opposite"));
    let lane = |key: &str| tags.is(key, &["lane", "track", "share_busway", "shared_lane"]);
    let reversed = |key: &str| tags.is(key, &["-1", "no", "reverse"]);
    ["cycleway", "cycleway:left", "cycleway:right", "cycleway:both"].into_iter().any(opposite)
        || lane("cycleway:left") && reversed("cycleway:left:oneway")
        || lane("cycleway:right") && reversed("cycleway:right:oneway")
        || lane("cycleway:both") && reversed("cycleway:both:oneway")
        || tags.is("bicycle", &["opposite"])
}

/// What is left when the other direction is too.
fn either(left: Directed<bool>, both: bool) -> Directed<bool> {
    if both { BOTH } else { left }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;

    /// Car, bicycle, walker: `>` forward, `<` backward, `=` both, `x` neither.
    fn left_to(tags: &str) -> String {
        let written = written(tags);
        let tags = Tags(&written);
        let class = crate::roads::class::class(tags).expect("a road");
        let one_way = one_way(class, tags);
        let sign = |left: Directed<bool>| match (left.forward, left.backward) {
            (true, true) => '=',
            (true, false) => '>',
            (false, true) => '<',
            (false, false) => 'x',
        };
        [one_way.car, one_way.bike, one_way.walk].map(sign).iter().collect()
    }

    #[test]
    fn which_directions_are_left_to_each_mode() {
        for (sentence, tags, expected) in [
            ("both ways when nothing is said", "highway=residential", "==="),
            ("one way for vehicles, not for walkers", "highway=residential, oneway=yes", ">>="),
            ("written otherwise", "highway=residential, oneway=true", ">>="),
            ("and otherwise", "highway=residential, oneway=1", ">>="),
            ("against the points", "highway=residential, oneway=-1", "<<="),
            ("in words", "highway=residential, oneway=reverse", "<<="),
            ("said to be two-way", "highway=residential, oneway=no", "==="),
            ("by turns within minutes", "highway=primary, oneway=alternating", "==="),
            ("by the hour: not to be relied upon", "highway=primary, oneway=reversible", "xx="),
            ("a value unheard of says nothing", "highway=primary, oneway=sometimes", "==="),
            ("a roundabout", "highway=primary, junction=roundabout", ">>="),
            ("a circle", "highway=primary, junction=circular", ">>="),
            ("a roundabout said to be two-way", "highway=primary, junction=roundabout, oneway=no", "==="),
            ("a motorway", "highway=motorway", ">>="),
            ("a motorway in both directions", "highway=motorway, oneway=no", "==="),
            ("bicycles exempted", "highway=residential, oneway=yes, oneway:bicycle=no", ">=="),
            ("a one-way of bicycles alone", "highway=residential, oneway:bicycle=yes", "=>="),
            ("a lane against the traffic", "highway=residential, oneway=yes, cycleway=opposite_lane", ">=="),
            ("a right without a lane", "highway=residential, oneway=yes, cycleway=opposite", ">=="),
            ("on the left", "highway=residential, oneway=yes, cycleway:left=opposite_lane", ">=="),
            (
                "a lane whose own one-way is reversed",
                "highway=residential, oneway=yes, cycleway:left=lane, cycleway:left:oneway=-1",
                ">==",
            ),
            (
                "a two-way track on the right",
                "highway=primary, oneway=yes, cycleway:right=track, cycleway:right:oneway=no",
                ">==",
            ),
            ("a lane with the traffic", "highway=primary, oneway=yes, cycleway:right=lane", ">>="),
            ("against a reversed one-way", "highway=residential, oneway=-1, oneway:bicycle=no", "<=="),
            ("a one-way of motors", "highway=residential, oneway:motor_vehicle=yes", ">=="),
            ("a one-way of vehicles", "highway=residential, oneway:vehicle=yes", ">>="),
            ("motors exempted", "highway=service, oneway=yes, oneway:motor_vehicle=no", "=>="),
            ("a one-way of walkers", "highway=footway, oneway:foot=yes", "==>"),
            ("a footway is theirs, and so is its one-way", "highway=footway, oneway=yes", ">>>"),
            ("not where bicycles ride", "highway=footway, bicycle=yes, oneway=yes", ">>="),
            ("a path is shared", "highway=path, oneway=yes", ">>="),
            ("an escalator", "highway=steps, conveying=backward", "==<"),
            ("an escalator that turns with the hour", "highway=steps, conveying=reversible", "==="),
        ] {
            assert_eq!(left_to(tags), expected, "{sentence}: {tags}");
        }
    }
}
