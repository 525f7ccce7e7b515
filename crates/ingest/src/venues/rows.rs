//! Rows of a venue file, whatever holds them: columns of CSV, objects of JSON.

use std::path::Path;
use std::sync::Arc;

use csv::StringRecord;
use serde_json::{Map, Value};

use super::form;
use super::mapping::Mapping;
use crate::error::IngestError;
use crate::file::File;
use crate::json;
use crate::refusal::{Findings, Read};
use crate::table::Table;

/// What separates the values of a list: `;` in v0.1, `|` in v1, and `;` again in the README of v1.
/// No value of a closed list holds either.
const SEPARATORS: [char; 2] = ['|', ';'];

/// Which version of the national schema rows are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// v0.1: `;` between values, fifteen services, sentences for conditions.
    V0,
    /// v1.0.x.
    V1,
}

/// The rows of a file, in the columns of the national schema.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The version of the schema.
    pub version: Version,
    /// In the order of the file.
    pub list: Vec<Row>,
}

/// The names of the columns that rows share.
#[derive(Debug)]
pub(crate) struct Columns {
    names: Vec<String>,
    /// Names as written, and in lower case where that is no other column's, with their rank; sorted.
    index: Vec<(String, usize)>,
}

impl Columns {
    pub(crate) fn new(names: Vec<String>) -> Arc<Self> {
        let exact = |name: &str| names.iter().position(|n| n == name);
        let mut index: Vec<(String, usize)> =
            names.iter().enumerate().map(|(i, name)| (name.clone(), i)).collect();
        for (i, name) in names.iter().enumerate() {
            let lower = name.to_lowercase();
            if exact(&lower).is_none() {
                index.push((lower, i));
            }
        }
        index.sort();
        index.dedup_by(|a, b| a.0 == b.0);
        Arc::new(Self { names, index })
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The rank of a column, by its name as written, or in lower case.
    pub(crate) fn rank(&self, name: &str) -> Option<usize> {
        let found = self.index.binary_search_by(|(n, _)| n.as_str().cmp(name)).ok()?;
        Some(self.index[found].1)
    }
}

/// A row as read, every column of it: the telephones and mails that no venue keeps stay here, to be
/// given back by a repaired file.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its line, or its rank among the records of a JSON file.
    pub(crate) rank: u64,
    columns: Arc<Columns>,
    values: StringRecord,
    repairs: Vec<(&'static str, String)>,
}

impl Row {
    pub(crate) fn new(rank: u64, columns: Arc<Columns>, values: StringRecord) -> Self {
        Self { rank, columns, values, repairs: Vec::new() }
    }

    /// Its line in the file, or its rank among the records of a JSON file, from 1.
    pub fn rank(&self) -> u64 {
        self.rank
    }

    /// The value of a column, as repaired if it was; empty when there is none.
    pub fn text(&self, column: &str) -> &str {
        match self.repairs.iter().rfind(|(name, _)| *name == column) {
            Some((_, repaired)) => repaired,
            None => self.found(column),
        }
    }

    /// The value of a column as the file has it, trimmed; empty when there is none.
    pub fn found(&self, column: &str) -> &str {
        self.columns.rank(column).and_then(|i| self.values.get(i)).unwrap_or_default().trim()
    }

    /// The value of a column, when there is one.
    pub fn given(&self, column: &str) -> Option<&str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// The values of a list.
    pub fn list(&self, column: &str) -> impl Iterator<Item = &str> {
        self.text(column).split(SEPARATORS).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Whether the file gives it the column, be it empty.
    pub fn has(&self, column: &str) -> bool {
        self.columns.rank(column).is_some()
    }

    /// Its columns in the order of the file, with their values as repaired.
    pub fn cells(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.names.iter().map(|name| (name.as_str(), self.text(name)))
    }

    /// What was repaired: columns of the national schema, with what their value became.
    pub fn repairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.repairs.iter().map(|(column, value)| (*column, value.as_str()))
    }

    /// Gives a column another value; what the file has stays in [`Row::found`].
    pub(crate) fn repair(&mut self, column: &'static str, value: impl Into<String>) {
        self.repairs.retain(|(name, _)| *name != column);
        self.repairs.push((column, value.into()));
    }

    pub(crate) fn columns(&self) -> &Arc<Columns> {
        &self.columns
    }

    #[cfg(test)]
    pub(crate) fn of<const N: usize>(values: [(&str, &str); N]) -> Self {
        let columns = Columns::new(values.iter().map(|(name, _)| (*name).to_owned()).collect());
        Self::new(1, columns, values.iter().map(|(_, value)| *value).collect())
    }
}

/// Reads a venue file into rows of the national schema, through a mapping if it is a raw file of a
/// producer. Nothing is judged yet but what makes a row unreadable.
pub fn read_rows(path: &Path, mapping: Option<&Mapping>) -> Result<Read<Rows>, IngestError> {
    let file = File::open(path, None)?;
    let mut findings = file.findings();
    let value = read(&file, mapping, &mut findings)?;
    Ok(Read { value, refused: findings.into_list() })
}

/// The rows of a file, in the columns of the national schema.
pub(crate) fn read(
    file: &File,
    mapping: Option<&Mapping>,
    findings: &mut Findings,
) -> Result<Rows, IngestError> {
    let raw = raw(file, mapping.and_then(Mapping::records), findings)?;
    match mapping {
        Some(mapping) => mapping.apply(&raw, file, findings),
        None => form::national(raw, file, findings),
    }
}

/// The rows of a file in its own columns, told to be JSON or CSV by its first character.
pub(super) fn raw(
    file: &File,
    records: Option<&str>,
    findings: &mut Findings,
) -> Result<Vec<Row>, IngestError> {
    let mut rows = Vec::new();
    if matches!(file.content.trim_ascii_start().first(), Some(b'[' | b'{')) {
        let mut columns = Columns::new(Vec::new());
        json::records(file, records, findings, |rank, record, findings| {
            match serde_json::from_slice::<Map<String, Value>>(record) {
                Ok(object) => {
                    let (mut names, mut values) = (Vec::new(), StringRecord::new());
                    flat("", object, &mut names, &mut values);
                    if columns.names != names {
                        columns = Columns::new(names);
                    }
                    rows.push(Row::new(rank, Arc::clone(&columns), values));
                }
                Err(e) => findings.refused(rank, "", &json::head(record), json::reason(&e)),
            }
        });
        return Ok(rows);
    }
    let table = Table::open(file)?;
    let columns = Columns::new(table.header().to_vec());
    table.rows(findings, |row, _| {
        rows.push(Row::new(row.line, Arc::clone(&columns), row.values().clone()));
    });
    Ok(rows)
}

/// The values of an object as text: `a.b` names `b` of the object `a`, arrays become lists. What is
/// in an array of objects (mediators, by name) is left out.
fn flat(before: &str, object: Map<String, Value>, names: &mut Vec<String>, values: &mut StringRecord) {
    for (key, value) in object {
        let name = if before.is_empty() { key } else { format!("{before}.{key}") };
        match value {
            Value::Object(object) => flat(&name, object, names, values),
            Value::Array(list) => {
                let list: Vec<String> = list.iter().filter_map(text).collect();
                names.push(name);
                values.push_field(&list.join("|"));
            }
            value => {
                names.push(name);
                values.push_field(&text(&value).unwrap_or_default());
            }
        }
    }
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

    fn rows(text: impl Into<Vec<u8>>) -> (Vec<Row>, usize) {
        let file = File::of(text);
        let mut findings = file.findings();
        let rows = raw(&file, None, &mut findings).expect("rows");
        (rows, findings.into_list().len())
    }

    #[test]
    fn both_separators_cut_a_list() {
        let row = Row::of([("services", " a | b;c||")]);
        assert_eq!(row.list("services").collect::<Vec<_>>(), ["a", "b", "c"]);
        assert!(row.has("services") && row.given("nom").is_none());
    }

    #[test]
    fn a_repair_covers_what_was_found_and_forgets_nothing() {
        let mut row = Row::of([("code_postal", " 1000 "), ("telephone", "0102")]);
        row.repair("code_postal", "1");
        row.repair("code_postal", "01000");
        assert_eq!((row.text("code_postal"), row.found("code_postal")), ("01000", "1000"));
        assert_eq!(row.cells().collect::<Vec<_>>(), [("code_postal", "01000"), ("telephone", "0102")]);
        assert_eq!(row.repairs().collect::<Vec<_>>(), [("code_postal", "01000")]);
    }

    #[test]
    fn a_column_is_found_by_its_name_or_in_lower_case_unless_another_has_that_name() {
        let row = Row::of([("Latitude", ""), ("latitude", "46"), ("Adresse", "1 rue X")]);
        assert_eq!((row.text("latitude"), row.text("Latitude"), row.text("adresse")), ("46", "", "1 rue X"));
    }

    #[test]
    fn objects_are_flattened_and_arrays_of_objects_left_out() {
        let (rows, findings) = rows(
            r#"[{"id": 1, "a": {"b": {"c": true}, "d": null}, "list": ["x", 2], "mediateurs": [{"nom": "N"}]}]"#,
        );
        let found: Vec<_> = rows[0].cells().collect();
        assert_eq!(found, [("id", "1"), ("a.b.c", "true"), ("a.d", ""), ("list", "x|2"), ("mediateurs", "")]);
        assert_eq!(findings, 0);
    }

    #[test]
    fn a_bomb_of_brackets_is_refused_in_constant_stack() {
        for bomb in
            ["[".repeat(100_000), format!("[{{\"a\":{}", "[".repeat(100_000)), "{\"a\":".repeat(100_000)]
        {
            assert_eq!(rows(bomb), (Vec::new(), 1));
        }
        let closed = format!("[{{\"a\":{}{}}}]", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(rows(closed), (Vec::new(), 1));
    }

    impl PartialEq for Row {
        fn eq(&self, other: &Self) -> bool {
            self.rank == other.rank && self.cells().eq(other.cells())
        }
    }
}
