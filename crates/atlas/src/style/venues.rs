//! Venues on the map, alone and from afar several at once.

use serde_json::{Value as Json, json};

use super::FONT;

pub(super) const VENUE: &str = "#0b6e4f";

/// Where circles of several venues begin to be drawn: before, they would hide the map.
const CLUSTERS_FROM: u8 = 6;

/// Venues, and from afar circles of several.
pub(super) fn circles() -> [Json; 2] {
    let colour = json!(["match", ["get", "fit"], "yes", VENUE, "unknown", "#ffffff", "#9a9a9a"]);
    let stroke = json!(["match", ["get", "fit"], "unknown", VENUE, "#ffffff"]);
    let mut alone = layer("venues", "circle", "venue", 7, &json!(["!", several()]));
    alone["paint"] = json!({
        "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 1.8, 10, 4, 14, 7],
        "circle-color": colour,
        "circle-opacity": ["match", ["get", "fit"], "no", 0.5, 1],
        "circle-stroke-color": stroke,
        "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 7, 0.4, 11, 1.4],
    });
    let mut clusters = layer("venue-clusters", "circle", "cluster", CLUSTERS_FROM, &several());
    clusters["paint"] = json!({
        "circle-radius": ["step", shown(), 7, 10, 9, 100, 11.5, 1000, 14],
        "circle-color": colour,
        "circle-opacity": 0.92,
        "circle-stroke-color": stroke,
        "circle-stroke-width": 1,
    });
    [alone, clusters]
}

/// The number in each circle of several venues, always written.
pub(super) fn counts() -> Json {
    let mut counts = layer("venue-cluster-counts", "symbol", "cluster", CLUSTERS_FROM, &several());
    counts["layout"] = json!({
        "text-field": ["number-format", shown(), {"locale": "fr"}],
        "text-font": [FONT],
        "text-size": ["step", shown(), 10, 100, 10.5],
        "text-padding": 3,
        "text-allow-overlap": true,
    });
    counts["paint"] = json!({"text-color": ["match", ["get", "fit"], "unknown", VENUE, "#ffffff"]});
    counts
}

fn layer(id: &str, drawn: &str, kind: &str, from: u8, of: &Json) -> Json {
    json!({
        "id": id,
        "type": drawn,
        "source": "venues",
        "source-layer": "venues",
        "minzoom": from,
        "filter": of,
        "metadata": {"maillage:kind": kind},
    })
}

/// Whether a feature is several venues.
fn several() -> Json {
    json!(["has", "expansion_zoom"])
}

/// The number of a circle: of its venues that fit, else of those that may, else of all.
fn shown() -> Json {
    json!([
        "match",
        ["get", "fit"],
        "yes",
        ["get", "venues_fit"],
        "unknown",
        ["get", "venues_unknown"],
        ["get", "venues"]
    ])
}
