//! Where segments cross that should not.

use geo::Coord;

use super::lines::Lines;

/// The coarse grid points (2^`shift` units apart, `shift` ≥ 1) nearest to where two segments cross in the
/// middle of both, sorted.
///
/// Segments are dealt out to horizontal bands and swept from west to east in each: borders are made of short
/// segments, so that few have to be compared.
pub(crate) fn crossings(lines: &Lines, shift: u32) -> Vec<Coord<i32>> {
    let segments: Vec<[Coord<i32>; 2]> =
        lines.iter().flat_map(|line| line.array_windows().copied()).collect();
    let north = lines.vertices().iter().map(|v| v.y).min().unwrap_or_default();
    let south = lines.vertices().iter().map(|v| v.y).max().unwrap_or_default();
    let n_bands = (4 * segments.len().isqrt()).max(1) as u32;
    let height = (south.abs_diff(north) / n_bands).max(1);
    let band = |y: i32| y.abs_diff(north) / height;
    let mut spans: Vec<(u32, i32, i32, u32)> = Vec::with_capacity(segments.len() * 3 / 2);
    for (&[a, b], i) in segments.iter().zip(0..) {
        for band in band(a.y.min(b.y))..=band(a.y.max(b.y)) {
            spans.push((band, a.x.min(b.x), a.x.max(b.x), i));
        }
    }
    spans.sort_unstable();
    let mut found = Vec::new();
    for (rank, &(band, _, ends, i)) in spans.iter().enumerate() {
        let begun = spans[rank + 1..].iter().take_while(|s| s.0 == band && s.1 <= ends);
        for &(_, _, _, j) in begun {
            found.extend(crossing(segments[i as usize], segments[j as usize], shift));
        }
    }
    found.sort_unstable_by_key(|v: &Coord<i32>| (v.x, v.y));
    found.dedup();
    found
}

/// The coarse grid point nearest to where two segments cross; none when they do not, or where one of them
/// ends.
fn crossing([a, b]: [Coord<i32>; 2], [c, d]: [Coord<i32>; 2], shift: u32) -> Option<Coord<i32>> {
    if a.y.max(b.y) < c.y.min(d.y) || c.y.max(d.y) < a.y.min(b.y) {
        return None;
    }
    let turn = |p: Coord<i32>, q: Coord<i32>, r: Coord<i32>| -> i128 {
        let (px, py) = (i64::from(p.x), i64::from(p.y));
        i128::from(i64::from(q.x) - px) * i128::from(i64::from(r.y) - py)
            - i128::from(i64::from(q.y) - py) * i128::from(i64::from(r.x) - px)
    };
    let (c_side, d_side) = (turn(a, b, c), turn(a, b, d));
    if c_side.signum() * d_side.signum() >= 0 {
        return None;
    }
    let (a_side, b_side) = (turn(c, d, a), turn(c, d, b));
    if a_side.signum() * b_side.signum() >= 0 {
        return None;
    }
    // a + (b − a) · a_side ⁄ (a_side − b_side), the nearest grid point in whole numbers.
    let (along, whole) = if a_side > b_side { (a_side, a_side - b_side) } else { (-a_side, b_side - a_side) };
    let half = 1_i128 << (shift - 1);
    let place = |from: i32, to: i32| {
        let exact = i128::from(from) * whole + (i128::from(to) - i128::from(from)) * along;
        (exact + half * whole).div_euclid(whole << shift) as i32
    };
    Some(Coord { x: place(a.x, b.x), y: place(a.y, b.y) })
}
