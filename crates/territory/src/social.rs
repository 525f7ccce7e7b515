//! What the statistics say of the people of a commune.

use serde::{Deserialize, Serialize};

use crate::measure::Inhabitants;

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

/// A score of the published index, 1.0 (least fragile) to 10.0; a mean of classes, so with a fraction.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Score(f64);

/// A number that is no score.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{0} is not a score from 1 to 10")]
pub struct InvalidScore(pub f64);

impl Score {
    /// From 1.0 to 10.0.
    pub fn new(score: f64) -> Result<Self, InvalidScore> {
        if (1.0..=10.0).contains(&score) { Ok(Self(score)) } else { Err(InvalidScore(score)) }
    }

    /// The value, 1.0 to 10.0.
    pub fn get(self) -> f64 {
        self.0
    }

    /// The mean weighted by people, over those where the score is known and someone lives.
    pub fn mean(parts: impl IntoIterator<Item = (Option<Self>, Inhabitants)>) -> Option<Self> {
        let (sum, people) = parts
            .into_iter()
            .filter_map(|(score, people)| Some((score?.0, f64::from(people.0))))
            .fold((0.0, 0.0), |(sum, all), (score, people)| (sum + score * people, all + people));
        // Rounding may leave 1 to 10 by the last bit.
        (people > 0.0).then(|| Self((sum / people).clamp(1.0, 10.0)))
    }
}

impl TryFrom<f64> for Score {
    type Error = InvalidScore;
    fn try_from(score: f64) -> Result<Self, InvalidScore> {
        Self::new(score)
    }
}

impl From<Score> for f64 {
    fn from(score: Score) -> Self {
        score.0
    }
}

/// «Indice de fragilité numérique» (IFN) as La `MedNum` publishes it: five scores and their mean, each
/// none where nobody lives or nothing is published.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct PublishedIndex {
    /// 10 = the largest shares without fixed broadband of 30 Mbit/s.
    pub no_broadband: Option<Score>,
    /// 10 = the largest shares without 4G.
    pub no_4g: Option<Score>,
    /// 10 = the highest poverty rates.
    pub poverty: Option<Score>,
    /// 10 = the largest shares of people aged 65 and over.
    pub seniors: Option<Score>,
    /// 10 = the largest shares without the baccalauréat.
    pub low_diploma: Option<Score>,
    /// The index.
    pub total: Option<Score>,
}

impl PublishedIndex {
    /// The five scores, without their mean.
    pub fn components(&self) -> [Option<Score>; 5] {
        [self.no_broadband, self.no_4g, self.poverty, self.seniors, self.low_diploma]
    }

    /// The plain mean of the five scores, none when one is missing: what the published total is.
    pub fn mean_of_components(&self) -> Option<f64> {
        let known: Vec<f64> = self.components().into_iter().flatten().map(Score::get).collect();
        (known.len() == 5).then(|| known.iter().sum::<f64>() / 5.0)
    }

    /// The mean of several, each score weighted by people over those where it is known.
    pub fn mean(parts: &[(Self, Inhabitants)]) -> Self {
        let of = |score: fn(&Self) -> Option<Score>| {
            Score::mean(parts.iter().map(|(index, people)| (score(index), *people)))
        };
        Self {
            no_broadband: of(|i| i.no_broadband),
            no_4g: of(|i| i.no_4g),
            poverty: of(|i| i.poverty),
            seniors: of(|i| i.seniors),
            low_diploma: of(|i| i.low_diploma),
            total: of(|i| i.total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_score_runs_from_1_to_10() {
        assert_eq!(Score::new(5.84).map(Score::get), Ok(5.84));
        for number in [0.0, 0.99, 10.01, -1.0, f64::NAN, f64::INFINITY, 1e308] {
            assert!(Score::new(number).is_err(), "{number}");
        }
    }

    #[test]
    fn a_mean_leaves_out_what_is_not_known_and_needs_someone() {
        let score = |v| Score::new(v).ok();
        let mean = Score::mean([
            (score(2.0), Inhabitants(300)),
            (score(10.0), Inhabitants(100)),
            (None, Inhabitants(9)),
        ]);
        assert_eq!(mean.map(Score::get), Some(4.0));
        assert_eq!(Score::mean([(score(2.0), Inhabitants(0))]), None);
        let whole = PublishedIndex { seniors: score(2.0), total: score(3.0), ..PublishedIndex::default() };
        assert_eq!(PublishedIndex::mean(&[(whole, Inhabitants(7))]), whole);
        assert_eq!(whole.mean_of_components(), None, "four are missing");
    }

    proptest! {
        #[test]
        fn a_mean_lies_between_the_least_and_the_greatest(
            parts in prop::collection::vec((1.0f64..=10.0, 0u32..1_000_000), 1..20),
        ) {
            let scores = parts.iter().map(|&(v, n)| (Score::new(v).ok(), Inhabitants(n)));
            if let Some(mean) = Score::mean(scores) {
                let lived = parts.iter().filter(|(_, n)| *n > 0).map(|(v, _)| *v);
                let (low, high) = lived.fold((10.0f64, 1.0f64), |(a, b), v| (a.min(v), b.max(v)));
                prop_assert!((low - 1e-9..=high + 1e-9).contains(&mean.get()));
            }
        }
    }
}
