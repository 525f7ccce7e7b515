//! The speed allowed and whether it is in town: `maxspeed` and the keys that explain it.
//!
//! Forms: <https://wiki.openstreetmap.org/wiki/Key:maxspeed>. Limits by country:
//! <https://wiki.openstreetmap.org/wiki/Default_speed_limits> and OSRM's `car.lua`
//! (`maxspeed_table`); France: Code de la route R413-2 and R413-3.

use territory::RoadClass;
use territory::road::{Directed, Setting};

use super::tags::{Tags, listed};
use super::trouble::Trouble;

/// Kilometres in a mile.
const KM_PER_MILE: f64 = 1.609_344;
/// Kilometres in a nautical mile: a knot is one an hour.
const KM_PER_NAUTICAL_MILE: f64 = 1.852;
/// The highest limit believed, km/h: the highest posted on Earth is 160.
const MAX_KMH: f64 = 200.0;
/// Walking pace («Schrittgeschwindigkeit»), km/h, as OSRM for `DE:living_street`.
const WALK_KMH: u8 = 7;
/// Where there is no limit, km/h: the advised speed of German motorways (Richtgeschwindigkeit).
const ADVISED_KMH: u8 = 130;

/// What is known of the speed allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Limits {
    pub(super) kmh: Directed<Option<u8>>,
    pub(super) setting: Option<Setting>,
}

/// One value, understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Sign {
    kmh: Option<u8>,
    setting: Option<Setting>,
}

/// Speeds allowed on a way, and whether it is in town.
pub(super) fn limits(class: RoadClass, tags: Tags, note: &mut dyn FnMut(Trouble, &str)) -> Limits {
    let mut read = |key: &str| {
        let value = tags.get(key)?;
        let sign = sign(value, class);
        if sign.is_none() {
            note(Trouble::Speed, value);
        }
        sign
    };
    let posted = read("maxspeed").unwrap_or_default();
    let forward = read("maxspeed:forward").unwrap_or_default();
    let backward = read("maxspeed:backward").unwrap_or_default();
    // Where the limit comes from: only countries and zones tell us something, «sign» does not.
    let explained = ["maxspeed:type", "zone:maxspeed", "source:maxspeed"]
        .map(|key| tags.get(key).and_then(explanation).unwrap_or_default());
    // A zone of traffic is a place, and its limit depends on the road: whoever gives speeds knows better.
    let zone = tags.get("zone:traffic").and_then(explanation).unwrap_or_default();

    let signs = [posted, forward, backward].into_iter().chain(explained);
    let kmh = posted.kmh.or_else(|| explained.iter().find_map(|sign| sign.kmh));
    Limits {
        kmh: Directed { forward: forward.kmh.or(kmh), backward: backward.kmh.or(kmh) },
        setting: zone.setting.or_else(|| signs.into_iter().find_map(|sign| sign.setting)),
    }
}

/// What a value says; none when it is no speed limit. The lowest of several.
fn sign(value: &str, class: RoadClass) -> Option<Sign> {
    let signs = listed(value).map(|value| single(value, class)).collect::<Option<Vec<Sign>>>()?;
    signs.into_iter().min_by_key(|sign| sign.kmh.unwrap_or(u8::MAX))
}

fn single(value: &str, class: RoadClass) -> Option<Sign> {
    let kmh = |kmh: u8| Some(Sign { kmh: Some(kmh), setting: None });
    match value {
        // They say that something else says it, which we do not read.
        "signals" | "variable" | "implicit" | "default" | "sign" | "unposted" => Some(Sign::default()),
        // Elsewhere it means that no sign stands there.
        "none" | "unlimited" => match class {
            RoadClass::Motorway | RoadClass::Trunk => kmh(ADVISED_KMH),
            _ => Some(Sign::default()),
        },
        "walk" | "walking" => kmh(WALK_KMH),
        _ => match number(value) {
            Some(speed) => kmh(speed),
            None => explanation(value),
        },
    }
}

/// `50`, `50 km/h`, `30 mph`, `5 knots`: km/h, if it is a speed.
fn number(value: &str) -> Option<u8> {
    let end = value.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(value.len());
    let (digits, unit) = value.split_at_checked(end)?;
    let factor = match unit.trim() {
        "" | "km/h" | "kmh" | "kph" | "kmph" | "Km/h" | "KM/H" => 1.0,
        "mph" => KM_PER_MILE,
        "knots" | "knot" | "kn" => KM_PER_NAUTICAL_MILE,
        _ => return None,
    };
    let kmh = (digits.parse::<f64>().ok()? * factor).round();
    (1.0..=MAX_KMH).contains(&kmh).then_some(kmh as u8)
}

/// `FR:urban`, `DE:zone:30`, `GB:nsl_single`, `BE-VLG:rural`: a country's words.
fn explanation(value: &str) -> Option<Sign> {
    let (country, words) = value.split_once(':').unwrap_or(("", value));
    let (country, region) = country.split_once('-').unwrap_or((country, ""));
    let (country, words) = (country.trim().to_ascii_uppercase(), words.trim().to_ascii_lowercase());
    let zone = words.strip_prefix("zone").map(|rest| rest.trim_start_matches([':', '_', ' ']));
    if let Some(speed) = number(zone.unwrap_or(&words)) {
        // The zones of the United Kingdom are in miles.
        let in_miles = matches!(country.as_str(), "GB" | "UK");
        let kmh = if in_miles { (f64::from(speed) * KM_PER_MILE).round() as u8 } else { speed };
        // «Zone 30» and «FR:50» stand in towns; «FR:80» does not.
        let urban = zone.is_some() || kmh <= 50;
        return Some(Sign { kmh: Some(kmh), setting: urban.then_some(Setting::Urban) });
    }
    let setting = match words.as_str() {
        "urban" | "living_street" | "bicycle_road" | "cyclestreet" | "pedestrian_zone" => {
            Some(Setting::Urban)
        }
        "rural" => Some(Setting::Rural),
        "motorway" | "trunk" | "nsl_single" | "nsl_dual" | "nsl_restricted" => None,
        _ => return None,
    };
    Some(Sign { kmh: of_country(&country, region, &words), setting })
}

/// The limit of a country, km/h.
fn of_country(country: &str, region: &str, words: &str) -> Option<u8> {
    let [urban, rural, trunk, motorway] = match country {
        "FR" => [50, 80, 110, 130],
        "DE" => [50, 100, ADVISED_KMH, ADVISED_KMH],
        "AT" => [50, 100, 100, 130],
        "CH" | "LI" => [50, 80, 100, 120],
        "BE" => match region {
            "VLG" => [50, 70, 120, 120],
            "BRU" => [30, 70, 120, 120],
            _ => [50, 90, 120, 120],
        },
        "LU" => [50, 90, 90, 130],
        "ES" => [50, 90, 120, 120],
        "IT" => [50, 90, 110, 130],
        "PT" => [50, 90, 100, 120],
        "MT" => [50, 80, 80, 80],
        // 30, 60, 70 and 70 miles an hour.
        "GB" | "UK" => [48, 97, 113, 113],
        _ => return None,
    };
    Some(match words {
        "urban" => urban,
        "nsl_restricted" if country == "GB" || country == "UK" => urban,
        "rural" | "nsl_single" => rural,
        "trunk" | "nsl_dual" => trunk,
        "motorway" => motorway,
        "living_street" if country == "DE" || country == "AT" => WALK_KMH,
        "living_street" => 20,
        "bicycle_road" | "cyclestreet" => 30,
        "pedestrian_zone" => WALK_KMH,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roads::tags::written;
    use proptest::prelude::*;

    fn of(tags: &str) -> (Limits, Vec<String>) {
        let mut noted = Vec::new();
        let limits =
            limits(RoadClass::Motorway, Tags(&written(tags)), &mut |_, value| noted.push(value.to_owned()));
        (limits, noted)
    }

    #[test]
    fn the_forms_a_speed_limit_is_written_in() {
        for (tags, kmh) in [
            ("maxspeed=50", Some(50)),
            ("maxspeed=50 km/h", Some(50)),
            ("maxspeed=50km/h", Some(50)),
            ("maxspeed=50 kph", Some(50)),
            ("maxspeed=30 mph", Some(48)),
            ("maxspeed=30mph", Some(48)),
            ("maxspeed=5 knots", Some(9)),
            ("maxspeed=50;30", Some(30)),
            ("maxspeed=12.5", Some(13)),
            ("maxspeed=walk", Some(7)),
            ("maxspeed=none", Some(130)),
            ("maxspeed=signals", None),
            ("maxspeed=variable", None),
            ("maxspeed=FR:urban", Some(50)),
            ("maxspeed=FR:rural", Some(80)),
            ("maxspeed=FR:motorway", Some(130)),
            ("maxspeed=FR:zone30", Some(30)),
            ("maxspeed=FR:zone:30", Some(30)),
            ("maxspeed=FR:30", Some(30)),
            ("maxspeed=fr:urban", Some(50)),
            ("maxspeed=FR:living_street", Some(20)),
            ("maxspeed=DE:living_street", Some(7)),
            ("maxspeed=DE:rural", Some(100)),
            ("maxspeed=CH:rural", Some(80)),
            ("maxspeed=LI:urban", Some(50)),
            ("maxspeed=BE-VLG:rural", Some(70)),
            ("maxspeed=BE:rural", Some(90)),
            ("maxspeed=IT:motorway", Some(130)),
            ("maxspeed=ES:urban", Some(50)),
            ("maxspeed=GB:nsl_single", Some(97)),
            ("maxspeed=GB:zone20", Some(32)),
            ("maxspeed=XX:rural", None),
            ("maxspeed:type=FR:urban", Some(50)),
            ("source:maxspeed=FR:rural", Some(80)),
            ("zone:maxspeed=FR:30", Some(30)),
            ("zone:traffic=FR:urban", None),
            ("source:maxspeed=sign", None),
            ("maxspeed=70, source:maxspeed=FR:rural", Some(70)),
        ] {
            let (limits, noted) = of(tags);
            assert_eq!((limits.kmh, noted.len()), (Directed::both(kmh), 0), "{tags}");
        }
    }

    #[test]
    fn no_limit_in_a_street_is_no_sign() {
        let pairs = [("maxspeed", "none")];
        let limits = limits(RoadClass::Residential, Tags(&pairs), &mut |_, _| unreachable!());
        assert_eq!(limits, Limits::default());
    }

    #[test]
    fn each_direction_may_have_its_own() {
        let (limits, _) = of("maxspeed=90, maxspeed:backward=70");
        assert_eq!(limits.kmh, Directed { forward: Some(90), backward: Some(70) });
        let (limits, _) = of("maxspeed:forward=50");
        assert_eq!(limits.kmh, Directed { forward: Some(50), backward: None });
    }

    #[test]
    fn towns_and_countryside_are_told_by_countries_and_zones() {
        for (tags, setting) in [
            ("maxspeed=FR:urban", Some(Setting::Urban)),
            ("maxspeed=FR:zone30", Some(Setting::Urban)),
            ("maxspeed=50, source:maxspeed=FR:urban", Some(Setting::Urban)),
            ("maxspeed=80, maxspeed:type=FR:rural", Some(Setting::Rural)),
            ("zone:traffic=FR:rural", Some(Setting::Rural)),
            ("zone:traffic=DE:urban, maxspeed=100", Some(Setting::Urban)),
            ("maxspeed=FR:motorway", None),
            ("maxspeed=FR:80", None),
            ("maxspeed=50", None),
        ] {
            assert_eq!(of(tags).0.setting, setting, "{tags}");
        }
    }

    #[test]
    fn what_is_no_speed_is_told_and_ignored() {
        for value in ["0", "-30", "999", "fast", "50 furlongs", "1e3", "NaN", "inf", "50;fast", "FR:", ":"] {
            let (limits, noted) = of(&format!("maxspeed={value}"));
            assert_eq!((limits, noted), (Limits::default(), vec![value.to_owned()]), "{value}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_limit_within_reason_or_none(text in any::<String>()) {
            let keys = ["maxspeed", "maxspeed:forward", "source:maxspeed", "zone:traffic", "zone:maxspeed"];
            let pairs: Vec<(&str, &str)> = keys.iter().map(|&key| (key, text.as_str())).collect();
            let limits = limits(RoadClass::Primary, Tags(&pairs), &mut |_, _| ());
            prop_assert!(limits.kmh.forward.is_none_or(|kmh| (1..=200).contains(&kmh)));
        }
    }
}
