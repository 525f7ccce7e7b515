//! Who may use a way: `access` < `vehicle` < `motor_vehicle` < `motorcar`, and the like.
//!
//! Hierarchy and values: <https://wiki.openstreetmap.org/wiki/Key:access>; defaults a class:
//! <https://wiki.openstreetmap.org/wiki/OSM_tags_for_routing/Access_restrictions> and OSRM's `car.lua`,
//! `bicycle.lua` and `foot.lua`. Restrictions by hour, weight or season (`…:conditional`) are not
//! applied: they are counted.

use territory::road::Directed;
use territory::{Passage, RoadClass};

use super::oneway::OneWay;
use super::tags::{Tags, listed};

/// Which way along a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Along {
    Forward,
    Backward,
}

/// A key and its two directed forms.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    plain: &'static str,
    forward: &'static str,
    backward: &'static str,
}

macro_rules! key {
    ($name:literal) => {
        Key { plain: $name, forward: concat!($name, ":forward"), backward: concat!($name, ":backward") }
    };
}

const ACCESS: Key = key!("access");
const VEHICLE: Key = key!("vehicle");

/// The keys that speak of a mode, from the most to the least particular, without `access`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hierarchy(&'static [Key]);

pub(super) const CAR: Hierarchy = Hierarchy(&[key!("motorcar"), key!("motor_vehicle"), VEHICLE]);
pub(super) const BIKE: Hierarchy = Hierarchy(&[key!("bicycle"), VEHICLE]);
pub(super) const FOOT: Hierarchy = Hierarchy(&[key!("foot")]);

/// What a value allows; none when it says nothing we know.
fn passage(value: &str) -> Option<Passage> {
    listed(value).filter_map(one).max()
}

fn one(value: &str) -> Option<Passage> {
    Some(match value {
        "yes" | "permissive" | "designated" | "official" | "public" | "allowed" => Passage::Open,
        "destination" | "customers" | "delivery" | "private" | "permit" | "residents" | "visitors"
        | "guests" | "employees" | "staff" | "students" | "tenants" => Passage::Destination,
        "dismount" => Passage::Pushed,
        // `use_sidepath`: another way beside this one is drawn, and is compulsory.
        "no" | "agricultural" | "agriculture" | "forestry" | "emergency" | "military" | "psv" | "bus"
        | "taxi" | "hov" | "use_sidepath" | "separate" | "restricted" | "none" => Passage::Closed,
        _ => return None,
    })
}

impl Hierarchy {
    /// What is said of the mode in particular, by the most particular key.
    fn particular(self, tags: Tags, along: Along) -> Option<(Passage, Said)> {
        self.0.iter().find_map(|key| key.says(tags, along))
    }
}

/// How a passage was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    BothWays,
    /// Of this direction alone: it outranks a one-way.
    ThisWay,
}

impl Key {
    fn says(self, tags: Tags, along: Along) -> Option<(Passage, Said)> {
        let directed = match along {
            Along::Forward => self.forward,
            Along::Backward => self.backward,
        };
        let this_way = tags.get(directed).and_then(passage).map(|passage| (passage, Said::ThisWay));
        this_way.or_else(|| Some((tags.get(self.plain).and_then(passage)?, Said::BothWays)))
    }
}

/// What a class allows where no tag says anything.
fn default(class: RoadClass, tags: Tags) -> [Passage; 3] {
    use Passage::{Closed, Destination, Open};
    let [car, bike, walk] = match class {
        RoadClass::Motorway | RoadClass::MotorwayLink => [Open, Closed, Closed],
        // A track may be driven to the house or field at its end; it is no short cut, since many are
        // barred by a decree that no one mapped, or cannot be driven at all.
        RoadClass::Track => [Destination, Open, Open],
        // Bicycles may enter «aires piétonnes» at walking pace (Code de la route R431-9): as if pushed.
        RoadClass::Pedestrian | RoadClass::Footway | RoadClass::Bridleway | RoadClass::Steps => {
            [Closed, Closed, Open]
        }
        RoadClass::Cycleway | RoadClass::Path => [Closed, Open, Open],
        RoadClass::Ferry => {
            // As GraphHopper: a ferry that names walkers or bicycles and no car carries no car.
            let names_others = tags.has("foot") || tags.has("bicycle");
            [if names_others { Closed } else { Open }, Open, Open]
        }
        _ => [Open, Open, Open],
    };
    if tags.is("highway", &["busway"]) {
        [Closed; 3]
    } else if tags.yes("motorroad") {
        // «Route à accès réglementé».
        [car, Closed, Closed]
    } else if tags.is("service", &["emergency_access"]) && tags.is("highway", &["service"]) {
        [Closed, bike, walk]
    } else if tags.yes("area") {
        [Closed, Closed, walk]
    } else {
        [car, bike, walk]
    }
}

/// Whether the class is one where a car can only be let in by a tag about motor vehicles.
fn too_narrow(class: RoadClass) -> bool {
    matches!(class, RoadClass::Footway | RoadClass::Cycleway | RoadClass::Bridleway | RoadClass::Path)
}

/// Passages of the car, the bicycle and the walker, before and against any one-way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passages {
    pub(super) car: Directed<Passage>,
    pub(super) bike: Directed<Passage>,
    pub(super) walk: Directed<Passage>,
}

/// Who may use a way, given which directions its one-ways leave each mode.
pub(super) fn passages(class: RoadClass, tags: Tags, one_way: OneWay) -> Passages {
    let default = default(class, tags);
    let along = |along: Along| {
        let left = |directed: Directed<bool>| match along {
            Along::Forward => directed.forward,
            Along::Backward => directed.backward,
        };
        let car = match class {
            RoadClass::Steps => Passage::Closed,
            _ if too_narrow(class) => {
                let motor = Hierarchy(CAR.0.split_last().map_or(&[], |(_, motor)| motor));
                allowed(motor, default[0], tags, along, left(one_way.car))
            }
            _ => allowed(CAR, default[0], tags, along, left(one_way.car)),
        };
        let walk = match allowed(FOOT, default[2], tags, along, left(one_way.walk)) {
            Passage::Pushed => Passage::Open,
            walk => walk,
        };
        let ridden = allowed(BIKE, default[1], tags, along, left(one_way.bike));
        let ridden = if class == RoadClass::Steps { Passage::Closed } else { ridden };
        let bike = match (ridden, walk) {
            // Whoever pushes a bicycle walks (Code de la route R412-34): wherever one may walk.
            (Passage::Closed, Passage::Open) => Passage::Pushed,
            (Passage::Pushed, walk) => walk.min(Passage::Pushed),
            (ridden, _) => ridden,
        };
        let car = if car == Passage::Pushed { Passage::Closed } else { car };
        [car, bike, walk]
    };
    let ([car, bike, walk], [car_back, bike_back, walk_back]) =
        (along(Along::Forward), along(Along::Backward));
    Passages {
        car: Directed { forward: car, backward: car_back },
        bike: Directed { forward: bike, backward: bike_back },
        walk: Directed { forward: walk, backward: walk_back },
    }
}

fn allowed(keys: Hierarchy, default: Passage, tags: Tags, along: Along, left_by_one_way: bool) -> Passage {
    let (passage, said) = keys.particular(tags, along).unwrap_or_else(|| {
        // `access` alone is about whoever the way is for: it may close or limit, not open a footway to cars.
        ACCESS
            .says(tags, along)
            .map_or((default, Said::BothWays), |(general, said)| (general.min(default), said))
    });
    if left_by_one_way || said == Said::ThisWay { passage } else { Passage::Closed }
}

/// Who may pass a node, its defaults given, by car, bicycle and on foot.
pub(super) fn through(tags: Tags, default: [Passage; 3]) -> [Passage; 3] {
    let general = tags.get(ACCESS.plain).and_then(passage);
    let of = |keys: Hierarchy, default: Passage| {
        // Of a barrier `access` speaks directly: it may open it too.
        let particular = keys.0.iter().find_map(|key| tags.get(key.plain).and_then(passage));
        particular.or(general).unwrap_or(default)
    };
    let [car, bike, walk] = [of(CAR, default[0]), of(BIKE, default[1]), of(FOOT, default[2])];
    let car = if car == Passage::Pushed { Passage::Closed } else { car };
    let walk = if walk == Passage::Pushed { Passage::Open } else { walk };
    // As on ways: where one may walk one may push, if the thing lets a bicycle through at all.
    let pushed = bike == Passage::Closed && walk == Passage::Open && default[1] != Passage::Closed;
    [car, if pushed { Passage::Pushed } else { bike }, walk]
}

/// The keys of access, of vehicles and walkers, whatever follows them.
const NAMES: [&str; 6] = ["access", "vehicle", "motor_vehicle", "motorcar", "bicycle", "foot"];

/// The first restriction by hour, weight or season, none if there is none.
pub(super) fn conditional(tags: Tags<'_>) -> Option<&str> {
    let of_access = |key: &str| {
        let key = key.strip_suffix(":conditional")?;
        NAMES.contains(&key.split(':').next()?).then_some(())
    };
    tags.0.iter().find_map(|&(key, value)| of_access(key).map(|()| value))
}

/// Whether a node's tags speak of access.
pub(super) fn speaks(tags: Tags) -> bool {
    NAMES.iter().any(|key| tags.has(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;
    use crate::roads::way::road;

    /// Car, bicycle, walker, each forward then backward: `o`pen, `p`ushed, `d`estination, `-` closed.
    pub(in crate::roads) fn who(tags: &str) -> String {
        let Some(road) = road(Tags(&written(tags)), &mut |_, _| ()) else {
            return "no road".to_owned();
        };
        let letter = |passage| match passage {
            Passage::Open => 'o',
            Passage::Pushed => 'p',
            Passage::Destination => 'd',
            Passage::Closed => '-',
        };
        let pair = |p: Directed<Passage>| format!("{}{}", letter(p.forward), letter(p.backward));
        format!("{} {} {}", pair(road.car), pair(road.bike), pair(road.walk))
    }

    #[test]
    fn who_may_use_a_class_of_which_nothing_else_is_said() {
        for (sentence, tags, expected) in [
            ("a street is for all", "highway=residential", "oo oo oo"),
            ("a motorway is for cars, one way", "highway=motorway", "o- -- --"),
            ("its slip roads too, both ways unless tagged", "highway=motorway_link", "oo -- --"),
            ("a trunk road is for all in France", "highway=trunk", "oo oo oo"),
            ("unless it is a road for motors", "highway=trunk, motorroad=yes", "oo -- --"),
            ("a track leads a car to its end alone", "highway=track", "dd oo oo"),
            ("a pedestrian street", "highway=pedestrian", "-- pp oo"),
            ("a square", "highway=pedestrian, area=yes", "-- pp oo"),
            ("a footway", "highway=footway", "-- pp oo"),
            ("a cycleway is walked too", "highway=cycleway", "-- oo oo"),
            ("a path", "highway=path", "-- oo oo"),
            ("a bridleway", "highway=bridleway", "-- pp oo"),
            ("steps: a bicycle is carried", "highway=steps", "-- pp oo"),
            ("a platform", "railway=platform", "-- pp oo"),
            ("a way for buses", "highway=busway", "no road"),
            ("a way for buses and bicycles", "highway=busway, bicycle=yes", "-- oo --"),
            ("a ferry", "route=ferry", "oo oo oo"),
            ("a ferry of walkers", "route=ferry, foot=yes", "-- oo oo"),
            ("a ferry of walkers and cars", "route=ferry, foot=yes, motor_vehicle=yes", "oo oo oo"),
            ("for firemen", "highway=service, service=emergency_access", "-- oo oo"),
        ] {
            assert_eq!(who(tags), expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn the_most_particular_key_wins() {
        for (sentence, tags, expected) in [
            ("closed to all", "highway=service, access=no", "no road"),
            ("for whoever lives there", "highway=service, access=private", "dd dd dd"),
            ("customers begin and end there", "highway=service, access=customers", "dd dd dd"),
            ("local traffic", "highway=residential, vehicle=destination", "dd dd oo"),
            ("local motors", "highway=residential, motor_vehicle=destination", "dd oo oo"),
            ("no motors", "highway=residential, motor_vehicle=no", "-- oo oo"),
            ("cars but no other motors", "highway=residential, motor_vehicle=no, motorcar=yes", "oo oo oo"),
            ("closed but for walkers, who may push", "highway=service, access=no, foot=yes", "-- pp oo"),
            ("closed but for bicycles", "highway=service, access=no, bicycle=designated", "-- oo --"),
            ("private but one may walk", "highway=service, access=private, foot=permissive", "dd dd oo"),
            ("farmers", "highway=track, motor_vehicle=agricultural", "-- oo oo"),
            ("farmers and foresters", "highway=track, motor_vehicle=agricultural;forestry", "-- oo oo"),
            ("farmers and locals", "highway=track, motor_vehicle=agricultural;destination", "dd oo oo"),
            ("a track open to motors", "highway=track, motor_vehicle=yes", "oo oo oo"),
            ("a track open to the public is still no short cut", "highway=track, access=yes", "dd oo oo"),
            ("a footway for bicycles too", "highway=footway, bicycle=yes", "-- oo oo"),
            ("`access` opens no footway to cars", "highway=footway, access=yes", "-- pp oo"),
            ("nor does `vehicle`", "highway=path, vehicle=yes", "-- oo oo"),
            ("a tag about motors does", "highway=path, motor_vehicle=private", "dd oo oo"),
            ("deliveries in a pedestrian street", "highway=pedestrian, vehicle=delivery", "dd dd oo"),
            ("no car takes the steps", "highway=steps, motor_vehicle=yes, bicycle=yes", "-- pp oo"),
            ("a cycleway without walkers", "highway=cycleway, foot=no", "-- oo --"),
            ("one dismounts", "highway=path, bicycle=dismount", "-- pp oo"),
            ("bicycles forbidden are pushed", "highway=path, bicycle=no", "-- pp oo"),
            ("bicycles and walkers forbidden", "highway=primary, bicycle=no, foot=no", "oo -- --"),
            ("a cycleway beside it is compulsory", "highway=primary, bicycle=use_sidepath", "oo pp oo"),
            ("the pavement is drawn apart", "highway=primary, foot=use_sidepath", "oo oo --"),
            ("both are", "highway=primary, foot=use_sidepath, bicycle=use_sidepath", "oo -- --"),
            ("buses alone", "highway=service, motor_vehicle=psv", "-- oo oo"),
            ("the army", "highway=service, access=military", "no road"),
            ("a bicycle let on a motorway", "highway=motorway, bicycle=yes", "o- o- --"),
            ("a value unheard of says nothing", "highway=residential, motor_vehicle=perhaps", "oo oo oo"),
            (
                "and leaves the word to the next",
                "highway=residential, access=no, motorcar=perhaps",
                "no road",
            ),
        ] {
            assert_eq!(who(tags), expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn a_direction_of_its_own_outranks_both_ways_and_any_one_way() {
        for (sentence, tags, expected) in [
            ("no motors back", "highway=residential, motor_vehicle:backward=no", "o- oo oo"),
            ("nobody back", "highway=residential, access:backward=no", "o- o- o-"),
            ("local traffic back", "highway=residential, vehicle:backward=destination", "od od oo"),
            (
                "bicycles against the traffic",
                "highway=residential, oneway=yes, bicycle:backward=yes",
                "o- oo oo",
            ),
            ("cars too", "highway=residential, oneway=yes, motor_vehicle:backward=yes", "oo op oo"),
            (
                "a key more particular both ways",
                "highway=residential, vehicle:backward=no, bicycle=yes",
                "o- oo oo",
            ),
        ] {
            assert_eq!(who(tags), expected, "{sentence}: {tags}");
        }
    }

    #[test]
    fn a_restriction_at_times_is_seen_and_not_applied() {
        let mut seen = Vec::new();
        let tags = written("highway=pedestrian, motor_vehicle:conditional=delivery @ (06:00-11:00)");
        let road = road(Tags(&tags), &mut |trouble, value: &str| seen.push((trouble, value.to_owned())));
        assert!(road.is_some_and(|road| road.car == Directed::both(Passage::Closed)));
        assert_eq!(seen.len(), 1);
        assert!(conditional(Tags(&written("maxspeed:conditional=30 @ (22:00-06:00)"))).is_none());
    }
}
