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

/// A reason in French; one that is not in the table stays as it is.
pub(super) fn reason(reason: &str) -> &str {
    REASONS.iter().find(|(english, _)| *english == reason).map_or(reason, |(_, french)| french)
}

const REASONS: [(&str, &str); 0] = [];
