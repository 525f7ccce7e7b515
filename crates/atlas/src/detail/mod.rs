//! How closely a layer is drawn at a zoom: cells from afar as their H3 parents, venues as clusters.

mod clusters;
mod parents;

use std::sync::{Arc, OnceLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::atlas::{Atlas, AtlasError, Bytes, FEW, KEPT_BYTES};
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::record::LayerTable;

pub(crate) use clusters::Cluster;
use clusters::Clusters;
pub(crate) use parents::{ParentArea, Parents};

/// The zoom from which every venue is drawn for itself: there a tile is 20 to 30 km wide in France, and the
/// page draws cells.
pub(crate) const VENUES_FROM: u8 = 10;

/// The zoom from which cells of the resolution of analysis are drawn: 9 pixels wide there.
const CELLS_FROM: u8 = 9;

/// What stands in a tile for the features of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Detail {
    /// The features themselves.
    Whole,
    /// The parents of cells, so many resolutions coarser.
    Parents(u8),
    /// Venues gathered for a zoom.
    Clusters(u8),
}

impl Detail {
    /// What the tiles of a zoom hold of a layer.
    ///
    /// A parent is 10 to 20 pixels wide in tiles of 512: 5 km² at zoom 8, 36 km² at 7, 253 km² at 6.
    pub(crate) fn of(layer: Layer, zoom: u8) -> Self {
        match layer {
            Layer::Cells if zoom < CELLS_FROM => Self::Parents(CELLS_FROM - zoom),
            Layer::Venues if zoom < VENUES_FROM => Self::Clusters(zoom),
            _ => Self::Whole,
        }
    }
}

/// What details are drawn from, made when first asked for.
pub(crate) struct Details {
    /// Parents one, two and three resolutions coarser than cells.
    parents: [OnceLock<Arc<Parents>>; 3],
    clusters: Cache<Inquiry, Arc<Clusters>, Bytes>,
    tables: Cache<(Detail, Inquiry), Arc<LayerTable>, Bytes>,
}

impl Default for Details {
    fn default() -> Self {
        Self {
            parents: Default::default(),
            clusters: Cache::with_weighter(FEW, KEPT_BYTES / 8, Bytes),
            tables: Cache::with_weighter(FEW, KEPT_BYTES / 2, Bytes),
        }
    }
}

impl Weighter<Inquiry, Arc<Clusters>> for Bytes {
    fn weight(&self, inquiry: &Inquiry, clusters: &Arc<Clusters>) -> u64 {
        inquiry.bytes() + clusters.bytes()
    }
}

impl Weighter<(Detail, Inquiry), Arc<LayerTable>> for Bytes {
    fn weight(&self, key: &(Detail, Inquiry), table: &Arc<LayerTable>) -> u64 {
        key.1.bytes() + table.bytes()
    }
}

impl Atlas {
    /// The features the tiles of a zoom are made of: those of [`table`](Self::table), or what stands for
    /// them from afar, with identifiers of their own.
    ///
    /// People are counted once at every zoom, and venues too.
    pub fn tile_table(
        &self,
        layer: Layer,
        zoom: u8,
        inquiry: &Inquiry,
    ) -> Result<Arc<LayerTable>, AtlasError> {
        let detail = Detail::of(layer, zoom);
        if detail == Detail::Whole {
            return self.table(layer, inquiry);
        }
        self.details.tables.get_or_insert_with(&(detail, inquiry.clone()), || {
            let table = match detail {
                Detail::Whole => return self.table(layer, inquiry),
                Detail::Parents(generations) => self.parent_table(generations, inquiry)?,
                Detail::Clusters(zoom) => self.cluster_table(zoom, inquiry)?,
            };
            Ok(Arc::new(table))
        })
    }
}
