//! The build's TOML: which tables, of which vintage, under which licence, for which scope.
//!
//! Paths are relative to the file that names them. A table absent here is taken from `base`, another
//! such file; the venues given here replace all of the base's, and so do the roads (`roads = []`: none).
//!
//! ```toml
//! base = "data/sample/sample.toml"
//! name = "Mes lieux"
//! [[venues]]
//! path = "mes-lieux.csv"
//! vintage = "2026-11"
//! licence = "Licence Ouverte 2.0"
//! ```
//!
//! Venues in a producer's own columns name the mapping that tells them: `mapping = "gironde.toml"`.
//!
//! Roads are OpenStreetMap extracts: `roads = "toulouse.osm.pbf"`, a list of such paths, or tables that
//! say more. Of a path alone the licence is OpenStreetMap's and the vintage is not stated.
//!
//! ```toml
//! [scope]
//! communes = ["31555", "31069"]
//! [population]
//! path = "census-grid-1km-2021.csv.gz"
//! vintage = "2021"
//! licence = "Eurostat"
//! [[roads]]
//! path = "toulouse.osm.pbf"
//! vintage = "2026-10"
//! licence = "ODbL 1.0"
//! extent = [1.336, 43.527, 1.522, 43.691] # west, south, east, north in degrees
//! ferries = false
//! ```
//!
//! Every build writes `identities.csv` beside its atlas. Given to the next, venues keep their identifiers:
//!
//! ```toml
//! [identities]
//! path = "identities.csv"
//! ```
//!
//! Shapes of communes that do not quite tile the ground are made to. What a hole between them is may be said
//! by a position in it, longitude then latitude: of no commune, or of one whose shape lacks it.
//!
//! ```toml
//! [shapes]
//! path = "communes.geojson.gz"
//! vintage = "2025"
//! licence = "Licence Ouverte 2.0"
//! holes = [[1.98, 42.465]] # Llívia, in Spain
//! owners = [{ commune = "42084", at = [3.9122, 45.7784] }]
//! ```
//!
//! Our index of fragility is computed from `[rates.census]`, `[rates.incomes]` and `[rates.broadband]`,
//! tables of all of France whatever the scope, or its classes are given by `[social_classes]`. Given both
//! in one file, the rates count and the classes are not read; given either, those of the base are not.
//! The index La `MedNum` publishes is `[ifn.communes]`, `[ifn.epcis]`, `[ifn.iris]`, any of them.
//!
//! `[[priority_areas]]` have a `kind`: `qpv` (polygons), `zrr` or `frr` (a list of communes; `statuses`
//! are those that class a commune whole). Given here they replace all of the base's.
//!
//! The weight that people and help lose with time, for the potential access (APL), is a preset, `apl-2012`
//! unless another is named, or steps of minutes:
//!
//! ```toml
//! [apl]
//! decay = [[5, 1.0], [10, 0.3], [15, 0.1]]
//! ```
//!
//! A table may say where it is published, `url = "https://…"`. With a `path`, that is where
//! [`fetch`](mod@crate::fetch) puts it; without, it is kept in the folder `sources` beside the configuration
//! that names it, under the name of [`Address::file_name`].

mod holes;
mod need;
mod roads;
mod written;

use std::path::{Path, PathBuf};

use territory::{CommuneCode, Decay, DepartementCode, RegionCode, Vintage};

use crate::error::IngestError;
use crate::fetch::{self, Address, Item};
use crate::file;
pub use holes::DeclaredHoles;
pub use need::{DeclaredIfn, DeclaredPriority, DeclaredRates};
pub use roads::DeclaredRoads;
use written::{Written, WrittenDecay, WrittenScope, WrittenTable, WrittenVenues};

/// A build as declared, its bases followed and its paths resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// What it is called, in French, as shown to people.
    pub name: String,
    /// Whom it is about.
    pub scope: Scope,
    /// Shapes of communes.
    pub shapes: Declared,
    /// What is said of the holes between them.
    pub holes: DeclaredHoles,
    /// `communes.json` of the COG.
    pub communes: Declared,
    /// `epci.json`.
    pub epcis: Declared,
    /// `departements.json`.
    pub departements: Declared,
    /// `regions.json`.
    pub regions: Declared,
    /// Town halls.
    pub town_halls: Option<Declared>,
    /// Communes that live on another's cells.
    pub without_shape: Option<Declared>,
    /// People counted in squares.
    pub population: Option<Declared>,
    /// Extracts of roads; none when times are to be estimated.
    pub roads: Vec<DeclaredRoads>,
    /// Venues, one file or more.
    pub venues: Vec<DeclaredVenues>,
    /// Rank classes per commune; none when they are to be computed.
    pub social_classes: Option<Declared>,
    /// What they are computed from.
    pub rates: Option<DeclaredRates>,
    /// The published index.
    pub ifn: Option<DeclaredIfn>,
    /// Priority areas, one file or more.
    pub priority_areas: Vec<DeclaredPriority>,
    /// Living areas of communes.
    pub living_areas: Option<Declared>,
    /// `ept.json`: the parts of the Métropole du Grand Paris.
    pub epts: Option<Declared>,
    /// Perimeters people named.
    pub hubs: Option<Declared>,
    /// Identifiers of venues given by an earlier build.
    pub identities: Option<Declared>,
    /// How much a place counts for a venue, the longer the way.
    pub decay: Decay,
    /// This file and its bases, the nearest first.
    pub files: Vec<PathBuf>,
}

/// Whom a build is about: these communes and those of these régions and départements, everyone when
/// none is named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scope {
    /// Régions kept.
    pub regions: Vec<RegionCode>,
    /// Départements kept.
    pub departements: Vec<DepartementCode>,
    /// Communes kept.
    pub communes: Vec<CommuneCode>,
    /// Whether the venue files stop at the edge of the scope, so that its neighbourhood is unknown.
    pub venues_stop_at_edge: bool,
}

/// A table as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Where it is, or is to be once downloaded.
    pub path: PathBuf,
    /// Where it is published, when the configuration says.
    pub url: Option<Address>,
    /// What it is, in French.
    pub name: String,
    /// When it is true; none only for tables made for the build itself.
    pub vintage: Option<Vintage>,
    /// Under which licence; none likewise.
    pub licence: Option<String>,
    /// Its declared sum, in hexadecimal.
    pub sha256: Option<String>,
}

/// A file of venues as declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredVenues {
    /// The file.
    pub file: Declared,
    /// What its columns mean, when it is a producer's own (`docs/inputs.md`).
    pub mapping: Option<PathBuf>,
}

impl Scope {
    /// Whether nobody is left out.
    pub fn is_everywhere(&self) -> bool {
        self.regions.is_empty() && self.departements.is_empty() && self.communes.is_empty()
    }

    /// Whether it holds a commune, of this région and département.
    pub fn holds(&self, region: RegionCode, departement: DepartementCode, commune: CommuneCode) -> bool {
        self.is_everywhere()
            || self.regions.contains(&region)
            || self.departements.contains(&departement)
            || self.communes.contains(&commune)
    }
}

impl Build {
    /// Every mapping it reads venues through, in their order.
    pub fn mappings(&self) -> impl Iterator<Item = &PathBuf> {
        self.venues.iter().filter_map(|venues| venues.mapping.as_ref())
    }

    /// Every file of data it reads, in a fixed order.
    pub fn inputs(&self) -> impl Iterator<Item = &Declared> {
        [&self.shapes, &self.communes, &self.epcis, &self.departements, &self.regions]
            .into_iter()
            .chain(&self.town_halls)
            .chain(&self.without_shape)
            .chain(&self.population)
            .chain(self.roads.iter().map(|roads| &roads.file))
            .chain(self.venues.iter().map(|venues| &venues.file))
            .chain(&self.social_classes)
            .chain(self.rates.iter().flat_map(DeclaredRates::files))
            .chain(self.ifn.iter().flat_map(DeclaredIfn::files))
            .chain(self.priority_areas.iter().map(|areas| &areas.file))
            .chain(&self.living_areas)
            .chain(&self.epts)
            .chain(&self.hubs)
            .chain(&self.identities)
    }

    /// What can be downloaded, each file once, in a fixed order.
    pub fn downloads(&self) -> Vec<Item> {
        let mut items: Vec<Item> = Vec::new();
        for table in self.inputs() {
            let known = items.iter().any(|item| item.path == table.path);
            if let Some(address) = table.url.clone().filter(|_| !known) {
                let (name, path, sha256) = (table.name.clone(), table.path.clone(), table.sha256.clone());
                items.push(Item { name, address, path, sha256 });
            }
        }
        items
    }

    /// A table that can be downloaded and is not here.
    fn not_fetched(&self, config: &Path) -> Option<IngestError> {
        let absent = |table: &&Declared| table.url.is_some() && !table.path.exists();
        let table = self.inputs().find(absent)?;
        Some(IngestError::NotFetched {
            path: table.path.clone(),
            url: table.url.as_ref().map(ToString::to_string).unwrap_or_default(),
            config: config.to_owned(),
        })
    }
}

/// What one file and its bases give so far.
#[derive(Default)]
struct Draft {
    name: Option<String>,
    scope: Option<Scope>,
    shapes: Option<(Declared, DeclaredHoles)>,
    communes: Option<Declared>,
    epcis: Option<Declared>,
    departements: Option<Declared>,
    regions: Option<Declared>,
    town_halls: Option<Declared>,
    without_shape: Option<Declared>,
    population: Option<Declared>,
    roads: Option<Vec<DeclaredRoads>>,
    venues: Vec<DeclaredVenues>,
    social_classes: Option<Declared>,
    rates: Option<DeclaredRates>,
    ifn: Option<DeclaredIfn>,
    priority_areas: Vec<DeclaredPriority>,
    living_areas: Option<Declared>,
    epts: Option<Declared>,
    hubs: Option<Declared>,
    identities: Option<Declared>,
    decay: Option<Decay>,
}

/// How many bases may stand on one another; more is a circle.
const MAX_BASES: usize = 8;

/// Reads a configuration and its bases.
pub fn load(path: &Path) -> Result<Build, IngestError> {
    let mut draft = Draft::default();
    let mut files = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(file) = next.take() {
        if files.len() > MAX_BASES {
            return Err(wrong(path, "its `base` files stand on one another in a circle; remove one"));
        }
        let bytes = file::raw(&file)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong(&file, "is not UTF-8; save it as UTF-8"))?;
        let (this, base) = parse(&file, text)?;
        draft = draft.over(this);
        next = base;
        files.push(file);
    }
    draft.finish(path, files)
}

/// Reads a configuration whose downloads must be here: what a build reads.
pub(crate) fn load_fetched(path: &Path) -> Result<Build, IngestError> {
    let build = load(path)?;
    build.not_fetched(path).map_or(Ok(build), Err)
}

/// One file, and the base it names.
fn parse(path: &Path, text: &str) -> Result<(Draft, Option<PathBuf>), IngestError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let written: Written = toml::from_str(text).map_err(|e| wrong(path, e.to_string().trim_end()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let table = |key: &str, name: &str, table: Option<WrittenTable>| {
        table.map(|table| declared(path, folder, key, name, table)).transpose()
    };
    let sourced = |key: &str, name: &str, written: Option<WrittenTable>| {
        written.map(|written| source(path, folder, key, name, written)).transpose()
    };
    let scope = written.scope.map(|scope| scope_of(path, &scope)).transpose()?;
    let venues = written
        .venues
        .into_iter()
        .map(|written| venues_of(path, folder, written))
        .collect::<Result<Vec<_>, _>>()?;
    let draft = Draft {
        name: written.name,
        scope,
        shapes: written.shapes.map(|shapes| holes::declared(path, folder, shapes)).transpose()?,
        communes: sourced("cog.communes", "Code officiel géographique : communes", written.cog.communes)?,
        epcis: sourced("cog.epcis", "Code officiel géographique : EPCI", written.cog.epcis)?,
        departements: sourced(
            "cog.departements",
            "Code officiel géographique : départements",
            written.cog.departements,
        )?,
        regions: sourced("cog.regions", "Code officiel géographique : régions", written.cog.regions)?,
        town_halls: sourced("town_halls", "Mairies", written.town_halls)?,
        without_shape: table("without_shape", "Communes sans contour", written.without_shape)?,
        population: sourced("population", "Recensement 2021 : carreaux de 1 km", written.population)?,
        roads: written.roads.map(|roads| roads::declared(path, folder, roads)).transpose()?,
        venues,
        social_classes: sourced("social_classes", "Classes de fragilité", written.social_classes)?,
        rates: written.rates.map(|rates| need::rates(path, folder, rates)).transpose()?,
        ifn: written.ifn.map(|ifn| need::ifn(path, folder, ifn)).transpose()?,
        priority_areas: written
            .priority_areas
            .into_iter()
            .map(|areas| need::priority(path, folder, areas))
            .collect::<Result<_, _>>()?,
        living_areas: sourced("living_areas", "Bassins de vie", written.living_areas)?,
        epts: sourced("cog.epts", "Établissements publics territoriaux", written.cog.epts)?,
        hubs: table("hubs", "Hubs", written.hubs)?,
        identities: table("identities", "Identifiants des lieux", written.identities)?,
        decay: written.apl.map(|apl| decay_of(path, apl.decay)).transpose()?,
    };
    Ok((draft, written.base.map(|base| folder.join(base))))
}

fn decay_of(path: &Path, written: WrittenDecay) -> Result<Decay, IngestError> {
    match written {
        WrittenDecay::Preset(name) => Decay::preset(&name).ok_or_else(|| {
            let presets = Decay::PRESETS.join(", ");
            wrong(path, format!("[apl] decay = {name:?} is no preset; write {presets}, or steps such as [[5, 1.0], [10, 0.3]]"))
        }),
        WrittenDecay::Steps(steps) => {
            Decay::new(steps).map_err(|e| wrong(path, format!("[apl] decay: {e}")))
        }
    }
}

fn venues_of(path: &Path, folder: &Path, written: WrittenVenues) -> Result<DeclaredVenues, IngestError> {
    let WrittenVenues { path: place, url, name, vintage, licence, sha256, mapping } = written;
    let file = WrittenTable { path: place, url, name, vintage, licence, sha256 };
    Ok(DeclaredVenues {
        file: source(path, folder, "[venues]", "Lieux de médiation numérique", file)?,
        mapping: mapping.map(|mapping| folder.join(mapping)),
    })
}

fn declared(
    path: &Path,
    folder: &Path,
    key: &str,
    name: &str,
    table: WrittenTable,
) -> Result<Declared, IngestError> {
    let url = table.url.map(|url| url.parse::<Address>()).transpose();
    let url = url.map_err(|e| wrong(path, format!("[{key}] url: {e}")))?;
    let place = match (table.path.filter(|place| !place.is_empty()), &url) {
        (Some(place), _) => folder.join(place),
        (None, Some(url)) => fetch::place(folder, url),
        (None, None) => return Err(wrong(path, format!("[{key}] has no `path`, nor a `url`"))),
    };
    let vintage = table.vintage.map(Vintage::try_from).transpose();
    Ok(Declared {
        path: place,
        url,
        name: table.name.unwrap_or_else(|| name.to_owned()),
        vintage: vintage.map_err(|e| wrong(path, format!("[{key}] vintage: {e}")))?,
        licence: table.licence,
        sha256: table.sha256,
    })
}

/// A table that says when it is true and under which licence.
fn source(
    path: &Path,
    folder: &Path,
    key: &str,
    name: &str,
    table: WrittenTable,
) -> Result<Declared, IngestError> {
    let missing = |what| {
        wrong(path, format!("[{key}] has no `{what}`; every source says it, «non précisée» if need be"))
    };
    match declared(path, folder, key, name, table)? {
        Declared { vintage: None, .. } => Err(missing("vintage")),
        Declared { licence: None, .. } => Err(missing("licence")),
        table => Ok(table),
    }
}

fn scope_of(path: &Path, scope: &WrittenScope) -> Result<Scope, IngestError> {
    let refused = |e: territory::InvalidCode| wrong(path, format!("[scope]: {e}"));
    let regions = scope.regions.iter().map(|code| code.parse().map_err(refused)).collect::<Result<_, _>>()?;
    let departements =
        scope.departements.iter().map(|code| code.parse().map_err(refused)).collect::<Result<_, _>>()?;
    let communes =
        scope.communes.iter().map(|code| code.parse().map_err(refused)).collect::<Result<_, _>>()?;
    let venues_stop_at_edge = scope.venues_stop_at_edge.unwrap_or(true);
    Ok(Scope { regions, departements, communes, venues_stop_at_edge })
}

fn wrong(path: &Path, reason: impl Into<String>) -> IngestError {
    IngestError::Config { path: path.to_owned(), reason: reason.into() }
}

impl Draft {
    /// This one, completed by its base.
    fn over(self, base: Self) -> Self {
        // Rates and classes are two ways to say the same: the nearest file says it.
        let fragile = self.rates.is_some() || self.social_classes.is_some();
        Self {
            name: self.name.or(base.name),
            scope: self.scope.or(base.scope),
            shapes: self.shapes.or(base.shapes),
            communes: self.communes.or(base.communes),
            epcis: self.epcis.or(base.epcis),
            departements: self.departements.or(base.departements),
            regions: self.regions.or(base.regions),
            town_halls: self.town_halls.or(base.town_halls),
            without_shape: self.without_shape.or(base.without_shape),
            population: self.population.or(base.population),
            roads: self.roads.or(base.roads),
            venues: if self.venues.is_empty() { base.venues } else { self.venues },
            social_classes: self.social_classes.or(base.social_classes.filter(|_| !fragile)),
            rates: self.rates.or(base.rates.filter(|_| !fragile)),
            ifn: self.ifn.or(base.ifn),
            priority_areas: if self.priority_areas.is_empty() {
                base.priority_areas
            } else {
                self.priority_areas
            },
            living_areas: self.living_areas.or(base.living_areas),
            epts: self.epts.or(base.epts),
            hubs: self.hubs.or(base.hubs),
            identities: self.identities.or(base.identities),
            decay: self.decay.or(base.decay),
        }
    }

    fn finish(self, path: &Path, files: Vec<PathBuf>) -> Result<Build, IngestError> {
        let needed = |key: &str, table: Option<Declared>| {
            table.ok_or_else(|| wrong(path, format!("there is no [{key}] here nor in a `base`; add it")))
        };
        if self.venues.is_empty() {
            return Err(wrong(path, "there is no [[venues]] here nor in a `base`; add one"));
        }
        let (shapes, holes) = self.shapes.map_or((None, DeclaredHoles::default()), |(s, h)| (Some(s), h));
        Ok(Build {
            name: self
                .name
                .filter(|name| !name.trim().is_empty())
                .ok_or_else(|| wrong(path, "has no `name`; add it"))?,
            scope: self.scope.unwrap_or(Scope { venues_stop_at_edge: true, ..Scope::default() }),
            shapes: needed("shapes", shapes)?,
            holes,
            communes: needed("cog.communes", self.communes)?,
            epcis: needed("cog.epcis", self.epcis)?,
            departements: needed("cog.departements", self.departements)?,
            regions: needed("cog.regions", self.regions)?,
            town_halls: self.town_halls,
            without_shape: self.without_shape,
            population: self.population,
            roads: self.roads.unwrap_or_default(),
            venues: self.venues,
            social_classes: self.social_classes.filter(|_| self.rates.is_none()),
            rates: self.rates,
            ifn: self.ifn,
            priority_areas: self.priority_areas,
            living_areas: self.living_areas,
            epts: self.epts,
            hubs: self.hubs,
            identities: self.identities,
            decay: self.decay.unwrap_or_default(),
            files,
        })
    }
}

#[cfg(test)]
mod tests;
