//! The published index of fragility, beside ours.

use std::collections::BTreeMap;

use gaps::fragility::{RankCorrelation, rank_correlation};
use serde::{Deserialize, Serialize};
use territory::{
    CommuneCode, CommuneIdx, Gazetteer, IrisCode, PublishedIndex, Score, Siren, Source, Territory,
};

use crate::atlas::Atlas;
use crate::inquiry::Inquiry;
use crate::scope::Scope;

/// The published index by code.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Published {
    /// By commune.
    pub communes: BTreeMap<CommuneCode, PublishedIndex>,
    /// By EPCI.
    pub epcis: BTreeMap<Siren, PublishedIndex>,
    /// By IRIS.
    pub iris: BTreeMap<IrisCode, PublishedIndex>,
    /// Where it comes from.
    pub source: Option<Source>,
}

/// The published index as an atlas keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// Of each commune, parallel to the gazetteer's.
    pub communes: Vec<PublishedIndex>,
    /// Of each EPCI, parallel to the gazetteer's.
    pub epcis: Vec<PublishedIndex>,
    /// By IRIS, of which the atlas has no shapes: kept, not drawn.
    pub iris: BTreeMap<IrisCode, PublishedIndex>,
    /// Where it comes from.
    pub source: Option<Source>,
}

impl PublishedTable {
    /// What is published of the communes and EPCI of a gazetteer.
    pub(crate) fn settle(published: Published, gazetteer: &Gazetteer) -> Self {
        let Published { communes, epcis, iris, source } = published;
        let of_commune = |code| communes.get(code).copied().unwrap_or_default();
        let of_epci = |code| epcis.get(code).copied().unwrap_or_default();
        Self {
            communes: gazetteer.communes().iter().map(|c| of_commune(&c.code)).collect(),
            epcis: gazetteer.epcis().iter().map(|e| of_epci(&e.code)).collect(),
            iris,
            source,
        }
    }
}

/// How a published value of a perimeter came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Basis {
    /// It is published of this very territory.
    Published,
    /// It is our mean of what is published of its communes, weighted by people.
    Mean,
}

impl Basis {
    pub(crate) fn slug(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Mean => "mean-of-communes",
        }
    }
}

impl Atlas {
    /// The published index of a commune.
    pub(crate) fn published_of_commune(&self, commune: CommuneIdx) -> Option<Score> {
        self.tables().published.as_ref()?.communes.get(commune.0 as usize)?.total
    }

    /// The published index of the n-th EPCI.
    pub(crate) fn published_of_epci(&self, row: usize) -> Option<Score> {
        self.tables().published.as_ref()?.epcis.get(row)?.total
    }

    /// The published index of a perimeter: of one commune or EPCI its own, else the mean of its communes
    /// weighted by their people.
    pub(crate) fn published_of(&self, inquiry: &Inquiry, scope: &Scope) -> Option<(Score, Basis)> {
        let mut territories = inquiry.perimeter.territories();
        let own = match (territories.next(), territories.next()) {
            (Some(Territory::Commune(code)), None) => {
                self.gazetteer().find_commune(*code).and_then(|commune| self.published_of_commune(commune))
            }
            (Some(Territory::Epci(code)), None) => {
                let row = self.gazetteer().epcis().binary_search_by_key(code, |e| e.code).ok();
                row.and_then(|row| self.published_of_epci(row))
            }
            _ => None,
        };
        let mean = || {
            let communes = scope.communes().iter();
            Score::mean(communes.map(|&c| (self.published_of_commune(c), scope.people(c))))
        };
        own.map(|score| (score, Basis::Published)).or_else(|| Some((mean()?, Basis::Mean)))
    }

    /// How alike ours and the published index rank some communes, over those where both are known; none
    /// for fewer than ten.
    pub(crate) fn correlation(&self, communes: &[CommuneIdx]) -> Option<RankCorrelation> {
        let both = |&c: &CommuneIdx| Some((self.fragility(c)?.get(), self.published_of_commune(c)?.get()));
        rank_correlation(&communes.iter().filter_map(both).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Materials, build};
    use crate::field::Value;
    use crate::layer::Layer;
    use plain::Plain;
    use territory::{SocialRates, Spread};

    /// Communes in a row of four by three; published totals and rates that rise together.
    fn atlas(communes: bool, epcis: bool) -> Atlas {
        let plain = Plain::new(4, 3);
        let gazetteer = plain.gazetteer();
        let total = |i: usize| PublishedIndex {
            total: Score::new(1.0 + i as f64 / 2.0).ok(),
            ..PublishedIndex::default()
        };
        let codes: Vec<_> = gazetteer.communes().iter().map(|c| c.code).collect();
        let published = Published {
            communes: codes.iter().enumerate().filter(|_| communes).map(|(i, &c)| (c, total(i))).collect(),
            epcis: gazetteer.epcis().iter().filter(|_| epcis).map(|e| (e.code, total(18))).collect(),
            ..Published::default()
        };
        let rate = |i: usize| SocialRates {
            seniors_percent: Some(i as f64),
            low_diploma_percent: Some(i as f64),
            no_fast_broadband_percent: Some(i as f64),
            median_income_euros: None,
        };
        let tables = build(
            Materials {
                name: "Plaine".to_owned(),
                inputs: "0".to_owned(),
                sources: Vec::new(),
                headcount: None,
                venues: Vec::new(),
                social: BTreeMap::new(),
                rates: codes.iter().enumerate().map(|(i, &c)| (c, rate(i))).collect(),
                published: (communes || epcis).then_some(published),
                priority_areas: Vec::new(),
                venues_stop_at_edge: false,
                gazetteer,
            },
            |_| {},
        );
        assert_eq!(tables.spread, Spread::Modelled);
        Atlas::new(tables, "test".to_owned())
    }

    fn value<'a>(atlas: &'a Atlas, layer: Layer, n: usize, name: &str) -> Option<Value<'a>> {
        let table = atlas.table(layer, &Inquiry::default()).expect("a table");
        let at = layer.fields().iter().position(|field| field.name == name)?;
        table.values(atlas, n).into_iter().nth(at)
    }

    #[test]
    fn rates_are_ranked_and_both_indexes_stand_side_by_side() {
        let atlas = atlas(true, true);
        assert_eq!(value(&atlas, Layer::Communes, 2, "fragility_published"), Some(Value::Float(2.0)));
        let ours = |n| match value(&atlas, Layer::Communes, n, "fragility") {
            Some(Value::Float(value)) => value,
            other => panic!("{other:?}"),
        };
        assert!(ours(0) < ours(11) && ours(11) == 10.0, "{} {}", ours(0), ours(11));
        let diagnosis = atlas.diagnosis(&Inquiry::default()).expect("a diagnosis");
        let correlation = diagnosis.answer.fragility_correlation.expect("twelve communes");
        assert_eq!(correlation.n, 12);
        assert!(correlation.rho > 0.98, "the same order but for shared classes: {}", correlation.rho);
        assert_eq!(diagnosis.answer.fragility_published_basis, Some("mean-of-communes"));
    }

    #[test]
    fn what_is_not_published_is_null_and_no_mean_stands_for_an_epci_on_the_map() {
        let none = atlas(false, false);
        assert_eq!(value(&none, Layer::Communes, 2, "fragility_published"), Some(Value::Null));
        let diagnosis = none.diagnosis(&Inquiry::default()).expect("a diagnosis");
        assert_eq!(
            (diagnosis.answer.fragility_published, diagnosis.answer.fragility_correlation),
            (None, None)
        );
        assert_eq!(value(&none, Layer::Departements, 0, "fragility_published"), None, "no such field");
    }

    #[test]
    fn a_commune_has_its_own_value_and_too_few_have_no_correlation() {
        let atlas = atlas(true, false);
        let code = atlas.gazetteer().communes()[2].code;
        let inquiry = Inquiry::parse(&format!("territory=commune:{code}")).expect("an inquiry");
        let answer = atlas.diagnosis(&inquiry).expect("a diagnosis").answer;
        assert_eq!(answer.fragility_published, Some(2.0));
        assert_eq!(answer.fragility_published_basis, Some("published"));
        assert_eq!(answer.fragility_correlation, None);
    }
}
