//! «Voirie» of OpenStreetMap: `.osm.pbf` extracts into [`Roads`].
//!
//! Two passes over each file, blob by blob, decoded side by side and taken in order: the first finds
//! the ways that are roads and the nodes they go through, the second where those nodes are. The result
//! is the same whatever the number of threads and the order of blocks: segments are sorted by way,
//! points by node, kinds by themselves.
//!
//! Memory, whatever the size of the file: 16 mebibytes of compressed blobs and a block per core; 24 bytes a
//! road, about 3 a mention of a node (kept as the file packs them); **16 bytes a node used** (8 its
//! identifier, 8 its place), 4 more while ranks are given out. What is not a road costs nothing.
//!
//! | tags | read by |
//! |---|---|
//! | `highway`, `service`, `route`, `railway` | `class` |
//! | `access`, `vehicle`, `motor_vehicle`, `bicycle`, `foot`… | `access` |
//! | `oneway`, `junction`, `cycleway=opposite`… | `oneway` |
//! | `maxspeed`, `source:maxspeed`, `zone:traffic`… | `speed_limit` |
//! | `surface`, `smoothness`, `tracktype` | `surface` |
//! | `lanes`, `dual_carriageway`, `cycleway` | `lanes` |
//! | `duration` of ferries | `duration` |
//! | `barrier`, lights, signs, crossings, of nodes | `fixture` |
//!
//! Not read, known limits: turn restrictions and routes (relations), restrictions by hour, weight or
//! size (counted), lanes of buses, the middle of squares (their outline is walked), and the part of a
//! way that two extracts cut differently (the first kept wins). A ferry cut at the edge of the data keeps
//! the duration of the whole crossing: what is left of it leads nowhere.

mod access;
mod batches;
mod class;
mod duration;
mod fixture;
mod ids;
mod lanes;
mod nodes;
mod oneway;
mod pbf;
mod segments;
mod speed_limit;
mod surface;
mod tags;
#[cfg(test)]
mod tests;
mod trouble;
mod way;
mod ways;

use std::path::{Path, PathBuf};

use territory::{Extent, Roads};

use crate::error::IngestError;
use crate::file;
use crate::refusal::{Findings, Read};
use nodes::Nodes;
use pbf::{Blobs, Header};
use trouble::{Trouble, Troubles};
use ways::Ways;

/// One extract between its two passes.
struct Extract<'a> {
    path: &'a Path,
    blobs: Blobs,
    header: Header,
    /// Where its blocks of nodes begin, bytes.
    with_nodes: Vec<u64>,
}

/// Reads one or several extracts that may overlap (same OSM identifiers) into one set of roads.
///
/// The extent is the box that all headers declare together, else that of the points. Findings come file
/// by file, one a trouble, with how often it was met and where first.
pub fn read(paths: &[PathBuf]) -> Result<Read<Roads>, IngestError> {
    let mut troubles: Vec<Troubles> = paths.iter().map(|_| Troubles::default()).collect();
    let mut ways = Ways::default();
    let mut extracts = Vec::new();
    for (rank, (path, troubles)) in paths.iter().zip(&mut troubles).enumerate() {
        let known = ways.list.len();
        let mut extract = Extract::open(path)?;
        extract.with_nodes = ways.read(rank as u32, &mut extract.blobs, troubles)?;
        if ways.list.len() == known {
            troubles.add(Trouble::NoRoad, 1);
        }
        extracts.push(extract);
    }
    ways.settle(&mut troubles);
    let first = paths.first().cloned().unwrap_or_else(|| PathBuf::from("roads"));
    let unusable = |reason: String| IngestError::Format { path: first.clone(), reason };
    if ways.list.is_empty() {
        let reason =
            "holds no road (no way with a highway or ferry that anyone may use); give an extract with ways";
        return Err(unusable(reason.to_owned()));
    }
    let ids = ways.ids();
    let mut nodes = Nodes::of(&ids);
    for (extract, troubles) in extracts.iter_mut().zip(&mut troubles) {
        nodes.read(&ids, &mut extract.blobs, &extract.with_nodes, troubles)?;
    }
    let roads = segments::join(ways, &ids, nodes, extent(&extracts), &mut troubles)
        .map_err(|invalid| unusable(invalid.to_string()))?;
    if roads.segments().is_empty() {
        let reason = "holds no node of its roads; give an extract with its nodes (osmium extract keeps them)";
        return Err(unusable(reason.to_owned()));
    }
    let mut refused = Vec::new();
    for (extract, troubles) in extracts.iter().zip(&troubles) {
        let mut findings = Findings::of(file::name(extract.path));
        troubles.tell(&mut findings);
        refused.extend(findings.into_list());
    }
    Ok(Read { value: roads, refused })
}

impl<'a> Extract<'a> {
    fn open(path: &'a Path) -> Result<Self, IngestError> {
        let (header, blobs) = Blobs::open(path)?;
        let header = header
            .content()
            .and_then(|content| Header::of(&content))
            .map_err(|flaw| blobs.damaged(header.at, flaw))?;
        if let Some(feature) = header.unknown.first() {
            let advice = match feature.as_str() {
                "HistoricalInformation" => "keep one moment of its history (osmium time-filter)",
                _ => "write it again without (osmium cat)",
            };
            let reason = format!("needs a reader that knows «{feature}», which this one does not: {advice}");
            return Err(IngestError::Format { path: path.to_owned(), reason });
        }
        Ok(Self { path, blobs, header, with_nodes: Vec::new() })
    }
}

/// The box all extracts cover together, none when one does not say.
fn extent(extracts: &[Extract]) -> Option<Extent> {
    let mut extents = extracts.iter().map(|extract| extract.header.extent);
    let first = extents.next()??;
    extents.try_fold(first, |all, extent| Some(all.union(extent?)))
}
