//! Cuts paths at the edge of the tile's buffer, on the integer grid.

use geo::{Coord, Rect};

use crate::EXTENT;
use crate::mercator::TileGrid;
use crate::ring::{Ring, Vertex};
use crate::world::WorldPath;

/// What a tile holds beyond its own square on each side, in tile units: strokes and fills then meet across
/// tiles.
///
/// Within 64 of these units neighbouring tiles agree vertex for vertex. Nearer to the edge, where borders are
/// cut, a spike narrower than a unit may lose its tip.
pub const BUFFER: u16 = 80;

pub(crate) const LOW: i64 = -(BUFFER as i64);
pub(crate) const HIGH: i64 = EXTENT as i64 + BUFFER as i64;

/// Whether a grid point lies in the tile or its buffer, edges included.
pub(crate) fn holds(point: Coord<i64>) -> bool {
    (LOW..=HIGH).contains(&point.x) && (LOW..=HIGH).contains(&point.y)
}

/// The nearest point of the tile and its buffer.
pub(crate) fn clamp(point: Coord<i64>) -> Vertex {
    let clamp = |value: i64| value.clamp(LOW, HIGH) as i16;
    Coord { x: clamp(point.x), y: clamp(point.y) }
}

/// A ring squeezed into the tile: every point outside moves to the nearest point of the buffer's edge.
///
/// That move is a retraction, so inside the box the result winds around exactly what the ring winds around;
/// what was outside lies flat on the box's edge, where [`tidy`](crate::ring::tidy) and
/// [`repair`](crate::repair) remove it. Points where an edge enters or leaves are computed from that edge's
/// own two ends, in integers, and rounded: polygons that share an edge share them.
pub(crate) fn ring(path: &WorldPath, grid: TileGrid) -> Ring {
    let mut clipped = Ring::new();
    let Some(first) = path.first().filter(|_| !is_box_beyond(path.bounds(), grid)) else {
        return clipped;
    };
    let mut from = grid.round(first);
    clipped.push(clamp(from));
    for (bounds, mut vertices) in path.blocks() {
        if is_box_beyond(bounds, grid) {
            // All of it lands on one straight edge of the box: only where it ends matters.
            if let Some(last) = vertices.next_back() {
                from = grid.round(last);
                clipped.push(clamp(from));
            }
            continue;
        }
        for vertex in vertices {
            let to = grid.round(vertex);
            let whole = holds(from) && holds(to);
            if !whole && !is_beyond(from, to) {
                clipped.extend(Crossings::of(from, to).iter().map(|crossing| clamp(crossing.point)));
            }
            clipped.push(clamp(to));
            from = to;
        }
    }
    clipped
}

/// The parts of a line inside the tile and its buffer, each with two vertices or more and no segment of
/// length zero.
pub(crate) fn line(path: &WorldPath, grid: TileGrid, parts: &mut Vec<Ring>) {
    let Some(first) = path.first().filter(|_| !is_box_beyond(path.bounds(), grid)) else {
        return;
    };
    let mut from = grid.round(first);
    let mut part = Ring::new();
    for (bounds, mut vertices) in path.blocks() {
        if is_box_beyond(bounds, grid) {
            finish(&mut part, parts);
            if let Some(last) = vertices.next_back() {
                from = grid.round(last);
            }
            continue;
        }
        for vertex in vertices {
            let to = grid.round(vertex);
            if let Some((enters, leaves)) = inside(from, to) {
                if part.last() != Some(&enters) {
                    finish(&mut part, parts);
                    part.push(enters);
                }
                if enters != leaves {
                    part.push(leaves);
                }
            }
            from = to;
        }
    }
    finish(&mut part, parts);
}

fn finish(part: &mut Ring, parts: &mut Vec<Ring>) {
    if part.len() > 1 {
        parts.push(std::mem::take(part));
    }
    part.clear();
}

/// The part of a segment inside the box, its ends rounded to the grid.
fn inside(from: Coord<i64>, to: Coord<i64>) -> Option<(Vertex, Vertex)> {
    if holds(from) && holds(to) {
        return Some((clamp(from), clamp(to)));
    }
    if is_beyond(from, to) {
        return None;
    }
    let crossings = Crossings::of(from, to);
    let mut enters = holds(from).then(|| clamp(from));
    let mut leaves = holds(to).then(|| clamp(to));
    for crossing in crossings.iter().filter(|crossing| crossing.on_box) {
        enters = enters.or(Some(clamp(crossing.point)));
        if !holds(to) {
            leaves = Some(clamp(crossing.point));
        }
    }
    enters.zip(leaves)
}

/// Whether a segment lies beyond one side of the box: it cannot be seen, and lands flat on that side when
/// squeezed.
pub(crate) fn is_beyond(a: Coord<i64>, b: Coord<i64>) -> bool {
    let beyond = |a: i64, b: i64| a.max(b) < LOW || a.min(b) > HIGH;
    beyond(a.x, b.x) || beyond(a.y, b.y)
}

/// The same for a rectangle of the world. Rounding keeps order, so all the vertices in it lie beyond that
/// side too.
fn is_box_beyond(bounds: Rect<f64>, grid: TileGrid) -> bool {
    is_beyond(grid.round(bounds.min()), grid.round(bounds.max()))
}

/// Where a segment crosses the four lines that carry the box's edges, in the order it meets them.
pub(crate) struct Crossings([Option<Crossing>; 4]);

#[derive(Clone, Copy)]
pub(crate) struct Crossing {
    /// How far along the segment, as a fraction of non-negative numerator and positive denominator.
    along: (i64, i64),
    /// Rounded to the nearest grid point of the line.
    pub(crate) point: Coord<i64>,
    /// Whether the exact point, before rounding, is on the box.
    pub(crate) on_box: bool,
}

impl Crossings {
    pub(crate) fn of(from: Coord<i64>, to: Coord<i64>) -> Self {
        let mut found = [None; 4];
        for (slot, line) in found.iter_mut().zip([LOW, HIGH, LOW, HIGH].into_iter().enumerate()) {
            *slot = match line {
                (0 | 1, x) => crossing((from.x, from.y), (to.x, to.y), x),
                (_, y) => crossing((from.y, from.x), (to.y, to.x), y).map(|turned| Crossing {
                    point: Coord { x: turned.point.y, y: turned.point.x },
                    ..turned
                }),
            };
        }
        found.sort_by(|a, b| match (a, b) {
            (Some(a), Some(b)) => {
                let (left, right) = (wide(a.along.0) * wide(b.along.1), wide(b.along.0) * wide(a.along.1));
                left.cmp(&right)
            }
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        Self(found)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Crossing> {
        self.0.iter().flatten()
    }
}

/// Where the segment crosses or touches the line "first axis = `line`", ends included unless the segment lies
/// along it.
fn crossing(from: (i64, i64), to: (i64, i64), line: i64) -> Option<Crossing> {
    let across = to.0 - from.0;
    if across == 0 || line < from.0.min(to.0) || line > from.0.max(to.0) {
        return None;
    }
    let along = if across > 0 { (line - from.0, across) } else { (from.0 - line, -across) };
    // Exact: the numerator stays below 2^72. The quotient is the same whichever end the segment starts from.
    let denominator = wide(along.1);
    let numerator = wide(from.1) * denominator + wide(to.1 - from.1) * wide(along.0);
    let rounded = (2 * numerator + denominator).div_euclid(2 * denominator);
    Some(Crossing {
        along,
        point: Coord { x: line, y: rounded as i64 },
        on_box: (wide(LOW) * denominator..=wide(HIGH) * denominator).contains(&numerator),
    })
}

fn wide(value: i64) -> i128 {
    i128::from(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: i64, y: i64) -> Coord<i64> {
        Coord { x, y }
    }

    #[test]
    fn a_segment_is_cut_at_the_same_point_from_either_end() {
        for (a, b) in [((-100, 3), (900, 478)), ((4000, -7001), (5001, 9000)), ((-9999, -9998), (9001, 9002))]
        {
            let (a, b) = (at(a.0, a.1), at(b.0, b.1));
            let forward: Vec<_> = Crossings::of(a, b).iter().map(|c| c.point).collect();
            let mut backward: Vec<_> = Crossings::of(b, a).iter().map(|c| c.point).collect();
            backward.reverse();
            assert!(!forward.is_empty());
            assert_eq!(forward, backward);
        }
    }

    #[test]
    fn the_part_of_a_segment_inside_is_found() {
        let vertex = |x, y| Coord { x, y };
        assert_eq!(inside(at(-180, 0), at(20, 100)), Some((vertex(-80, 50), vertex(20, 100))));
        assert_eq!(inside(at(-1000, 50), at(9000, 50)), Some((vertex(-80, 50), vertex(4176, 50))));
        assert_eq!(inside(at(-1000, 5000), at(9000, 5000)), None);
        // Passes the corner at a distance.
        assert_eq!(inside(at(-200, 0), at(0, -200)), None);
        // Passes exactly through the corner.
        assert_eq!(inside(at(-160, 0), at(0, -160)), Some((vertex(-80, -80), vertex(-80, -80))));
    }

    #[test]
    fn far_away_ends_do_not_overflow() {
        let far = 1 << 34;
        assert_eq!(inside(at(-far, -far), at(far, far)).map(|(a, _)| a), Some(Coord { x: -80, y: -80 }));
    }
}
