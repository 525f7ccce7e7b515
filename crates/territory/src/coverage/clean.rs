//! Shapes that almost tile the ground, made to.
//!
//! The sides that no other shape's side cancels, chained, are loops. One with open ground around it is a
//! coast. Any other is a fault: ground covered twice, or not at all, or a border that two shapes draw by
//! different vertices. Subtracting the loop from one of the shapes it is made of mends it: what was covered
//! twice leaves that shape, what was not covered joins it, and its border becomes its neighbours', vertex for
//! vertex. Nothing is computed but the cancelling of sides, and a vertex where two of them cross.

use std::collections::BTreeMap;

use geo::{Area, BoundingRect, Contains, Coord, LineString, MultiPolygon, Point, Polygon, Rect, Validation};

use super::loops::{Boundary, Loop, Vertex, sides_of};
use super::winding::{Crossings, Winding};
use super::{Edge, assemble, outline, rings};
use crate::measure::Meters;
use crate::position::{FixedPosition, Position};

/// What a repair was needed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Ground that no shape covers, surrounded by shapes.
    Gap,
    /// Ground that two shapes cover.
    Overlap,
    /// A border drawn by different vertices on its two sides, less than 1 m² between them; or a side that
    /// goes forth and back.
    Border,
}

/// A change made to a shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// What was wrong.
    pub fault: Fault,
    /// How much ground is concerned, in square metres.
    pub area_m2: f64,
    /// Where, a vertex of it.
    pub at: Position,
    /// The shape that was changed; none when no change would have left valid shapes: the fault remains.
    pub shape: Option<usize>,
    /// The other shapes around, those with the longest border first.
    pub others: Vec<usize>,
}

/// Ground that no shape covers, surrounded by shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Its outline, the islands in it as holes; x = longitude, y = latitude, degrees.
    pub outline: Polygon,
    /// Its area in square metres, islands left out.
    pub area_m2: f64,
    /// The shapes around it and on its islands, each with the length of the common border, longest first.
    pub neighbours: Vec<(usize, Meters)>,
}

/// Metres in a degree of the sphere of mean radius 6 371.0088 km.
const DEGREE: f64 = 111_195.08;

/// Below this a fault has no ground to speak of, in square metres.
const BORDER: f64 = 1.0;

/// The share of itself that no shape loses: a fault that asks for more is not a border's.
const LOSS: f64 = 0.5;

/// Makes shapes a coverage: each point of the ground in one shape or none, common borders equal vertex for
/// vertex. Shapes are in degrees, x = longitude; their vertices are rounded to 10⁻⁷ degree (1 cm).
///
/// An overlap is taken from the shape with the longest part of its outline, and stays with the other. `fill`
/// says of a gap which shapes may have it, the preferred first: an empty shape may have it too; none and
/// the gap is kept; it may be asked again of the same gap. A bay open to the sea is no gap. What is a coverage
/// already comes back bit for bit, and so does what this made when it mended all.
///
/// Faults are mended each by itself, in the order of their vertices; a change that would make a shape
/// invalid, or take half of it, is not made.
pub fn clean(shapes: &mut [MultiPolygon], mut fill: impl FnMut(&Gap) -> Vec<usize>) -> Vec<Repair> {
    shapes.iter_mut().for_each(snap);
    let (mut repairs, mut left) = (Vec::new(), Vec::new());
    for _ in 0..PASSES {
        let before = repairs.len();
        left = pass(shapes, &mut fill, &mut repairs);
        if repairs.len() == before {
            break;
        }
    }
    repairs.extend(left);
    repairs.sort_by_key(|repair| (repair.shape.is_none(), repair.shape));
    repairs
}

/// How often one looks at the shapes again after a repair: it may open the way to another.
const PASSES: usize = 4;

/// Mends what can be mended, and returns the faults that remain.
fn pass(
    shapes: &mut [MultiPolygon],
    fill: &mut impl FnMut(&Gap) -> Vec<usize>,
    repairs: &mut Vec<Repair>,
) -> Vec<Repair> {
    let Boundary { loops, spiked } = noded(shapes);
    repairs.extend(spiked.into_iter().filter_map(|shape| unspiked(shapes, shape)));
    let mut waiting = faults(shapes, &loops, fill);
    // A shape with two faults may be invalid until both are mended.
    loop {
        let before = waiting.len();
        waiting.retain(|fault| match fault.mend(shapes, &loops) {
            Some(shape) => {
                repairs.push(fault.repair(&loops, Some(shape)));
                false
            }
            None => true,
        });
        if waiting.is_empty() || waiting.len() == before {
            break;
        }
    }
    waiting.iter().map(|fault| fault.repair(&loops, None)).collect()
}

/// How often sides are cut where they cross: rounding may make a cut side cross another.
const ROUNDS: usize = 4;

/// The boundary of shapes, once its sides that cross have a vertex there.
fn noded(shapes: &mut [MultiPolygon]) -> Boundary {
    let mut boundary = Boundary::of(shapes);
    for _ in 0..ROUNDS {
        let crossings = Winding::of(&boundary.loops).crossings();
        if crossings.is_empty() {
            break;
        }
        cut(shapes, &crossings);
        boundary = Boundary::of(shapes);
    }
    boundary
}

fn cut(shapes: &mut [MultiPolygon], crossings: &Crossings) {
    for (&shape, sides) in crossings {
        let ring = |ring: &LineString| -> LineString {
            let mut coords: Vec<Coord> = ring.0.first().copied().into_iter().collect();
            for line in ring.lines() {
                let (from, to) = (Vertex::nearest(line.start), Vertex::nearest(line.end));
                let mut added = sides.get(&(from.min(to), from.max(to))).cloned().unwrap_or_default();
                added.sort_by_key(|v| (v.x.abs_diff(from.x), v.y.abs_diff(from.y)));
                coords.extend(added.into_iter().map(Vertex::coord));
                coords.push(line.end);
            }
            LineString::new(coords)
        };
        let polygon =
            |p: &Polygon| Polygon::new(ring(p.exterior()), p.interiors().iter().map(ring).collect());
        shapes[shape] = shapes[shape].iter().map(polygon).collect();
    }
}

/// Loops to subtract from a shape.
struct Faulty {
    fault: Fault,
    area_m2: f64,
    /// The outline first, then the islands in it.
    loops: Vec<usize>,
    /// Whom they may be subtracted from, the preferred first.
    candidates: Vec<usize>,
    around: Vec<usize>,
}

impl Faulty {
    /// Changes the first candidate that stays valid, and says which.
    fn mend(&self, shapes: &mut [MultiPolygon], loops: &[Loop]) -> Option<usize> {
        self.candidates.iter().copied().find(|&shape| {
            let old = &shapes[shape];
            let mut edges: Vec<_> = sides_of(old).collect();
            edges.extend(self.loops.iter().flat_map(|&one| loops[one].edges()).map(Edge::reversed));
            let edges = outline(edges);
            let new = assembled(edges.clone());
            let kept = new.unsigned_area() > old.unsigned_area() * LOSS;
            // A ring that turns the wrong way has no place in a polygon, and would be lost.
            let whole = sides_of(&new).count() == edges.len();
            let mended = kept && whole && (new.is_valid() || !old.is_valid());
            if mended {
                shapes[shape] = new;
            }
            mended
        })
    }

    fn repair(&self, loops: &[Loop], shape: Option<usize>) -> Repair {
        let at = loops[self.loops[0]].vertices[0];
        Repair {
            fault: self.fault,
            area_m2: self.area_m2,
            at: position(at),
            shape,
            others: self.around.iter().copied().filter(|&other| Some(other) != shape).collect(),
        }
    }
}

/// The loops that are no coast, each with whom it may be subtracted from.
fn faults(shapes: &[MultiPolygon], loops: &[Loop], fill: &mut impl FnMut(&Gap) -> Vec<usize>) -> Vec<Faulty> {
    let winding = Winding::of(loops);
    let kinds: Vec<Ground> = (0..loops.len()).map(|one| Ground::of(&winding, loops, one)).collect();
    let extents: Vec<Option<Rect>> =
        loops.iter().map(|one| LineString::new(one.coords()).bounding_rect()).collect();
    let islands: Vec<usize> = (0..loops.len()).filter(|&one| kinds[one] == Ground::Outline).collect();
    // Of the gaps around an island, it is in the smallest.
    let mut islands_in: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let gaps: Vec<usize> = (0..loops.len()).filter(|&one| kinds[one] == Ground::Gap).collect();
    for island in islands {
        let around = gaps.iter().filter(|&&gap| {
            extents[gap].zip(extents[island]).is_some_and(|(gap, island)| gap.contains(&island))
                && winding.encloses(loops, gap, island)
        });
        if let Some(&gap) = around.max_by_key(|&&gap| loops[gap].doubled_area()) {
            islands_in.entry(gap).or_default().push(island);
        }
    }
    let boxes = std::cell::OnceCell::new();
    let mut faults = Vec::new();
    for one in 0..loops.len() {
        let mut own = vec![one];
        own.extend(islands_in.remove(&one).unwrap_or_default());
        let area_m2 = own.iter().map(|&one| area_m2(&loops[one])).sum::<f64>().abs();
        let neighbours = neighbours(loops, &own);
        let around: Vec<usize> = neighbours.iter().map(|(shape, _)| *shape).collect();
        let candidates = match kinds[one] {
            Ground::Outline => continue,
            Ground::Gap => {
                let closed = |&one: &usize| LineString::new(loops[one].coords());
                let outline = Polygon::new(closed(&one), own[1..].iter().map(closed).collect());
                fill(&Gap { outline, area_m2, neighbours })
            }
            Ground::Twice if around.len() == 1 => {
                let boxes =
                    boxes.get_or_init(|| shapes.iter().map(BoundingRect::bounding_rect).collect::<Vec<_>>());
                // A part of its own, drawn over another shape, that it can do without if that one cannot.
                let mut candidates = holders(shapes, boxes, &loops[one], around[0]);
                candidates.push(around[0]);
                candidates
            }
            Ground::Twice | Ground::Other => around.clone(),
        };
        let fault = match kinds[one] {
            Ground::Gap if candidates.is_empty() => continue,
            _ if area_m2 < BORDER => Fault::Border,
            Ground::Gap => Fault::Gap,
            _ => Fault::Overlap,
        };
        faults.push(Faulty { fault, area_m2, loops: own, candidates, around });
    }
    faults
}

/// What the ground in a loop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// Covered, and open ground around it.
    Outline,
    /// Not covered, amid shapes.
    Gap,
    /// Covered once more than what is around it.
    Twice,
    /// Covered less than not at all: a shape that crosses itself.
    Other,
}

impl Ground {
    fn of(winding: &Winding, loops: &[Loop], one: usize) -> Self {
        let area = loops[one].doubled_area();
        match winding.around(loops, one) {
            0 if area > 0 => Self::Outline,
            1.. if area < 0 => Self::Gap,
            1.. => Self::Twice,
            _ => Self::Other,
        }
    }
}

/// The shapes loops are made of, with the length of each one's part, longest first.
fn neighbours(loops: &[Loop], own: &[usize]) -> Vec<(usize, Meters)> {
    let mut lengths: BTreeMap<usize, f64> = BTreeMap::new();
    for one in own.iter().map(|&one| &loops[one]) {
        for (edge, shape) in one.edges().zip(&one.shapes) {
            let length = position(edge.from).distance_to(position(edge.to));
            *lengths.entry(*shape).or_default() += length.0;
        }
    }
    let mut neighbours: Vec<(usize, Meters)> =
        lengths.into_iter().map(|(shape, m)| (shape, Meters(m))).collect();
    neighbours.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    neighbours
}

/// The shapes but one that hold the middle of the first side of a loop.
fn holders(shapes: &[MultiPolygon], boxes: &[Option<Rect>], one: &Loop, but: usize) -> Vec<usize> {
    let Some(side) = one.edges().next() else { return Vec::new() };
    let middle = Point::from((side.from.coord() + side.to.coord()) / 2.0);
    let near = (0..shapes.len()).filter(|&s| boxes[s].is_some_and(|rect| rect.contains(&middle)));
    near.filter(|&s| s != but && shapes[s].contains(&middle)).collect()
}

/// Rounds vertices to the grid; a shape already on it is not touched.
fn snap(shape: &mut MultiPolygon) {
    let off = |c: &Coord| Vertex::nearest(*c).coord() != *c;
    let rings = |polygon: &Polygon| {
        std::iter::once(polygon.exterior()).chain(polygon.interiors()).any(|ring| ring.coords().any(off))
    };
    if shape.iter().any(rings) {
        *shape = geo::MapCoords::map_coords(shape, |c| Vertex::nearest(c).coord());
    }
}

/// A shape without the sides that go forth and back, unless nothing would remain.
fn unspiked(shapes: &mut [MultiPolygon], shape: usize) -> Option<Repair> {
    let at = sides_of(&shapes[shape]).next()?.from;
    let new = assembled(outline(sides_of(&shapes[shape]).collect()));
    if new.0.is_empty() {
        return None;
    }
    shapes[shape] = new;
    Some(Repair {
        fault: Fault::Border,
        area_m2: 0.0,
        at: position(at),
        shape: Some(shape),
        others: Vec::new(),
    })
}

fn assembled(edges: Vec<Edge<Vertex>>) -> MultiPolygon {
    let rings = rings(edges).into_iter();
    assemble(rings.map(|ring| ring.into_iter().map(Vertex::coord).collect()))
}

/// Signed, on the plane that touches the sphere at its latitude.
fn area_m2(one: &Loop) -> f64 {
    let Some(first) = one.vertices.iter().min() else { return 0.0 };
    let (lat, step) = (first.coord().y, Vertex { x: 1, y: 1 }.coord().x * DEGREE);
    one.doubled_area() as f64 / 2.0 * step * step * lat.to_radians().cos()
}

/// Shapes are on Earth, and so are their vertices.
fn position(vertex: Vertex) -> Position {
    FixedPosition::from_steps([vertex.x, vertex.y]).unwrap_or_default().position()
}

#[cfg(test)]
mod tests;
