//! Records of one producer under one identifier: one venue, a venue that moved, or two.

use std::collections::BTreeMap;

use territory::{SourceRecord, slug::slug};

use super::likeness::REACH;
use super::merge::merge;
use super::{Record, finding};
use crate::refusal::{Kind, Outcome, Refusal};

/// Leaves one record by producer and identifier, sorted by them.
///
/// Of the rows under one identifier, those within [`REACH`] of the most recent are the same venue, be it
/// renamed. Farther, of the same name, they are an older state of it, or an error: refused. Farther, of
/// another name, they are another venue: aggregators hand on the identifiers of their own sources, and one
/// real file has 216 given to rows of several regions. All are kept, and the identifier of each record is
/// completed by its name. None of that depends on which row comes first.
pub(super) fn settle(records: Vec<Record>, findings: &mut Vec<Refusal>) -> Vec<Record> {
    let mut by_key: BTreeMap<SourceRecord, Vec<Record>> = BTreeMap::new();
    for mut record in records {
        let venue = &mut record.venue;
        if venue.records.is_empty() {
            let producer = venue.producer.clone().unwrap_or_default();
            venue.records.push(SourceRecord { producer, id: venue.id.clone() });
        }
        venue.records.sort();
        by_key.entry(venue.records[0].clone()).or_default().push(record);
    }
    let mut settled: BTreeMap<SourceRecord, Record> = BTreeMap::new();
    for (key, records) in by_key {
        let groups = grouped(records, findings);
        let several = groups.len() > 1;
        for mut record in groups {
            if several {
                let id = format!("{}#{}", key.id, slug(&record.venue.name));
                let why = Kind::DuplicateId
                    .because("several venues have this identifier: each is known by its name too")
                    .with_repair(&id);
                findings.push(finding(&record, Outcome::Kept, "id", &key.id, why));
                record.venue.records[0].id = id;
            }
            let key = record.venue.records[0].clone();
            if let Some(first) = settled.get(&key) {
                let why = Kind::DuplicateId.because("appears twice: another row is kept");
                findings.push(finding(&record, Outcome::Refused, "id", &first.venue.id, why));
                continue;
            }
            settled.insert(key, record);
        }
    }
    settled.into_values().collect()
}

/// One record for each venue under one identifier, the most recent first.
fn grouped(mut records: Vec<Record>, findings: &mut Vec<Refusal>) -> Vec<Record> {
    if records.len() == 1 {
        return records;
    }
    // All that is known of a row decides between two of one day, so that their order does not.
    records.sort_by_cached_key(|record| {
        (
            std::cmp::Reverse(record.venue.updated.as_ref().map(ToString::to_string)),
            format!("{:?}", record.venue),
        )
    });
    let mut groups: Vec<Vec<Record>> = Vec::new();
    for record in records {
        let near =
            |group: &Vec<Record>| group[0].venue.position.distance_to(record.venue.position).0 <= REACH.0;
        let namesake = |group: &Vec<Record>| slug(&group[0].venue.name) == slug(&record.venue.name);
        if let Some(group) = groups.iter_mut().find(|group| near(group)) {
            let why = if group[0].venue == record.venue {
                "the same row twice: the first is kept"
            } else {
                "the same identifier at the same place: one venue"
            };
            let id = record.venue.id.clone();
            findings.push(finding(&record, Outcome::Repaired, "id", &id, Kind::Duplicate.because(why)));
            group.push(record);
        } else if groups.iter().any(namesake) {
            let why = Kind::DuplicateId
                .because("appears twice, with the same name elsewhere: the latest row is kept");
            let id = record.venue.id.clone();
            findings.push(finding(&record, Outcome::Refused, "id", &id, why));
        } else {
            groups.push(vec![record]);
        }
    }
    groups.into_iter().filter_map(whole).collect()
}

fn whole(group: Vec<Record>) -> Option<Record> {
    let (file, line) = group.first().map(|record| (record.file.clone(), record.line))?;
    merge(group.into_iter().map(|record| record.venue).collect()).map(|venue| Record { venue, file, line })
}
