//! Strongly connected components: from any node of one, every other of it is reached and reaches back.

use crate::graph::Graph;

/// The components of a graph.
pub(crate) struct Components {
    /// The component of each node, named by one of its nodes.
    pub(crate) names: Vec<u32>,
    /// How many nodes there are in the component of each node.
    pub(crate) sizes: Vec<u32>,
}

/// Tarjan's algorithm ("Depth-first search and linear graph algorithms", 1972) with a stack of its own:
/// a country is too deep to recurse into.
pub(crate) fn components(graph: &Graph<'_>) -> Components {
    let nodes = graph.forward.nodes();
    let mut order = vec![0u32; nodes];
    let mut low = vec![0u32; nodes];
    let mut open: Vec<u32> = Vec::new();
    let mut sizes = vec![0u32; nodes];
    let mut names = vec![0u32; nodes];
    let mut path: Vec<(u32, u32)> = Vec::new();
    let mut next = 1;
    for root in 0..nodes as u32 {
        if order[root as usize] != 0 {
            continue;
        }
        path.push((root, 0));
        while let Some((node, arc)) = path.pop() {
            let n = node as usize;
            if arc == 0 {
                (order[n], low[n]) = (next, next);
                next += 1;
                open.push(node);
            }
            let rest = graph.forward.of(node).get(arc as usize);
            if let Some(&[head, _]) = rest {
                path.push((node, arc + 1));
                let h = head as usize;
                if order[h] == 0 {
                    path.push((head, 0));
                } else if sizes[h] == 0 {
                    low[n] = low[n].min(order[h]);
                }
                continue;
            }
            if low[n] == order[n] {
                let first = open.iter().rposition(|&o| o == node).unwrap_or(0);
                let size = (open.len() - first) as u32;
                for member in open.drain(first..) {
                    (names[member as usize], sizes[member as usize]) = (node, size);
                }
            }
            if let Some(&(parent, _)) = path.last() {
                let p = parent as usize;
                // A component that is closed is none of the parent's.
                if sizes[n] == 0 {
                    low[p] = low[p].min(low[n]);
                }
            }
        }
    }
    Components { names, sizes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::GraphArrays;
    use proptest::prelude::*;

    #[test]
    fn two_towns_joined_by_a_one_way_road_are_two_components() {
        let arcs = vec![(0, 1, 5), (1, 0, 5), (1, 2, 9), (2, 3, 5), (3, 4, 5), (4, 2, 5)];
        let arrays = GraphArrays::new(6, arcs);
        assert_eq!(components(&arrays.graph()).sizes, [2, 2, 3, 3, 3, 1]);
    }

    proptest! {
        #[test]
        fn a_component_is_those_one_reaches_and_that_reach_back(
            arcs in prop::collection::vec((0u32..12, 0u32..12), 0..30),
        ) {
            let arrays = GraphArrays::new(12, arcs.iter().map(|&(a, b)| (a, b, 1)).collect());
            // The slow twin: transitive closure.
            let mut reach = [[false; 12]; 12];
            for (i, from) in reach.iter_mut().enumerate() { from[i] = true; }
            for &(a, b) in &arcs { reach[a as usize][b as usize] = true; }
            for k in 0..12 { for i in 0..12 { for j in 0..12 {
                reach[i][j] |= reach[i][k] && reach[k][j];
            } } }
            let expected: Vec<u32> = (0..12)
                .map(|i| (0..12).filter(|&j| reach[i][j] && reach[j][i]).count() as u32)
                .collect();
            prop_assert_eq!(components(&arrays.graph()).sizes, expected);
        }
    }
}
