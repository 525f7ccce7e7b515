//! The hours of a week at which a venue within reach is open.

use std::collections::BTreeMap;
use std::ops::BitOrAssign;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use territory::{Day, Moment, OpeningHours, PlaceIdx, Position, TravelTime, Venue, VenueIdx};

use crate::anchors::RoadAccess;
use crate::filter::{Criterion, Fit};
use crate::ground::{Cap, Ground};
use crate::limit::{Limit, Side};
use crate::question::Question;
use crate::surface::{AccessSurface, fitting};

/// Hours of a day.
const HOURS: usize = 24;

/// Hours of a week.
const WEEK: usize = 7 * HOURS;

/// The hours of a week, Monday 0:00 first, at the beginning of which something is open: 24 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct OpenWeek([u64; 3]);

impl OpenWeek {
    /// Open at no hour.
    pub const NEVER: Self = Self([0; 3]);

    /// The hours at which opening hours hold, at the minute the hour begins.
    pub fn of(hours: &OpeningHours) -> Self {
        let mut week = Self::NEVER;
        for (n, moment) in moments().enumerate() {
            if hours.open_at(moment) {
                week.open(n);
            }
        }
        week
    }

    /// Whether it is open at an hour, 0 to 23, of a day, Monday being 0.
    pub fn is_open(self, day: usize, hour: usize) -> bool {
        day < 7 && hour < HOURS && self.has(day * HOURS + hour)
    }

    fn has(self, n: usize) -> bool {
        self.0[n / 64] >> (n % 64) & 1 == 1
    }

    fn open(&mut self, n: usize) {
        self.0[n / 64] |= 1 << (n % 64);
    }

    /// Whether every hour of another is one of its own.
    fn holds(self, other: Self) -> bool {
        self.0.iter().zip(other.0).all(|(own, other)| other & !own == 0)
    }
}

impl BitOrAssign for OpenWeek {
    fn bitor_assign(&mut self, other: Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own |= other;
        }
    }
}

/// The beginning of each hour of a week.
fn moments() -> impl Iterator<Item = Moment> {
    Day::ALL.into_iter().flat_map(|day| (0..24).filter_map(move |hour| Moment::new(day, hour * 60)))
}

/// Of every place of a grid, the hours at which a venue within some time of it is open: a column parallel
/// to the grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekTable {
    weeks: Vec<OpenWeek>,
}

/// A venue that is open at some hour.
#[derive(Clone, Copy)]
struct Timed {
    point: [f64; 3],
    at: Position,
    week: OpenWeek,
}

impl WeekTable {
    /// Of the venues that fit the question, whatever it asks of their hours, those within `limit` as the
    /// crow flies.
    ///
    /// An hour is open here if and only if the surface of the same question asked of that hour
    /// ([`Open::At`](crate::Open::At)) has a time of at most `limit`.
    pub fn estimate(ground: &Ground, venues: &[Venue], question: &Question, limit: TravelTime) -> Self {
        let timed = |venue: VenueIdx| {
            let venue = &venues[venue.0 as usize];
            let week = OpenWeek::of(venue.hours.as_ref()?);
            Some(Timed { point: venue.position.unit_vector(), at: venue.position, week })
        };
        let fitting = fitting(venues, &at_any_hour(question), Fit::Fits);
        let timed: Vec<Timed> =
            fitting.into_iter().filter_map(timed).filter(|venue| venue.week != OpenWeek::NEVER).collect();
        let limit = Limit::new(question.mode, limit);
        let county = |county: &Cap| {
            let (everywhere, across) = sift(county, &limit, OpenWeek::NEVER, &timed);
            let mut weeks = Vec::new();
            for village in ground.villages(county) {
                let (everywhere, across) = sift(village, &limit, everywhere, &across);
                weeks.extend(village.members.clone().map(|cell| {
                    let mut open = everywhere;
                    for venue in &across {
                        if !open.holds(venue.week) && limit.holds(ground, cell, venue.point, venue.at) {
                            open |= venue.week;
                        }
                    }
                    open
                }));
            }
            weeks
        };
        let weeks: Vec<OpenWeek> = ground.counties().par_iter().flat_map_iter(county).collect();
        Self { weeks: ground.by_place(&weeks) }
    }

    /// The same along roads, where what is near depends on every venue open: one surface for each set of
    /// venues that are open together, of which a week has a few dozen.
    pub fn route(
        ground: &Ground,
        venues: &[Venue],
        question: &Question,
        limit: TravelTime,
        roads: RoadAccess<'_>,
    ) -> Self {
        let weeks = fitting(venues, &at_any_hour(question), Fit::Fits)
            .into_iter()
            .filter_map(|venue| Some((venue, OpenWeek::of(venues[venue.0 as usize].hours.as_ref()?))))
            .collect::<Vec<_>>();
        let mut hours_of: BTreeMap<Vec<VenueIdx>, Vec<usize>> = BTreeMap::new();
        for n in 0..WEEK {
            let open = weeks.iter().filter(|(_, week)| week.has(n)).map(|(venue, _)| *venue);
            hours_of.entry(open.collect()).or_default().push(n);
        }
        hours_of.remove(&Vec::new());
        let table = Mutex::new(vec![OpenWeek::NEVER; ground.len()]);
        let sets: Vec<(Vec<VenueIdx>, Vec<usize>)> = hours_of.into_iter().collect();
        sets.par_iter().for_each(|(open, hours)| {
            let surface = AccessSurface::route_to(ground, venues, open, question.mode, roads);
            // Hours are added: whichever set comes first, the week is the same.
            let mut table = table.lock().unwrap_or_else(PoisonError::into_inner);
            for (place, week) in table.iter_mut().enumerate() {
                if surface.reach(PlaceIdx(place as u32)).is_some_and(|reach| reach.time <= limit) {
                    for &n in hours {
                        week.open(n);
                    }
                }
            }
        });
        Self { weeks: table.into_inner().unwrap_or_else(PoisonError::into_inner) }
    }

    /// The hours at which a venue within reach of a place is open.
    pub fn at(&self, place: PlaceIdx) -> OpenWeek {
        self.weeks[place.0 as usize]
    }

    /// How many places it covers: as many as its grid.
    pub fn len(&self) -> usize {
        self.weeks.len()
    }

    /// Whether it covers none.
    pub fn is_empty(&self) -> bool {
        self.weeks.is_empty()
    }
}

/// The question without what it asks of the hours.
fn at_any_hour(question: &Question) -> Question {
    Question { mode: question.mode, filter: question.filter.clone().without(Criterion::Open) }
}

/// The hours open anywhere in a cap, and the venues that may add to them in some of it.
fn sift(cap: &Cap, limit: &Limit, open: OpenWeek, venues: &[Timed]) -> (OpenWeek, Vec<Timed>) {
    let mut everywhere = open;
    let mut across: Vec<Timed> = Vec::new();
    for &venue in venues {
        match limit.side(cap, venue.point) {
            Side::Within => everywhere |= venue.week,
            Side::Across => across.push(venue),
            Side::Beyond => {}
        }
    }
    across.retain(|venue| !everywhere.holds(venue.week));
    (everywhere, across)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Open;
    use plain::Plain;
    use proptest::prelude::*;
    use territory::Mode;

    #[test]
    fn an_hour_is_open_when_it_begins() {
        // Monday 9:30 to 11:00, Sunday 23:00 to midnight.
        let week = OpenWeek::of(&OpeningHours::new([(570, 660), (6 * 1440 + 23 * 60, 7 * 1440)]));
        let open: Vec<(usize, usize)> =
            (0..7).flat_map(|d| (0..24).map(move |h| (d, h))).filter(|&(d, h)| week.is_open(d, h)).collect();
        assert_eq!(open, [(0, 10), (6, 23)]);
        assert!(!week.is_open(7, 0) && !week.is_open(0, 24) && size_of::<OpenWeek>() == 24);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn each_hour_is_what_the_surface_of_that_hour_says(
            at in prop::collection::vec((0u8..15, 0u8..15, 0u16..10_000, 0u16..600, any::<bool>()), 0..25),
            limit in 100u32..80_000, mode in 0usize..3, hours in prop::collection::vec(0usize..168, 1..6),
        ) {
            let plain = Plain::new(15, 15);
            let ground = Ground::of(&plain.grid());
            let venues: Vec<Venue> = at.iter().map(|&(i, j, opens, minutes, known)| Venue {
                hours: known.then(|| OpeningHours::new([(opens, opens + minutes)])), ..plain.venue(i, j)
            }).collect();
            let limit = TravelTime::from_deciseconds(limit).expect("not 0");
            let mut question = Question { mode: Mode::ALL[mode], ..Question::default() };
            // What it asks of the hours is not the table's.
            question.filter.open = Some(Open::Saturday);
            let table = WeekTable::estimate(&ground, &venues, &question, limit);
            prop_assert_eq!(table.len(), ground.len());
            // Besides those drawn, an hour at which someone opens.
            let opening = at.iter().map(|venue| (usize::from(venue.2) / 60 + 1).min(167)).take(2);
            for n in hours.into_iter().chain(opening) {
                let (day, hour) = (n / 24, n % 24);
                question.filter.open = Moment::new(Day::ALL[day], hour as u16 * 60).map(Open::At);
                let surface = AccessSurface::estimate_on(&ground, &venues, &question, Fit::Fits);
                for place in (0..ground.len() as u32).map(PlaceIdx) {
                    let within = surface.reach(place).is_some_and(|reach| reach.time <= limit);
                    prop_assert_eq!(table.at(place).is_open(day, hour), within, "place {:?}, {} h", place, n);
                }
            }
        }
    }
}
