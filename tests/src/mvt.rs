//! A strict reader of [Mapbox Vector Tile 2.1], written from the specification and from nothing of ours.
//!
//! It refuses what a lenient reader repairs: a repeated field, an index out of range, a ring that turns the
//! wrong way or has no area, a segment of no length. Coordinates are of the tile: x to the right, y down,
//! units of 1/extent of its side, `i64` since the deltas of a valid tile may add up beyond 32 bits.
//!
//! [Mapbox Vector Tile 2.1]: https://github.com/mapbox/vector-tile-spec/tree/master/2.1

mod fault;
mod shape;
mod wire;

use std::collections::BTreeSet;

pub use fault::{Fault, Refusal};
pub use shape::{Point, Polygon, Ring, Shape};
use wire::{Field, Message, once};

/// Whose rules a tile is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// Version 1: a line may end with `ClosePath`.
    V1,
    /// Version 2.1.
    V2,
}

/// A tile that keeps the rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// Its layers, of distinct names.
    pub layers: Vec<Layer>,
}

/// A layer of a tile.
#[derive(Debug, Clone, PartialEq)]
pub struct Layer {
    /// 1 or 2.
    pub version: u32,
    /// Never empty.
    pub name: String,
    /// Units across the tile, none where the tile leaves it to the default, 4096.
    pub extent: Option<u32>,
    /// Names of attributes.
    pub keys: Vec<String>,
    /// Values of attributes.
    pub values: Vec<Value>,
    /// In the order of the tile.
    pub features: Vec<Feature>,
}

/// A feature of a layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its identifier, if it has one.
    pub id: Option<u64>,
    /// Indices of a key and of a value, both in range, no key twice.
    pub tags: Vec<(u32, u32)>,
    /// What the commands draw.
    pub shape: Shape,
    /// The commands and their parameters, as written.
    pub commands: Vec<u32>,
}

/// A value, typed as the tile types it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `string_value`
    String(String),
    /// `float_value`
    Float(f32),
    /// `double_value`
    Double(f64),
    /// `int_value`
    Int(i64),
    /// `uint_value`
    Uint(u64),
    /// `sint_value`
    Sint(i64),
    /// `bool_value`
    Bool(bool),
}

impl Value {
    /// The name of its type in the format.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::String(_) => "string_value",
            Self::Float(_) => "float_value",
            Self::Double(_) => "double_value",
            Self::Int(_) => "int_value",
            Self::Uint(_) => "uint_value",
            Self::Sint(_) => "sint_value",
            Self::Bool(_) => "bool_value",
        }
    }
}

impl Layer {
    /// The attributes of a feature of this layer.
    pub fn attributes<'a>(&'a self, feature: &'a Feature) -> impl Iterator<Item = (&'a str, &'a Value)> {
        feature
            .tags
            .iter()
            .map(|&(key, value)| (self.keys[key as usize].as_str(), &self.values[value as usize]))
    }
}

/// Reads a tile, uncompressed.
///
/// # Errors
/// The first thing in it that the rules forbid, and where.
pub fn decode(bytes: &[u8], rules: Rules) -> Result<Tile, Refusal> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut message = Message::new(bytes);
    while let Some((number, field)) = message.field()? {
        match number {
            3 => {
                let at = layers.len();
                let layer = layer(field.bytes(number)?, rules).map_err(|refusal| refusal.of_layer(at))?;
                if layers.iter().any(|other| other.name == layer.name) {
                    return Err(Refusal::from(Fault::LayerTwice(layer.name)).of_layer(at));
                }
                layers.push(layer);
            }
            // The format leaves these to extensions.
            16..=8191 => {}
            _ => return Err(Fault::UnknownField(number).into()),
        }
    }
    Ok(Tile { layers })
}

/// The bytes of each layer of a tile that decodes, each a tile of its own.
pub fn parts(tile: &[u8]) -> Vec<&[u8]> {
    let mut message = Message::new(tile);
    let mut parts = Vec::new();
    let mut from = 0;
    while let Ok(Some((number, _))) = message.field() {
        let to = tile.len() - message.n_left();
        if number == 3 {
            parts.push(&tile[from..to]);
        }
        from = to;
    }
    parts
}

fn layer(bytes: &[u8], rules: Rules) -> Result<Layer, Refusal> {
    let (mut version, mut name, mut extent) = (None, None, None);
    let (mut keys, mut values, mut drawn) = (Vec::new(), Vec::new(), Vec::new());
    let mut message = Message::new(bytes);
    while let Some((number, field)) = message.field()? {
        match number {
            15 => once(&mut version, field.u32(number)?, number)?,
            1 => once(&mut name, field.text(number)?, number)?,
            2 => drawn.push(field.bytes(number)?),
            3 => keys.push(field.text(number)?),
            4 => values.push(value(field.bytes(number)?)?),
            5 => once(&mut extent, field.u32(number)?, number)?,
            16.. => {}
            _ => return Err(Fault::UnknownField(number).into()),
        }
    }
    let version = version.ok_or(Fault::Missing("version"))?;
    if !(1..=2).contains(&version) {
        return Err(Fault::Version(version).into());
    }
    let name = name.filter(|name| !name.is_empty()).ok_or(Fault::Missing("name"))?;
    if extent == Some(0) {
        return Err(Fault::NoExtent.into());
    }
    let size = (keys.len(), values.len());
    let read = |(at, bytes)| feature(bytes, size, rules).map_err(|fault| Refusal::from(fault).of_feature(at));
    let features = drawn.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
    Ok(Layer { version, name, extent, keys, values, features })
}

fn value(bytes: &[u8]) -> Result<Value, Fault> {
    let mut found = None;
    let mut message = Message::new(bytes);
    while let Some((number, field)) = message.field()? {
        let value = match number {
            1 => Value::String(field.text(number)?),
            2 => Value::Float(f32::from_le_bytes(field.fixed32(number)?)),
            3 => Value::Double(f64::from_le_bytes(field.fixed64(number)?)),
            4 => Value::Int(field.varint(number)?.cast_signed()),
            5 => Value::Uint(field.varint(number)?),
            6 => Value::Sint(wire::zigzag(field.varint(number)?)),
            7 => match field.varint(number)? {
                0 => Value::Bool(false),
                1 => Value::Bool(true),
                other => return Err(Fault::NotBool(other)),
            },
            // Left to extensions by the schema, and no type of 2.1.
            _ => return Err(Fault::UnknownField(number)),
        };
        if found.replace(value).is_some() {
            return Err(Fault::ValueNotOne);
        }
    }
    found.ok_or(Fault::ValueNotOne)
}

fn feature(bytes: &[u8], (n_keys, n_values): (usize, usize), rules: Rules) -> Result<Feature, Fault> {
    let (mut id, mut tags, mut kind, mut commands) = (None, None, None, None);
    let mut message = Message::new(bytes);
    while let Some((number, field)) = message.field()? {
        match number {
            1 => once(&mut id, field.varint(number)?, number)?,
            2 => once(&mut tags, field.packed(number)?, number)?,
            3 => once(&mut kind, field.u32(number)?, number)?,
            4 => once(&mut commands, field.packed(number)?, number)?,
            _ => return Err(Fault::UnknownField(number)),
        }
    }
    let kind = kind.ok_or(Fault::Missing("type"))?;
    let commands = commands.ok_or(Fault::Missing("geometry"))?;
    let (pairs, rest) = tags.as_deref().unwrap_or_default().as_chunks::<2>();
    if !rest.is_empty() {
        return Err(Fault::OddTags(pairs.len() * 2 + 1));
    }
    let mut known = BTreeSet::new();
    for &[key, value] in pairs {
        if key as usize >= n_keys {
            return Err(Fault::NoKey(key));
        }
        if value as usize >= n_values {
            return Err(Fault::NoValue(value));
        }
        if !known.insert(key) {
            return Err(Fault::KeyTwice(key));
        }
    }
    let tags = pairs.iter().map(|&[key, value]| (key, value)).collect();
    let shape = shape::draw(kind, &commands, rules)?;
    Ok(Feature { id, tags, shape, commands })
}

impl Field<'_> {
    fn text(&self, number: u32) -> Result<String, Fault> {
        let bytes = self.bytes(number)?;
        std::str::from_utf8(bytes).map(ToOwned::to_owned).map_err(|_| Fault::NotText(number))
    }
}
