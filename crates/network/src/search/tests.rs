//! The searches against answers found by hand, and against slow ones written apart.

mod by_hand;
mod live;
mod slow;
mod twins;

use super::{Endpoint, Source};
use crate::graph::GraphArrays;

fn source(node: u32, offset: u32, label: u32) -> Source {
    Source { node, offset, label }
}

fn end(node: u32, offset: u32) -> Endpoint {
    Endpoint { node, offset }
}

/// A road of so many nodes, both ways, each arc of the same time.
fn road(nodes: u32, deciseconds: u32) -> GraphArrays {
    let arcs = (1..nodes).flat_map(|n| [(n - 1, n, deciseconds), (n, n - 1, deciseconds)]).collect();
    GraphArrays::new(nodes as usize, arcs)
}

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    /// A number below `end`.
    fn below(&mut self, end: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % u64::from(end)) as u32
    }
}
