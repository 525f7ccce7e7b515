//! How fast a venue file is read: bytes to rows, and to rows with everything of them read that a venue
//! keeps, beside the `csv` crate reading the same bytes.
//!
//! ```sh
//! cargo run --release -p maillage-benches --bin venues_import -- ../shared/data/venues/lieux-v1-national.csv.gz
//! ```

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use flate2::read::MultiGzDecoder;
use maillage_benches::stats::median;
use maillage_benches::stopwatch::time;

const ROUNDS: usize = 15;

#[expect(clippy::disallowed_methods, reason = "one argument; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(std::env::args().nth(1).ok_or("CSV")?);
    let raw = std::fs::read(&path)?;
    let mut bytes = Vec::new();
    if raw.starts_with(&[0x1f, 0x8b]) {
        MultiGzDecoder::new(raw.as_slice()).read_to_end(&mut bytes)?;
    } else {
        bytes = raw;
    }
    // Inflating is not what is measured.
    let plain = std::env::temp_dir().join("maillage-venues-import.csv");
    std::fs::File::create(&plain)?.write_all(&bytes)?;
    let megabytes = bytes.len() as f64 / 1e6;
    let (mut crate_alone, mut rows, mut venues) = (Vec::new(), Vec::new(), Vec::new());
    let mut n = (0, 0, 0);
    for _ in 0..ROUNDS {
        let (read, took) = time(|| -> Result<usize, csv::Error> {
            let mut reader = csv::Reader::from_reader(bytes.as_slice());
            let mut record = csv::StringRecord::new();
            let mut n = 0;
            while reader.read_record(&mut record)? {
                n += 1;
            }
            Ok(n)
        });
        n.0 = read?;
        crate_alone.push(took.seconds);
        let (read, took) = time(|| ingest::venues::read_rows(&plain, None));
        n.1 = read?.value.list.len();
        rows.push(took.seconds);
        let (read, took) = time(|| ingest::venues::read_everywhere(&plain, None));
        n.2 = read?.value.len();
        venues.push(took.seconds);
    }
    std::fs::remove_file(&plain)?;
    let rate = |seconds: &[f64]| megabytes / median(seconds.iter().copied());
    println!("{megabytes:.1} MB, {ROUNDS} rounds, medians");
    println!("csv crate alone      {:8.1} MB/s ({} records)", rate(&crate_alone), n.0);
    println!("rows, with SHA-256   {:8.1} MB/s ({} rows)", rate(&rows), n.1);
    println!("venues, hours read   {:8.1} MB/s ({} venues)", rate(&venues), n.2);
    Ok(())
}
