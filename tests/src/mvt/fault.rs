//! What a tile may get wrong, and where.

use std::fmt;

use super::Point;

/// A tile refused: what is wrong, in which layer and feature, counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What is wrong.
    pub fault: Fault,
    /// The rank of the layer, none for the tile itself.
    pub layer: Option<usize>,
    /// The rank of the feature in its layer, none for the layer itself.
    pub feature: Option<usize>,
}

/// What is wrong. Fields are named by their numbers in the schema, commands by theirs: 1 `MoveTo`, 2 `LineTo`,
/// 7 `ClosePath`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names of their parts say it")]
pub enum Fault {
    /// The bytes end inside a field.
    Truncated,
    /// A number too long, or too large for its field.
    Varint,
    /// A field is not written as its type is.
    WireType(u32),
    /// A field no version of the format has.
    UnknownField(u32),
    /// A field that may be there once.
    FieldTwice(u32),
    /// A field that must be there.
    Missing(&'static str),
    /// A text that is not UTF-8.
    NotText(u32),
    /// A truth value beside 0 and 1.
    NotBool(u64),
    /// A value must be of one type, neither none nor several.
    ValueNotOne,
    /// Neither 1 nor 2.
    Version(u32),
    /// Two layers of a name.
    LayerTwice(String),
    /// An extent of 0.
    NoExtent,
    /// Keys and values do not come in pairs.
    OddTags(usize),
    /// No key of that index.
    NoKey(u32),
    /// No value of that index.
    NoValue(u32),
    /// A feature has an attribute twice.
    KeyTwice(u32),
    /// A type of geometry that does not exist.
    Kind(u32),
    /// Commands end where one must follow.
    NoCommand,
    /// Another command must stand here.
    Command { expected: u32, found: u32 },
    /// A command repeated so many times.
    Count { command: u32, count: u32 },
    /// Fewer parameters than the command announces.
    ParametersEnd,
    /// Points are one `MoveTo`.
    AfterPoints,
    /// A segment of no length.
    NoLength(Point),
    /// A ring repeats its first vertex before it is closed.
    FirstRepeated(Point),
    /// A ring without area.
    NoArea(Point),
    /// A hole before any exterior ring.
    HoleFirst(Point),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self { fault, layer: None, feature: None }
    }
}

impl Refusal {
    pub(super) fn of_layer(self, at: usize) -> Self {
        Self { layer: Some(at), ..self }
    }

    pub(super) fn of_feature(self, at: usize) -> Self {
        Self { feature: Some(at), ..self }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.fault)?;
        if let Some(layer) = self.layer {
            write!(f, " in layer {layer}")?;
        }
        if let Some(feature) = self.feature {
            write!(f, ", feature {feature}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}
