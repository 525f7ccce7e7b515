//! A project of QGIS 3.22 and later: the layers of a bundle in order and in groups, drawn as on the page, with a map
//! to print.
//!
//! A `.qgz` is a zip with one `.qgs`, XML that QGIS documents by writing it. What is here is the least that it reads
//! right; what looks superfluous was found not to be, and says why.

mod frame;
mod layer;
mod layout;

use std::fmt::Write;

use super::about::About;
use super::{Selection, styled};
use crate::atlas::AtlasError;
use crate::layer::Layer;
use crate::legend::Metric;
use crate::markup::escaped;
use frame::Frame;
use layer::ProjectLayer;

/// The reference system of the map: that of the page, so that both show the same.
const MERCATOR: &str = "<spatialrefsys><srsid>3857</srsid><authid>EPSG:3857</authid></spatialrefsys>";

/// Where the features of a project are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Data {
    /// In a GeoPackage beside it, of that name.
    Beside(String),
    /// On a server at that address, `http://host`.
    Server(String),
}

/// What stands above the tiles of a server, which QGIS draws fast but knows no legend of.
const TILES: &str = "Tuiles vectorielles (fond rapide)";

/// What stands above a group of layers, and which it holds, the topmost first.
const GROUPS: [(&str, &[Layer]); 2] = [
    ("Lieux et zones", &[Layer::Labels, Layer::Venues, Layer::Zones, Layer::PriorityAreas]),
    ("Territoires", &[Layer::Cells, Layer::Communes, Layer::Epcis, Layer::Departements, Layer::Regions]),
];

/// The project of some layers, drawn by a metric.
pub(super) fn project(
    selections: &[Selection<'_>],
    metric: Metric,
    about: &About,
    data: &Data,
) -> Result<String, AtlasError> {
    let Some(first) = selections.first() else { return Ok(String::new()) };
    let frames = Frame::all(first.atlas, first.inquiry)?;
    let named = |layer: &Layer| selections.iter().find(|selection| selection.table.layer() == *layer);
    let shown: Vec<Layer> = selections.iter().map(|selection| selection.table.layer()).collect();
    let mut groups: Vec<(&str, Vec<ProjectLayer<'_>>)> = Vec::new();
    for (title, layers) in GROUPS {
        let held = layers.iter().filter_map(named).map(|selection| {
            let style = styled::styles(selection, metric)?.into_iter().next();
            Ok(ProjectLayer::new(selection, style, &shown))
        });
        let held = held.collect::<Result<Vec<_>, AtlasError>>()?;
        if !held.is_empty() {
            groups.push((title, held));
        }
    }
    let mut xml = head(about);
    let tiles = matches!(data, Data::Server(_)).then_some(TILES);
    xml.push_str(&tree(&groups, |_| true, tiles));
    let opening = frames.first().map(|(_, frame)| frame);
    xml.extend(opening.map(Frame::canvas));
    xml.push_str("<projectlayers>\n");
    let credit = first.atlas.attribution();
    for layer in groups.iter().flat_map(|(_, layers)| layers) {
        xml.push_str(&layer.of_features(data, about, &credit));
        if let Data::Server(base) = data
            && layer.has_tiles()
        {
            xml.push_str(&layer.of_tiles(base, &credit));
        }
    }
    xml.push_str("</projectlayers>\n");
    xml.extend(opening.map(Frame::first_view));
    xml.push_str("<Layouts>\n");
    for (part, frame) in &frames {
        // A legend names what the printed map shows: of areas, those of its scale.
        let legend = tree(&groups, |layer| layer.is_in_legend(frame.printed_scale()), None);
        xml.push_str(&layout::layout(about, part.as_deref(), frame, &legend));
    }
    xml.push_str("</Layouts>\n</qgis>\n");
    Ok(xml)
}

fn head(about: &About) -> String {
    let title = escaped(&about.title);
    let told = escaped(&format!("{} {}", about.counted, about.method));
    let mut xml = String::from("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n");
    let [red, green, blue] = frame::BACKGROUND;
    let _ = write!(
        xml,
        "<qgis version=\"3.22.0\" projectname=\"{title}\">\n<title>{title}</title>\n<projectCrs>{MERCATOR}</projectCrs>\n\
         <properties>\n\
         <Gui><CanvasColorRedPart type=\"int\">{red}</CanvasColorRedPart><CanvasColorGreenPart type=\"int\">{green}</CanvasColorGreenPart>\
         <CanvasColorBluePart type=\"int\">{blue}</CanvasColorBluePart></Gui>\n\
         <Measure><Ellipsoid type=\"QString\">EPSG:7030</Ellipsoid></Measure>\n\
         <Measurement><DistanceUnits type=\"QString\">km</DistanceUnits><AreaUnits type=\"QString\">km2</AreaUnits></Measurement>\n\
         <SpatialRefSys><ProjectionsEnabled type=\"int\">1</ProjectionsEnabled></SpatialRefSys>\n\
         <Paths><Absolute type=\"bool\">false</Absolute></Paths>\n\
         </properties>\n\
         <projectMetadata><language>fr</language><title>{title}</title><abstract>{told}</abstract></projectMetadata>\n"
    );
    xml
}

/// The groups, with the layers that `kept` keeps; then their tiles in one of that name, not shown at first.
fn tree(
    groups: &[(&str, Vec<ProjectLayer<'_>>)],
    kept: impl Fn(&ProjectLayer<'_>) -> bool,
    tiles: Option<&str>,
) -> String {
    let mut xml = String::from("<layer-tree-group>\n");
    for (title, layers) in groups {
        let layers: Vec<&ProjectLayer<'_>> = layers.iter().filter(|layer| kept(layer)).collect();
        if !layers.is_empty() {
            open_group(&mut xml, title, true);
            for layer in layers {
                leaf(&mut xml, &layer.id(), &layer.name(), layer.is_expanded());
            }
            xml.push_str("</layer-tree-group>\n");
        }
    }
    if let Some(title) = tiles.filter(|_| groups.iter().flat_map(|(_, l)| l).any(ProjectLayer::has_tiles)) {
        open_group(&mut xml, title, false);
        for layer in groups.iter().flat_map(|(_, layers)| layers).filter(|layer| layer.has_tiles()) {
            leaf(&mut xml, &layer.id_of_tiles(), &format!("{} (tuiles)", layer.name()), false);
        }
        xml.push_str("</layer-tree-group>\n");
    }
    xml.push_str("</layer-tree-group>\n");
    xml
}

fn open_group(xml: &mut String, title: &str, shown: bool) {
    let (checked, expanded) = if shown { ("Qt::Checked", 1) } else { ("Qt::Unchecked", 0) };
    let _ =
        writeln!(xml, "<layer-tree-group name=\"{title}\" checked=\"{checked}\" expanded=\"{expanded}\">");
}

fn leaf(xml: &mut String, id: &str, name: &str, expanded: bool) {
    let (name, expanded) = (escaped(name), u8::from(expanded));
    let _ = writeln!(
        xml,
        "<layer-tree-layer id=\"{id}\" name=\"{name}\" checked=\"Qt::Checked\" expanded=\"{expanded}\"/>"
    );
}

#[cfg(test)]
mod tests;
