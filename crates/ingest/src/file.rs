//! A file's bytes: plain or gzip, checked against a declared sum, bounded.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest, Sha256};

use crate::error::IngestError;
use crate::refusal::Findings;

/// The largest content read, compressed or not: a small gzip may hold a very large nothing.
const MAX_BYTES: u64 = 2 << 30;

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
        let sha256 = hex(&Sha256::digest(&raw));
        if let Some(declared) = declared.filter(|d| !d.eq_ignore_ascii_case(&sha256)) {
            return Err(IngestError::Checksum {
                path: path.to_owned(),
                declared: declared.to_owned(),
                found: sha256,
            });
        }
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
    let unreadable = |reason: String| IngestError::Unreadable { path: path.to_owned(), reason };
    let failed = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::NotFound => IngestError::Missing(path.to_owned()),
        _ => unreadable(e.to_string()),
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if about.is_dir() {
        return Err(unreadable("it is a folder".to_owned()));
    }
    if about.len() > MAX_BYTES {
        return Err(unreadable(format!("it holds more than {MAX_BYTES} bytes")));
    }
    let mut bytes = Vec::with_capacity(about.len() as usize);
    file.take(MAX_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
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
    fn a_declared_sum_is_checked_whatever_its_case() {
        let file = written(b"abc");
        let sum = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
        assert!(File::open(file.path(), Some(sum)).is_ok());
        assert!(File::open(file.path(), Some("00")).expect_err("wrong").to_string().contains("sha256"));
    }
}
