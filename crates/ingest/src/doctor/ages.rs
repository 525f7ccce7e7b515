//! Freshness: how old a record is.

use chrono::NaiveDate;
use territory::{Venue, Vintage};

/// Months after which a record is out of date («à actualiser»), and the length of a month in days, as the
/// State's own tool counts them (Mon Inclusion Numérique, `src/shared/fraicheur.ts`).
const STALE_MONTHS: f64 = 18.0;
const MONTH_DAYS: f64 = 30.44;

/// Why a record is stale, none when it is fresh.
pub(super) fn trouble(venue: &Venue, today: NaiveDate) -> Option<&'static str> {
    let Some(updated) = &venue.updated else {
        return Some("says nothing of its age");
    };
    let age = (today - last_day(updated)?).num_days() as f64;
    (age > STALE_MONTHS * MONTH_DAYS).then_some("has not been updated for eighteen months")
}

/// The last day a vintage may mean: of a year or a month, its end.
fn last_day(vintage: &Vintage) -> Option<NaiveDate> {
    let text = vintage.to_string();
    let mut parts = text.split('-').map(|part| part.parse::<u32>().ok());
    let year = i32::try_from(parts.next()??).ok()?;
    match (parts.next().flatten(), parts.next().flatten()) {
        (Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day),
        (Some(month), None) if month < 12 => NaiveDate::from_ymd_opt(year, month + 1, 1)?.pred_opt(),
        (_, None) | (None, _) => NaiveDate::from_ymd_opt(year, 12, 31),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use territory::Position;

    fn of(updated: Option<&str>) -> Option<&'static str> {
        let at = Position::from_lon_lat(5.0, 46.0).expect("on Earth");
        let mut venue = Venue::new("a", "A", at);
        venue.updated = updated.map(|text| text.parse().expect(text));
        trouble(&venue, NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day"))
    }

    #[test]
    fn eighteen_months_make_a_record_stale_and_no_date_too() {
        assert_eq!(of(Some("2025-01-01")), None, "545 days");
        assert!(of(Some("2024-12-28")).is_some(), "549 days");
        assert_eq!(of(Some("2024-12")), None, "it may be the last of December");
        assert!(of(Some("2024-11")).is_some());
        assert_eq!(of(Some("2025")), None);
        assert!(of(None).is_some_and(|words| words.contains("nothing")));
    }
}
