//! «Équité»: who is beyond, by fragility, age, diploma and income.

use std::collections::BTreeMap;

use access::Fit;
use gaps::equity::{Residents, by_class};
use gaps::profile::{Kind, Settled};
use schemars::JsonSchema;
use serde::Serialize;
use territory::{CommuneIdx, Inhabitants, PlaceIdx, RankClass, SocialClasses, SocialRates};

use crate::atlas::Atlas;
use crate::attributes::minutes_number;
use crate::field::round;
use crate::inquiry::Inquiry;
use crate::scope::Scope;
use crate::wording;

/// What a promise comes to for the people of a class of fragility.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct ClassCoverage {
    /// The whole part of the index where they live, 1 to 10; null for people without data.
    pub class: Option<u8>,
    /// Everyone counted.
    pub population: u32,
    /// Those strictly beyond the promise.
    pub beyond: u32,
    /// Their share, 0 to 1.
    pub beyond_share: Option<f64>,
    /// Population-weighted median, minutes.
    pub access_min: Option<f64>,
}

/// One of the four components of the index, over a perimeter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Component {
    /// `seniors`, `low-diploma`, `low-income` or `no-fast-broadband`.
    pub kind: &'static str,
    /// What people call it, in French.
    pub label: &'static str,
    /// Mean national class, weighted by people over the communes that have one; null without data.
    pub class: Option<f64>,
    /// People who live in communes of class 7 or more.
    pub fragile_population: u32,
    /// Mean rate of the communes, weighted by people, 0 to 1; null when rates are not given, and for an
    /// income.
    pub rate: Option<f64>,
    /// What the rate is a share of, in French.
    pub rate_of: Option<&'static str>,
}

/// How many people of a kind are beyond.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Profile {
    /// `seniors`, `low-diploma` or `low-income`.
    pub kind: &'static str,
    /// Who is counted, in French.
    pub label: &'static str,
    /// `commune-rate`: the rate of each commune applied to its people, an estimate. `commune-class`: all
    /// people of communes whose national class is 7 or more.
    pub basis: &'static str,
    /// Those beyond.
    pub beyond: u32,
    /// All of that kind in the perimeter, beyond or not.
    pub population: u32,
    /// Their share, 0 to 1.
    pub beyond_share: Option<f64>,
    /// People beyond whose commune says nothing: counted nowhere here.
    pub unknown: u32,
    /// Mean rate of the communes of those beyond, weighted by them, 0 to 1; null without rates.
    pub rate_beyond: Option<f64>,
    /// The same of everyone counted.
    pub rate: Option<f64>,
    /// What the rates are a share of, in French.
    pub rate_of: Option<&'static str>,
}

/// Whether the fragile travel further than the others.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Equity {
    /// The concentration index of time against fragility, −1 to 1: below zero the most fragile travel
    /// further.
    pub concentration: f64,
    /// `further`, `nearer` or `level`: what it says of the most fragile.
    pub reading: &'static str,
    /// The same in French.
    pub reading_label: &'static str,
    /// The size of the index from which a difference is called sensible.
    pub threshold: f64,
    /// People ranked.
    pub ranked: u32,
    /// People left out since they reach no venue.
    pub unreachable: u32,
    /// People left out since their commune has no index.
    pub without_index: u32,
    /// Median minutes of the people whose index is 7 or more.
    pub access_min_fragile: Option<f64>,
    /// The same of all others who have an index.
    pub access_min_others: Option<f64>,
}

/// One rate of a commune, per cent.
type Rate = fn(&SocialRates) -> Option<f64>;

/// One class of a commune.
type Class = fn(&SocialClasses) -> Option<RankClass>;

/// A component of the index: slug, label, class, rate and what that is a share of.
type Measured = (&'static str, &'static str, Class, Option<(Rate, &'static str)>);

/// The components of the index.
const COMPONENTS: [Measured; 4] = [
    (
        "seniors",
        wording::component::SENIORS,
        |c| c.seniors,
        Some((|r| r.seniors_percent, wording::rate::OF_INHABITANTS)),
    ),
    (
        "low-diploma",
        wording::component::LOW_DIPLOMA,
        |c| c.low_diploma,
        Some((|r| r.low_diploma_percent, wording::rate::OF_OUT_OF_SCHOOL)),
    ),
    ("low-income", wording::component::LOW_INCOME, |c| c.low_income, None),
    (
        "no-fast-broadband",
        wording::component::NO_FAST_BROADBAND,
        |c| c.no_fast_broadband,
        Some((|r| r.no_fast_broadband_percent, wording::rate::OF_PREMISES)),
    ),
];

impl Atlas {
    /// Coverage by class of fragility, over some places.
    pub(crate) fn fragility_classes(&self, inquiry: &Inquiry, kept: &[PlaceIdx]) -> Vec<ClassCoverage> {
        let classes = by_class(&self.residents(inquiry, kept), inquiry.promise.minutes);
        let told = |class: gaps::equity::ClassCoverage| ClassCoverage {
            class: class.class.map(RankClass::get),
            population: class.coverage.population.0,
            beyond: class.coverage.beyond.0,
            beyond_share: class.coverage.beyond_share().map(|share| round(share, 4)),
            access_min: minutes_number(class.coverage.median),
        };
        classes.into_iter().map(told).collect()
    }

    /// Whether the fragile of some places travel further.
    pub(crate) fn equity(&self, inquiry: &Inquiry, kept: &[PlaceIdx]) -> Option<Equity> {
        let found = gaps::Equity::of(&self.residents(inquiry, kept))?;
        Some(Equity {
            concentration: round(found.concentration, 3),
            reading: found.reading().slug(),
            reading_label: wording::reading(found.reading()),
            threshold: gaps::Equity::SENSIBLE,
            ranked: found.ranked.0,
            unreachable: found.unreachable.0,
            without_index: found.without_index.0,
            access_min_fragile: minutes_number(found.median_fragile),
            access_min_others: minutes_number(found.median_others),
        })
    }

    fn residents(&self, inquiry: &Inquiry, kept: &[PlaceIdx]) -> Vec<Residents> {
        let surface = self.surface(&inquiry.promise.question, Fit::Fits);
        let of_place = |&idx: &PlaceIdx| {
            let place = self.grid().place(idx);
            Residents {
                people: place.population,
                fragility: self.fragility(place.commune),
                reach: surface.reach(idx),
            }
        };
        kept.iter().map(of_place).collect()
    }

    /// The kinds of people beyond among those of some places.
    pub(crate) fn profiles(&self, inquiry: &Inquiry, kept: &[PlaceIdx]) -> Vec<Profile> {
        let surface = self.surface(&inquiry.promise.question, Fit::Fits);
        let mut communes: BTreeMap<CommuneIdx, Settled> = BTreeMap::new();
        for &idx in kept {
            let place = self.grid().place(idx);
            let settled = communes.entry(place.commune).or_insert_with(|| Settled {
                rates: self.rates_of(place.commune),
                classes: self.tables().social[place.commune.0 as usize],
                ..Settled::default()
            });
            settled.people += place.population;
            if inquiry.promise.is_broken_for(surface.reach(idx)) {
                settled.beyond += place.population;
            }
        }
        let communes: Vec<Settled> = communes.into_values().collect();
        let told = |kind: Kind| {
            let found = gaps::Profile::of(kind, &communes)?;
            let share = f64::from(found.beyond.0) / f64::from(found.people.0.max(1));
            Some(Profile {
                kind: kind.slug(),
                label: wording::profile(kind, found.basis),
                basis: found.basis.slug(),
                beyond: found.beyond.0,
                population: found.people.0,
                beyond_share: (found.people.0 > 0).then(|| round(share, 4)),
                unknown: found.unknown.0,
                rate_beyond: found.rate_beyond.map(|rate| round(rate, 4)),
                rate: found.rate.map(|rate| round(rate, 4)),
                rate_of: found.rate.and(match kind {
                    Kind::Seniors => Some(wording::rate::OF_INHABITANTS),
                    Kind::LowDiploma => Some(wording::rate::OF_OUT_OF_SCHOOL),
                    Kind::LowIncome => None,
                }),
            })
        };
        Kind::ALL.into_iter().filter_map(told).collect()
    }

    /// What the index of some communes is made of, weighted by their people.
    pub(crate) fn fragility_components(&self, scope: &Scope) -> Vec<Component> {
        let mean = |value: &dyn Fn(CommuneIdx) -> Option<f64>| {
            let known =
                scope.communes().iter().filter_map(|&c| Some((f64::from(scope.people(c).0), value(c)?)));
            let (sum, all) = known.fold((0.0, 0.0), |(sum, all), (n, value)| (sum + n * value, all + n));
            (all > 0.0).then(|| sum / all)
        };
        let class_of = |class: Class, c: CommuneIdx| class(&self.tables().social[c.0 as usize]);
        let high = |class: Class| {
            let communes = scope.communes().iter().filter(|&&c| {
                class_of(class, c).is_some_and(|class| class.get() >= gaps::profile::HIGH_CLASS)
            });
            communes.map(|&c| scope.people(c)).sum::<Inhabitants>().0
        };
        let told = |(kind, label, class, rate): Measured| {
            let share = rate.and_then(|(rate, of)| Some((mean(&|c| rate(&self.rates_of(c)))? / 100.0, of)));
            Component {
                kind,
                label,
                class: mean(&|c| class_of(class, c).map(|class| f64::from(class.get())))
                    .map(|class| round(class, 1)),
                fragile_population: high(class),
                rate: share.map(|(share, _)| round(share, 4)),
                rate_of: share.map(|(_, of)| of),
            }
        };
        COMPONENTS.into_iter().map(told).collect()
    }

    /// The rates of a commune; none known in an atlas built from classes.
    fn rates_of(&self, commune: CommuneIdx) -> SocialRates {
        let rates = self.tables().rates.as_ref().and_then(|rates| rates.get(commune.0 as usize));
        rates.copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
