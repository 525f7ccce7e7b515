//! The shapes of a layer: projected once, found by an index, cut once for each tile.

use std::sync::Arc;

use geo::Geometry;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use tiles::{TileCoord, TileGeometry, WorldGeometry, cut};

/// Vertices of cut tiles kept for each layer: four bytes each.
const KEPT_VERTICES: u64 = 8 << 20;

/// What a tile holds of a layer: (row, geometry) in the order of rows.
pub(crate) type Cuts = Arc<Vec<(u32, TileGeometry)>>;

/// The geometries of a layer, by row. An empty one is in no tile.
pub(crate) struct ShapeSet {
    geometries: Vec<Geometry>,
    worlds: Vec<Option<WorldGeometry>>,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    cuts: Cache<TileCoord, Cuts, Vertices>,
}

#[derive(Clone)]
struct Vertices;

impl Weighter<TileCoord, Cuts> for Vertices {
    fn weight(&self, _: &TileCoord, cuts: &Cuts) -> u64 {
        1 + cuts.iter().map(|(_, geometry)| geometry.vertices().len() as u64).sum::<u64>()
    }
}

impl ShapeSet {
    pub(crate) fn new(geometries: Vec<Geometry>) -> Self {
        let worlds: Vec<Option<WorldGeometry>> =
            geometries.iter().map(|geometry| WorldGeometry::from_lon_lat(geometry).ok()).collect();
        let boxes = worlds.iter().enumerate().filter_map(|(row, world)| {
            let bounds = world.as_ref()?.bounds()?;
            let (min, max) = (bounds.min(), bounds.max());
            Some(GeomWithData::new(Rectangle::from_corners([min.x, min.y], [max.x, max.y]), row as u32))
        });
        let tree = RTree::bulk_load(boxes.collect());
        Self { geometries, worlds, tree, cuts: Cache::with_weighter(256, KEPT_VERTICES, Vertices) }
    }

    /// The geometry of a row, x = longitude, y = latitude.
    pub(crate) fn geometry(&self, row: u32) -> &Geometry {
        &self.geometries[row as usize]
    }

    /// What a tile holds.
    pub(crate) fn cuts(&self, tile: TileCoord) -> Cuts {
        let make = || -> Result<Cuts, std::convert::Infallible> {
            let reach = tile.reach();
            let (min, max) = (reach.min(), reach.max());
            let around =
                self.tree.locate_in_envelope_intersecting(AABB::from_corners([min.x, min.y], [max.x, max.y]));
            let mut rows: Vec<u32> = around.map(|found| found.data).collect();
            rows.sort_unstable();
            let cut_row = |row: u32| Some((row, cut(self.worlds[row as usize].as_ref()?, tile)?));
            Ok(Arc::new(rows.into_iter().filter_map(cut_row).collect()))
        };
        match self.cuts.get_or_insert_with(&tile, make) {
            Ok(cuts) => cuts,
            Err(never) => match never {},
        }
    }
}
