//! «Lieux de médiation numérique», in every form they come in.
//!
//! Whatever the file, its rows become [`Row`]s in the columns of the national schema (v0.1 or v1.0),
//! told apart by their columns (`form`) or through a [`Mapping`] written for the file; one reader
//! interprets them. A row without identifier, name or plausible coordinates is refused; everything else that is not
//! understood is kept as found and reported. Which rows are one venue is decided by [`crate::identity`]. Telephones, mails and persons are never read.

mod form;
pub mod hours;
pub mod mapping;
mod place;
pub(crate) mod rows;
mod schema_v0;
pub(crate) mod schema_v1;
mod values;

use std::collections::BTreeMap;
use std::path::Path;

use territory::vocabulary::{Entry, Itinerance, Term, Terms, Typology};
use territory::{CommuneCode, FullTimeEquivalents, SourceRecord, Venue};

use crate::codes::{Codes, Meaning};
use crate::error::IngestError;
use crate::file::File;
use crate::identity::Record;
use crate::location::{Crowd, Judge, Located};
use crate::refusal::{Findings, Kind, Read};
pub use mapping::Mapping;
pub use rows::{Row, Rows, Version, read_rows};

/// The venues of a file by itself, wherever they are: no commune is known, so that codes and coordinates
/// are judged only for what they are.
pub fn read_everywhere(path: &Path, mapping: Option<&Mapping>) -> Result<Read<Vec<Venue>>, IngestError> {
    let file = File::open(path, None)?;
    let mut findings = file.findings();
    let (codes, shapes) = (Codes::default(), BTreeMap::new());
    let judge = Judge::new(&codes, &shapes).everywhere();
    let records = Reader::new(&codes, &judge).read(&file, mapping, &file.name(), &mut findings)?;
    let value = records.into_iter().map(|record| record.venue).collect();
    Ok(Read { value, refused: findings.into_list() })
}

/// What venue files read one after the other share.
pub(crate) struct Reader<'a> {
    codes: &'a Codes,
    judge: &'a Judge<'a>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(codes: &'a Codes, judge: &'a Judge<'a>) -> Self {
        Self { codes, judge }
    }

    /// The venues of a file, in its order; a producer that is not said is the one given.
    pub(crate) fn read(
        &self,
        file: &File,
        mapping: Option<&Mapping>,
        producer: &str,
        findings: &mut Findings,
    ) -> Result<Vec<Record>, IngestError> {
        let mut rows = rows::read(file, mapping, findings)?;
        Ok(self.interpret(&mut rows, &file.name(), producer, findings))
    }

    /// The venues of rows, in their order; what is repaired on the way is repaired in the rows too.
    pub(crate) fn interpret(
        &self,
        rows: &mut Rows,
        file: &str,
        producer: &str,
        findings: &mut Findings,
    ) -> Vec<Record> {
        let read_terms = match rows.version {
            Version::V0 => schema_v0::fill,
            Version::V1 => schema_v1::fill,
        };
        let mut weeks = values::Weeks::default();
        for row in &mut rows.list {
            values::tidy(row, &mut weeks, findings);
        }
        let crowd = self.judge.crowd(rows.list.iter().map(place::claim));
        let mut venues = Vec::with_capacity(rows.list.len());
        let mut elsewhere = 0;
        for row in &mut rows.list {
            let Some((mut venue, located)) = self.accept(row, &crowd, findings) else {
                continue;
            };
            if !located.in_reach {
                elsewhere += 1;
                continue;
            }
            self.describe(row, &weeks, &mut venue, findings);
            venue.commune = located.corrected.or(venue.commune).or(located.commune);
            read_terms(row, &mut venue, findings);
            let producer = venue.producer.as_deref().unwrap_or(producer).to_owned();
            venue.records.push(SourceRecord { producer, id: venue.id.clone() });
            venues.push(Record { venue, file: file.to_owned(), line: row.rank });
        }
        place::fold(elsewhere, findings);
        venues
    }

    /// The venue of a row with what it cannot do without, or none once refused.
    fn accept(&self, row: &Row, crowd: &Crowd, findings: &mut Findings) -> Option<(Venue, Located)> {
        let (id, name) = (row.text("id"), row.text("nom"));
        if id.is_empty() || name.is_empty() {
            let (column, other) = if id.is_empty() { ("id", name) } else { ("nom", id) };
            findings.refused(row.rank, column, other, Kind::MissingValue.because("is empty"));
            return None;
        }
        let located = place::locate(row, self.judge, crowd, findings)?;
        Some((Venue::new(id, name, located.position), located))
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
        venue.fte = staff(row, findings);
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

/// The full-time equivalents of a row, kept as found and reported where they are no such number.
fn staff(row: &Row, findings: &mut Findings) -> Option<FullTimeEquivalents> {
    const COLUMN: &str = "fte";
    let text = row.given(COLUMN)?;
    let staff = text.parse().ok();
    if staff.is_none() {
        let reason = "is not a number of full-time equivalents, more than 0 and at most 1000: staff unknown";
        findings.kept(row.rank, COLUMN, text, Kind::BadFormat.because(reason));
    }
    staff
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
    use crate::location::tests::ain;
    use crate::refusal::{Outcome, Refusal};
    use proptest::prelude::*;
    use territory::vocabulary::{Fee, Service};

    fn try_read(text: impl Into<Vec<u8>>) -> Result<(Vec<Venue>, Vec<Refusal>), IngestError> {
        let file = File::of(text);
        let (codes, shapes, mut findings) = (small(), ain(), file.findings());
        let judge = Judge::new(&codes, &shapes);
        let records = Reader::new(&codes, &judge).read(&file, None, "Hub", &mut findings)?;
        Ok((records.into_iter().map(|record| record.venue).collect(), findings.into_list()))
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
        assert_eq!(venues.iter().map(|v| v.id.as_str()).collect::<Vec<_>>(), ["e", "f", "j", "j", "k"]);
        let expected = [
            "is empty",
            "is empty",
            "no coordinates",
            "no coordinates (0, 0)",
            "are swapped",
            "Lambert-93",
            "more than 100 km",
            "not a number",
            "no place on Earth",
            "another manner",
            "has 3 columns",
        ];
        assert_eq!(findings.len(), expected.len(), "{findings:#?}");
        for expected in expected {
            assert!(findings.iter().any(|f| f.reason.contains(expected)), "{expected}");
        }
        let swapped = findings.iter().find(|f| f.reason.contains("swapped")).expect("one");
        assert_eq!(
            (swapped.line, swapped.outcome, swapped.value.as_str(), swapped.repair.as_deref()),
            (Some(6), Outcome::Repaired, "5.2, 46.0", Some("46.000000, 5.200000"))
        );
        let elsewhere = findings.iter().find(|f| f.kind == Kind::OutOfScope).expect("one");
        assert_eq!((elsewhere.line, elsewhere.outcome, elsewhere.value.as_str()), (None, Outcome::Kept, "1"));
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
            (Some(code("01001")), true, true),
            "the commune is the one whose shape holds it"
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
    fn staff_is_a_number_above_nothing_or_is_said_to_be_none() {
        let rows = ["a,A,46,5,\"1,5\"", "b,B,46,5,2.0", "c,C,46,5,0", "d,D,46,5,deux", "e,E,46,5,"];
        let (venues, findings) = read(format!("id,nom,latitude,longitude,fte\n{}\n", rows.join("\n")));
        let staff: Vec<Option<f64>> = venues.iter().map(|v| v.fte.map(FullTimeEquivalents::get)).collect();
        assert_eq!(staff, [Some(1.5), Some(2.0), None, None, None]);
        let said: Vec<_> = findings.iter().filter(|f| f.reason.contains("full-time")).collect();
        assert_eq!(said.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(), ["0", "deux"]);
        assert!(said.iter().all(|f| f.outcome == Outcome::Kept && f.column.as_deref() == Some("fte")));
    }

    #[test]
    fn what_is_repaired_on_the_way_is_repaired_in_the_rows_too() {
        let file = File::of(format!("{HEADER},telephone\nb,B,46,5,69381,31/12/2024,lundi 9h-12h,,,0102\n"));
        let (codes, shapes, mut findings) = (small(), ain(), file.findings());
        let judge = Judge::new(&codes, &shapes);
        let mut rows = rows::read(&file, None, &mut findings).expect("rows");
        let records = Reader::new(&codes, &judge).interpret(&mut rows, "f.csv", "Hub", &mut findings);
        let row = &rows.list[0];
        assert_eq!(records.len(), 1);
        assert_eq!(records[0].venue.hours_text.as_deref(), Some("lundi 9h-12h"), "as the file writes it");
        let repaired: Vec<_> = row.repairs().collect();
        assert_eq!(
            repaired,
            [("date_maj", "2024-12-31"), ("horaires", "Mo 09:00-12:00"), ("code_insee", "69123")]
        );
        assert_eq!((row.found("code_insee"), row.text("telephone")), ("69381", "0102"));
    }

    #[test]
    fn a_row_knows_its_source_record_and_its_line() {
        let file = File::of(format!("{HEADER},source\na,A,46,5,,,,,,Dora\na,A,46,5,,,,,,\n"));
        let (codes, shapes) = (small(), ain());
        let judge = Judge::new(&codes, &shapes);
        let records =
            Reader::new(&codes, &judge).read(&file, None, "Hub", &mut file.findings()).expect("read");
        let said: Vec<(&str, u64)> =
            records.iter().map(|r| (r.venue.records[0].producer.as_str(), r.line)).collect();
        assert_eq!(said, [("Dora", 2), ("Hub", 3)], "who is not said is the table's declared name");
        assert!(records.iter().all(|r| r.venue.records[0].id == "a" && r.file == "test.file"));
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
