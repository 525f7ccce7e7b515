//! Fits the estimated car time on the real matrix of Isère, checks that the curve shipped is the one
//! fitted, and prints its errors.
//!
//! `cargo run --release -p maillage-benches --bin fit_travel_time [DATA]`; exits with 1 when the curve
//! of `network::crow_fly` is not within [`TOLERANCE`] of the best of its form. `docs/method.md` explains.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::process::ExitCode;

use maillage_benches::data_directory;
use maillage_benches::isere::{Commune, Half, Isere, Trip, World};
use maillage_benches::stats::{mean, median};
use network::crow_fly;
use territory::{Meters, Mode};

/// How far from the smallest loss the shipped curve may be.
const TOLERANCE: f64 = 0.0005;

/// The leg inside a cell, kilometres: not fitted.
const LEG_KM: f64 = 0.3;

/// Bounds of the distance classes, kilometres.
const CLASSES: [f64; 9] = [0.0, 2.0, 3.0, 5.0, 8.0, 12.0, 16.0, 20.0, 30.0];

/// Longest time of a pair in the fit on pairs, minutes.
const LONGEST_PAIR: f64 = 30.0;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let isere = Isere::read(&data_directory())?;
    let (fit, test) = (isere.worlds(Half::Fit), isere.worlds(Half::Test));
    let (fit_trips, test_trips) = (trips(&fit), trips(&test));
    let [fit_pairs, test_pairs] = [Half::Fit, Half::Test].map(|half| short(isere.pairs(half)));

    println!("# Car time from great-circle distance: minutes = b · (km + {LEG_KM})^c\n");
    let best = Curve::fitted_on(&fit_trips);
    let on_pairs = Curve::fitted_on(&fit_pairs);
    let swapped = Curve::fitted_on(&test_trips);
    println!("| fitted on | n | b | c | loss there | loss on test | bias on test |");
    println!("|---|---|---|---|---|---|---|");
    for (name, sample, curve) in [
        ("nearest of many, fit half", &fit_trips, &best),
        ("nearest of many, test half (halves swapped)", &test_trips, &swapped),
        ("pairs up to 30 min, fit half", &fit_pairs, &on_pairs),
    ] {
        let estimate = |km: f64| curve.minutes(km);
        println!(
            "| {name} | {} | {:.2} | {:.2} | {:.6} | {:.6} | {:+.1} % |",
            sample.len(),
            curve.scale,
            curve.exponent,
            curve.loss,
            loss(&test_trips, estimate),
            100.0 * median(relative_errors(&test_trips, estimate)),
        );
    }
    let shipped_loss = loss(&fit_trips, shipped);
    let holds = shipped_loss <= best.loss + TOLERANCE;
    println!("\nShipped curve: loss {shipped_loss:.6}, {:+.6} from the best.", shipped_loss - best.loss);

    for (half, trips, pairs) in [("fit", &fit_trips, &fit_pairs), ("test", &test_trips, &test_pairs)] {
        print_errors(&format!("Nearest of many, {half}"), trips);
        let same = mean(trips.iter().map(|t| f64::from(u8::from(t.nearest_is_quickest))));
        println!("\nThe venue nearest as the crow flies is the quickest to reach for {:.0} %.", 100.0 * same);
        print_errors(&format!("Pairs up to 30 min, {half}"), pairs);
    }
    print_apart(&isere, &test_trips);
    print_beyond("fit", &isere, &fit);
    print_beyond("test", &isere, &test);

    println!(
        "\n{}",
        if holds {
            "The shipped curve is the one fitted."
        } else {
            "THE SHIPPED CURVE IS NOT THE ONE FITTED."
        }
    );
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the house answers.
fn shipped(km: f64) -> f64 {
    crow_fly::travel_time(Mode::Car, Meters(km * 1000.0)).minutes()
}

/// A curve of the form fitted.
struct Curve {
    scale: f64,
    exponent: f64,
    loss: f64,
}

impl Curve {
    fn minutes(&self, km: f64) -> f64 {
        self.scale * (km + LEG_KM).powf(self.exponent)
    }

    /// The smallest loss over b = 1.00…5.00 and c = 0.50…1.00, by steps of 0.01.
    fn fitted_on(trips: &[Trip]) -> Self {
        let mut best = Self { scale: f64::NAN, exponent: f64::NAN, loss: f64::INFINITY };
        for exponent in (50..=100).map(|c| f64::from(c) / 100.0) {
            let residuals: Vec<f64> =
                trips.iter().map(|t| exponent * (t.km + LEG_KM).ln() - t.minutes.ln()).collect();
            for scale in (100..=500).map(|b| f64::from(b) / 100.0) {
                let loss = mean(residuals.iter().map(|r| (r + scale.ln()).abs()));
                if loss < best.loss {
                    best = Self { scale, exponent, loss };
                }
            }
        }
        best
    }
}

/// Mean |ln estimated − ln true|: an error of as many per cent weighs the same near and far.
fn loss(trips: &[Trip], estimate: impl Fn(f64) -> f64) -> f64 {
    mean(trips.iter().map(|t| (estimate(t.km).ln() - t.minutes.ln()).abs()))
}

fn relative_errors(trips: &[Trip], estimate: impl Fn(f64) -> f64) -> Vec<f64> {
    trips.iter().map(|t| estimate(t.km) / t.minutes - 1.0).collect()
}

fn trips(worlds: &[World]) -> Vec<Trip> {
    worlds.iter().flat_map(|world| world.trips.iter().copied()).collect()
}

fn short(pairs: Vec<Trip>) -> Vec<Trip> {
    pairs.into_iter().filter(|t| t.minutes <= LONGEST_PAIR).collect()
}

fn print_errors(title: &str, trips: &[Trip]) {
    println!("\n## {title}\n");
    println!("| km | n | median true | median estimated | median error | median bias | mean error |");
    println!("|---|---|---|---|---|---|---|");
    let classes = CLASSES.windows(2).map(|w| (w[0]..w[1], format!("{}–{}", w[0], w[1])));
    for (class, name) in classes.chain([(0.0..f64::INFINITY, "all".to_owned())]) {
        let of_class: Vec<&Trip> = trips.iter().filter(|t| class.contains(&t.km)).collect();
        let relative = || of_class.iter().map(|t| shipped(t.km) / t.minutes - 1.0);
        println!(
            "| {name} | {} | {:.1} min | {:.1} min | {:.1} % | {:+.1} % | {:.2} min |",
            of_class.len(),
            median(of_class.iter().map(|t| t.minutes)),
            median(of_class.iter().map(|t| shipped(t.km))),
            100.0 * median(relative().map(f64::abs)),
            100.0 * median(relative()),
            mean(of_class.iter().map(|t| (shipped(t.km) - t.minutes).abs())),
        );
    }
}

/// Where roads differ from elsewhere: they wind in the mountains, and are slow in a city.
fn print_apart(isere: &Isere, trips: &[Trip]) {
    println!("\n## Mountains (east of 5.75°, south of 45.4°) and cities apart, nearest of many, test\n");
    println!("| origin | n | median error | median bias |\n|---|---|---|---|");
    let mountain = |c: &Commune| c.at.lon() > 5.75 && c.at.lat() < 45.4;
    let city = |c: &Commune| c.population.0 > 20_000;
    for (name, there) in [
        ("mountains", &mountain as &dyn Fn(&Commune) -> bool),
        ("not mountains", &|c| !mountain(c)),
        ("communes over 20,000 inhabitants", &city),
    ] {
        let chosen = trips.iter().filter(|t| there(&isere.communes[t.origin]));
        let errors: Vec<f64> = chosen.map(|t| shipped(t.km) / t.minutes - 1.0).collect();
        println!(
            "| {name} | {} | {:.1} % | {:+.1} % |",
            errors.len(),
            100.0 * median(errors.iter().copied().map(f64::abs)),
            100.0 * median(errors.iter().copied()),
        );
    }
}

/// Share of the people farther than some minutes, those of a commune with a venue being within; the
/// mean over the worlds of a density.
fn print_beyond(half: &str, isere: &Isere, worlds: &[World]) {
    println!("\n## People beyond T, {half} half\n");
    println!("| venues in one commune of | T | true | estimated | estimated − true | mean gap of a world |");
    println!("|---|---|---|---|---|---|");
    let people = |i: usize| f64::from(isere.communes[i].population.0);
    for one_in in [2, 5, 10] {
        for longest in [10.0, 15.0, 20.0, 30.0] {
            let shares: Vec<(f64, f64)> = worlds
                .iter()
                .filter(|world| world.one_in == one_in)
                .map(|world| {
                    let all: f64 = world
                        .trips
                        .iter()
                        .map(|t| t.origin)
                        .chain(world.venues.iter().copied())
                        .map(people)
                        .sum();
                    let beyond = |minutes: fn(&Trip) -> f64| -> f64 {
                        let far = world.trips.iter().filter(|&t| minutes(t) > longest);
                        100.0 * far.map(|t| people(t.origin)).sum::<f64>() / all
                    };
                    (beyond(|t| t.minutes), beyond(|t| shipped(t.km)))
                })
                .collect();
            let (real, estimated) = (mean(shares.iter().map(|s| s.0)), mean(shares.iter().map(|s| s.1)));
            println!(
                "| {one_in} | {longest} min | {real:.1} % | {estimated:.1} % | {:+.1} pt | {:.1} pt |",
                estimated - real,
                mean(shares.iter().map(|(real, estimated)| (estimated - real).abs())),
            );
        }
    }
}
