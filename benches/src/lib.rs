//! What the measuring programs of `src/bin` and the benches share: real data read in place, and the
//! few statistics printed of them.
//!
//! Measures the house, is no part of it: nothing here ships, and a damaged file stops the program.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use territory::{CommuneCode, SocialRates};

pub mod isere;
pub mod region;
pub mod stats;
pub mod stopwatch;
pub mod synthetic;
pub mod venues;

/// What reading gives: the data, or why not.
pub type Read<T> = Result<T, Box<dyn Error>>;

/// Where the real data are: the program's first argument, or else `../shared/data`.
#[expect(
    clippy::disallowed_methods,
    reason = "the programs take one argument; a parser would be larger than they are"
)]
pub fn data_directory() -> PathBuf {
    std::env::args().nth(1).map_or_else(|| PathBuf::from("../shared/data"), PathBuf::from)
}

/// The committed sample, `data/sample` of this repository.
pub fn sample_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/sample")
}

/// The published rates of every commune, from the folder that holds the three files behind the index.
pub fn fragility_rates(folder: &Path) -> Read<BTreeMap<CommuneCode, SocialRates>> {
    let file = |name: &str| folder.join(name);
    let read = ingest::rates::read(
        &file("inputs-communes-2022.csv.gz"),
        &file("filosofi-communes-2021.csv.gz"),
        &file("no-thd-communes-2019.csv.gz"),
    )?;
    Ok(read.value.of_communes())
}

/// A gzipped file, decompressed as it is read.
fn gunzip(path: &Path) -> Read<BufReader<MultiGzDecoder<File>>> {
    Ok(BufReader::new(MultiGzDecoder::new(open(path)?)))
}

/// A file, or an error that names it.
fn open(path: &Path) -> Read<File> {
    File::open(path).map_err(|e| format!("{}: {e}", path.display()).into())
}

/// The numbers of a column by commune, in a gzipped table; rows where it is not a number (secret,
/// missing) are left out.
pub fn column(table: &Path, delimiter: u8, code: &str, number: &str) -> Read<BTreeMap<CommuneCode, f64>> {
    let mut rows = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(gunzip(table)?);
    let headers = rows.headers()?.clone();
    let rank = |name: &str| headers.iter().position(|h| h == name).ok_or_else(|| format!("no column {name}"));
    let (code, number) = (rank(code)?, rank(number)?);
    let mut numbers = BTreeMap::new();
    for row in rows.records() {
        let row = row?;
        if let Ok(value) = row[number].parse() {
            numbers.insert(row[code].parse()?, value);
        }
    }
    Ok(numbers)
}
