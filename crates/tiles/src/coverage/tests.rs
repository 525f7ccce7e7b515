//! Random maps whose borders wind, touch and enclose, drawn at every zoom and judged by brute force.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Coord, LineString, MultiPolygon, Polygon, polygon};
use proptest::prelude::*;

use super::*;
use crate::clip::{HIGH, LOW};
use crate::ring::{Unit, turn, twice_area};
use crate::{TileCoord, TileGeometry};

/// Cells along each side of a map.
const N: usize = 12;

/// A map: which row each cell of a bent lattice belongs to, none for the sea.
#[derive(Debug, Clone)]
struct Map {
    rows: Vec<Option<u32>>,
    nudges: Vec<(f64, f64)>,
    /// Degrees across a cell.
    side: f64,
    corner: (f64, f64),
}

impl Map {
    fn node(&self, column: usize, row: usize) -> Coord {
        let (east, north) = self.nudges[row * (N + 1) + column];
        Coord {
            x: self.corner.0 + (column as f64 + east) * self.side,
            y: self.corner.1 + (row as f64 + north) * self.side,
        }
    }

    fn shapes(&self) -> Vec<MultiPolygon> {
        let n_rows = self.rows.iter().flatten().max().map_or(0, |row| *row as usize + 1);
        let mut shapes = vec![MultiPolygon::new(Vec::new()); n_rows];
        for (cell, row) in self.rows.iter().enumerate() {
            let Some(row) = *row else { continue };
            let (x, y) = (cell % N, cell / N);
            let corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)];
            let ring: LineString = corners.into_iter().map(|(x, y)| self.node(x, y)).collect();
            shapes[row as usize].0.push(Polygon::new(ring, Vec::new()));
        }
        shapes
    }

    fn coverage(&self) -> Coverage {
        let shapes = self.shapes();
        Coverage::new(&shapes.iter().collect::<Vec<_>>()).expect("finite")
    }
}

fn map() -> impl Strategy<Value = Map> {
    let rows = prop::collection::vec(prop::option::weighted(0.9, 0u32..9), N * N);
    let nudges = prop::collection::vec((-0.3f64..0.3, -0.3f64..0.3), (N + 1) * (N + 1));
    // From cells of some metres to cells of a département.
    (rows, nudges, -4.0f64..0.0, (-6.0f64..9.0, 41.0f64..51.0)).prop_map(|(rows, nudges, size, corner)| Map {
        rows,
        nudges,
        side: 10f64.powf(size),
        corner,
    })
}

fn all(n: usize) -> Vec<Option<u32>> {
    (0..n as u32).map(Some).collect()
}

/// Rings of rows, each walked with its inside on the same side.
fn judge<T: Unit + std::fmt::Debug>(shapes: &[(u32, Vec<Vec<Coord<T>>>)]) {
    // Each edge by its two ends.
    type Edge<T> = ((T, T), (T, T));
    let mut walked: BTreeMap<Edge<T>, Vec<(u32, bool)>> = BTreeMap::new();
    for (row, rings) in shapes {
        for ring in rings {
            assert!(ring.len() > 2 && twice_area(ring) != 0, "row {row}: {ring:?}");
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let (a, b) = ((a.x, a.y), (b.x, b.y));
                assert!(a != b, "row {row}: {a:?} twice");
                walked.entry((a.min(b), a.max(b))).or_default().push((*row, a < b));
            }
        }
        let area: i64 = rings.iter().map(|ring| twice_area(ring)).sum();
        assert!(area > 0, "row {row} covers {area}");
    }
    for (edge, sides) in &walked {
        let ok = match sides[..] {
            [_] => true,
            [(p, p_way), (q, q_way)] => p != q && p_way != q_way,
            _ => false,
        };
        assert!(ok, "{edge:?} is a border of {sides:?}");
    }
    let edges: Vec<[Coord<T>; 2]> =
        walked.keys().map(|&((ax, ay), (bx, by))| [Coord { x: ax, y: ay }, Coord { x: bx, y: by }]).collect();
    for (i, &[a, b]) in edges.iter().enumerate() {
        for &[c, d] in &edges[i + 1..] {
            if a.y.max(b.y) < c.y.min(d.y) || c.y.max(d.y) < a.y.min(b.y) || b.x < c.x || d.x < a.x {
                continue;
            }
            let sides = |p, q, r, s| (turn(p, q, r).signum(), turn(p, q, s).signum());
            let ((c_side, d_side), (a_side, b_side)) = (sides(a, b, c, d), sides(c, d, a, b));
            assert!(c_side * d_side >= 0 || a_side * b_side >= 0, "{a:?} {b:?} crosses {c:?} {d:?}");
            for (side, at, from, to) in
                [(c_side, c, a, b), (d_side, d, a, b), (a_side, a, c, d), (b_side, b, c, d)]
            {
                let on_it = side == 0
                    && at != from
                    && at != to
                    && (from.x.min(to.x)..=from.x.max(to.x)).contains(&at.x)
                    && (from.y.min(to.y)..=from.y.max(to.y)).contains(&at.y);
                assert!(!on_it, "{at:?} lies on {from:?} {to:?}");
            }
        }
    }
}

fn judge_level(level: &Level) {
    let rings = |shape: level::Shape<'_>| shape.rings().map(|ring| ring.vertices.to_vec()).collect();
    judge(&level.shapes().map(|shape| (shape.row, rings(shape))).collect::<Vec<_>>());
}

fn judge_tile(cut: &[(u32, TileGeometry)]) {
    let rings = |geometry: &TileGeometry| geometry.parts().map(<[_]>::to_vec).collect();
    judge(&cut.iter().map(|(row, geometry)| (*row, rings(geometry))).collect::<Vec<_>>());
    for (row, geometry) in cut {
        let exact = geo::MapCoords::map_coords(&geometry.to_geo(), |c| Coord {
            x: f64::from(c.x),
            y: f64::from(c.y),
        });
        assert!(geo::Validation::is_valid(&exact), "row {row}: {exact:?}");
    }
}

/// The tile of a zoom that holds a place, and those around.
fn tiles_around(at: Coord, zoom: u8) -> Vec<TileCoord> {
    let world = crate::mercator::WorldCoord::from_lon_lat(at).expect("finite");
    let side = f64::from(1_u32 << zoom);
    let (x, y) = ((world.x() * side) as u32, (world.y() * side) as u32);
    let around = |v: u32| v.saturating_sub(1)..=v + 1;
    around(x).flat_map(|x| around(y).filter_map(move |y| TileCoord::new(zoom, x, y).ok())).collect()
}

/// Vertices of a feature less than 64 units from the squares of two neighbours, in units of the whole zoom.
fn shared(geometry: Option<&TileGeometry>, of: TileCoord, with: TileCoord) -> BTreeSet<(i64, i64)> {
    let vertices = geometry.map(TileGeometry::vertices).unwrap_or_default();
    let corner = |tile: TileCoord| (i64::from(tile.x()) * 4096, i64::from(tile.y()) * 4096);
    let whole = |v: &Coord<i16>| (i64::from(v.x) + corner(of).0, i64::from(v.y) + corner(of).1);
    let inside = |v: &(i64, i64), tile: TileCoord| {
        let (x, y) = (v.0 - corner(tile).0, v.1 - corner(tile).1);
        LOW + 16 < x && x < HIGH - 16 && LOW + 16 < y && y < HIGH - 16
    };
    vertices.iter().map(whole).filter(|v| inside(v, of) && inside(v, with)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_border_crosses_touches_or_is_left_alone_at_any_zoom(map in map()) {
        let coverage = map.coverage();
        for zoom in 0..=FINEST {
            judge_level(&coverage.level(zoom, &all(9)));
        }
    }

    #[test]
    fn nor_in_a_tile_and_neighbouring_tiles_agree_vertex_for_vertex(map in map(), zoom in 0u8..17) {
        let coverage = map.coverage();
        let level = coverage.level(zoom, &all(9));
        let tiles = tiles_around(map.node(N / 2, N / 2), zoom);
        let cuts: Vec<BTreeMap<u32, TileGeometry>> = tiles.iter().map(|&tile| {
            let cut = level.cut(tile);
            judge_tile(&cut);
            cut.into_iter().collect()
        }).collect();
        for (i, &p) in tiles.iter().enumerate() {
            for (j, &q) in tiles.iter().enumerate().skip(i + 1) {
                for row in 0..9 {
                    prop_assert_eq!(shared(cuts[i].get(&row), p, q), shared(cuts[j].get(&row), q, p));
                }
            }
        }
    }

    #[test]
    fn groups_are_drawn_with_the_borders_of_their_members(map in map(), zoom in 0u8..14) {
        let coverage = map.coverage();
        let thirds: Vec<Option<u32>> = (0..9).map(|row| (row != 4).then_some(row / 3)).collect();
        judge_level(&coverage.level(zoom, &thirds));
    }

    #[test]
    fn at_the_finest_zoom_the_ground_is_that_given(map in map()) {
        // Cells of a hundred metres or more: roundings to a metre are small against them.
        prop_assume!(map.side > 0.001);
        let level = map.coverage().level(FINEST, &all(9));
        let drawn: BTreeMap<u32, i64> = level
            .shapes()
            .map(|shape| (shape.row, shape.rings().map(|ring| twice_area(ring.vertices)).sum()))
            .collect();
        let across = f64::from(1_u32 << (12 + FINEST));
        for (row, shape) in map.shapes().iter().enumerate() {
            let world = |c: &Coord| crate::mercator::WorldCoord::from_lon_lat(*c).expect("finite");
            let exact: f64 = shape.iter().map(|cell| {
                let corners: Vec<_> = cell.exterior().coords().map(world).collect();
                let twice = |[a, b]: &[crate::mercator::WorldCoord; 2]| a.x() * b.y() - b.x() * a.y();
                corners.array_windows().map(twice).sum::<f64>().abs() * across * across
            }).sum();
            let drawn = drawn.get(&(row as u32)).copied().unwrap_or_default() as f64;
            // Each border may move by half a unit on each axis.
            let border = 4.0 * shape.0.len() as f64 * 1.7 * map.side / 360.0 * across * 1.7;
            prop_assert!((drawn - exact).abs() <= border + 8.0, "row {}: {} against {}", row, drawn, exact);
        }
    }
}

#[test]
fn shapes_given_vertex_by_vertex_apart_share_their_border_all_the_same() {
    // The neighbour has one vertex more on the common border.
    let west = polygon![(x: 2.0, y: 45.0), (x: 3.0, y: 45.0), (x: 3.0, y: 46.0), (x: 2.0, y: 46.0)];
    let east = polygon![(x: 3.0, y: 45.0), (x: 4.0, y: 45.0), (x: 4.0, y: 46.0), (x: 3.0, y: 46.0), (x: 3.0, y: 45.6)];
    let coverage = Coverage::new(&[&west.into(), &east.into()]).expect("finite");
    for zoom in 0..=FINEST {
        let level = coverage.level(zoom, &all(2));
        judge_level(&level);
        assert_eq!(
            level.rows().collect::<Vec<_>>(),
            if zoom == 0 { level.rows().collect() } else { vec![0, 1] }
        );
    }
}

#[test]
fn a_small_island_goes_to_the_sea_and_a_small_enclave_to_what_is_around_it() {
    let square = |x: f64, y: f64, side: f64| -> Polygon {
        polygon![(x: x, y: y), (x: x + side, y: y), (x: x + side, y: y + side), (x: x, y: y + side)]
    };
    // Row 0 has an island and a hole that row 1 fills; the largest part of row 1 is elsewhere.
    let hole = square(2.5, 45.5, 0.001);
    let land = Polygon::new(square(2.0, 45.0, 1.0).exterior().clone(), vec![hole.exterior().clone()]);
    let row_0 = MultiPolygon::new(vec![land, square(1.9, 45.0, 0.001)]);
    let row_1 = MultiPolygon::new(vec![hole, square(3.5, 45.0, 0.1)]);
    let coverage = Coverage::new(&[&row_0, &row_1]).expect("finite");
    let rings = |zoom: u8| -> Vec<usize> {
        coverage.level(zoom, &all(2)).shapes().map(|shape| shape.rings().count()).collect()
    };
    assert_eq!(rings(6), [1, 1]);
    assert_eq!(rings(13), [3, 2]);
    // A shape that is nothing but a small island stays as long as rounding lets it.
    let alone = Coverage::new(&[&square(1.9, 45.0, 0.01).into()]).expect("finite");
    assert_eq!(alone.level(4, &all(1)).rows().count(), 1);
}

#[test]
fn what_is_not_finite_is_refused() {
    let shape: MultiPolygon = polygon![(x: 2.0, y: f64::NAN), (x: 3.0, y: 45.0), (x: 3.0, y: 46.0)].into();
    assert!(matches!(Coverage::new(&[&shape]), Err(Unprojectable::NotFinite { .. })));
}

#[test]
fn nothing_is_drawn_of_nothing() {
    let nothing = MultiPolygon::new(Vec::new());
    assert_eq!(Coverage::new(&[&nothing]).expect("finite").level(5, &all(1)).rows().count(), 0);
    assert_eq!(Coverage::new(&[]).expect("finite").level(5, &[]).rows().count(), 0);
}
