//! One venue, several records: our own identifiers, duplicates by metres, names and addresses, and the log
//! of what was merged.
//!
//! [`settle`] takes the records of all files and gives the venues they are about. What makes two records
//! one venue is in [`Likeness`] and [`Veto`]; the formula, its figures on real files and what it misses are
//! in `docs/method.md`, «One venue, several records».
//!
//! A [`Register`] carries identifiers from one build to the next: a record has the same one for ever, and a
//! venue keeps its own whatever is merged into it, parted from it or read in another order.

mod clusters;
mod kinds;
mod likeness;
mod merge;
mod namesakes;
mod portrait;
mod register;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use territory::{SourceRecord, Venue};

use crate::refusal::{Findings, Kind, Outcome, Reason, Refusal};
use clusters::{Pair, cluster};
pub use likeness::{DOUBTFUL, Likeness, REACH, THRESHOLD, Veto};
use portrait::Portrait;
pub use register::{Identity, Merged, Register};

/// A venue as a file gives it, and where it is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// The venue; of one that has no [`Venue::records`] yet, its producer and identifier are the record.
    pub venue: Venue,
    /// The name of the file.
    pub file: String,
    /// Its line or rank in it, 0 when there is none.
    pub line: u64,
}

/// Venues told apart.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settled {
    /// The venues, sorted by our identifier.
    pub venues: Vec<Venue>,
    /// Each record read or registered, sorted by producer and identifier: the register of the next build.
    pub identities: Vec<Identity>,
    /// The pairs that made records one venue.
    pub merges: Vec<Link>,
    /// Pairs that a person should look at: nearly one venue, or one had a third record not forbidden it.
    pub doubts: Vec<Link>,
    /// All of that, row by row.
    pub findings: Vec<Refusal>,
}

/// Two records and how alike they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The one, the first by producer and identifier.
    pub a: SourceRecord,
    /// The other.
    pub b: SourceRecord,
    /// How alike they are.
    pub likeness: Likeness,
}

/// Compares two venues as [`settle`] does: how alike they are, and what forbids to take them for one.
pub fn compare(a: &Venue, b: &Venue) -> (Likeness, Option<Veto>) {
    let (a, b) = (Portrait::of(a), Portrait::of(b));
    let likeness = likeness::measure(&a, &b);
    (likeness, likeness::veto(&a, &b, &likeness))
}

/// The venues of all records, each once.
pub fn settle(records: Vec<Record>, register: &Register) -> Settled {
    let mut findings = Vec::new();
    let records = namesakes::settle(records, &mut findings);
    let portraits: Vec<Portrait> = records.par_iter().map(|record| Portrait::of(&record.venue)).collect();
    let clusters = cluster(&portraits);

    let groups: Vec<Vec<SourceRecord>> = clusters
        .members
        .iter()
        .map(|members| members.iter().flat_map(|&i| records[i].venue.records.iter().cloned()).collect())
        .collect();
    let keys: BTreeSet<SourceRecord> = groups.iter().flatten().cloned().collect();
    let own = register.own_ids(&keys);
    let ids = register.venue_ids(&groups, &own);

    let best = best_links(&clusters.links);
    let mut identities: Vec<Identity> = register.absent(&keys).cloned().collect();
    let mut venue_of = vec![0; records.len()];
    for (group, (members, id)) in clusters.members.iter().zip(&ids).enumerate() {
        for &i in members {
            venue_of[i] = group;
            let link = best.get(&i).copied();
            identities.extend(
                records[i].venue.records.iter().filter_map(|record| identity(record, &own, id, link)),
            );
            let joins = own.get(&records[i].venue.records[0]) != Some(id);
            if let Some(pair) = link.filter(|_| joins) {
                let why = Kind::Duplicate.because(format!("another record of one venue: {}", pair.likeness));
                findings.push(finding(
                    &records[i],
                    Outcome::Repaired,
                    "nom",
                    &records[i].venue.name,
                    why.with_repair(id),
                ));
            }
        }
    }
    identities.sort_by(|x, y| x.record.cmp(&y.record));
    for pair in &clusters.doubts {
        let why = if pair.likeness.score >= THRESHOLD {
            "one venue with another row, had a third not forbidden it"
        } else {
            "perhaps one venue with another row"
        };
        let why =
            Kind::Duplicate.because(format!("{why}: {}", pair.likeness)).with_repair(&ids[venue_of[pair.a]]);
        findings.push(finding(&records[pair.b], Outcome::Kept, "nom", &records[pair.b].venue.name, why));
    }
    findings.sort_by(|x, y| (&x.source, x.line).cmp(&(&y.source, y.line)));

    let key = |i: usize| records[i].venue.records[0].clone();
    let link = |pair: &Pair| Link { a: key(pair.a), b: key(pair.b), likeness: pair.likeness };
    let (merges, doubts) =
        (clusters.links.iter().map(link).collect(), clusters.doubts.iter().map(link).collect());
    let mut records: Vec<Option<Venue>> = records.into_iter().map(|record| Some(record.venue)).collect();
    let mut venues: Vec<Venue> = clusters
        .members
        .iter()
        .zip(ids)
        .filter_map(|(members, id)| {
            let whole = merge::merge(members.iter().filter_map(|&i| records[i].take()).collect())?;
            Some(Venue { id, ..whole })
        })
        .collect();
    venues.sort_by(|a, b| a.id.cmp(&b.id));
    Settled { venues, identities, merges, doubts, findings }
}

/// The pair each record is most alike by, of those that put records together.
fn best_links(links: &[Pair]) -> BTreeMap<usize, &Pair> {
    let mut best = BTreeMap::new();
    for pair in links {
        // By decreasing score: the first is the best.
        best.entry(pair.a).or_insert(pair);
        best.entry(pair.b).or_insert(pair);
    }
    best
}

fn identity(
    record: &SourceRecord,
    own: &BTreeMap<SourceRecord, String>,
    venue: &str,
    link: Option<&Pair>,
) -> Option<Identity> {
    let id = own.get(record)?.clone();
    let merged = (id != venue).then(|| Merged {
        into: venue.to_owned(),
        metres: link.map(|pair| (pair.likeness.metres.0 * 10.0).round() / 10.0),
        score: link.map(|pair| pair.likeness.score),
        reason: link.map_or_else(|| "as registered".to_owned(), |pair| pair.likeness.to_string()),
    });
    Some(Identity { id, record: record.clone(), merged })
}

/// A finding on the row of a record.
fn finding(record: &Record, outcome: Outcome, column: &str, value: &str, why: Reason) -> Refusal {
    Findings::of(&record.file).one(outcome, record.line, column, value, why)
}

#[cfg(test)]
mod tests;
