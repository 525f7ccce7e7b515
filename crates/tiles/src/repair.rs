//! Makes polygons valid without leaving the integer grid.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay::{IntOverlayOptions, Overlay, ShapeType};
use i_overlay::core::solver::{Precision, Solver, Strategy};
use i_overlay::i_float::int::point::IntPoint;
use i_overlay::vector::edge::{SUBJ_LEFT, SUBJ_RIGHT, VectorEdge};

use crate::ring::{Ring, Rings, Vertex, tidy};
use crate::trace;
use crate::valid::is_valid;

/// How often the overlay may be asked again. Its rounding of crossings can make new ones; one round nearly
/// always settles it.
const ROUNDS: usize = 8;

/// Valid polygons on the grid that cover what the given rings wind around at least once; empty when that is
/// nothing.
///
/// Polygons that are valid already come back untouched, vertex for vertex.
///
/// The rule is "winds around at least once" because rounding moves the borders of a coverage as one: where it
/// folds a border over, one neighbour winds twice and the other minus once, so exactly one of the two keeps
/// the fold. Odd-even would do that too, but would also make a hole where parts of a multipolygon overlap.
pub(crate) fn repair(polygons: Vec<Rings>) -> Vec<Rings> {
    let mut polygons = tidied(polygons);
    for _ in 0..ROUNDS {
        if polygons.is_empty() || is_valid(&polygons) {
            return polygons;
        }
        polygons = tidied(overlay(&polygons));
    }
    // Never reached in the tests, and reachable only if the overlay cannot settle. What is left out is at
    // most the polygon that it cannot settle; what is kept is valid.
    let mut settled: Vec<Rings> = Vec::with_capacity(polygons.len());
    for rings in polygons {
        settled.push(rings);
        if !is_valid(&settled) {
            settled.pop();
        }
    }
    settled
}

/// Tidies rings and drops those that enclose nothing; a polygon goes with its exterior.
fn tidied(mut polygons: Vec<Rings>) -> Vec<Rings> {
    for rings in &mut polygons {
        rings.iter_mut().for_each(tidy);
        if rings.first().is_none_or(Ring::is_empty) {
            rings.clear();
        }
        rings.retain(|ring| !ring.is_empty());
    }
    polygons.retain(|rings| !rings.is_empty());
    polygons
}

/// Cuts all edges where they meet, and keeps those with a filled side and an empty one.
///
/// Only the cutting and the filling are the overlay's. Its own extraction of valid shapes (`ogc`, in 4.5.2,
/// which `geo` uses too) failed an assertion on random polygons here, and did not come to an end when asked
/// for the union of communes at zoom 4.
fn overlay(polygons: &[Rings]) -> Vec<Rings> {
    // On straight borders the vertices stay: a neighbour may turn there.
    let options = IntOverlayOptions::keep_all_points();
    let solver = Solver { strategy: Strategy::Auto, precision: Precision::HIGH, multithreading: None };
    let n_edges = polygons.iter().flatten().map(Vec::len).sum();
    let mut overlay = Overlay::new_custom(n_edges, options, solver);
    for ring in polygons.iter().flatten() {
        let points = ring.iter().map(|v| IntPoint::new(i32::from(v.x), i32::from(v.y)));
        overlay.add_path_iter(points, ShapeType::Subject);
    }
    let edges = overlay.build_separate_vectors(FillRule::Positive).into_iter();
    let borders = edges.filter_map(|VectorEdge { a, b, fill }| match fill & (SUBJ_LEFT | SUBJ_RIGHT) {
        SUBJ_LEFT => Some((vertex(a), vertex(b))),
        SUBJ_RIGHT => Some((vertex(b), vertex(a))),
        _ => None,
    });
    trace::polygons(borders.collect())
}

/// Crossings lie between the vertices they come from, so they fit sixteen bits as those do.
fn vertex(point: IntPoint) -> Vertex {
    Vertex { x: point.x as i16, y: point.y as i16 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ring::tests::ring;
    use crate::ring::twice_area;

    #[track_caller]
    fn check(rings: &[&[(i16, i16)]], n_polygons: usize, twice: i64) {
        let polygons = repair(vec![rings.iter().map(|vertices| ring(vertices)).collect()]);
        assert_eq!(polygons.len(), n_polygons, "{polygons:?}");
        assert_eq!(
            polygons.iter().flatten().map(|ring| twice_area(ring)).sum::<i64>(),
            twice,
            "{polygons:?}"
        );
        assert!(is_valid(&polygons));
    }

    #[test]
    fn a_neck_that_closes_gives_two_polygons_that_touch() {
        check(&[&[(0, 0), (10, 10), (20, 0), (20, 20), (10, 10), (0, 20)]], 2, 400);
    }

    #[test]
    fn a_fold_that_turned_inside_out_is_dropped() {
        check(&[&[(0, 0), (20, 20), (20, 0), (0, 20)]], 1, 200);
    }

    #[test]
    fn a_hole_that_grew_through_the_border_opens_it() {
        check(&[&[(0, 0), (20, 0), (20, 20), (0, 20)], &[(0, 5), (0, 9), (5, 9), (5, 5)]], 1, 800 - 40);
    }

    #[test]
    fn a_hole_that_touches_twice_cuts_the_polygon_in_two() {
        check(
            &[&[(0, 0), (20, 0), (20, 20), (0, 20)], &[(0, 10), (10, 15), (20, 10), (10, 5)]],
            2,
            800 - 200,
        );
    }

    #[test]
    fn an_inside_out_polygon_is_nothing() {
        check(&[&[(0, 0), (0, 20), (20, 20), (20, 0)]], 0, 0);
    }
}
