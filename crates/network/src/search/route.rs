//! One journey: how long, and along which nodes.

use super::queue::Queue;
use super::{Endpoint, limit_or_longest};
use crate::graph::Graph;

/// Of a node not reached.
const UNREACHED: u32 = u32::MAX;

/// The quickest journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// How long it takes, with the offsets of both ends.
    pub deciseconds: u32,
    /// The nodes it passes, the first and the last included.
    pub nodes: Vec<u32>,
    /// The rank, among the origins, of the one it leaves.
    pub origin: usize,
    /// The rank, among the destinations, of the one it reaches.
    pub destination: usize,
}

/// A search for the quickest journey, kept: asked again, it allocates nothing but the answer.
#[derive(Debug, Default)]
pub struct Router {
    times: Vec<u32>,
    touched: Vec<u32>,
    queue: Queue,
    ripe: Vec<u32>,
}

/// A destination reached, ordered by what makes it the better.
type Arrival = (u32, usize);

impl Router {
    /// The quickest journey from one of the origins to one of the destinations, no longer than
    /// `limit`; `None` if there is none.
    ///
    /// Of equally quick journeys: the destination of least rank; from there back, always the node of
    /// least rank; and the origin of least rank, as soon as there is one.
    ///
    /// # Panics
    /// If an origin names a node that does not exist.
    pub fn route(
        &mut self,
        graph: Graph<'_>,
        origins: &[Endpoint],
        destinations: &[Endpoint],
        limit: Option<u32>,
    ) -> Option<Route> {
        let (deciseconds, destination) =
            self.settle(graph, origins, destinations, limit_or_longest(limit))?;
        let mut nodes = vec![destinations[destination].node];
        let origin = self.walk_back(graph, origins, &mut nodes)?;
        nodes.reverse();
        Some(Route { deciseconds, nodes, origin, destination })
    }

    /// Spreads from the origins until no destination can be reached earlier than the best so far.
    fn settle(
        &mut self,
        graph: Graph<'_>,
        origins: &[Endpoint],
        destinations: &[Endpoint],
        limit: u32,
    ) -> Option<Arrival> {
        for node in self.touched.drain(..) {
            self.times[node as usize] = UNREACHED;
        }
        self.times.resize(graph.forward.nodes(), UNREACHED);
        self.queue.reset();
        let mut at: Vec<(u32, usize)> =
            destinations.iter().enumerate().map(|(rank, end)| (end.node, rank)).collect();
        at.sort_unstable();
        for origin in origins {
            self.offer(origin.node, origin.offset, limit);
        }
        let mut best: Option<Arrival> = None;
        let mut ripe = std::mem::take(&mut self.ripe);
        while let Some(now) = self.queue.take(&mut ripe) {
            // At equal times another destination may still come first by rank: it has to lie at now.
            if best.is_some_and(|(deciseconds, _)| deciseconds < now) {
                break;
            }
            for &node in &ripe {
                if self.times[node as usize] != now {
                    continue;
                }
                let here = at.partition_point(|&(n, _)| n < node);
                for &(_, rank) in at[here..].iter().take_while(|&&(n, _)| n == node) {
                    let arrival = (now.saturating_add(destinations[rank].offset), rank);
                    if arrival.0 <= limit && best.is_none_or(|best| arrival < best) {
                        best = Some(arrival);
                    }
                }
                for &[next, time] in graph.forward.of(node) {
                    self.offer(next, now.saturating_add(time), limit);
                }
            }
        }
        self.ripe = ripe;
        best
    }

    /// Notes an earlier time, and queues the node for it.
    #[inline]
    fn offer(&mut self, node: u32, deciseconds: u32, limit: u32) {
        let time = &mut self.times[node as usize];
        if deciseconds < *time && deciseconds <= limit {
            if *time == UNREACHED {
                self.touched.push(node);
            }
            *time = deciseconds;
            self.queue.push(deciseconds, node);
        }
    }

    /// Adds the nodes before the last one, and finds the origin they come from.
    ///
    /// No predecessor was noted on the way: a node from which an arc leads here in exactly the
    /// difference of times is one, and its own time, being less, is final.
    fn walk_back(&self, graph: Graph<'_>, origins: &[Endpoint], nodes: &mut Vec<u32>) -> Option<usize> {
        loop {
            let here = *nodes.last()?;
            let time = self.times[here as usize];
            let starts = |end: &Endpoint| end.node == here && end.offset == time;
            if let Some(rank) = origins.iter().position(starts) {
                return Some(rank);
            }
            let arcs = graph.backward.of(here).iter();
            let tight = arcs.filter(|&&[from, arc]| self.times[from as usize].checked_add(arc) == Some(time));
            nodes.push(tight.map(|&[from, _]| from).min()?);
        }
    }
}
