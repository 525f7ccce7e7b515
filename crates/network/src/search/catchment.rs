//! Who is within so long of a target, or where one gets from here in so long.
//!
//! A search that costs what it finds: nothing is cleared or read but the nodes visited.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::queue::Queue;
use super::{Endpoint, LONGEST};
use crate::graph::Arcs;

/// Of a node not visited.
const UNVISITED: u32 = u32::MAX;

/// How many catchments a thread takes at a time: few enough to share fairly.
const BATCH: usize = 64;

/// A node within reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Visit {
    /// The node.
    pub node: u32,
    /// How long the journey is, with the part before the first node.
    pub deciseconds: u32,
}

/// A search for what lies within reach, kept: asked again, it allocates nothing.
#[derive(Debug, Default)]
pub struct Catchment {
    times: Vec<u32>,
    queue: Queue,
    ripe: Vec<u32>,
    visits: Vec<Visit>,
}

impl Catchment {
    /// All nodes within `limit` deciseconds of the nearest of the endpoints, that one's offset
    /// counted, in increasing time.
    ///
    /// Along `graph.backward`, those that reach the endpoints; along `graph.forward`, those reached
    /// from there. The order of nodes of the same time depends on the arcs and the endpoints alone.
    ///
    /// # Panics
    /// If an endpoint names a node that does not exist.
    pub fn within(&mut self, arcs: Arcs<'_>, endpoints: &[Endpoint], limit: u32) -> &[Visit] {
        let limit = limit.min(LONGEST);
        for visit in self.visits.drain(..) {
            self.times[visit.node as usize] = UNVISITED;
        }
        self.times.resize(arcs.nodes(), UNVISITED);
        self.queue.reset();
        let Self { times, queue, ripe, visits } = self;
        let times = times.as_mut_slice();
        // Before anything is written: a search that stops here must leave no trace for the next.
        let exists = |end: &Endpoint| (end.node as usize) < times.len();
        assert!(endpoints.iter().all(exists), "an endpoint on a node that does not exist");
        for endpoint in endpoints {
            offer(times, queue, endpoint.node, endpoint.offset, limit);
        }
        while let Some(now) = queue.take(ripe) {
            for &node in &*ripe {
                if times[node as usize] == now {
                    visits.push(Visit { node, deciseconds: now });
                    for &[next, time] in arcs.of(node) {
                        offer(times, queue, next, now.saturating_add(time), limit);
                    }
                }
            }
        }
        visits
    }
}

/// Notes an earlier time, and queues the node for it. All that is queued will be visited.
#[inline]
fn offer(times: &mut [u32], queue: &mut Queue, node: u32, deciseconds: u32, limit: u32) {
    let time = &mut times[node as usize];
    if deciseconds < *time && deciseconds <= limit {
        *time = deciseconds;
        queue.push(deciseconds, node);
    }
}

/// What `each` makes of the catchment of every target, in the order of the targets.
///
/// `each` is given the rank of a target and the visits of its catchment, as [`Catchment::within`]
/// gives them, on one of the threads of the current rayon pool: what it returns depends on neither
/// their number nor their order. Each thread keeps 4 bytes a node.
///
/// # Panics
/// If an endpoint names a node that does not exist.
pub fn catchments<Target, Made>(
    arcs: Arcs<'_>,
    targets: &[Target],
    limit: u32,
    each: impl Fn(usize, &[Visit]) -> Made + Sync,
) -> Vec<Made>
where
    Target: AsRef<[Endpoint]> + Sync,
    Made: Send,
{
    // Taken by node: near targets have much in common, which the next one finds in the cache.
    let mut order: Vec<usize> = (0..targets.len()).collect();
    order.sort_by_key(|&rank| targets[rank].as_ref().first().map(|end| end.node));
    let idle: Mutex<Vec<Catchment>> = Mutex::default();
    let batches = order.par_chunks(BATCH).map(|ranks| {
        let mut catchment = idle.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let of = |&rank: &usize| {
            let visits = catchment.within(arcs, targets[rank].as_ref(), limit);
            (rank, each(rank, visits))
        };
        let made: Vec<(usize, Made)> = ranks.iter().map(of).collect();
        idle.lock().unwrap_or_else(PoisonError::into_inner).push(catchment);
        made
    });
    let mut made: Vec<(usize, Made)> = batches.collect::<Vec<_>>().into_iter().flatten().collect();
    made.sort_unstable_by_key(|&(rank, _)| rank);
    made.into_iter().map(|(_, made)| made).collect()
}
