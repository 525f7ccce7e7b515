//! A part of a representation (RFC 9110 §14): one range of bytes.

use std::ops::Range;

use axum::http::{HeaderMap, HeaderValue, header};

/// What a request asks of so many bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// All of them: it asks for no range, for several, for another version's, or in no unit we know.
    Whole,
    /// These.
    Bytes(Range<u64>),
    /// Some beyond the end.
    Nowhere,
}

impl Part {
    /// The part that a request asks of `length` bytes known by a tag.
    pub(crate) fn of(request: &HeaderMap, length: u64, tag: &HeaderValue) -> Self {
        let asked = request.get(header::RANGE).and_then(|value| value.to_str().ok());
        let Some(range) = asked.and_then(|text| text.strip_prefix("bytes=")) else { return Self::Whole };
        // A date never matches: nothing here has one.
        if request.get(header::IF_RANGE).is_some_and(|held| held != tag) {
            return Self::Whole;
        }
        let Some((first, last)) = range.trim().split_once('-') else { return Self::Whole };
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            // More digits than a number has are past any end.
            digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
        };
        match (first.trim(), last.trim()) {
            ("", suffix) => match number(suffix) {
                None => Self::Whole,
                Some(0) => Self::Nowhere,
                Some(n) if length == 0 => {
                    if n > 0 {
                        Self::Nowhere
                    } else {
                        Self::Whole
                    }
                }
                Some(n) => Self::Bytes(length.saturating_sub(n)..length),
            },
            (first, last) => match (number(first), last, number(last)) {
                (Some(first), ..) if first >= length => Self::Nowhere,
                (Some(first), "", _) => Self::Bytes(first..length),
                (Some(first), _, Some(last)) if last >= first => {
                    Self::Bytes(first..last.saturating_add(1).min(length))
                }
                _ => Self::Whole,
            },
        }
    }
}

/// `bytes 0-99/1234`.
pub(crate) fn content_range(range: &Range<u64>, length: u64) -> String {
    format!("bytes {}-{}/{length}", range.start, range.end.saturating_sub(1))
}

/// `bytes */1234`: what a range beyond the end is told.
pub(crate) fn unsatisfied(length: u64) -> String {
    format!("bytes */{length}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn part(range: &str, length: u64) -> Part {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_str(range).expect("a header"));
        Part::of(&headers, length, &HeaderValue::from_static("\"tag\""))
    }

    #[test]
    fn a_range_is_what_the_standard_says() {
        for (range, expected) in [
            ("bytes=0-9", Part::Bytes(0..10)),
            ("bytes=90-", Part::Bytes(90..100)),
            ("bytes=90-1000", Part::Bytes(90..100)),
            ("bytes=-5", Part::Bytes(95..100)),
            ("bytes=-500", Part::Bytes(0..100)),
            ("bytes=99-99", Part::Bytes(99..100)),
            ("bytes=100-", Part::Nowhere),
            ("bytes=-0", Part::Nowhere),
            ("bytes=99999999999999999999999-", Part::Nowhere),
            ("bytes=9-5", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=", Part::Whole),
            ("lines=0-1", Part::Whole),
        ] {
            assert_eq!(part(range, 100), expected, "{range}");
        }
    }

    #[test]
    fn another_version_is_sent_whole() {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, HeaderValue::from_static("bytes=0-9"));
        headers.insert(header::IF_RANGE, HeaderValue::from_static("\"old\""));
        let tag = HeaderValue::from_static("\"new\"");
        assert_eq!(Part::of(&headers, 100, &tag), Part::Whole);
        headers.insert(header::IF_RANGE, tag.clone());
        assert_eq!(Part::of(&headers, 100, &tag), Part::Bytes(0..10));
    }

    proptest! {
        #[test]
        fn a_part_is_within_the_whole(range in "(bytes=)?[0-9, -]{0,24}", length in 0u64..200) {
            if let Part::Bytes(bytes) = part(&range, length) {
                prop_assert!(bytes.start < bytes.end && bytes.end <= length);
            }
        }
    }
}
