//! Points that many rows of a file share: where a geocoder falls back.

use std::collections::{BTreeMap, BTreeSet};

use territory::CommuneCode;
use territory::slug::slug;

use super::reading::Reading;

/// From so many communes at one point, it is none of theirs.
const MANY_COMMUNES: usize = 3;

/// From so many addresses at one point of one commune, it is the middle of the commune.
const MANY_ADDRESSES: usize = 5;

/// Steps in a degree: points to 1e-6°, a tenth of a metre, are the same.
const STEPS: f64 = 1e6;

/// What geocoders are known to answer when they find nothing, longitude then latitude: the point met on
/// rows of all France in a national list of 2022 (`domain.md` §1.6).
const DEFAULTS: [[f64; 2]; 1] = [[4.691, 44.9687]];

/// How far around a known default, in degrees: it is known to four decimals.
const AROUND: f64 = 1e-4;

/// What a point is suspected of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suspicion {
    /// Of being where nothing is: rows of three communes or more are there, or a geocoder is known for it.
    Nowhere,
    /// Of standing for the whole of its commune: rows of five addresses or more are there.
    Middle,
}

/// The points of a file and what names them.
#[derive(Debug, Default)]
pub(crate) struct Crowd(BTreeMap<(i64, i64), Spot>);

#[derive(Debug, Default)]
struct Spot {
    communes: BTreeSet<CommuneCode>,
    addresses: BTreeSet<String>,
}

impl Crowd {
    pub(super) fn add(&mut self, reading: Reading, commune: Option<CommuneCode>, address: &str) {
        let spot = self.0.entry(key(reading)).or_default();
        spot.communes.extend(commune);
        let address = slug(address);
        if !address.is_empty() && spot.addresses.len() < MANY_ADDRESSES {
            spot.addresses.insert(address);
        }
    }

    pub(super) fn suspicion(&self, reading: Reading) -> Option<Suspicion> {
        let near =
            |[lon, lat]: [f64; 2]| (reading.x - lon).abs() < AROUND && (reading.y - lat).abs() < AROUND;
        if DEFAULTS.into_iter().any(near) {
            return Some(Suspicion::Nowhere);
        }
        let spot = self.0.get(&key(reading))?;
        if spot.communes.len() >= MANY_COMMUNES {
            Some(Suspicion::Nowhere)
        } else {
            (spot.addresses.len() >= MANY_ADDRESSES).then_some(Suspicion::Middle)
        }
    }
}

fn key(reading: Reading) -> (i64, i64) {
    let step = |number: f64| (number * STEPS).round() as i64;
    (step(reading.x), step(reading.y))
}
