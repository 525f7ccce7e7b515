//! What stands on a node: `highway`, `barrier` and who may pass it.
//!
//! <https://wiki.openstreetmap.org/wiki/Key:barrier>; what stops whom by default follows OSRM's
//! `barrier_whitelist` (`car.lua`) and `barrier_blacklist` (`bicycle.lua`, `foot.lua`).

use territory::Passage::{self, Closed, Open, Pushed};
use territory::road::Fixture;

use super::access;
use super::tags::Tags;

/// What stands on a point, none when nothing does.
pub(super) fn fixture(point: u32, tags: Tags) -> Option<Fixture> {
    let mut fixture = Fixture::at(point);
    match tags.get("highway") {
        Some("traffic_signals") => {
            fixture.signals = true;
            fixture.crossing = tags.has("crossing");
        }
        // The lights of a crossing are those of the junction beside it, which has a node of its own:
        // counted there alone.
        Some("crossing") => fixture.crossing = true,
        Some("stop") => fixture.stop = true,
        // On a mini-roundabout one gives way.
        Some("give_way" | "mini_roundabout") => fixture.give_way = true,
        _ => {}
    }
    let barrier = tags.get("barrier");
    let default = match barrier {
        Some(barrier) => {
            fixture.toll = matches!(barrier, "toll_booth" | "border_control");
            fixture.gate = is_gate(barrier, tags);
            let locked = fixture.gate && tags.yes("locked");
            if locked { [Closed; 3] } else { let_through(barrier, tags) }
        }
        None => [Open; 3],
    };
    // `bicycle=no` on a crossing, `access=private` on a door or a car park's mouth speak of other things.
    let about_something_else = ["highway", "railway", "amenity", "entrance", "door", "public_transport"]
        .into_iter()
        .any(|key| tags.has(key));
    if barrier.is_some() || !about_something_else && access::speaks(tags) {
        [fixture.car, fixture.bike, fixture.walk] = access::through(tags, default);
    }
    (fixture != Fixture::at(point)).then_some(fixture)
}

/// Whether it is something to open.
fn is_gate(barrier: &str, tags: Tags) -> bool {
    let gates =
        ["gate", "lift_gate", "swing_gate", "sliding_gate", "sliding_beam", "hampshire_gate", "wicket_gate"];
    gates.contains(&barrier) || is_rising(barrier, tags)
}

/// A bollard that goes down into the ground.
fn is_rising(barrier: &str, tags: Tags) -> bool {
    barrier == "bollard" && tags.is("bollard", &["rising"]) || barrier == "rising_bollard"
}

/// Who a barrier lets through where no tag says more: by car, by bicycle, on foot.
fn let_through(barrier: &str, tags: Tags) -> [Passage; 3] {
    match barrier {
        _ if is_rising(barrier, tags) => [Open; 3],
        "gate" | "lift_gate" | "swing_gate" | "sliding_gate" | "sliding_beam" | "hampshire_gate"
        | "sally_port" | "toll_booth" | "border_control" | "cattle_grid" | "entrance" | "arch"
        | "height_restrictor" | "no" => [Open; 3],
        // A flat kerb stops no one; a kerb across a street is one along it, drawn by mistake.
        "kerb" if tags.is("kerb", &["lowered", "flush", "no"]) || tags.is("highway", &["crossing"]) => {
            [Open; 3]
        }
        // Virtual fences of grazing animals only sound.
        "fence" if tags.is("sensory", &["audible", "audio"]) => [Open; 3],
        "kissing_gate" | "stile" | "horse_stile" | "wicket_gate" | "chain" | "log" | "rope" => {
            [Closed, Pushed, Open]
        }
        "turnstile" | "full-height_turnstile" => [Closed, Closed, Open],
        "yes" | "wall" | "fence" | "city_wall" | "retaining_wall" | "hedge" => [Closed; 3],
        // Bollards, blocks, planters, cycle barriers, traps for all but buses, and what we never heard of.
        _ => [Closed, Open, Open],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;
    use territory::Passage::Destination;

    fn of(tags: &str) -> Option<Fixture> {
        fixture(7, Tags(&written(tags)))
    }

    #[test]
    fn lights_signs_and_crossings() {
        let at = Fixture::at(7);
        for (sentence, tags, expected) in [
            ("nothing of note", "name=Here", None),
            ("lights", "highway=traffic_signals", Some(Fixture { signals: true, ..at })),
            (
                "lights where one crosses",
                "highway=traffic_signals, crossing=traffic_signals",
                Some(Fixture { signals: true, crossing: true, ..at }),
            ),
            ("a crossing", "highway=crossing", Some(Fixture { crossing: true, ..at })),
            (
                "the lights of a crossing are those of its junction",
                "highway=crossing, crossing=traffic_signals",
                Some(Fixture { crossing: true, ..at }),
            ),
            ("a stop sign", "highway=stop", Some(Fixture { stop: true, ..at })),
            ("a give-way sign", "highway=give_way", Some(Fixture { give_way: true, ..at })),
            ("a mini-roundabout", "highway=mini_roundabout", Some(Fixture { give_way: true, ..at })),
            ("a stop of buses", "highway=bus_stop", None),
            ("a toll booth", "barrier=toll_booth", Some(Fixture { toll: true, ..at })),
            ("a border", "barrier=border_control", Some(Fixture { toll: true, ..at })),
            ("a toll read in passing", "highway=toll_gantry", None),
        ] {
            assert_eq!(of(tags), expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn who_may_pass_a_barrier() {
        let open = [Open; 3];
        for (sentence, tags, expected) in [
            ("a gate opens", "barrier=gate", open),
            ("a lift gate too", "barrier=lift_gate", open),
            ("a gate of someone's", "barrier=gate, access=private", [Destination; 3]),
            ("a gate shut", "barrier=gate, access=no", [Closed; 3]),
            ("a gate shut but to walkers", "barrier=gate, access=no, foot=yes", [Closed, Pushed, Open]),
            ("a gate without motors", "barrier=gate, motor_vehicle=no", [Closed, Open, Open]),
            ("a gate for locals", "barrier=gate, motor_vehicle=destination", [Destination, Open, Open]),
            ("a gate locked", "barrier=gate, locked=yes", [Closed; 3]),
            ("but not to bicycles", "barrier=gate, locked=yes, bicycle=yes", [Closed, Open, Closed]),
            ("a bollard stops cars", "barrier=bollard", [Closed, Open, Open]),
            ("one that sinks does not", "barrier=bollard, bollard=rising", open),
            ("nor one said to let them", "barrier=bollard, motor_vehicle=yes", open),
            ("nor one said to let all", "barrier=bollard, access=yes", open),
            ("a block", "barrier=block", [Closed, Open, Open]),
            ("a cycle barrier", "barrier=cycle_barrier", [Closed, Open, Open]),
            ("no bicycle rides through", "barrier=cycle_barrier, bicycle=no", [Closed, Pushed, Open]),
            ("a kissing gate", "barrier=kissing_gate", [Closed, Pushed, Open]),
            ("a stile", "barrier=stile", [Closed, Pushed, Open]),
            ("a turnstile", "barrier=turnstile", [Closed, Closed, Open]),
            ("a cattle grid", "barrier=cattle_grid", open),
            ("a height limit", "barrier=height_restrictor", open),
            ("an opening", "barrier=entrance", open),
            ("a raised kerb", "barrier=kerb", [Closed, Open, Open]),
            ("a flat kerb", "barrier=kerb, kerb=lowered", open),
            ("a trap for all but buses", "barrier=bus_trap", [Closed, Open, Open]),
            ("a sump buster", "barrier=sump_buster", [Closed, Open, Open]),
            ("a wall", "barrier=wall", [Closed; 3]),
            ("a fence with a way through", "barrier=fence, foot=yes", [Closed, Closed, Open]),
            ("a fence that only sounds", "barrier=fence, sensory=audible", open),
            ("a barrier unheard of", "barrier=moat", [Closed, Open, Open]),
            ("no barrier, and no motors", "motor_vehicle=no", [Closed, Open, Open]),
            ("a crossing where one dismounts", "highway=crossing, bicycle=no", open),
            ("the door of a private car park", "amenity=parking_entrance, access=private", open),
        ] {
            let fixture = of(tags).unwrap_or(Fixture::at(7));
            assert_eq!([fixture.car, fixture.bike, fixture.walk], expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn what_opens_is_a_gate() {
        let gate = |tags| of(tags).is_some_and(|fixture| fixture.gate);
        assert!(
            gate("barrier=gate") && gate("barrier=swing_gate") && gate("barrier=bollard, bollard=rising")
        );
        assert!(!gate("barrier=bollard") && !gate("barrier=cattle_grid"));
    }
}
