//! «Couverture»: how many people a promise reaches, and how long the others take.

use access::{AccessSurface, Reach};
use territory::{Grid, Inhabitants, Minutes, PlaceIdx, TravelTime};

/// People by the time they take, ready for any promise of the same question.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Crowd {
    /// (time, people so far), by increasing time.
    reached: Vec<(TravelTime, u64)>,
    unreachable: u64,
}

/// What a promise comes to for some people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Coverage {
    /// Everyone counted.
    pub population: Inhabitants,
    /// Those strictly farther than promised, the unreachable among them.
    pub beyond: Inhabitants,
    /// Those who reach no venue at all.
    pub unreachable: Inhabitants,
    /// The time half of the people do not exceed; none when half reach nothing, or there is nobody.
    pub median: Option<TravelTime>,
    /// The time nine people in ten do not exceed.
    pub p90: Option<TravelTime>,
}

impl Coverage {
    /// `beyond / population`, none when there is nobody.
    pub fn beyond_share(&self) -> Option<f64> {
        (self.population.0 > 0).then(|| f64::from(self.beyond.0) / f64::from(self.population.0))
    }
}

impl Crowd {
    /// Gathers the people of some places.
    pub fn gather(grid: &Grid, surface: &AccessSurface, places: impl IntoIterator<Item = PlaceIdx>) -> Self {
        Self::new(places.into_iter().map(|place| (grid.place(place).population, surface.reach(place))))
    }

    /// Gathers people with how they reach their nearest venue.
    pub fn new(people: impl IntoIterator<Item = (Inhabitants, Option<Reach>)>) -> Self {
        let mut crowd = Self::default();
        for (Inhabitants(people), reach) in people {
            match reach {
                _ if people == 0 => {}
                Some(reach) => crowd.reached.push((reach.time, u64::from(people))),
                None => crowd.unreachable += u64::from(people),
            }
        }
        crowd.reached.sort_unstable();
        let mut so_far = 0;
        for (_, people) in &mut crowd.reached {
            so_far += *people;
            *people = so_far;
        }
        crowd
    }

    /// Everyone gathered.
    pub fn population(&self) -> Inhabitants {
        inhabitants(self.reached_people() + self.unreachable)
    }

    /// Those strictly farther than some minutes, or unreachable.
    pub fn beyond(&self, minutes: Minutes) -> Inhabitants {
        let within = self.reached.partition_point(|(time, _)| *time <= minutes.time());
        let within = within.checked_sub(1).map_or(0, |last| self.reached[last].1);
        inhabitants(self.reached_people() - within + self.unreachable)
    }

    /// The shortest time that a share of the people (0 to 1) do not exceed.
    pub fn quantile(&self, share: f64) -> Option<TravelTime> {
        let wanted = share * (self.reached_people() + self.unreachable) as f64;
        let at = self.reached.partition_point(|(_, people)| (*people as f64) < wanted);
        self.reached.get(at).map(|(time, _)| *time)
    }

    /// The longest time anyone takes who reaches a venue.
    pub fn longest(&self) -> Option<TravelTime> {
        self.reached.last().map(|(time, _)| *time)
    }

    /// What a promise of some minutes comes to.
    pub fn coverage(&self, minutes: Minutes) -> Coverage {
        Coverage {
            population: self.population(),
            beyond: self.beyond(minutes),
            unreachable: inhabitants(self.unreachable),
            median: self.quantile(0.5),
            p90: self.quantile(0.9),
        }
    }

    fn reached_people(&self) -> u64 {
        self.reached.last().map_or(0, |(_, people)| *people)
    }
}

/// Sums of legal populations: 69 million people at most.
fn inhabitants(people: u64) -> Inhabitants {
    Inhabitants(u32::try_from(people).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{Fit, Question};
    use plain::Plain;
    use proptest::prelude::*;

    fn surface(plain: Plain, venues: &[(u8, u8)]) -> AccessSurface {
        let venues: Vec<_> = venues.iter().map(|&(i, j)| plain.venue(i, j)).collect();
        AccessSurface::estimate(&plain.grid(), &venues, &Question::default(), Fit::Fits)
    }

    fn crowd(plain: Plain, venues: &[(u8, u8)]) -> Crowd {
        let grid = plain.grid();
        Crowd::gather(&grid, &surface(plain, venues), grid.iter().map(|(idx, _)| idx))
    }

    fn minutes(m: u16) -> Minutes {
        Minutes::new(m).expect("1 to 120")
    }

    #[test]
    fn a_promise_kept_to_the_decisecond_is_kept() {
        let twenty = minutes(20).time();
        let at = |deciseconds| {
            let time = TravelTime::from_deciseconds(deciseconds).expect("not 0");
            let reach = Reach { time, venue: territory::VenueIdx(0) };
            (Inhabitants(10), Some(reach))
        };
        let crowd = Crowd::new([at(twenty.deciseconds()), at(twenty.deciseconds() + 1)]);
        assert_eq!(crowd.beyond(minutes(20)), Inhabitants(10));
    }

    #[test]
    fn without_any_venue_everyone_is_beyond_and_unreachable() {
        let crowd = crowd(Plain::new(4, 4), &[]);
        let coverage = crowd.coverage(minutes(120));
        assert_eq!(coverage.beyond, coverage.population);
        assert_eq!(coverage.unreachable, coverage.population);
        assert_eq!((coverage.median, coverage.p90), (None, None));
    }

    #[test]
    fn nobody_has_no_share_and_no_median() {
        let coverage = Crowd::new([]).coverage(minutes(20));
        assert_eq!((coverage.beyond_share(), coverage.median), (None, None));
    }

    #[test]
    fn the_median_is_a_time_of_the_middle_person() {
        // One commune with the venue, two next to it: three of 100, 101 and 102 people in a row.
        let crowd = crowd(Plain::new(3, 1), &[(0, 0)]);
        let times: Vec<_> = [0.1, 0.4, 0.9].map(|share| crowd.quantile(share)).into();
        assert!(times[0] < times[1] && times[1] < times[2]);
        assert_eq!(crowd.quantile(0.5), times[1]);
        assert_eq!(crowd.longest(), times[2]);
    }

    proptest! {
        #[test]
        fn a_longer_promise_never_covers_fewer(
            venues in prop::collection::vec((0u8..10, 0u8..10), 0..6), a in 1u16..=120, b in 1u16..=120,
        ) {
            let crowd = crowd(Plain::new(10, 10), &venues);
            prop_assert!(crowd.beyond(minutes(a.max(b))) <= crowd.beyond(minutes(a.min(b))));
        }

        #[test]
        fn removing_a_venue_never_covers_more(
            venues in prop::collection::vec((0u8..10, 0u8..10), 1..6), removed in 0usize..6, m in 1u16..=120,
        ) {
            let plain = Plain::new(10, 10);
            let mut fewer = venues.clone();
            fewer.remove(removed % venues.len());
            prop_assert!(crowd(plain, &fewer).beyond(minutes(m)) >= crowd(plain, &venues).beyond(minutes(m)));
        }

        #[test]
        fn the_parts_of_a_country_sum_to_the_whole(
            venues in prop::collection::vec((0u8..10, 0u8..10), 0..6), m in 1u16..=120,
        ) {
            let plain = Plain::new(10, 10);
            let (grid, surface) = (plain.grid(), surface(plain, &venues));
            let part = |even: bool| {
                let places = grid.iter().filter(|(_, p)| (p.commune.0 % 2 == 0) == even).map(|(idx, _)| idx);
                Crowd::gather(&grid, &surface, places).beyond(minutes(m))
            };
            let whole = Crowd::gather(&grid, &surface, grid.iter().map(|(idx, _)| idx)).beyond(minutes(m));
            prop_assert_eq!(part(true) + part(false), whole);
        }
    }
}
