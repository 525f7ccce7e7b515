//! Rows of a venue file, whatever holds them: columns of CSV, objects of JSON.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::IngestError;
use crate::file::File;
use crate::json;
use crate::refusal::Findings;
use crate::table::Table;

/// The columns no venue file does without.
const NEEDED: [&str; 4] = ["id", "nom", "latitude", "longitude"];

/// What separates the values of a list: `;` in v0.1, `|` in v1, and `;` again in the README of v1.
/// No value of a closed list holds either.
const SEPARATORS: [char; 2] = ['|', ';'];

/// The values of a row by the names of their columns.
pub(super) struct Row {
    /// Its line, or its rank among the records of a JSON file.
    pub(super) rank: u64,
    values: BTreeMap<String, String>,
}

impl Row {
    /// The value of a column, empty when there is none.
    pub(super) fn text(&self, column: &str) -> &str {
        self.values.get(column).map_or("", |text| text.trim())
    }

    /// The value of a column, when there is one.
    pub(super) fn given(&self, column: &str) -> Option<&str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// The values of a list.
    pub(super) fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.text(column).split(SEPARATORS).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Whether the file gives it the column, be it empty.
    pub(super) fn has(&self, column: &str) -> bool {
        self.values.contains_key(column)
    }
}

/// The rows of a file, told to be JSON or CSV by its first character.
pub(super) fn read(file: &File, findings: &mut Findings) -> Result<Vec<Row>, IngestError> {
    let mut rows = Vec::new();
    if matches!(file.content.trim_ascii_start().first(), Some(b'[' | b'{')) {
        json::records(file, None, findings, |rank, record, findings| {
            match serde_json::from_slice::<Map<String, Value>>(record) {
                Ok(object) => rows.push(Row { rank, values: flat(object) }),
                Err(e) => findings.refused(rank, "", &json::head(record), json::reason(&e)),
            }
        });
        return Ok(rows);
    }
    let table = Table::open(file)?;
    for column in NEEDED {
        table.column(column)?;
    }
    let names: Vec<String> = table.header().iter().map(|name| name.to_lowercase()).collect();
    table.rows(findings, |row, _| {
        let values =
            names.iter().enumerate().map(|(i, name)| (name.clone(), row.get(i).to_owned())).collect();
        rows.push(Row { rank: row.line, values });
    });
    Ok(rows)
}

/// The values of an object as text: arrays become lists, an address or a location its parts.
fn flat(object: Map<String, Value>) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for (key, value) in object {
        match (key.as_str(), value) {
            ("adresse", Value::Object(address)) => {
                let part = |key: &str| address.get(key).and_then(text).unwrap_or_default();
                let street = [part("numero_voie"), part("repetition"), part("nom_voie"), part("voie")];
                let street: Vec<String> = street.into_iter().filter(|part| !part.is_empty()).collect();
                values.insert(key, street.join(" "));
                for key in ["commune", "code_insee", "code_postal"] {
                    values.insert(key.to_owned(), part(key));
                }
            }
            ("localisation", Value::Object(location)) => {
                for key in ["latitude", "longitude"] {
                    if let Some(text) = location.get(key).and_then(text) {
                        values.insert(key.to_owned(), text);
                    }
                }
            }
            (_, Value::Array(list)) => {
                let list: Vec<String> = list.iter().filter_map(text).collect();
                values.insert(key, list.join("|"));
            }
            (_, value) => {
                if let Some(text) = text(&value) {
                    values.insert(key, text);
                }
            }
        }
    }
    values
}

/// A string, a number or a boolean as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(yes) => Some(yes.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_column_makes_the_file_another_one() {
        let file = File::of("id,nom,lat,lon\n");
        let error = read(&file, &mut file.findings()).map(|_| ()).expect_err("refused").to_string();
        assert!(error.contains("`latitude`"), "{error}");
    }

    #[test]
    fn both_separators_cut_a_list() {
        let values = [("services".to_owned(), " a | b;c||".to_owned())].into();
        let row = Row { rank: 1, values };
        assert_eq!(row.list("services").collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(row.has("services") && row.given("nom").is_none());
    }
}
