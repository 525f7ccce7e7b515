//! A file's bytes: plain or gzip, checked against a declared sum, bounded.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::error::IngestError;
use crate::refusal::Findings;

/// The largest content read, compressed or not: a small gzip may hold a very large nothing.
const MAX_BYTES: u64 = 2 << 30;

/// How much of a file is hashed at a time.
const PIECE_BYTES: usize = 1 << 20;

/// The largest record (a CSV row, a JSON object, a feature); anything larger is a lost quote or bracket.
pub(crate) const MAX_RECORD_BYTES: usize = 32 << 20;

/// A file as read: decompressed, without byte order mark.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) content: Vec<u8>,
    /// Of the bytes on disk, in hexadecimal.
    pub(crate) sha256: String,
}

impl File {
    /// Reads a file whole.
    pub(crate) fn open(path: &Path, declared: Option<&str>) -> Result<Self, IngestError> {
        let raw = raw(path)?;
        let sha256 = checked(path, hex(&Sha256::digest(&raw)), declared)?;
        let mut content = if raw.starts_with(&[0x1f, 0x8b]) { gunzip(path, &raw)? } else { raw };
        if content.starts_with(&[0xff, 0xfe]) || content.starts_with(&[0xfe, 0xff]) {
            return Err(IngestError::Format {
                path: path.to_owned(),
                reason: "is in UTF-16; save it as UTF-8".to_owned(),
            });
        }
        if content.starts_with(b"\xef\xbb\xbf") {
            content.drain(..3);
        }
        if content.iter().all(u8::is_ascii_whitespace) {
            return Err(IngestError::Format {
                path: path.to_owned(),
                reason: "is empty; check that it was fetched whole".to_owned(),
            });
        }
        Ok(Self { path: path.to_owned(), content, sha256 })
    }

    /// Its name without its folder, as findings quote it.
    pub(crate) fn name(&self) -> String {
        name(&self.path)
    }

    pub(crate) fn findings(&self) -> Findings {
        Findings::of(self.name())
    }

    /// It is not what was expected of it.
    pub(crate) fn unlike(&self, reason: impl Into<String>) -> IngestError {
        IngestError::Format { path: self.path.clone(), reason: reason.into() }
    }

    #[cfg(test)]
    pub(crate) fn of(content: impl Into<Vec<u8>>) -> Self {
        Self { path: PathBuf::from("folder/test.file"), content: content.into(), sha256: String::new() }
    }
}

/// The name of a file without its folder.
pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The bytes on disk.
pub(crate) fn raw(path: &Path) -> Result<Vec<u8>, IngestError> {
    let (file, len) = open(path)?;
    if len > MAX_BYTES {
        return Err(unreadable(path, format!("it holds more than {MAX_BYTES} bytes")));
    }
    let mut bytes = Vec::with_capacity(len as usize);
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(|e| failed(path, &e))?;
    Ok(bytes)
}

/// Adds the length of a file and its bytes to a digest, a piece at a time: an extract of roads may
/// hold gigabytes.
pub(crate) fn hash(path: &Path, digest: &mut Sha256) -> Result<(), IngestError> {
    let (file, len) = open(path)?;
    digest.update(len.to_le_bytes());
    feed(path, file, len, digest)
}

/// The SHA-256 of the bytes on disk, in hexadecimal, checked against a declared one.
pub(crate) fn sha256(path: &Path, declared: Option<&str>) -> Result<String, IngestError> {
    let (file, len) = open(path)?;
    let mut digest = Sha256::new();
    feed(path, file, len, &mut digest)?;
    checked(path, hex(&digest.finalize()), declared)
}

/// A sum that is the one declared, if one is.
fn checked(path: &Path, found: String, declared: Option<&str>) -> Result<String, IngestError> {
    match declared.filter(|d| !d.eq_ignore_ascii_case(&found)) {
        Some(declared) => {
            Err(IngestError::Checksum { path: path.to_owned(), declared: declared.to_owned(), found })
        }
        None => Ok(found),
    }
}

fn feed(path: &Path, mut file: std::fs::File, len: u64, digest: &mut Sha256) -> Result<(), IngestError> {
    let mut piece = vec![0; PIECE_BYTES];
    let mut n_read: u64 = 0;
    loop {
        let n = match file.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(failed(path, &e)),
        };
        digest.update(&piece[..n]);
        n_read += n as u64;
    }
    if n_read == len { Ok(()) } else { Err(unreadable(path, "it changed while it was read".to_owned())) }
}

/// A file and how many bytes it holds.
fn open(path: &Path) -> Result<(std::fs::File, u64), IngestError> {
    let file = std::fs::File::open(path).map_err(|e| failed(path, &e))?;
    let about = file.metadata().map_err(|e| failed(path, &e))?;
    if about.is_dir() {
        return Err(unreadable(path, "it is a folder".to_owned()));
    }
    Ok((file, about.len()))
}

fn failed(path: &Path, error: &std::io::Error) -> IngestError {
    match error.kind() {
        ErrorKind::NotFound => IngestError::Missing(path.to_owned()),
        _ => unreadable(path, error.to_string()),
    }
}

fn unreadable(path: &Path, reason: String) -> IngestError {
    IngestError::Unreadable { path: path.to_owned(), reason }
}

fn gunzip(path: &Path, raw: &[u8]) -> Result<Vec<u8>, IngestError> {
    let damaged = |reason: String| IngestError::Damaged { path: path.to_owned(), reason };
    let mut content = Vec::new();
    MultiGzDecoder::new(raw)
        .take(MAX_BYTES + 1)
        .read_to_end(&mut content)
        .map_err(|e| damaged(format!("its gzip is truncated or damaged ({e})")))?;
    if content.len() as u64 > MAX_BYTES {
        return Err(damaged(format!("its gzip holds more than {MAX_BYTES} bytes")));
    }
    Ok(content)
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use std::io::Write;

    fn written(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("temporary file");
        file.write_all(bytes).expect("written");
        file
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).expect("compressed");
        encoder.finish().expect("compressed")
    }

    fn refused(bytes: &[u8]) -> String {
        File::open(written(bytes).path(), None).expect_err("refused").to_string()
    }

    #[test]
    fn plain_and_gzip_are_the_same_content_and_a_bom_is_dropped() {
        for bytes in [b"a,b\n1,2".to_vec(), gzip(b"a,b\n1,2"), b"\xef\xbb\xbfa,b\n1,2".to_vec()] {
            let file = File::open(written(&bytes).path(), None).expect("read");
            assert_eq!(file.content, b"a,b\n1,2");
        }
    }

    #[test]
    fn a_truncated_archive_is_said_to_be_truncated() {
        let whole = gzip(&vec![b'x'; 100_000]);
        assert!(refused(&whole[..whole.len() / 2]).contains("truncated"));
        assert!(refused(&[0x1f, 0x8b]).contains("truncated"));
    }

    #[test]
    fn an_empty_a_missing_and_a_utf16_file_are_named() {
        assert!(refused(b"").contains("is empty"));
        assert!(refused(b" \n").contains("is empty"));
        assert!(refused(b"\xff\xfea\0").contains("UTF-16"));
        let missing = File::open(Path::new("/nowhere/x.csv"), None).expect_err("missing").to_string();
        assert!(missing.contains("/nowhere/x.csv") && missing.contains("no such file"));
        assert!(File::open(Path::new("/"), None).expect_err("folder").to_string().contains("folder"));
    }

    #[test]
    fn a_file_hashed_piece_by_piece_counts_its_length_and_every_byte() {
        let of = |bytes: &[u8]| {
            let mut digest = Sha256::new();
            hash(written(bytes).path(), &mut digest).expect("hashed");
            hex(&digest.finalize())
        };
        let large: Vec<u8> = (0..2 * PIECE_BYTES + 7).map(|i| (i % 251) as u8).collect();
        let whole = [&(large.len() as u64).to_le_bytes()[..], &large].concat();
        assert_eq!(of(&large), hex(&Sha256::digest(&whole)));
        assert_ne!(of(&large), of(&large[1..]));
        assert!(
            hash(Path::new("/"), &mut Sha256::new()).expect_err("a folder").to_string().contains("folder")
        );
        let missing = hash(Path::new("/nowhere/x.pbf"), &mut Sha256::new()).expect_err("missing").to_string();
        assert!(missing.contains("/nowhere/x.pbf"), "{missing}");
    }

    #[test]
    fn a_declared_sum_is_checked_whatever_its_case() {
        let file = written(b"abc");
        let sum = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
        assert!(File::open(file.path(), Some(sum)).is_ok());
        assert!(File::open(file.path(), Some("00")).expect_err("wrong").to_string().contains("sha256"));
    }
}
