//! How many shapes are above a point, from the boundary of their sum, and where that boundary crosses itself.

use std::collections::BTreeMap;

use super::Edge;
use super::loops::{Loop, Vertex};

/// Bands the sides are sorted into by latitude, so that a ray meets few of them.
const BANDS: i64 = 4096;

/// A boundary, to be asked on which ground its loops lie.
pub(super) struct Winding {
    /// Of each band, the sides that enter it, westernmost first.
    bands: Vec<Vec<Entry>>,
    south: i64,
    height: i64,
}

/// A side in a band.
#[derive(Clone, Copy)]
struct Entry {
    edge: Edge<Vertex>,
    index: usize,
    shape: usize,
}

impl Entry {
    fn west(&self) -> i32 {
        self.edge.from.x.min(self.edge.to.x)
    }

    fn east(&self) -> i32 {
        self.edge.from.x.max(self.edge.to.x)
    }
}

/// Vertices to add to sides of shapes, by shape and side, the ends of a side in their order.
pub(super) type Crossings = BTreeMap<usize, BTreeMap<(Vertex, Vertex), Vec<Vertex>>>;

impl Winding {
    pub(super) fn of(loops: &[Loop]) -> Self {
        let ys = || loops.iter().flat_map(|one| &one.vertices).map(|vertex| i64::from(vertex.y));
        let (south, north) = (ys().min().unwrap_or(0), ys().max().unwrap_or(0));
        let height = (north - south) / BANDS + 1;
        let mut bands = vec![Vec::new(); BANDS as usize];
        for (index, one) in loops.iter().enumerate() {
            for (edge, &shape) in one.edges().zip(&one.shapes) {
                let (low, high) = (edge.from.y.min(edge.to.y), edge.from.y.max(edge.to.y));
                let [first, last] = [low, high].map(|y| ((i64::from(y) - south) / height) as usize);
                for band in &mut bands[first..=last] {
                    band.push(Entry { edge, index, shape });
                }
            }
        }
        for band in &mut bands {
            band.sort_by_key(Entry::west);
        }
        Self { bands, south, height }
    }

    /// How many shapes are above the middle of the first side of a loop, but for what the loop itself adds.
    pub(super) fn around(&self, loops: &[Loop], index: usize) -> i32 {
        let Some(edge) = loops[index].edges().next() else { return 0 };
        self.at(middle(edge.from, edge.to), |one| one != index)
    }

    /// Whether a loop goes around the middle of the first side of another.
    pub(super) fn encloses(&self, loops: &[Loop], outer: usize, inner: usize) -> bool {
        let edge = loops[inner].edges().next();
        edge.is_some_and(|edge| self.at(middle(edge.from, edge.to), |one| one == outer) != 0)
    }

    /// Where two sides cross, neither by an end of its own: the nearest vertex of the grid, for both.
    pub(super) fn crossings(&self) -> Crossings {
        let mut crossings = Crossings::new();
        for band in &self.bands {
            for (n, one) in band.iter().enumerate() {
                for other in band[n + 1..].iter().take_while(|other| other.west() <= one.east()) {
                    let Some(at) = crossing(one.edge, other.edge) else { continue };
                    for side in [one, other] {
                        let ends = side.edge.undirected();
                        if at != ends.0 && at != ends.1 {
                            let on_side = crossings.entry(side.shape).or_default().entry(ends).or_default();
                            if !on_side.contains(&at) {
                                on_side.push(at);
                            }
                        }
                    }
                }
            }
        }
        crossings
    }

    /// The turns that some loops make around a point, given in half steps of the grid.
    fn at(&self, (x, y): (i64, i64), counted: impl Fn(usize) -> bool) -> i32 {
        // The half step goes to the band south of it, which the side that crosses the point enters too.
        let band = (y.div_euclid(2) - self.south) / self.height;
        let Some(sides) = usize::try_from(band).ok().and_then(|band| self.bands.get(band)) else { return 0 };
        let mut turns = 0;
        for &Entry { edge: Edge { from, to }, index, .. } in sides {
            let [low, high] = [from, to].map(|v| 2 * i64::from(v.y));
            let upward = low <= y && y < high;
            let downward = high <= y && y < low;
            if (upward || downward) && counted(index) {
                match left_of(from, to, (x, y)) {
                    side if side > 0 && upward => turns += 1,
                    side if side < 0 && downward => turns -= 1,
                    _ => {}
                }
            }
        }
        turns
    }
}

/// The middle of a side, in half steps.
fn middle(from: Vertex, to: Vertex) -> (i64, i64) {
    (i64::from(from.x) + i64::from(to.x), i64::from(from.y) + i64::from(to.y))
}

/// Positive when a point in half steps is left of a side, exactly.
fn left_of(from: Vertex, to: Vertex, (x, y): (i64, i64)) -> i128 {
    let [ax, ay, bx, by] = [from.x, from.y, to.x, to.y].map(i128::from);
    (bx - ax) * (i128::from(y) - 2 * ay) - (i128::from(x) - 2 * ax) * (by - ay)
}

/// Where two sides cross, rounded to the grid.
fn crossing(one: Edge<Vertex>, other: Edge<Vertex>) -> Option<Vertex> {
    let side =
        |edge: Edge<Vertex>, v: Vertex| left_of(edge.from, edge.to, (2 * i64::from(v.x), 2 * i64::from(v.y)));
    let (from, to) = (side(one, other.from), side(one, other.to));
    let apart = |a: i128, b: i128| (a < 0 && b > 0) || (a > 0 && b < 0);
    if !apart(from, to) || !apart(side(other, one.from), side(other, one.to)) {
        return None;
    }
    // The ends of the other are that far from the line of the one, in proportion.
    let part = |a: i32, b: i32| {
        let (run, whole) = (i128::from(b) - i128::from(a), from - to);
        let (run, whole) = if whole < 0 { (-run, -whole) } else { (run, whole) };
        let nearest = (2 * run * from + whole).div_euclid(2 * whole);
        i32::try_from(i128::from(a) + nearest).ok()
    };
    Some(Vertex { x: part(other.from.x, other.to.x)?, y: part(other.from.y, other.to.y)? })
}
