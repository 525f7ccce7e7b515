//! What follows from the tables and is asked for again and again: made when first asked for, and kept.

use std::sync::{Arc, OnceLock};

use access::{Ground, PotentialAccess, Question, Supplies, WeekTable};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use territory::{Minutes, RankClass};

use crate::atlas::{Atlas, Bytes, FEW, KEPT_BYTES};

/// The hours open within a promise depend on the question, whatever it asks of hours, and on its minutes.
pub(crate) type WeekKey = (Question, Minutes);

/// The help shared depends on the question and on who counts.
pub(crate) type AplKey = (Question, Option<RankClass>);

/// What is derived from the tables of an atlas.
pub(crate) struct Derived {
    ground: OnceLock<Ground>,
    supplies: OnceLock<Option<Supplies>>,
    pub(crate) weeks: Cache<WeekKey, Arc<WeekTable>, Bytes>,
    pub(crate) apls: Cache<AplKey, Arc<PotentialAccess>, Bytes>,
}

impl Default for Derived {
    fn default() -> Self {
        Self {
            ground: OnceLock::new(),
            supplies: OnceLock::new(),
            weeks: Cache::with_weighter(FEW, KEPT_BYTES / 2, Bytes),
            apls: Cache::with_weighter(FEW, KEPT_BYTES / 2, Bytes),
        }
    }
}

impl Weighter<WeekKey, Arc<WeekTable>> for Bytes {
    fn weight(&self, _: &WeekKey, week: &Arc<WeekTable>) -> u64 {
        1 + 24 * week.len() as u64
    }
}

impl Weighter<AplKey, Arc<PotentialAccess>> for Bytes {
    fn weight(&self, _: &AplKey, access: &Arc<PotentialAccess>) -> u64 {
        1 + 8 * access.len() as u64
    }
}

impl Atlas {
    /// The cells of the grid, ready to be asked what is near each of them.
    pub(crate) fn ground(&self) -> &Ground {
        self.derived.ground.get_or_init(|| Ground::of(self.grid()))
    }

    /// How much help each venue gives; none when none says.
    pub(crate) fn supplies(&self) -> Option<&Supplies> {
        self.derived.supplies.get_or_init(|| Supplies::of(self.venues())).as_ref()
    }
}
