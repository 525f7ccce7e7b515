//! «Offre»: what the venues of a perimeter say of themselves.

use super::Subject;
use super::blocks::{bar, note, part, section, table, tile, tiles};
use super::words::{NOT_GIVEN, count, escaped};
use crate::offer::{Named, Offer};
use crate::wording::{number, plural};

pub(super) fn offer(subject: &Subject<'_>) -> String {
    let offer = &subject.told.offer;
    let receiving =
        tile("Lieux qui reçoivent du public", &count("offer/venues", offer.venues), "dans le territoire");
    if offer.venues == 0 {
        let body = tiles(&[receiving])
            + &note(
                "Aucun lieu n'est recensé dans ce territoire\u{a0}: ses habitants dépendent des lieux voisins, ou le \
                 recensement est incomplet.",
            );
        return section("offre", "Offre", &body);
    }
    let unknown = subject.told.answer.venues_unknown;
    let mut body = tiles(&[
        receiving,
        tile(
            "Lieux qui répondent à la question",
            &count("answer/venues", subject.told.answer.venues),
            &match unknown {
                0 => String::new(),
                1 => "un autre ne le dit pas".to_owned(),
                n => escaped(&format!("{} autres ne le disent pas", number(n))),
            },
        ),
        tile(
            "Gratuits pour tous",
            &known("offer/free", offer.free, offer, offer.fee_unknown),
            &silent(offer.fee_unknown),
        ),
        tile(
            "Horaires connus",
            &count("offer/hours_known", offer.hours_known),
            &silent(offer.venues - offer.hours_known),
        ),
        tile(
            "Itinérants",
            &known("offer/itinerant", offer.itinerant, offer, offer.itinerance_unknown),
            &silent(offer.itinerance_unknown),
        ),
    ]);
    body.push_str(&part(
        "Par famille de services",
        &named("services", &offer.services, offer, offer.services_unknown, "Service"),
    ));
    let labelled: Vec<Named> = offer.programmes.iter().chain(&offer.labels).cloned().collect();
    let programmes = if labelled.is_empty() {
        format!("<p>{NOT_GIVEN}\u{a0}: aucun lieu du territoire ne déclare de dispositif ni de label.</p>")
    } else {
        let n = offer.programmes.len();
        let path = |i: usize| {
            if i < n {
                format!("offer/programmes/{i}/venues")
            } else {
                format!("offer/labels/{}/venues", i - n)
            }
        };
        named_rows(&labelled, path, offer, offer.programmes_unknown, "Dispositif ou label")
    };
    body.push_str(&part("Par dispositif et label", &programmes));
    body.push_str(&part("Fraîcheur des fiches", &freshness(offer)));
    section("offre", "Offre", &body)
}

/// A count of which some records say nothing: when none does, nothing is known.
fn known(path: &str, n: u32, offer: &Offer, unknown: u32) -> String {
    if offer.venues > 0 && unknown == offer.venues { NOT_GIVEN.to_owned() } else { count(path, n) }
}

fn silent(n: u32) -> String {
    match n {
        0 => "connu pour tous".to_owned(),
        n => escaped(&format!("non renseigné pour {}", plural(n, "lieu", "lieux"))),
    }
}

fn named(path: &str, list: &[Named], offer: &Offer, unknown: u32, title: &str) -> String {
    named_rows(list, |i| format!("offer/{path}/{i}/venues"), offer, unknown, title)
}

fn named_rows(
    list: &[Named],
    path: impl Fn(usize) -> String,
    offer: &Offer,
    unknown: u32,
    title: &str,
) -> String {
    let share = |n: u32| f64::from(n) / f64::from(offer.venues.max(1));
    let mut rows: Vec<(u32, Vec<String>)> = list
        .iter()
        .enumerate()
        .map(|(i, named)| {
            (
                named.venues,
                vec![escaped(named.label), count(&path(i), named.venues), bar(share(named.venues))],
            )
        })
        .collect();
    rows.sort_by_key(|(venues, _)| std::cmp::Reverse(*venues));
    let mut rows: Vec<Vec<String>> = rows.into_iter().map(|(_, row)| row).collect();
    if unknown > 0 {
        rows.push(vec!["<i>Non renseigné</i>".to_owned(), number(unknown), bar(share(unknown))]);
    }
    table(
        "Nombre de lieux\u{202f}; un lieu compte dans chaque ligne qu'il déclare",
        &[(title, false), ("Lieux", true), ("", false)],
        &rows,
    )
}

fn freshness(offer: &Offer) -> String {
    if offer.updated.is_empty() {
        return format!("<p>{NOT_GIVEN}\u{a0}: aucune fiche ne dit quand elle a été mise à jour.</p>");
    }
    let share = |n: u32| f64::from(n) / f64::from(offer.venues.max(1));
    let mut rows: Vec<Vec<String>> = offer
        .updated
        .iter()
        .rev()
        .map(|(year, &n)| {
            vec![escaped(year), count(&format!("offer/updated/{}", escaped(year)), n), bar(share(n))]
        })
        .collect();
    if offer.updated_unknown > 0 {
        let n = offer.updated_unknown;
        rows.push(vec!["<i>Sans date</i>".to_owned(), count("offer/updated_unknown", n), bar(share(n))]);
    }
    table(
        "Année de la dernière mise à jour des fiches",
        &[("Année", false), ("Lieux", true), ("", false)],
        &rows,
    )
}
