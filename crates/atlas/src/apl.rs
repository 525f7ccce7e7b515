//! «Accessibilité potentielle localisée»: the help there is, shared among those who can reach it.

use std::convert::Infallible;
use std::sync::Arc;

use access::{Fit, PotentialAccess, Travel};
use schemars::JsonSchema;
use serde::Serialize;
use territory::{Inhabitants, PlaceIdx, VenueIdx};

use crate::atlas::Atlas;
use crate::field::round;
use crate::inquiry::Inquiry;
use crate::scope::Scope;

/// What supply is measured in.
const SUPPLY: &str = "weekly-hours";

/// The potential access of the people of a perimeter, weekly hours of help for 1 000 people.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct AplAnswer {
    /// The mean, weighted by people; `answer.apl`.
    pub mean: f64,
    /// One person in ten has no more.
    pub p10: f64,
    /// Half of the people have no more.
    pub median: f64,
    /// Nine people in ten have no more.
    pub p90: f64,
    /// The name of the decay: a preset's, or `custom`.
    pub decay: String,
    /// What supply is measured in: `weekly-hours`.
    pub supply: String,
    /// Venues of the perimeter that fit, whose record says neither staff nor hours: their supply is lent.
    pub imputed: u32,
    /// Venues of the perimeter that fit.
    pub venues: u32,
}

/// A mean weighted by people.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mean {
    people: u64,
    sum: f64,
}

impl Mean {
    pub(crate) fn add(&mut self, Inhabitants(people): Inhabitants, value: f64) {
        self.people += u64::from(people);
        self.sum += f64::from(people) * value;
    }

    /// None when there is nobody.
    pub(crate) fn get(self) -> Option<f64> {
        (self.people > 0).then(|| self.sum / self.people as f64)
    }
}

impl Atlas {
    /// The potential access of every place, demand being everyone the floor of the inquiry keeps, inside the
    /// perimeter or not; none when no venue says how much help it gives.
    pub(crate) fn potential(&self, inquiry: &Inquiry) -> Option<Arc<PotentialAccess>> {
        let supplies = self.supplies()?;
        let question = &inquiry.promise.question;
        let make = || -> Result<_, Infallible> {
            let (ground, venues) = (self.ground(), self.venues());
            let travel = match self.roads(question.mode) {
                Some((roads, network)) => Travel::routed(ground, venues, question.mode, roads.over(network)),
                None => Travel::estimated(ground, venues, question.mode),
            };
            let fits = |venue: &VenueIdx| question.filter.fit(self.venue(*venue)) == Fit::Fits;
            let asked: Vec<VenueIdx> = (0..venues.len() as u32).map(VenueIdx).filter(fits).collect();
            let kept: Vec<bool> =
                self.gazetteer().commune_ids().map(|commune| self.kept(inquiry, commune)).collect();
            let demand = |place: PlaceIdx| {
                let place = self.grid().place(place);
                if kept[place.commune.0 as usize] { place.population } else { Inhabitants(0) }
            };
            let decay = &self.tables().decay;
            Ok(Arc::new(PotentialAccess::share(&travel, &asked, supplies, decay, demand)))
        };
        let key = (question.clone(), inquiry.fragility_min);
        match self.derived.apls.get_or_insert_with(&key, make) {
            Ok(access) => Some(access),
            Err(never) => match never {},
        }
    }

    /// The venues of the perimeter that fit, and those of them whose supply is lent; none when no venue says
    /// how much help it gives.
    pub(crate) fn count_supplies(&self, inquiry: &Inquiry, scope: &Scope) -> Option<(u32, u32)> {
        let supplies = self.supplies()?;
        let (mut venues, mut imputed) = (0, 0);
        for venue in (0..self.venues().len() as u32).map(VenueIdx) {
            if scope.holds_venue(venue) && inquiry.promise.question.filter.fit(self.venue(venue)) == Fit::Fits
            {
                venues += 1;
                imputed += u32::from(supplies.of_venue(venue).imputed);
            }
        }
        Some((venues, imputed))
    }

    /// The answer for the people of a perimeter; none when no venue says how much help it gives, or nobody
    /// is counted.
    pub(crate) fn apl_answer(
        &self,
        inquiry: &Inquiry,
        scope: &Scope,
        kept: &[PlaceIdx],
    ) -> Option<AplAnswer> {
        let access = self.potential(inquiry)?;
        let (venues, imputed) = self.count_supplies(inquiry, scope)?;
        let people = |place: &PlaceIdx| (access.at(*place), self.grid().place(*place).population);
        let mut people: Vec<(f64, Inhabitants)> =
            kept.iter().map(people).filter(|(_, people)| people.0 > 0).collect();
        let mut mean = Mean::default();
        for &(value, people) in &people {
            mean.add(people, value);
        }
        people.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let quantile = |share: f64| -> Option<f64> {
            let wanted = share * mean.people as f64;
            let mut so_far = 0;
            let reached = people.iter().find(|(_, people)| {
                so_far += u64::from(people.0);
                so_far as f64 >= wanted
            });
            reached.map(|(value, _)| round(*value, 3))
        };
        Some(AplAnswer {
            mean: round(mean.get()?, 3),
            p10: quantile(0.1)?,
            median: quantile(0.5)?,
            p90: quantile(0.9)?,
            decay: self.tables().decay.name().to_owned(),
            supply: SUPPLY.to_owned(),
            imputed,
            venues,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Value;
    use crate::layer::Layer;
    use crate::tables::tests::plain_tables;
    use plain::Plain;
    use territory::{Decay, OpeningHours};

    /// A plain of 3 × 1 communes of 100, 101 and 102 people, 7.9 km apart: a venue open 30 h in the first,
    /// and one that says nothing in the last.
    fn atlas(decay: Decay) -> Atlas {
        let plain = Plain::new(3, 1);
        let mut tables = plain_tables(3, 1);
        let mut open = plain.venue(0, 0);
        open.hours = Some(OpeningHours::new([(0, 30 * 60)]));
        tables.venues = vec![open, plain.venue(2, 0)];
        tables.venue_communes =
            [0, 2].map(|i| tables.gazetteer.find_commune(plain.code(i, 0))).into_iter().collect();
        // Everyone at the town hall, where the venues are.
        tables.grid = plain.grid();
        tables.decay = decay;
        Atlas::new(tables, String::new())
    }

    fn column(atlas: &Atlas, layer: Layer, query: &str) -> Vec<Value<'static>> {
        let inquiry = Inquiry::parse(query).expect(query);
        let table = atlas.table(layer, &inquiry).expect("a table");
        let at = layer.fields().iter().position(|field| field.name == "apl").expect("a field");
        (0..table.len())
            .map(|n| match table.values(atlas, n).swap_remove(at) {
                Value::Float(number) => Value::Float(number),
                _ => Value::Null,
            })
            .collect()
    }

    #[test]
    fn three_communes_in_a_row_by_hand() {
        // 7.9 km take 15 to 16 minutes, 15.7 km more than 25: with steps of 5 and 20 minutes the middle is in
        // reach of both at a half. The silent venue is lent the 30 h of the other.
        let atlas = atlas(Decay::new([(5, 1.0), (20, 0.5)]).expect("steps"));
        let (west, east) = (30.0 / (100.0 + 0.5 * 101.0), 30.0 / (102.0 + 0.5 * 101.0));
        let by_hand = [west, 0.5 * west + 0.5 * east, east].map(|hours| round(1000.0 * hours, 3));
        assert_eq!(column(&atlas, Layer::Communes, ""), by_hand.map(Value::Float));
        assert_eq!(column(&atlas, Layer::Cells, "").len(), 3);
        let diagnosis = atlas.diagnosis(&Inquiry::default()).expect("an answer");
        let apl = diagnosis.apl.expect("supply is known");
        // Every hour is somebody's: 60 h over 303 people.
        assert_eq!((apl.mean, diagnosis.answer.apl), (round(60_000.0 / 303.0, 3), Some(apl.mean)));
        assert_eq!(column(&atlas, Layer::Regions, ""), [Value::Float(apl.mean)]);
        assert_eq!((apl.p10, apl.median, apl.p90), (by_hand[2], by_hand[1], by_hand[0]));
        assert_eq!((apl.venues, apl.imputed, apl.decay.as_str()), (2, 1, "custom"));
        assert!(
            diagnosis
                .warnings
                .iter()
                .any(|w| w.code == "imputed-supply" && w.message.starts_with("1\u{a0}lieu "))
        );
    }

    #[test]
    fn borders_do_not_stop_people_but_the_answer_is_the_perimeter_s() {
        let atlas = atlas(Decay::new([(5, 1.0), (20, 0.5)]).expect("steps"));
        let plain = Plain::new(3, 1);
        let query = format!("territory=commune:{}", plain.code(1, 0));
        let inquiry = Inquiry::parse(&query).expect("an inquiry");
        let apl = atlas.diagnosis(&inquiry).expect("an answer").apl.expect("supply is known");
        assert_eq!((apl.venues, apl.imputed), (0, 0));
        assert_eq!(column(&atlas, Layer::Communes, &query), [Value::Float(apl.mean)]);
        assert_eq!(column(&atlas, Layer::Communes, "")[1], Value::Float(apl.mean));
    }

    #[test]
    fn a_question_no_venue_fits_leaves_everyone_with_nothing_and_unknown_supply_with_no_answer() {
        let atlas = atlas(Decay::default());
        let none = column(&atlas, Layer::Communes, "fee=free");
        assert_eq!(none, [0.0, 0.0, 0.0].map(Value::Float), "no venue fits: nothing, which is known");
        assert_eq!(
            column(&atlas, Layer::Communes, "fragility_min=5"),
            [Value::Null, Value::Null, Value::Null]
        );
        let silent = Atlas::new(plain_tables(3, 1), String::new());
        assert_eq!(silent.diagnosis(&Inquiry::default()).expect("an answer").apl, None);
        assert_eq!(column(&silent, Layer::Communes, ""), [Value::Null, Value::Null, Value::Null]);
    }
}
