//! Areas on the map: their colours, their hatching, their borders.

use serde_json::{Value as Json, json};

use super::{INK, Paint};
use crate::layer::Layer;
use crate::legend::{Class, Legend};

/// The kinds of area drawn, with the zooms between which they are, and the `kind` of a territory.
///
/// Each begins no sooner than its layer has tiles.
const LEVELS: [(Layer, f64, f64, &str); 5] = [
    (Layer::Regions, 0.0, 4.0, "region"),
    (Layer::Departements, 4.0, 6.0, "departement"),
    (Layer::Epcis, 6.0, 7.0, "epci"),
    (Layer::Communes, 7.0, 10.0, "commune"),
    (Layer::Cells, 10.0, 24.0, "cell"),
];

/// What an area has where people are counted, whether or not a road leads them anywhere.
pub(crate) const COUNTED: &str = "beyond_share";

/// The zoom from which the page draws a layer of areas; of others, none has a turn.
pub(crate) fn from_zoom(layer: Layer) -> f64 {
    LEVELS.iter().find(|(level, ..)| *level == layer).map_or(0.0, |(_, from, ..)| *from)
}

/// The source of the choropleths that are there from afar.
pub(super) const AREAS: &str = "areas";

/// The source, and the layer, of cells.
pub(super) const CELLS: &str = "cells";

pub(super) fn source_of(layer: Layer) -> &'static str {
    if layer == Layer::Cells { CELLS } else { AREAS }
}

/// The choropleth of each level.
pub(super) fn fills(legend: &Legend, paint: Paint) -> Vec<Json> {
    LEVELS.iter().map(|(layer, from, to, kind)| fill(legend, paint, *layer, *from, *to, kind)).collect()
}

fn fill(legend: &Legend, paint: Paint, layer: Layer, from: f64, to: f64, kind: &str) -> Json {
    json!({
        "id": format!("fill-{}", layer.slug()),
        "type": "fill",
        "source": source_of(layer),
        "source-layer": layer.slug(),
        "minzoom": from,
        "maxzoom": to,
        "metadata": {"maillage:kind": kind},
        "paint": {
            "fill-color": match paint {
                Paint::Inside => colour(legend),
                Paint::Apart => json!(["to-color", ["feature-state", "colour"], "rgba(0,0,0,0)"]),
            },
            // An outline of the same colour closes the hairline between neighbours.
            "fill-outline-color": if layer == Layer::Cells { json!("rgba(255,255,255,0.25)") } else { json!("rgba(255,255,255,0.6)") },
        },
    })
}

/// The colour of a feature: its class, or that of what has no value.
fn colour(legend: &Legend) -> Json {
    let has = |attribute: &str| json!(["has", attribute]);
    let both = |one: Json, other: Json| json!(["all", one, other]);
    let first = has(legend.attribute);
    let known = legend.second.map_or_else(|| first.clone(), |second| both(first.clone(), has(second)));
    let mut cases = vec![json!("case"), known, class(legend)];
    if let Some(no_road) = legend.no_road {
        // People are counted there, all beyond, and no time is known: no road leads most of them anywhere.
        let counted = has(COUNTED);
        let stranded = if legend.second.is_some() { both(json!(["!", first]), counted) } else { counted };
        cases.extend([stranded, json!(no_road.colour)]);
    }
    cases.push(json!(legend.no_data.colour));
    Json::Array(cases)
}

/// The colour of a class, by one attribute or by two.
fn class(legend: &Legend) -> Json {
    let Some(second) = legend.second else {
        return step(legend.attribute, legend.classes.iter().map(|class| (class.min, json!(class.colour))));
    };
    let along = |row: &[Class]| {
        let from = |class: &Class| class.second.and_then(|range| range.min);
        step(second, row.iter().map(|class| (from(class), json!(class.colour))))
    };
    let rows = legend.classes.chunk_by(|a, b| a.min == b.min);
    step(legend.attribute, rows.map(|row| (row[0].min, along(row))))
}

/// What is drawn from each value of an attribute on; the first from the lowest.
fn step(attribute: &str, drawn: impl Iterator<Item = (Option<f64>, Json)>) -> Json {
    let mut step = vec![json!("step"), json!(["get", attribute])];
    for (from, drawn) in drawn {
        step.extend(from.map(|from| json!(from)));
        step.push(drawn);
    }
    Json::Array(step)
}

/// What hatching tells of an area.
#[derive(Debug, Clone, Copy)]
enum Hatch {
    /// The venue data stop near it.
    Edge,
    /// Someone's time there is estimated, where others' follow roads.
    Estimated,
}

/// The hatching that a legend has words for; that whose values come apart is always there, to be seen or not.
pub(super) fn hatches(legend: &Legend, paint: Paint) -> Vec<Json> {
    let mut layers = Vec::new();
    for (words, drawn) in [(legend.estimated_hatch, Hatch::Estimated), (legend.hatch, Hatch::Edge)] {
        if words.is_some() || paint == Paint::Apart {
            let visible = words.is_some();
            layers.extend(
                LEVELS.iter().map(|(layer, from, to, _)| hatch(drawn, paint, visible, *layer, *from, *to)),
            );
        }
    }
    layers
}

fn hatch(drawn: Hatch, paint: Paint, visible: bool, layer: Layer, from: f64, to: f64) -> Json {
    let (id, pattern, opacity, state) = match drawn {
        Hatch::Edge => ("hatch", "hatch", 0.55, "edge"),
        Hatch::Estimated => ("estimated", "hatch-estimated", 1.0, crate::field::ESTIMATED.name),
    };
    let mut hatch = json!({
        "id": format!("{id}-{}", layer.slug()),
        "type": "fill",
        "source": source_of(layer),
        "source-layer": layer.slug(),
        "minzoom": from,
        "maxzoom": to,
        "paint": {"fill-pattern": pattern, "fill-opacity": opacity},
    });
    match paint {
        Paint::Inside => hatch["filter"] = hatched(drawn),
        Paint::Apart => {
            let is_hatched = json!(["==", ["feature-state", state], true]);
            hatch["paint"]["fill-opacity"] = json!(["case", is_hatched, opacity, 0]);
            hatch["layout"] = json!({"visibility": if visible { "visible" } else { "none" }});
        }
    }
    hatch
}

/// Which features are hatched, by their attributes.
fn hatched(drawn: Hatch) -> Json {
    match drawn {
        Hatch::Edge => json!(["==", ["get", "edge"], true]),
        Hatch::Estimated => {
            json!(["all", ["==", ["get", "method"], "estimated"], [">", ["get", "population"], 0]])
        }
    }
}

fn line(id: &str, layer: Layer, from: f64, to: f64, width: &Json, opacity: f64) -> Json {
    json!({
        "id": id,
        "type": "line",
        "source": source_of(layer),
        "source-layer": layer.slug(),
        "minzoom": from,
        "maxzoom": to,
        "layout": {"line-join": "round"},
        "paint": {"line-color": INK, "line-width": width, "line-opacity": opacity},
    })
}

pub(super) fn borders() -> [Json; 3] {
    let zoomed = |low: f64, high: f64| json!(["interpolate", ["linear"], ["zoom"], 6, low, 12, high]);
    [
        line("line-communes", Layer::Communes, 10.0, 24.0, &zoomed(0.2, 1.2), 0.5),
        line("line-epcis", Layer::Epcis, 8.0, 24.0, &zoomed(0.3, 1.6), 0.45),
        line("line-departements", Layer::Departements, 0.0, 24.0, &zoomed(0.7, 2.4), 0.7),
    ]
}
