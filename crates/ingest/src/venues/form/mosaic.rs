//! The mosaic: rows of many sources side by side, each with its source and vintage, services in the
//! words of v0.1 or nearly, labels in one column, formats of France services among the itinerances.

use std::sync::Arc;

use csv::StringRecord;
use territory::vocabulary::Term;

use super::france_services;
use crate::venues::rows::{Columns, Row};

/// Columns only this form has together.
pub(super) const OWN: [&str; 4] = ["source", "vintage", "labels", "services"];

/// What is called otherwise in v0.1; the vintage of a source is no date of a record and is left out.
const RENAMED: [(&str, &str); 1] = [("labels", "labels_nationaux")];

/// The one service that is not in the words of v0.1, and what it is there.
const PROCEDURES: (&str, &str) = (
    "Accompagner les démarches administratives",
    "Réaliser des démarches administratives avec un accompagnement",
);

pub(super) fn rows(rows: &[Row]) -> Vec<Row> {
    let Some(first) = rows.first() else {
        return Vec::new();
    };
    let kept: Vec<&String> = first.columns().names().iter().filter(|name| *name != "vintage").collect();
    let names = kept.iter().map(|name| {
        let renamed = RENAMED.iter().find(|(own, _)| own == name);
        renamed.map_or(name.as_str(), |(_, national)| national).to_owned()
    });
    let columns = Columns::new(names.collect());
    rows.iter()
        .map(|row| {
            let values: StringRecord = kept.iter().map(|name| value(row, name)).collect();
            Row::new(row.rank(), Arc::clone(&columns), values)
        })
        .collect()
}

/// The value of a column; identifiers are those of their source, not of the whole: `20` is that of
/// nine rows.
fn value(row: &Row, name: &str) -> String {
    let text = row.text(name);
    match name {
        "id" if !text.is_empty() => format!("{}_{text}", row.text("source")),
        "itinerance" => match france_services::of_word(text) {
            Some(term) => term.label().to_owned(),
            None => text.to_owned(),
        },
        "services" => text.replace(PROCEDURES.0, PROCEDURES.1),
        _ => text.to_owned(),
    }
}
