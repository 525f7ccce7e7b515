//! Files too large for memory: made once on disk, kept while there is room, sent in pieces or by ranges.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;

use crate::negotiation::is_held;
use crate::problem::Problem;
use crate::range::{Part, content_range, unsatisfied};

/// Bytes of files kept on disk; one larger is made again each time.
const KEPT_BYTES: u64 = 2 << 30;

/// Few enough that the cache is not cut in shards, each too small for the largest file.
const FEW: usize = 31;

/// Bytes read at a time for a client.
const PIECE: u64 = 256 << 10;

/// Files made, by all they depend on.
pub(crate) type Downloads = Cache<String, Arc<Download>, OnDisk>;

/// No file yet.
pub(crate) fn downloads() -> Downloads {
    Cache::with_weighter(FEW, KEPT_BYTES, OnDisk)
}

#[derive(Clone)]
pub(crate) struct OnDisk;

impl Weighter<String, Arc<Download>> for OnDisk {
    fn weight(&self, key: &String, file: &Arc<Download>) -> u64 {
        key.len() as u64 + file.length
    }
}

/// A file without a name, gone with the last who reads it.
pub(crate) struct Download {
    file: Arc<File>,
    length: u64,
    media_type: &'static str,
    disposition: HeaderValue,
    tag: HeaderValue,
}

impl Download {
    /// Writes a file, which a client saves under a name.
    pub(crate) fn make(
        media_type: &'static str,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Self, Problem> {
        let file = tempfile::tempfile().map_err(not_written)?;
        let digest = {
            let mut out = Told { out: BufWriter::with_capacity(1 << 18, &file), digest: Sha256::new() };
            write(&mut out).and_then(|()| out.flush()).map_err(not_written)?;
            atlas::store::hex(&out.digest.finalize()[..12])
        };
        let length = file.metadata().map_err(not_written)?.len();
        let header = |text: String| HeaderValue::try_from(text).map_err(|_| Problem::Internal);
        Ok(Self {
            file: Arc::new(file),
            length,
            media_type,
            disposition: header(format!("attachment; filename=\"{name}\""))?,
            tag: header(format!("\"{digest}\""))?,
        })
    }

    /// The answer to a request: nothing when the client holds it already, else the part it asks for.
    pub(crate) fn answer(&self, request: &HeaderMap) -> Response {
        let mut response = Response::new(Body::empty());
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.tag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        if is_held(request, &self.tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        let range = match Part::of(request, self.length, &self.tag) {
            Part::Whole => 0..self.length,
            Part::Nowhere => return Problem::NoSuchRange(unsatisfied(self.length)).into_response(),
            Part::Bytes(range) => {
                let value = HeaderValue::try_from(content_range(&range, self.length));
                headers.extend(value.ok().map(|value| (header::CONTENT_RANGE, value)));
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                range
            }
        };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
        headers.insert(header::CONTENT_DISPOSITION, self.disposition.clone());
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        *response.body_mut() = Body::new(Pieces { file: self.file.clone(), left: range, reading: None });
        response
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the last step of a `map_err`")]
fn not_written(error: io::Error) -> Problem {
    Problem::NotWritten(error.to_string())
}

/// Digests what it writes.
struct Told<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Write for Told<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A range of a file, read piece by piece as the client takes them: one that is slow holds no thread.
struct Pieces {
    file: Arc<File>,
    left: Range<u64>,
    reading: Option<JoinHandle<io::Result<Vec<u8>>>>,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let (file, at) = (self.file.clone(), self.left.start);
        let length = PIECE.min(self.left.end - at) as usize;
        let reading = self.reading.get_or_insert_with(|| {
            tokio::task::spawn_blocking(move || {
                let mut piece = vec![0; length];
                file.read_exact_at(&mut piece, at).map(|()| piece)
            })
        });
        let read = ready!(Pin::new(reading).poll(context)).map_err(io::Error::other).and_then(|read| read);
        self.reading = None;
        match read {
            Ok(piece) => {
                self.left.start += piece.len() as u64;
                Poll::Ready(Some(Ok(Frame::data(piece.into()))))
            }
            Err(error) => {
                self.left.start = self.left.end;
                Poll::Ready(Some(Err(error)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left.end - self.left.start)
    }
}
