//! Schema v0.1: fifteen services, sentences for conditions, one list for all publics.

use territory::Venue;
use territory::slug::slug;
use territory::vocabulary::{Care, Fee, Label, Programme, Public, Service, Support};

use super::list;
use super::rows::Row;
use crate::refusal::Findings;

/// Columns only this version has.
pub(super) const ONLY: [&str; 6] = [
    "conditions_acces",
    "publics_accueillis",
    "labels_nationaux",
    "labels_autres",
    "accessibilite",
    "cle_ban",
];

/// Services of v0.1 in the terms of v1, as the ANCT library maps them.
const SERVICES: [(&str, Service); 15] = [
    ("Devenir autonome dans les démarches administratives", Service::Procedures),
    ("Réaliser des démarches administratives avec un accompagnement", Service::Procedures),
    ("Accompagner les démarches de santé", Service::Procedures),
    ("Prendre en main un smartphone ou une tablette", Service::EverydayTools),
    ("Prendre en main un ordinateur", Service::EverydayTools),
    ("Utiliser le numérique au quotidien", Service::EverydayTools),
    ("Approfondir ma culture numérique", Service::Understanding),
    ("Promouvoir la citoyenneté numérique", Service::Understanding),
    ("Favoriser mon insertion professionnelle", Service::Employment),
    ("Créer et développer mon entreprise", Service::Employment),
    ("Accéder à une connexion internet", Service::Equipment),
    ("Accéder à du matériel", Service::Equipment),
    ("S'équiper en matériel informatique", Service::AffordableEquipment),
    ("Créer avec le numérique", Service::Leisure),
    ("Soutenir la parentalité et l'éducation avec le numérique", Service::Parenting),
];

/// What a public of v0.1 is in v1.
#[derive(Clone, Copy)]
enum Audience {
    Public(Public),
    Care(Care),
    /// «Adultes» has no term in v1 and restricts nobody: dropped knowingly.
    Everyone,
}

const PUBLICS: [(&str, Audience); 11] = [
    ("Seniors (+ 65 ans)", Audience::Public(Public::Seniors)),
    ("Familles/enfants", Audience::Public(Public::Families)),
    ("Adultes", Audience::Everyone),
    ("Jeunes (16-26 ans)", Audience::Public(Public::Youth)),
    ("Public langues étrangères", Audience::Care(Care::OtherLanguages)),
    ("Déficience visuelle", Audience::Care(Care::VisualImpairment)),
    ("Surdité", Audience::Care(Care::Deafness)),
    ("Handicaps psychiques", Audience::Care(Care::MentalDisability)),
    ("Handicaps mentaux", Audience::Care(Care::MentalDisability)),
    ("Uniquement femmes", Audience::Public(Public::Women)),
    ("Personnes en situation d'illettrisme", Audience::Care(Care::Illiteracy)),
];

const FEES: [(&str, Fee); 5] = [
    ("Gratuit", Fee::Free),
    ("Gratuit sous condition", Fee::Conditional),
    ("Payant", Fee::Paid),
    ("Adhésion", Fee::Membership),
    ("Accepte le Pass numérique", Fee::PassNumerique),
];

/// What a label of v0.1 is in v1; `APTIC`, `Relais pôle emploi`, `French Tech` and `Campus connecté`
/// are in no list of v1 and stay as found.
#[derive(Clone, Copy)]
enum National {
    Programme(Programme),
    Label(Label),
}

const LABELS: [(&str, National); 7] = [
    ("France Services", National::Programme(Programme::FranceServices)),
    ("CNFS", National::Programme(Programme::ConseillersNumeriques)),
    ("Aidants Connect", National::Programme(Programme::AidantsConnect)),
    ("Fabriques de Territoire", National::Label(Label::FabriquesDeTerritoire)),
    ("Grandes écoles du numérique", National::Programme(Programme::GrandeEcoleDuNumerique)),
    ("Point relais CAF", National::Programme(Programme::CafAccessPoint)),
    ("Point numérique CAF", National::Programme(Programme::CafAccessPoint)),
];

/// «A ma place» is help given to one person: the national file merges it so.
const SUPPORTS: [(&str, Support); 5] = [
    ("Seul", Support::Alone),
    ("Avec de l'aide", Support::Individual),
    ("A ma place", Support::Individual),
    ("Dans un atelier", Support::Workshop),
    ("À distance", Support::Remote),
];

/// Whether a value is one of a column of this version: none when the column has no closed list.
pub(super) fn knows(column: &str, value: &str) -> Option<bool> {
    Some(match column {
        "services" => find(&SERVICES, value).is_some(),
        "publics_accueillis" => find(&PUBLICS, value).is_some(),
        "conditions_acces" => find(&FEES, value).is_some(),
        "labels_nationaux" => find(&LABELS, value).is_some(),
        "modalites_accompagnement" => find(&SUPPORTS, value).is_some(),
        _ => return None,
    })
}

/// Reads what this version writes its own way.
pub(super) fn fill(row: &Row, venue: &mut Venue, findings: &mut Findings) {
    list(row, "services", venue, findings, |value, venue| {
        find(&SERVICES, value).map(|term| venue.services.insert(term)).is_some()
    });
    list(row, "publics_accueillis", venue, findings, |value, venue| {
        match find(&PUBLICS, value) {
            Some(Audience::Public(term)) => venue.publics.insert(term),
            Some(Audience::Care(term)) => venue.care.insert(term),
            Some(Audience::Everyone) => {}
            None => return false,
        }
        true
    });
    list(row, "conditions_acces", venue, findings, |value, venue| {
        find(&FEES, value).map(|term| venue.fees.insert(term)).is_some()
    });
    list(row, "labels_nationaux", venue, findings, |value, venue| {
        match find(&LABELS, value) {
            Some(National::Programme(term)) => venue.programmes.insert(term),
            Some(National::Label(term)) => venue.labels.insert(term),
            None => return false,
        }
        true
    });
    list(row, "modalites_accompagnement", venue, findings, |value, venue| {
        find(&SUPPORTS, value).map(|term| venue.supports.insert(term)).is_some()
    });
}

/// The term of a value; a sentence is known by what comes before its colon.
fn find<T: Copy>(table: &[(&str, T)], value: &str) -> Option<T> {
    let head = value.split_once(" :").map_or(value, |(head, _)| head);
    let exact = table.iter().find(|(label, _)| *label == head);
    let found = exact.or_else(|| {
        let wanted = slug(head);
        table.iter().find(|(label, _)| slug(label) == wanted)
    });
    found.map(|(_, term)| *term)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::File;

    #[test]
    fn sentences_publics_and_labels_become_terms_and_adults_nobody_in_particular() {
        let file = File::of(concat!(
            r#"[{"services": "S’équiper en matériel informatique;Accéder à du matériel","#,
            r#""publics_accueillis": "Adultes;Uniquement femmes;Handicaps mentaux : déficiences limitant les activités d'une personne","#,
            r#""conditions_acces": "Adhésion : L'accès au lieu et/ou à ses services nécessite d'y adhérer","#,
            r#""labels_nationaux": "CNFS;APTIC;Fabriques de Territoire","#,
            r#""modalites_accompagnement": "A ma place : une personne habilitée fait les démarches à ma place"}]"#
        ));
        let mut findings = file.findings();
        let rows = super::super::rows::raw(&file, None, &mut findings).expect("rows");
        let at = territory::Position::from_lon_lat(5.0, 46.0).expect("on Earth");
        let mut venue = Venue::new("a", "A", at);
        fill(&rows[0], &mut venue, &mut findings);
        assert_eq!(venue.services, [Service::AffordableEquipment, Service::Equipment].into_iter().collect());
        assert_eq!(venue.publics, [Public::Women].into_iter().collect());
        assert_eq!(venue.care, [Care::MentalDisability].into_iter().collect());
        assert_eq!(venue.fees, [Fee::Membership].into_iter().collect());
        assert_eq!(venue.programmes, [Programme::ConseillersNumeriques].into_iter().collect());
        assert_eq!(venue.labels, [Label::FabriquesDeTerritoire].into_iter().collect());
        assert_eq!(venue.supports, [Support::Individual].into_iter().collect());
        assert_eq!(venue.unrecognised, [("labels_nationaux".to_owned(), "APTIC".to_owned())]);
        assert_eq!(findings.reasons(), ["is in no list of the national schema"]);
    }
}
