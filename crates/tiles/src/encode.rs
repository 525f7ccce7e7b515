//! Layers to bytes, through the `mvt` crate and never past what it does right.
//!
//! That crate neither clips nor validates, drops vertices it finds redundant and, when a ring starts where
//! the pen is, fuses it with the ring before. [`TileGeometry`] gives it nothing to clip, drop or fuse; and
//! the length of what comes back is checked.

use std::collections::{BTreeMap, BTreeSet};

use mvt::{GeomData, GeomEncoder, GeomType, Tile};
use thiserror::Error;

use crate::EXTENT;
use crate::shape::{Kind, TileGeometry};
use crate::value::{Value, ValueKind};

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
    layer: mvt::Layer,
    ids: BTreeSet<u64>,
    kinds: BTreeMap<String, ValueKind>,
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
    /// The encoder underneath altered or refused a geometry: a defect of ours or of its, kept out of the
    /// tile.
    #[error("the geometry of feature {id} in layer {layer:?} was not written as it is")]
    GeometryAltered {
        /// The layer's name.
        layer: String,
        /// The feature.
        id: u64,
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
        let layer = tile().create_layer(&name);
        Ok(Self { name, layer, ids: BTreeSet::new(), kinds: BTreeMap::new() })
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
        let geometry = commands(geometry)
            .ok_or_else(|| EncodeError::GeometryAltered { layer: self.name.clone(), id })?;

        let mut feature = std::mem::take(&mut self.layer).into_feature(geometry);
        feature.set_id(id);
        for (name, value) in properties {
            if !self.kinds.contains_key(name) {
                self.kinds.insert(name.to_owned(), value.kind());
            }
            match value {
                Value::Text(text) => feature.add_tag_string(name, &text),
                // Zigzag, because a plain negative integer takes ten bytes.
                Value::Int(number) => feature.add_tag_sint(name, number),
                Value::Uint(number) => feature.add_tag_uint(name, number),
                // Plus zero, so that -0.0 and 0.0, equal in the layer's table, are the same bytes whichever
                // comes first.
                Value::Float(number) => feature.add_tag_double(name, number + 0.0),
                Value::Bool(answer) => feature.add_tag_bool(name, answer),
            }
        }
        self.layer = feature.into_layer();
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
            if let Some(&before) = self.kinds.get(*name).filter(|&&before| before != now) {
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
        self.ids.len()
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
    let mut tile = tile();
    let mut names = BTreeSet::new();
    for LayerBuilder { name, layer, ids, .. } in layers {
        if names.contains(&name) {
            return Err(EncodeError::DuplicateLayer(name));
        }
        if !ids.is_empty() {
            tile.add_layer(layer).map_err(|_| EncodeError::DuplicateLayer(name.clone()))?;
        }
        names.insert(name);
    }
    // Writing to memory cannot fail: the crate's `Result` has no error here.
    Ok(tile.to_bytes().unwrap_or_default())
}

fn tile() -> Tile {
    Tile::new(u32::from(EXTENT))
}

/// The command stream of a geometry; none when the encoder refused it or wrote fewer or more commands than it
/// takes.
fn commands(geometry: &TileGeometry) -> Option<GeomData> {
    let (kind, commands_per_part) = match geometry.kind() {
        Kind::Points => (GeomType::Point, 1),
        Kind::Lines => (GeomType::Linestring, 2),
        Kind::Polygons => (GeomType::Polygon, 3),
    };
    let mut pen = GeomEncoder::<i32>::new(kind);
    let n_parts = geometry.parts().len();
    for (i, part) in geometry.parts().enumerate() {
        for vertex in part {
            pen.add_point(i32::from(vertex.x), i32::from(vertex.y)).ok()?;
        }
        // `encode` completes the last part itself.
        if i + 1 < n_parts {
            pen.complete_geom().ok()?;
        }
    }
    let data = pen.encode().ok()?;
    (data.len() == 2 * geometry.vertices().len() + commands_per_part * n_parts).then_some(data)
}
