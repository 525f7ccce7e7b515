//! All that access depends on: the mode and what is asked of a venue.

use std::fmt;

use territory::vocabulary::{Term, Terms};
use territory::{Mode, Moment};

use crate::filter::{Open, Reception, VenueFilter};

/// A mode and a filter: the key under which a surface is kept.
///
/// Printed in canonical form (`key=value` joined by `&`, keys and values sorted, defaults dropped),
/// which parses back to the same question.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Question {
    /// How people travel.
    pub mode: Mode,
    /// Which venues count.
    pub filter: VenueFilter,
}

/// A parameter whose value is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{parameter}={value}: {allowed}")]
pub struct InvalidParameter {
    /// Its name.
    pub parameter: String,
    /// The value refused.
    pub value: String,
    /// What is allowed instead.
    pub allowed: String,
}

impl InvalidParameter {
    /// A refusal of `parameter=value`, saying what is `allowed`.
    pub fn new(parameter: &str, value: &str, allowed: impl Into<String>) -> Self {
        // A hostile text must not come back whole, neither here nor in what explains it.
        let clipped = |text: &str, most: usize| text.chars().take(most).collect();
        let allowed: String = allowed.into();
        Self {
            parameter: clipped(parameter, 40),
            value: clipped(value, 80),
            allowed: clipped(&allowed, 2_000),
        }
    }
}

impl Question {
    /// The parameters a question understands.
    pub const PARAMETERS: [&'static str; 12] = [
        "mode",
        "service",
        "public",
        "care",
        "support",
        "entry",
        "programme",
        "label",
        "typology",
        "fee",
        "open",
        "reception",
    ];

    /// Takes one parameter; lists add to what was given before. `false` when it is none of a question's.
    pub fn set(&mut self, parameter: &str, value: &str) -> Result<bool, InvalidParameter> {
        let filter = &mut self.filter;
        match parameter {
            "mode" => {
                self.mode = Mode::from_slug(value)
                    .ok_or_else(|| InvalidParameter::new(parameter, value, "expected car, bike, walk"))?;
            }
            "service" => insert(&mut filter.services, value)?,
            "public" => insert(&mut filter.publics, value)?,
            "care" => insert(&mut filter.care, value)?,
            "support" => insert(&mut filter.supports, value)?,
            "entry" => insert(&mut filter.entries, value)?,
            "programme" => insert(&mut filter.programmes, value)?,
            "label" => insert(&mut filter.labels, value)?,
            "typology" => insert(&mut filter.typologies, value)?,
            "fee" => {
                if value != "any" {
                    insert(&mut filter.fees, value)?;
                }
            }
            "open" => filter.open = open(value)?,
            "reception" => {
                filter.reception = match value {
                    "onsite" => Reception::Onsite,
                    "itinerant" => Reception::Itinerant,
                    _ => {
                        return Err(InvalidParameter::new(parameter, value, "expected onsite, itinerant"));
                    }
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The parameters that differ from their default, sorted by name.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let f = &self.filter;
        let mut all = vec![
            ("care", slugs(f.care)),
            ("entry", slugs(f.entries)),
            ("fee", slugs(f.fees)),
            ("label", slugs(f.labels)),
            ("mode", if self.mode == Mode::default() { String::new() } else { self.mode.slug().to_owned() }),
            ("open", f.open.map(|o| o.to_string()).unwrap_or_default()),
            ("programme", slugs(f.programmes)),
            ("public", slugs(f.publics)),
            (
                "reception",
                if f.reception == Reception::Itinerant { "itinerant".to_owned() } else { String::new() },
            ),
            ("service", slugs(f.services)),
            ("support", slugs(f.supports)),
            ("typology", slugs(f.typologies)),
        ];
        all.retain(|(_, value)| !value.is_empty());
        all
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (key, value)) in self.parameters().into_iter().enumerate() {
            write!(f, "{}{key}={value}", if i == 0 { "" } else { "&" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(moment) => moment.fmt(f),
            Self::Saturday => f.write_str("saturday"),
            Self::Weekend => f.write_str("weekend"),
            Self::Evening => f.write_str("evening"),
        }
    }
}

/// The slugs of a list, sorted, joined by commas.
fn slugs<T: Term>(terms: Terms<T>) -> String {
    let mut slugs: Vec<String> = terms.iter().map(Term::slug).collect();
    slugs.sort();
    slugs.join(",")
}

fn insert<T: Term>(terms: &mut Terms<T>, value: &str) -> Result<(), InvalidParameter> {
    for slug in value.split(',') {
        let term = T::from_slug(slug).ok_or_else(|| {
            let allowed: Vec<String> = T::all().map(Term::slug).collect();
            InvalidParameter::new(T::FIELD, slug, format!("expected {}", allowed.join(", ")))
        })?;
        terms.insert(term);
    }
    Ok(())
}

fn open(value: &str) -> Result<Option<Open>, InvalidParameter> {
    Ok(Some(match value {
        "any" => return Ok(None),
        "saturday" => Open::Saturday,
        "weekend" => Open::Weekend,
        "evening" => Open::Evening,
        _ => Open::At(value.parse::<Moment>().map_err(|_| {
            InvalidParameter::new(
                "open",
                value,
                "expected saturday, weekend, evening, or a moment such as sa-10:00 (days mo tu we th fr sa su)",
            )
        })?),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::{Criterion, Fit};
    use proptest::prelude::*;
    use territory::vocabulary::{Entry, Fee, Service};
    use territory::{OpeningHours, Position, Venue};

    fn question(text: &str) -> Question {
        let mut question = Question::default();
        for (key, value) in text.split('&').filter_map(|pair| pair.split_once('=')) {
            assert!(question.set(key, value).expect(text), "{key}");
        }
        question
    }

    fn venue() -> Venue {
        Venue::new("1", "Maison", Position::from_lon_lat(4.8, 45.7).expect("on Earth"))
    }

    #[test]
    fn the_canonical_form_sorts_and_drops_defaults() {
        let asked =
            question("service=utilisation-securisee-du-numerique&mode=car&fee=paid,free&reception=onsite");
        assert_eq!(asked.to_string(), "fee=free,paid&service=utilisation-securisee-du-numerique");
        assert_eq!(Question::default().to_string(), "");
    }

    #[test]
    fn an_unknown_value_is_refused_by_name_with_what_is_allowed() {
        let refused = Question::default().set("fee", "gratis").expect_err("refused");
        assert_eq!((refused.parameter.as_str(), refused.value.as_str()), ("fee", "gratis"));
        assert!(refused.allowed.contains("pass-numerique"));
        assert_eq!(Question::default().set("minutes", "20"), Ok(false), "not a question's parameter");
    }

    #[test]
    fn what_a_record_does_not_say_never_fits() {
        let asked = question("fee=free");
        assert_eq!(asked.filter.fit(&venue()), Fit::Unknown);
        let mut free = venue();
        free.fees.insert(Fee::Free);
        assert_eq!(asked.filter.fit(&free), Fit::Fits);
        free.fees.insert(Fee::Paid);
        assert_eq!(asked.filter.fit(&free), Fit::Fails, "free means «Gratuit» only");
        assert_eq!(question("fee=paid").filter.fit(&free), Fit::Fits);
    }

    #[test]
    fn one_failure_outweighs_any_unknown() {
        let asked = question("fee=free&service=aide-aux-demarches-administratives");
        let mut other = venue();
        other.services.insert(Service::Leisure);
        assert_eq!(asked.filter.fit(&other), Fit::Fails);
    }

    #[test]
    fn unknown_hours_are_not_closed_and_not_open() {
        let asked = question("open=saturday");
        let mut shut = venue();
        assert_eq!(asked.filter.fit(&shut), Fit::Unknown);
        shut.hours = Some(OpeningHours::new([]));
        assert_eq!(asked.filter.fit(&shut), Fit::Fails);
    }

    #[test]
    fn a_venue_without_public_never_counts() {
        let mut office = venue();
        office.entries.insert(Entry::NoPublic);
        assert_eq!(Question::default().filter.fit(&office), Fit::Fails);
    }

    #[test]
    fn the_criteria_asked_are_those_given() {
        let asked = question("open=weekend&fee=free");
        assert_eq!(asked.filter.asked().collect::<Vec<_>>(), [Criterion::Fee, Criterion::Open]);
    }

    proptest! {
        #[test]
        fn the_canonical_form_parses_back(
            mode in 0usize..3, services in prop::collection::vec(0usize..Service::COUNT, 0..4),
            fees in prop::collection::vec(0usize..Fee::COUNT, 0..3), open in 0usize..5,
        ) {
            let mut asked = Question { mode: Mode::ALL[mode], ..Question::default() };
            asked.filter.services = services.into_iter().filter_map(Service::from_index).collect();
            asked.filter.fees = fees.into_iter().filter_map(Fee::from_index).collect();
            asked.filter.open = [None, Some(Open::Saturday), Some(Open::Weekend), Some(Open::Evening),
                Some(Open::At("we-17:30".parse().expect("a moment")))][open];
            prop_assert_eq!(question(&asked.to_string()), asked);
        }

        #[test]
        fn no_value_makes_the_parser_panic(key in "[a-z]{0,10}", value in "\\PC{0,40}") {
            let _ = Question::default().set(&key, &value);
        }
    }
}
