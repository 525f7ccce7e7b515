//! The map of the zones as inline SVG.

use std::collections::BTreeMap;

use geo::{Geometry, InteriorPoint};
use territory::coverage::dissolve;
use territory::{CommuneIdx, Extent, Frame, Meters};

use super::Subject;
use super::outline::path;
use super::words::{Inscribe, escaped, promise};
use super::zones::SHOWN;
use crate::atlas::AtlasError;
use crate::field::Value;
use crate::layer::Layer;
use crate::legend::{Class, Legend, Metric, Times};
use crate::record::LayerTable;
use crate::scope::Scope;

/// The largest sheet, in units: a page is 178 mm wide, so a unit is 0.178 mm.
const SHEET: [f64; 2] = [1000.0, 1080.0];

/// Its height for a commune or two.
const SHORT: f64 = 620.0;

/// Bytes of outlines that a page may hold.
const MOST_BYTES: usize = 420_000;

/// Grids tried, in steps a unit, until the outlines are small enough.
const GRIDS: [f64; 5] = [2.0, 1.4, 1.0, 0.7, 0.5];

/// From so many communes on, EPCI are drawn instead.
const MOST_COMMUNES: usize = 6_000;

/// Up to so many communes, their cells are drawn instead.
const FEW_COMMUNES: usize = 3;

/// Names written on the map at most.
const MOST_NAMES: usize = 14;

/// The map; none when no source draws the territory.
pub(super) fn map(subject: &Subject<'_>) -> Result<Option<String>, AtlasError> {
    let atlas = subject.atlas;
    let scope = atlas.scope(subject.inquiry)?;
    let members = scope.communes();
    let Some(frame) = frame(subject, &scope) else { return Ok(None) };
    let legend = Metric::BeyondShare.legend(subject.inquiry.promise.question.mode, Times::Estimated, false);
    let (layer, drawn) = match members.len() {
        0..=FEW_COMMUNES => (Layer::Cells, "maille"),
        n if n > MOST_COMMUNES => (Layer::Epcis, "intercommunalité"),
        _ => (Layer::Communes, "commune"),
    };
    let areas = atlas.table(layer, subject.inquiry)?;
    let [width, height] = frame.size();
    let name = escaped(&subject.told.territory.name);
    let mut svg = format!(
        "<svg class=\"map\" viewBox=\"0 0 {width:.0} {:.0}\" role=\"img\" aria-labelledby=\"map-title map-desc\">\
         <title id=\"map-title\">Part des habitants au-delà du seuil, {name}</title>\
         <desc id=\"map-desc\">Chaque {drawn} est colorée selon la part de ses habitants à plus de {}\u{202f}; zones \
         sous-desservies numérotées comme dans le tableau\u{202f}; lieux qui répondent à la question en vert. Le nord est \
         en haut.</desc>",
        height.max(160.0),
        promise(subject.inquiry)
    );
    let (grid, land) = land(subject, &areas, &legend, &frame);
    svg.inscribe(format_args!(
        "<defs><g id=\"land\" fill-rule=\"evenodd\" transform=\"scale({})\">{land}</g></defs>\
         <use href=\"#land\" class=\"coast\" stroke-width=\"{}\"/><use href=\"#land\" class=\"borders\" stroke-width=\"{}\"/>",
        1.0 / grid,
        4.5 * grid,
        if areas.len() > 1_500 { 0.4 } else { 0.8 } * grid
    ));
    svg.push_str(&outer_borders(subject, members, &frame));
    svg.push_str(&drawn_outlines(&scope, &frame));
    let zones = atlas.table(Layer::Zones, subject.inquiry)?;
    svg.push_str(&zone_outlines(&zones, &frame));
    svg.push_str(&venues(subject, &frame)?);
    let (numbers, mut taken) = zone_numbers(&zones, &frame);
    svg.push_str(&names(subject, members, &frame, &mut taken));
    svg.push_str(&numbers);
    svg.push_str(&scale(&frame));
    svg.push_str("</svg>");
    Ok(Some(format!(
        "<figure class=\"sheet\">{svg}{}<figcaption>{}</figcaption></figure>\n",
        legend_list(&legend, subject),
        caption(subject, drawn)
    )))
}

/// The first part one looks at, when an ocean lies between the parts of the perimeter.
fn frame(subject: &Subject<'_>, scope: &Scope) -> Option<Frame> {
    let view = subject.told.territory.views.first().map(|view| view.bbox);
    let all = subject.atlas.extent_of(scope)?;
    let corner = |lon, lat| territory::Position::from_lon_lat(lon, lat).ok();
    let extent = match view {
        Some([west, south, east, north]) => Extent::new(corner(west, south)?, corner(east, north)?)?,
        None => all,
    };
    let height = if scope.communes().len() <= FEW_COMMUNES { SHORT } else { SHEET[1] };
    Some(Frame::new(extent, 0.02, SHEET[0], height))
}

/// The areas by class, each class one path, on the finest grid that is small enough.
fn land(subject: &Subject<'_>, areas: &LayerTable, legend: &Legend, frame: &Frame) -> (f64, String) {
    let at = areas.layer().fields().iter().position(|field| field.name == "beyond_share");
    let share = |n: usize| match at.map(|at| areas.values(subject.atlas, n).swap_remove(at)) {
        Some(Value::Float(share)) => Some(share),
        _ => None,
    };
    let holds = |class: &Class, share: f64| {
        class.min.is_none_or(|min| share >= min) && class.max.is_none_or(|max| share < max)
    };
    let shares: Vec<Option<f64>> = (0..areas.len()).map(share).collect();
    let colours: Vec<(&str, Option<&Class>)> = std::iter::once((legend.no_data.colour, None))
        .chain(legend.classes.iter().map(|class| (class.colour, Some(class))))
        .collect();
    let paint = |grid: f64| -> String {
        let one = |(colour, class): &(&str, Option<&Class>)| {
            let mut outlines = String::new();
            for (n, share) in shares.iter().enumerate() {
                let here = match (class, share) {
                    (None, None) => true,
                    (Some(class), Some(share)) => holds(class, *share),
                    _ => false,
                };
                if here {
                    path(&areas.geometry(n), frame, grid, &mut outlines);
                }
            }
            if outlines.is_empty() { outlines } else { format!("<path fill=\"{colour}\" d=\"{outlines}\"/>") }
        };
        colours.iter().map(one).collect()
    };
    let mut last = (GRIDS[0], String::new());
    for grid in GRIDS {
        last = (grid, paint(grid));
        if last.1.len() <= MOST_BYTES {
            break;
        }
    }
    last
}

/// The borders inside the perimeter of the level above communes; of the communes when there are few.
fn outer_borders(subject: &Subject<'_>, members: &[CommuneIdx], frame: &Frame) -> String {
    let commune = |c: CommuneIdx| subject.atlas.commune(c);
    let grouped = |key: &dyn Fn(CommuneIdx) -> String| {
        let mut groups: BTreeMap<String, Vec<CommuneIdx>> = BTreeMap::new();
        for &c in members {
            groups.entry(key(c)).or_default().push(c);
        }
        groups
    };
    let departements = grouped(&|c| commune(c).departement.to_string());
    let (class, groups) = if departements.len() > 1 {
        ("departements", departements)
    } else if members.len() > FEW_COMMUNES {
        ("epcis", grouped(&|c| commune(c).epci.map(|epci| epci.to_string()).unwrap_or_default()))
    } else {
        ("epcis", grouped(&|c| commune(c).code.to_string()))
    };
    let mut outlines = String::new();
    for communes in groups.into_values() {
        let shapes = communes.into_iter().filter_map(|c| commune(c).shape.as_ref());
        path(&Geometry::MultiPolygon(dissolve(shapes)), frame, 1.0, &mut outlines);
    }
    format!("<path class=\"{class}\" d=\"{outlines}\"/>")
}

/// What was drawn of a perimeter drawn by hand.
fn drawn_outlines(scope: &Scope, frame: &Frame) -> String {
    let mut outlines = String::new();
    for ring in scope.drawn().iter().flat_map(|area| area.outline()) {
        path(&Geometry::Polygon(geo::Polygon::new(ring, Vec::new())), frame, 1.0, &mut outlines);
    }
    if outlines.is_empty() { outlines } else { format!("<path class=\"departements\" d=\"{outlines}\"/>") }
}

fn zone_outlines(zones: &LayerTable, frame: &Frame) -> String {
    let outlines = |range: std::ops::Range<usize>| {
        let mut outlines = String::new();
        for n in range {
            path(&zones.geometry(n), frame, 1.0, &mut outlines);
        }
        outlines
    };
    let shown = zones.len().min(SHOWN);
    // Those past the table are hundreds of single cells in a région: one outline, thinner.
    format!(
        "<path class=\"zone other\" d=\"{}\"/><path class=\"zone halo\" d=\"{}\"/><path class=\"zone\" d=\"{}\"/>",
        outlines(shown..zones.len()),
        outlines(0..shown),
        outlines(0..shown)
    )
}

/// A box of the sheet: left, top, right, bottom.
type Taken = [f64; 4];

fn zone_numbers(zones: &LayerTable, frame: &Frame) -> (String, Vec<Taken>) {
    let (mut svg, mut taken) = (String::new(), Vec::new());
    // The first are written last, thus on top.
    for n in (0..zones.len().min(SHOWN)).rev() {
        let largest = |geometry: &Geometry| geometry.interior_point();
        let Some(point) = largest(&zones.geometry(n)) else { continue };
        let [x, y] = frame.place(point.into());
        svg.inscribe(format_args!(
            "<circle class=\"rank\" cx=\"{x:.0}\" cy=\"{y:.0}\" r=\"13\"/><text class=\"rank\" x=\"{x:.0}\" y=\"{:.0}\" \
             text-anchor=\"middle\">{}</text>",
            y + 5.5,
            n + 1
        ));
        taken.push([x - 14.0, y - 14.0, x + 14.0, y + 14.0]);
    }
    (svg, taken)
}

/// The venues that fit, and those that do not say or do not fit, as dots of two paths.
fn venues(subject: &Subject<'_>, frame: &Frame) -> Result<String, AtlasError> {
    let table = subject.atlas.table(Layer::Venues, subject.inquiry)?;
    let at = Layer::Venues.fields().iter().position(|field| field.name == "fit");
    let (mut fit, mut other) = (String::new(), String::new());
    for n in 0..table.len() {
        let Geometry::Point(point) = *table.geometry(n) else { continue };
        let place = frame.place(point.into());
        if !frame.shows(place) {
            continue;
        }
        let fits =
            at.map(|at| table.values(subject.atlas, n).swap_remove(at)) == Some(Value::Text("yes".into()));
        let dots = if fits { &mut fit } else { &mut other };
        dots.inscribe(format_args!("M{:.0} {:.0}h0", place[0], place[1]));
    }
    Ok(format!(
        "<path class=\"venue unfit\" d=\"{other}\"/><path class=\"venue ring\" d=\"{fit}\"/><path class=\"venue\" d=\"{fit}\"/>"
    ))
}

/// The names of the largest communes, where nothing is written yet.
fn names(subject: &Subject<'_>, members: &[CommuneIdx], frame: &Frame, taken: &mut Vec<Taken>) -> String {
    let mut largest: Vec<CommuneIdx> = members.to_vec();
    largest.sort_by_key(|&c| (std::cmp::Reverse(subject.atlas.commune(c).population), c));
    let [width, height] = frame.size();
    let mut svg = String::new();
    let mut written = 0;
    for commune in largest.into_iter().take(4 * MOST_NAMES).map(|c| subject.atlas.commune(c)) {
        let Some(hall) = commune.town_hall else { continue };
        let [x, y] = frame.place(hall.coord());
        let aside = 4.4 * commune.name.chars().count() as f64;
        let held = [x - aside, y - 22.0, x + aside, y - 2.0];
        let inside = held[0] > 2.0 && held[1] > 2.0 && held[2] < width - 2.0 && held[3] < height - 2.0;
        let meets = |other: &Taken| {
            held[0] < other[2] && other[0] < held[2] && held[1] < other[3] && other[1] < held[3]
        };
        if !inside || taken.iter().any(meets) {
            continue;
        }
        svg.inscribe(format_args!(
            "<text class=\"name\" x=\"{x:.0}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
            y - 7.0,
            escaped(&commune.name)
        ));
        taken.push(held);
        written += 1;
        if written == MOST_NAMES {
            break;
        }
    }
    svg
}

/// A round length of at most a quarter of the sheet, and the north.
fn scale(frame: &Frame) -> String {
    let [width, height] = frame.size();
    let height = height.max(160.0);
    let lengths = [100_000.0, 50_000.0, 20_000.0, 10_000.0, 5_000.0, 2_000.0, 1_000.0, 500.0, 200.0];
    let units = |length: f64| frame.units(Meters(length));
    let length = lengths.into_iter().find(|&length| units(length) <= width / 4.0).unwrap_or(100.0);
    let label = if length >= 1_000.0 {
        format!("{:.0}\u{a0}km", length / 1_000.0)
    } else {
        format!("{length:.0}\u{a0}m")
    };
    let (left, right, y) = (14.0, 14.0 + units(length), height - 14.0);
    format!(
        "<g class=\"scale\"><path class=\"under\" d=\"M{left} {0:.0}v8H{right:.0}v-8\"/><path d=\"M{left} {0:.0}v8H{right:.0}v-8\"/>\
         <text x=\"{left}\" y=\"{1:.0}\">{label}</text>\
         <path class=\"north\" d=\"M{2:.0} 12l9 24l-9 -6l-9 6z\"/><text x=\"{2:.0}\" y=\"54\" text-anchor=\"middle\">N</text></g>",
        y - 8.0,
        y - 14.0,
        width - 22.0
    )
}

fn legend_list(legend: &Legend, subject: &Subject<'_>) -> String {
    let swatch = |colour: &str, label: &str| {
        format!("<li><i style=\"background:{colour}\"></i>{}</li>", escaped(label))
    };
    let classes: String = legend.classes.iter().map(|class| swatch(class.colour, class.label)).collect();
    // A floor leaves out whole communes, whose data are not missing.
    let left_out = match subject.inquiry.fragility_min {
        Some(_) => "Hors de la question, ou sans donnée",
        None => legend.no_data.label,
    };
    let unfit = if subject
        .told
        .question
        .keys()
        .any(|key| !["territory", "minutes", "mode", "fragility_min"].contains(&key.as_str()))
    {
        "<li><i class=\"dot unfit\"></i>autre lieu, ou qui ne le dit pas</li>"
    } else {
        ""
    };
    format!(
        "<ul class=\"legend\"><li class=\"title\">Part au-delà de {}</li>{classes}{}<li><i class=\"dot\"></i>lieu qui répond</li>{unfit}\
         <li><i class=\"outline\"></i>zone sous-desservie</li></ul>",
        promise(subject.inquiry),
        swatch(legend.no_data.colour, left_out)
    )
}

fn caption(subject: &Subject<'_>, drawn: &str) -> String {
    let sources: Vec<String> = subject.told.sources.iter().map(|s| escaped(&s.name)).collect();
    let part = subject.told.territory.views.first().map_or_else(String::new, |view| {
        format!(" Seule la partie «\u{a0}{}\u{a0}» est dessinée.", escaped(&view.name))
    });
    format!("Une couleur par {drawn}.{part} Sources\u{a0}: {}.", sources.join("\u{202f}; "))
}
