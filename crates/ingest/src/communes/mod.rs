//! «Contours»: the shapes of communes, by their property `code`, in WGS 84 degrees.

mod coverage;
mod from_flatgeobuf;
mod from_geojson;

pub(crate) use coverage::{Evidence, clean};
pub(crate) use from_geojson::shape_of;

use std::collections::BTreeMap;

use geo::{Coord, LineString, MultiPolygon, Polygon};
use territory::CommuneCode;

use crate::codes::{ByCode, Codes, Parts};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::Findings;

/// The property that holds the code of a commune.
const CODE: &str = "code";

/// Why a feature has no usable shape; stable words.
type Reason = &'static str;

/// Shapes as read: not yet known to be of a commune of the build.
pub(crate) type Shapes = ByCode<MultiPolygon>;

/// Reads GeoJSON (a collection, or a feature a line) or FlatGeobuf, told apart by their first bytes.
pub(crate) fn read(file: &File, findings: &mut Findings) -> Result<Shapes, IngestError> {
    let mut shapes = Shapes::new();
    if file.content.starts_with(b"fgb") {
        from_flatgeobuf::read(file, &mut shapes, findings)?;
    } else if matches!(file.content.trim_ascii_start().first(), Some(b'{' | b'[')) {
        from_geojson::read(file, &mut shapes, findings);
    } else {
        return Err(file.unlike("is neither GeoJSON nor FlatGeobuf; convert it, for instance with ogr2ogr"));
    }
    Ok(shapes)
}

/// The shapes of the communes of the build.
pub(crate) fn settle(
    shapes: Shapes,
    codes: &Codes,
    findings: &mut Findings,
) -> BTreeMap<CommuneCode, MultiPolygon> {
    shapes.settle(CODE, codes, Parts::Refused, findings)
}

/// Keeps the shape of a feature, or says why not.
fn keep(
    rank: u64,
    code: &str,
    shape: Result<MultiPolygon, Reason>,
    shapes: &mut Shapes,
    findings: &mut Findings,
) {
    match shape {
        Ok(shape) => shapes.push(rank, CODE, code, shape, findings),
        Err(reason) => findings.refused(rank, "geometry", code, reason),
    }
}

/// Polygons from rings of coordinates, the first of each its exterior.
fn multi_polygon(polygons: Vec<Vec<Vec<Coord>>>) -> Result<MultiPolygon, Reason> {
    let polygons: Vec<Polygon> = polygons.into_iter().map(polygon).collect::<Result<_, _>>()?;
    if polygons.is_empty() { Err("the shape is empty") } else { Ok(MultiPolygon::new(polygons)) }
}

fn polygon(rings: Vec<Vec<Coord>>) -> Result<Polygon, Reason> {
    let mut rings = rings.into_iter().map(ring);
    let exterior = rings.next().ok_or("a polygon has no ring")??;
    Ok(Polygon::new(exterior, rings.collect::<Result<_, _>>()?))
}

fn ring(coords: Vec<Coord>) -> Result<LineString, Reason> {
    if coords.iter().any(|c| !c.x.is_finite() || !c.y.is_finite()) {
        return Err("a coordinate is not a number");
    }
    if coords.iter().any(|c| territory::Position::from_coord(*c).is_err()) {
        return Err(
            "coordinates are not degrees, the shape looks projected: reproject it to WGS 84 (EPSG:4326)",
        );
    }
    let mut ring = LineString::new(coords);
    ring.close();
    if ring.0.len() < 4 {
        return Err("a ring has fewer than three corners");
    }
    Ok(ring)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};
    use proptest::prelude::*;

    fn feature(code: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type":"Feature","properties":{{"code":{code}}},"geometry":{{"type":"Polygon","coordinates":{coordinates}}}}}"#
        )
    }

    const SQUARE: &str = "[[[4.9,46.1],[5.0,46.1],[5.0,46.2],[4.9,46.1]]]";

    fn shapes(text: impl Into<Vec<u8>>) -> (Vec<CommuneCode>, Vec<String>) {
        let file = File::of(text);
        let mut findings = file.findings();
        let shapes = read(&file, &mut findings).expect("readable");
        let shapes = settle(shapes, &small(), &mut findings);
        (shapes.into_keys().collect(), findings.into_list().into_iter().map(|f| f.reason).collect())
    }

    #[test]
    fn a_collection_and_lines_hold_the_same_communes() {
        let (a, b) = (feature("\"01001\"", SQUARE), feature("\"01002\"", SQUARE));
        let expected = (vec![code("01001"), code("01002")], Vec::new());
        assert_eq!(shapes(format!("{{\"type\":\"FeatureCollection\",\"features\":[{a},{b}]}}")), expected);
        assert_eq!(shapes(format!("{a}\n{b}\n")), expected);
    }

    #[test]
    fn each_bad_feature_is_refused_with_its_reason_and_the_good_one_kept() {
        let text = [
            feature("\"01001\"", SQUARE),
            feature("1001", SQUARE),
            feature("\"01002\"", "[[[842000.0,6519000.0],[842100.0,6519000.0],[842100.0,6519900.0],[842000.0,6519000.0]]]"),
            feature("\"01002\"", "[[[1e308,46.1],[5.0,46.1],[5.0,46.2],[1e308,46.1]]]"),
            feature("\"01002\"", "[[[4.9,46.1],[5.0,46.1]]]"),
            feature("\"01002\"", "[[[4.9,NaN],[5.0,46.1]]]"),
            feature("\"01002\"", "[]"),
            feature("null", SQUARE),
            feature("\"01999\"", SQUARE),
            feature("\"01001\"", SQUARE),
            r#"{"type":"Feature","properties":{"code":"01002"},"geometry":{"type":"Point","coordinates":[4.9,46.1]}}"#.to_owned(),
            r#"{"type":"Feature","properties":{"code":"01002"},"geometry":null}"#.to_owned(),
        ];
        let (kept, reasons) = shapes(text.join("\n"));
        assert_eq!(kept, [code("01001")]);
        let expected = [
            "leading zero",
            "looks projected",
            "looks projected",
            "three corners",
            "not the record expected",
            "no ring",
            "no property `code`",
            "not a polygon",
            "no geometry",
            "no commune has this code",
            "appears twice",
        ];
        assert_eq!(reasons.len(), expected.len(), "{reasons:#?}");
        for (reason, expected) in reasons.iter().zip(expected) {
            assert!(reason.contains(expected), "{reason:?} should say {expected:?}");
        }
    }

    #[test]
    fn a_file_of_another_kind_is_said_to_be() {
        let file = File::of("code,name\n");
        assert!(read(&file, &mut file.findings()).is_err());
    }

    proptest! {
        #[test]
        fn any_json_looking_bytes_are_read_without_panic(text in r#"[\[{]["\[\]{},:a-z0-9. ]{0,80}"#) {
            shapes(text);
        }
    }
}
