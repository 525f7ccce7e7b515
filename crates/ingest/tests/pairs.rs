//! What identity does of 100 pairs of real records that were read by hand, and of the files they are from.
//!
//! `pairs.csv` holds the pairs without any data: the first sixteen hexadecimal digits of the SHA-256 of
//! `producer,id|producer,id` (sorted), which list it was drawn from, `same` or `apart` as a reader would
//! have it, and why in general words. It was drawn after the last change to the score, by
//! `benches/src/bin/duplicates.rs`; nothing was changed since.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests, outside `#[test]` functions"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ingest::identity::{Record, Register, Settled, settle};
use sha2::{Digest, Sha256};
use territory::slug::slug;
use territory::vocabulary::{Itinerance, Term, Typology};
use territory::{Position, SourceRecord, Venue};

/// A file of the shared data, which is never committed: where it is absent the test prints why and is
/// skipped, but in CI a skip fails.
#[expect(clippy::disallowed_methods, reason = "tests alone may ask whether they run in CI")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    assert!(std::env::var("CI").is_err(), "in CI nothing is skipped: {} is absent", path.display());
    None
}

/// The rows that are somewhere on Earth, as far as identity looks at them.
fn records(table: &Path) -> Vec<Record> {
    let file = std::fs::File::open(table).expect("a file");
    let mut rows = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(file));
    let rows = rows.deserialize::<BTreeMap<String, String>>().map(|row| row.expect("a row"));
    rows.zip(2..)
        .filter_map(|(row, line)| {
            let text = |column: &str| row.get(column).map_or("", |text| text.trim());
            let degrees = |column: &str| text(column).parse::<f64>().ok();
            let position = Position::from_lon_lat(degrees("longitude")?, degrees("latitude")?).ok()?;
            let mut venue = Venue::new(text("id"), text("nom"), position);
            venue.producer = Some(text("source").to_owned());
            venue.address = Some(text("adresse").to_owned()).filter(|address| !address.is_empty());
            text("commune").clone_into(&mut venue.commune_name);
            venue.commune = text("code_insee").parse().ok();
            venue.updated = text("date_maj").parse().ok();
            let list = |column: &str| text(column).split(['|', ';']).map(str::trim);
            venue.typologies = list("typologie").filter_map(Typology::from_label).collect();
            venue.itinerance = list("itinerance").filter_map(Itinerance::from_label).collect();
            Some(Record { venue, file: "table".to_owned(), line })
        })
        .collect()
}

/// The rank of the venue each record is part of.
fn homes(settled: &Settled) -> BTreeMap<&SourceRecord, usize> {
    let ranked = settled.venues.iter().enumerate();
    ranked.flat_map(|(i, venue)| venue.records.iter().map(move |record| (record, i))).collect()
}

/// Of each pair of records within reach of one another, by its hash, whether they are one venue.
fn pairs(records: &[Record], settled: &Settled) -> BTreeMap<String, bool> {
    let homes = homes(settled);
    let mut rows: Vec<(&Venue, SourceRecord, Option<usize>)> = records
        .iter()
        .map(|Record { venue, .. }| {
            let key =
                SourceRecord { producer: venue.producer.clone().unwrap_or_default(), id: venue.id.clone() };
            let named = SourceRecord { id: format!("{}#{}", key.id, slug(&venue.name)), ..key.clone() };
            let home = homes.get(&key).or_else(|| homes.get(&named)).copied();
            (venue, key, home)
        })
        .collect();
    rows.sort_by(|a, b| a.0.position.lat().total_cmp(&b.0.position.lat()));
    let mut pairs = BTreeMap::new();
    for (i, (a, a_key, a_home)) in rows.iter().enumerate() {
        let abreast = rows[i + 1..].iter().take_while(|(b, ..)| b.position.lat() - a.position.lat() < 0.0024);
        for (_, b_key, b_home) in abreast.filter(|(b, ..)| a.position.distance_to(b.position).0 < 255.0) {
            let (first, second) = if a_key < b_key { (a_key, b_key) } else { (b_key, a_key) };
            let text = format!("{},{}|{},{}", first.producer, first.id, second.producer, second.id);
            let digest = Sha256::digest(text);
            let first = digest.iter().take(8).fold(0, |first: u64, byte| (first << 8) | u64::from(*byte));
            pairs.insert(format!("{first:016x}"), a_home.is_some() && a_home == b_home);
        }
    }
    pairs
}

#[test]
fn no_pair_is_merged_that_a_reader_keeps_apart() {
    let Some(table) = shared("venues/venues-all-sources.csv.gz") else {
        return;
    };
    let records = records(&table);
    let settled = settle(records.clone(), &Register::default());
    let pairs = pairs(&records, &settled);
    let mut counts: BTreeMap<(String, String, bool), usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pairs.csv");
    for row in csv::Reader::from_path(list).expect("the list").records() {
        let row = row.expect("a row");
        let [hash, drawn, verdict] = [0, 1, 2].map(|i| row[i].to_owned());
        let merged = *pairs.get(&hash).unwrap_or_else(|| panic!("{hash} is no pair of the file"));
        assert!(verdict == "same" || verdict == "apart", "{verdict}");
        assert!(verdict == "same" || !merged, "{hash} is merged, a reader keeps it apart: {}", &row[3]);
        assert!(seen.insert(hash), "{} is listed twice", &row[0]);
        *counts.entry((drawn, verdict, merged)).or_default() += 1;
    }
    println!("{counts:#?}");
    assert_eq!(seen.len(), 100);
    let merged = counts.iter().filter(|((.., merged), _)| *merged).map(|(_, n)| n).sum::<usize>();
    let same = counts.iter().filter(|((_, verdict, _), _)| verdict == "same").map(|(_, n)| n).sum::<usize>();
    assert_eq!((merged, same), (54, 81), "of the pairs a reader takes for one venue");
}

/// How many venues are left of a file, how many rows it had on Earth.
fn left(name: &str) -> Option<(usize, usize)> {
    let records = records(&shared(name)?);
    let rows = records.len();
    let settled = settle(records, &Register::default());
    let part_of: usize = settled.venues.iter().map(|venue| venue.records.len()).sum();
    assert_eq!(part_of, homes(&settled).len(), "no record is in two venues");
    println!("{name}: {rows} rows, {} venues", settled.venues.len());
    Some((rows, settled.venues.len()))
}

#[test]
fn the_mosaics_hold_as_many_venues_as_the_method_says() {
    for (name, figures) in [
        ("venues/venues-all-sources.csv.gz", (36_276, 28_440)),
        ("venues/venues-mosaic-2024.csv.gz", (15_015, 14_069)),
        ("venues/lieux-v1-national.csv.gz", (13_160, 8_924)),
    ] {
        if let Some(left) = left(name) {
            assert_eq!(left, figures, "{name}");
        }
    }
}
