//! CSV that a spreadsheet opens without running it.

use std::borrow::Cow;
use std::io::{self, Write};

use geo::Geometry;

use crate::export::Selection;
use crate::field::{Kind, Value};

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, PartialOrd, Ord)]
pub enum Separator {
    /// A comma, and a point before decimals: what programs read.
    #[default]
    Comma,
    /// A semicolon, a comma before decimals and a mark of UTF-8: what a French Excel opens by a double click.
    Semicolon,
}

impl Separator {
    /// Both, the usual one first.
    pub const ALL: [Self; 2] = [Self::Comma, Self::Semicolon];

    /// Its name in questions.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Comma => "comma",
            Self::Semicolon => "semicolon",
        }
    }

    /// The separator of a name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|separator| separator.slug() == slug)
    }

    fn number(self, digits: String) -> Cow<'static, str> {
        match self {
            Self::Comma => digits,
            Self::Semicolon => digits.replace('.', ","),
        }
        .into()
    }
}

/// Without it Excel takes UTF-8 for another encoding.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Writes a header and a line for each feature: `id`, the attributes, then `lon` and `lat` of points.
pub(crate) fn write(selection: &Selection<'_>, separator: Separator, out: &mut dyn Write) -> io::Result<()> {
    let delimiter = match separator {
        Separator::Comma => b',',
        Separator::Semicolon => {
            out.write_all(BYTE_ORDER_MARK)?;
            b';'
        }
    };
    let mut table = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
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
        record.extend(values.into_iter().map(|(field, value)| cell(field.kind, value, separator)));
        if points {
            let position = if let Geometry::Point(p) = *geometry { Some(p.0) } else { None };
            record.extend(
                [position.map(|c| c.x), position.map(|c| c.y)]
                    .map(|degrees| degrees.map_or("".into(), |d| separator.number(format!("{d:.6}")))),
            );
        }
        table.write_record(record.iter().map(|text| text.as_bytes()))?;
    }
    table.flush()
}

fn cell(kind: Kind, value: Value<'_>, separator: Separator) -> Cow<'_, str> {
    match value {
        Value::Null => "".into(),
        Value::Text(text) => inert(text),
        Value::Int(number) => number.to_string().into(),
        Value::Float(number) => match kind {
            Kind::Float(decimals) => separator.number(format!("{number:.*}", usize::from(decimals))),
            _ => separator.number(number.to_string()),
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
        assert_eq!(cell(Kind::Float(4), Value::Float(0.5), Separator::Comma), "0.5000");
        assert_eq!(cell(Kind::Float(4), Value::Float(0.5), Separator::Semicolon), "0,5000");
        assert_eq!(cell(Kind::Float(1), Value::Null, Separator::Comma), "");
    }
}
