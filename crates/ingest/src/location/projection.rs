//! Metres of the projections French files come in, back to longitude and latitude.
//!
//! Definitions and areas of use are those of the EPSG registry. The frames of today (RGF93, RGAF09 …) are
//! within a metre of WGS 84; only NTF, the frame of Lambert II, is shifted (EPSG transformation 1193,
//! good to a few metres).

use proj4rs::Proj;
use proj4rs::transform::transform;
use territory::{Extent, Position};

/// Degrees on the ellipsoid of all frames of today.
const DEGREES: &str = "+proj=longlat +ellps=GRS80 +towgs84=0,0,0,0,0,0,0 +no_defs";

/// EPSG code, name, definition, and west, south, east, north of where it is used.
type Published = (u16, &'static str, &'static str, [f64; 4]);

macro_rules! conic {
    ($code:literal, $name:literal, $lat_0:literal, $lat_1:literal, $lat_2:literal, $y_0:literal, $area:expr) => {
        (
            $code,
            $name,
            concat!(
                "+proj=lcc +lat_0=",
                $lat_0,
                " +lon_0=3 +lat_1=",
                $lat_1,
                " +lat_2=",
                $lat_2,
                " +x_0=1700000 +y_0=",
                $y_0,
                " +ellps=GRS80 +units=m +no_defs"
            ),
            $area,
        )
    };
}

macro_rules! utm {
    ($code:literal, $name:literal, $zone:literal, $area:expr) => {
        ($code, $name, concat!("+proj=utm +zone=", $zone, " +ellps=GRS80 +units=m +no_defs"), $area)
    };
}

#[rustfmt::skip]
const PUBLISHED: [Published; 23] = [
    (2154, "Lambert-93",
     "+proj=lcc +lat_0=46.5 +lon_0=3 +lat_1=49 +lat_2=44 +x_0=700000 +y_0=6600000 +ellps=GRS80 +units=m +no_defs",
     [-9.86, 41.15, 10.38, 51.56]),
    conic!(3942, "CC42", "42", "41.25", "42.75", "1200000", [-1.06, 41.31, 9.63, 43.07]),
    conic!(3943, "CC43", "43", "42.25", "43.75", "2200000", [-1.79, 42.33, 7.65, 44.01]),
    conic!(3944, "CC44", "44", "43.25", "44.75", "3200000", [-1.79, 42.92, 7.71, 45.0]),
    conic!(3945, "CC45", "45", "44.25", "45.75", "4200000", [-1.46, 44.0, 7.71, 46.0]),
    conic!(3946, "CC46", "46", "45.25", "46.75", "5200000", [-2.21, 45.0, 7.16, 47.0]),
    conic!(3947, "CC47", "47", "46.25", "47.75", "6200000", [-4.77, 46.0, 7.63, 48.0]),
    conic!(3948, "CC48", "48", "47.25", "48.75", "7200000", [-4.87, 47.0, 8.23, 49.0]),
    conic!(3949, "CC49", "49", "48.25", "49.75", "8200000", [-4.87, 48.0, 8.23, 50.0]),
    conic!(3950, "CC50", "50", "49.25", "50.75", "9200000", [-2.03, 49.0, 8.08, 51.14]),
    // From the meridian of Paris, 2.33722917° east of Greenwich.
    (27572, "Lambert II étendu",
     "+proj=lcc +lat_1=46.8 +lat_0=46.8 +lon_0=2.33722917 +k_0=0.99987742 +x_0=600000 +y_0=2200000 \
      +a=6378249.2 +b=6356515 +towgs84=-168,-60,320,0,0,0,0 +units=m +no_defs",
     [-4.87, 41.31, 9.63, 51.14]),
    (3857, "Web Mercator",
     "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +no_defs",
     [-180.0, -85.06, 180.0, 85.06]),
    utm!(5490, "RGAF09 / UTM 20N", "20", [-63.66, 14.08, -60.0, 18.31]),
    utm!(2972, "RGFG95 / UTM 22N", "22", [-54.61, 2.11, -49.45, 8.88]),
    utm!(2975, "RGR92 / UTM 40S", "40 +south", [54.0, -24.72, 58.24, -18.28]),
    utm!(4471, "RGM04 / UTM 38S", "38 +south", [43.68, -14.49, 46.7, -11.33]),
    utm!(4467, "RGSPM06 / UTM 21N", "21", [-57.1, 43.41, -55.9, 47.37]),
    (3163, "Lambert Nouvelle-Calédonie",
     "+proj=lcc +lat_0=-21.5 +lon_0=166 +lat_1=-20.6666666666667 +lat_2=-22.3333333333333 +x_0=400000 \
      +y_0=300000 +ellps=GRS80 +units=m +no_defs",
     [163.54, -22.73, 168.19, -19.5]),
    utm!(3296, "RGPF / UTM 5S", "5 +south", [-158.13, -26.7, -150.0, -12.5]),
    utm!(3297, "RGPF / UTM 6S", "6 +south", [-150.0, -31.2, -144.0, -7.29]),
    utm!(3298, "RGPF / UTM 7S", "7 +south", [-144.0, -31.24, -138.0, -4.52]),
    utm!(3299, "RGPF / UTM 8S", "8 +south", [-138.0, -26.58, -131.97, -5.52]),
    utm!(8903, "RGWF96 / UTM 1S", "1 +south", [-180.0, -15.94, -174.27, -9.84]),
];

/// Below this neither number is metres of a place in France: each projection has a false northing or a
/// latitude that puts one of them farther.
const METRES: f64 = 1_000.0;

/// The projections, understood once.
pub(crate) struct Projections {
    degrees: Option<Proj>,
    known: Vec<Projection>,
}

struct Projection {
    name: &'static str,
    proj: Proj,
    area: Extent,
}

impl Projections {
    /// Those whose definition is understood: all, which a test holds.
    pub(crate) fn new() -> Self {
        let known = PUBLISHED.into_iter().filter_map(|(_, name, definition, [west, south, east, north])| {
            let corner = |lon, lat| Position::from_lon_lat(lon, lat).ok();
            let area = Extent::new(corner(west, south)?, corner(east, north)?)?;
            Some(Projection { name, proj: Proj::from_proj_string(definition).ok()?, area })
        });
        Self { known: known.collect(), degrees: Proj::from_proj_string(DEGREES).ok() }
    }

    /// Where two numbers are in each projection that is used there, in either order: easting and
    /// northing, or as in the columns of a file that swaps them.
    pub(crate) fn readings(&self, x: f64, y: f64) -> Vec<(&'static str, Position)> {
        if x.abs().max(y.abs()) < METRES {
            return Vec::new();
        }
        let orders = [(x, y), (y, x)];
        let of = |projection: &Projection| {
            orders.map(|(x, y)| Some((projection.name, self.at(projection, x, y)?)))
        };
        self.known.iter().flat_map(of).flatten().collect()
    }

    fn at(&self, projection: &Projection, easting: f64, northing: f64) -> Option<Position> {
        let mut at = (easting, northing, 0.0);
        transform(&projection.proj, self.degrees.as_ref()?, &mut at).ok()?;
        let position = Position::from_lon_lat(at.0.to_degrees(), at.1.to_degrees()).ok()?;
        projection.area.holds(position).then_some(position)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use proptest::prelude::*;
    use territory::Meters;

    /// The metres of a position in the projection of an EPSG code.
    pub(crate) fn projected(code: u16, position: Position) -> (f64, f64) {
        let (_, _, definition, _) = PUBLISHED.into_iter().find(|(known, ..)| *known == code).expect("known");
        let [degrees, proj] = [DEGREES, definition].map(|d| Proj::from_proj_string(d).expect("understood"));
        let mut at = (position.lon().to_radians(), position.lat().to_radians(), 0.0);
        transform(&degrees, &proj, &mut at).expect("projected");
        (at.0, at.1)
    }

    /// EPSG codes with a box well within where each is used.
    pub(crate) fn areas() -> Vec<(u16, [f64; 4])> {
        PUBLISHED.iter().map(|(code, _, _, area)| (*code, *area)).collect()
    }

    fn metres_off(code: u16, x: f64, y: f64, lon: f64, lat: f64) -> f64 {
        let (_, name, ..) = PUBLISHED.into_iter().find(|(known, ..)| *known == code).expect("known");
        let expected = Position::from_lon_lat(lon, lat).expect("on Earth");
        let readings = Projections::new().readings(x, y);
        let off = readings.into_iter().filter(|(of, _)| *of == name).map(|(_, at)| at.distance_to(expected));
        off.map(|Meters(off)| off).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn each_projection_is_where_proj_puts_it() {
        // Town centres by `pyproj` 3.7.2 (PROJ 9.5.1), EPSG:4326 to each code; 27572 by its official
        // transformation (601 152.30, 2 428 695.90).
        #[rustfmt::skip]
        let known = [
            (2154, 842_666.66, 6_519_924.37, 4.8357, 45.764), (3942, 2_175_511.27, 1_206_961.82, 8.7369, 41.9192),
            (3943, 1_892_264.67, 2_235_649.15, 5.3698, 43.2965), (3944, 2_043_320.52, 3_176_675.50, 7.262, 43.7102),
            (3945, 1_417_111.35, 4_188_225.29, -0.5792, 44.8378), (3946, 1_842_779.11, 5_175_416.43, 4.8357, 45.764),
            (3947, 1_355_306.36, 6_234_298.86, -1.5536, 47.2184), (3948, 1_171_135.82, 7_223_914.26, -4.097, 47.996),
            (3949, 1_652_467.87, 8_184_256.87, 2.3522, 48.8566), (3950, 1_704_054.20, 9_269_986.10, 3.0573, 50.6292),
            (27572, 601_152.30, 2_428_695.90, 2.3522, 48.8566), (3857, 538_307.66, 5_742_610.38, 4.8357, 45.764),
            (5490, 708_202.89, 1_615_379.87, -61.0672, 14.6037), (2972, 352_880.40, 545_869.12, -52.3269, 4.9372),
            (2975, 338_807.61, 7_690_477.75, 55.4504, -20.8789), (4471, 524_735.37, 8_587_115.81, 45.2279, -12.7806),
            (4467, 563_106.44, 5_181_170.80, -56.1733, 46.7811), (3163, 445_512.63, 214_559.20, 166.4416, -22.2711),
            (3296, 634_157.13, 8_175_294.31, -151.743, -16.5004), (3297, 227_312.31, 8_059_417.10, -149.5685, -17.535),
            (3298, 598_948.43, 9_014_237.33, -140.1, -8.9167), (3299, 503_173.65, 7_443_163.13, -134.969, -23.1203),
            (8903, 589_527.12, 8_531_474.96, -176.1735, -13.2825),
        ];
        assert_eq!(known.len(), PUBLISHED.len());
        assert_eq!(Projections::new().known.len(), PUBLISHED.len(), "each definition is understood");
        for (code, x, y, lon, lat) in known {
            let off = metres_off(code, x, y, lon, lat);
            // EPSG shifts the frame of Polynesia, RGPF, by under a metre; here it is taken for WGS 84.
            let most = if (3296..=3299).contains(&code) { 1.0 } else { 0.05 };
            assert!(off < most, "EPSG:{code}: {off} m");
            assert!(metres_off(code, y, x, lon, lat) < most, "EPSG:{code} swapped");
        }
    }

    #[test]
    fn the_origin_of_lambert_93_is_where_its_decree_puts_it() {
        // Décret 2000-1276: latitude 46°30′, longitude 3° are 700 000, 6 600 000.
        assert!(metres_off(2154, 700_000.0, 6_600_000.0, 3.0, 46.5) < 1e-3);
    }

    #[test]
    fn degrees_are_never_read_as_metres() {
        assert!(Projections::new().readings(4.85, 45.75).is_empty());
        assert!(Projections::new().readings(0.0, 999.0).is_empty());
    }

    proptest! {
        #[test]
        fn any_numbers_never_panic(x: f64, y: f64, easting in -1e8..1e8f64, northing in -1e8..1e8f64) {
            let projections = Projections::new();
            let _ = projections.readings(x, y);
            let _ = projections.readings(easting, northing);
        }
    }
}
