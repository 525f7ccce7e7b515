//! What a person reads in exports and answers: French, in one table.

use gaps::Reason;
use gaps::equity::Reading;
use gaps::profile::{Basis, Kind};

/// U+202F, before `%` `;` `:` `!` `?` and between thousands.
const NARROW_SPACE: char = '\u{202f}';

/// France without its territories overseas, Corsica included.
pub(crate) const MAINLAND: &str = "Métropole";

/// A perimeter whose outline someone drew.
pub(crate) const DRAWN: &str = "Périmètre dessiné";

/// A whole number with its thousands apart: `8 205 557`.
pub(crate) fn number(n: u32) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(NARROW_SPACE);
        }
        text.push(digit);
    }
    text
}

/// `1 habitant`, `12 345 habitants`; French counts one and a half as singular, zero too.
pub(crate) fn inhabitants(n: u32) -> String {
    plural(n, "habitant", "habitants")
}

/// A number and the word that agrees with it.
pub(crate) fn plural(n: u32, one: &str, many: &str) -> String {
    format!("{}\u{a0}{}", number(n), if n < 2 { one } else { many })
}

/// Why a promise is broken.
pub(crate) fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::None => "Aucun lieu à portée",
        Reason::Fee => "Un lieu à portée, mais pas à ce tarif, ou sans tarif connu",
        Reason::Closed => "Un lieu à portée, mais fermé à ce moment, ou sans horaires connus",
        Reason::Service => "Un lieu à portée, mais sans ce service, ou sans services connus",
        Reason::Public => "Un lieu à portée, mais pas pour ce public, ou sans public connu",
        Reason::Other => "Un lieu à portée, mais qui manque à un autre critère, ou à plusieurs",
    }
}

/// The name of a zone of some communes.
pub(crate) fn zone_name(first: &str, communes: usize) -> String {
    match communes.saturating_sub(1) {
        0 => first.to_owned(),
        1 => format!("{first} et 1\u{a0}autre commune"),
        others => format!("{first} et {}", plural(others as u32, "autre commune", "autres communes")),
    }
}

/// The name of an EPCI, of which the data may hold a part only.
pub(crate) fn epci_name(name: &str, partial: bool) -> String {
    if partial { format!("{name} (partie)") } else { name.to_owned() }
}

/// What the concentration index says of the most fragile.
pub(crate) fn reading(reading: Reading) -> &'static str {
    match reading {
        Reading::Further => "Les plus fragiles vont plus loin",
        Reading::Nearer => "Les plus fragiles vont moins loin",
        Reading::Level => "Pas d'écart sensible selon la fragilité",
    }
}

/// Who is counted.
pub(crate) fn profile(kind: Kind, basis: Basis) -> &'static str {
    match (kind, basis) {
        (Kind::Seniors, Basis::CommuneRate) => "Personnes de 65\u{a0}ans et plus",
        (Kind::Seniors, Basis::CommuneClass) => "Habitants des communes les plus âgées",
        (Kind::LowDiploma, _) => "Habitants des communes les moins diplômées",
        (Kind::LowIncome, _) => "Habitants des communes aux revenus les plus bas",
    }
}

/// The components of the index.
pub(crate) mod component {
    pub(crate) const SENIORS: &str = "Part des 65\u{a0}ans et plus";
    pub(crate) const LOW_DIPLOMA: &str = "Part des diplômes inférieurs au baccalauréat";
    pub(crate) const LOW_INCOME: &str = "Faiblesse du revenu médian";
    pub(crate) const NO_FAST_BROADBAND: &str = "Locaux sans très haut débit fixe (30\u{a0}Mbit/s)";
}

/// What a rate is a share of.
pub(crate) mod rate {
    pub(crate) const OF_INHABITANTS: &str = "des habitants";
    pub(crate) const OF_OUT_OF_SCHOOL: &str = "des 15\u{a0}ans et plus non scolarisés";
    pub(crate) const OF_PREMISES: &str = "des locaux";
}

/// The code and the sentence of a warning.
pub(crate) mod warning {
    use super::{inhabitants, plural};

    pub(crate) const ESTIMATED: (&str, &str) = (
        "estimated-times",
        "Temps estimés à vol d'oiseau, calés sur l'Isère\u{202f}: aucun réseau routier n'est chargé.",
    );
    pub(crate) const ESTIMATED_UNVALIDATED: (&str, &str) = (
        "estimated-times",
        "Temps estimés à vol d'oiseau, non validés pour ce mode\u{202f}: aucun réseau routier n'est chargé.",
    );
    pub(crate) const MODELLED_SPREAD: (&str, &str) = (
        "modelled-population",
        "Répartition des habitants modélisée autour des mairies\u{202f}: aucun carroyage de population n'est chargé.",
    );
    pub(crate) const NO_PROGRAMME: (&str, &str) = (
        "no-programme-data",
        "Aucun lieu ne déclare de dispositif national\u{202f}: une question sur un dispositif n'a pas de réponse ici.",
    );
    pub(crate) const NO_FRAGILITY: (&str, &str) = (
        "no-fragility-data",
        "Aucun indice de fragilité n'est chargé\u{202f}: le besoin se lit en nombre d'habitants.",
    );

    pub(crate) const DRAWN: (&str, &str) = (
        "drawn-perimeter",
        "Périmètre dessiné\u{202f}: les habitants sont comptés par mailles de 0,7\u{a0}km², dont le centre est \
         dedans ou dehors.",
    );

    pub(crate) fn partly_estimated(people: u32) -> (&'static str, String) {
        let message = format!(
            "Temps estimés à vol d'oiseau pour {}\u{202f}: les routes chargées s'arrêtent trop près pour \
             trancher.",
            inhabitants(people)
        );
        ("partly-estimated-times", message)
    }

    pub(crate) fn no_road(people: u32) -> (&'static str, String) {
        let message = format!(
            "Aucune route vers un lieu qui convient pour {}\u{202f}: île, ou voirie coupée du reste du réseau.",
            inhabitants(people)
        );
        ("no-road-link", message)
    }

    pub(crate) fn edge(people: u32) -> (&'static str, String) {
        let message = format!(
            "Les données de lieux s'arrêtent au bord du territoire\u{202f}: {} au-delà du seuil pourraient \
             être à portée d'un lieu voisin inconnu (zones hachurées).",
            inhabitants(people)
        );
        ("venues-stop-at-edge", message)
    }

    pub(crate) fn partly_modelled(people: u32) -> (&'static str, String) {
        let message = format!(
            "Répartition modélisée autour des mairies pour {}\u{202f}: le carroyage de population ne compte \
             personne dans leur commune.",
            inhabitants(people)
        );
        ("partly-modelled-population", message)
    }

    pub(crate) fn unknown(people: u32) -> (&'static str, String) {
        let message = format!(
            "Des lieux ne renseignent pas un critère demandé et ne comptent donc pas\u{202f}: s'ils y répondaient \
             tous, {} de moins seraient au-delà du seuil.",
            inhabitants(people)
        );
        ("unknown-values", message)
    }

    pub(crate) fn imputed_supply(venues: u32) -> (&'static str, String) {
        let message = format!(
            "{} sans effectif ni horaires connus\u{202f}: l'accessibilité potentielle (APL) leur prête la durée \
             médiane de leur typologie, ou de tous les lieux.",
            plural(venues, "lieu", "lieux")
        );
        ("imputed-supply", message)
    }

    pub(crate) fn partial(name: &str, held: u32, all: u32) -> (&'static str, String) {
        let message = format!(
            "{name}\u{202f}: les données ne couvrent que {} sur {all}, les chiffres ne portent que sur elles.",
            plural(held, "commune", "communes")
        );
        ("partial-territory", message)
    }

    pub(crate) fn unplaced(people: u32) -> (&'static str, String) {
        (
            "unplaced-population",
            format!("{} sans lieu de résidence connu ne sont pas comptés.", inhabitants(people)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_words_agree_as_french_wants() {
        assert_eq!(number(8_205_557), "8\u{202f}205\u{202f}557");
        assert_eq!(number(687), "687");
        assert_eq!(inhabitants(0), "0\u{a0}habitant");
        assert_eq!(inhabitants(1_000), "1\u{202f}000\u{a0}habitants");
        assert_eq!(zone_name("Ambert", 1), "Ambert");
        assert_eq!(zone_name("Ambert", 13), "Ambert et 12\u{a0}autres communes");
    }
}
