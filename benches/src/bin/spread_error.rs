//! Prints how far the modelled spread of people is from the census grid over all of France.
//!
//! `cargo run --release -p maillage-benches --bin spread_error [CONFIG]`, by default the test configuration of
//! the whole country, `tests/atlases/france.toml`. Both grids hold the same places and the same legal
//! populations: only where people live inside their commune differs. `docs/method.md` has the figures.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::collections::BTreeSet;
use std::error::Error;
use std::path::PathBuf;

use access::{AccessSurface, Fit, Question};
use maillage_benches::stats::{median, quantile};
use territory::{CommuneIdx, Grid, Inhabitants, Minutes, PlaceIdx, Spread};

/// Bounds of the classes of legal population.
const CLASSES: [u32; 7] = [0, 500, 2_000, 10_000, 50_000, 200_000, u32::MAX];

/// The promises whose gap is compared.
const MINUTES: [u16; 4] = [10, 15, 20, 30];

/// A commune, its people, and those the model puts in a wrong cell.
struct Misplaced {
    people: u32,
    misplaced: f64,
}

#[expect(clippy::disallowed_methods, reason = "the program takes one argument")]
fn main() -> Result<(), Box<dyn Error>> {
    let config =
        std::env::args().nth(1).map_or_else(|| PathBuf::from("tests/atlases/france.toml"), PathBuf::from);
    let inputs = ingest::read(&config)?.value;
    let headcount = inputs.headcount.ok_or("the configuration gives no population grid")?;
    let counted = Grid::settle(&inputs.gazetteer, Some(&headcount));
    let modelled = Grid::settle(&inputs.gazetteer, None).grid;
    let Spread::Counted { modelled: uncounted } = counted.spread else {
        return Err("no commune is counted".into());
    };
    let (counted, uncounted) = (counted.grid, uncounted.into_iter().collect::<BTreeSet<CommuneIdx>>());

    let n = inputs.gazetteer.communes().len();
    let (mut people, mut moved) = (vec![0_u32; n], vec![0_u64; n]);
    for (a, b) in counted.places().iter().zip(modelled.places()) {
        if (a.cell, a.commune) != (b.cell, b.commune) {
            return Err("the two grids do not hold the same places".into());
        }
        people[a.commune.0 as usize] += a.population.0;
        moved[a.commune.0 as usize] += u64::from(a.population.0.abs_diff(b.population.0));
    }
    let communes: Vec<Misplaced> = inputs
        .gazetteer
        .commune_ids()
        .filter(|idx| !uncounted.contains(idx) && people[idx.0 as usize] > 0)
        .map(|idx| Misplaced {
            people: people[idx.0 as usize],
            misplaced: moved[idx.0 as usize] as f64 / 2.0,
        })
        .collect();
    println!(
        "| legal population | communes | people | in a wrong cell | median commune | one in ten above |"
    );
    println!("|---|---|---|---|---|---|");
    for bounds in CLASSES.windows(2) {
        line(
            &format!("{} to {}", bounds[0], bounds[1]),
            communes.iter().filter(|c| (bounds[0]..bounds[1]).contains(&c.people)),
        );
    }
    line("all", communes.iter());

    let question = Question::default();
    let of = |grid| AccessSurface::estimate(grid, &inputs.venues, &question, Fit::Fits);
    let surface = of(&counted);
    println!("\n| T | census | model | difference | gap, commune by commune |\n|---|---|---|---|---|");
    for minutes in MINUTES {
        let limit = Minutes::new(minutes)?.time();
        let beyond = |grid: &Grid| -> Vec<u64> {
            let mut beyond = vec![0_u64; n];
            for (rank, place) in grid.places().iter().enumerate() {
                let reach = surface.reach(PlaceIdx(rank as u32));
                if reach.is_none_or(|reach| reach.time > limit) && !uncounted.contains(&place.commune) {
                    beyond[place.commune.0 as usize] += u64::from(place.population.0);
                }
            }
            beyond
        };
        let (census, model) = (beyond(&counted), beyond(&modelled));
        let gap: u64 = census.iter().zip(&model).map(|(a, b)| a.abs_diff(*b)).sum();
        let (census, model): (u64, u64) = (census.iter().sum(), model.iter().sum());
        let difference = 100.0 * (model as f64 - census as f64) / census as f64;
        println!("| {minutes} min | {census} | {model} | {difference:+.1} % | {gap} |");
    }
    let held: Inhabitants = uncounted.iter().map(|&idx| inputs.gazetteer.commune(idx).population).sum();
    println!("\nLeft out: {} communes where the grid counts nobody, {} people.", uncounted.len(), held.0);
    Ok(())
}

fn line<'a>(name: &str, communes: impl Iterator<Item = &'a Misplaced> + Clone) {
    let people: f64 = communes.clone().map(|c| f64::from(c.people)).sum();
    let misplaced: f64 = communes.clone().map(|c| c.misplaced).sum();
    let share = |c: &Misplaced| 100.0 * c.misplaced / f64::from(c.people);
    println!(
        "| {name} | {} | {people} | {:.1} % | {:.1} % | {:.1} % |",
        communes.clone().count(),
        100.0 * misplaced / people,
        median(communes.clone().map(share)),
        quantile(communes.map(share), 0.9),
    );
}
