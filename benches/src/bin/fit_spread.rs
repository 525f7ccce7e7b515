//! Fits how people spread around a town hall on the census grid of Auvergne-Rhône-Alpes, checks that
//! the model shipped is the one fitted, and prints its errors.
//!
//! `cargo run --release -p maillage-benches --bin fit_spread [DATA]`; exits with 1 when the model of
//! `territory::spread` is not within [`TOLERANCE`] of the best of its form. `docs/method.md` explains.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use access::nearest::VenueIndex;
use maillage_benches::region::{self, Commune, TownHalls};
use maillage_benches::stats::{median, quantile};
use maillage_benches::{data_directory, sample_directory, venues};
use network::crow_fly;
use territory::{CommuneCode, Extent, Inhabitants, Mode, TravelTime, VenueIdx, spread};

/// How far from the smallest loss the shipped model may be.
const TOLERANCE: f64 = 0.0005;

/// Bounds of the classes of legal population.
const CLASSES: [u32; 6] = [0, 500, 2_000, 10_000, 50_000, 1_000_000];

/// A commune with what the census says of its cells.
struct Counted<'a> {
    commune: &'a Commune,
    /// People by cell.
    census: Vec<f64>,
    /// Their sum, never 0.
    people: f64,
    fit: bool,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let data = data_directory();
    let published =
        region::town_halls(&data.join("territory/town-halls-2025.csv"), "mairie_lon", "mairie_lat")?;
    // Those of the sample: the published ones without the misplaced.
    let kept = region::town_halls(&sample_directory().join("town-halls-2025.csv"), "lon", "lat")?;
    let communes = region::communes(&data, &published)?;
    let counted = count(&data, &communes)?;

    println!("# People around a town hall: weight = 1 / (1 + d² / (λ0² · (1 + P / P0)))\n");
    let of_half = |fit: bool| counted.iter().filter(move |c| c.fit == fit);
    for (name, fit) in [("fit (even codes)", true), ("test (odd codes)", false)] {
        let people: f64 = of_half(fit).map(|c| c.people).sum();
        println!("- {name}: {} communes, {people:.0} people of the grid", of_half(fit).count());
    }
    let cells: usize = communes.iter().map(|c| c.cells.len()).sum();
    println!("- {} communes with a shape, {cells} places", communes.len());

    println!("\n| town halls | fitted on | λ0 | P0 | loss there |\n|---|---|---|---|---|");
    let fit: Vec<&Counted> = of_half(true).collect();
    let test: Vec<&Counted> = of_half(false).collect();
    let best = search(&fit, &published);
    for (name, halls, half, sample) in [
        ("as published", &published, "fit", &fit),
        ("as published", &published, "test (halves swapped)", &test),
        ("misplaced ones dropped", &kept, "fit", &fit),
    ] {
        let (loss, radius_km, city) = search(sample, halls);
        println!("| {name} | {half} | {radius_km:.2} km | {city:.0} | {loss:.6} |");
    }
    let shipped_loss = misplaced_share(&fit, |c| shipped(c.commune, &published));
    let holds = shipped_loss <= best.0 + TOLERANCE;
    println!("\nShipped model: loss {shipped_loss:.6}, {:+.6} from the best.", shipped_loss - best.0);

    print_misplaced(&fit, &test, &published, &kept);
    print_classes(&test, &published, &kept);
    print_beyond(&data, &counted, &published, &kept)?;

    println!(
        "\n{}",
        if holds {
            "The shipped model is the one fitted."
        } else {
            "THE SHIPPED MODEL IS NOT THE ONE FITTED."
        }
    );
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The communes where the grid counts anyone.
fn count<'a>(data: &Path, communes: &'a [Commune]) -> Result<Vec<Counted<'a>>, Box<dyn Error>> {
    let centres = communes.iter().flat_map(|c| &c.cells).map(|cell| cell.centre().coord());
    let near = Extent::of_coords(centres).ok_or("no commune")?;
    let grid = data.join("population/census-grid-1km-2021.csv.gz");
    let people = ingest::census_grid::read(&grid, &[near])?.value;
    let mut counted = Vec::new();
    for commune in communes {
        let census: Vec<f64> = commune.cells.iter().map(|&cell| people.people(cell)).collect();
        let sum: f64 = census.iter().sum();
        if sum > 0.0 {
            counted.push(Counted { commune, census, people: sum, fit: is_even(commune.code)? });
        }
    }
    Ok(counted)
}

fn is_even(code: CommuneCode) -> Result<bool, Box<dyn Error>> {
    Ok(code.as_str().parse::<u32>()?.is_multiple_of(2))
}

/// What the house does.
fn shipped(commune: &Commune, town_halls: &TownHalls) -> Vec<f64> {
    spread::weights(&commune.cells, commune.anchor(town_halls), commune.population)
}

fn uniform(commune: &Commune) -> Vec<f64> {
    spread::weights(&commune.cells, None, commune.population)
}

/// The people each weight gets of a total.
fn shares(weights: &[f64], total: f64) -> impl Iterator<Item = f64> {
    let sum: f64 = weights.iter().sum();
    weights.iter().map(move |w| total * w / sum)
}

/// How many people of a commune would have to change cells.
fn misplaced(counted: &Counted, weights: &[f64]) -> f64 {
    shares(weights, counted.people).zip(&counted.census).map(|(model, real)| (model - real).abs() / 2.0).sum()
}

fn misplaced_share(sample: &[&Counted], weights: impl Fn(&Counted) -> Vec<f64>) -> f64 {
    let moved: f64 = sample.iter().map(|c| misplaced(c, &weights(c))).sum();
    moved / sample.iter().map(|c| c.people).sum::<f64>()
}

/// The smallest loss over λ0 = 0.50…1.50 km by 0.05 and P0 = 20…200 thousand by 20: (loss, λ0, P0).
fn search(sample: &[&Counted], town_halls: &TownHalls) -> (f64, f64, f64) {
    let squares: Vec<Vec<f64>> = sample
        .iter()
        .map(|c| {
            let anchor = c.commune.anchor(town_halls);
            let km =
                |cell: &territory::Cell| anchor.map_or(0.0, |at| cell.centre().distance_to(at).0 / 1000.0);
            c.commune.cells.iter().map(|cell| km(cell).powi(2)).collect()
        })
        .collect();
    let people: f64 = sample.iter().map(|c| c.people).sum();
    let mut best = (f64::INFINITY, f64::NAN, f64::NAN);
    for radius in (10..=30).map(|step| f64::from(step) / 20.0) {
        for city in (1..=10).map(|step| f64::from(step) * 20_000.0) {
            let moved: f64 = sample
                .iter()
                .zip(&squares)
                .map(|(c, squares)| {
                    let radius_squared = radius * radius * (1.0 + f64::from(c.commune.population.0) / city);
                    let weights: Vec<f64> =
                        squares.iter().map(|d2| 1.0 / (1.0 + d2 / radius_squared)).collect();
                    misplaced(c, &weights)
                })
                .sum();
            if moved / people < best.0 {
                best = (moved / people, radius, city);
            }
        }
    }
    best
}

fn print_misplaced(fit: &[&Counted], test: &[&Counted], published: &TownHalls, kept: &TownHalls) {
    println!("\n## People misplaced\n");
    println!(
        "| model | fit | test | test: median commune | test: worst tenth above |\n|---|---|---|---|---|"
    );
    for (name, weights) in models(published, kept) {
        let by_commune: Vec<f64> =
            test.iter().map(|c| misplaced(c, &weights(c.commune)) / c.people).collect();
        println!(
            "| {name} | {:.1} % | {:.1} % | {:.1} % | {:.1} % |",
            100.0 * misplaced_share(fit, |c| weights(c.commune)),
            100.0 * misplaced_share(test, |c| weights(c.commune)),
            100.0 * median(by_commune.iter().copied()),
            100.0 * quantile(by_commune.iter().copied(), 0.9),
        );
    }
}

type Model<'a> = (&'static str, Box<dyn Fn(&Commune) -> Vec<f64> + 'a>);

fn models<'a>(published: &'a TownHalls, kept: &'a TownHalls) -> [Model<'a>; 3] {
    [
        ("uniform", Box::new(uniform)),
        ("model, town halls as published", Box::new(|c: &Commune| shipped(c, published))),
        ("model, misplaced town halls dropped", Box::new(|c: &Commune| shipped(c, kept))),
    ]
}

fn print_classes(test: &[&Counted], published: &TownHalls, kept: &TownHalls) {
    println!("\n## People misplaced by legal population, test\n");
    println!(
        "| inhabitants | communes | people | uniform | model, as published | model, misplaced dropped |"
    );
    println!("|---|---|---|---|---|---|");
    for class in CLASSES.windows(2) {
        let of_class: Vec<&Counted> =
            test.iter().copied().filter(|c| (class[0]..class[1]).contains(&c.commune.population.0)).collect();
        let people: f64 = of_class.iter().map(|c| c.people).sum();
        print!("| {}–{} | {} | {people:.0} |", class[0], class[1], of_class.len());
        for (_, weights) in models(published, kept) {
            print!(" {:.1} % |", 100.0 * misplaced_share(&of_class, |c| weights(c.commune)));
        }
        println!();
    }
}

/// What the error does to the figure people read: those beyond T of the nearest France services.
///
/// `gap` adds up, over communes, how far the number of people beyond is off.
fn print_beyond(
    data: &Path,
    counted: &[Counted],
    published: &TownHalls,
    kept: &TownHalls,
) -> Result<(), Box<dyn Error>> {
    let venues = venues::france_services(data)?;
    println!(
        "\n## People beyond T of the nearest of {} France services (2024), estimated by car\n",
        venues.len()
    );
    let index = VenueIndex::new(venues.iter().enumerate().map(|(i, &at)| (VenueIdx(i as u32), at)));
    let time = |cell: &territory::Cell| {
        let from = cell.centre();
        let venue = index.nearest(from).ok_or("no venue at all")?;
        Ok::<_, &str>(crow_fly::travel_time(Mode::Car, from.distance_to(venues[venue.0 as usize])))
    };
    let times: Vec<Vec<TravelTime>> =
        counted.iter().map(|c| c.commune.cells.iter().map(time).collect()).collect::<Result<_, _>>()?;
    println!(
        "| communes | T | census | model | beyond | error | gap over communes |\n|---|---|---|---|---|---|---|"
    );
    for (name, everyone) in [("test", false), ("all", true)] {
        for longest in [10.0, 15.0, 20.0, 30.0] {
            let chosen = || counted.iter().zip(&times).filter(|(c, _)| everyone || !c.fit);
            let beyond = |c: &Counted, times: &[TravelTime], weights: &[f64]| -> f64 {
                let Inhabitants(legal) = c.commune.population;
                let people = shares(weights, f64::from(legal)).zip(times);
                people.filter(|(_, time)| time.minutes() > longest).map(|(people, _)| people).sum()
            };
            let real: Vec<f64> = chosen().map(|(c, times)| beyond(c, times, &c.census)).collect();
            let sum: f64 = real.iter().sum();
            for (model, weights) in models(published, kept) {
                let estimated: Vec<f64> =
                    chosen().map(|(c, times)| beyond(c, times, &weights(c.commune))).collect();
                let estimated_sum: f64 = estimated.iter().sum();
                let gap: f64 = real.iter().zip(&estimated).map(|(a, b)| (a - b).abs()).sum();
                println!(
                    "| {name} | {longest} min | {sum:.0} | {model} | {estimated_sum:.0} | {:+.1} % | {gap:.0} |",
                    100.0 * (estimated_sum / sum - 1.0)
                );
            }
        }
    }
    Ok(())
}
