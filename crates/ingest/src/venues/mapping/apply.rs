//! A mapping applied to the rows of a file.

use std::collections::BTreeSet;
use std::sync::Arc;

use csv::StringRecord;

use super::{Filling, Mapping, Rule, identifying};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::{Findings, Kind};
use crate::venues::form::fold::{holds, words};
use crate::venues::form::{french, week};
use crate::venues::rows::{Columns, Row, Rows};

/// What separates the values of a list made by rules.
const SEPARATOR: &str = "|";

/// Ends the name of a rule's column that stands for all that begin so: `Tag *`.
const ANY: char = '*';

impl Mapping {
    /// The rows of a file in the columns of the national schema.
    pub(in crate::venues) fn apply(
        &self,
        rows: &[Row],
        file: &File,
        findings: &mut Findings,
    ) -> Result<Rows, IngestError> {
        self.check_columns(rows, file)?;
        let mut names: Vec<&'static str> = vec!["id", "source"];
        names.extend(self.columns.iter().map(|(name, _)| *name));
        for rule in &self.rules {
            if !names.contains(&rule.column) {
                names.push(rule.column);
            }
        }
        let columns = Columns::new(names.iter().map(|name| (*name).to_owned()).collect());
        let list = rows.iter().map(|row| self.row(row, &names, &columns, findings)).collect();
        Ok(Rows { version: self.version, list })
    }

    /// Every column named is one of the file's, or may be missing.
    fn check_columns(&self, rows: &[Row], file: &File) -> Result<(), IngestError> {
        let mut found: BTreeSet<&str> = BTreeSet::new();
        let mut last: Option<&Arc<Columns>> = None;
        for row in rows {
            if !last.is_some_and(|last| Arc::ptr_eq(last, row.columns())) {
                found.extend(row.columns().names().iter().map(String::as_str));
                last = Some(row.columns());
            }
        }
        let lacks = |name: &&str| {
            let some = |prefix| found.iter().any(|found| found.starts_with(prefix));
            let there = found.contains(name) || name.strip_suffix(ANY).is_some_and(some);
            !there && !self.optional.iter().any(|o| o == name)
        };
        match self.names().find(lacks) {
            Some(missing) if !rows.is_empty() => {
                let has = found.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let has: String = has.chars().take(2000).collect();
                Err(file.unlike(format!(
                    "has no column `{missing}`, which the mapping {} names (it has: {has}); correct the \
                     mapping, or mark the column `optional = true`",
                    self.path.display()
                )))
            }
            _ => Ok(()),
        }
    }

    fn row(&self, row: &Row, names: &[&'static str], columns: &Arc<Columns>, findings: &mut Findings) -> Row {
        let parts: Vec<&str> = self.id.iter().map(|name| row.found(name)).collect();
        let own = identifying(&parts);
        let id =
            if own.is_empty() { String::new() } else { format!("{}_{own}", identifying(&[&self.source])) };
        let mut values = StringRecord::new();
        for name in names {
            let filled = match *name {
                "id" => id.clone(),
                "source" => self.source.clone(),
                name => {
                    let filling = self.columns.iter().find(|(column, _)| *column == name);
                    filling.map(|(_, filling)| filling.value(row, findings)).unwrap_or_default()
                }
            };
            values.push_field(&self.with_rules(name, filled, row));
        }
        Row::new(row.rank(), Arc::clone(columns), values)
    }

    /// A value with those its rules add, each once.
    fn with_rules(&self, column: &str, mut filled: String, row: &Row) -> String {
        for rule in self.rules.iter().filter(|rule| rule.column == column) {
            let known = filled.split(SEPARATOR).any(|value| value == rule.value);
            if !known && rule.applies(row) {
                if !filled.is_empty() {
                    filled.push_str(SEPARATOR);
                }
                filled.push_str(&rule.value);
            }
        }
        filled
    }
}

impl Rule {
    /// Whether one of its cells says so: a cell that holds an excepted term says nothing.
    fn applies(&self, row: &Row) -> bool {
        self.cells.is_empty()
            || self.cells.iter().any(|cell| match cell.strip_suffix(ANY) {
                Some(prefix) if !row.has(cell) => {
                    row.cells().any(|(name, text)| name.starts_with(prefix) && self.says(text))
                }
                _ => self.says(row.found(cell)),
            })
    }

    fn says(&self, cell: &str) -> bool {
        if cell.is_empty() {
            return false;
        }
        let text = words(cell);
        let any = self.contains.is_empty() && self.is.is_empty();
        let says = any || self.is.contains(&text) || self.contains.iter().any(|term| holds(&text, term));
        says && !self.except.iter().any(|term| holds(&text, term))
    }
}

impl Filling {
    fn value(&self, row: &Row, findings: &mut Findings) -> String {
        match self {
            Self::Constant(value) => value.clone(),
            Self::Columns { names, join } => {
                let given: Vec<&str> = names.iter().filter_map(|name| row.given(name)).collect();
                given.join(join)
            }
            // A date in another format than stated stays, for the reader to judge.
            Self::Date { name, format } => {
                let text = row.found(name);
                format.day(text).map_or_else(|| text.to_owned(), |day| day.to_string())
            }
            Self::Postcode(name) => {
                postcode(row.found(name)).map(|(_, code)| code.to_owned()).unwrap_or_default()
            }
            Self::Commune(name) => commune(row.found(name)).unwrap_or_default(),
            // What is not understood stays, for the reader to tell.
            Self::French(name) => {
                let text = row.found(name);
                french::week(text).and_then(|week| week.osm()).unwrap_or_else(|| text.to_owned())
            }
            Self::Osm { name, weeks } => {
                let text = row.found(name);
                of_weeks(text, row, weeks, findings)
            }
            Self::Days(days) => {
                let texts = days.each_ref().map(|names| by_day(row, names));
                week::of_days(&texts.each_ref().map(String::as_str), |day, trouble| {
                    let column = days[day].first().map_or("", String::as_str);
                    trouble.tell(row.rank(), column, &texts[day], findings);
                })
                .and_then(|week| week.osm())
                .unwrap_or_default()
            }
        }
    }
}

/// The hours of a day: one text, or opening and closing times in turn.
fn by_day(row: &Row, names: &[String]) -> String {
    match names {
        [one] => row.found(one).to_owned(),
        several => several.iter().filter_map(|name| row.given(name)).collect::<Vec<_>>().join("-"),
    }
}

/// OSM hours that hold in odd or even weeks only («Semaine paire»), by their ISO number.
fn of_weeks(text: &str, row: &Row, weeks: &str, findings: &mut Findings) -> String {
    let said = words(row.found(weeks));
    let rule = match said.as_str() {
        "" => return text.to_owned(),
        "paire" | "semaine paire" | "semaines paires" => "week 2-52/2",
        "impaire" | "semaine impaire" | "semaines impaires" => "week 1-53/2",
        _ => {
            let reason = "is neither odd nor even weeks: hours unknown";
            findings.kept(row.rank(), weeks, row.found(weeks), Kind::BadHours.because(reason));
            return String::new();
        }
    };
    let rules = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    let limited =
        |part: &str| if part.starts_with("PH") { part.to_owned() } else { format!("{rule} {part}") };
    rules.map(limited).collect::<Vec<_>>().join("; ")
}

/// The postcode in an address, with where it ends: the one run of five digits that stands alone and
/// can be one, or the last when it is repeated.
fn postcode(address: &str) -> Option<(usize, &str)> {
    let mut found: Option<(usize, &str)> = None;
    let mut at = 0;
    for part in address.split(|c: char| !c.is_alphanumeric()) {
        let end = at + part.len();
        if part.parse::<territory::Postcode>().is_ok() {
            if found.is_some_and(|(_, other)| other != part) {
                return None;
            }
            found = Some((end, part));
        }
        at = end + address[end..].chars().next().map_or(0, char::len_utf8);
    }
    found
}

/// The commune in an address: what stands between the postcode and the next comma or line.
fn commune(address: &str) -> Option<String> {
    let (end, _) = postcode(address)?;
    let after = address[end..].trim_start_matches(|c: char| !c.is_alphanumeric());
    let name = after.split([',', '\n', '(']).next()?.trim();
    name.starts_with(char::is_alphabetic).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_postcode_and_a_commune_are_found_in_an_address_when_there_is_one() {
        let read = |text: &'static str| (postcode(text).map(|(_, code)| code), commune(text));
        assert_eq!(read("8 rue de la Boétie - 33000 Bordeaux"), (Some("33000"), Some("Bordeaux".to_owned())));
        assert_eq!(
            read("1 Rue Professeur Langevin, 51200, Épernay, Marne"),
            (Some("51200"), Some("Épernay".to_owned()))
        );
        assert_eq!(read("Rue Robert Schuman"), (None, None));
        assert_eq!(read("BP 12345 - 33000 Bordeaux"), (None, None), "two of them");
        assert_eq!(read("12 rue X 33000"), (Some("33000"), None));
        assert_eq!(read("rue du 123456 N°00012"), (None, None));
    }

    proptest! {
        #[test]
        fn any_address_never_panics(text in "[0-9éà ,-]{0,30}|\\PC{0,40}") {
            let _ = commune(&text);
        }
    }
}
