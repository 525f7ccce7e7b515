//! Cuts a JSON file into its records, so that a bad one costs only itself.
//!
//! Records are the elements of the outer array, or of the array under a given key of the outer
//! object, or else the values that follow one another (one a line).

use serde::de::DeserializeOwned;

use crate::error::IngestError;
use crate::file::{File, MAX_RECORD_BYTES};
use crate::refusal::{Findings, Kind, Reason};

/// Gives each record, with its rank from 1, to `each`; what cannot be cut is refused.
pub(crate) fn records<'a>(
    file: &'a File,
    key: Option<&str>,
    findings: &mut Findings,
    mut each: impl FnMut(u64, &'a [u8], &mut Findings),
) {
    let bytes = file.content.as_slice();
    let start = skip_space(bytes, 0);
    let array = match bytes.get(start) {
        Some(b'[') => Some(start),
        Some(b'{') => key.and_then(|key| array_under(bytes, start, key)),
        _ => None,
    };
    let mut at = array.map_or(start, |open| open + 1);
    let mut rank = 0;
    loop {
        at = skip_space(bytes, at);
        while array.is_some() && bytes.get(at) == Some(&b',') {
            at = skip_space(bytes, at + 1);
        }
        match bytes.get(at) {
            Some(b']') if array.is_some() => return,
            None if array.is_none() => return,
            None => {
                let reason = "the file ends before its last record: it may be truncated";
                findings.refused(rank, "", "", Kind::DamagedRow.because(reason));
                return;
            }
            Some(_) => {}
        }
        rank += 1;
        let Some(end) = value_end(bytes, at) else {
            let reason = "the file ends in the middle of this record, or its brackets do not match";
            findings.refused(rank, "", &head(&bytes[at..]), Kind::DamagedRow.because(reason));
            return;
        };
        if end - at > MAX_RECORD_BYTES {
            findings.refused(rank, "", "", Kind::DamagedRow.because("the record is too large to be one"));
        } else {
            each(rank, &bytes[at..end], findings);
        }
        at = end;
    }
}

/// Gives each record of an array, as the type expected, to `each`; the others are refused.
pub(crate) fn array<T: DeserializeOwned>(
    file: &File,
    findings: &mut Findings,
    mut each: impl FnMut(u64, T, &mut Findings),
) -> Result<(), IngestError> {
    if file.content.trim_ascii_start().first() != Some(&b'[') {
        return Err(file.unlike("is not a JSON array of records; check that it is the file meant"));
    }
    records(file, None, findings, |rank, record, findings| match serde_json::from_slice::<T>(record) {
        Ok(value) => each(rank, value, findings),
        Err(e) => findings.refused(rank, "", &head(record), reason(&e)),
    });
    Ok(())
}

/// The beginning of a record, to be quoted.
pub(crate) fn head(record: &[u8]) -> String {
    String::from_utf8_lossy(&record[..record.len().min(400)]).into_owned()
}

/// Why serde could not read a record, without its position inside it.
pub(crate) fn reason(error: &serde_json::Error) -> Reason {
    Kind::DamagedRow.because(format!("is not the record expected: {error}"))
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// Where the array under `key` opens, in the object that opens at `at`.
fn array_under(bytes: &[u8], at: usize, key: &str) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at = skip_space(bytes, at);
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let end = value_end(bytes, at)?;
        let found = bytes.get(at + 1..end - 1)? == key.as_bytes();
        at = skip_space(bytes, end);
        if bytes.get(at) != Some(&b':') {
            return None;
        }
        at = skip_space(bytes, at + 1);
        if found {
            return (bytes.get(at) == Some(&b'[')).then_some(at);
        }
        at = skip_space(bytes, value_end(bytes, at)?);
        if bytes.get(at) != Some(&b',') {
            return None;
        }
        at += 1;
    }
}

/// One past the end of the value that begins at `at`: brackets and quotes are matched, no more.
fn value_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut i = at;
    while let Some(&byte) = bytes.get(i) {
        i += 1;
        match byte {
            b'"' => i = string_end(bytes, i)?,
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth > 0 {
            continue;
        }
        let ends = matches!(byte, b'"' | b'}' | b']');
        let stops = bytes.get(i).is_none_or(|b| b.is_ascii_whitespace() || b",]}:[{\"".contains(b));
        if ends || stops {
            return Some(i);
        }
    }
    None
}

fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cut(text: impl Into<Vec<u8>>, key: Option<&str>) -> (Vec<String>, usize) {
        let file = File::of(text);
        let mut findings = file.findings();
        let mut parts = Vec::new();
        records(&file, key, &mut findings, |_, part, _| {
            parts.push(String::from_utf8_lossy(part).into_owned());
        });
        (parts, findings.into_list().len())
    }

    #[test]
    fn records_are_cut_from_an_array_an_object_or_lines() {
        let two = (vec!["{\"a\":\"]}\\\"\"}".to_owned(), "{}".to_owned()], 0);
        assert_eq!(cut("[ {\"a\":\"]}\\\"\"} , {} ]", None), two);
        assert_eq!(cut("{\"x\":{\"f\":[1]}, \"f\":[{\"a\":\"]}\\\"\"},{}]}", Some("f")), two);
        assert_eq!(cut("{\"a\":\"]}\\\"\"}\n{}\n", Some("f")), two);
        assert_eq!(cut("[]", None), (Vec::new(), 0));
    }

    #[test]
    fn a_truncated_file_keeps_its_whole_records() {
        assert_eq!(cut("[{\"a\":1},{\"b\":", None), (vec!["{\"a\":1}".to_owned()], 1));
        assert_eq!(cut("[{\"a\":1},", None), (vec!["{\"a\":1}".to_owned()], 1));
    }

    proptest! {
        #[test]
        fn any_bytes_are_cut_without_panic_and_to_the_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            cut(bytes.clone(), None);
            cut(bytes, Some("features"));
        }

        #[test]
        fn any_brackets_are_cut_without_panic(text in "[\\[\\]{}\",:a\\\\ ]{0,60}") {
            cut(text.clone(), None);
            cut(text, Some("a"));
        }
    }
}
