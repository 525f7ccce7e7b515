//! Schema v1.0: its values are the labels of the vocabularies.

use territory::Venue;
use territory::vocabulary::{Care, Fee, Label, Programme, Public, Service, Support};

use super::rows::Row;
use super::{list, put, term};
use crate::refusal::Findings;

/// The columns of schema v1.0.1, in the order of its files.
pub const COLUMNS: [&str; 32] = [
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
    "typologie",
    "telephone",
    "courriels",
    "site_web",
    "horaires",
    "presentation_resume",
    "presentation_detail",
    "source",
    "itinerance",
    "structure_parente",
    "date_maj",
    "services",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "autres_formations_labels",
    "modalites_acces",
    "modalites_accompagnement",
    "fiche_acces_libre",
    "prise_rdv",
];

/// Columns only this version has.
pub(super) const ONLY: [&str; 6] = [
    "frais_a_charge",
    "publics_specifiquement_adresses",
    "prise_en_charge_specifique",
    "dispositif_programmes_nationaux",
    "formations_labels",
    "fiche_acces_libre",
];

/// Reads what this version writes its own way.
pub(super) fn fill(row: &Row, venue: &mut Venue, findings: &mut Findings) {
    list(row, "services", venue, findings, |value, venue| put(&mut venue.services, term::<Service>(value)));
    list(row, "publics_specifiquement_adresses", venue, findings, |value, venue| {
        put(&mut venue.publics, term::<Public>(value))
    });
    list(row, "prise_en_charge_specifique", venue, findings, |value, venue| {
        put(&mut venue.care, term::<Care>(value))
    });
    list(row, "frais_a_charge", venue, findings, |value, venue| put(&mut venue.fees, term::<Fee>(value)));
    list(row, "dispositif_programmes_nationaux", venue, findings, |value, venue| {
        put(&mut venue.programmes, term::<Programme>(value))
    });
    list(row, "formations_labels", venue, findings, |value, venue| {
        put(&mut venue.labels, term::<Label>(value))
    });
    list(row, "modalites_accompagnement", venue, findings, |value, venue| {
        put(&mut venue.supports, term::<Support>(value))
    });
}
