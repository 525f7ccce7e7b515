//! All that is printed. What a person asked for goes to the standard output, the rest to the error output.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the one place that prints")]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use atlas::Tables;
use ingest::{Absent, Outcome, Refusal};

use crate::failure::Failure;

/// Examples shown of each kind of finding; the file has all.
const EXAMPLES: usize = 3;

pub(crate) fn failure(failure: &Failure) {
    eprintln!("maillage: {failure}");
}

pub(crate) fn step(name: &str, took: Duration) {
    eprintln!("  {name}: {:.2} s", took.as_secs_f64());
}

pub(crate) fn serving(name: &str, address: SocketAddr) {
    println!("{name}: http://{address}");
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
        kinds.entry((outcome(refusal.outcome), &refusal.reason)).or_default().push(refusal);
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

/// The word for an outcome, in lists.
pub(crate) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Refused => "refused",
        Outcome::Repaired => "repaired",
        Outcome::Kept => "kept",
    }
}
