//! GeoJSON, RFC 7946.

use std::io::{self, Write};

use geo::{Geometry, MapCoords};
use serde_json::{Map, Value as Json, json};

use crate::export::Selection;
use crate::field::round;

/// What a page of features says besides them: members added to the collection.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Members written before the features, such as `numberMatched` and `links`.
    pub members: Map<String, Json>,
    /// Whether each feature carries its `bbox`.
    pub feature_bbox: bool,
}

/// Writes a feature collection, one feature a line.
pub(crate) fn write(selection: &Selection<'_>, page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let mut members = json!({"type": "FeatureCollection", "name": selection.table.layer().slug()});
    if let Some(object) = members.as_object_mut() {
        object.extend(page.members.clone());
        object.insert("description".to_owned(), selection.provenance().into());
    }
    let head = members.to_string();
    // All but the brace that closes the object.
    out.write_all(head.as_bytes().strip_suffix(b"}").unwrap_or(head.as_bytes()))?;
    out.write_all(b",\"features\":[")?;
    for (i, &n) in selection.features.iter().enumerate() {
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &feature(selection, page, n))?;
    }
    out.write_all(b"\n]}\n")
}

/// One feature as GeoJSON.
pub(crate) fn feature(selection: &Selection<'_>, page: &Page, n: usize) -> Json {
    let (id, shape, values) = selection.feature(n);
    let mut properties = Map::new();
    // Programs that drop the identifier of a feature keep its attributes.
    properties.insert("id".to_owned(), id.into());
    for (field, value) in values {
        properties.insert(field.name.to_owned(), serde_json::to_value(value).unwrap_or(Json::Null));
    }
    let mut feature = json!({"type": "Feature", "id": id});
    if let Some(extent) = selection.table.extent(n).filter(|_| page.feature_bbox) {
        feature["bbox"] = json!(extent.bbox().map(|degrees| round(degrees, 6)));
    }
    feature["properties"] = Json::Object(properties);
    feature["geometry"] = geometry(&shape);
    feature
}

/// A geometry with six decimals (0.1 m); null when it is empty.
pub(crate) fn geometry(shape: &Geometry) -> Json {
    use geo::HasDimensions;
    if shape.is_empty() {
        return Json::Null;
    }
    let value = geojson::GeometryValue::from(&rounded(shape));
    serde_json::to_value(geojson::Geometry::new(value)).unwrap_or(Json::Null)
}

/// The same with six decimals.
pub(super) fn rounded(shape: &Geometry) -> Geometry {
    shape.map_coords(|c| geo::coord! { x: round(c.x, 6), y: round(c.y, 6) })
}
