//! What was refused, repaired or doubted, row by row.

/// What was read, and what was not as it should be.
#[derive(Debug, Clone, PartialEq)]
pub struct Read<T> {
    /// The good part.
    pub value: T,
    /// Everything refused, repaired or kept in doubt, in the order met.
    pub refused: Vec<Refusal>,
}

/// One finding on one row of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The name of the file.
    pub source: String,
    /// The line it is on, from 1; of a JSON or binary file, the rank of the record.
    pub line: Option<u64>,
    /// The column, as published.
    pub column: Option<String>,
    /// What was there, at most 80 characters of it.
    pub value: String,
    /// What sort of trouble it is.
    pub kind: Kind,
    /// What is wrong with it; the same words for the same trouble.
    pub reason: String,
    /// What the value becomes, or should become.
    pub repair: Option<String>,
    /// What became of the row.
    pub outcome: Outcome,
}

/// What sort of trouble a finding is of, the same in every file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// There are no coordinates, or zeros.
    CoordinatesMissing,
    /// They are not numbers, or no place on Earth.
    CoordinatesDamaged,
    /// They are written in another manner: a decimal comma, both in one cell.
    CoordinatesFormat,
    /// Latitude and longitude stand in each other's column.
    CoordinatesSwapped,
    /// They are metres of a projection, not degrees.
    CoordinatesProjected,
    /// They lie far from the commune, or from the territory.
    CoordinatesFar,
    /// They are where a geocoder falls back when it does not find an address.
    CoordinatesFallback,
    /// Two rows are the same venue.
    Duplicate,
    /// Two rows have the same identifier.
    DuplicateId,
    /// A value that no list of the national schema holds.
    UnknownValue,
    /// The record is older than eighteen months, or says nothing of its age.
    Stale,
    /// A date that is none, or that stands for one another tool could not read.
    BadDate,
    /// A postcode that is not five digits, or not one of its commune's.
    BadPostcode,
    /// A commune code that is none.
    BadCommune,
    /// A code of another vintage of the COG: of a part, or of a commune that is no more.
    OtherVintage,
    /// Opening hours that are not understood, or only in part.
    BadHours,
    /// A telephone, mail, address of the web or identifier that is not written as one.
    BadFormat,
    /// A value that no row may do without.
    MissingValue,
    /// A row that cannot be read.
    DamagedRow,
    /// A row about somewhere else than the territory.
    OutOfScope,
    /// Anything else.
    Other,
}

impl Kind {
    /// All kinds, in the order they are listed.
    pub const ALL: [Self; 21] = [
        Self::CoordinatesMissing,
        Self::CoordinatesDamaged,
        Self::CoordinatesFormat,
        Self::CoordinatesSwapped,
        Self::CoordinatesProjected,
        Self::CoordinatesFar,
        Self::CoordinatesFallback,
        Self::Duplicate,
        Self::DuplicateId,
        Self::UnknownValue,
        Self::Stale,
        Self::BadDate,
        Self::BadPostcode,
        Self::BadCommune,
        Self::OtherVintage,
        Self::BadHours,
        Self::BadFormat,
        Self::MissingValue,
        Self::DamagedRow,
        Self::OutOfScope,
        Self::Other,
    ];

    /// Its name in lists and reports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::CoordinatesMissing => "coordinates-missing",
            Self::CoordinatesDamaged => "coordinates-damaged",
            Self::CoordinatesFormat => "coordinates-format",
            Self::CoordinatesSwapped => "coordinates-swapped",
            Self::CoordinatesProjected => "coordinates-projected",
            Self::CoordinatesFar => "coordinates-far",
            Self::CoordinatesFallback => "coordinates-fallback",
            Self::Duplicate => "duplicate",
            Self::DuplicateId => "duplicate-id",
            Self::UnknownValue => "unknown-value",
            Self::Stale => "stale",
            Self::BadDate => "bad-date",
            Self::BadPostcode => "bad-postcode",
            Self::BadCommune => "bad-commune",
            Self::OtherVintage => "other-vintage",
            Self::BadHours => "bad-hours",
            Self::BadFormat => "bad-format",
            Self::MissingValue => "missing-value",
            Self::DamagedRow => "damaged-row",
            Self::OutOfScope => "out-of-scope",
            Self::Other => "other",
        }
    }

    /// A reason of this kind.
    pub fn because(self, text: impl Into<String>) -> Reason {
        Reason { kind: self, text: text.into(), repair: None }
    }
}

/// Why a row is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    kind: Kind,
    text: String,
    repair: Option<String>,
}

impl Reason {
    /// What sort of trouble it is.
    #[cfg(test)]
    pub(crate) fn kind(&self) -> Kind {
        self.kind
    }

    /// The same with what the value becomes, or should become.
    #[must_use]
    pub fn with_repair(self, repair: impl Into<String>) -> Self {
        Self { repair: Some(repair.into()), ..self }
    }
}

impl<T: Into<String>> From<T> for Reason {
    fn from(text: T) -> Self {
        Kind::Other.because(text)
    }
}

/// What became of a row that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// The row is left out.
    Refused,
    /// The row is kept, with its value changed.
    Repaired,
    /// The row is kept, without this value.
    Kept,
}

impl Outcome {
    /// The word for it in lists and reports.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Repaired => "repaired",
            Self::Kept => "kept",
        }
    }
}

/// The longest value a finding quotes, in characters.
const CLIP: usize = 80;

/// The findings of one file, in the making.
#[derive(Debug)]
pub(crate) struct Findings {
    source: String,
    list: Vec<Refusal>,
}

impl Findings {
    pub(crate) fn of(source: impl Into<String>) -> Self {
        Self { source: source.into(), list: Vec::new() }
    }

    pub(crate) fn refused(&mut self, line: u64, column: &str, value: &str, reason: impl Into<Reason>) {
        self.push(Outcome::Refused, line, column, value, reason.into());
    }

    pub(crate) fn repaired(&mut self, line: u64, column: &str, value: &str, reason: impl Into<Reason>) {
        self.push(Outcome::Repaired, line, column, value, reason.into());
    }

    pub(crate) fn kept(&mut self, line: u64, column: &str, value: &str, reason: impl Into<Reason>) {
        self.push(Outcome::Kept, line, column, value, reason.into());
    }

    fn push(&mut self, outcome: Outcome, line: u64, column: &str, value: &str, reason: Reason) {
        let finding = self.one(outcome, line, column, value, reason);
        self.list.push(finding);
    }

    /// About the file as a whole (line 0) or a row; no column when it is empty.
    pub(crate) fn one(
        &self,
        outcome: Outcome,
        line: u64,
        column: &str,
        value: &str,
        reason: Reason,
    ) -> Refusal {
        let Reason { kind, text, repair } = reason;
        Refusal {
            source: self.source.clone(),
            line: (line > 0).then_some(line),
            column: (!column.is_empty()).then(|| column.to_owned()),
            value: clipped(value),
            kind,
            reason: text,
            repair: repair.map(|repair| clipped(&repair)),
            outcome,
        }
    }

    /// The first row left out.
    pub(crate) fn first(&self) -> Option<&Refusal> {
        self.list.iter().find(|finding| finding.outcome == Outcome::Refused)
    }

    /// How many rows are left out so far.
    pub(crate) fn n_refused(&self) -> usize {
        self.list.iter().filter(|finding| finding.outcome == Outcome::Refused).count()
    }

    pub(crate) fn into_list(self) -> Vec<Refusal> {
        self.list
    }

    #[cfg(test)]
    pub(crate) fn reasons(&self) -> Vec<&str> {
        self.list.iter().map(|r| r.reason.as_str()).collect()
    }
}

fn clipped(value: &str) -> String {
    match value.char_indices().nth(CLIP) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_name_of_its_own() {
        let names: std::collections::BTreeSet<&str> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        assert_eq!(names.len(), Kind::ALL.len());
    }

    #[test]
    fn a_long_value_is_clipped_between_characters() {
        let mut findings = Findings::of("f.csv");
        findings.refused(0, "", &"é".repeat(200), "why");
        let list = findings.into_list();
        assert_eq!(list[0].value.chars().count(), CLIP + 1);
        assert_eq!((list[0].line, &list[0].column), (None, &None));
    }
}
