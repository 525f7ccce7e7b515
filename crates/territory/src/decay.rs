//! How much a place counts for a venue, the longer the way: steps of minutes, each with its weight.

use serde::{Deserialize, Serialize};

use crate::measure::{Minutes, TravelTime};

/// A weight that decreases with time, step by step; 0 past the last.
///
/// From one to twelve steps, whose minutes increase and whose weights, more than 0 and at most 1, do not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u16, f64)>", into = "Vec<(u16, f64)>")]
pub struct Decay(Vec<Step>);

/// What counts so much up to some minutes, these included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The longest time.
    pub minutes: Minutes,
    /// The weight of a place no farther, 0 to 1.
    pub weight: f64,
}

/// Steps that are no decay.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidDecay {
    /// What is wrong with them.
    pub reason: String,
}

impl Decay {
    /// The names of the presets, the usual one first.
    ///
    /// `apl-2012`: the localised potential access of the DREES and the IRDES as first published (Barlet et
    /// al., 2012): within 5 minutes all, from 5 to 10 minutes 0.3, from 10 to 15 minutes 0.1. `apl-2015`: the
    /// steps in use since, ⅔ from 10 to 15 minutes and ⅓ from 15 to 20, to be confirmed by a text.
    pub const PRESETS: [&'static str; 2] = ["apl-2012", "apl-2015"];

    /// The most steps.
    const MOST: usize = 12;

    /// Checks steps of (minutes, weight).
    pub fn new(steps: impl IntoIterator<Item = (u16, f64)>) -> Result<Self, InvalidDecay> {
        let refused = |reason: String| Err(InvalidDecay { reason });
        let mut checked: Vec<Step> = Vec::new();
        for (minutes, weight) in steps {
            let Ok(minutes) = Minutes::new(minutes) else {
                return refused(format!(
                    "a step ends at {minutes} minutes; write whole minutes from 1 to 120"
                ));
            };
            if !(weight > 0.0 && weight <= 1.0) {
                return refused(format!("the weight {weight} is not more than 0 and at most 1"));
            }
            if let Some(last) = checked.last() {
                if minutes <= last.minutes {
                    return refused(format!("{minutes} minutes come after {}; sort the steps", last.minutes));
                }
                if weight > last.weight {
                    return refused(format!(
                        "the weight {weight} comes after {}; it decreases with time",
                        last.weight
                    ));
                }
            }
            if checked.len() == Self::MOST {
                return refused(format!("there are more than {} steps", Self::MOST));
            }
            checked.push(Step { minutes, weight });
        }
        if checked.is_empty() { refused("there is no step".to_owned()) } else { Ok(Self(checked)) }
    }

    /// The preset of a name, none when there is no such preset.
    pub fn preset(name: &str) -> Option<Self> {
        let steps = match Self::PRESETS.iter().position(|preset| *preset == name)? {
            0 => [(5, 1.0), (10, 0.3), (15, 0.1)],
            _ => [(10, 1.0), (15, 2.0 / 3.0), (20, 1.0 / 3.0)],
        };
        Self::new(steps).ok()
    }

    /// The name of the preset it is, else `custom`.
    pub fn name(&self) -> &'static str {
        let same = |name: &&&str| Self::preset(name).as_ref() == Some(self);
        Self::PRESETS.iter().find(same).copied().unwrap_or("custom")
    }

    /// The steps, the nearest first.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// The weight of a place so far away.
    pub fn weight(&self, time: TravelTime) -> f64 {
        self.0.iter().find(|step| time <= step.minutes.time()).map_or(0.0, |step| step.weight)
    }

    /// The time past which a place counts for nothing.
    pub fn longest(&self) -> TravelTime {
        self.0.last().map_or(TravelTime::SHORTEST, |step| step.minutes.time())
    }
}

impl Default for Decay {
    fn default() -> Self {
        // A preset is one of the names above.
        Self::preset(Self::PRESETS[0]).unwrap_or_else(|| unreachable!())
    }
}

impl TryFrom<Vec<(u16, f64)>> for Decay {
    type Error = InvalidDecay;
    fn try_from(steps: Vec<(u16, f64)>) -> Result<Self, InvalidDecay> {
        Self::new(steps)
    }
}

impl From<Decay> for Vec<(u16, f64)> {
    fn from(decay: Decay) -> Self {
        decay.0.into_iter().map(|step| (step.minutes.get(), step.weight)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weight(decay: &Decay, deciseconds: u32) -> f64 {
        decay.weight(TravelTime::from_deciseconds(deciseconds).expect("not 0"))
    }

    #[test]
    fn a_step_holds_to_its_last_decisecond() {
        let decay = Decay::default();
        let found = [1, 3000, 3001, 6000, 6001, 9000, 9001].map(|t| weight(&decay, t));
        assert_eq!(found, [1.0, 1.0, 0.3, 0.3, 0.1, 0.1, 0.0]);
        assert_eq!(decay.longest().minutes(), 15.0);
    }

    #[test]
    fn a_preset_knows_its_name_however_it_is_written() {
        for name in Decay::PRESETS {
            assert_eq!(Decay::preset(name).expect(name).name(), name);
        }
        assert_eq!(Decay::new([(5, 1.0), (10, 0.3), (15, 0.1)]).map(|decay| decay.name()), Ok("apl-2012"));
        assert_eq!(Decay::new([(30, 1.0)]).map(|decay| decay.name()), Ok("custom"));
        assert_eq!(Decay::preset("apl-2020"), None);
    }

    #[test]
    fn steps_that_are_no_decay_are_refused_with_what_is_wrong() {
        for (steps, said) in [
            (vec![], "no step"),
            (vec![(0, 1.0)], "0 minutes"),
            (vec![(121, 1.0)], "121 minutes"),
            (vec![(5, 0.0)], "weight 0"),
            (vec![(5, 1.1)], "weight 1.1"),
            (vec![(5, f64::NAN)], "NaN"),
            (vec![(5, 0.5), (5, 0.4)], "sort"),
            (vec![(5, 0.5), (10, 0.6)], "decreases"),
            ((1..=13).map(|i| (i, 1.0)).collect(), "more than 12"),
        ] {
            let refused = Decay::new(steps.clone()).expect_err(said);
            assert!(refused.to_string().contains(said), "{steps:?}: {refused}");
        }
    }

    proptest! {
        #[test]
        fn any_steps_are_refused_or_weigh_less_the_longer_the_way(
            steps in prop::collection::vec((0u16..130, -0.1..1.1f64), 0..5), a in 1u32..80_000, b in 1u32..80_000,
        ) {
            if let Ok(decay) = Decay::new(steps) {
                prop_assert!(weight(&decay, a.min(b)) >= weight(&decay, a.max(b)));
            }
        }
    }
}
