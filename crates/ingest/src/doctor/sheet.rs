//! The repaired file: rows of the national schema v1.0.1, each valid by its rules.
//!
//! The rules are those of `LaMednum/standard-mediation-num:schema.json`: which columns are required, how
//! a telephone, a postcode or an identifier is written, how long a summary may be. A value that breaks its
//! rule and cannot be mended is left out and listed; a row that lacks what is required goes to the side
//! file, for nobody but its producer knows it.

use territory::vocabulary::{Fee, Label, Term, Terms};
use territory::{CommuneCode, Position, Venue};

use super::report::inert;
use crate::refusal::{Findings, Kind};
use crate::venues::Row;
pub use crate::venues::schema_v1::COLUMNS;

/// What no row does without, coordinates and identifier apart: a row that lacks those is refused before.
const REQUIRED: [&str; 4] = ["commune", "code_postal", "adresse", "date_maj"];

/// «Aucun» SIRET nor RNA: what the schema's own files write.
const NO_PIVOT: &str = "00000000000000";

/// The longest `presentation_resume`, in characters.
const SUMMARY_CHARS: usize = 280;

/// The dialling codes of the schema, by what a postcode begins with; the mainland's is +33.
const DIALLING: [(&str, &str); 9] = [
    ("971", "+590"),
    ("972", "+596"),
    ("973", "+594"),
    ("974", "+262"),
    ("975", "+508"),
    ("976", "+262"),
    ("986", "+681"),
    ("987", "+689"),
    ("988", "+687"),
];

/// A row of the repaired file, parallel to [`COLUMNS`].
pub type Record = [String; COLUMNS.len()];

/// The record of a venue and the row it comes from; what it lacks when it is not complete.
///
/// `place` is what the commune polygons know of the place: its commune and the postcode, when there is
/// only one.
pub(super) fn record(
    row: &Row,
    venue: &Venue,
    place: Option<&Place>,
    findings: &mut Findings,
) -> Result<Record, Vec<&'static str>> {
    let mut sheet = Sheet { row, record: std::array::from_fn(|_| String::new()) };
    for column in ["id", "nom", "complement_adresse", "structure_parente", "source"] {
        sheet.put(column, row.text(column));
    }
    sheet.put("pivot", &pivot(row, findings));
    sheet.put("adresse", venue.address.as_deref().unwrap_or_default());
    let commune = Some(venue.commune_name.as_str()).filter(|name| !name.is_empty());
    sheet.put("commune", commune.or(place.map(|place| place.commune_name.as_str())).unwrap_or_default());
    let postcode = venue.postcode.as_ref().map(ToString::to_string);
    let postcode = postcode.or_else(|| place.and_then(|place| place.postcode.clone())).unwrap_or_default();
    sheet.put("telephone", &telephone(row, &postcode, findings));
    sheet.put("code_postal", &postcode);
    let code = venue.commune.or(place.map(|place| place.code));
    sheet.put("code_insee", code.as_ref().map_or("", CommuneCode::as_str));
    let (lat, lon) = degrees(venue.position);
    sheet.put("latitude", &lat);
    sheet.put("longitude", &lon);
    sheet.put("horaires", row.text("horaires"));
    sheet.put("courriels", &list_of(row, &["courriels", "courriel"], |mail| mail.contains('@'), findings));
    sheet.put("site_web", &list_of(row, &["site_web"], |_| true, findings));
    sheet.put("fiche_acces_libre", first(row, &["fiche_acces_libre", "accessibilite"]));
    sheet.put("prise_rdv", row.text("prise_rdv"));
    let labels: Vec<&str> = row.list("autres_formations_labels").chain(row.list("labels_autres")).collect();
    sheet.put("autres_formations_labels", &labels.join("|"));
    sheet.present(findings);
    // A year or a month is no day: what the file says is not enough for the schema.
    let day = venue.updated.as_ref().map(ToString::to_string).filter(|date| date.len() == "2024-04-02".len());
    sheet.put("date_maj", &day.unwrap_or_default());
    sheet.put("typologie", &codes(venue));
    sheet.terms("itinerance", &venue.itinerance);
    sheet.terms("services", &venue.services);
    sheet.terms("publics_specifiquement_adresses", &venue.publics);
    sheet.terms("prise_en_charge_specifique", &venue.care);
    sheet.put("frais_a_charge", &fees(&venue.fees));
    sheet.terms("dispositif_programmes_nationaux", &venue.programmes);
    sheet.put("formations_labels", &formations(&venue.labels));
    sheet.terms("modalites_acces", &venue.entries);
    sheet.terms("modalites_accompagnement", &venue.supports);
    let missing: Vec<&'static str> =
        REQUIRED.into_iter().filter(|column| sheet.get(column).is_empty()).collect();
    if missing.is_empty() { Ok(sheet.record) } else { Err(missing) }
}

/// What the territory knows of where a venue stands.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) code: CommuneCode,
    pub(super) commune_name: String,
    /// The postcode of the commune, when it has only one.
    pub(super) postcode: Option<String>,
}

/// A record in the making.
struct Sheet<'a> {
    row: &'a Row,
    record: Record,
}

impl Sheet<'_> {
    fn put(&mut self, column: &str, value: &str) {
        if let Some(rank) = COLUMNS.iter().position(|name| *name == column) {
            value.trim().clone_into(&mut self.record[rank]);
        }
    }

    fn get(&self, column: &str) -> &str {
        COLUMNS.iter().position(|name| *name == column).map_or("", |rank| &self.record[rank])
    }

    fn terms<T: Term>(&mut self, column: &str, terms: &Terms<T>) {
        let labels: Vec<&str> = terms.iter().map(Term::label).collect();
        self.put(column, &labels.join("|"));
    }

    /// A summary that is too long becomes the detail when there is none, and is cut.
    fn present(&mut self, findings: &mut Findings) {
        let (summary, detail) = (self.row.text("presentation_resume"), self.row.text("presentation_detail"));
        self.put("presentation_detail", if detail.is_empty() && is_long(summary) { summary } else { detail });
        if is_long(summary) {
            let cut: String = summary.chars().take(SUMMARY_CHARS - 2).collect();
            let cut = format!("{}…", cut.trim_end());
            let reason = Kind::BadFormat.because("is longer than 280 characters").with_repair(cut.as_str());
            findings.repaired(self.row.rank(), "presentation_resume", summary, reason);
            self.put("presentation_resume", &cut);
        } else {
            self.put("presentation_resume", summary);
        }
    }
}

/// Whether a summary breaks the rule, with the apostrophe that may lead it.
fn is_long(summary: &str) -> bool {
    inert(summary).chars().count() > SUMMARY_CHARS
}

/// Six decimals of a degree: a tenth of a metre.
fn degrees(position: Position) -> (String, String) {
    (format!("{:.6}", position.lat()), format!("{:.6}", position.lon()))
}

fn first<'a>(row: &'a Row, columns: &[&str]) -> &'a str {
    columns.iter().find_map(|column| row.given(column)).unwrap_or_default()
}

/// A SIRET, an RNA or a RIDET: nine to fourteen letters and digits.
fn pivot(row: &Row, findings: &mut Findings) -> String {
    let text: String = row.text("pivot").chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    if text.is_empty() {
        return NO_PIVOT.to_owned();
    }
    if (9..=14).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return text;
    }
    let reason = Kind::BadFormat.because("is neither a SIRET, an RNA nor a RIDET: written as unknown");
    findings.kept(row.rank(), "pivot", &text, reason.with_repair(NO_PIVOT));
    NO_PIVOT.to_owned()
}

/// A telephone as the schema writes it: a dialling code, then digits only.
fn telephone(row: &Row, postcode: &str, findings: &mut Findings) -> String {
    let Some(text) = row.given("telephone") else { return String::new() };
    let first = text.split(['/', '|', ';', ',']).next().unwrap_or_default();
    let plus = first.trim_start().starts_with('+');
    let digits: String = first.chars().filter(char::is_ascii_digit).collect();
    let dialling =
        DIALLING.iter().find(|(start, _)| postcode.starts_with(start)).map_or("+33", |(_, code)| code);
    let mended = match digits.strip_prefix('0') {
        _ if plus => format!("+{digits}"),
        Some(rest) if rest.len() == 9 && dialling != "+33" && rest.starts_with(['2', '5', '6']) => {
            format!("{dialling}{rest}")
        }
        Some(rest) if rest.len() == 9 => format!("+33{rest}"),
        None if digits.len() == 6 && dialling.len() == 4 && dialling != "+262" => {
            format!("{dialling}{digits}")
        }
        _ => String::new(),
    };
    let codes = ["+33", "+590", "+594", "+262", "+596", "+269", "+687", "+689", "+508", "+681"];
    let is_valid =
        codes.iter().any(|code| mended.strip_prefix(code).is_some_and(|rest| (6..=9).contains(&rest.len())));
    if !is_valid {
        // Never quoted: a finding may be published, a telephone may be a person's.
        let reason = Kind::BadFormat.because("is not a telephone number of the schema: left out");
        findings.kept(row.rank(), "telephone", "", reason);
        return String::new();
    }
    if mended != text {
        let reason = Kind::BadFormat.because("telephone number rewritten as the schema wants it");
        findings.repaired(row.rank(), "telephone", "", reason);
    }
    mended
}

/// The values of a list that pass, from the first column given.
fn list_of(row: &Row, columns: &[&str], is_one: fn(&str) -> bool, findings: &mut Findings) -> String {
    let Some(column) = columns.iter().find(|column| row.given(column).is_some()) else {
        return String::new();
    };
    let (kept, dropped): (Vec<&str>, Vec<&str>) = row.list(column).partition(|value| is_one(value));
    if !dropped.is_empty() {
        let reason = Kind::BadFormat.because("is not a mail address: left out");
        findings.kept(row.rank(), columns[0], "", reason);
    }
    kept.join("|")
}

/// Typologies by code, as published; those that no list holds stay as found.
fn codes(venue: &Venue) -> String {
    let mut codes: Vec<&str> = venue.typologies.iter().map(Term::label).collect();
    let found = venue.unrecognised.iter().filter(|(column, _)| column == "typologie");
    codes.extend(found.map(|(_, value)| value.as_str()));
    codes.join("|")
}

/// The three fees of v1: what only v0.1 knew is said in its terms, as the national file does.
fn fees(fees: &Terms<Fee>) -> String {
    let mut labels: Vec<&str> = Vec::new();
    for fee in fees.iter() {
        let label = match fee {
            Fee::Membership => Fee::Paid.label(),
            Fee::PassNumerique => Fee::Conditional.label(),
            fee => fee.label(),
        };
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.join("|")
}

/// The schema's file spells one label without the space that its published list has.
fn formations(labels: &Terms<Label>) -> String {
    let labels = labels.iter().map(|label| match label {
        Label::LaPoste => "Étapes numériques(La Poste)",
        label => label.label(),
    });
    labels.collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn called(number: &str, postcode: &str) -> (String, Vec<String>) {
        let row = Row::of([("telephone", number)]);
        let mut findings = Findings::of("f.csv");
        let telephone = telephone(&row, postcode, &mut findings);
        (telephone, findings.into_list().into_iter().map(|f| f.value).collect())
    }

    #[test]
    fn a_telephone_is_written_as_the_schema_wants_it_and_never_quoted() {
        for (number, postcode, expected) in [
            ("01 23 45 67 89", "75001", "+33123456789"),
            ("+33 1 23 45 67 89", "75001", "+33123456789"),
            ("0590 12 34 56", "97110", "+590590123456"),
            ("0262.12.34.56 / 0262 65 43 21", "97410", "+262262123456"),
            ("27 12 34", "98800", "+687271234"),
            ("demander à Paul", "75001", ""),
            ("123", "75001", ""),
        ] {
            let (telephone, quoted) = called(number, postcode);
            assert_eq!(telephone, expected, "{number}");
            assert!(quoted.iter().all(String::is_empty), "{quoted:?}");
        }
    }

    #[test]
    fn a_row_without_date_or_address_says_what_it_lacks() {
        let row = Row::of([("id", "a"), ("nom", "A")]);
        let at = Position::from_lon_lat(-0.58, 44.84).expect("on Earth");
        let mut venue = Venue::new("v-1", "A", at);
        let mut findings = Findings::of("f.csv");
        let missing = record(&row, &venue, None, &mut findings).expect_err("incomplete");
        assert_eq!(missing, REQUIRED);
        venue.address = Some("1 rue X".to_owned());
        venue.updated = "2024-05-06".parse().ok();
        let place = Place {
            code: "33063".parse().expect("Bordeaux"),
            commune_name: "Bordeaux".to_owned(),
            postcode: Some("33000".to_owned()),
        };
        let record = record(&row, &venue, Some(&place), &mut findings).expect("complete");
        let of = |column: &str| &record[COLUMNS.iter().position(|name| *name == column).expect(column)];
        assert_eq!((of("latitude").as_str(), of("longitude").as_str()), ("44.840000", "-0.580000"));
        assert_eq!((of("commune").as_str(), of("code_postal").as_str()), ("Bordeaux", "33000"));
        assert_eq!(of("pivot"), NO_PIVOT);
        venue.updated = "2024-05".parse().ok();
        assert!(super::record(&row, &venue, Some(&place), &mut findings).is_err(), "a month is no day");
    }

    proptest! {
        #[test]
        fn any_values_make_a_row_within_the_rules_or_none(
            number in "[+0-9 ./]{0,16}", summary in "\\PC{0,400}", pivot in "\\PC{0,20}", postcode in "[0-9]{5}",
        ) {
            let row = Row::of([("telephone", number.as_str()), ("presentation_resume", &summary), ("pivot", &pivot)]);
            let mut findings = Findings::of("f.csv");
            let telephone = telephone(&row, &postcode, &mut findings);
            prop_assert!(telephone.is_empty() || telephone[1..].bytes().all(|b| b.is_ascii_digit()));
            let written = super::pivot(&row, &mut findings);
            prop_assert!((9..=14).contains(&written.len()) && written.bytes().all(|b| b.is_ascii_alphanumeric()));
            let mut sheet = Sheet { row: &row, record: std::array::from_fn(|_| String::new()) };
            sheet.present(&mut findings);
            prop_assert!(inert(sheet.get("presentation_resume")).chars().count() <= SUMMARY_CHARS);
        }
    }
}
