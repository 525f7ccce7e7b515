//! Writes a made-up country for other programs to search.
//!
//!     cargo run --release -p maillage-benches --bin synthetic_country -- FILE NODES TARGETS

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use maillage_benches::synthetic::Country;

#[expect(clippy::disallowed_methods, reason = "three arguments; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("FILE NODES TARGETS");
    let (path, nodes, targets) = (next()?, next()?.parse()?, next()?.parse()?);
    let country = Country::new(nodes, targets);
    let mut file = BufWriter::new(File::create(path)?);
    country.write(&mut file)?;
    file.flush()?;
    let forward = country.roads.graph().forward;
    println!("{} nodes, {} arcs, {targets} targets", forward.nodes(), forward.arcs.len());
    Ok(())
}
