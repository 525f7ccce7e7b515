//! «Qui est au-delà»: what the statistics of communes let one say of the people a promise leaves out.
//!
//! Nobody's age, diploma or income is known here, only those of communes. Two ways are told apart: the
//! *rate* of a commune applied to its people beyond (an estimate, which supposes that those beyond are
//! like their neighbours), and the people beyond who *live in a commune* of a high national class (exact,
//! but not all of them are what the class says).

use territory::{Inhabitants, RankClass, SocialClasses, SocialRates};

/// What people may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Aged 65 and over.
    Seniors,
    /// Below the baccalauréat.
    LowDiploma,
    /// Of low income.
    LowIncome,
}

/// How people are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The rate of a commune times its people: an estimate.
    CommuneRate,
    /// All people of communes whose national class is [`HIGH_CLASS`] or more.
    CommuneClass,
}

/// The national class from which a commune counts: the three most fragile tenths of communes.
pub const HIGH_CLASS: u8 = 7;

/// The people of a commune, and what is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Settled {
    /// Everyone counted.
    pub people: Inhabitants,
    /// Those beyond the promise.
    pub beyond: Inhabitants,
    /// The rates of the commune; none known where none is given.
    pub rates: SocialRates,
    /// Its national classes.
    pub classes: SocialClasses,
}

/// How many of some kind are beyond.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Profile {
    /// Of which kind.
    pub kind: Kind,
    /// How they are counted.
    pub basis: Basis,
    /// Those beyond.
    pub beyond: Inhabitants,
    /// All of that kind, beyond or not.
    pub people: Inhabitants,
    /// People beyond whose commune says nothing: counted in neither.
    pub unknown: Inhabitants,
    /// Mean rate of the communes of those beyond, weighted by them, 0 to 1; none without rates.
    pub rate_beyond: Option<f64>,
    /// The same of everyone counted.
    pub rate: Option<f64>,
}

impl Kind {
    /// In the order in which they are told.
    pub const ALL: [Self; 3] = [Self::Seniors, Self::LowDiploma, Self::LowIncome];

    /// As written in answers.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Seniors => "seniors",
            Self::LowDiploma => "low-diploma",
            Self::LowIncome => "low-income",
        }
    }

    /// The published rate of a commune, per cent; an income is no rate.
    fn rate(self, rates: &SocialRates) -> Option<f64> {
        match self {
            Self::Seniors => rates.seniors_percent,
            Self::LowDiploma => rates.low_diploma_percent,
            Self::LowIncome => None,
        }
    }

    fn class(self, classes: SocialClasses) -> Option<RankClass> {
        match self {
            Self::Seniors => classes.seniors,
            Self::LowDiploma => classes.low_diploma,
            Self::LowIncome => classes.low_income,
        }
    }
}

impl Basis {
    /// As written in answers.
    pub fn slug(self) -> &'static str {
        match self {
            Self::CommuneRate => "commune-rate",
            Self::CommuneClass => "commune-class",
        }
    }
}

impl Profile {
    /// How many of a kind are beyond; none when no commune says anything of it.
    ///
    /// Only the share of people aged 65 and over is one of *inhabitants*, so only they can be counted by
    /// the rate. That of low diplomas is one of people over 15 out of school, whom nobody counts here: its
    /// mean is told, the people are counted by class. Of incomes only the median is published.
    pub fn of(kind: Kind, communes: &[Settled]) -> Option<Self> {
        let rated = communes.iter().any(|c| kind.rate(&c.rates).is_some());
        let basis = if rated && kind == Kind::Seniors { Basis::CommuneRate } else { Basis::CommuneClass };
        // The part of a commune's people that is of the kind, 0 to 1.
        let part = |c: &Settled| match basis {
            Basis::CommuneRate => kind.rate(&c.rates).map(|percent| percent / 100.0),
            Basis::CommuneClass => {
                kind.class(c.classes).map(|class| if class.get() >= HIGH_CLASS { 1.0 } else { 0.0 })
            }
        };
        communes.iter().find_map(part)?;
        let sum = |people: fn(&Settled) -> Inhabitants| {
            let parts = communes.iter().filter_map(|c| Some(f64::from(people(c).0) * part(c)?));
            Inhabitants(parts.sum::<f64>().round() as u32)
        };
        let mean = |people: fn(&Settled) -> Inhabitants| {
            let rated = communes.iter().filter_map(|c| Some((f64::from(people(c).0), kind.rate(&c.rates)?)));
            let (of_kind, all) =
                rated.fold((0.0, 0.0), |(sum, all), (n, percent)| (sum + n * percent / 100.0, all + n));
            (all > 0.0).then(|| of_kind / all)
        };
        Some(Self {
            kind,
            basis,
            beyond: sum(|c| c.beyond),
            people: sum(|c| c.people),
            unknown: communes.iter().filter(|c| part(c).is_none()).map(|c| c.beyond).sum(),
            rate_beyond: mean(|c| c.beyond),
            rate: mean(|c| c.people),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn commune(people: u32, beyond: u32, seniors: Option<f64>, diploma: Option<f64>, class: u8) -> Settled {
        let class = RankClass::new(class).ok();
        Settled {
            people: Inhabitants(people),
            beyond: Inhabitants(beyond),
            rates: SocialRates {
                seniors_percent: seniors,
                low_diploma_percent: diploma,
                ..SocialRates::default()
            },
            classes: SocialClasses {
                seniors: class,
                low_diploma: class,
                low_income: class,
                ..SocialClasses::default()
            },
        }
    }

    #[test]
    fn a_rate_is_applied_to_the_people_beyond_of_its_commune() {
        let communes = [
            commune(1_000, 400, Some(25.0), Some(50.0), 8),
            commune(500, 100, Some(10.0), Some(30.0), 3),
            commune(200, 50, None, None, 0),
        ];
        let seniors = Profile::of(Kind::Seniors, &communes).expect("rates");
        // 400 · 0.25 + 100 · 0.10, of 1 000 · 0.25 + 500 · 0.10; 50 people say nothing.
        assert_eq!((seniors.beyond, seniors.people), (Inhabitants(110), Inhabitants(300)));
        assert_eq!((seniors.basis, seniors.unknown), (Basis::CommuneRate, Inhabitants(50)));
        assert_eq!((seniors.rate_beyond, seniors.rate), (Some(0.22), Some(0.2)));
    }

    #[test]
    fn a_share_of_people_out_of_school_is_never_applied_to_inhabitants() {
        let communes =
            [commune(1_000, 400, Some(25.0), Some(50.0), 8), commune(500, 100, Some(10.0), Some(30.0), 3)];
        let diploma = Profile::of(Kind::LowDiploma, &communes).expect("classes");
        assert_eq!((diploma.basis, diploma.beyond), (Basis::CommuneClass, Inhabitants(400)));
        assert_eq!(diploma.rate_beyond, Some(0.46), "told, as the share it is");
        let income = Profile::of(Kind::LowIncome, &communes).expect("classes");
        assert_eq!((income.beyond, income.people, income.rate), (Inhabitants(400), Inhabitants(1_000), None));
    }

    #[test]
    fn classes_alone_count_all_people_of_high_communes_and_no_data_is_no_profile() {
        let classes = [commune(1_000, 400, None, None, 7), commune(500, 100, None, None, 6)];
        let seniors = Profile::of(Kind::Seniors, &classes).expect("classes");
        assert_eq!(
            (seniors.basis, seniors.beyond, seniors.rate),
            (Basis::CommuneClass, Inhabitants(400), None)
        );
        assert_eq!(Profile::of(Kind::Seniors, &[commune(10, 10, None, None, 0)]), None, "not a zero");
        assert_eq!(Profile::of(Kind::Seniors, &[]), None);
    }

    proptest! {
        #[test]
        fn no_kind_has_more_people_beyond_than_there_are(
            communes in prop::collection::vec(
                (0u32..10_000, 0.0f64..=1.0, prop::option::of(0.0f64..=100.0), 0u8..=10), 0..20),
        ) {
            let communes: Vec<Settled> = communes.into_iter()
                .map(|(people, share, rate, class)| {
                    commune(people, (f64::from(people) * share) as u32, rate, rate, class)
                })
                .collect();
            let beyond: Inhabitants = communes.iter().map(|c| c.beyond).sum();
            for kind in Kind::ALL {
                if let Some(profile) = Profile::of(kind, &communes) {
                    prop_assert!((profile.beyond + profile.unknown).0 <= beyond.0 + 1, "one by rounding");
                    prop_assert!(profile.beyond <= profile.people);
                }
            }
        }
    }
}
