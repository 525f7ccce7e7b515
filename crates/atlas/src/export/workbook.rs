//! Office Open XML: a sheet a layer for whoever sorts and adds up, and one that says what it is.

use std::io::{self, Write};

use geo::Geometry;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::about::About;
use super::{ExportError, Selection};
use crate::field::{Field, Kind, Value};
use crate::layer::Layer;

/// Rows of a sheet, the header left out. Excel reads ten times as many; a sheet is made in memory, and a table that
/// long is for a program, which reads CSV.
const MOST_ROWS: usize = 100_000;

/// Characters that a cell holds.
const MOST_CHARACTERS: usize = 32_767;

/// The sheet that says what the others are.
const ABOUT: &str = "À propos";

/// Refuses a layer that no sheet can hold.
pub(super) fn check(layer: Layer, features: usize) -> Result<(), ExportError> {
    if features > MOST_ROWS {
        return Err(ExportError::TooManyRows { layer, features, most: MOST_ROWS });
    }
    Ok(())
}

/// Writes a workbook. Texts are texts, whatever they begin with.
pub(super) fn write(selections: &[Selection<'_>], about: &About, out: &mut dyn Write) -> io::Result<()> {
    let mut aside = tempfile::tempfile()?;
    let mut book = filled(selections, about).map_err(io::Error::other)?;
    book.save_to_writer(io::BufWriter::new(&aside)).map_err(io::Error::other)?;
    io::Seek::rewind(&mut aside)?;
    io::copy(&mut aside, out)?;
    Ok(())
}

fn filled(selections: &[Selection<'_>], about: &About) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // Two files of the same answers must not differ by the clock.
    let epoch = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let properties = DocProperties::new().set_title(&about.title).set_subject(&about.counted);
    book.set_properties(&properties.set_creation_datetime(&epoch));
    for selection in selections {
        fill(book.add_worksheet(), selection)?;
    }
    tell(book.add_worksheet(), about)?;
    Ok(book)
}

fn fill(sheet: &mut Worksheet, selection: &Selection<'_>) -> Result<(), XlsxError> {
    let columns = selection.columns();
    let points =
        selection.features.iter().any(|&n| matches!(*selection.table.geometry(n), Geometry::Point(_)));
    let last = columns.len() + if points { 2 } else { 0 };
    let rows = selection.features.len() as u32;
    sheet.set_name(sheet_name(selection.table.layer().title()))?;
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, rows, last as u16)?;
    let formats: Vec<Format> = columns.iter().map(format).collect();
    sheet.set_column_width(0, 9)?;
    for (i, field) in columns.iter().enumerate() {
        sheet.set_column_width(i as u16 + 1, width(field))?;
    }
    let header = Format::new().set_bold().set_text_wrap();
    let labels = std::iter::once("Identifiant").chain(columns.iter().map(|field| field.label));
    let position = if points { &["Longitude", "Latitude"][..] } else { &[] };
    for (i, label) in labels.chain(position.iter().copied()).enumerate() {
        sheet.write_string_with_format(0, i as u16, label, &header)?;
    }
    for (row, &n) in (1..).zip(selection.features) {
        let (id, geometry, values) = selection.feature(n);
        sheet.write_number(row, 0, id as f64)?;
        for (i, (_, value)) in values.iter().enumerate() {
            cell(sheet, row, i as u16 + 1, value, &formats[i])?;
        }
        if let (true, Geometry::Point(point)) = (points, &*geometry) {
            sheet.write_number(row, last as u16 - 1, crate::field::round(point.x(), 6))?;
            sheet.write_number(row, last as u16, crate::field::round(point.y(), 6))?;
        }
    }
    Ok(())
}

fn cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value<'_>,
    format: &Format,
) -> Result<(), XlsxError> {
    match value {
        Value::Null => return Ok(()),
        Value::Text(text) if text.len() > MOST_CHARACTERS => {
            let text: String = text.chars().take(MOST_CHARACTERS - 1).chain(['…']).collect();
            sheet.write_string(row, column, text)?
        }
        Value::Text(text) => sheet.write_string(row, column, text.as_ref())?,
        Value::Int(number) => sheet.write_number_with_format(row, column, *number as f64, format)?,
        Value::Float(number) => sheet.write_number_with_format(row, column, *number, format)?,
        Value::Bool(yes) => sheet.write_string(row, column, if *yes { "oui" } else { "non" })?,
    };
    Ok(())
}

/// How a spreadsheet shows a number; it writes the separators of its own language.
fn format(field: &Field) -> Format {
    let shown = match field.kind {
        Kind::Float(_) if field.name.ends_with("_share") => "0.0%".to_owned(),
        Kind::Float(0) | Kind::Int => "#,##0".to_owned(),
        Kind::Float(decimals) => format!("0.{}", "0".repeat(usize::from(decimals))),
        Kind::Text | Kind::Bool => return Format::new(),
    };
    Format::new().set_num_format(shown)
}

/// Characters that stand in a column without being cut.
fn width(field: &Field) -> f64 {
    match (field.kind, field.name) {
        (Kind::Text, "name" | "nearest_venue" | "address" | "services" | "communes") => 36.0,
        (Kind::Text, _) => 16.0,
        _ => 14.0,
    }
}

/// Thirty-one characters at most, as Excel wants.
fn sheet_name(title: &str) -> String {
    title.chars().take(31).collect()
}

fn tell(sheet: &mut Worksheet, about: &About) -> Result<(), XlsxError> {
    sheet.set_name(ABOUT)?;
    sheet.set_column_width(0, 24)?;
    sheet.set_column_width(1, 100)?;
    let wrapped = Format::new().set_text_wrap();
    let question = if about.question.is_empty() { "par défaut" } else { &about.question };
    let told =
        [("Titre", about.title.as_str()), ("Ce qui est compté", &about.counted), ("Méthode", about.method)];
    let warnings = about.warnings.iter().map(|warning| ("Attention", warning.as_str()));
    let sources: Vec<String> = about
        .sources
        .iter()
        .map(|[name, vintage, licence]| format!("{name} ({vintage}), {licence}"))
        .collect();
    let identity = [("Question", question), ("Atlas", about.atlas.as_str())];
    let rows = told.into_iter().chain(warnings);
    let rows = rows.chain(sources.iter().map(|source| ("Source", source.as_str()))).chain(identity);
    for (row, (what, text)) in rows.enumerate() {
        sheet.write_string(row as u32, 0, what)?;
        sheet.write_string_with_format(row as u32, 1, text, &wrapped)?;
    }
    Ok(())
}
