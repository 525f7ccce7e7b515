//! A question in plain French words.

use std::fmt::Write;

use access::{Open, Question, Reception};
use territory::vocabulary::{Fee, Term, Terms};
use territory::{Day, Mode};

use crate::inquiry::Inquiry;

/// `Habitants à plus de 20 minutes, en voiture, d'un lieu de médiation numérique`: what a map of an inquiry shows.
pub(crate) fn beyond(inquiry: &Inquiry) -> String {
    let Question { mode, .. } = inquiry.promise.question;
    let venue = venue_asked(&inquiry.promise.question);
    format!("Habitants à plus de {}, {}, d'{venue}", promise(inquiry), by(mode))
}

/// How one travels.
pub(crate) fn by(mode: Mode) -> &'static str {
    match mode {
        Mode::Car => "en voiture",
        Mode::Bike => "à vélo",
        Mode::Walk => "à pied",
    }
}

/// `20 minutes`.
pub(crate) fn promise(inquiry: &Inquiry) -> String {
    let minutes = inquiry.promise.minutes.get();
    format!("{minutes}\u{a0}{}", if minutes < 2 { "minute" } else { "minutes" })
}

/// `un lieu de médiation numérique gratuit, ouvert le samedi`: what is asked of a venue.
pub(crate) fn venue_asked(question: &Question) -> String {
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
            // A text takes all that is written to it.
            let _ = write!(asked, ", {words}\u{a0}: {labels}");
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
pub(crate) fn floor(inquiry: &Inquiry) -> Option<String> {
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
pub(crate) fn day(day: Day) -> &'static str {
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
    fn what_a_map_shows_is_said_whole() {
        let inquiry = Inquiry::parse("minutes=1&mode=walk&fee=free").expect("a question");
        assert_eq!(
            beyond(&inquiry),
            "Habitants à plus de 1\u{a0}minute, à pied, d'un lieu de médiation numérique gratuit"
        );
    }
}
