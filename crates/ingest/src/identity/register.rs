//! The register of identities: which identifier of ours each source record has, and what it was merged into.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use territory::SourceRecord;

use crate::error::IngestError;
use crate::file::File;
use crate::refusal::{Findings, Kind};
use crate::table::Table;

/// One source record and the identifier of ours it has, for ever.
#[derive(Debug, Clone, PartialEq)]
pub struct Identity {
    /// Our identifier of the record, `v-` and ten characters or more of base 32: nobody else's, whatever
    /// the record is merged with or parted from.
    pub id: String,
    /// The source record.
    pub record: SourceRecord,
    /// What it is part of; none of the record whose identifier the venue bears.
    pub merged: Option<Merged>,
}

/// Why a record is part of another's venue.
#[derive(Debug, Clone, PartialEq)]
pub struct Merged {
    /// Our identifier of the venue.
    pub into: String,
    /// How far it is from the record of the venue it is most like, metres to the tenth; none when that is no
    /// longer read.
    pub metres: Option<f64>,
    /// How alike the two are, from 0 to 1; none likewise.
    pub score: Option<f64>,
    /// Why, in words.
    pub reason: String,
}

/// Identities known before a build.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Register(BTreeMap<SourceRecord, Identity>);

impl Identity {
    /// The columns of a register, in their order.
    pub const COLUMNS: [&'static str; 7] =
        ["id", "producer", "record", "merged_into", "metres", "score", "reason"];

    /// Its row in a register.
    pub fn row(&self) -> [String; 7] {
        let merged = self.merged.as_ref();
        let number = |n: Option<f64>, digits: usize| n.map(|n| format!("{n:.digits$}")).unwrap_or_default();
        [
            self.id.clone(),
            self.record.producer.clone(),
            self.record.id.clone(),
            merged.map(|m| m.into.clone()).unwrap_or_default(),
            number(merged.and_then(|m| m.metres), 1),
            number(merged.and_then(|m| m.score), 3),
            merged.map(|m| m.reason.clone()).unwrap_or_default(),
        ]
    }
}

impl Register {
    /// A register as the last build wrote it.
    pub(crate) fn read(file: &File, findings: &mut Findings) -> Result<Self, IngestError> {
        let table = Table::open(file)?;
        let [id, producer, record, into, metres, score, reason] = Identity::COLUMNS;
        let (id, producer, record) = (table.column(id)?, table.column(producer)?, table.column(record)?);
        let (into, metres) = (table.column(into)?, table.column(metres)?);
        let (score, reason) = (table.column(score)?, table.column(reason)?);
        let mut known = BTreeMap::new();
        let mut ids = BTreeSet::new();
        table.rows(findings, |row, findings| {
            let own = row.get(id);
            let key = SourceRecord { producer: row.get(producer).to_owned(), id: row.get(record).to_owned() };
            if !is_own(own) {
                let why =
                    Kind::BadFormat.because("is not an identifier of ours (v- and ten characters or more)");
                return findings.refused(row.line, "id", own, why);
            }
            if !ids.insert(own.to_owned()) || known.contains_key(&key) {
                let why = Kind::DuplicateId.because("is in the register twice: the first row is kept");
                return findings.refused(row.line, "id", own, why);
            }
            let number = |column: usize| row.get(column).parse::<f64>().ok().filter(|n| n.is_finite());
            let merged = is_own(row.get(into)).then(|| Merged {
                into: row.get(into).to_owned(),
                metres: number(metres),
                score: number(score),
                reason: row.get(reason).to_owned(),
            });
            known.insert(key.clone(), Identity { id: own.to_owned(), record: key, merged });
        });
        Ok(Self(known))
    }

    /// The identifier of ours each record has: the one registered, else one made from its SHA-256.
    pub(super) fn own_ids(&self, records: &BTreeSet<SourceRecord>) -> BTreeMap<SourceRecord, String> {
        let mut taken: BTreeSet<String> = self.0.values().map(|identity| identity.id.clone()).collect();
        let mut ids = BTreeMap::new();
        for record in records {
            let id = match self.0.get(record) {
                Some(identity) => identity.id.clone(),
                None => free_id(record, &taken),
            };
            taken.insert(id.clone());
            ids.insert(record.clone(), id);
        }
        ids
    }

    /// The identifier each group of records takes as a venue.
    ///
    /// A group claims the identifiers its registered records went by as venues, then those they have
    /// themselves. Of the groups that claim one, it goes to the one that holds its record, else to the one
    /// with the smallest record; a group takes the smallest it gets. New groups take that of their
    /// smallest record.
    pub(super) fn venue_ids(
        &self,
        groups: &[Vec<SourceRecord>],
        own: &BTreeMap<SourceRecord, String>,
    ) -> Vec<String> {
        let went_by = |record: &SourceRecord| {
            let identity = self.0.get(record)?;
            Some(identity.merged.as_ref().map_or(&identity.id, |merged| &merged.into))
        };
        let holder_of: BTreeMap<&String, usize> = groups
            .iter()
            .enumerate()
            .flat_map(|(i, group)| group.iter().filter_map(move |record| Some((own.get(record)?, i))))
            .collect();
        let mut claimants: BTreeMap<&String, (&SourceRecord, usize)> = BTreeMap::new();
        for (i, group) in groups.iter().enumerate() {
            for record in group {
                if let Some(id) = went_by(record) {
                    let claim = claimants.entry(id).or_insert((record, i));
                    *claim = (*claim).min((record, i));
                }
            }
        }
        let given = |id: &String, i: usize| match holder_of.get(id) {
            Some(&holder) => holder == i,
            None => claimants.get(id).is_some_and(|(_, claimant)| *claimant == i),
        };
        let name = |(i, group): (usize, &Vec<SourceRecord>)| {
            let before = group.iter().filter_map(went_by).filter(|id| given(id, i)).min();
            let registered =
                || group.iter().filter(|record| self.0.contains_key(record)).filter_map(|r| own.get(r)).min();
            let first = || group.iter().min().and_then(|record| own.get(record));
            before.or_else(registered).or_else(first).cloned().unwrap_or_default()
        };
        groups.iter().enumerate().map(name).collect()
    }

    /// Identities of records that are no longer read: kept, so that they find theirs if they come back.
    pub(super) fn absent<'a>(
        &'a self,
        read: &'a BTreeSet<SourceRecord>,
    ) -> impl Iterator<Item = &'a Identity> {
        self.0.values().filter(|identity| !read.contains(&identity.record))
    }
}

impl FromIterator<Identity> for Register {
    fn from_iter<I: IntoIterator<Item = Identity>>(identities: I) -> Self {
        Self(identities.into_iter().map(|identity| (identity.record.clone(), identity)).collect())
    }
}

const PREFIX: &str = "v-";

/// Characters of a new identifier: 50 bits, one chance in a million of a collision over 50 000 records.
const LENGTH: usize = 10;

/// Crockford's base 32, lower case: no `i`, `l`, `o`, `u` to be misread.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

fn is_own(text: &str) -> bool {
    text.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.len() >= LENGTH && rest.bytes().all(|b| ALPHABET.contains(&b)))
}

/// The shortest identifier of a record that no other has.
fn free_id(record: &SourceRecord, taken: &BTreeSet<String>) -> String {
    let letters = letters(record);
    let mut length = LENGTH;
    loop {
        let id = format!("{PREFIX}{}", &letters[..length.min(letters.len())]);
        if length >= letters.len() || !taken.contains(&id) {
            return id;
        }
        length += 1;
    }
}

/// The SHA-256 of `producer`, a unit separator and `id`, in base 32.
fn letters(record: &SourceRecord) -> String {
    let hash = Sha256::digest(format!("{}\u{1f}{}", record.producer, record.id));
    let (mut text, mut bits, mut n_bits) = (String::new(), 0_u32, 0);
    for byte in hash {
        bits = (bits << 8) | u32::from(byte);
        n_bits += 8;
        while n_bits >= 5 {
            n_bits -= 5;
            text.push(char::from(ALPHABET[((bits >> n_bits) & 31) as usize]));
        }
        bits &= (1 << n_bits) - 1;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(producer: &str, id: &str) -> SourceRecord {
        SourceRecord { producer: producer.to_owned(), id: id.to_owned() }
    }

    #[test]
    fn an_identifier_is_read_off_the_sha_256_of_the_record() {
        // printf 'Dora\x1f7' | sha256sum: dc4042a0c7991d…, its first fifty bits by hand.
        assert_eq!(free_id(&record("Dora", "7"), &BTreeSet::new()), "v-vh045867k4");
    }

    #[test]
    fn an_identifier_that_is_taken_is_made_longer() {
        let record = record("Dora", "7");
        let short = free_id(&record, &BTreeSet::new());
        let long = free_id(&record, &[short.clone()].into());
        assert_eq!(long.len(), short.len() + 1);
        assert!(long.starts_with(&short) && is_own(&long));
    }

    #[test]
    fn a_register_comes_back_as_it_was_written() {
        let merged = Merged {
            into: "v-0123456789".to_owned(),
            metres: Some(12.3),
            score: Some(0.875),
            reason: "a, b".to_owned(),
        };
        let identities = [
            Identity { id: "v-0123456789".to_owned(), record: record("A", "=1"), merged: None },
            Identity { id: "v-abcdefghjk".to_owned(), record: record("B", "é\"2"), merged: Some(merged) },
        ];
        let mut table = csv::Writer::from_writer(Vec::new());
        table.write_record(Identity::COLUMNS).expect("header");
        for identity in &identities {
            table.write_record(identity.row()).expect("row");
        }
        let file = File::of(table.into_inner().expect("bytes"));
        let mut findings = file.findings();
        let read = Register::read(&file, &mut findings).expect("a register");
        assert_eq!(read, identities.into_iter().collect());
        assert!(findings.into_list().is_empty());
    }

    #[test]
    fn a_damaged_register_loses_only_its_damaged_rows() {
        let file = File::of(
            "id,producer,record,merged_into,metres,score,reason\n7,A,1,,,,\nv-0123456789,A,1,,NaN,1e999,\nv-0123456789,A,2,,,,\nv-0123456780,A,1,,,,\n",
        );
        let mut findings = file.findings();
        let read = Register::read(&file, &mut findings).expect("a register");
        assert_eq!(read.0.len(), 1);
        assert_eq!(findings.reasons().len(), 3);
        assert!(Register::read(&File::of("id,nom\n"), &mut findings).is_err());
    }

    #[test]
    fn an_identifier_goes_with_its_record_when_a_venue_is_parted() {
        let [one, two, three] = ["1", "2", "3"].map(|id| record("A", id));
        let merged = |into: &str| {
            Some(Merged { into: into.to_owned(), metres: None, score: None, reason: String::new() })
        };
        let known = [
            Identity { id: "v-2222222222".to_owned(), record: one.clone(), merged: None },
            Identity { id: "v-1111111111".to_owned(), record: two.clone(), merged: merged("v-2222222222") },
            Identity { id: "v-0000000000".to_owned(), record: three.clone(), merged: merged("v-2222222222") },
        ];
        let register: Register = known.into_iter().collect();
        let named = |groups: &[&[&SourceRecord]]| {
            let groups: Vec<Vec<SourceRecord>> =
                groups.iter().map(|group| group.iter().map(|&record| record.clone()).collect()).collect();
            let own = register.own_ids(&groups.iter().flatten().cloned().collect());
            register.venue_ids(&groups, &own)
        };
        assert_eq!(
            named(&[&[&one, &two, &three]]),
            ["v-2222222222"],
            "as it was, not the smallest of the three"
        );
        assert_eq!(named(&[&[&two], &[&one, &three]]), ["v-1111111111", "v-2222222222"]);
        assert_eq!(
            named(&[&[&three], &[&two]]),
            ["v-0000000000", "v-2222222222"],
            "its record is gone: the next bears it"
        );
        assert_eq!(named(&[&[&three], &[&two], &[&one]]), ["v-0000000000", "v-1111111111", "v-2222222222"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut table = b"id,producer,record,merged_into,metres,score,reason\n".to_vec();
            table.extend(bytes);
            let file = File::of(table);
            prop_assert!(Register::read(&file, &mut file.findings()).is_ok());
        }

        #[test]
        fn no_two_records_share_an_identifier(keys in prop::collection::btree_set(("[ab]{0,3}", "[01]{0,4}"), 0..40)) {
            let records: BTreeSet<SourceRecord> = keys.iter().map(|(p, i)| record(p, i)).collect();
            let ids = Register::default().own_ids(&records);
            prop_assert_eq!(ids.values().collect::<BTreeSet<_>>().len(), records.len());
            prop_assert!(ids.values().all(|id| is_own(id)));
        }
    }
}
