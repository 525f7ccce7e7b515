//! «Vérifier»: proofs that an atlas is whole, that nobody is lost, and that no time is longer than it
//! need be.

use std::path::Path;

use network::RoadNetwork;
use network::search::Source;
use network::search::certificate::{Violation, certify};
use network::search::nearest::nearest;
use sha2::{Digest, Sha256};
use territory::{CommuneCode, Mode, VenueIdx};

use crate::roads::RoadTable;
use crate::store::{self, StoreError, Stored, hex};
use crate::tables::Tables;

/// One thing proved of an atlas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proved {
    /// The tables are those written, to the byte, and so is each network.
    Checksums {
        /// How many files.
        files: usize,
        /// How many bytes of networks.
        network_bytes: u64,
    },
    /// The people of the places of each commune sum to its legal population.
    People {
        /// How many communes.
        communes: usize,
        /// How many people, those who could not be placed left out.
        placed: u64,
        /// How many people of communes that could not be placed.
        unplaced: u64,
    },
    /// Every edge, home and venue is tied where it says, and no nearest venue is nearer by another way.
    Roads {
        /// By which mode.
        mode: Mode,
        /// Arcs of which none offers a shorter time.
        arcs: usize,
        /// Nodes whose time to the nearest venue is attained.
        reached: usize,
        /// Nodes from which no venue is reached.
        unreached: usize,
        /// Homes tied to an edge.
        homes: usize,
        /// Venues tied to an edge.
        venues: usize,
    },
}

/// What is wrong with an atlas.
#[derive(Debug, thiserror::Error)]
pub enum Refuted {
    /// It cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A network is not the one that the tables were made with.
    #[error("the roads {} have another SHA-256 than the tables say; build the atlas again", mode.slug())]
    OtherRoads {
        /// Of which mode.
        mode: Mode,
    },
    /// People were lost or found.
    #[error("commune {commune} has {placed} people in its places and {legal} by law; build the atlas again")]
    People {
        /// Where.
        commune: CommuneCode,
        /// In its places.
        placed: u64,
        /// Legal population.
        legal: u64,
    },
    /// A home or a venue is tied to an edge that is not there, or farther than allowed.
    #[error("a {what} is tied to edge {edge} {}, which is not there or too far; build the atlas again", mode.slug())]
    Tie {
        /// A home or a venue.
        what: &'static str,
        /// The edge it names.
        edge: u32,
        /// By which mode.
        mode: Mode,
    },
    /// A time is not the shortest.
    #[error("a time {} is not the shortest: {violation}", mode.slug())]
    Time {
        /// By which mode.
        mode: Mode,
        /// Where.
        violation: Violation,
    },
}

/// Proves all that can be proved of the atlas of a directory, or says what is wrong first.
pub fn verify(directory: &Path) -> Result<Vec<Proved>, Refuted> {
    let Stored { tables, networks, .. } = store::load(directory)?;
    let roads = || tables.roads.iter().zip(&networks);
    for (table, network) in roads() {
        if hex(&Sha256::digest(network.bytes())) != table.sha256 || network.mode() != table.mode {
            return Err(Refuted::OtherRoads { mode: table.mode });
        }
    }
    let network_bytes = networks.iter().map(|network| network.bytes().len() as u64).sum();
    let mut proved = vec![Proved::Checksums { files: 1 + networks.len(), network_bytes }, people(&tables)?];
    for (table, network) in roads() {
        proved.push(times(table, network)?);
    }
    Ok(proved)
}

fn people(tables: &Tables) -> Result<Proved, Refuted> {
    let communes = tables.gazetteer.communes();
    let mut placed = vec![0u64; communes.len()];
    for place in tables.grid.places() {
        placed[place.commune.0 as usize] += u64::from(place.population.0);
    }
    let mut unplaced = 0;
    for (idx, commune) in tables.gazetteer.commune_ids().zip(communes) {
        let (placed, legal) = (placed[idx.0 as usize], u64::from(commune.population.0));
        if tables.unplaced.contains(&idx) {
            unplaced += legal;
        } else if placed != legal {
            return Err(Refuted::People { commune: commune.code, placed, legal });
        }
    }
    Ok(Proved::People { communes: communes.len(), placed: placed.iter().sum(), unplaced })
}

fn times(table: &RoadTable, network: &RoadNetwork) -> Result<Proved, Refuted> {
    let mode = table.mode;
    let mut homes = 0;
    let tied = |what, snap: &network::Snap| {
        let there =
            (snap.edge.0 as usize) < network.edge_count() && snap.distance.0 <= table.snapping.refused_m;
        if there { Ok(()) } else { Err(Refuted::Tie { what, edge: snap.edge.0, mode }) }
    };
    for cell in 0..table.homes.cells() {
        for home in table.homes.of_cell(cell) {
            tied("home", home)?;
            homes += 1;
        }
    }
    let mut sources: Vec<Source> = Vec::new();
    let venues =
        table.venues.iter().enumerate().filter_map(|(i, snap)| Some((VenueIdx(i as u32), snap.as_ref()?)));
    let venues: Vec<(VenueIdx, &network::Snap)> = venues.collect();
    for &(venue, snap) in &venues {
        tied("venue", snap)?;
        let source = |(node, offset)| Source { node, offset, label: venue.0 };
        sources.extend(network.arrivals(snap).map(source));
    }
    let labels = nearest(network.graph(), &sources, None);
    let certificate = certify(network.graph(), &sources, &labels, None)
        .map_err(|violation| Refuted::Time { mode, violation })?;
    Ok(Proved::Roads {
        mode,
        arcs: certificate.arcs,
        reached: certificate.reached,
        unreached: certificate.unreached,
        homes,
        venues: venues.len(),
    })
}
