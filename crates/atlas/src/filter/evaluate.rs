//! What a filter says of a feature, in the three-valued logic of SQL.

use std::borrow::Cow;
use std::cmp::Ordering;

use geo::{Geometry, HasDimensions, Intersects};

use super::{Comparison, Expression, Literal, Moment, Operand, Row, Spatial, fold};
use crate::field::Value;

/// A value that is there.
enum Scalar<'a> {
    Text(Cow<'a, str>),
    Number(f64),
    Truth(bool),
    Moment(Moment),
}

/// Whether an expression is true of a feature; none when that is not known.
pub(super) fn truth(expression: &Expression, row: &Row<'_>) -> Option<bool> {
    match expression {
        Expression::All(parts) => whether_all(parts.iter().map(|part| truth(part, row))),
        Expression::Any(parts) => whether_any(parts.iter().map(|part| truth(part, row))),
        Expression::Not(inner) => truth(inner, row).map(|yes| !yes),
        Expression::Truth(yes) => Some(*yes),
        Expression::Compare(left, comparison, right) => {
            compare(value(left, row).as_ref(), *comparison, value(right, row).as_ref())
        }
        Expression::Like(operand, pattern) => match value(operand, row)? {
            Scalar::Text(text) => Some(fold::like(&text, pattern)),
            _ => None,
        },
        Expression::Between(operand, low, high) => {
            let tested = value(operand, row);
            let sides = [(Comparison::AtLeast, low), (Comparison::AtMost, high)];
            let holds =
                |(comparison, bound)| compare(tested.as_ref(), comparison, value(bound, row).as_ref());
            whether_all(sides.into_iter().map(holds))
        }
        Expression::In(operand, list) => {
            // Once for the whole list: a fold is dear.
            let tested = value(operand, row);
            let equals = |item| compare(tested.as_ref(), Comparison::Equal, value(item, row).as_ref());
            whether_any(list.iter().map(equals))
        }
        Expression::IsNull(operand) => Some(value(operand, row).is_none()),
        Expression::HasNoGeometry => Some(row.geometry.is_empty()),
        Expression::Intersects(left, right) => {
            let (left, right) = (shape(left, row)?, shape(right, row)?);
            Some(left.intersects(right))
        }
    }
}

/// False as soon as one is false, else unknown as soon as one is.
fn whether_all(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(false) => return Some(false),
            None => all = None,
            Some(true) => {}
        }
    }
    all
}

/// True as soon as one is true, else unknown as soon as one is.
fn whether_any(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    whether_all(parts.map(|part| part.map(|yes| !yes))).map(|none| !none)
}

fn shape<'a>(spatial: &'a Spatial, row: &Row<'a>) -> Option<&'a Geometry> {
    match spatial {
        Spatial::Geometry => (!row.geometry.is_empty()).then_some(row.geometry),
        Spatial::Literal(shape) => Some(shape.geometry()),
    }
}

fn compare(left: Option<&Scalar<'_>>, comparison: Comparison, right: Option<&Scalar<'_>>) -> Option<bool> {
    let ordering = match (left?, right?) {
        (Scalar::Text(a), Scalar::Text(b)) => a.cmp(b),
        (Scalar::Number(a), Scalar::Number(b)) => a.partial_cmp(b)?,
        (Scalar::Truth(a), Scalar::Truth(b)) => a.cmp(b),
        (Scalar::Moment(a), Scalar::Moment(b)) => a.cmp(b),
        // Two types were refused when the filter was read.
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => ordering == Ordering::Equal,
        Comparison::Different => ordering != Ordering::Equal,
        Comparison::Less => ordering == Ordering::Less,
        Comparison::Greater => ordering == Ordering::Greater,
        Comparison::AtMost => ordering != Ordering::Greater,
        Comparison::AtLeast => ordering != Ordering::Less,
    })
}

fn value<'a>(operand: &'a Operand, row: &Row<'a>) -> Option<Scalar<'a>> {
    match operand {
        Operand::Literal(Literal::Text(text)) => Some(Scalar::Text(text.into())),
        Operand::Literal(Literal::Number(number)) => Some(Scalar::Number(*number)),
        Operand::Literal(Literal::Truth(yes)) => Some(Scalar::Truth(*yes)),
        Operand::Literal(Literal::Moment(moment)) => Some(Scalar::Moment(*moment)),
        Operand::Property(property, folds) => match property.value(row.id, row.values) {
            Value::Null => None,
            Value::Text(text) => {
                Some(Scalar::Text(folds.iter().fold(text, |text, fold| fold.apply(&text).into())))
            }
            Value::Int(number) => Some(Scalar::Number(number as f64)),
            Value::Float(number) => Some(Scalar::Number(number)),
            Value::Bool(yes) => Some(Scalar::Truth(yes)),
        },
    }
}
