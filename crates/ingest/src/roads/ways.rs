//! First pass: which ways are roads, and which nodes they go through.

use std::collections::BTreeMap;
use std::mem::take;

use territory::Road;

use super::batches;
use super::ids::Ids;
use super::pbf::{Blobs, Block, Flaw, Numbers, unzigzag};
use super::tags::Tags;
use super::trouble::{Trouble, Troubles};
use super::way::road;
use crate::error::IngestError;

/// A way that is a road: 24 bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    pub(super) id: i64,
    /// The rank of its road.
    pub(super) road: u32,
    /// The pack its nodes are in, where they begin in it and how many bytes they are.
    pack: u32,
    begin: u32,
    n_bytes: u32,
}

/// Nodes of the ways of one block, as the file writes them: two or three bytes a mention.
#[derive(Debug)]
struct Pack {
    file: u32,
    refs: Box<[u8]>,
}

/// The ways of all files.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) list: Vec<Way>,
    packs: Vec<Pack>,
    roads: BTreeMap<Road, u32>,
    /// Nodes mentioned, not sorted yet.
    mentions: Vec<i64>,
}

/// What is found in one block.
#[derive(Default)]
struct Found {
    ways: Vec<Way>,
    refs: Vec<u8>,
    roads: BTreeMap<Road, u32>,
    mentions: Vec<i64>,
    has_nodes: bool,
    troubles: Troubles,
}

impl Ways {
    /// Adds the roads of a file, and gives where its blocks of nodes begin.
    pub(super) fn read(
        &mut self,
        file: u32,
        blobs: &mut Blobs,
        troubles: &mut Troubles,
    ) -> Result<Vec<u64>, IngestError> {
        let mut with_nodes = Vec::new();
        batches::each(blobs, Blobs::next, find, |at, found| {
            if found.has_nodes {
                with_nodes.push(at);
            }
            self.add(file, found, troubles);
        })?;
        Ok(with_nodes)
    }

    fn add(&mut self, file: u32, found: Found, troubles: &mut Troubles) {
        troubles.append(found.troubles);
        if found.ways.is_empty() {
            return;
        }
        let mut ranks = vec![0; found.roads.len()];
        for (road, local) in found.roads {
            let next = self.roads.len() as u32;
            if let Some(rank) = ranks.get_mut(local as usize) {
                *rank = *self.roads.entry(road).or_insert(next);
            }
        }
        let pack = self.packs.len() as u32;
        self.list.extend(found.ways.into_iter().map(|way| Way {
            pack,
            road: ranks.get(way.road as usize).copied().unwrap_or_default(),
            ..way
        }));
        self.packs.push(Pack { file, refs: found.refs.into_boxed_slice() });
        self.mentions.extend(found.mentions);
    }

    /// Sorts the ways by identifier and keeps the first of each, telling of the others.
    pub(super) fn settle(&mut self, troubles: &mut [Troubles]) {
        // Stable: among equals the order of the files stands.
        self.list.sort_by_key(|way| way.id);
        let packs = &self.packs;
        self.list.dedup_by(|later, first| {
            let twice = later.id == first.id;
            if twice
                && let Some(troubles) =
                    packs.get(later.pack as usize).and_then(|p| troubles.get_mut(p.file as usize))
            {
                troubles.note(Trouble::Twice, later.id, "");
            }
            twice
        });
    }

    /// The nodes mentioned by the ways.
    pub(super) fn ids(&mut self) -> Ids {
        Ids::of(take(&mut self.mentions))
    }

    /// The nodes of a way, in order.
    pub(super) fn refs(&self, way: &Way) -> impl Iterator<Item = i64> {
        let pack = self.packs.get(way.pack as usize).map_or(&[][..], |pack| &pack.refs);
        let begin = way.begin as usize;
        refs(pack.get(begin..begin + way.n_bytes as usize).unwrap_or_default()).filter_map(Result::ok)
    }

    /// The file a way was found in, as a rank.
    pub(super) fn file(&self, way: &Way) -> usize {
        self.packs.get(way.pack as usize).map_or(0, |pack| pack.file as usize)
    }

    /// The kinds of road, in the order of their ranks.
    pub(super) fn kinds(&mut self) -> Vec<Road> {
        let mut kinds: Vec<(u32, Road)> =
            take(&mut self.roads).into_iter().map(|(road, rank)| (rank, road)).collect();
        kinds.sort_unstable_by_key(|&(rank, _)| rank);
        kinds.into_iter().map(|(_, road)| road).collect()
    }
}

/// Node identifiers from their differences.
fn refs(packed: &[u8]) -> impl Iterator<Item = Result<i64, Flaw>> {
    let mut id = 0_i64;
    Numbers::of(packed).map(move |difference| {
        id = id.checked_add(unzigzag(difference?)).ok_or(Flaw("has node identifiers past 64 bits"))?;
        Ok(id)
    })
}

/// The roads of a block.
fn find(block: &Block) -> Result<Found, Flaw> {
    let mut found = Found { has_nodes: block.has_nodes()?, ..Found::default() };
    found.troubles.add(Trouble::NotUtf8, block.n_not_utf8);
    block.ways(|way| {
        let mut note = |trouble, value: &str| found.troubles.note(trouble, way.id, value);
        let Some(road) = road(Tags(way.tags), &mut note) else {
            return Ok(());
        };
        let known = found.mentions.len();
        for id in refs(way.refs) {
            found.mentions.push(id?);
        }
        if found.mentions.len() - known < 2 {
            found.mentions.truncate(known);
            found.troubles.note(Trouble::TooShort, way.id, "");
            return Ok(());
        }
        let next = found.roads.len() as u32;
        let road = *found.roads.entry(road).or_insert(next);
        // A block is of 32 MiB at most: these fit.
        let (begin, n_bytes) = (found.refs.len() as u32, way.refs.len() as u32);
        found.refs.extend_from_slice(way.refs);
        found.ways.push(Way { id: way.id, road, pack: 0, begin, n_bytes });
        Ok(())
    })?;
    // Most mentions of a node are of one block: fewer to sort later.
    found.mentions.sort_unstable();
    found.mentions.dedup();
    Ok(found)
}
