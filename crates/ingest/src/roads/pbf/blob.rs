//! The blobs of a file, one after another, each compressed on its own.

use std::borrow::Cow;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::ZlibDecoder;

use super::wire::{Fields, Flaw};
use crate::error::IngestError;

/// The largest header of a blob, by the format.
const MAX_HEADER_BYTES: u64 = 64 << 10;
/// The largest blob, compressed or not, by the format.
const MAX_BLOB_BYTES: u64 = 32 << 20;

/// What a blob is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Header,
    Data,
    /// Readers skip what they do not know.
    Other,
}

/// A blob as it is in the file.
#[derive(Debug)]
pub(in crate::roads) struct Blob {
    /// Where it begins, bytes from the start of the file.
    pub(in crate::roads) at: u64,
    message: Vec<u8>,
}

impl Blob {
    /// Its size in the file, bytes.
    pub(in crate::roads) fn n_bytes(&self) -> usize {
        self.message.len()
    }

    /// Its block, decompressed.
    pub(in crate::roads) fn content(&self) -> Result<Cow<'_, [u8]>, Flaw> {
        let mut size = None;
        let mut content = None;
        for field in Fields::of(&self.message) {
            match field? {
                (1, raw) => content = Some(Cow::Borrowed(raw.bytes()?)),
                (2, raw_size) => size = Some(raw_size.number()?),
                (3, zlib) => content = Some(Cow::Owned(inflated(zlib.bytes()?)?)),
                (4..=7, _) => {
                    let why = "is compressed with lzma, bzip2, lz4 or zstd, and only zlib is read: write the \
                               file again with zlib (osmium cat --output-format=pbf,pbf_compression=zlib)";
                    return Err(Flaw(why));
                }
                _ => {}
            }
        }
        let content = content.ok_or(Flaw("holds nothing"))?;
        // Of what is not compressed the size is often left out.
        match size {
            Some(size) if size != content.len() as u64 => Err(Flaw("is not as long as it says")),
            _ => Ok(content),
        }
    }
}

fn inflated(zlib: &[u8]) -> Result<Vec<u8>, Flaw> {
    let mut content = Vec::with_capacity(zlib.len().saturating_mul(3).min(MAX_BLOB_BYTES as usize));
    let mut decoder = ZlibDecoder::new(zlib).take(MAX_BLOB_BYTES + 1);
    decoder.read_to_end(&mut content).map_err(|_| Flaw("has a truncated or damaged zlib content"))?;
    if content.len() as u64 > MAX_BLOB_BYTES { Err(Flaw("holds more than 32 MiB")) } else { Ok(content) }
}

/// The blobs of a file.
#[derive(Debug)]
pub(in crate::roads) struct Blobs {
    path: PathBuf,
    file: File,
    at: u64,
    len: u64,
}

impl Blobs {
    /// Opens a file and gives its header's content, which comes first, and the blobs after it.
    pub(in crate::roads) fn open(path: &Path) -> Result<(Blob, Self), IngestError> {
        let failed = |e: std::io::Error| match e.kind() {
            ErrorKind::NotFound => IngestError::Missing(path.to_owned()),
            _ => IngestError::Unreadable { path: path.to_owned(), reason: e.to_string() },
        };
        let file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            let reason = "it is a folder".to_owned();
            return Err(IngestError::Unreadable { path: path.to_owned(), reason });
        }
        let mut blobs = Self { path: path.to_owned(), file, at: 0, len: about.len() };
        let first = if blobs.len == 0 { None } else { blobs.read().unwrap_or(None) };
        match first {
            Some((Kind::Header, header)) => Ok((header, blobs)),
            _ => Err(blobs.not_a_pbf()),
        }
    }

    /// The next blob of data, none at the end.
    pub(in crate::roads) fn next(&mut self) -> Result<Option<Blob>, IngestError> {
        while let Some((kind, blob)) = self.read()? {
            match kind {
                Kind::Data => return Ok(Some(blob)),
                Kind::Header => return Err(self.damaged(blob.at, Flaw("is a second header"))),
                Kind::Other => {}
            }
        }
        Ok(None)
    }

    /// The blob that begins there.
    pub(in crate::roads) fn at(&mut self, at: u64) -> Result<Option<Blob>, IngestError> {
        self.file.seek(SeekFrom::Start(at)).map_err(|e| self.failed(&e))?;
        self.at = at;
        self.next()
    }

    /// The block at a place of this file is not as it should be.
    pub(in crate::roads) fn damaged(&self, at: u64, Flaw(what): Flaw) -> IngestError {
        IngestError::Damaged { path: self.path.clone(), reason: format!("its block at byte {at} {what}") }
    }

    fn read(&mut self) -> Result<Option<(Kind, Blob)>, IngestError> {
        let begin = self.at;
        if begin >= self.len {
            return Ok(None);
        }
        let size = self.bytes(begin, 4)?;
        let size = size.iter().fold(0, |size, &byte| size << 8 | u64::from(byte));
        if size > MAX_HEADER_BYTES {
            return Err(self.damaged(begin, Flaw("announces a header of more than 64 KiB")));
        }
        let header = self.bytes(begin, size)?;
        let (kind, size) = self::header(&header).map_err(|flaw| self.damaged(begin, flaw))?;
        if size > MAX_BLOB_BYTES {
            return Err(self.damaged(begin, Flaw("announces more than 32 MiB")));
        }
        let message = self.bytes(begin, size)?;
        Ok(Some((kind, Blob { at: begin, message })))
    }

    /// The next bytes of the file, part of the blob that begins there.
    fn bytes(&mut self, begin: u64, n: u64) -> Result<Vec<u8>, IngestError> {
        if self.len - self.at.min(self.len) < n {
            let reason = format!("it is truncated: its block at byte {begin} goes past the end of the file");
            return Err(IngestError::Damaged { path: self.path.clone(), reason });
        }
        let mut bytes = vec![0; n as usize];
        self.file.read_exact(&mut bytes).map_err(|e| self.failed(&e))?;
        self.at += n;
        Ok(bytes)
    }

    fn failed(&self, error: &std::io::Error) -> IngestError {
        IngestError::Unreadable { path: self.path.clone(), reason: error.to_string() }
    }

    /// It does not begin as a PBF file does.
    fn not_a_pbf(&mut self) -> IngestError {
        let mut start = Vec::new();
        let read = self.file.rewind().and_then(|()| (&self.file).take(64).read_to_end(&mut start));
        let start = if read.is_ok() { start.as_slice() } else { &[] };
        let is = match start {
            [] => "is empty",
            [b'<', ..] | [0xef, 0xbb, 0xbf, b'<', ..] => {
                "is XML, and not an .osm.pbf: convert it (osmium cat)"
            }
            [b'B', b'Z', b'h', ..] => "is a bzip2 archive, and not an .osm.pbf: convert it (osmium cat)",
            [0x1f, 0x8b, ..] => "is a gzip archive, and not an .osm.pbf: convert it (osmium cat)",
            [b'P', b'K', ..] => "is a zip archive, and not an .osm.pbf: unpack it",
            _ => "is no OpenStreetMap PBF file: it does not begin with an OSMHeader; give an .osm.pbf",
        };
        IngestError::Format { path: self.path.clone(), reason: is.to_owned() }
    }
}

/// What a blob is about and how many bytes it has.
fn header(message: &[u8]) -> Result<(Kind, u64), Flaw> {
    let mut kind = None;
    let mut size = None;
    for field in Fields::of(message) {
        match field? {
            (1, name) => {
                kind = Some(match name.bytes()? {
                    b"OSMHeader" => Kind::Header,
                    b"OSMData" => Kind::Data,
                    _ => Kind::Other,
                });
            }
            (3, bytes) => size = Some(bytes.number()?),
            _ => {}
        }
    }
    kind.zip(size).ok_or(Flaw("does not say what it is, or how long"))
}
