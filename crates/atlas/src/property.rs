//! What of a feature can be asked about by name: its identifier, its attributes, its geometry.

use crate::field::{Kind, Value};
use crate::layer::Layer;

/// The name of the identifier of features.
pub const ID: &str = "id";

/// The name of the geometry of features.
pub const GEOMETRY: &str = "geometry";

/// A property of the features of a layer that has a value of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property {
    /// Its name, in files and answers.
    pub name: &'static str,
    /// Its kind.
    pub kind: Kind,
    /// What people call it, in French.
    pub label: &'static str,
    /// Its rank among the attributes of the layer; none of the identifier.
    rank: Option<usize>,
}

impl Property {
    /// The properties of a layer in order, the identifier first; the geometry has no value to list.
    pub fn of(layer: Layer) -> impl Iterator<Item = Self> {
        let id = Self { name: ID, kind: Kind::Int, label: "Identifiant", rank: None };
        let fields = layer.fields().iter().enumerate();
        std::iter::once(id).chain(fields.map(|(rank, field)| Self {
            name: field.name,
            kind: field.kind,
            label: field.label,
            rank: Some(rank),
        }))
    }

    /// The property of a name.
    pub fn named(layer: Layer, name: &str) -> Option<Self> {
        Self::of(layer).find(|property| property.name == name)
    }

    /// Its value for a feature, of which the identifier and the attributes are given.
    pub(crate) fn value<'a>(&self, id: u64, values: &'a [Value<'a>]) -> Value<'a> {
        match self.rank {
            None => Value::Int(id.cast_signed()),
            Some(rank) => match values.get(rank) {
                Some(Value::Text(text)) => Value::Text(text.as_ref().into()),
                Some(&Value::Int(number)) => Value::Int(number),
                Some(&Value::Float(number)) => Value::Float(number),
                Some(&Value::Bool(yes)) => Value::Bool(yes),
                Some(Value::Null) | None => Value::Null,
            },
        }
    }
}

/// The names of the properties of a layer, for a refusal.
pub(crate) fn names(layer: Layer) -> String {
    Property::of(layer).map(|property| property.name).collect::<Vec<_>>().join(", ")
}
