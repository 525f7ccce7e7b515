//! Snap rounding: lines that meet at common vertices only are put on a coarser grid without crossing.
//!
//! Rounding each vertex alone lets borders cross: a vertex next to a border may land on its other side. Here
//! every grid point that a vertex rounds to is *hot*, and a segment that passes through the square around a
//! hot point is bent onto it. Then lines meet at vertices only, and what was on one side of a line is never
//! on its other side: it may only come to lie on it (Hobby, *Practical segment intersection with finite
//! precision output*, 1999). Bending may bring a segment into the square of another hot point, so it is done
//! again until nothing moves (Halperin and Packer, *Iterated snap rounding*, 2002): at the end no vertex lies
//! within half a unit, along an axis, of a segment that does not end there.

use geo::Coord;

use super::buckets::Buckets;
use super::crossing::crossings;
use super::lines::Lines;

/// How often lines may be bent; two rounds nearly always settle it.
const ROUNDS: usize = 16;

/// Lines that do not cross, on a grid 2^`shift` times coarser (`shift` ≥ 1); one for one, without repeated
/// vertices. A line that becomes a point keeps one vertex.
pub(crate) fn snap(lines: &Lines, shift: u32) -> Lines {
    round(lines, shift, &[])
}

/// The same for lines that may cross anywhere: where they do they get a vertex.
pub(crate) fn node(lines: &Lines, shift: u32) -> Lines {
    let mut noded = round(lines, shift, &crossings(lines, shift));
    for _ in 0..ROUNDS {
        // Only lines that crossed could, bent, cross again.
        let doubled = doubled(&noded);
        let found = crossings(&doubled, 1);
        if found.is_empty() {
            break;
        }
        noded = round(&doubled, 1, &found);
    }
    noded
}

/// Rounds vertices, then bends lines until none passes a hot point. Bending makes no new ones.
fn round(lines: &Lines, shift: u32, also_hot: &[Coord<i32>]) -> Lines {
    let hot = hot(lines, shift, also_hot);
    let mut settled = bend(lines, shift, &hot);
    for _ in 0..ROUNDS {
        let bent = bend(&doubled(&settled), 1, &hot);
        if bent == settled {
            break;
        }
        settled = bent;
    }
    settled
}

/// The points of the coarse grid that vertices round to, and others.
fn hot(lines: &Lines, shift: u32, also: &[Coord<i32>]) -> Buckets {
    let rounded = lines.vertices().iter().map(|v| (nearest(v.x, shift), nearest(v.y, shift)));
    let mut hot: Vec<(i32, i32)> = rounded.chain(also.iter().map(|v| (v.x, v.y))).collect();
    hot.sort_unstable();
    hot.dedup();
    Buckets::new(hot.into_iter().map(|(x, y)| (Coord { x, y }, 0)), cell(lines, shift))
}

/// Half a unit of the grid becomes one, so that squares around points have corners on a grid.
fn doubled(lines: &Lines) -> Lines {
    let mut doubled = Lines::default();
    for line in lines.iter() {
        doubled.push(line.iter().map(|v| Coord { x: 2 * v.x, y: 2 * v.y }));
    }
    doubled
}

/// Rounds vertices, and bends segments through the hot points whose squares they pass.
fn bend(lines: &Lines, shift: u32, hot: &Buckets) -> Lines {
    let round = |v: Coord<i32>| Coord { x: nearest(v.x, shift), y: nearest(v.y, shift) };
    let mut bent = Lines::default();
    let mut line_out: Vec<Coord<i32>> = Vec::new();
    let mut met: Vec<Coord<i32>> = Vec::new();
    for line in lines.iter() {
        line_out.clear();
        line_out.extend(line.first().map(|&v| round(v)));
        for &[a, b] in line.array_windows() {
            let (from, to) = (round(a), round(b));
            met.clear();
            // Squares reach half a unit, rounding moved the ends by no more.
            hot.find(&[from, to], 1, |point, _| {
                if point != from && point != to && passes(wide(a), wide(b), wide(point), shift) {
                    met.push(point);
                }
                false
            });
            // A segment meets squares in the order of both axes at once.
            let (east, south) = ((b.x - a.x).signum(), (b.y - a.y).signum());
            met.sort_unstable_by_key(|v| (east * v.x, south * v.y));
            for &vertex in met.iter().chain([&to]) {
                if line_out.last() != Some(&vertex) {
                    line_out.push(vertex);
                }
            }
        }
        bent.push(line_out.iter().copied());
    }
    bent
}

/// Bits of the cells in which hot points are looked for: a segment crosses one or two.
fn cell(lines: &Lines, shift: u32) -> u32 {
    let length = |[a, b]: &[Coord<i32>; 2]| u64::from(a.x.abs_diff(b.x)) + u64::from(a.y.abs_diff(b.y));
    let lengths = lines.iter().flat_map(|line| line.array_windows().map(length));
    let (n, whole) = lengths.fold((0, 0), |(n, whole), length| (n + 1, whole + length));
    ((whole >> shift) / u64::max(n, 1)).max(4).ilog2()
}

/// The nearest multiple of 2^`shift`, divided by it; halves go up.
pub(crate) const fn nearest(value: i32, shift: u32) -> i32 {
    ((value as i64 + (1 << (shift - 1))) >> shift) as i32
}

/// Whether the segment `a b` meets the square around a coarse grid point. Of the square's border, the west
/// and north sides belong to it, as in [`nearest`]; their far corners do not.
pub(crate) fn passes(a: Coord<i64>, b: Coord<i64>, point: Coord<i64>, shift: u32) -> bool {
    let (half, side) = (1_i64 << (shift - 1), 1_i64 << shift);
    let (west, north) = ((point.x << shift) - half, (point.y << shift) - half);
    let (east, south) = (west + side, north + side);
    let (p, q) = if a.x <= b.x { (a, b) } else { (b, a) };
    let (p, q) = (p.x_y(), q.x_y());
    if p.0 >= east || q.0 < west || p.1.min(q.1) >= south || p.1.max(q.1) < north {
        return false;
    }
    if p.0 == q.0 || p.1 == q.1 {
        return true;
    }
    // Which side of the line each corner is on; the line leaves the square's inside untouched when all four
    // are on one side. A line through a corner only touches the square, or passes through its inside:
    // which, its slope tells. Only the north-west corner belongs to the square.
    let side_of = |x: i64, y: i64| -> i32 {
        let turn = i128::from(q.0 - p.0) * i128::from(y - p.1) - i128::from(q.1 - p.1) * i128::from(x - p.0);
        turn.signum() as i32
    };
    let goes_south = q.1 > p.1;
    let north_west = side_of(west, north);
    if north_west == 0 {
        return true;
    }
    // With y down: south-west and north-east corners are met from outside by a line that goes south.
    let south_west = side_of(west, south);
    if south_west == 0 {
        return !goes_south;
    }
    let north_east = side_of(east, north);
    if north_east == 0 {
        return !goes_south;
    }
    let south_east = side_of(east, south);
    if south_east == 0 {
        return goes_south;
    }
    !(north_west == south_west && south_west == north_east && north_east == south_east)
}

fn wide(v: Coord<i32>) -> Coord<i64> {
    Coord { x: i64::from(v.x), y: i64::from(v.y) }
}
