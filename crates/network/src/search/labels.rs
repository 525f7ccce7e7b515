//! What a search writes on every node: the time to a target, and which.

use super::Source;

/// Of a node that reaches no target.
pub(super) const UNREACHED: u64 = u64::MAX;

/// A time and a label in one number: its order is that of (time, label), and a longer way is one
/// addition.
pub(super) const fn pack(deciseconds: u32, label: u32) -> u64 {
    (deciseconds as u64) << 32 | label as u64
}

/// The time of a packed label.
pub(super) const fn time_of(packed: u64) -> u32 {
    (packed >> 32) as u32
}

/// The target of a packed label.
pub(super) const fn label_of(packed: u64) -> u32 {
    packed as u32
}

/// A packed label seen from the other end of an arc; [`UNREACHED`] where the time would overflow.
pub(super) const fn later(packed: u64, deciseconds: u32) -> u64 {
    packed.saturating_add((deciseconds as u64) << 32)
}

/// The largest packed label whose time is within a limit.
pub(super) const fn ceiling(limit: u32) -> u64 {
    pack(limit, u32::MAX)
}

impl Source {
    /// The label it puts on its own node.
    pub(super) const fn packed(&self) -> u64 {
        pack(self.offset, self.label)
    }
}

/// For every node the time to its nearest target, and which target that is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Labels(pub(super) Vec<u64>);

impl Labels {
    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.0.len()
    }

    /// The deciseconds to the nearest target and its label; `None` where no target is reached, and
    /// for a node that does not exist.
    #[inline]
    pub fn get(&self, node: u32) -> Option<(u32, u32)> {
        self.0.get(node as usize).and_then(|&packed| unpack(packed))
    }

    /// The same of every node, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Option<(u32, u32)>> + '_ {
        self.0.iter().map(|&packed| unpack(packed))
    }

    /// All unreached, in the memory there is.
    pub(super) fn reset(&mut self, nodes: usize) {
        self.0.clear();
        self.0.resize(nodes, UNREACHED);
    }
}

/// The time and the label, if there is one.
#[inline]
pub(super) const fn unpack(packed: u64) -> Option<(u32, u32)> {
    if packed == UNREACHED { None } else { Some((time_of(packed), label_of(packed))) }
}
