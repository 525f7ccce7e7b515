//! Catchments along roads.

use network::EdgeIdx;
use network::search::Endpoint;
use network::search::catchment::{Visit, catchments};
use rayon::prelude::*;
use territory::{Meters, TravelTime, Venue, VenueIdx};

use super::Pair;
use crate::anchors::RoadAccess;

/// Where homes are met by a search that comes from a venue.
pub(super) struct Doors {
    /// (node, home, deciseconds from the home to the node), sorted.
    at_node: Vec<(u32, u32, u32)>,
    /// (edge, home), sorted.
    on_edge: Vec<(EdgeIdx, u32)>,
    /// The cell of each home.
    cells: Vec<u32>,
}

/// The least time of each home that has one, by increasing home.
type Times = Vec<(u32, u32)>;

impl Doors {
    pub(super) fn of(roads: RoadAccess<'_>) -> Self {
        let homes = roads.homes;
        let ranked = || homes.ties.iter().enumerate().map(|(home, snap)| (home as u32, snap));
        let mut at_node: Vec<(u32, u32, u32)> = ranked()
            .flat_map(|(home, snap)| {
                roads.network.departures(snap).map(move |(node, ride)| (node, home, ride))
            })
            .collect();
        at_node.sort_unstable();
        let mut on_edge: Vec<(EdgeIdx, u32)> = ranked().map(|(home, snap)| (snap.edge, home)).collect();
        on_edge.sort_unstable();
        let of_cell = |cell: usize| std::iter::repeat_n(cell as u32, homes.of_cell(cell).len());
        Self { at_node, on_edge, cells: (0..homes.cells()).flat_map(of_cell).collect() }
    }

    /// The catchment of each venue; `estimated` gives that of one as the crow flies.
    pub(super) fn catchments(
        &self,
        roads: RoadAccess<'_>,
        venues: &[Venue],
        asked: &[VenueIdx],
        limit: TravelTime,
        estimated: impl Fn(VenueIdx) -> Vec<Pair> + Sync,
    ) -> Vec<Vec<Pair>> {
        let (backward, limit) = (roads.network.graph().backward, limit.deciseconds());
        let arrivals = |venue: &VenueIdx| -> Vec<Endpoint> {
            let snap = roads.venue(*venue);
            let ends = snap.into_iter().flat_map(|snap| roads.network.arrivals(snap));
            ends.map(|(node, offset)| Endpoint { node, offset }).collect()
        };
        // By a road that leaves the data, then straight at the top speed: no way is quicker.
        let exits: Vec<network::Exit> = roads.network.exits().collect();
        let out = |venue: &VenueIdx| -> Vec<Endpoint> {
            let at = venues[venue.0 as usize].position;
            let end = |exit: &network::Exit| {
                let Meters(straight) = exit.at.position().distance_to(at);
                let offset = exit.offset.saturating_add((straight * 36.0 / roads.top_kmh) as u32);
                (offset <= limit).then_some(Endpoint { node: exit.node, offset })
            };
            exits.iter().filter_map(end).collect()
        };
        let inside: Vec<Vec<Endpoint>> = asked.par_iter().map(arrivals).collect();
        let outside: Vec<Vec<Endpoint>> = asked.par_iter().map(out).collect();
        let legs =
            catchments(backward, &inside, limit, |n, visits| self.legs(roads, asked[n], visits, limit));
        let bounds = catchments(backward, &outside, limit, |_, visits| self.met(visits, limit));
        let pairs = |((venue, legs), bounds): ((&VenueIdx, Times), Times)| {
            self.pairs(roads, &legs, &bounds, || estimated(*venue))
        };
        asked.par_iter().zip(legs).zip(bounds).map(pairs).collect()
    }

    /// The times of homes to a venue.
    fn legs(&self, roads: RoadAccess<'_>, venue: VenueIdx, visits: &[Visit], limit: u32) -> Times {
        let mut times = self.met(visits, limit);
        if let Some(to) = roads.venue(venue) {
            let first = self.on_edge.partition_point(|(edge, _)| *edge < to.edge);
            let here = self.on_edge[first..].iter().take_while(|(edge, _)| *edge == to.edge);
            let along = here.filter_map(|&(_, home)| {
                Some((home, roads.network.direct(&roads.homes.ties[home as usize], to)?))
            });
            times.extend(along.filter(|(_, time)| *time <= limit));
        }
        least(times)
    }

    /// The times of the homes that a search meets.
    fn met(&self, visits: &[Visit], limit: u32) -> Times {
        let mut times = Vec::new();
        for visit in visits {
            let first = self.at_node.partition_point(|(node, _, _)| *node < visit.node);
            let here = self.at_node[first..].iter().take_while(|(node, _, _)| *node == visit.node);
            let met = here.map(|&(_, home, ride)| (home, visit.deciseconds.saturating_add(ride)));
            times.extend(met.filter(|(_, time)| *time <= limit));
        }
        least(times)
    }

    /// The cells of which half of the homes are within the limit, or are not known to be but estimated so.
    fn pairs(
        &self,
        roads: RoadAccess<'_>,
        legs: &[(u32, u32)],
        bounds: &[(u32, u32)],
        estimated: impl FnOnce() -> Vec<Pair>,
    ) -> Vec<Pair> {
        let covered = &roads.homes.covered;
        let routed = self.medians(roads, legs);
        // No home could take less than by a road that leaves the data, or else what it takes now.
        let sooner = if bounds.is_empty() {
            Vec::new()
        } else {
            self.medians(roads, &least(legs.iter().chain(bounds).copied().collect()))
        };
        let time_of = |list: &[(u32, u32)], cell: u32| -> Option<u32> {
            list.binary_search_by_key(&cell, |(cell, _)| *cell).ok().map(|at| list[at].1)
        };
        let unsure = |cell: u32| {
            !covered[cell as usize]
                || time_of(&sooner, cell)
                    .is_some_and(|bound| time_of(&routed, cell).is_none_or(|t| bound < t))
        };
        let sure = routed.iter().filter(|(cell, _)| !unsure(*cell));
        let mut pairs: Vec<Pair> = sure
            .filter_map(|&(cell, time)| Some(Pair { cell, time: TravelTime::from_deciseconds(time.max(1))? }))
            .collect();
        if !sooner.is_empty() || !roads.homes.all_covered() {
            pairs.extend(estimated().into_iter().filter(|pair| unsure(pair.cell)));
            pairs.sort_unstable();
        }
        pairs
    }

    /// The median over the homes of each cell, those without a time being the farthest; none where fewer
    /// than half have one. Sorted by cell.
    fn medians(&self, roads: RoadAccess<'_>, times: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let cell = |home: u32| self.cells[home as usize];
        let of_cell = |times: &[(u32, u32)]| {
            let here = cell(times[0].0);
            let homes = roads.homes.of_cell(here as usize).len();
            let mut sorted: Vec<u32> = times.iter().map(|(_, time)| *time).collect();
            sorted.sort_unstable();
            Some((here, *sorted.get((homes - 1) / 2)?))
        };
        times.chunk_by(|a, b| cell(a.0) == cell(b.0)).filter_map(of_cell).collect()
    }
}

/// The least time of each home.
fn least(mut times: Times) -> Times {
    times.sort_unstable();
    times.dedup_by_key(|(home, _)| *home);
    times
}
