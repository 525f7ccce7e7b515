//! Two texts into two numbers, whatever the hand that wrote them.

use crate::refusal::{Kind, Reason};

/// Beyond this no number is degrees nor metres of a projection: half the equator of Web Mercator.
const FARTHEST: f64 = 20_037_509.0;

/// Two numbers not yet judged: degrees or metres, in either order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading {
    /// What stands for the longitude.
    pub(crate) x: f64,
    /// What stands for the latitude.
    pub(crate) y: f64,
    /// Whether they were written in another manner than plain decimal numbers, a cell each.
    pub(crate) rewritten: bool,
}

/// Reads the cells of longitude and latitude: decimal commas, degree signs, spaces in thousands, and
/// «latitude, longitude» in one cell when the other is empty or says the same.
pub(crate) fn read(lon: &str, lat: &str) -> Result<Reading, Reason> {
    let (lon, lat) = (lon.trim(), lat.trim());
    if lon.is_empty() && lat.is_empty() {
        return Err(Kind::CoordinatesMissing.because("has no coordinates"));
    }
    let alone = if lon.is_empty() || lon == lat { Some(lat) } else { Some(lon).filter(|_| lat.is_empty()) };
    let reading = match alone.and_then(both) {
        Some((y, x)) => Reading { x, y, rewritten: true },
        None if lon.is_empty() || lat.is_empty() => {
            return Err(Kind::CoordinatesMissing.because("has no coordinates"));
        }
        None => {
            let damaged = || Kind::CoordinatesDamaged.because("a coordinate is not a number");
            let (x, plain_x) = number(lon).ok_or_else(damaged)?;
            let (y, plain_y) = number(lat).ok_or_else(damaged)?;
            Reading { x, y, rewritten: !(plain_x && plain_y) }
        }
    };
    if reading.x == 0.0 && reading.y == 0.0 {
        return Err(Kind::CoordinatesMissing.because("has no coordinates (0, 0)"));
    }
    if reading.x.abs().max(reading.y.abs()) > FARTHEST {
        return Err(
            Kind::CoordinatesDamaged.because("a coordinate is no place on Earth, in degrees or in metres")
        );
    }
    Ok(reading)
}

/// The two numbers of a cell that holds both. A single comma between whole numbers is a decimal one.
fn both(cell: &str) -> Option<(f64, f64)> {
    let pair = |separator: &str| {
        let (first, second) = cell.split_once(separator)?;
        Some((number(first.trim())?.0, number(second.trim())?.0))
    };
    let pointed = cell.matches('.').count() == 2;
    pair(";")
        .or_else(|| pair(", "))
        .or_else(|| pointed.then(|| pair(",")).flatten())
        .or_else(|| (pointed || cell.matches(',').count() == 2).then(|| pair(" ")).flatten())
}

/// A finite number, and whether it was written plainly.
fn number(text: &str) -> Option<(f64, bool)> {
    if let Some(number) = text.parse().ok().filter(|number: &f64| number.is_finite()) {
        return Some((number, true));
    }
    let bare = text.strip_suffix('°').unwrap_or(text).trim_end().replace('\u{2212}', "-");
    let whole = grouped(&bare)?;
    let comma = whole.matches(',').count() == 1 && !whole.contains('.');
    let number: f64 = if comma { whole.replace(',', ".").parse().ok()? } else { whole.parse().ok()? };
    number.is_finite().then_some((number, false))
}

/// Without the spaces between groups of thousands; none when spaces separate anything else.
fn grouped(text: &str) -> Option<String> {
    let mut groups = text.split(char::is_whitespace);
    let mut whole = groups.next()?.to_owned();
    let mut groups = groups.peekable();
    while let Some(group) = groups.next() {
        let digits = if groups.peek().is_none() { group.split(['.', ',']).next()? } else { group };
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        whole.push_str(group);
    }
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(lon: &str, lat: &str) -> Kind {
        read(lon, lat).expect_err("refused").kind()
    }

    #[test]
    fn what_is_no_number_is_damaged_and_what_is_nothing_is_missing() {
        for text in
            ["NaN", "inf", "-inf", "1e999", "1e308", "abc", "45.1.2", "45,1,2", "1,234.5", "4 85", "="]
        {
            assert_eq!(kind(text, "46"), Kind::CoordinatesDamaged, "{text}");
            assert_eq!(kind("5", text), Kind::CoordinatesDamaged, "{text}");
        }
        for (lon, lat) in [("", ""), ("", "46"), ("5", " "), ("0", "0.0"), ("-0", "0"), ("", "45,75")] {
            assert_eq!(kind(lon, lat), Kind::CoordinatesMissing, "{lon} {lat}");
        }
    }

    #[test]
    fn other_manners_of_writing_are_read_and_said_to_be() {
        for (lon, lat, x, y) in [
            (" 4,85", "45.75", 4.85, 45.75),
            ("4.85°", "45,75 °", 4.85, 45.75),
            ("842 000,5", "6\u{a0}519\u{202f}000", 842_000.5, 6_519_000.0),
            ("\u{2212}0.58", "44.8", -0.58, 44.8),
            ("", "45.75, 4.85", 4.85, 45.75),
            ("45.75,4.85", "45.75,4.85", 4.85, 45.75),
            ("45,75, 4,85", "", 4.85, 45.75),
            ("45,75;-4,85", "", -4.85, 45.75),
            ("45.75 4.85", "", 4.85, 45.75),
        ] {
            assert_eq!(read(lon, lat), Ok(Reading { x, y, rewritten: true }), "{lon:?} {lat:?}");
        }
        assert_eq!(read(" 4.85 ", "45"), Ok(Reading { x: 4.85, y: 45.0, rewritten: false }));
        assert_eq!(read("45", "45"), Ok(Reading { x: 45.0, y: 45.0, rewritten: false }), "equal numbers");
    }

    proptest! {
        #[test]
        fn any_texts_never_panic(lon in "\\PC{0,12}", lat in "[-+0-9., ;°eE]{0,14}") {
            let _ = read(&lon, &lat);
            let _ = read(&lat, &lon);
            let _ = read(&lat, "");
        }

        #[test]
        fn a_plain_number_is_read_as_it_is(x in -180.0..180.0f64, y in -90.0..90.0f64) {
            let read = read(&x.to_string(), &y.to_string()).expect("numbers");
            prop_assert_eq!((read.x, read.y, read.rewritten), (x, y, false));
        }
    }
}
