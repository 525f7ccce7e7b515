//! Positions tied to edges: where one joins the road, how far along, and the leg on foot to it.

use serde::{Deserialize, Serialize};
use territory::{FixedPosition, Meters, Position};

use crate::road_network::{Edge, EdgeIdx, RoadNetwork, Section};
use crate::square::{Plane, Square, within};

/// How a position off the road is tied to it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapping {
    /// Farther than this from a road, metres, a tie is doubtful.
    pub flagged_m: f64,
    /// Farther than this, metres, there is none.
    pub refused_m: f64,
    detour: f64,
    leg_kmh: f64,
}

impl Snapping {
    /// Deciseconds on foot over a straight distance.
    pub(crate) fn leg(&self, Meters(distance): Meters) -> u32 {
        (distance * self.detour / self.leg_kmh * 36.0).round() as u32
    }
}

/// A position tied to an edge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Snap {
    /// The edge.
    pub edge: EdgeIdx,
    /// How far along from its first end, in parts of [`Snap::WHOLE`].
    pub along: u16,
    /// The leg on foot between the position and the road, deciseconds.
    pub leg: u32,
    /// The same in metres, straight.
    pub distance: Meters,
}

impl Snap {
    /// The parts of an edge.
    pub const WHOLE: u16 = u16::MAX;

    /// The part of an edge's time up to here: rounded once, so that the two parts make the whole.
    fn part(&self, time: u32) -> u32 {
        let parts = u64::from(time) * u64::from(self.along) + u64::from(Self::WHOLE / 2);
        (parts / u64::from(Self::WHOLE)) as u32
    }
}

/// The nearest edge so far.
#[derive(Clone, Copy)]
struct Candidate {
    distance: f64,
    reserved: bool,
    edge: u32,
    /// The piece of its shape, and how far along that piece, 0 to 1.
    piece: usize,
    along: f64,
}

/// How far around a position edges are looked for first, metres: most are on a street.
const FIRST_LOOK: f64 = 60.0;

impl RoadNetwork {
    /// Ties a position to the nearest edge; none past the distance refused.
    ///
    /// An edge cut off from the bulk of the network (a car park whose way out is not mapped) is taken only
    /// when no other is within the distance flagged: an island keeps its roads, a town does not end on
    /// a fragment.
    pub fn snap(&self, position: Position, snapping: &Snapping) -> Option<Snap> {
        let mut look = FIRST_LOOK.min(snapping.refused_m);
        loop {
            let [joined, apart] = self.nearest_edges(position, look);
            let sure = |c: &Candidate| c.distance <= look;
            // Nothing nearer can be outside of the look.
            let joined = joined.filter(sure);
            let all = look >= snapping.refused_m;
            let apart = apart.filter(|c| sure(c) && (all || look >= snapping.flagged_m));
            let found = match (joined, apart) {
                (Some(joined), Some(apart))
                    if joined.distance > snapping.flagged_m && apart.distance < joined.distance =>
                {
                    Some(apart)
                }
                (None, apart) => apart,
                (joined, _) => joined,
            };
            if found.is_some() || all {
                return found.map(|found| self.tie(found, snapping));
            }
            look = (look * 5.0).min(snapping.refused_m);
        }
    }

    /// The nearest edge of the bulk of the network, and the nearest of those apart.
    fn nearest_edges(&self, position: Position, look: f64) -> [Option<Candidate>; 2] {
        let plane = Plane::around(position);
        let mut nearest: [Option<Candidate>; 2] = [None, None];
        let (squares, first) = (self.section(Section::Squares), self.section(Section::SquareFirst));
        let lists = self.section(Section::SquareEdges);
        for Square(square) in within(position, Meters(look)).into_iter().flat_map(Square::touching) {
            let Ok(at) = squares.binary_search(&square) else { continue };
            for &edge in lists.get(first[at] as usize..first[at + 1] as usize).unwrap_or_default() {
                let road = self.edge(EdgeIdx(edge));
                let (best, reserved) = (&mut nearest[usize::from(road.is_apart())], road.is_reserved());
                let mut last: Option<[f64; 2]> = None;
                for (i, point) in self.shape(EdgeIdx(edge)).enumerate() {
                    let here = plane.of(point.position());
                    if let Some(before) = last {
                        let (distance, along) = distance_to_piece(before, here);
                        // At a crossing, of two equally near the one that leads on.
                        let rank = (distance, reserved, edge);
                        let nearer = best.is_none_or(|b| rank < (b.distance, b.reserved, b.edge));
                        if nearer {
                            *best = Some(Candidate { distance, reserved, edge, piece: i - 1, along });
                        }
                    }
                    last = Some(here);
                }
            }
        }
        nearest
    }

    fn tie(&self, found: Candidate, snapping: &Snapping) -> Snap {
        let edge = EdgeIdx(found.edge);
        let shape: Vec<Position> = self.shape(edge).map(FixedPosition::position).collect();
        let lengths: Vec<f64> = shape.windows(2).map(|pair| pair[0].distance_to(pair[1]).0).collect();
        let whole: f64 = lengths.iter().sum();
        let before: f64 = lengths[..found.piece].iter().sum::<f64>() + lengths[found.piece] * found.along;
        let part = if whole > 0.0 { (before / whole).clamp(0.0, 1.0) } else { 0.0 };
        let distance = Meters(found.distance);
        Snap {
            edge,
            along: (part * f64::from(Snap::WHOLE)).round() as u16,
            leg: snapping.leg(distance),
            distance,
        }
    }

    /// Where one comes to when setting off from a tied position: nodes, and deciseconds to each, the leg on
    /// foot included.
    pub fn departures(&self, snap: &Snap) -> impl Iterator<Item = (u32, u32)> + use<> {
        let edge = self.edge(snap.edge);
        let forward = edge.times[0].map(|time| (1, time - snap.part(time)));
        let backward = edge.times[1].map(|time| (0, snap.part(time)));
        let leg = snap.leg;
        [forward, backward].into_iter().flatten().flat_map(move |(end, time)| {
            edge.nodes_at(end)
                .departure
                .into_iter()
                .flatten()
                .map(move |node| (node, leg.saturating_add(time)))
        })
    }

    /// Where one comes from when arriving at a tied position: nodes, and deciseconds from each, the leg
    /// included.
    pub fn arrivals(&self, snap: &Snap) -> impl Iterator<Item = (u32, u32)> + use<> {
        let edge = self.edge(snap.edge);
        let forward = edge.times[0].map(|time| (0, snap.part(time)));
        let backward = edge.times[1].map(|time| (1, time - snap.part(time)));
        let leg = snap.leg;
        [forward, backward].into_iter().flatten().flat_map(move |(end, time)| {
            edge.nodes_at(end).arrival.into_iter().flatten().map(move |node| (node, leg.saturating_add(time)))
        })
    }

    /// Deciseconds from one tied position to another along their one edge, legs included; none when they
    /// are on two, or when it is closed that way.
    pub fn direct(&self, from: &Snap, to: &Snap) -> Option<u32> {
        if from.edge != to.edge {
            return None;
        }
        let Edge { times: [forward, backward], .. } = self.edge(from.edge);
        let ride = if to.along >= from.along {
            forward.map(|time| to.part(time) - from.part(time))
        } else {
            backward.map(|time| from.part(time) - to.part(time))
        };
        // On one spot no road is needed.
        let ride = if to.along == from.along { Some(0) } else { ride };
        ride.map(|ride| from.leg.saturating_add(ride).saturating_add(to.leg))
    }

    /// Where a tied position joins its edge.
    pub fn foot(&self, snap: &Snap) -> Option<Position> {
        let shape: Vec<Position> = self.shape(snap.edge).map(FixedPosition::position).collect();
        let lengths: Vec<f64> = shape.windows(2).map(|pair| pair[0].distance_to(pair[1]).0).collect();
        let mut left = lengths.iter().sum::<f64>() * f64::from(snap.along) / f64::from(Snap::WHOLE);
        for (pair, length) in shape.windows(2).zip(lengths) {
            if left <= length && length > 0.0 {
                let part = left / length;
                let between = |a: f64, b: f64| a + (b - a) * part;
                let lon = between(pair[0].lon(), pair[1].lon());
                return Position::from_lon_lat(lon, between(pair[0].lat(), pair[1].lat())).ok();
            }
            left -= length;
        }
        shape.last().copied()
    }
}

/// The distance of the origin from a straight piece, and how far along it the nearest point is, 0 to 1.
fn distance_to_piece([ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> (f64, f64) {
    let (dx, dy) = (bx - ax, by - ay);
    let square = dx * dx + dy * dy;
    let along = if square > 0.0 { (-(ax * dx + ay * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    ((ax + along * dx).hypot(ay + along * dy), along)
}
