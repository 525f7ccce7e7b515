//! Where a figure comes from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// «Millésime»: the year, month or day a table describes (`2025`, `2024-08`, `2021-05-05`), or, of a
/// source that does not say it, [«non précisée»](Vintage::unstated).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vintage(String);

/// A vintage that is no year, month or day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a vintage: expected a year, year-month or year-month-day such as 2024-08")]
pub struct InvalidVintage {
    /// The text refused.
    pub value: String,
}

/// What is shown of a source without a date.
const UNSTATED: &str = "non précisée";

impl Vintage {
    /// Of a source that does not say when it is true; shown as «non précisée».
    pub fn unstated() -> Self {
        Self(UNSTATED.to_owned())
    }
}

/// A date; what is not stated is no date.
impl FromStr for Vintage {
    type Err = InvalidVintage;
    fn from_str(text: &str) -> Result<Self, InvalidVintage> {
        let mut parts = text.split('-');
        let mut part = |len: usize, max: u16| match parts.next() {
            None => true,
            Some(p) => {
                p.len() == len
                    && p.bytes().all(|b| b.is_ascii_digit())
                    && p.parse::<u16>().is_ok_and(|n| n >= 1 && n <= max)
            }
        };
        let valid = part(4, 9999) && part(2, 12) && part(2, 31) && parts.next().is_none();
        valid.then(|| Self(text.to_owned())).ok_or_else(|| InvalidVintage { value: text.to_owned() })
    }
}

/// What was written: a date, or «non précisée».
impl TryFrom<String> for Vintage {
    type Error = InvalidVintage;
    fn try_from(text: String) -> Result<Self, InvalidVintage> {
        if text == UNSTATED { Ok(Self::unstated()) } else { text.parse() }
    }
}

impl From<Vintage> for String {
    fn from(vintage: Vintage) -> Self {
        vintage.0
    }
}

impl fmt::Display for Vintage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A published table that an atlas was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// What it is, in French, as shown to people.
    pub name: String,
    /// When it is true.
    pub vintage: Vintage,
    /// Under which licence it may be used, or that it is unstated.
    pub licence: String,
    /// SHA-256 of the bytes read, in hexadecimal.
    pub sha256: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vintage_is_a_year_a_month_or_a_day() {
        for text in ["2025", "2024-08", "2021-05-05"] {
            assert_eq!(text.parse::<Vintage>().expect(text).to_string(), text);
        }
        for text in ["", "24", "2024-13", "2024-8", "2024-08-32", "2024-08-01-01", "août 2024"] {
            assert!(text.parse::<Vintage>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_stated_is_no_date_but_is_read_back() {
        let unstated = Vintage::unstated();
        assert_eq!(Vintage::try_from(unstated.to_string()), Ok(unstated));
        assert!("non précisée".parse::<Vintage>().is_err() && Vintage::try_from("?".to_owned()).is_err());
    }
}
