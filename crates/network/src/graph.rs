//! The bare graph that searches run on: nodes, and arcs with a time.

/// An arc: the node it leads to, and how long it takes in deciseconds, never 0.
pub type Arc = [u32; 2];

/// The arcs of every node, one after the other: compressed sparse rows.
///
/// The arcs of node n are `arcs[first[n]..first[n + 1]]`.
#[derive(Debug, Clone, Copy)]
pub struct Arcs<'a> {
    /// Where the arcs of each node begin, and the end: one more than there are nodes.
    pub first: &'a [u32],
    /// The arcs.
    pub arcs: &'a [Arc],
}

impl<'a> Arcs<'a> {
    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The arcs of a node.
    #[inline]
    pub fn of(&self, node: u32) -> &'a [Arc] {
        &self.arcs[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }
}

/// A directed graph seen from both ends.
///
/// `forward.of(u)` holds `[v, t]` exactly when `backward.of(v)` holds `[u, t]`.
#[derive(Debug, Clone, Copy)]
pub struct Graph<'a> {
    /// Arcs by the node they leave.
    pub forward: Arcs<'a>,
    /// Arcs by the node they reach; each names the node it leaves.
    pub backward: Arcs<'a>,
}

/// The arrays of a graph in the making.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GraphArrays {
    /// As [`Arcs::first`], forward then backward.
    pub first: [Vec<u32>; 2],
    /// As [`Arcs::arcs`], forward then backward.
    pub arcs: [Vec<Arc>; 2],
}

impl GraphArrays {
    /// From arcs `(from, to, deciseconds)` in any order. Of several from one node to another the
    /// quickest stays; arcs from a node to itself are left out; a time of 0 becomes 1.
    ///
    /// # Panics
    /// If an arc names a node of rank `nodes` or more.
    pub fn new(nodes: usize, mut arcs: Vec<(u32, u32, u32)>) -> Self {
        arcs.retain(|(from, to, _)| from != to);
        arcs.sort_unstable();
        arcs.dedup_by_key(|(from, to, _)| (*from, *to));
        let forward = rows(nodes, &arcs, |&(from, to, time)| (from, [to, time.max(1)]));
        let backward = rows(nodes, &arcs, |&(from, to, time)| (to, [from, time.max(1)]));
        Self { first: [forward.0, backward.0], arcs: [forward.1, backward.1] }
    }

    /// The graph they hold.
    pub fn graph(&self) -> Graph<'_> {
        let side = |i: usize| Arcs { first: &self.first[i], arcs: &self.arcs[i] };
        Graph { forward: side(0), backward: side(1) }
    }
}

/// A counting sort by node, stable.
fn rows<T>(nodes: usize, arcs: &[T], row: impl Fn(&T) -> (u32, Arc)) -> (Vec<u32>, Vec<Arc>) {
    let mut first = vec![0u32; nodes + 1];
    for arc in arcs {
        first[row(arc).0 as usize + 1] += 1;
    }
    for node in 0..nodes {
        first[node + 1] += first[node];
    }
    let mut next = first.clone();
    let mut sorted = vec![[0; 2]; arcs.len()];
    for arc in arcs {
        let (node, arc) = row(arc);
        let slot = &mut next[node as usize];
        sorted[*slot as usize] = arc;
        *slot += 1;
    }
    (first, sorted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arcs_are_seen_from_both_ends_and_the_quickest_of_twins_stays() {
        let arrays = GraphArrays::new(3, vec![(0, 1, 7), (2, 1, 4), (0, 1, 5), (1, 1, 3), (1, 2, 0)]);
        let graph = arrays.graph();
        assert_eq!(graph.forward.nodes(), 3);
        assert_eq!(graph.forward.of(0), [[1, 5]]);
        assert_eq!(graph.forward.of(1), [[2, 1]], "no loop, and no time of 0");
        assert_eq!(graph.backward.of(1), [[0, 5], [2, 4]]);
        assert_eq!(graph.backward.of(0), [[0u32; 2]; 0]);
    }
}
