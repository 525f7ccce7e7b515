//! «Docteur des données»: what is wrong with venue files, row by row, what each value should be, and the
//! files they should have been.
//!
//! Rows are read and judged exactly as a build reads them, so that what the doctor finds is what a map
//! would suffer from. Nothing is lost: each row is in the repaired file, or in the side file with the
//! reason, or merged into another and listed.

mod ages;
mod page;
mod report;
mod wording;
pub mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use territory::{CommuneCode, Venue};

use crate::error::IngestError;
use crate::file::File;
use crate::inputs::Reference;
use crate::refusal::{Kind, Outcome, Refusal};
use crate::venues::{Mapping, Reader, Row};
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
    /// Its columns and values, as read.
    pub values: Vec<(String, String)>,
}
