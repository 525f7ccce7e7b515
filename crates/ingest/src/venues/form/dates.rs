//! Days as files write them.

use chrono::{DateTime, NaiveDate};

/// How a day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// `2024-08-31`, as the national schema asks; a time may follow.
    Iso,
    /// `31/12/2024` or `31-12-2024`, the day first as everywhere in France.
    DayFirst,
    /// `2020/06/30`.
    YearFirst,
    /// Seconds since 1970, ten digits.
    Epoch,
}

impl Format {
    pub(crate) const ALL: [Self; 4] = [Self::Iso, Self::DayFirst, Self::YearFirst, Self::Epoch];

    /// Its name in a mapping.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Iso => "YYYY-MM-DD",
            Self::DayFirst => "DD/MM/YYYY",
            Self::YearFirst => "YYYY/MM/DD",
            Self::Epoch => "epoch",
        }
    }

    /// The day of a text in this format, whatever time follows it.
    pub(crate) fn day(self, text: &str) -> Option<NaiveDate> {
        let day = text.trim().split(['T', ' ']).next().unwrap_or_default();
        let plain = |pattern: &str| {
            let sized = day.len() <= 10 && day.chars().all(|c| c.is_ascii_digit() || "-/".contains(c));
            sized.then(|| NaiveDate::parse_from_str(day, pattern).ok())?
        };
        match self {
            Self::Iso => plain("%Y-%m-%d").filter(|_| day.len() == 10),
            Self::DayFirst => plain("%d/%m/%Y").or_else(|| plain("%d-%m-%Y")).filter(|_| day.len() >= 8),
            Self::YearFirst => plain("%Y/%m/%d"),
            Self::Epoch => {
                let seconds: i64 =
                    (day.len() == 10 && day.bytes().all(|b| b.is_ascii_digit())).then(|| day.parse().ok())??;
                Some(DateTime::from_timestamp(seconds, 0)?.date_naive())
            }
        }
        // Before the web and after our century a date is a slip of the keyboard.
        .filter(|day| (1970..2100).contains(&chrono::Datelike::year(day)))
    }
}

/// The day of a text in any format, and which.
pub(crate) fn day(text: &str) -> Option<(NaiveDate, Format)> {
    Format::ALL.into_iter().find_map(|format| Some((format.day(text)?, format)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_formats_seen_in_real_files_are_read() {
        for (text, expected) in [
            ("2021-05-05", "2021-05-05"),
            ("2023-03-05T14:42:56.000Z", "2023-03-05"),
            ("07/12/2021", "2021-12-07"),
            ("2020/06/30 14:16:50.898", "2020-06-30"),
            ("13/12/2022 17:51", "2022-12-13"),
            ("1666000000", "2022-10-17"),
            ("2022-09-28 11:05:08", "2022-09-28"),
        ] {
            assert_eq!(day(text).map(|(day, _)| day.to_string()).as_deref(), Some(expected), "{text}");
        }
        for text in
            ["", "Decembre 2019", "13/13/2022", "2019", "31/12/24", "0001-01-01", "9999999999", "٢٠٢١-٠٥-٠٥"]
        {
            assert_eq!(day(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_never_panics(text in "\\PC{0,20}", digits in "[0-9/T :.-]{0,20}") {
            let _ = (day(&text), day(&digits));
        }
    }
}
