//! «Équivalents temps plein» (ETP): how many work in a venue.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Full-time equivalents of the staff that helps in a venue: more than 0, at most 1 000.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct FullTimeEquivalents(f64);

/// A number that is none of full-time equivalents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a number of full-time equivalents, more than 0 and at most 1000")]
pub struct InvalidFullTimeEquivalents {
    /// The text or number refused.
    pub value: String,
}

impl FullTimeEquivalents {
    /// More than any venue employs.
    pub const MAX: f64 = 1000.0;

    /// Hours of the legal working week (Code du travail, article L3121-27).
    pub const WEEK: f64 = 35.0;

    /// From a number, more than 0 and at most 1 000.
    pub fn new(number: f64) -> Result<Self, InvalidFullTimeEquivalents> {
        if number > 0.0 && number <= Self::MAX {
            Ok(Self(number))
        } else {
            Err(InvalidFullTimeEquivalents { value: number.to_string() })
        }
    }

    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The hours they work in a week.
    pub fn weekly_hours(self) -> f64 {
        self.0 * Self::WEEK
    }
}

impl FromStr for FullTimeEquivalents {
    type Err = InvalidFullTimeEquivalents;
    /// Digits, with a decimal point or a comma: `0.5`, `1,25`.
    fn from_str(text: &str) -> Result<Self, InvalidFullTimeEquivalents> {
        let refused = || InvalidFullTimeEquivalents { value: text.chars().take(80).collect() };
        let plain = text.len() <= 20 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b',');
        let number = plain.then(|| text.replace(',', ".").parse::<f64>().ok()).flatten();
        number.and_then(|number| Self::new(number).ok()).ok_or_else(refused)
    }
}

impl TryFrom<f64> for FullTimeEquivalents {
    type Error = InvalidFullTimeEquivalents;
    fn try_from(number: f64) -> Result<Self, InvalidFullTimeEquivalents> {
        Self::new(number)
    }
}

impl From<FullTimeEquivalents> for f64 {
    fn from(staff: FullTimeEquivalents) -> Self {
        staff.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn half_a_post_is_seventeen_hours_and_a_half() {
        let half: FullTimeEquivalents = "0,5".parse().expect("a number");
        assert_eq!((half.get(), half.weekly_hours()), (0.5, 17.5));
        for text in ["", "0", "0,0", "-1", "+1", "1e3", "1001", "nan", "inf", "1.2.3", "1 000", "deux"] {
            assert!(text.parse::<FullTimeEquivalents>().is_err(), "{text}");
        }
        assert!(FullTimeEquivalents::new(f64::NAN).is_err() && FullTimeEquivalents::new(1000.0).is_ok());
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[0-9.,]{0,8}|\\PC{0,30}") {
            let _ = text.parse::<FullTimeEquivalents>();
        }
    }
}
