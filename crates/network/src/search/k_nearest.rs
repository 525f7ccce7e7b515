//! The k nearest targets of every node, for all nodes at once.

use super::labels::{UNREACHED, ceiling, label_of, later, time_of, unpack};
use super::nearest::BATCH;
use super::queue::Queue;
use super::{Source, limit_or_longest};
use crate::graph::Graph;

/// The most targets kept by node.
pub const MOST: usize = 16;

/// For every node its nearest targets, the nearest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    k: usize,
    /// `k` by node, ascending; [`UNREACHED`] after the last.
    labels: Vec<u64>,
}

impl Ranked {
    /// How many targets were asked for.
    pub fn k(&self) -> usize {
        self.k
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.labels.len() / self.k
    }

    /// The deciseconds to each of the nearest targets and its label, ascending, each target once; none
    /// for a node that does not exist.
    pub fn of(&self, node: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let begin = node as usize * self.k;
        let slots = self.labels.get(begin..begin + self.k).unwrap_or_default();
        slots.iter().map_while(|&packed| unpack(packed))
    }
}

/// For every node the `k` least (deciseconds, label) of different labels, none farther than `limit`.
///
/// `k` is brought between 1 and [`MOST`].
///
/// # Panics
/// If a source names a node that does not exist.
pub fn k_nearest(graph: Graph<'_>, sources: &[Source], k: usize, limit: Option<u32>) -> Ranked {
    let k = k.clamp(1, MOST);
    let backward = graph.backward;
    let ceiling = ceiling(limit_or_longest(limit));
    let mut labels = vec![UNREACHED; backward.nodes() * k];
    let mut queue = Queue::default();
    for source in sources {
        offer(&mut labels, k, &mut queue, source.node, source.packed(), ceiling);
    }
    let mut ripe = Vec::new();
    let mut due: Vec<(u64, u32)> = Vec::new();
    let mut offers: Vec<(u64, u32)> = Vec::new();
    while let Some(now) = queue.take(&mut ripe) {
        for batch in ripe.chunks(BATCH) {
            due.clear();
            for &node in batch {
                // Those before were spread when it was their time, those after will be.
                let slots = slots(&mut labels, k, node).iter();
                due.extend(slots.filter(|&&label| time_of(label) == now).map(|&label| (label, node)));
            }
            offers.clear();
            for &(label, node) in &due {
                for &[next, time] in backward.of(node) {
                    let offered = later(label, time);
                    if offered < labels[next as usize * k + k - 1] {
                        offers.push((offered, next));
                    }
                }
            }
            for &(offered, next) in &offers {
                offer(&mut labels, k, &mut queue, next, offered, ceiling);
            }
        }
    }
    Ranked { k, labels }
}

/// The labels of a node.
fn slots(labels: &mut [u64], k: usize, node: u32) -> &mut [u64] {
    &mut labels[node as usize * k..][..k]
}

/// Keeps a label that is among the k least of different targets, and queues the node for its time.
///
/// A target the node has already is moved forward, not added: its duplicates never enter the queue.
/// A node that has a label of that time is in the queue for it, and need not enter again.
#[inline]
fn offer(labels: &mut [u64], k: usize, queue: &mut Queue, node: u32, offered: u64, ceiling: u64) {
    let slots = slots(labels, k, node);
    if offered >= slots[k - 1] || offered > ceiling {
        return;
    }
    // One of this target is moved, else the last one leaves.
    let same = |&label: &u64| label != UNREACHED && label_of(label) == label_of(offered);
    let mut rank = slots.iter().position(same).unwrap_or(k - 1);
    if slots[rank] <= offered {
        return;
    }
    while rank > 0 && slots[rank - 1] > offered {
        slots[rank] = slots[rank - 1];
        rank -= 1;
    }
    slots[rank] = offered;
    let at = |label: u64| label != UNREACHED && time_of(label) == time_of(offered);
    let waits = rank > 0 && at(slots[rank - 1]) || rank + 1 < k && at(slots[rank + 1]);
    if !waits {
        queue.push(time_of(offered), node);
    }
}
