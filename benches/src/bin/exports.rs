//! What writing layers to files takes once their figures are there: `exports ATLAS`, medians of five to nowhere.
//!
//! `cargo run --release -p maillage-benches --bin exports atlas/france`

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program told what to measure, whose answer is what it prints"
)]

use std::error::Error;
use std::path::Path;

use atlas::export::{Bundle, Form};
use atlas::{Atlas, Inquiry, Layer};
use maillage_benches::stopwatch::{peak_megabytes, time};

const RUNS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("usage: exports ATLAS")?;
    let (atlas, inquiry) = (Atlas::open(Path::new(&directory))?, Inquiry::default());
    println!("| layer | format | features | written | processor |\n|---|---|---|---|---|");
    for layer in [Layer::Communes, Layer::Cells] {
        let features = atlas.table(layer, &inquiry)?.len();
        for form in [Form::FlatGeobuf, Form::GeoPackage] {
            let bundle = Bundle::new(&atlas, &[layer], &inquiry, form)?;
            let mut took = Vec::new();
            for _ in 0..RUNS {
                let (done, one) = time(|| bundle.write(&mut std::io::sink(), &mut |_, _| {}));
                done?;
                took.push(one);
            }
            let median = |of: fn(&maillage_benches::stopwatch::Took) -> f64| {
                let mut all: Vec<f64> = took.iter().map(of).collect();
                all.sort_by(f64::total_cmp);
                all[RUNS / 2]
            };
            let (wall, processor) = (median(|one| one.seconds), median(|one| one.cpu_seconds));
            println!("| {} | {} | {features} | {wall:.2} s | {processor:.2} s |", layer.slug(), form.slug());
        }
    }
    println!("\nMost memory, the atlas included: {:.0} MB", peak_megabytes());
    Ok(())
}
