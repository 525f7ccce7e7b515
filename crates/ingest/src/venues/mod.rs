//! «Lieux de médiation numérique», in every form they come in.
//!
//! Whatever the file, its rows become [`Row`]s in the columns of the national schema (v0.1 or v1.0),
//! told apart by their columns (`form`) or through a [`Mapping`] written for the file; one reader
//! interprets them. A row without identifier, name or plausible coordinates is refused; everything else that is not
//! understood is kept as found and reported. Telephones, mails and persons are never read.

mod form;
pub mod hours;
pub mod mapping;
mod rows;
mod schema_v0;
mod schema_v1;
mod values;

use std::collections::BTreeSet;
use std::path::Path;

use territory::vocabulary::{Entry, Itinerance, Term, Terms, Typology};
use territory::{CommuneCode, Position, Venue};

use crate::codes::{Codes, Meaning};
use crate::error::IngestError;
use crate::file::File;
use crate::ground::{self, Ground};
use crate::refusal::{Findings, Kind, Read};
pub use mapping::Mapping;
pub use rows::{Row, Rows, Version, read_rows};

/// The venues of a file by itself, wherever they are: no commune is known, so that codes and coordinates
/// are judged only for what they are.
pub fn read_everywhere(path: &Path, mapping: Option<&Mapping>) -> Result<Read<Vec<Venue>>, IngestError> {
    let file = File::open(path, None)?;
    let mut findings = file.findings();
    let (codes, ground) = (Codes::default(), Ground::default());
    let value = Reader::new(&codes, &ground).read(&file, mapping, &mut findings)?;
    Ok(Read { value, refused: findings.into_list() })
}

/// What venue files read one after the other share: identifiers are unique over all of them.
pub(crate) struct Reader<'a> {
    codes: &'a Codes,
    ground: &'a Ground,
    ids: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(codes: &'a Codes, ground: &'a Ground) -> Self {
        Self { codes, ground, ids: BTreeSet::new() }
    }

    /// The venues of a file, in its order.
    pub(crate) fn read(
        &mut self,
        file: &File,
        mapping: Option<&Mapping>,
        findings: &mut Findings,
    ) -> Result<Vec<Venue>, IngestError> {
        let mut rows = rows::read(file, mapping, findings)?;
        Ok(self.interpret(&mut rows, findings))
    }

    /// The venues of rows, in their order; what is repaired on the way is repaired in the rows too.
    pub(crate) fn interpret(&mut self, rows: &mut Rows, findings: &mut Findings) -> Vec<Venue> {
        let read_terms = match rows.version {
            Version::V0 => schema_v0::fill,
            Version::V1 => schema_v1::fill,
        };
        let mut weeks = values::Weeks::default();
        let mut venues = Vec::with_capacity(rows.list.len());
        for row in &mut rows.list {
            values::tidy(row, &mut weeks, findings);
            let Some(mut venue) = self.accept(row, findings) else {
                continue;
            };
            self.describe(row, &weeks, &mut venue, findings);
            read_terms(row, &mut venue, findings);
            venues.push(venue);
        }
        venues
    }

    /// The venue of a row with what it cannot do without, or none once refused.
    fn accept(&mut self, row: &Row, findings: &mut Findings) -> Option<Venue> {
        let (id, name) = (row.text("id"), row.text("nom"));
        if id.is_empty() || name.is_empty() {
            let (column, other) = if id.is_empty() { ("id", name) } else { ("nom", id) };
            findings.refused(row.rank, column, other, Kind::MissingValue.because("is empty"));
            return None;
        }
        if self.ids.contains(id) {
            let reason = "appears twice: the first row is kept";
            findings.refused(row.rank, "id", id, Kind::DuplicateId.because(reason));
            return None;
        }
        let position = self.position(row, findings)?;
        self.ids.insert(id.to_owned());
        Some(Venue::new(id, name, position))
    }

    fn position(&self, row: &Row, findings: &mut Findings) -> Option<Position> {
        const COLUMN: &str = "latitude";
        let (lon, lat) = (row.text("longitude"), row.text(COLUMN));
        match ground::coordinates(lon, lat) {
            Err(trouble) => {
                findings.refused(row.rank, COLUMN, &format!("{lat}, {lon}"), trouble.reason);
                None
            }
            Ok((position, repaired)) => {
                if let Some(reason) = self.ground.trouble(position) {
                    findings.refused(row.rank, COLUMN, &format!("{lat}, {lon}"), reason);
                    return None;
                }
                if repaired.is_some() {
                    let value = format!("{lat} {lon}");
                    findings.repaired(row.rank, COLUMN, &value, "decimal comma read as a point");
                }
                Some(position)
            }
        }
    }

    /// What both versions write the same way.
    fn describe(&self, row: &mut Row, weeks: &values::Weeks, venue: &mut Venue, findings: &mut Findings) {
        venue.address = row.given("adresse").map(str::to_owned);
        venue.postcode = row.given("code_postal").and_then(|text| text.parse().ok());
        row.text("commune").clone_into(&mut venue.commune_name);
        venue.commune = self.commune(row, findings);
        venue.producer = row.given("source").map(str::to_owned);
        venue.updated = row.given("date_maj").and_then(values::vintage);
        venue.hours_text = Some(row.found("horaires")).filter(|text| !text.is_empty()).map(str::to_owned);
        venue.hours = row.given("horaires").and_then(|text| weeks.of(text));
        list(row, "typologie", venue, findings, |value, venue| {
            // Pôle emploi was renamed France Travail.
            let value = if value == "PE" { "FT" } else { value };
            put(&mut venue.typologies, term::<Typology>(value))
        });
        list(row, "itinerance", venue, findings, |value, venue| {
            put(&mut venue.itinerance, term::<Itinerance>(value))
        });
        list(row, "modalites_acces", venue, findings, |value, venue| {
            put(&mut venue.entries, term::<Entry>(value))
        });
    }

    fn commune(&self, row: &mut Row, findings: &mut Findings) -> Option<CommuneCode> {
        const COLUMN: &str = "code_insee";
        let text = row.given(COLUMN)?;
        let code = match text.parse::<CommuneCode>() {
            Ok(code) => code,
            Err(e) => {
                let reason = format!("is not a commune code: {}", e.reason);
                findings.kept(row.rank, COLUMN, text, Kind::BadCommune.because(reason));
                return None;
            }
        };
        match self.codes.meaning(code) {
            Meaning::Commune(_) | Meaning::Outside => Some(code),
            Meaning::PartOf(today) => {
                let reason = Kind::OtherVintage
                    .because("code of another vintage: read as the commune of today")
                    .with_repair(today.as_str());
                findings.repaired(row.rank, COLUMN, text, reason);
                row.repair(COLUMN, today.as_str());
                Some(today)
            }
            Meaning::Unknown => {
                let reason = "no commune has this code in the COG given";
                findings.kept(row.rank, COLUMN, text, Kind::BadCommune.because(reason));
                None
            }
        }
    }
}

/// Gives each value of a list to `take`; those it does not know are kept as found and reported.
fn list(
    row: &Row,
    column: &str,
    venue: &mut Venue,
    findings: &mut Findings,
    take: impl Fn(&str, &mut Venue) -> bool,
) {
    for value in row.list(column) {
        if !take(value, venue) {
            let reason = "is in no list of the national schema";
            findings.kept(row.rank, column, value, Kind::UnknownValue.because(reason));
            venue.unrecognised.push((column.to_owned(), value.to_owned()));
        }
    }
}

/// The term of a label: as published, else however it is spelt.
fn term<T: Term>(label: &str) -> Option<T> {
    T::all().find(|term| term.label() == label).or_else(|| T::from_label(label))
}

/// Adds a term when there is one, and says whether there was.
fn put<T: Term>(terms: &mut Terms<T>, term: Option<T>) -> bool {
    term.map(|term| terms.insert(term)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};
    use crate::refusal::{Outcome, Refusal};
    use proptest::prelude::*;
    use territory::vocabulary::{Fee, Service};

    fn try_read(text: impl Into<Vec<u8>>) -> Result<(Vec<Venue>, Vec<Refusal>), IngestError> {
        let file = File::of(text);
        let (codes, ground, mut findings) = (small(), Ground::around_ain(), file.findings());
        let venues = Reader::new(&codes, &ground).read(&file, None, &mut findings)?;
        Ok((venues, findings.into_list()))
    }

    fn read(text: impl Into<Vec<u8>>) -> (Vec<Venue>, Vec<Refusal>) {
        try_read(text).expect("readable")
    }

    const HEADER: &str = "id,nom,latitude,longitude,code_insee,date_maj,horaires,services,frais_a_charge";

    #[test]
    fn each_bad_row_is_refused_for_its_reason_and_the_good_ones_kept() {
        let rows = [
            ",A,46,5,,,,,",
            "b,,46,5,,,,,",
            "c,C,,,,,,,",
            "d,D,0,0,,,,,",
            "e,E,5.2,46.0,,,,,",
            "f,F,6519000,842000,,,,,",
            "g,G,48.85,2.35,,,,,",
            "h,H,NaN,5,,,,,",
            "i,I,1e308,5,,,,,",
            "j,J,46,5,,,,,",
            "j,J,46,5,,,,,",
            "k,K,\"46,1\",5,,,,,",
            "l,L,46",
        ];
        let (venues, findings) =
            read(format!("\u{feff}{HEADER}\n{}\n", rows.join("\n")).trim_start_matches('\u{feff}'));
        assert_eq!(venues.iter().map(|v| v.id.as_str()).collect::<Vec<_>>(), ["j", "k"]);
        let expected = [
            "is empty",
            "is empty",
            "no coordinates",
            "no coordinates (0, 0)",
            "look swapped",
            "Lambert-93",
            "far outside",
            "not a number",
            "not in degrees",
            "appears twice",
            "decimal comma",
            "has 3 columns",
        ];
        assert_eq!(findings.len(), expected.len(), "{findings:#?}");
        for expected in expected {
            assert!(findings.iter().any(|f| f.reason.contains(expected)), "{expected}");
        }
        let swapped = findings.iter().find(|f| f.reason.contains("swapped")).expect("one");
        assert_eq!(
            (swapped.line, swapped.outcome, swapped.value.as_str()),
            (Some(6), Outcome::Refused, "5.2, 46.0")
        );
    }

    #[test]
    fn doubts_keep_the_row_without_the_value() {
        let row = "a,A,46,5,1001,1970-01-01,lundi matin,Aide aux démarches administratives|Astrologie,Gratuit;Payant";
        let (venues, findings) =
            read(format!("{HEADER}\n{row}\nb,B,46,5,69381,31/12/2024,Mo 09:00-12:00,,\n"));
        assert!(
            findings
                .iter()
                .all(|f| f.outcome == if f.line == Some(3) { Outcome::Repaired } else { Outcome::Kept }),
            "{findings:#?}"
        );
        assert_eq!(findings.len(), 6, "{findings:#?}");
        assert_eq!(
            (venues[0].commune, venues[0].updated.is_none(), venues[0].hours.is_none()),
            (None, true, true)
        );
        assert_eq!(venues[0].hours_text.as_deref(), Some("lundi matin"));
        assert_eq!(venues[0].unrecognised, [("services".to_owned(), "Astrologie".to_owned())]);
        assert_eq!(venues[0].services, [Service::Procedures].into_iter().collect());
        assert_eq!(venues[0].fees, [Fee::Free, Fee::Paid].into_iter().collect(), "`;` in v1 is read too");
        assert_eq!(venues[1].commune, Some(code("69123")));
        assert_eq!(venues[1].updated.as_ref().map(ToString::to_string).as_deref(), Some("2024-12-31"));
        let kinds: std::collections::BTreeSet<Kind> = findings.iter().map(|f| f.kind).collect();
        let expected =
            [Kind::BadCommune, Kind::BadDate, Kind::BadHours, Kind::UnknownValue, Kind::OtherVintage];
        assert_eq!(kinds, expected.into());
        assert!(venues[1].hours.is_some());
    }

    #[test]
    fn what_is_repaired_on_the_way_is_repaired_in_the_rows_too() {
        let file = File::of(format!("{HEADER},telephone\nb,B,46,5,69381,31/12/2024,lundi 9h-12h,,,0102\n"));
        let (codes, ground, mut findings) = (small(), Ground::around_ain(), file.findings());
        let mut rows = rows::read(&file, None, &mut findings).expect("rows");
        let venues = Reader::new(&codes, &ground).interpret(&mut rows, &mut findings);
        let row = &rows.list[0];
        assert_eq!(venues.len(), 1);
        assert_eq!(venues[0].hours_text.as_deref(), Some("lundi 9h-12h"), "as the file writes it");
        let repaired: Vec<_> = row.repairs().collect();
        assert_eq!(
            repaired,
            [("date_maj", "2024-12-31"), ("horaires", "Mo 09:00-12:00"), ("code_insee", "69123")]
        );
        assert_eq!((row.found("code_insee"), row.text("telephone")), ("69381", "0102"));
    }

    #[test]
    fn identifiers_are_unique_over_all_files() {
        let file = File::of(format!("{HEADER}\na,A,46,5,,,,,\n"));
        let (codes, ground) = (small(), Ground::around_ain());
        let mut reader = Reader::new(&codes, &ground);
        let mut findings = file.findings();
        assert_eq!(reader.read(&file, None, &mut findings).expect("read").len(), 1);
        assert_eq!(reader.read(&file, None, &mut findings).expect("read").len(), 0);
        assert_eq!(findings.reasons(), ["appears twice: the first row is kept"]);
    }

    #[test]
    fn json_may_nest_its_address_and_give_arrays() {
        let (venues, findings) = read(
            r#"[{"id": 7, "nom": "A", "latitude": 46.0, "longitude": "5.0", "telephone": "0102030405",
                 "adresse": {"numero_voie": 5, "repetition": "bis", "nom_voie": "rue X", "commune": "Lyon", "code_insee": "69123"},
                 "services": ["Aide aux démarches administratives", "Compréhension du monde numérique"],
                 "frais_a_charge": ["Gratuit"]}]"#,
        );
        assert!(findings.is_empty(), "{findings:?}");
        let venue = &venues[0];
        assert_eq!((venue.id.as_str(), venue.address.as_deref()), ("7", Some("5 bis rue X")));
        assert_eq!((venue.commune_name.as_str(), venue.commune), ("Lyon", Some(code("69123"))));
        assert_eq!(venue.services.iter().count(), 2);
        assert!(!format!("{venue:?}").contains("0102030405"), "telephones are never kept");
    }

    proptest! {
        #[test]
        fn any_csv_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,80}") {
            read([HEADER.as_bytes(), b"\n", &bytes].concat());
            read(format!("{HEADER}\na,A,46,5,{text},{text},{text},{text},{text}\n"));
        }

        #[test]
        fn any_json_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), value in r#"[\[{"a:1,}\]]{0,20}"#) {
            let _ = try_read([b"[".to_vec(), bytes].concat());
            let _ = try_read(format!("[{{\"id\":{value},\"nom\":\"a\",\"latitude\":46,\"longitude\":5,\"services\":{value}}}]"));
        }
    }
}
