//! What a tile and its buffer hold of a level.
//!
//! Cut at the edge of the buffer, borders get new vertices there, rounded to the grid. They are hot points as
//! in [`snap`](super::snap): each border that passes one is bent onto it, so that shapes cut at the edge still
//! share their borders. No other vertex of the level moves.

use geo::Coord;

use super::level::{BLOCK, Bounds, Level, Ring, Shape, net};
use super::snap::passes;
use crate::TileCoord;
use crate::clip::{Crossings, HIGH, LOW, clamp, holds, is_beyond};
use crate::mercator::TileGrid;
use crate::ring::{Rings, Vertex};
use crate::shape::TileGeometry;
use crate::trace::{self, Border};

impl Level {
    /// What a tile and its buffer of [`BUFFER`](crate::BUFFER) units hold: rows, ascending, with their shape.
    ///
    /// The tile is of this zoom, or deeper when this is [`FINEST`](super::FINEST). All shapes of a tile
    /// together are valid, and share their borders vertex for vertex; so do those of neighbouring tiles where
    /// both see them, within 64 units of their squares.
    pub fn cut(&self, tile: TileCoord) -> Vec<(u32, TileGeometry)> {
        let window = Window::of(tile, self.zoom);
        let mut at_zoom = tile;
        while let Some(parent) = at_zoom.parent().filter(|parent| parent.z() >= self.zoom) {
            at_zoom = parent;
        }
        let seen: Vec<Shape<'_>> = self.near(at_zoom).filter(|shape| window.sees(shape.bounds)).collect();
        let (whole, cut): (Vec<Shape<'_>>, Vec<Shape<'_>>) =
            seen.into_iter().partition(|shape| window.holds(shape.bounds));
        let hot = window.hot(&cut);
        let mut found: Vec<(u32, TileGeometry)> = Vec::with_capacity(whole.len() + cut.len());
        let whole = whole.into_iter().map(|shape| (shape.row, window.whole(shape)));
        let cut = cut.into_iter().map(|shape| (shape.row, window.clip(shape, &hot)));
        for (row, polygons) in whole.chain(cut) {
            found.extend(TileGeometry::polygons(polygons).map(|geometry| (row, geometry)));
        }
        found.sort_unstable_by_key(|(row, _)| *row);
        found
    }
}

/// The square of a tile and its buffer on the grid of a level.
struct Window {
    origin: Coord<i64>,
    /// Units of the tile to one of the level, as a power of two.
    finer: u32,
}

/// Points on the four lines of the box's edge where a border is cut, and the corners: along each of the west,
/// east, north and south lines, ascending.
struct Hot([Vec<i64>; 4]);

/// The lines of the box's edge: on which axis they cut, and where.
const EDGES: [(Axis, i64); 4] = [(Axis::X, LOW), (Axis::X, HIGH), (Axis::Y, LOW), (Axis::Y, HIGH)];

#[derive(Clone, Copy)]
enum Axis {
    X,
    Y,
}

impl Axis {
    /// The coordinate along this axis, and along the other.
    const fn of<T: Copy + geo::CoordNum>(self, at: Coord<T>) -> (T, T) {
        match self {
            Self::X => (at.x, at.y),
            Self::Y => (at.y, at.x),
        }
    }

    const fn point(self, across: i64, along: i64) -> Coord<i64> {
        match self {
            Self::X => Coord { x: across, y: along },
            Self::Y => Coord { x: along, y: across },
        }
    }
}

impl Window {
    fn of(tile: TileCoord, zoom: u8) -> Self {
        Self { origin: TileGrid::of(tile).origin(), finer: u32::from(tile.z().saturating_sub(zoom)) }
    }

    fn place(&self, at: Coord<i32>) -> Coord<i64> {
        Coord {
            x: (i64::from(at.x) << self.finer) - self.origin.x,
            y: (i64::from(at.y) << self.finer) - self.origin.y,
        }
    }

    fn sees(&self, bounds: Bounds) -> bool {
        !is_beyond(self.place(bounds.low), self.place(bounds.high))
    }

    fn holds(&self, bounds: Bounds) -> bool {
        holds(self.place(bounds.low)) && holds(self.place(bounds.high))
    }

    fn whole(&self, shape: Shape<'_>) -> Vec<Rings> {
        let ring = |ring: &Ring<'_>| ring.vertices.iter().map(|&v| clamp(self.place(v))).collect();
        shape.polygons().iter().map(|rings| rings.iter().map(ring).collect()).collect()
    }

    /// Where the borders of some shapes cross the edge of the box.
    fn hot(&self, shapes: &[Shape<'_>]) -> Hot {
        let mut hot: [Vec<i64>; 4] = std::array::from_fn(|_| vec![LOW, HIGH]);
        let mut crossed = |from: Coord<i64>, to: Coord<i64>| {
            if is_beyond(from, to) || holds(from) && holds(to) {
                return;
            }
            for crossing in Crossings::of(from, to).iter().filter(|crossing| crossing.on_box) {
                for (line, &(axis, at)) in EDGES.iter().enumerate() {
                    let (across, along) = axis.of(crossing.point);
                    if across == at {
                        hot[line].push(along);
                    }
                }
            }
        };
        for ring in shapes.iter().flat_map(|shape| shape.rings()) {
            self.walk(ring, |from, to, seen| {
                if seen {
                    crossed(from, to);
                }
            });
        }
        for line in &mut hot {
            line.sort_unstable();
            line.dedup();
        }
        Hot(hot)
    }

    /// Walks the edges of a ring; those of a block that lies beyond one side of the box as one, not seen.
    fn walk(&self, ring: Ring<'_>, mut edge: impl FnMut(Coord<i64>, Coord<i64>, bool)) {
        let n = ring.vertices.len();
        let vertex = |i: usize| self.place(ring.vertices[if i < n { i } else { 0 }]);
        for (block, &bounds) in ring.blocks.iter().enumerate() {
            let (start, end) = (block * BLOCK, ((block + 1) * BLOCK).min(n));
            if self.sees(bounds) {
                let mut from = vertex(start);
                for i in start..end {
                    let to = vertex(i + 1);
                    edge(from, to, true);
                    from = to;
                }
            } else {
                edge(vertex(start), vertex(end), false);
            }
        }
    }

    /// A shape squeezed into the box: what lies outside moves to the nearest point of the box's edge, where
    /// it is walked both ways and cancels.
    fn clip(&self, shape: Shape<'_>, hot: &Hot) -> Vec<Rings> {
        let mut pieces = Pieces::default();
        let mut path: Vec<Coord<i64>> = Vec::new();
        for ring in shape.rings() {
            self.walk(ring, |from, to, seen| {
                path.clear();
                path.push(from);
                if seen {
                    path.extend(hot.passed(from, to));
                }
                path.push(to);
                for &[a, b] in path.array_windows() {
                    pieces.squeeze(a, b);
                }
            });
        }
        trace::polygons(net(pieces.borders()))
    }
}

impl Hot {
    /// The hot points whose squares a segment passes, and where it crosses the lines of the box outside of
    /// it, in the order in which it meets them.
    fn passed(&self, from: Coord<i64>, to: Coord<i64>) -> Vec<Coord<i64>> {
        let mut met = Vec::new();
        if is_beyond(from, to) {
            return met;
        }
        for ((axis, at), points) in EDGES.into_iter().zip(&self.0) {
            let ((a, along_a), (b, along_b)) = (axis.of(from), axis.of(to));
            // Ends are whole units: short of the line, a segment stays out of the squares on it.
            if a.min(b) > at || a.max(b) < at {
                continue;
            }
            let (first, last) = span((a, along_a), (b, along_b), at);
            let reached = &points[points.partition_point(|&p| p < first)..];
            for &along in reached.iter().take_while(|&&p| p <= last) {
                let point = axis.point(at, along);
                let doubled = |v: Coord<i64>| Coord { x: 2 * v.x, y: 2 * v.y };
                if point != from && point != to && passes(doubled(from), doubled(to), point, 1) {
                    met.push(point);
                }
            }
        }
        let (east, south) = ((to.x - from.x).signum(), (to.y - from.y).signum());
        met.sort_unstable_by_key(|v| (east * v.x, south * v.y));
        met.dedup();
        met
    }
}

/// Along a line, the stretch near which a segment passes it within half a unit, and a unit more.
fn span((a, along_a): (i64, i64), (b, along_b): (i64, i64), at: i64) -> (i64, i64) {
    let (low, high) = (along_a.min(along_b) - 1, along_a.max(along_b) + 1);
    if a == b {
        return (low, high);
    }
    let slope = (along_b - along_a) as f64 / (b - a) as f64;
    let place = |across: f64| along_a as f64 + slope * (across - a as f64);
    let (p, q) = (place(at as f64 - 0.5), place(at as f64 + 0.5));
    ((p.min(q).floor() as i64 - 1).max(low), (p.max(q).ceil() as i64 + 1).min(high))
}

/// A shape's border in the box: pieces inside it, and what is walked along each line of its edge.
#[derive(Default)]
struct Pieces {
    inside: Vec<Border>,
    /// Along the west, east, north and south lines: from, to.
    along: [Vec<(i16, i16)>; 4],
}

impl Pieces {
    /// Adds a segment squeezed into the box.
    fn squeeze(&mut self, from: Coord<i64>, to: Coord<i64>) {
        if holds(from) && holds(to) || is_beyond(from, to) {
            self.add(clamp(from), clamp(to));
            return;
        }
        // Crossings with the box itself are hot points, of which this segment is the stretch between two:
        // what it crosses now lies outside, and turns it around a corner.
        let mut at = clamp(from);
        for crossing in Crossings::of(from, to).iter() {
            let next = clamp(crossing.point);
            self.add(at, next);
            at = next;
        }
        self.add(at, clamp(to));
    }

    fn add(&mut self, from: Vertex, to: Vertex) {
        if from == to {
            return;
        }
        for (line, (axis, at)) in EDGES.into_iter().enumerate() {
            let ((a, along_a), (b, along_b)) = (axis.of(from), axis.of(to));
            if i64::from(a) == at && i64::from(b) == at {
                self.along[line].push((along_a, along_b));
                return;
            }
        }
        self.inside.push((from, to));
    }

    /// All borders, those along the edge of the box without what is walked both ways.
    fn borders(self) -> Vec<Border> {
        let mut borders = self.inside;
        let ends: Vec<Vertex> = borders.iter().flat_map(|&(a, b)| [a, b]).collect();
        for ((axis, at), walked) in EDGES.into_iter().zip(&self.along) {
            if walked.is_empty() {
                continue;
            }
            let mut attached: Vec<i16> = ends
                .iter()
                .map(|&v| axis.of(v))
                .filter(|&(a, _)| i64::from(a) == at)
                .map(|(_, along)| along)
                .collect();
            attached.sort_unstable();
            // How much more the line is walked forwards than backwards, from each point on.
            let mut turns: Vec<(i16, i32)> = walked
                .iter()
                .flat_map(|&(a, b)| if a < b { [(a, 1), (b, -1)] } else { [(b, -1), (a, 1)] })
                .chain(attached.iter().map(|&along| (along, 0)))
                .collect();
            turns.sort_unstable();
            let (mut net, mut run) = (0, None);
            for same in turns.chunk_by(|p, q| p.0 == q.0) {
                let (along, more) = (same[0].0, same.iter().map(|turn| turn.1).sum::<i32>());
                if more != 0 || attached.binary_search(&along).is_ok() {
                    if let Some(start) = run {
                        borders.extend(piece(axis, at, (start, along), net));
                    }
                    net += more;
                    run = Some(along);
                }
            }
        }
        borders
    }
}

/// A stretch of a line of the box's edge, in the direction in which it is walked on balance.
fn piece(axis: Axis, at: i64, (start, end): (i16, i16), net: i32) -> Option<Border> {
    let (a, b) = (clamp(axis.point(at, i64::from(start))), clamp(axis.point(at, i64::from(end))));
    match net.signum() {
        1 => Some((a, b)),
        -1 => Some((b, a)),
        _ => None,
    }
}
