//! The identifiers of nodes used, and their ranks.

use rayon::slice::ParallelSliceMut;

/// Identifiers sorted, each once: 8 bytes a node.
#[derive(Debug, Default)]
pub(super) struct Ids(Vec<i64>);

impl Ids {
    /// From mentions in any order.
    pub(super) fn of(mut mentions: Vec<i64>) -> Self {
        mentions.par_sort_unstable();
        mentions.dedup();
        Self(mentions)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The rank of an identifier, or where it would be, looked for from a rank near to it.
    ///
    /// Identifiers come in runs, so that a search by doubling steps from the last one found touches few
    /// cache lines, where a bisection of the whole touches thirty.
    pub(super) fn find(&self, near: usize, id: i64) -> Result<usize, usize> {
        let ids = self.0.as_slice();
        let near = near.min(ids.len());
        if ids.get(near) == Some(&id) {
            return Ok(near);
        }
        let before = |rank: usize| ids.get(rank).is_none_or(|&known| known < id);
        let mut step = 1;
        let (low, high) = if near < ids.len() && before(near) {
            while near + step < ids.len() && before(near + step) {
                step *= 2;
            }
            (near + step / 2, (near + step).min(ids.len()))
        } else {
            while step <= near && !before(near - step) {
                step *= 2;
            }
            (near.saturating_sub(step), near - step / 2)
        };
        let found = ids.get(low..high).unwrap_or_default().partition_point(|&known| known < id) + low;
        if ids.get(found) == Some(&id) { Ok(found) } else { Err(found) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_search_from_anywhere_finds_what_a_bisection_finds(
            mentions in proptest::collection::vec(-50_i64..50, 0..60),
            near in 0_usize..80,
            id in -60_i64..60,
        ) {
            let ids = Ids::of(mentions);
            prop_assert_eq!(ids.find(near, id), ids.0.binary_search(&id));
        }
    }
}
