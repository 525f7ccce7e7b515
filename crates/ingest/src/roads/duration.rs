//! How long a ferry takes: `duration` as `MM`, `HH:MM`, `HH:MM:SS` or ISO 8601.
//!
//! <https://wiki.openstreetmap.org/wiki/Key:duration>.

/// The longest crossing believed, seconds: three days.
const MAX_S: u32 = 3 * 86_400;

/// Seconds, none when it is no duration or no time at all.
pub(super) fn duration_s(value: &str) -> Option<u32> {
    let seconds = if value.starts_with(['P', 'p']) { iso(value) } else { clock(value) }?;
    (1..=MAX_S).contains(&seconds).then_some(seconds)
}

fn clock(value: &str) -> Option<u32> {
    let mut parts = value.split(':').map(whole);
    let [first, second, third] = [parts.next(), parts.next(), parts.next()];
    if parts.next().is_some() {
        return None;
    }
    let sixty = |part: Option<u32>| part.filter(|&n| n < 60);
    match (first?, second, third) {
        (minutes, None, _) => minutes?.checked_mul(60),
        (hours, Some(minutes), None) => sum(0, hours?, sixty(minutes)?, 0),
        (hours, Some(minutes), Some(seconds)) => sum(0, hours?, sixty(minutes)?, sixty(seconds)?),
    }
}

/// `P1DT2H30M`, `PT45M`.
fn iso(value: &str) -> Option<u32> {
    let upper = value.to_ascii_uppercase();
    let (days, time) = upper.strip_prefix('P')?.split_once('T').unwrap_or((upper.strip_prefix('P')?, ""));
    let days = if days.is_empty() { 0 } else { whole(days.strip_suffix('D')?)? };
    let mut rest = time;
    let mut unit = |letter: char| match rest.split_once(letter) {
        Some((number, after)) => {
            rest = after;
            whole(number)
        }
        None => Some(0),
    };
    let (hours, minutes, seconds) = (unit('H')?, unit('M')?, unit('S')?);
    if rest.is_empty() { sum(days, hours, minutes, seconds) } else { None }
}

fn sum(days: u32, hours: u32, minutes: u32, seconds: u32) -> Option<u32> {
    let hours = days.checked_mul(24)?.checked_add(hours)?;
    hours.checked_mul(60)?.checked_add(minutes)?.checked_mul(60)?.checked_add(seconds)
}

/// A whole number of digits alone.
fn whole(digits: &str) -> Option<u32> {
    let digits = digits.trim();
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_a_duration_is_written_in() {
        for (text, seconds) in [
            ("5", Some(300)),
            ("90", Some(5400)),
            ("00:05", Some(300)),
            ("1:30", Some(5400)),
            ("00:00:45", Some(45)),
            ("26:00", Some(93_600)),
            ("PT1H30M", Some(5400)),
            ("PT45M", Some(2700)),
            ("PT90S", Some(90)),
            ("P1DT2H", Some(93_600)),
            ("P1D", Some(86_400)),
            ("0", None),
            ("00:00", None),
            ("1:60", None),
            ("1:2:3:4", None),
            ("", None),
            ("-5", None),
            ("+5", None),
            ("5 min", None),
            ("PT", None),
            ("P", None),
            ("PT5", None),
            ("PTM", None),
            ("P1M", None),
            ("4294967295:00", None),
            ("9999999", None),
        ] {
            assert_eq!(duration_s(text), seconds, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_duration_or_none(text in "[PTDHMS0-9:.]{0,12}", other in any::<String>()) {
            let _ = (duration_s(&text), duration_s(&other));
        }
    }
}
