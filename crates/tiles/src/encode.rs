//! Layers to bytes.
//!
//! Written here rather than through the crate `mvt` (0.15): that one drops each vertex in the middle of a
//! horizontal or vertical run, where a neighbouring shape may turn, and fuses a ring with the one before when
//! it starts where that one ended.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::EXTENT;
use crate::shape::{Kind, TileGeometry};
use crate::value::{Value, ValueKind};
use crate::wire::Wire;

/// Field numbers of [Mapbox Vector Tile 2.1](https://github.com/mapbox/vector-tile-spec/blob/master/2.1/vector_tile.proto).
mod field {
    pub(super) const TILE_LAYER: u32 = 3;
    pub(super) const LAYER_NAME: u32 = 1;
    pub(super) const LAYER_FEATURE: u32 = 2;
    pub(super) const LAYER_KEY: u32 = 3;
    pub(super) const LAYER_VALUE: u32 = 4;
    pub(super) const LAYER_EXTENT: u32 = 5;
    pub(super) const LAYER_VERSION: u32 = 15;
    pub(super) const FEATURE_ID: u32 = 1;
    pub(super) const FEATURE_TAGS: u32 = 2;
    pub(super) const FEATURE_TYPE: u32 = 3;
    pub(super) const FEATURE_GEOMETRY: u32 = 4;
    pub(super) const VALUE_TEXT: u32 = 1;
    pub(super) const VALUE_DOUBLE: u32 = 3;
    pub(super) const VALUE_UINT: u32 = 5;
    pub(super) const VALUE_SINT: u32 = 6;
    pub(super) const VALUE_BOOL: u32 = 7;
}

/// The version of the specification.
const VERSION: u64 = 2;

/// One feature of a layer in one tile.
#[derive(Clone, Debug, PartialEq)]
pub struct TileFeature<'a> {
    /// Unique within the layer. Keep it below 2^53: browsers read it as a floating number.
    pub id: u64,
    /// Where it is.
    pub geometry: &'a TileGeometry,
    /// Names and values, in any order; written sorted by name.
    pub properties: Vec<(&'a str, Value<'a>)>,
}

/// A layer being filled. Features are written in the order they are added.
pub struct LayerBuilder {
    name: String,
    features: Vec<Written>,
    ids: BTreeSet<u64>,
    /// The properties met so far, each with its rank.
    keys: BTreeMap<String, (u32, ValueKind)>,
    values: Values,
}

/// A feature ready to be written, but for the ranks of its values: those of the whole layer decide.
struct Written {
    id: u64,
    kind: Kind,
    /// Ranks of a key and of a value as first met.
    tags: Vec<(u32, u32)>,
    geometry: Wire,
}

/// The distinct values of a layer, each once.
#[derive(Default)]
struct Values {
    texts: BTreeMap<String, u32>,
    /// By field number and bits.
    numbers: BTreeMap<(u32, u64), u32>,
    /// Encoded, in the order in which they were met.
    encoded: Vec<Wire>,
    /// How many features have each.
    uses: Vec<u32>,
}

/// A tile that cannot be written as asked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EncodeError {
    /// A layer's name is empty.
    #[error("a layer must have a name")]
    UnnamedLayer,
    /// Two layers of the tile have this name.
    #[error("two layers are named {0:?}")]
    DuplicateLayer(String),
    /// Two features of a layer have the same id.
    #[error("layer {layer:?} has two features with id {id}")]
    DuplicateId {
        /// The layer's name.
        layer: String,
        /// The id.
        id: u64,
    },
    /// A feature has a property twice.
    #[error("feature {id} of layer {layer:?} has property {name:?} twice")]
    DuplicateProperty {
        /// The layer's name.
        layer: String,
        /// The feature.
        id: u64,
        /// The property.
        name: String,
    },
    /// A property changes its type within a layer.
    #[error("property {name:?} of layer {layer:?} is {before:?}, but {now:?} in feature {id}")]
    MixedTypes {
        /// The layer's name.
        layer: String,
        /// The feature where it changes.
        id: u64,
        /// The property.
        name: String,
        /// Its type in the features before.
        before: ValueKind,
        /// Its type in this one.
        now: ValueKind,
    },
    /// A number is infinite or not a number.
    #[error("property {name:?} of feature {id} in layer {layer:?} is not finite")]
    NotFinite {
        /// The layer's name.
        layer: String,
        /// The feature.
        id: u64,
        /// The property.
        name: String,
    },
}

impl LayerBuilder {
    /// Starts a layer.
    ///
    /// # Errors
    /// [`EncodeError::UnnamedLayer`].
    pub fn new(name: impl Into<String>) -> Result<Self, EncodeError> {
        let name = name.into();
        if name.is_empty() {
            return Err(EncodeError::UnnamedLayer);
        }
        Ok(Self {
            name,
            features: Vec::new(),
            ids: BTreeSet::new(),
            keys: BTreeMap::new(),
            values: Values::default(),
        })
    }

    /// Adds a feature. After an error the layer is as it was before.
    ///
    /// # Errors
    /// [`EncodeError`], all but the two about layers.
    pub fn add(&mut self, feature: TileFeature) -> Result<(), EncodeError> {
        let TileFeature { id, geometry, mut properties } = feature;
        if self.ids.contains(&id) {
            return Err(EncodeError::DuplicateId { layer: self.name.clone(), id });
        }
        properties.sort_by_key(|(name, _)| *name);
        self.check(id, &properties)?;
        let mut tags = Vec::with_capacity(properties.len());
        for (name, value) in properties {
            if !self.keys.contains_key(name) {
                self.keys.insert(name.to_owned(), (self.keys.len() as u32, value.kind()));
            }
            let key = self.keys.get(name).map_or(0, |key| key.0);
            tags.push((key, self.values.rank(value)));
        }
        self.features.push(Written { id, kind: geometry.kind(), tags, geometry: commands(geometry) });
        self.ids.insert(id);
        Ok(())
    }

    /// Checks a feature's properties, sorted by name.
    fn check(&self, id: u64, properties: &[(&str, Value)]) -> Result<(), EncodeError> {
        let owned = |name: &str| (self.name.clone(), name.to_owned());
        if let Some(pair) = properties.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            let (layer, name) = owned(pair[0].0);
            return Err(EncodeError::DuplicateProperty { layer, id, name });
        }
        for (name, value) in properties {
            let now = value.kind();
            if let Some(&(_, before)) = self.keys.get(*name).filter(|key| key.1 != now) {
                let (layer, name) = owned(name);
                return Err(EncodeError::MixedTypes { layer, id, name, before, now });
            }
            if matches!(value, Value::Float(number) if !number.is_finite()) {
                let (layer, name) = owned(name);
                return Err(EncodeError::NotFinite { layer, id, name });
            }
        }
        Ok(())
    }

    /// Features added so far.
    pub fn n_features(&self) -> usize {
        self.features.len()
    }

    /// The layer as a message. Values are listed the most frequent first: their ranks, of which each feature
    /// repeats as many as it has properties, then take a byte rather than two.
    fn message(&self) -> Wire {
        let mut layer = Wire::default();
        layer.number(field::LAYER_VERSION, VERSION);
        layer.bytes(field::LAYER_NAME, self.name.as_bytes());
        let mut order: Vec<usize> = (0..self.values.encoded.len()).collect();
        order.sort_by_key(|&value| std::cmp::Reverse(self.values.uses[value]));
        let mut ranks = vec![0; order.len()];
        for (rank, &value) in order.iter().enumerate() {
            ranks[value] = rank as u64;
        }
        let (mut feature, mut tags) = (Wire::default(), Wire::default());
        for Written { id, kind, tags: pairs, geometry } in &self.features {
            feature.clear();
            tags.clear();
            for &(key, value) in pairs {
                tags.varint(u64::from(key));
                tags.varint(ranks[value as usize]);
            }
            feature.number(field::FEATURE_ID, *id);
            feature.bytes(field::FEATURE_TAGS, tags.as_slice());
            feature.number(
                field::FEATURE_TYPE,
                match kind {
                    Kind::Points => 1,
                    Kind::Lines => 2,
                    Kind::Polygons => 3,
                },
            );
            feature.bytes(field::FEATURE_GEOMETRY, geometry.as_slice());
            layer.bytes(field::LAYER_FEATURE, feature.as_slice());
        }
        let mut keys: Vec<(u32, &str)> = self.keys.iter().map(|(name, key)| (key.0, name.as_str())).collect();
        keys.sort_unstable();
        for (_, name) in keys {
            layer.bytes(field::LAYER_KEY, name.as_bytes());
        }
        for &value in &order {
            layer.bytes(field::LAYER_VALUE, self.values.encoded[value].as_slice());
        }
        layer.number(field::LAYER_EXTENT, u64::from(EXTENT));
        layer
    }
}

impl Values {
    /// The rank of a value, in the order in which they are first met.
    fn rank(&mut self, value: Value) -> u32 {
        let met = self.encoded.len() as u32;
        let (field, bits) = match value {
            Value::Text(text) => {
                if let Some(&rank) = self.texts.get(&*text) {
                    self.uses[rank as usize] += 1;
                    return rank;
                }
                let mut encoded = Wire::default();
                encoded.bytes(field::VALUE_TEXT, text.as_bytes());
                self.texts.insert(text.into_owned(), met);
                self.encoded.push(encoded);
                self.uses.push(1);
                return met;
            }
            // Zigzag, because a plain negative integer takes ten bytes.
            Value::Int(number) => (field::VALUE_SINT, number.cast_unsigned()),
            Value::Uint(number) => (field::VALUE_UINT, number),
            // Plus zero, so that −0.0 and 0.0 are the same bytes whichever comes first.
            Value::Float(number) => (field::VALUE_DOUBLE, (number + 0.0).to_bits()),
            Value::Bool(answer) => (field::VALUE_BOOL, u64::from(answer)),
        };
        let rank = *self.numbers.entry((field, bits)).or_insert(met);
        if rank == met {
            let mut encoded = Wire::default();
            match field {
                field::VALUE_DOUBLE => encoded.fixed64(field, bits),
                field::VALUE_SINT => {
                    encoded.varint(u64::from(field) << 3);
                    encoded.zigzag(bits.cast_signed());
                }
                _ => encoded.number(field, bits),
            }
            self.encoded.push(encoded);
            self.uses.push(0);
        }
        self.uses[rank as usize] += 1;
        rank
    }
}

/// The bytes of a tile, MVT 2.1, uncompressed: the layers in the order given, those without a feature left
/// out.
///
/// The same layers give the same bytes, on every machine. Without any feature the result is empty: the
/// caller's "no content".
///
/// # Errors
/// [`EncodeError::DuplicateLayer`].
pub fn encode(layers: impl IntoIterator<Item = LayerBuilder>) -> Result<Vec<u8>, EncodeError> {
    let mut tile = Wire::default();
    let mut names = BTreeSet::new();
    for layer in layers {
        if names.contains(&layer.name) {
            return Err(EncodeError::DuplicateLayer(layer.name));
        }
        if layer.n_features() > 0 {
            tile.bytes(field::TILE_LAYER, layer.message().as_slice());
        }
        names.insert(layer.name);
    }
    Ok(tile.into_bytes())
}

/// The command stream of a geometry: `MoveTo` once for each part (for all points at once), `LineTo`, and
/// `ClosePath` after each ring; each vertex relative to the one before.
fn commands(geometry: &TileGeometry) -> Wire {
    const MOVE_TO: u64 = 1;
    const LINE_TO: u64 = 2;
    const CLOSE_PATH: u64 = 7;
    let command = |id: u64, count: usize| (count as u64) << 3 | id;
    let mut wire = Wire::default();
    let (mut x, mut y) = (0, 0);
    for part in geometry.parts() {
        let moves = if geometry.kind() == Kind::Points { part.len() } else { 1 };
        for (i, vertex) in part.iter().enumerate() {
            if i == 0 {
                wire.varint(command(MOVE_TO, moves));
            } else if i == moves {
                wire.varint(command(LINE_TO, part.len() - moves));
            }
            wire.zigzag(i64::from(vertex.x) - x);
            wire.zigzag(i64::from(vertex.y) - y);
            (x, y) = (i64::from(vertex.x), i64::from(vertex.y));
        }
        if geometry.kind() == Kind::Polygons {
            wire.varint(command(CLOSE_PATH, 1));
        }
    }
    wire
}
