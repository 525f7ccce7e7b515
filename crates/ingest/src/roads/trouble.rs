//! What is not as it should be, counted: a file may hold the same trouble thousands of times.

use std::collections::BTreeMap;

use crate::refusal::Findings;

/// A trouble, in the order they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trouble {
    NoRoad,
    MissingNodes,
    NowhereOnEarth,
    TooShort,
    Repeated,
    Twice,
    NotUtf8,
    Conditional,
    Speed,
    Lanes,
    Duration,
}

impl Trouble {
    /// The column it is in, what was counted, and what is wrong.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::NoRoad => ("", "extract", "holds no road that anyone may use"),
            Self::MissingNodes => {
                ("refs", "way", "goes through nodes that no extract given places: cut there")
            }
            Self::NowhereOnEarth => ("lon, lat", "node", "is nowhere on Earth: its ways are cut there"),
            Self::TooShort => ("refs", "way", "has fewer than two points: left out"),
            Self::Repeated => ("refs", "way", "goes through a node twice in a row: once is enough"),
            Self::Twice => ("id", "way", "is there twice: the first is kept"),
            Self::NotUtf8 => ("", "text", "is not UTF-8: taken for empty"),
            Self::Conditional => ("…:conditional", "way", "is restricted at times, which is not applied"),
            Self::Speed => ("maxspeed", "way", "has a speed limit that is none: ignored"),
            Self::Lanes => ("lanes", "way", "has a number of lanes that is none: ignored"),
            Self::Duration => ("duration", "way", "has a duration that is none: ignored"),
        }
    }
}

/// How often a trouble was met, and where first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Count {
    n: u64,
    first: i64,
    value: String,
}

/// The troubles of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Troubles(BTreeMap<Trouble, Count>);

impl Troubles {
    /// One more, of the way or node of an identifier.
    pub(super) fn note(&mut self, trouble: Trouble, id: i64, value: &str) {
        let count = self.0.entry(trouble).or_insert_with(|| Count {
            n: 0,
            first: id,
            value: value.chars().take(40).collect(),
        });
        count.n += 1;
    }

    /// Some of those that have no identifier.
    pub(super) fn add(&mut self, trouble: Trouble, n: u64) {
        if n > 0 {
            self.0.entry(trouble).or_insert(Count { n: 0, first: 0, value: String::new() }).n += n;
        }
    }

    /// Those of a later part of the same file.
    pub(super) fn append(&mut self, later: Self) {
        for (trouble, count) in later.0 {
            match self.0.get_mut(&trouble) {
                Some(known) => known.n += count.n,
                None => drop(self.0.insert(trouble, count)),
            }
        }
    }

    /// As findings, one a trouble.
    pub(super) fn tell(&self, findings: &mut Findings) {
        for (trouble, Count { n, first, value }) in &self.0 {
            let (column, what, reason) = trouble.words();
            let many = if *n == 1 { "" } else { "s" };
            let value = match (first, value.as_str()) {
                (0, _) => format!("{n} {what}{many}"),
                (first, "") => format!("{n} {what}{many}, first {first}"),
                (first, value) => format!("{n} {what}{many}, first {first} ({value})"),
            };
            match trouble {
                Trouble::TooShort | Trouble::Twice => findings.refused(0, column, &value, reason),
                Trouble::MissingNodes | Trouble::NowhereOnEarth | Trouble::Repeated => {
                    findings.repaired(0, column, &value, reason);
                }
                _ => findings.kept(0, column, &value, reason),
            }
        }
    }
}
