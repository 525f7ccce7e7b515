//! Days and instants as RFC 3339 writes them.

use std::fmt;

use access::InvalidParameter;

/// A day, or an instant in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Moment {
    /// `2024-08-31`, in days since 1970.
    Day(i64),
    /// `2024-08-31T12:00:00Z`, in seconds since 1970 and nanoseconds; a leap second is the one after it.
    Timestamp(i64, u32),
}

/// Seconds in a day.
const DAY: i64 = 86_400;

/// The days of the years 0 to 9999.
const YEARS: std::ops::RangeInclusive<i64> = -719_528..=2_932_896;

impl Moment {
    /// Reads a day or an instant; the latter may tell any offset from UTC.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once(['T', 't']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let day = day(date)?;
        let Some(time) = time else {
            return Some(Self::Day(day));
        };
        let hour_minute_second = time.get(..8)?;
        let [hour, minute, second] = fields(hour_minute_second, ':', [2, 2, 2])?;
        let mut rest = time.get(8..)?;
        let mut nanos = 0;
        if let Some(fraction) = rest.strip_prefix('.') {
            let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return None;
            }
            // Digits beyond the ninth are below a nanosecond.
            let kept = &fraction[..digits.min(9)];
            nanos = kept.parse::<u32>().ok()? * 10u32.pow(9 - kept.len() as u32);
            rest = &fraction[digits..];
        }
        let offset = match rest.as_bytes().first()? {
            b'Z' | b'z' if rest.len() == 1 => 0,
            sign @ (b'+' | b'-') => {
                let [hours, minutes] = fields(rest.get(1..)?, ':', [2, 2])?;
                let seconds = hours * 3600 + minutes * 60;
                let within = hours < 24 && minutes < 60;
                within.then_some(if *sign == b'+' { seconds } else { -seconds })?
            }
            _ => return None,
        };
        let within = hour < 24 && minute < 60 && second <= 60;
        let seconds = day * DAY + hour * 3600 + minute * 60 + second - offset;
        // An offset may lead to a year that four digits cannot write.
        let written = YEARS.contains(&seconds.div_euclid(DAY));
        (within && written).then_some(Self::Timestamp(seconds, nanos))
    }

    /// The first second, to compare days with instants in an interval.
    fn start(self) -> (i64, u32) {
        match self {
            Self::Day(day) => (day * DAY, 0),
            Self::Timestamp(seconds, nanos) => (seconds, nanos),
        }
    }
}

/// Checks the `datetime` of a request: an instant or an interval, `..` or nothing being no bound.
///
/// Features carry no time, so that all match whatever it says (OGC 17-069r4, requirement 26).
pub fn check_datetime(text: &str) -> Result<(), InvalidParameter> {
    let bound = |text: &str| match text {
        "" | ".." => Some(None),
        _ => Moment::parse(text).map(Some),
    };
    let valid = match text.split_once('/') {
        None => Moment::parse(text).is_some(),
        Some((start, end)) => match (bound(start), bound(end)) {
            (Some(Some(start)), Some(Some(end))) => start.start() <= end.start(),
            (Some(start), Some(end)) => start.is_some() || end.is_some(),
            _ => false,
        },
    };
    let allowed = "expected 2024-08-31T12:00:00Z, 2024-08-31, or an interval of two of them, start/end, of \
                   which one may be ..";
    if valid { Ok(()) } else { Err(InvalidParameter::new("datetime", text, allowed)) }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = |f: &mut fmt::Formatter<'_>, days: i64| {
            let [year, month, day] = civil(days);
            write!(f, "{year:04}-{month:02}-{day:02}")
        };
        match *self {
            Self::Day(days) => date(f, days),
            Self::Timestamp(seconds, nanos) => {
                date(f, seconds.div_euclid(DAY))?;
                let second = seconds.rem_euclid(DAY);
                write!(f, "T{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60)?;
                if nanos > 0 {
                    write!(f, ".{nanos:09}")?;
                }
                f.write_str("Z")
            }
        }
    }
}

/// Numbers of fixed widths between separators.
fn fields<const N: usize>(text: &str, separator: char, widths: [usize; N]) -> Option<[i64; N]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; N];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next().filter(|p| p.len() == width && p.bytes().all(|b| b.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

/// The days from 1970-01-01 to a date of the Gregorian calendar.
fn day(text: &str) -> Option<i64> {
    let [year, month, day] = fields(text, '-', [4, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    // Years counted from March, so that a leap day ends one.
    let from_march = (month + 9) % 12;
    let year = year - i64::from(month < 3);
    let days = 365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * from_march + 2) / 5
        + day
        - 1;
    (1..=last).contains(&day).then_some(days - 719_468)
}

/// The date so many days after 1970-01-01: the inverse of [`day`].
fn civil(days: i64) -> [i64; 3] {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    [year + era * 400 + i64::from(month < 3), month, day]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (text, days) in [
            ("1970-01-01", 0),
            ("1969-12-31", -1),
            ("2000-03-01", 11_017),
            ("2024-02-29", 19_782),
            ("0000-01-01", -719_528),
        ] {
            assert_eq!(day(text), Some(days), "{text}");
            assert_eq!(Moment::Day(days).to_string(), text);
        }
        for text in
            ["2023-02-29", "1900-02-29", "2024-13-01", "2024-00-01", "2024-01-00", "2024-1-01", "+024-01-01"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn an_offset_changes_the_text_not_the_instant() {
        let parsed = |text: &str| Moment::parse(text).expect(text);
        assert_eq!(parsed("2024-08-31T14:00:00+02:00"), parsed("2024-08-31T12:00:00.000Z"));
        assert_eq!(parsed("2024-08-31t12:00:00.5z").to_string(), "2024-08-31T12:00:00.500000000Z");
        for text in
            ["2024-08-31T12:00Z", "2024-08-31T12:00:00", "2024-08-31T24:00:00Z", "2024-08-31 12:00:00Z"]
        {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }

    #[test]
    fn an_interval_has_an_end_after_its_start() {
        for text in
            ["2024-08-31", "2024-01-01/..", "../2024-01-01T00:00:00Z", "/2024-01-01", "2024-01-01/2024-01-01"]
        {
            assert_eq!(check_datetime(text), Ok(()), "{text}");
        }
        for text in [
            "",
            "..",
            "/",
            "../..",
            "2024",
            "hier",
            "2025-01-01/2024-01-01",
            "2024-01-01/2024-01-02/2024-01-03",
        ] {
            assert_eq!(check_datetime(text).expect_err(text).parameter, "datetime");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_a_moment_that_reads_back(text in "[0-9TZ:.+/-]{0,30}|\\PC{0,20}") {
            let _ = check_datetime(&text);
            if let Some(moment) = Moment::parse(&text) {
                prop_assert_eq!(Moment::parse(&moment.to_string()), Some(moment));
            }
        }

        #[test]
        fn a_day_reads_back(days in YEARS) {
            prop_assert_eq!(day(&Moment::Day(days).to_string()), Some(days));
        }
    }
}
