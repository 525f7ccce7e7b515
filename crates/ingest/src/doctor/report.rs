//! What was found, for programs and spreadsheets; the repaired file and the side file.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use super::sheet::COLUMNS;
use super::{Aside, Examination};
use crate::refusal::{Kind, Refusal};

/// The columns of a findings table.
const FINDINGS: [&str; 8] = ["kind", "outcome", "file", "row", "column", "value", "repair", "reason"];

/// Columns of the national schema that no spreadsheet takes for a formula: their rules leave no room.
const TYPED: [&str; 5] = ["latitude", "longitude", "telephone", "date_maj", "code_postal"];

/// The findings of each kind, in the order of kinds.
pub(super) fn by_kind(findings: &[Refusal]) -> BTreeMap<Kind, Vec<&Refusal>> {
    let mut kinds: BTreeMap<Kind, Vec<&Refusal>> = BTreeMap::new();
    for finding in findings {
        kinds.entry(finding.kind).or_default().push(finding);
    }
    kinds
}

/// `{"files", "rows", "findings": [{"kind", "count", "rows": […]}…], "repaired", "refused", …}`; `more` is
/// added to it.
pub fn write_json(found: &Examination, more: Map<String, Json>, out: &mut dyn Write) -> io::Result<()> {
    let row = |finding: &&Refusal| {
        json!({
            "file": finding.source,
            "row": finding.line,
            "column": finding.column,
            "value": finding.value,
            "repair": finding.repair,
            "outcome": finding.outcome.slug(),
            "reason": finding.reason,
        })
    };
    let kinds = by_kind(&found.findings);
    let findings: Vec<Json> = kinds
        .iter()
        .map(|(kind, list)| {
            json!({"kind": kind.slug(), "count": list.len(), "rows": list.iter().map(row).collect::<Vec<_>>()})
        })
        .collect();
    let mut document = Map::new();
    document.insert("files".to_owned(), json!(found.files));
    document.insert("rows".to_owned(), json!(found.rows));
    document.insert("findings".to_owned(), Json::Array(findings));
    document.insert("repaired".to_owned(), json!(found.repaired));
    document.insert("refused".to_owned(), json!(found.refused));
    document.insert("merged".to_owned(), json!(found.merged));
    document.insert("venues".to_owned(), json!(found.venues.len()));
    document.insert("valid".to_owned(), json!(found.sheet.len()));
    document.insert("aside".to_owned(), json!(found.aside.len()));
    document.insert("stale".to_owned(), json!(found.stale.len()));
    document.insert("doubtful".to_owned(), json!(found.doubtful.len()));
    document.extend(more);
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}

/// A line for each finding.
pub fn write_findings(found: &Examination, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(FINDINGS)?;
    for finding in &found.findings {
        table.write_record([
            finding.kind.slug(),
            finding.outcome.slug(),
            &inert(&finding.source),
            &finding.line.map(|line| line.to_string()).unwrap_or_default(),
            &inert(finding.column.as_deref().unwrap_or_default()),
            &inert(&finding.value),
            &inert(finding.repair.as_deref().unwrap_or_default()),
            &finding.reason,
        ])?;
    }
    table.flush()
}

/// The repaired file: schema v1.0.1, every value quoted as the national file has it.
pub fn write_repaired(found: &Examination, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).from_writer(out);
    table.write_record(COLUMNS)?;
    for record in &found.sheet {
        table.write_record(
            COLUMNS.iter().zip(record).map(
                |(column, value)| {
                    if TYPED.contains(column) { value.clone() } else { inert(value) }
                },
            ),
        )?;
    }
    table.flush()
}

/// The rows that the repaired file does not hold, in their own columns, with the reasons.
pub fn write_side(found: &Examination, out: &mut dyn Write) -> io::Result<()> {
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in found.aside.iter().flat_map(|aside| &aside.values) {
        if !columns.contains(&name.as_str()) {
            columns.push(name);
        }
    }
    let mut table = csv::Writer::from_writer(out);
    let own = ["fichier", "ligne", "motifs"].into_iter().map(ToOwned::to_owned);
    table.write_record(own.chain(columns.iter().map(|name| inert(name))))?;
    for Aside { file, row, reasons, values, .. } in &found.aside {
        let value = |column: &&str| {
            let found = values.iter().find(|(name, _)| name == column);
            found.map(|(_, value)| inert(value)).unwrap_or_default()
        };
        let own = [inert(file), row.to_string(), inert(&reasons.join(" ; "))];
        table.write_record(own.into_iter().chain(columns.iter().map(value)))?;
    }
    table.flush()
}

/// A text that a spreadsheet would run as a formula is led by an apostrophe, which it shows as text.
pub(super) fn inert(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{text}"),
        _ => text.to_owned(),
    }
}
