//! A build's inputs, all read and joined: the table of contents of this crate.

mod need;
mod road_inputs;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use geo::MultiPolygon;
use sha2::{Digest, Sha256};
use territory::{
    Commune, CommuneCode, Decay, Departement, Extent, Gazetteer, Headcount, Hub, Position, PriorityArea,
    Region, Siren, Source, Territory, Venue,
};

use crate::codes::{Codes, Meaning};
use crate::cog::{self, Entry, Grouping};
use crate::config::{self, Build, Declared, Scope};
use crate::error::IngestError;
use crate::file::{self, File};
use crate::identity::{self, Identity, Register};
use crate::ifn::Published;
use crate::location::{self, Judge};
use crate::refusal::{Findings, Read, Refusal};
pub use need::Social;
pub use road_inputs::RoadInputs;

use crate::{census_grid, communes, hosts, hubs, living_areas, town_halls, venues};

/// Everything an atlas is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Inputs {
    /// What the build is called.
    pub name: String,
    /// Communes in scope and their groupings.
    pub gazetteer: Gazetteer,
    /// The people a population grid counts by cell, in and around the scope.
    pub headcount: Option<Headcount>,
    /// Roads in and around the scope.
    pub roads: Option<RoadInputs>,
    /// Venues in and around the scope, each once, sorted by identifier.
    pub venues: Vec<Venue>,
    /// Which records the venues are made of, and why: the register of the next build.
    pub identities: Vec<Identity>,
    /// What our index of fragility is made from.
    pub social: Option<Social>,
    /// The published index of fragility.
    pub published: Option<Published>,
    /// Where policy asks for more help.
    pub priority_areas: Vec<PriorityArea>,
    /// How much a place counts for a venue, the longer the way.
    pub decay: Decay,
    /// What was read.
    pub sources: Vec<Source>,
    /// Whether the venue files stop at the edge of the scope, so that its neighbourhood is unknown.
    pub venues_stop_at_edge: bool,
    /// What is not given, to be said in the manifest and on screen.
    pub absent: Vec<Absent>,
}

/// A table that a build may do without, at a price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Absent {
    /// No road network: times are estimated.
    Roads,
    /// No population grid: people are spread by a model.
    PopulationGrid,
    /// No rank classes: need is people alone.
    SocialClasses,
    /// No town halls: people are spread around the middle of their commune.
    TownHalls,
}

/// A table about to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading<'a> {
    /// What it is, in French.
    pub table: &'a str,
    /// How many tables there are in all.
    pub of: usize,
}

/// Reads a build, all of it but its bad rows.
pub fn read(config: &Path) -> Result<Read<Inputs>, IngestError> {
    read_with_progress(config, &mut |_| {})
}

/// The same, telling `progress` of each table before it is read.
pub fn read_with_progress(
    config: &Path,
    progress: &mut dyn FnMut(Reading<'_>),
) -> Result<Read<Inputs>, IngestError> {
    let build = config::load_fetched(config)?;
    let of = build.inputs().count();
    let mut log = Log {
        progress: &mut |table| progress(Reading { table, of }),
        sources: Vec::new(),
        refused: Vec::new(),
    };

    let Reference { entries, codes, departements, regions, groupings } = reference(config, &build, &mut log)?;
    let Ground { mut shapes, mut halls, hosts } = ground(&build, &codes, &mut log)?;
    let judge = Judge::new(&codes, &shapes);
    let near: Vec<Extent> = location::boxes(&shapes).into_values().collect();
    let headcount =
        log.optional(build.population.as_ref(), |file, f| census_grid::read_file(file, &near, f))?;
    let roads = road_inputs::read(&build.roads, &near, &mut log)?;
    let reader = venues::Reader::new(&codes, &judge);
    let mut records = Vec::new();
    for declared in &build.venues {
        let mapping = declared.mapping.as_deref().map(venues::Mapping::load).transpose()?;
        records.extend(log.read(&declared.file, |file, findings| {
            let read = reader.read(file, mapping.as_ref(), &declared.file.name, findings)?;
            // An atlas in which nobody has a venue must not take the place of a good one in silence.
            if read.is_empty() { Err(file.unlike(no_venue(findings))) } else { Ok(read) }
        })?);
    }
    let register = log.optional(build.identities.as_ref(), Register::read)?.unwrap_or_default();
    let identity::Settled { venues, identities, findings, .. } = identity::settle(records, &register);
    log.refused.extend(findings);
    let social = need::social(&build, &codes, &mut log)?;
    let priority_areas = need::priority(&build, &codes, &mut log)?;

    let living_areas =
        log.optional(build.living_areas.as_ref(), |file, f| living_areas::read(file, &codes, f))?;
    let epts = log.optional(build.epts.as_ref(), cog::epts)?;

    let epci_of = memberships(&groupings, &codes);
    let epcis_in_scope: BTreeSet<Siren> =
        entries.iter().filter_map(|e| epci_of.get(&e.code)).copied().collect();
    let published = need::published(&build, &codes, &epcis_in_scope, &groupings, &mut log)?;
    let hubs: Vec<Hub> = match &build.hubs {
        Some(declared) => log.read(declared, |file, f| {
            let known = |territory: &Territory| match territory {
                Territory::Epci(code) if epts.as_ref().is_some_and(|epts| epts.contains_key(code)) => true,
                Territory::LivingArea(code) => {
                    living_areas.as_ref().is_some_and(|areas| areas.contains_key(code))
                }
                _ => known(territory, &entries, &epcis_in_scope),
            };
            hubs::read(file, known, f)
        })?,
        None => Vec::new(),
    };
    let epcis = groupings.into_iter().map(|g| g.epci).filter(|e| epcis_in_scope.contains(&e.code)).collect();
    let communes = entries
        .into_iter()
        .map(|entry| Commune {
            epci: epci_of.get(&entry.code).copied(),
            town_hall: halls.as_mut().and_then(|halls| halls.remove(&entry.code)),
            shape: shapes.remove(&entry.code),
            host: hosts.as_ref().and_then(|hosts| hosts.get(&entry.code)).copied(),
            code: entry.code,
            name: entry.name,
            departement: entry.departement,
            region: entry.region,
            population: entry.population,
        })
        .collect();
    let gazetteer = Gazetteer::new(communes, epcis, departements, regions, hubs)
        .map_err(|reason| IngestError::Gazetteer { path: config.to_owned(), reason })?
        .with_living_areas(living_areas.unwrap_or_default())
        .with_epts(epts.unwrap_or_default());
    log.refused.extend(undrawn(&gazetteer, &build));

    let mut absent = Vec::new();
    absent.extend(roads.is_none().then_some(Absent::Roads));
    absent.extend(headcount.is_none().then_some(Absent::PopulationGrid));
    absent.extend(social.is_none().then_some(Absent::SocialClasses));
    absent.extend(halls.is_none().then_some(Absent::TownHalls));
    Ok(Read {
        value: Inputs {
            name: build.name,
            gazetteer,
            headcount,
            roads,
            venues,
            identities,
            social,
            published,
            priority_areas,
            sources: log.sources,
            decay: build.decay.clone(),
            venues_stop_at_edge: build.scope.venues_stop_at_edge,
            absent,
        },
        refused: log.refused,
    })
}

/// Why a venue file gives nothing: its first refusal tells.
fn no_venue(findings: &Findings) -> String {
    let advice = "correct the file, or leave it out of the configuration";
    match findings.first() {
        Some(refusal) => {
            let line = refusal.line.map(|line| format!(", line {line}")).unwrap_or_default();
            format!(
                "none of its rows is a usable venue (the first{line}: {:?} {}); {advice}",
                refusal.value, refusal.reason
            )
        }
        None => format!("it holds no venue; {advice}"),
    }
}

/// The ground of communes: their shapes, a coverage, and where their town halls are.
struct Ground {
    shapes: BTreeMap<CommuneCode, MultiPolygon>,
    halls: Option<BTreeMap<CommuneCode, Position>>,
    hosts: Option<BTreeMap<CommuneCode, CommuneCode>>,
}

fn ground(build: &Build, codes: &Codes, log: &mut Log<'_>) -> Result<Ground, IngestError> {
    let (drawn, elsewhere) = log.read(&build.shapes, |file, findings| {
        let mut shapes = communes::read(file, findings)?;
        let elsewhere = shapes.take_outside(codes);
        Ok((communes::settle(shapes, codes, findings), elsewhere))
    })?;
    let judge = Judge::new(codes, &drawn);
    let halls =
        log.optional(build.town_halls.as_ref(), |file, f| town_halls::read(file, codes, &judge, f))?;
    let hosts = log.optional(build.without_shape.as_ref(), |file, f| hosts::read(file, codes, f))?;
    // The town halls tell whose the holes are; the rest is judged by the shapes made whole.
    let evidence = communes::Evidence {
        codes,
        halls: halls.as_ref(),
        hosts: hosts.as_ref(),
        declared: &build.holes,
        elsewhere: &elsewhere,
    };
    let mut findings = Findings::of(file::name(&build.shapes.path));
    let shapes = communes::clean(drawn, &evidence, &mut findings);
    log.refused.extend(findings.into_list());
    Ok(Ground { shapes, halls, hosts })
}

/// The COG in scope: communes not yet drawn, and what they belong to.
struct Reference {
    entries: Vec<Entry>,
    codes: Codes,
    departements: Vec<Departement>,
    regions: Vec<Region>,
    groupings: Vec<Grouping>,
}

fn reference(config: &Path, build: &Build, log: &mut Log<'_>) -> Result<Reference, IngestError> {
    let mut communes = log.read(&build.communes, cog::communes)?;
    let mut departements = log.read(&build.departements, cog::departements)?;
    let mut regions = log.read(&build.regions, cog::regions)?;
    let groupings = log.read(&build.epcis, cog::epcis)?;
    check_scope(config, &build.scope, &departements, &regions, &communes.entries)?;

    let mut findings = Findings::of(file::name(&build.communes.path));
    communes.entries.retain(|e| {
        let placed = departements.iter().any(|d| d.code == e.departement)
            && regions.iter().any(|r| r.code == e.region);
        let ours = build.scope.holds(e.region, e.departement, e.code);
        if !placed && ours {
            let reason = "its département or région is in no table given";
            findings.refused(0, "departement", e.code.as_str(), reason);
        }
        placed
    });
    log.refused.extend(findings.into_list());
    let (entries, codes) = communes.within(&build.scope);
    departements.retain(|d| entries.iter().any(|e| e.departement == d.code));
    regions.retain(|r| entries.iter().any(|e| e.region == r.code));
    Ok(Reference { entries, codes, departements, regions, groupings })
}

/// What codes mean in a build.
pub(crate) fn codes(config: &Path) -> Result<Codes, IngestError> {
    let build = config::load_fetched(config)?;
    let mut log = Log { progress: &mut |_| {}, sources: Vec::new(), refused: Vec::new() };
    Ok(reference(config, &build, &mut log)?.codes)
}

/// The SHA-256 of a configuration, its bases and every file they name, in hexadecimal: it changes
/// when, and only when, one of their bytes does.
pub fn digest(config: &Path) -> Result<String, IngestError> {
    let build = config::load_fetched(config)?;
    let paths =
        build.files.iter().chain(build.mappings()).chain(build.inputs().map(|declared| &declared.path));
    let mut digest = Sha256::new();
    for path in paths {
        file::hash(path, &mut digest)?;
    }
    Ok(file::hex(&digest.finalize()))
}

/// What reading file after file leaves behind.
struct Log<'a> {
    /// Told the name of each table before it is read.
    progress: &'a mut dyn FnMut(&str),
    sources: Vec<Source>,
    refused: Vec<Refusal>,
}

impl Log<'_> {
    fn read<T>(
        &mut self,
        declared: &Declared,
        read: impl FnOnce(&File, &mut Findings) -> Result<T, IngestError>,
    ) -> Result<T, IngestError> {
        (self.progress)(&declared.name);
        let file = File::open(&declared.path, declared.sha256.as_deref())?;
        let mut findings = file.findings();
        let value = read(&file, &mut findings)?;
        self.refused.extend(findings.into_list());
        self.source(declared, file.sha256);
        Ok(value)
    }

    /// What has neither vintage nor licence was made for the build: it is no source.
    fn source(&mut self, declared: &Declared, sha256: String) {
        if let (Some(vintage), Some(licence)) = (declared.vintage.clone(), declared.licence.clone()) {
            self.sources.push(Source { name: declared.name.clone(), vintage, licence, sha256 });
        }
    }

    fn optional<T>(
        &mut self,
        declared: Option<&Declared>,
        read: impl FnOnce(&File, &mut Findings) -> Result<T, IngestError>,
    ) -> Result<Option<T>, IngestError> {
        declared.as_ref().map(|declared| self.read(declared, read)).transpose()
    }
}

/// A scope that names what no table has is a mistake, not an empty atlas.
fn check_scope(
    config: &Path,
    scope: &Scope,
    departements: &[Departement],
    regions: &[Region],
    communes: &[Entry],
) -> Result<(), IngestError> {
    let unknown = |kind: &str, code: &str| IngestError::Config {
        path: config.to_owned(),
        reason: format!(
            "[scope] names the {kind} {code}, which is none of today's in the COG tables given; check its code"
        ),
    };
    for code in &scope.regions {
        regions.iter().find(|r| r.code == *code).ok_or_else(|| unknown("région", code.as_str()))?;
    }
    for code in &scope.departements {
        departements.iter().find(|d| d.code == *code).ok_or_else(|| unknown("département", code.as_str()))?;
    }
    for code in &scope.communes {
        communes.iter().find(|c| c.code == *code).ok_or_else(|| unknown("commune", code.as_str()))?;
    }
    Ok(())
}

/// The EPCI of each commune in scope.
fn memberships(groupings: &[Grouping], codes: &Codes) -> BTreeMap<CommuneCode, Siren> {
    let mut epci_of = BTreeMap::new();
    for grouping in groupings {
        for member in &grouping.members {
            if let Meaning::Commune(commune) | Meaning::PartOf(commune) = codes.meaning(*member) {
                epci_of.entry(commune).or_insert(grouping.epci.code);
            }
        }
    }
    epci_of
}

/// Whether a territory is one of the build, before there is a gazetteer to ask.
fn known(territory: &Territory, entries: &[Entry], epcis: &BTreeSet<Siren>) -> bool {
    let departement = |code: &str| entries.iter().any(|e| e.departement.as_str() == code);
    match territory {
        Territory::France => true,
        Territory::Region(code) => entries.iter().any(|e| e.region == *code),
        Territory::Departement(code) => departement(code.as_str()),
        Territory::Lyon { .. } => departement("69"),
        Territory::Alsace => departement("67") && departement("68"),
        Territory::Epci(code) => epcis.contains(code),
        Territory::Commune(code) => entries.iter().any(|e| e.code == *code),
        // A hub is made of what has a code of its own; living areas are in a table of their own.
        Territory::Hub(_) | Territory::LivingArea(_) | Territory::Drawn(_) => false,
    }
}

/// Communes that no source draws and no host is given for.
fn undrawn(gazetteer: &Gazetteer, build: &Build) -> Vec<Refusal> {
    let mut findings = Findings::of(file::name(&build.shapes.path));
    for commune in gazetteer.communes().iter().filter(|c| c.shape.is_none() && c.host.is_none()) {
        let reason = if commune.town_hall.is_some() {
            "no shape draws this commune: its people are placed at its town hall"
        } else {
            "no shape draws this commune and it has no town hall: its people cannot be placed"
        };
        findings.kept(0, "code", commune.code.as_str(), reason);
    }
    findings.into_list()
}

#[cfg(test)]
mod tests;
