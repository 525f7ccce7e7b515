//! What the columns of a producer's own file mean, declared in TOML: `docs/inputs.md` tells how to
//! write one, `data/mappings/` holds ten.
//!
//! ```toml
//! source = "Hub de l'exemple"
//! id = "Numéro"
//! [columns]
//! nom = "Nom du lieu"
//! adresse = ["N°", "Voie"]
//! code_postal = { column = "Adresse complète", extract = "postcode" }
//! latitude = "Y"
//! longitude = "X"
//! date_maj = { column = "Modifié le", format = "DD/MM/YYYY" }
//! horaires = { column = "Ouverture", format = "french" }
//! [[rules.services]]
//! value = "Aide aux démarches administratives"
//! column = ["Activités", "Description"]
//! contains = ["démarche", "CAF"]
//! except = ["pas de démarche"]
//! ```
//!
//! All that is not known is refused by its name: keys, national columns, values of closed lists when
//! the mapping is loaded, columns of the file when it is applied.

mod apply;
mod names;
mod written;

use std::path::{Path, PathBuf};

use territory::slug::slug;

use super::form::dates;
use super::form::fold::words;
use super::rows::Version;
use crate::error::IngestError;
use crate::file;
use written::{Names, Written, WrittenColumn, WrittenRule};

/// What fills the columns of the national schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    path: PathBuf,
    version: Version,
    records: Option<String>,
    source: String,
    id: Vec<String>,
    columns: Vec<(&'static str, Filling)>,
    rules: Vec<Rule>,
    /// The columns the file may lack.
    optional: Vec<String>,
}

/// Where the value of a national column comes from.
#[derive(Debug, Clone, PartialEq)]
enum Filling {
    Constant(String),
    Columns {
        names: Vec<String>,
        join: String,
    },
    Date {
        name: String,
        format: dates::Format,
    },
    Postcode(String),
    Commune(String),
    /// Hours in free French.
    French(String),
    /// Hours in OSM's syntax, and the column that says of which weeks.
    Osm {
        name: String,
        weeks: String,
    },
    /// Columns of each day, Monday first.
    Days(Box<[Vec<String>; 7]>),
}

/// A value that a row has when its cells say so.
#[derive(Debug, Clone, PartialEq)]
struct Rule {
    column: &'static str,
    value: String,
    cells: Vec<String>,
    /// Terms as `words` gives them, like the two below.
    contains: Vec<String>,
    is: Vec<String>,
    except: Vec<String>,
}

impl Mapping {
    /// Reads a mapping and checks all of it that needs no file.
    pub fn load(path: &Path) -> Result<Self, IngestError> {
        let bytes = file::raw(path)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| IngestError::Config {
            path: path.to_owned(),
            reason: "is not UTF-8; save it as UTF-8".to_owned(),
        })?;
        Self::parse(path, text)
    }

    fn parse(path: &Path, text: &str) -> Result<Self, IngestError> {
        let wrong = |reason: String| IngestError::Config { path: path.to_owned(), reason };
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let written: Written =
            toml::from_str(text).map_err(|e| wrong(e.to_string().trim_end().to_owned()))?;
        Self::check(path, written).map_err(wrong)
    }

    fn check(path: &Path, written: Written) -> Result<Self, String> {
        let version = match written.schema.as_deref() {
            None | Some("1.0") => Version::V1,
            Some("0.1") => Version::V0,
            Some(other) => {
                return Err(format!(
                    "schema = {other:?} is none; write \"1.0\" (or leave it out) or \"0.1\""
                ));
            }
        };
        let source = written
            .source
            .filter(|s| !s.trim().is_empty())
            .ok_or("has no `source`, the name of who publishes the file; add it")?;
        let id = written.id.map(|Names(id)| id).filter(|id| !id.is_empty());
        let id =
            id.ok_or("has no `id`: give the column that identifies a row, or several that do together")?;
        let mut optional = Vec::new();
        let mut columns = Vec::new();
        for (name, column) in written.columns {
            let name = national(version, &name)
                .filter(|name| !matches!(*name, "id" | "source"))
                .ok_or_else(|| no_column(version, "columns", &name))?;
            let is_optional = column.table.optional;
            let filling = filling(name, column).map_err(|reason| format!("[columns] {name}: {reason}"))?;
            if let Filling::Constant(list) = &filling
                && names::closed(version, name)
            {
                let none = list.split('|').find(|value| !names::knows(version, name, value.trim()));
                if let Some(value) = none {
                    return Err(format!(
                        "[columns] {name}: constant = {value:?} is none of the national list"
                    ));
                }
            }
            if is_optional {
                optional.extend(filling.names().map(str::to_owned));
            }
            columns.push((name, filling));
        }
        for needed in ["nom", "latitude", "longitude"] {
            if !columns.iter().any(|(name, _)| *name == needed) {
                return Err(format!("[columns] has no {needed}, without which no row is a venue; add it"));
            }
        }
        let mut rules = Vec::new();
        for (column, list) in written.rules {
            let column = national(version, &column)
                .filter(|column| names::closed(version, column))
                .ok_or_else(|| no_column(version, "rules", &column))?;
            for rule in list {
                let is_optional = rule.optional;
                let rule = checked(version, column, rule)
                    .map_err(|reason| format!("[[rules.{column}]] {reason}"))?;
                if is_optional {
                    optional.extend(rule.cells.iter().cloned());
                }
                rules.push(rule);
            }
        }
        Ok(Self {
            path: path.to_owned(),
            version,
            records: written.records,
            source,
            id,
            columns,
            rules,
            optional,
        })
    }

    /// The key of the file that holds the records, when it is not the outer array.
    pub(super) fn records(&self) -> Option<&str> {
        self.records.as_deref()
    }

    /// Every column of the file it names, with repeats.
    fn names(&self) -> impl Iterator<Item = &str> {
        let filled = self.columns.iter().flat_map(|(_, filling)| filling.names());
        let cells = self.rules.iter().flat_map(|rule| rule.cells.iter().map(String::as_str));
        self.id.iter().map(String::as_str).chain(filled).chain(cells)
    }
}

impl Filling {
    /// The columns it is made of.
    fn names(&self) -> impl Iterator<Item = &str> {
        let names: Vec<&str> = match self {
            Self::Constant(_) => Vec::new(),
            Self::Columns { names, .. } => names.iter().map(String::as_str).collect(),
            Self::Date { name, .. } | Self::Postcode(name) | Self::Commune(name) | Self::French(name) => {
                vec![name]
            }
            Self::Osm { name, weeks } => vec![name, weeks],
            Self::Days(days) => days.iter().flatten().map(String::as_str).collect(),
        };
        names.into_iter()
    }
}

fn national(version: Version, name: &str) -> Option<&'static str> {
    names::columns(version).iter().copied().chain([names::STAFF]).find(|column| *column == name)
}

fn no_column(version: Version, table: &str, name: &str) -> String {
    if matches!(name, "id" | "source") {
        return format!("[{table}] {name}: write it at the top of the file, as `{name} = …`");
    }
    let list: Vec<&str> = match table {
        "rules" => names::columns(version).iter().copied().filter(|c| names::closed(version, c)).collect(),
        _ => names::columns(version).iter().copied().chain([names::STAFF]).collect(),
    };
    format!("[{table}] {name} is no such column of the national schema; it knows {}", list.join(", "))
}

/// What a column as written is filled with.
fn filling(
    name: &str,
    WrittenColumn { names: Names(mut names), table }: WrittenColumn,
) -> Result<Filling, String> {
    let days =
        [table.lundi, table.mardi, table.mercredi, table.jeudi, table.vendredi, table.samedi, table.dimanche];
    let by_day = days.iter().any(Option::is_some);
    let given = usize::from(!names.is_empty()) + usize::from(table.constant.is_some()) + usize::from(by_day);
    if given != 1 {
        return Err(
            "give one of: a column, a list of columns, `constant`, or columns by day (lundi … dimanche)"
                .to_owned(),
        );
    }
    let alone = |key: &str, asked: bool, may: bool| {
        if asked && !may { Err(format!("`{key}` has no meaning here")) } else { Ok(()) }
    };
    alone("join", table.join.is_some(), names.len() > 1)?;
    alone("extract", table.extract.is_some(), names.len() == 1 && matches!(name, "code_postal" | "commune"))?;
    alone("format", table.format.is_some(), names.len() == 1 && matches!(name, "date_maj" | "horaires"))?;
    alone("weeks", table.weeks.is_some(), names.len() == 1 && name == "horaires" && table.format.is_none())?;
    alone("lundi … dimanche", by_day, name == "horaires")?;
    if let Some(constant) = table.constant {
        return Ok(Filling::Constant(constant));
    }
    if by_day {
        return Ok(Filling::Days(Box::new(
            days.map(|day| day.map(|Names(names)| names).unwrap_or_default()),
        )));
    }
    if let Some(what) = table.extract {
        let single = names.remove(0);
        return match what.as_str() {
            "postcode" if name == "code_postal" => Ok(Filling::Postcode(single)),
            "commune" if name == "commune" => Ok(Filling::Commune(single)),
            other => Err(format!(
                "extract = {other:?} is none; code_postal knows \"postcode\", commune \"commune\""
            )),
        };
    }
    if let Some(format) = table.format {
        let single = names.remove(0);
        if name == "horaires" {
            return match format.as_str() {
                "french" => Ok(Filling::French(single)),
                other => Err(format!(
                    "format = {other:?} is none; write \"french\", or leave it out for OSM's opening_hours"
                )),
            };
        }
        let known = dates::Format::ALL.into_iter().find(|known| known.name() == format);
        let all: Vec<&str> = dates::Format::ALL.into_iter().map(dates::Format::name).collect();
        let format =
            known.ok_or_else(|| format!("format = {format:?} is none; it knows {}", all.join(", ")))?;
        return Ok(Filling::Date { name: single, format });
    }
    if let Some(weeks) = table.weeks {
        return Ok(Filling::Osm { name: names.remove(0), weeks });
    }
    Ok(Filling::Columns { names, join: table.join.unwrap_or_else(|| " ".to_owned()) })
}

fn checked(version: Version, column: &'static str, rule: WrittenRule) -> Result<Rule, String> {
    let WrittenRule { value, column: Names(cells), contains, is, except, .. } = rule;
    if !names::knows(version, column, &value) {
        let near = names::near(version, column, &value);
        let hint = near.map(|near| format!("; did you mean {near:?}?")).unwrap_or_default();
        return Err(format!("value = {value:?} is none of the national list{hint}"));
    }
    let terms = |Names(terms): Names| -> Vec<String> { terms.iter().map(|term| words(term)).collect() };
    let rule = Rule { column, value, cells, contains: terms(contains), is: terms(is), except: terms(except) };
    let looks = !(rule.contains.is_empty() && rule.is.is_empty() && rule.except.is_empty());
    if rule.cells.is_empty() && looks {
        return Err(format!("value = {:?} says what to look for but not in which `column`", rule.value));
    }
    let blank = rule.contains.iter().chain(&rule.is).chain(&rule.except).any(String::is_empty);
    if blank {
        return Err(format!("value = {:?} looks for an empty term", rule.value));
    }
    Ok(rule)
}

/// Part of an identifier.
fn identifying(parts: &[&str]) -> String {
    match parts {
        [one] => one.split_whitespace().collect::<Vec<_>>().join("-"),
        several => slug(&several.join(" ")),
    }
}

#[cfg(test)]
mod tests;
