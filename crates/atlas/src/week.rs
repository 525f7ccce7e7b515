//! Who has an open venue within the promise, by hour of the week.

use std::convert::Infallible;
use std::sync::Arc;

use access::{Criterion, Fit, OpenWeek, Question, WeekTable};
use schemars::JsonSchema;
use serde::Serialize;
use territory::{Inhabitants, PlaceIdx, VenueIdx};

use crate::atlas::Atlas;
use crate::inquiry::Inquiry;
use crate::scope::Scope;

/// The people of a perimeter by the hours of the week at which a venue within the promise is open.
///
/// `within[d][h]` = `population` − `beyond` of the same inquiry with `open=<day>-<h>:00`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Week {
    /// People with an open venue within the promise: \[day, Monday first\]\[hour 0–23, at the hour\].
    pub within: [[u32; 24]; 7],
    /// People counted.
    pub population: u32,
    /// Venues of the perimeter that fit otherwise, whose hours are unknown.
    pub hours_unknown: u32,
}

impl Atlas {
    /// The week of an inquiry, whatever it asks of hours; none when no venue of the atlas says its hours.
    pub(crate) fn week(&self, inquiry: &Inquiry, scope: &Scope, kept: &[PlaceIdx]) -> Option<Week> {
        if self.venues().iter().all(|venue| venue.hours.is_none()) {
            return None;
        }
        let table = self.week_table(inquiry);
        let mut within = [[0; 24]; 7];
        let mut population = Inhabitants(0);
        // Neighbours have the same venues in reach: their people are counted together.
        let mut add = |week: OpenWeek, people: u32| {
            for (day, hours) in within.iter_mut().enumerate() {
                for (hour, sum) in hours.iter_mut().enumerate() {
                    *sum += if week.is_open(day, hour) { people } else { 0 };
                }
            }
        };
        for run in kept.chunk_by(|a, b| table.at(*a) == table.at(*b)) {
            let people: Inhabitants = run.iter().map(|&place| self.grid().place(place).population).sum();
            population += people;
            if people.0 > 0 && table.at(run[0]) != OpenWeek::NEVER {
                add(table.at(run[0]), people.0);
            }
        }
        let filter = inquiry.promise.question.filter.clone().without(Criterion::Open);
        let venues = (0..).map(VenueIdx).zip(self.venues());
        let ours = venues.filter(|(idx, _)| scope.holds_venue(*idx));
        let unknown = ours.filter(|(_, venue)| venue.hours.is_none() && filter.fit(venue) == Fit::Fits);
        Some(Week { within, population: population.0, hours_unknown: unknown.count() as u32 })
    }

    fn week_table(&self, inquiry: &Inquiry) -> Arc<WeekTable> {
        let asked = &inquiry.promise.question;
        let question = Question { mode: asked.mode, filter: asked.filter.clone().without(Criterion::Open) };
        let minutes = inquiry.promise.minutes;
        let key = (question, minutes);
        let make = || -> Result<_, Infallible> {
            let (ground, venues, question) = (self.ground(), self.venues(), &key.0);
            Ok(Arc::new(match self.roads(question.mode) {
                Some((roads, network)) => {
                    WeekTable::route(ground, venues, question, minutes.time(), roads.over(network))
                }
                None => WeekTable::estimate(ground, venues, question, minutes.time()),
            }))
        };
        match self.derived.weeks.get_or_insert_with(&key, make) {
            Ok(table) => table,
            Err(never) => match never {},
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tests::plain_tables;
    use plain::Plain;
    use proptest::prelude::*;
    use territory::{Day, OpeningHours, Venue};

    fn atlas(at: &[(u8, u8, u16, u16, bool)]) -> Atlas {
        let plain = Plain::new(8, 8);
        let venue = |(i, &(x, y, opens, minutes, known)): (usize, &(u8, u8, u16, u16, bool))| Venue {
            id: format!("{i:02}"),
            hours: known.then(|| OpeningHours::new([(opens, opens + minutes)])),
            ..plain.venue(x, y)
        };
        let mut tables = plain_tables(8, 8);
        tables.venues = at.iter().enumerate().map(venue).collect();
        tables.venue_communes =
            at.iter().map(|&(x, y, ..)| tables.gazetteer.find_commune(plain.code(x, y))).collect();
        Atlas::new(tables, String::new())
    }

    fn ask(query: &str) -> Inquiry {
        Inquiry::parse(query).expect(query)
    }

    #[test]
    fn without_any_hours_there_is_no_week_and_one_venue_that_says_them_makes_one() {
        let silent = atlas(&[(0, 0, 0, 0, false), (1, 1, 0, 0, false)]);
        assert_eq!(silent.diagnosis(&Inquiry::default()).expect("an answer").week, None);
        let one = atlas(&[(0, 0, 570, 90, true), (1, 1, 0, 0, false)]);
        let week = one.diagnosis(&Inquiry::default()).expect("an answer").week.expect("a week");
        assert_eq!(week.hours_unknown, 1);
        let open: u32 = week.within.iter().flatten().filter(|people| **people > 0).count() as u32;
        assert_eq!((open, week.within[0][10] > 0), (1, true), "open from 9:30 to 11:00: at 10:00 only");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_people_within_an_hour_are_those_not_beyond_when_it_is_asked(
            at in prop::collection::vec((0u8..8, 0u8..8, 0u16..10_000, 1u16..900, any::<bool>()), 1..8),
            hours in prop::collection::vec(0usize..168, 1..5), which in 0usize..4,
        ) {
            let atlas = atlas(&at);
            let query = ["", "minutes=45&open=saturday", "territory=epci:200000172&minutes=12", "mode=bike&minutes=60"][which];
            let Some(week) = atlas.diagnosis(&ask(query)).expect("an answer").week else {
                prop_assert!(at.iter().all(|venue| !venue.4));
                return Ok(());
            };
            let opening = at.iter().map(|venue| (usize::from(venue.2) / 60 + 1).min(167)).take(2);
            for n in hours.into_iter().chain(opening) {
                let moment = format!("open={}-{:02}:00", Day::ALL[n / 24].slug(), n % 24);
                let query = query.replace("open=saturday", "");
                let asked = atlas.diagnosis(&ask(&format!("{query}&{moment}"))).expect("an answer");
                prop_assert_eq!(week.within[n / 24][n % 24], week.population - asked.answer.beyond, "{}", moment);
                let floor = asked.territory.population;
                prop_assert_eq!(week.population, floor);
            }
        }
    }
}
