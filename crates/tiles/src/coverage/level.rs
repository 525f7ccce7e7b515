//! The shapes of one zoom, whole.

use geo::Coord;

use super::arcs::Arcs;
use super::lines::Lines;
use super::simplify::unit_bits;
use super::snap::snap;
use crate::clip::BUFFER;
use crate::ring::twice_area;
use crate::trace::{self, Border};
use crate::{EXTENT, TileCoord};

/// How many vertices of a ring share a box.
pub(crate) const BLOCK: usize = 64;

/// Shapes on the grid of a zoom: tiles are windows on them.
#[derive(Clone, Debug)]
pub struct Level {
    pub(crate) zoom: u8,
    pub(crate) shapes: Vec<Shape>,
    /// Tiles of the zoom, each with the rank of a shape whose box it touches, sorted.
    seen: Vec<(TileCoord, u32)>,
}

/// A shape that is seen at the zoom.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) row: u32,
    pub(crate) bounds: Bounds,
    /// Each exterior before its holes.
    pub(crate) rings: Vec<Ringed>,
}

/// A ring without its closing vertex, with a box for each [`BLOCK`] of its edges.
#[derive(Clone, Debug)]
pub(crate) struct Ringed {
    pub(crate) vertices: Box<[Coord<i32>]>,
    pub(crate) blocks: Box<[Bounds]>,
}

/// A box, its edges included.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) low: Coord<i32>,
    pub(crate) high: Coord<i32>,
}

impl Level {
    pub(crate) fn new(arcs: &Arcs, zooms: &[u8], kept_from: &[u8], zoom: u8, groups: &[Option<u32>]) -> Self {
        let mut lines = Lines::default();
        let mut sides: Vec<Vec<(u32, bool)>> = Vec::new();
        for arc in (0..arcs.len()).filter(|&arc| kept_from[arc] <= zoom) {
            let beside = sides_of(arcs, arc, groups);
            if !beside.is_empty() {
                let kept = arcs.lines.range(arc).filter(|&i| zooms[i] <= zoom);
                lines.push(kept.map(|i| arcs.lines.vertices()[i]));
                sides.push(beside);
            }
        }
        let lines = snap(&lines, unit_bits(zoom));
        let n_rows = groups.iter().flatten().max().map_or(0, |row| *row as usize + 1);
        let mut borders: Vec<Vec<Border<i32>>> = vec![Vec::new(); n_rows];
        for (line, beside) in lines.iter().zip(&sides) {
            for &(row, right) in beside {
                let along = line.array_windows().map(|&[a, b]| if right { (a, b) } else { (b, a) });
                borders[row as usize].extend(along);
            }
        }
        let rows = borders.into_iter().zip(0..);
        let shapes: Vec<Shape> =
            rows.filter_map(|(borders, row)| Shape::new(row, trace::polygons(net(borders)))).collect();
        let touched = shapes.iter().zip(0..);
        let touched =
            touched.flat_map(|(shape, rank)| shape.bounds.tiles(zoom).map(move |tile| (tile, rank)));
        let mut seen: Vec<(TileCoord, u32)> = touched.collect();
        seen.sort_unstable();
        Self { zoom, shapes, seen }
    }

    /// The zoom it is drawn for.
    pub const fn zoom(&self) -> u8 {
        self.zoom
    }

    /// The tiles of its zoom that may hold something, with their buffers: no other does. Sorted.
    pub fn tiles(&self) -> Vec<TileCoord> {
        let mut tiles: Vec<TileCoord> = self.seen.iter().map(|(tile, _)| *tile).collect();
        tiles.dedup();
        tiles
    }

    /// The shapes whose box touches a tile of the zoom, by row.
    pub(crate) fn near(&self, tile: TileCoord) -> impl Iterator<Item = &Shape> {
        let first = self.seen.partition_point(|(at, _)| *at < tile);
        let near = self.seen[first..].iter().take_while(move |(at, _)| *at == tile);
        near.map(|(_, rank)| &self.shapes[*rank as usize])
    }

    /// The rows that are seen, ascending.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        self.shapes.iter().map(|shape| shape.row)
    }
}

/// The groups that have their border on an arc, and whether it is to its right.
fn sides_of(arcs: &Arcs, arc: usize, groups: &[Option<u32>]) -> Vec<(u32, bool)> {
    let group = |row: u32| groups.get(row as usize).copied().flatten();
    let mut sides: Vec<(u32, bool)> =
        arcs.sides(arc).iter().filter_map(|&(row, right)| Some((group(row)?, right))).collect();
    sides.sort_unstable();
    let of_group = sides.chunk_by(|a, b| a.0 == b.0);
    let net = of_group.filter_map(|same| {
        let right = same.iter().filter(|side| side.1).count();
        (2 * right != same.len()).then_some((same[0].0, 2 * right > same.len()))
    });
    net.collect()
}

/// Border walked both ways cancels: it has nothing, or the same shape, on both sides.
pub(crate) fn net<T: crate::ring::Unit>(mut borders: Vec<Border<T>>) -> Vec<Border<T>> {
    let key = |&(a, b): &Border<T>| {
        let (a, b) = ((a.x, a.y), (b.x, b.y));
        (a.min(b), a.max(b), a < b)
    };
    borders.sort_unstable_by_key(key);
    let same = borders.chunk_by(|p, q| (key(p).0, key(p).1) == (key(q).0, key(q).1));
    same.filter_map(|same| {
        let forward = same.iter().filter(|border| key(border).2).count();
        match (2 * forward).cmp(&same.len()) {
            std::cmp::Ordering::Less => same.first(),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => same.last(),
        }
    })
    .copied()
    .collect()
}

impl Shape {
    fn new(row: u32, polygons: Vec<Vec<Vec<Coord<i32>>>>) -> Option<Self> {
        let rings: Vec<Ringed> = polygons.into_iter().flatten().map(Ringed::new).collect();
        let bounds = rings.iter().flat_map(|ring| ring.blocks.iter().copied()).reduce(Bounds::with)?;
        Some(Self { row, bounds, rings })
    }

    /// Its polygons, each as its rings.
    pub(crate) fn polygons(&self) -> impl Iterator<Item = &[Ringed]> {
        self.rings.chunk_by(|_, next| twice_area(&next.vertices) < 0)
    }
}

impl Ringed {
    fn new(vertices: Vec<Coord<i32>>) -> Self {
        let reach = |start: usize| {
            // The last edge of a block ends at the first vertex of the next.
            let block = (start..=start + BLOCK).map(|i| vertices[if i < vertices.len() { i } else { 0 }]);
            block.map(|v| Bounds { low: v, high: v }).reduce(Bounds::with)
        };
        let blocks = (0..vertices.len()).step_by(BLOCK).filter_map(reach).collect();
        Self { vertices: vertices.into(), blocks }
    }
}

impl Bounds {
    /// The tiles of a zoom that touch the box, their buffers included.
    fn tiles(self, zoom: u8) -> impl Iterator<Item = TileCoord> {
        let (extent, buffer) = (i32::from(EXTENT), i32::from(BUFFER));
        let span = move |low: i32, high: i32| {
            ((low - buffer).div_euclid(extent).max(0) as u32)..=((high + buffer).div_euclid(extent) as u32)
        };
        let rows = span(self.low.y, self.high.y);
        span(self.low.x, self.high.x)
            .flat_map(move |x| rows.clone().filter_map(move |y| TileCoord::new(zoom, x, y).ok()))
    }

    fn with(self, other: Self) -> Self {
        Self {
            low: Coord { x: self.low.x.min(other.low.x), y: self.low.y.min(other.low.y) },
            high: Coord { x: self.high.x.max(other.high.x), y: self.high.y.max(other.high.y) },
        }
    }
}
