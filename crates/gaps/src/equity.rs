//! «Équité»: whether the most fragile travel further than the others.
//!
//! The concentration index of travel time against fragility (N. Kakwani, A. Wagstaff, E. van Doorslaer,
//! "Socioeconomic inequalities in health", *Journal of Econometrics* 77, 1997; O. O'Donnell and others,
//! *Analyzing Health Equity Using Household Survey Data*, World Bank, 2008, chapter 8):
//! C = 2 · cov(t, R) ÷ mean(t), weighted by people. R is the fractional rank of a person, people ordered
//! **from the most fragile (R near 0) to the least (R near 1)**, those of equal fragility sharing their
//! middle rank.
//!
//! **Sign**, as in those texts for people ordered from the poorest: C below zero, the time is concentrated
//! among the most fragile: they travel further. C above zero, they travel less far.

use access::Reach;
use territory::{Inhabitants, Minutes, RankClass, TravelTime};

use crate::coverage::{Coverage, Crowd};
use crate::fragility::Fragility;

/// People who share a fragility and a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Residents {
    /// How many.
    pub people: Inhabitants,
    /// The index where they live; none without data.
    pub fragility: Option<Fragility>,
    /// How they reach their nearest venue; none when they reach none.
    pub reach: Option<Reach>,
}

/// What the concentration index says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The most fragile travel further.
    Further,
    /// They travel less far.
    Nearer,
    /// No sensible difference.
    Level,
}

impl Reading {
    /// As written in answers.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Further => "further",
            Self::Nearer => "nearer",
            Self::Level => "level",
        }
    }
}

/// Whether the fragile travel further than the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Equity {
    /// The concentration index, −1 to 1; below zero the most fragile travel further.
    pub concentration: f64,
    /// The people ranked: those with an index who reach a venue.
    pub ranked: Inhabitants,
    /// People left out since they reach no venue, thus have no time.
    pub unreachable: Inhabitants,
    /// People left out since their commune has no index, whether they reach a venue or not.
    pub without_index: Inhabitants,
    /// The time half of the fragile do not exceed, the unreachable counting as farthest.
    pub median_fragile: Option<TravelTime>,
    /// The same of all others who have an index.
    pub median_others: Option<TravelTime>,
}

impl Equity {
    /// The size of the index from which a difference is called sensible. An opinion, ours: if the more
    /// fragile half of people all took one time and the other half another, it would be a ratio of
    /// (1 + 2 · 0.05) ÷ (1 − 2 · 0.05) = 1.22 between the two.
    pub const SENSIBLE: f64 = 0.05;

    /// The equity of some people; none when fewer than two values of the index are met among those who
    /// reach a venue: nobody is then more fragile than another.
    pub fn of(residents: &[Residents]) -> Option<Self> {
        let lived = || residents.iter().filter(|r| r.people.0 > 0);
        let sum = |kept: &dyn Fn(&Residents) -> bool| -> Inhabitants {
            lived().filter(|r| kept(r)).map(|r| r.people).sum()
        };
        let ranked: Vec<(Inhabitants, Fragility, TravelTime)> =
            lived().filter_map(|r| Some((r.people, r.fragility?, r.reach?.time))).collect();
        let concentration = concentration(ranked.iter().copied())?;
        let median = |fragile: bool| {
            let of_side = lived().filter(|r| {
                r.fragility.is_some_and(|index| index.at_least(Fragility::FRAGILE_FROM) == fragile)
            });
            Crowd::new(of_side.map(|r| (r.people, r.reach))).quantile(0.5)
        };
        Some(Self {
            concentration,
            ranked: ranked.iter().map(|(people, ..)| *people).sum(),
            unreachable: sum(&|r| r.fragility.is_some() && r.reach.is_none()),
            without_index: sum(&|r| r.fragility.is_none()),
            median_fragile: median(true),
            median_others: median(false),
        })
    }

    /// What the index says.
    pub fn reading(&self) -> Reading {
        if self.concentration <= -Self::SENSIBLE {
            Reading::Further
        } else if self.concentration >= Self::SENSIBLE {
            Reading::Nearer
        } else {
            Reading::Level
        }
    }
}

/// The concentration index of times over people, most fragile first; none under two values of the index.
///
/// With T the sum of all times, t the sum and r the middle rank of the people of one value of the index,
/// C = (2 ÷ T) · Σ t · r − 1: the same as twice the covariance over the mean, since ranks have mean ½.
fn concentration(people: impl Iterator<Item = (Inhabitants, Fragility, TravelTime)>) -> Option<f64> {
    // Whole numbers: 69 million people at thirteen years each would still fit.
    let mut groups: Vec<(f64, u128, u128)> = people
        .map(|(Inhabitants(n), index, time)| {
            (index.get(), u128::from(n), u128::from(n) * u128::from(time.deciseconds()))
        })
        .collect();
    groups.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all: u128 = groups.iter().map(|(_, people, _)| people).sum();
    let total: u128 = groups.iter().map(|(.., time)| time).sum();
    let (mut before, mut twice_ranked, mut values) = (0u128, 0u128, 0);
    for equal in groups.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        let people: u128 = equal.iter().map(|(_, people, _)| people).sum();
        let time: u128 = equal.iter().map(|(.., time)| time).sum();
        // The middle rank is (before + people ÷ 2) ÷ all.
        twice_ranked += time * (2 * before + people);
        before += people;
        values += 1;
    }
    // Rounding may leave −1 to 1 by the last bit.
    (values >= 2).then(|| (twice_ranked as f64 / (all as f64 * total as f64) - 1.0).clamp(-1.0, 1.0))
}

/// What a promise comes to for the people of one class of fragility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassCoverage {
    /// The whole part of the index, 1 to 10; none for people without data, a class of its own.
    pub class: Option<RankClass>,
    /// What it comes to.
    pub coverage: Coverage,
}

/// Coverage by class of fragility, from 1 to 10 then without data: only classes where someone lives.
pub fn by_class(residents: &[Residents], minutes: Minutes) -> Vec<ClassCoverage> {
    let class = |r: &Residents| r.fragility.and_then(|index| RankClass::new(index.get() as u8).ok());
    let classes = (1..=10).filter_map(|n| RankClass::new(n).ok()).map(Some).chain([None]);
    let covered = |wanted: Option<RankClass>| {
        let of_class = residents.iter().filter(|r| class(r) == wanted);
        let coverage = Crowd::new(of_class.map(|r| (r.people, r.reach))).coverage(minutes);
        ClassCoverage { class: wanted, coverage }
    };
    classes.map(covered).filter(|class| class.coverage.population.0 > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use territory::{SocialClasses, VenueIdx};

    /// People whose index is `quarters` ÷ 4, reached in some minutes; none: not at all.
    fn residents(people: u32, quarters: Option<u8>, minutes: Option<u32>) -> Residents {
        // Four classes whose plain mean is wanted: quarters from 4 to 40.
        let class = |i: u8, q: u8| RankClass::new(q / 4 + u8::from(i < q % 4)).ok();
        let fragility = quarters.and_then(|q| {
            Fragility::of(&SocialClasses {
                seniors: class(0, q),
                low_diploma: class(1, q),
                low_income: class(2, q),
                no_fast_broadband: class(3, q),
            })
        });
        assert_eq!(fragility.map(Fragility::get), quarters.map(|q| f64::from(q) / 4.0));
        let time = minutes.and_then(|m| TravelTime::from_deciseconds(600 * m));
        let reach = time.map(|time| Reach { time, venue: VenueIdx(0) });
        Residents { people: Inhabitants(people), fragility, reach }
    }

    fn index(people: &[Residents]) -> f64 {
        Equity::of(people).expect("two values").concentration
    }

    #[test]
    fn the_index_of_three_hamlets_is_the_one_made_by_hand() {
        // 100 people of index 9 at 30 min, 200 of index 5 at 15 min, 100 of index 2 at 10 min.
        // Middle ranks: 50/400, 200/400, 350/400. Mean time 17.5 min.
        // cov = (100·30·0.125 + 200·15·0.5 + 100·10·0.875)/400 − 17.5·0.5 = 6.875 − 8.75 = −1.875.
        // C = 2·(−1.875)/17.5 = −0.2142857….
        let people = [
            residents(100, Some(36), Some(30)),
            residents(200, Some(20), Some(15)),
            residents(100, Some(8), Some(10)),
        ];
        let equity = Equity::of(&people).expect("an index");
        assert!((equity.concentration - -3.75 / 17.5).abs() < 1e-12);
        assert_eq!(equity.reading(), Reading::Further, "the most fragile travel further");
        let minutes = |time: Option<TravelTime>| time.map(TravelTime::minutes);
        assert_eq!((minutes(equity.median_fragile), minutes(equity.median_others)), (Some(30.0), Some(15.0)));
        assert_eq!(equity.ranked, Inhabitants(400));
    }

    #[test]
    fn two_halves_are_just_sensible_at_a_ratio_of_eleven_to_nine() {
        let ratio = |fragile, others| {
            let halves = [residents(50, Some(40), Some(fragile)), residents(50, Some(4), Some(others))];
            Equity::of(&halves).map(|equity| equity.reading())
        };
        assert_eq!(ratio(1100, 900), Some(Reading::Further));
        assert_eq!(ratio(1099, 900), Some(Reading::Level));
        assert_eq!(ratio(900, 1100), Some(Reading::Nearer));
    }

    #[test]
    fn who_has_no_time_or_no_index_is_counted_and_not_ranked() {
        let with = [
            residents(10, Some(36), Some(30)),
            residents(20, Some(8), Some(10)),
            residents(4, Some(36), None),
            residents(7, None, Some(500)),
            residents(3, None, None),
            residents(0, Some(40), None),
        ];
        let equity = Equity::of(&with).expect("an index");
        assert_eq!(equity.concentration, index(&with[..2]), "they change nothing");
        assert_eq!(
            (equity.ranked, equity.unreachable, equity.without_index),
            (Inhabitants(30), Inhabitants(4), Inhabitants(10))
        );
        let far = [residents(4, Some(36), Some(30)), residents(6, Some(36), None), with[1]];
        let median = Equity::of(&far).expect("an index").median_fragile;
        assert_eq!(median, None, "half of the fragile reach nothing: there is no median, not a large one");
    }

    #[test]
    fn one_value_of_the_index_ranks_nobody() {
        let alike = [residents(10, Some(36), Some(30)), residents(20, Some(36), Some(10))];
        assert_eq!(Equity::of(&alike), None);
        assert_eq!(Equity::of(&[]), None);
    }

    #[test]
    fn people_without_data_are_a_class_and_never_class_zero() {
        let people = [
            residents(10, Some(31), Some(30)),
            residents(5, Some(28), Some(10)),
            residents(7, None, Some(90)),
            residents(2, None, None),
        ];
        let classes = by_class(&people, Minutes::new(20).expect("minutes"));
        let told: Vec<_> = classes
            .iter()
            .map(|c| (c.class.map(RankClass::get), c.coverage.population.0, c.coverage.beyond.0))
            .collect();
        assert_eq!(told, [(Some(7), 15, 10), (None, 9, 9)]);
    }

    fn anyone() -> impl Strategy<Value = Vec<Residents>> {
        let one =
            (0u32..5_000, prop::option::weighted(0.9, 4u8..=40), prop::option::weighted(0.9, 1u32..200));
        prop::collection::vec(one.prop_map(|(n, q, m)| residents(n, q, m)), 1..30)
    }

    /// The same by pairs of people, which knows no rank: C = Σ n n′ (t − t′) over pairs of which the first
    /// is the less fragile ÷ (n² · mean).
    fn by_pairs(people: &[Residents]) -> Option<f64> {
        let known: Vec<_> = people
            .iter()
            .filter_map(|r| {
                Some((f64::from(r.people.0), r.fragility?.get(), f64::from(r.reach?.time.deciseconds())))
            })
            .collect();
        let all: f64 = known.iter().map(|(n, ..)| n).sum();
        let time: f64 = known.iter().map(|(n, _, t)| n * t).sum();
        let mut sum = 0.0;
        for (n, index, time) in &known {
            for (others, other_index, other_time) in &known {
                if index < other_index {
                    sum += n * others * (time - other_time);
                }
            }
        }
        (all > 0.0).then(|| sum / (all * time))
    }

    proptest! {
        #[test]
        fn ranks_give_what_pairs_give_and_stay_between_minus_one_and_one(people in anyone()) {
            if let Some(equity) = Equity::of(&people) {
                let slow = by_pairs(&people).expect("someone");
                prop_assert!((equity.concentration - slow).abs() < 1e-9, "{} {slow}", equity.concentration);
                prop_assert!(equity.concentration.abs() <= 1.0);
            }
        }

        #[test]
        fn everyone_gathered_is_ranked_unreachable_or_without_index(people in anyone()) {
            if let Some(equity) = Equity::of(&people) {
                let all: Inhabitants = people.iter().map(|r| r.people).sum();
                prop_assert_eq!(equity.ranked + equity.unreachable + equity.without_index, all);
            }
        }

        #[test]
        fn the_unit_of_time_does_not_matter(people in anyone(), times in 2u32..9) {
            let scaled: Vec<_> = people.iter().map(|r| {
                let time = r.reach.and_then(|reach| TravelTime::from_deciseconds(reach.time.deciseconds() * times));
                Residents { reach: time.map(|time| Reach { time, venue: VenueIdx(0) }), ..*r }
            }).collect();
            let (one, other) = (Equity::of(&people), Equity::of(&scaled));
            prop_assert_eq!(one.is_some(), other.is_some());
            if let Some((one, other)) = one.zip(other) {
                prop_assert!((one.concentration - other.concentration).abs() < 1e-12);
            }
        }

        #[test]
        fn one_time_for_all_is_zero_and_reversed_ranks_change_its_sign(people in anyone()) {
            let level: Vec<_> = people.iter().map(|r| Residents { reach: residents(1, None, Some(9)).reach, ..*r }).collect();
            if let Some(equity) = Equity::of(&level) {
                prop_assert!(equity.concentration.abs() < 1e-12);
            }
            let reversed: Vec<_> = people.iter().map(|r| {
                let quarters = r.fragility.map(|index| 44 - (index.get() * 4.0) as u8);
                Residents { fragility: residents(1, quarters, None).fragility, ..*r }
            }).collect();
            let (one, other) = (Equity::of(&people), Equity::of(&reversed));
            if let Some((one, other)) = one.zip(other) {
                prop_assert!((one.concentration + other.concentration).abs() < 1e-12);
            }
        }

        #[test]
        fn classes_sum_to_all_people_and_to_all_beyond(people in anyone(), minutes in 1u16..=120) {
            let minutes = Minutes::new(minutes).expect("minutes");
            let all = Crowd::new(people.iter().map(|r| (r.people, r.reach))).coverage(minutes);
            let classes = by_class(&people, minutes);
            let sum = |of: fn(&Coverage) -> Inhabitants| classes.iter().map(|c| of(&c.coverage)).sum::<Inhabitants>();
            prop_assert_eq!(sum(|c| c.population), all.population);
            prop_assert_eq!(sum(|c| c.beyond), all.beyond);
            prop_assert_eq!(sum(|c| c.unreachable), all.unreachable);
        }
    }
}
