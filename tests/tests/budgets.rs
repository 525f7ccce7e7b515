//! What the tiles of the sample weigh: gzip at level 6, each layer alone and what a map asks for together.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::f64::consts::PI;
use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use maillage_tests::Server;

/// West, south, east, north of a box around Auvergne-Rhône-Alpes.
const REGION: [f64; 4] = [2.0, 44.1, 7.2, 46.85];

/// No tile of any zoom is heavier, bytes.
const WORST: usize = 300_000;

/// From [`DEEP`] on, nineteen tiles of twenty are not heavier, bytes.
const P95: usize = 60_000;

const DEEP: u8 = 9;

/// What is over a budget and by how much: an address, a zoom, the worst and the p95 of then, bytes.
///
/// Cells of 0.7 km² are drawn from zoom 9 on: 4,700 in a tile, 26 bytes each, of which 8 are its outline, 5 its
/// H3 code, 3 its identifier. The page asks for them from zoom 10. At zoom 7 half the weight of communes is
/// their outlines as published.
const KNOWN: [(&str, u8, usize, usize); 3] = [
    ("cells", 9, 125_000, 122_000),
    ("regions,departements,epcis,communes,cells", 9, 162_000, 157_000),
    ("regions,departements,epcis,communes,cells", 7, 325_000, 325_000),
];

/// Each layer, then what the page asks for together, then all areas.
const ADDRESSES: [&str; 10] = [
    "regions",
    "departements",
    "epcis",
    "communes",
    "cells",
    "zones",
    "venues",
    "labels",
    "regions,departements,epcis,communes",
    "regions,departements,epcis,communes,cells",
];

/// The tiles of a zoom over the region; one of so many where they are thousands.
fn tiles(z: u8) -> Vec<String> {
    let [west, south, east, north] = REGION;
    let side = f64::from(1_u32 << z);
    let x = |lon: f64| ((lon + 180.0) / 360.0 * side) as u32;
    let y = |lat: f64| ((1.0 - lat.to_radians().tan().asinh() / PI) / 2.0 * side) as u32;
    let columns = x(west)..=x(east);
    let all = columns.flat_map(|column| (y(north)..=y(south)).map(move |row| format!("{z}/{column}/{row}")));
    let every = match z {
        0..=10 => 1,
        11 => 7,
        _ => 29,
    };
    all.step_by(every).collect()
}

fn weight(body: &[u8]) -> usize {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(body).expect("memory");
    gzip.finish().expect("memory").len()
}

/// The weights of the tiles of a zoom that hold something, sorted.
fn weights(server: &Server, address: &str, z: u8) -> Vec<usize> {
    let weigh = |tile: String| {
        let answer = server.get(&format!("/tiles/{address}/{tile}"));
        match answer.status {
            200 => Some(weight(&answer.body)),
            204 => None,
            other => panic!("{address}/{tile}: {other}"),
        }
    };
    let mut weights: Vec<usize> = tiles(z).into_iter().filter_map(weigh).collect();
    weights.sort_unstable();
    weights
}

#[test]
fn no_tile_of_the_sample_is_over_its_budget() {
    let server = Server::of_the_sample();
    let (mut report, mut over) = (String::new(), Vec::new());
    for address in ADDRESSES {
        let _ = write!(report, "\n{address:42}");
        for z in 0..=12 {
            let weights = weights(&server, address, z);
            let Some(&worst) = weights.last() else {
                report.push_str("       –");
                continue;
            };
            let p95 = weights[(weights.len() * 95).div_ceil(100) - 1];
            let _ = write!(report, " {:>3}/{:<3}", worst.div_ceil(1000), p95.div_ceil(1000));
            let known = KNOWN.iter().find(|known| (known.0, known.1) == (address, z));
            let (most, most_p95) = known.map_or((WORST, P95), |&(_, _, worst, p95)| (worst, p95));
            if worst > most || z >= DEEP && p95 > most_p95 {
                over.push(format!("{address} zoom {z}: worst {worst}, p95 {p95}"));
            }
        }
    }
    println!("kB, worst/p95 of each zoom from 0 to 12{report}");
    assert!(over.is_empty(), "{over:#?}\nkB, worst/p95 of each zoom from 0 to 12{report}");
}
