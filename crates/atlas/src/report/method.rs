//! «Méthode et sources», and what the data cannot say.

use super::Subject;
use super::blocks::{paragraph, part, section, table};
use super::words::{Inscribe, escaped};
use crate::wording::{inhabitants, number, plural};

pub(super) fn method(subject: &Subject<'_>) -> String {
    let told = &subject.told;
    let times = if told.answer.method == "routed" {
        "Les temps d'accès suivent le réseau routier, de chaque maille habitée au lieu le plus proche qui répond à la question."
    } else {
        "Les temps d'accès sont estimés, au moins en partie, d'après la distance à vol d'oiseau au lieu le plus proche qui \
         répond à la question\u{202f}; ce ne sont pas des temps mesurés."
    };
    let texts = [
        times,
        "L'unité de compte est l'habitant (population municipale), placé dans des mailles hexagonales d'environ 0,7\u{a0}km²\u{202f}; \
         chaque commune totalise sa population légale. Un lieu voisin compte même hors du territoire\u{a0}: seuls les habitants \
         s'arrêtent à la limite.",
        "«\u{a0}Au-delà\u{a0}» veut dire strictement plus loin que le seuil, ou sans lieu accessible. Médiane et neuvième \
         décile pondèrent les habitants.",
        "L'indice de fragilité est ouvert et recalculable\u{a0}: ce n'est pas l'indice publié (IFN), rappelé à côté quand il est fourni.",
        "Le seuil, les critères et la valeur à partir de laquelle une commune est dite fragile sont des choix\u{a0}: ils \
         figurent dans la question, en tête de ce document.",
    ];
    let mut body: String = texts.into_iter().map(paragraph).collect();
    let rows: Vec<Vec<String>> = told
        .sources
        .iter()
        .map(|source| vec![escaped(&source.name), escaped(&source.vintage), escaped(&source.licence)])
        .collect();
    body.push_str(&part(
        "Sources, millésimes et licences",
        &table(
            "Tout ce dont les chiffres de ce document sont tirés",
            &[("Source", false), ("Millésime", false), ("Licence", false)],
            &rows,
        ),
    ));
    let question = subject.inquiry.to_string();
    let question = if question.is_empty() { "question par défaut, tout l'atlas" } else { &question };
    body.inscribe(format_args!(
        "<p class=\"note\">Question, telle qu'on peut la rejouer\u{a0}: <code>{}</code><br>Atlas «\u{a0}{}\u{a0}», empreinte <code>{}</code>. \
         Mêmes données, même question\u{a0}: même document. Formules et erreurs mesurées\u{a0}: <code>docs/method.md</code>.</p>",
        escaped(question),
        escaped(subject.atlas.name()),
        escaped(subject.atlas.id().get(..16).unwrap_or_default())
    ));
    section("methode", "Méthode et sources", &body)
}

pub(super) fn limits(subject: &Subject<'_>) -> String {
    let (told, offer) = (&subject.told, &subject.told.offer);
    let mut items: Vec<String> = told.warnings.iter().map(|w| w.message.clone()).collect();
    items.push(
        "Un trou dans le recensement des lieux ressemble à un trou dans le territoire\u{a0}: avant de conclure, vérifier \
         sur place qu'aucun lieu ne manque dans les zones les plus peuplées."
            .to_owned(),
    );
    if told.answer.venues_unknown > 0 {
        items.push(format!(
            "Lieux du territoire dont la fiche ne dit pas s'ils répondent à la question\u{a0}: {}. Si tous y \
             répondaient, ici et alentour, il resterait {} au-delà au lieu de {}.",
            number(told.answer.venues_unknown),
            inhabitants(told.answer.beyond_if_unknown_fit),
            number(told.answer.beyond)
        ));
    }
    let silent = [
        (offer.venues - offer.hours_known, "sans horaires"),
        (offer.fee_unknown, "sans tarif"),
        (offer.services_unknown, "sans services"),
        (offer.itinerance_unknown, "sans mention d'itinérance"),
        (offer.programmes_unknown, "sans dispositif ni label"),
    ];
    let silent: Vec<String> =
        silent.into_iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{} {what}", number(n))).collect();
    if !silent.is_empty() {
        items.push(format!(
            "Sur {} du territoire\u{a0}: {}.",
            plural(offer.venues, "lieu", "lieux"),
            silent.join("\u{202f}; ")
        ));
    }
    items.push(
        "Le temps d'accès ne dit ni l'attente, ni la place disponible, ni si l'on ose pousser la porte. Les postes et leur \
         temps de travail ne sont pas dans les données."
            .to_owned(),
    );
    let list =
        items.iter().map(|item| format!("<li>{}</li>\n", escaped(item))).collect::<Vec<String>>().concat();
    section("limites", "Ce que les données ne disent pas", &format!("<ul class=\"limits\">\n{list}</ul>"))
}
