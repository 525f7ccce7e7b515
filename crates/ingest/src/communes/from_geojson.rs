//! Shapes from GeoJSON: a feature collection, or one feature a line.

use geo::{Coord, MultiPolygon};
use geojson::{Feature, GeometryValue, JsonValue};

use super::{CODE, Reason, Shapes, keep, multi_polygon};
use crate::file::File;
use crate::json;
use crate::refusal::Findings;

pub(super) fn read(file: &File, shapes: &mut Shapes, findings: &mut Findings) {
    json::records(file, Some("features"), findings, |rank, record, findings| {
        match serde_json::from_slice::<Feature>(record) {
            Err(e) => findings.refused(rank, "", &json::head(record), json::reason(&e)),
            Ok(feature) => match code_of(&feature) {
                Some(code) => keep(rank, &code, shape_of(feature), shapes, findings),
                None => findings.refused(rank, CODE, "", "has no property `code`"),
            },
        }
    });
}

/// A code written as a number is given as it stands: `1001` is then refused as the code it is not.
fn code_of(feature: &Feature) -> Option<String> {
    match feature.property(CODE)? {
        JsonValue::String(text) => Some(text.trim().to_owned()),
        JsonValue::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The polygons of a feature, in degrees.
pub(crate) fn shape_of(feature: Feature) -> Result<MultiPolygon, Reason> {
    let polygons = match feature.geometry.ok_or("has no geometry")?.value {
        GeometryValue::Polygon { coordinates } => vec![coordinates],
        GeometryValue::MultiPolygon { coordinates } => coordinates,
        _ => return Err("is not a polygon"),
    };
    let coord = |position: geojson::Position| match position.as_slice() {
        [x, y, ..] => Ok(Coord { x: *x, y: *y }),
        _ => Err("a coordinate has fewer than two numbers"),
    };
    let ring = |ring: Vec<geojson::Position>| ring.into_iter().map(coord).collect::<Result<Vec<_>, _>>();
    let polygon =
        |rings: Vec<Vec<geojson::Position>>| rings.into_iter().map(ring).collect::<Result<Vec<_>, _>>();
    multi_polygon(polygons.into_iter().map(polygon).collect::<Result<_, _>>()?)
}
