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
    /// What is wrong with it; the same words for the same trouble.
    pub reason: String,
    /// What became of the row.
    pub outcome: Outcome,
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

    pub(crate) fn refused(&mut self, line: u64, column: &str, value: &str, reason: impl Into<String>) {
        self.push(Outcome::Refused, line, column, value, reason.into());
    }

    pub(crate) fn repaired(&mut self, line: u64, column: &str, value: &str, reason: impl Into<String>) {
        self.push(Outcome::Repaired, line, column, value, reason.into());
    }

    pub(crate) fn kept(&mut self, line: u64, column: &str, value: &str, reason: impl Into<String>) {
        self.push(Outcome::Kept, line, column, value, reason.into());
    }

    /// About the file as a whole (line 0) or a row; no column when it is empty.
    fn push(&mut self, outcome: Outcome, line: u64, column: &str, value: &str, reason: String) {
        self.list.push(Refusal {
            source: self.source.clone(),
            line: (line > 0).then_some(line),
            column: (!column.is_empty()).then(|| column.to_owned()),
            value: clipped(value),
            reason,
            outcome,
        });
    }

    /// The first row left out.
    pub(crate) fn first(&self) -> Option<&Refusal> {
        self.list.iter().find(|finding| finding.outcome == Outcome::Refused)
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
    fn a_long_value_is_clipped_between_characters() {
        let mut findings = Findings::of("f.csv");
        findings.refused(0, "", &"é".repeat(200), "why");
        let list = findings.into_list();
        assert_eq!(list[0].value.chars().count(), CLIP + 1);
        assert_eq!((list[0].line, &list[0].column), (None, &None));
    }
}
