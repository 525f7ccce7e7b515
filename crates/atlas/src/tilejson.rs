//! What tiles of a layer hold, as TileJSON 3.0 says it: for those that are served and for those in an archive.

use serde_json::{Map, Value as Json, json};

use crate::atlas::Atlas;
use crate::field::Kind;
use crate::layer::Layer;

/// An entry of `vector_layers`, with the last zoom there are tiles of.
pub fn vector_layer(layer: Layer, max_zoom: u8) -> Json {
    let fields: Map<String, Json> = layer
        .tile_fields()
        .map(|field| {
            let kind = match field.kind {
                Kind::Text => "String",
                Kind::Int | Kind::Float(_) => "Number",
                Kind::Bool => "Boolean",
            };
            (field.name.to_owned(), format!("{kind} – {}", field.label).into())
        })
        .collect();
    json!({
        "id": layer.slug(),
        "description": layer.description(),
        "minzoom": layer.min_zoom(),
        "maxzoom": max_zoom,
        "fields": fields,
    })
}

impl Atlas {
    /// Its sources with their vintage, as a map must show them.
    pub fn attribution(&self) -> String {
        let sources = self.sources().iter().map(|s| format!("{} ({})", s.name, s.vintage));
        sources.collect::<Vec<_>>().join(", ")
    }
}
