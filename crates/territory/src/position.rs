//! Where something is on Earth, and the only place of the house (with `tiles::mercator`) that
//! orders axes.

use geo::{Coord, Destination, Distance, Haversine, Point, Polygon, Rect};
use serde::{Deserialize, Serialize};

use crate::measure::Meters;

/// A point on Earth in WGS 84 (EPSG:4326), in degrees.
///
/// Both coordinates are finite; longitude is in −180…180 and latitude in −90…90.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "(f64, f64)", into = "(f64, f64)")]
pub struct Position {
    lon: f64,
    lat: f64,
}

/// Coordinates that are nowhere on Earth.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("longitude {lon}, latitude {lat} is not a position in degrees (−180…180, −90…90)")]
pub struct InvalidPosition {
    /// The longitude refused, degrees.
    pub lon: f64,
    /// The latitude refused, degrees.
    pub lat: f64,
}

impl Position {
    /// A position from its longitude then its latitude, in degrees.
    pub fn from_lon_lat(lon: f64, lat: f64) -> Result<Self, InvalidPosition> {
        if (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) {
            Ok(Self { lon, lat })
        } else {
            Err(InvalidPosition { lon, lat })
        }
    }

    /// A position from a geometry's coordinate, x being the longitude as in GeoJSON.
    pub fn from_coord(coord: Coord) -> Result<Self, InvalidPosition> {
        Self::from_lon_lat(coord.x, coord.y)
    }

    /// Longitude in degrees, east positive.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Latitude in degrees, north positive.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Great-circle distance on the sphere of mean radius 6 371.0088 km (`geo`'s `Haversine`).
    pub fn distance_to(self, other: Self) -> Meters {
        Meters(Haversine.distance(Point::from(self.coord()), Point::from(other.coord())))
    }

    /// The ground within a great-circle distance, as a polygon of a side every five degrees whose corners
    /// are at that distance: x = longitude, y = latitude.
    pub fn disc(self, radius: Meters) -> Polygon {
        let corner = |n: i32| Haversine.destination(Point::from(self.coord()), f64::from(-5 * n), radius.0).0;
        // Closed by `Polygon::new`.
        Polygon::new((0..72).map(corner).collect(), Vec::new())
    }

    /// The same place as a unit vector of three dimensions.
    ///
    /// The straight distance between two unit vectors grows with the great-circle distance, so a
    /// spatial index on them finds the true nearest, which one on degrees does not.
    pub fn unit_vector(self) -> [f64; 3] {
        let (sin_lon, cos_lon) = self.lon.to_radians().sin_cos();
        let (sin_lat, cos_lat) = self.lat.to_radians().sin_cos();
        [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
    }

    /// As a coordinate of `geo`: x = longitude, y = latitude.
    pub fn coord(self) -> Coord {
        Coord { x: self.lon, y: self.lat }
    }

    /// For `h3o`, whose constructor takes latitude first.
    #[expect(clippy::disallowed_methods, reason = "the one place that may: the order is checked here")]
    pub(crate) fn lat_lng(self) -> h3o::LatLng {
        // Both are finite and in range by construction, all that `h3o` asks for.
        h3o::LatLng::new(self.lat, self.lon).unwrap_or_default()
    }

    pub(crate) fn from_lat_lng(at: h3o::LatLng) -> Self {
        Self { lon: at.lng(), lat: at.lat() }
    }
}

impl TryFrom<(f64, f64)> for Position {
    type Error = InvalidPosition;
    fn try_from((lon, lat): (f64, f64)) -> Result<Self, InvalidPosition> {
        Self::from_lon_lat(lon, lat)
    }
}

impl From<Position> for (f64, f64) {
    fn from(at: Position) -> Self {
        (at.lon, at.lat)
    }
}

/// A position kept in whole steps of 10⁻⁷ degree (11 mm), as OpenStreetMap keeps it: 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct FixedPosition {
    lon: i32,
    lat: i32,
}

impl FixedPosition {
    /// Steps in a degree.
    const STEPS: f64 = 1e7;

    /// From longitude and latitude in steps; refused outside of −180…180 and −90…90 degrees.
    pub fn from_steps([lon, lat]: [i32; 2]) -> Result<Self, InvalidPosition> {
        let degrees = |steps: i32| f64::from(steps) / Self::STEPS;
        Position::from_lon_lat(degrees(lon), degrees(lat)).map(|_| Self { lon, lat })
    }

    /// Longitude and latitude in steps.
    pub fn steps(self) -> [i32; 2] {
        [self.lon, self.lat]
    }

    /// The position, exactly.
    pub fn position(self) -> Position {
        Position { lon: f64::from(self.lon) / Self::STEPS, lat: f64::from(self.lat) / Self::STEPS }
    }
}

impl From<Position> for FixedPosition {
    /// The nearest step.
    fn from(at: Position) -> Self {
        let steps = |degrees: f64| (degrees * Self::STEPS).round() as i32;
        Self { lon: steps(at.lon), lat: steps(at.lat) }
    }
}

/// A box in degrees: west, south, east, north.
///
/// Never empty; does not cross the antimeridian (`west <= east`): no French territory served does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

impl Extent {
    /// The box between two corners, refused when they are not south-west and north-east.
    pub fn new(south_west: Position, north_east: Position) -> Option<Self> {
        (south_west.lon <= north_east.lon && south_west.lat <= north_east.lat).then_some(Self {
            west: south_west.lon,
            south: south_west.lat,
            east: north_east.lon,
            north: north_east.lat,
        })
    }

    /// The smallest box that holds all coordinates (x = longitude), none for no coordinate.
    pub fn of_coords(coords: impl IntoIterator<Item = Coord>) -> Option<Self> {
        coords.into_iter().fold(None, |extent: Option<Self>, c| {
            let point = Self { west: c.x, south: c.y, east: c.x, north: c.y };
            Some(extent.map_or(point, |e| e.union(point)))
        })
    }

    /// The smallest box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            west: self.west.min(other.west),
            south: self.south.min(other.south),
            east: self.east.max(other.east),
            north: self.north.max(other.north),
        }
    }

    /// Whether a position is in the box, borders included.
    pub fn holds(self, position: Position) -> bool {
        self.intersects(Self {
            west: position.lon,
            south: position.lat,
            east: position.lon,
            north: position.lat,
        })
    }

    /// Whether the two boxes share a point, borders included.
    pub fn intersects(self, other: Self) -> bool {
        self.west <= other.east
            && other.west <= self.east
            && self.south <= other.north
            && other.south <= self.north
    }

    /// `[west, south, east, north]` in degrees, the order of GeoJSON's `bbox`.
    pub fn bbox(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }

    /// As a rectangle of `geo`: x = longitude, y = latitude.
    pub fn rect(self) -> Rect {
        Rect::new(Coord { x: self.west, y: self.south }, Coord { x: self.east, y: self.north })
    }

    /// The point in its middle.
    pub fn centre(self) -> Position {
        Position { lon: f64::midpoint(self.west, self.east), lat: f64::midpoint(self.south, self.north) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    #[test]
    fn swapped_coordinates_of_new_caledonia_are_refused_since_they_leave_the_earth() {
        assert!(Position::from_lon_lat(-22.27, 166.44).is_err());
        assert!(Position::from_lon_lat(f64::NAN, 45.0).is_err());
        assert!(Position::from_lon_lat(652_000.0, 6_862_000.0).is_err(), "Lambert-93 metres");
    }

    #[test]
    fn the_corners_of_a_disc_are_as_far_as_it_is_wide() {
        let lyon = at(4.8357, 45.7640);
        let disc = lyon.disc(Meters(12_000.0));
        assert_eq!(disc.exterior().0.len(), 73);
        for &corner in &disc.exterior().0 {
            let Meters(away) = lyon.distance_to(Position::from_coord(corner).expect("on Earth"));
            assert!((away - 12_000.0).abs() < 0.01, "{away}");
        }
    }

    #[test]
    fn lyon_to_paris_is_392_km_whatever_the_direction() {
        let (lyon, paris) = (at(4.8357, 45.7640), at(2.3522, 48.8566));
        let Meters(there) = lyon.distance_to(paris);
        assert!((there - 391_500.0).abs() < 1_000.0, "{there}");
        assert_eq!(lyon.distance_to(paris), paris.distance_to(lyon));
    }

    #[test]
    fn a_place_where_swapping_still_looks_plausible_is_told_apart() {
        // Swapped, Lyon lands off Somalia: a valid position, very far away.
        let Meters(away) = at(4.8357, 45.7640).distance_to(at(45.7640, 4.8357));
        assert!(away > 5_000_000.0);
    }

    #[test]
    fn unit_vectors_order_distances_as_the_sphere_does() {
        let from = at(4.8, 45.7);
        let (near, far) = (at(4.8, 46.0), at(5.2, 45.7));
        let chord = |a: Position, b: Position| -> f64 {
            a.unit_vector().iter().zip(b.unit_vector()).map(|(x, y)| (x - y).powi(2)).sum()
        };
        assert_eq!(from.distance_to(near).0 < from.distance_to(far).0, chord(from, near) < chord(from, far));
    }

    #[test]
    fn a_position_in_steps_is_within_a_centimetre_and_comes_back() {
        let fixed = FixedPosition::from(at(4.835_712_34, -45.764_043_21));
        assert!(fixed.position().distance_to(at(4.835_712_34, -45.764_043_21)).0 < 0.01);
        assert_eq!(FixedPosition::from(fixed.position()), fixed);
        assert_eq!(FixedPosition::from_steps(fixed.steps()), Ok(fixed));
        assert!(FixedPosition::from_steps([1_800_000_001, 0]).is_err());
    }

    #[test]
    fn an_extent_needs_its_corners_in_order() {
        assert!(Extent::new(at(5.0, 45.0), at(4.0, 46.0)).is_none());
        let extent = Extent::new(at(4.0, 45.0), at(5.0, 46.0)).expect("in order");
        assert_eq!(extent.bbox(), [4.0, 45.0, 5.0, 46.0]);
    }
}
