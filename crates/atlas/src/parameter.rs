//! The parameters of an inquiry as a reader is told them: their names, values and defaults.

use territory::vocabulary::{Care, Entry, Fee, Label, Programme, Public, Service, Support, Term, Typology};
use territory::{Minutes, Mode};

/// A parameter of a question, or of an address that answers one.
#[derive(Debug, Clone, Copy)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it asks, in English.
    pub description: &'static str,
    /// What it may be.
    pub values: Values,
    /// What it is when it is not given, none when that is no value.
    pub default: Option<&'static str>,
}

/// What a parameter may be.
#[derive(Debug, Clone, Copy)]
pub enum Values {
    /// A whole number.
    Whole {
        /// The lowest.
        least: u32,
        /// The highest.
        most: u32,
    },
    /// Whole numbers, joined by commas.
    Wholes {
        /// The lowest.
        least: u32,
        /// The highest.
        most: u32,
        /// How many at most.
        count: usize,
    },
    /// Degrees, from minus so many to so many.
    Degrees(u16),
    /// West, south, east, north in degrees.
    Box,
    /// One of some words.
    One(fn() -> Vec<Word>),
    /// Any of some words, joined by commas or in parameters repeated.
    Any(fn() -> Vec<Word>),
    /// A text of a form: a regular expression of ECMA-262.
    Form(&'static str),
    /// Texts of a form, joined by commas.
    Forms(&'static str),
    /// Any text.
    Text {
        /// How many characters at most.
        most: usize,
    },
}

/// A word of a closed list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it is written in a question.
    pub slug: String,
    /// What people call it, where that says more.
    pub label: Option<&'static str>,
}

/// The form of a territory. What [`Territory`](territory::Territory) reads has it; a code must besides exist.
pub const TERRITORY: &str = "^(france|region:([0-9]{2}|9[78][0-9])|departement:([0-9]{2}|2[AB]|9[78][0-9]|69[DM]|6AE)\
|epci:[0-9]{9}|(commune|living-area):[0-9][0-9AB][0-9]{3}|hub:[a-z0-9]+(-[a-z0-9]+)*|polygon:[A-Za-z0-9_.-]{6,})$";

const OPEN: &str = "^(any|saturday|weekend|evening|(mo|tu|we|th|fr|sa|su)-([01][0-9]|2[0-3]):[0-5][0-9])$";

/// The parameters of an inquiry, in the order in which a reader meets them.
pub static PARAMETERS: [Parameter; 15] = [
    Parameter {
        name: "territory",
        description: "Whose people count; several make a union. Venues across the border serve them too. \
                      Find identifiers with /api/territories?q=.",
        values: Values::Forms(TERRITORY),
        default: Some("france"),
    },
    Parameter {
        name: "mode",
        description: "How people travel.",
        values: Values::One(modes),
        default: Some("car"),
    },
    Parameter {
        name: "minutes",
        description: "The promise: nobody should live farther than this from a venue. People are beyond when \
                      it takes them strictly more, or when they reach none.",
        values: Values::Whole { least: 1, most: Minutes::MAX as u32 },
        default: Some("20"),
    },
    any::<Service>("What help the venue gives."),
    any::<Public>("Whom the venue addresses."),
    any::<Care>("Whom the venue is equipped to help."),
    any::<Support>("How one is helped there."),
    any::<Entry>("How one gets in."),
    any::<Programme>("The national programmes the venue belongs to."),
    any::<Label>("The trainings and labels of the venue."),
    any::<Typology>("What kind of structure runs the venue, by its published code."),
    any::<Fee>("What help costs. `free` means «Gratuit» only; `any`, alone, drops the filter."),
    Parameter {
        name: "open",
        description: "When the venue must be open: some time on Saturday, at the weekend, on a weekday after \
                      18:00, or at a moment such as `sa-10:00`.",
        values: Values::Form(OPEN),
        default: Some("any"),
    },
    Parameter {
        name: "reception",
        description: "Venues that receive on site, or only those that move about.",
        values: Values::One(|| words(&["onsite", "itinerant"])),
        default: Some("onsite"),
    },
    Parameter {
        name: "fragility_min",
        description: "Only people living where the fragility index is at least this.",
        values: Values::Whole { least: 1, most: 10 },
        default: None,
    },
];

const fn any<T: Term>(description: &'static str) -> Parameter {
    Parameter { name: T::FIELD, description, values: Values::Any(terms::<T>), default: None }
}

fn terms<T: Term>() -> Vec<Word> {
    T::all().map(|term| Word { slug: term.slug(), label: Some(term.label()) }).collect()
}

/// The modes of travel.
pub fn modes() -> Vec<Word> {
    words(&Mode::ALL.map(Mode::slug))
}

/// Words that need no label.
pub fn words(slugs: &[&str]) -> Vec<Word> {
    slugs.iter().map(|slug| Word { slug: (*slug).to_owned(), label: None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Inquiry;

    #[test]
    fn what_is_described_is_what_is_understood() {
        let mut described: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
        let refusal = crate::unknown("x", "", &[]).allowed;
        let known = refusal.strip_prefix("unknown parameter; known: ").expect("a list");
        let mut known: Vec<&str> = known.split(", ").collect();
        described.sort_unstable();
        known.sort_unstable();
        assert_eq!(described, known);
    }

    #[test]
    fn every_word_described_is_understood_and_no_other() {
        for Parameter { name, values, .. } in PARAMETERS {
            let (good, bad) = match values {
                Values::Whole { least, most } => {
                    ((least..=most).map(|n| n.to_string()).collect(), vec![least - 1, most + 1])
                }
                Values::One(words) | Values::Any(words) => {
                    (words().into_iter().map(|word| word.slug).collect::<Vec<_>>(), vec![0])
                }
                _ => continue,
            };
            assert!(good.len() > 1, "{name}");
            for value in good {
                assert!(Inquiry::parse(&format!("{name}={value}")).is_ok(), "{name}={value}");
            }
            for value in bad {
                assert!(Inquiry::parse(&format!("{name}={value}")).is_err(), "{name}={value}");
            }
        }
    }

    #[test]
    fn lists_are_lists_and_the_others_are_given_once() {
        for Parameter { name, values, .. } in PARAMETERS {
            let twice = match values {
                Values::Any(words) => {
                    let slugs: Vec<String> = words().into_iter().map(|word| word.slug).collect();
                    assert!(Inquiry::parse(&format!("{name}={}", slugs.join(","))).is_ok(), "{name}");
                    format!("{name}={}&{name}={}", slugs[0], slugs[1])
                }
                Values::Forms(_) => "territory=commune:01001&territory=departement:63".to_owned(),
                Values::One(words) => format!("{name}={}&{name}={}", words()[0].slug, words()[1].slug),
                Values::Whole { .. } => format!("{name}=5&{name}=6"),
                _ => format!("{name}=saturday&{name}=weekend"),
            };
            // The same again is the same.
            let one = twice.split('&').next().expect("a value");
            assert_eq!(Inquiry::parse(&format!("{one}&{one}")), Inquiry::parse(one), "{one}");
            assert!(Inquiry::parse(one).is_ok(), "{one}");
            let list = matches!(values, Values::Any(_) | Values::Forms(_));
            assert_eq!(Inquiry::parse(&twice).is_ok(), list, "{twice}");
        }
    }

    #[test]
    fn a_default_said_aloud_changes_nothing() {
        for Parameter { name, default, .. } in PARAMETERS {
            if let Some(value) = default {
                assert_eq!(Inquiry::parse(&format!("{name}={value}")), Ok(Inquiry::default()), "{name}");
            }
        }
    }
}
