//! The forms venue files come in, told apart by their columns, and made into rows of the national
//! schema that one reader interprets.

pub(super) mod dates;
pub(super) mod fold;
mod france_services;
pub(super) mod french;
mod mosaic;
mod nested;
pub(super) mod week;

use std::sync::Arc;

use super::rows::{Columns, Row, Rows, Version};
use super::{schema_v0, schema_v1};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::Findings;
use crate::table::Table;

/// The columns no file in the national schema does without.
const NEEDED: [&str; 4] = ["id", "nom", "latitude", "longitude"];

/// A form of venue file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The national schema, v0.1 or v1.0.x.
    National,
    /// The same as the interface of the dataspace gives it: address, contact and the rest nested.
    Nested,
    /// The list of France services.
    FranceServices,
    /// Several sources side by side, with services of v0.1.
    Mosaic,
}

impl Form {
    /// The form whose own columns the rows have.
    fn of(rows: &[Row]) -> Self {
        let all = |columns: &[&str]| {
            let mut rows = rows.iter();
            rows.any(|row| columns.iter().all(|column| row.has(column)))
        };
        if all(&france_services::OWN) {
            Self::FranceServices
        } else if all(&mosaic::OWN) {
            Self::Mosaic
        } else if rows.iter().any(nested::is) {
            Self::Nested
        } else {
            Self::National
        }
    }
}

/// Rows of any form as rows of the national schema.
pub(super) fn national(rows: Vec<Row>, file: &File, findings: &mut Findings) -> Result<Rows, IngestError> {
    let form = Form::of(&rows);
    let (version, list) = match form {
        Form::FranceServices => (Version::V1, france_services::rows(&rows, findings)),
        Form::Mosaic => (Version::V0, mosaic::rows(&rows)),
        Form::Nested => {
            let list = nested::rows(&rows);
            (version_of(&list), list)
        }
        Form::National => (version_of(&rows), rows),
    };
    // A file of whose rows none has a column is another file; a single row may lack it.
    let header =
        if list.is_empty() { header(file)? } else { list.first().map(|row| Arc::clone(row.columns())) };
    let lacks = |column: &&str| match &header {
        Some(header) if list.is_empty() => header.rank(column).is_none(),
        _ => !list.is_empty() && list.iter().all(|row| !row.has(column)),
    };
    if let (Some(column), Some(header)) = (NEEDED.iter().copied().find(|column| lacks(column)), &header) {
        let found: String = header.names().join(", ").chars().take(200).collect();
        return Err(file.unlike(format!(
            "has no column `{column}` (it has: {found}); check that it is the file meant, or give the \
             mapping that says what its columns are (docs/inputs.md)"
        )));
    }
    Ok(Rows { version, list })
}

/// The columns of a CSV file that holds no row; none of JSON, nor of a form that is not the national one.
fn header(file: &File) -> Result<Option<Arc<Columns>>, IngestError> {
    if matches!(file.content.trim_ascii_start().first(), Some(b'[' | b'{')) {
        return Ok(None);
    }
    let columns = Columns::new(Table::open(file)?.header().to_vec());
    Ok(Some(columns).filter(|columns| columns.rank(france_services::OWN[0]).is_none()))
}

/// Which version of the schema rows are in, by the columns only one of them has.
fn version_of(rows: &[Row]) -> Version {
    let having = |columns: &[&str]| rows.iter().filter(|row| columns.iter().any(|c| row.has(c))).count();
    if having(&schema_v0::ONLY) > having(&schema_v1::ONLY) { Version::V0 } else { Version::V1 }
}

#[cfg(test)]
mod tests;
