//! The communes as drawn: which holds a point, and how far a point is from one.

use std::collections::BTreeMap;

use geo::{Area, Coord, CoordsIter, Intersects, LineString, MultiPolygon};
use territory::{CommuneCode, DepartementCode, Extent, Meters, Position};

use super::reach::{self, DEGREE};

/// How far outside its commune a position still fits, at least: contours are simplified, and the point
/// of an address may stand across the street or the river.
const LEAST_TOLERANCE: Meters = Meters(2_000.0);

/// How far outside its commune a position is only doubtful, at least: what a wrong but near address
/// gives (the town hall of the neighbour, the head office of the département).
const LEAST_DOUBT: Meters = Meters(15_000.0);

/// A side of the squares by which communes are looked up, in degrees.
const SQUARE: f64 = 0.25;

/// The share of the communes of a département that must be drawn for its box to judge.
const WHOLE: f64 = 0.9;

/// How near a position is to the ground it should be on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Nearness {
    /// It cannot be meant.
    Far,
    /// Not there, but as near as a wrong address of the neighbourhood.
    Doubtful,
    /// In the box of a département or of a territory: nothing finer can tell.
    Plausible,
    /// In the commune, or next to it.
    Fits,
}

/// A commune as drawn.
#[derive(Debug)]
pub(crate) struct Drawn<'a> {
    pub(crate) code: CommuneCode,
    shape: &'a MultiPolygon,
    extent: Extent,
    /// Of the disc of the same area.
    radius: Meters,
}

impl<'a> Drawn<'a> {
    fn new(code: CommuneCode, shape: &'a MultiPolygon) -> Option<Self> {
        let extent = Extent::of_coords(shape.coords_iter())?;
        let area = shape.unsigned_area() * DEGREE.0 * DEGREE.0 * extent.centre().lat().to_radians().cos();
        Some(Self { code, shape, extent, radius: Meters((area / std::f64::consts::PI).sqrt()) })
    }

    pub(crate) fn holds(&self, position: Position) -> bool {
        self.extent.holds(position) && self.shape.intersects(&position.coord())
    }

    /// Whether a position is within max(2 km, radius / 2), or only within max(15 km, radius).
    pub(crate) fn nearness(&self, position: Position) -> Nearness {
        let tolerance = LEAST_TOLERANCE.0.max(self.radius.0 / 2.0);
        let doubt = LEAST_DOUBT.0.max(self.radius.0);
        if self.holds(position) {
            return Nearness::Fits;
        }
        if !reach::grown(self.extent, Meters(doubt)).holds(position) {
            return Nearness::Far;
        }
        match self.distance(position).0 {
            d if d <= tolerance => Nearness::Fits,
            d if d <= doubt => Nearness::Doubtful,
            _ => Nearness::Far,
        }
    }

    /// To the nearest of its edges, on a plane that touches the globe at the position: exact to 1 % over
    /// a hundred kilometres.
    fn distance(&self, position: Position) -> Meters {
        let east = DEGREE.0 * position.lat().to_radians().cos();
        let plane = |at: &Coord| ((at.x - position.lon()) * east, (at.y - position.lat()) * DEGREE.0);
        let ring = |ring: &LineString| {
            let ends = ring.0.windows(2).map(|ends| from_origin(plane(&ends[0]), plane(&ends[1])));
            ends.fold(f64::INFINITY, f64::min)
        };
        let rings = self.shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
        Meters(rings.map(ring).fold(f64::INFINITY, f64::min))
    }
}

/// The distance from the origin to a segment.
fn from_origin((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
    (ax + along * dx).hypot(ay + along * dy)
}

/// All communes drawn.
#[derive(Debug, Default)]
pub(crate) struct Land<'a> {
    communes: BTreeMap<CommuneCode, Drawn<'a>>,
    squares: BTreeMap<(i16, i16), Vec<CommuneCode>>,
    departements: BTreeMap<DepartementCode, Extent>,
}

impl<'a> Land<'a> {
    /// Of shapes, and the communes there are today, by which one knows whether a département is drawn
    /// whole.
    pub(crate) fn new<'c>(
        shapes: &'a BTreeMap<CommuneCode, MultiPolygon>,
        current: impl IntoIterator<Item = &'c CommuneCode>,
    ) -> Self {
        let mut land = Self::default();
        for (code, shape) in shapes {
            let Some(drawn) = Drawn::new(*code, shape) else {
                continue;
            };
            let [west, south, east, north] = drawn.extent.bbox().map(square);
            for x in west..=east {
                for y in south..=north {
                    land.squares.entry((x, y)).or_default().push(*code);
                }
            }
            land.communes.insert(*code, drawn);
        }
        let mut known: BTreeMap<DepartementCode, (f64, f64)> = BTreeMap::new();
        for code in current {
            let (all, drawn) = known.entry(code.departement()).or_default();
            *all += 1.0;
            *drawn += if shapes.contains_key(code) { 1.0 } else { 0.0 };
        }
        let whole = |departement: &DepartementCode| {
            known.get(departement).is_some_and(|(all, drawn)| drawn / all >= WHOLE)
        };
        let boxes = reach::boxes(shapes).into_iter().filter(|(departement, _)| whole(departement));
        land.departements = boxes.map(|(code, extent)| (code, reach::grown(extent, LEAST_DOUBT))).collect();
        land
    }

    pub(crate) fn commune(&self, code: CommuneCode) -> Option<&Drawn<'a>> {
        self.communes.get(&code)
    }

    /// The box of a département drawn whole, with a margin.
    pub(crate) fn departement(&self, code: DepartementCode) -> Option<Extent> {
        self.departements.get(&code).copied()
    }

    /// The commune that holds a position: the first by code where two overlap.
    pub(crate) fn holder(&self, position: Position) -> Option<CommuneCode> {
        let near = self.squares.get(&(square(position.lon()), square(position.lat())))?;
        near.iter().filter_map(|code| self.communes.get(code)).find(|c| c.holds(position)).map(|c| c.code)
    }
}

fn square(degrees: f64) -> i16 {
    (degrees / SQUARE).floor() as i16
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, square as shape};
    use super::*;
    use crate::codes::tests::code;

    #[test]
    fn the_tolerance_grows_with_the_commune() {
        // 0.02° of side: a disc of 1.1 km; 1.6° of side at the equator: a disc of 100 km.
        let (small, large) = (shape(0.0, 0.0, 0.02), shape(0.0, 0.0, 1.6));
        let of = |shape, km: f64| {
            let drawn = Drawn::new(code("97353"), shape).expect("drawn");
            drawn.nearness(at(drawn.extent.bbox()[2] + km / 111.195, 0.01))
        };
        assert_eq!(
            [1.9, 2.1, 14.9, 15.1].map(|km| of(&small, km)),
            [Nearness::Fits, Nearness::Doubtful, Nearness::Doubtful, Nearness::Far]
        );
        assert_eq!(
            [49.0, 51.0, 99.0, 102.0].map(|km| of(&large, km)),
            [Nearness::Fits, Nearness::Doubtful, Nearness::Doubtful, Nearness::Far]
        );
    }

    #[test]
    fn a_distance_is_that_of_the_globe() {
        let shape = shape(5.0, 46.0, 0.1);
        let drawn = Drawn::new(code("01001"), &shape).expect("drawn");
        for (lon, lat, edge) in
            [(4.9, 46.05, (5.0, 46.05)), (5.05, 45.8, (5.05, 46.0)), (5.2, 46.2, (5.1, 46.1))]
        {
            let Meters(globe) = at(lon, lat).distance_to(at(edge.0, edge.1));
            let Meters(plane) = drawn.distance(at(lon, lat));
            assert!((plane / globe - 1.0).abs() < 0.005, "{plane} {globe}");
        }
    }

    #[test]
    fn the_holder_is_the_one_a_look_at_all_finds() {
        let mut shapes = BTreeMap::new();
        for i in 0..9_u8 {
            let (x, y) = (f64::from(i % 3), f64::from(i / 3));
            shapes.insert(code(&format!("0100{i}")), shape(5.0 + x * 0.3, 46.0 + y * 0.3, 0.3));
        }
        let land = Land::new(&shapes, shapes.keys());
        for i in 0..40 {
            for j in 0..40 {
                let p = at(4.951 + f64::from(i) * 0.025, 45.951 + f64::from(j) * 0.025);
                let slow = land.communes.values().find(|c| c.shape.intersects(&p.coord())).map(|c| c.code);
                assert_eq!(land.holder(p), slow, "{p:?}");
            }
        }
        assert!(land.departement("01".parse().expect("code")).is_some());
        let half = Land::new(&shapes, [code("01001"), code("01099")].iter()).departements.len();
        assert_eq!(half, 0, "a département half drawn has no box");
    }
}
