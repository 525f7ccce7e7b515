//! CSV that a spreadsheet opens without running it.

use std::borrow::Cow;
use std::io::{self, Write};

use geo::Geometry;

use crate::export::Selection;
use crate::field::{Kind, Value};

/// Writes a header and a line for each feature: `id`, the attributes, then `lon` and `lat` of points.
pub(crate) fn write(selection: &Selection<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    let columns = selection.columns();
    let points =
        selection.features.iter().any(|&n| matches!(*selection.table.geometry(n), Geometry::Point(_)));
    let mut header = vec!["id"];
    header.extend(columns.iter().map(|field| field.name));
    if points {
        header.extend(["lon", "lat"]);
    }
    table.write_record(&header)?;
    for &n in selection.features {
        let (id, geometry, values) = selection.feature(n);
        let mut record: Vec<Cow<'_, str>> = vec![id.to_string().into()];
        record.extend(values.into_iter().map(|(field, value)| cell(field.kind, value)));
        if points {
            let position = if let Geometry::Point(p) = *geometry { Some(p.0) } else { None };
            record.extend(
                [position.map(|c| c.x), position.map(|c| c.y)]
                    .map(|degrees| degrees.map(|d| format!("{d:.6}")).unwrap_or_default().into()),
            );
        }
        table.write_record(record.iter().map(|text| text.as_bytes()))?;
    }
    table.flush()
}

fn cell(kind: Kind, value: Value<'_>) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::Text(text) => inert(text),
        Value::Int(number) => number.to_string().into(),
        Value::Float(number) => match kind {
            Kind::Float(decimals) => format!("{number:.*}", usize::from(decimals)).into(),
            _ => number.to_string().into(),
        },
        Value::Bool(yes) => if yes { "true" } else { "false" }.into(),
    }
}

/// A text that a spreadsheet would run as a formula is led by an apostrophe, which it shows as text.
pub(super) fn inert(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}").into(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_written_as_text() {
        assert_eq!(inert("=HYPERLINK(1)".into()), "'=HYPERLINK(1)");
        assert_eq!(inert("Saint-Étienne".into()), "Saint-Étienne");
        assert_eq!(cell(Kind::Float(4), Value::Float(0.5)), "0.5000");
        assert_eq!(cell(Kind::Float(1), Value::Null), "");
    }
}
