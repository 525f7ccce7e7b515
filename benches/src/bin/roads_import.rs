//! How fast an OpenStreetMap extract is read: `.osm.pbf` to [`territory::Roads`].
//!
//! ```sh
//! for extract in ../shared/data/roads/*.pbf; do
//!     cargo run --release -p maillage-benches --bin roads_import -- "$extract"; done
//! ```
//!
//! One extract a run, so that the peak of memory is its own.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::path::PathBuf;

use maillage_benches::stats::median;
use maillage_benches::stopwatch::{all_threads_cpu_seconds, peak_megabytes, time};

/// How often it is read: small extracts take some hundredths of a second.
const ROUNDS: usize = 9;

#[expect(clippy::disallowed_methods, reason = "one argument; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let path = PathBuf::from(std::env::args().nth(1).ok_or("PBF")?);
    let megabytes = std::fs::metadata(&path)?.len() as f64 / 1e6;
    let roads = ingest::roads::read(std::slice::from_ref(&path))?.value;
    let peak = peak_megabytes();
    let (points, segments) = (roads.points().len(), roads.segments().len());
    drop(roads);
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let before = all_threads_cpu_seconds();
        let (read, took) = time(|| ingest::roads::read(std::slice::from_ref(&path)));
        drop(read?);
        wall.push(took.seconds);
        cpu.push(all_threads_cpu_seconds() - before);
    }
    let best = wall.iter().copied().fold(f64::INFINITY, f64::min);
    let (wall, cpu) = (median(wall.iter().copied()), median(cpu.iter().copied()));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    println!(
        "{name}: {megabytes:.2} MB in {wall:.3} s, {cpu:.2} s of processor: {:.1} MB/s, {:.1} at best, {:.1} a \
         second of processor; {points} points, {segments} segments; {peak:.0} MB at most, {:.0} bytes a point",
        megabytes / wall,
        megabytes / best,
        megabytes / cpu,
        peak * 1e6 / points as f64,
    );
    Ok(())
}
