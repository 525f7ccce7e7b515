//! Lattices of squares, spoiled and made whole.

use std::collections::BTreeSet;

use geo::Intersects;
use proptest::prelude::*;

use super::super::dissolve;
use super::*;

/// Squares in a row, and in a column.
const SIDE: usize = 6;

/// A side of a square, in steps of the grid: 1.1 km.
const STEP: i32 = 100_000;

/// The corner `i` east and `j` north, in steps.
fn corner(i: usize, j: usize) -> [i32; 2] {
    let steps = |n: usize| i32::try_from(n).expect("a small number") * STEP;
    [50_000_000 + steps(i), 460_000_000 + steps(j)]
}

fn degrees([x, y]: [i32; 2]) -> Coord {
    Vertex { x, y }.coord()
}

/// A world of squares, each a ring that a test may spoil.
#[derive(Debug, Clone)]
struct Lattice(Vec<Vec<[i32; 2]>>);

impl Lattice {
    fn whole() -> Self {
        let square = |n: usize| {
            let (i, j) = (n % SIDE, n / SIDE);
            vec![corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]
        };
        Self((0..SIDE * SIDE).map(square).collect())
    }

    /// A corner as one of its squares has it, elsewhere: the others keep it.
    fn move_corner(&mut self, square: usize, at: [i32; 2], by: [i32; 2]) {
        for vertex in self.0[square].iter_mut().filter(|vertex| **vertex == at) {
            *vertex = [at[0] + by[0], at[1] + by[1]];
        }
    }

    /// A vertex more on the south side of a square, which its neighbour lacks.
    fn bend_south(&mut self, square: usize, along: i32, off: i32) {
        let [x, y] = self.0[square][0];
        self.0[square].insert(1, [x + along, y + off]);
    }

    fn shapes(&self) -> Vec<MultiPolygon> {
        let ring = |ring: &Vec<[i32; 2]>| ring.iter().map(|at| degrees(*at)).collect::<LineString>();
        let shape =
            |r: &Vec<[i32; 2]>| if r.is_empty() { Vec::new() } else { vec![Polygon::new(ring(r), vec![])] };
        self.0.iter().map(|r| MultiPolygon::new(shape(r))).collect()
    }
}

/// Gaps go to the neighbour with the longest border.
fn nearest(gap: &Gap) -> Vec<usize> {
    gap.neighbours.iter().map(|(shape, _)| *shape).collect()
}

/// The area of the whole lattice, in square degrees.
fn whole() -> f64 {
    (SIDE * SIDE) as f64 * (f64::from(STEP) / 1e7).powi(2)
}

/// Judged another way: by areas, by the validity of each, and by points, each in one shape.
fn assert_coverage(shapes: &[MultiPolygon]) {
    for shape in shapes {
        assert!(shape.is_valid(), "{shape:?}");
    }
    let outline = dissolve(shapes);
    assert_eq!((outline.0.len(), outline.0[0].interiors().len()), (1, 0), "one piece, no hole");
    let sum: f64 = shapes.iter().map(Area::unsigned_area).sum();
    assert!((sum - whole()).abs() < 1e-9, "{sum}");
    assert!((outline.unsigned_area() - whole()).abs() < 1e-9);
    for n in 0..400 {
        // Steps of primes, so that no point is on a border.
        let at = |n: i32, step: i32, first: i32| {
            first + 1 + (n * step) % (corner(SIDE, 0)[0] - corner(0, 0)[0] - 2)
        };
        let point = degrees([at(n, 7_919, 50_000_000), at(n, 104_729, 460_000_000)]);
        assert_eq!(shapes.iter().filter(|shape| shape.intersects(&point)).count(), 1, "{point:?}");
    }
}

#[test]
fn a_coverage_comes_back_bit_for_bit() {
    let mut shapes = Lattice::whole().shapes();
    assert_eq!(clean(&mut shapes, |_| unreachable!("no gap")), []);
    assert_eq!(shapes, Lattice::whole().shapes());
}

#[test]
fn a_vertex_on_one_side_of_a_border_comes_to_the_other_or_goes() {
    let mut lattice = Lattice::whole();
    lattice.bend_south(14, 40_000, 0);
    let mut shapes = lattice.shapes();
    let repairs = clean(&mut shapes, nearest);
    assert_eq!(repairs.len(), 1);
    assert_eq!((repairs[0].fault, repairs[0].area_m2 < 1e-6), (Fault::Border, true));
    assert_coverage(&shapes);
}

#[test]
fn an_overlap_is_taken_from_the_shape_with_the_longest_part_of_it() {
    // The square 14 is south-west of its corner: moved to the north-east, it covers a part of three others.
    let mut lattice = Lattice::whole();
    lattice.move_corner(14, corner(3, 3), [30_000, 20_000]);
    let mut shapes = lattice.shapes();
    let repairs = clean(&mut shapes, nearest);
    assert_eq!(repairs.len(), 1);
    let Repair { fault, area_m2, shape, ref others, .. } = repairs[0];
    assert_eq!((fault, shape, others.len()), (Fault::Overlap, Some(14), 2));
    // Two triangles of a side and 20,000 or 30,000 steps of height, at latitude 46.
    let expected =
        (20_000.0 + 30_000.0) * f64::from(STEP) / 2.0 * (DEGREE / 1e7).powi(2) * 46.03_f64.to_radians().cos();
    assert!((area_m2 / expected - 1.0).abs() < 1e-3, "{area_m2} {expected}");
    assert_coverage(&shapes);
}

#[test]
fn a_hole_is_kept_or_goes_to_the_shape_said() {
    let mut lattice = Lattice::whole();
    lattice.0[14].clear();
    let mut kept = lattice.shapes();
    let mut asked = Vec::new();
    let repairs = clean(&mut kept, |gap| {
        asked.push(gap.clone());
        Vec::new()
    });
    assert_eq!((repairs.len(), asked.len()), (0, 1));
    assert_eq!(kept, lattice.shapes());
    let around: BTreeSet<usize> = asked[0].neighbours.iter().map(|(shape, _)| *shape).collect();
    assert_eq!(around, [8, 13, 15, 20].into());
    assert!((asked[0].area_m2 / (1111.95 * 1111.95 * 46.02_f64.to_radians().cos()) - 1.0).abs() < 1e-3);

    for owner in [8, 14] {
        let mut filled = lattice.shapes();
        let repairs = clean(&mut filled, |_| vec![owner]);
        assert_eq!((repairs[0].fault, repairs[0].shape), (Fault::Gap, Some(owner)));
        assert_coverage(&filled);
    }
}

#[test]
fn an_island_in_a_hole_keeps_its_ground_and_is_a_neighbour() {
    // Nine squares but the middle one are missing: eight around an island.
    let mut lattice = Lattice::whole();
    for missing in [7, 8, 9, 13, 15, 19, 20, 21] {
        lattice.0[missing].clear();
    }
    let mut shapes = lattice.shapes();
    let repairs = clean(&mut shapes, |gap| {
        assert!(gap.neighbours.iter().any(|(shape, _)| *shape == 14));
        assert_eq!(gap.outline.interiors().len(), 1);
        vec![14]
    });
    assert_eq!(repairs.len(), 1);
    assert_coverage(&shapes);
    assert!((shapes[14].unsigned_area() / whole() - 9.0 / 36.0).abs() < 1e-9);
}

#[test]
fn a_shape_drawn_over_another_that_holds_it_leaves_it_whole() {
    let mut shapes = Lattice::whole().shapes();
    let [x, y] = corner(2, 2);
    let ring = [[x + 1000, y + 1000], [x + 9000, y + 1000], [x + 9000, y + 9000], [x + 1000, y + 9000]];
    let ring: LineString = ring.into_iter().map(degrees).collect();
    shapes.push(Polygon::new(ring, vec![]).into());
    let enclave = shapes[36].clone();
    let repairs = clean(&mut shapes, nearest);
    assert_eq!((repairs[0].fault, repairs[0].shape), (Fault::Overlap, Some(14)));
    assert_eq!((shapes[36].clone(), shapes[14].0[0].interiors().len()), (enclave, 1));
    assert_coverage(&shapes);
}

#[test]
fn a_shape_drawn_twice_is_left_and_said_so() {
    let mut shapes = Lattice::whole().shapes();
    shapes.push(shapes[14].clone());
    let before = shapes.clone();
    let repairs = clean(&mut shapes, nearest);
    assert_eq!(repairs.iter().map(|repair| repair.shape).collect::<Vec<_>>(), [None]);
    assert_eq!(shapes, before);
}

#[test]
fn a_bay_open_to_the_sea_is_no_gap() {
    let mut lattice = Lattice::whole();
    lattice.0[2].clear();
    let mut shapes = lattice.shapes();
    assert_eq!(clean(&mut shapes, |_| unreachable!("no gap")), []);
}

#[test]
fn vertices_off_the_grid_are_rounded_alike() {
    let mut shapes = Lattice::whole().shapes();
    for shape in &mut shapes {
        *shape = geo::MapCoords::map_coords(shape, |c: Coord| Coord { x: c.x + 3e-9, y: c.y - 2e-9 });
    }
    assert_eq!(clean(&mut shapes, nearest), []);
    assert_eq!(shapes, Lattice::whole().shapes());
}

/// What spoils a lattice: corners whose two numbers are odd moved in one square, sides on even lines bent,
/// an inner square left out; none of them touches another.
fn spoiled() -> impl Strategy<Value = Lattice> {
    let by = || -30_000..30_000_i32;
    let moves = prop::collection::btree_map((0..3_usize, 0..3_usize), (0..4_usize, by(), by()), 0..9);
    let bends = prop::collection::btree_map((0..SIDE, 1..3_usize), (1..STEP, -20_000..20_000_i32), 0..8);
    (moves, bends, prop::option::of((1..SIDE - 1, 1..SIDE - 1))).prop_map(|(moves, bends, left_out)| {
        let mut lattice = Lattice::whole();
        for ((i, j), (square, dx, dy)) in moves {
            let (i, j) = (2 * i + 1, 2 * j + 1);
            if left_out.is_none_or(|(a, b)| !(a..=a + 1).contains(&i) || !(b..=b + 1).contains(&j)) {
                let square = (i - square % 2) + (j - square / 2) * SIDE;
                lattice.move_corner(square, corner(i, j), [dx, dy]);
            }
        }
        for ((i, line), (along, off)) in bends {
            let j = 2 * line;
            if left_out.is_none_or(|(a, b)| a != i || (b != j && b + 1 != j)) {
                lattice.bend_south(i + j * SIDE, along, off);
            }
        }
        if let Some((a, b)) = left_out {
            lattice.0[a + b * SIDE].clear();
        }
        lattice
    })
}

proptest! {
    #[test]
    fn what_is_spoiled_comes_out_a_coverage_of_the_same_ground(lattice in spoiled()) {
        let mut shapes = lattice.shapes();
        let repairs = clean(&mut shapes, nearest);
        prop_assert!(repairs.iter().all(|repair| repair.shape.is_some()), "{repairs:?}");
        assert_coverage(&shapes);
        let once = shapes.clone();
        prop_assert_eq!(clean(&mut shapes, nearest), []);
        prop_assert_eq!(shapes, once);
    }

    #[test]
    fn whatever_the_shapes_none_becomes_invalid_or_goes(
        moves in prop::collection::vec((0..36_usize, 0..4_usize, -90_000..90_000_i32, -90_000..90_000_i32), 0..60),
    ) {
        let mut lattice = Lattice::whole();
        for (square, vertex, dx, dy) in moves {
            let at = lattice.0[square][vertex];
            lattice.move_corner(square, at, [dx, dy]);
        }
        let before = lattice.shapes();
        let mut shapes = before.clone();
        clean(&mut shapes, nearest);
        for (old, new) in before.iter().zip(&shapes) {
            prop_assert!(new.is_valid() || !old.is_valid());
            prop_assert!(new.unsigned_area() >= old.unsigned_area() / 16.0);
        }
    }
}
