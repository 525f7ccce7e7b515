//! «Accessibilité potentielle localisée» (APL): the help there is, shared among those who can reach it.
//!
//! Enhanced two-step floating catchment area (Luo & Qi, 2009), as the DREES and the IRDES apply it to
//! physicians (Barlet et al., 2012), with hours of help for hours of care:
//!
//! 1. `R_j = S_j ÷ Σ_i w(t_ij) P_i`: the hours of a venue over the people who can come, each counting less
//!    the longer the way;
//! 2. `A_i = Σ_j w(t_ij) R_j`: what a place can reach of them all, weighed the same way.
//!
//! `w` is a [`Decay`]. Nobody's hours are lost: `Σ A_i·P_i = Σ S_j` over the venues someone can reach.
//! One time, in whole deciseconds, serves both steps.

use std::collections::BTreeMap;

use territory::vocabulary::{Terms, Typology};
use territory::{Decay, Inhabitants, PlaceIdx, Venue, VenueIdx};

use crate::catchment::{Pair, Travel};

/// People to whom hours are related.
pub const PEOPLE: f64 = 1000.0;

/// The hours of help a venue gives in a week.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supply {
    /// How many.
    pub hours: f64,
    /// Whether its record says neither staff nor hours, and it is lent those of others.
    pub imputed: bool,
}

/// The supply of every venue.
#[derive(Debug, Clone, PartialEq)]
pub struct Supplies(Vec<Supply>);

impl Supplies {
    /// Of each venue, its staff at 35 hours a week, else its weekly opening hours, else the median of the
    /// venues of its typology that say one or the other, else the median of all that do. None when no
    /// venue says anything.
    ///
    /// A venue of several typologies is lent the median of the venues that have any of them.
    pub fn of(venues: &[Venue]) -> Option<Self> {
        let said: Vec<Option<f64>> = venues.iter().map(said).collect();
        let overall = median(said.iter().copied().flatten().collect())?;
        let mut medians: BTreeMap<Terms<Typology>, f64> = BTreeMap::new();
        let mut lent = |typologies: Terms<Typology>| {
            *medians.entry(typologies).or_insert_with(|| {
                let alike = venues.iter().zip(&said).filter(|(v, _)| v.typologies.intersects(typologies));
                median(alike.filter_map(|(_, hours)| *hours).collect()).unwrap_or(overall)
            })
        };
        let supply = |(venue, said): (&Venue, &Option<f64>)| match said {
            Some(hours) => Supply { hours: *hours, imputed: false },
            None => Supply { hours: lent(venue.typologies), imputed: true },
        };
        Some(Self(venues.iter().zip(&said).map(supply).collect()))
    }

    /// That of one venue.
    pub fn of_venue(&self, venue: VenueIdx) -> Supply {
        self.0[venue.0 as usize]
    }
}

/// The weekly hours a record gives, either way.
fn said(venue: &Venue) -> Option<f64> {
    let staff = venue.fte.map(territory::FullTimeEquivalents::weekly_hours);
    staff.or_else(|| venue.hours.as_ref().map(territory::OpeningHours::weekly_hours))
}

/// The middle number, or the mean of the two in the middle.
fn median(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    let (low, high) = (numbers.get(numbers.len().checked_sub(1)? / 2)?, numbers.get(numbers.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

/// The potential access of every place of a grid, as a column parallel to it: weekly hours of help for
/// 1 000 people.
#[derive(Debug, Clone, PartialEq)]
pub struct PotentialAccess {
    hours: Vec<f64>,
}

impl PotentialAccess {
    /// Shares the supply of some venues among the people of the places. `demand` is how many of a place
    /// count; a place where nobody does still has what it would be given.
    pub fn share(
        travel: &Travel<'_>,
        asked: &[VenueIdx],
        supplies: &Supplies,
        decay: &Decay,
        demand: impl Fn(PlaceIdx) -> Inhabitants,
    ) -> Self {
        let ground = travel.ground();
        let people =
            |cell: usize| ground.places(cell).map(|place| u64::from(demand(PlaceIdx(place)).0)).sum();
        let mut share = TwoSteps::new(decay, (0..ground.cells().len()).map(people).collect());
        travel.in_batches(asked, decay.longest(), |batch, catchments| {
            for (&venue, catchment) in batch.iter().zip(catchments.iter()) {
                share.give(supplies.of_venue(venue).hours, catchment);
            }
        });
        let by_cell: Vec<f64> = share.access.into_iter().map(|hours| hours * PEOPLE).collect();
        Self { hours: ground.by_place(&by_cell) }
    }

    /// That of a place.
    pub fn at(&self, place: PlaceIdx) -> f64 {
        self.hours[place.0 as usize]
    }

    /// How many places it covers: as many as its grid.
    pub fn len(&self) -> usize {
        self.hours.len()
    }

    /// Whether it covers none.
    pub fn is_empty(&self) -> bool {
        self.hours.is_empty()
    }
}

/// Both steps, venue by venue: what one gives does not depend on the others.
struct TwoSteps<'a> {
    decay: &'a Decay,
    /// People by cell.
    demand: Vec<u64>,
    /// Weekly hours a person, by cell.
    access: Vec<f64>,
}

impl<'a> TwoSteps<'a> {
    fn new(decay: &'a Decay, demand: Vec<u64>) -> Self {
        Self { decay, access: vec![0.0; demand.len()], demand }
    }

    /// Shares the hours of a venue among its catchment; nothing where nobody is in reach.
    fn give(&mut self, hours: f64, catchment: &[Pair]) {
        let weighed = catchment.iter().map(|pair| (pair.cell as usize, self.decay.weight(pair.time)));
        let demand: f64 = weighed.clone().map(|(cell, weight)| weight * self.demand[cell] as f64).sum();
        if demand > 0.0 {
            for (cell, weight) in weighed {
                self.access[cell] += weight * hours / demand;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::Ground;
    use plain::Plain;
    use proptest::prelude::*;
    use territory::vocabulary::Term;
    use territory::{FullTimeEquivalents, Mode, OpeningHours, TravelTime};

    /// A catchment from (cell, minutes).
    fn pairs(list: &[(u32, f64)]) -> Vec<Pair> {
        let time = |minutes: f64| TravelTime::from_seconds(minutes * 60.0).expect("a time");
        list.iter().map(|&(cell, minutes)| Pair { cell, time: time(minutes) }).collect()
    }

    fn close(a: f64, b: f64) -> bool {
        (a - b).abs() <= 1e-12 * b.abs().max(1.0)
    }

    #[test]
    fn two_venues_and_three_places_by_hand() {
        // People 100, 200, 50. Venue A, 35 h: 3 min from the first, 8 from the second, 12 from the third.
        // Venue B, 20 h: 5 min from the second (still near), 15 min from the third (still reached).
        let decay = Decay::default();
        let mut share = TwoSteps::new(&decay, vec![100, 200, 50]);
        share.give(35.0, &pairs(&[(0, 3.0), (1, 8.0), (2, 12.0)]));
        share.give(20.0, &pairs(&[(1, 5.0), (2, 15.0)]));
        // A: 35 / (1·100 + 3/10·200 + 1/10·50) = 35/165 = 7/33. B: 20 / (1·200 + 1/10·50) = 20/205 = 4/41.
        let (a, b) = (7.0 / 33.0, 4.0 / 41.0);
        let expected = [a, 3.0 / 10.0 * a + b, a / 10.0 + b / 10.0];
        for (found, expected) in share.access.iter().zip(expected) {
            assert!(close(*found, expected), "{found} {expected}");
        }
        let given: f64 = share.access.iter().zip([100.0, 200.0, 50.0]).map(|(a, p)| a * p).sum();
        assert!(close(given, 55.0), "every hour is somebody's: {given}");
    }

    #[test]
    fn the_steps_of_2015_by_hand_and_a_decisecond_past_the_last_is_nothing() {
        let decay = Decay::preset("apl-2015").expect("a preset");
        let mut share = TwoSteps::new(&decay, vec![30, 60, 10, 1000]);
        share.give(14.0, &pairs(&[(0, 10.0), (1, 15.0), (2, 20.0), (3, 20.0 + 1.0 / 600.0)]));
        // 14 / (30 + 2/3·60 + 1/3·10) = 14 / (220/3) = 21/110.
        let ratio = 21.0 / 110.0;
        let expected = [ratio, 2.0 / 3.0 * ratio, ratio / 3.0, 0.0];
        for (found, expected) in share.access.iter().zip(expected) {
            assert!(close(*found, expected), "{found} {expected}");
        }
    }

    #[test]
    fn a_venue_that_nobody_can_reach_gives_nothing_and_divides_by_nothing() {
        let decay = Decay::default();
        let mut share = TwoSteps::new(&decay, vec![0, 10]);
        share.give(35.0, &[]);
        share.give(35.0, &pairs(&[(0, 2.0)]));
        assert_eq!(share.access, [0.0, 0.0]);
    }

    fn venue(id: &str, typology: Option<Typology>, hours: Option<u16>, fte: Option<f64>) -> Venue {
        Venue {
            typologies: typology.into_iter().collect(),
            hours: hours.map(|hours| OpeningHours::new([(0, hours * 60)])),
            fte: fte.map(|fte| FullTimeEquivalents::new(fte).expect("in range")),
            ..Venue::new(id, id, Plain::new(1, 1).centre(0, 0))
        }
    }

    #[test]
    fn staff_counts_before_hours_and_a_silent_venue_is_lent_the_median_of_its_typology() {
        let [mairie, bib, other] = [0, 1, 2].map(Typology::from_index);
        let venues = [
            venue("a", mairie, Some(10), Some(0.5)),
            venue("b", mairie, Some(20), None),
            venue("c", mairie, Some(40), None),
            venue("d", bib, Some(4), None),
            venue("e", bib, Some(6), None),
            venue("f", mairie, None, None),
            venue("g", bib, None, None),
            venue("h", other, None, None),
            venue("i", None, None, None),
        ];
        let supplies = Supplies::of(&venues).expect("some say");
        let found: Vec<(f64, bool)> = (0..venues.len() as u32)
            .map(|i| supplies.of_venue(VenueIdx(i)))
            .map(|supply| (supply.hours, supply.imputed))
            .collect();
        // Half of 35; 20; 40; 4; 6; the median of 17.5, 20, 40; of 4, 6; of all five: 17.5.
        let expected = [
            (17.5, false),
            (20.0, false),
            (40.0, false),
            (4.0, false),
            (6.0, false),
            (20.0, true),
            (5.0, true),
            (17.5, true),
            (17.5, true),
        ];
        assert_eq!(found, expected);
        assert_eq!(Supplies::of(&venues[5..]), None, "nobody says anything");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn every_hour_is_shared_out_and_one_more_venue_takes_from_nobody(
            at in prop::collection::vec((0u8..12, 0u8..12, 1u16..60), 1..12), mode in 0usize..3,
            counted in prop::collection::vec(any::<bool>(), 144), preset in 0usize..2,
        ) {
            let plain = Plain::new(12, 12);
            let grid = plain.grid();
            let ground = Ground::of(&grid);
            let venues: Vec<Venue> = at
                .iter()
                .map(|&(i, j, hours)| Venue {
                    hours: Some(OpeningHours::new([(0, hours * 60)])),
                    ..plain.venue(i, j)
                })
                .collect();
            let supplies = Supplies::of(&venues).expect("all say");
            let decay = Decay::preset(Decay::PRESETS[preset]).expect("a preset");
            let demand = |place: PlaceIdx| {
                if counted[place.0 as usize] { grid.place(place).population } else { Inhabitants(0) }
            };
            let travel = Travel::estimated(&ground, &venues, Mode::ALL[mode]);
            let asked: Vec<VenueIdx> = (0..venues.len() as u32).map(VenueIdx).collect();
            let all = PotentialAccess::share(&travel, &asked, &supplies, &decay, demand);
            let given: f64 = grid.iter().map(|(i, _)| all.at(i) * f64::from(demand(i).0) / PEOPLE).sum();
            let catchments = travel.catchments(&asked, decay.longest());
            let reached = |pair: &Pair| demand(ground.place(pair.cell as usize)).0 > 0;
            let helped = asked.iter().zip(catchments.iter()).filter(|(_, list)| list.iter().any(reached));
            let supply: f64 = helped.map(|(&venue, _)| supplies.of_venue(venue).hours).sum();
            prop_assert!((given - supply).abs() <= 1e-9 * supply.max(1.0), "{given} of {supply}");
            let fewer = PotentialAccess::share(&travel, &asked[1..], &supplies, &decay, demand);
            for (place, _) in grid.iter() {
                prop_assert!(all.at(place) >= fewer.at(place));
            }
        }
    }
}
