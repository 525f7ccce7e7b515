//! The roads of a build: its extracts read into one, and whether they are of the right country.

use territory::{Extent, Roads};

use super::Log;
use crate::config::DeclaredRoads;
use crate::error::IngestError;
use crate::{file, roads};

/// Roads and how they are to be travelled.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadInputs {
    /// All extracts, as one.
    pub roads: Roads,
    /// Whether ferries may be taken.
    pub ferries: bool,
    /// When they are true, as declared: of several, the first.
    pub vintage: String,
}

/// Reads the extracts declared, none when there is none. `near` are boxes around the territory.
pub(super) fn read(
    declared: &[DeclaredRoads],
    near: &[Extent],
    log: &mut Log<'_>,
) -> Result<Option<RoadInputs>, IngestError> {
    let Some(first) = declared.first() else { return Ok(None) };
    for extract in declared {
        (log.progress)(&extract.file.name);
        let sha256 = file::sha256(&extract.file.path, extract.file.sha256.as_deref())?;
        log.source(&extract.file, sha256);
    }
    let paths: Vec<_> = declared.iter().map(|extract| extract.file.path.clone()).collect();
    let read = roads::read(&paths)?;
    log.refused.extend(read.refused);
    // A box declared for each says more than the headers do.
    let boxes: Option<Vec<Extent>> = declared.iter().map(|extract| extract.extent).collect();
    let said = boxes.into_iter().flatten().reduce(Extent::union);
    let extent = said.or(read.value.extent());
    let roads = read.value.within(extent);
    let elsewhere = |extent: Extent| !near.iter().any(|near| near.intersects(extent));
    if let Some(extent) = extent.filter(|&extent| !near.is_empty() && elsewhere(extent)) {
        let [west, south, east, north] = extent.bbox();
        let reason = format!(
            "its roads lie between {west}, {south} and {east}, {north} (longitude, latitude), away from every \
             commune of the build; give the extract of its territory"
        );
        return Err(IngestError::Format { path: first.file.path.clone(), reason });
    }
    let vintage = first.file.vintage.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(Some(RoadInputs { roads, ferries: declared.iter().all(|extract| extract.ferries), vintage }))
}
