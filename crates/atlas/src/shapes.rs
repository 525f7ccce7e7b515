//! The shapes of a layer: projected once, found by an index, cut once for each tile.

use std::sync::Arc;

use geo::{Geometry, Intersects, MultiPolygon};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use territory::Extent;
use tiles::{TileCoord, TileGeometry, WorldGeometry, cut};

/// Vertices of cut tiles kept for a layer that lasts as long as the atlas: four bytes each.
pub(crate) const LARGE_CUTS: u64 = 4 << 20;

/// The same for shapes that last as long as one question.
pub(crate) const SMALL_CUTS: u64 = 64 << 10;

/// What an entry of the cache takes besides its vertices, in vertices.
const ENTRY: u64 = 32;

/// What a geometry of a tile takes besides its vertices, in vertices: its row, its ends, their allocations.
const GEOMETRY: u64 = 32;

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
        ENTRY + cuts.iter().map(|(_, geometry)| GEOMETRY + geometry.vertices().len() as u64).sum::<u64>()
    }
}

impl ShapeSet {
    pub(crate) fn new(geometries: Vec<Geometry>, kept_vertices: u64) -> Self {
        let worlds = geometries.iter().map(|geometry| WorldGeometry::from_lon_lat(geometry).ok()).collect();
        Self { geometries, ..Self::of(worlds, kept_vertices) }
    }

    /// Of outlines that the tables keep: asked for a geometry, ask them.
    pub(crate) fn outlines<'a>(
        outlines: impl Iterator<Item = Option<&'a MultiPolygon>>,
        kept_vertices: u64,
    ) -> Self {
        let world = |outline: Option<&MultiPolygon>| {
            WorldGeometry::from_lon_lat(&Geometry::MultiPolygon(outline?.clone())).ok()
        };
        Self::of(outlines.map(world).collect(), kept_vertices)
    }

    fn of(worlds: Vec<Option<WorldGeometry>>, kept_vertices: u64) -> Self {
        let boxes = worlds.iter().enumerate().filter_map(|(row, world)| {
            let bounds = world.as_ref()?.bounds()?;
            let (min, max) = (bounds.min(), bounds.max());
            Some(GeomWithData::new(Rectangle::from_corners([min.x, min.y], [max.x, max.y]), row as u32))
        });
        let tree = RTree::bulk_load(boxes.collect());
        let cuts = Cache::with_weighter(256, kept_vertices, Vertices);
        Self { geometries: Vec::new(), worlds, tree, cuts }
    }

    /// The geometry of a row, x = longitude, y = latitude.
    pub(crate) fn geometry(&self, row: u32) -> &Geometry {
        &self.geometries[row as usize]
    }

    /// The rows whose geometry touches a box in degrees, sorted.
    pub(crate) fn rows_in(&self, extent: Extent) -> Vec<u32> {
        let rect = extent.rect();
        let mut rows = self.rows_near(extent);
        rows.retain(|&row| self.geometries[row as usize].intersects(&rect));
        rows
    }

    /// The rows whose box touches a box in degrees, sorted.
    pub(crate) fn rows_near(&self, extent: Extent) -> Vec<u32> {
        let rect = extent.rect();
        // The index is in world units; the box of two opposite corners is the same box.
        let line = Geometry::Line(geo::Line::new(rect.min(), rect.max()));
        let Some(bounds) = WorldGeometry::from_lon_lat(&line).ok().and_then(|world| world.bounds()) else {
            return Vec::new();
        };
        self.around(bounds)
    }

    /// The rows whose box touches a box in world units, sorted.
    fn around(&self, bounds: geo::Rect) -> Vec<u32> {
        let (min, max) = (bounds.min(), bounds.max());
        let envelope = AABB::from_corners([min.x, min.y], [max.x, max.y]);
        let mut rows: Vec<u32> =
            self.tree.locate_in_envelope_intersecting(envelope).map(|found| found.data).collect();
        rows.sort_unstable();
        rows
    }

    /// What a tile holds.
    pub(crate) fn cuts(&self, tile: TileCoord) -> Cuts {
        // Tiles beyond the data are without number: nothing is kept of them.
        let rows = self.around(tile.reach());
        if rows.is_empty() {
            return Cuts::default();
        }
        let cut_row = |row: u32| Some((row, cut(self.worlds[row as usize].as_ref()?, tile)?));
        let make = || -> Result<Cuts, std::convert::Infallible> {
            Ok(Arc::new(rows.into_iter().filter_map(cut_row).collect()))
        };
        match self.cuts.get_or_insert_with(&tile, make) {
            Ok(cuts) => cuts,
            Err(never) => match never {},
        }
    }
}
