//! Drawn perimeters: GeoJSON in, territories out.

use access::InvalidParameter;
use geo::MultiPolygon;
use geojson::{Feature, FeatureCollection, GeoJson, GeometryValue, Position};
use std::sync::Arc;
use territory::{Area, Perimeter, Territory};

/// The most polygons of one body: together they make a union.
const MOST_AREAS: usize = 100;

/// Depth of a body at most: a feature collection's positions are eleven deep.
const MOST_NESTED: usize = 32;

/// The perimeter drawn in a GeoJSON text (RFC 7946): a polygon, a multipolygon, a feature of one, or a
/// collection of those, whose union it is.
///
/// The refusal names the part at fault as `polygon`.
pub fn perimeter(body: &[u8]) -> Result<Perimeter, InvalidParameter> {
    let refused = |value: &str, why: String| InvalidParameter::new("polygon", value, why);
    let text = std::str::from_utf8(body).map_err(|_| refused("…", "the body is not UTF-8".to_owned()))?;
    if deepest(text) > MOST_NESTED {
        return Err(refused("…", "the body is nested too deep for GeoJSON".to_owned()));
    }
    let parsed: GeoJson = text.parse().map_err(|why: geojson::Error| {
        let head: String = text.chars().take(40).collect();
        refused(&head, format!("expected a GeoJSON polygon (RFC 7946): {why}"))
    })?;
    let geometries = match parsed {
        GeoJson::Geometry(geometry) => vec![Some(geometry)],
        GeoJson::Feature(Feature { geometry, .. }) => vec![geometry],
        GeoJson::FeatureCollection(FeatureCollection { features, .. }) => {
            features.into_iter().map(|feature| feature.geometry).collect()
        }
    };
    if geometries.is_empty() || geometries.len() > MOST_AREAS {
        let why = format!("expected 1 to {MOST_AREAS} features");
        return Err(refused(&geometries.len().to_string(), why));
    }
    let mut drawn = Vec::with_capacity(geometries.len());
    for (rank, geometry) in (1..).zip(geometries) {
        let named = || format!("feature {rank}");
        let polygons = match geometry.map(|geometry| geometry.value) {
            Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
            Some(GeometryValue::MultiPolygon { coordinates }) => coordinates,
            other => {
                let kind = other.map_or("nothing".to_owned(), |value| value.type_name().to_owned());
                return Err(refused(&kind, format!("{}: expected a Polygon or a MultiPolygon", named())));
            }
        };
        check_rings(&polygons).map_err(|(ring, why)| refused(&ring, format!("{}: {why}", named())))?;
        let shape: MultiPolygon = polygons.iter().map(|rings| polygon(rings)).collect();
        let area = Area::new(&shape).map_err(|why| refused(&named(), why.to_string()))?;
        drawn.push(Territory::Drawn(Arc::new(area)));
    }
    Ok(Perimeter::new(drawn))
}

/// How deep brackets are nested, whatever is in texts: more than enough to tell a bomb.
fn deepest(text: &str) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// A ring is closed, its last position being its first: one that is not may have been cut short.
fn check_rings(polygons: &[Vec<Vec<Position>>]) -> Result<(), (String, String)> {
    for ring in polygons.iter().flatten() {
        let corner =
            |at: Option<&Position>| at.map(|p| p.as_slice().iter().copied().take(2).collect::<Vec<f64>>());
        if ring.iter().any(|position| position.as_slice().len() < 2) {
            return Err(("a position".to_owned(), "expected a longitude and a latitude".to_owned()));
        }
        let (first, last) = (corner(ring.first()), corner(ring.last()));
        if ring.len() < 4 || first != last {
            let why = "an open ring: expected at least four positions, the last being the first again";
            return Err((
                format!("{:?} … {:?}", first.unwrap_or_default(), last.unwrap_or_default()),
                why.to_owned(),
            ));
        }
    }
    Ok(())
}

fn polygon(rings: &[Vec<Position>]) -> geo::Polygon {
    let line = |ring: &Vec<Position>| -> geo::LineString { ring.iter().map(|p| (p[0], p[1])).collect() };
    let mut lines = rings.iter().map(line);
    geo::Polygon::new(lines.next().unwrap_or_else(|| geo::LineString::new(Vec::new())), lines.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SQUARE: &str = "[[[4.0,45.0],[5.0,45.0],[5.0,46.0],[4.0,46.0],[4.0,45.0]]]";

    fn polygon_of(coordinates: &str) -> String {
        format!(r#"{{"type":"Polygon","coordinates":{coordinates}}}"#)
    }

    fn refusal(body: &str) -> String {
        perimeter(body.as_bytes()).expect_err(body).to_string()
    }

    #[test]
    fn a_polygon_is_the_same_alone_in_a_feature_or_in_a_collection() {
        let alone = polygon_of(SQUARE);
        let feature = format!(r#"{{"type":"Feature","properties":null,"geometry":{alone}}}"#);
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature},{feature}]}}"#);
        let of = |body: &str| perimeter(body.as_bytes()).expect(body);
        assert_eq!(of(&alone), of(&feature));
        assert_eq!(of(&alone), of(&collection));
        assert_eq!(of(&alone), of(&polygon_of(&SQUARE.replace("45.0]", "45.0,120.5]"))), "an altitude");
        let printed = of(&alone).to_string();
        assert_eq!(printed.parse::<Territory>().map(|t| Perimeter::new([t])), Ok(of(&alone)));
    }

    #[test]
    fn what_holds_no_ground_is_refused_and_says_why() {
        for (coordinates, why) in [
            ("[[[4,45],[5,45],[5,46],[4,46]]]", "open ring"),
            ("[[[4,45],[5,45]]]", "open ring"),
            ("[[]]", "open ring"),
            ("[[[4,45],[5,46],[5,45],[4,46],[4,45]]]", "intersection"),
            ("[[[652000,6862000],[652001,6862000],[652001,6862001],[652000,6862000]]]", "652000"),
            ("[[[4],[5],[6],[4]]]", "longitude"),
            ("[]", "three distinct"),
            ("[[[4,45],[4,45],[4,45],[4,45]]]", "distinct points"),
        ] {
            let said = refusal(&polygon_of(coordinates));
            assert!(said.contains(why) && said.contains("polygon"), "{coordinates}: {said}");
        }
        for body in [
            "",
            "{",
            "[]",
            r#"{"type":"Point","coordinates":[4,45]}"#,
            r#"{"type":"FeatureCollection","features":[]}"#,
        ] {
            assert!(perimeter(body.as_bytes()).is_err(), "{body}");
        }
        assert!(perimeter(&[0xff, 0xfe]).is_err());
        assert!(refusal(&"[".repeat(100_000)).contains("deep"));
    }

    proptest! {
        #[test]
        fn no_body_makes_it_panic(
            body in prop::collection::vec(any::<u8>(), 0..80), coordinates in "[\\[\\],0-9.eE-]{0,60}",
        ) {
            let _ = perimeter(&body);
            let _ = perimeter(polygon_of(&coordinates).as_bytes());
        }
    }
}
