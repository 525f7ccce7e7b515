//! Single geometries and single tiles: shapes with names, then random ones.

use geo::{
    Area, BooleanOps, BoundingRect, Coord, Euclidean, Geometry, Length, LineString, MultiLineString,
    MultiPoint, MultiPolygon, Point, Polygon, Rect,
};
use proptest::prelude::*;
use tiles::{TileCoord, WorldGeometry, cut};

use crate::strict::{polygon, polygons, roundtrip, tile, unsigned_area, world};

fn somewhere() -> TileCoord {
    tile(9, 263, 182)
}

fn areas(polygons: &MultiPolygon<i32>) -> Vec<f64> {
    polygons.iter().map(|polygon| unsigned_area(&polygon.clone().into())).collect()
}

#[test]
fn a_polygon_inside_the_tile_keeps_every_vertex_rounded_to_the_nearest() {
    let shape = polygon(&[&[(10.4, 10.4), (100.6, 20.2), (90.5, 99.7), (50.0, 60.0), (20.49, 99.51)]]);
    let read = polygons(somewhere(), &shape.into());
    let mut vertices = read.0[0].exterior().0.clone();
    vertices.pop();
    let start = vertices.iter().position(|v| *v == Coord { x: 10, y: 10 }).unwrap();
    vertices.rotate_left(start);
    let pairs: Vec<_> = vertices.iter().map(|v| (v.x, v.y)).collect();
    assert_eq!(pairs, [(10, 10), (101, 20), (91, 100), (50, 60), (20, 100)]);
}

#[test]
fn a_polygon_that_covers_the_tile_becomes_the_tile_with_its_buffer() {
    let all = polygon(&[&[(-9e3, -9e3), (9e4, -9e3), (9e3, 9e3), (-9e3, 1e5)]]);
    assert_eq!(areas(&polygons(somewhere(), &all.into())), [4256.0 * 4256.0]);
    // Without an edge or a vertex near it, and with a hole elsewhere.
    let region = polygon(&[
        &[(-5e5, -5e5), (5e5, -5e5), (5e5, 5e5), (-5e5, 5e5)],
        &[(9e3, 9e3), (9e3, 8e3), (8e3, 8e3)],
    ]);
    assert_eq!(areas(&polygons(somewhere(), &region.into())), [4256.0 * 4256.0]);
}

#[test]
fn a_polygon_outside_is_not_there_even_when_it_surrounds_the_tile() {
    let beside = polygon(&[&[(4177.0, 0.0), (5000.0, 0.0), (5000.0, 100.0)]]);
    assert_eq!(roundtrip(somewhere(), &beside.into()), None);
    let around = polygon(&[
        &[(-9e3, -9e3), (9e3, -9e3), (9e3, 9e3), (-9e3, 9e3)],
        &[(-500.0, -500.0), (-500.0, 5e3), (5e3, 5e3), (5e3, -500.0)],
    ]);
    assert_eq!(roundtrip(somewhere(), &around.into()), None);
    let horseshoe = polygon(&[&[
        (-900.0, -900.0),
        (5e3, -900.0),
        (5e3, 5e3),
        (4900.0, 5e3),
        (4900.0, -800.0),
        (-800.0, -800.0),
        (-800.0, 5e3),
        (-900.0, 5e3),
    ]]);
    assert_eq!(roundtrip(somewhere(), &horseshoe.into()), None);
}

#[test]
fn the_legs_of_a_u_become_two_polygons() {
    let u = polygon(&[&[
        (-500.0, 100.0),
        (200.0, 100.0),
        (200.0, 200.0),
        (-400.0, 200.0),
        (-400.0, 300.0),
        (300.0, 300.0),
        (300.0, 400.0),
        (-500.0, 400.0),
    ]]);
    let mut legs = areas(&polygons(somewhere(), &u.into()));
    legs.sort_by(f64::total_cmp);
    assert_eq!(legs, [280.0 * 100.0, 380.0 * 100.0]);
}

#[test]
fn a_hole_that_touches_the_exterior_is_kept() {
    let shape = polygon(&[
        &[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)],
        &[(0.0, 50.0), (50.0, 60.0), (50.0, 40.0)],
    ]);
    let read = polygons(somewhere(), &shape.into());
    assert_eq!(read.0.len(), 1);
    assert_eq!(unsigned_area(&read), 1e4 - 500.0);
    // Rounded onto the border along a stretch, it opens it.
    let shape = polygon(&[
        &[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)],
        &[(0.2, 40.0), (0.2, 60.0), (50.0, 60.0), (50.0, 40.0)],
    ]);
    let read = polygons(somewhere(), &shape.into());
    assert_eq!((read.0.len(), read.0[0].interiors().len()), (1, 0));
    assert_eq!(unsigned_area(&read), 1e4 - 1000.0);
}

#[test]
fn a_hole_cut_by_the_buffer_becomes_a_bay() {
    let shape = polygon(&[
        &[(-1e3, -1e3), (1e3, -1e3), (1e3, 1e3), (-1e3, 1e3)],
        &[(-100.0, 0.0), (-100.0, 50.0), (100.0, 50.0), (100.0, 0.0)],
    ]);
    let read = polygons(somewhere(), &shape.into());
    assert_eq!((read.0.len(), read.0[0].interiors().len()), (1, 0));
    assert_eq!(unsigned_area(&read), 1080.0 * 1080.0 - 180.0 * 50.0);
}

#[test]
fn what_rounding_flattens_is_dropped() {
    for flat in [
        polygon(&[&[(10.1, 10.1), (10.3, 10.1), (10.2, 10.4)]]),
        polygon(&[&[(10.1, 10.1), (900.0, 10.1), (900.0, 10.4), (10.0, 10.4)]]),
        polygon(&[&[(10.0, 10.0), (500.0, 500.0), (500.2, 500.0), (10.2, 10.0)]]),
        // Rounding turns it inside out.
        polygon(&[&[(10.4, 10.4), (11.4, 11.6), (10.6, 10.45)]]),
    ] {
        let read = polygons(somewhere(), &flat.clone().into());
        assert!(unsigned_area(&read) <= 1.0, "{flat:?} became {read:?}");
    }
    let sliver = polygon(&[&[(10.0, 10.0), (500.0, 500.0), (500.2, 500.0), (10.2, 10.0)]]);
    assert_eq!(roundtrip(somewhere(), &sliver.into()), None);
}

#[test]
fn a_neck_that_rounding_closes_gives_two_parts() {
    let dumbbell = polygon(&[&[
        (0.0, 0.0),
        (100.0, 0.0),
        (100.0, 50.1),
        (200.0, 50.1),
        (200.0, 0.0),
        (300.0, 0.0),
        (300.0, 100.0),
        (200.0, 100.0),
        (200.0, 50.4),
        (100.0, 50.4),
        (100.0, 100.0),
        (0.0, 100.0),
    ]]);
    assert_eq!(areas(&polygons(somewhere(), &dumbbell.into())), [1e4, 1e4]);
}

#[test]
fn parts_that_begin_where_the_one_before_ended_are_not_fused() {
    // The case that the `mvt` crate 0.15 turns into one ring that crosses itself, from every starting vertex.
    let below = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
    let beyond = [(0.0, 10.0), (-10.0, 10.0), (-10.0, 20.0), (0.0, 20.0)];
    for i in 0..4 {
        for j in 0..4 {
            let (mut a, mut b) = (below, beyond);
            a.rotate_left(i);
            b.rotate_left(j);
            let both = MultiPolygon::new(vec![polygon(&[&a]), polygon(&[&b])]);
            assert_eq!(areas(&polygons(somewhere(), &both.into())), [100.0, 100.0]);
            let with_hole = polygon(&[&[(0.0, 10.0), (-60.0, 90.0), (60.0, 90.0)], &{
                let mut hole = [(0.0, 10.0), (5.0, 30.0), (-5.0, 30.0)];
                hole.rotate_left(j % 3);
                hole
            }]);
            assert_eq!(unsigned_area(&polygons(somewhere(), &with_hole.into())), 4800.0 - 100.0);
        }
    }
}

#[test]
fn lines_are_cut_at_the_buffer_and_keep_their_direction() {
    let line = LineString::from(vec![
        (-1000.0, 50.0),
        (100.0, 50.0),
        (100.0, -1000.0),
        (200.0, -1000.0),
        (200.0, 70.0),
    ]);
    let Some(Geometry::MultiLineString(read)) = roundtrip(somewhere(), &line.into()) else {
        panic!("no line")
    };
    let pairs = |line: &LineString<i32>| line.coords().map(|c| (c.x, c.y)).collect::<Vec<_>>();
    assert_eq!(pairs(&read.0[0]), [(-80, 50), (100, 50), (100, -80)]);
    assert_eq!(pairs(&read.0[1]), [(200, -80), (200, 70)]);
    assert_eq!(roundtrip(somewhere(), &LineString::from(vec![(5.1, 5.1), (5.2, 5.3)]).into()), None);
    assert_eq!(roundtrip(somewhere(), &LineString::from(vec![(-200.0, 0.0), (0.0, -200.0)]).into()), None);
}

#[test]
fn lines_that_continue_each_other_are_joined() {
    let parts = MultiLineString::new(vec![
        LineString::from(vec![(0.0, 0.0), (9.0, 9.0)]),
        LineString::from(vec![(9.2, 9.1), (20.0, 9.0)]),
        LineString::from(vec![(0.0, 0.0), (5.0, 9.0)]),
    ]);
    let Some(Geometry::MultiLineString(read)) = roundtrip(somewhere(), &parts.into()) else {
        panic!("no line")
    };
    assert_eq!(read.0.iter().map(|line| line.0.len()).collect::<Vec<_>>(), [3, 2]);
}

#[test]
fn a_point_lies_in_the_core_of_one_tile_and_the_buffer_of_its_neighbours() {
    for (x, y) in
        [(4096.0, 100.0), (4095.7, 100.0), (4095.4, 4096.0), (0.0, 0.0), (-0.4, 4120.0), (2000.0, 2000.0)]
    {
        let point = world(somewhere(), &Geometry::Point(Point(Coord { x, y })));
        let mut cores = 0;
        for column in 262..=264 {
            for row in 181..=183 {
                let Some(geometry) = cut(&point, tile(9, column, row)) else {
                    continue;
                };
                let at = geometry.vertices()[0];
                cores += usize::from((0..4096).contains(&at.x) && (0..4096).contains(&at.y));
            }
        }
        assert_eq!(cores, 1, "{x} {y}");
    }
    let near = world(somewhere(), &Geometry::Point(Point(Coord { x: 4176.4, y: 9.0 })));
    assert!(cut(&near, somewhere()).is_some());
    let far = world(somewhere(), &Geometry::Point(Point(Coord { x: 4176.6, y: 9.0 })));
    assert!(cut(&far, somewhere()).is_none());
}

#[test]
fn points_at_the_poles_and_the_antimeridian_still_have_a_tile() {
    for (lon, lat) in [(180.0, 0.0), (-180.0, 90.0), (180.0, -90.0), (540.0, -89.0)] {
        let point = WorldGeometry::from_lon_lat(&Geometry::Point(Point(Coord { x: lon, y: lat }))).unwrap();
        for z in [0, 3, 22] {
            let last = (1 << z) - 1;
            let column = if lon > 0.0 { last } else { 0 };
            let row = if lat > 80.0 {
                0
            } else if lat < -80.0 {
                last
            } else {
                1_u32.checked_shl(z).unwrap() / 2
            };
            let at = cut(&point, tile(z as u8, column, row)).unwrap().vertices()[0];
            assert!((0..4096).contains(&at.x) && (0..4096).contains(&at.y), "{at:?}");
        }
    }
}

#[test]
fn the_whole_world_fills_its_tile() {
    let whole = Rect::new(Coord { x: -180.0, y: -90.0 }, Coord { x: 180.0, y: 90.0 });
    let geometry = cut(&WorldGeometry::from_lon_lat(&whole.into()).unwrap(), TileCoord::WORLD).unwrap();
    assert_eq!(geometry.vertices().len(), 4);
    let Geometry::MultiPolygon(read) = geometry.to_geo() else { panic!("not polygons") };
    assert_eq!(unsigned_area(&read), 4096.0 * 4096.0);
}

#[test]
fn the_same_point_twice_is_one_point() {
    let points = MultiPoint::from(vec![(1.0, 1.0), (7.0, 7.0), (1.2, 0.9), (7.0, 7.0)]);
    let Some(Geometry::MultiPoint(read)) = roundtrip(somewhere(), &points.into()) else {
        panic!("no points")
    };
    assert_eq!(read.0.len(), 2);
}

#[test]
fn empty_geometries_are_in_no_tile_and_broken_ones_are_refused() {
    let empty = WorldGeometry::from_lon_lat(&MultiPolygon::<f64>::new(vec![]).into()).unwrap();
    assert_eq!(empty.bounds(), None);
    assert_eq!(cut(&empty, TileCoord::WORLD), None);
    let hollow =
        WorldGeometry::from_lon_lat(&Polygon::<f64>::new(LineString::new(vec![]), vec![]).into()).unwrap();
    assert_eq!(cut(&hollow, TileCoord::WORLD), None);
    let broken: Geometry = LineString::from(vec![(0.0, 0.0), (f64::NAN, 1.0)]).into();
    assert!(WorldGeometry::from_lon_lat(&broken).is_err());
    assert!(
        WorldGeometry::from_lon_lat(&Geometry::GeometryCollection(geo::GeometryCollection(vec![]))).is_err()
    );
}

#[test]
fn a_bow_tie_and_overlapping_parts_come_out_valid() {
    let bow = polygon(&[&[(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 90.0)]]);
    assert!(unsigned_area(&polygons(somewhere(), &bow.into())) > 0.0);
    let square = polygon(&[&[(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]]);
    let twice = MultiPolygon::new(vec![square.clone(), square]);
    assert_eq!(areas(&polygons(somewhere(), &twice.into())), [1e4]);
}

/// A star around a centre: simple whatever the radii. Units of the tile; many stars straddle its edge.
fn star(size: f64) -> impl Strategy<Value = Polygon<f64>> {
    let centre = (-300.0..4400.0, -300.0..4400.0);
    (centre, prop::collection::vec(0.05..1.0_f64, 3..60), 0.0..1.0_f64, 0.1..1.0_f64).prop_map(
        move |((x, y), radii, turn, scale)| {
            let n = radii.len() as f64;
            let ring = |share: f64| {
                let at = |(i, radius): (usize, &f64)| {
                    let angle = (i as f64 + turn) / n * std::f64::consts::TAU;
                    let reach = radius * size * scale * share;
                    Coord { x: x + reach * angle.cos(), y: y + reach * angle.sin() }
                };
                LineString::new(radii.iter().enumerate().map(at).collect())
            };
            let holes = if turn < 0.5 { vec![ring(0.4 + turn)] } else { vec![] };
            Polygon::new(ring(1.0), holes)
        },
    )
}

fn any_tile() -> impl Strategy<Value = TileCoord> {
    (0_u8..=22, any::<u32>(), any::<u32>()).prop_map(|(z, x, y)| tile(z, x % (1 << z), y % (1 << z)))
}

fn sizes() -> impl Strategy<Value = f64> {
    prop_oneof![Just(3.0), Just(12.0), Just(60.0), Just(900.0), Just(6000.0), Just(90_000.0)]
}

/// The exact clip to the tile and its buffer, and how long its border is.
fn expected_area(shape: &Polygon<f64>) -> (f64, f64) {
    let tile = Rect::new(Coord { x: -80.0, y: -80.0 }, Coord { x: 4176.0, y: 4176.0 }).to_polygon();
    let clipped = shape.intersection(&tile);
    let rings = clipped.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let perimeter: f64 = rings.map(|ring| Euclidean.length(ring)).sum();
    (clipped.unsigned_area(), perimeter)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn a_random_polygon_is_valid_in_its_tile_and_keeps_its_area(
        shape in sizes().prop_flat_map(star), place in any_tile(),
    ) {
        // Degrees hold a zoom of 22 to a hundredth of a unit; near the poles the inverse loses some more.
        let read = polygons(place, &shape.clone().into());
        // Beyond the world's edge vertices are clamped, which is not what the exact clip does.
        let world = |index: u32| (f64::from(index) * -4096.0, f64::from((1 << place.z()) - index) * 4096.0);
        let ((west, east), (north, south)) = (world(place.x()), world(place.y()));
        let bounds = shape.bounding_rect().unwrap();
        let (min, max) = (bounds.min(), bounds.max());
        if min.x >= west && max.x <= east && min.y >= north && max.y <= south {
            let (area, perimeter) = expected_area(&shape);
            // Each vertex moves by at most √½ units; a border cut at the buffer by half a unit more.
            let bound = 0.75 * perimeter + 2.0;
            prop_assert!((unsigned_area(&read) - area).abs() <= bound, "{} not {area} ± {bound}", unsigned_area(&read));
        }
    }

    #[test]
    fn random_parts_together_are_valid(
        shapes in prop::collection::vec(sizes().prop_flat_map(star), 1..6), place in any_tile(),
    ) {
        polygons(place, &MultiPolygon::new(shapes).into());
    }

    #[test]
    fn random_scribbles_are_made_valid(
        rings in prop::collection::vec(prop::collection::vec((-90.0..90.0_f64, -90.0..90.0_f64), 3..14), 1..4),
        shrink in 0.02..1.0_f64,
    ) {
        let scribble = |ring: &Vec<(f64, f64)>| {
            let shrunk: Vec<_> = ring.iter().map(|(x, y)| (x * shrink, y * shrink)).collect();
            Polygon::new(LineString::from(shrunk), vec![])
        };
        polygons(somewhere(), &MultiPolygon::new(rings.iter().map(scribble).collect()).into());
    }

    #[test]
    fn a_random_line_is_cut_inside_its_buffer(
        line in prop::collection::vec((-9e3..9e3_f64, -9e3..9e3_f64), 2..200), place in any_tile(),
    ) {
        roundtrip(place, &LineString::from(line).into());
    }

    #[test]
    fn cutting_twice_gives_the_same(shape in sizes().prop_flat_map(star), place in any_tile()) {
        let shape = world(place, &shape.into());
        prop_assert_eq!(cut(&shape, place), cut(&shape, place));
    }
}
