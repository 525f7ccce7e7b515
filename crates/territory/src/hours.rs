//! «Horaires»: when a venue is open in an ordinary week.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const MINUTES_A_DAY: u16 = 24 * 60;
const MINUTES_A_WEEK: u16 = 7 * MINUTES_A_DAY;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Day {
    /// Lundi.
    Monday,
    /// Mardi.
    Tuesday,
    /// Mercredi.
    Wednesday,
    /// Jeudi.
    Thursday,
    /// Vendredi.
    Friday,
    /// Samedi.
    Saturday,
    /// Dimanche.
    Sunday,
}

impl Day {
    /// Monday to Sunday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// Its two letters, as in OSM and in a question: `mo` … `su`.
    pub fn slug(self) -> &'static str {
        ["mo", "tu", "we", "th", "fr", "sa", "su"][self as usize]
    }
}

/// A minute of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    day: Day,
    minute: u16,
}

/// A moment that is no day and time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not a moment of the week such as sa-10:00")]
pub struct InvalidMoment {
    /// The text refused.
    pub value: String,
}

impl Moment {
    /// A day and the minutes since its midnight, none from 24:00 on.
    pub fn new(day: Day, minute: u16) -> Option<Self> {
        (minute < MINUTES_A_DAY).then_some(Self { day, minute })
    }

    fn of_week(self) -> u16 {
        self.day as u16 * MINUTES_A_DAY + self.minute
    }
}

impl FromStr for Moment {
    type Err = InvalidMoment;
    fn from_str(text: &str) -> Result<Self, InvalidMoment> {
        let parse = || {
            let (day, time) = text.split_once('-')?;
            let day = Day::ALL.into_iter().find(|d| d.slug() == day)?;
            let (hour, minute) = time.split_once(':')?;
            let number = |t: &str| {
                (t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse::<u16>().ok())?
            };
            let (hour, minute) = (number(hour)?, number(minute)?);
            (minute < 60).then(|| Self::new(day, hour * 60 + minute))?
        };
        parse().ok_or_else(|| InvalidMoment { value: text.to_owned() })
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}:{:02}", self.day.slug(), self.minute / 60, self.minute % 60)
    }
}

/// The minutes of an ordinary week at which a venue is open: no holiday, no season.
///
/// Kept as sorted disjoint intervals of minutes since Monday 00:00. Never open is a fact («closed»);
/// unknown hours are no `OpeningHours` at all.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OpeningHours(Vec<(u16, u16)>);

impl OpeningHours {
    /// From intervals `(first minute open, first minute closed)` of the week, in any order; those
    /// that overlap or touch are joined, those empty, reversed or past Sunday midnight are cut.
    pub fn new(intervals: impl IntoIterator<Item = (u16, u16)>) -> Self {
        let mut sorted: Vec<(u16, u16)> = intervals
            .into_iter()
            .map(|(from, to)| (from, to.min(MINUTES_A_WEEK)))
            .filter(|(from, to)| from < to)
            .collect();
        sorted.sort_unstable();
        let mut joined: Vec<(u16, u16)> = Vec::with_capacity(sorted.len());
        for (from, to) in sorted {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        Self(joined)
    }

    /// Whether it is open at a moment.
    pub fn open_at(&self, moment: Moment) -> bool {
        let minute = moment.of_week();
        self.0.iter().any(|&(from, to)| (from..to).contains(&minute))
    }

    /// Whether it is open at all between two minutes of a day.
    pub fn open_between(&self, day: Day, from: u16, to: u16) -> bool {
        let midnight = day as u16 * MINUTES_A_DAY;
        let (from, to) = (midnight + from, midnight + to.min(MINUTES_A_DAY));
        self.0.iter().any(|&(opens, closes)| opens < to && from < closes)
    }

    /// Whether it is open at all on a day.
    pub fn open_on(&self, day: Day) -> bool {
        self.open_between(day, 0, MINUTES_A_DAY)
    }

    /// Whether it is open on a weekday (Monday to Friday) after 18:00.
    pub fn open_in_the_evening(&self) -> bool {
        Day::ALL[..5].iter().any(|&day| self.open_between(day, 18 * 60, MINUTES_A_DAY))
    }

    /// Hours open in a week.
    pub fn weekly_hours(&self) -> f64 {
        self.0.iter().map(|(from, to)| f64::from(to - from)).sum::<f64>() / 60.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        text.parse().expect(text)
    }

    #[test]
    fn a_moment_is_a_day_and_a_time() {
        assert_eq!(at("sa-10:00").to_string(), "sa-10:00");
        for text in
            ["", "sa", "sa-24:00", "sa-10:60", "sa-1:00", "SA-10:00", "xx-10:00", "sa-10:00:00", "sa-+1:00"]
        {
            assert!(text.parse::<Moment>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_venue_closes_at_the_minute_it_closes() {
        let hours = OpeningHours::new([(5 * 1440 + 540, 5 * 1440 + 720)]);
        assert!(hours.open_at(at("sa-09:00")) && hours.open_at(at("sa-11:59")));
        assert!(!hours.open_at(at("sa-12:00")) && !hours.open_at(at("fr-10:00")));
        assert!(hours.open_on(Day::Saturday) && !hours.open_on(Day::Sunday));
    }

    #[test]
    fn an_evening_starts_after_six_on_a_weekday() {
        let until = |minute| OpeningHours::new([(540, minute)]);
        assert!(!until(18 * 60).open_in_the_evening());
        assert!(until(18 * 60 + 1).open_in_the_evening());
    }

    #[test]
    fn intervals_are_joined_and_bad_ones_cut() {
        let hours = OpeningHours::new([(120, 180), (0, 60), (60, 120), (500, 400), (10_000, 20_000)]);
        assert_eq!(hours, OpeningHours(vec![(0, 180), (10_000, 10_080)]));
        assert!((hours.weekly_hours() - (180.0 + 80.0) / 60.0).abs() < 1e-9);
    }
}
