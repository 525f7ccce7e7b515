//! Names on the map: where each is written, once, and from how far it is read.

use geo::Geometry;
use territory::{Commune, CommuneIdx, Inhabitants};
use tiles::pole;

use crate::atlas::Atlas;
use crate::field::Value;

/// What a label names. Communes come first, then départements, then régions, each in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Commune(CommuneIdx),
    /// By its rank in the gazetteer.
    Departement(usize),
    /// By its rank in the gazetteer.
    Region(usize),
}

/// The zooms at which tiles hold the names of régions; the style fills départements from zoom 4.
const REGIONS: std::ops::RangeInclusive<u8> = 0..=4;

/// The same of départements.
const DEPARTEMENTS: std::ops::RangeInclusive<u8> = 4..=8;

/// The zoom from which a commune of so many people is named: the more people, the sooner.
const COMMUNES: [(u32, u8); 6] = [(100_000, 6), (30_000, 7), (10_000, 8), (4_000, 9), (1_500, 10), (500, 11)];

/// The zoom from which all communes are.
const ALL_COMMUNES: u8 = 12;

impl Atlas {
    /// What the label of a row names.
    pub(crate) fn label(&self, row: u32) -> Label {
        let row = row as usize;
        let n_communes = self.gazetteer().communes().len();
        let n_departements = self.gazetteer().departements().len();
        match row.checked_sub(n_communes) {
            None => Label::Commune(CommuneIdx(row as u32)),
            Some(rank) if rank < n_departements => Label::Departement(rank),
            Some(rank) => Label::Region(rank - n_departements),
        }
    }

    /// The row of the first département and that of the first région.
    pub(crate) fn label_rows(&self) -> [u32; 2] {
        let communes = self.gazetteer().communes().len();
        [communes as u32, (communes + self.gazetteer().departements().len()) as u32]
    }

    /// Whether a name is in the tiles of a zoom.
    pub(crate) fn is_labelled(&self, row: u32, zoom: u8) -> bool {
        match self.label(row) {
            Label::Region(_) => REGIONS.contains(&zoom),
            Label::Departement(_) => DEPARTEMENTS.contains(&zoom),
            Label::Commune(commune) => {
                let people = self.commune(commune).population.0;
                let step = COMMUNES.iter().find(|(least, _)| people >= *least);
                zoom >= step.map_or(ALL_COMMUNES, |(_, from)| *from)
            }
        }
    }
}

/// Where names are written, by row: a commune's at its town hall; where that is not known, and of others, at
/// the point inside that is farthest from the border.
pub(crate) fn points(atlas: &Atlas) -> Vec<Geometry> {
    let town_hall = |c: &Commune| c.town_hall.map(|at| at.coord().into());
    let communes = atlas.gazetteer().communes().iter();
    let communes = communes.map(|c| town_hall(c).or_else(|| c.shape.as_ref().and_then(pole)));
    let others = atlas.tables().departement_shapes.iter().chain(&atlas.tables().region_shapes).map(pole);
    let nowhere = || Geometry::MultiPoint(geo::MultiPoint::new(Vec::new()));
    communes.chain(others).map(|point| point.map_or_else(nowhere, Geometry::Point)).collect()
}

/// The attributes of the label of a row.
pub(crate) fn values(atlas: &Atlas, row: u32) -> Vec<Value<'_>> {
    let gazetteer = atlas.gazetteer();
    let (code, name, kind, people): (String, &str, &'static str, Inhabitants) = match atlas.label(row) {
        Label::Commune(commune) => {
            let commune = atlas.commune(commune);
            (commune.code.to_string(), &commune.name, "commune", commune.population)
        }
        Label::Departement(rank) => {
            let departement = &gazetteer.departements()[rank];
            let people = atlas.departement_populations[rank];
            (departement.code.to_string(), &departement.name, "departement", people)
        }
        Label::Region(rank) => {
            let region = &gazetteer.regions()[rank];
            (region.code.to_string(), &region.name, "region", atlas.region_populations[rank])
        }
    };
    vec![
        Value::Text(code.into()),
        Value::Text(name.into()),
        Value::Text(kind.into()),
        Value::Int(i64::from(people.0)),
    ]
}
