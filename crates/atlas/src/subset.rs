//! Which features of a table, and in which order.

use std::borrow::Cow;

use geo::{Geometry, MultiPolygon};
use territory::Extent;

use crate::atlas::Atlas;
use crate::filter::{Filter, Row};
use crate::order::Order;
use crate::record::LayerTable;

/// The features asked for: those that touch one of the boxes and pass the filter, in an order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subset {
    /// Boxes; everywhere when there is none.
    pub boxes: Vec<Extent>,
    /// A filter; no more conditions when there is none.
    pub filter: Option<Filter>,
    /// The order.
    pub order: Order,
}

impl Subset {
    /// Their ranks in a table.
    pub fn of(&self, atlas: &Atlas, table: &LayerTable) -> Vec<usize> {
        let mut features: Vec<usize> = if self.boxes.is_empty() {
            (0..table.len()).collect()
        } else {
            self.boxes.iter().flat_map(|extent| table.within(*extent)).collect()
        };
        if self.boxes.len() > 1 {
            // One that spans both boxes is listed once.
            features.sort_unstable();
            features.dedup();
        }
        if let Some(filter) = &self.filter {
            // An outline may be a copy: none is made for a filter that looks at none.
            let nowhere = Geometry::MultiPolygon(MultiPolygon::new(Vec::new()));
            let is_spatial = filter.is_spatial();
            features.retain(|&n| {
                let values = table.values(atlas, n);
                let geometry = if is_spatial { table.geometry(n) } else { Cow::Borrowed(&nowhere) };
                filter.keeps(&Row { id: table.id(n), values: &values, geometry: &geometry })
            });
        }
        self.order.sort(atlas, table, &mut features);
        features
    }
}
