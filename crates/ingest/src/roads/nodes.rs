//! Second pass: where the nodes used are, and what stands on them.

use territory::FixedPosition;
use territory::road::Fixture;

use super::batches;
use super::fixture::fixture;
use super::ids::Ids;
use super::pbf::{Blobs, Block, Flaw};
use super::tags::Tags;
use super::trouble::{Trouble, Troubles};
use crate::error::IngestError;

/// Places of the nodes used: 8 bytes a node, in the order of [`Ids`].
#[derive(Debug)]
pub(super) struct Nodes {
    places: Vec<Option<Place>>,
    /// What stands on nodes, each with its node's rank among the identifiers.
    pub(super) fixtures: Vec<Fixture>,
}

/// A position that leaves room to say that there is none: no latitude is as low as this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    lon: i32,
    lat: std::num::NonZeroI32,
}

impl Place {
    /// Far more than a quarter of a turn: a latitude moved by this is never zero.
    const MOVED: i32 = i32::MIN / 2;

    fn of(position: FixedPosition) -> Option<Self> {
        let [lon, lat] = position.steps();
        Some(Self { lon, lat: std::num::NonZeroI32::new(lat + Self::MOVED)? })
    }

    fn position(self) -> Option<FixedPosition> {
        FixedPosition::from_steps([self.lon, self.lat.get() - Self::MOVED]).ok()
    }
}

/// What is found in one block.
struct Found {
    places: Vec<(u32, Option<Place>)>,
    fixtures: Vec<Fixture>,
    troubles: Troubles,
}

impl Nodes {
    /// None known yet.
    pub(super) fn of(ids: &Ids) -> Self {
        Self { places: vec![None; ids.len()], fixtures: Vec::new() }
    }

    /// Adds the nodes of a file, those already known left as they are.
    pub(super) fn read(
        &mut self,
        ids: &Ids,
        blobs: &mut Blobs,
        with_nodes: &[u64],
        troubles: &mut Troubles,
    ) -> Result<(), IngestError> {
        let mut begins = with_nodes.iter();
        let next = |blobs: &mut Blobs| begins.next().map_or(Ok(None), |&at| blobs.at(at));
        batches::each(
            blobs,
            next,
            |block| find(ids, block),
            |_, found| {
                troubles.append(found.troubles);
                for (rank, place) in found.places {
                    if let Some(known) = self.places.get_mut(rank as usize) {
                        *known = known.or(place);
                    }
                }
                self.fixtures.extend(found.fixtures);
            },
        )
    }

    /// Where a node is, none when no file has it.
    pub(super) fn position(&self, rank: u32) -> Option<FixedPosition> {
        self.places.get(rank as usize).copied().flatten().and_then(Place::position)
    }
}

/// The nodes of a block that are used.
fn find(ids: &Ids, block: &Block) -> Result<Found, Flaw> {
    let mut found = Found { places: Vec::new(), fixtures: Vec::new(), troubles: Troubles::default() };
    let mut near = 0;
    let rank = |id| {
        let rank = ids.find(near, id);
        near = rank.unwrap_or_else(|between| between);
        rank.ok().map(|rank| rank as u32)
    };
    block.nodes(rank, |node| {
        if node.position.is_none() {
            found.troubles.note(Trouble::NowhereOnEarth, node.id, "");
        }
        found.places.push((node.rank, node.position.and_then(Place::of)));
        found.fixtures.extend(fixture(node.rank, Tags(node.tags)));
    })?;
    Ok(found)
}
