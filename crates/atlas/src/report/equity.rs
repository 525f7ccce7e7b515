//! «Équité»: whether the fragile go further, and who is beyond.

use super::Subject;
use super::blocks::{not_given, note, part, section, table, tile, tiles};
use super::words::{Inscribe, NOT_GIVEN, count, decimal, escaped, figure, minutes, percent};
use crate::wording::{inhabitants, number};

/// What stands where nobody is concerned: known, and no number.
const NOBODY: &str = "<span class=\"none\">sans objet</span>";

/// A median, of which there is none when nobody is concerned or half of them reach nothing.
fn median(path: &str, time: Option<f64>) -> String {
    time.map_or_else(|| NOBODY.to_owned(), |time| figure(path, Some(minutes(time))))
}

pub(super) fn equity(subject: &Subject<'_>) -> String {
    let mut body = subject.told.equity.as_ref().map_or_else(
        || {
            not_given()
                + &note(
                    "L'indice de fragilité manque, ou tous les habitants partagent la même valeur\u{a0}: nul \
                     n'est plus fragile qu'un autre.",
                )
        },
        |found| {
            let left_out = if found.unreachable + found.without_index == 0 {
                String::new()
            } else {
                format!(
                    " Hors calcul\u{a0}: {} sans lieu accessible et {} sans indice.",
                    inhabitants(found.unreachable),
                    number(found.without_index)
                )
            };
            format!(
                "<div class=\"part\"><p class=\"reading\">{}.</p>\n{}{}</div>\n",
                escaped(found.reading_label),
                tiles(&[
                    tile(
                        "Temps médian des plus fragiles",
                        &median("equity/access_min_fragile", found.access_min_fragile),
                        "communes d'indice 7 et plus",
                    ),
                    tile(
                        "Temps médian des autres",
                        &median("equity/access_min_others", found.access_min_others),
                        "communes d'indice inférieur à 7",
                    ),
                    tile(
                        "Indice de concentration",
                        &figure("equity/concentration", Some(decimal(found.concentration, 3))),
                        &format!(
                            "entre \u{2212}1 et 1\u{202f}; sensible à partir de {}",
                            decimal(found.threshold, 2)
                        ),
                    ),
                ]),
                note(&format!(
                    "Sous zéro, le temps d'accès pèse sur les plus fragiles\u{202f}; au-dessus, sur les moins \
                     fragiles. Les habitants d'une commune partagent son indice.{left_out}"
                ))
            )
        },
    );
    body.push_str(&part("Qui est au-delà", &who(subject)));
    section("equite", "Équité", &body)
}

fn who(subject: &Subject<'_>) -> String {
    let profiles = &subject.told.profiles;
    if profiles.is_empty() {
        return not_given();
    }
    let rows: Vec<Vec<String>> = profiles
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let path = |name: &str| format!("profiles/{i}/{name}");
            let rates = match (p.rate_beyond, p.rate, p.rate_of) {
                (beyond, Some(rate), Some(of)) => format!(
                    "{} {} au-delà, {} partout",
                    figure(&path("rate_beyond"), beyond.map(percent)),
                    escaped(of),
                    figure(&path("rate"), Some(percent(rate)))
                ),
                _ => NOT_GIVEN.to_owned(),
            };
            let how = match p.basis {
                "commune-rate" => "estimation\u{a0}: taux de la commune appliqué à ses habitants",
                _ => "communes de classe nationale 7 et plus",
            };
            vec![
                format!("{}<br><small>{how}</small>", escaped(p.label)),
                count(&path("beyond"), p.beyond),
                count(&path("population"), p.population),
                p.beyond_share.map_or_else(
                    || NOBODY.to_owned(),
                    |share| figure(&path("beyond_share"), Some(percent(share))),
                ),
                rates,
            ]
        })
        .collect();
    let columns = [
        ("Habitants", false),
        ("Au-delà", true),
        ("En tout", true),
        ("Part au-delà", true),
        ("Taux moyen des communes", false),
    ];
    let rated = profiles.iter().any(|p| p.rate.is_some());
    let shown = if rated { &columns[..] } else { &columns[..columns.len() - 1] };
    let unknown: u32 = profiles.iter().map(|p| p.unknown).max().unwrap_or_default();
    let mut remarks = String::from("Nul âge, diplôme ou revenu individuel n'est connu ici.");
    if profiles.iter().any(|p| p.basis == "commune-rate") {
        remarks.push_str(" Le taux d'une commune suppose ses habitants au-delà semblables à leurs voisins.");
    }
    if profiles.iter().any(|p| p.basis == "commune-class") {
        remarks.push_str(
            " D'une commune de classe 7 et plus, tous les habitants comptent, qu'ils soient ou non concernés.",
        );
    }
    if unknown > 0 {
        remarks.inscribe(format_args!(
            " Jusqu'à {} au-delà vivent dans une commune sans statistique.",
            inhabitants(unknown)
        ));
    }
    table("Habitants au-delà du seuil, d'après les statistiques de leur commune", shown, &rows)
        + &note(&remarks)
}
