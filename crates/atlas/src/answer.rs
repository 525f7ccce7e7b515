//! «Diagnostic»: what an inquiry comes to for its perimeter.

mod parent;

use std::collections::{BTreeMap, BTreeSet};

use access::{AccessSurface, Fit};
use gaps::fragility::RankCorrelation;
use gaps::{Crowd, Fragility};
use network::Method;
use serde::Serialize;
use serde_json::{Map, Value as Json};
use territory::{
    CommuneIdx, DepartementCode, Extent, Inhabitants, Minutes, PlaceIdx, Source, Territory, VenueIdx,
};

use crate::apl::AplAnswer;
use crate::atlas::{Atlas, AtlasError};
use crate::attributes::minutes_number;
use crate::equity::{ClassCoverage, Component, Equity, Profile};
use crate::field::round;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::offer::Offer;
use crate::priority::Priority;
use crate::scope::Scope;
use crate::warnings::Warning;
use crate::week::Week;
use crate::wording;
pub use parent::Parent;

/// The answer to an inquiry, in the shape other people's scripts rely on.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Diagnosis {
    /// Whom it is about.
    pub territory: FoundTerritory,
    /// The parameters of the inquiry that differ from their default.
    pub question: BTreeMap<String, String>,
    /// The figures.
    pub answer: Answer,
    /// The people beyond each whole five minutes up to an hour.
    pub curve: Vec<CurvePoint>,
    /// The same by class of fragility, from 1 to 10, then without data.
    pub classes: Vec<ClassCoverage>,
    /// What the index of the perimeter is made of.
    pub components: Vec<Component>,
    /// Who is beyond, as far as the statistics of communes say; none of what no commune says.
    pub profiles: Vec<Profile>,
    /// Whether the fragile travel further; none when nobody is more fragile than another.
    pub equity: Option<Equity>,
    /// Who has an open venue within the promise, by hour of the week; none when no venue says its hours.
    pub week: Option<Week>,
    /// The help there is, shared among those who can reach it; none when no venue says how much it gives.
    pub apl: Option<AplAnswer>,
    /// The venues of the perimeter that receive the public.
    pub offer: Offer,
    /// What is in priority areas; none when the atlas has none.
    pub priority: Option<Priority>,
    /// The zones, most people first, without their shapes.
    #[schemars(schema_with = "crate::schema::zone_records")]
    pub zones: Vec<Map<String, Json>>,
    /// Where the figures come from.
    pub sources: Vec<PublicSource>,
    /// What to know before quoting them.
    pub warnings: Vec<Warning>,
}

/// A territory by its names.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FoundTerritory {
    /// As written in a question: `departement:63`.
    pub id: String,
    /// Its kind; `union` for several.
    pub kind: String,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Where it lies, for one who does not know it.
    pub context: Option<String>,
    /// The territory one goes up to from it: the EPCI of a commune, the département of an EPCI, the région of a
    /// département, else the whole; none of the whole.
    pub parent: Option<Parent>,
    /// Everyone who lives there.
    pub population: u32,
    /// West, south, east, north in degrees; none when no source draws it.
    pub bbox: Option<[f64; 4]>,
    /// The parts one looks at one at a time, when an ocean lies between them: the mainland, then each
    /// territory overseas.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub views: Vec<View>,
}

/// A part of a scattered territory, to be shown by itself.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct View {
    /// What people call it.
    pub name: String,
    /// West, south, east, north in degrees.
    pub bbox: [f64; 4],
}

/// The figures of a perimeter.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Answer {
    /// People strictly beyond the promise, the unreachable among them.
    pub beyond: u32,
    /// Their share of those the floor keeps, 0 to 1.
    pub beyond_share: Option<f64>,
    /// People who reach no venue at all.
    pub unreachable: u32,
    /// Population-weighted median, minutes.
    pub access_min: Option<f64>,
    /// Population-weighted ninth decile, minutes.
    pub access_min_p90: Option<f64>,
    /// Venues of the perimeter that fit the question.
    pub venues: u32,
    /// The same for 10 000 inhabitants.
    pub venues_per_10k: Option<f64>,
    /// Venues of the perimeter whose record does not say whether they fit.
    pub venues_unknown: u32,
    /// People beyond if every venue fitted whose record does not say, inside the perimeter or not.
    pub beyond_if_unknown_fit: u32,
    /// Population-weighted mean of the fragility index.
    pub fragility: Option<f64>,
    /// The published index (IFN of La `MedNum`); none when it is not given.
    pub fragility_published: Option<f64>,
    /// `published` of this very territory, or `mean-of-communes`: our mean, weighted by people.
    pub fragility_published_basis: Option<&'static str>,
    /// Where the published index comes from.
    pub fragility_published_source: Option<PublicSource>,
    /// How alike the two indexes rank the communes of the perimeter; none for fewer than ten.
    pub fragility_correlation: Option<RankCorrelation>,
    /// Potential access, weekly hours of help for 1 000 people; none when no venue says how much it gives.
    pub apl: Option<f64>,
    /// `routed` if everyone's time is, else `estimated`.
    pub method: &'static str,
}

/// A point of the curve of people beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct CurvePoint {
    /// The promise, minutes.
    pub minutes: u16,
    /// People beyond it.
    pub beyond: u32,
}

/// A source as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PublicSource {
    /// What it is.
    pub name: String,
    /// When it is true.
    pub vintage: String,
    /// Under which licence.
    pub licence: String,
}

impl From<&Source> for PublicSource {
    fn from(source: &Source) -> Self {
        Self {
            name: source.name.clone(),
            vintage: source.vintage.to_string(),
            licence: source.licence.clone(),
        }
    }
}

impl Atlas {
    /// The diagnosis of the perimeter of an inquiry.
    pub fn diagnosis(&self, inquiry: &Inquiry) -> Result<Diagnosis, AtlasError> {
        let scope = self.scope(inquiry)?;
        let surface = self.surface(&inquiry.promise.question, Fit::Fits);
        // Half of the work is in the zones. Not on the threads of surfaces: one that waits for a surface
        // would be given another piece of work, which may wait for the same.
        std::thread::scope(|threads| {
            let zones = threads.spawn(|| self.zone_list(inquiry));
            let told = self.told(inquiry, &scope, &surface);
            let zones = zones.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            Ok(Diagnosis { zones, ..told })
        })
    }

    /// All of a diagnosis but its zones.
    fn told(&self, inquiry: &Inquiry, scope: &Scope, surface: &AccessSurface) -> Diagnosis {
        let question = &inquiry.promise.question;
        let minutes = inquiry.promise.minutes;
        let kept = self.kept_places(inquiry, scope);
        let crowd = Crowd::gather(self.grid(), surface, kept.iter().copied());
        let coverage = crowd.coverage(minutes);
        let (venues, venues_unknown) = self.count_venues(inquiry, scope);
        let beyond_if_unknown_fit = self.beyond_if_unknown_fit(inquiry, &kept);
        let territory = self.describe(inquiry, scope);
        let method = surface.method(self.grid(), kept.iter().copied());
        let fragility = scope.communes().iter().map(|&c| (self.fragility(c), scope.people(c)));
        let spared = coverage.beyond.0 - beyond_if_unknown_fit.0;
        let warnings = self.list_warnings(inquiry, scope, &kept, spared);
        let published = self.published_of(inquiry, scope);
        let fits = |venue| question.filter.fit(self.venue(venue)) == Fit::Fits;
        let apl = self.apl_answer(inquiry, scope, &kept);
        let answer = Answer {
            beyond: coverage.beyond.0,
            beyond_share: coverage.beyond_share().map(|share| round(share, 4)),
            unreachable: coverage.unreachable.0,
            access_min: minutes_number(coverage.median),
            access_min_p90: minutes_number(coverage.p90),
            venues,
            venues_per_10k: (territory.population > 0)
                .then(|| round(f64::from(venues) * 1e4 / f64::from(territory.population), 2)),
            venues_unknown,
            beyond_if_unknown_fit: beyond_if_unknown_fit.0,
            fragility: Fragility::mean(fragility).map(|f| round(f.get(), 1)),
            fragility_published: published.map(|(score, _)| round(score.get(), 1)),
            fragility_published_basis: published.map(|(_, basis)| basis.slug()),
            fragility_published_source: published
                .and(self.tables().published.as_ref())
                .and_then(|table| table.source.as_ref().map(PublicSource::from)),
            fragility_correlation: self
                .correlation(scope.communes())
                .map(|found| RankCorrelation { rho: round(found.rho, 3), ..found }),
            apl: apl.as_ref().map(|apl| apl.mean),
            method: method.slug(),
        };
        Diagnosis {
            question: inquiry.parameters().into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            curve: curve(&crowd),
            classes: self.fragility_classes(inquiry, &kept),
            components: self.fragility_components(scope),
            profiles: self.profiles(inquiry, &kept),
            equity: self.equity(inquiry, &kept),
            week: self.week(inquiry, scope, &kept),
            apl,
            offer: self.offer(scope),
            priority: self.priority(scope, fits),
            zones: Vec::new(),
            sources: self.sources().iter().map(PublicSource::from).collect(),
            warnings,
            territory,
            answer,
        }
    }

    /// The territories whose name holds some words, the best match first.
    pub fn search(&self, words: &str, limit: usize) -> Vec<FoundTerritory> {
        let found = self.gazetteer().search(words, limit);
        found.into_iter().filter_map(|territory| self.find(&territory)).collect()
    }

    /// A territory of this atlas.
    pub fn find(&self, territory: &Territory) -> Option<FoundTerritory> {
        // A search finds many: no place is looked at but for what was drawn.
        let drawn = match territory {
            Territory::Drawn(_) => Some(self.scope(&Inquiry::of(territory.clone())).ok()?),
            _ => None,
        };
        let members = match &drawn {
            Some(scope) => scope.communes().to_vec(),
            None => self.gazetteer().members(territory)?,
        };
        let context = match territory {
            Territory::Commune(_) => {
                members.first().map(|&c| self.departement_name(self.commune(c).departement))
            }
            Territory::Epci(code) if self.gazetteer().find_epci(*code).is_none() => {
                Some(self.within("Établissement public territorial", &members))
            }
            Territory::Epci(_) => Some(self.within("Intercommunalité", &members)),
            Territory::LivingArea(_) => Some(self.within("Bassin de vie", &members)),
            Territory::Departement(_) | Territory::Lyon { .. } | Territory::Alsace => {
                Some("Département".to_owned())
            }
            Territory::Region(_) => Some("Région".to_owned()),
            Territory::Hub(_) => Some("Hub".to_owned()),
            Territory::Drawn(_) => Some(self.within("Polygone", &members)),
            Territory::France => None,
        };
        Some(FoundTerritory {
            id: territory.to_string(),
            kind: territory.kind().to_owned(),
            code: territory.code(),
            name: self.called(territory)?,
            context,
            parent: self.parent_of(territory, &members),
            population: match &drawn {
                Some(scope) => scope.population().0,
                None => members.iter().map(|&c| self.commune(c).population).sum::<Inhabitants>().0,
            },
            bbox: match &drawn {
                Some(scope) => self.extent_of(scope),
                None => members.iter().filter_map(|&c| self.extents[c.0 as usize]).reduce(Extent::union),
            }
            .map(Extent::bbox),
            views: self.views(&members),
        })
    }

    /// `Intercommunalité, Ain (01) et Jura (39)`: a kind, and the départements of its communes.
    fn within(&self, kind: &str, members: &[CommuneIdx]) -> String {
        let departements: BTreeSet<String> =
            members.iter().map(|&c| self.departement_name(self.commune(c).departement)).collect();
        format!("{kind}, {}", departements.into_iter().collect::<Vec<_>>().join(" et "))
    }

    /// `Puy-de-Dôme (63)`.
    fn departement_name(&self, code: DepartementCode) -> String {
        let name = self.gazetteer().find_departement(code).map_or("", |departement| &departement.name);
        format!("{name} ({code})")
    }

    /// The name of the perimeter of an inquiry.
    pub(crate) fn perimeter_name(&self, inquiry: &Inquiry) -> Result<String, AtlasError> {
        Ok(self.describe(inquiry, &*self.scope(inquiry)?).name)
    }

    fn describe(&self, inquiry: &Inquiry, scope: &Scope) -> FoundTerritory {
        let parts: Vec<FoundTerritory> = match inquiry.perimeter.territories().collect::<Vec<_>>().as_slice()
        {
            [] => self.find(&Territory::France).into_iter().collect(),
            territories => territories.iter().filter_map(|t| self.find(t)).collect(),
        };
        if let [only] = parts.as_slice() {
            return only.clone();
        }
        FoundTerritory {
            id: inquiry.perimeter.to_string(),
            kind: "union".to_owned(),
            code: inquiry.perimeter.to_string(),
            name: parts.into_iter().map(|part| part.name).collect::<Vec<_>>().join(" + "),
            context: None,
            parent: self.whole(),
            population: scope.population().0,
            bbox: self.extent_of(scope).map(Extent::bbox),
            views: self.views(scope.communes()),
        }
    }

    /// The box around the perimeter of an inquiry: west, south, east, north in degrees.
    pub fn bounds(&self, inquiry: &Inquiry) -> Result<Option<[f64; 4]>, AtlasError> {
        Ok(self.extent_of(&*self.scope(inquiry)?).map(Extent::bbox))
    }

    /// The mainland and each territory overseas that some communes lie in, none when it is one alone.
    pub(crate) fn views(&self, communes: &[CommuneIdx]) -> Vec<View> {
        let mut parts: BTreeMap<Option<DepartementCode>, Extent> = BTreeMap::new();
        for &commune in communes {
            let Some(extent) = self.extents[commune.0 as usize] else { continue };
            let departement = Some(self.commune(commune).departement).filter(DepartementCode::is_overseas);
            parts.entry(departement).and_modify(|part| *part = part.union(extent)).or_insert(extent);
        }
        if parts.len() < 2 {
            return Vec::new();
        }
        let name = |departement: Option<DepartementCode>| {
            let overseas = departement.and_then(|code| self.gazetteer().find_departement(code));
            overseas.map_or_else(|| wording::MAINLAND.to_owned(), |departement| departement.name.clone())
        };
        parts.into_iter().map(|(code, extent)| View { name: name(code), bbox: extent.bbox() }).collect()
    }

    /// The venues of the perimeter that fit, and those that may.
    fn count_venues(&self, inquiry: &Inquiry, scope: &Scope) -> (u32, u32) {
        let (mut fit, mut unknown) = (0, 0);
        for (idx, venue) in (0..).map(VenueIdx).zip(self.venues()) {
            if scope.holds_venue(idx) {
                match inquiry.promise.question.filter.fit(venue) {
                    Fit::Fits => fit += 1,
                    Fit::Unknown => unknown += 1,
                    Fit::Fails => {}
                }
            }
        }
        (fit, unknown)
    }

    fn zone_list(&self, inquiry: &Inquiry) -> Result<Vec<Map<String, Json>>, AtlasError> {
        let table = self.table(Layer::Zones, inquiry)?;
        let record = |n: usize| {
            let id = ("id".to_owned(), Json::from(table.id(n)));
            let values = table.values(self, n);
            let fields = Layer::Zones.fields().iter().zip(values);
            let named =
                fields.map(|(f, v)| (f.name.to_owned(), serde_json::to_value(v).unwrap_or(Json::Null)));
            std::iter::once(id).chain(named).collect()
        };
        Ok((0..table.len()).map(record).collect())
    }

    /// Routed only if the time of everyone asked about is.
    pub(crate) fn method(&self, inquiry: &Inquiry) -> Result<Method, AtlasError> {
        let kept = self.kept_places(inquiry, &*self.scope(inquiry)?);
        Ok(self.surface(&inquiry.promise.question, Fit::Fits).method(self.grid(), kept))
    }

    /// The people beyond if every venue fitted whose record does not say, wherever it is.
    pub(crate) fn beyond_if_unknown_fit(&self, inquiry: &Inquiry, kept: &[PlaceIdx]) -> Inhabitants {
        let generous = self.surface(&inquiry.promise.question, Fit::Unknown);
        Crowd::gather(self.grid(), &generous, kept.iter().copied()).beyond(inquiry.promise.minutes)
    }
}

fn curve(crowd: &Crowd) -> Vec<CurvePoint> {
    (1..=12u16)
        .filter_map(|i| Minutes::new(5 * i).ok())
        .map(|minutes| CurvePoint { minutes: minutes.get(), beyond: crowd.beyond(minutes).0 })
        .collect()
}

#[cfg(test)]
mod tests;
