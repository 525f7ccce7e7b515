//! MapLibre styles made from the legend: what a map of an inquiry looks like.

mod areas;
pub(crate) mod qml;
pub(crate) mod sld;
pub(crate) mod symbology;
mod venues;

use access::Fit;
use network::Method;
use serde_json::{Value as Json, json};
use territory::{Extent, PlaceIdx};

use crate::answer::PublicSource;
use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::legend::{Legend, Metric, Times};
use crate::scope::Scope;
use areas::{AREAS, CELLS};
pub(crate) use areas::{COUNTED, from_zoom};

const FONT: &str = "Noto Sans Regular";
const INK: &str = "#33373d";
/// In none of the ramps, dark enough for a thin line on all of them.
const PRIORITY: &str = "#8a1c5c";

/// How a style colours areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// By the attributes of tiles, which are those of the question.
    Inside,
    /// By the state of features, which a page makes from values it asks for: shapes, layers and their order are those
    /// of every question and metric.
    Apart,
}

impl Paint {
    /// The name of [`Paint::Apart`] in addresses.
    pub const APART: &str = "apart";
}

impl Atlas {
    /// The style that draws a metric for an inquiry; `base` is this server's address, as `http://host`.
    pub fn style(
        &self,
        metric: Metric,
        inquiry: &Inquiry,
        paint: Paint,
        base: &str,
    ) -> Result<Json, AtlasError> {
        let scope = self.scope(inquiry)?;
        let extent = self.extent_of(&scope).map(Extent::bbox);
        let shown = self.views(scope.communes()).first().map(|view| view.bbox).or(extent);
        let times = self.times(inquiry, &scope)?;
        let legend = self.legend_of(metric, inquiry, times);
        let mut layers = vec![json!({
            "id": "background", "type": "background", "paint": {"background-color": "#f4f2ee"}
        })];
        layers.extend(areas::fills(&legend, paint));
        layers.extend(areas::hatches(&legend, paint));
        layers.extend(areas::borders());
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
        let bordered = Layer::AREAS.iter().filter(|&&layer| areas::source_of(layer) == AREAS);
        let bordered: Vec<&str> = bordered.map(|layer| layer.slug()).collect();
        let (of_areas, around) = match paint {
            Paint::Inside => (asked.as_str(), extent),
            Paint::Apart => ("", self.extent_of(&*self.scope(&Inquiry::default())?).map(Extent::bbox)),
        };
        let mut style = json!({
            "version": 8,
            "name": format!("Maillage – {}", legend.title),
            "metadata": {
                "maillage:legend": legend,
                "maillage:bounds": shown,
                "maillage:times": times.slug(),
                "maillage:stranded": matches!(times, Times::OnRoads { stranded: true, .. }),
                "maillage:atlas": self.id(),
                // A map may be seen where no diagnosis is read, and a licence wants its words beside it all the same.
                "maillage:sources": self.sources().iter().map(PublicSource::from).collect::<Vec<_>>(),
            },
            "glyphs": format!("{base}/fonts/{{fontstack}}/{{range}}.pbf"),
            "sources": {
                AREAS: self.source(base, &bordered.join(","), 0, of_areas, around),
                // Apart, because their tiles are the heaviest: a client asks for none that it does not draw.
                CELLS: self.source(base, CELLS, Layer::Cells.min_zoom(), of_areas, around),
                "zones": self.source(base, "zones", Layer::Zones.min_zoom(), &asked, extent),
                // What a venue is does not depend on the promise, nor does a name on anything asked.
                "venues": self.source(
                    base, "venues", Layer::Venues.min_zoom(), &question(inquiry, &["minutes", "fragility_min"]), None
                ),
                "labels": self.source(base, "labels", Layer::Labels.min_zoom(), "", None),
            },
            "layers": layers,
        });
        if paint == Paint::Apart {
            style["metadata"]["maillage:values"] = Paint::APART.into();
        }
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

/// The inquiry as a query string, without some of its parameters.
fn question(inquiry: &Inquiry, without: &[&str]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (key, value) in inquiry.parameters().into_iter().filter(|(key, _)| !without.contains(key)) {
        query.append_pair(key, &value);
    }
    query.finish()
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

#[cfg(test)]
mod tests;
