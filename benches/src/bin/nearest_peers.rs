//! Our side of `benches/peers/nearest.py`: the nearest target of every node of a file that
//! `synthetic_country` wrote, on one thread.
//!
//! For each line read it searches once and prints the seconds, of the clock and of the processor; at
//! the end it writes the time of every node (u32, all ones: unreached) and prints the peak of its memory.
//!
//!     nearest_peers FILE TIMES

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use maillage_benches::stopwatch::{peak_megabytes, time};
use maillage_benches::synthetic::Country;
use network::search::labels::Labels;
use network::search::nearest::Nearest;

#[expect(clippy::disallowed_methods, reason = "two arguments; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("FILE TIMES");
    let (path, times) = (next()?, next()?);
    let (country, took) = time(|| Country::read(&std::fs::read(&path).ok()?));
    let country = country.ok_or_else(|| format!("{path} is not of synthetic_country"))?;
    println!("{:.6}", took.seconds);
    let (mut search, mut labels) = (Nearest::default(), Labels::default());
    for line in std::io::stdin().lines() {
        line?;
        let ((), took) = time(|| search.search(country.roads.graph(), &country.sources, None, &mut labels));
        println!("{:.6} {:.6}", took.seconds, took.cpu_seconds);
    }
    let mut file = BufWriter::new(File::create(times)?);
    for label in labels.iter() {
        file.write_all(&label.map_or(u32::MAX, |(deciseconds, _)| deciseconds).to_le_bytes())?;
    }
    file.flush()?;
    println!("{:.1}", peak_megabytes());
    Ok(())
}
