//! «Lieux de médiation numérique», schema v0.1 and v1.0, CSV and JSON.
//!
//! A row without identifier, name or plausible coordinates is refused; everything else that is not
//! understood is kept as found and reported. Telephones, mails and persons are never read.

pub(crate) mod hours;
mod rows;
mod schema_v0;
mod schema_v1;

use chrono::NaiveDate;
use territory::vocabulary::{Entry, Itinerance, Term, Terms, Typology};
use territory::{CommuneCode, Position, SourceRecord, Venue, Vintage};

use crate::codes::{Codes, Meaning};
use crate::error::IngestError;
use crate::file::File;
use crate::ground::{self, Ground};
use crate::identity::Record;
use crate::refusal::Findings;
use rows::Row;

/// What venue files read one after the other share.
///
/// Rows with one identifier are all read: which of them are one venue is decided by [`crate::identity`].
pub(crate) struct Reader<'a> {
    codes: &'a Codes,
    ground: &'a Ground,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(codes: &'a Codes, ground: &'a Ground) -> Self {
        Self { codes, ground }
    }

    /// The venues of a file, in its order; a producer that is not said is the one given.
    pub(crate) fn read(
        &self,
        file: &File,
        producer: &str,
        findings: &mut Findings,
    ) -> Result<Vec<Record>, IngestError> {
        let rows = rows::read(file, findings)?;
        let read_terms = match Version::of(&rows) {
            Version::V0 => schema_v0::fill,
            Version::V1 => schema_v1::fill,
        };
        let mut venues = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(mut venue) = self.accept(row, findings) else {
                continue;
            };
            self.describe(row, &mut venue, findings);
            read_terms(row, &mut venue, findings);
            let producer = venue.producer.as_deref().unwrap_or(producer).to_owned();
            venue.records.push(SourceRecord { producer, id: venue.id.clone() });
            venues.push(Record { venue, file: file.name(), line: row.rank });
        }
        Ok(venues)
    }

    /// The venue of a row with what it cannot do without, or none once refused.
    fn accept(&self, row: &Row, findings: &mut Findings) -> Option<Venue> {
        let (id, name) = (row.text("id"), row.text("nom"));
        if id.is_empty() || name.is_empty() {
            let (column, other) = if id.is_empty() { ("id", name) } else { ("nom", id) };
            findings.refused(row.rank, column, other, "is empty");
            return None;
        }
        let position = self.position(row, findings)?;
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
    fn describe(&self, row: &Row, venue: &mut Venue, findings: &mut Findings) {
        venue.address = row.given("adresse").map(str::to_owned);
        row.text("commune").clone_into(&mut venue.commune_name);
        venue.commune = self.commune(row, findings);
        venue.producer = row.given("source").map(str::to_owned);
        venue.updated = updated(row, findings);
        if let Some(text) = row.given("horaires") {
            venue.hours_text = Some(text.to_owned());
            let read = hours::read(text);
            venue.hours = read.hours;
            if let Some(doubt) = read.doubt {
                findings.kept(row.rank, "horaires", text, doubt);
            }
        }
        list(row, "typologie", venue, findings, |value, venue| {
            // Pôle emploi was renamed France Travail.
            let value = if value == "PE" { "FT" } else { value };
            put(&mut venue.typologies, Typology::from_label(value))
        });
        list(row, "itinerance", venue, findings, |value, venue| {
            put(&mut venue.itinerance, Itinerance::from_label(value))
        });
        list(row, "modalites_acces", venue, findings, |value, venue| {
            put(&mut venue.entries, Entry::from_label(value))
        });
    }

    fn commune(&self, row: &Row, findings: &mut Findings) -> Option<CommuneCode> {
        const COLUMN: &str = "code_insee";
        let text = row.given(COLUMN)?;
        let code = match text.parse::<CommuneCode>() {
            Ok(code) => code,
            Err(e) => {
                findings.kept(row.rank, COLUMN, text, format!("is not a commune code: {}", e.reason));
                return None;
            }
        };
        match self.codes.meaning(code) {
            Meaning::Commune(_) | Meaning::Outside => Some(code),
            Meaning::PartOf(today) => {
                findings.repaired(
                    row.rank,
                    COLUMN,
                    text,
                    "code of another vintage: read as the commune of today",
                );
                Some(today)
            }
            Meaning::Unknown => {
                findings.kept(row.rank, COLUMN, text, "no commune has this code in the COG given");
                None
            }
        }
    }
}

/// Which version of the schema a file is in, by the columns only one of them has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    V0,
    V1,
}

impl Version {
    fn of(rows: &[Row]) -> Self {
        let having = |columns: &[&str]| rows.iter().filter(|row| columns.iter().any(|c| row.has(c))).count();
        if having(&schema_v0::ONLY) > having(&schema_v1::ONLY) { Self::V0 } else { Self::V1 }
    }
}

/// `1970-01-01` is what another tool writes for a date it could not read.
fn updated(row: &Row, findings: &mut Findings) -> Option<Vintage> {
    const COLUMN: &str = "date_maj";
    let text = row.given(COLUMN)?;
    let day = match text.split_once(['T', ' ']) {
        Some((day, _)) => day,
        None => text,
    };
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok();
    let reason = match date.map(|date| date.format("%Y-%m-%d").to_string()) {
        Some(day) if day == "1970-01-01" => "1970-01-01 stands for a date another tool could not read",
        Some(day) => match day.parse() {
            Ok(vintage) => return Some(vintage),
            Err(_) => "is not a date such as 2024-08-31",
        },
        None => "is not a date such as 2024-08-31",
    };
    findings.kept(row.rank, COLUMN, text, reason);
    None
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
            findings.kept(row.rank, column, value, "is in no list of the national schema");
            venue.unrecognised.push((column.to_owned(), value.to_owned()));
        }
    }
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

    fn read(text: impl Into<Vec<u8>>) -> (Vec<Venue>, Vec<Refusal>) {
        let file = File::of(text);
        let (codes, ground, mut findings) = (small(), Ground::around_ain(), file.findings());
        let records = Reader::new(&codes, &ground).read(&file, "Hub", &mut findings).expect("readable");
        (records.into_iter().map(|record| record.venue).collect(), findings.into_list())
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
        assert_eq!(venues.iter().map(|v| v.id.as_str()).collect::<Vec<_>>(), ["j", "j", "k"]);
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
            findings.iter().all(|f| f.outcome
                == if f.line == Some(3) && f.column.as_deref() == Some("code_insee") {
                    Outcome::Repaired
                } else {
                    Outcome::Kept
                }),
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
        assert!(venues[1].hours.is_some());
    }

    #[test]
    fn a_row_knows_its_source_record_and_its_line() {
        let file = File::of(format!("{HEADER},source\na,A,46,5,,,,,,Dora\na,A,46,5,,,,,,\n"));
        let (codes, ground) = (small(), Ground::around_ain());
        let records = Reader::new(&codes, &ground).read(&file, "Hub", &mut file.findings()).expect("read");
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
            read([b"[".to_vec(), bytes].concat());
            read(format!("[{{\"id\":{value},\"nom\":\"a\",\"latitude\":46,\"longitude\":5,\"services\":{value}}}]"));
        }
    }
}
