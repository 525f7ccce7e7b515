//! Values of single columns, tidied in their row before anything is made of them: what can be read
//! only one way is repaired and listed, the rest stays as found and is listed.

use std::collections::BTreeMap;

use territory::{OpeningHours, Postcode, Vintage};

use super::form::dates::{self, Format};
use super::hours;
use super::rows::Row;
use crate::refusal::{Findings, Kind, Reason};

/// The weeks of the texts met so far: many venues share theirs.
#[derive(Debug, Default)]
pub(super) struct Weeks(BTreeMap<String, hours::Understood>);

impl Weeks {
    /// The hours of a text met before.
    pub(super) fn of(&self, text: &str) -> Option<OpeningHours> {
        self.0.get(text).and_then(|understood| understood.hours.clone())
    }

    fn read(&mut self, text: &str) -> &hours::Understood {
        self.0.entry(text.to_owned()).or_insert_with(|| hours::read(text))
    }
}

/// Repairs a row in place.
pub(super) fn tidy(row: &mut Row, weeks: &mut Weeks, findings: &mut Findings) {
    for column in ["nom", "adresse", "commune"] {
        characters(row, column, findings);
    }
    postcode(row, findings);
    commune(row, findings);
    date(row, findings);
    pivot(row, findings);
    opening(row, weeks, findings);
}

fn repaired(row: &mut Row, column: &'static str, becomes: String, reason: Reason, findings: &mut Findings) {
    findings.repaired(row.rank(), column, row.found(column), reason.with_repair(becomes.as_str()));
    row.repair(column, becomes);
}

/// The characters that a page in HTML escapes, where a form left them escaped.
const ESCAPED: [(&str, &str); 7] = [
    ("&amp;", "&"),
    ("&quot;", "\""),
    ("&#39;", "'"),
    ("&#039;", "'"),
    ("&apos;", "'"),
    ("&lt;", "<"),
    ("&gt;", ">"),
];

fn characters(row: &mut Row, column: &'static str, findings: &mut Findings) {
    let mut rest = row.text(column);
    let mut restored = String::new();
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        let escaped = ESCAPED.iter().find(|(escape, _)| from.starts_with(escape));
        let (length, character) = escaped.map_or((1, "&"), |&(escape, character)| (escape.len(), character));
        restored.push_str(before);
        restored.push_str(character);
        rest = &from[length..];
    }
    restored.push_str(rest);
    if restored != row.text(column) {
        let reason = "holds characters escaped for a web page: they are restored";
        repaired(row, column, restored, Kind::BadFormat.because(reason), findings);
    }
}

fn postcode(row: &mut Row, findings: &mut Findings) {
    const COLUMN: &str = "code_postal";
    let Some(text) = row.given(COLUMN) else { return };
    if text.parse::<Postcode>().is_ok() {
        return;
    }
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let digits = whole.bytes().all(|b| b.is_ascii_digit());
    let padded = if digits && whole.len() == 4 { format!("0{whole}") } else { whole.to_owned() };
    if digits && padded.parse::<Postcode>().is_ok() {
        let reason = "a spreadsheet made a number of it: its five digits are restored";
        repaired(row, COLUMN, padded, Kind::BadPostcode.because(reason), findings);
    } else {
        findings.kept(
            row.rank(),
            COLUMN,
            text,
            Kind::BadPostcode.because("is not a postcode of five digits"),
        );
    }
}

/// A commune code that lost its zero gets it back only where the postcode says the same département.
fn commune(row: &mut Row, findings: &mut Findings) {
    const COLUMN: &str = "code_insee";
    let text = row.text(COLUMN);
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let digits = !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit());
    if !digits || (whole.len() == text.len() && whole.len() != 4) {
        return;
    }
    let padded = format!("{whole:0>5}");
    let Ok(code) = padded.parse::<territory::CommuneCode>() else { return };
    let agrees = |postcode: Postcode| postcode.agrees_with(code.departement());
    if whole.len() == 5 || row.text("code_postal").parse().is_ok_and(agrees) {
        let reason = "a spreadsheet made a number of it: its five characters are restored";
        repaired(row, COLUMN, padded, Kind::BadCommune.because(reason), findings);
    }
}

/// The day of an ISO date.
pub(super) fn vintage(text: &str) -> Option<Vintage> {
    Format::Iso.day(text)?.to_string().parse().ok()
}

/// `1970-01-01` is what another tool writes for a date it could not read.
fn date(row: &mut Row, findings: &mut Findings) {
    const COLUMN: &str = "date_maj";
    let Some(text) = row.given(COLUMN) else { return };
    match dates::day(text).map(|(day, format)| (day.to_string(), format)) {
        Some((day, _)) if day == "1970-01-01" => {
            let reason = "1970-01-01 stands for a date another tool could not read";
            findings.kept(row.rank(), COLUMN, text, Kind::BadDate.because(reason));
            row.repair(COLUMN, "");
        }
        Some((_, Format::Iso)) => {}
        Some((day, _)) => {
            let reason = "is a date, but not written as 2024-08-31";
            repaired(row, COLUMN, day, Kind::BadDate.because(reason), findings);
        }
        None => {
            let reason = "is not a date such as 2024-08-31";
            findings.kept(row.rank(), COLUMN, text, Kind::BadDate.because(reason));
        }
    }
}

/// A SIRET of fourteen digits written in groups.
fn pivot(row: &mut Row, findings: &mut Findings) {
    const COLUMN: &str = "pivot";
    let text = row.text(COLUMN);
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let siret = plain.len() == 14 && plain.bytes().all(|b| b.is_ascii_digit());
    if siret && plain.len() < text.len() {
        repaired(row, COLUMN, plain, Kind::BadFormat.because("a SIRET has no spaces"), findings);
    }
}

fn opening(row: &mut Row, weeks: &mut Weeks, findings: &mut Findings) {
    const COLUMN: &str = "horaires";
    let Some(text) = row.given(COLUMN) else { return };
    let understood = weeks.read(text);
    let (doubt, osm) = (understood.doubt, understood.osm.clone());
    match (doubt, osm) {
        (Some(doubt), Some(osm)) => {
            weeks.read(&osm);
            repaired(row, COLUMN, osm, Kind::BadHours.because(doubt), findings);
        }
        (Some(doubt), None) => {
            findings.kept(row.rank(), COLUMN, text, Kind::BadHours.because(doubt));
        }
        (None, _) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Outcome;

    /// A row tidied, and what was said of it.
    fn tidied<const N: usize>(values: [(&str, &str); N]) -> (Row, Vec<(Kind, Outcome, Option<String>)>) {
        let (mut row, mut findings) = (Row::of(values), Findings::of("f"));
        tidy(&mut row, &mut Weeks::default(), &mut findings);
        (row, findings.into_list().into_iter().map(|f| (f.kind, f.outcome, f.repair)).collect())
    }

    #[test]
    fn characters_escaped_for_a_web_page_are_restored_once() {
        for (text, becomes) in [
            ("Clic' &amp; Ressources", "Clic' & Ressources"),
            ("L&#039;atelier &quot;numérique&quot;", "L'atelier \"numérique\""),
            ("&amp;lt;", "&lt;"),
        ] {
            let (row, findings) = tidied([("nom", text)]);
            assert_eq!(row.text("nom"), becomes);
            assert_eq!(findings, [(Kind::BadFormat, Outcome::Repaired, Some(becomes.to_owned()))]);
        }
        for text in ["R&D", "A & B;", "&eacute;t&eacute;", "&"] {
            assert!(tidied([("nom", text)]).1.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_postcode_that_lost_its_zero_gets_it_back_and_another_text_is_told() {
        for (text, becomes) in [("1000", "01000"), ("35000.0", "35000"), ("1000.0", "01000")] {
            let (row, findings) = tidied([("code_postal", text)]);
            assert_eq!(row.text("code_postal"), becomes);
            assert_eq!(findings, [(Kind::BadPostcode, Outcome::Repaired, Some(becomes.to_owned()))]);
        }
        for text in ["69", "690001", "Lyon", "00000", "0000", "6900A"] {
            let (row, findings) = tidied([("code_postal", text)]);
            assert_eq!(
                (row.text("code_postal"), findings[0].0, findings[0].1),
                (text, Kind::BadPostcode, Outcome::Kept)
            );
        }
        assert!(tidied([("code_postal", "69001")]).1.is_empty());
    }

    #[test]
    fn a_commune_code_gets_its_zero_back_only_where_the_postcode_agrees() {
        let (row, findings) = tidied([("code_insee", "1004"), ("code_postal", "1500")]);
        assert_eq!(row.text("code_insee"), "01004");
        assert_eq!(findings.iter().map(|f| f.0).collect::<Vec<_>>(), [Kind::BadPostcode, Kind::BadCommune]);
        for postcode in ["", "69001"] {
            assert_eq!(
                tidied([("code_insee", "1004"), ("code_postal", postcode)]).0.text("code_insee"),
                "1004"
            );
        }
        assert_eq!(tidied([("code_insee", "13001.0"), ("code_postal", "")]).0.text("code_insee"), "13001");
        assert!(tidied([("code_insee", "2A004")]).1.is_empty());
    }

    #[test]
    fn a_date_in_another_format_is_repaired_and_1970_is_no_date() {
        let (row, findings) = tidied([("date_maj", "07/12/2021")]);
        assert_eq!(row.text("date_maj"), "2021-12-07");
        assert_eq!(findings, [(Kind::BadDate, Outcome::Repaired, Some("2021-12-07".to_owned()))]);
        let (row, findings) = tidied([("date_maj", "1970-01-01")]);
        assert_eq!((row.text("date_maj"), findings[0].1), ("", Outcome::Kept));
        assert_eq!(tidied([("date_maj", "Decembre 2019")]).1[0].1, Outcome::Kept);
        assert!(tidied([("date_maj", "2023-03-05T14:42:56")]).1.is_empty());
    }

    #[test]
    fn a_siret_in_groups_is_joined() {
        let (row, findings) = tidied([("pivot", "401 092 267 00020")]);
        assert_eq!((row.text("pivot"), findings[0].0), ("40109226700020", Kind::BadFormat));
        assert!(tidied([("pivot", "W131004321")]).1.is_empty());
    }

    #[test]
    fn french_hours_are_repaired_and_what_is_not_understood_is_told() {
        let (row, findings) = tidied([("horaires", "du lundi au vendredi 9h-12h")]);
        assert_eq!((row.text("horaires"), findings[0].1), ("Mo-Fr 09:00-12:00", Outcome::Repaired));
        assert_eq!(tidied([("horaires", "sur rendez-vous")]).1[0], (Kind::BadHours, Outcome::Kept, None));
    }
}
