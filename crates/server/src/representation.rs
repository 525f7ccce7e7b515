//! Bytes with a media type, in every encoding, each made once.

use std::io::Write;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::Response;
use sha2::{Digest, Sha256};

use crate::problem::Problem;

/// Below this many bytes an encoding saves nothing.
const WORTH_COMPRESSING: usize = 256;

/// Quality of brotli: near the best ratio per time for map tiles and text.
const BROTLI_QUALITY: i32 = 5;

/// How long a client may keep a representation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Freshness {
    /// Its address names its content: for ever.
    Immutable,
    /// It must ask each time, and is told 304 while nothing changed.
    Revalidate,
}

/// A representation; empty content is answered 204.
pub(crate) struct Representation {
    media_type: &'static str,
    /// Headers of its own, such as a file name or links.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What of a request decides which representation its address has.
    vary: &'static str,
    identity: Bytes,
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
    digest: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Gzip,
    Identity,
}

impl Representation {
    pub(crate) fn new(media_type: &'static str, content: impl Into<Bytes>) -> Self {
        let identity = content.into();
        let digest = atlas::store::hex(&Sha256::digest(&identity)[..12]);
        Self {
            media_type,
            headers: Vec::new(),
            vary: "Accept-Encoding",
            identity,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            digest,
        }
    }

    /// The same with a header more; a value that no header can hold is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// The same, at an address whose media type the client may choose with `Accept`.
    pub(crate) fn negotiated(self) -> Self {
        Self { vary: "Accept-Encoding, Accept", ..self }
    }

    /// Bytes held at most, encodings included.
    pub(crate) fn weight(&self) -> u64 {
        let headers = self.headers.iter().map(|(_, value)| 64 + value.len() as u64).sum::<u64>();
        2 * self.identity.len() as u64 + headers + 256
    }

    fn encoded(&self, encoding: Encoding) -> Result<Bytes, Problem> {
        Ok(match encoding {
            Encoding::Identity => self.identity.clone(),
            Encoding::Gzip => once(&self.gzip, || gzip(&self.identity))?,
            Encoding::Brotli => once(&self.brotli, || brotli(&self.identity))?,
        })
    }

    /// Answers a request if that takes no compressing, none otherwise: what an async worker may do.
    pub(crate) fn answer_at_once(
        self: &Arc<Self>,
        request: &HeaderMap,
        freshness: Freshness,
    ) -> Option<Result<Response, Problem>> {
        let made = match self.encoding(request) {
            Ok(Encoding::Gzip) => self.gzip.get().is_some(),
            Ok(Encoding::Brotli) => self.brotli.get().is_some(),
            Ok(Encoding::Identity) | Err(_) => true,
        };
        made.then(|| self.answer(request, freshness))
    }

    fn encoding(&self, request: &HeaderMap) -> Result<Encoding, Problem> {
        if self.identity.len() < WORTH_COMPRESSING || !compressible(self.media_type) {
            return Ok(Encoding::Identity);
        }
        negotiate(request)
    }

    /// Answers a request, compressing on the calling thread if that was not done yet.
    pub(crate) fn answer(
        self: &Arc<Self>,
        request: &HeaderMap,
        freshness: Freshness,
    ) -> Result<Response, Problem> {
        let encoding = self.encoding(request)?;
        let suffix = match encoding {
            Encoding::Identity => "",
            Encoding::Gzip => "-gzip",
            Encoding::Brotli => "-br",
        };
        let tag = format!("\"{}{suffix}\"", self.digest);
        let mut response =
            Response::builder().header(header::VARY, self.vary).header(header::ETAG, &tag).header(
                header::CACHE_CONTROL,
                match freshness {
                    Freshness::Immutable => "public, max-age=31536000, immutable",
                    Freshness::Revalidate => "public, no-cache",
                },
            );
        let body = if none_match(request, &tag) {
            response = response.status(StatusCode::NOT_MODIFIED);
            Body::empty()
        } else if self.identity.is_empty() {
            response = response.status(StatusCode::NO_CONTENT);
            Body::empty()
        } else {
            let bytes = self.encoded(encoding)?;
            response = response
                .header(header::CONTENT_TYPE, self.media_type)
                .header(header::CONTENT_LENGTH, bytes.len())
                .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
            response = match encoding {
                Encoding::Identity => response,
                Encoding::Gzip => response.header(header::CONTENT_ENCODING, "gzip"),
                Encoding::Brotli => response.header(header::CONTENT_ENCODING, "br"),
            };
            for (name, value) in &self.headers {
                response = response.header(name, value);
            }
            Body::from(bytes)
        };
        response.body(body).map_err(|_| Problem::Internal)
    }
}

/// A FlatGeobuf is saved as it is, to be read by ranges; fonts and images are compressed already.
fn compressible(media_type: &str) -> bool {
    !matches!(media_type, "application/flatgeobuf" | "image/png" | "font/woff2")
}

/// The bytes of an encoding, made once whoever asks at the same time.
fn once(
    cell: &OnceLock<Option<Bytes>>,
    make: impl FnOnce() -> std::io::Result<Vec<u8>>,
) -> Result<Bytes, Problem> {
    cell.get_or_init(|| make().ok().map(Bytes::from)).clone().ok_or(Problem::Internal)
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoded = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: BROTLI_QUALITY, ..Default::default() };
    brotli::BrotliCompress(&mut &*bytes, &mut encoded, &parameters)?;
    Ok(encoded)
}

/// The encoding the client likes best, ours first among equals; identity when it says nothing.
fn negotiate(request: &HeaderMap) -> Result<Encoding, Problem> {
    let Some(accepted) = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()) else {
        return Ok(Encoding::Identity);
    };
    let quality = |name: &str| -> Option<f32> {
        accepted.split(',').find_map(|item| {
            let mut parts = item.split(';').map(str::trim);
            let coding = parts.next()?;
            let q = parts.find_map(|p| p.strip_prefix("q=")).map_or(1.0, |q| q.parse().unwrap_or(0.0));
            coding.eq_ignore_ascii_case(name).then_some(q)
        })
    };
    let star = quality("*");
    let named = |name: &str| quality(name).or(star).unwrap_or(0.0);
    // Identity is acceptable unless it is refused by name or by the star.
    let identity = quality("identity").unwrap_or(if star == Some(0.0) { 0.0 } else { f32::MIN_POSITIVE });
    let offers =
        [(Encoding::Brotli, named("br")), (Encoding::Gzip, named("gzip")), (Encoding::Identity, identity)];
    let mut best = None;
    for (encoding, quality) in offers {
        if quality > best.map_or(0.0, |(_, q)| q) {
            best = Some((encoding, quality));
        }
    }
    best.map(|(encoding, _)| encoding).ok_or(Problem::NotAcceptable)
}

/// Whether the client already holds the representation of this tag.
fn none_match(request: &HeaderMap, tag: &str) -> bool {
    request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|list| {
        list.split(',')
            .map(str::trim)
            .any(|item| item == "*" || item.strip_prefix("W/").unwrap_or(item) == tag)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepting(value: &str) -> Result<Encoding, Problem> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(value).expect("a header"));
        negotiate(&headers)
    }

    #[test]
    fn the_client_chooses_and_we_break_ties() {
        assert_eq!(negotiate(&HeaderMap::new()), Ok(Encoding::Identity));
        assert_eq!(accepting("gzip, deflate, br, zstd"), Ok(Encoding::Brotli));
        assert_eq!(accepting("gzip;q=1.0, br;q=0.5"), Ok(Encoding::Gzip));
        assert_eq!(accepting("deflate"), Ok(Encoding::Identity));
        assert_eq!(accepting("*"), Ok(Encoding::Brotli));
        assert_eq!(accepting("br;q=0, *;q=0.1"), Ok(Encoding::Gzip));
        assert_eq!(accepting("identity;q=0"), Err(Problem::NotAcceptable));
        assert_eq!(accepting("*;q=0"), Err(Problem::NotAcceptable));
        assert_eq!(accepting(""), Ok(Encoding::Identity));
    }

    #[test]
    fn a_tag_matches_in_a_list_weakly_or_by_a_star() {
        let matches = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(value).expect("a header"));
            none_match(&headers, "\"abc\"")
        };
        assert!(matches("\"x\", W/\"abc\"") && matches("*") && matches("\"abc\""));
        assert!(!matches("\"ab\"") && !matches("abc"));
    }
}
