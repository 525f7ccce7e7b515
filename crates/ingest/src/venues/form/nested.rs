//! The national schema as the interface of the dataspace and the library of the ANCT nest it.

use csv::StringRecord;

use crate::venues::rows::{Columns, Row};

/// What a nested name is called in the national schema.
const NAMES: [(&str, &str); 17] = [
    ("adresse.voie", "adresse"),
    ("adresse.commune", "commune"),
    ("adresse.code_postal", "code_postal"),
    ("adresse.code_insee", "code_insee"),
    ("adresse.complement_adresse", "complement_adresse"),
    ("localisation.latitude", "latitude"),
    ("localisation.longitude", "longitude"),
    ("contact.telephone", "telephone"),
    ("contact.courriels", "courriels"),
    ("contact.courriel", "courriels"),
    ("contact.site_web", "site_web"),
    ("presentation.resume", "presentation_resume"),
    ("presentation.detail", "presentation_detail"),
    ("presentation.presentation_resume", "presentation_resume"),
    ("presentation.presentation_detail", "presentation_detail"),
    ("structure.nom", "structure_parente"),
    ("courriel", "courriels"),
];

/// The parts of a street address, in the order they are written.
const STREET: [&str; 3] = ["adresse.numero_voie", "adresse.repetition", "adresse.nom_voie"];

/// Whether a row is nested.
pub(super) fn is(row: &Row) -> bool {
    row.columns().names().iter().any(|name| {
        STREET.contains(&name.as_str())
            || NAMES.iter().any(|(nested, _)| nested == name && nested.contains('.'))
    })
}

/// The rows with flat names; the names that are no nesting stay.
pub(super) fn rows(rows: &[Row]) -> Vec<Row> {
    rows.iter().map(flat).collect()
}

fn flat(row: &Row) -> Row {
    let (mut names, mut values) = (Vec::new(), StringRecord::new());
    let street: Vec<&str> = STREET.into_iter().filter_map(|part| row.given(part)).collect();
    if !street.is_empty() {
        names.push("adresse".to_owned());
        values.push_field(&street.join(" "));
    }
    for (name, value) in row.cells() {
        if STREET.contains(&name) {
            continue;
        }
        let flat = NAMES.iter().find(|(nested, _)| *nested == name).map_or(name, |(_, flat)| flat);
        if !names.iter().any(|known: &String| known == flat) {
            names.push(flat.to_owned());
            values.push_field(value);
        }
    }
    Row::new(row.rank(), Columns::new(names), values)
}
