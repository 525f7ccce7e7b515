//! «Docteur des données»: what is wrong with venue files, row by row, what each value should be, and the
//! files they should have been.
//!
//! Rows are read and judged exactly as a build reads them, so that what the doctor finds is what a map
//! would suffer from. Nothing is lost: each row is in the repaired file, or in the side file with the
//! reason, or merged into another and listed.

mod ages;
mod page;
mod report;
pub mod sheet;
mod wording;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use geo::MultiPolygon;
use territory::slug::slug;
use territory::{CommuneCode, Gazetteer, Headcount, SourceRecord, Venue};

use crate::codes::Codes;
use crate::error::IngestError;
use crate::file::{self, File};
use crate::identity::{self, Register, Settled};
use crate::inputs;
use crate::location::Judge;
use crate::refusal::{Findings, Kind, Outcome, Refusal};
use crate::venues::{Mapping, Reader, Row, rows};
pub use page::write_page;
pub use report::{write_findings, write_json, write_repaired, write_side};
use sheet::{Place, Record};

/// What an examination found.
#[derive(Debug, Clone)]
pub struct Examination {
    /// The files, by name.
    pub files: Vec<String>,
    /// How many rows they hold, those that cannot be read among them.
    pub rows: usize,
    /// Everything found, by kind, then file, then row.
    pub findings: Vec<Refusal>,
    /// How many rows had a value repaired.
    pub repaired: usize,
    /// How many rows are no venue: they cannot be read, or placed.
    pub refused: usize,
    /// How many rows are in none of the files below but another venue's.
    pub merged: usize,
    /// The venues, merged and sorted by identifier.
    pub venues: Vec<Venue>,
    /// The venues whose record is older than eighteen months or says nothing of its age.
    pub stale: BTreeSet<String>,
    /// The venues of which something is doubtful: their place, or whether they are another.
    pub doubtful: BTreeSet<String>,
    /// The repaired file.
    pub sheet: Vec<Record>,
    /// The side file.
    pub aside: Vec<Aside>,
}

/// How the gap of a territory depends on the rows one trusts, as the report shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sensitivity {
    /// Whom it is about, by name.
    pub territory: String,
    /// The promise in French: «à plus de 20 minutes en voiture».
    pub promise: String,
    /// The gap with all venues, then without some.
    pub variants: Vec<Variant>,
}

/// A gap with some venues.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// Which venues are kept, in French.
    pub label: String,
    /// How many of them answer the question.
    pub venues: usize,
    /// People beyond.
    pub beyond: u32,
    /// Their share, 0 to 1.
    pub share: f64,
}

/// A row that the repaired file does not hold, as it was read.
#[derive(Debug, Clone)]
pub struct Aside {
    /// The file it comes from.
    pub file: String,
    /// Its line, or its rank among the records of a JSON file.
    pub row: u64,
    /// Why it is here.
    pub reasons: Vec<String>,
    /// Whether it is a venue that only lacks what the schema requires.
    pub incomplete: bool,
    /// Its columns and values, as read.
    pub values: Vec<(String, String)>,
}

/// An examination, and the territory it was made against.
#[derive(Debug)]
pub struct Checked {
    /// What was found.
    pub found: Examination,
    /// The territory, when one was given.
    pub ground: Option<Ground>,
}

/// A territory to judge rows by.
#[derive(Debug)]
pub struct Ground {
    /// What it is called.
    pub name: String,
    /// Its communes.
    pub gazetteer: Gazetteer,
    /// The people a population grid counts by cell, when it has one.
    pub headcount: Option<Headcount>,
}

/// A row by its file and its line.
type RowId = (String, u64);

/// Examines venue files together, as of a day.
///
/// `mapping` says what the columns mean when the files are a producer's own. `against` is the configuration
/// of a build: its communes judge where rows are; without it, rows are judged by the boxes of the French
/// territories alone.
pub fn examine(
    files: &[PathBuf],
    mapping: Option<&Path>,
    against: Option<&Path>,
    today: NaiveDate,
) -> Result<Checked, IngestError> {
    let mapping = mapping.map(Mapping::load).transpose()?;
    let known = against.map(territory_of).transpose()?;
    let (nowhere, nothing) = (Codes::default(), BTreeMap::new());
    let (codes, shapes) = known.as_ref().map_or((&nowhere, &nothing), |(codes, shapes, _)| (codes, shapes));
    let judge = Judge::new(codes, shapes).everywhere();
    let reader = Reader::new(codes, &judge);

    let mut ward = Ward::default();
    for path in files {
        ward.admit(path, mapping.as_ref(), &reader)?;
    }
    let ground = known.as_ref().map(|(_, _, ground)| ground);
    let found = ward.examined(codes, ground.map(|ground| &ground.gazetteer), today);
    Ok(Checked { found, ground: known.map(|(_, _, ground)| ground) })
}

/// What the communes of a build are, and what codes mean in it.
fn territory_of(config: &Path) -> Result<(Codes, BTreeMap<CommuneCode, MultiPolygon>, Ground), IngestError> {
    let codes = inputs::codes(config)?;
    let inputs = inputs::read(config)?.value;
    let drawn = inputs.gazetteer.communes().iter();
    let shapes = drawn.filter_map(|commune| Some((commune.code, commune.shape.clone()?))).collect();
    let ground = Ground { name: inputs.name, gazetteer: inputs.gazetteer, headcount: inputs.headcount };
    Ok((codes, shapes, ground))
}

/// The rows under examination.
#[derive(Default)]
struct Ward {
    files: Vec<String>,
    n_rows: usize,
    rows: BTreeMap<RowId, Row>,
    records: Vec<identity::Record>,
    findings: Vec<Refusal>,
}

impl Ward {
    fn admit(
        &mut self,
        path: &Path,
        mapping: Option<&Mapping>,
        reader: &Reader<'_>,
    ) -> Result<(), IngestError> {
        let file = File::open(path, None)?;
        let short = file::name(path);
        // Rows are known by the name of their file: of two folders, it is not enough.
        let name = if self.files.contains(&short) { path.display().to_string() } else { short };
        let mut findings = Findings::of(name.clone());
        let mut rows = rows::read(&file, mapping, &mut findings)?;
        self.n_rows += rows.list.len() + findings.n_refused();
        self.records.extend(reader.interpret(&mut rows, &name, &name, &mut findings));
        self.findings.extend(findings.into_list());
        self.rows.extend(rows.list.into_iter().map(|row| ((name.clone(), row.rank()), row)));
        self.files.push(name);
        Ok(())
    }

    fn examined(mut self, codes: &Codes, gazetteer: Option<&Gazetteer>, today: NaiveDate) -> Examination {
        let places: BTreeMap<RowId, (SourceRecord, String)> = self
            .records
            .iter()
            .filter_map(|record| {
                let source = record.venue.records.first()?.clone();
                Some(((record.file.clone(), record.line), (source, slug(&record.venue.name))))
            })
            .collect();
        let Settled { venues, findings, .. } = identity::settle(self.records, &Register::default());
        self.findings.extend(findings);
        let of_rows = |test: &dyn Fn(&Refusal) -> bool, findings: &[Refusal]| -> BTreeSet<RowId> {
            let found = findings.iter().filter(|finding| test(finding));
            found.filter_map(|finding| Some((finding.source.clone(), finding.line?))).collect()
        };
        let refused = of_rows(&|f| f.outcome == Outcome::Refused, &self.findings);
        let merged =
            of_rows(&|f| f.kind == Kind::Duplicate && f.outcome == Outcome::Repaired, &self.findings);
        let unsure = of_rows(&is_doubt, &self.findings);
        let venue_of: BTreeMap<&SourceRecord, &Venue> =
            venues.iter().flat_map(|venue| venue.records.iter().map(move |record| (record, venue))).collect();
        let venue_at = |place: &RowId| -> Option<&Venue> {
            let (source, name) = places.get(place)?;
            let several =
                || SourceRecord { producer: source.producer.clone(), id: format!("{}#{name}", source.id) };
            venue_of.get(source).or_else(|| venue_of.get(&several())).copied()
        };

        let (mut sheet, mut aside, mut stale) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut ids: BTreeSet<String> = BTreeSet::new();
        let mut later = Vec::new();
        for (place, row) in &self.rows {
            if merged.contains(place) {
                continue;
            }
            let mut findings = Findings::of(place.0.clone());
            match venue_at(place).filter(|_| !refused.contains(place)) {
                None => aside.push(set_aside(place, row, reasons_of(place, &self.findings), false)),
                Some(venue) => {
                    if let Some(why) = ages::trouble(venue, today) {
                        stale.insert(venue.id.clone());
                        let updated = venue.updated.as_ref().map(ToString::to_string).unwrap_or_default();
                        findings.kept(place.1, "date_maj", &updated, Kind::Stale.because(why));
                    }
                    let known = known_place(venue, codes, gazetteer);
                    match sheet::record(row, venue, known.as_ref(), &mut findings) {
                        Ok(mut record) => {
                            // Two producers may number their rows alike; the schema wants each once.
                            if !ids.insert(record[0].clone()) {
                                venue.id.clone_into(&mut record[0]);
                                ids.insert(venue.id.clone());
                            }
                            sheet.push(record);
                        }
                        Err(missing) => {
                            for column in &missing {
                                let reason = Kind::MissingValue.because("the national schema requires it");
                                findings.kept(place.1, column, "", reason);
                            }
                            let reason = format!("à compléter\u{a0}: {}", missing.join(", "));
                            aside.push(set_aside(place, row, vec![reason], true));
                        }
                    }
                }
            }
            later.extend(findings.into_list());
        }
        // Rows that could not be read have no columns: what was quoted of them is all there is.
        for finding in self.findings.iter().filter(|f| f.outcome == Outcome::Refused) {
            let place = (finding.source.clone(), finding.line.unwrap_or(0));
            if !self.rows.contains_key(&place) {
                let values = vec![("texte".to_owned(), finding.value.clone())];
                let reasons = vec![wording::reason(&finding.reason)];
                aside.push(Aside { file: place.0, row: place.1, reasons, incomplete: false, values });
            }
        }
        self.findings.extend(later);
        self.findings.sort_by(|a, b| {
            (a.kind, &a.source, a.line, &a.column).cmp(&(b.kind, &b.source, b.line, &b.column))
        });
        let doubtful = unsure.iter().filter_map(venue_at).map(|venue| venue.id.clone()).collect();
        let repaired =
            of_rows(&|f| f.outcome == Outcome::Repaired && f.kind != Kind::Duplicate, &self.findings);
        Examination {
            files: self.files,
            rows: self.n_rows,
            repaired: repaired.len(),
            refused: aside.iter().filter(|row| !row.incomplete).count(),
            merged: merged.len(),
            findings: self.findings,
            stale,
            doubtful,
            sheet,
            aside,
            venues,
        }
    }
}

/// Whether a finding leaves a doubt on where a venue is, or on which it is.
fn is_doubt(finding: &Refusal) -> bool {
    let kinds = [Kind::CoordinatesFar, Kind::CoordinatesFallback, Kind::Duplicate, Kind::DuplicateId];
    finding.outcome == Outcome::Kept && kinds.contains(&finding.kind)
}

fn reasons_of(place: &RowId, findings: &[Refusal]) -> Vec<String> {
    let here = findings.iter().filter(|f| f.source == place.0 && f.line == Some(place.1));
    here.filter(|f| f.outcome == Outcome::Refused).map(|f| wording::reason(&f.reason)).collect()
}

fn set_aside(place: &RowId, row: &Row, reasons: Vec<String>, incomplete: bool) -> Aside {
    let values = row.cells().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Aside { file: place.0.clone(), row: place.1, reasons, incomplete, values }
}

/// The commune of a venue, its name and its postcode when it has only one.
fn known_place(venue: &Venue, codes: &Codes, gazetteer: Option<&Gazetteer>) -> Option<Place> {
    let code = venue.commune?;
    let gazetteer = gazetteer?;
    let commune = gazetteer.commune(gazetteer.find_commune(code)?);
    Some(Place { code, commune_name: commune.name.clone(), postcode: codes.postal.only_postcode(code) })
}
