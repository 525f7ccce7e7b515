//! Where the build lies, and whether coordinates read from a file can be there.

use std::collections::BTreeMap;

use geo::{CoordsIter, MultiPolygon};
use territory::{CommuneCode, DepartementCode, Extent, Meters, Position};

/// How far from the territory a venue still counts: people cross borders.
const MARGIN: Meters = Meters(100_000.0);

/// A degree of latitude, and of longitude at the equator.
const DEGREE: Meters = Meters(111_195.0);

/// The ground of the build with its margin: a box per département, so that a build of mainland and
/// overseas does not hold the oceans between.
#[derive(Debug, Default)]
pub(crate) struct Ground(Vec<Extent>);

impl Ground {
    /// Around the shapes of communes.
    pub(crate) fn around(shapes: &BTreeMap<CommuneCode, MultiPolygon>) -> Self {
        Self(boxes(shapes).into_iter().map(grown).collect())
    }

    fn holds(&self, position: Position) -> bool {
        let point = Extent::new(position, position);
        point.is_some_and(|point| self.0.iter().any(|extent| extent.intersects(point)))
    }

    /// Why a position cannot be meant, none when it can. Without any shape nothing is known.
    pub(crate) fn trouble(&self, position: Position) -> Option<&'static str> {
        if self.0.is_empty() || self.holds(position) {
            return None;
        }
        let swapped = Position::from_lon_lat(position.lat(), position.lon());
        Some(if swapped.is_ok_and(|swapped| self.holds(swapped)) {
            SWAPPED
        } else {
            "far outside: more than 100 km from the territory of the build"
        })
    }

    #[cfg(test)]
    pub(crate) fn around_ain() -> Self {
        let at = |lon, lat| Position::from_lon_lat(lon, lat).expect("on Earth");
        Self(Extent::new(at(4.7, 45.6), at(6.2, 46.5)).map(grown).into_iter().collect())
    }
}

/// The box around the shapes of each département.
pub(crate) fn boxes(shapes: &BTreeMap<CommuneCode, MultiPolygon>) -> Vec<Extent> {
    let mut boxes: BTreeMap<DepartementCode, Extent> = BTreeMap::new();
    for (code, shape) in shapes {
        let Some(extent) = Extent::of_coords(shape.coords_iter()) else {
            continue;
        };
        boxes.entry(code.departement()).and_modify(|e| *e = e.union(extent)).or_insert(extent);
    }
    boxes.into_values().collect()
}

const SWAPPED: &str = "latitude and longitude look swapped";

fn grown(extent: Extent) -> Extent {
    let [west, south, east, north] = extent.bbox();
    let lat = MARGIN.0 / DEGREE.0;
    let widest = south.abs().max(north.abs()).min(80.0).to_radians();
    let lon = lat / widest.cos();
    let corner =
        |lon: f64, lat: f64| Position::from_lon_lat(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).ok();
    let corners = corner(west - lon, south - lat).zip(corner(east + lon, north + lat));
    corners.and_then(|(south_west, north_east)| Extent::new(south_west, north_east)).unwrap_or(extent)
}

/// Why two texts are no position.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Trouble {
    pub(crate) value: String,
    pub(crate) reason: &'static str,
}

/// A position from two texts, and the text repaired when one had a decimal comma.
pub(crate) fn coordinates(lon: &str, lat: &str) -> Result<(Position, Option<String>), Trouble> {
    let trouble = |reason| Trouble { value: format!("{lon}, {lat}"), reason };
    let (lon, lat) = (lon.trim(), lat.trim());
    if lon.is_empty() || lat.is_empty() {
        return Err(trouble("has no coordinates"));
    }
    let (x, x_repaired) = number(lon).ok_or_else(|| trouble("a coordinate is not a number"))?;
    let (y, y_repaired) = number(lat).ok_or_else(|| trouble("a coordinate is not a number"))?;
    if x == 0.0 && y == 0.0 {
        return Err(trouble("has no coordinates (0, 0)"));
    }
    let position = Position::from_lon_lat(x, y).map_err(|_| trouble(not_degrees(x, y)))?;
    let repaired = (x_repaired || y_repaired).then(|| format!("{lon} {lat}"));
    Ok((position, repaired))
}

/// A finite number, and whether its comma was read as a point.
fn number(text: &str) -> Option<(f64, bool)> {
    let comma = text.matches(',').count() == 1 && !text.contains('.');
    let number: f64 = if comma { text.replace(',', ".").parse().ok()? } else { text.parse().ok()? };
    number.is_finite().then_some((number, comma))
}

/// What numbers out of degrees look like.
fn not_degrees(x: f64, y: f64) -> &'static str {
    // Lambert-93 over mainland France: 0–1 300 km east, 6 000–7 200 km north.
    let lambert = |east: f64, north: f64| (0.0..1.3e6).contains(&east) && (6.0e6..7.2e6).contains(&north);
    if lambert(x, y) || lambert(y, x) {
        "looks like Lambert-93 metres: convert it to degrees (EPSG:4326)"
    } else if Position::from_lon_lat(y, x).is_ok() {
        SWAPPED
    } else {
        "is not in degrees: it looks projected; convert it (EPSG:4326)"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(lon: &str, lat: &str) -> &'static str {
        coordinates(lon, lat).expect_err("refused").reason
    }

    #[test]
    fn numbers_out_of_degrees_are_named_for_what_they_look_like() {
        assert!(reason("842000.5", "6519000").contains("Lambert-93"));
        assert!(reason("6519000", "842000.5").contains("Lambert-93"));
        assert!(reason("-22.27", "166.44").contains("swapped"), "Nouméa");
        assert!(reason("4500000", "500").contains("projected"));
        for text in ["NaN", "inf", "1e999", "abc", "45.1.2", "45,1,2", "1,234.5"] {
            assert!(reason(text, "46").contains("not a number"), "{text}");
        }
        assert!(reason("1e308", "46").contains("not in degrees"));
        assert!(reason("", "46").contains("no coordinates"));
        assert!(reason("0", "0.0").contains("no coordinates"));
    }

    #[test]
    fn a_decimal_comma_is_repaired() {
        let (position, repaired) = coordinates(" 4,85", "45.75").expect("read");
        assert!((position.lon() - 4.85).abs() < 1e-12 && repaired.is_some());
        assert!(coordinates("4.85", "45.75").expect("read").1.is_none());
    }

    #[test]
    fn a_swapped_position_is_told_from_one_that_is_far() {
        let ground = Ground::around_ain();
        let at = |lon, lat| Position::from_lon_lat(lon, lat).expect("on Earth");
        assert_eq!(ground.trouble(at(5.2, 46.0)), None);
        assert_eq!(ground.trouble(at(6.9, 45.9)), None, "Chamonix, across the border but near");
        assert_eq!(ground.trouble(at(46.0, 5.2)), Some(SWAPPED));
        assert!(ground.trouble(at(-1.55, 47.2)).is_some_and(|r| r.contains("far outside")), "Nantes");
        assert_eq!(Ground::default().trouble(at(-1.55, 47.2)), None);
    }

    proptest! {
        #[test]
        fn any_texts_never_panic(lon in "\\PC{0,12}", lat in "[-+0-9.,eE]{0,10}") {
            let _ = coordinates(&lon, &lat);
            let _ = coordinates(&lat, &lon);
        }
    }
}
