//! The parameters of a request: an inquiry, and those of the route.

use atlas::{Inquiry, InvalidParameter, unknown};

use territory::Perimeter;

use crate::problem::Problem;

/// An inquiry and the parameters that a route understands besides.
pub(crate) struct Query {
    pub(crate) inquiry: Inquiry,
    rest: Vec<(String, String)>,
}

impl Query {
    /// Reads a query string; any parameter that is neither an inquiry's nor among `known` is refused.
    pub(crate) fn parse(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let (inquiry, rest) = Inquiry::take(query.unwrap_or_default())?;
        let rest = once_each(rest, known, |key, value| unknown(key, value, known))?;
        Ok(Self { inquiry, rest })
    }

    /// Reads a query string of a route that answers no inquiry: only `known` parameters are taken.
    pub(crate) fn without_inquiry(query: Option<&str>, known: &[&str]) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned();
        Ok(Self {
            inquiry: Inquiry::default(),
            rest: once_each(pairs.collect(), known, |key, value| {
                InvalidParameter::new(
                    key,
                    value,
                    format!("not a parameter of this address; known: {}", known.join(", ")),
                )
            })?,
        })
    }

    /// The same about ground drawn, with that of the territories named if there are any.
    pub(crate) fn within(mut self, drawn: &Perimeter) -> Self {
        let named = self.inquiry.perimeter.territories().chain(drawn.territories()).cloned();
        self.inquiry.perimeter = Perimeter::new(named.collect::<Vec<_>>());
        self
    }

    /// Refuses any `f` but those named; JSON is all that some addresses have.
    pub(crate) fn check_format(&self, allowed: &[&str]) -> Result<(), Problem> {
        match self.get("f") {
            Some(name) if !allowed.contains(&name) => {
                Err(InvalidParameter::new("f", name, format!("expected {}", allowed.join(", "))).into())
            }
            _ => Ok(()),
        }
    }

    /// The value of a parameter of the route.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.rest.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }

    /// A whole number of the route, within bounds.
    pub(crate) fn number(&self, key: &str, default: usize, min: usize, max: usize) -> Result<usize, Problem> {
        let Some(text) = self.get(key) else {
            return Ok(default);
        };
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let number = digits.then(|| text.parse().ok()).flatten().filter(|n| (min..=max).contains(n));
        Ok(number.ok_or_else(|| InvalidParameter::new(key, text, format!("expected {min} to {max}")))?)
    }

    /// All that an answer depends on, in canonical form.
    pub(crate) fn key(&self) -> String {
        let mut rest: Vec<_> = self.rest.iter().filter(|(key, _)| key != "v").collect();
        rest.sort();
        format!("{}|{rest:?}", self.inquiry)
    }
}

/// The parameters given, each known and given once.
fn once_each(
    given: Vec<(String, String)>,
    known: &[&str],
    refusal: impl Fn(&str, &str) -> InvalidParameter,
) -> Result<Vec<(String, String)>, InvalidParameter> {
    for (i, (key, value)) in given.iter().enumerate() {
        if !known.contains(&key.as_str()) {
            return Err(refusal(key, value));
        }
        if value.contains(char::REPLACEMENT_CHARACTER) {
            return Err(InvalidParameter::new(key, value, "not UTF-8"));
        }
        if given[..i].iter().any(|(other, _)| other == key) {
            return Err(InvalidParameter::new(key, value, "given twice; keep one"));
        }
    }
    Ok(given)
}
