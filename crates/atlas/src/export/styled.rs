//! How a desktop GIS draws a selection: the styles that go with it.

use super::Selection;
use crate::atlas::AtlasError;
use crate::layer::Layer;
use crate::legend::Metric;
use crate::style::qml::qml;
use crate::style::sld::sld;
use crate::style::symbology::rules;

/// A style of a layer.
pub(super) struct Styled {
    /// What people choose it by.
    pub(super) title: &'static str,
    pub(super) qml: String,
    pub(super) sld: String,
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
            styles.push(Styled {
                title: if is_area { legend.title } else { layer.title() },
                qml: qml(&rules, &columns, layer == Layer::Labels),
                sld: sld(layer.slug(), layer.title(), &rules),
            });
        }
    }
    Ok(styles)
}
