//! Quantities with their unit in the type.

use std::fmt;
use std::iter::Sum;
use std::num::NonZeroU32;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The mean radius of the Earth (IUGG), metres.
const MEAN_RADIUS: f64 = 6_371_008.8;

/// A length in metres.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Meters(pub f64);

impl Meters {
    /// The great-circle distance between two points whose unit vectors are `chord` apart, on the sphere
    /// of mean radius 6 371.0088 km that [`Position::distance_to`](crate::Position::distance_to) uses.
    pub fn along_great_circle(chord: f64) -> Self {
        Self(2.0 * MEAN_RADIUS * (chord / 2.0).clamp(0.0, 1.0).asin())
    }

    /// How far apart the unit vectors of two points at this great-circle distance are: the inverse.
    pub fn chord(self) -> f64 {
        let half_turn = std::f64::consts::FRAC_PI_2;
        2.0 * (self.0 / (2.0 * MEAN_RADIUS)).clamp(0.0, half_turn).sin()
    }
}

/// A number of people («population municipale»): whole, so that sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Inhabitants(pub u32);

impl Add for Inhabitants {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for Inhabitants {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for Inhabitants {
    fn sum<I: Iterator<Item = Self>>(people: I) -> Self {
        people.fold(Self(0), Add::add)
    }
}

/// How one travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// By car.
    #[default]
    Car,
    /// By bicycle.
    Bike,
    /// On foot.
    Walk,
}

impl Mode {
    /// All modes, in the order they are shown.
    pub const ALL: [Self; 3] = [Self::Car, Self::Bike, Self::Walk];

    /// Its name in a question: `car`, `bike`, `walk`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Car => "car",
            Self::Bike => "bike",
            Self::Walk => "walk",
        }
    }

    /// The mode of a slug, none when there is no such mode.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.slug() == slug)
    }
}

/// A duration of travel in whole deciseconds, quantised once; never 0.
///
/// A time includes the mean leg inside the cell one starts from, so absence (`Option<TravelTime>`,
/// four bytes) is free and needs no sentinel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TravelTime(NonZeroU32);

impl TravelTime {
    /// The shortest time there is, a tenth of a second.
    pub const SHORTEST: Self = Self(NonZeroU32::MIN);

    /// From deciseconds, none for 0.
    pub fn from_deciseconds(deciseconds: u32) -> Option<Self> {
        NonZeroU32::new(deciseconds).map(Self)
    }

    /// From seconds, rounded to the nearest decisecond and to one at least; none when the number is
    /// negative, not finite, or longer than thirteen years.
    pub fn from_seconds(seconds: f64) -> Option<Self> {
        let deciseconds = (seconds * 10.0).round();
        (deciseconds >= 0.0 && deciseconds < f64::from(u32::MAX))
            .then(|| Self::from_deciseconds((deciseconds as u32).max(1)))
            .flatten()
    }

    /// In deciseconds.
    pub fn deciseconds(self) -> u32 {
        self.0.get()
    }

    /// In seconds.
    pub fn seconds(self) -> f64 {
        f64::from(self.0.get()) / 10.0
    }

    /// In minutes, with their fraction.
    pub fn minutes(self) -> f64 {
        f64::from(self.0.get()) / 600.0
    }
}

/// A promise of whole minutes, 1 to 120.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct Minutes(u16);

/// A number of minutes outside 1…120.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a number of minutes from 1 to 120")]
pub struct InvalidMinutes {
    /// The text or number refused.
    pub value: String,
}

impl Minutes {
    /// The longest promise.
    pub const MAX: u16 = 120;

    /// From whole minutes, 1 to 120.
    pub fn new(minutes: u16) -> Result<Self, InvalidMinutes> {
        if (1..=Self::MAX).contains(&minutes) {
            Ok(Self(minutes))
        } else {
            Err(InvalidMinutes { value: minutes.to_string() })
        }
    }

    /// The number of minutes.
    pub fn get(self) -> u16 {
        self.0
    }

    /// The same as a time of travel.
    pub fn time(self) -> TravelTime {
        TravelTime::from_deciseconds(u32::from(self.0) * 600).unwrap_or(TravelTime::SHORTEST)
    }
}

impl FromStr for Minutes {
    type Err = InvalidMinutes;
    fn from_str(text: &str) -> Result<Self, InvalidMinutes> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let refused = || InvalidMinutes { value: text.to_owned() };
        digits.then(|| text.parse().ok()).flatten().and_then(|m| Self::new(m).ok()).ok_or_else(refused)
    }
}

impl TryFrom<u16> for Minutes {
    type Error = InvalidMinutes;
    fn try_from(minutes: u16) -> Result<Self, InvalidMinutes> {
        Self::new(minutes)
    }
}

impl From<Minutes> for u16 {
    fn from(minutes: Minutes) -> Self {
        minutes.0
    }
}

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_time_costs_nothing() {
        assert_eq!(size_of::<Option<TravelTime>>(), 4);
    }

    #[test]
    fn a_time_is_quantised_once_and_never_zero() {
        assert_eq!(TravelTime::from_seconds(0.0), Some(TravelTime::SHORTEST));
        assert_eq!(TravelTime::from_seconds(61.26).map(TravelTime::deciseconds), Some(613));
        assert_eq!(TravelTime::from_seconds(-1.0), None);
        assert_eq!(TravelTime::from_seconds(f64::NAN), None);
        assert_eq!(TravelTime::from_seconds(1e300), None);
    }

    #[test]
    fn a_chord_and_its_arc_are_one_another_s() {
        for m in [0.0, 0.1, 1_000.0, 95_000.0, 6_000_000.0] {
            let Meters(back) = Meters::along_great_circle(Meters(m).chord());
            assert!((back - m).abs() < 1e-6 * m.max(1.0), "{m} → {back}");
        }
        assert_eq!(Meters(3e7).chord(), 2.0, "no two points are farther apart than the antipodes");
    }

    #[test]
    fn minutes_run_from_1_to_120_and_are_digits() {
        assert_eq!("20".parse::<Minutes>().map(Minutes::get), Ok(20));
        for text in ["0", "121", "-5", "+5", "20.5", "", "1e2", "99999999999"] {
            assert!(text.parse::<Minutes>().is_err(), "{text}");
        }
    }
}
