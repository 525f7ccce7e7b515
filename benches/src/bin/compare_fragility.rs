//! Compares our open index of fragility with the published IFN, commune by commune.
//!
//! `cargo run --release -p maillage-benches --bin compare_fragility [DATA]`. The published scores are
//! read to compare and never kept: they come without a stated open licence.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::collections::BTreeMap;
use std::error::Error;

use gaps::Fragility;
use gaps::fragility::{classify, rank_correlation};
use maillage_benches::stats::median;
use maillage_benches::{column, data_directory};
use territory::{CommuneCode, RankClass, SocialClasses};

fn main() -> Result<(), Box<dyn Error>> {
    let data = data_directory().join("fragility");
    let rates = maillage_benches::fragility_rates(&data)?;
    let classes = classify(&rates);
    let ours: BTreeMap<CommuneCode, f64> =
        classes.iter().filter_map(|(&code, c)| Some((code, Fragility::of(c)?.get()))).collect();
    let of = |component: fn(&SocialClasses) -> Option<RankClass>| -> BTreeMap<CommuneCode, f64> {
        classes.iter().filter_map(|(&code, c)| Some((code, f64::from(component(c)?.get())))).collect()
    };

    println!("{} communes with a rate, {} with an index", rates.len(), ours.len());
    println!(
        "| class | 65 and over | below the baccalauréat | low income | no 30 Mbit/s |\n|---|---|---|---|---|"
    );
    let components =
        [of(|c| c.seniors), of(|c| c.low_diploma), of(|c| c.low_income), of(|c| c.no_fast_broadband)];
    for class in 1..=10 {
        print!("| {class} |");
        for component in &components {
            print!(" {} |", component.values().filter(|&&c| (c - f64::from(class)).abs() < 0.5).count());
        }
        println!();
    }

    println!("\n| ours | published | communes | rank correlation | ours − published: median | within 1 |");
    println!("|---|---|---|---|---|---|");
    let [seniors, diploma, income, broadband] = &components;
    for (name, ours, theirs) in [
        ("index", &ours, "total"),
        ("65 and over", seniors, "older_65_rate"),
        ("below the baccalauréat", diploma, "nscol15p_rate"),
        ("low income", income, "poverty_rate"),
        ("no 30 Mbit/s", broadband, "no_thd_coverage_rate"),
    ] {
        // 0 means no inhabitants: no data.
        let mut published = column(&data.join("ifn-communes.csv.gz"), b',', "code", theirs)?;
        published.retain(|_, score| *score > 0.0);
        let both: Vec<(f64, f64)> =
            ours.iter().filter_map(|(code, &index)| Some((index, *published.get(code)?))).collect();
        let within = both.iter().filter(|(a, b)| (a - b).abs() <= 1.0).count();
        println!(
            "| {name} | `{theirs}` | {} | {:.2} | {:+.1} | {:.0} % |",
            both.len(),
            rank_correlation(&both).map_or(f64::NAN, |correlation| correlation.rho),
            median(both.iter().map(|(a, b)| a - b)),
            100.0 * within as f64 / both.len() as f64,
        );
    }
    Ok(())
}
