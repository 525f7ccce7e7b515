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
///
/// All of them lie in a few long lists: a country has as many small rings as it has communes, at each zoom.
#[derive(Clone, Debug)]
pub struct Level {
    pub(crate) zoom: u8,
    outlines: Box<[Outline]>,
    /// Where each ring of each shape ends, exteriors before their holes.
    ends: Box<[RingEnd]>,
    /// Those of rings, without the closing ones.
    vertices: Box<[Coord<i32>]>,
    /// A box for each [`BLOCK`] edges of a ring.
    blocks: Box<[Bounds]>,
    /// Tiles of the zoom, as column then row, each with the rank of a shape whose box it touches, sorted.
    seen: Box<[(Place, u32)]>,
}

/// A column and a row of a zoom: few enough for half a word each up to [`FINEST`](super::FINEST), and these
/// are many.
type Place = [u16; 2];

/// What is known of a shape besides its rings.
#[derive(Clone, Copy, Debug)]
struct Outline {
    row: u32,
    bounds: Bounds,
    /// Where its rings end: they begin where those of the shape before do.
    rings_end: u32,
}

/// Where the vertices and the blocks of a ring end: they begin where those of the ring before do.
#[derive(Clone, Copy, Debug, Default)]
struct RingEnd {
    vertices: u32,
    blocks: u32,
}

/// A shape that is seen at the zoom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) row: u32,
    pub(crate) bounds: Bounds,
    level: &'a Level,
    rings: (u32, u32),
}

/// A ring without its closing vertex, with a box for each [`BLOCK`] of its edges.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ring<'a> {
    pub(crate) vertices: &'a [Coord<i32>],
    pub(crate) blocks: &'a [Bounds],
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
        // Row, line, whether the row is to its right.
        let mut sides: Vec<(u32, u32, bool)> = Vec::new();
        for arc in (0..arcs.len()).filter(|&arc| kept_from[arc] <= zoom) {
            let beside = sides_of(arcs, arc, groups);
            if !beside.is_empty() {
                let line = lines.len() as u32;
                sides.extend(beside.into_iter().map(|(row, right)| (row, line, right)));
                let kept = arcs.lines.range(arc).filter(|&i| zooms[i] <= zoom);
                lines.push(kept.map(|i| arcs.lines.vertices()[i]));
            }
        }
        let lines = snap(&lines, unit_bits(zoom));
        sides.sort_unstable();
        let mut level = Drawing::default();
        for of_row in sides.chunk_by(|a, b| a.0 == b.0) {
            let borders = of_row.iter().flat_map(|&(_, line, right)| {
                let along = lines.get(line as usize).array_windows();
                along.map(move |&[a, b]| if right { (a, b) } else { (b, a) })
            });
            level.push(of_row[0].0, trace::polygons(net(borders.collect())));
        }
        level.finish(zoom)
    }

    /// The zoom it is drawn for.
    pub const fn zoom(&self) -> u8 {
        self.zoom
    }

    /// The tiles of its zoom that may hold something, with their buffers: no other does. Sorted.
    pub fn tiles(&self) -> Vec<TileCoord> {
        let places = self.seen.chunk_by(|a, b| a.0 == b.0);
        let tile = |&([x, y], _): &(Place, u32)| TileCoord::new(self.zoom, x.into(), y.into()).ok();
        places.filter_map(|same| tile(same.first()?)).collect()
    }

    /// The shapes whose box touches a tile of the zoom, by row.
    pub(crate) fn near(&self, tile: TileCoord) -> impl Iterator<Item = Shape<'_>> {
        let place = place(tile);
        let first = self.seen.partition_point(|(at, _)| *at < place);
        let near = self.seen[first..].iter().take_while(move |(at, _)| *at == place);
        near.map(|(_, rank)| self.shape(*rank as usize))
    }

    /// The rows that are seen, ascending.
    pub fn rows(&self) -> impl Iterator<Item = u32> {
        self.outlines.iter().map(|outline| outline.row)
    }

    /// All shapes, by row.
    #[cfg(test)]
    pub(crate) fn shapes(&self) -> impl Iterator<Item = Shape<'_>> {
        (0..self.outlines.len()).map(|rank| self.shape(rank))
    }

    fn shape(&self, rank: usize) -> Shape<'_> {
        let Outline { row, bounds, rings_end } = self.outlines[rank];
        let rings_start = rank.checked_sub(1).map_or(0, |before| self.outlines[before].rings_end);
        Shape { row, bounds, level: self, rings: (rings_start, rings_end) }
    }

    fn ring(&self, rank: usize) -> Ring<'_> {
        let start = rank.checked_sub(1).map_or(RingEnd::default(), |before| self.ends[before]);
        let end = self.ends[rank];
        Ring {
            vertices: &self.vertices[start.vertices as usize..end.vertices as usize],
            blocks: &self.blocks[start.blocks as usize..end.blocks as usize],
        }
    }
}

fn place(tile: TileCoord) -> Place {
    [tile.x() as u16, tile.y() as u16]
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

impl<'a> Shape<'a> {
    pub(crate) fn rings(self) -> impl Iterator<Item = Ring<'a>> {
        (self.rings.0..self.rings.1).map(move |rank| self.level.ring(rank as usize))
    }

    /// Its polygons, each as its rings.
    pub(crate) fn polygons(self) -> Vec<Vec<Ring<'a>>> {
        let mut polygons: Vec<Vec<Ring<'_>>> = Vec::new();
        for ring in self.rings() {
            match polygons.last_mut() {
                Some(polygon) if twice_area(ring.vertices) < 0 => polygon.push(ring),
                _ => polygons.push(vec![ring]),
            }
        }
        polygons
    }
}

/// A level that is being drawn, shape after shape.
#[derive(Default)]
struct Drawing {
    outlines: Vec<Outline>,
    ends: Vec<RingEnd>,
    vertices: Vec<Coord<i32>>,
    blocks: Vec<Bounds>,
}

impl Drawing {
    /// Adds the shape of a row, which comes after those before; one without ground is not seen.
    fn push(&mut self, row: u32, polygons: Vec<Vec<Vec<Coord<i32>>>>) {
        let first = self.blocks.len();
        for ring in polygons.into_iter().flatten() {
            let reach = |start: usize| {
                // The last edge of a block ends at the first vertex of the next.
                let block = (start..=start + BLOCK).map(|i| ring[if i < ring.len() { i } else { 0 }]);
                block.map(|v| Bounds { low: v, high: v }).reduce(Bounds::with)
            };
            self.blocks.extend((0..ring.len()).step_by(BLOCK).filter_map(reach));
            self.vertices.extend(&ring);
            self.ends
                .push(RingEnd { vertices: self.vertices.len() as u32, blocks: self.blocks.len() as u32 });
        }
        if let Some(bounds) = self.blocks[first..].iter().copied().reduce(Bounds::with) {
            self.outlines.push(Outline { row, bounds, rings_end: self.ends.len() as u32 });
        }
    }

    fn finish(self, zoom: u8) -> Level {
        let touched = || {
            let ranked = self.outlines.iter().zip(0..);
            ranked.flat_map(|(shape, rank)| shape.bounds.tiles(zoom).map(move |tile| (place(tile), rank)))
        };
        let mut seen = Vec::with_capacity(touched().count());
        seen.extend(touched());
        seen.sort_unstable();
        Level {
            zoom,
            outlines: self.outlines.into(),
            ends: self.ends.into(),
            vertices: self.vertices.into(),
            blocks: self.blocks.into(),
            seen: seen.into(),
        }
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
