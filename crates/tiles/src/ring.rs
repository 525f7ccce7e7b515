//! Rings on the tile's integer grid, without their closing vertex.

use geo::{Coord, CoordNum};

/// A vertex in tile units, x east, y *down*, both in −80..=4176: sixteen bits are plenty and halve what is
/// cached.
pub(crate) type Vertex = Coord<i16>;

/// A ring, first vertex not repeated.
pub(crate) type Ring<T = i16> = Vec<Coord<T>>;

/// Exterior, then its holes.
pub(crate) type Rings<T = i16> = Vec<Ring<T>>;

/// What a vertex counts in: sixteen bits in a tile, 32 on the grid of a whole zoom.
pub(crate) trait Unit: CoordNum + Ord + Into<i64> {}
impl Unit for i16 {}
impl Unit for i32 {}

/// Twice the signed area of the triangle `a b c`: positive when it turns clockwise on the screen (y down).
pub(crate) fn turn<T: Unit>(a: Coord<T>, b: Coord<T>, c: Coord<T>) -> i64 {
    let (ab, ac) = (vector(a, b), vector(a, c));
    ab.x * ac.y - ab.y * ac.x
}

/// From `a` to `b`. Grids go to 2^30, so products of two differences fit 64 bits.
pub(crate) fn vector<T: Unit>(a: Coord<T>, b: Coord<T>) -> Coord<i64> {
    Coord { x: b.x.into() - a.x.into(), y: b.y.into() - a.y.into() }
}

/// Twice the signed area of a ring by the surveyor's formula of MVT 2.1: positive for an exterior, y being
/// down.
pub(crate) fn twice_area<T: Unit>(ring: &[Coord<T>]) -> i64 {
    let Some(&origin) = ring.first() else { return 0 };
    ring.windows(2).map(|pair| turn(origin, pair[0], pair[1])).sum()
}

/// Removes what encloses nothing: repeated vertices, edges walked back along themselves, and vertices in the
/// middle of a horizontal or vertical run. A ring with fewer than three vertices left is emptied.
///
/// None of this changes what the ring winds around anywhere. Straight runs on the axes go because most lie on
/// the edge of the buffer, onto which all that is beyond was squeezed; other straight vertices stay, since a
/// neighbouring polygon may turn there.
pub(crate) fn tidy(ring: &mut Ring) {
    let mut kept: usize = 0;
    for i in 0..ring.len() {
        let vertex = ring[i];
        while kept > 1 && superfluous(ring[kept - 2], ring[kept - 1], vertex) {
            kept -= 1;
        }
        if kept == 0 || ring[kept - 1] != vertex {
            ring[kept] = vertex;
            kept += 1;
        }
    }
    ring.truncate(kept);
    tidy_seam(ring);
}

/// The same where the ring closes: its last and first vertices have neighbours across the seam.
fn tidy_seam(ring: &mut Ring) {
    let (mut start, mut end) = (0, ring.len());
    while end - start > 2 {
        let (first, last) = (ring[start], ring[end - 1]);
        if first == last || superfluous(ring[end - 2], last, first) {
            end -= 1;
        } else if superfluous(last, first, ring[start + 1]) {
            start += 1;
        } else {
            break;
        }
    }
    if end - start < 3 {
        ring.clear();
    } else {
        ring.truncate(end);
        ring.drain(..start);
    }
}

/// Whether walking `a → b → c` covers the same ground as `a → c`, and may be written so.
fn superfluous(a: Vertex, b: Vertex, c: Vertex) -> bool {
    let (ab, bc) = (vector(a, b), vector(b, c));
    if ab.x * bc.y != ab.y * bc.x {
        return false;
    }
    let back = ab.x * bc.x + ab.y * bc.y <= 0;
    back || ab.x == 0 || ab.y == 0
}

/// Turns a ring so that it does not begin where the pen already is.
///
/// A `MoveTo` that does not move is allowed, but the `mvt` crate (0.15), for one, fuses such a ring with the one
/// before. One turn is enough: the next vertex is a different one in every tidy ring.
pub(crate) fn start_away_from(ring: &mut Ring, pen: Option<Vertex>) {
    if ring.first().copied() == pen {
        ring.rotate_left(1);
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn ring(vertices: &[(i16, i16)]) -> Ring {
        vertices.iter().map(|&(x, y)| Coord { x, y }).collect()
    }

    #[track_caller]
    fn check(input: &[(i16, i16)], expected: &[(i16, i16)]) {
        let mut tidied = ring(input);
        let area = twice_area(&tidied);
        tidy(&mut tidied);
        assert_eq!(tidied, ring(expected));
        assert_eq!(area, twice_area(&tidied));
    }

    #[test]
    fn a_square_is_left_alone() {
        check(&[(0, 0), (9, 0), (9, 9), (0, 9)], &[(0, 0), (9, 0), (9, 9), (0, 9)]);
        assert_eq!(twice_area(&ring(&[(0, 0), (9, 0), (9, 9), (0, 9)])), 162);
    }

    #[test]
    fn repeats_spikes_and_axis_runs_go_wherever_the_ring_starts() {
        let messy = [(0, 0), (4, 0), (4, 0), (9, 0), (9, 9), (20, 9), (9, 9), (0, 9), (0, 30), (0, 5)];
        for start in 0..messy.len() {
            let mut turned = messy;
            turned.rotate_left(start);
            let mut tidied = ring(&turned);
            tidy(&mut tidied);
            assert_eq!(tidied.len(), 4, "{tidied:?}");
            assert_eq!(twice_area(&tidied), 162);
        }
    }

    #[test]
    fn a_diagonal_straight_vertex_stays() {
        check(&[(0, 0), (5, 5), (9, 9), (0, 9)], &[(0, 0), (5, 5), (9, 9), (0, 9)]);
    }

    #[test]
    fn what_encloses_nothing_becomes_nothing() {
        check(&[], &[]);
        check(&[(1, 1)], &[]);
        check(&[(1, 1), (5, 7)], &[]);
        check(&[(1, 1), (5, 7), (1, 1), (1, 1)], &[]);
        check(&[(0, 0), (2, 2), (7, 7), (3, 3)], &[]);
    }

    #[test]
    fn a_ring_never_starts_at_the_pen() {
        let mut square = ring(&[(0, 10), (10, 10), (10, 20), (0, 20)]);
        start_away_from(&mut square, Some(Coord { x: 0, y: 10 }));
        assert_eq!(square, ring(&[(10, 10), (10, 20), (0, 20), (0, 10)]));
        start_away_from(&mut square, None);
        assert_eq!(square.first(), Some(&Coord { x: 10, y: 10 }));
    }
}
