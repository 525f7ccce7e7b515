//! MapLibre styles made from the legend: what a map of an inquiry looks like.

pub(crate) mod qml;
pub(crate) mod sld;
pub(crate) mod symbology;
mod venues;

use access::Fit;
use network::Method;
use serde_json::{Value as Json, json};
use territory::{Extent, PlaceIdx};

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::legend::{Legend, Metric, Times};
use crate::scope::Scope;

const FONT: &str = "Noto Sans Regular";
const INK: &str = "#33373d";
/// In none of the ramps, dark enough for a thin line on all of them.
const PRIORITY: &str = "#8a1c5c";

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

impl Atlas {
    /// The style that draws a metric for an inquiry; `base` is this server's address, as `http://host`.
    pub fn style(&self, metric: Metric, inquiry: &Inquiry, base: &str) -> Result<Json, AtlasError> {
        let scope = self.scope(inquiry)?;
        let extent = self.extent_of(&scope).map(Extent::bbox);
        let shown = self.views(scope.communes()).first().map(|view| view.bbox).or(extent);
        let times = self.times(inquiry, &scope)?;
        let legend = self.legend_of(metric, inquiry, times);
        let mut layers = vec![json!({
            "id": "background", "type": "background", "paint": {"background-color": "#f4f2ee"}
        })];
        layers.extend(LEVELS.iter().map(|(layer, from, to, kind)| area(&legend, *layer, *from, *to, kind)));
        for (words, drawn) in [(legend.estimated_hatch, Hatch::Estimated), (legend.hatch, Hatch::Edge)] {
            if words.is_some() {
                layers.extend(LEVELS.iter().map(|(layer, from, to, _)| hatch(drawn, *layer, *from, *to)));
            }
        }
        layers.extend(borders());
        let prioritised = self.has(Layer::PriorityAreas);
        if prioritised {
            layers.extend(priority_areas());
        }
        layers.extend(zones());
        layers.extend(venues::circles());
        layers.extend(labels());
        if prioritised {
            layers.push(priority_names());
        }
        // Last, so that names are put beside them.
        layers.push(venues::counts());

        let asked = question(inquiry, &[]);
        let areas = Layer::AREAS.iter().filter(|&&layer| source_of(layer) == AREAS);
        let areas: Vec<&str> = areas.map(|layer| layer.slug()).collect();
        let mut style = json!({
            "version": 8,
            "name": format!("Maillage – {}", legend.title),
            "metadata": {
                "maillage:legend": legend,
                "maillage:bounds": shown,
                "maillage:times": times.slug(),
                "maillage:stranded": matches!(times, Times::OnRoads { stranded: true, .. }),
                "maillage:atlas": self.id(),
            },
            "glyphs": format!("{base}/fonts/{{fontstack}}/{{range}}.pbf"),
            "sources": {
                AREAS: self.source(base, &areas.join(","), 0, &asked, extent),
                // Apart, because their tiles are the heaviest: a client asks for none that it does not draw.
                CELLS: self.source(base, CELLS, Layer::Cells.min_zoom(), &asked, extent),
                "zones": self.source(base, "zones", Layer::Zones.min_zoom(), &asked, extent),
                // What a venue is does not depend on the promise, nor does a name on anything asked.
                "venues": self.source(
                    base, "venues", Layer::Venues.min_zoom(), &question(inquiry, &["minutes", "fragility_min"]), None
                ),
                "labels": self.source(base, "labels", Layer::Labels.min_zoom(), "", None),
            },
            "layers": layers,
        });
        if prioritised {
            // What is inside an area does not depend on the promise.
            let asked = question(inquiry, &["minutes", "fragility_min"]);
            let layer = Layer::PriorityAreas;
            style["sources"]["priority-areas"] =
                self.source(base, layer.slug(), layer.min_zoom(), &asked, None);
        }
        Ok(style)
    }

    /// The legend of a map of a metric for an inquiry.
    pub(crate) fn legend(&self, metric: Metric, inquiry: &Inquiry) -> Result<Legend, AtlasError> {
        let times = self.times(inquiry, &*self.scope(inquiry)?)?;
        Ok(self.legend_of(metric, inquiry, times))
    }

    fn legend_of(&self, metric: Metric, inquiry: &Inquiry, times: Times) -> Legend {
        metric.legend(inquiry.promise.question.mode, times, self.tables().edge.is_some())
    }

    /// How the times of the people an inquiry counts were found.
    fn times(&self, inquiry: &Inquiry, scope: &Scope) -> Result<Times, AtlasError> {
        let question = &inquiry.promise.question;
        if self.roads(question.mode).is_none() {
            return Ok(Times::Estimated);
        }
        let surface = self.surface(question, Fit::Fits);
        let routed = |place: PlaceIdx| surface.method_at(place) == Method::Routed;
        let mut people = self.kept_places(inquiry, scope);
        people.retain(|&place| self.grid().place(place).population.0 > 0);
        // Where no venue fits, it is not a road that is missing.
        let leads = self.grid().iter().any(|(place, _)| surface.reach(place).is_some());
        Ok(Times::OnRoads {
            routed: people.iter().any(|&place| routed(place)),
            estimated: self.method(inquiry)? == Method::Estimated,
            stranded: leads && people.iter().any(|&p| routed(p) && surface.reach(p).is_none()),
        })
    }

    fn source(&self, base: &str, layers: &str, min_zoom: u8, asked: &str, bounds: Option<[f64; 4]>) -> Json {
        // The atlas' identity in the address lets a browser keep a tile until the atlas changes.
        let version = self.id().get(..12).unwrap_or_default();
        let separator = if asked.is_empty() { "" } else { "&" };
        let mut source = json!({
            "type": "vector",
            "tiles": [format!("{base}/tiles/{layers}/{{z}}/{{x}}/{{y}}?{asked}{separator}v={version}")],
            "minzoom": min_zoom,
            "maxzoom": Layer::Communes.max_zoom(),
        });
        if let Some(bounds) = bounds {
            source["bounds"] = json!(bounds);
        }
        source
    }
}

/// The zoom from which the page draws a layer of areas; of others, none has a turn.
pub(crate) fn from_zoom(layer: Layer) -> f64 {
    LEVELS.iter().find(|(level, ..)| *level == layer).map_or(0.0, |(_, from, ..)| *from)
}

/// The source of the choropleths that are there from afar.
const AREAS: &str = "areas";

/// The source, and the layer, of cells.
const CELLS: &str = "cells";

fn source_of(layer: Layer) -> &'static str {
    if layer == Layer::Cells { CELLS } else { AREAS }
}

/// The inquiry as a query string, without some of its parameters.
fn question(inquiry: &Inquiry, without: &[&str]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (key, value) in inquiry.parameters().into_iter().filter(|(key, _)| !without.contains(key)) {
        query.append_pair(key, &value);
    }
    query.finish()
}

/// The colour of a feature: its class, or that of what has no value.
fn colour(legend: &Legend) -> Json {
    let value = json!(["get", legend.metric]);
    let mut step = vec![json!("step"), value];
    for class in &legend.classes {
        step.extend(class.min.map(|min| json!(min)));
        step.push(json!(class.colour));
    }
    let mut cases = vec![json!("case"), json!(["has", legend.metric]), json!(step)];
    if let Some(no_road) = legend.no_road {
        // People are counted there, all beyond, and no time is known: no road leads most of them anywhere.
        cases.extend([json!(["has", "beyond_share"]), json!(no_road.colour)]);
    }
    cases.push(json!(legend.no_data.colour));
    Json::Array(cases)
}

fn area(legend: &Legend, layer: Layer, from: f64, to: f64, kind: &str) -> Json {
    json!({
        "id": format!("fill-{}", layer.slug()),
        "type": "fill",
        "source": source_of(layer),
        "source-layer": layer.slug(),
        "minzoom": from,
        "maxzoom": to,
        "metadata": {"maillage:kind": kind},
        "paint": {
            "fill-color": colour(legend),
            // An outline of the same colour closes the hairline between neighbours.
            "fill-outline-color": if layer == Layer::Cells { json!("rgba(255,255,255,0.25)") } else { json!("rgba(255,255,255,0.6)") },
        },
    })
}

/// What hatching tells of an area.
#[derive(Debug, Clone, Copy)]
enum Hatch {
    /// The venue data stop near it.
    Edge,
    /// Someone's time there is estimated, where others' follow roads.
    Estimated,
}

fn hatch(drawn: Hatch, layer: Layer, from: f64, to: f64) -> Json {
    let (id, pattern, opacity, filter) = match drawn {
        Hatch::Edge => ("hatch", "hatch", 0.55, json!(["==", ["get", "edge"], true])),
        Hatch::Estimated => {
            let peopled = json!([">", ["get", "population"], 0]);
            (
                "estimated",
                "hatch-estimated",
                1.0,
                json!(["all", ["==", ["get", "method"], "estimated"], peopled]),
            )
        }
    };
    json!({
        "id": format!("{id}-{}", layer.slug()),
        "type": "fill",
        "source": source_of(layer),
        "source-layer": layer.slug(),
        "minzoom": from,
        "maxzoom": to,
        "filter": filter,
        "paint": {"fill-pattern": pattern, "fill-opacity": opacity},
    })
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

fn borders() -> [Json; 3] {
    let zoomed = |low: f64, high: f64| json!(["interpolate", ["linear"], ["zoom"], 6, low, 12, high]);
    [
        line("line-communes", Layer::Communes, 10.0, 24.0, &zoomed(0.2, 1.2), 0.5),
        line("line-epcis", Layer::Epcis, 8.0, 24.0, &zoomed(0.3, 1.6), 0.45),
        line("line-departements", Layer::Departements, 0.0, 24.0, &zoomed(0.7, 2.4), 0.7),
    ]
}

/// Quarters have a line and a name; rural zonings, which hold whole communes, a paler dashed line.
fn priority_areas() -> [Json; 2] {
    let outline = |id: &str, quarters: bool| {
        let kind = if quarters { "==" } else { "!=" };
        let mut layer = json!({
            "id": id,
            "type": "line",
            "source": "priority-areas",
            "source-layer": Layer::PriorityAreas.slug(),
            "minzoom": if quarters { 9 } else { Layer::PriorityAreas.min_zoom() },
            "filter": [kind, ["get", "kind"], territory::PriorityKind::Qpv.slug()],
            "layout": {"line-join": "round"},
            "paint": {
                "line-color": PRIORITY,
                "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.6, 12, 1.6],
            },
        });
        if !quarters {
            layer["paint"]["line-dasharray"] = json!([3, 2]);
            layer["paint"]["line-opacity"] = json!(0.8);
        }
        layer
    };
    [outline("priority-rural", false), outline("priority-quarters", true)]
}

fn priority_names() -> Json {
    json!({
        "id": "priority-names",
        "type": "symbol",
        "source": "priority-areas",
        "source-layer": Layer::PriorityAreas.slug(),
        "minzoom": 13,
        "filter": ["==", ["get", "kind"], territory::PriorityKind::Qpv.slug()],
        "layout": {
            "text-field": ["get", "name"],
            "text-font": [FONT],
            "text-size": 11,
            "text-max-width": 8,
            "text-padding": 4,
        },
        "paint": {"text-color": PRIORITY, "text-halo-color": "rgba(255,255,255,0.92)", "text-halo-width": 1.5},
    })
}

fn zones() -> [Json; 2] {
    // White under dark, so that the outline reads on any class.
    let zone = |id: &str, colour: &str, width: f64| {
        json!({
            "id": id,
            "type": "line",
            "source": "zones",
            "source-layer": "zones",
            // From afar outlines would hide what they outline.
            "minzoom": 6,
            "layout": {"line-join": "round"},
            "paint": {
                "line-color": colour,
                "line-width": ["interpolate", ["linear"], ["zoom"], 6, width * 0.4, 11, width],
                "line-opacity": ["interpolate", ["linear"], ["zoom"], 6, 0.4, 9, 1],
            },
        })
    };
    [zone("zones-casing", "#ffffff", 3.6), zone("zones-line", "#1f2933", 1.6)]
}

fn labels() -> [Json; 3] {
    let names = |id: &str, kind: &str, from: f64, to: f64, layout: Json, ink: &str| {
        let mut layer = json!({
            "id": id,
            "type": "symbol",
            "source": "labels",
            "source-layer": "labels",
            "minzoom": from,
            "maxzoom": to,
            "filter": ["==", ["get", "kind"], kind],
            "layout": {
                "text-field": ["get", "name"],
                "text-font": [FONT],
                "symbol-sort-key": ["-", 0, ["get", "population"]],
                "text-padding": 6,
                "text-max-width": 8,
                "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
                "text-radial-offset": 0.8,
                "text-justify": "auto",
            },
            "paint": {"text-color": ink, "text-halo-color": "rgba(255,255,255,0.92)", "text-halo-width": 1.5},
        });
        if let (Some(all), Some(own)) = (layer["layout"].as_object_mut(), layout.as_object()) {
            all.extend(own.clone());
        }
        layer
    };
    let by_population = json!({
        "text-size": ["interpolate", ["linear"], ["get", "population"], 500, 11, 20_000, 13, 300_000, 17]
    });
    let spaced = json!({"text-size": 12, "text-transform": "uppercase", "text-letter-spacing": 0.08});
    [
        names("labels-regions", "region", 0.0, 5.0, spaced.clone(), "#5b6168"),
        names("labels-departements", "departement", 5.0, 9.0, spaced, "#5b6168"),
        names("labels-communes", "commune", 6.0, 24.0, by_population, INK),
    ]
}
