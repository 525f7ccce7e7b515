//! EPSG:3035 (ETRS89-LAEA Europe, the projection of European grids) back to longitude and latitude.
//!
//! Lambert azimuthal equal-area on the GRS 80 ellipsoid, oblique case: formulas and test point of the
//! EPSG guidance note 7-2 (IOGP publication 373-7-2, "Coordinate conversions and transformations
//! including formulas", EPSG method 9820).

use territory::Position;
use territory::position::InvalidPosition;

/// Semi-major axis of GRS 80, metres.
const A: f64 = 6_378_137.0;
/// Its inverse flattening.
const INVERSE_FLATTENING: f64 = 298.257_222_101;
/// Latitude of the origin, degrees.
const ORIGIN_LAT: f64 = 52.0;
/// Longitude of the origin, degrees.
const ORIGIN_LON: f64 = 10.0;
/// What the projection adds to eastings and northings so that Europe's are positive, metres.
const FALSE_EASTING: f64 = 4_321_000.0;
/// The same for northings.
const FALSE_NORTHING: f64 = 3_210_000.0;

/// The position of an easting and a northing, in metres.
pub fn position(easting: f64, northing: f64) -> Result<Position, InvalidPosition> {
    let flattening = INVERSE_FLATTENING.recip();
    let e2 = flattening * (2.0 - flattening);
    let e = e2.sqrt();
    // Twice the area from the equator to a latitude on the ellipsoid, over a².
    let q = |sin_lat: f64| {
        let zone = sin_lat / (1.0 - e2 * sin_lat * sin_lat);
        (1.0 - e2) * (zone + (e * sin_lat).atanh() / e)
    };
    let (sin_lat_0, cos_lat_0) = ORIGIN_LAT.to_radians().sin_cos();
    let q_pole = q(1.0);
    let (sin_beta_0, cos_beta_0) = (q(sin_lat_0) / q_pole).asin().sin_cos();
    let radius = A * (q_pole / 2.0).sqrt();
    let scale = A * (cos_lat_0 / (1.0 - e2 * sin_lat_0 * sin_lat_0).sqrt()) / (radius * cos_beta_0);

    let (x, y) = (easting - FALSE_EASTING, northing - FALSE_NORTHING);
    let rho = (x / scale).hypot(scale * y);
    if rho == 0.0 {
        return Position::from_lon_lat(ORIGIN_LON, ORIGIN_LAT);
    }
    let (sin_c, cos_c) = (2.0 * (rho / (2.0 * radius)).asin()).sin_cos();
    let beta = (cos_c * sin_beta_0 + scale * y * sin_c * cos_beta_0 / rho).asin();
    let (e4, e6) = (e2 * e2, e2 * e2 * e2);
    let lat = beta
        + (e2 / 3.0 + 31.0 * e4 / 180.0 + 517.0 * e6 / 5040.0) * (2.0 * beta).sin()
        + (23.0 * e4 / 360.0 + 251.0 * e6 / 3780.0) * (4.0 * beta).sin()
        + (761.0 * e6 / 45360.0) * (6.0 * beta).sin();
    let east = x * sin_c;
    let north = scale * (rho * cos_beta_0 * cos_c - scale * y * sin_beta_0 * sin_c);
    Position::from_lon_lat(ORIGIN_LON + east.atan2(north).to_degrees(), lat.to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;
    use territory::Meters;

    fn metres_from(easting: f64, northing: f64, lon: f64, lat: f64) -> f64 {
        let expected = Position::from_lon_lat(lon, lat).expect("on Earth");
        let Meters(off) = position(easting, northing).expect("on Earth").distance_to(expected);
        off
    }

    #[test]
    fn the_point_of_the_guidance_note_comes_back() {
        assert!(metres_from(3_962_799.45, 2_999_718.85, 5.0, 50.0) < 0.01);
    }

    #[test]
    fn a_square_near_lyon_is_where_proj_puts_it() {
        // `pyproj` 3, EPSG:3035 to EPSG:4326.
        assert!(metres_from(3_928_500.0, 2_513_500.0, 4.970_736_323_56, 45.614_760_387_35) < 0.01);
    }
}
