//! Everything an atlas keeps.

use crate::layer::Layer;
use crate::priority::PriorityTable;
use crate::published::PublishedTable;
use crate::roads::RoadTable;
use geo::MultiPolygon;
use serde::{Deserialize, Serialize};
use territory::{
    CommuneIdx, Decay, Gazetteer, Grid, Meters, SocialClasses, SocialRates, Source, Spread, Venue,
};

/// The tables of one run, as they are written to disk. Made by [`build`](crate::build::build) only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tables {
    /// What the atlas covers, as people call it.
    pub name: String,
    /// SHA-256 of everything it was built from, in hexadecimal.
    pub inputs: String,
    /// Where its figures come from.
    pub sources: Vec<Source>,
    /// The communes and their groupings.
    pub gazetteer: Gazetteer,
    /// Where people live.
    pub grid: Grid,
    /// How people were spread over the cells of their commune.
    pub spread: Spread,
    /// Communes whose people could not be placed: no shape, no host, no town hall.
    pub unplaced: Vec<CommuneIdx>,
    /// The venues, sorted by identifier.
    pub venues: Vec<Venue>,
    /// The commune each venue stands in, parallel to the venues.
    pub venue_communes: Vec<Option<CommuneIdx>>,
    /// The rank classes of each commune, parallel to the communes.
    pub social: Vec<SocialClasses>,
    /// The rates of each commune, parallel to the communes; none when the build was given classes only.
    pub rates: Option<Vec<SocialRates>>,
    /// The published index of fragility; none when it was not given.
    pub published: Option<PublishedTable>,
    /// Where policy asks for more help, sorted by kind then code.
    pub priority_areas: Vec<PriorityTable>,
    /// The distance of each place to where the venue data stop, parallel to the grid; none when they
    /// do not stop.
    pub edge: Option<Vec<Meters>>,
    /// The outline of each EPCI, parallel to the gazetteer's.
    pub epci_shapes: Vec<MultiPolygon>,
    /// The outline of each département.
    pub departement_shapes: Vec<MultiPolygon>,
    /// The outline of each région.
    pub region_shapes: Vec<MultiPolygon>,
    /// The roads of each mode; none when times are estimated.
    pub roads: Vec<RoadTable>,
    /// How much a place counts for a venue, the longer the way: of the potential access.
    pub decay: Decay,
}

impl Tables {
    /// The outline of a row of a layer of areas; none when no source draws it, or the layer is no such one.
    pub(crate) fn outline(&self, layer: Layer, row: u32) -> Option<&MultiPolygon> {
        let row = row as usize;
        match layer {
            Layer::Regions => self.region_shapes.get(row),
            Layer::Departements => self.departement_shapes.get(row),
            Layer::Epcis => self.epci_shapes.get(row),
            Layer::Communes => self.gazetteer.communes().get(row)?.shape.as_ref(),
            Layer::PriorityAreas => self.priority_areas.get(row).map(|area| &area.shape),
            Layer::Cells | Layer::Zones | Layer::Venues | Layer::Labels => None,
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Tables;
    use crate::build::{Materials, build};
    use plain::Plain;
    use std::collections::BTreeMap;
    use territory::Headcount;

    /// The atlas of a plain with a venue in its south-west corner.
    pub(crate) fn plain_tables(columns: u8, rows: u8) -> Tables {
        counted_tables(columns, rows, None)
    }

    /// The same, its people spread as a population grid counts them.
    pub(crate) fn counted_tables(columns: u8, rows: u8, headcount: Option<Headcount>) -> Tables {
        let plain = Plain::new(columns, rows);
        build(
            Materials {
                name: "Plaine".to_owned(),
                inputs: "0".to_owned(),
                sources: Vec::new(),
                gazetteer: plain.gazetteer(),
                headcount,
                venues: vec![plain.venue(0, 0)],
                social: BTreeMap::new(),
                rates: BTreeMap::new(),
                published: None,
                priority_areas: Vec::new(),
                venues_stop_at_edge: true,
            },
            |_| {},
        )
    }
}
