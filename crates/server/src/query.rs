//! The parameters of a request: those its operation declares, and no other.

use atlas::{Atlas, Inquiry, InvalidParameter, Parameter, Values};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use territory::Perimeter;

use crate::operation::{Operation, Takes};
use crate::problem::Problem;
use crate::representation::Freshness;

/// What a request asks: an inquiry, and the parameters of the route besides.
pub(crate) struct Query {
    pub(crate) inquiry: Inquiry,
    rest: Vec<(String, String)>,
    operation: &'static Operation,
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    /// Reads the query string by the operation that the router put beside the request.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let operation = parts.extensions.get::<&'static Operation>().ok_or(Problem::Internal)?;
        Self::parse(operation, parts.uri.query().unwrap_or_default())
    }
}

impl Query {
    /// The same about ground drawn, with that of the territories named if there are any.
    pub(crate) fn within(mut self, drawn: &Perimeter) -> Self {
        let named = self.inquiry.perimeter.territories().chain(drawn.territories()).cloned();
        self.inquiry.perimeter = Perimeter::new(named.collect::<Vec<_>>());
        self
    }

    /// Reads a query string; what its operation does not declare is refused.
    pub(crate) fn parse(operation: &'static Operation, query: &str) -> Result<Self, Problem> {
        let (inquiry, rest) = match operation.takes {
            Takes::Nothing => {
                (Inquiry::default(), form_urlencoded::parse(query.as_bytes()).into_owned().collect())
            }
            Takes::Inquiry => Inquiry::take(query)?,
            Takes::InPath => {
                let (inquiry, rest) = Inquiry::take(query)?;
                if form_urlencoded::parse(query.as_bytes()).any(|(key, _)| key == "territory") {
                    let given = inquiry.perimeter.to_string();
                    let allowed = "already in the path; drop the parameter";
                    return Err(InvalidParameter::new("territory", &given, allowed).into());
                }
                (inquiry, rest)
            }
        };
        for (i, (key, value)) in rest.iter().enumerate() {
            let Some(parameter) = operation.parameters.iter().find(|parameter| parameter.name == key) else {
                return Err(unknown(operation, key, value).into());
            };
            if value.contains(char::REPLACEMENT_CHARACTER) {
                return Err(InvalidParameter::new(key, value, "not UTF-8").into());
            }
            if rest[..i].iter().any(|(other, _)| other == key) {
                return Err(InvalidParameter::new(key, value, "given twice; keep one").into());
            }
            check(parameter, value)?;
        }
        let absent = |name: &&&str| !rest.iter().any(|(key, _)| key == **name);
        if let Some(missing) = operation.required.iter().find(absent) {
            let parameter = operation.parameters.iter().find(|parameter| parameter.name == *missing);
            let said = parameter.map_or("", |parameter| parameter.description);
            return Err(InvalidParameter::new(missing, "", format!("required. {said}")).into());
        }
        Ok(Self { inquiry, rest, operation })
    }

    /// The value of a parameter of the route, its default when it has one.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        debug_assert!(self.operation.parameter(key).is_some(), "{key} is not declared");
        self.given(key).or_else(|| self.operation.parameter(key)?.default)
    }

    /// The value of a parameter of the route, when the request gives it.
    pub(crate) fn given(&self, key: &str) -> Option<&str> {
        self.rest.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// A whole number of the route, which has a default.
    pub(crate) fn number(&self, key: &str) -> Result<usize, Problem> {
        // Checked when it was read: what does not parse here is a row of the table without a default.
        self.get(key).and_then(|text| text.parse().ok()).ok_or(Problem::Internal)
    }

    /// How long an answer about an atlas may be kept: for ever when the address names that atlas.
    pub(crate) fn freshness(&self, atlas: &Atlas) -> Freshness {
        let version = atlas.id().get(..12).unwrap_or_default();
        let is_named = self.get("v").is_some_and(|v| v == version);
        if is_named { Freshness::Immutable } else { Freshness::Revalidate }
    }

    /// All that an answer depends on, in canonical form.
    pub(crate) fn key(&self) -> String {
        let mut rest: Vec<_> = self.rest.iter().filter(|(key, _)| key != "v").collect();
        if rest.is_empty() {
            return Self::usual(&self.inquiry);
        }
        rest.sort();
        format!("{}|{rest:?}", self.inquiry)
    }

    /// The same of an inquiry and no parameter of the route.
    pub(crate) fn usual(inquiry: &Inquiry) -> String {
        inquiry.to_string()
    }
}

/// Refuses a value that the table does not allow; what only the atlas can judge is left to the route.
fn check(parameter: &Parameter, value: &str) -> Result<(), InvalidParameter> {
    let allowed = match parameter.values {
        Values::Whole { least, most } => {
            let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
            let number: Option<u32> = digits.then(|| value.parse().ok()).flatten();
            if number.is_some_and(|n| (least..=most).contains(&n)) {
                return Ok(());
            }
            format!("expected {least} to {most}")
        }
        Values::One(words) => {
            let words = words();
            if words.iter().any(|word| word.slug == value) {
                return Ok(());
            }
            let slugs: Vec<String> = words.into_iter().map(|word| word.slug).collect();
            format!("expected {}", slugs.join(", "))
        }
        Values::Text { most } => {
            if !value.trim().is_empty() && value.chars().count() <= most {
                return Ok(());
            }
            format!("expected a text of at most {most} characters")
        }
        _ => return Ok(()),
    };
    Err(InvalidParameter::new(parameter.name, value, allowed))
}

fn unknown(operation: &Operation, key: &str, value: &str) -> InvalidParameter {
    let known: Vec<&str> = operation.query().map(|parameter| parameter.name).collect();
    let allowed = if known.is_empty() {
        "unknown parameter; this address has none".to_owned()
    } else {
        format!("unknown parameter; known: {}", known.join(", "))
    };
    InvalidParameter::new(key, value, allowed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::OPERATIONS;
    use proptest::prelude::*;

    #[test]
    fn every_parameter_of_the_table_is_understood_and_no_other() {
        for operation in OPERATIONS {
            for parameter in operation.query() {
                let known = |problem: &Problem| match problem {
                    Problem::Parameter(refused) => !refused.allowed.starts_with("unknown parameter"),
                    _ => true,
                };
                let read = Query::parse(operation, &format!("{}=x", parameter.name));
                assert!(read.err().as_ref().is_none_or(known), "{} {}", operation.id, parameter.name);
            }
            let Err(Problem::Parameter(refused)) = Query::parse(operation, "colour=red") else {
                panic!("{} takes any parameter", operation.id);
            };
            assert_eq!((refused.parameter.as_str(), refused.value.as_str()), ("colour", "red"));
        }
    }

    #[test]
    fn every_default_is_a_value_allowed() {
        for operation in OPERATIONS {
            for parameter in operation.parameters {
                if let Some(value) = parameter.default {
                    assert_eq!(check(parameter, value), Ok(()), "{} {}", operation.id, parameter.name);
                }
                if matches!(parameter.values, Values::Whole { .. }) {
                    let required: Vec<String> =
                        operation.required.iter().map(|name| format!("{name}=1")).collect();
                    let query = Query::parse(operation, &required.join("&")).ok();
                    let number = query.expect(operation.id).number(parameter.name);
                    assert!(number.is_ok(), "{} {} has no default", operation.id, parameter.name);
                }
            }
            for name in operation.required {
                let parameter = operation.parameter(name).expect(name);
                assert_eq!(parameter.default, None, "{} {name}", operation.id);
            }
        }
    }

    proptest! {
        #[test]
        fn no_query_makes_the_parser_panic(rank in 0..OPERATIONS.len(), query in "\\PC{0,80}") {
            let _ = Query::parse(&OPERATIONS[rank], &query);
        }

        #[test]
        fn a_number_is_within_its_bounds(text in "[-+0-9.e]{0,12}") {
            let items = OPERATIONS.iter().find(|operation| operation.id == "listFeatures").expect("items");
            if let Ok(query) = Query::parse(items, &format!("limit={text}")) {
                prop_assert!((1..=10_000).contains(&query.number("limit").expect("a number")));
            }
        }
    }
}
