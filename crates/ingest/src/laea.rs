//! EPSG:3035 (ETRS89-LAEA Europe, the projection of European grids) back to longitude and latitude.

use proj4rs::Proj;
use proj4rs::transform::transform;
use territory::Position;

/// The definition of EPSG:3035: Lambert azimuthal equal-area on the GRS 80 ellipsoid.
const EUROPE: &str =
    "+proj=laea +lat_0=52 +lon_0=10 +x_0=4321000 +y_0=3210000 +ellps=GRS80 +units=m +no_defs";

/// Degrees on the same ellipsoid. ETRS89 moves with the continent: it is within a metre of WGS 84, as
/// everybody takes it to be.
const DEGREES: &str = "+proj=longlat +ellps=GRS80 +no_defs";

/// From the grid to degrees; none when a definition is not understood, which a test excludes.
#[derive(Debug)]
pub(crate) struct Laea(Option<(Proj, Proj)>);

impl Laea {
    pub(crate) fn new() -> Self {
        let understood = |definition| Proj::from_proj_string(definition).ok();
        Self(understood(EUROPE).zip(understood(DEGREES)))
    }

    /// The position of an easting and a northing in metres; none outside of the projection.
    pub(crate) fn position(&self, easting: f64, northing: f64) -> Option<Position> {
        let (europe, degrees) = self.0.as_ref()?;
        let mut at = (easting, northing, 0.0);
        transform(europe, degrees, &mut at).ok()?;
        let (lon, lat, _) = at;
        Position::from_lon_lat(lon.to_degrees(), lat.to_degrees()).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use territory::Meters;

    fn metres_from(easting: f64, northing: f64, lon: f64, lat: f64) -> f64 {
        let expected = Position::from_lon_lat(lon, lat).expect("on Earth");
        let Meters(off) = Laea::new().position(easting, northing).expect("on Earth").distance_to(expected);
        off
    }

    #[test]
    fn the_point_of_the_guidance_note_comes_back() {
        // IOGP publication 373-7-2 (EPSG guidance note 7-2), method 9820.
        assert!(metres_from(3_962_799.45, 2_999_718.85, 5.0, 50.0) < 0.01);
        assert!(metres_from(4_321_000.0, 3_210_000.0, 10.0, 52.0) < 1e-6, "the origin");
    }

    #[test]
    fn a_square_near_lyon_is_where_proj_puts_it() {
        // `pyproj` 3, EPSG:3035 to EPSG:4326.
        assert!(metres_from(3_928_500.0, 2_513_500.0, 4.970_736_323_56, 45.614_760_387_35) < 0.001);
    }

    #[test]
    fn what_is_nowhere_on_the_projection_has_no_position() {
        for (easting, northing) in [(1e9, 1e9), (-1e7, 2e6), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
            assert_eq!(Laea::new().position(easting, northing), None, "{easting} {northing}");
        }
    }

    proptest! {
        #[test]
        fn any_numbers_never_panic(easting: f64, northing: f64, x in -1e8..1e8f64, y in -1e8..1e8f64) {
            let laea = Laea::new();
            let _ = laea.position(easting, northing);
            let _ = laea.position(x, y);
        }
    }
}
