//! Travel times where no road network is given: a curve from the great-circle distance.
//!
//! By car: `t = 2.73 min · (d + 0.3 km)^0.83`. Fitted on the real matrix of car times between the
//! 512 communes of Isère (OSRM, 2021), on the times to the nearest of many venues, communes with an
//! even code to fit and with an odd one to test. On the latter the median error is 17 % and the
//! median bias +5 %; it is 25 % and −12 % in the mountains (Oisans, Belledonne). `docs/method.md` has the
//! procedure, the errors by distance and how to run it again.
//!
//! By bicycle and on foot: a constant speed (15 and 5 km/h, the defaults of OSRM's `bicycle.lua` and
//! `foot.lua`) over 1.3 times the distance. Not validated.
//!
//! In all three the 0.3 km stands for the mean leg inside the cell one starts from: the mean distance
//! of a point of an H3 cell of resolution 8 from its centre (315 m over cells of
//! Auvergne-Rhône-Alpes). So a time is never 0.

use territory::{Meters, Mode, TravelTime};

/// The mean leg inside a cell, kilometres.
const CELL_LEG_KM: f64 = 0.3;

/// `minutes = scale · (kilometres + leg)^exponent`.
struct Curve {
    scale: f64,
    exponent: f64,
}

const CAR: Curve = Curve { scale: 2.73, exponent: 0.83 };

/// Road distance over straight distance, for bicycle and foot.
const DETOUR: f64 = 1.3;

const BIKE: Curve = Curve { scale: 60.0 * DETOUR / 15.0, exponent: 1.0 };
const WALK: Curve = Curve { scale: 60.0 * DETOUR / 5.0, exponent: 1.0 };

impl Curve {
    fn of(mode: Mode) -> &'static Self {
        match mode {
            Mode::Car => &CAR,
            Mode::Bike => &BIKE,
            Mode::Walk => &WALK,
        }
    }
}

/// The estimated time over a great-circle distance; strictly increasing with it, up to the decisecond
/// it is rounded to.
pub fn travel_time(mode: Mode, distance: Meters) -> TravelTime {
    TravelTime::from_seconds(seconds(mode, distance)).unwrap_or(TravelTime::SHORTEST)
}

/// The same from the straight distance between the unit vectors of two positions, which asks for no sine:
/// what [`travel_time`] gives for [`Position::distance_to`](territory::Position::distance_to), to the
/// decisecond. None where it cannot be sure to be.
///
/// The two ways to the distance differ by a few nanometres, and so the times before they are rounded by
/// less than 10⁻⁶ decisecond: only one within `UNSURE` of the half where rounding turns could differ.
pub fn travel_time_by_chord(mode: Mode, chord: f64) -> Option<TravelTime> {
    if chord > LONGEST_CHORD {
        return None;
    }
    let seconds = seconds(mode, Meters::along_great_circle(chord));
    let from_half = ((seconds * 10.0).fract() - 0.5).abs();
    TravelTime::from_seconds(seconds).filter(|_| from_half > UNSURE)
}

/// Farther, an arc grows faster than its chord and errors with it: 3 200 km.
const LONGEST_CHORD: f64 = 0.5;

/// Ten times more than two ways to one time can differ, deciseconds.
const UNSURE: f64 = 1e-5;

fn seconds(mode: Mode, distance: Meters) -> f64 {
    let curve = Curve::of(mode);
    let km = distance.0.max(0.0) / 1000.0;
    curve.scale * (km + CELL_LEG_KM).powf(curve.exponent) * 60.0
}

/// The great-circle distance within which [`travel_time`] is at most `time`: its inverse.
pub fn reach(mode: Mode, time: TravelTime) -> Meters {
    let curve = Curve::of(mode);
    let km = (time.minutes() / curve.scale).powf(curve.exponent.recip()) - CELL_LEG_KM;
    Meters(km.max(0.0) * 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn minutes(mode: Mode, km: f64) -> f64 {
        travel_time(mode, Meters(km * 1000.0)).minutes()
    }

    #[test]
    fn the_car_curve_is_the_one_documented() {
        for (km, expected) in [(0.0, 1.01), (1.0, 3.39), (5.0, 10.9), (10.0, 18.9), (20.0, 33.2)] {
            assert!((minutes(Mode::Car, km) - expected).abs() < 0.06, "{km} km: {}", minutes(Mode::Car, km));
        }
    }

    #[test]
    fn a_kilometre_takes_longest_on_foot() {
        assert!(minutes(Mode::Walk, 1.0) > minutes(Mode::Bike, 1.0));
        assert!(minutes(Mode::Bike, 3.0) > minutes(Mode::Car, 3.0));
        assert!((minutes(Mode::Walk, 1.0) - 15.6 * 1.3).abs() < 0.01);
    }

    proptest! {
        #[test]
        fn the_time_by_chord_is_the_time_by_distance_or_none(
            lon in -180.0..180.0f64, lat in -89.0..89.0f64, east in -0.9..0.9f64, north in -0.9..0.9f64,
            scale in 0.0..1.0f64, mode in 0usize..3,
        ) {
            let at = |lon, lat| territory::Position::from_lon_lat(lon, lat).expect("on Earth");
            let from = at(lon, lat);
            let to = at((lon + east * scale).clamp(-180.0, 180.0), lat + north * scale);
            let square: f64 = from.unit_vector().iter().zip(to.unit_vector()).map(|(a, b)| (a - b) * (a - b)).sum();
            let mode = Mode::ALL[mode];
            if let Some(time) = travel_time_by_chord(mode, square.sqrt()) {
                prop_assert_eq!(time, travel_time(mode, from.distance_to(to)));
            }
        }

        #[test]
        fn farther_never_takes_less(a in 0.0..300_000.0f64, b in 0.0..300_000.0f64, mode in 0usize..3) {
            let (near, far) = (a.min(b), a.max(b));
            let mode = Mode::ALL[mode];
            prop_assert!(travel_time(mode, Meters(near)) <= travel_time(mode, Meters(far)));
        }

        #[test]
        fn the_reach_of_a_time_is_the_distance_it_covers(m in 0.0..100_000.0f64, mode in 0usize..3) {
            let mode = Mode::ALL[mode];
            let Meters(back) = reach(mode, travel_time(mode, Meters(m)));
            // One decisecond of rounding is a few metres at most.
            prop_assert!((back - m).abs() < 10.0, "{m} → {back}");
        }
    }
}
