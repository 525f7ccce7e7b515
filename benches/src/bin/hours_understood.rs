//! What share of real opening hours is understood, and every text that is not, grouped by its shape
//! (digits as 9, letters as a).
//!
//! ```sh
//! cargo run --release -p maillage-benches --bin hours_understood -- ../shared/data/venues/lieux-v1-national.csv.gz
//! cargo run --release -p maillage-benches --bin hours_understood -- ../shared/data/venues/raw/corse.json data/mappings/corse.toml
//! ```

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use ingest::venues::{Mapping, hours, read_rows};

#[expect(clippy::disallowed_methods, reason = "two arguments; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let path = PathBuf::from(args.next().ok_or("FILE [MAPPING]")?);
    let mapping = args.next().map(|path| Mapping::load(&PathBuf::from(path))).transpose()?;
    let rows = read_rows(&path, mapping.as_ref())?.value.list;
    let mut texts: BTreeMap<&str, usize> = BTreeMap::new();
    for text in rows.iter().filter_map(|row| row.given("horaires")) {
        *texts.entry(text).or_default() += 1;
    }
    let (mut as_written, mut repaired, mut rows_known) = (0, 0, 0);
    let mut of_doubt: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shapes: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (text, n) in &texts {
        let understood = hours::read(text);
        if let Some(doubt) = understood.doubt {
            *of_doubt.entry(doubt).or_default() += 1;
        }
        match (&understood.hours, &understood.osm) {
            (Some(_), None) => as_written += 1,
            (Some(_), Some(_)) => repaired += 1,
            (None, _) => {
                shapes.entry(shape(text)).or_default().push(text);
                continue;
            }
        }
        rows_known += n;
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    let given: usize = texts.values().sum();
    println!("{} rows, {given} with hours, {} distinct texts", rows.len(), texts.len());
    println!(
        "texts understood: {:.2} % ({as_written} as written, {repaired} repaired), {} not; rows: {:.2} % ({rows_known})",
        percent(as_written + repaired, texts.len()),
        texts.len() - as_written - repaired,
        percent(rows_known, given),
    );
    for (doubt, n) in &of_doubt {
        println!("{n:6} {doubt}");
    }
    let mut shapes: Vec<_> = shapes.into_iter().collect();
    shapes.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then_with(|| a.0.cmp(&b.0)));
    for (shape, texts) in shapes {
        println!("{:4} of the shape {shape:?}", texts.len());
        for text in texts {
            println!("       {text:?}");
        }
    }
    Ok(())
}

/// A text with its digits as 9 and each word as `a`.
fn shape(text: &str) -> String {
    let mut shape = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_digit() {
            '9'
        } else if c.is_alphabetic() {
            'a'
        } else {
            c
        };
        if !(c == 'a' && shape.ends_with('a')) {
            shape.push(c);
        }
    }
    shape
}
