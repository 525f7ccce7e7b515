//! The shapes of a layer: found by an index, cut once for each tile.

use std::sync::{Arc, OnceLock};

use geo::{BoundingRect, Geometry, Intersects, MultiPolygon};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use territory::Extent;
use tiles::{Coverage, FINEST, Level, TileCoord, TileGeometry, WorldGeometry, cut};

use crate::tables::Tables;

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
    /// None of outlines that the tables keep.
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
    borders: Arc<Borders>,
    /// The row that each shape of the borders belongs to.
    groups: Vec<Option<u32>>,
    /// By zoom.
    levels: Box<[OnceLock<Option<Level>>]>,
}

/// The borders between shapes, taken apart when first asked for: a question that needs no tile is not kept
/// waiting by all of France.
#[derive(Default)]
pub(crate) struct Borders(OnceLock<Option<Coverage>>);

#[derive(Clone)]
struct Vertices;

impl Weighter<TileCoord, Cuts> for Vertices {
    fn weight(&self, _: &TileCoord, cuts: &Cuts) -> u64 {
        ENTRY + cuts.iter().map(|(_, geometry)| GEOMETRY + geometry.vertices().len() as u64).sum::<u64>()
    }
}

impl ShapeSet {
    /// Shapes that have nothing to do with each other.
    pub(crate) fn new(geometries: Vec<Geometry>, kept_vertices: u64) -> Self {
        let worlds = geometries.iter().map(|geometry| WorldGeometry::from_lon_lat(geometry).ok());
        let drawn = Drawn::Apart(worlds.collect());
        let boxes: Vec<Option<geo::Rect>> = geometries.iter().map(BoundingRect::bounding_rect).collect();
        Self { geometries, ..Self::of(drawn, boxes, kept_vertices) }
    }

    /// Polygons that tile the ground.
    pub(crate) fn coverage(shapes: Vec<MultiPolygon>, kept_vertices: u64) -> Self {
        let boxes = shapes.iter().map(BoundingRect::bounding_rect).collect();
        let groups = (0..shapes.len() as u32).map(Some).collect();
        let drawn = Drawn::Together(Together::new(Arc::default(), groups));
        let geometries = shapes.into_iter().map(Geometry::MultiPolygon).collect();
        Self { geometries, ..Self::of(drawn, boxes, kept_vertices) }
    }

    /// Of outlines that the tables keep, made of communes, with the row of each: asked for a geometry, ask the
    /// tables.
    pub(crate) fn groups<'a>(
        outlines: impl Iterator<Item = Option<&'a MultiPolygon>>,
        borders: Arc<Borders>,
        groups: Vec<Option<u32>>,
    ) -> Self {
        let boxes = outlines.map(|outline| outline?.bounding_rect()).collect();
        Self::of(Drawn::Together(Together::new(borders, groups)), boxes, LARGE_CUTS)
    }

    /// Of outlines that the tables keep and that have nothing to do with each other.
    pub(crate) fn outlines<'a>(outlines: impl Iterator<Item = Option<&'a MultiPolygon>>) -> Self {
        let (boxes, worlds) = outlines
            .map(|outline| {
                let world = WorldGeometry::from_lon_lat(&Geometry::MultiPolygon(outline?.clone())).ok()?;
                Some((outline?.bounding_rect(), world))
            })
            .map(|drawn| drawn.map_or((None, None), |(bounds, world)| (bounds, Some(world))))
            .unzip();
        Self::of(Drawn::Apart(worlds), boxes, LARGE_CUTS)
    }

    /// Boxes in degrees.
    fn of(drawn: Drawn, boxes: Vec<Option<geo::Rect>>, kept_vertices: u64) -> Self {
        let boxes = boxes.into_iter().enumerate().filter_map(|(row, bounds)| {
            let bounds = in_world(bounds?)?;
            let (min, max) = (bounds.min(), bounds.max());
            Some(GeomWithData::new(Rectangle::from_corners([min.x, min.y], [max.x, max.y]), row as u32))
        });
        let tree = RTree::bulk_load(boxes.collect());
        let cuts = Cache::with_weighter(256, kept_vertices, Vertices);
        Self { geometries: Vec::new(), drawn, tree, cuts }
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
        in_world(extent.rect()).map(|bounds| self.around(bounds)).unwrap_or_default()
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

    /// The rows whose box touches a box in world units, sorted.
    fn around(&self, bounds: geo::Rect) -> Vec<u32> {
        let (min, max) = (bounds.min(), bounds.max());
        let envelope = AABB::from_corners([min.x, min.y], [max.x, max.y]);
        let mut rows: Vec<u32> =
            self.tree.locate_in_envelope_intersecting(envelope).map(|found| found.data).collect();
        rows.sort_unstable();
        rows
    }

    /// What a tile holds; `tables` are those of outlines that it does not keep.
    pub(crate) fn cuts(&self, tile: TileCoord, tables: Option<&Tables>) -> Cuts {
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
                Drawn::Together(together) => together.cut(tile, || match tables {
                    Some(tables) => tables.gazetteer.communes().iter().map(|c| c.shape.as_ref()).collect(),
                    None => self.geometries.iter().map(polygons).collect(),
                }),
            }))
        };
        match self.cuts.get_or_insert_with(&tile, make) {
            Ok(cuts) => cuts,
            Err(never) => match never {},
        }
    }
}

impl Together {
    fn new(borders: Arc<Borders>, groups: Vec<Option<u32>>) -> Self {
        let levels = (0..=FINEST).map(|_| OnceLock::new()).collect();
        Self { borders, groups, levels }
    }

    /// What a tile holds of shapes whose borders are those of `members`.
    fn cut<'a>(
        &self,
        tile: TileCoord,
        members: impl FnOnce() -> Vec<Option<&'a MultiPolygon>>,
    ) -> Vec<(u32, TileGeometry)> {
        let zoom = tile.z().min(FINEST);
        let level = self.levels[usize::from(zoom)]
            .get_or_init(|| Some(self.borders.of(members)?.level(zoom, &self.groups)));
        level.as_ref().map(|level| level.cut(tile)).unwrap_or_default()
    }
}

impl Borders {
    fn of<'a>(&self, members: impl FnOnce() -> Vec<Option<&'a MultiPolygon>>) -> Option<&Coverage> {
        let make = || {
            let nothing = MultiPolygon::new(Vec::new());
            let shapes = members();
            let shapes: Vec<&MultiPolygon> = shapes.iter().map(|shape| shape.unwrap_or(&nothing)).collect();
            Coverage::new(&shapes).ok()
        };
        self.0.get_or_init(make).as_ref()
    }
}

fn polygons(geometry: &Geometry) -> Option<&MultiPolygon> {
    if let Geometry::MultiPolygon(polygons) = geometry { Some(polygons) } else { None }
}

/// A box in degrees as the same box in world units.
fn in_world(rect: geo::Rect) -> Option<geo::Rect> {
    let line = Geometry::Line(geo::Line::new(rect.min(), rect.max()));
    WorldGeometry::from_lon_lat(&line).ok()?.bounds()
}
