//! Whom a promise is asked about: one parser for URLs, the command line and files.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use access::{InvalidParameter, Question};
use gaps::{Fragility, Promise};
use territory::{Minutes, Perimeter, RankClass, Territory};

/// A promise, the people it is about, and how fragile they must be.
///
/// Printed in canonical form, which parses back to the same inquiry: the key of caches and permalinks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Inquiry {
    /// What is promised.
    pub promise: Promise,
    /// Whose people count; venues elsewhere count too.
    pub perimeter: Perimeter,
    /// Only people living where the fragility index is at least this.
    pub fragility_min: Option<RankClass>,
}

impl Inquiry {
    /// The most values a client may name in all lists together.
    const MOST_VALUES: usize = 500;

    /// The parameters that may be given once only.
    const SINGLE: [&'static str; 5] = ["mode", "minutes", "open", "reception", "fragility_min"];

    /// Reads a query string, `territory=departement:63&minutes=20`, and refuses what is not an inquiry's.
    pub fn parse(query: &str) -> Result<Self, InvalidParameter> {
        let (inquiry, rest) = Self::take(query)?;
        match rest.first() {
            None => Ok(inquiry),
            Some((key, value)) => Err(unknown(key, value, &[])),
        }
    }

    /// Reads a query string and returns, besides the inquiry, the decoded parameters that are not its own.
    pub fn take(query: &str) -> Result<(Self, Vec<(String, String)>), InvalidParameter> {
        let mut inquiry = Self::default();
        let mut territories: BTreeSet<Territory> = BTreeSet::new();
        let mut rest = Vec::new();
        let mut given: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut values = 0;
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            // Only its own parameters are lists of values: a filter may hold commas.
            let listed = key == "territory" || Question::PARAMETERS.contains(&key.as_ref());
            let of_key = given.entry(key.clone().into_owned()).or_default();
            let first = of_key.is_empty();
            let new = of_key.insert(value.clone().into_owned());
            // Said again it asks for nothing else: QGIS and GDAL repeat the question of the address they were given on
            // links that have it already.
            if !new && (listed || Self::SINGLE.contains(&key.as_ref())) {
                continue;
            }
            values += 1 + value.bytes().filter(|&b| b == b',' && listed).count();
            if values > Self::MOST_VALUES {
                return Err(InvalidParameter::new(
                    &key,
                    &value,
                    format!("at most {} values in all", Self::MOST_VALUES),
                ));
            }
            if value.contains(char::REPLACEMENT_CHARACTER) || key.contains(char::REPLACEMENT_CHARACTER) {
                return Err(InvalidParameter::new(&key, &value, "not UTF-8"));
            }
            if !first && Self::SINGLE.contains(&key.as_ref()) {
                return Err(InvalidParameter::new(&key, &value, "given twice, and not the same; keep one"));
            }
            match key.as_ref() {
                "territory" => {
                    for text in value.split(',') {
                        let territory = text.parse();
                        territories.insert(territory.map_err(
                            |e: territory::perimeter::InvalidTerritory| {
                                InvalidParameter::new(&key, text, e.to_string())
                            },
                        )?);
                    }
                }
                "minutes" => {
                    let minutes = value.parse::<Minutes>();
                    inquiry.promise.minutes = minutes.map_err(|_| {
                        InvalidParameter::new(&key, &value, "expected whole minutes from 1 to 120")
                    })?;
                }
                "fragility_min" => {
                    let floor = value.parse::<u8>().ok().and_then(|f| RankClass::new(f).ok());
                    inquiry.fragility_min =
                        Some(floor.ok_or_else(|| InvalidParameter::new(&key, &value, "expected 1 to 10"))?);
                }
                _ => {
                    if !inquiry.promise.question.set(&key, &value)? {
                        rest.push((key.into_owned(), value.into_owned()));
                    }
                }
            }
        }
        inquiry.perimeter = Perimeter::new(territories);
        Ok((inquiry, rest))
    }

    /// The usual promise, asked about a territory.
    pub fn of(territory: Territory) -> Self {
        Self { perimeter: Perimeter::new([territory]), ..Self::default() }
    }

    /// The value of the index from which people are called fragile in this inquiry.
    pub fn fragile_from(&self) -> u8 {
        self.fragility_min.map_or(Fragility::FRAGILE_FROM, RankClass::get)
    }

    /// About how many bytes it takes as the key of a cache: a list of territories is the client's to lengthen.
    pub(crate) fn bytes(&self) -> u64 {
        // A set's nodes are half full at worst.
        let territory = |t: &Territory| 2 * size_of::<Territory>() + t.code().len();
        (size_of::<Self>() + self.perimeter.territories().map(territory).sum::<usize>()) as u64
    }

    /// The parameters that differ from their default, sorted by name.
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut all = self.promise.question.parameters();
        if let Some(floor) = self.fragility_min {
            all.push(("fragility_min", floor.get().to_string()));
        }
        if self.promise.minutes != Promise::default().minutes {
            all.push(("minutes", self.promise.minutes.to_string()));
        }
        if !self.perimeter.is_everyone() {
            all.push(("territory", self.perimeter.to_string()));
        }
        all.sort();
        all
    }
}

impl fmt::Display for Inquiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (key, value)) in self.parameters().into_iter().enumerate() {
            write!(f, "{}{key}={value}", if i == 0 { "" } else { "&" })?;
        }
        Ok(())
    }
}

/// The refusal of a parameter nobody here knows; `others` are those the caller does, besides an inquiry's.
pub fn unknown(key: &str, value: &str, others: &[&str]) -> InvalidParameter {
    let known = ["territory", "minutes", "fragility_min"].into_iter().chain(Question::PARAMETERS);
    let known: Vec<&str> = known.chain(others.iter().copied()).collect();
    let key: String = key.chars().take(40).collect();
    InvalidParameter::new(&key, value, format!("unknown parameter; known: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn canonical(query: &str) -> String {
        Inquiry::parse(query).expect(query).to_string()
    }

    #[test]
    fn the_canonical_form_sorts_and_drops_defaults() {
        assert_eq!(
            canonical(
                "territory=departement:63,departement:03&minutes=20&mode=walk&territory=departement:03"
            ),
            "mode=walk&territory=departement:03,departement:63"
        );
        assert_eq!(canonical("minutes=20&mode=car&territory=france"), "");
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        for (query, parameter) in [
            ("minute=20", "minute"),
            ("minutes=0", "minutes"),
            ("minutes=10&minutes=20", "minutes"),
            ("territory=departement:2C", "territory"),
            ("fragility_min=11", "fragility_min"),
            ("service=aide", "service"),
        ] {
            assert_eq!(Inquiry::parse(query).expect_err(query).parameter, parameter);
        }
    }

    #[test]
    fn a_list_without_end_is_refused() {
        let many = vec!["commune:01001"; 501].join(",");
        assert!(Inquiry::parse(&format!("territory={many}")).is_err());
    }

    #[test]
    fn a_longer_list_weighs_more() {
        let bytes = |query: &str| Inquiry::parse(query).expect(query).bytes();
        let one = bytes("territory=commune:01001");
        assert!(bytes("") >= size_of::<Inquiry>() as u64 && one > bytes(""));
        let many: Vec<String> = (1..=400).map(|n| format!("commune:01{n:03}")).collect();
        assert!(bytes(&format!("territory={}", many.join(","))) > 300 * (one - bytes("")));
    }

    #[test]
    fn percent_encoded_colons_are_colons() {
        assert_eq!(canonical("territory=departement%3A63"), "territory=departement:63");
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_becomes_canonical_once(query in "\\PC{0,60}") {
            if let Ok(inquiry) = Inquiry::parse(&query) {
                prop_assert_eq!(Inquiry::parse(&inquiry.to_string()), Ok(inquiry));
            }
        }
    }
}
