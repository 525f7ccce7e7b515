//! How many venues are left of real files once each is there once, why records were merged, how long it
//! takes, and pairs to read.
//!
//! ```sh
//! cargo run --release -p maillage-benches --bin duplicates -- ../shared/data [pairs to print]
//! ```

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use ingest::identity::{Link, REACH, Record, Register, THRESHOLD, Veto, compare, settle};
use ingest::{Kind, Outcome};
use maillage_benches::data_directory;
use maillage_benches::stopwatch::time;
use maillage_benches::venues::records;
use sha2::{Digest, Sha256};
use territory::{SourceRecord, Venue};

const FILES: [&str; 4] = [
    "venues-all-sources.csv.gz",
    "venues-mosaic-2024.csv.gz",
    "lieux-v1-national.csv.gz",
    "lieux-v1-libraries.csv.gz",
];

#[expect(clippy::disallowed_methods, reason = "two arguments; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let n_pairs: usize = std::env::args().nth(2).and_then(|n| n.parse().ok()).unwrap_or(0);
    for file in FILES {
        let records = records(&data_directory().join("venues").join(file))?;
        println!("# {file}: {} rows on Earth", records.len());
        let (settled, took) = time(|| settle(records.clone(), &Register::default()));
        let several = settled.venues.iter().filter(|venue| venue.records.len() > 1).count();
        println!("{} venues, {several} of several records; {:.2} s", settled.venues.len(), took.seconds);
        println!("{} pairs merged, {} doubtful", settled.merges.len(), settled.doubts.len());
        let mut findings: BTreeMap<(Outcome, Kind, &str), usize> = BTreeMap::new();
        for finding in &settled.findings {
            *findings.entry((finding.outcome, finding.kind, &finding.reason)).or_default() += 1;
        }
        for ((outcome, kind, reason), n) in findings {
            println!("{n:7}  {outcome:?} {}: {reason}", kind.slug());
        }
        let again = settle(records.clone(), &settled.identities.iter().cloned().collect());
        println!(
            "settled again with its register: {}",
            if again.venues == settled.venues { "the same" } else { "OTHERS" }
        );
        read_pairs(&records, &settled.merges, &settled.doubts, n_pairs);
        if n_pairs > 0 {
            forbidden(&records, n_pairs);
        }
    }
    Ok(())
}

/// Prints pairs for a person to read: those merged with the lowest scores, the doubtful just below, and
/// others by chance (the order of their hash).
fn read_pairs(records: &[Record], merges: &[Link], doubts: &[Link], n: usize) {
    let venues: BTreeMap<(&str, &str), &Venue> = records
        .iter()
        .map(|r| ((r.venue.producer.as_deref().unwrap_or_default(), r.venue.id.as_str()), &r.venue))
        .collect();
    let by_chance = |links: &[Link]| {
        let mut drawn: Vec<Link> = links.to_vec();
        drawn.sort_by_cached_key(hash);
        drawn
    };
    let mut chance = by_chance(merges);
    // Copies of one row teach nothing.
    chance.retain(|link| link.likeness.score < 0.97);
    let lowest = merges.iter().rev().cloned().collect();
    let mut seen = BTreeSet::new();
    for (title, links) in
        [("lowest merged", lowest), ("doubtful", by_chance(doubts)), ("merged by chance", chance)]
    {
        println!("## {title}");
        for link in links.into_iter().take(n).filter(|link| seen.insert(hash(link))) {
            let both = [&link.a, &link.b];
            let both = both.map(|record| venues.get(&(record.producer.as_str(), raw_id(record))).copied());
            print_pair(&link, &both.into_iter().flatten().collect::<Vec<_>>());
        }
    }
}

/// Prints how many pairs at the threshold or above each veto keeps apart, and some of them.
fn forbidden(records: &[Record], n: usize) {
    let mut venues: Vec<Venue> = records.iter().map(|record| record.venue.clone()).collect();
    for venue in &mut venues {
        let producer = venue.producer.clone().unwrap_or_default();
        venue.records = vec![SourceRecord { producer, id: venue.id.clone() }];
    }
    venues.sort_by(|a, b| a.position.lat().total_cmp(&b.position.lat()));
    let near = |a: &Venue, b: &Venue| a.position.distance_to(b.position).0 <= REACH.0;
    // A little more than the reach, in degrees of latitude.
    let abreast = |a: &Venue, b: &Venue| b.position.lat() - a.position.lat() < REACH.0 / 111_000.0;
    let mut apart: Vec<(Veto, Link, [&Venue; 2])> = Vec::new();
    for (i, a) in venues.iter().enumerate() {
        for b in venues[i + 1..].iter().take_while(|b| abreast(a, b)).filter(|b| near(a, b)) {
            let (likeness, veto) = compare(a, b);
            if let Some(veto) = veto.filter(|_| likeness.score >= THRESHOLD) {
                let [a, b] = if a.records < b.records { [a, b] } else { [b, a] };
                let link = Link { a: a.records[0].clone(), b: b.records[0].clone(), likeness };
                apart.push((veto, link, [a, b]));
            }
        }
    }
    apart.sort_by_key(|(veto, link, _)| (*veto, hash(link)));
    for pairs in apart.chunk_by(|a, b| a.0 == b.0) {
        println!("## forbidden: {:?}, {} pairs", pairs[0].0, pairs.len());
        for (_, link, venues) in pairs.iter().take(n) {
            print_pair(link, venues);
        }
    }
}

fn print_pair(link: &Link, venues: &[&Venue]) {
    let l = &link.likeness;
    println!("{} {:.3} {:.0} m: {l}", hash(link), l.score, l.metres.0);
    for venue in venues {
        let (producer, address) = (venue.producer.as_deref(), venue.address.as_deref());
        let [producer, address] = [producer, address].map(|text| text.unwrap_or("-"));
        println!("    {producer:22} | {} | {address} | {}", venue.name, venue.commune_name);
    }
}

/// The first sixteen hexadecimal digits of the SHA-256 of a pair, as `crates/ingest/tests/pairs.csv` names it.
fn hash(link: &Link) -> String {
    let text = |record: &SourceRecord| format!("{},{}", record.producer, raw_id(record));
    let digest = Sha256::digest(format!("{}|{}", text(&link.a), text(&link.b)));
    let first = digest.iter().take(8).fold(0, |first: u64, byte| (first << 8) | u64::from(*byte));
    format!("{first:016x}")
}

/// The identifier as published, without the name that tells it from others.
fn raw_id(record: &SourceRecord) -> &str {
    record.id.split('#').next().unwrap_or_default()
}
