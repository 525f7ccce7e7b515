//! What a client accepts, and what it already holds (RFC 9110 §12.5.3 and §13.1.2).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::problem::Problem;

/// A content coding, of those we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

/// What a request accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// What it likes best, ours first among equals.
    pub(crate) best: Encoding,
    /// Whether bytes as they are would do.
    pub(crate) identity: bool,
}

impl Encoding {
    /// Its name in `Content-Encoding`; none of bytes as they are.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

impl Accepted {
    /// Reads every `Accept-Encoding` of a request: bytes as they are when there is none.
    ///
    /// A list over several lines is one list. A weight that is none refuses its coding.
    pub(crate) fn of(request: &HeaderMap) -> Result<Self, Problem> {
        let mut weights = Weights::default();
        for line in request.get_all(header::ACCEPT_ENCODING) {
            line.to_str().unwrap_or_default().split(',').for_each(|item| weights.read(item));
        }
        let identity = weights.identity();
        let offers = [
            (Encoding::Brotli, weights.of(weights.brotli)),
            (Encoding::Gzip, weights.of(weights.gzip)),
            (Encoding::Identity, identity),
        ];
        let mut best: Option<(Encoding, f32)> = None;
        for (encoding, weight) in offers {
            if weight > best.map_or(0.0, |(_, most)| most) {
                best = Some((encoding, weight));
            }
        }
        let (best, _) = best.ok_or(Problem::NotAcceptable)?;
        Ok(Self { best, identity: identity > 0.0 })
    }
}

/// The weight a request gives to each coding that it names; of one named twice the first counts.
#[derive(Default)]
struct Weights {
    brotli: Option<f32>,
    gzip: Option<f32>,
    identity: Option<f32>,
    any: Option<f32>,
}

impl Weights {
    fn read(&mut self, item: &str) {
        let mut parts = item.split(';').map(str::trim);
        let coding = parts.next().unwrap_or_default();
        let slot = match coding {
            _ if coding.eq_ignore_ascii_case("br") => &mut self.brotli,
            // The old name of the same (RFC 9110 §8.4.1.3).
            _ if coding.eq_ignore_ascii_case("gzip") || coding.eq_ignore_ascii_case("x-gzip") => {
                &mut self.gzip
            }
            _ if coding.eq_ignore_ascii_case("identity") => &mut self.identity,
            "*" => &mut self.any,
            _ => return,
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        slot.get_or_insert(weight.map_or(1.0, weighed));
    }

    fn of(&self, named: Option<f32>) -> f32 {
        named.or(self.any).unwrap_or(0.0)
    }

    /// Acceptable, after all others, unless it is refused by name or by the star.
    fn identity(&self) -> f32 {
        self.identity.unwrap_or(if self.any == Some(0.0) { 0.0 } else { f32::MIN_POSITIVE })
    }
}

/// A weight from 0 to 1; anything else refuses.
fn weighed(text: &str) -> f32 {
    text.parse().ok().filter(|weight| (0.0..=1.0).contains(weight)).unwrap_or(0.0)
}

/// Whether a client already holds the representation of this tag, by any line of `If-None-Match`: compared
/// weakly, as for any request that only reads.
pub(crate) fn is_held(request: &HeaderMap, tag: &HeaderValue) -> bool {
    let lines = request.get_all(header::IF_NONE_MATCH).iter();
    let mut items =
        lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b',')).map(<[u8]>::trim_ascii);
    items.any(|item| item == b"*" || item.strip_prefix(b"W/").unwrap_or(item) == tag.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn accepting(lines: &[&str]) -> Result<Encoding, Problem> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::ACCEPT_ENCODING, HeaderValue::from_str(line).expect("a header"));
        }
        Accepted::of(&headers).map(|accepted| accepted.best)
    }

    #[test]
    fn the_client_chooses_and_we_break_ties() {
        for (line, best) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip;q=1.0, br;q=0.5", Encoding::Gzip),
            ("GZIP;Q=1, br;q=0.5", Encoding::Gzip),
            ("x-gzip", Encoding::Gzip),
            ("deflate", Encoding::Identity),
            ("*", Encoding::Brotli),
            ("br;q=0, *;q=0.1", Encoding::Gzip),
            ("identity;q=0, *", Encoding::Brotli),
            ("identity;q=0, gzip;q=0.001", Encoding::Gzip),
            ("identity, gzip;q=0.5", Encoding::Identity),
            ("br;q=2, gzip;q=0.1", Encoding::Gzip),
            ("br;q=NaN, gzip;q=-1", Encoding::Identity),
            ("br;q=, gzip", Encoding::Gzip),
            ("br;q=0, br", Encoding::Identity),
            (" , ;q=1,,", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            assert_eq!(accepting(&[line]), Ok(best), "{line}");
        }
        for refused in ["identity;q=0", "*;q=0", "identity;q=0, deflate", "identity;q=x, br;q=0, gzip;q=0"] {
            assert_eq!(accepting(&[refused]), Err(Problem::NotAcceptable), "{refused}");
        }
    }

    #[test]
    fn several_lines_are_one_list() {
        assert_eq!(accepting(&[]), Ok(Encoding::Identity));
        assert_eq!(accepting(&["deflate", "gzip"]), Ok(Encoding::Gzip));
        assert_eq!(accepting(&["gzip;q=0.5", "br"]), Ok(Encoding::Brotli));
        assert_eq!(accepting(&["gzip", "*;q=0"]), Ok(Encoding::Gzip));
        assert_eq!(accepting(&["identity;q=0", "gzip;q=0, br;q=0"]), Err(Problem::NotAcceptable));
    }

    #[test]
    fn a_tag_matches_in_a_list_weakly_or_by_a_star() {
        let tag = HeaderValue::from_static("\"abc\"");
        let held = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::IF_NONE_MATCH, HeaderValue::from_str(line).expect("a header"));
            }
            is_held(&headers, &tag)
        };
        assert!(
            held(&["\"x\", W/\"abc\""]) && held(&["*"]) && held(&["\"abc\""]) && held(&["\"x\"", "\"abc\""])
        );
        assert!(!held(&["\"ab\""]) && !held(&["abc"]) && !held(&[]) && !held(&["", ","]));
    }

    proptest! {
        #[test]
        fn no_header_makes_it_panic_and_what_is_refused_is_not_answered(line in "[a-z*;=,.0-9 qQ-]{0,60}") {
            if let Ok(best) = accepting(&[&line]) {
                let refused = format!("{line}, ");
                prop_assert_eq!(accepting(&[&refused]), Ok(best));
            }
        }

        #[test]
        fn any_bytes_are_a_header_that_is_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let mut headers = HeaderMap::new();
                headers.insert(header::ACCEPT_ENCODING, value.clone());
                headers.insert(header::IF_NONE_MATCH, value);
                let _ = Accepted::of(&headers);
                let _ = is_held(&headers, &HeaderValue::from_static("\"abc\""));
            }
        }
    }
}
