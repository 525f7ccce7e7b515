//! The minutes gained or lost, by commune and by grouping of communes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use access::{AccessSurface, Fit};
use gaps::Crowd;
use serde::Serialize;
use territory::{Cell, CommuneCode, CommuneIdx, PlaceIdx, TravelTime};

use crate::atlas::Atlas;
use crate::attributes::minutes_number;
use crate::field::round;
use crate::inquiry::Inquiry;
use crate::scope::Scope;

/// People are said to gain or lose from this much on, deciseconds: a minute, under the precision of any of
/// our times, over their rounding.
const NOTABLE: u32 = 600;

/// Areas in both atlases, and those in one only.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Areas {
    /// Whether both atlases have the same people in the same places.
    pub same_places: bool,
    /// People whose gain or loss is that of the place they live in.
    pub people_by_place: u64,
    /// People whose gain or loss is that of the median of their commune.
    pub people_by_commune: u64,
    /// Régions in both.
    pub regions: Vec<AreaChange>,
    /// Départements in both.
    pub departements: Vec<AreaChange>,
    /// EPCI in both.
    pub epcis: Vec<AreaChange>,
    /// Communes in both.
    pub communes: Vec<AreaChange>,
    /// Only in the atlas before.
    pub only_before: Vec<AreaId>,
    /// Only in the atlas after.
    pub only_after: Vec<AreaId>,
}

/// An area by its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct AreaId {
    /// `region`, `departement`, `epci` or `commune`.
    pub kind: &'static str,
    /// Its code.
    pub code: String,
    /// Its name, as in the atlas after.
    pub name: String,
}

/// What changed for the people of an area.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AreaChange {
    /// Which.
    #[serde(flatten)]
    pub area: AreaId,
    /// What changed.
    #[serde(flatten)]
    pub crossing: Crossing,
}

/// Figures before and after.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Crossing {
    /// As it was.
    pub before: Figures,
    /// As it is.
    pub after: Figures,
    /// Minutes more than before, of the population-weighted medians; negative is sooner.
    pub minutes: Option<f64>,
    /// People beyond the promise, more than before; negative is fewer.
    pub beyond: i64,
    /// People who reach a venue at least a minute sooner, or at last.
    pub gaining: u64,
    /// People who reach one at least a minute later, or no more.
    pub losing: u64,
}

/// What an inquiry comes to for the people of an area.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figures {
    /// The people the inquiry is about.
    pub population: u32,
    /// The time half of them do not exceed, in minutes.
    pub access_min: Option<f64>,
    /// Those strictly beyond the promise.
    pub beyond: u32,
}

/// One of the two atlases, asked.
struct Asked<'a> {
    atlas: &'a Atlas,
    surface: Arc<AccessSurface>,
    inquiry: &'a Inquiry,
    scope: &'a Scope,
    /// The communes of the perimeter, by code.
    members: BTreeMap<CommuneCode, CommuneIdx>,
}

impl<'a> Asked<'a> {
    fn new(atlas: &'a Atlas, inquiry: &'a Inquiry, scope: &'a Scope) -> Self {
        let surface = atlas.surface(&inquiry.promise.question, Fit::Fits);
        let members = scope.communes().iter().map(|&idx| (atlas.commune(idx).code, idx)).collect();
        Self { atlas, surface, inquiry, scope, members }
    }

    /// The places of a commune whose people the floor keeps.
    fn places(&self, commune: CommuneIdx) -> impl Iterator<Item = PlaceIdx> {
        let kept = self.atlas.kept(self.inquiry, commune);
        let places = if kept { self.atlas.places_of(commune) } else { &[] };
        places.iter().copied().filter(|&place| self.scope.holds(place))
    }

    fn crowd(&self, communes: &[CommuneCode]) -> Crowd {
        let communes = communes.iter().filter_map(|code| self.members.get(code));
        let places = communes.flat_map(|&idx| self.places(idx));
        Crowd::gather(self.atlas.grid(), &self.surface, places)
    }

    fn figures(&self, communes: &[CommuneCode]) -> Figures {
        let coverage = self.crowd(communes).coverage(self.inquiry.promise.minutes);
        Figures {
            population: coverage.population.0,
            access_min: minutes_number(coverage.median),
            beyond: coverage.beyond.0,
        }
    }

    /// The cells of a commune with their people and time.
    fn cells(&self, commune: CommuneCode) -> BTreeMap<Cell, (u32, Option<TravelTime>)> {
        let places = self.members.get(&commune).into_iter().flat_map(|&idx| self.places(idx));
        let cell = |idx: PlaceIdx| {
            let place = self.atlas.grid().place(idx);
            (place.cell, (place.population.0, self.surface.reach(idx).map(|reach| reach.time)))
        };
        places.map(cell).collect()
    }

    /// The groupings of the communes of the perimeter, each with its members.
    fn groups(&self) -> BTreeMap<(&'static str, String), Group> {
        let gazetteer = self.atlas.gazetteer();
        let mut groups: BTreeMap<(&'static str, String), Group> = BTreeMap::new();
        for (&code, &idx) in &self.members {
            let commune = gazetteer.commune(idx);
            let region = gazetteer.find_region(commune.region).map(|r| (r.code.to_string(), &r.name));
            let departement =
                gazetteer.find_departement(commune.departement).map(|d| (d.code.to_string(), &d.name));
            let epci = commune.epci.and_then(|epci| gazetteer.find_epci(epci));
            let epci = epci.map(|e| (e.code.to_string(), &e.name));
            let own = Some((code.to_string(), &commune.name));
            let all = [("region", region), ("departement", departement), ("epci", epci), ("commune", own)];
            for (kind, area) in all {
                let Some((code_of, name)) = area else { continue };
                let group = groups.entry((kind, code_of)).or_insert_with(|| Group::named(name));
                group.communes.push(code);
            }
        }
        groups
    }
}

/// A grouping and its members.
struct Group {
    name: String,
    communes: Vec<CommuneCode>,
}

impl Group {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), communes: Vec::new() }
    }
}

/// People of a commune who gain and who lose, and how they were compared.
#[derive(Debug, Clone, Copy, Default)]
struct Stakes {
    gaining: u64,
    losing: u64,
    by_place: u64,
    by_commune: u64,
    same: bool,
}

impl Stakes {
    fn count(&mut self, people: u32, was: Option<TravelTime>, is: Option<TravelTime>) {
        // Whoever reaches nothing is farther than anyone who reaches something.
        let deciseconds = |time: Option<TravelTime>| time.map_or(u32::MAX, TravelTime::deciseconds);
        let (was, is) = (deciseconds(was), deciseconds(is));
        self.gaining += if was.saturating_sub(is) >= NOTABLE { u64::from(people) } else { 0 };
        self.losing += if is.saturating_sub(was) >= NOTABLE { u64::from(people) } else { 0 };
    }
}

/// Compares the minutes of two atlases: everyone of the perimeter, then area by area.
pub(super) fn compare(atlases: [&Atlas; 2], inquiry: &Inquiry, scopes: [&Scope; 2]) -> (Crossing, Areas) {
    let [before, after] = [0, 1].map(|side| Asked::new(atlases[side], inquiry, scopes[side]));
    let common: BTreeSet<CommuneCode> =
        before.members.keys().filter(|code| after.members.contains_key(code)).copied().collect();
    let stakes: BTreeMap<CommuneCode, Stakes> =
        common.iter().map(|&code| (code, stakes(&before, &after, code))).collect();
    let crossing = |old: &[CommuneCode], new: &[CommuneCode]| {
        let (was, is) = (before.figures(old), after.figures(new));
        let communes: BTreeSet<_> = old.iter().chain(new).collect();
        let of_all: Vec<&Stakes> = communes.into_iter().filter_map(|code| stakes.get(code)).collect();
        Crossing {
            minutes: was.access_min.zip(is.access_min).map(|(was, is)| round(is - was, 1) + 0.0),
            beyond: i64::from(is.beyond) - i64::from(was.beyond),
            gaining: of_all.iter().map(|s| s.gaining).sum(),
            losing: of_all.iter().map(|s| s.losing).sum(),
            before: was,
            after: is,
        }
    };
    let (mut old, mut new) = (before.groups(), after.groups());
    let mut areas = Areas {
        same_places: before.members.len() == after.members.len()
            && stakes.len() == before.members.len()
            && stakes.values().all(|s| s.same),
        people_by_place: stakes.values().map(|s| s.by_place).sum(),
        people_by_commune: stakes.values().map(|s| s.by_commune).sum(),
        regions: Vec::new(),
        departements: Vec::new(),
        epcis: Vec::new(),
        communes: Vec::new(),
        only_before: Vec::new(),
        only_after: Vec::new(),
    };
    let keys: BTreeSet<_> = old.keys().chain(new.keys()).cloned().collect();
    for key in keys {
        let (was, is) = (old.remove(&key), new.remove(&key));
        let (kind, code) = key;
        match (was, is) {
            (Some(was), Some(is)) => {
                let crossing = crossing(&was.communes, &is.communes);
                let change = AreaChange { area: AreaId { kind, code, name: is.name }, crossing };
                match kind {
                    "region" => areas.regions.push(change),
                    "departement" => areas.departements.push(change),
                    "epci" => areas.epcis.push(change),
                    _ => areas.communes.push(change),
                }
            }
            (Some(only), None) => areas.only_before.push(AreaId { kind, code, name: only.name }),
            (None, Some(only)) => areas.only_after.push(AreaId { kind, code, name: only.name }),
            (None, None) => {}
        }
    }
    let all = |asked: &Asked<'_>| asked.members.keys().copied().collect::<Vec<_>>();
    (crossing(&all(&before), &all(&after)), areas)
}

/// Who gains and who loses in a commune of both: place by place where both have the place, for the fewer
/// of the two numbers of people who live there; the others by the median of the commune.
fn stakes(before: &Asked<'_>, after: &Asked<'_>, code: CommuneCode) -> Stakes {
    let (old, new) = (before.cells(code), after.cells(code));
    let mut stakes = Stakes::default();
    for (cell, &(lived, was)) in &old {
        if let Some(&(live, is)) = new.get(cell) {
            stakes.by_place += u64::from(lived.min(live));
            stakes.count(lived.min(live), was, is);
        }
    }
    let people = |cells: &BTreeMap<Cell, (u32, Option<TravelTime>)>| {
        cells.values().map(|c| u64::from(c.0)).sum::<u64>()
    };
    let both = people(&old).min(people(&new));
    stakes.by_commune = both.saturating_sub(stakes.by_place);
    if stakes.by_commune > 0 {
        let median = |asked: &Asked<'_>| asked.crowd(&[code]).quantile(0.5);
        let rest = u32::try_from(stakes.by_commune).unwrap_or(u32::MAX);
        stakes.count(rest, median(before), median(after));
    }
    let lived = |cells: &BTreeMap<Cell, (u32, Option<TravelTime>)>| {
        cells.iter().filter(|(_, c)| c.0 > 0).map(|(cell, c)| (*cell, c.0)).collect::<Vec<_>>()
    };
    stakes.same = lived(&old) == lived(&new);
    stakes
}
