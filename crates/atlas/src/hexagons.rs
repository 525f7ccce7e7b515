//! The shapes of cells: a million of them, of which only corners are kept.

use std::ops::Range;
use std::sync::Arc;

use geo::{Geometry, Intersects};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use territory::{Cell, Extent};
use tiles::mercator::WorldCoord;
use tiles::{TileCoord, WorldGeometry, cut};

use crate::shapes::Cuts;

/// Steps across the world: one is 9 mm at the equator, 1/128 of a unit of a tile of zoom 13.
const STEPS: f64 = (1u64 << 32) as f64;

/// Generations up to the parent whose cells are looked for together: 343 of them at most, about 20 km across.
const FAMILY: u8 = 3;

/// Bytes of cut tiles kept.
const CUT_BYTES: u64 = 24 << 20;

/// What a hexagon takes in a cut tile: its row, its vertices and ends, their allocations.
const CUT_HEXAGON: u64 = 160;

/// The cells of an atlas in their order, and where each is on the world square: 48 bytes a cell, a tenth of
/// what projected polygons and a tree of their boxes take.
///
/// Nothing is kept by the coarser cells that are drawn from afar: they are made from these.
pub(crate) struct Hexagons {
    cells: Vec<Cell>,
    /// East and south, in steps; a pentagon's last corner is there twice.
    corners: Vec<[[u32; 2]; 6]>,
    /// Cells of one parent, which follow one another, and the box around them.
    families: Vec<(Range<usize>, Bounds)>,
    cuts: Cache<TileCoord, Cuts, Weight>,
}

/// A box in steps: east then south, of its north-west and of its south-east corner.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: [f64; 2],
    high: [f64; 2],
}

#[derive(Clone)]
struct Weight;

impl Weighter<TileCoord, Cuts> for Weight {
    fn weight(&self, _: &TileCoord, cuts: &Cuts) -> u64 {
        CUT_HEXAGON * (1 + cuts.len() as u64)
    }
}

impl Hexagons {
    /// The shapes of cells, sorted by index.
    pub(crate) fn new(cells: &[Cell]) -> Self {
        let corners: Vec<[[u32; 2]; 6]> = cells.iter().map(|&cell| corners(cell)).collect();
        let mut families = Vec::new();
        let mut start = 0;
        for family in cells.chunk_by(|a, b| a.is_kin(*b, FAMILY)) {
            let range = start..start + family.len();
            start = range.end;
            families.extend(Bounds::of(corners[range.clone()].as_flattened()).map(|bounds| (range, bounds)));
        }
        Self { cells: cells.to_vec(), corners, families, cuts: Cache::with_weighter(256, CUT_BYTES, Weight) }
    }

    /// The geometry of a row, x = longitude, y = latitude.
    pub(crate) fn geometry(&self, row: u32) -> Geometry {
        Geometry::Polygon(self.cells[row as usize].boundary())
    }

    /// The rows whose cell touches a box in degrees, sorted.
    pub(crate) fn rows_in(&self, extent: Extent) -> Vec<u32> {
        let rect = extent.rect();
        let step = |corner| WorldCoord::from_lon_lat(corner).map(|at| [at.x() * STEPS, at.y() * STEPS]);
        let (Some([west, south]), Some([east, north])) = (step(rect.min()), step(rect.max())) else {
            return Vec::new();
        };
        // A step more on each side: corners are rounded.
        let bounds = Bounds { low: [west - 1.0, north - 1.0], high: [east + 1.0, south + 1.0] };
        let mut rows = self.around(bounds);
        rows.retain(|&row| self.cells[row as usize].boundary().intersects(&rect));
        rows
    }

    /// The rows whose box touches a box, sorted.
    fn around(&self, bounds: Bounds) -> Vec<u32> {
        let near = self.families.iter().filter(|(_, family)| family.touches(bounds));
        let touches = |row: &usize| Bounds::of(&self.corners[*row]).is_some_and(|cell| cell.touches(bounds));
        let mut rows: Vec<u32> =
            near.flat_map(|(range, _)| range.clone().filter(touches).map(|row| row as u32)).collect();
        rows.sort_unstable();
        rows
    }

    /// Whether a row that `keeps` takes is in a tile or within a quarter of its side.
    pub(crate) fn is_near(&self, tile: TileCoord, mut keeps: impl FnMut(u32) -> bool) -> bool {
        let reach = tile.reach();
        let (least, most, margin) = (reach.min(), reach.max(), reach.width() / 4.0);
        let low = [least.x - margin, least.y - margin].map(|at| at * STEPS);
        let high = [most.x + margin, most.y + margin].map(|at| at * STEPS);
        let bounds = Bounds { low, high };
        let mut near = self.families.iter().filter(|(_, family)| family.touches(bounds));
        near.any(|(range, _)| range.clone().any(|row| keeps(row as u32)))
    }

    /// What a tile holds.
    pub(crate) fn cuts(&self, tile: TileCoord) -> Cuts {
        // Tiles beyond the data are without number: nothing is kept of them.
        let (least, most) = (tile.reach().min(), tile.reach().max());
        let (low, high) = ([least.x * STEPS, least.y * STEPS], [most.x * STEPS, most.y * STEPS]);
        let rows = self.around(Bounds { low, high });
        if rows.is_empty() {
            return Cuts::default();
        }
        let cut_row = |row: u32| {
            let mut ring = self.corners[row as usize].to_vec();
            ring.dedup();
            let ring = ring.into_iter().map(|corner| corner.map(|steps| f64::from(steps) / STEPS));
            Some((row, cut(&WorldGeometry::from_ring(ring), tile)?))
        };
        let make = || -> Result<Cuts, std::convert::Infallible> {
            Ok(Arc::new(rows.into_iter().filter_map(cut_row).collect()))
        };
        match self.cuts.get_or_insert_with(&tile, make) {
            Ok(cuts) => cuts,
            Err(never) => match never {},
        }
    }
}

/// The corners of a cell, in steps.
fn corners(cell: Cell) -> [[u32; 2]; 6] {
    let boundary = cell.boundary();
    let ring = boundary.exterior().0.as_slice();
    // The first position is there again at the end.
    let open = &ring[..ring.len().saturating_sub(1)];
    let step = |position: f64| (position * STEPS).round().min(STEPS - 1.0) as u32;
    std::array::from_fn(|rank| {
        let corner = open.get(rank).or(open.last()).and_then(|&corner| WorldCoord::from_lon_lat(corner));
        corner.map_or([0; 2], |at| [step(at.x()), step(at.y())])
    })
}

impl Bounds {
    /// The box around some corners.
    fn of(corners: &[[u32; 2]]) -> Option<Self> {
        let first = corners.first()?.map(f64::from);
        let around = |bounds: Self, corner: &[u32; 2]| {
            let at = corner.map(f64::from);
            let side = |of: [f64; 2], pick: fn(f64, f64) -> f64| [pick(of[0], at[0]), pick(of[1], at[1])];
            Self { low: side(bounds.low, f64::min), high: side(bounds.high, f64::max) }
        };
        Some(corners.iter().fold(Self { low: first, high: first }, around))
    }

    fn touches(self, other: Self) -> bool {
        (0..2).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shapes::{SMALL_CUTS, ShapeSet};
    use crate::tables::tests::plain_tables;
    use geo::Coord;
    use plain::Plain;

    /// The same through polygons, each projected, and a tree of their boxes.
    fn slow(cells: &[Cell]) -> ShapeSet {
        ShapeSet::new(cells.iter().map(|cell| Geometry::Polygon(cell.boundary())).collect(), SMALL_CUTS)
    }

    fn cells() -> Vec<Cell> {
        let mut cells: Vec<Cell> = plain_tables(6, 5).grid.places().iter().map(|place| place.cell).collect();
        cells.dedup();
        cells
    }

    #[test]
    fn tiles_hold_the_hexagons_that_polygons_give() {
        let cells = cells();
        let (hexagons, slow) = (Hexagons::new(&cells), slow(&cells));
        let home = cells[cells.len() / 2].centre().coord();
        let home = WorldCoord::from_lon_lat(home).expect("on Earth");
        let mut met = 0;
        for z in 0..=14 {
            let side = f64::from(1u32 << z);
            let (x, y) = ((home.x() * side) as u32, (home.y() * side) as u32);
            for (dx, dy) in [(0, 0), (1, 0), (0, 1), (5, 0)] {
                let Ok(tile) = TileCoord::new(z, x + dx, y + dy) else { continue };
                let (ours, theirs) = (hexagons.cuts(tile), slow.cuts(tile, None));
                let rows = |cuts: &Cuts| cuts.iter().map(|(row, _)| *row).collect::<Vec<_>>();
                assert_eq!(rows(&ours), rows(&theirs), "{tile}");
                met += ours.len();
                if z <= 12 {
                    for ((row, a), (_, b)) in ours.iter().zip(theirs.iter()) {
                        // A corner may fall to the other side of a half.
                        let near = a.vertices().iter().zip(b.vertices());
                        let off = near.map(|(a, b)| a.x.abs_diff(b.x).max(a.y.abs_diff(b.y))).max();
                        assert!(
                            a.vertices().len() == b.vertices().len() && off <= Some(1),
                            "{row} of {tile}"
                        );
                    }
                }
            }
        }
        assert!(met > 1_000, "{met}");
    }

    #[test]
    fn a_box_finds_the_cells_that_touch_it() {
        let cells = cells();
        let (hexagons, slow) = (Hexagons::new(&cells), slow(&cells));
        let coords = cells.iter().map(|cell| cell.centre().coord());
        let [west, south, east, north] = Extent::of_coords(coords).expect("somewhere").bbox();
        let mut found = 0;
        for (i, j) in (0..8).flat_map(|i| (0..8).map(move |j| (i, j))) {
            let at = |low: f64, high: f64, n: u8| low + (high - low) * f64::from(n) / 8.0;
            let extent = Extent::of_coords([
                Coord { x: at(west, east, i), y: at(south, north, j) },
                Coord { x: at(west, east, i + 1), y: at(south, north, j + 1) },
            ]);
            let extent = extent.expect("a box");
            let rows = hexagons.rows_in(extent);
            assert_eq!(rows, slow.rows_in(extent));
            found += rows.len();
        }
        assert!(found >= cells.len());
    }

    #[test]
    fn cells_that_touch_share_their_corners_and_a_pentagon_has_five() {
        let cell = Cell::at(Plain::new(1, 1).centre(0, 0));
        let mine = corners(cell);
        for neighbour in cell.neighbours() {
            let shared = corners(neighbour).iter().filter(|corner| mine.contains(corner)).count();
            assert_eq!(shared, 2, "{neighbour}");
        }
        // One of the twelve, in the Arctic: H3 base cell 4.
        let pentagon: Cell = "8808000001fffff".parse().expect("a cell");
        assert_eq!(pentagon.boundary().exterior().0.len(), 6, "five and the first again");
        assert_eq!(corners(pentagon)[4], corners(pentagon)[5]);
        assert!(mine[4] != mine[5] && mine[5] != mine[0]);
    }
}
