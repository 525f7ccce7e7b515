//! People of the 2021 census by cell, from the European grid of 1 km squares.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use territory::Cell;

use crate::{Read, gunzip, laea};

/// A square is cut in this many parts a side.
const PARTS: u32 = 10;

/// Side of a square, metres.
const SIDE: f64 = 1000.0;

#[derive(Deserialize)]
struct Square {
    x: f64,
    y: f64,
    #[serde(rename = "T")]
    people: f64,
}

/// The people of each of the cells asked for: those of a square are spread evenly over its area, a
/// hundredth to the cell that holds the middle of each of its hundred parts.
pub fn people(data: &Path, cells: impl IntoIterator<Item = Cell>) -> Read<BTreeMap<Cell, f64>> {
    let mut people: BTreeMap<Cell, f64> = cells.into_iter().map(|cell| (cell, 0.0)).collect();
    let near: Vec<_> = people.keys().map(|cell| cell.centre()).collect();
    let bounds = |value: &dyn Fn(usize) -> f64| {
        let values = || (0..near.len()).map(value);
        // A square reaches less than 0.05° from its middle.
        values().fold(f64::INFINITY, f64::min) - 0.05..values().fold(f64::NEG_INFINITY, f64::max) + 0.05
    };
    let (lons, lats) = (bounds(&|i| near[i].lon()), bounds(&|i| near[i].lat()));

    let part = |i: u32| (f64::from(i) + 0.5) * SIDE / f64::from(PARTS);
    let mut squares = csv::Reader::from_reader(gunzip(&data.join("population/census-grid-1km-2021.csv.gz"))?);
    for square in squares.deserialize() {
        let Square { x, y, people: inhabitants } = square?;
        let middle = laea::position(x + SIDE / 2.0, y + SIDE / 2.0)?;
        if inhabitants <= 0.0 || !lons.contains(&middle.lon()) || !lats.contains(&middle.lat()) {
            continue;
        }
        for (i, j) in (0..PARTS).flat_map(|i| (0..PARTS).map(move |j| (i, j))) {
            let cell = Cell::at(laea::position(x + part(i), y + part(j))?);
            if let Some(sum) = people.get_mut(&cell) {
                *sum += inhabitants / f64::from(PARTS * PARTS);
            }
        }
    }
    Ok(people)
}
