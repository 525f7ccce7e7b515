//! The slow twins: Bellman and Ford, on lists of arcs, until nothing changes.

use super::super::{Endpoint, Source};
use crate::graph::Graph;

/// The arcs (from, to, deciseconds), from the forward side.
pub(super) fn arcs(graph: Graph<'_>) -> Vec<(usize, usize, u64)> {
    (0..graph.forward.nodes())
        .flat_map(|from| {
            let of = graph.forward.of(from as u32).iter();
            of.map(move |&[to, time]| (from, to as usize, u64::from(time)))
        })
        .collect()
}

/// The least of what the node starts with and what `offers` says an arc brings, until stable.
fn settle<T: Ord + Copy>(
    mut best: Vec<Option<T>>,
    arcs: &[(usize, usize, u64)],
    longer: impl Fn(T, u64) -> Option<T>,
) -> Vec<Option<T>> {
    loop {
        let mut changed = false;
        for &(to, from, time) in arcs {
            if let Some(offered) = best[from].and_then(|had| longer(had, time))
                && best[to].is_none_or(|had| offered < had)
            {
                best[to] = Some(offered);
                changed = true;
            }
        }
        if !changed {
            return best;
        }
    }
}

/// The longest journey a limit allows.
fn longest(limit: Option<u32>) -> u64 {
    u64::from(limit.unwrap_or(u32::MAX).min(u32::MAX - 1))
}

/// By node the least (deciseconds, label).
pub(super) fn nearest(graph: Graph<'_>, sources: &[Source], limit: Option<u32>) -> Vec<Option<(u32, u32)>> {
    let mut start = vec![None; graph.forward.nodes()];
    for source in sources {
        let label = (u64::from(source.offset), source.label);
        if label.0 <= longest(limit) {
            let best = &mut start[source.node as usize];
            *best = Some(best.map_or(label, |had: (u64, u32)| had.min(label)));
        }
    }
    let longer = |(t, label), time| (t + time <= longest(limit)).then_some((t + time, label));
    let best = settle(start, &arcs(graph), longer);
    best.into_iter().map(|best| best.map(|(t, label)| (t as u32, label))).collect()
}

/// By node the k least (deciseconds, label): one search for each label.
pub(super) fn k_nearest(
    graph: Graph<'_>,
    sources: &[Source],
    k: usize,
    limit: Option<u32>,
) -> Vec<Vec<(u32, u32)>> {
    let mut labels: Vec<u32> = sources.iter().map(|s| s.label).collect();
    labels.sort_unstable();
    labels.dedup();
    let mut by_node = vec![Vec::new(); graph.forward.nodes()];
    for label in labels {
        let of: Vec<Source> = sources.iter().filter(|s| s.label == label).copied().collect();
        for (node, best) in nearest(graph, &of, limit).into_iter().enumerate() {
            by_node[node].extend(best);
        }
    }
    for best in &mut by_node {
        best.sort_unstable();
        best.truncate(k);
    }
    by_node
}

/// By node the time from the nearest of the endpoints, along the arcs.
pub(super) fn from(graph: Graph<'_>, endpoints: &[Endpoint], limit: Option<u32>) -> Vec<Option<u32>> {
    let turned = Graph { forward: graph.backward, backward: graph.forward };
    to(turned, endpoints, limit)
}

/// By node the time to the nearest of the endpoints.
pub(super) fn to(graph: Graph<'_>, endpoints: &[Endpoint], limit: Option<u32>) -> Vec<Option<u32>> {
    let sources: Vec<Source> =
        endpoints.iter().map(|end| Source { node: end.node, offset: end.offset, label: 0 }).collect();
    nearest(graph, &sources, limit).into_iter().map(|best| best.map(|(time, _)| time)).collect()
}
