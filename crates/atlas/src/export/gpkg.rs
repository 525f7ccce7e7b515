//! GeoPackage 1.3 (OGC 12-128r17): a table of features a layer, each with its spatial index.
//!
//! `SQLite` needs a file to write in: a temporary one, copied out once it is whole. Nothing in it depends on
//! the clock or on the machine: the same selections make the same bytes.

mod described;
mod styles;

use std::io::{self, Write};

use geo::{BoundingRect, Coord, Geometry, HasDimensions, LineString, Polygon, Rect};
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, params};
use territory::Extent;

use crate::atlas::AtlasError;
use crate::export::about::{About, about};
use crate::export::styled::{Styled, styles};
use crate::export::{Selection, geojson};
use crate::field::{Field, Kind, Value};
use crate::layer::Layer;
use crate::legend::Metric;

/// «GPKG».
const APPLICATION: i64 = 0x4750_4B47;

/// Version 1.3.0.
const VERSION: i64 = 10_300;

/// WGS 84, x = longitude.
const SRS: i64 = 4326;

/// The time of the last change of every table: the standard asks for one, and two files of the same
/// selections must not differ by it.
const LAST_CHANGE: &str = "1970-01-01T00:00:00.000Z";

/// The tables that every GeoPackage has (annexes C.1 to C.4, F.3), and the systems it must define.
const CORE: &str = r#"
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326,
   'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"#;

/// The triggers that keep the index of a table true, as annex F.3 writes them; they call functions that
/// whoever edits the file must have.
const TRIGGERS: &str = r#"
CREATE TRIGGER "rtree_{t}_geom_insert" AFTER INSERT ON "{t}"
  WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES
  (NEW."id", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_{t}_geom_update1" AFTER UPDATE OF "geom" ON "{t}"
  WHEN OLD."id" = NEW."id" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES
  (NEW."id", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_{t}_geom_update2" AFTER UPDATE OF "geom" ON "{t}"
  WHEN OLD."id" = NEW."id" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN DELETE FROM "rtree_{t}_geom" WHERE id = OLD."id"; END;
CREATE TRIGGER "rtree_{t}_geom_update3" AFTER UPDATE ON "{t}"
  WHEN OLD."id" != NEW."id" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN DELETE FROM "rtree_{t}_geom" WHERE id = OLD."id";
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES
  (NEW."id", ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")); END;
CREATE TRIGGER "rtree_{t}_geom_update4" AFTER UPDATE ON "{t}"
  WHEN OLD."id" != NEW."id" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN DELETE FROM "rtree_{t}_geom" WHERE id IN (OLD."id", NEW."id"); END;
CREATE TRIGGER "rtree_{t}_geom_delete" AFTER DELETE ON "{t}"
  WHEN old."geom" NOT NULL
BEGIN DELETE FROM "rtree_{t}_geom" WHERE id = OLD."id"; END;
"#;

/// Writes selections of different layers as one GeoPackage, drawn by a metric until one chooses another.
pub(crate) fn write(selections: &[Selection<'_>], metric: Metric, out: &mut dyn Write) -> io::Result<()> {
    let aside = tempfile::Builder::new().prefix("maillage-").suffix(".gpkg").tempfile()?;
    let told = selections.first().map(|first| about(first.atlas, first.inquiry));
    let told = told.transpose().map_err(io::Error::other)?;
    let styles = selections.iter().map(|s| Ok((s.table.layer(), styles(s, metric)?)));
    let styles = styles.collect::<Result<Vec<_>, AtlasError>>().map_err(io::Error::other)?;
    fill(selections, told.as_ref(), &styles, aside.path()).map_err(io::Error::other)?;
    io::copy(&mut aside.reopen()?, out)?;
    Ok(())
}

fn fill(
    selections: &[Selection<'_>],
    about: Option<&About>,
    styles: &[(Layer, Vec<Styled>)],
    path: &std::path::Path,
) -> rusqlite::Result<()> {
    let database = Connection::open(path)?;
    // Nobody sees the file before it is whole, so that no journal is of use.
    database
        .execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON;")?;
    database
        .execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION};"))?;
    database.execute_batch("BEGIN")?;
    database.execute_batch(CORE)?;
    for selection in selections {
        add(&database, selection)?;
    }
    described::add(&database, selections, about)?;
    styles::add(&database, styles)?;
    database.execute_batch("COMMIT")?;
    database.close().map_err(|(_, error)| error)
}

/// Adds a layer: what it is, its features, their index, and last the triggers, which filling must not fire.
fn add(database: &Connection, selection: &Selection<'_>) -> rusqlite::Result<()> {
    let layer = selection.table.layer();
    let table = layer.slug();
    let columns = selection.columns();
    let is_area =
        |&n: &usize| matches!(*selection.table.geometry(n), Geometry::Polygon(_) | Geometry::MultiPolygon(_));
    let areas = selection.features.is_empty() || selection.features.iter().any(is_area);
    let kind = if areas { "MULTIPOLYGON" } else { "POINT" };
    let declared: String = columns.iter().map(declaration).collect();
    database.execute_batch(&format!(
        "CREATE TABLE \"{table}\" (\"id\" INTEGER PRIMARY KEY NOT NULL, \"geom\" {kind}{declared});
         CREATE VIRTUAL TABLE \"rtree_{table}_geom\" USING rtree(id, minx, maxx, miny, maxy);"
    ))?;
    let places = ", ?".repeat(columns.len());
    let mut insert = database.prepare(&format!("INSERT INTO \"{table}\" VALUES (?, ?{places})"))?;
    let mut index =
        database.prepare(&format!("INSERT INTO \"rtree_{table}_geom\" VALUES (?, ?, ?, ?, ?)"))?;
    let mut extent: Option<Extent> = None;
    for &n in selection.features {
        let (id, geometry, values) = selection.feature(n);
        let id = id.cast_signed();
        let bounds = geometry.bounding_rect().filter(|_| !geometry.is_empty());
        let rounded = bounds.map(|_| geojson::rounded(&geometry));
        let bounds = rounded.as_ref().and_then(BoundingRect::bounding_rect);
        let blob = rounded.as_ref().zip(bounds).map(|(geometry, bounds)| blob(geometry, bounds, areas));
        let head = [Sql::Integer(id), blob.map_or(Sql::Null, Sql::Blob)].map(ToSqlOutput::Owned);
        let cells = values.iter().map(|(_, value)| cell(value));
        insert.execute(rusqlite::params_from_iter(head.into_iter().chain(cells)))?;
        if let Some(bounds) = bounds {
            let (min, max) = (bounds.min(), bounds.max());
            index.execute(params![id, min.x, max.x, min.y, max.y])?;
            let own = Extent::of_coords([min, max]);
            extent = extent.map_or(own, |all| own.map(|own| all.union(own)));
        }
    }
    let corner = |rank: usize| extent.map(|extent| extent.bbox()[rank]);
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            table,
            layer.title(),
            selection.provenance(),
            LAST_CHANGE,
            corner(0),
            corner(1),
            corner(2),
            corner(3),
            SRS
        ],
    )?;
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        params![table, kind, SRS],
    )?;
    database.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index',
         'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        params![table],
    )?;
    database.execute_batch(&TRIGGERS.replace("{t}", table))
}

fn declaration(field: &Field) -> String {
    let kind = match field.kind {
        Kind::Text => "TEXT",
        Kind::Int => "INTEGER",
        Kind::Float(_) => "REAL",
        Kind::Bool => "BOOLEAN",
    };
    format!(", \"{}\" {kind}", field.name)
}

fn cell<'a>(value: &'a Value<'_>) -> ToSqlOutput<'a> {
    match value {
        Value::Null => ToSqlOutput::Owned(Sql::Null),
        Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
        Value::Int(number) => ToSqlOutput::Owned(Sql::Integer(*number)),
        Value::Float(number) => ToSqlOutput::Owned(Sql::Real(*number)),
        Value::Bool(yes) => ToSqlOutput::Owned(Sql::Integer(i64::from(*yes))),
    }
}

/// A geometry as GeoPackage keeps it (§2.1.3): a header with its box, then well-known binary; numbers are
/// little-endian. A polygon among areas becomes a multipolygon of one.
fn blob(geometry: &Geometry, bounds: Rect, areas: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(128);
    // Magic, version 0, then: little-endian, with an envelope of x and y, not empty.
    bytes.extend(b"GP\x00\x03");
    bytes.extend((SRS as i32).to_le_bytes());
    let (min, max) = (bounds.min(), bounds.max());
    for number in [min.x, max.x, min.y, max.y] {
        bytes.extend(number.to_le_bytes());
    }
    match geometry {
        Geometry::Point(point) => {
            head(&mut bytes, 1);
            position(&mut bytes, point.0);
        }
        Geometry::Polygon(one) if areas => polygons(&mut bytes, std::slice::from_ref(one)),
        Geometry::MultiPolygon(several) => polygons(&mut bytes, &several.0),
        // No layer has another.
        _ => {
            head(&mut bytes, 7);
            count(&mut bytes, 0);
        }
    }
    bytes
}

fn head(bytes: &mut Vec<u8>, kind: u32) {
    bytes.push(1);
    bytes.extend(kind.to_le_bytes());
}

fn count(bytes: &mut Vec<u8>, n: usize) {
    bytes.extend((n as u32).to_le_bytes());
}

fn position(bytes: &mut Vec<u8>, at: Coord) {
    bytes.extend(at.x.to_le_bytes());
    bytes.extend(at.y.to_le_bytes());
}

fn polygons(bytes: &mut Vec<u8>, polygons: &[Polygon]) {
    head(bytes, 6);
    count(bytes, polygons.len());
    for polygon in polygons {
        head(bytes, 3);
        count(bytes, 1 + polygon.interiors().len());
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            line(bytes, ring);
        }
    }
}

fn line(bytes: &mut Vec<u8>, ring: &LineString) {
    count(bytes, ring.0.len());
    ring.coords().for_each(|&at| position(bytes, at));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tests::plain_tables;
    use crate::{Atlas, Inquiry, Layer};

    fn written(layers: &[Layer]) -> Vec<u8> {
        let atlas = Atlas::new(plain_tables(4, 3), "0".to_owned());
        let inquiry = Inquiry::default();
        let tables: Vec<_> = layers.iter().map(|&l| atlas.table(l, &inquiry).expect("a table")).collect();
        let features: Vec<Vec<usize>> = tables.iter().map(|t| (0..t.len()).collect()).collect();
        let selections: Vec<Selection<'_>> = tables
            .iter()
            .zip(&features)
            .map(|(table, features)| Selection::new(&atlas, table, &inquiry, features))
            .collect();
        let mut bytes = Vec::new();
        write(&selections, Metric::AccessMin, &mut bytes).expect("written");
        bytes
    }

    #[test]
    fn the_same_layers_make_the_same_bytes_and_a_header_says_what_they_are() {
        let layers = [Layer::Communes, Layer::Venues, Layer::Cells, Layer::Zones];
        let bytes = written(&layers);
        assert!(bytes == written(&layers));
        assert!(bytes.starts_with(b"SQLite format 3\0"));
        assert_eq!((&bytes[68..72], &bytes[60..64]), (&b"GPKG"[..], &10_300u32.to_be_bytes()[..]));
    }

    #[test]
    fn every_layer_can_be_written_whole_and_an_index_holds_its_features() {
        let folder = tempfile::tempdir().expect("a folder");
        let layers: Vec<Layer> = Layer::ALL.into_iter().filter(|l| *l != Layer::PriorityAreas).collect();
        let path = folder.path().join("all.gpkg");
        crate::store::write_aside(&path, |out| out.write_all(&written(&layers))).expect("saved");
        let database = Connection::open(&path).expect("opened");
        let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).expect(sql);
        let features = "SELECT COUNT(*) FROM gpkg_contents WHERE data_type = 'features'";
        assert_eq!(usize::try_from(number(features)), Ok(layers.len()));
        // Areas have a style for each metric, others one.
        let n_styles = layers.iter().map(|l| if Layer::AREAS.contains(l) { Metric::ALL.len() } else { 1 });
        let styles = "SELECT COUNT(*) FROM layer_styles WHERE styleQML LIKE '%</qgis>%'";
        assert_eq!(usize::try_from(number(styles)), Ok(n_styles.sum()));
        assert_eq!(usize::try_from(number(&format!("{styles} AND useAsDefault"))), Ok(layers.len()));
        for layer in layers {
            let table = layer.slug();
            let drawn = number(&format!("SELECT COUNT(*) FROM \"{table}\" WHERE geom IS NOT NULL"));
            assert_eq!(number(&format!("SELECT COUNT(*) FROM \"rtree_{table}_geom\"")), drawn, "{table}");
        }
        let check: String =
            database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
        assert_eq!(check, "ok");
    }
}
