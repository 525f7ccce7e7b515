//! Bytes with a media type, and the same in a content coding, ready to be sent.

use std::io::Write;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::negotiation::{Accepted, Encoding, is_held};
use crate::problem::Problem;
use crate::range::{Part, content_range, unsatisfied};

/// Below this many bytes an encoding saves nothing.
const WORTH_COMPRESSING: usize = 256;

/// Quality of brotli and level of gzip, chosen on tiles of France (docs/performance.md): the first client
/// waits for them, and one step more saves five bytes in a hundred of a tile for twice the time.
const BROTLI_QUALITY: i32 = 4;
const GZIP_LEVEL: u32 = 4;

/// The window of brotli in bits, enough for a tile: a larger one takes longer to clear than a tile to write.
const TILE_WINDOW: i32 = 18;

/// Its window for what is larger than a tile.
const LARGE_WINDOW: i32 = 22;

/// What an entry takes besides what it measures: itself, its place in the cache, its allocations.
const ENTRY: u64 = 512;

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
    about: About,
    content: Bytes,
}

/// What is the same of a representation in every coding.
struct About {
    media_type: &'static str,
    /// Headers of its own, such as a file name or links.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// What of a request decides which representation its address has.
    vary: &'static str,
}

/// A representation in one content coding, with its tag: bytes and headers made once, sent any number of
/// times.
pub(crate) struct Encoded {
    about: Arc<About>,
    encoding: Encoding,
    content: Bytes,
    length: HeaderValue,
    /// Of the bytes as they are, in hexadecimal.
    digest: String,
    tag: HeaderValue,
}

impl Representation {
    pub(crate) fn new(media_type: &'static str, content: impl Into<Vec<u8>>) -> Self {
        // What is kept is as long as what is counted.
        Self::of(media_type, Bytes::from(content.into().into_boxed_slice()))
    }

    /// Of bytes that the program holds.
    pub(crate) fn fixed(media_type: &'static str, content: &'static [u8]) -> Self {
        Self::of(media_type, Bytes::from_static(content))
    }

    fn of(media_type: &'static str, content: Bytes) -> Self {
        Self { about: About { media_type, headers: Vec::new(), vary: "Accept-Encoding" }, content }
    }

    /// The same with a header more; a value that no header can hold is left out.
    pub(crate) fn with(mut self, name: HeaderName, value: &str) -> Self {
        self.about.headers.extend(HeaderValue::from_str(value).ok().map(|value| (name, value)));
        self
    }

    /// The same, at an address whose media type the client may choose with `Accept`.
    pub(crate) fn negotiated(mut self) -> Self {
        self.about.vary = "Accept-Encoding, Accept";
        self
    }

    /// Its bytes as they are.
    pub(crate) fn identity(self) -> Result<Encoded, Problem> {
        let digest = atlas::store::hex(&Sha256::digest(&self.content)[..12]);
        Encoded::new(Arc::new(self.about), Encoding::Identity, self.content, digest)
    }
}

impl Encoded {
    fn new(about: Arc<About>, encoding: Encoding, content: Bytes, digest: String) -> Result<Self, Problem> {
        let (mark, suffix) = encoding.name().map_or(("", ""), |name| ("-", name));
        let tag = format!("\"{digest}{mark}{suffix}\"").try_into().map_err(|_| Problem::Internal)?;
        let length = HeaderValue::from(content.len());
        Ok(Self { about, encoding, content, length, digest, tag })
    }

    /// The same bytes in a coding; as they are when that saves nothing and the client takes them so.
    pub(crate) fn encode(self: &Arc<Self>, accepted: Accepted) -> Result<Arc<Self>, Problem> {
        let spared = self.content.len() < WORTH_COMPRESSING || !compressible(self.about.media_type);
        if self.content.is_empty() || spared && accepted.identity {
            return Ok(self.clone());
        }
        let content = match accepted.best {
            Encoding::Identity => return Ok(self.clone()),
            Encoding::Gzip => gzip(&self.content),
            Encoding::Brotli => brotli(&self.content),
        };
        let content = Bytes::from(content.map_err(|_| Problem::Internal)?.into_boxed_slice());
        Self::new(self.about.clone(), accepted.best, content, self.digest.clone()).map(Arc::new)
    }

    /// Bytes it takes.
    pub(crate) fn weight(&self) -> u64 {
        let headers = self.about.headers.iter().map(|(_, value)| 96 + value.len() as u64).sum::<u64>();
        ENTRY + headers + self.content.len() as u64
    }

    /// The answer to a request: nothing when the client holds it already, else the bytes.
    pub(crate) fn answer(&self, request: &HeaderMap, freshness: Freshness) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.reserve(9 + self.about.headers.len());
        headers.insert(header::VARY, HeaderValue::from_static(self.about.vary));
        headers.insert(header::ETAG, self.tag.clone());
        let kept = match freshness {
            Freshness::Immutable => "public, max-age=31536000, immutable",
            Freshness::Revalidate => "public, no-cache",
        };
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        if is_held(request, &self.tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        if self.content.is_empty() {
            *response.status_mut() = StatusCode::NO_CONTENT;
            return response;
        }
        let mut part = self.content.clone();
        headers.insert(header::CONTENT_LENGTH, self.length.clone());
        if !compressible(self.about.media_type) {
            headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            let length = self.content.len() as u64;
            match Part::of(request, length, &self.tag) {
                Part::Whole => {}
                Part::Nowhere => return Problem::NoSuchRange(unsatisfied(length)).into_response(),
                Part::Bytes(range) => {
                    let value = HeaderValue::try_from(content_range(&range, length));
                    headers.extend(value.ok().map(|value| (header::CONTENT_RANGE, value)));
                    part = part.slice(range.start as usize..range.end as usize);
                    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(part.len()));
                    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                }
            }
        }
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.about.media_type));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if let Some(name) = self.encoding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        for (name, value) in &self.about.headers {
            headers.append(name, value.clone());
        }
        *response.body_mut() = Body::from(part);
        response
    }
}

/// A FlatGeobuf is saved as it is, to be read by ranges; fonts and images are compressed already.
fn compressible(media_type: &str) -> bool {
    !matches!(media_type, "application/flatgeobuf" | "image/png" | "font/woff2")
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP_LEVEL));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoded = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: if bytes.len() >> (TILE_WINDOW + 1) == 0 { TILE_WINDOW } else { LARGE_WINDOW },
        size_hint: bytes.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut encoded, &parameters)?;
    Ok(encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(content: Vec<u8>, accept: &str) -> Arc<Encoded> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_str(accept).expect("a header"));
        let identity = Representation::new("text/plain", content).identity().expect("bytes");
        Arc::new(identity).encode(Accepted::of(&headers).expect("accepted")).expect("encoded")
    }

    #[test]
    fn what_saves_nothing_is_sent_as_it_is_unless_that_is_refused() {
        for (length, accept, encoding) in [
            (4_000, "br, gzip", Encoding::Brotli),
            (4_000, "gzip", Encoding::Gzip),
            (4_000, "", Encoding::Identity),
            (100, "br, gzip", Encoding::Identity),
            (100, "gzip, identity;q=0", Encoding::Gzip),
            (0, "gzip, identity;q=0", Encoding::Identity),
        ] {
            let encoded = encoded(vec![b'a'; length], accept);
            assert_eq!(encoded.encoding, encoding, "{length} {accept}");
            let answer = encoded.answer(&HeaderMap::new(), Freshness::Revalidate);
            let sent = answer.headers().get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes);
            assert_eq!(sent, encoding.name().map(str::as_bytes));
        }
    }

    #[test]
    fn an_entry_weighs_what_it_holds() {
        let long = |n: usize| (0..n).map(|i| (i * i % 251) as u8).collect::<Vec<u8>>();
        let (small, large) = (encoded(long(1_000), ""), encoded(long(50_000), ""));
        assert_eq!(large.weight() - small.weight(), 49_000);
        let gzip = encoded(long(50_000), "gzip");
        assert_eq!(gzip.weight(), ENTRY + gzip.content.len() as u64);
    }
}
