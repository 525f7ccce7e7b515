//! Neighbours: polygons that share borders, and tiles that share a buffer.

use geo::{Area, BooleanOps, Coord, Geometry, LineString, MultiPolygon, Polygon, Rect, unary_union};
use proptest::prelude::*;
use tiles::{TileCoord, WorldGeometry, cut};

use crate::strict::{floats, tile, world};

fn read(shape: &WorldGeometry, tile: TileCoord) -> MultiPolygon<f64> {
    match cut(shape, tile).map(|geometry| crate::strict::read_back(&geometry)) {
        Some(Geometry::MultiPolygon(polygons)) => floats(&polygons),
        None => MultiPolygon::new(vec![]),
        other => panic!("polygons became {other:?}"),
    }
}

/// A lattice of quadrilaterals with shaken corners that covers the tile and more, each border with a bend
/// that both sides share.
fn lattice(step: f64, shake: f64, seed: u64) -> Vec<Polygon<f64>> {
    let n = (5200.0 / step).ceil() as i64;
    // A small generator, so that a corner depends on nothing but its place.
    let random = |a: i64, b: i64, salt: u64| {
        let mut bits =
            (a as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (b as u64).rotate_left(32) ^ seed ^ salt;
        for _ in 0..3 {
            bits ^= bits >> 31;
            bits = bits.wrapping_mul(0xBF58_476D_1CE4_E5B9);
        }
        (bits >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    };
    // Twice as fine a lattice: even places are corners, odd ones bends.
    let at = |a: i64, b: i64| Coord {
        x: -550.0 + step * (a as f64 / 2.0 + shake * random(a, b, 1)),
        y: -550.0 + step * (b as f64 / 2.0 + shake * random(a, b, 2)),
    };
    let square = |i: i64, j: i64| {
        let (a, b) = (2 * i, 2 * j);
        let ring = [(0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1)];
        Polygon::new(LineString::new(ring.iter().map(|(x, y)| at(a + x, b + y)).collect()), vec![])
    };
    (0..n).flat_map(|i| (0..n).map(move |j| square(i, j))).collect()
}

/// Overlap and gap inside the tile with its buffer, in square units.
fn faults(cells: &[Polygon<f64>], tile: TileCoord) -> (f64, f64) {
    let inside: Vec<_> = cells.iter().map(|cell| read(&world(tile, &cell.clone().into()), tile)).collect();
    let sum: f64 = inside.iter().map(Area::unsigned_area).sum();
    let union = unary_union(&inside).unsigned_area();
    (sum - union, 4256.0 * 4256.0 - union)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn squares_of_a_grid_leave_no_gap_and_no_overlap(step in 130.0..900.0_f64, z in 5_u8..=20) {
        let place = tile(z, (1 << z) / 2 + 3, (1 << z) / 3);
        let (overlap, gap) = faults(&lattice(step, 0.0, 0), place);
        prop_assert!(overlap.abs() < 1e-6 && gap.abs() < 1e-6, "overlap {overlap}, gap {gap}");
    }

    #[test]
    fn shaken_cells_leave_no_gap_and_no_overlap(step in 130.0..900.0_f64, seed in any::<u64>(), z in 5_u8..=20) {
        let place = tile(z, (1 << z) / 2 + 3, (1 << z) / 3);
        let (overlap, gap) = faults(&lattice(step, 0.3, seed), place);
        prop_assert!(overlap.abs() < 1e-3 && gap.abs() < 1e-3, "overlap {overlap}, gap {gap}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn a_border_folded_by_rounding_goes_to_one_side_and_never_to_none(
        border in prop::collection::vec((0.0..12.0_f64, -1.5..1.5_f64), 2..24),
    ) {
        // A border so ragged that rounding folds it, between two polygons.
        let mut path: Vec<Coord<f64>> = vec![Coord { x: 100.0, y: 0.0 }];
        path.extend(border.iter().enumerate().map(|(i, (dx, dy))| Coord { x: 100.0 + dx, y: 10.0 + i as f64 * 0.7 + dy * 0.2 }));
        path.push(Coord { x: 100.0, y: 60.0 });
        let side = |x: f64| {
            let mut ring = path.clone();
            ring.push(Coord { x, y: 60.0 });
            ring.push(Coord { x, y: 0.0 });
            Polygon::new(LineString::new(ring), vec![])
        };
        let place = tile(12, 2000, 1500);
        let (west, east) = (side(0.0), side(200.0));
        prop_assume!(geo::Validation::is_valid(&west) && geo::Validation::is_valid(&east));
        let west = read(&world(place, &west.into()), place);
        let east = read(&world(place, &east.into()), place);
        let both = west.union(&east).unsigned_area();
        let (sum, all) = (west.unsigned_area() + east.unsigned_area(), 200.0 * 60.0);
        // Crossings inside a fold are rounded once more on either side, by half a unit over the length of the
        // fold.
        prop_assert!((all - both).abs() <= 6.0 && (sum - all).abs() <= 6.0, "{both} {sum}");
    }

    #[test]
    fn neighbouring_tiles_agree_in_the_buffer_they_share(
        ring in prop::collection::vec((4040.0..4152.0_f64, 100.0..300.0_f64), 3..4), z in 3_u8..=22,
    ) {
        let here = tile(z, 1, 2);
        let there = tile(z, 2, 2);
        let shape = world(here, &Polygon::new(LineString::from(ring), vec![]).into());
        let (left, right) = (cut(&shape, here), cut(&shape, there));
        let vertices = |geometry: &tiles::TileGeometry| geometry.vertices().to_vec();
        let moved = right.map(|geometry| vertices(&geometry).iter().map(|v| Coord { x: v.x + 4096, ..*v }).collect::<Vec<_>>());
        prop_assert_eq!(left.as_ref().map(vertices), moved);
    }
}

#[test]
fn four_tiles_hold_a_shape_between_them() {
    let shape = Rect::new(Coord { x: 3000.5, y: 3000.5 }, Coord { x: 5000.0, y: 6000.0 }).to_polygon();
    let corner = tile(9, 263, 182);
    let shape = world(corner, &shape.into());
    let core = Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 4096.0, y: 4096.0 }).to_polygon();
    let mut area = 0.0;
    for (column, row) in [(263, 182), (264, 182), (263, 183), (264, 183)] {
        area += read(&shape, tile(9, column, row)).intersection(&core).unsigned_area();
    }
    assert_eq!(area, (5000.0 - 3001.0) * (6000.0 - 3001.0));
}
