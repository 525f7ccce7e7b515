//! The one place in this crate that orders axes: degrees to the world square, the world square to tile units.
//!
//! | space | x | y | range |
//! |---|---|---|---|
//! | degrees | longitude, east | latitude, *north* (up) | −180..=180, −90..=90 |
//! | world units | east | *south* (down) | 0..=1, Web Mercator (EPSG:3857) scaled to a square |
//! | tile units | east | *south* (down) | 0..4096 in the tile, −80..=4176 with its buffer |
//!
//! **Clamps.** The square ends at ±180° and ±[`MAX_LATITUDE`]; what lies beyond is moved onto its edge.
//! Nothing wraps: a shape that crosses the antimeridian must be cut there by its owner, and a tile's buffer
//! does not show the other side of the world.

use std::f64::consts::PI;

use geo::{Coord, Rect};

use crate::clip::BUFFER;
use crate::{EXTENT, TileCoord};

/// Latitude in degrees at which Web Mercator is cut to make the world a square.
pub const MAX_LATITUDE: f64 = 85.051_128_779_806_59;

/// Units across the world of the grid that shapes with common borders are kept on, as a power of two: a unit
/// is 3.7 cm at the equator.
pub(crate) const WORLD_BITS: u32 = 30;

/// A place on the world square: both axes in 0..=1, x eastwards from −180°, y *southwards* from
/// +[`MAX_LATITUDE`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WorldCoord {
    x: f64,
    y: f64,
}

impl WorldCoord {
    /// Projects degrees (x = longitude, y = latitude), clamped to the square; none when a number is not
    /// finite.
    pub fn from_lon_lat(degrees: Coord<f64>) -> Option<Self> {
        if !(degrees.x.is_finite() && degrees.y.is_finite()) {
            return None;
        }
        let latitude = degrees.y.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians();
        Some(Self {
            x: (degrees.x / 360.0 + 0.5).clamp(0.0, 1.0),
            y: (0.5 - latitude.tan().asinh() / (2.0 * PI)).clamp(0.0, 1.0),
        })
    }

    /// World units eastwards.
    pub const fn x(self) -> f64 {
        self.x
    }

    /// World units southwards.
    pub const fn y(self) -> f64 {
        self.y
    }

    pub(crate) const fn coord(self) -> Coord<f64> {
        Coord { x: self.x, y: self.y }
    }

    /// The nearest point of a grid of 2^`bits` units (31 at most) across the world, two units short of its
    /// east and south edges.
    pub(crate) fn on_grid(self, bits: u32) -> Coord<i32> {
        let across = f64::from(1_u32 << bits);
        let nearest = |part: f64| nearest(part * across).min((1 << bits) - 2) as i32;
        Coord { x: nearest(self.x), y: nearest(self.y) }
    }
}

/// The grid of one zoom seen from one tile: rounds world units to whole tile units.
///
/// Rounding happens on the grid of the *whole zoom* and the tile's origin is subtracted afterwards, in
/// integers: that is why two neighbouring tiles, and two neighbouring polygons, always agree on a vertex.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TileGrid {
    /// Tile units across the world: 4096 × 2^zoom, at most 2^34.
    across: f64,
    /// North-west corner of the tile, in units of the whole zoom.
    origin: Coord<i64>,
}

impl TileGrid {
    pub(crate) fn of(tile: TileCoord) -> Self {
        let extent = i64::from(EXTENT);
        Self {
            across: across(tile),
            origin: Coord { x: i64::from(tile.x()) * extent, y: i64::from(tile.y()) * extent },
        }
    }

    /// North-west corner of the tile, in units of the whole zoom.
    pub(crate) const fn origin(self) -> Coord<i64> {
        self.origin
    }

    /// The nearest grid point, halves going east and south, relative to the tile's corner.
    pub(crate) fn round(self, place: Coord<f64>) -> Coord<i64> {
        Coord {
            x: nearest(place.x * self.across) - self.origin.x,
            y: nearest(place.y * self.across) - self.origin.y,
        }
    }

    /// As [`round`](Self::round), but the east and south edges of the world go to the last unit of the last
    /// tile, so that each point lies in the half-open core 0..4096 of exactly one tile.
    pub(crate) fn round_into_matrix(self, place: Coord<f64>) -> Coord<i64> {
        let last = nearest(self.across) - 1;
        Coord {
            x: nearest(place.x * self.across).min(last) - self.origin.x,
            y: nearest(place.y * self.across).min(last) - self.origin.y,
        }
    }
}

const fn nearest(units: f64) -> i64 {
    (units + 0.5) as i64
}

/// Tile units across the world at the tile's zoom: a power of two, so multiplying by it loses no bit.
fn across(tile: TileCoord) -> f64 {
    f64::from(EXTENT) * f64::from(1_u32 << tile.z())
}

pub(crate) fn degrees(tile: TileCoord) -> Rect<f64> {
    let n = f64::from(1_u32 << tile.z());
    let (x, y) = (f64::from(tile.x()), f64::from(tile.y()));
    let lon = |column: f64| column / n * 360.0 - 180.0;
    let lat = |row: f64| (PI * (1.0 - 2.0 * row / n)).sinh().atan().to_degrees();
    Rect::new(Coord { x: lon(x), y: lat(y + 1.0) }, Coord { x: lon(x + 1.0), y: lat(y) })
}

pub(crate) fn reach(tile: TileCoord) -> Rect<f64> {
    // Half a unit more than the buffer, because a vertex that far out still rounds onto the buffer's edge.
    let margin = f64::from(BUFFER) + 0.5;
    let extent = f64::from(EXTENT);
    let low = |index: u32| (f64::from(index) * extent - margin) / across(tile);
    let high = |index: u32| (f64::from(index) * extent + extent + margin) / across(tile);
    Rect::new(Coord { x: low(tile.x()), y: low(tile.y()) }, Coord { x: high(tile.x()), y: high(tile.y()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(lon: f64, lat: f64, x: f64, y: f64) {
        let world = WorldCoord::from_lon_lat(Coord { x: lon, y: lat }).unwrap();
        assert!((world.x() - x).abs() < 1e-12 && (world.y() - y).abs() < 1e-12, "{world:?}");
    }

    #[test]
    fn the_world_is_a_square_with_its_origin_at_the_north_west() {
        check(0.0, 0.0, 0.5, 0.5);
        check(-180.0, MAX_LATITUDE, 0.0, 0.0);
        check(180.0, -MAX_LATITUDE, 1.0, 1.0);
    }

    #[test]
    fn rennes_lies_where_the_textbook_formula_puts_it() {
        // Swapped, it would fall near the Horn of Africa.
        let (lon, lat): (f64, f64) = (-1.6794, 48.1147);
        let mercator = (PI / 4.0 + lat.to_radians() / 2.0).tan().ln();
        check(lon, lat, (lon + 180.0) / 360.0, (1.0 - mercator / PI) / 2.0);
    }

    #[test]
    fn poles_and_beyond_the_antimeridian_are_clamped_to_the_edge() {
        check(0.0, 90.0, 0.5, 0.0);
        check(0.0, -90.0, 0.5, 1.0);
        check(200.0, 0.0, 1.0, 0.5);
        check(-540.0, 0.0, 0.0, 0.5);
        assert_eq!(WorldCoord::from_lon_lat(Coord { x: f64::NAN, y: 0.0 }), None);
        assert_eq!(WorldCoord::from_lon_lat(Coord { x: 0.0, y: f64::INFINITY }), None);
    }

    #[test]
    fn a_vertex_is_rounded_to_the_nearest_unit_and_neighbours_agree() {
        let west = TileGrid::of(TileCoord::new(22, 2_097_151, 7).unwrap());
        let east = TileGrid::of(TileCoord::new(22, 2_097_152, 7).unwrap());
        for hundredths in 0..=800 {
            let units = 8_589_934_588.0 + f64::from(hundredths) / 100.0;
            let place = Coord { x: units / 17_179_869_184.0, y: 0.0 };
            let (a, b) = (west.round(place), east.round(place));
            assert_eq!(a.x - 4096, b.x);
            let off = (b.x as f64) - (units - 8_589_934_592.0);
            assert!(off.abs() <= 0.5);
        }
    }

    #[test]
    fn a_tile_knows_its_degrees() {
        let bounds = TileCoord::new(1, 1, 0).unwrap().bounds();
        assert!((bounds.min().x).abs() < 1e-12 && (bounds.min().y).abs() < 1e-12);
        assert!((bounds.max().x - 180.0).abs() < 1e-9 && (bounds.max().y - MAX_LATITUDE).abs() < 1e-9);
    }
}
