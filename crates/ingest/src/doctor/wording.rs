//! What the report says, in French.

use crate::refusal::Kind;

/// What a kind of finding is called.
pub(super) fn title(kind: Kind) -> &'static str {
    match kind {
        Kind::CoordinatesMissing => "Coordonnées absentes",
        Kind::CoordinatesDamaged => "Coordonnées illisibles",
        Kind::CoordinatesFormat => "Coordonnées écrites autrement",
        Kind::CoordinatesSwapped => "Latitude et longitude inversées",
        Kind::CoordinatesProjected => "Coordonnées projetées (mètres)",
        Kind::CoordinatesFar => "Point loin de sa commune",
        Kind::CoordinatesFallback => "Point de repli d’un géocodeur",
        Kind::Duplicate => "Doublons",
        Kind::DuplicateId => "Identifiants répétés",
        Kind::UnknownValue => "Valeurs hors des listes nationales",
        Kind::Stale => "Fiches anciennes",
        Kind::BadDate => "Dates illisibles",
        Kind::BadPostcode => "Codes postaux à corriger",
        Kind::BadCommune => "Codes commune à corriger",
        Kind::OtherVintage => "Codes commune d’un autre millésime",
        Kind::BadHours => "Horaires mal compris",
        Kind::BadFormat => "Valeurs mal écrites",
        Kind::MissingValue => "Valeurs obligatoires absentes",
        Kind::DamagedRow => "Lignes abîmées",
        Kind::OutOfScope => "Lignes hors du territoire",
        Kind::Other => "Autres constats",
    }
}

/// What it means, what was done, and what is left to do.
pub(super) fn advice(kind: Kind) -> &'static str {
    match kind {
        Kind::CoordinatesMissing => {
            "Le lieu n’a pas de point\u{a0}: il ne peut être ni montré ni atteint. À géocoder d’après son adresse."
        }
        Kind::CoordinatesDamaged => "Ce ne sont pas des nombres, ou aucun point de la Terre. À ressaisir.",
        Kind::CoordinatesFormat => {
            "Virgule décimale, ou les deux nombres dans une même case\u{a0}: relues et réécrites."
        }
        Kind::CoordinatesSwapped => {
            "Chaque nombre est dans la colonne de l’autre\u{a0}: ainsi lu, le point tombe hors de France\u{a0}; remis \
             dans l’ordre, il est dans sa commune ou son territoire. Réparées. À corriger à la source."
        }
        Kind::CoordinatesProjected => {
            "Ce sont des mètres (Lambert-93 ou la projection de l’outre-mer), non des degrés\u{a0}: converties. À \
             publier en degrés (WGS 84)."
        }
        Kind::CoordinatesFar => {
            "Le point est plus loin de la commune annoncée que sa taille ne l’explique, et aucune lecture ne l’y \
             ramène. À vérifier sur place ou par l’adresse."
        }
        Kind::CoordinatesFallback => {
            "Le même point sert à des adresses différentes\u{a0}: un géocodeur n’a pas trouvé et a répondu le centre \
             de la commune ou du pays. À géocoder de nouveau."
        }
        Kind::Duplicate => {
            "Deux lignes décrivent le même lieu, par leur nom, leur adresse et leur distance. Celles qui se ressemblent \
             assez sont fusionnées, champ par champ\u{a0}; les autres sont à départager."
        }
        Kind::DuplicateId => "Le même identifiant sert deux fois\u{a0}: la première ligne est gardée.",
        Kind::UnknownValue => {
            "La valeur n’est dans aucune liste du schéma national\u{a0}: gardée telle quelle, elle ne répond à aucun \
             filtre. À remplacer par le terme le plus proche."
        }
        Kind::Stale => {
            "Rien ne dit que le lieu existe encore ainsi\u{a0}: la fiche n’a pas été mise à jour depuis dix-huit mois, \
             ou ne dit pas quand elle l’a été. À vérifier auprès du lieu."
        }
        Kind::BadDate => {
            "Réécrites quand elles se lisent d’une seule façon\u{a0}; sinon, la date est inconnue."
        }
        Kind::BadPostcode => {
            "Un tableur a souvent perdu le zéro de tête\u{a0}: rétabli quand il est certain."
        }
        Kind::BadCommune => "Aucune commune n’a ce code, ou ce n’est pas celui du lieu.",
        Kind::OtherVintage => {
            "Code d’une commune déléguée, d’un arrondissement ou d’une commune fusionnée\u{a0}: lu comme celui de la \
             commune d’aujourd’hui."
        }
        Kind::BadHours => {
            "Horaires inconnus ne veut pas dire fermé\u{a0}: le lieu ne répond alors à aucune question sur les heures. À \
             écrire au format OpenStreetMap, par exemple «\u{a0}Mo-Fr 09:00-12:00,14:00-18:00\u{a0}»."
        }
        Kind::BadFormat => "Réécrites quand c’est possible, sinon laissées de côté dans le fichier réparé.",
        Kind::MissingValue => {
            "Le schéma national les exige\u{a0}: sans elles la ligne reste dans le fichier des lignes à compléter."
        }
        Kind::DamagedRow => {
            "La ligne ne peut pas être lue\u{a0}: colonnes décalées, guillemet ouvert ou encodage."
        }
        Kind::OutOfScope => "Elles sont en ordre mais ailleurs\u{a0}: rien à corriger.",
        Kind::Other => "À lire ligne à ligne.",
    }
}

/// `1 234`, thousands apart by a narrow space.
pub(super) fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// `1 ligne`, `347 lignes`.
pub(super) fn rows(n: usize) -> String {
    format!("{}\u{a0}{}", number(n), if n < 2 { "ligne" } else { "lignes" })
}

/// `4,1 %` of a share from 0 to 1.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1}\u{202f}%", share * 100.0).replace('.', ",")
}

/// A reason in French; one that is not in the tables stays as it is.
pub(super) fn reason(reason: &str) -> String {
    if let Some((_, french)) = REASONS.iter().find(|(english, _)| *english == reason) {
        return (*french).to_owned();
    }
    // The words of a likeness follow a colon: «another record of one venue: same name, same address».
    let likeness =
        LIKENESS.iter().find_map(|(english, french)| Some((reason.strip_prefix(english)?, french)));
    match likeness {
        Some((words, french)) => {
            let words = words.trim_start_matches(": ").split(", ");
            let words: Vec<&str> = words
                .map(|word| {
                    WORDS.iter().find(|(english, _)| *english == word).map_or(word, |(_, french)| french)
                })
                .collect();
            format!("{french}\u{a0}: {}", words.join(", "))
        }
        None => reason.to_owned(),
    }
}

const LIKENESS: [(&str, &str); 3] = [
    ("another record of one venue", "autre fiche du même lieu"),
    ("perhaps one venue with another row", "peut-être le même lieu qu’une autre ligne"),
    (
        "one venue with another row, had a third not forbidden it",
        "le même lieu qu’une autre ligne, si une troisième ne l’excluait",
    ),
];

const WORDS: [(&str, &str); 8] = [
    ("same name", "même nom"),
    ("nearly the same name", "presque le même nom"),
    ("like names", "noms proches"),
    ("an address missing", "une adresse manque"),
    ("same address", "même adresse"),
    ("same street", "même rue"),
    ("other number or street", "autre numéro ou rue"),
    ("other street", "autre rue"),
];

const REASONS: &[(&str, &str)] = &[
    ("has no coordinates", "pas de coordonnées"),
    ("has no coordinates (0, 0)", "coordonnées nulles (0, 0)"),
    ("a coordinate is not a number", "une coordonnée n’est pas un nombre"),
    (
        "a coordinate is no place on Earth, in degrees or in metres",
        "aucun point de la Terre, en degrés ni en mètres",
    ),
    ("written in another manner, read as degrees", "écrites autrement, relues en degrés"),
    ("latitude and longitude are swapped", "latitude et longitude inversées"),
    ("metres of Lambert-93 in place of degrees", "mètres de Lambert-93 au lieu de degrés"),
    ("lies far from its commune", "loin de sa commune"),
    ("lies outside its commune, in its neighbourhood", "hors de sa commune, dans son voisinage"),
    (
        "lies in the only commune of its name, far from its postcode",
        "dans la seule commune de ce nom, loin de son code postal",
    ),
    ("lies far from its département", "loin de son département"),
    ("lies in another département than its own", "dans un autre département que le sien"),
    (
        "lies where its commune code says, far from its postcode and commune name",
        "là où le dit son code commune, loin de son code postal et du nom de sa commune",
    ),
    ("a point where rows of five addresses or more lie", "point commun à cinq adresses ou plus"),
    ("a point where rows of several communes lie", "point commun à plusieurs communes"),
    ("lies in no French territory", "hors de tout territoire français"),
    (
        "fits its territory in several projections: convert it (EPSG:4326)",
        "plusieurs projections conviennent\u{a0}: à convertir en degrés",
    ),
    (
        "a point where rows of several communes lie, outside this one",
        "point commun à plusieurs communes, hors de celle-ci",
    ),
    ("the position and the address are of another commune", "le point et l’adresse sont d’une autre commune"),
    ("the same row twice: the first is kept", "la même ligne deux fois"),
    (
        "the same identifier at the same place: one venue",
        "même identifiant, même endroit\u{a0}: un seul lieu",
    ),
    (
        "several venues have this identifier: each is known by its name too",
        "plusieurs lieux ont cet identifiant\u{a0}: le nom les distingue",
    ),
    (
        "appears twice, with the same name elsewhere: the latest row is kept",
        "deux fois sous le même nom, ailleurs\u{a0}: la plus récente est gardée",
    ),
    ("appears twice: another row is kept", "deux fois\u{a0}: une autre ligne est gardée"),
    ("appears twice: the first row is kept", "deux fois\u{a0}: la première ligne est gardée"),
    ("is in no list of the national schema", "dans aucune liste du schéma national"),
    ("has not been updated for eighteen months", "pas mise à jour depuis dix-huit mois"),
    ("says nothing of its age", "ne dit pas quand elle a été mise à jour"),
    ("is a date, but not written as 2024-08-31", "date écrite autrement que 2024-08-31"),
    ("is not a date such as 2024-08-31", "n’est pas une date"),
    (
        "1970-01-01 stands for a date another tool could not read",
        "1970-01-01 remplace une date qu’un autre outil n’a pas lue",
    ),
    (
        "a spreadsheet made a number of it: its five digits are restored",
        "zéro de tête perdu par un tableur, rétabli",
    ),
    (
        "a spreadsheet made a number of it: its five characters are restored",
        "zéro de tête perdu par un tableur, rétabli",
    ),
    ("is not a postcode of five digits", "n’est pas un code postal"),
    ("no commune has this code in the COG given", "aucune commune n’a ce code"),
    (
        "code of another vintage: read as the commune of today",
        "code d’un autre millésime\u{a0}: lu comme la commune d’aujourd’hui",
    ),
    ("is not in the OSM opening_hours syntax: hours unknown", "horaires non compris\u{a0}: inconnus"),
    (
        "is in French, not in the OSM opening_hours syntax: read as such",
        "en français\u{a0}: traduits au format OpenStreetMap",
    ),
    (
        "depends on the date: the hours of an ordinary week (13 October 2025) are kept",
        "dépend de la date\u{a0}: on garde une semaine ordinaire",
    ),
    (
        "depends on the date, and nothing is open in an ordinary week: hours unknown",
        "dépend de la date, rien d’ouvert une semaine ordinaire\u{a0}: inconnus",
    ),
    (
        "says when it may be open, not when it is: hours unknown",
        "dit quand le lieu peut ouvrir, non quand il ouvre\u{a0}: inconnus",
    ),
    (
        "the hours of a day are not understood: those of the week are unknown",
        "un jour n’est pas compris\u{a0}: semaine inconnue",
    ),
    ("an empty slot from midnight to midnight is left out", "créneau vide de minuit à minuit, retiré"),
    ("slots that overlap are joined", "créneaux qui se chevauchent, réunis"),
    ("is longer than 280 characters", "plus de 280 caractères"),
    ("is not a telephone number of the schema: left out", "pas un numéro du schéma\u{a0}: laissé de côté"),
    ("telephone number rewritten as the schema wants it", "numéro réécrit au format du schéma"),
    ("the national schema requires it", "exigé par le schéma national"),
    ("is empty", "vide"),
    (
        "rows lie more than 100 km from the territory of the build and are not needed",
        "lignes à plus de 100 km du territoire",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Every source file of the crate but this one, in one text.
    fn sources(folder: &Path) -> String {
        let entries =
            std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let text = |path: std::path::PathBuf| match path.extension() {
            _ if path.ends_with("wording.rs") => String::new(),
            Some(extension) if extension == "rs" => std::fs::read_to_string(path).expect("UTF-8"),
            _ if path.is_dir() => sources(&path),
            _ => String::new(),
        };
        entries.map(text).collect()
    }

    #[test]
    fn each_sentence_translated_is_one_that_is_said() {
        let sources = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
        let words = WORDS.iter().chain(&LIKENESS).chain(REASONS);
        // Those of one pattern are written with their projection or their territory.
        let built = ["metres of Lambert-93 in place of degrees", "lies far from its département"];
        for (english, _) in words.filter(|(english, _)| !built.contains(english)) {
            assert!(sources.contains(english), "nobody says {english:?}");
        }
    }

    #[test]
    fn a_likeness_is_told_in_french_and_what_is_unknown_stays() {
        assert_eq!(
            reason("another record of one venue: same name, other street"),
            "autre fiche du même lieu\u{a0}: même nom, autre rue"
        );
        assert_eq!(reason("has no coordinates"), "pas de coordonnées");
        assert_eq!(reason("xyz"), "xyz");
        assert_eq!(
            (rows(1), rows(12_345)),
            ("1\u{a0}ligne".to_owned(), "12\u{202f}345\u{a0}lignes".to_owned())
        );
        assert_eq!(percent(0.0412), "4,1\u{202f}%");
    }
}
