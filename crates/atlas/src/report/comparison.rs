//! «Comparaison» with the territory around, and with a second one.

use super::Subject;
use super::blocks::{note, paragraph, section};
use super::words::{NOT_GIVEN, decimal, escaped, minutes, percent};
use crate::answer::Diagnosis;
use crate::wording::number;

/// What is compared: a name, its place in the JSON, and how it is written.
type Line = (&'static str, &'static str, fn(&Diagnosis) -> Option<String>);

const LINES: [Line; 10] = [
    ("Habitants", "territory/population", |d| Some(number(d.territory.population))),
    ("Habitants au-delà du seuil", "answer/beyond", |d| Some(number(d.answer.beyond))),
    ("Part des habitants", "answer/beyond_share", |d| d.answer.beyond_share.map(percent)),
    ("Temps d'accès médian", "answer/access_min", |d| d.answer.access_min.map(minutes)),
    ("Neuf habitants sur dix mettent au plus", "answer/access_min_p90", |d| {
        d.answer.access_min_p90.map(minutes)
    }),
    ("Lieux qui répondent", "answer/venues", |d| Some(number(d.answer.venues))),
    ("Lieux pour 10\u{202f}000 habitants", "answer/venues_per_10k", |d| {
        d.answer.venues_per_10k.map(|n| decimal(n, 2))
    }),
    ("Accessibilité potentielle (APL)", "apl/mean", |d| d.apl.as_ref().map(|a| decimal(a.mean, 1))),
    ("Indice de fragilité", "answer/fragility", |d| d.answer.fragility.map(|n| decimal(n, 1))),
    ("Indice de concentration", "equity/concentration", |d| {
        d.equity.as_ref().map(|e| decimal(e.concentration, 3))
    }),
];

pub(super) fn comparison(subject: &Subject<'_>) -> String {
    if subject.others.is_empty() {
        let body = paragraph(
            "Le territoire est tout l'atlas\u{a0}: il n'y a pas de territoire plus large où le situer.",
        );
        return section("comparaison", "Comparaison", &body);
    }
    let columns: Vec<&Diagnosis> = std::iter::once(&subject.told).chain(&subject.others).collect();
    let head = columns
        .iter()
        .map(|d| format!("<th scope=\"col\" class=\"n\">{}</th>", escaped(&d.territory.name)))
        .collect::<Vec<String>>()
        .concat();
    let rows = LINES
        .iter()
        .map(|(label, path, write)| {
            let cells: String = columns
                .iter()
                .map(|d| match write(d) {
                    None => format!("<td class=\"n\">{NOT_GIVEN}</td>"),
                    Some(text) => format!(
                        "<td class=\"n\"><span data-figure=\"{path}\" data-territory=\"{}\">{}</span></td>",
                        escaped(&d.territory.id),
                        escaped(&text)
                    ),
                })
                .collect();
            format!("<tr><th scope=\"row\">{label}</th>{cells}</tr>\n")
        })
        .collect::<Vec<String>>()
        .concat();
    let table = format!(
        "<table><caption>La même question, ailleurs</caption><thead><tr><td></td>{head}</tr></thead>\n<tbody>{rows}</tbody></table>\n"
    );
    section(
        "comparaison",
        "Comparaison",
        &(table
            + &note(
                "Le territoire plus large contient le premier\u{a0}: ce n'est pas «\u{a0}le reste\u{a0}».",
            )),
    )
}
