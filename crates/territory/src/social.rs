//! What the statistics say of the people of a commune.

use serde::{Deserialize, Serialize};

/// Published rates of a commune; none where secret or missing.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct SocialRates {
    /// Share of inhabitants aged 65 and over, per cent.
    pub seniors_percent: Option<f64>,
    /// Share without the baccalauréat among people over 15 out of school, per cent.
    pub low_diploma_percent: Option<f64>,
    /// Median disposable income per consumption unit, euros a year.
    pub median_income_euros: Option<f64>,
    /// Share of premises without fixed broadband of 30 Mbit/s, per cent.
    pub no_fast_broadband_percent: Option<f64>,
}

/// A national rank class, 1 (least fragile tenth of communes) to 10 (most fragile).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct RankClass(u8);

/// A number that is no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a rank class from 1 to 10")]
pub struct InvalidRankClass(pub u8);

impl RankClass {
    /// From 1 to 10.
    pub fn new(class: u8) -> Result<Self, InvalidRankClass> {
        if (1..=10).contains(&class) { Ok(Self(class)) } else { Err(InvalidRankClass(class)) }
    }

    /// The number of the class.
    pub fn get(self) -> u8 {
        self.0
    }
}

impl TryFrom<u8> for RankClass {
    type Error = InvalidRankClass;
    fn try_from(class: u8) -> Result<Self, InvalidRankClass> {
        Self::new(class)
    }
}

impl From<RankClass> for u8 {
    fn from(class: RankClass) -> Self {
        class.0
    }
}

/// The rank classes of a commune, one per rate; none where the rate is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SocialClasses {
    /// 10 = the largest shares of people aged 65 and over.
    pub seniors: Option<RankClass>,
    /// 10 = the largest shares without the baccalauréat.
    pub low_diploma: Option<RankClass>,
    /// 10 = the lowest median incomes.
    pub low_income: Option<RankClass>,
    /// 10 = the largest shares without fixed broadband of 30 Mbit/s.
    pub no_fast_broadband: Option<RankClass>,
}
