//! The open index of digital fragility: four national rank classes and their mean.
//!
//! Components: people aged 65 and over, people without the baccalauréat (census), low median income
//! (Filosofi), premises without fixed broadband of 30 Mbit/s (Arcep). It is not the published IFN,
//! which also counts poverty and 4G and leaves out median income; [`rank_correlation`] and
//! `docs/method.md` compare them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use territory::{CommuneCode, Inhabitants, RankClass, SocialClasses, SocialRates};

/// The index of a commune, from 1 to 10, ten the most fragile; a mean of classes, so with a fraction.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
pub struct Fragility(f64);

impl Fragility {
    /// People are called fragile from this value on when a question does not say.
    pub const FRAGILE_FROM: u8 = 7;

    /// The fewest components that make an index.
    const FEWEST_COMPONENTS: usize = 3;

    /// The plain mean of the classes known; none when fewer than three are: no data is not a zero.
    pub fn of(classes: &SocialClasses) -> Option<Self> {
        let known = [classes.seniors, classes.low_diploma, classes.low_income, classes.no_fast_broadband];
        let known: Vec<f64> = known.into_iter().flatten().map(|c| f64::from(c.get())).collect();
        (known.len() >= Self::FEWEST_COMPONENTS).then(|| Self(known.iter().sum::<f64>() / known.len() as f64))
    }

    /// The population-weighted mean, over those where it is known.
    pub fn mean(parts: impl IntoIterator<Item = (Option<Self>, Inhabitants)>) -> Option<Self> {
        let (sum, people) = parts
            .into_iter()
            .filter_map(|(index, people)| Some((index?.0, f64::from(people.0))))
            .fold((0.0, 0.0), |(sum, all), (index, people)| (sum + index * people, all + people));
        (people > 0.0).then(|| Self(sum / people))
    }

    /// The value, 1 to 10.
    pub fn get(self) -> f64 {
        self.0
    }

    /// Whether it is at least a whole value.
    pub fn at_least(self, floor: u8) -> bool {
        self.0 >= f64::from(floor)
    }
}

/// The rank classes of every commune, each rate ranked over all communes that have it.
pub fn classify(rates: &BTreeMap<CommuneCode, SocialRates>) -> BTreeMap<CommuneCode, SocialClasses> {
    let column =
        |value: fn(&SocialRates) -> Option<f64>| rank_classes(&rates.values().map(value).collect::<Vec<_>>());
    let seniors = column(|r| r.seniors_percent);
    let low_diploma = column(|r| r.low_diploma_percent);
    // The lowest income is the most fragile.
    let low_income = column(|r| r.median_income_euros.map(|euros| -euros));
    let no_fast_broadband = column(|r| r.no_fast_broadband_percent);
    rates
        .keys()
        .enumerate()
        .map(|(i, &code)| {
            let classes = SocialClasses {
                seniors: seniors[i],
                low_diploma: low_diploma[i],
                low_income: low_income[i],
                no_fast_broadband: no_fast_broadband[i],
            };
            (code, classes)
        })
        .collect()
}

/// Tenths by rank, equal values sharing their mean rank: `class = 1 + ⌊10 · mean rank / n⌋`.
fn rank_classes(values: &[Option<f64>]) -> Vec<Option<RankClass>> {
    let known: Vec<(usize, f64)> =
        values.iter().enumerate().filter_map(|(i, v)| v.filter(|v| v.is_finite()).map(|v| (i, v))).collect();
    let mut classes = vec![None; values.len()];
    for (&(i, _), rank) in known.iter().zip(mid_ranks(known.iter().map(|&(_, v)| v))) {
        let class = 1 + (10.0 * rank / known.len() as f64) as u8;
        classes[i] = RankClass::new(class.min(10)).ok();
    }
    classes
}

/// The rank of each value, equal ones sharing the mean of theirs. Ranks start at ½, so that n values
/// fill ten classes evenly.
fn mid_ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut sorted: Vec<(f64, usize)> = values.zip(0..).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut ranks = vec![0.0; sorted.len()];
    let mut below = 0;
    for equal in sorted.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let rank = below as f64 + equal.len() as f64 / 2.0;
        for &(_, i) in equal {
            ranks[i] = rank;
        }
        below += equal.len();
    }
    ranks
}

/// How alike two orders are, and over how many.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RankCorrelation {
    /// Spearman's ρ, −1 (opposite orders) to 1 (the same order).
    pub rho: f64,
    /// The number of pairs.
    pub n: usize,
}

impl RankCorrelation {
    /// The fewest pairs that are worth a figure.
    pub const FEWEST: usize = 10;
}

/// Spearman's ρ (C. Spearman, 1904): the linear correlation of the ranks, equal values sharing their
/// mean rank. None for fewer than ten pairs, or when all values of one side are equal.
pub fn rank_correlation(pairs: &[(f64, f64)]) -> Option<RankCorrelation> {
    let n = pairs.len();
    if n < RankCorrelation::FEWEST {
        return None;
    }
    let (a, b) = (mid_ranks(pairs.iter().map(|p| p.0)), mid_ranks(pairs.iter().map(|p| p.1)));
    // Mid-ranks always sum to n² / 2.
    let mean = n as f64 / 2.0;
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| (x - mean) * (y - mean)).sum::<f64>();
    let spread = (product(&a, &a) * product(&b, &b)).sqrt();
    // Rounding may leave −1 to 1 by the last bit.
    (spread > 0.0).then(|| RankCorrelation { rho: (product(&a, &b) / spread).clamp(-1.0, 1.0), n })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classes(values: &[f64]) -> Vec<u8> {
        let known: Vec<_> = values.iter().map(|&v| Some(v)).collect();
        rank_classes(&known).into_iter().map(|c| c.map_or(0, RankClass::get)).collect()
    }

    fn class(c: u8) -> Option<RankClass> {
        RankClass::new(c).ok()
    }

    #[test]
    fn twenty_values_fill_ten_classes_two_by_two() {
        let values: Vec<f64> = (0..20).map(f64::from).collect();
        let expected: Vec<u8> = (0..20).map(|i| 1 + i / 2).collect();
        assert_eq!(classes(&values), expected);
    }

    #[test]
    fn equal_values_share_one_class() {
        assert_eq!(classes(&[5.0, 5.0, 5.0, 5.0]), [6, 6, 6, 6]);
        assert_eq!(classes(&[1.0]), [6]);
    }

    #[test]
    fn an_index_needs_three_components() {
        let mut known =
            SocialClasses { seniors: class(4), low_diploma: class(8), ..SocialClasses::default() };
        assert_eq!(Fragility::of(&known), None);
        known.low_income = class(9);
        assert_eq!(Fragility::of(&known).map(Fragility::get), Some(7.0));
        assert!(Fragility::of(&known).is_some_and(|f| f.at_least(7) && !f.at_least(8)));
    }

    #[test]
    fn a_mean_weighs_people_and_leaves_out_what_is_not_known() {
        let index = |v: f64| Some(Fragility(v));
        let mean = Fragility::mean([
            (index(2.0), Inhabitants(300)),
            (index(10.0), Inhabitants(100)),
            (None, Inhabitants(9)),
        ]);
        assert_eq!(mean.map(Fragility::get), Some(4.0));
        assert_eq!(Fragility::mean([(None, Inhabitants(9))]), None);
    }

    #[test]
    fn the_lowest_income_is_the_most_fragile() {
        let rates = |euros| SocialRates { median_income_euros: Some(euros), ..SocialRates::default() };
        let code = |text: &str| text.parse::<CommuneCode>().expect(text);
        let table = BTreeMap::from([(code("01001"), rates(30_000.0)), (code("01002"), rates(15_000.0))]);
        let classes = classify(&table);
        assert!(classes[&code("01002")].low_income > classes[&code("01001")].low_income);
        assert_eq!(classes[&code("01001")].seniors, None);
    }

    fn rho(pairs: &[(f64, f64)]) -> Option<f64> {
        rank_correlation(pairs).map(|correlation| correlation.rho)
    }

    #[test]
    fn the_same_order_correlates_wholly_and_the_opposite_one_inversely() {
        let rising: Vec<_> = (0..10).map(|i| (f64::from(i), f64::from(i * i))).collect();
        assert_eq!(rho(&rising), Some(1.0));
        let falling: Vec<_> = rising.iter().map(|&(a, b)| (a, -b)).collect();
        assert_eq!(rho(&falling), Some(-1.0));
        assert_eq!(rank_correlation(&rising[1..]), None, "nine are too few");
        let flat: Vec<_> = rising.iter().map(|&(a, _)| (a, 5.0)).collect();
        assert_eq!(rho(&flat), None, "what never varies has no order");
    }

    #[test]
    fn without_ties_it_is_the_formula_of_the_textbooks() {
        // 1 − 6 Σ d² / (n (n² − 1)), d the difference of ranks: here two neighbours swapped, Σ d² = 2.
        let mut pairs: Vec<_> = (0..10).map(|i| (f64::from(i), f64::from(i))).collect();
        (pairs[3].1, pairs[4].1) = (4.0, 3.0);
        let expected = 1.0 - 6.0 * 2.0 / (10.0 * 99.0);
        assert!(rho(&pairs).is_some_and(|found| (found - expected).abs() < 1e-12));
    }

    #[test]
    fn equal_values_share_their_mean_rank() {
        // Ranks of the left: 1…10; of the right: five 3s (mean rank 3) and five 8s. Pearson's of the ranks:
        // Σ(x−5.5)(y−5.5) = 62.5, Σ(x−5.5)² = 82.5, Σ(y−5.5)² = 62.5.
        let pairs: Vec<_> = (0..10).map(|i| (f64::from(i), if i < 5 { 3.0 } else { 8.0 })).collect();
        let expected = 62.5 / (82.5f64 * 62.5).sqrt();
        assert!(rho(&pairs).is_some_and(|found| (found - expected).abs() < 1e-12));
    }

    proptest! {
        #[test]
        fn only_order_counts_and_either_side_may_come_first(
            pairs in prop::collection::vec((-5i32..5, -5i32..5), 10..40),
        ) {
            let pairs: Vec<(f64, f64)> = pairs.iter().map(|&(a, b)| (f64::from(a), f64::from(b))).collect();
            let stretched: Vec<_> = pairs.iter().map(|&(a, b)| (a.exp(), b * 3.0 + 1.0)).collect();
            prop_assert_eq!(rank_correlation(&stretched), rank_correlation(&pairs));
            let swapped: Vec<_> = pairs.iter().map(|&(a, b)| (b, a)).collect();
            let (one, other) = (rho(&pairs), rho(&swapped));
            prop_assert_eq!(one.is_some(), other.is_some());
            if let Some((one, other)) = one.zip(other) {
                prop_assert!((one - other).abs() < 1e-12 && one.abs() <= 1.0);
            }
        }
    }
}
