//! Walks the border of a filled area and makes polygons of it.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use geo::Coord;

use crate::ring::{Ring, Rings, Unit, twice_area, vector};
use crate::valid::is_around;

/// A piece of border, the filled area on the side where positive rings have theirs.
pub(crate) type Border<T = i16> = (Coord<T>, Coord<T>);

/// The polygons whose borders these are. Pieces may meet at their ends only; those that lead nowhere are left
/// out.
///
/// Where several borders meet at a vertex, each walk keeps to the filled corner it came along. A neck of no
/// width therefore belongs to two polygons, and a hole that touches its exterior is walked together with it
/// and split off afterwards.
pub(crate) fn polygons<T: Unit>(mut borders: Vec<Border<T>>) -> Vec<Rings<T>> {
    borders.sort_unstable_by_key(|&(from, to)| (from.x, from.y, to.x, to.y));
    let mut walked = vec![false; borders.len()];
    let mut polygons: Vec<Rings<T>> = Vec::new();
    let mut lone_holes: Vec<Ring<T>> = Vec::new();
    for start in 0..borders.len() {
        let Some(walk) = walk(start, &borders, &mut walked) else {
            continue;
        };
        let (exteriors, holes): (Vec<Ring<T>>, Vec<Ring<T>>) =
            loops(walk).into_iter().partition(|ring| twice_area(ring) > 0);
        match <[Ring<T>; 1]>::try_from(exteriors) {
            Ok([exterior]) => polygons.push(std::iter::once(exterior).chain(holes).collect()),
            Err(exteriors) => {
                polygons.extend(exteriors.into_iter().map(|exterior| vec![exterior]));
                lone_holes.extend(holes);
            }
        }
    }
    for hole in lone_holes {
        let around = polygons.iter_mut().filter(|rings| is_around(&rings[0], &hole));
        if let Some(rings) = around.min_by_key(|rings| twice_area(&rings[0])) {
            rings.push(hole);
        }
    }
    polygons
}

/// The closed walk that begins with a piece of border; none when that piece is taken or the walk does not
/// come back.
fn walk<T: Unit>(start: usize, borders: &[Border<T>], walked: &mut [bool]) -> Option<Ring<T>> {
    let mut vertices = Vec::new();
    let mut at = start;
    while !walked[at] {
        walked[at] = true;
        vertices.push(borders[at].0);
        at = next(borders[at], borders)?;
    }
    (at == start && vertices.len() > 2).then_some(vertices)
}

/// The piece of border that bounds the same filled corner at the end of this one.
fn next<T: Unit>((from, at): Border<T>, borders: &[Border<T>]) -> Option<usize> {
    let first = borders.partition_point(|(start, _)| (start.x, start.y) < (at.x, at.y));
    let leaving = borders[first..].iter().take_while(|(start, _)| *start == at).map(|&(_, to)| to);
    let nearest = leaving.enumerate().min_by(|(_, p), (_, q)| around(at, from, *p, *q))?;
    Some(first + nearest.0)
}

/// Which of two directions from `at` is met first when turning from `back` across the filled side of the
/// border.
fn around<T: Unit>(at: Coord<T>, back: Coord<T>, p: Coord<T>, q: Coord<T>) -> Ordering {
    let turned = |v: Coord<T>| {
        let (back, v) = (vector(at, back), vector(at, v));
        let cross = back.x * v.y - back.y * v.x;
        match cross.cmp(&0) {
            Ordering::Less => 0,
            Ordering::Equal if back.x * v.x + back.y * v.y < 0 => 1,
            Ordering::Greater => 2,
            Ordering::Equal => 3,
        }
    };
    let (pv, qv) = (vector(at, p), vector(at, q));
    turned(p).cmp(&turned(q)).then_with(|| (pv.x * qv.y - pv.y * qv.x).cmp(&0))
}

/// Splits a walk wherever it comes to a vertex again.
fn loops<T: Unit>(walk: Ring<T>) -> Vec<Ring<T>> {
    if is_simple(&walk) {
        return vec![walk];
    }
    let mut found = Vec::new();
    let mut open = Vec::new();
    let mut place = BTreeMap::new();
    for vertex in walk {
        if let Some(&first) = place.get(&(vertex.x, vertex.y)) {
            for inner in &open[first + 1..] {
                let inner: &Coord<T> = inner;
                place.remove(&(inner.x, inner.y));
            }
            found.push(std::iter::once(vertex).chain(open.drain(first + 1..)).collect());
        } else {
            place.insert((vertex.x, vertex.y), open.len());
            open.push(vertex);
        }
    }
    found.push(open);
    found
}

/// Whether a walk comes to no vertex twice.
fn is_simple<T: Unit>(walk: &[Coord<T>]) -> bool {
    let mut places: Vec<(T, T)> = walk.iter().map(|v| (v.x, v.y)).collect();
    places.sort_unstable();
    places.array_windows().all(|[a, b]| a != b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::ring;

    #[track_caller]
    fn check(rings: &[&[(i16, i16)]], expected: &[&[i64]]) {
        let borders = rings.iter().flat_map(|vertices| {
            let ring = ring(vertices);
            let turned = ring.iter().copied().skip(1).chain(ring.first().copied()).collect::<Vec<_>>();
            ring.into_iter().zip(turned)
        });
        let mut areas: Vec<Vec<i64>> = polygons(borders.collect())
            .iter()
            .map(|rings| rings.iter().map(|ring| twice_area(ring)).collect())
            .collect();
        areas.sort();
        assert_eq!(areas, expected);
    }

    const SQUARE: &[(i16, i16)] = &[(0, 0), (20, 0), (20, 20), (0, 20)];

    #[test]
    fn rings_that_meet_nowhere_are_sorted_into_polygons() {
        check(&[SQUARE], &[&[800]]);
        check(&[SQUARE, &[(5, 5), (5, 9), (9, 9), (9, 5)]], &[&[800, -32]]);
        // An island that touches the shore of its lake.
        let lake: &[(i16, i16)] = &[(2, 2), (2, 18), (18, 18), (18, 2)];
        check(&[SQUARE, lake, &[(2, 2), (9, 5), (9, 9)]], &[&[28], &[800, -512]]);
    }

    #[test]
    fn a_neck_of_no_width_belongs_to_two_polygons() {
        check(&[&[(0, 0), (10, 10), (20, 0), (20, 20), (10, 10), (0, 20)]], &[&[200], &[200]]);
    }

    #[test]
    fn holes_that_touch_are_split_from_each_other_and_from_the_exterior() {
        check(&[SQUARE, &[(5, 5), (5, 9), (9, 9)], &[(9, 9), (15, 12), (12, 9)]], &[&[800, -9, -16]]);
        check(&[&[(0, 0), (20, 0), (20, 20), (0, 20), (0, 10), (5, 12), (5, 8), (0, 10)]], &[&[800, -20]]);
    }

    #[test]
    fn a_border_that_leads_nowhere_is_left_out() {
        let square = ring(SQUARE);
        assert!(polygons(vec![(square[0], square[1]), (square[1], square[2])]).is_empty());
        assert!(polygons(Vec::<Border>::new()).is_empty());
    }
}
