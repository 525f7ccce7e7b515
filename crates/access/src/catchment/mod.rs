//! «Bassins de desserte»: every cell within a time of each of some venues.

mod routed;

use rayon::prelude::*;
use territory::{Mode, TravelTime, Venue, VenueIdx};

use crate::anchors::RoadAccess;
use crate::ground::{Cap, Ground};
use crate::limit::{Limit, Side};
use routed::Doors;

/// A cell in the catchment of a venue: 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// Its rank on the ground.
    pub cell: u32,
    /// How long it takes to the venue.
    pub time: TravelTime,
}

/// The catchments of some venues, one after the other.
///
/// [`size_of::<Pair>()`](Pair) = 8 bytes a pair, twice that while they are gathered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catchments {
    /// Where the pairs of each venue begin, and the end.
    first: Vec<usize>,
    pairs: Vec<Pair>,
}

/// The same pairs by cell: which venues are within reach of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InReach {
    first: Vec<usize>,
    /// The rank of the venue in its list, and the time.
    pairs: Vec<(u32, TravelTime)>,
}

/// How people travel to venues: as the crow flies, or along roads they are tied to.
pub struct Travel<'a> {
    ground: &'a Ground,
    venues: &'a [Venue],
    mode: Mode,
    roads: Option<(RoadAccess<'a>, Doors)>,
}

/// Pairs of a batch, about: with 8 bytes a pair and as many again while they are gathered, 64 MB.
const BATCH_PAIRS: usize = 4 << 20;

/// Venues of the first batch, whose catchments tell how large the next may be.
const FIRST_BATCH: usize = 64;

impl<'a> Travel<'a> {
    /// Times estimated from the distance.
    pub fn estimated(ground: &'a Ground, venues: &'a [Venue], mode: Mode) -> Self {
        Self { ground, venues, mode, roads: None }
    }

    /// Times along roads.
    pub fn routed(ground: &'a Ground, venues: &'a [Venue], mode: Mode, roads: RoadAccess<'a>) -> Self {
        Self { ground, venues, mode, roads: Some((roads, Doors::of(roads))) }
    }

    pub(crate) fn ground(&self) -> &'a Ground {
        self.ground
    }

    /// Every cell from which each of some venues is within `limit`, with the time.
    ///
    /// Estimated, the time is that of [`AccessSurface::estimate`](crate::AccessSurface::estimate) to this
    /// venue alone. Routed, it is that of [`AccessSurface::route`](crate::AccessSurface::route) to this
    /// venue alone: the median over the homes of the cell; so where a cell has several homes, the shortest
    /// of its times can be longer than that of the surface, which is the median of what each home has
    /// nearest. Where roads are not in the data, or some that are not would bring half of the homes within
    /// `limit` sooner, it is estimated.
    pub fn catchments(&self, asked: &[VenueIdx], limit: TravelTime) -> Catchments {
        let limit = Limit::new(self.mode, limit);
        let estimated = |venue: &VenueIdx| self.estimated_pairs(*venue, &limit);
        let lists = match &self.roads {
            None => asked.par_iter().map(estimated).collect(),
            Some((roads, doors)) => {
                doors.catchments(*roads, self.venues, asked, limit.time, |venue| estimated(&venue))
            }
        };
        Catchments::of_lists(lists)
    }

    /// The catchments of many venues, some at a time, in their order: memory does not grow with their
    /// number.
    pub fn in_batches(
        &self,
        asked: &[VenueIdx],
        limit: TravelTime,
        mut each: impl FnMut(&[VenueIdx], &Catchments),
    ) {
        let (mut done, mut pairs, mut size) = (0, 0, FIRST_BATCH);
        while done < asked.len() {
            let batch = &asked[done..(done + size).min(asked.len())];
            let found = self.catchments(batch, limit);
            each(batch, &found);
            done += batch.len();
            pairs += found.pairs();
            size = (BATCH_PAIRS * done / pairs.max(1)).clamp(1, 16 * size);
        }
    }

    fn estimated_pairs(&self, venue: VenueIdx, limit: &Limit) -> Vec<Pair> {
        let at = self.venues[venue.0 as usize].position;
        let point = at.unit_vector();
        let mut pairs = Vec::new();
        let across = |cap: &&Cap| limit.side(cap, point) != Side::Beyond;
        for county in self.ground.counties().iter().filter(across) {
            for village in self.ground.villages(county).iter().filter(across) {
                pairs.extend(village.members.clone().filter_map(|cell| {
                    let time = limit.time(self.ground, cell, point, at)?;
                    Some(Pair { cell: cell as u32, time })
                }));
            }
        }
        pairs
    }
}

impl Catchments {
    /// From the catchment of each venue, by increasing cell.
    pub(crate) fn of_lists(lists: Vec<Vec<Pair>>) -> Self {
        let mut first = vec![0];
        let mut pairs = Vec::with_capacity(lists.iter().map(Vec::len).sum());
        for list in lists {
            pairs.extend(list);
            first.push(pairs.len());
        }
        Self { first, pairs }
    }

    /// How many venues they are of.
    pub fn len(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Whether they are of none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many pairs there are in all.
    pub fn pairs(&self) -> usize {
        self.pairs.len()
    }

    /// The catchment of the n-th of the venues asked, by increasing cell.
    pub fn of(&self, n: usize) -> &[Pair] {
        &self.pairs[self.first[n]..self.first[n + 1]]
    }

    /// The catchments in the order of the venues asked.
    pub fn iter(&self) -> impl Iterator<Item = &[Pair]> {
        (0..self.len()).map(|n| self.of(n))
    }

    /// The same by cell, of a ground of so many.
    pub fn by_cell(&self, cells: usize) -> InReach {
        let mut first = vec![0; cells + 1];
        for pair in &self.pairs {
            first[pair.cell as usize + 1] += 1;
        }
        for cell in 0..cells {
            first[cell + 1] += first[cell];
        }
        let mut next = first.clone();
        let mut pairs = vec![(0, TravelTime::SHORTEST); self.pairs.len()];
        for (rank, list) in self.iter().enumerate() {
            for pair in list {
                let at = &mut next[pair.cell as usize];
                pairs[*at] = (rank as u32, pair.time);
                *at += 1;
            }
        }
        InReach { first, pairs }
    }
}

impl InReach {
    /// The venues within reach of the n-th cell: their rank among those asked, increasing, and the time.
    pub fn of(&self, cell: usize) -> &[(u32, TravelTime)] {
        &self.pairs[self.first[cell]..self.first[cell + 1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Fit;
    use crate::question::Question;
    use crate::surface::AccessSurface;
    use network::crow_fly;
    use plain::Plain;
    use proptest::prelude::*;

    fn time(deciseconds: u32) -> TravelTime {
        TravelTime::from_deciseconds(deciseconds).expect("not 0")
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_catchment_is_exactly_the_cells_within_the_limit(
            at in prop::collection::vec((0u8..15, 0u8..15), 1..6), limit in 1u32..40_000, mode in 0usize..3,
        ) {
            let plain = Plain::new(15, 15);
            let (ground, mode) = (Ground::of(&plain.grid()), Mode::ALL[mode]);
            let venues: Vec<Venue> = at.iter().map(|&(i, j)| plain.venue(i, j)).collect();
            let asked: Vec<VenueIdx> = (0..venues.len() as u32).map(VenueIdx).collect();
            let found = Travel::estimated(&ground, &venues, mode).catchments(&asked, time(limit));
            let slow = |venue: &Venue| -> Vec<Pair> {
                let cells = ground.cells().iter().enumerate();
                cells
                    .map(|(i, cell)| Pair {
                        cell: i as u32,
                        time: crow_fly::travel_time(mode, cell.centre().distance_to(venue.position)),
                    })
                    .filter(|pair| pair.time.deciseconds() <= limit)
                    .collect()
            };
            prop_assert_eq!(&found, &Catchments::of_lists(venues.iter().map(slow).collect()));
            // The quickest of a cell is what the surface says, as long as that is within the limit.
            let question = Question { mode, ..Question::default() };
            let surface = AccessSurface::estimate_on(&ground, &venues, &question, Fit::Fits);
            let by_cell = found.by_cell(ground.cells().len());
            for cell in 0..ground.cells().len() {
                let least = by_cell.of(cell).iter().map(|(_, time)| *time).min();
                let reach = surface.reach(ground.place(cell)).map(|reach| reach.time);
                prop_assert_eq!(least, reach.filter(|time| time.deciseconds() <= limit));
                prop_assert!(by_cell.of(cell).windows(2).all(|pair| pair[0].0 < pair[1].0));
            }
            // Batches, however they fall, come to the same.
            let mut lists = Vec::new();
            Travel::estimated(&ground, &venues, mode).in_batches(&asked, time(limit), |_, batch| {
                lists.extend(batch.iter().map(<[Pair]>::to_vec));
            });
            prop_assert_eq!(Catchments::of_lists(lists), found);
        }
    }

    #[test]
    fn a_pair_takes_eight_bytes_and_no_venue_none() {
        assert_eq!(size_of::<Pair>(), 8);
        let ground = Ground::of(&Plain::new(3, 3).grid());
        let none = Travel::estimated(&ground, &[], Mode::Car).catchments(&[], time(6000));
        assert!(none.is_empty() && none.pairs() == 0 && none.by_cell(9).of(4).is_empty());
    }
}
