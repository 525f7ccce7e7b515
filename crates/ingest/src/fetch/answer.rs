//! What a server answers to a request for a file, or for the rest of one.

use std::io::{ErrorKind, Read};

use ureq::http::{HeaderMap, header};

use super::client::Trouble;
use super::part::Validator;

/// An answer that holds content.
pub(super) struct Answer {
    /// Where its content begins.
    pub(super) start: Start,
    /// How many bytes the whole file has.
    pub(super) total: Option<u64>,
    /// What tells this content from another at the same address.
    pub(super) validator: Option<Validator>,
    pub(super) body: Body,
}

/// Where the content of an answer begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    /// At the beginning of the file.
    Beginning,
    /// After so many bytes.
    From(u64),
    /// The rest asked for does not exist.
    Nowhere,
}

/// The bytes of an answer, as sent.
pub(super) struct Body(pub(super) ureq::BodyReader<'static>);

impl Body {
    pub(super) fn read(&mut self, piece: &mut [u8]) -> Result<usize, Trouble> {
        // A timeout comes wrapped in an error of input and output.
        self.0.read(piece).map_err(|error| Trouble::Passing(said(&error.into())))
    }
}

/// What a failure to read says, in words for a person.
fn said(error: &ureq::Error) -> String {
    let kind = match error {
        ureq::Error::Timeout(_) => return "the server sends nothing any more".to_owned(),
        ureq::Error::Io(error) => Some(error.kind()),
        _ => None,
    };
    match kind {
        Some(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted) => {
            "the connection was cut".to_owned()
        }
        _ => format!("the connection broke ({error})"),
    }
}

/// A header's text.
pub(super) fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

/// The length announced of a whole answer.
pub(super) fn length(headers: &HeaderMap) -> Option<u64> {
    text(headers, header::CONTENT_LENGTH)?.parse().ok()
}

/// Where a partial answer begins, and the size of the whole: `bytes 100-199/200`.
pub(super) fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let range = text(headers, header::CONTENT_RANGE)?.strip_prefix("bytes ")?;
    let (span, total) = range.split_once('/')?;
    let start = span.split_once('-')?.0.trim().parse().ok()?;
    Some((start, total.trim().parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(range: &str) -> HeaderMap {
        let value = range.parse().expect("a value");
        HeaderMap::from_iter([(header::CONTENT_RANGE, value)])
    }

    #[test]
    fn a_range_says_where_it_begins_and_the_size_if_known() {
        let of = |text: &str| range(&headers(text));
        assert_eq!(of("bytes 100-199/200"), Some((100, Some(200))));
        assert_eq!(of("bytes 100-199/*"), Some((100, None)));
        for other in ["bytes */200", "items 1-2/3", "bytes 1", "bytes a-b/c", ""] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
