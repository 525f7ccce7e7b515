//! Makes the sample's fragility classes from the published rates, which stay where they are.
//!
//! `cargo run --release -p maillage-benches --bin classify_fragility [DATA] > data/sample/fragility-classes-2022.csv`
//!
//! Every commune of France is ranked; those of the sample are printed.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;

use gaps::fragility::classify;
use maillage_benches::{data_directory, fragility_rates, region, sample_directory};
use territory::RankClass;

fn main() -> Result<(), Box<dyn Error>> {
    let classes = classify(&fragility_rates(&data_directory().join("fragility"))?);
    println!("code,seniors,low_diploma,low_income,no_fast_broadband");
    for code in region::current_communes(&sample_directory())? {
        let known = classes.get(&code).copied().unwrap_or_default();
        let text = |class: Option<RankClass>| class.map(|c| c.get().to_string()).unwrap_or_default();
        println!(
            "{code},{},{},{},{}",
            text(known.seniors),
            text(known.low_diploma),
            text(known.low_income),
            text(known.no_fast_broadband)
        );
    }
    Ok(())
}
