//! Styles in a GeoPackage, where QGIS looks for them.

use rusqlite::{Connection, params};

use super::LAST_CHANGE;
use crate::export::styled::Styled;
use crate::layer::Layer;

/// As QGIS creates it, with room for longer names. No standard says what it is; others read it too.
const TABLE: &str = "
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(60), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')));
";

/// Writes the styles of layers; the first of each is the one it opens with.
pub(super) fn add(database: &Connection, layers: &[(Layer, Vec<Styled>)]) -> rusqlite::Result<()> {
    if layers.iter().all(|(_, styles)| styles.is_empty()) {
        return Ok(());
    }
    database.execute_batch(TABLE)?;
    let mut insert = database.prepare(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName,
         styleQML, styleSLD, useAsDefault, description, owner, update_time)
         VALUES ('', '', ?, 'geom', ?, ?, ?, ?, ?, '', ?)",
    )?;
    for (layer, styles) in layers {
        for (rank, style) in styles.iter().enumerate() {
            insert.execute(params![
                layer.slug(),
                style.title,
                style.qml(),
                style.sld(),
                rank == 0,
                layer.title(),
                LAST_CHANGE
            ])?;
        }
    }
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
         VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?)",
        params![LAST_CHANGE],
    )?;
    Ok(())
}
