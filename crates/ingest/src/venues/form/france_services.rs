//! The lists of France services of the ANCT, of 2022 and of 2024.
//!
//! What the list does not say but the label does: a France services is free of charge and helps with
//! administrative procedures (circulaire n° 6094-SG du 1er juillet 2019, whose annex 5 is the charter
//! every one of them signs). Nothing more is made up: neither computers nor lessons, which the
//! national file adds to each.
//!
//! Left out, for want of a column in the national schema: the group, the date of the label (which is
//! no date of the record) and whether one may book (`prise_rdv` is an address of the web there).

use std::sync::Arc;

use csv::StringRecord;
use territory::vocabulary::{Fee, Itinerance, Programme, Service, Term};

use super::week;
use crate::refusal::{Findings, Kind};
use crate::venues::rows::{Columns, Row};

/// Columns only this form has.
pub(super) const OWN: [&str; 4] = ["id_fs", "lib_fs", "h_lundi", "format_fs"];

const DAYS: [&str; 7] =
    ["h_lundi", "h_mardi", "h_mercredi", "h_jeudi", "h_vendredi", "h_samedi", "h_dimanche"];

/// What national columns are copied from.
const COPIED: [(&str, &str); 8] = [
    ("nom", "lib_fs"),
    ("commune", "lib_com"),
    ("code_postal", "code_postal"),
    ("code_insee", "insee_com"),
    ("adresse", "adresse"),
    ("complement_adresse", "complement_adresse"),
    ("latitude", "latitude"),
    ("longitude", "longitude"),
];

/// What the rest is called, in the order it is made below.
const MADE: [&str; 9] = [
    "id",
    "typologie",
    "horaires",
    "presentation_detail",
    "source",
    "itinerance",
    "services",
    "frais_a_charge",
    "dispositif_programmes_nationaux",
];

pub(super) fn rows(rows: &[Row], findings: &mut Findings) -> Vec<Row> {
    let names = COPIED.iter().map(|(name, _)| *name).chain(MADE).map(str::to_owned).collect();
    let columns = Columns::new(names);
    rows.iter().map(|row| converted(row, &columns, findings)).collect()
}

fn converted(row: &Row, columns: &Arc<Columns>, findings: &mut Findings) -> Row {
    let mut values: StringRecord = COPIED.iter().map(|(_, own)| row.text(own)).collect();
    let id = row.given("id_fs").map(|id| format!("France-services_{id}")).unwrap_or_default();
    let hours = hours(row, findings).unwrap_or_default();
    let itinerance = itinerance(row, findings).map_or("", Term::label);
    for value in [
        id.as_str(),
        "RFS",
        &hours,
        row.text("commentaire"),
        "France services",
        itinerance,
        Service::Procedures.label(),
        Fee::Free.label(),
        Programme::FranceServices.label(),
    ] {
        values.push_field(value);
    }
    Row::new(row.rank(), Arc::clone(columns), values)
}

/// The hours of its days in OSM's words. A day left empty is closed when another is given; all
/// empty, hours are unknown, as they are when a day is not understood.
fn hours(row: &Row, findings: &mut Findings) -> Option<String> {
    let days = DAYS.map(|column| row.text(column));
    let read = week::of_days(&days, |day, trouble| trouble.tell(row.rank(), DAYS[day], days[day], findings));
    read.and_then(|week| week.osm())
}

/// Whether it moves, by its format (2024) or the column that says so (2022).
///
/// A site of a «multisites» and one with branches are fixed: each site and each branch has a row.
fn itinerance(row: &Row, findings: &mut Findings) -> Option<Itinerance> {
    let (column, word) = if row.has("itinerance") {
        ("itinerance", row.given("itinerance")?)
    } else {
        ("format_fs", row.given("format_fs")?)
    };
    let known = of_word(word);
    if known.is_none() {
        let reason =
            Kind::UnknownValue.because("is no format of a France services: whether it moves is unknown");
        findings.kept(row.rank(), column, word, reason);
    }
    known
}

/// What a word says of moving.
pub(super) fn of_word(word: &str) -> Option<Itinerance> {
    match super::fold::words(word).as_str() {
        "fixe" | "fixe antenne(s)" | "multisites" | "non" => Some(Itinerance::Fixed),
        "bus equivalent" | "itinerante" | "itinerant" | "bus" | "oui" => Some(Itinerance::Itinerant),
        _ => None,
    }
}
