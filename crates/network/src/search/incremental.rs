//! Nearest targets that follow when a target opens or closes.
//!
//! Costs what changes, not what there is. After any change the labels are those that
//! [`nearest`] would find anew, bit for bit.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::labels::{Labels, UNREACHED, ceiling, label_of, later, unpack};
use super::nearest::nearest;
use super::{Endpoint, Source, limit_or_longest};
use crate::graph::Graph;

/// The labels of all nodes, and the sources they come from.
///
/// Every call takes the graph the labels were made on. Changes are noted, to be undone, until
/// [`Live::forget`]: 12 bytes for each label that changed.
#[derive(Debug, Clone)]
pub struct Live {
    labels: Labels,
    sources: Sources,
    ceiling: u64,
    /// What each change replaced, the oldest first.
    replaced: Vec<(u32, u64)>,
    changes: Vec<Change>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
    region: Vec<u32>,
}

/// A node whose label changed. Labels are pairs of deciseconds and target; `None` is unreached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The node.
    pub node: u32,
    /// What it had.
    pub before: Option<(u32, u32)>,
    /// What it has now.
    pub after: Option<(u32, u32)>,
}

/// The sources, found by label and by node.
#[derive(Debug, Clone, Default)]
struct Sources {
    /// (label, node, offset)
    by_label: BTreeSet<(u32, u32, u32)>,
    /// (node, packed label)
    by_node: BTreeSet<(u32, u64)>,
    /// One bit a node: whether `by_node` is worth asking. Never cleared: at worst it is asked in vain.
    at: Vec<u64>,
}

/// One change made, as much as undoing it takes.
#[derive(Debug, Clone)]
struct Change {
    added: bool,
    sources: Vec<Source>,
    /// Where `replaced` began.
    begin: usize,
}

impl Live {
    /// The nearest targets as [`nearest`] finds them, ready to follow changes.
    ///
    /// # Panics
    /// If a source names a node that does not exist.
    pub fn new(graph: Graph<'_>, sources: &[Source], limit: Option<u32>) -> Self {
        let mut known = Sources { at: vec![0; graph.backward.nodes().div_ceil(64)], ..Sources::default() };
        for source in sources {
            known.insert(source);
        }
        Self {
            labels: nearest(graph, sources, limit),
            sources: known,
            ceiling: ceiling(limit_or_longest(limit)),
            replaced: Vec::new(),
            changes: Vec::new(),
            queue: BinaryHeap::new(),
            region: Vec::new(),
        }
    }

    /// The labels as they are now.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// All sources as they are now, by label.
    pub fn sources(&self) -> impl Iterator<Item = Source> + '_ {
        self.sources.by_label.iter().map(|&(label, node, offset)| Source { node, offset, label })
    }

    /// A target opens, or one that is there joins the graph in more places.
    ///
    /// Returns how many nodes changed their label: [`Live::moved`] names them.
    ///
    /// # Panics
    /// If an endpoint names a node that does not exist.
    pub fn add(&mut self, graph: Graph<'_>, label: u32, endpoints: &[Endpoint]) -> usize {
        // Before anything is written: what cannot be done must leave no trace.
        let exists = |end: &Endpoint| (end.node as usize) < self.labels.nodes();
        assert!(endpoints.iter().all(exists), "an endpoint on a node that does not exist");
        let begin = self.replaced.len();
        let mut sources = Vec::with_capacity(endpoints.len());
        for &Endpoint { node, offset } in endpoints {
            let source = Source { node, offset, label };
            if self.sources.insert(&source) {
                sources.push(source);
            }
            self.offer(node, source.packed());
        }
        self.spread(graph);
        self.changes.push(Change { added: true, sources, begin });
        self.replaced.len() - begin
    }

    /// A target closes, wherever it joined the graph.
    ///
    /// Returns how many nodes changed their label, those that had it nearest: [`Live::moved`] names them.
    /// A target that is not there changes nothing.
    pub fn remove(&mut self, graph: Graph<'_>, label: u32) -> usize {
        let begin = self.replaced.len();
        let sources = self.sources.of(label);
        for source in &sources {
            self.sources.remove(source);
        }
        self.reset_region(graph, label, &sources);
        let region = std::mem::take(&mut self.region);
        for &node in &region {
            self.seed(graph, node);
        }
        self.region = region;
        // What the region had is noted already; outside of it nothing changes.
        let noted = self.replaced.len();
        self.spread(graph);
        self.replaced.truncate(noted);
        self.changes.push(Change { added: false, sources, begin });
        self.replaced.len() - begin
    }

    /// The nodes whose label the last change replaced, each once; none when there is no change to undo.
    pub fn moved(&self) -> impl ExactSizeIterator<Item = Moved> + '_ {
        let begin = self.changes.last().map_or(self.replaced.len(), |change| change.begin);
        self.replaced[begin..].iter().map(|&(node, had)| Moved {
            node,
            before: unpack(had),
            after: self.labels.get(node),
        })
    }

    /// Takes back the last change that was not undone or forgotten yet; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(change) = self.changes.pop() else { return false };
        for (node, label) in self.replaced.drain(change.begin..).rev() {
            self.labels.0[node as usize] = label;
        }
        for source in &change.sources {
            if change.added {
                self.sources.remove(source);
            } else {
                self.sources.insert(source);
            }
        }
        true
    }

    /// Gives up undoing the changes made so far, and the memory that takes.
    pub fn forget(&mut self) {
        self.changes.clear();
        self.replaced.clear();
    }

    /// Queues a label for a node, if it is better.
    fn offer(&mut self, node: u32, offered: u64) {
        if offered < self.labels.0[node as usize] && offered <= self.ceiling {
            self.queue.push(Reverse((offered, node)));
        }
    }

    /// Settles what is queued, least label first: each node once. Notes what it replaces.
    fn spread(&mut self, graph: Graph<'_>) {
        while let Some(Reverse((label, node))) = self.queue.pop() {
            let had = &mut self.labels.0[node as usize];
            if label < *had {
                self.replaced.push((node, *had));
                *had = label;
                for &[next, time] in graph.backward.of(node) {
                    self.offer(next, later(label, time));
                }
            }
        }
    }

    /// Clears all labels of a target and notes them.
    ///
    /// A node that has the label is one of the sources, or an arc leads from it to another that has
    /// it: all are found from the sources against the arcs, without looking elsewhere.
    fn reset_region(&mut self, graph: Graph<'_>, label: u32, sources: &[Source]) {
        self.region.clear();
        let labels = self.labels.0.as_mut_slice();
        let mut reset = |node: u32, region: &mut Vec<u32>| {
            let had = &mut labels[node as usize];
            if *had != UNREACHED && label_of(*had) == label {
                self.replaced.push((node, *had));
                *had = UNREACHED;
                region.push(node);
            }
        };
        for source in sources {
            reset(source.node, &mut self.region);
        }
        let mut next = 0;
        while let Some(&node) = self.region.get(next) {
            for &[from, _] in graph.backward.of(node) {
                reset(from, &mut self.region);
            }
            next += 1;
        }
    }

    /// Queues the best a node that was reset gets from around it: other sources on it, and nodes
    /// outside the region.
    fn seed(&mut self, graph: Graph<'_>, node: u32) {
        let mut best = self.sources.least_at(node);
        for &[head, time] in graph.forward.of(node) {
            best = best.min(later(self.labels.0[head as usize], time));
        }
        if best != UNREACHED {
            self.offer(node, best);
        }
    }
}

impl Sources {
    /// Whether it was not there yet.
    fn insert(&mut self, source: &Source) -> bool {
        self.at[source.node as usize / 64] |= 1 << (source.node % 64);
        self.by_node.insert((source.node, source.packed()));
        self.by_label.insert((source.label, source.node, source.offset))
    }

    fn remove(&mut self, source: &Source) {
        self.by_node.remove(&(source.node, source.packed()));
        self.by_label.remove(&(source.label, source.node, source.offset));
    }

    /// All of a label.
    fn of(&self, label: u32) -> Vec<Source> {
        let range = self.by_label.range((label, 0, 0)..=(label, u32::MAX, u32::MAX));
        range.map(|&(label, node, offset)| Source { node, offset, label }).collect()
    }

    /// The least label the sources put on a node.
    fn least_at(&self, node: u32) -> u64 {
        if self.at[node as usize / 64] >> (node % 64) & 1 == 0 {
            return UNREACHED;
        }
        let first = self.by_node.range((node, 0)..=(node, UNREACHED)).next();
        first.map_or(UNREACHED, |&(_, packed)| packed)
    }
}
