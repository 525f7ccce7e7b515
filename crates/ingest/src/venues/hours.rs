//! «Horaires»: OSM `opening_hours` read as an ordinary week.
//!
//! The week of Monday 13 October 2025 stands for all: no public holiday, no summer, an even ISO week,
//! neither the first nor the last of its month. Holidays are unknown to us, so rules on `PH` and `SH`
//! never apply. Where a rule depends on the date (season, year, parity of the week, rank in the month),
//! what holds that week is kept and reported; when nothing is open that week by such rules, hours are
//! unknown rather than closed. A text that is not OSM's is read in French; anything else is unknown
//! too: never closed.

mod near;

use chrono::{Days, NaiveDate};
use opening_hours::RuleKind;
use territory::OpeningHours;

use super::form::french;

/// The longest text given to the parser; real ones are under 300 characters.
const MAX_CHARS: usize = 1000;

const MINUTES_A_DAY: u16 = 24 * 60;

const NOT_UNDERSTOOD: &str = "is not in the OSM opening_hours syntax: hours unknown";

/// What was understood of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Understood {
    /// The week, none when unknown.
    pub hours: Option<OpeningHours>,
    /// What is doubtful about it, in words that are the same for the same trouble.
    pub doubt: Option<&'static str>,
    /// The text in OSM's syntax, where it was not in it.
    pub osm: Option<String>,
}

fn unknown(doubt: &'static str) -> Understood {
    Understood { hours: None, doubt: Some(doubt), osm: None }
}

/// The ordinary week of a text.
pub fn read(text: &str) -> Understood {
    if text.len() > MAX_CHARS {
        return unknown("is too long to be opening hours");
    }
    if let Some((osm, doubt)) = near::without_blank_slots(text) {
        return repaired(osm, doubt);
    }
    if let Ok(parsed) = text.parse() {
        return of_osm(text, &parsed);
    }
    let plain = near::without_tags(text);
    match french::week(plain.as_deref().unwrap_or(text)).and_then(|week| week.osm()) {
        Some(osm) => repaired(osm, "is in French, not in the OSM opening_hours syntax: read as such"),
        None => unknown(NOT_UNDERSTOOD),
    }
}

/// The week of a text put in OSM's syntax, if it is now.
fn repaired(osm: String, doubt: &'static str) -> Understood {
    match osm.parse() {
        Ok(parsed) => {
            let Understood { hours, .. } = of_osm(&osm, &parsed);
            Understood { hours, doubt: Some(doubt), osm: Some(osm) }
        }
        Err(_) => unknown(NOT_UNDERSTOOD),
    }
}

/// The ordinary week of what is in OSM's syntax.
fn of_osm(text: &str, parsed: &opening_hours::OpeningHours) -> Understood {
    let mut open = Vec::new();
    let mut unsure = false;
    for (day, date) in (0_u16..7).zip(ordinary_week()) {
        for period in parsed.schedule_at(date) {
            let minute = |time: u16| day * MINUTES_A_DAY + time.min(MINUTES_A_DAY);
            match period.kind {
                RuleKind::Open => open.push((
                    minute(period.range.start.mins_from_midnight()),
                    minute(period.range.end.mins_from_midnight()),
                )),
                RuleKind::Unknown => unsure = true,
                RuleKind::Closed => {}
            }
        }
    }
    let by_date = parsed.get_expression().rules.iter().any(|rule| {
        let days = &rule.day_selector;
        !(days.year.is_empty() && days.monthday.is_empty() && days.week.is_empty())
    }) || text.contains('[');
    let known = |doubt| Understood { hours: Some(OpeningHours::new(open.iter().copied())), doubt, osm: None };
    match (open.is_empty(), by_date, unsure) {
        (true, true, _) => {
            unknown("depends on the date, and nothing is open in an ordinary week: hours unknown")
        }
        (true, false, true) => unknown("says when it may be open, not when it is: hours unknown"),
        (_, true, _) => {
            known(Some("depends on the date: the hours of an ordinary week (13 October 2025) are kept"))
        }
        (_, false, _) => known(None),
    }
}

/// Monday to Sunday of the week that stands for all.
fn ordinary_week() -> impl Iterator<Item = NaiveDate> {
    let monday = NaiveDate::from_ymd_opt(2025, 10, 13).unwrap_or_default();
    (0..7).filter_map(move |day| monday.checked_add_days(Days::new(day)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn weekly(text: &str) -> Option<f64> {
        read(text).hours.map(|hours| hours.weekly_hours())
    }

    fn open(text: &str, moment: &str) -> bool {
        read(text).hours.expect(text).open_at(moment.parse().expect(moment))
    }

    #[test]
    fn the_week_starts_on_a_monday() {
        let days: Vec<String> = ordinary_week().map(|date| date.format("%a %V").to_string()).collect();
        assert_eq!((days.len(), days[0].as_str(), days[6].as_str()), (7, "Mon 42", "Sun 42"));
    }

    #[test]
    fn usual_hours_are_understood_without_doubt() {
        let text = "Mo-Fr 09:00-12:00,14:00-18:30; Sa 08:30-12:00";
        assert_eq!(read(text).doubt, None);
        assert_eq!(weekly(text), Some(5.0 * 7.5 + 3.5));
        assert!(open(text, "sa-08:30") && !open(text, "sa-12:00") && !open(text, "mo-13:00"));
        assert_eq!(weekly("24/7"), Some(168.0));
        assert_eq!(weekly("Mo 09:00-18:00,10:00-12:00"), Some(9.0));
        assert_eq!(weekly("Mo-Fr 09:00-12:00; We off"), Some(12.0));
        assert_eq!(weekly("Mo-Fr 09:00-12:00; PH off"), Some(15.0));
        assert_eq!(weekly("Fr 22:00-02:00"), Some(4.0));
        assert!(open("Su 22:00-02:00", "su-23:00"));
    }

    #[test]
    fn french_hours_and_blank_slots_are_put_in_the_syntax_of_osm() {
        for (text, osm) in [
            ("Du lundi au vendredi de 9h à 12h", "Mo-Fr 09:00-12:00"),
            (
                "<ul><li>Lundi de 14h - 16h</li><li>Mardi de 10h30 - 12h</li></ul>",
                "Mo 14:00-16:00; Tu 10:30-12:00",
            ),
            ("Mo-Fr 00:00-00:00,09:00-12:00", "Mo-Fr 09:00-12:00"),
        ] {
            let read = read(text);
            assert_eq!((read.osm.as_deref(), read.doubt.is_some()), (Some(osm), true), "{text}");
            assert_eq!(read.hours, super::read(osm).hours, "{text}");
        }
        assert_eq!(read("Mo-Fr 09:00-12:00-14:00-17:00").hours, None, "which of the three is wrong?");
    }

    #[test]
    fn closed_is_a_fact_and_unknown_is_not_closed() {
        assert_eq!(weekly("off"), Some(0.0));
        for text in
            ["lundi sur rendez-vous", "09:00-", "", "Mo-Fr 25:99", "unknown", "2019 Mo-Fr 09:00-12:00"]
        {
            let read = read(text);
            assert!(read.hours.is_none() && read.doubt.is_some(), "{text}: {read:?}");
        }
    }

    #[test]
    fn hours_that_depend_on_the_date_are_those_of_the_ordinary_week_and_reported() {
        let seasons = "Sep-Jun Mo 09:00-12:00; Jul-Aug Mo 09:00-10:00";
        assert_eq!(weekly(seasons), Some(3.0));
        assert!(read(seasons).doubt.is_some());
        assert_eq!(weekly("week 2-52/2 Mo 09:00-12:00"), Some(3.0));
        assert_eq!(weekly("week 1-53/2 Mo 09:00-12:00"), None);
        assert_eq!(weekly("Mo[1] 09:00-12:00"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn any_text_never_panics(text in "\\PC{0,40}") {
            let _ = read(&text);
        }

        #[test]
        fn any_text_in_the_alphabet_of_hours_never_panics(
            text in "(Mo|Tu|Su|-|,| |; |0?9:00|12:00|25:00|48:00|off|PH|SH|week|1|53|/2|2025|Jan|Dec 31|\\[1\\]|\\[-1\\]|\\|\\||sunset|easter|\\+|24/7|\"x\"|unknown|days){0,10}"
        ) {
            let read = read(&text);
            if let Some(hours) = read.hours {
                prop_assert!(hours.weekly_hours() <= 168.0);
            }
        }
    }
}
