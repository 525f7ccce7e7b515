//! What lies within an estimated time, told from the straight distance wherever that is enough.

use network::crow_fly;
use territory::{Meters, Mode, Position, TravelTime};

use crate::ground::{Cap, Ground, MARGIN, square};
use crate::nearest_of_many::time;

/// A metre, so that no rounding of the distance matters where the time is not looked at.
const METRE: Meters = Meters(1.0);

/// An estimated time not to be exceeded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limit {
    pub(crate) mode: Mode,
    pub(crate) time: TravelTime,
    /// A straight distance at which the time is surely no longer; less than 0 where none is.
    within: f64,
    /// A straight distance past which it surely is.
    beyond: f64,
}

/// Where a cap lies towards a limit around a venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// All of it within.
    Within,
    /// Some of it, maybe.
    Across,
    /// None of it.
    Beyond,
}

impl Limit {
    pub(crate) fn new(mode: Mode, limit: TravelTime) -> Self {
        let reach = |deciseconds: u32| {
            TravelTime::from_deciseconds(deciseconds).map_or(Meters(0.0), |time| crow_fly::reach(mode, time))
        };
        let Meters(shorter) = reach(limit.deciseconds() - 1);
        let Meters(longer) = reach(limit.deciseconds().saturating_add(1));
        let surely = shorter - METRE.0;
        Self {
            mode,
            time: limit,
            within: if surely > 0.0 { Meters(surely).chord() } else { -1.0 },
            beyond: Meters(longer + METRE.0).chord(),
        }
    }

    pub(crate) fn side(&self, cap: &Cap, venue: [f64; 3]) -> Side {
        let distance = square(cap.centre, venue).sqrt();
        if distance - cap.radius > self.beyond + MARGIN {
            Side::Beyond
        } else if distance + cap.radius + MARGIN < self.within {
            Side::Within
        } else {
            Side::Across
        }
    }

    /// The time from a cell to a venue, none when it is longer than the limit.
    pub(crate) fn time(
        &self,
        ground: &Ground,
        cell: usize,
        venue: [f64; 3],
        at: Position,
    ) -> Option<TravelTime> {
        let square = square(ground.point(cell), venue);
        if square > self.beyond * self.beyond {
            return None;
        }
        Some(time(ground, cell, at, self.mode, square)).filter(|time| *time <= self.time)
    }

    /// Whether it is not.
    pub(crate) fn holds(&self, ground: &Ground, cell: usize, venue: [f64; 3], at: Position) -> bool {
        let square = square(ground.point(cell), venue);
        (self.within > 0.0 && square < self.within * self.within)
            || (square <= self.beyond * self.beyond && self.time(ground, cell, venue, at).is_some())
    }
}
