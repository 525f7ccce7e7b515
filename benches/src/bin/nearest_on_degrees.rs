//! How often planar longitude and latitude would pick the wrong venue, on the committed sample.
//!
//! `cargo run --release -p maillage-benches --bin nearest_on_degrees`; reads nothing else.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;

use access::nearest::VenueIndex;
use maillage_benches::stats::{mean, median};
use maillage_benches::{region, sample_directory, venues};
use network::crow_fly;
use territory::{Meters, Mode, Position, VenueIdx};

fn main() -> Result<(), Box<dyn Error>> {
    let sample = sample_directory();
    let venues = venues::sample(&sample)?;
    let index = VenueIndex::new(venues.iter().enumerate().map(|(i, &at)| (VenueIdx(i as u32), at)));
    let cells = region::sample_cells(&sample)?;

    // Extra metres and minutes where the venue on degrees is another, farther one.
    let mut extra: Vec<(f64, f64)> = Vec::new();
    for from in cells.iter().map(|cell| cell.centre()) {
        let nearest = index.nearest(from).ok_or("no venue at all")?;
        let nearest = from.distance_to(venues[nearest.0 as usize]);
        let on_degrees = from.distance_to(nearest_on_degrees(from, &venues).ok_or("no venue at all")?);
        // Venues of one address differ by nothing.
        if on_degrees.0 > nearest.0 + 1.0 {
            let minutes = |d: Meters| crow_fly::travel_time(Mode::Car, d).minutes();
            extra.push((on_degrees.0 - nearest.0, minutes(on_degrees) - minutes(nearest)));
        }
    }
    println!("{} venues, {} cells", venues.len(), cells.len());
    println!(
        "on degrees, another venue is picked for {} cells, {:.1} %",
        extra.len(),
        100.0 * extra.len() as f64 / cells.len() as f64
    );
    println!(
        "it is farther by {:.2} km (median; mean {:.2} km, {:.1} min by car)",
        median(extra.iter().map(|e| e.0)) / 1000.0,
        mean(extra.iter().map(|e| e.0)) / 1000.0,
        mean(extra.iter().map(|e| e.1)),
    );
    Ok(())
}

/// The mistake, made on purpose: Pythagoras on degrees.
fn nearest_on_degrees(from: Position, venues: &[Position]) -> Option<Position> {
    let square = |at: &Position| (at.lon() - from.lon()).powi(2) + (at.lat() - from.lat()).powi(2);
    venues.iter().copied().min_by(|a, b| square(a).total_cmp(&square(b)))
}
