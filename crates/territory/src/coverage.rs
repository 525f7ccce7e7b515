//! Shapes that tile the ground without gap or overlap, and what becomes of them when borders fall.

mod clean;
mod loops;
mod winding;

pub use clean::{Fault, Gap, Repair, clean};

use geo::{Area, Contains, Coord, LineString, MultiPolygon, Point, Polygon};

/// The outline of several shapes of a coverage: borders that two of them share disappear.
///
/// Exact, since nothing is computed but the cancelling of edges: every vertex of the result is a
/// vertex of the input, so neighbours dissolved apart still share their border vertex for vertex.
/// The shapes must be a valid coverage (shared borders equal vertex for vertex); where they are not,
/// the mismatch stays as a sliver.
pub fn dissolve<'a>(shapes: impl IntoIterator<Item = &'a MultiPolygon>) -> MultiPolygon {
    let edges = shapes.into_iter().flat_map(MultiPolygon::iter).flat_map(|polygon| edges_of(polygon, key));
    let rings = rings(outline(edges.collect()));
    assemble(rings.into_iter().map(|ring| ring.into_iter().map(coord).collect()))
}

/// A directed side of a polygon whose interior is on its left; vertices as sortable keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge<K> {
    from: K,
    to: K,
}

/// A coordinate as bits: equal keys are equal vertices, nothing else is.
type Key = (u64, u64);

impl<K: Ord + Copy> Edge<K> {
    fn undirected(self) -> (K, K) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    fn reversed(self) -> Self {
        Self { from: self.to, to: self.from }
    }
}

fn key(c: Coord) -> Key {
    // −0.0 and 0.0 are the same vertex.
    ((c.x + 0.0).to_bits(), (c.y + 0.0).to_bits())
}

fn coord(key: Key) -> Coord {
    Coord { x: f64::from_bits(key.0), y: f64::from_bits(key.1) }
}

fn signed_area(ring: &LineString) -> f64 {
    Polygon::new(ring.clone(), Vec::new()).signed_area()
}

fn edges_of<K: Ord + Copy>(polygon: &Polygon, key: impl Fn(Coord) -> K) -> Vec<Edge<K>> {
    let oriented = |ring: &LineString, counter_clockwise: bool| -> Vec<Edge<K>> {
        let flip = (signed_area(ring) > 0.0) != counter_clockwise;
        ring.lines()
            .map(|line| if flip { (line.end, line.start) } else { (line.start, line.end) })
            .map(|(from, to)| Edge { from: key(from), to: key(to) })
            .filter(|edge| edge.from != edge.to)
            .collect()
    };
    let mut edges = oriented(polygon.exterior(), true);
    for hole in polygon.interiors() {
        edges.extend(oriented(hole, false));
    }
    edges
}

/// What is left of edges once each is cancelled by one the other way.
fn outline<K: Ord + Copy>(mut edges: Vec<Edge<K>>) -> Vec<Edge<K>> {
    edges.sort_unstable_by_key(|e| e.undirected());
    edges.chunk_by(|a, b| a.undirected() == b.undirected()).flat_map(uncancelled).collect()
}

/// The same of the edges on one segment.
fn uncancelled<K: Ord + Copy>(segment: &[Edge<K>]) -> Vec<Edge<K>> {
    let (one, other) = segment[0].undirected();
    let forward = segment.iter().filter(|e| e.from == one).count();
    let backward = segment.len() - forward;
    let left = Edge { from: one, to: other };
    let right = Edge { from: other, to: one };
    let kept = if forward > backward { left } else { right };
    vec![kept; forward.abs_diff(backward)]
}

/// Chains edges into rings that visit no vertex twice.
fn rings<K: Ord + Copy>(edges: Vec<Edge<K>>) -> Vec<Vec<K>> {
    rings_turning(edges, |_, _, _| false)
}

/// The same; where several edges leave a vertex that one came to, `rather` says whether to take the first
/// given rather than the second.
fn rings_turning<K: Ord + Copy>(
    mut edges: Vec<Edge<K>>,
    rather: impl Fn(Edge<K>, Edge<K>, Edge<K>) -> bool,
) -> Vec<Vec<K>> {
    edges.sort_unstable_by_key(|e| (e.from, e.to));
    let mut used = vec![false; edges.len()];
    let edges = &edges;
    let leaving = |at: K| {
        let first = edges.partition_point(|e| e.from < at);
        (first..edges.len()).take_while(move |&i| edges[i].from == at)
    };
    let next = |before: Option<K>, at: K, used: &[bool]| {
        let better = |best: usize, i: usize| match before {
            Some(from) if rather(Edge { from, to: at }, edges[i], edges[best]) => i,
            _ => best,
        };
        leaving(at).filter(|&i| !used[i]).reduce(better)
    };
    let mut rings = Vec::new();
    // From plain vertices first, so that at the others one knows where one came from.
    let (plain, shared): (Vec<usize>, Vec<usize>) =
        (0..edges.len()).partition(|&start| leaving(edges[start].from).nth(1).is_none());
    for start in plain.into_iter().chain(shared) {
        if used[start] {
            continue;
        }
        // Whenever the walk comes back to a vertex it holds, the loop between is a ring of its own.
        let mut walk: Vec<K> = Vec::new();
        let mut place: std::collections::BTreeMap<K, usize> = std::collections::BTreeMap::new();
        let mut edge = Some(start);
        while let Some(i) = edge {
            used[i] = true;
            place.insert(edges[i].from, walk.len());
            walk.push(edges[i].from);
            if let Some(&since) = place.get(&edges[i].to) {
                let ring = walk.split_off(since);
                for vertex in &ring {
                    place.remove(vertex);
                }
                rings.push(ring);
            }
            edge = next(walk.last().copied(), edges[i].to, &used);
        }
    }
    rings
}

/// Rings to polygons: counter-clockwise ones are exteriors, each other is a hole of the smallest
/// exterior around it.
fn assemble(rings: impl Iterator<Item = Vec<Coord>>) -> MultiPolygon {
    let closed = |mut ring: Vec<Coord>| -> LineString {
        ring.extend(ring.first().copied());
        LineString::new(ring)
    };
    let (outer, holes): (Vec<_>, Vec<_>) = rings
        .filter(|ring| ring.len() >= 3)
        .map(closed)
        .map(|ring| (signed_area(&ring), ring))
        .partition(|(area, _)| *area > 0.0);
    let mut polygons: Vec<(f64, Polygon)> =
        outer.into_iter().map(|(area, ring)| (area, Polygon::new(ring, Vec::new()))).collect();
    polygons.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, hole) in holes {
        // A hole may touch its exterior at vertices, never along a side: a midpoint decides.
        let Some(side) = hole.lines().next() else { continue };
        let middle = Point::from((side.start + side.end) / 2.0);
        let around = |p: &Polygon| Polygon::new(p.exterior().clone(), Vec::new()).contains(&middle);
        if let Some((_, polygon)) = polygons.iter_mut().find(|(_, p)| around(p)) {
            polygon.interiors_push(hole);
        }
    }
    polygons.reverse();
    MultiPolygon::new(polygons.into_iter().map(|(_, polygon)| polygon).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;
    use proptest::prelude::*;

    fn square(x: f64, y: f64) -> MultiPolygon {
        polygon![(x: x, y: y), (x: x + 1.0, y: y), (x: x + 1.0, y: y + 1.0), (x: x, y: y + 1.0)].into()
    }

    #[test]
    fn two_neighbours_become_one_shape() {
        let both = dissolve([&square(0.0, 0.0), &square(1.0, 0.0)]);
        assert_eq!(both.0.len(), 1);
        assert_eq!(both.0[0].exterior().0.len(), 7, "six corners and the closing one");
    }

    #[test]
    fn eight_squares_around_an_enclave_keep_it_as_a_hole() {
        let around: Vec<_> =
            (0..9).filter(|i| *i != 4).map(|i| square(f64::from(i % 3), f64::from(i / 3))).collect();
        let ring = dissolve(&around);
        assert_eq!((ring.0.len(), ring.0[0].interiors().len()), (1, 1));
        assert!((ring.unsigned_area() - 8.0).abs() < 1e-12);
    }

    #[test]
    fn shapes_that_touch_at_a_corner_stay_two() {
        let both = dissolve([&square(0.0, 0.0), &square(1.0, 1.0)]);
        assert_eq!(both.0.len(), 2);
    }

    proptest! {
        #[test]
        fn dissolving_keeps_the_area(chosen in prop::collection::btree_set((0u8..6, 0u8..6), 1..30)) {
            let squares: Vec<_> = chosen.iter().map(|&(x, y)| square(f64::from(x), f64::from(y))).collect();
            let outline = dissolve(&squares);
            prop_assert!((outline.unsigned_area() - chosen.len() as f64).abs() < 1e-9);
            for polygon in &outline {
                prop_assert!(geo::Validation::is_valid(polygon));
            }
        }
    }
}
