//! Shapes taken apart into the borders between them, each held once.

use geo::{Coord, LineString, MultiPolygon};

use super::lines::Lines;
use super::snap::node;
use crate::mercator::{WORLD_BITS, WorldCoord};
use crate::world::Unprojectable;

/// A border, or a piece of one: on which shapes it is, and whether the shape keeps its inside to the right
/// (on the screen) of someone who walks along the line, or to the left.
pub(crate) type Side = (u32, bool);

/// The borders of a coverage on the grid of the world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arcs {
    /// A closed arc ends with its first vertex.
    pub(crate) lines: Lines,
    sides: Vec<Side>,
    /// One past the last side of each arc.
    ends: Vec<u32>,
}

/// A piece of border between two vertices, `a` before `b`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Use {
    a: Point,
    b: Point,
    row: u32,
    /// Walked from `a` to `b`.
    forward: bool,
}

type Point = (i32, i32);

/// An edge of the plane: its ends, and a range of sides relative to walking from `a` to `b`.
struct Edge {
    ends: [Point; 2],
    sides: (u32, u32),
}

impl Arcs {
    /// From shapes in degrees, x = longitude.
    pub(crate) fn of(shapes: &[&MultiPolygon]) -> Result<Self, Unprojectable> {
        let (edges, sides) = edges(&noded(&uses(shapes)?));
        let mut arcs = Self::default();
        let graph = Graph::new(&edges, &sides);
        let mut walked = vec![false; edges.len()];
        // Arcs that begin at a junction first: what is left are rings without any.
        for i in 0..graph.half_edges.len() {
            if graph.through(i).is_none() {
                arcs.walk(i, &graph, &mut walked);
            }
        }
        for i in 0..graph.half_edges.len() {
            arcs.walk(i, &graph, &mut walked);
        }
        Ok(arcs)
    }

    pub(crate) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(crate) fn sides(&self, arc: usize) -> &[Side] {
        let start = arc.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.sides[start as usize..self.ends[arc] as usize]
    }

    pub(crate) fn is_closed(&self, arc: usize) -> bool {
        let line = self.lines.get(arc);
        line.first() == line.last()
    }

    /// The arc that leaves by a half edge, unless it was walked already.
    fn walk(&mut self, from: usize, graph: &Graph, walked: &mut [bool]) {
        let (edge, end) = graph.half_edges[from].edge();
        if walked[edge] {
            return;
        }
        self.sides.extend(graph.sides_from(edge, end));
        self.ends.push(self.sides.len() as u32);
        let mut line = vec![coord(graph.edges[edge].ends[end])];
        let mut leaving = from;
        loop {
            let (edge, end) = graph.half_edges[leaving].edge();
            walked[edge] = true;
            line.push(coord(graph.edges[edge].ends[1 - end]));
            let arrived = graph.place[edge][1 - end] as usize;
            match graph.through(arrived) {
                Some(next) if !walked[graph.half_edges[next].edge().0] => leaving = next,
                _ => break,
            }
        }
        self.lines.push(line);
    }
}

const fn coord((x, y): Point) -> Coord<i32> {
    Coord { x, y }
}

/// An edge seen from one of its ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct HalfEdge {
    at: Point,
    /// Twice the edge, and one more at its second end.
    number: u32,
}

impl HalfEdge {
    const fn edge(self) -> (usize, usize) {
        ((self.number / 2) as usize, (self.number % 2) as usize)
    }
}

struct Graph<'a> {
    edges: &'a [Edge],
    sides: &'a [Side],
    /// Sorted by where they are.
    half_edges: Vec<HalfEdge>,
    /// Where each edge's two ends stand in `half_edges`.
    place: Vec<[u32; 2]>,
}

impl<'a> Graph<'a> {
    fn new(edges: &'a [Edge], sides: &'a [Side]) -> Self {
        let ends = edges.iter().zip(0..).flat_map(|(edge, i)| {
            [HalfEdge { at: edge.ends[0], number: 2 * i }, HalfEdge { at: edge.ends[1], number: 2 * i + 1 }]
        });
        let mut half_edges: Vec<HalfEdge> = ends.collect();
        half_edges.sort_unstable();
        let mut place = vec![[0; 2]; edges.len()];
        for (half, i) in half_edges.iter().zip(0..) {
            let (edge, end) = half.edge();
            place[edge][end] = i;
        }
        Self { edges, sides, half_edges, place }
    }

    /// The half edge by which to go on from a vertex reached, or left, by this one: none at a junction, where
    /// three borders meet or the shapes beside them change.
    fn through(&self, half: usize) -> Option<usize> {
        let at = |i: usize| self.half_edges.get(i).is_some_and(|h| h.at == self.half_edges[half].at);
        let other = match (half.checked_sub(1).filter(|&i| at(i)), at(half + 1)) {
            (Some(before), false) if !before.checked_sub(1).is_some_and(at) => before,
            (None, true) if !at(half + 2) => half + 1,
            _ => return None,
        };
        let (edge, end) = self.half_edges[half].edge();
        let (next, next_end) = self.half_edges[other].edge();
        // Along the first towards the vertex, along the second away from it.
        let arriving = self.sides_from(edge, 1 - end);
        arriving.eq(self.sides_from(next, next_end)).then_some(other)
    }

    /// The sides of an edge for someone who leaves one of its ends.
    fn sides_from(&self, edge: usize, end: usize) -> impl Iterator<Item = Side> + use<'_> {
        let (start, stop) = self.edges[edge].sides;
        self.sides[start as usize..stop as usize].iter().map(move |&(row, right)| (row, right != (end == 1)))
    }
}

/// Every piece of every ring, on a grid twice as fine as the world's.
fn uses(shapes: &[&MultiPolygon]) -> Result<Vec<Use>, Unprojectable> {
    let mut uses = Vec::new();
    for (shape, row) in shapes.iter().zip(0..) {
        for polygon in *shape {
            ring_uses(polygon.exterior(), true, row, &mut uses)?;
            for hole in polygon.interiors() {
                ring_uses(hole, false, row, &mut uses)?;
            }
        }
    }
    uses.sort_unstable();
    Ok(uses)
}

fn ring_uses(ring: &LineString, exterior: bool, row: u32, uses: &mut Vec<Use>) -> Result<(), Unprojectable> {
    let place = |degrees: &Coord| {
        let place = WorldCoord::from_lon_lat(*degrees);
        place
            .map(|at| at.on_grid(WORLD_BITS + 1))
            .ok_or(Unprojectable::NotFinite { x: degrees.x, y: degrees.y })
    };
    let mut vertices = ring.coords().map(place).collect::<Result<Vec<_>, _>>()?;
    vertices.dedup();
    if vertices.first() == vertices.last() {
        vertices.pop();
    }
    // Clockwise on the screen around an exterior: the inside is to the right.
    let next = vertices.iter().cycle().skip(1);
    let twice_area: i128 = vertices
        .iter()
        .zip(next.clone())
        .map(|(a, b)| i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y))
        .sum();
    let with = (twice_area > 0) == exterior;
    for (from, to) in vertices.iter().zip(next) {
        let (from, to) = if with { (from, to) } else { (to, from) };
        let (from, to) = ((from.x, from.y), (to.x, to.y));
        if from != to {
            uses.push(Use { a: from.min(to), b: from.max(to), row, forward: from < to });
        }
    }
    Ok(())
}

/// The same on the grid of the world, met at vertices only.
fn noded(uses: &[Use]) -> Vec<Use> {
    let mut segments = Lines::default();
    for same in uses.chunk_by(|p, q| (p.a, p.b) == (q.a, q.b)) {
        segments.push([coord(same[0].a), coord(same[0].b)]);
    }
    let segments = node(&segments, 1);
    let mut noded = Vec::with_capacity(uses.len());
    let same = uses.chunk_by(|p, q| (p.a, p.b) == (q.a, q.b));
    for (same, line) in same.zip(segments.iter()) {
        for &[from, to] in line.array_windows() {
            let (from, to) = ((from.x, from.y), (to.x, to.y));
            let kept = from < to;
            noded.extend(same.iter().map(|piece| Use {
                a: from.min(to),
                b: from.max(to),
                row: piece.row,
                forward: piece.forward == kept,
            }));
        }
    }
    noded.sort_unstable();
    noded
}

/// The edges of the plane with the shapes beside them; a shape on both sides of an edge has no border there.
fn edges(uses: &[Use]) -> (Vec<Edge>, Vec<Side>) {
    let (mut edges, mut sides) = (Vec::new(), Vec::new());
    for same in uses.chunk_by(|p, q| (p.a, p.b) == (q.a, q.b)) {
        let start = sides.len() as u32;
        for of_row in same.chunk_by(|p, q| p.row == q.row) {
            let forward = of_row.iter().filter(|piece| piece.forward).count();
            if 2 * forward != of_row.len() {
                sides.push((of_row[0].row, 2 * forward > of_row.len()));
            }
        }
        if sides.len() as u32 > start {
            edges.push(Edge { ends: [same[0].a, same[0].b], sides: (start, sides.len() as u32) });
        }
    }
    (edges, sides)
}
