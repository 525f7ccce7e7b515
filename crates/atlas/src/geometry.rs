//! Where the shapes of a table of features are.

use std::borrow::Cow;
use std::sync::Arc;

use geo::{Geometry, Intersects, MultiPolygon};
use territory::Extent;
use tiles::TileCoord;

use crate::hexagons::Hexagons;
use crate::layer::Layer;
use crate::shapes::{Cuts, ShapeSet};
use crate::tables::Tables;
use crate::zones::Zones;

/// Those of a layer last as long as the atlas, those of zones as long as their inquiry.
pub(crate) enum Shapes {
    /// Points, and polygons by themselves.
    Layer(Arc<ShapeSet>),
    /// Their outlines are those of the tables, of this layer.
    Areas(Layer, Arc<Tables>, Arc<ShapeSet>),
    /// A million hexagons are not kept as polygons.
    Cells(Arc<Hexagons>),
    /// Of one inquiry.
    Zones(Arc<Zones>),
    /// Those of one table alone: the n-th is that of the n-th feature, whatever its row.
    Own(ShapeSet),
}

impl Shapes {
    /// The geometry of a row, x = longitude; empty where no source draws it.
    pub(crate) fn geometry(&self, row: u32) -> Cow<'_, Geometry> {
        match self {
            Self::Layer(shapes) => Cow::Borrowed(shapes.geometry(row)),
            Self::Own(shapes) => Cow::Borrowed(shapes.geometry(row)),
            Self::Zones(zones) => Cow::Borrowed(zones.shapes().geometry(row)),
            Self::Areas(layer, tables, _) => {
                let outline = tables.outline(*layer, row).cloned();
                Cow::Owned(Geometry::MultiPolygon(outline.unwrap_or_else(|| MultiPolygon::new(Vec::new()))))
            }
            Self::Cells(cells) => Cow::Owned(cells.geometry(row)),
        }
    }

    /// The rows whose geometry touches a box, sorted.
    pub(crate) fn rows_in(&self, extent: Extent) -> Vec<u32> {
        match self {
            Self::Layer(shapes) => shapes.rows_in(extent),
            Self::Own(shapes) => shapes.rows_in(extent),
            Self::Zones(zones) => zones.shapes().rows_in(extent),
            Self::Areas(layer, tables, shapes) => {
                let rect = extent.rect();
                let touches = |row: &u32| tables.outline(*layer, *row).is_some_and(|o| o.intersects(&rect));
                let mut rows = shapes.rows_near(extent);
                rows.retain(touches);
                rows
            }
            Self::Cells(cells) => cells.rows_in(extent),
        }
    }

    /// Whether a row that `keeps` takes is in a tile or close to it.
    pub(crate) fn is_near(&self, tile: TileCoord, keeps: impl FnMut(u32) -> bool) -> bool {
        match self {
            Self::Layer(shapes) | Self::Areas(_, _, shapes) => shapes.is_near(tile, keeps),
            Self::Own(shapes) => shapes.is_near(tile, keeps),
            Self::Zones(zones) => zones.shapes().is_near(tile, keeps),
            Self::Cells(cells) => cells.is_near(tile, keeps),
        }
    }

    /// What a tile holds: (row, geometry) in the order of rows.
    pub(crate) fn cuts(&self, tile: TileCoord) -> Cuts {
        match self {
            Self::Layer(shapes) => shapes.cuts(tile, None),
            Self::Own(shapes) => shapes.cuts(tile, None),
            Self::Zones(zones) => zones.shapes().cuts(tile, None),
            Self::Areas(_, tables, shapes) => shapes.cuts(tile, Some(tables)),
            Self::Cells(cells) => cells.cuts(tile),
        }
    }
}
