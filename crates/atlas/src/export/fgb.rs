//! FlatGeobuf with its spatial index and its CRS.

use std::io::{self, Write};

use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geo::{Geometry, HasDimensions, MultiPolygon, Polygon};
use geozero::{ColumnValue, PropertyProcessor};

use crate::export::Selection;
use crate::field::{Kind, Value};

/// Writes a selection; features come out in the order of the spatial index, not of the selection.
///
/// A feature without geometry stays in the file with an empty one: it has figures all the same.
pub(crate) fn write(selection: &Selection<'_>, out: &mut dyn Write) -> io::Result<()> {
    fill(selection)?.write(out).map_err(io::Error::other)
}

fn fill<'a>(selection: &'a Selection<'_>) -> io::Result<FgbWriter<'a>> {
    let layer = selection.table.layer();
    let points = selection.features.iter().all(|&n| !is_area(&selection.table.geometry(n)));
    let kind = if !points || selection.features.is_empty() {
        GeometryType::MultiPolygon
    } else if selection.features.iter().any(|&n| selection.table.geometry(n).is_empty()) {
        // A file of points has no way to write that there is none: each feature tells its own type.
        GeometryType::Unknown
    } else {
        GeometryType::Point
    };
    let provenance = selection.provenance();
    let options = FgbWriterOptions {
        // An index of nothing cannot be written.
        write_index: !selection.features.is_empty(),
        detect_type: false,
        promote_to_multi: kind == GeometryType::MultiPolygon,
        crs: FgbCrs { org: Some("EPSG"), code: 4326, name: Some("WGS 84"), ..FgbCrs::default() },
        title: Some(layer.title()),
        description: Some(&provenance),
        ..FgbWriterOptions::default()
    };
    let mut writer = FgbWriter::create_with_options(layer.slug(), kind, options).map_err(io::Error::other)?;
    writer.add_column("id", ColumnType::Long, |_, column| column.nullable = false);
    for field in selection.columns() {
        let kind = match field.kind {
            Kind::Text => ColumnType::String,
            Kind::Int => ColumnType::Long,
            Kind::Float(_) => ColumnType::Double,
            Kind::Bool => ColumnType::Bool,
        };
        writer.add_column(field.name, kind, |builder, column| {
            column.title = Some(builder.create_string(field.label));
        });
    }
    for &n in selection.features {
        let (id, geometry, values) = selection.feature(n);
        let mut written = Ok(false);
        writer
            .add_feature_geom(readable(&geometry), |feature| {
                written = feature.property(0, "id", &ColumnValue::Long(id.cast_signed()));
                for (i, (field, value)) in values.iter().enumerate() {
                    let value = match value {
                        Value::Null => continue,
                        Value::Text(text) => ColumnValue::String(text),
                        Value::Int(number) => ColumnValue::Long(*number),
                        Value::Float(number) => ColumnValue::Double(*number),
                        Value::Bool(yes) => ColumnValue::Bool(*yes),
                    };
                    if written.is_ok() {
                        written = feature.property(i + 1, field.name, &value);
                    }
                }
            })
            .map_err(io::Error::other)?;
        written.map_err(io::Error::other)?;
    }
    Ok(writer)
}

fn is_area(geometry: &Geometry) -> bool {
    matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_))
}

/// The geometry, or for an empty one a multipolygon of one empty polygon: one of none at all is a null
/// pointer to GDAL, which then reads no feature after it.
fn readable(geometry: &Geometry) -> Geometry {
    if geometry.is_empty() {
        Geometry::MultiPolygon(MultiPolygon::new(vec![Polygon::empty()]))
    } else {
        geometry.clone()
    }
}
