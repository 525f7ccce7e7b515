//! The boundary of a sum of shapes, cut into loops, and whose sides each is made of.

use geo::{Coord, MultiPolygon};

use super::winding::Winding;
use super::{Edge, edges_of, rings, rings_turning};

/// Steps of the grid in a degree: 1 cm, finer than any published border.
const STEPS: f64 = 1e7;

/// A vertex on the grid of 10⁻⁷ degree, so that equality and orientation are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Vertex {
    pub(super) x: i32,
    pub(super) y: i32,
}

impl Vertex {
    /// The nearest of the grid. Coordinates in degrees fit; others saturate.
    pub(super) fn nearest(c: Coord) -> Self {
        let step = |degrees: f64| (degrees * STEPS).round() as i32;
        Self { x: step(c.x), y: step(c.y) }
    }

    /// Back in degrees: of a coordinate written with seven decimals or fewer, the same bits.
    pub(super) fn coord(self) -> Coord {
        Coord { x: f64::from(self.x) / STEPS, y: f64::from(self.y) / STEPS }
    }
}

/// A side of a shape.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side {
    pub(super) edge: Edge<Vertex>,
    pub(super) shape: usize,
}

/// The sides of a shape, its interior on their left.
pub(super) fn sides_of(shape: &MultiPolygon) -> impl Iterator<Item = Edge<Vertex>> {
    shape.iter().flat_map(|polygon| edges_of(polygon, Vertex::nearest))
}

/// Where the number of shapes above the ground changes, as loops that visit no vertex twice.
pub(super) struct Boundary {
    pub(super) loops: Vec<Loop>,
    /// Shapes with a side that goes forth and back: a spike.
    pub(super) spiked: Vec<usize>,
}

/// A closed line, on whose left there is one shape more than on its right.
#[derive(Debug, Clone)]
pub(super) struct Loop {
    pub(super) vertices: Vec<Vertex>,
    /// The shape each side is one of: that from a vertex to the next.
    pub(super) shapes: Vec<usize>,
}

impl Loop {
    /// Its sides.
    pub(super) fn edges(&self) -> impl Iterator<Item = Edge<Vertex>> {
        let next = self.vertices.iter().cycle().skip(1);
        self.vertices.iter().zip(next).map(|(from, to)| Edge { from: *from, to: *to })
    }

    /// Twice its signed area in squares of the grid, exactly: positive when it turns counter-clockwise.
    pub(super) fn doubled_area(&self) -> i128 {
        self.edges().map(|e| cross(e.from, e.to)).sum()
    }

    pub(super) fn coords(&self) -> Vec<Coord> {
        self.vertices.iter().map(|vertex| vertex.coord()).collect()
    }
}

fn cross(a: Vertex, b: Vertex) -> i128 {
    i128::from(a.x) * i128::from(b.y) - i128::from(b.x) * i128::from(a.y)
}

impl Boundary {
    pub(super) fn of(shapes: &[MultiPolygon]) -> Self {
        let mut sides: Vec<Side> = Vec::with_capacity(shapes.iter().map(vertices_in).sum());
        for (shape, polygons) in shapes.iter().enumerate() {
            sides.extend(sides_of(polygons).map(|edge| Side { edge, shape }));
        }
        // By shape too, so that the side that remains of several is always the same one.
        sides.sort_unstable_by_key(|side| (side.edge.undirected(), side.shape));
        let mut left = Vec::new();
        let mut spiked = Vec::new();
        for on_segment in sides.chunk_by(|a, b| a.edge.undirected() == b.edge.undirected()) {
            if let [one, other] = on_segment
                && one.edge.from != other.edge.from
                && one.shape != other.shape
            {
                continue;
            }
            spiked.extend(
                on_segment.windows(2).filter(|two| two[0].shape == two[1].shape).map(|two| two[0].shape),
            );
            left.extend(uncancelled(on_segment));
        }
        spiked.sort_unstable();
        spiked.dedup();
        left.sort_unstable_by_key(|side| (side.edge, side.shape));
        let shape_of = |edge: Edge<Vertex>| left[left.partition_point(|side| side.edge < edge)].shape;
        let with_shapes = |vertices| {
            let mut one = Loop { vertices, shapes: Vec::new() };
            one.shapes = one.edges().map(shape_of).collect();
            one
        };
        let loops_of = |rings: Vec<Vec<Vertex>>| rings.into_iter().map(with_shapes).collect::<Vec<_>>();
        // Shapes being on the left, who keeps right follows the outline of all of them, and leaves the faults.
        let all = rings_turning(left.iter().map(|side| side.edge).collect(), more_to_the_right);
        let (mut loops, faults) = outlines(loops_of(all));
        loops.extend(loops_of(rings(faults.iter().flat_map(Loop::edges).collect())));
        Self { loops, spiked }
    }
}

/// The loops with open ground around them and shapes within, and the others.
fn outlines(loops: Vec<Loop>) -> (Vec<Loop>, Vec<Loop>) {
    let winding = Winding::of(&loops);
    let outline: Vec<bool> =
        (0..loops.len()).map(|n| loops[n].doubled_area() > 0 && winding.around(&loops, n) == 0).collect();
    let (outlines, others): (Vec<_>, Vec<_>) =
        loops.into_iter().zip(outline).partition(|(_, outline)| *outline);
    let loops = |side: Vec<(Loop, bool)>| side.into_iter().map(|(one, _)| one).collect();
    (loops(outlines), loops(others))
}

/// Whether one way out of a vertex turns further right than another, for who came by `into`.
fn more_to_the_right(into: Edge<Vertex>, one: Edge<Vertex>, other: Edge<Vertex>) -> bool {
    let way = |edge: Edge<Vertex>| {
        (i128::from(edge.to.x) - i128::from(edge.from.x), i128::from(edge.to.y) - i128::from(edge.from.y))
    };
    let cross = |(ax, ay): (i128, i128), (bx, by): (i128, i128)| ax * by - ay * bx;
    let (into, one, other) = (way(into), way(one), way(other));
    let turn = |to: (i128, i128)| match cross(into, to) {
        right if right < 0 => 0,
        left if left > 0 => 2,
        _ if into.0 * to.0 + into.1 * to.1 > 0 => 1,
        _ => 3,
    };
    let (one_turn, other_turn) = (turn(one), turn(other));
    one_turn < other_turn || (one_turn == other_turn && cross(one, other) > 0)
}

/// Of the sides on one segment, those that none the other way cancels.
fn uncancelled(on_segment: &[Side]) -> Vec<Side> {
    let (forward, backward): (Vec<Side>, Vec<Side>) =
        on_segment.iter().partition(|side| side.edge.from < side.edge.to);
    let (more, fewer) =
        if forward.len() > backward.len() { (forward, backward) } else { (backward, forward) };
    more.into_iter().skip(fewer.len()).collect()
}

fn vertices_in(shape: &MultiPolygon) -> usize {
    shape.iter().map(|p| p.exterior().0.len() + p.interiors().iter().map(|r| r.0.len()).sum::<usize>()).sum()
}
