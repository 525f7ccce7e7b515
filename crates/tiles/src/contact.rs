//! Finds where edges on the grid meet, exactly.

use geo::Coord;

use crate::ring::{Vertex, turn, vector};

/// An edge of a ring, with its box for the sweep.
#[derive(Clone, Copy)]
pub(crate) struct Edge {
    low: Vertex,
    high: Vertex,
    from: Vertex,
    to: Vertex,
    /// Which ring, in the caller's numbering.
    pub(crate) ring: usize,
    /// Which edge of the ring: the one that leaves this vertex.
    index: usize,
}

/// How two edges meet.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Contact {
    /// At one grid point, an end of at least one of them.
    Point(Vertex),
    /// In the middle of both.
    Cross,
    /// Along a stretch.
    Stretch,
}

impl Edge {
    fn new(from: Vertex, to: Vertex, ring: usize, index: usize) -> Self {
        let low = Coord { x: from.x.min(to.x), y: from.y.min(to.y) };
        let high = Coord { x: from.x.max(to.x), y: from.y.max(to.y) };
        Self { low, high, from, to, ring, index }
    }

    pub(crate) fn all_of(vertices: &[Vertex], ring: usize) -> impl Iterator<Item = Self> {
        let next = vertices.iter().cycle().skip(1);
        vertices.iter().zip(next).enumerate().map(move |(index, (&a, &b))| Self::new(a, b, ring, index))
    }

    /// Whether two edges of one ring of `n` edges follow each other.
    pub(crate) const fn is_next_to(&self, other: &Self, n: usize) -> bool {
        let apart = self.index.abs_diff(other.index);
        apart == 1 || apart + 1 == n
    }
}

/// Calls `meets` for each pair of edges whose boxes meet, until it answers false; says whether it never did.
///
/// The edges are dealt out to horizontal bands, into each band they reach, and sorted from west to east in
/// it. Then an edge needs comparing with those that begin before it ends. Borders being made of short edges,
/// these are a handful, and no tree is as quick. A pair that meets in two bands is shown twice.
pub(crate) fn sweep(edges: &[Edge], mut meets: impl FnMut(&Edge, &Edge) -> bool) -> bool {
    let north = edges.iter().map(|edge| edge.low.y).min().unwrap_or_default();
    let south = edges.iter().map(|edge| edge.high.y).max().unwrap_or_default();
    // About as many bands as a square of four edges a cell would have rows.
    let n_bands = (edges.len() / 4).isqrt().max(1) as u32;
    let height = (u32::from(south.abs_diff(north)) / n_bands).max(1).ilog2();
    let band = |y: i16| u32::from(y.abs_diff(north)) >> height;
    let place = |band: u32, x: i16| (band << 16) | u32::from(x.abs_diff(i16::MIN));

    // Whole numbers sort several times faster than edges do; the edge's own number is in the lower half.
    let mut order: Vec<u64> = Vec::with_capacity(edges.len() * 3 / 2);
    for (edge, i) in edges.iter().zip(0_u64..) {
        for band in band(edge.low.y)..=band(edge.high.y) {
            order.push((u64::from(place(band, edge.low.x)) << 32) | i);
        }
    }
    order.sort_unstable();
    let spans: Vec<Span> = order
        .into_iter()
        .map(|key| {
            let (begins, edge) = ((key >> 32) as u32, &edges[key as u32 as usize]);
            Span {
                begins,
                ends: place(begins >> 16, edge.high.x),
                north: edge.low.y,
                south: edge.high.y,
                edge: key as u32,
            }
        })
        .collect();
    spans.iter().enumerate().all(|(i, e)| {
        let begun = spans[i + 1..].iter().take_while(|f| f.begins <= e.ends);
        begun
            .filter(|f| f.north <= e.south && f.south >= e.north)
            .all(|f| meets(&edges[e.edge as usize], &edges[f.edge as usize]))
    })
}

/// An edge in a band: its ends along the band, the band's number before them, so that bands do not mix.
struct Span {
    begins: u32,
    ends: u32,
    north: i16,
    south: i16,
    edge: u32,
}

/// How two edges meet, if they do.
pub(crate) fn contact(e: &Edge, f: &Edge) -> Option<Contact> {
    let (f_from, f_to) = (turn(e.from, e.to, f.from), turn(e.from, e.to, f.to));
    if f_from.signum() * f_to.signum() > 0 {
        return None;
    }
    let (e_from, e_to) = (turn(f.from, f.to, e.from), turn(f.from, f.to, e.to));
    if e_from.signum() * e_to.signum() > 0 {
        return None;
    }
    if f_from == 0 && f_to == 0 {
        return on_one_line(e, f);
    }
    if f_from != 0 && f_to != 0 && e_from != 0 && e_to != 0 {
        return Some(Contact::Cross);
    }
    [(f_from, f.from, e), (f_to, f.to, e), (e_from, e.from, f), (e_to, e.to, f)]
        .into_iter()
        .find(|&(side, end, edge)| side == 0 && edge.boxes(end))
        .map(|(_, end, _)| Contact::Point(end))
}

impl Edge {
    fn boxes(&self, v: Vertex) -> bool {
        (self.low.x..=self.high.x).contains(&v.x) && (self.low.y..=self.high.y).contains(&v.y)
    }
}

/// Edges on one line meet where both boxes do.
fn on_one_line(e: &Edge, f: &Edge) -> Option<Contact> {
    let low = Coord { x: e.low.x.max(f.low.x), y: e.low.y.max(f.low.y) };
    let high = Coord { x: e.high.x.min(f.high.x), y: e.high.y.min(f.high.y) };
    if low.x > high.x || low.y > high.y {
        None
    } else if low == high {
        Some(Contact::Point(low))
    } else {
        Some(Contact::Stretch)
    }
}

/// Whether ring `b` changes sides of ring `a` at a point on both, where they share no stretch.
pub(crate) fn crosses_at(at: Vertex, a: &[Vertex], b: &[Vertex]) -> bool {
    let (Some((a_in, a_out)), Some((b_in, b_out))) = (arms(at, a), arms(at, b)) else {
        return false;
    };
    between(at, a_out, a_in, b_in) != between(at, a_out, a_in, b_out)
}

/// Where a ring comes from and goes to at a point on it.
fn arms(at: Vertex, ring: &[Vertex]) -> Option<(Vertex, Vertex)> {
    let n = ring.len();
    if let Some(i) = ring.iter().position(|&vertex| vertex == at) {
        return Some((ring[(i + n - 1) % n], ring[(i + 1) % n]));
    }
    let edge = Edge::all_of(ring, 0).find(|edge| edge.boxes(at) && turn(edge.from, edge.to, at) == 0)?;
    Some((edge.from, edge.to))
}

/// Whether, turning around `at` in the sense of positive area, one meets `v` after `start` and before `end`.
fn between(at: Vertex, start: Vertex, end: Vertex, v: Vertex) -> bool {
    // Angles are counted from `start`: first by half turn, then by the turn from one to the other.
    let second_half = |v: Vertex| {
        let (s, v) = (vector(at, start), vector(at, v));
        let cross = s.x * v.y - s.y * v.x;
        cross < 0 || (cross == 0 && s.x * v.x + s.y * v.y < 0)
    };
    match (second_half(v), second_half(end)) {
        (false, true) => true,
        (true, false) => false,
        _ => turn(at, v, end) > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i16, y: i16) -> Vertex {
        Coord { x, y }
    }

    #[track_caller]
    fn check(e: [(i16, i16); 2], f: [(i16, i16); 2], expected: Option<&Contact>) {
        let edge = |[a, b]: [(i16, i16); 2]| Edge::new(at(a.0, a.1), at(b.0, b.1), 0, 0);
        let turned = |[a, b]: [(i16, i16); 2]| [b, a];
        assert_eq!(contact(&edge(e), &edge(f)).as_ref(), expected);
        assert_eq!(contact(&edge(f), &edge(e)).as_ref(), expected);
        assert_eq!(contact(&edge(turned(e)), &edge(f)).as_ref(), expected);
        assert_eq!(contact(&edge(e), &edge(turned(f))).as_ref(), expected);
    }

    #[test]
    fn edges_meet_in_a_point_a_crossing_a_stretch_or_not_at_all() {
        check([(0, 0), (9, 9)], [(0, 9), (9, 0)], Some(&Contact::Cross));
        check([(0, 0), (9, 9)], [(3, 3), (9, 0)], Some(&Contact::Point(at(3, 3))));
        check([(0, 0), (9, 9)], [(9, 9), (9, 0)], Some(&Contact::Point(at(9, 9))));
        check([(0, 0), (9, 9)], [(9, 9), (12, 12)], Some(&Contact::Point(at(9, 9))));
        check([(0, 0), (9, 9)], [(8, 8), (12, 12)], Some(&Contact::Stretch));
        check([(0, 0), (9, 9)], [(10, 10), (12, 12)], None);
        check([(0, 0), (9, 9)], [(1, 0), (10, 9)], None);
        check([(0, 0), (0, 9)], [(0, 4), (0, 5)], Some(&Contact::Stretch));
        check([(-80, -80), (4176, 4176)], [(4176, -80), (-80, 4176)], Some(&Contact::Cross));
    }

    #[test]
    fn rings_that_share_a_vertex_cross_there_or_not() {
        let square = [at(0, 0), at(20, 0), at(20, 20), at(0, 20)];
        assert!(!crosses_at(at(20, 20), &square, &[at(20, 20), at(30, 20), at(30, 30)]));
        assert!(!crosses_at(at(20, 20), &square, &[at(20, 20), at(5, 10), at(10, 5)]));
        assert!(crosses_at(at(20, 20), &square, &[at(20, 20), at(5, 10), at(30, 30)]));
        // In the middle of an edge of the square.
        assert!(!crosses_at(at(20, 10), &square, &[at(20, 10), at(30, 10), at(30, 30)]));
        assert!(!crosses_at(at(20, 10), &square, &[at(20, 10), at(10, 10), at(10, 5)]));
        assert!(crosses_at(at(20, 10), &square, &[at(20, 10), at(30, 10), at(10, 5)]));
    }
}
