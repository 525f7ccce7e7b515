//! French as a report prints it: escaped texts and numbers; what a question asks is in [`crate::sentence`].

use std::fmt::{Arguments, Write};

use crate::wording::number;

pub(super) use crate::markup::escaped;
pub(super) use crate::sentence::{by, day, floor, promise, venue_asked};

/// What stands where nothing is known: never a zero.
pub(super) const NOT_GIVEN: &str = "<span class=\"none\">donnée non fournie</span>";

/// A text that grows.
pub(super) trait Inscribe {
    /// Adds what `format_args!` says.
    fn inscribe(&mut self, text: Arguments<'_>);
}

impl Inscribe for String {
    fn inscribe(&mut self, text: Arguments<'_>) {
        // A text takes all that is written to it.
        let _ = self.write_fmt(text);
    }
}

/// A text as a string of CSS, whatever it holds.
pub(super) fn css_string(text: &str) -> String {
    let one = |c: char| if c.is_alphanumeric() { c.to_string() } else { format!("\\{:06x}", c as u32) };
    format!("\"{}\"", text.chars().map(one).collect::<String>())
}

/// A number with a decimal comma.
pub(super) fn decimal(n: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", n.abs()).replace('.', ",");
    let zero = text.bytes().all(|b| b == b'0' || b == b',');
    if n < 0.0 && !zero { format!("\u{2212}{text}") } else { text }
}

/// A share of 0 to 1 as a percentage with one decimal, to be escaped: some never reads as none.
pub(super) fn percent(share: f64) -> String {
    if share > 0.0 && share < 0.0005 {
        return "<\u{202f}0,1\u{202f}%".to_owned();
    }
    format!("{}\u{202f}%", decimal(share * 100.0, 1))
}

/// Minutes with one decimal.
pub(super) fn minutes(minutes: f64) -> String {
    format!("{}\u{a0}min", decimal(minutes, 1))
}

/// A figure that a program can compare with the one at the same place of the JSON.
pub(super) fn figure(path: &str, text: Option<String>) -> String {
    text.map_or_else(
        || NOT_GIVEN.to_owned(),
        |text| format!("<span data-figure=\"{path}\">{}</span>", escaped(&text)),
    )
}

/// The same of a whole number.
pub(super) fn count(path: &str, n: u32) -> String {
    figure(path, Some(number(n)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_as_in_french() {
        assert_eq!(percent(0.0762), "7,6\u{202f}%");
        assert_eq!(
            (percent(0.0).as_str(), percent(0.0001).as_str()),
            ("0,0\u{202f}%", "<\u{202f}0,1\u{202f}%")
        );
        assert_eq!(decimal(-0.214, 3), "\u{2212}0,214");
        assert_eq!(decimal(-0.0001, 2), "0,00");
    }

    proptest! {
        #[test]
        fn no_text_opens_a_tag_an_attribute_or_a_string(text in "\\PC{0,40}|[<>\"'&\\\\/a-z]{0,40}") {
            let out = escaped(&text);
            prop_assert!(!out.contains(['<', '>', '"', '\'']));
            let css = css_string(&text);
            prop_assert!(!css[1..css.len() - 1].contains(['"', '<', '\n']));
        }
    }
}
