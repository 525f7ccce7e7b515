//! What a GeoPackage says of its content: attributes in French (annex F.9) and where it comes from (F.8).

use rusqlite::{Connection, params};
use serde_json::json;

use super::LAST_CHANGE;
use crate::export::Selection;
use crate::export::about::About;

const TABLES: &str = r"
CREATE TABLE gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
  constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
  max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
  md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec121/#extension_metadata', 'read-write'),
  ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec121/#extension_metadata', 'read-write');
";

/// What the words of the metadata follow.
const STANDARD: &str = "http://purl.org/dc/terms/";

pub(super) fn add(
    database: &Connection,
    selections: &[Selection<'_>],
    about: Option<&About>,
) -> rusqlite::Result<()> {
    database.execute_batch(TABLES)?;
    let mut title =
        database.prepare("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, NULL, NULL, NULL)")?;
    for selection in selections {
        let table = selection.table.layer().slug();
        for field in selection.columns() {
            title.execute(params![table, field.name, field.name, field.label])?;
        }
    }
    let Some(about) = about else { return Ok(()) };
    let source = |[title, issued, license]: &[String; 3]| json!({"title": title, "issued": issued, "license": license});
    let told = json!({
        "title": about.title,
        "description": about.counted,
        "question": about.question,
        "method": about.method,
        "warnings": about.warnings,
        "identifier": about.atlas,
        "source": about.sources.iter().map(source).collect::<Vec<_>>(),
    });
    database.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?, 'application/json', ?)",
        params![STANDARD, told.to_string()],
    )?;
    database.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)",
        params![LAST_CHANGE],
    )?;
    Ok(())
}
