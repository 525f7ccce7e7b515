//! French as a report prints it: escaped texts, numbers, and a question in plain words.

use std::fmt::{Arguments, Write};

use access::{Open, Question, Reception};
use territory::vocabulary::{Fee, Term, Terms};
use territory::{Day, Mode};

use crate::inquiry::Inquiry;
use crate::wording::number;

pub(super) use crate::markup::escaped;

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

/// How one travels.
pub(super) fn by(mode: Mode) -> &'static str {
    match mode {
        Mode::Car => "en voiture",
        Mode::Bike => "à vélo",
        Mode::Walk => "à pied",
    }
}

/// `20 minutes`.
pub(super) fn promise(inquiry: &Inquiry) -> String {
    let minutes = inquiry.promise.minutes.get();
    format!("{minutes}\u{a0}{}", if minutes < 2 { "minute" } else { "minutes" })
}

/// `un lieu de médiation numérique gratuit, ouvert le samedi`: what is asked of a venue.
pub(super) fn venue_asked(question: &Question) -> String {
    let filter = &question.filter;
    let mut asked = String::from("un lieu de médiation numérique");
    if filter.reception == Reception::Itinerant {
        asked.push_str(" itinérant");
    }
    if filter.fees == Terms::from_iter([Fee::Free]) {
        asked.push_str(" gratuit");
    }
    if let Some(open) = filter.open {
        asked.push_str(&opening(open));
    }
    let mut listed = |words: &str, labels: Option<String>| {
        if let Some(labels) = labels {
            asked.inscribe(format_args!(", {words}\u{a0}: {labels}"));
        }
    };
    listed("qui propose", any_of(filter.services));
    if filter.fees != Terms::from_iter([Fee::Free]) {
        listed("au tarif", any_of(filter.fees));
    }
    listed("qui s'adresse à ce public", any_of(filter.publics));
    listed("avec cette prise en charge", any_of(filter.care));
    listed("avec cette modalité d'accompagnement", any_of(filter.supports));
    listed("avec cette modalité d'accès", any_of(filter.entries));
    listed("du dispositif", any_of(filter.programmes));
    listed("qui porte le label", any_of(filter.labels));
    listed("de la typologie", any_of(filter.typologies));
    asked
}

/// Whose people count, when not everyone's do.
pub(super) fn floor(inquiry: &Inquiry) -> Option<String> {
    let floor = inquiry.fragility_min?.get();
    Some(format!(
        "Seuls comptent les habitants des communes dont l'indice de fragilité atteint {floor} sur 10."
    ))
}

fn any_of<T: Term>(terms: Terms<T>) -> Option<String> {
    let labels: Vec<String> = terms.iter().map(|term| format!("«\u{a0}{}\u{a0}»", term.label())).collect();
    (!labels.is_empty()).then(|| labels.join(" ou "))
}

fn opening(open: Open) -> String {
    match open {
        Open::Saturday => ", ouvert le samedi".to_owned(),
        Open::Weekend => ", ouvert le samedi ou le dimanche".to_owned(),
        Open::Evening => ", ouvert en semaine après 18\u{a0}h".to_owned(),
        Open::At(moment) => {
            let text = moment.to_string();
            let (slug, time) = text.split_once('-').unwrap_or((&text, ""));
            let named = Day::ALL.into_iter().find(|day| day.slug() == slug).map_or("", day);
            let (hour, minute) = time.split_once(':').unwrap_or((time, ""));
            format!(", ouvert le {named} à {}\u{a0}h\u{a0}{minute}", hour.parse::<u8>().unwrap_or_default())
        }
    }
}

/// `lundi`.
pub(super) fn day(day: Day) -> &'static str {
    match day {
        Day::Monday => "lundi",
        Day::Tuesday => "mardi",
        Day::Wednesday => "mercredi",
        Day::Thursday => "jeudi",
        Day::Friday => "vendredi",
        Day::Saturday => "samedi",
        Day::Sunday => "dimanche",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_question_reads_as_a_sentence() {
        let asked = |query| venue_asked(&Inquiry::parse(query).expect(query).promise.question);
        assert_eq!(asked(""), "un lieu de médiation numérique");
        assert_eq!(
            asked("fee=free&open=saturday&service=aide-aux-demarches-administratives"),
            "un lieu de médiation numérique gratuit, ouvert le samedi, qui propose\u{a0}: «\u{a0}Aide aux démarches \
             administratives\u{a0}»"
        );
        assert_eq!(
            asked("open=we-09:30&reception=itinerant"),
            "un lieu de médiation numérique itinérant, ouvert le mercredi à 9\u{a0}h\u{a0}30"
        );
        assert!(asked("open=su-00:00").ends_with("dimanche à 0\u{a0}h\u{a0}00"));
        assert!(asked("fee=free,paid").contains("«\u{a0}Gratuit\u{a0}» ou «\u{a0}Payant\u{a0}»"));
    }

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
