//! «Lieux de médiation numérique», schema v0.1 and v1.0, CSV and JSON.
//!
//! A row without identifier, name or plausible coordinates is refused; everything else that is not
//! understood is kept as found and reported. Telephones, mails and persons are never read.

pub(crate) mod hours;
mod place;
mod rows;
mod schema_v0;
mod schema_v1;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use territory::vocabulary::{Entry, Itinerance, Term, Terms, Typology};
use territory::{CommuneCode, Venue, Vintage};

use crate::codes::{Codes, Meaning};
use crate::error::IngestError;
use crate::file::File;
use crate::location::{Crowd, Judge, Located};
use crate::refusal::Findings;
use rows::Row;

/// What venue files read one after the other share: identifiers are unique over all of them.
pub(crate) struct Reader<'a> {
    codes: &'a Codes,
    judge: &'a Judge<'a>,
    ids: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(codes: &'a Codes, judge: &'a Judge<'a>) -> Self {
        Self { codes, judge, ids: BTreeSet::new() }
    }

    /// The venues of a file, in its order.
    pub(crate) fn read(&mut self, file: &File, findings: &mut Findings) -> Result<Vec<Venue>, IngestError> {
        let rows = rows::read(file, findings)?;
        let read_terms = match Version::of(&rows) {
            Version::V0 => schema_v0::fill,
            Version::V1 => schema_v1::fill,
        };
        let mut venues = Vec::with_capacity(rows.len());
        let crowd = self.judge.crowd(rows.iter().map(place::claim));
        let mut elsewhere = 0;
        for row in &rows {
            let Some((mut venue, located)) = self.accept(row, &crowd, findings) else {
                continue;
            };
            if !located.in_reach {
                elsewhere += 1;
                continue;
            }
            self.describe(row, &mut venue, findings);
            venue.commune = located.corrected.or(venue.commune);
            read_terms(row, &mut venue, findings);
            venues.push(venue);
        }
        place::fold(elsewhere, findings);
        Ok(venues)
    }

    /// The venue of a row with what it cannot do without, or none once refused.
    fn accept(&mut self, row: &Row, crowd: &Crowd, findings: &mut Findings) -> Option<(Venue, Located)> {
        let (id, name) = (row.text("id"), row.text("nom"));
        if id.is_empty() || name.is_empty() {
            let (column, other) = if id.is_empty() { ("id", name) } else { ("nom", id) };
            findings.refused(row.rank, column, other, "is empty");
            return None;
        }
        if self.ids.contains(id) {
            findings.refused(row.rank, "id", id, "appears twice: the first row is kept");
            return None;
        }
        let located = place::locate(row, self.judge, crowd, findings)?;
        self.ids.insert(id.to_owned());
        Some((Venue::new(id, name, located.position), located))
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
    use crate::location::tests::ain;
    use crate::refusal::{Kind, Outcome, Refusal};
    use proptest::prelude::*;
    use territory::vocabulary::{Fee, Service};

    fn read(text: impl Into<Vec<u8>>) -> (Vec<Venue>, Vec<Refusal>) {
        let file = File::of(text);
        let (codes, shapes, mut findings) = (small(), ain(), file.findings());
        let judge = Judge::new(&codes, &shapes);
        let venues = Reader::new(&codes, &judge).read(&file, &mut findings).expect("readable");
        (venues, findings.into_list())
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
        assert_eq!(venues.iter().map(|v| v.id.as_str()).collect::<Vec<_>>(), ["e", "f", "j", "k"]);
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
            "appears twice",
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
    fn identifiers_are_unique_over_all_files() {
        let file = File::of(format!("{HEADER}\na,A,46,5,,,,,\n"));
        let (codes, shapes) = (small(), ain());
        let judge = Judge::new(&codes, &shapes);
        let mut reader = Reader::new(&codes, &judge);
        let mut findings = file.findings();
        assert_eq!(reader.read(&file, &mut findings).expect("read").len(), 1);
        assert_eq!(reader.read(&file, &mut findings).expect("read").len(), 0);
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
            read([b"[".to_vec(), bytes].concat());
            read(format!("[{{\"id\":{value},\"nom\":\"a\",\"latitude\":46,\"longitude\":5,\"services\":{value}}}]"));
        }
    }
}
