//! The shapes of a layer: found by an index, cut once for each tile.

use std::sync::{Arc, OnceLock};

use geo::{BoundingRect, Geometry, Intersects, MultiPolygon};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use territory::Extent;
use tiles::{Coverage, FINEST, Level, TileCoord, TileGeometry, WorldGeometry, cut};

/// Vertices of cut tiles kept for a layer that lasts as long as the atlas: four bytes each.
pub(crate) const LARGE_CUTS: u64 = 8 << 20;

/// The same for shapes that last as long as one question.
pub(crate) const SMALL_CUTS: u64 = 64 << 10;

/// What an entry of the cache takes besides its vertices, in vertices.
const ENTRY: u64 = 32;

/// What a tile holds of a layer: (row, geometry) in the order of rows.
pub(crate) type Cuts = Arc<Vec<(u32, TileGeometry)>>;

/// The geometries of a layer, by row. An empty one is in no tile.
pub(crate) struct ShapeSet {
    geometries: Vec<Geometry>,
    drawn: Drawn,
    /// Boxes in world units.
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, u32>>,
    cuts: Cache<TileCoord, Cuts, Vertices>,
}

/// How shapes are put on the grid of a tile.
enum Drawn {
    /// Each by itself.
    Apart(Vec<Option<WorldGeometry>>),
    /// All of a zoom at once, because they share borders.
    Together(Together),
}

/// Shapes that share borders, drawn at a zoom when first asked for.
struct Together {
    /// The shapes whose borders are drawn; none when they are those of the set itself.
    members: Option<Arc<ShapeSet>>,
    coverage: OnceLock<Option<Coverage>>,
    /// The row that each member belongs to.
    groups: Vec<Option<u32>>,
    /// By zoom.
    levels: Box<[OnceLock<Option<Level>>]>,
}

#[derive(Clone)]
struct Vertices;

impl Weighter<TileCoord, Cuts> for Vertices {
    fn weight(&self, _: &TileCoord, cuts: &Cuts) -> u64 {
        ENTRY + cuts.iter().map(|(_, geometry)| geometry.vertices().len() as u64).sum::<u64>()
    }
}

impl ShapeSet {
    /// Shapes that have nothing to do with each other.
    pub(crate) fn new(geometries: Vec<Geometry>, kept_vertices: u64) -> Self {
        let worlds = geometries.iter().map(|geometry| WorldGeometry::from_lon_lat(geometry).ok());
        let drawn = Drawn::Apart(worlds.collect());
        Self::drawn(geometries, drawn, kept_vertices)
    }

    /// Polygons that tile the ground.
    pub(crate) fn coverage(geometries: Vec<Geometry>, kept_vertices: u64) -> Self {
        let groups = (0..geometries.len() as u32).map(Some).collect();
        Self::drawn(geometries, Drawn::Together(Together::new(None, groups)), kept_vertices)
    }

    /// Groups of polygons that tile the ground, with the row of each member.
    pub(crate) fn groups(
        geometries: Vec<Geometry>,
        members: Arc<Self>,
        groups: Vec<Option<u32>>,
        kept_vertices: u64,
    ) -> Self {
        Self::drawn(geometries, Drawn::Together(Together::new(Some(members), groups)), kept_vertices)
    }

    fn drawn(geometries: Vec<Geometry>, drawn: Drawn, kept_vertices: u64) -> Self {
        let boxes = geometries.iter().enumerate().filter_map(|(row, geometry)| {
            let bounds = in_world(geometry.bounding_rect()?)?;
            let (min, max) = (bounds.min(), bounds.max());
            Some(GeomWithData::new(Rectangle::from_corners([min.x, min.y], [max.x, max.y]), row as u32))
        });
        let tree = RTree::bulk_load(boxes.collect());
        Self { geometries, drawn, tree, cuts: Cache::with_weighter(256, kept_vertices, Vertices) }
    }

    /// The geometry of a row, x = longitude, y = latitude.
    pub(crate) fn geometry(&self, row: u32) -> &Geometry {
        &self.geometries[row as usize]
    }

    /// The rows whose geometry touches a box in degrees, sorted.
    pub(crate) fn rows_in(&self, extent: Extent) -> Vec<u32> {
        let rect = extent.rect();
        let Some(bounds) = in_world(rect) else {
            return Vec::new();
        };
        let mut rows = self.around(bounds);
        rows.retain(|&row| self.geometries[row as usize].intersects(&rect));
        rows
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

    /// Whether the box of a row that `keeps` takes touches a tile or what is within a quarter of its side: what
    /// stands for features from afar may lie a little beside them.
    pub(crate) fn is_near(&self, tile: TileCoord, mut keeps: impl FnMut(u32) -> bool) -> bool {
        let reach = tile.reach();
        let margin = reach.width() / 4.0;
        let (min, max) = (reach.min(), reach.max());
        let near = AABB::from_corners([min.x - margin, min.y - margin], [max.x + margin, max.y + margin]);
        self.tree.locate_in_envelope_intersecting(near).any(|found| keeps(found.data))
    }

    /// What a tile holds.
    pub(crate) fn cuts(&self, tile: TileCoord) -> Cuts {
        // Tiles beyond the data are without number: nothing is kept of them.
        let rows = self.around(tile.reach());
        if rows.is_empty() {
            return Cuts::default();
        }
        let make = || -> Result<Cuts, std::convert::Infallible> {
            Ok(Arc::new(match &self.drawn {
                Drawn::Apart(worlds) => {
                    let cut_row = |row: u32| Some((row, cut(worlds[row as usize].as_ref()?, tile)?));
                    rows.into_iter().filter_map(cut_row).collect()
                }
                Drawn::Together(together) => together.cut(&self.geometries, tile),
            }))
        };
        match self.cuts.get_or_insert_with(&tile, make) {
            Ok(cuts) => cuts,
            Err(never) => match never {},
        }
    }
}

impl Together {
    fn new(members: Option<Arc<ShapeSet>>, groups: Vec<Option<u32>>) -> Self {
        let levels = (0..=FINEST).map(|_| OnceLock::new()).collect();
        Self { members, coverage: OnceLock::new(), groups, levels }
    }

    fn cut(&self, own: &[Geometry], tile: TileCoord) -> Vec<(u32, TileGeometry)> {
        let zoom = tile.z().min(FINEST);
        let level =
            self.levels[usize::from(zoom)].get_or_init(|| Some(self.borders(own)?.level(zoom, &self.groups)));
        level.as_ref().map(|level| level.cut(tile)).unwrap_or_default()
    }

    /// The borders of the members.
    fn borders(&self, own: &[Geometry]) -> Option<&Coverage> {
        if let Some(members) = &self.members
            && let Drawn::Together(together) = &members.drawn
        {
            return together.borders(&members.geometries);
        }
        let make = || {
            let nothing = MultiPolygon::new(Vec::new());
            let shapes = own.iter().map(|geometry| match geometry {
                Geometry::MultiPolygon(shape) => shape,
                _ => &nothing,
            });
            Coverage::new(&shapes.collect::<Vec<&MultiPolygon>>()).ok()
        };
        self.coverage.get_or_init(make).as_ref()
    }
}

/// A box in degrees as the same box in world units.
fn in_world(rect: geo::Rect) -> Option<geo::Rect> {
    let line = Geometry::Line(geo::Line::new(rect.min(), rect.max()));
    WorldGeometry::from_lon_lat(&line).ok()?.bounds()
}
