//! Homes and venues tied to a road network, and the times along it.

use std::collections::BTreeMap;

use network::search::catchment::Catchment;
use network::search::labels::Labels;
use network::search::nearest::nearest;
use network::search::{Endpoint, Source};
use network::{EdgeIdx, RoadNetwork, Snap, Snapping};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use territory::{Cell, Extent, Grid, Meters, Place, Position, TravelTime, Venue, VenueIdx};

use crate::surface::index;

/// The homes of the cells of a grid, tied to the roads of one mode.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Homes {
    /// Where the homes of each cell begin, and the end; parallel to the cells of the grid.
    pub(crate) first: Vec<u32>,
    pub(crate) ties: Vec<Snap>,
    /// Whether the roads around each cell are in the data.
    pub(crate) covered: Vec<bool>,
}

/// Roads, with homes and venues tied to them.
#[derive(Clone, Copy)]
pub struct RoadAccess<'a> {
    /// The roads of a mode.
    pub network: &'a RoadNetwork,
    /// The homes of the grid asked about.
    pub homes: &'a Homes,
    /// Parallel to the venues asked about; none for one too far from any road.
    pub venues: &'a [Option<Snap>],
    /// Nothing on the roads is faster, km/h.
    pub top_kmh: f64,
}

impl<'a> RoadAccess<'a> {
    /// Where a venue joins the roads.
    pub(crate) fn venue(&self, VenueIdx(venue): VenueIdx) -> Option<&'a Snap> {
        self.venues.get(venue as usize)?.as_ref()
    }

    /// The `most` quickest to reach of some venues from a tied position, within `limit`: the time, and the
    /// venue.
    pub fn nearest_from(
        &self,
        snap: &Snap,
        venues: &[VenueIdx],
        most: usize,
        limit: TravelTime,
    ) -> Vec<(TravelTime, VenueIdx)> {
        let graph = self.network.graph();
        let ends = self.network.departures(snap).map(|(node, offset)| Endpoint { node, offset });
        let mut catchment = Catchment::default();
        let visits = catchment.within(graph.forward, &ends.collect::<Vec<_>>(), limit.deciseconds());
        let mut times: Vec<(u32, u32)> = visits.iter().map(|v| (v.node, v.deciseconds)).collect();
        times.sort_unstable();
        let time_at = |node: u32| Some(times[times.binary_search_by_key(&node, |t| t.0).ok()?].1);
        let leg = |&venue: &VenueIdx| -> Option<Leg> {
            let to = self.venue(venue)?;
            let by_nodes = self.network.arrivals(to).filter_map(|(node, ride)| Some(time_at(node)? + ride));
            Some((by_nodes.chain(self.network.direct(snap, to)).min()?, venue))
        };
        let mut legs: Vec<Leg> = venues.iter().filter_map(leg).collect();
        legs.retain(|leg| leg.0 <= limit.deciseconds());
        legs.sort_unstable();
        legs.truncate(most);
        let lasting = |(time, venue): Leg| Some((TravelTime::from_deciseconds(time.max(1))?, venue));
        legs.into_iter().filter_map(lasting).collect()
    }

    /// The least time from a tied position to any of some venues by roads that leave the data, none when
    /// none do within `limit`.
    pub fn beyond(
        &self,
        snap: &Snap,
        venues: &[Venue],
        fitting: &[VenueIdx],
        limit: TravelTime,
    ) -> Option<TravelTime> {
        let graph = self.network.graph();
        let ends = self.network.departures(snap).map(|(node, offset)| Endpoint { node, offset });
        let exits = self.exits(venues, fitting);
        let mut catchment = Catchment::default();
        let visits = catchment.within(graph.forward, &ends.collect::<Vec<_>>(), limit.deciseconds());
        let out = visits.iter().flat_map(|visit| {
            let first = exits.partition_point(|exit| exit.node < visit.node);
            let here = exits[first..].iter().take_while(|exit| exit.node == visit.node);
            here.map(|exit| visit.deciseconds.saturating_add(exit.offset))
        });
        TravelTime::from_deciseconds(out.min()?.max(1))
    }

    /// The nodes from which roads leave the data, each with the least time from it to any of some venues
    /// by such a road: to the border, then straight to the nearest at the top speed.
    fn exits(&self, venues: &[Venue], fitting: &[VenueIdx]) -> Vec<Source> {
        let index = index(venues, fitting);
        let source = |exit: network::Exit| {
            let venue = index.nearest(exit.at.position())?;
            let Meters(straight) = exit.at.position().distance_to(venues[venue.0 as usize].position);
            let offset = exit.offset.saturating_add((straight * 36.0 / self.top_kmh) as u32);
            Some(Source { node: exit.node, offset, label: 0 })
        };
        self.network.exits().filter_map(source).collect()
    }
}

/// Quickest first: the time, and the venue.
type Leg = (u32, VenueIdx);

/// What roads say of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Routed {
    /// The nearest venue, or none by any road: sure, whatever lies beyond the data.
    Sure(Option<(TravelTime, VenueIdx)>),
    /// Roads that are not in the data could change the answer.
    Unsure,
}

impl Homes {
    /// Ties the homes of a grid: `positions` of each cell; a cell without any is tied by its centre.
    ///
    /// Roads are not in the data outside of `extent`, nor in a cell without any position: where people live
    /// there is a road, a track or a path.
    pub fn tie(
        network: &RoadNetwork,
        snapping: &Snapping,
        positions: &BTreeMap<Cell, Vec<Position>>,
        grid: &Grid,
        extent: Option<Extent>,
    ) -> Self {
        let cells: Vec<Cell> = cells(grid).map(|places| places[0].cell).collect();
        let tied = |cell: &Cell| -> Vec<Snap> {
            let centre = [cell.centre()];
            let at = positions.get(cell).map_or(centre.as_slice(), Vec::as_slice);
            at.iter().filter_map(|&at| network.snap(at, snapping)).collect()
        };
        let tied: Vec<Vec<Snap>> = cells.par_iter().map(tied).collect();
        let covered = |cell: &Cell| holds(extent, cell.centre()) && positions.contains_key(cell);
        let ends = tied.iter().scan(0, |end, homes| {
            *end += homes.len() as u32;
            Some(*end)
        });
        Self {
            first: std::iter::once(0).chain(ends).collect(),
            covered: cells.iter().map(covered).collect(),
            ties: tied.into_iter().flatten().collect(),
        }
    }

    /// The homes of the n-th cell of the grid.
    pub fn of_cell(&self, cell: usize) -> &[Snap] {
        &self.ties[self.first[cell] as usize..self.first[cell + 1] as usize]
    }

    /// Whether the roads around every cell are in the data.
    pub(crate) fn all_covered(&self) -> bool {
        self.covered.iter().all(|covered| *covered)
    }

    /// How many cells they are of.
    pub fn cells(&self) -> usize {
        self.covered.len()
    }
}

/// Ties venues to roads, in parallel to them; none for one too far from any, or where roads are not in the
/// data.
pub fn tie_venues(
    network: &RoadNetwork,
    snapping: &Snapping,
    venues: &[Venue],
    extent: Option<Extent>,
) -> Vec<Option<Snap>> {
    let covered = |venue: &&Venue| holds(extent, venue.position);
    let snap = |venue: &Venue| Some(venue).filter(covered).and_then(|v| network.snap(v.position, snapping));
    venues.par_iter().map(snap).collect()
}

/// The places of a grid by cell.
fn cells(grid: &Grid) -> impl Iterator<Item = &[Place]> {
    grid.places().chunk_by(|a, b| a.cell == b.cell)
}

fn holds(extent: Option<Extent>, at: Position) -> bool {
    extent.is_none_or(|extent| extent.holds(at))
}

/// Times to the nearest of some venues, along the roads.
pub(crate) struct Nearest<'a> {
    roads: RoadAccess<'a>,
    labels: Labels,
    /// The least times by roads that leave the data.
    beyond: Labels,
    /// Venues by the edge they are on: from there one goes along it, without a node between.
    on_edge: Vec<(EdgeIdx, VenueIdx)>,
}

impl<'a> Nearest<'a> {
    pub(crate) fn search(roads: RoadAccess<'a>, all: &[Venue], venues: &[VenueIdx]) -> Self {
        let tied = venues.iter().filter_map(|&venue| Some((venue, roads.venue(venue)?)));
        let sources = tied.clone().flat_map(|(venue, snap)| {
            let source = move |(node, offset)| Source { node, offset, label: venue.0 };
            roads.network.arrivals(snap).map(source)
        });
        let labels = nearest(roads.network.graph(), &sources.collect::<Vec<_>>(), None);
        let mut on_edge: Vec<_> = tied.map(|(venue, snap)| (snap.edge, venue)).collect();
        on_edge.sort_unstable();
        let beyond = nearest(roads.network.graph(), &roads.exits(all, venues), None);
        Self { roads, labels, beyond, on_edge }
    }

    /// The median over the homes of the n-th cell, an unreached one being the farthest: half of them take
    /// no longer.
    pub(crate) fn of_cell(&self, cell: usize) -> Routed {
        let homes = self.roads.homes.of_cell(cell);
        if !self.roads.homes.covered[cell] {
            return Routed::Unsure;
        }
        let mut legs: Vec<Option<Leg>> = homes.iter().map(|home| self.of_snap(home)).collect();
        // No home could take less than by a road that leaves the data, or else what it takes now.
        let mut bounds: Vec<u32> = homes
            .iter()
            .zip(&legs)
            .map(|(home, leg)| {
                let ways = self.roads.network.departures(home);
                let times =
                    ways.filter_map(|(node, ride)| Some(self.beyond.get(node)?.0.saturating_add(ride)));
                times.chain(leg.map(|leg| leg.0)).min().unwrap_or(u32::MAX)
            })
            .collect();
        legs.sort_unstable_by_key(|leg| leg.map_or((true, (0, VenueIdx(0))), |leg| (false, leg)));
        bounds.sort_unstable();
        let Some(middle) = homes.len().checked_sub(1).map(|last| last / 2) else {
            return Routed::Sure(None);
        };
        let median = legs[middle];
        if bounds[middle] < median.map_or(u32::MAX, |leg| leg.0) {
            return Routed::Unsure;
        }
        Routed::Sure(
            median.and_then(|(time, venue)| Some((TravelTime::from_deciseconds(time.max(1))?, venue))),
        )
    }

    /// The nearest venue from a tied position.
    pub(crate) fn of_snap(&self, snap: &Snap) -> Option<Leg> {
        let by_nodes = self.roads.network.departures(snap).filter_map(|(node, ride)| {
            let (time, venue) = self.labels.get(node)?;
            Some((time.saturating_add(ride), VenueIdx(venue)))
        });
        let first = self.on_edge.partition_point(|(edge, _)| *edge < snap.edge);
        let here = self.on_edge[first..].iter().take_while(|(edge, _)| *edge == snap.edge);
        let along = here.filter_map(|&(_, venue)| {
            Some((self.roads.network.direct(snap, self.roads.venue(venue)?)?, venue))
        });
        by_nodes.chain(along).min()
    }
}
