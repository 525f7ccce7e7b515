//! `/tiles`: the catalogue, TileJSON, and vector tiles.

use std::fmt::Write;
use std::sync::Arc;

use atlas::tilejson::vector_layer;
use atlas::{Atlas, AtlasError, IfnLevel, Inquiry, Layer, TileAddress, TileCoord};
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use crate::base::base;
use crate::negotiation::Accepted;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::service::Segments;
use crate::state::State;

pub(crate) const VECTOR_TILE: &str = "application/vnd.mapbox-vector-tile";

/// `/tiles`: what layers there are and where their TileJSON is.
pub(crate) async fn catalogue(
    extract::State(state): extract::State<Arc<State>>,
    _: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&headers);
    state
        .answer(format!("tiles|{base}"), headers, Freshness::Revalidate, move |atlas| {
            let layers: Map<String, Json> = atlas
                .layers()
                .map(|layer| {
                    let entry = json!({
                        "title": layer.title(),
                        "description": layer.description(),
                        "content_type": VECTOR_TILE,
                        "tilejson": format!("{base}/tiles/{}", layer.slug()),
                    });
                    (layer.slug().to_owned(), entry)
                })
                .collect();
            Ok(Representation::new("application/json", json!({"tiles": layers}).to_string()))
        })
        .await
}

/// `/tiles/{layers}`: TileJSON 3.0.0.
pub(crate) async fn tilejson(
    extract::State(state): extract::State<Arc<State>>,
    Segments([layers]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let address = address(&layers)?;
    let base = base(&headers);
    let key = format!("tilejson|{base}|{layers}|{}", asked.key());
    let query = asked.inquiry.to_string();
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            // A perimeter nobody knows is refused here, not tile by tile.
            let bounds = atlas.bounds(&asked.inquiry)?;
            if let Some(&layer) = address.layers().iter().find(|&&layer| !atlas.has(layer)) {
                return Err(AtlasError::NoSource(layer).into());
            }
            // Venues that serve the perimeter may stand outside it.
            let bounds = bounds.filter(|_| !address.layers().contains(&Layer::Venues));
            let query = if query.is_empty() { query } else { format!("?{query}") };
            let vector_layers: Vec<Json> =
                address.layers().iter().map(|&layer| vector_layer(layer, layer.max_zoom())).collect();
            let zooms = |zoom: fn(Layer) -> u8| address.layers().iter().map(move |&layer| zoom(layer));
            let min_zoom = zooms(Layer::min_zoom).min().unwrap_or_default();
            let mut document = json!({
                "tilejson": "3.0.0",
                "name": layers,
                "version": "1.0.0",
                "scheme": "xyz",
                "tiles": [format!("{base}/tiles/{layers}/{{z}}/{{x}}/{{y}}{query}")],
                "minzoom": min_zoom,
                "maxzoom": zooms(Layer::max_zoom).max(),
                "attribution": atlas.attribution(),
                "vector_layers": vector_layers,
            });
            if let Some([west, south, east, north]) = bounds {
                document["bounds"] = json!([west, south, east, north]);
                document["center"] =
                    json!([f64::midpoint(west, east), f64::midpoint(south, north), min_zoom.max(7)]);
            }
            Ok(Representation::new("application/json", document.to_string()))
        })
        .await
}

/// `/tiles/{layers}/{z}/{x}/{y}`, with or without `.mvt` or `.pbf`.
pub(crate) async fn tile(
    extract::State(state): extract::State<Arc<State>>,
    Segments([layers, z, x, y]): Segments<4>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let address = address(&layers)?;
    let coord = coord(&z, &x, &y)?;
    let freshness = asked.freshness(state.atlas()?);
    let key = key(&address, coord, &asked.key());
    state.answer(key, headers, freshness, move |atlas| make(atlas, &address, coord, &asked.inquiry)).await
}

/// What a tile is kept under. A layer named twice is there once.
fn key(address: &TileAddress, coord: TileCoord, asked: &str) -> String {
    let mut key = "tile|".to_owned();
    for layer in address.layers() {
        key.push_str(layer.slug());
        key.push(',');
    }
    // Writing to a text does not fail.
    let _ = write!(key, "|{coord}|{asked}");
    key
}

fn make(
    atlas: &Atlas,
    address: &TileAddress,
    coord: TileCoord,
    inquiry: &Inquiry,
) -> Result<Representation, Problem> {
    let bytes = atlas.tile(address, coord, inquiry)?.unwrap_or_default();
    Ok(Representation::new(VECTOR_TILE, bytes))
}

/// Makes a tile of the usual question as a request that accepts a coding would have it, unless it is kept.
pub(crate) async fn prepare(state: &Arc<State>, address: TileAddress, coord: TileCoord, accepted: Accepted) {
    let asked = Query::usual(&Inquiry::default());
    let key = key(&address, coord, &asked);
    // What cannot be made now is told to whoever asks for it.
    let _ =
        state.prepare(key, accepted, move |atlas| make(atlas, &address, coord, &Inquiry::default())).await;
}

/// `/compat/ifn/{level}/{z}/{x}/{y}`, with or without `.mvt` or `.pbf`.
pub(crate) async fn ifn(
    extract::State(state): extract::State<Arc<State>>,
    Segments([level, z, x, y]): Segments<4>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let level = IfnLevel::from_slug(&level).ok_or_else(|| {
        let known = IfnLevel::ALL.map(IfnLevel::slug).join(", ");
        let level: String = level.chars().take(40).collect();
        Problem::NotFound(format!("there is no level {level:?}; levels: {known}"))
    })?;
    let coord = coord(&z, &x, &y)?;
    let freshness = asked.freshness(state.atlas()?);
    let key = format!("ifn|{}|{coord}", level.slug());
    state
        .answer(key, headers, freshness, move |atlas| {
            let bytes = atlas.ifn_tile(level, coord)?.unwrap_or_default();
            Ok(Representation::new(VECTOR_TILE, bytes))
        })
        .await
}

fn address(layers: &str) -> Result<TileAddress, Problem> {
    layers.parse().map_err(|name| {
        let known: Vec<&str> = Layer::ALL.iter().map(|layer| layer.slug()).collect();
        Problem::NotFound(format!("there is no layer {name:?}; layers: {}", known.join(", ")))
    })
}

fn coord(z: &str, x: &str, y: &str) -> Result<TileCoord, Problem> {
    let y = y.strip_suffix(".mvt").or(y.strip_suffix(".pbf")).unwrap_or(y);
    let outside = || {
        let text: String = format!("{z}/{x}/{y}").chars().take(60).collect();
        Problem::NotFound(format!("there is no tile {text}: z is 0 to 22, x and y are below 2^z"))
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if ![z, x, y].into_iter().all(digits) {
        return Err(outside());
    }
    match (z.parse(), x.parse(), y.parse()) {
        (Ok(z), Ok(x), Ok(y)) => TileCoord::new(z, x, y).map_err(|_| outside()),
        _ => Err(outside()),
    }
}
