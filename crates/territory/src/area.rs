//! «Périmètre dessiné»: ground whose outline someone drew.

use std::fmt;
use std::str::FromStr;

use geo::{LineString, MultiPolygon, Polygon, Validation};

use crate::position::{Extent, InvalidPosition, Position};

/// The most positions an area may have: what a GIS exports for a département simplified to 50 m.
const MOST_POSITIONS: usize = 10_000;

/// Steps in a degree: one is 1.1 m at most, where people are counted by cells of 1 km.
const STEPS: f64 = 1e5;

/// Ground within rings, kept in whole steps of 10⁻⁵ degree.
///
/// A position is inside when a line from it crosses the rings an odd number of times: a hole is a ring
/// within a ring, whatever its direction, and any rings have an inside.
///
/// Printed as text that an address may hold, and parsed back from it: each ring as the encoded polyline of
/// five decimals that maps exchange (longitude first, then latitude, as differences from the position
/// before), its characters taken from the base64url alphabet (RFC 4648 §5) and not from 63 upwards, where
/// many would have to be escaped; rings are joined by dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Area {
    rings: Vec<Ring>,
}

/// Longitude and latitude in steps; the last position is not the first again.
type Ring = Vec<[i32; 2]>;

/// Why an outline holds no ground.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvalidArea {
    /// It is nowhere on Earth.
    #[error(transparent)]
    Position(#[from] InvalidPosition),
    /// A ring without inside.
    #[error("ring {ring} has fewer than three distinct positions (steps of 0.00001 degree)")]
    FewPositions {
        /// Its rank in the outline, from 1.
        ring: usize,
    },
    /// An outline without end.
    #[error("more than {MOST_POSITIONS} positions; simplify the outline")]
    TooManyPositions,
    /// Nothing was drawn.
    #[error("it has no ring")]
    Empty,
    /// Rings that cross themselves or one another.
    #[error("{0}")]
    Crossing(String),
    /// A text that is no area.
    #[error("{0:?} is no encoded outline")]
    Text(String),
}

impl Area {
    /// The ground of polygons, x = longitude in degrees.
    pub fn new(shape: &MultiPolygon) -> Result<Self, InvalidArea> {
        let rings = || shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        if rings().map(|ring| ring.0.len()).sum::<usize>() > MOST_POSITIONS {
            return Err(InvalidArea::TooManyPositions);
        }
        let mut kept = Vec::new();
        for ring in rings() {
            let steps: Result<Ring, InvalidPosition> = ring
                .0
                .iter()
                .map(|&c| {
                    Position::from_coord(c).map(|at| [at.lon(), at.lat()].map(|d| (d * STEPS).round() as i32))
                })
                .collect();
            kept.push(steps?);
        }
        // Before they are rounded: steps may bring two near sides to touch, which harms nobody.
        shape.check_validation().map_err(|why| InvalidArea::Crossing(why.to_string()))?;
        Self::of_rings(kept)
    }

    fn of_rings(rings: Vec<Ring>) -> Result<Self, InvalidArea> {
        let mut kept = Vec::with_capacity(rings.len());
        for (rank, mut ring) in rings.into_iter().enumerate() {
            ring.dedup();
            while ring.len() > 1 && ring.first() == ring.last() {
                ring.pop();
            }
            let mut distinct = ring.clone();
            distinct.sort_unstable();
            distinct.dedup();
            if distinct.len() < 3 {
                return Err(InvalidArea::FewPositions { ring: rank + 1 });
            }
            // The same ground has one text, wherever its ring begins.
            let least = (0..ring.len()).min_by_key(|&i| ring[i]).unwrap_or_default();
            ring.rotate_left(least);
            kept.push(ring);
        }
        if kept.is_empty() {
            return Err(InvalidArea::Empty);
        }
        kept.sort_unstable();
        Ok(Self { rings: kept })
    }

    /// Its rings as lines, each closed, x = longitude; to be filled by the even-odd rule.
    pub fn outline(&self) -> impl Iterator<Item = LineString> + '_ {
        self.rings.iter().map(|ring| {
            let closed = ring.iter().chain(ring.first());
            closed.map(|&steps| geo::Coord::from(steps.map(|s| f64::from(s) / STEPS))).collect()
        })
    }

    /// Bytes it takes in memory.
    pub fn bytes(&self) -> u64 {
        self.rings.iter().map(|ring| 24 + 8 * ring.len() as u64).sum()
    }

    /// The box around it.
    pub fn extent(&self) -> Option<Extent> {
        Extent::of_coords(self.outline().flat_map(|ring| ring.0))
    }

    /// Made ready to be asked about many positions.
    pub fn index(&self) -> AreaIndex {
        AreaIndex::new(self)
    }
}

/// The sides of an area by bands of latitude, so that a position meets few of them.
pub struct AreaIndex {
    south: f64,
    height: f64,
    bands: Vec<Vec<[[f64; 2]; 2]>>,
}

impl AreaIndex {
    fn new(area: &Area) -> Self {
        let sides = || {
            area.rings.iter().flat_map(|ring| {
                let next = ring.iter().cycle().skip(1);
                ring.iter().zip(next).map(|(a, b)| [a.map(f64::from), b.map(f64::from)])
            })
        };
        let latitudes = || sides().map(|[[_, latitude], _]| latitude);
        let south = latitudes().fold(f64::INFINITY, f64::min);
        let north = latitudes().fold(f64::NEG_INFINITY, f64::max);
        // A long side is in many bands: so many at most.
        let n = sides().count().clamp(1, 256);
        let height = ((north - south) / n as f64).max(1.0);
        let mut index = Self { south, height, bands: vec![Vec::new(); n] };
        for side in sides() {
            let [[_, a], [_, b]] = side;
            for band in index.band(a.min(b))..=index.band(a.max(b)) {
                index.bands[band].push(side);
            }
        }
        index
    }

    fn band(&self, latitude: f64) -> usize {
        (((latitude - self.south) / self.height) as usize).min(self.bands.len() - 1)
    }

    /// Whether a position is inside.
    pub fn holds(&self, at: Position) -> bool {
        let [x, y] = [at.lon() * STEPS, at.lat() * STEPS];
        if y < self.south {
            return false;
        }
        let crosses = |[[ax, ay], [bx, by]]: &&[[f64; 2]; 2]| {
            // Half-open, so that a line through a vertex crosses one of its two sides.
            (*ay <= y) != (*by <= y) && x < ax + (y - ay) / (by - ay) * (bx - ax)
        };
        self.bands[self.band(y)].iter().filter(crosses).count() % 2 == 1
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for (i, ring) in self.rings.iter().enumerate() {
            if i > 0 {
                f.write_char('.')?;
            }
            let mut last = [0, 0];
            for &position in ring {
                for (now, before) in position.into_iter().zip(last) {
                    let difference = now - before;
                    // The sign goes last, then five bits at a time, the lowest first; the sixth: more follow.
                    let mut bits = (difference << 1 ^ (difference >> 31)) as u32;
                    loop {
                        let more = bits >= 32;
                        let sextet = bits & 31 | u32::from(more) << 5;
                        f.write_char(char::from(ALPHABET[sextet as usize]))?;
                        bits >>= 5;
                        if !more {
                            break;
                        }
                    }
                }
                last = position;
            }
        }
        Ok(())
    }
}

impl FromStr for Area {
    type Err = InvalidArea;

    fn from_str(text: &str) -> Result<Self, InvalidArea> {
        let refused = || InvalidArea::Text(text.chars().take(40).collect());
        let mut positions = 0;
        let mut rings = Vec::new();
        for text in text.split('.') {
            let mut numbers = Vec::new();
            let (mut bits, mut shift) = (0u64, 0);
            for character in text.bytes() {
                let sextet = ALPHABET.iter().position(|&c| c == character).ok_or_else(refused)? as u64;
                bits |= (sextet & 31) << shift;
                shift += 5;
                if sextet & 32 == 0 {
                    numbers.push((bits >> 1).cast_signed() ^ -(bits & 1).cast_signed());
                    (bits, shift) = (0, 0);
                } else if shift > 30 {
                    // More than any difference between two positions on Earth.
                    return Err(refused());
                }
            }
            let (pairs, rest) = numbers.as_chunks::<2>();
            positions += pairs.len();
            if shift > 0 || !rest.is_empty() {
                return Err(refused());
            }
            if positions > MOST_POSITIONS {
                return Err(InvalidArea::TooManyPositions);
            }
            let mut ring = Ring::with_capacity(pairs.len());
            let mut last = [0i64, 0];
            for &[lon, lat] in pairs {
                last = [last[0] + lon, last[1] + lat];
                let degrees = last.map(|steps| steps as f64 / STEPS);
                Position::from_lon_lat(degrees[0], degrees[1])?;
                ring.push(last.map(|steps| steps as i32));
            }
            rings.push(ring);
        }
        Self::of_rings(rings)
    }
}

impl From<&Area> for MultiPolygon {
    /// Each ring as a polygon of its own; holes are not told from islands.
    fn from(area: &Area) -> Self {
        area.outline().map(|ring| Polygon::new(ring, Vec::new())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Contains, polygon};
    use proptest::prelude::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    fn with_hole() -> MultiPolygon {
        polygon!(
            exterior: [(x: 4.0, y: 45.0), (x: 6.0, y: 45.0), (x: 6.0, y: 46.0), (x: 4.0, y: 46.0)],
            interiors: [[(x: 4.5, y: 45.2), (x: 5.5, y: 45.2), (x: 5.5, y: 45.8), (x: 4.5, y: 45.8)]],
        )
        .into()
    }

    #[test]
    fn what_is_in_a_hole_is_not_inside() {
        let index = Area::new(&with_hole()).expect("an area").index();
        assert!(index.holds(at(4.2, 45.5)) && index.holds(at(5.0, 45.1)));
        assert!(!index.holds(at(5.0, 45.5)) && !index.holds(at(3.9, 45.5)) && !index.holds(at(5.0, 46.5)));
        assert!(!index.holds(at(5.0, 44.0)));
    }

    #[test]
    fn the_text_of_an_area_is_short_and_needs_no_escape() {
        let area = Area::new(&with_hole()).expect("an area");
        let text = area.to_string();
        assert_eq!(text.parse(), Ok(area));
        assert!(text.len() < 90, "{text}");
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)), "{text}");
    }

    #[test]
    fn the_same_ground_has_one_text_wherever_its_ring_begins() {
        let from = |first: usize| {
            let mut corners = vec![(4.0, 45.0), (6.0, 45.0), (6.0, 46.0), (4.0, 46.0)];
            corners.rotate_left(first);
            Area::new(&Polygon::new(corners.into(), Vec::new()).into()).expect("an area").to_string()
        };
        assert_eq!(from(0), from(3));
    }

    #[test]
    fn an_outline_without_an_inside_is_refused_and_says_why() {
        let of = |corners: &[(f64, f64)]| {
            let ring: Vec<(f64, f64)> = corners.to_vec();
            Area::new(&Polygon::new(ring.into(), Vec::new()).into())
        };
        let bow_tie = of(&[(4.0, 45.0), (5.0, 46.0), (5.0, 45.0), (4.0, 46.0)]);
        assert!(matches!(bow_tie, Err(InvalidArea::Crossing(_))), "{bow_tie:?}");
        assert!(of(&[(4.0, 45.0), (5.0, 46.0)]).is_err());
        assert!(matches!(
            of(&[(652_000.0, 6_862_000.0), (1.0, 2.0), (3.0, 4.0)]),
            Err(InvalidArea::Position(_))
        ));
        assert_eq!(Area::new(&MultiPolygon::new(Vec::new())), Err(InvalidArea::Empty));
        let round: Vec<(f64, f64)> = (0..10_001).map(|i| f64::from(i).sin_cos()).collect();
        assert_eq!(of(&round), Err(InvalidArea::TooManyPositions));
    }

    #[test]
    fn a_text_that_is_no_area_is_refused() {
        for text in ["", ".", "A", "AAAAAA", "____________________", "é", "AA,AA", "g"] {
            assert!(text.parse::<Area>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in "[A-Za-z0-9_.-]{0,60}") {
            if let Ok(area) = text.parse::<Area>() {
                prop_assert_eq!(area.to_string().parse(), Ok(area));
            }
        }

        #[test]
        fn the_index_agrees_with_a_plain_polygon(
            radii in prop::collection::vec(0.05..1.0f64, 3..40),
            asked in prop::collection::vec((3.5..6.5f64, 44.5..47.5f64), 1..40),
        ) {
            // A star around its centre crosses itself nowhere.
            let n = radii.len() as f64;
            let corner = |(i, r): (usize, &f64)| {
                let (sin, cos) = (i as f64 / n * std::f64::consts::TAU).sin_cos();
                (((5.0 + r * cos) * STEPS).round() / STEPS, ((46.0 + r * sin) * STEPS).round() / STEPS)
            };
            let star: Vec<(f64, f64)> = radii.iter().enumerate().map(corner).collect();
            let polygon = Polygon::new(star.into(), Vec::new());
            let area = Area::new(&polygon.clone().into());
            prop_assume!(area.is_ok());
            let area = area.expect("an area");
            let index = area.index();
            for (lon, lat) in asked {
                let inside = polygon.contains(&geo::Point::from(at(lon, lat).coord()));
                prop_assert_eq!(index.holds(at(lon, lat)), inside, "{} {}", lon, lat);
            }
            prop_assert_eq!(area.to_string().parse(), Ok(area));
        }
    }
}
