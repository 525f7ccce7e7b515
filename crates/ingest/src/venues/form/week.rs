//! A week of slots, day by day, and its text in OSM's `opening_hours`.

use std::fmt::Write as _;

use super::french;
use crate::refusal::{Findings, Kind};

/// A slot of a day: first minute open, first minute closed, since midnight.
pub(crate) type Slot = (u16, u16);

/// The last minute of a day.
pub(crate) const MIDNIGHT: u16 = 24 * 60;

/// OSM's names of the days, Monday first.
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The slots of each day, Monday first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Week([Vec<Slot>; 7]);

impl Week {
    /// Adds slots to a day.
    pub(crate) fn add(&mut self, day: usize, slots: &[Slot]) {
        if let Some(of_day) = self.0.get_mut(day) {
            of_day.extend_from_slice(slots);
            of_day.sort_unstable();
        }
    }

    /// The slots of a day.
    pub(crate) fn of(&self, day: usize) -> &[Slot] {
        self.0.get(day).map_or(&[], Vec::as_slice)
    }

    /// Whether nothing is open.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }

    /// Joins the slots of a day that overlap or touch, and says whether some overlapped.
    pub(crate) fn join(&mut self) -> bool {
        let mut overlapped = false;
        for day in &mut self.0 {
            let mut joined: Vec<Slot> = Vec::with_capacity(day.len());
            for &(from, to) in day.iter() {
                match joined.last_mut() {
                    Some(last) if from <= last.1 => {
                        overlapped |= from < last.1;
                        last.1 = last.1.max(to);
                    }
                    _ => joined.push((from, to)),
                }
            }
            *day = joined;
        }
        overlapped
    }

    /// Its text, days that follow one another with the same slots grouped: `Mo-Fr 09:00-12:00`; none
    /// when nothing is open.
    pub(crate) fn osm(&self) -> Option<String> {
        let mut text = String::new();
        let mut first = 0;
        while first < 7 {
            let slots = self.of(first);
            let mut last = first;
            while last < 6 && self.of(last + 1) == slots {
                last += 1;
            }
            if !slots.is_empty() {
                if !text.is_empty() {
                    text.push_str("; ");
                }
                text.push_str(DAYS[first]);
                if last > first {
                    text.push('-');
                    text.push_str(DAYS[last]);
                }
                for (i, (from, to)) in slots.iter().enumerate() {
                    let before = if i == 0 { ' ' } else { ',' };
                    let [h, m, h2, m2] = [from / 60, from % 60, to / 60, to % 60];
                    // Writing to a `String` cannot fail.
                    let _ = write!(text, "{before}{h:02}:{m:02}-{h2:02}:{m2:02}");
                }
            }
            first = last + 1;
        }
        (!text.is_empty()).then_some(text)
    }
}

/// What may be wrong with the text of a day.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is no list of slots.
    NotUnderstood,
    /// A slot from 00:00 to 00:00, with what is left without it.
    Blank(String),
    /// Slots that overlap, with what they become.
    Overlap(String),
}

impl Trouble {
    /// Lists it.
    pub(crate) fn tell(self, rank: u64, column: &str, value: &str, findings: &mut Findings) {
        match self {
            Self::NotUnderstood => {
                let reason = "the hours of a day are not understood: those of the week are unknown";
                findings.kept(rank, column, value, Kind::BadHours.because(reason));
            }
            Self::Blank(left) => {
                let reason = Kind::BadHours.because("an empty slot from midnight to midnight is left out");
                findings.repaired(rank, column, value, reason.with_repair(left));
            }
            Self::Overlap(joined) => {
                let reason = Kind::BadHours.because("slots that overlap are joined");
                findings.repaired(rank, column, value, reason.with_repair(joined));
            }
        }
    }
}

/// The week of seven texts, Monday first: an empty one, or a dash, is a day closed if another is open.
/// None when a text is not understood: a week of which a day is unknown is unknown.
pub(crate) fn of_days(days: &[&str; 7], mut trouble: impl FnMut(usize, Trouble)) -> Option<Week> {
    let mut week = Week::default();
    let mut sound = true;
    for (day, text) in days.iter().enumerate() {
        if matches!(text.trim(), "" | "-") {
            continue;
        }
        let found = french::slots(text).unwrap_or_default();
        let slots: Vec<Slot> = found.iter().copied().filter(|slot| *slot != (0, 0)).collect();
        if slots.is_empty() {
            trouble(day, Trouble::NotUnderstood);
            sound = false;
            continue;
        }
        let mut alone = Week::default();
        alone.add(day, &slots);
        let overlap = alone.join();
        let becomes = alone.osm().unwrap_or_default();
        if overlap {
            trouble(day, Trouble::Overlap(becomes));
        } else if slots.len() < found.len() {
            trouble(day, Trouble::Blank(becomes));
        }
        week.add(day, alone.of(day));
    }
    sound.then_some(week)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_days_that_follow_one_another_are_grouped() {
        let mut week = Week::default();
        for day in [0, 1, 2, 4] {
            week.add(day, &[(540, 720), (840, 1020)]);
        }
        week.add(5, &[(1200, MIDNIGHT)]);
        assert_eq!(
            week.osm().as_deref(),
            Some("Mo-We 09:00-12:00,14:00-17:00; Fr 09:00-12:00,14:00-17:00; Sa 20:00-24:00")
        );
        assert_eq!(Week::default().osm(), None);
    }

    #[test]
    fn slots_that_touch_or_overlap_are_joined_and_only_overlaps_are_told() {
        let mut week = Week::default();
        week.add(0, &[(540, 720), (720, 780)]);
        assert!(!week.join());
        week.add(1, &[(540, 720), (540, 990), (840, 990)]);
        assert!(week.join());
        assert_eq!(week.osm().as_deref(), Some("Mo 09:00-13:00; Tu 09:00-16:30"));
    }

    proptest! {
        #[test]
        fn a_week_written_is_the_week_read(slots in prop::collection::vec((0_usize..7, 0_u16..1400, 1_u16..40), 1..12)) {
            let mut week = Week::default();
            for (day, from, length) in slots {
                week.add(day, &[(from, from + length)]);
            }
            week.join();
            let read = crate::venues::hours::read(&week.osm().expect("something is open"));
            let minutes = (0..7).flat_map(|day| {
                let start = day as u16 * MIDNIGHT;
                week.of(day).iter().map(move |(from, to)| (start + from, start + to)).collect::<Vec<_>>()
            });
            prop_assert_eq!(read.hours, Some(territory::OpeningHours::new(minutes)));
        }
    }
}
