//! The road networks of an atlas: one a mode, each a file beside the tables, mapped when it is opened.

use access::{Homes, RoadAccess, tie_venues};
use network::homes::homes;
use network::{BuildError, Profile, RoadNetwork, Snap, Snapping, Streets};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use territory::{Cell, Extent, Mode, Roads, Venue, VenueIdx};

use crate::store::hex;
use crate::tables::Tables;

/// What ties an atlas to the roads of one mode.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RoadTable {
    /// Who travels.
    pub mode: Mode,
    /// The version of the profile of speeds.
    pub profile: u32,
    /// SHA-256 of the network's file, in hexadecimal.
    pub sha256: String,
    /// CRC-32 of the same, quick enough to be compared whenever the atlas is opened.
    pub checksum: u32,
    /// How positions are tied to the roads.
    pub snapping: Snapping,
    /// Nothing on the roads is faster, km/h.
    pub top_kmh: f64,
    /// Outside of it roads are not in the data.
    pub extent: Option<Extent>,
    /// The homes of each cell.
    pub homes: Homes,
    /// Where each venue joins the roads, parallel to the venues.
    pub venues: Vec<Option<Snap>>,
}

impl RoadTable {
    /// The name of the network's file.
    pub fn file(&self) -> String {
        format!("roads-{}-{}.bin", self.mode.slug(), self.sha256.get(..16).unwrap_or(&self.sha256))
    }

    /// The venues whose tie is doubtful: farther from a road than the profile trusts.
    pub fn doubtful(&self) -> impl Iterator<Item = (VenueIdx, &Snap)> {
        let tied =
            self.venues.iter().enumerate().filter_map(|(i, snap)| Some((VenueIdx(i as u32), snap.as_ref()?)));
        tied.filter(|(_, snap)| snap.distance.0 > self.snapping.flagged_m)
    }

    /// The venues that no road comes near, where roads are in the data: nobody reaches them.
    pub fn untied<'a>(&'a self, venues: &'a [Venue]) -> impl Iterator<Item = VenueIdx> + 'a {
        let inside = |venue: &Venue| self.extent.is_none_or(|extent| extent.holds(venue.position));
        let ranked = venues.iter().zip(&self.venues).enumerate();
        ranked
            .filter(move |(_, (venue, snap))| snap.is_none() && inside(venue))
            .map(|(i, _)| VenueIdx(i as u32))
    }

    /// The same with the network itself.
    pub(crate) fn over<'a>(&'a self, network: &'a RoadNetwork) -> RoadAccess<'a> {
        RoadAccess { network, homes: &self.homes, venues: &self.venues, top_kmh: self.top_kmh }
    }
}

/// Builds the network of each mode and ties the places and venues of the tables to it, telling `progress`
/// the name of each step as it starts. What was laid before is replaced.
pub fn lay(
    tables: &mut Tables,
    roads: &Roads,
    ferries: bool,
    vintage: &str,
    mut progress: impl FnMut(&'static str),
) -> Result<Vec<RoadNetwork>, BuildError> {
    progress("homes");
    let mut cells: Vec<Cell> = tables.grid.places().iter().map(|place| place.cell).collect();
    cells.dedup();
    let positions = homes(roads, |cell| cells.binary_search(&cell).is_ok());
    let streets = Streets::of(roads);
    tables.roads.clear();
    let mut networks = Vec::new();
    for mode in Mode::ALL {
        progress(match mode {
            Mode::Car => "roads by car",
            Mode::Bike => "roads by bicycle",
            Mode::Walk => "roads on foot",
        });
        let profile = Profile::of(mode)?;
        let profile = if ferries { profile } else { profile.without_ferries() };
        let network = network::build(&streets, &profile, vintage)?;
        let extent = roads.extent();
        tables.roads.push(RoadTable {
            mode,
            extent,
            profile: profile.version,
            sha256: hex(&Sha256::digest(network.bytes())),
            checksum: network.checksum(),
            snapping: profile.snap,
            top_kmh: profile.top_kmh(),
            homes: Homes::tie(&network, &profile.snap, &positions, &tables.grid, extent),
            venues: tie_venues(&network, &profile.snap, &tables.venues, extent),
        });
        networks.push(network);
    }
    Ok(networks)
}
