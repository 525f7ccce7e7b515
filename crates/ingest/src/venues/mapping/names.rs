//! The columns and closed lists a mapping may name.

use territory::slug::slug;
use territory::vocabulary::{
    Care, Entry, Fee, Itinerance, Label, Programme, Public, Service, Support, Term, Typology,
};

use crate::venues::rows::Version;
use crate::venues::schema_v0;
use crate::venues::schema_v1::COLUMNS;

/// Columns of v0.1, and `itinerance`, which our reader takes in both.
const V0: [&str; 30] = [
    "id",
    "pivot",
    "nom",
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "latitude",
    "longitude",
    "cle_ban",
    "typologie",
    "telephone",
    "courriel",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "structure_parente",
    "date_maj",
    "services",
    "publics_accueillis",
    "conditions_acces",
    "labels_nationaux",
    "labels_autres",
    "modalites_accompagnement",
    "accessibilite",
    "prise_rdv",
    "itinerance",
];

/// A column that no version of the national schema has, and that our reader takes: full-time equivalents.
pub(super) const STAFF: &str = "fte";

pub(super) fn columns(version: Version) -> &'static [&'static str] {
    match version {
        Version::V0 => &V0,
        Version::V1 => &COLUMNS,
    }
}

/// Whether a column holds terms of a closed list.
pub(super) fn closed(version: Version, column: &str) -> bool {
    match version {
        Version::V0 => schema_v0::knows(column, "").is_some() || !labels(column).is_empty(),
        Version::V1 => !labels(column).is_empty(),
    }
}

/// Whether a value is a term of a column's list, as published.
pub(super) fn knows(version: Version, column: &str, value: &str) -> bool {
    let v0 = (version == Version::V0).then(|| schema_v0::knows(column, value)).flatten();
    v0.unwrap_or_else(|| labels(column).contains(&value))
}

/// The term a value may have meant.
pub(super) fn near(version: Version, column: &str, value: &str) -> Option<&'static str> {
    let wanted = slug(value);
    let of_v1 = || labels(column).into_iter().find(|label| slug(label) == wanted);
    (version == Version::V1).then(of_v1).flatten()
}

/// The terms of v1.0.x of a column; none when its list is open.
fn labels(column: &str) -> Vec<&'static str> {
    fn all<T: Term>() -> Vec<&'static str> {
        T::all().map(Term::label).collect()
    }
    match column {
        "typologie" => all::<Typology>(),
        "services" => all::<Service>(),
        "publics_specifiquement_adresses" => all::<Public>(),
        "prise_en_charge_specifique" => all::<Care>(),
        // Two more conditions are known, of v0.1 only.
        "frais_a_charge" => all::<Fee>().into_iter().take(3).collect(),
        "dispositif_programmes_nationaux" => all::<Programme>(),
        "formations_labels" => all::<Label>(),
        "modalites_acces" => all::<Entry>(),
        "modalites_accompagnement" => all::<Support>(),
        "itinerance" => all::<Itinerance>(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_closed_list_is_one_of_a_column_and_knows_its_own_words_only() {
        let closed = |version| columns(version).iter().filter(|c| closed(version, c)).count();
        assert_eq!((closed(Version::V1), closed(Version::V0)), (10, 7));
        assert!(knows(Version::V1, "services", "Compréhension du monde numérique"));
        assert!(!knows(Version::V1, "services", "Comprehension du monde numérique"));
        assert_eq!(
            near(Version::V1, "services", "Comprehension du monde numérique"),
            Some("Compréhension du monde numérique")
        );
        assert!(
            knows(Version::V0, "services", "Accéder à du matériel")
                && !knows(Version::V0, "services", "Astrologie")
        );
        assert!(!knows(Version::V1, "frais_a_charge", "Adhésion") && knows(Version::V1, "typologie", "RFS"));
    }
}
