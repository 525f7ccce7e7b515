//! Checks labels without searching.
//!
//! Labels are right exactly when on every node the label is the least of what the node's sources put
//! there and what its arcs offer. None can then be too large, by induction along the quickest way to a
//! target; and none too small, as what attains it attains it in turn, each time in less time, down to a
//! source. One look at every arc, in order.

use super::labels::{Labels, UNREACHED, ceiling, later, unpack};
use super::{Source, limit_or_longest};
use crate::graph::Graph;

/// What was proved: every label is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Certificate {
    /// Nodes that reach a target, each in exactly the time of its label.
    pub reached: usize,
    /// Nodes of which it is certain that they reach none (within the limit).
    pub unreached: usize,
    /// Arcs none of which offers better than what the node has.
    pub arcs: usize,
    /// Sources none of which offers better than what its node has.
    pub sources: usize,
}

/// Where labels are wrong first. Labels are pairs of deciseconds and target; `None` is unreached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// The labels are those of another graph.
    #[error("labels of {labels} nodes for a graph of {nodes}")]
    Nodes {
        /// Of the labels.
        labels: usize,
        /// Of the graph.
        nodes: usize,
    },
    /// A source names a node that does not exist.
    #[error("a source on node {node}, of {nodes}")]
    NoSuchNode {
        /// Of the source.
        node: u32,
        /// Of the graph.
        nodes: usize,
    },
    /// A source or an arc offers better: the triangle inequality fails.
    #[error("node {node} has {has:?} where {offered:?} is offered")]
    Improvable {
        /// The node.
        node: u32,
        /// Its label.
        has: Option<(u32, u32)>,
        /// The best of what it is offered.
        offered: Option<(u32, u32)>,
    },
    /// Neither a source nor an arc gives it.
    #[error("node {node} has {has:?}, which nothing attains: the best offered is {offered:?}")]
    Unattained {
        /// The node.
        node: u32,
        /// Its label.
        has: Option<(u32, u32)>,
        /// The best of what it is offered.
        offered: Option<(u32, u32)>,
    },
}

/// Proves that labels are those of the nearest targets within `limit`, ties included, or says where
/// they are not.
pub fn certify(
    graph: Graph<'_>,
    sources: &[Source],
    labels: &Labels,
    limit: Option<u32>,
) -> Result<Certificate, Violation> {
    let forward = graph.forward;
    let nodes = forward.nodes();
    if labels.nodes() != nodes {
        return Err(Violation::Nodes { labels: labels.nodes(), nodes });
    }
    let ceiling = ceiling(limit_or_longest(limit));
    let mut by_node: Vec<(u32, u64)> = sources.iter().map(|source| (source.node, source.packed())).collect();
    by_node.sort_unstable();
    if let Some(&(node, _)) = by_node.last().filter(|&&(node, _)| node as usize >= nodes) {
        return Err(Violation::NoSuchNode { node, nodes });
    }
    let mut waiting = by_node.iter().peekable();
    let labels = labels.0.as_slice();
    let mut reached = 0;
    for (node, &has) in labels.iter().enumerate() {
        let mut offered = UNREACHED;
        while let Some(&(_, packed)) = waiting.next_if(|&&(at, _)| at as usize == node) {
            offered = offered.min(packed);
        }
        for &[head, time] in forward.of(node as u32) {
            offered = offered.min(later(labels[head as usize], time));
        }
        if offered > ceiling {
            offered = UNREACHED;
        }
        if has != offered {
            let (node, better) = (node as u32, offered < has);
            let (has, offered) = (unpack(has), unpack(offered));
            return Err(if better {
                Violation::Improvable { node, has, offered }
            } else {
                Violation::Unattained { node, has, offered }
            });
        }
        reached += usize::from(has != UNREACHED);
    }
    Ok(Certificate { reached, unreached: nodes - reached, arcs: forward.arcs.len(), sources: sources.len() })
}
