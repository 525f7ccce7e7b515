//! The communes and what they belong to, in one vintage of the COG.

use std::collections::BTreeMap;

use geo::MultiPolygon;
use serde::{Deserialize, Serialize};

use crate::code::{CommuneCode, DepartementCode, RegionCode, Siren};
use crate::grouping::{Ept, Grouping, LivingArea, Published};
use crate::measure::Inhabitants;
use crate::perimeter::{Hub, Territory};
use crate::position::Position;

/// The rank of a commune in its gazetteer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CommuneIdx(pub u32);

/// A commune: the smallest territory with a legal population.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Commune {
    /// Its code.
    pub code: CommuneCode,
    /// Its name.
    pub name: String,
    /// The département it lies in.
    pub departement: DepartementCode,
    /// The région it lies in.
    pub region: RegionCode,
    /// The EPCI it is a member of; a few islands and all overseas collectivities have none.
    pub epci: Option<Siren>,
    /// «Population municipale».
    pub population: Inhabitants,
    /// Where its town hall is.
    pub town_hall: Option<Position>,
    /// Its shape; none when no source draws it.
    pub shape: Option<MultiPolygon>,
    /// For a commune without a shape: the one whose shape holds it.
    pub host: Option<CommuneCode>,
}

/// «EPCI à fiscalité propre»: a grouping of communes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epci {
    /// Its code.
    pub code: Siren,
    /// Its name.
    pub name: String,
    /// How many communes it has, those that the gazetteer does not hold among them.
    pub members: u32,
}

/// A département or overseas collectivity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Departement {
    /// Its code.
    pub code: DepartementCode,
    /// Its name.
    pub name: String,
}

/// A région.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// Its name.
    pub name: String,
}

/// Everything that has a code: communes and their groupings, each sorted by code.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Gazetteer {
    communes: Vec<Commune>,
    epcis: Vec<Epci>,
    departements: Vec<Departement>,
    regions: Vec<Region>,
    hubs: Vec<Hub>,
    living_areas: Vec<LivingArea>,
    epts: Vec<Ept>,
    epci_members: BTreeMap<Siren, Vec<CommuneIdx>>,
}

/// Why tables do not make a gazetteer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidGazetteer {
    /// Two entries have one code.
    #[error("the {kind} {code} appears twice; keep one")]
    Twice {
        /// Which table.
        kind: &'static str,
        /// The code repeated.
        code: String,
    },
    /// An entry names another that does not exist.
    #[error("the {kind} {code} names {missing}, which is in no table")]
    Dangling {
        /// Which table.
        kind: &'static str,
        /// The entry that names it.
        code: String,
        /// What it names.
        missing: String,
    },
    /// There is no commune at all.
    #[error("there is no commune: the scope of the build may match nothing")]
    Empty,
}

impl Gazetteer {
    /// Sorts the tables and checks that codes are unique and that every name leads somewhere.
    pub fn new(
        mut communes: Vec<Commune>,
        mut epcis: Vec<Epci>,
        mut departements: Vec<Departement>,
        mut regions: Vec<Region>,
        mut hubs: Vec<Hub>,
    ) -> Result<Self, InvalidGazetteer> {
        if communes.is_empty() {
            return Err(InvalidGazetteer::Empty);
        }
        communes.sort_by_key(|c| c.code);
        epcis.sort_by_key(|e| e.code);
        departements.sort_by_key(|d| d.code);
        regions.sort_by_key(|r| r.code);
        hubs.sort_by(|a, b| a.code.cmp(&b.code));
        unique("commune", communes.iter().map(|c| c.code.to_string()))?;
        unique("EPCI", epcis.iter().map(|e| e.code.to_string()))?;
        unique("département", departements.iter().map(|d| d.code.to_string()))?;
        unique("région", regions.iter().map(|r| r.code.to_string()))?;
        unique("hub", hubs.iter().map(|h| h.code.clone()))?;

        let mut epci_members: BTreeMap<Siren, Vec<CommuneIdx>> = BTreeMap::new();
        for (i, commune) in communes.iter().enumerate() {
            let dangling = |missing: String| InvalidGazetteer::Dangling {
                kind: "commune",
                code: commune.code.to_string(),
                missing,
            };
            if let Some(epci) = commune.epci {
                if epcis.binary_search_by_key(&epci, |e| e.code).is_err() {
                    return Err(dangling(format!("EPCI {epci}")));
                }
                epci_members.entry(epci).or_default().push(CommuneIdx(i as u32));
            }
            if departements.binary_search_by_key(&commune.departement, |d| d.code).is_err() {
                return Err(dangling(format!("département {}", commune.departement)));
            }
            if regions.binary_search_by_key(&commune.region, |r| r.code).is_err() {
                return Err(dangling(format!("région {}", commune.region)));
            }
        }
        let (living_areas, epts) = (Vec::new(), Vec::new());
        Ok(Self { communes, epcis, departements, regions, hubs, living_areas, epts, epci_members })
    }

    /// The same with these living areas instead of its own; those of which it holds no commune are left
    /// out.
    #[must_use]
    pub fn with_living_areas(mut self, areas: BTreeMap<CommuneCode, Published>) -> Self {
        self.living_areas = Grouping::settle(areas, |code| self.find_commune(code));
        self
    }

    /// The same with these EPT instead of its own; those of which it holds no commune are left out.
    #[must_use]
    pub fn with_epts(mut self, epts: BTreeMap<Siren, Published>) -> Self {
        self.epts = Grouping::settle(epts, |code| self.find_commune(code));
        self
    }

    /// All communes, sorted by code.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// All EPCI, sorted by code.
    pub fn epcis(&self) -> &[Epci] {
        &self.epcis
    }

    /// All départements, sorted by code.
    pub fn departements(&self) -> &[Departement] {
        &self.departements
    }

    /// All régions, sorted by code.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// All hubs, sorted by code.
    pub fn hubs(&self) -> &[Hub] {
        &self.hubs
    }

    /// All living areas, sorted by code.
    pub fn living_areas(&self) -> &[LivingArea] {
        &self.living_areas
    }

    /// All EPT, sorted by code.
    pub fn epts(&self) -> &[Ept] {
        &self.epts
    }

    /// The commune of a rank.
    pub fn commune(&self, idx: CommuneIdx) -> &Commune {
        &self.communes[idx.0 as usize]
    }

    /// The ranks of all communes.
    pub fn commune_ids(&self) -> impl Iterator<Item = CommuneIdx> + use<> {
        (0..self.communes.len() as u32).map(CommuneIdx)
    }

    /// The commune of a code.
    pub fn find_commune(&self, code: CommuneCode) -> Option<CommuneIdx> {
        self.communes.binary_search_by_key(&code, |c| c.code).ok().map(|i| CommuneIdx(i as u32))
    }

    /// The EPCI of a code.
    pub fn find_epci(&self, code: Siren) -> Option<&Epci> {
        self.epcis.binary_search_by_key(&code, |e| e.code).ok().map(|i| &self.epcis[i])
    }

    /// The département of a code.
    pub fn find_departement(&self, code: DepartementCode) -> Option<&Departement> {
        self.departements.binary_search_by_key(&code, |d| d.code).ok().map(|i| &self.departements[i])
    }

    /// The living area of a code.
    pub fn find_living_area(&self, code: CommuneCode) -> Option<&LivingArea> {
        self.living_areas.binary_search_by_key(&code, |a| a.code).ok().map(|i| &self.living_areas[i])
    }

    /// The EPT of a code.
    pub fn find_ept(&self, code: Siren) -> Option<&Ept> {
        self.epts.binary_search_by_key(&code, |e| e.code).ok().map(|i| &self.epts[i])
    }

    /// The région of a code.
    pub fn find_region(&self, code: RegionCode) -> Option<&Region> {
        self.regions.binary_search_by_key(&code, |r| r.code).ok().map(|i| &self.regions[i])
    }

    /// The members of an EPCI that this gazetteer holds.
    pub fn epci_members(&self, code: Siren) -> &[CommuneIdx] {
        self.epci_members.get(&code).map_or(&[], Vec::as_slice)
    }

    /// Whether some members of an EPCI are not in this gazetteer: figures of it are of a part.
    pub fn is_partial(&self, epci: &Epci) -> bool {
        self.epci_members(epci.code).len() < epci.members as usize
    }

    /// How many members of a grouping this gazetteer holds, and of how many; none when it holds them
    /// all, or when the territory is no grouping.
    pub fn part_held(&self, territory: &Territory) -> Option<(u32, u32)> {
        let (held, of) = match territory {
            Territory::Epci(code) => match self.find_epci(*code) {
                Some(epci) => (self.epci_members(*code).len() as u32, epci.members),
                None => self.find_ept(*code).map(|ept| (ept.members.len() as u32, ept.size))?,
            },
            Territory::LivingArea(code) => {
                self.find_living_area(*code).map(|area| (area.members.len() as u32, area.size))?
            }
            _ => return None,
        };
        (held < of).then_some((held, of))
    }

    /// The legal population of everyone.
    pub fn population(&self) -> Inhabitants {
        self.communes.iter().map(|c| c.population).sum()
    }
}

fn unique(kind: &'static str, codes: impl Iterator<Item = String>) -> Result<(), InvalidGazetteer> {
    let mut last: Option<String> = None;
    for code in codes {
        if last.as_ref() == Some(&code) {
            return Err(InvalidGazetteer::Twice { kind, code });
        }
        last = Some(code);
    }
    Ok(())
}
