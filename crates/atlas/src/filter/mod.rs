//! «Filtre»: which features of a layer to keep, in CQL2 text (OGC 21-065r2).
//!
//! Understood: `AND`, `OR`, `NOT`, parentheses; `= <> < > <= >=` between properties and literals; `LIKE`,
//! `BETWEEN`, `IN`, `IS NULL`; `CASEI`, `ACCENTI`; `DATE('…')`, `TIMESTAMP('…')`; `S_INTERSECTS` with WKT
//! literals and `BBOX(west,south,east,north)`. Not understood, and refused: arithmetic, arrays, functions
//! of one's own, other spatial and temporal operators.
//!
//! Properties are those of [`Property`] and `geometry`, of one known type each: a comparison of two types
//! is refused when the filter is read, never when it is evaluated. Absent values follow the three-valued
//! logic of SQL: what is not known to be true does not match.
//!
//! Written by hand because the `cql2` crate brings 190 packages (a JSON schema validator, a SQL parser);
//! its Python wheel is the twin in `tests/tests/ogc.rs`.

mod evaluate;
mod fold;
mod instant;
mod lexer;
mod parse;
mod spatial;
mod wkt;

use std::fmt;

use access::InvalidParameter;
use geo::Geometry;

use crate::field::Value;
use crate::layer::Layer;
use crate::property::{GEOMETRY, Property};
pub(crate) use fold::Fold;
use instant::Moment;
pub use instant::check_datetime;
use wkt::Shape;
pub use wkt::parse_bbox;

/// The longest filter read, in bytes: a list of a thousand communes is 8 kB.
const LONGEST: usize = 16 << 10;

/// The most conditions in a filter, each of which every feature is put to; the items of a list count as
/// one condition when they are literals.
const MOST_CONDITIONS: usize = 100;

/// The deepest nesting of parentheses, `NOT` and functions.
const DEEPEST: usize = 64;

/// A filter of the features of one layer.
///
/// Printed in canonical form, which parses back to the same filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter(Expression);

impl Filter {
    /// Whether it looks at where a feature is.
    pub(crate) fn is_spatial(&self) -> bool {
        self.0.is_spatial()
    }
}

impl Expression {
    fn is_spatial(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(Self::is_spatial),
            Self::Not(inner) => inner.is_spatial(),
            Self::HasNoGeometry | Self::Intersects(..) => true,
            _ => false,
        }
    }
}

/// What is true, false or not known of a feature.
#[derive(Debug, Clone, PartialEq)]
enum Expression {
    All(Vec<Expression>),
    Any(Vec<Expression>),
    Not(Box<Expression>),
    Truth(bool),
    Compare(Operand, Comparison, Operand),
    Like(Operand, String),
    Between(Operand, Operand, Operand),
    In(Operand, Vec<Operand>),
    IsNull(Operand),
    HasNoGeometry,
    Intersects(Spatial, Spatial),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Different,
    Less,
    Greater,
    AtMost,
    AtLeast,
}

/// A property, seen through some folds, the innermost first; or a literal, folded when it was read.
#[derive(Debug, Clone, PartialEq)]
enum Operand {
    Property(Property, Vec<Fold>),
    Literal(Literal),
}

#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Text(String),
    Number(f64),
    Truth(bool),
    Moment(Moment),
}

#[derive(Debug, Clone, PartialEq)]
enum Spatial {
    Geometry,
    Literal(Shape),
}

/// A feature as a filter sees it.
pub(crate) struct Row<'a> {
    pub(crate) id: u64,
    /// Parallel to the fields of the layer.
    pub(crate) values: &'a [Value<'a>],
    pub(crate) geometry: &'a Geometry,
}

/// Why a text is no filter.
#[derive(Debug)]
struct Refused {
    /// The part that is refused; the whole filter when there is none.
    value: Option<String>,
    allowed: String,
}

impl Refused {
    fn at(rank: usize, why: impl fmt::Display) -> Self {
        Self { value: None, allowed: format!("at character {rank}: {why}") }
    }
}

impl Filter {
    /// Reads a filter of the features of a layer; a refusal names `filter` and says where and why.
    pub fn parse(layer: Layer, text: &str) -> Result<Self, InvalidParameter> {
        if text.len() > LONGEST {
            return Err(InvalidParameter::new("filter", text, format!("at most {LONGEST} bytes")));
        }
        parse::expression(layer, text).map(Self).map_err(|refused| {
            InvalidParameter::new("filter", refused.value.as_deref().unwrap_or(text), refused.allowed)
        })
    }

    /// Whether a feature matches: the filter is true of it, neither false nor unknown.
    pub(crate) fn keeps(&self, row: &Row<'_>) -> bool {
        evaluate::truth(&self.0, row) == Some(true)
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Chains inside another expression keep their parentheses.
        let part = |f: &mut fmt::Formatter<'_>, inner: &Self| match inner {
            Self::All(_) | Self::Any(_) => write!(f, "({inner})"),
            _ => inner.fmt(f),
        };
        let chain = |f: &mut fmt::Formatter<'_>, parts: &[Self], word: &str| {
            parts.iter().enumerate().try_for_each(|(i, inner)| {
                f.write_str(if i == 0 { "" } else { word })?;
                part(f, inner)
            })
        };
        match self {
            Self::All(parts) => chain(f, parts, " AND "),
            Self::Any(parts) => chain(f, parts, " OR "),
            Self::Not(inner) => write!(f, "NOT ({inner})"),
            Self::Truth(yes) => f.write_str(if *yes { "TRUE" } else { "FALSE" }),
            Self::Compare(left, comparison, right) => write!(f, "{left} {} {right}", comparison.symbol()),
            Self::Like(operand, pattern) => write!(f, "{operand} LIKE {}", Quoted(pattern)),
            Self::Between(operand, low, high) => write!(f, "{operand} BETWEEN {low} AND {high}"),
            Self::In(operand, list) => {
                write!(f, "{operand} IN (")?;
                for (i, item) in list.iter().enumerate() {
                    write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Self::IsNull(operand) => write!(f, "{operand} IS NULL"),
            Self::HasNoGeometry => write!(f, "{GEOMETRY} IS NULL"),
            Self::Intersects(left, right) => write!(f, "S_INTERSECTS({left}, {right})"),
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(property, folds) => {
                folds.iter().rev().try_for_each(|fold| write!(f, "{}(", fold.name()))?;
                f.write_str(property.name)?;
                folds.iter().try_for_each(|_| f.write_str(")"))
            }
            Self::Literal(Literal::Text(text)) => Quoted(text).fmt(f),
            Self::Literal(Literal::Number(number)) => number.fmt(f),
            Self::Literal(Literal::Truth(yes)) => f.write_str(if *yes { "TRUE" } else { "FALSE" }),
            Self::Literal(Literal::Moment(day @ Moment::Day(_))) => write!(f, "DATE('{day}')"),
            Self::Literal(Literal::Moment(instant)) => write!(f, "TIMESTAMP('{instant}')"),
        }
    }
}

impl fmt::Display for Spatial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Geometry => f.write_str(GEOMETRY),
            Self::Literal(shape) => shape.fmt(f),
        }
    }
}

/// A text between quotes; a quote inside is doubled, and after a backslash led by another, which alone
/// would take the first of the two for itself.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("'")?;
        let mut before = ' ';
        for c in self.0.chars() {
            match c {
                '\'' if before == '\\' => f.write_str("\\'")?,
                '\'' => f.write_str("''")?,
                _ => write!(f, "{c}")?,
            }
            before = c;
        }
        f.write_str("'")
    }
}

impl Comparison {
    const ALL: [Self; 6] =
        [Self::Equal, Self::Different, Self::Less, Self::Greater, Self::AtMost, Self::AtLeast];

    fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Different => "<>",
            Self::Less => "<",
            Self::Greater => ">",
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
        }
    }
}

#[cfg(test)]
mod tests;
