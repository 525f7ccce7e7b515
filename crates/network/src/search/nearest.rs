//! The nearest target of every node, for all nodes at once.
//!
//! One Dijkstra from all targets together, against the arcs: a label spreads over the nodes that have
//! it nearest and stops where another's begin. So the work is that of a single search, whatever the
//! number of targets.

use super::labels::{Labels, UNREACHED, ceiling, later, time_of};
use super::queue::Queue;
use super::{Source, limit_or_longest};
use crate::graph::{Arcs, Graph};

/// How many nodes of one time are handled together. Their reads of memory do not depend on each other:
/// done side by side, the processor waits for all at once.
pub(super) const BATCH: usize = 64;

/// For every node the nearest of the sources' targets: the least (deciseconds, label), no farther
/// than `limit`.
///
/// # Panics
/// If a source names a node that does not exist.
pub fn nearest(graph: Graph<'_>, sources: &[Source], limit: Option<u32>) -> Labels {
    let mut labels = Labels::default();
    Nearest::default().search(graph, sources, limit, &mut labels);
    labels
}

/// A search for the nearest, kept: asked again, it allocates nothing.
#[derive(Debug, Default)]
pub struct Nearest {
    queue: Queue,
    ripe: Vec<u32>,
    settled: Vec<Settled>,
    relaxed: Vec<Relaxed>,
}

/// A node whose label is final, and where its arcs are.
#[derive(Debug, Clone, Copy)]
struct Settled {
    label: u64,
    arcs: [u32; 2],
}

/// A label that an arc offers to a node, and what the node had.
#[derive(Debug, Clone, Copy)]
struct Relaxed {
    offered: u64,
    had: u64,
    node: u32,
}

impl Nearest {
    /// As [`nearest`], into labels whose memory serves again.
    ///
    /// # Panics
    /// If a source names a node that does not exist.
    pub fn search(&mut self, graph: Graph<'_>, sources: &[Source], limit: Option<u32>, labels: &mut Labels) {
        let backward = graph.backward;
        labels.reset(backward.nodes());
        self.queue.reset();
        let ceiling = ceiling(limit_or_longest(limit));
        let labels = labels.0.as_mut_slice();
        for source in sources {
            if source.packed() <= ceiling {
                offer(labels, &mut self.queue, source.node, source.packed());
            }
        }
        while let Some(now) = self.queue.take(&mut self.ripe) {
            for batch in self.ripe.chunks(BATCH) {
                self.settled.clear();
                self.settled.extend(settle(backward, labels, batch, now));
                self.relaxed.clear();
                for settled in &self.settled {
                    let [begin, end] = settled.arcs.map(|rank| rank as usize);
                    self.relaxed.extend(backward.arcs[begin..end].iter().map(|&[node, time]| Relaxed {
                        offered: later(settled.label, time),
                        had: labels[node as usize],
                        node,
                    }));
                }
                for relaxed in &self.relaxed {
                    if relaxed.offered < relaxed.had && relaxed.offered <= ceiling {
                        offer(labels, &mut self.queue, relaxed.node, relaxed.offered);
                    }
                }
            }
        }
    }
}

/// The nodes that are due now; those that an earlier time has settled since they were queued are not.
///
/// Each is due once: a node is queued only when its time drops.
fn settle(backward: Arcs<'_>, labels: &[u64], ripe: &[u32], now: u32) -> impl Iterator<Item = Settled> {
    ripe.iter().filter_map(move |&node| {
        let node = node as usize;
        let label = labels[node];
        (time_of(label) == now)
            .then(|| Settled { label, arcs: [backward.first[node], backward.first[node + 1]] })
    })
}

/// Writes a better label, and queues the node if its time dropped.
///
/// A smaller label of the same time needs no queueing: arcs take at least 1, so the node is still
/// waiting for that time, and its label is read when it comes.
#[inline]
fn offer(labels: &mut [u64], queue: &mut Queue, node: u32, offered: u64) {
    let label = &mut labels[node as usize];
    if offered < *label {
        let drops = time_of(offered) < time_of(*label) || *label == UNREACHED;
        *label = offered;
        if drops {
            queue.push(time_of(offered), node);
        }
    }
}
