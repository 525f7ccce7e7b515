//! A town of straight streets in metres, so that every time along them is arithmetic.

use territory::road::{Fixture, RoadClass, Segment};
use territory::{Extent, FixedPosition, Position, Road, Roads};

/// A degree of latitude on the sphere of mean radius, metres.
const DEGREE: f64 = 111_195.08;

/// The corner the town is measured from: 4° E, 45° N.
const CORNER: (f64, f64) = (4.0, 45.0);

/// Streets in the making.
#[derive(Debug, Clone, Default)]
pub struct Town {
    points: Vec<FixedPosition>,
    runs: Vec<u32>,
    segments: Vec<Segment>,
    kinds: Vec<Road>,
    fixtures: Vec<Fixture>,
    extent: Option<Extent>,
}

impl Town {
    /// Side of a block of [`Self::lattice`], metres.
    pub const BLOCK: f64 = 100.0;

    /// The position of a point so many metres east and north of the corner.
    pub fn at(east: f64, north: f64) -> Position {
        let lon = CORNER.0 + east / (DEGREE * CORNER.1.to_radians().cos());
        Position::from_lon_lat(lon, CORNER.1 + north / DEGREE).unwrap_or_else(|e| panic!("{e}"))
    }

    /// A grid of residential streets, `columns × rows` junctions a block apart; the junction of column i
    /// and row j is point `i + columns · j`.
    pub fn lattice(columns: u32, rows: u32) -> Self {
        let mut town = Self::default();
        for (i, j) in (0..rows).flat_map(|j| (0..columns).map(move |i| (i, j))) {
            town.point(f64::from(i) * Self::BLOCK, f64::from(j) * Self::BLOCK);
        }
        let street = Road::of(RoadClass::Residential);
        for j in 0..rows {
            town.road(street, &(0..columns).map(|i| i + columns * j).collect::<Vec<_>>());
        }
        for i in 0..columns {
            town.road(street, &(0..rows).map(|j| i + columns * j).collect::<Vec<_>>());
        }
        town
    }

    /// Adds a point, in metres east and north of the corner, and returns its rank.
    pub fn point(&mut self, east: f64, north: f64) -> u32 {
        self.points.push(Self::at(east, north).into());
        self.points.len() as u32 - 1
    }

    /// Adds a road along points.
    pub fn road(&mut self, road: Road, points: &[u32]) -> &mut Self {
        self.segments.push(Segment {
            first: self.runs.len() as u32,
            len: points.len() as u32,
            road: self.kinds.len() as u32,
        });
        self.runs.extend(points);
        self.kinds.push(road);
        self
    }

    /// Puts something on a point.
    pub fn fixture(&mut self, fixture: Fixture) -> &mut Self {
        self.fixtures.push(fixture);
        self.fixtures.sort_by_key(|f| f.point);
        self
    }

    /// Says that roads outside of a box, in metres from the corner, are not in the data.
    pub fn cut(&mut self, [west, south, east, north]: [f64; 4]) -> &mut Self {
        self.extent = Extent::new(Self::at(west, south), Self::at(east, north));
        self
    }

    /// The roads of the town.
    pub fn roads(&self) -> Roads {
        let Self { points, runs, segments, kinds, fixtures, extent } = self.clone();
        Roads::new(points, runs, segments, kinds, fixtures, extent).unwrap_or_else(|e| panic!("{e}"))
    }
}
