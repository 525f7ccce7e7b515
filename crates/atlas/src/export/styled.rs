//! How a desktop GIS draws a selection: the styles that go with it.

use super::Selection;
use crate::atlas::AtlasError;
use crate::field::Field;
use crate::layer::Layer;
use crate::legend::Metric;
use crate::style::symbology::{Rule, rules};
use crate::style::{qml, sld};

/// A style of a layer.
pub(super) struct Styled {
    layer: Layer,
    /// What people choose it by.
    pub(super) title: &'static str,
    rules: Vec<Rule>,
    columns: Vec<Field>,
}

/// The styles of a selection: of areas one for each metric, that of `metric` first; of others the one they have.
///
/// A style that looks at an attribute the selection leaves out is left out too.
pub(super) fn styles(selection: &Selection<'_>, metric: Metric) -> Result<Vec<Styled>, AtlasError> {
    let layer = selection.table.layer();
    let is_area = Layer::AREAS.contains(&layer);
    let others = Metric::ALL.into_iter().filter(|other| is_area && *other != metric);
    let columns = selection.columns();
    let held = |name: &str| columns.iter().any(|field| field.name == name);
    let mut styles = Vec::new();
    for metric in std::iter::once(metric).chain(others) {
        let legend = selection.atlas.legend(metric, selection.inquiry)?;
        let rules = rules(layer, &legend);
        if rules.iter().flat_map(|rule| rule.test.fields()).all(held) {
            let title = if is_area { legend.title } else { layer.title() };
            styles.push(Styled { layer, title, rules, columns: columns.clone() });
        }
    }
    Ok(styles)
}

impl Styled {
    /// A style of QGIS.
    pub(super) fn qml(&self) -> String {
        qml::qml(&self.rules, &self.columns, self.layer == Layer::Labels)
    }

    /// A style of the OGC.
    pub(super) fn sld(&self) -> String {
        sld::sld(self.layer.slug(), self.layer.title(), &self.rules)
    }

    /// What of a style of QGIS stands in a project too, for features.
    pub(super) fn of_features(&self) -> String {
        qml::drawing(&self.rules, &self.columns, self.layer == Layer::Labels)
    }

    /// The same for the tiles of the layer.
    pub(super) fn of_tiles(&self) -> String {
        qml::tile_drawing(&self.rules, self.layer.slug())
    }
}
