//! Says exactly whether rings on the grid form valid polygons: the judge of [`repair`](crate::repair),
//! independent of it.
//!
//! Valid is what MVT 2.1 asks of a polygon with OGC's reading of "touch": each ring simple, exteriors of
//! positive area (y down) and holes of negative area inside their exterior, no two rings crossing or sharing
//! a stretch, rings touching at single points only and never so as to cut an interior in two, interiors
//! disjoint.

use geo::Coord;

use crate::contact::{Contact, Edge, contact, crosses_at, sweep};
use crate::ring::{Rings, Unit, Vertex, turn, twice_area, vector};

/// A ring with the polygon it belongs to.
struct Member<'a> {
    ring: &'a [Vertex],
    polygon: usize,
    hole: bool,
}

/// A point that two rings share.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Touch {
    at: (i16, i16),
    rings: (usize, usize),
}

/// Whether the polygons, taken together, form a valid multipolygon.
pub(crate) fn is_valid(polygons: &[Rings]) -> bool {
    let members: Vec<Member> = polygons
        .iter()
        .enumerate()
        .flat_map(|(polygon, rings)| {
            rings.iter().enumerate().map(move |(i, ring)| Member { ring, polygon, hole: i > 0 })
        })
        .collect();
    members.iter().all(Member::stands_alone)
        && touches(&members).is_some_and(|touches| {
            touches.iter().all(|touch| !crosses(touch, &members)) && in_one_piece(&touches, &members)
        })
        && (members.len() == 1 || all_well_nested(&members))
}

impl Member<'_> {
    /// Three vertices, the right orientation, and no vertex where the ring turns back on itself.
    fn stands_alone(&self) -> bool {
        let [first, second, .., before, last] = self.ring else {
            return self.ring.len() == 3 && self.is_oriented();
        };
        let turns_back = |&[a, b, c]: &[Vertex; 3]| {
            let (ab, bc) = (vector(a, b), vector(b, c));
            turn(a, b, c) == 0 && ab.x * bc.x + ab.y * bc.y <= 0
        };
        let seam = [[*before, *last, *first], [*last, *first, *second]];
        self.is_oriented() && !seam.iter().any(turns_back) && !self.ring.array_windows().any(turns_back)
    }

    fn is_oriented(&self) -> bool {
        let area = twice_area(self.ring);
        if self.hole { area < 0 } else { area > 0 }
    }
}

/// A ring with its box, so that most rings need not be walked to know that they do not wind around a place.
struct Boxed<'a> {
    member: &'a Member<'a>,
    low: Vertex,
    high: Vertex,
}

impl<'a> Boxed<'a> {
    fn new(member: &'a Member<'a>) -> Self {
        let ends = |axis: fn(&Vertex) -> i16| {
            let along = member.ring.iter().map(axis);
            along.fold((i16::MAX, i16::MIN), |(low, high), at| (low.min(at), high.max(at)))
        };
        let ((west, east), (north, south)) = (ends(|v| v.x), ends(|v| v.y));
        Self { member, low: Coord { x: west, y: north }, high: Coord { x: east, y: south } }
    }

    /// How many times the ring winds around a place in doubled units; none when the place is on the ring.
    fn winding(&self, place: Coord<i64>) -> Option<i32> {
        let apart = |at: i64, low: i16, high: i16| at < 2 * i64::from(low) || at > 2 * i64::from(high);
        if apart(place.x, self.low.x, self.high.x) || apart(place.y, self.low.y, self.high.y) {
            return Some(0);
        }
        winding(self.member.ring, place)
    }
}

/// The points where different rings touch; none at all when a ring meets itself, or two rings cross or share
/// a stretch.
fn touches(members: &[Member]) -> Option<Vec<Touch>> {
    let mut edges = Vec::with_capacity(members.iter().map(|member| member.ring.len()).sum());
    for (ring, member) in members.iter().enumerate() {
        edges.extend(Edge::all_of(member.ring, ring));
    }
    let mut touches = Vec::new();
    let clean = sweep(&edges, |e, f| {
        if e.ring == f.ring && e.is_next_to(f, members[e.ring].ring.len()) {
            return true;
        }
        match contact(e, f) {
            None => true,
            Some(Contact::Point(at)) if e.ring != f.ring => {
                touches.push(Touch { at: (at.x, at.y), rings: (e.ring.min(f.ring), e.ring.max(f.ring)) });
                true
            }
            Some(_) => false,
        }
    });
    touches.sort_unstable();
    touches.dedup();
    clean.then_some(touches)
}

/// Whether one ring passes from one side of the other to the other side at the point they share.
fn crosses(touch: &Touch, members: &[Member]) -> bool {
    let at = Coord { x: touch.at.0, y: touch.at.1 };
    crosses_at(at, members[touch.rings.0].ring, members[touch.rings.1].ring)
}

/// Whether every polygon's interior is connected: the rings of one polygon may form chains of touching rings,
/// never a loop.
fn in_one_piece(touches: &[Touch], members: &[Member]) -> bool {
    // Rings and the points where they touch are the two kinds of node of a graph; a loop in it encloses a
    // piece.
    let mut root: Vec<usize> = (0..members.len()).collect();
    let mut joined: Vec<((i16, i16), usize, usize)> = Vec::new();
    for touch in touches {
        let (a, b) = touch.rings;
        if members[a].polygon == members[b].polygon {
            joined.push((touch.at, members[a].polygon, a));
            joined.push((touch.at, members[a].polygon, b));
        }
    }
    joined.sort_unstable();
    joined.dedup();
    joined.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).all(|meeting| {
        let first = find(&mut root, meeting[0].2);
        meeting[1..].iter().all(|&(.., ring)| {
            let other = find(&mut root, ring);
            root[other] = first;
            other != first
        })
    })
}

fn find(root: &mut [usize], mut node: usize) -> usize {
    while root[node] != node {
        root[node] = root[root[node]];
        node = root[node];
    }
    node
}

/// Whether each exterior lies outside all other polygons, and each hole inside its own polygon and outside
/// the others.
fn all_well_nested(members: &[Member]) -> bool {
    let boxed: Vec<Boxed> = members.iter().map(Boxed::new).collect();
    (0..members.len()).all(|ring| well_nested(ring, &boxed))
}

fn well_nested(ring: usize, all: &[Boxed]) -> bool {
    let me = all[ring].member;
    // A ring has finitely many points in common with the others, so most of these places are off all of them.
    places(me.ring).any(|place| {
        let mut own = 0;
        let mut others = 0;
        for (i, other) in all.iter().enumerate() {
            if i == ring {
                continue;
            }
            let Some(turns) = other.winding(place) else {
                return false;
            };
            *(if other.member.polygon == me.polygon { &mut own } else { &mut others }) += turns;
        }
        own == i32::from(me.hole) && others == 0
    })
}

/// Whether a ring of positive area lies around another, which it may touch but not cross.
pub(crate) fn is_around<T: Unit>(outer: &[Coord<T>], inner: &[Coord<T>]) -> bool {
    places(inner).find_map(|place| winding(outer, place)) == Some(1)
}

/// Places on a ring, doubled so that the middle of an edge is a whole number: its vertices, then the middles
/// of its edges.
fn places<T: Unit>(ring: &[Coord<T>]) -> impl Iterator<Item = Coord<i64>> {
    let sum = |a: Coord<T>, b: Coord<T>| Coord { x: a.x.into() + b.x.into(), y: a.y.into() + b.y.into() };
    let next = ring.iter().cycle().skip(1);
    ring.iter().map(move |&a| sum(a, a)).chain(ring.iter().zip(next).map(move |(&a, &b)| sum(a, b)))
}

/// The same without looking at the ring's box first.
fn winding<T: Unit>(ring: &[Coord<T>], place: Coord<i64>) -> Option<i32> {
    let relative = |v: Coord<T>| Coord { x: 2 * v.x.into() - place.x, y: 2 * v.y.into() - place.y };
    let mut turns = 0;
    let mut a = relative(*ring.last()?);
    for &vertex in ring {
        let b = relative(vertex);
        if (a.y <= 0) != (b.y <= 0) {
            // The edge crosses the horizontal through the place: east of it, west of it, or on it.
            let side = a.x * b.y - a.y * b.x;
            match (side.signum(), (b.y > a.y)) {
                (0, _) => return None,
                (1, true) => turns += 1,
                (-1, false) => turns -= 1,
                _ => {}
            }
        } else if a.y == 0 && b.y == 0 && a.x.min(b.x) <= 0 && a.x.max(b.x) >= 0 || (b.x == 0 && b.y == 0) {
            return None;
        }
        a = b;
    }
    Some(turns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::ring;

    type Pairs<'a> = &'a [(i16, i16)];
    const SQUARE: Pairs<'static> = &[(0, 0), (20, 0), (20, 20), (0, 20)];

    #[track_caller]
    fn check(polygons: &[&[Pairs]], valid: bool) {
        let rings: Vec<Rings> =
            polygons.iter().map(|rings| rings.iter().map(|vertices| ring(vertices)).collect()).collect();
        assert_eq!(is_valid(&rings), valid, "{polygons:?}");
    }

    #[test]
    fn a_ring_must_be_simple_and_turn_the_right_way() {
        check(&[&[SQUARE]], true);
        check(&[&[&[(0, 0), (0, 20), (20, 20), (20, 0)]]], false);
        check(&[&[&[(0, 0), (20, 0)]]], false);
        // A bow tie with one lobe larger, a neck that closes to a point, and a spike.
        check(&[&[&[(0, 0), (20, 20), (20, 0), (0, 10)]]], false);
        check(&[&[&[(0, 0), (10, 10), (20, 0), (20, 20), (10, 10), (0, 20)]]], false);
        check(&[&[&[(0, 0), (20, 0), (20, 20), (20, 30), (20, 20), (0, 20)]]], false);
        // A vertex that touches the middle of another edge.
        check(&[&[&[(0, 0), (20, 0), (20, 20), (10, 0), (0, 20)]]], false);
    }

    #[test]
    fn a_hole_lies_inside_and_may_touch_at_one_point() {
        check(&[&[SQUARE, &[(5, 5), (5, 9), (9, 9), (9, 5)]]], true);
        check(&[&[SQUARE, &[(5, 5), (9, 5), (9, 9), (5, 9)]]], false);
        check(&[&[SQUARE, &[(0, 5), (5, 9), (5, 5)]]], true);
        check(&[&[SQUARE, &[(0, 5), (0, 9), (5, 5)]]], false);
        check(&[&[SQUARE, &[(-5, 5), (5, 9), (5, 5)]]], false);
        check(&[&[SQUARE, &[(25, 5), (25, 9), (29, 5)]]], false);
        // Touching at two points cuts the interior in two.
        check(&[&[SQUARE, &[(0, 10), (10, 15), (20, 10), (10, 5)]]], false);
        // So do three holes that touch in a loop.
        let loop_of_three: &[Pairs] = &[
            SQUARE,
            &[(5, 5), (10, 8), (15, 5), (10, 3)],
            &[(15, 5), (12, 10), (10, 15), (16, 12)],
            &[(5, 5), (4, 12), (10, 15), (8, 10)],
        ];
        check(&[loop_of_three], false);
        check(&[&loop_of_three[..3]], true);
        // A hole in a hole.
        check(&[&[SQUARE, &[(2, 2), (2, 18), (18, 18), (18, 2)], &[(5, 5), (5, 9), (9, 5)]]], false);
    }

    #[test]
    fn polygons_may_touch_at_points_but_not_overlap() {
        let beside: Pairs = &[(20, 0), (40, 0), (40, 20), (20, 20)];
        let corner: Pairs = &[(20, 20), (40, 20), (40, 40), (20, 40)];
        check(&[&[SQUARE], &[beside]], false);
        check(&[&[SQUARE], &[corner]], true);
        check(&[&[SQUARE], &[&[(5, 5), (9, 5), (9, 9)]]], false);
        // Each vertex of the diamond is on the square: only middles of edges tell that it lies inside.
        check(&[&[SQUARE], &[&[(10, 0), (20, 10), (10, 20), (0, 10)]]], false);
        // An island in a lake.
        let lake: &[Pairs] = &[SQUARE, &[(2, 2), (2, 18), (18, 18), (18, 2)]];
        check(&[lake, &[&[(5, 5), (9, 5), (9, 9)]]], true);
        check(&[&[&[(5, 5), (9, 5), (9, 9)]], lake], true);
        // Crossing at a vertex of both.
        let arrow: Pairs = &[(10, 10), (30, 20), (20, 20), (30, 30)];
        check(&[&[arrow], &[&[(20, 20), (40, 15), (40, 25)]]], false);
    }
}
