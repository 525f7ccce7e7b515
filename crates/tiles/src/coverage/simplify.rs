//! Which vertices a border keeps at each zoom: Visvalingam and Whyatt's rule, held back where borders would
//! touch.
//!
//! The vertex whose triangle with its two neighbours is smallest goes first (*Line generalisation by repeated
//! elimination of points*, 1993). It stays while another vertex lies in that triangle: since borders meet at
//! vertices only, none can then come to cross or touch another. Ends of arcs stay, two arcs between the same
//! two junctions do not both become straight, and a ring keeps three vertices: no shape loses all its ground.
//! Arcs are simplified once for all shapes, so that neighbours, and the outlines of their groups, agree.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use geo::Coord;

use super::FINEST;
use super::arcs::Arcs;
use super::buckets::Buckets;
use crate::EXTENT;
use crate::mercator::WORLD_BITS;
use crate::ring::{turn, twice_area, vector};
use crate::valid::is_around;

/// Twice the area, in square units of a zoom's tiles, up to which a triangle is left out at that zoom. A unit
/// is an eighth of a pixel (tiles of 512 pixels): this is half a square pixel.
const TWICE_AREA: i64 = 64;

/// The zoom from which each vertex of each arc is kept, in the order of the arcs' vertices.
pub(crate) fn zooms(arcs: &Arcs) -> Vec<u8> {
    let mut borders = Borders::new(arcs);
    let mut zooms = vec![0; borders.at.len()];
    for zoom in (0..FINEST).rev() {
        let unit = 1_i64 << unit_bits(zoom);
        borders.simplify(TWICE_AREA * unit * unit, unit_bits(zoom) + 4, |vertex| {
            zooms[vertex as usize] = zoom + 1;
        });
    }
    zooms
}

/// Square units below which an island, a lake or an enclave is left out of a zoom.
const LEAST_RING: i64 = 4;

/// The zoom from which each arc is kept: 0 but for a small ring that is not the largest part of a shape and
/// has nothing inside but that part.
pub(crate) fn kept_from(arcs: &Arcs) -> Vec<u8> {
    let rings: Vec<Ring> =
        (0..arcs.len()).filter(|&arc| arcs.is_closed(arc)).map(|arc| Ring::of(arcs, arc)).collect();
    let n_rows = (0..arcs.len()).flat_map(|arc| arcs.sides(arc)).map(|side| side.0 as usize + 1).max();
    // The largest ring of each shape that has no other border.
    let mut largest = vec![0; n_rows.unwrap_or_default()];
    for ring in &rings {
        for row in ring.inside(arcs) {
            largest[row as usize] = ring.twice_area.max(largest[row as usize]);
        }
    }
    for arc in (0..arcs.len()).filter(|&arc| !arcs.is_closed(arc)) {
        for side in arcs.sides(arc) {
            largest[side.0 as usize] = i64::MAX;
        }
    }
    let starts = (0..arcs.len() as u32).filter_map(|arc| Some((*arcs.lines.get(arc as usize).first()?, arc)));
    let starts = Buckets::new(starts, unit_bits(FINEST) + 8);
    let mut kept_from = vec![0; arcs.len()];
    for ring in &rings {
        let seen = |zoom: u8| ring.twice_area >= (2 * LEAST_RING) << (2 * unit_bits(zoom));
        let from = (0..FINEST).find(|&zoom| seen(zoom)).unwrap_or(FINEST);
        let is_main = || ring.inside(arcs).any(|row| largest[row as usize] == ring.twice_area);
        if from > 0 && !is_main() && ring.is_empty(arcs, &starts) {
            kept_from[ring.arc] = from;
        }
    }
    kept_from
}

/// An arc that closes on itself.
struct Ring {
    arc: usize,
    clockwise: bool,
    twice_area: i64,
}

impl Ring {
    fn of(arcs: &Arcs, arc: usize) -> Self {
        let twice_area = twice_area(arcs.lines.get(arc));
        Self { arc, clockwise: twice_area > 0, twice_area: twice_area.abs() }
    }

    /// The shapes that begin inside it.
    fn inside<'a>(&self, arcs: &'a Arcs) -> impl Iterator<Item = u32> + use<'a> {
        let clockwise = self.clockwise;
        arcs.sides(self.arc).iter().filter(move |side| side.1 == clockwise).map(|side| side.0)
    }

    /// Whether no other arc lies inside.
    fn is_empty(&self, arcs: &Arcs, starts: &Buckets) -> bool {
        let line = arcs.lines.get(self.arc);
        let mut ring = line[..line.len() - 1].to_vec();
        if !self.clockwise {
            ring.reverse();
        }
        let end = |axis: fn(&Coord<i32>) -> i32| {
            let along = ring.iter().map(axis);
            along.fold((i32::MAX, i32::MIN), |(low, high), v| (low.min(v), high.max(v)))
        };
        let ((west, east), (north, south)) = (end(|v| v.x), end(|v| v.y));
        let corners =
            [(west, north), (east, north), (east, south), (west, south)].map(|(x, y)| Coord { x, y });
        let inside = |at: Coord<i32>, arc: u32| arc as usize != self.arc && is_around(&ring, &[at]);
        starts.find(&corners, 0, inside).is_none()
    }
}

/// Units of the world's grid to one of a zoom's tiles, as a power of two.
pub(crate) const fn unit_bits(zoom: u8) -> u32 {
    WORLD_BITS - EXTENT.ilog2() - zoom as u32
}

struct Borders<'a> {
    at: &'a [Coord<i32>],
    before: Vec<u32>,
    after: Vec<u32>,
    arc: Vec<u32>,
    /// Neither gone nor the end of an arc.
    inner: Vec<bool>,
    gone: Vec<bool>,
    /// How many inner vertices each arc may still lose.
    spare: Vec<u32>,
    size: Vec<i64>,
    queue: BinaryHeap<Reverse<(i64, u32)>>,
    /// Those held back, by the vertex in their way.
    waiting: BTreeMap<u32, Vec<u32>>,
}

impl<'a> Borders<'a> {
    fn new(arcs: &'a Arcs) -> Self {
        let at = arcs.lines.vertices();
        let n = at.len();
        let mut borders = Self {
            at,
            before: (0..n as u32).map(|i| i.saturating_sub(1)).collect(),
            after: (1..=n as u32).collect(),
            arc: vec![0; n],
            inner: vec![true; n],
            gone: vec![false; n],
            spare: spare(arcs),
            size: vec![0; n],
            queue: BinaryHeap::new(),
            waiting: BTreeMap::new(),
        };
        for arc in 0..arcs.len() {
            let range = arcs.lines.range(arc);
            borders.inner[range.start] = false;
            borders.inner[range.end - 1] = false;
            borders.arc[range].fill(arc as u32);
        }
        for vertex in 0..n as u32 {
            borders.enqueue(vertex);
        }
        borders
    }

    fn corners(&self, vertex: u32) -> [Coord<i32>; 3] {
        [self.before[vertex as usize], vertex, self.after[vertex as usize]].map(|i| self.at[i as usize])
    }

    fn enqueue(&mut self, vertex: u32) {
        if self.inner[vertex as usize] {
            let size = size(self.corners(vertex));
            self.size[vertex as usize] = size;
            self.queue.push(Reverse((size, vertex)));
        }
    }

    /// Takes out vertices in the order of their triangles, up to a size; cells of the search have
    /// 2^`cell` units.
    fn simplify(&mut self, up_to: i64, cell: u32, mut taken: impl FnMut(u32)) {
        let buckets = self.buckets(cell);
        while let Some(&Reverse((size, vertex))) = self.queue.peek().filter(|next| next.0.0 <= up_to) {
            self.queue.pop();
            let i = vertex as usize;
            let arc = self.arc[i] as usize;
            if self.gone[i] || self.size[i] != size || self.spare[arc] == 0 {
                continue;
            }
            if let Some(blocker) = self.blocker(vertex, &buckets) {
                if self.inner[blocker as usize] {
                    self.waiting.entry(blocker).or_default().push(vertex);
                }
                continue;
            }
            self.gone[i] = true;
            self.spare[arc] -= 1;
            taken(vertex);
            let (before, after) = (self.before[i], self.after[i]);
            self.after[before as usize] = after;
            self.before[after as usize] = before;
            self.enqueue(before);
            self.enqueue(after);
            for held in self.waiting.remove(&vertex).unwrap_or_default() {
                if !self.gone[held as usize] {
                    self.enqueue(held);
                }
            }
        }
    }

    /// What is left, each place once.
    fn buckets(&self, cell: u32) -> Buckets {
        let left = (0..self.at.len()).filter(|&i| !self.gone[i]);
        let inner = left.clone().filter(|&i| self.inner[i]);
        let mut ends: Vec<(i32, i32, u32)> =
            left.filter(|&i| !self.inner[i]).map(|i| (self.at[i].x, self.at[i].y, i as u32)).collect();
        ends.sort_unstable();
        ends.dedup_by_key(|end| (end.0, end.1));
        let ends = ends.into_iter().map(|(x, y, i)| (Coord { x, y }, i));
        Buckets::new(inner.map(|i| (self.at[i], i as u32)).chain(ends), cell)
    }

    /// A vertex in the triangle of another, its border included.
    fn blocker(&self, vertex: u32, buckets: &Buckets) -> Option<u32> {
        let [a, b, c] = self.corners(vertex);
        let clockwise = turn(a, b, c) >= 0;
        let (a, c) = if clockwise { (a, c) } else { (c, a) };
        buckets.find(&[a, b, c], 0, |at, id| {
            !self.gone[id as usize]
                && at != a
                && at != b
                && at != c
                && turn(a, b, at) >= 0
                && turn(b, c, at) >= 0
                && turn(c, a, at) >= 0
                // A triangle without area is a segment, and all its line is on the right of it.
                && at.x >= a.x.min(b.x).min(c.x)
                && at.x <= a.x.max(b.x).max(c.x)
                && at.y >= a.y.min(b.y).min(c.y)
                && at.y <= a.y.max(b.y).max(c.y)
        })
    }
}

/// How much of a border goes with a vertex: twice the area of the triangle with its neighbours, or half the
/// square of its height over them if that is more. By area alone long needles would go as one, coasts with them.
fn size([a, b, c]: [Coord<i32>; 3]) -> i64 {
    let twice_area = turn(a, b, c).abs();
    let base = vector(a, c);
    let base = i128::from(base.x) * i128::from(base.x) + i128::from(base.y) * i128::from(base.y);
    let area = i128::from(twice_area);
    let half_square = (area * area).checked_div(2 * base).unwrap_or(i128::MAX);
    twice_area.max(i64::try_from(half_square).unwrap_or(i64::MAX))
}

/// How many inner vertices each arc may lose.
fn spare(arcs: &Arcs) -> Vec<u32> {
    let ends = |arc: usize| {
        let line = arcs.lines.get(arc);
        let end = |v: Option<&Coord<i32>>| v.map_or((0, 0), |v| (v.x, v.y));
        let (first, last) = (end(line.first()), end(line.last()));
        (first.min(last), first.max(last))
    };
    let inner = |arc: usize| arcs.lines.get(arc).len().saturating_sub(2) as u32;
    let mut open: Vec<usize> = (0..arcs.len()).filter(|&arc| !arcs.is_closed(arc)).collect();
    open.sort_unstable_by_key(|&arc| (ends(arc), inner(arc), arc));
    let mut spare: Vec<u32> = (0..arcs.len()).map(|arc| inner(arc).saturating_sub(2)).collect();
    for between in open.chunk_by(|&p, &q| ends(p) == ends(q)) {
        for (rank, &arc) in between.iter().enumerate() {
            spare[arc] = inner(arc).saturating_sub(u32::from(rank > 0));
        }
    }
    spare
}
