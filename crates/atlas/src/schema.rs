//! The JSON Schemas (2020-12) of what is made from tables rather than from types: the attributes of layers,
//! and geometries.

use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value as Json, json};

use crate::field::{Field, Kind};
use crate::layer::Layer;

/// The schema of the attributes of a layer's features, `id` first. A request may ask for some of them only:
/// but for `id`, none is required unless all are.
pub fn attributes(layer: Layer, all: bool) -> Json {
    let mut properties = Map::new();
    let id = json!({"type": "integer", "minimum": 1, "title": "Identifiant",
        "description": "The same for the same atlas and question"});
    properties.insert("id".to_owned(), id);
    properties.extend(layer.fields().iter().map(|field| (field.name.to_owned(), attribute(field))));
    let required: Vec<&str> =
        std::iter::once("id").chain(layer.fields().iter().map(|f| f.name).filter(|_| all)).collect();
    json!({
        "type": "object",
        "title": layer.title(),
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

/// The schema of an attribute; null is no data.
pub fn attribute(field: &Field) -> Json {
    let kind = match field.kind {
        Kind::Text => "string",
        Kind::Int => "integer",
        Kind::Float(_) => "number",
        Kind::Bool => "boolean",
    };
    json!({"type": [kind, "null"], "title": field.label})
}

/// The schema of a GeoJSON geometry of some types (RFC 7946), longitude first.
pub fn geometry(types: &[&str]) -> Json {
    let one = |kind: &&str| {
        let depth = match *kind {
            "Point" => 0,
            "LineString" => 1,
            "Polygon" => 2,
            _ => 3,
        };
        let position = json!({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2});
        let coordinates = (0..depth).fold(position, |inner, _| json!({"type": "array", "items": inner}));
        json!({
            "type": "object",
            "title": kind,
            "properties": {"type": {"const": kind}, "coordinates": coordinates},
            "required": ["type", "coordinates"],
        })
    };
    json!({"oneOf": types.iter().map(one).collect::<Vec<_>>()})
}

/// The zones of a diagnosis: all attributes of each, without its shape.
pub(crate) fn zone_records(_: &mut SchemaGenerator) -> Schema {
    schema(json!({"type": "array", "items": attributes(Layer::Zones, true)}))
}

/// A way, null where it is not known.
pub(crate) fn optional_line(_: &mut SchemaGenerator) -> Schema {
    let line = geometry(&["LineString"])["oneOf"][0].take();
    schema(json!({"anyOf": [line, {"type": "null"}]}))
}

fn schema(json: Json) -> Schema {
    Schema::try_from(json).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_attribute_of_a_layer_is_described_once() {
        for layer in Layer::ALL {
            let schema = attributes(layer, true);
            let names = schema["properties"].as_object().expect("attributes");
            assert_eq!(names.len(), layer.fields().len() + 1, "{}", layer.slug());
            assert_eq!(schema["required"].as_array().map(Vec::len), Some(names.len()));
            assert_eq!(attributes(layer, false)["required"], json!(["id"]));
        }
    }
}
