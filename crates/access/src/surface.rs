//! «Surface d'accessibilité»: the access of every place.

pub use network::Method;
use rayon::prelude::*;
use territory::{Grid, Mode, PlaceIdx, TravelTime, Venue, VenueIdx};

use crate::anchors::{Nearest, RoadAccess, Routed};
use crate::filter::Fit;
use crate::ground::Ground;
use crate::nearest::VenueIndex;
use crate::nearest_of_many::{Near, of_every_cell, spots, time};
use crate::question::Question;

/// Cells answered one after the other by a thread, at least.
const STRETCH: usize = 512;

/// How a place reaches its nearest venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The time it takes.
    pub time: TravelTime,
    /// The venue.
    pub venue: VenueIdx,
}

/// The access of every place of a grid, as a column parallel to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessSurface {
    reach: Vec<Option<Reach>>,
    /// How each was found, or found not to be.
    methods: Vec<Method>,
}

impl AccessSurface {
    /// Estimates the time of every place to the nearest venue that fits the question at least as well
    /// as `worst` (venues that may fit count only when it is [`Fit::Unknown`]).
    ///
    /// Exact under the crow-fly model: its time grows with distance, so the nearest is the quickest. Of one
    /// grid asked more than once, keep the ground and call [`AccessSurface::estimate_on`].
    pub fn estimate(grid: &Grid, venues: &[Venue], question: &Question, worst: Fit) -> Self {
        Self::estimate_on(&Ground::of(grid), venues, question, worst)
    }

    /// The same on the ground of a grid.
    pub fn estimate_on(ground: &Ground, venues: &[Venue], question: &Question, worst: Fit) -> Self {
        let reach = estimates(ground, venues, &fitting(venues, question, worst), question.mode);
        Self { reach: ground.by_place(&reach), methods: vec![Method::Estimated; ground.len()] }
    }

    /// The same along roads, to which the grid of this ground and these venues are tied. A place for which
    /// roads outside the data could change the answer is estimated.
    ///
    /// Exact: no time along the roads is shorter. A cell's time is the median over its homes.
    pub fn route(
        ground: &Ground,
        venues: &[Venue],
        question: &Question,
        worst: Fit,
        roads: RoadAccess<'_>,
    ) -> Self {
        Self::route_to(ground, venues, &fitting(venues, question, worst), question.mode, roads)
    }

    /// The same to given venues.
    pub(crate) fn route_to(
        ground: &Ground,
        venues: &[Venue],
        fitting: &[VenueIdx],
        mode: Mode,
        roads: RoadAccess<'_>,
    ) -> Self {
        let nearest = Nearest::search(roads, venues, fitting);
        let estimated = estimates(ground, venues, fitting, mode);
        let of_cell = |cell: usize| match nearest.of_cell(cell) {
            Routed::Sure(found) => (found.map(|(time, venue)| Reach { time, venue }), Method::Routed),
            Routed::Unsure => (estimated[cell], Method::Estimated),
        };
        let cells = (0..ground.cells().len()).into_par_iter().with_min_len(STRETCH);
        let (reach, methods): (Vec<_>, Vec<_>) = cells.map(of_cell).unzip();
        Self { reach: ground.by_place(&reach), methods: ground.by_place(&methods) }
    }

    /// How a place reaches its nearest venue, none when it reaches none.
    pub fn reach(&self, place: PlaceIdx) -> Option<Reach> {
        self.reach[place.0 as usize]
    }

    /// How that was found.
    pub fn method_at(&self, place: PlaceIdx) -> Method {
        self.methods[place.0 as usize]
    }

    /// How the times of the people of some places were found: routed only if every one is, and there
    /// is someone.
    pub fn method(&self, grid: &Grid, places: impl IntoIterator<Item = PlaceIdx>) -> Method {
        let inhabited = places.into_iter().filter(|&p| grid.place(p).population.0 > 0);
        inhabited.map(|p| self.method_at(p)).min().unwrap_or(Method::Estimated)
    }

    /// How many places it covers: as many as its grid.
    pub fn len(&self) -> usize {
        self.reach.len()
    }

    /// Whether it covers none.
    pub fn is_empty(&self) -> bool {
        self.reach.is_empty()
    }
}

/// The venues that fit a question at least as well as `worst`.
pub(crate) fn fitting(venues: &[Venue], question: &Question, worst: Fit) -> Vec<VenueIdx> {
    let ranked = venues.iter().enumerate();
    ranked.filter(|(_, venue)| question.filter.fit(venue) <= worst).map(|(i, _)| VenueIdx(i as u32)).collect()
}

pub(crate) fn index(venues: &[Venue], fitting: &[VenueIdx]) -> VenueIndex {
    VenueIndex::new(fitting.iter().map(|&venue| (venue, venues[venue.0 as usize].position)))
}

/// How each cell reaches the nearest of some venues as the crow flies.
fn estimates(ground: &Ground, venues: &[Venue], fitting: &[VenueIdx], mode: Mode) -> Vec<Option<Reach>> {
    of_every_cell(ground, &spots(venues, fitting), |cell, near| {
        let Near { venue, square } = near?;
        let to = venues[venue.0 as usize].position;
        Some(Reach { time: time(ground, cell, to, mode, square), venue })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use network::crow_fly;
    use plain::Plain;
    use proptest::prelude::*;

    fn everyone(venues: &[Venue], plain: Plain) -> AccessSurface {
        AccessSurface::estimate(&plain.grid(), venues, &Question::default(), Fit::Fits)
    }

    #[test]
    fn the_place_of_a_venue_reaches_it_in_the_leg_inside_its_cell() {
        let plain = Plain::new(5, 5);
        let venue = plain.venue(2, 2);
        let surface = everyone(std::slice::from_ref(&venue), plain);
        let shortest =
            (0..surface.len() as u32).filter_map(|i| surface.reach(PlaceIdx(i))).map(|r| r.time).min();
        assert_eq!(shortest, Some(crow_fly::travel_time(Mode::Car, territory::Meters(0.0))));
    }

    #[test]
    fn without_a_venue_nobody_reaches_anything() {
        let plain = Plain::new(3, 3);
        let surface = everyone(&[], plain);
        assert!((0..9).all(|i| surface.reach(PlaceIdx(i)).is_none()));
    }

    proptest! {
        #[test]
        fn one_more_venue_never_lengthens_a_time(
            venues in prop::collection::vec((0u8..8, 0u8..8), 1..8), extra in (0u8..8, 0u8..8),
        ) {
            let plain = Plain::new(8, 8);
            let mut list: Vec<Venue> = venues.iter().map(|&(i, j)| plain.venue(i, j)).collect();
            let before = everyone(&list, plain);
            list.push(plain.venue(extra.0, extra.1));
            let after = everyone(&list, plain);
            for i in 0..before.len() as u32 {
                let time = |s: &AccessSurface| s.reach(PlaceIdx(i)).map(|r| r.time);
                prop_assert!(time(&after) <= time(&before));
            }
        }
    }
}
