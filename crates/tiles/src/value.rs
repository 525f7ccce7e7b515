//! What a feature says of itself.

use std::borrow::Cow;

/// The value of a property. A property without a value is left out of its feature: vector tiles have no null.
#[derive(Clone, Debug, PartialEq)]
pub enum Value<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number that may be negative.
    Int(i64),
    /// A whole number that is never negative.
    Uint(u64),
    /// A number; must be finite.
    Float(f64),
    /// Yes or no.
    Bool(bool),
}

/// The type of a [`Value`]: one for each property name within a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// See [`Value::Text`].
    Text,
    /// See [`Value::Int`].
    Int,
    /// See [`Value::Uint`].
    Uint,
    /// See [`Value::Float`].
    Float,
    /// See [`Value::Bool`].
    Bool,
}

impl Value<'_> {
    /// The type of this value.
    pub const fn kind(&self) -> ValueKind {
        match self {
            Self::Text(_) => ValueKind::Text,
            Self::Int(_) => ValueKind::Int,
            Self::Uint(_) => ValueKind::Uint,
            Self::Float(_) => ValueKind::Float,
            Self::Bool(_) => ValueKind::Bool,
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Uint(number)
    }
}

impl From<f64> for Value<'_> {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Value<'_> {
    fn from(answer: bool) -> Self {
        Self::Bool(answer)
    }
}
