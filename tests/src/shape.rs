//! GeoJSON geometries judged by `geo`, independently of how they were made.

use geo::{Geometry, Validation};
use serde_json::Value as Json;

/// The geometry of a GeoJSON feature, none when it is null.
pub fn shape(feature: &Json) -> Option<Geometry> {
    let text = feature["geometry"].to_string();
    (text != "null").then(|| {
        let geometry: geojson::Geometry = text.parse().unwrap_or_else(|e| panic!("{e}: {text:.200}"));
        Geometry::try_from(geometry).unwrap_or_else(|e| panic!("{e}: {text:.200}"))
    })
}

/// What is wrong with a geometry, none when it is valid.
pub fn invalid(geometry: &Geometry) -> Option<String> {
    geometry.check_validation().err().map(|wrong| wrong.to_string())
}
