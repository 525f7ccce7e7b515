//! Which roads a build runs on, as declared.

use std::path::Path;

use territory::{Extent, Position, Vintage};

use super::written::{WrittenRoad, WrittenRoadTable, WrittenRoads, WrittenTable};
use super::{Declared, declared as table, source, wrong};
use crate::error::IngestError;

/// What roads are called when their table does not say.
const NAME: &str = "Routes (OpenStreetMap)";

/// The licence of every extract of OpenStreetMap.
const LICENCE: &str = "ODbL 1.0";

/// An extract of roads as declared.
#[derive(Debug, Clone, PartialEq)]
pub struct DeclaredRoads {
    /// The `.osm.pbf` file.
    pub file: Declared,
    /// Beyond this box roads are not in the data; none when the file's own header is to say it.
    pub extent: Option<Extent>,
    /// Whether ferries may be taken.
    pub ferries: bool,
}

/// The extracts of a configuration, in its order.
pub(super) fn declared(
    path: &Path,
    folder: &Path,
    WrittenRoads(written): WrittenRoads,
) -> Result<Vec<DeclaredRoads>, IngestError> {
    let one = |written| match written {
        WrittenRoad::Path(place) => of_path(path, folder, place),
        WrittenRoad::Table(written) => of_table(path, folder, written),
    };
    written.into_iter().map(one).collect()
}

/// A path alone: an extract of OpenStreetMap that does not say of when.
fn of_path(path: &Path, folder: &Path, place: String) -> Result<DeclaredRoads, IngestError> {
    let written = WrittenTable {
        path: Some(place),
        url: None,
        name: None,
        vintage: None,
        licence: Some(LICENCE.to_owned()),
        sha256: None,
    };
    let file =
        Declared { vintage: Some(Vintage::unstated()), ..table(path, folder, "roads", NAME, written)? };
    Ok(DeclaredRoads { file, extent: None, ferries: true })
}

fn of_table(path: &Path, folder: &Path, written: WrittenRoadTable) -> Result<DeclaredRoads, IngestError> {
    let WrittenRoadTable { path: place, url, name, vintage, licence, sha256, extent, ferries } = written;
    let file = WrittenTable { path: place, url, name, vintage, licence, sha256 };
    Ok(DeclaredRoads {
        file: source(path, folder, "roads", NAME, file)?,
        extent: extent.map(|bbox| extent_of(path, bbox)).transpose()?,
        ferries: ferries.unwrap_or(true),
    })
}

/// A box from west, south, east, north in degrees, which must hold some ground.
fn extent_of(path: &Path, bbox: [f64; 4]) -> Result<Extent, IngestError> {
    let [west, south, east, north] = bbox;
    let corners = Position::from_lon_lat(west, south).ok().zip(Position::from_lon_lat(east, north).ok());
    corners
        .filter(|_| west < east && south < north)
        .and_then(|(south_west, north_east)| Extent::new(south_west, north_east))
        .ok_or_else(|| {
            let reason = format!(
                "[roads] extent = {bbox:?} is no box: give west, south, east, north in degrees, \
                 west below east and south below north"
            );
            wrong(path, reason)
        })
}
