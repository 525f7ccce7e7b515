//! The schemas of answers: of types by `schemars`, of layers by their attributes, of what a handler writes
//! member by member here.

use atlas::{Layer, ZoneTotals, schema};
use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value as Json, json};

/// The schemas that the document names.
pub(crate) struct Schemas {
    types: SchemaGenerator,
    named: Map<String, Json>,
}

impl Schemas {
    pub(crate) fn new() -> Self {
        let settings = SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
            settings.meta_schema = None;
            settings.contract = Contract::Serialize;
        });
        Self { types: settings.into_generator(), named: Map::new() }
    }

    /// A reference to a schema, which is made when it is first referred to.
    fn named(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Json) -> Json {
        if !self.named.contains_key(name) {
            // Named before it is made: it may refer to itself.
            self.named.insert(name.to_owned(), Json::Null);
            self.named[name] = make(self);
        }
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    /// A refusal (RFC 9457).
    pub(crate) fn problem(&mut self) -> Json {
        self.named("Problem", |_| {
            json!({
                "type": "object",
                "description": "Why a request has no answer (RFC 9457)",
                "properties": {
                    "type": {"type": "string", "format": "uri-reference"},
                    "title": {"type": "string"},
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "detail": {"type": "string", "description": "What is wrong and what to do"},
                    "parameter": {"type": "string", "description": "The parameter refused"},
                    "value": {"type": "string", "description": "Its value, cut when it is long"},
                    "allowed": {"type": "string", "description": "What is allowed instead"},
                },
                "required": ["type", "title", "status", "detail"],
                "dependentRequired": {"parameter": ["value", "allowed"]},
            })
        })
    }

    /// All that was named.
    pub(crate) fn finish(mut self) -> Json {
        let mut all = self.types.take_definitions(true);
        all.append(&mut self.named);
        all.sort_keys();
        Json::Object(all)
    }
}

/// What a type is serialised to.
pub(crate) fn of<T: JsonSchema>(schemas: &mut Schemas) -> Json {
    schemas.types.subschema_for::<T>().to_value()
}

pub(crate) fn any_object(_: &mut Schemas) -> Json {
    json!({"type": "object"})
}

/// Ground drawn by hand: what `atlas::drawn` reads. RFC 7946 says the rest.
pub(crate) fn perimeter(schemas: &mut Schemas) -> Json {
    schemas.named("Perimeter", |_| {
        let kinds = ["Polygon", "MultiPolygon", "Feature", "FeatureCollection"];
        json!({
            "type": "object",
            "description": "GeoJSON (RFC 7946), longitude then latitude, each ring closed: a polygon, a multipolygon, \
                            a feature of one, or a collection of at most 100 of those, whose union it is",
            "properties": {"type": {"enum": kinds}, "coordinates": {"type": "array"}},
            "required": ["type"],
            "examples": [{
                "type": "Polygon",
                "coordinates": [[[3.3, 45.3], [4.0, 45.3], [4.0, 45.9], [3.3, 45.9], [3.3, 45.3]]],
            }],
        })
    })
}

fn object(properties: impl Into<Json>, required: &[&str]) -> Json {
    let properties: Json = properties.into();
    json!({"type": "object", "properties": properties, "required": required})
}

fn array(items: impl Into<Json>) -> Json {
    let items: Json = items.into();
    json!({"type": "array", "items": items})
}

fn text() -> Json {
    json!({"type": "string"})
}

fn link(schemas: &mut Schemas) -> Json {
    schemas.named("Link", |_| {
        object(
            json!({
                "rel": {"type": "string"},
                "type": {"type": "string"},
                "href": {"type": "string", "format": "uri"},
                "title": {"type": "string"},
            }),
            &["rel", "href"],
        )
    })
}

fn links(schemas: &mut Schemas) -> Json {
    array(link(schemas))
}

pub(crate) fn landing(schemas: &mut Schemas) -> Json {
    let links = links(schemas);
    schemas.named("LandingPage", |_| {
        object(
            json!({
                "title": text(),
                "description": text(),
                "atlas": {"type": "string", "description": "The identity of the atlas: the SHA-256 of its tables",
                    "pattern": "^[0-9a-f]{64}$"},
                "links": links,
            }),
            &["title", "atlas", "links"],
        )
    })
}

pub(crate) fn conformance(schemas: &mut Schemas) -> Json {
    schemas.named("Conformance", |_| {
        object(json!({"conformsTo": array(json!({"type": "string", "format": "uri"}))}), &["conformsTo"])
    })
}

pub(crate) fn collection(schemas: &mut Schemas) -> Json {
    let links = links(schemas);
    let slugs: Vec<&str> = Layer::ALL.iter().map(|layer| layer.slug()).collect();
    schemas.named("Collection", |_| {
        object(
            json!({
                "id": {"type": "string", "enum": slugs},
                "title": text(),
                "description": text(),
                "itemType": {"const": "feature"},
                "crs": array(text()),
                "extent": {"type": "object"},
                "links": links,
            }),
            &["id", "title", "links"],
        )
    })
}

pub(crate) fn collections(schemas: &mut Schemas) -> Json {
    let (links, collection) = (links(schemas), collection(schemas));
    schemas.named("Collections", |_| {
        object(json!({"links": links, "collections": array(collection)}), &["links", "collections"])
    })
}

/// A feature of one layer.
fn feature_of(schemas: &mut Schemas, layer: Layer) -> Json {
    schemas.named(&format!("{}Feature", camel(layer.slug())), |schemas| {
        let shapes: &[&str] = match layer {
            Layer::Venues | Layer::Labels => &["Point"],
            _ => &["Polygon", "MultiPolygon"],
        };
        let geometry = schemas.named(&shapes.join("Or"), |_| schema::geometry(shapes));
        object(
            json!({
                "type": {"const": "Feature"},
                "id": {"type": "integer", "minimum": 1},
                "bbox": box_of_degrees(),
                "properties": schema::attributes(layer, false),
                "geometry": {"anyOf": [geometry, {"type": "null"}]},
            }),
            &["type", "id", "properties", "geometry"],
        )
    })
}

/// A feature of any layer.
pub(crate) fn feature(schemas: &mut Schemas) -> Json {
    schemas.named("Feature", |schemas| json!({"anyOf": Layer::ALL.map(|layer| feature_of(schemas, layer))}))
}

fn page(schemas: &mut Schemas, feature: Json) -> Json {
    json!({
        "type": {"const": "FeatureCollection"},
        "name": text(),
        "numberMatched": {"type": "integer", "minimum": 0},
        "numberReturned": {"type": "integer", "minimum": 0},
        "timeStamp": {"type": "string", "format": "date-time", "description": "When the atlas was built"},
        "links": links(schemas),
        "description": {"type": "string", "description": "The question, the method, the sources and their licences"},
        "features": array(feature),
    })
}

const PAGE: [&str; 6] = ["type", "numberMatched", "numberReturned", "timeStamp", "links", "features"];

/// A page of features of any layer: all are of the one asked.
pub(crate) fn features(schemas: &mut Schemas) -> Json {
    schemas.named("FeatureCollection", |schemas| {
        let feature = feature(schemas);
        object(page(schemas, feature), &PAGE)
    })
}

/// A page of zones.
pub(crate) fn zones(schemas: &mut Schemas) -> Json {
    schemas.named("ZoneCollection", |schemas| {
        let feature = feature_of(schemas, Layer::Zones);
        let mut properties = page(schemas, feature);
        properties["totals"] = of::<ZoneTotals>(schemas);
        properties["warnings"] = of::<Vec<atlas::Warning>>(schemas);
        object(properties, &[&PAGE[..], &["totals", "warnings"]].concat())
    })
}

pub(crate) fn found(schemas: &mut Schemas) -> Json {
    let territory = of::<atlas::FoundTerritory>(schemas);
    schemas.named("FoundTerritories", |_| object(json!({"territories": array(territory)}), &["territories"]))
}

pub(crate) fn isochrones(schemas: &mut Schemas) -> Json {
    schemas.named("Isochrones", |schemas| {
        let geometry =
            schemas.named("PolygonOrMultiPolygon", |_| schema::geometry(&["Polygon", "MultiPolygon"]));
        let attributes = object(
            json!({
                "minutes": {"type": "integer", "minimum": 1, "maximum": 120},
                "population": {"type": "integer", "minimum": 0,
                    "description": "The people of the atlas who come in that time"},
                "mode": text(),
                "method": {"enum": ["routed", "estimated"]},
            }),
            &["minutes", "population", "mode", "method"],
        );
        let feature = object(
            json!({
                "type": {"const": "Feature"},
                "properties": attributes,
                "geometry": {"anyOf": [geometry, {"type": "null"}]},
            }),
            &["type", "properties", "geometry"],
        );
        object(
            json!({"type": {"const": "FeatureCollection"}, "features": array(feature)}),
            &["type", "features"],
        )
    })
}

pub(crate) fn tilesets(schemas: &mut Schemas) -> Json {
    schemas.named("Tilesets", |_| {
        let entry = object(
            json!({"title": text(), "description": text(), "content_type": text(),
                "tilejson": {"type": "string", "format": "uri"}}),
            &["title", "description", "content_type", "tilejson"],
        );
        object(json!({"tiles": {"type": "object", "additionalProperties": entry}}), &["tiles"])
    })
}

pub(crate) fn tilejson(schemas: &mut Schemas) -> Json {
    schemas.named("TileJson", |_| {
        let zoom = json!({"type": "integer", "minimum": 0, "maximum": 30});
        let layer = object(
            json!({"id": text(), "description": text(), "minzoom": zoom, "maxzoom": zoom,
                "fields": {"type": "object", "additionalProperties": text()}}),
            &["id", "fields"],
        );
        object(
            json!({
                "tilejson": {"const": "3.0.0"},
                "name": text(),
                "version": text(),
                "scheme": {"const": "xyz"},
                "tiles": array(text()),
                "minzoom": zoom,
                "maxzoom": zoom,
                "attribution": text(),
                "vector_layers": array(layer),
                "bounds": box_of_degrees(),
                "center": {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
            }),
            &["tilejson", "tiles", "vector_layers"],
        )
    })
}

pub(crate) fn values(schemas: &mut Schemas) -> Json {
    schemas.named("Values", |_| {
        let column = json!({"type": "array", "items": {"type": ["number", "boolean", "null"]},
            "description": "The value of each identifier from 1; null outside the perimeter and where there is no data"});
        object(
            json!({
                "layer": text(),
                "ids": {"type": "integer", "minimum": 0, "description": "The identifiers are 1 to this"},
                "columns": {"type": "object", "additionalProperties": column},
            }),
            &["layer", "ids", "columns"],
        )
    })
}

pub(crate) fn style(schemas: &mut Schemas) -> Json {
    schemas.named("Style", |_| {
        let described = json!({
            "version": {"const": 8},
            "name": text(),
            "metadata": {"type": "object"},
            "sources": {"type": "object"},
            "layers": array(json!({"type": "object"})),
        });
        object(described, &["version", "sources", "layers"])
    })
}

fn box_of_degrees() -> Json {
    json!({"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4})
}

fn camel(slug: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    slug.split('-').map(capital).collect()
}
