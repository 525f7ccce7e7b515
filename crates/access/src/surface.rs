//! «Surface d'accessibilité»: the access of every place.

pub use network::Method;
use network::crow_fly;
use rayon::prelude::*;
use territory::{Grid, Mode, Place, PlaceIdx, TravelTime, Venue, VenueIdx};

use crate::anchors::{Nearest, RoadAccess, Routed, cells};
use crate::filter::Fit;
use crate::nearest::{VenueIndex, Walk};
use crate::question::Question;

/// Cells answered one after the other by a thread.
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
    /// Exact under the crow-fly model: its time grows with distance, so the nearest is the quickest.
    pub fn estimate(grid: &Grid, venues: &[Venue], question: &Question, worst: Fit) -> Self {
        let index = index(venues, &fitting(venues, question, worst));
        // The places of one cell share its centre, hence its answer; cells that follow one another in
        // the grid are close on the ground.
        let cells: Vec<&[Place]> = cells(grid).collect();
        let reach = cells
            .par_chunks(STRETCH)
            .flat_map_iter(|cells| {
                let mut walk = index.walk();
                cells.iter().flat_map(move |places| {
                    let reach = reach_from(places[0], venues, &mut walk, question.mode);
                    std::iter::repeat_n(reach, places.len())
                })
            })
            .collect();
        Self { reach, methods: vec![Method::Estimated; grid.len()] }
    }

    /// The same along roads, to which this grid and these venues are tied. A place for which roads outside
    /// the data could change the answer is estimated.
    ///
    /// Exact: no time along the roads is shorter. A cell's time is the median over its homes.
    pub fn route(
        grid: &Grid,
        venues: &[Venue],
        question: &Question,
        worst: Fit,
        roads: RoadAccess<'_>,
    ) -> Self {
        let fitting = fitting(venues, question, worst);
        let nearest = Nearest::search(roads, venues, &fitting);
        let index = index(venues, &fitting);
        let cells: Vec<&[Place]> = cells(grid).collect();
        let found: Vec<(Option<Reach>, Method)> = cells
            .par_chunks(STRETCH)
            .enumerate()
            .flat_map_iter(|(stretch, cells)| {
                let mut walk = index.walk();
                let nearest = &nearest;
                cells.iter().enumerate().flat_map(move |(i, places)| {
                    let found = match nearest.of_cell(stretch * STRETCH + i) {
                        Routed::Sure(found) => {
                            (found.map(|(time, venue)| Reach { time, venue }), Method::Routed)
                        }
                        Routed::Unsure => {
                            (reach_from(places[0], venues, &mut walk, question.mode), Method::Estimated)
                        }
                    };
                    std::iter::repeat_n(found, places.len())
                })
            })
            .collect();
        let (reach, methods) = found.into_iter().unzip();
        Self { reach, methods }
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

fn reach_from(place: Place, venues: &[Venue], walk: &mut Walk<'_>, mode: Mode) -> Option<Reach> {
    let centre = place.cell.centre();
    let venue = walk.nearest(centre)?;
    let distance = centre.distance_to(venues[venue.0 as usize].position);
    Some(Reach { time: crow_fly::travel_time(mode, distance), venue })
}

#[cfg(test)]
mod tests {
    use super::*;
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
