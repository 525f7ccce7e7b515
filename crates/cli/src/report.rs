//! All that is printed. What a person asked for goes to the standard output, the rest to the error output.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the one place that prints")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use atlas::verify::Proved;
use atlas::{Spread, Tables};
use ingest::doctor::{Examination, Sensitivity};
use ingest::fetch::{Came, FetchError, Fetched, Item};
use ingest::{Absent, Kind, Refusal};

use crate::failure::Failure;

/// Examples shown of each kind of finding; the file has all.
const EXAMPLES: usize = 3;

pub(crate) fn failure(failure: &Failure) {
    eprintln!("maillage: {failure}");
}

pub(crate) fn step(name: &str, took: Duration) {
    eprintln!("  {name}: {:.2} s", took.as_secs_f64());
}

/// An archive of tiles that is there.
pub(crate) fn archived(written: &atlas::export::Written, took: Duration) {
    let atlas::export::Written { tiles, contents, bytes } = written;
    let megabytes = *bytes as f64 / 1e6;
    eprintln!("  {tiles} tiles, {contents} of them distinct, {megabytes:.1} MB: {:.2} s", took.as_secs_f64());
}

/// A site that is there.
pub(crate) fn site(folder: &Path, site: &atlas::export::Site, took: Duration) {
    let atlas::export::Site { tiles, answers, files, bytes } = site;
    eprintln!(
        "{}: {files} files, {:.1} MB; {} tiles, answers for {answers} territories and the whole, in {:.1} s",
        folder.display(),
        *bytes as f64 / 1e6,
        tiles.tiles,
        took.as_secs_f64()
    );
}

pub(crate) fn serving(name: &str, address: SocketAddr) {
    println!("{name}: http://{address}");
}

/// A file that is there, with what pins it in a configuration.
pub(crate) fn fetched(item: &Item, fetched: &Fetched) {
    let came = match fetched.came {
        Came::AlreadyThere if item.sha256.is_some() => "already here".to_owned(),
        Came::AlreadyThere => "already here, no sha256 is declared: --again downloads it anew".to_owned(),
        Came::Whole => "downloaded".to_owned(),
        Came::After(bytes) => format!("downloaded after the {bytes} bytes of an earlier try"),
    };
    let Fetched { bytes, sha256, .. } = fetched;
    println!("{}: {}, {bytes} bytes, sha256 = \"{sha256}\" ({came})", item.name, item.path.display());
}

pub(crate) fn not_fetched(name: &str, error: &FetchError) {
    eprintln!("maillage: {name}: {error}");
}

pub(crate) fn trying_again(name: &str, reason: &str, after: Duration) {
    eprintln!("  {name}: {reason}; trying again in {:.0} s", after.as_secs_f64());
}

pub(crate) fn nothing_to_fetch(config: &Path) {
    eprintln!("{}: none of its tables gives a `url`, there is nothing to download", config.display());
}

/// What `verify` proved, a line each.
pub(crate) fn proved(proved: &Proved) {
    match proved {
        Proved::Checksums { files, network_bytes } => {
            println!("checksums: {files} files as written, {:.1} MB of roads", *network_bytes as f64 / 1e6);
        }
        Proved::People { communes, placed, unplaced } => {
            println!(
                "people: {placed} in their places, as the law counts them in {communes} communes; {unplaced} not placed"
            );
        }
        Proved::Roads { mode, arcs, reached, unreached, homes, venues } => println!(
            "{}: the nearest of {venues} venues is the nearest for {reached} nodes, none of {arcs} arcs is a short cut; \
             {unreached} nodes reach none; {homes} homes tied",
            mode.slug()
        ),
    }
}

/// What was built, and what was refused, repaired or kept with a doubt.
pub(crate) fn built(tables: &Tables, absent: &[Absent], refusals: &[Refusal], took: Duration) {
    let gazetteer = &tables.gazetteer;
    let placed: u64 = tables.grid.places().iter().map(|place| u64::from(place.population.0)).sum();
    eprintln!(
        "{}: {} communes, {} inhabitants in {} places, {} venues, in {:.1} s",
        tables.name,
        gazetteer.communes().len(),
        placed,
        tables.grid.len(),
        tables.venues.len(),
        took.as_secs_f64(),
    );
    for &idx in &tables.unplaced {
        let commune = gazetteer.commune(idx);
        eprintln!(
            "  not placed: {} {}, {} inhabitants: no shape, no host, no town hall",
            commune.code, commune.name, commune.population.0
        );
    }
    if let Spread::Counted { modelled } = &tables.spread
        && !modelled.is_empty()
    {
        let people: u64 = modelled.iter().map(|&idx| u64::from(gazetteer.commune(idx).population.0)).sum();
        eprintln!(
            "  modelled: the spread of {people} inhabitants in {} communes where the population grid counts nobody",
            modelled.len()
        );
    }
    for absent in absent {
        eprintln!(
            "  absent: {}",
            match absent {
                Absent::Roads => "roads (times are estimated)",
                Absent::PopulationGrid => "population grid (the spread is modelled)",
                Absent::SocialClasses => "fragility classes (need is people alone)",
                Absent::TownHalls => "town halls (people are spread around the middle of their commune)",
            }
        );
    }
    let mut kinds: BTreeMap<(&str, &str), Vec<&Refusal>> = BTreeMap::new();
    for refusal in refusals {
        kinds.entry((refusal.outcome.slug(), &refusal.reason)).or_default().push(refusal);
    }
    for ((outcome, reason), rows) in kinds {
        eprintln!("  {outcome}: {} × {reason}", rows.len());
        for row in rows.iter().take(EXAMPLES) {
            let line = row.line.map(|line| format!(":{line}")).unwrap_or_default();
            let column = row.column.as_deref().unwrap_or_default();
            eprintln!("      {}{line} {column} {:?}", row.source, row.value);
        }
    }
}

/// The summary of an examination.
pub(crate) fn checked(found: &Examination, sensitivity: Option<&Sensitivity>, out: Option<&Path>) {
    println!(
        "{}: {} rows, {} venues; {} rows repaired, {} refused, {} merged; {} valid by the national schema",
        found.files.join(", "),
        found.rows,
        found.venues.len(),
        found.repaired,
        found.refused,
        found.merged,
        found.sheet.len(),
    );
    let mut kinds: BTreeMap<Kind, Vec<&Refusal>> = BTreeMap::new();
    for finding in &found.findings {
        kinds.entry(finding.kind).or_default().push(finding);
    }
    for (kind, rows) in kinds {
        println!("  {}: {}", kind.slug(), rows.len());
        for row in rows.iter().take(EXAMPLES) {
            let line = row.line.map(|line| format!(":{line}")).unwrap_or_default();
            let repair = row.repair.as_ref().map(|repair| format!(" → {repair:?}")).unwrap_or_default();
            let column = row.column.as_deref().unwrap_or_default();
            println!("      {}{line} {column} {:?}{repair}: {}", row.source, row.value, row.reason);
        }
    }
    if let Some(Sensitivity { territory, promise, variants }) = sensitivity {
        println!("  {territory}, {promise}:");
        for variant in variants {
            println!(
                "      {}: {} ({:.1} %), {} venues",
                variant.label,
                variant.beyond,
                variant.share * 100.0,
                variant.venues
            );
        }
    }
    if let Some(folder) = out {
        println!(
            "  written: report.html, findings.csv, repaired.csv and refused.csv in {}",
            folder.display()
        );
    }
}
