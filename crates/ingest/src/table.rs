//! Rows of a CSV file by the names of its columns.

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use crate::error::IngestError;
use crate::file::{File, MAX_RECORD_BYTES};
use crate::refusal::{Findings, Kind};

/// A CSV file whose header is read; `,`, `;` or tabs, whichever the header has most of.
pub(crate) struct Table<'a> {
    file: &'a File,
    header: Vec<String>,
    reader: csv::Reader<&'a [u8]>,
}

/// A row: its first line in the file, and its values.
pub(crate) struct Row {
    pub(crate) line: u64,
    values: StringRecord,
}

impl Row {
    /// The value of a column, trimmed.
    pub(crate) fn get(&self, column: usize) -> &str {
        self.values.get(column).unwrap_or_default().trim()
    }

    /// Its values, in the order of the header.
    pub(crate) fn values(&self) -> &StringRecord {
        &self.values
    }
}

impl<'a> Table<'a> {
    pub(crate) fn open(file: &'a File) -> Result<Self, IngestError> {
        let first = file
            .content
            .split(|b| *b == b'\n')
            .find(|line| !line.trim_ascii().is_empty())
            .unwrap_or_default();
        let count = |delimiter: u8| first.split(|b| *b == delimiter).count();
        let delimiter = b",;\t".iter().copied().rev().max_by_key(|d| count(*d)).unwrap_or(b',');
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(file.content.as_slice());
        let header = reader.byte_headers().map_err(|e| file.unlike(format!("is not CSV: {e}")))?;
        let header = header.iter().map(|name| String::from_utf8_lossy(name).trim().to_owned()).collect();
        Ok(Self { file, header, reader })
    }

    /// The names of the columns.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// The rank of a column that must be there.
    pub(crate) fn column(&self, name: &str) -> Result<usize, IngestError> {
        self.optional(name).ok_or_else(|| {
            let found: String = self.header.join(", ").chars().take(200).collect();
            self.file
                .unlike(format!("has no column `{name}` (it has: {found}); check that it is the file meant"))
        })
    }

    /// The rank of a column that may be there.
    pub(crate) fn optional(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|n| n.eq_ignore_ascii_case(name))
    }

    /// Gives each sound row to `each`; the others are refused.
    pub(crate) fn rows(mut self, findings: &mut Findings, mut each: impl FnMut(&Row, &mut Findings)) {
        let mut record = ByteRecord::new();
        let mut lines = Lines { content: &self.file.content, at: 0, line: 1 };
        loop {
            match self.reader.read_byte_record(&mut record) {
                Ok(false) => return,
                Ok(true) => {}
                // Reading from memory with flexible lengths, nothing can fail; should it, stop saying so.
                Err(e) => {
                    return findings.refused(
                        lines.line,
                        "",
                        "",
                        Kind::DamagedRow.because(format!("the rest is not CSV: {e}")),
                    );
                }
            }
            let line = lines.of(record.position().map_or(0, csv::Position::byte) as usize);
            let head = |record: &ByteRecord| {
                String::from_utf8_lossy(record.as_slice().get(..200).unwrap_or(record.as_slice()))
                    .into_owned()
            };
            if record.as_slice().len() > MAX_RECORD_BYTES {
                findings.refused(
                    line,
                    "",
                    &head(&record),
                    Kind::DamagedRow.because("the row is too large to be one: a quote may not be closed"),
                );
            } else if record.len() != self.header.len() {
                let (has, wants) = (record.len(), self.header.len());
                let reason = format!("has {has} columns, the header {wants}");
                findings.refused(line, "", &head(&record), Kind::DamagedRow.because(reason));
            } else {
                match StringRecord::from_byte_record(std::mem::take(&mut record)) {
                    Ok(values) => {
                        let row = Row { line, values };
                        each(&row, findings);
                        record = row.values.into_byte_record();
                    }
                    Err(e) => {
                        record = e.into_byte_record();
                        let head = head(&record);
                        let reason = "is not UTF-8: the file may be in Windows-1252; save it as UTF-8";
                        findings.refused(line, "", &head, Kind::DamagedRow.because(reason));
                    }
                }
            }
        }
    }
}

/// Counts lines as an editor shows them; the crate's own count is one short after `\r\n`.
struct Lines<'a> {
    content: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of a record whose end of line before it may not be passed yet.
    fn of(&mut self, byte: usize) -> u64 {
        let mut start = byte.min(self.content.len());
        while matches!(self.content.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        if let Some(passed) = self.content.get(self.at..start) {
            self.line += passed.split(|b| *b == b'\n').count() as u64 - 1;
            self.at = start;
        }
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Lines and values of column `a`, and what was said of the others.
    type Rows = (Vec<(u64, String)>, Vec<String>);

    fn read(bytes: impl Into<Vec<u8>>) -> Option<Rows> {
        let file = File::of(bytes);
        let mut findings = file.findings();
        let table = Table::open(&file).ok()?;
        let a = table.column("a").ok()?;
        let mut rows = Vec::new();
        table.rows(&mut findings, |row, _| {
            rows.push((row.line, row.get(a).to_owned()));
        });
        Some((rows, findings.into_list().into_iter().map(|r| r.reason).collect()))
    }

    #[test]
    fn the_delimiter_is_the_one_of_the_header() {
        for text in ["b,A\n1,x\n", "b;a\n1;x", "b\ta\r\n1\t x \r\n"] {
            assert_eq!(read(text), Some((vec![(2, "x".to_owned())], Vec::new())), "{text:?}");
        }
    }

    #[test]
    fn lines_are_those_an_editor_shows() {
        for end in ["\n", "\r\n"] {
            let text = ["a,b", "x,1", "", "\"y", "y\",2", "z,3", ""].join(end);
            let (rows, _) = read(text).expect("a table");
            assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [2, 4, 6]);
        }
    }

    #[test]
    fn a_bad_row_costs_only_itself() {
        let (rows, reasons) = read(b"a,b\nx\n\xe9t\xe9,1\nok,2\n".to_vec()).expect("a table");
        assert_eq!(rows, [(4, "ok".to_owned())]);
        assert!(reasons[0].contains("1 columns") && reasons[1].contains("UTF-8"), "{reasons:?}");
    }

    #[test]
    fn a_missing_column_is_named_with_those_found() {
        let file = File::of("x,y\n");
        let error = Table::open(&file).and_then(|t| t.column("code")).expect_err("missing").to_string();
        assert!(error.contains("`code`") && error.contains("x, y"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            read(bytes.clone());
            let mut table = b"a,b\n".to_vec();
            table.extend(bytes);
            prop_assert!(read(table).is_some());
        }
    }
}
