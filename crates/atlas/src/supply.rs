//! What help is open when, and how much of it there is for how many.

use serde::Serialize;

/// The promise of an inquiry at each hour of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Week {
    /// People with an open venue within the promise: by day, Monday first, then by hour from 0 to 23, at
    /// the hour.
    pub within: [[u32; 24]; 7],
    /// People counted.
    pub population: u32,
    /// Venues of the perimeter that fit otherwise, whose hours are unknown.
    pub hours_unknown: u32,
}

/// Potential access («accessibilité potentielle localisée»).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AplAnswer {
    /// Weekly hours of help for 1 000 people, population-weighted mean.
    pub mean: f64,
    /// Its first decile.
    pub p10: f64,
    /// Its median.
    pub median: f64,
    /// Its ninth decile.
    pub p90: f64,
    /// The name of the preset by which distance weighs.
    pub decay: String,
    /// What is counted as supply: `weekly-hours`.
    pub supply: String,
    /// Venues whose supply was imputed.
    pub imputed: u32,
    /// Venues counted.
    pub venues: u32,
}
