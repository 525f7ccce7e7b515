//! The searches: exact, on the bare graph, with nothing prepared beforehand.
//!
//! | the question | here |
//! |---|---|
//! | which target is nearest to every node, and how far? | [`nearest`] |
//! | and if one opened here, or that one closed? | [`incremental::Live`] |
//! | which are the k nearest? | [`k_nearest`] |
//! | who reaches this target within so long, or where does one get from here? | [`catchment`] |
//! | by which way, from here to there? | [`route`] |
//! | is a table of times right? | [`certificate`] |
//!
//! All times are whole deciseconds. A journey of `u32::MAX` deciseconds (13 years) or more does not
//! exist: no time overflows, the node counts as not reached.
//!
//! Of two equal times the smaller label wins, everywhere, so that an answer depends on the graph and
//! the sources alone: not on the order they are given in, nor on what was searched before.

pub mod catchment;
pub mod certificate;
pub mod incremental;
pub mod k_nearest;
pub mod labels;
pub mod nearest;
mod queue;
pub mod route;

#[cfg(test)]
mod tests;

/// Where a target joins the graph; one target may have several sources, and a node several targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The node it hangs on.
    pub node: u32,
    /// Deciseconds between the node and the target.
    pub offset: u32,
    /// What the caller calls the target; the smaller one wins ties.
    pub label: u32,
}

/// Where a journey joins the graph, at either end of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// The node it hangs on.
    pub node: u32,
    /// Deciseconds between the node and the place itself.
    pub offset: u32,
}

/// The longest time there is; also what a limit stands for when there is none.
const LONGEST: u32 = u32::MAX - 1;

/// The limit of a search, when there is none the longest time there is.
fn limit_or_longest(limit: Option<u32>) -> u32 {
    limit.map_or(LONGEST, |limit| limit.min(LONGEST))
}
