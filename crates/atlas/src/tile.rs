//! Vector tiles of one or several layers for an inquiry.

use std::str::FromStr;

use tiles::{LayerBuilder, TileCoord, TileFeature, TileGeometry, encode};

use crate::atlas::{Atlas, AtlasError};
use crate::field::Value;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::record::LayerTable;

/// Layers in the order in which a tile holds them: `communes` or `communes,venues`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileAddress(Vec<Layer>);

impl TileAddress {
    /// Layers, none of them twice.
    pub(crate) fn of(layers: &[Layer]) -> Self {
        Self(layers.to_vec())
    }

    /// The layers named, without repetition.
    pub fn layers(&self) -> &[Layer] {
        &self.0
    }
}

impl FromIterator<Layer> for TileAddress {
    fn from_iter<I: IntoIterator<Item = Layer>>(all: I) -> Self {
        let mut layers = Vec::new();
        for layer in all {
            if !layers.contains(&layer) {
                layers.push(layer);
            }
        }
        Self(layers)
    }
}

impl FromStr for TileAddress {
    type Err = String;

    /// Refuses an unknown name, and returns it.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut layers = Vec::new();
        for name in text.split(',') {
            let layer = Layer::from_slug(name).ok_or_else(|| name.chars().take(40).collect::<String>())?;
            if !layers.contains(&layer) {
                layers.push(layer);
            }
        }
        Ok(Self(layers))
    }
}

impl Atlas {
    /// A tile, none when it would hold nothing: outside the data, or below every layer's first zoom.
    pub fn tile(
        &self,
        address: &TileAddress,
        at: TileCoord,
        inquiry: &Inquiry,
    ) -> Result<Option<Vec<u8>>, AtlasError> {
        let mut built = Vec::new();
        for &layer in address.layers() {
            if !self.has(layer) {
                return Err(AtlasError::NoSource(layer));
            }
            if at.z() >= layer.min_zoom() {
                let table = self.tile_table(layer, at.z(), inquiry)?;
                built.extend(self.tile_layer(&table, at)?);
            } else {
                // A perimeter nobody knows is an error at any zoom.
                self.scope(inquiry)?;
            }
        }
        if built.is_empty() { Ok(None) } else { Ok(Some(encode(built)?)) }
    }

    fn tile_layer(&self, table: &LayerTable, at: TileCoord) -> Result<Option<LayerBuilder>, AtlasError> {
        let mut builder = LayerBuilder::new(table.layer().slug())?;
        let cuts = table.cuts(at);
        let mut order: Vec<&(u32, TileGeometry)> = cuts.iter().collect();
        order.sort_by_cached_key(|(row, geometry)| (geometry.place_on_curve(), *row));
        for (row, geometry) in order {
            let Some(n) = table.drawn_by(*row) else { continue };
            if table.layer() == Layer::Labels && !self.is_labelled(*row, at.z()) {
                continue;
            }
            let values = table.values(self, n);
            let fields = table.layer().tile_fields();
            let properties = fields.zip(values).filter_map(|(f, v)| Some((f.name, property(v)?))).collect();
            builder.add(TileFeature { id: table.id(n), geometry, properties })?;
        }
        Ok((builder.n_features() > 0).then_some(builder))
    }
}

/// A vector tile has no null: the property is left out.
fn property(value: Value<'_>) -> Option<tiles::Value<'_>> {
    Some(match value {
        Value::Null => return None,
        Value::Text(text) => tiles::Value::Text(text),
        Value::Int(number) => tiles::Value::Int(number),
        Value::Float(number) => tiles::Value::Float(number),
        Value::Bool(yes) => tiles::Value::Bool(yes),
    })
}
