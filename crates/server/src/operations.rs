//! The table of operations: every address of the API, each in one row.
//!
//! The router, the reader of queries and the document are made from it, so that none can say what another
//! does not do.

use atlas::export::Separator;
use atlas::legend::Metric;
use atlas::style::Paint;
use atlas::{IfnLevel, Layer, Parameter, Values, parameter as describe};
use axum::routing;

use crate::listing::{CRS84, MOST_FEATURES, USUAL_FEATURES};
use crate::openapi::schemas;
use crate::operation::{Content, Operation, Tag, Takes, get, parameter};
use crate::points::{MOST_ISOCHRONES, MOST_VENUES};
use crate::territories::MOST_FOUND;
use crate::{
    collections, docs, export, features, health, landing, openapi, points, queryables, styles, territories,
    tiles, values,
};

/// Every operation, in the order in which a reader meets them.
pub(crate) static OPERATIONS: &[Operation] = &[
    get("/api", "getLandingPage", || routing::get(landing::landing))
        .says(Tag::Discovery, "What this server holds", "Links to everything else: the landing page of OGC API.")
        .takes(Takes::Inquiry)
        .with(&[PAGE_OR_JSON])
        .answers(&[Content::json(schemas::landing), Content::text(HTML)]),
    get("/api/conformance", "getConformance", || routing::get(landing::conformance))
        .says(Tag::Discovery, "Which standards it keeps", "The conformance classes of OGC API that it declares.")
        .takes(Takes::Inquiry)
        .with(&[PAGE_OR_JSON])
        .answers(&[Content::json(schemas::conformance), Content::text(HTML)]),
    get(openapi::PATH, "getApiDefinition", || routing::get(openapi::definition))
        .says(Tag::Discovery, "This document", "OpenAPI 3.1, made from the table by which requests are routed.")
        .takes(Takes::Inquiry)
        .with(&[JSON_ONLY])
        .answers(&[
            Content { media_type: openapi::MEDIA_TYPE, schema: Some(schemas::any_object) },
            Content::json(schemas::any_object),
        ]),
    get(docs::PATH, "getApiDocumentation", || routing::get(docs::page))
        .says(Tag::Discovery, "This document as a page", "In HTML, without any request to another server.")
        .answers(&[Content::text("text/html")]),
    get("/api/collections", "listCollections", || routing::get(collections::collections))
        .says(Tag::Features, "The layers", "Those that have data in this atlas.")
        .takes(Takes::Inquiry)
        .with(&[PAGE_OR_JSON])
        .answers(&[Content::json(schemas::collections), Content::text(HTML)]),
    get("/api/collections/{layer}", "getCollection", || routing::get(collections::collection))
        .says(Tag::Features, "A layer", "What it holds, where it lies and where its features are.")
        .at(&[LAYER])
        .takes(Takes::Inquiry)
        .with(&[PAGE_OR_JSON])
        .answers(&[Content::json(schemas::collection), Content::text(HTML)])
        .example("/api/collections/communes"),
    get("/api/collections/{layer}/queryables", "getQueryables", || routing::get(queryables::queryables))
        .says(
            Tag::Features,
            "What a filter may name",
            "The properties of a layer that `filter` understands, as a JSON Schema (OGC API Features part 3).",
        )
        .at(&[LAYER])
        .takes(Takes::Inquiry)
        .with(&[PAGE_OR_JSON])
        .answers(&[Content { media_type: queryables::SCHEMA, schema: Some(schemas::any_object) }, Content::text(HTML)])
        .example("/api/collections/communes/queryables"),
    get("/api/collections/{layer}/sortables", "getSortables", || routing::get(queryables::sortables))
        .says(Tag::Features, "What a sort may name", "The properties of a layer that `sortby` understands.")
        .at(&[LAYER])
        .takes(Takes::Inquiry)
        .with(&[PAGE_OR_JSON])
        .answers(&[Content { media_type: queryables::SCHEMA, schema: Some(schemas::any_object) }, Content::text(HTML)])
        .example("/api/collections/communes/sortables"),
    get("/api/collections/{layer}/items", "listFeatures", || routing::get(features::items))
        .says(
            Tag::Features,
            "Features of a layer",
            "A page of the features of a layer for an inquiry. Follow the links `next` to the last; \
             a table says the same in its headers.",
        )
        .at(&[LAYER])
        .takes(Takes::Inquiry)
        .with(ITEMS)
        .answers(FEATURES)
        .headers(COUNTS)
        .example("/api/collections/communes/items?bbox=3.0,45.7,3.2,45.85&limit=2&properties=code,name,beyond"),
    get("/api/collections/{layer}/items/{id}", "getFeature", || routing::get(features::item))
        .says(Tag::Features, "A feature", "One feature of a layer, with the figures of an inquiry.")
        .at(&[LAYER, FEATURE_ID])
        .takes(Takes::Inquiry)
        .with(&[PAGE_OR_GEOJSON])
        .answers(&[Content::geojson(schemas::feature), Content::text(HTML)])
        .example("/api/collections/departements/items/1?minutes=15"),
    get("/api/zones", "listZones", || routing::get(features::zones))
        .says(
            Tag::Features,
            "Underserved zones",
            "Where people live beyond the promise, most people first: the layer `zones`, whole by default, \
             with the totals over all that match.",
        )
        .takes(Takes::Inquiry)
        .with(ZONE_ITEMS)
        .answers(ZONES)
        .headers(COUNTS)
        .example("/api/zones?territory=departement:63&minutes=20&limit=3"),
    get("/api/zones", "listZonesWithin", || routing::post(features::zones_within))
        .says(
            Tag::Features,
            "Underserved zones of drawn ground",
            "The same in a perimeter drawn by hand, with that of the territories named if there are any. The links \
             of the answer hold the perimeter as `territory=polygon:…`.",
        )
        .posting(PERIMETER)
        .takes(Takes::Inquiry)
        .with(ZONE_ITEMS)
        .answers(ZONES)
        .headers(COUNTS)
        .example("/api/zones?minutes=20&limit=3"),
    get("/api/territories", "searchTerritories", || routing::get(territories::search))
        .says(
            Tag::Territories,
            "Find a territory",
            "By its name, whatever the accents, case and hyphens, or by its code; the best match first.",
        )
        .with(&[WORDS, limit(Values::Whole { least: 1, most: 100 }, MOST_FOUND)])
        .required(&["q"])
        .answers(&[Content::json(schemas::found)])
        .example("/api/territories?q=puy-de-dome&limit=1"),
    get("/api/territories/{ids}", "getDiagnosis", || routing::get(territories::diagnosis))
        .says(
            Tag::Territories,
            "The diagnosis of a territory",
            "Who is beyond the promise in a territory or a union of several, how the figure changes with the \
             minutes, the zones, and what to know before quoting it.",
        )
        .at(&[IDS])
        .takes(Takes::InPath)
        .answers(&[Content::json(schemas::of::<atlas::Diagnosis>)])
        .example("/api/territories/departement:42?minutes=15&fee=free&open=saturday"),
    get("/api/territories/{ids}/report", "getReport", || routing::get(territories::report))
        .says(
            Tag::Territories,
            "The diagnosis as a page to print",
            "In French, the annex of a roadmap: needs, offer, access, adequacy, equity, priority areas, ranked \
             zones with their map, method and sources, beside the territory around and those of `compare`.",
        )
        .at(&[IDS])
        .takes(Takes::InPath)
        .with(&[COMPARE])
        .answers(&[Content::text(HTML)])
        .example("/api/territories/departement:63/report?compare=departement:43"),
    get("/api/territories/answer", "getDiagnosisWithin", || routing::post(territories::diagnosis_within))
        .says(
            Tag::Territories,
            "The diagnosis of drawn ground",
            "The same in a perimeter drawn by hand, with that of the territories named if there are any: people \
             are counted by cells of 0.7 km² whose centre is inside. `territory.id` of the answer is its address.",
        )
        .posting(PERIMETER)
        .takes(Takes::Inquiry)
        .answers(&[Content::json(schemas::of::<atlas::Diagnosis>)])
        .example("/api/territories/answer?minutes=20"),
    get("/api/territories/report", "getReportWithin", || routing::post(territories::report_within))
        .says(
            Tag::Territories,
            "The diagnosis of drawn ground as a page to print",
            "The same in a perimeter drawn by hand, with that of the territories named if there are any.",
        )
        .posting(PERIMETER)
        .takes(Takes::Inquiry)
        .with(&[COMPARE])
        .answers(&[Content::text(HTML)])
        .example("/api/territories/report?minutes=20"),
    get("/api/export", "exportLayers", || routing::get(export::export))
        .says(
            Tag::Features,
            "A file of layers",
            "One file with the features of several layers for an inquiry, to save: a GeoPackage with styles for QGIS, a project of \
             QGIS in a zip (beside its data, or pointing at this server), a zip \
             of FlatGeobuf with styles, GeoJSON or CSV (a zip when there are several layers), a workbook, or all tiles in \
             an archive. Ranges of it may be asked for.",
        )
        .takes(Takes::Inquiry)
        .with(&[EXPORTED, FORM, SEPARATOR, SOURCE, DRAWN])
        .required(&["layers", "format"])
        .answers(EXPORTS)
        .headers(SAVED)
        .or_nowhere()
        .example("/api/export?layers=zones,communes&territory=departement:42&minutes=20&format=gpkg"),
    get("/api/access", "getAccess", || routing::get(points::access))
        .says(
            Tag::Points,
            "The nearest venues",
            "The venues quickest to reach from a position among those that fit the question, and the way \
             there, within two hours. Of an inquiry only the question matters: a permalink may be sent whole.",
        )
        .takes(Takes::Inquiry)
        .with(&[LON, LAT, limit(Values::Whole { least: 1, most: MOST_VENUES }, "5")])
        .required(&["lon", "lat"])
        .answers(&[Content::json(schemas::of::<atlas::PointAccess>)])
        .example("/api/access?lon=4.84&lat=45.76&limit=2"),
    get("/api/isochrones", "getIsochrones", || routing::get(points::isochrones))
        .says(
            Tag::Points,
            "Who comes within some minutes",
            "The ground and the people within some minutes of a venue, or of a position given by both `lon` \
             and `lat`.",
        )
        .with(&[LON, LAT, VENUE, MODE, THRESHOLDS, OUTLINE])
        .or_nowhere()
        .answers(&[Content::geojson(schemas::isochrones)])
        .example("/api/isochrones?lon=4.84&lat=45.76&minutes=10,20"),
    get("/tiles", "listTilesets", || routing::get(tiles::catalogue))
        .says(Tag::Tiles, "The tile sets", "Where the TileJSON of each layer is.")
        .answers(&[Content::json(schemas::tilesets)]),
    get("/tiles/{layers}", "getTileJson", || routing::get(tiles::tilejson))
        .says(Tag::Tiles, "TileJSON of layers", "TileJSON 3.0.0 of one layer, or of several in one tile.")
        .at(&[LAYERS])
        .takes(Takes::Inquiry)
        .answers(&[Content::json(schemas::tilejson)])
        .example("/tiles/communes,venues?minutes=15"),
    get("/tiles/{layers}/{z}/{x}/{y}", "getTile", || routing::get(tiles::tile))
        .says(Tag::Tiles, "A vector tile", "Mapbox Vector Tile 2.1; an empty tile is answered 204.")
        .at(&[LAYERS, TILE_Z, TILE_X, TILE_Y])
        .takes(Takes::Inquiry)
        .with(&[VERSION])
        .answers(&[Content::bytes(tiles::VECTOR_TILE)])
        .or_nothing("The tile holds nothing")
        .example("/tiles/communes/8/131/91?minutes=15"),
    get("/values/{layer}", "getValues", || routing::get(values::values))
        .says(
            Tag::Tiles,
            "Numbers of a layer, without shapes",
            "Columns by feature identifier, which lasts as long as the atlas: a page that holds the shapes changes its \
             question without fetching one again. Of areas, `estimated` says whether someone's time there is. JSON, or the \
             little-endian binary that docs/api.md describes.",
        )
        .at(&[LAYER])
        .takes(Takes::Inquiry)
        .with(&[COLUMN, WITHIN, COLUMN_FORM, VERSION])
        .required(&["column"])
        .answers(&[Content::json(schemas::values), Content::bytes(values::BINARY)])
        .example("/values/departements?column=access_min,beyond&minutes=15"),
    get("/compat/ifn/{level}/{z}/{x}/{y}", "getIfnTile", || routing::get(tiles::ifn))
        .says(
            Tag::Tiles,
            "A tile of the published index",
            "The contract of the tiles of today's IFN service: a layer named after the level, whose features have \
             `score` (1 to 10). Only the index published by La MedNum is served so, never another; of a département \
             it is the mean of its communes weighted by people, and `basis` says so.",
        )
        .at(&[LEVEL, TILE_Z, TILE_X, TILE_Y])
        .with(&[VERSION])
        .answers(&[Content::bytes(tiles::VECTOR_TILE)])
        .or_nothing("The tile holds nothing")
        .example("/compat/ifn/city/8/131/91"),
    get("/styles/{name}", "getStyle", || routing::get(styles::style))
        .says(
            Tag::Tiles,
            "A style",
            "A MapLibre style with its legend (`metadata`, `maillage:legend`), made for an inquiry. With `values=apart` areas \
             are coloured by the state of features, which docs/api.md describes: a page that joins `/values` to the shapes it \
             holds changes its question without fetching a tile of them.",
        )
        .at(&[STYLE])
        .takes(Takes::Inquiry)
        .with(&[VALUES])
        .answers(&[Content::json(schemas::style)])
        .example("/styles/access_min.json?mode=walk"),
    get("/ready", "getReady", || routing::get(health::ready))
        .says(Tag::Service, "Whether it can answer", "503 while the atlas loads or the server stops.")
        .answers(&[Content::text("text/plain")])
        .untagged()
        .example_answer("ready\n"),
    get("/health", "getHealth", || routing::get(health::health))
        .says(Tag::Service, "Whether it lives", "However busy it is.")
        .answers(&[Content::text("text/plain")])
        .untagged()
        .unlimited()
        .example_answer("ok\n"),
];

/// A polygon, a multipolygon, a feature of one or a collection of them.
const PERIMETER: Content = Content::geojson(schemas::perimeter);

const HTML: &str = "text/html";

/// A page of features, in every format.
const FEATURES: &[Content] = &formats(schemas::features);

/// A page of zones, in every format.
const ZONES: &[Content] = &formats(schemas::zones);

const fn formats(geojson: fn(&mut openapi::Schemas) -> serde_json::Value) -> [Content; 5] {
    [
        Content::geojson(geojson),
        Content::text(HTML),
        Content::bytes("application/flatgeobuf"),
        Content::bytes("application/geopackage+sqlite3"),
        Content::text("text/csv"),
    ]
}

/// A file, in every form.
const EXPORTS: &[Content] = &[
    Content::bytes("application/geopackage+sqlite3"),
    Content::bytes("application/zip"),
    Content::bytes("application/geo+json"),
    Content::bytes("text/csv"),
    Content::bytes("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    Content::bytes("application/vnd.pmtiles"),
];

const SAVED: &[(&str, &str)] = &[
    ("Content-Disposition", "The name to save the file under, which says what it holds"),
    ("Accept-Ranges", "`bytes`: a part of the file may be asked for with `Range`"),
];

/// What a listing of features understands besides an inquiry.
const ITEMS: &[Parameter] = &listing(USUAL_FEATURES);

/// The same for zones, whole by default.
const ZONE_ITEMS: &[Parameter] = &listing("10000");

const fn listing(usual: &'static str) -> [Parameter; 10] {
    let limit = limit(Values::Whole { least: 1, most: MOST_FEATURES }, usual);
    [BBOX, DATETIME, FILTER, FILTER_LANG, FILTER_CRS, SORTBY, PROPERTIES, limit, OFFSET, FORMAT]
}

const COUNTS: &[(&str, &str)] = &[
    ("OGC-NumberMatched", "Features that match, on all pages"),
    ("OGC-NumberReturned", "Features on this page"),
];

const JSON_ONLY: Parameter =
    parameter("f", Values::One(|| describe::words(&["json"])), Some("json"), "The format of the answer.");

const PAGE_OR_JSON: Parameter = parameter(
    "f",
    Values::One(|| describe::words(&["json", "html"])),
    None,
    "The format of the answer; without it JSON, or a page when `Accept` prefers `text/html`.",
);

const PAGE_OR_GEOJSON: Parameter = parameter(
    "f",
    Values::One(|| describe::words(&["json", "geojson", "html"])),
    None,
    "The format of the answer; without it GeoJSON, or a page when `Accept` prefers `text/html`.",
);

const FORMAT: Parameter = parameter(
    "f",
    Values::One(|| describe::words(&["json", "geojson", "html", "fgb", "gpkg", "csv"])),
    None,
    "The format of the answer; `json` is GeoJSON, as without it, unless `Accept` prefers `text/html` for a layer.",
);

const DATETIME: Parameter = parameter(
    "datetime",
    Values::Text { most: 100 },
    None,
    "An instant or an interval (RFC 3339). No feature has a time, so that all match, as OGC API wants.",
);

const FILTER: Parameter = parameter(
    "filter",
    Values::Text { most: 16_000 },
    None,
    "A condition in CQL2 text on the queryables of the layer, such as `beyond_share > 0.5 AND fragility >= 6`.",
);

const FILTER_LANG: Parameter = parameter(
    "filter-lang",
    Values::One(|| describe::words(&["cql2-text"])),
    None,
    "The language of the filter.",
);

const FILTER_CRS: Parameter = parameter(
    "filter-crs",
    Values::One(|| describe::words(&[CRS84, "http://www.opengis.net/def/crs/OGC/0/CRS84"])),
    None,
    "The reference system of the coordinates in the filter.",
);

const SORTBY: Parameter = parameter(
    "sortby",
    Values::Text { most: 500 },
    None,
    "Sortables joined by commas, each after `-` for the greatest first; what has no value comes last.",
);

const LAYER: Parameter = parameter("layer", Values::One(layers), None, "The layer.");

const LAYERS: Parameter =
    parameter("layers", Values::Any(layers), None, "The layers, in the order in which a tile holds them.");

const EXPORTED: Parameter = parameter("layers", Values::Any(layers), None, "The layers of the file.");

const FORM: Parameter =
    parameter("format", Values::One(export::forms), None, "What the file is: `fgb` is a zip with styles.");

const SEPARATOR: Parameter = parameter(
    "separator",
    Values::One(|| describe::words(&Separator::ALL.map(Separator::slug))),
    Some("comma"),
    "What stands between the cells of a CSV; `semicolon` comes with decimal commas, as a French Excel wants.",
);

const SOURCE: Parameter = parameter(
    "source",
    Values::One(|| describe::words(&[export::FILE, export::SERVER])),
    Some(export::FILE),
    "Where the features of a project of QGIS are: in a GeoPackage beside it, or on this server.",
);

const DRAWN: Parameter = parameter(
    "style",
    Values::One(|| describe::words(&Metric::ALL.map(Metric::slug))),
    Some("access_min"),
    "The attribute by which the styles of areas draw them.",
);

const FEATURE_ID: Parameter = parameter(
    "id",
    Values::Whole { least: 1, most: u32::MAX },
    None,
    "The `id` of the feature in its layer.",
);

const IDS: Parameter = parameter(
    "ids",
    Values::Forms(describe::TERRITORY),
    None,
    "One territory, or several that make a union; at most 500.",
);

const COMPARE: Parameter = parameter(
    "compare",
    Values::Forms(describe::TERRITORY),
    None,
    "A second territory, or several as a union, beside which the figures are set.",
);

const STYLE: Parameter = parameter("name", Values::One(style_names), None, "The attribute drawn.");

const TILE_Z: Parameter = parameter("z", Values::Whole { least: 0, most: 22 }, None, "The zoom.");

const TILE_X: Parameter =
    parameter("x", Values::Whole { least: 0, most: (1 << 22) - 1 }, None, "The column, below 2^z.");

const TILE_Y: Parameter = parameter(
    "y",
    Values::Form("^[0-9]{1,7}(\\.mvt|\\.pbf)?$"),
    None,
    "The row from the north, below 2^z; `.mvt` or `.pbf` may follow.",
);

const VERSION: Parameter = parameter(
    "v",
    Values::Text { most: 100 },
    None,
    "The first twelve characters of the atlas' identity: the tile may then be kept for ever.",
);

const COLUMN: Parameter = parameter(
    "column",
    Values::Forms("^[a-z][a-z0-9_]*$"),
    None,
    "Attributes of the layer that are numbers, or yes or no, and of areas `estimated`; each once.",
);

const WITHIN: Parameter = parameter(
    "bbox",
    Values::Box,
    None,
    "Only features that touch this box have a value: west, south, east, north in degrees. Identifiers stay as they are.",
);

const VALUES: Parameter = parameter(
    "values",
    Values::One(|| describe::words(&[Paint::APART])),
    None,
    "Where colours come from: `apart` is the state of features; without it the attributes of tiles.",
);

const COLUMN_FORM: Parameter = parameter(
    "f",
    Values::One(|| describe::words(&["json", "bin"])),
    None,
    "The form of the answer; without it JSON, or binary when `Accept` names its media type.",
);

const LEVEL: Parameter =
    parameter("level", Values::One(levels), None, "The level, by its name in that service.");

const BBOX: Parameter = parameter(
    "bbox",
    Values::Box,
    None,
    "Only features whose box touches this one: west, south, east, north in degrees, west < east.",
);

const OFFSET: Parameter = parameter(
    "offset",
    Values::Whole { least: 0, most: u32::MAX },
    Some("0"),
    "How many features to pass over first.",
);

const PROPERTIES: Parameter = parameter(
    "properties",
    Values::Forms("^[a-z][a-z0-9_]*$"),
    None,
    "Only these attributes of the layer; all when it is not given.",
);

const WORDS: Parameter =
    parameter("q", Values::Text { most: 100 }, None, "The name or code to look for, at most 100 characters.");

const LON: Parameter = parameter("lon", Values::Degrees(180), None, "Longitude, such as lon=4.84.");

const LAT: Parameter = parameter("lat", Values::Degrees(90), None, "Latitude, such as lat=45.76.");

const VENUE: Parameter =
    parameter("venue", Values::Text { most: 200 }, None, "The `code` of a venue, instead of a position.");

const MODE: Parameter = parameter("mode", Values::One(describe::modes), Some("car"), "How people travel.");

const THRESHOLDS: Parameter = parameter(
    "minutes",
    Values::Wholes { least: 1, most: 120, count: MOST_ISOCHRONES },
    Some("10,20,30"),
    "One isochrone for each.",
);

const OUTLINE: Parameter = parameter(
    "outline",
    Values::One(|| describe::words(&["smooth", "cells"])),
    Some("smooth"),
    "A line around the roads reached, or the inhabited cells reached, whole; without roads always cells.",
);

const fn limit(values: Values, default: &'static str) -> Parameter {
    parameter("limit", values, Some(default), "How many at most.")
}

fn layers() -> Vec<describe::Word> {
    let word = |layer: Layer| describe::Word { slug: layer.slug().to_owned(), label: Some(layer.title()) };
    Layer::ALL.map(word).into()
}

fn levels() -> Vec<describe::Word> {
    describe::words(&IfnLevel::ALL.map(IfnLevel::slug))
}

fn style_names() -> Vec<describe::Word> {
    let word = |metric: Metric| describe::Word { slug: format!("{}.json", metric.slug()), label: None };
    Metric::ALL.map(word).into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_row_is_whole_and_named_once() {
        let mut names = BTreeSet::new();
        let mut places = BTreeSet::new();
        for operation in OPERATIONS {
            assert!(names.insert(operation.id), "{} twice", operation.id);
            assert!(places.insert((operation.path, operation.method.slug())), "{} twice", operation.path);
            assert!(operation.id.chars().all(|c| c.is_ascii_alphabetic()), "{}", operation.id);
            assert!(
                !operation.summary.is_empty() && operation.description.ends_with('.'),
                "{}",
                operation.id
            );
            assert!(!operation.answers.is_empty(), "{}", operation.id);
            let parameters: Vec<&str> = operation.query().map(|parameter| parameter.name).collect();
            let distinct: BTreeSet<&str> = parameters.iter().copied().collect();
            assert_eq!(distinct.len(), parameters.len(), "{}: {parameters:?}", operation.id);
        }
    }

    #[test]
    fn the_segments_of_a_path_are_those_described() {
        for operation in OPERATIONS {
            let braced = operation.path.split('/').filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'));
            let described = operation.segments.iter().map(|parameter| parameter.name);
            assert!(braced.eq(described), "{}", operation.path);
            assert!(!operation.example.contains('{'), "{} has no example", operation.path);
        }
    }
}
