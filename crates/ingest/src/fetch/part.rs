//! A file on its way: what has come of it, and what the server said of the rest.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ureq::http::{HeaderMap, header};

use super::{Address, FetchError, answer};
use crate::file;

/// What tells a content from another at the same address: a strong entity tag, or a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Validator(String);

impl Validator {
    /// That of an answer; a weak tag vouches for the meaning, not for the bytes (RFC 9110 §8.8.3).
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let tag = answer::text(headers, header::ETAG).filter(|tag| tag.starts_with('"'));
        tag.or_else(|| answer::text(headers, header::LAST_MODIFIED)).map(|text| Self(text.to_owned()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where to go on, and of which content.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resume<'a> {
    pub(super) from: u64,
    pub(super) validator: &'a Validator,
}

/// What the server said of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Notes {
    url: String,
    validator: Option<Validator>,
    total: Option<u64>,
}

/// What has come of a file, beside where it is to be.
pub(super) struct Part {
    target: PathBuf,
    path: PathBuf,
    file: File,
    len: u64,
    /// Of what is here, how much was before this run.
    kept: u64,
    notes: Notes,
    ended: bool,
}

impl Part {
    /// What is there of an earlier try of the same address, else nothing.
    pub(super) fn open(target: &Path, address: &Address) -> Result<Self, FetchError> {
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|e| unwritable(folder, &e))?;
        }
        if target.is_dir() {
            let reason = "it is a folder".to_owned();
            return Err(FetchError::Unwritable { path: target.to_owned(), reason });
        }
        let path = suffixed(target, ".part");
        let open = OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&path);
        let mut file = open.map_err(|e| unwritable(&path, &e))?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(FetchError::Busy(target.to_owned())),
            // Some file systems know no locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let fresh = Notes { url: address.to_string(), validator: None, total: None };
        let found = fs::read(notes_path(&path)).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let notes = found.filter(|notes: &Notes| notes.url == fresh.url && notes.validator.is_some());
        let len = file.seek(SeekFrom::End(0)).map_err(|e| unwritable(&path, &e))?;
        let usable = notes.as_ref().is_some_and(|notes| notes.total.is_none_or(|total| len <= total));
        let mut part = Self {
            target: target.to_owned(),
            path,
            file,
            len,
            kept: len,
            notes: notes.unwrap_or(fresh),
            ended: false,
        };
        if !usable {
            part.restart(None, None)?;
        }
        Ok(part)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// How many bytes are here.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// How many of them were here before this run.
    pub(super) fn kept(&self) -> u64 {
        self.kept
    }

    /// How many the whole file has, if the server said.
    pub(super) fn total(&self) -> Option<u64> {
        self.notes.total
    }

    /// Whether everything is here.
    pub(super) fn is_whole(&self) -> bool {
        self.ended || self.notes.total.is_some_and(|total| self.len == total && self.len > 0)
    }

    /// Where to go on, when the server can vouch for what is here.
    pub(super) fn resumable(&self) -> Option<Resume<'_>> {
        let validator = self.notes.validator.as_ref().filter(|_| self.len > 0)?;
        Some(Resume { from: self.len, validator })
    }

    /// Whether a partial answer is of a file of the size known.
    pub(super) fn agrees(&self, total: Option<u64>) -> bool {
        total.is_none() || self.notes.total.is_none() || total == self.notes.total
    }

    /// The size of the file, which a partial answer may tell first.
    pub(super) fn learn(&mut self, total: Option<u64>) {
        self.notes.total = self.notes.total.or(total);
    }

    /// Forgets what is here; the file is now of this size and content.
    pub(super) fn restart(
        &mut self,
        total: Option<u64>,
        validator: Option<Validator>,
    ) -> Result<(), FetchError> {
        // The old notes go first: they must never be read beside other bytes.
        forget(&notes_path(&self.path)).map_err(|e| unwritable(&self.path, &e))?;
        let emptied = self.file.set_len(0).and_then(|()| self.file.seek(SeekFrom::Start(0)));
        emptied.map_err(|e| unwritable(&self.path, &e))?;
        (self.len, self.kept) = (0, 0);
        self.notes.total = total;
        self.notes.validator = validator;
        if self.notes.validator.is_some() {
            let path = notes_path(&self.path);
            let text = serde_json::to_vec(&self.notes).map_err(std::io::Error::other);
            let written = text.and_then(|text| File::create(&path)?.write_all(&text));
            written.map_err(|e| unwritable(&path, &e))?;
        }
        Ok(())
    }

    /// Adds bytes at the end.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Result<(), FetchError> {
        let written = self.file.write_all(bytes);
        self.len += bytes.len() as u64;
        written.map_err(|e| unwritable(&self.path, &e))
    }

    /// What is here is all there is.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    /// Leaves nothing behind when nothing came.
    pub(super) fn tidy(&self) {
        if self.len == 0 {
            self.discard();
        }
    }

    /// Leaves nothing behind.
    pub(super) fn discard(&self) {
        let _ = fs::remove_file(notes_path(&self.path));
        let _ = fs::remove_file(&self.path);
    }

    /// Puts the file in place, if its sum is the one declared; returns its sum.
    pub(super) fn settle(self, declared: Option<&str>) -> Result<String, FetchError> {
        self.file.sync_all().map_err(|e| unwritable(&self.path, &e))?;
        let found = file::sha256(&self.path, None)
            .map_err(|e| FetchError::Unwritable { path: self.path.clone(), reason: e.to_string() })?;
        if let Some(declared) = declared.filter(|d| !d.eq_ignore_ascii_case(&found)) {
            self.discard();
            return Err(FetchError::Checksum { url: self.notes.url, declared: declared.to_owned(), found });
        }
        fs::rename(&self.path, &self.target).map_err(|e| unwritable(&self.target, &e))?;
        // Should the machine stop now, the notes of a part that is gone do no harm.
        let _ = fs::remove_file(notes_path(&self.path));
        let folder = self.target.parent().filter(|folder| !folder.as_os_str().is_empty());
        // The name too must survive; a system that cannot flush a folder keeps it otherwise.
        let _ = File::open(folder.unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all());
        Ok(found)
    }
}

fn notes_path(part: &Path) -> PathBuf {
    suffixed(part, ".json")
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

fn forget(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> FetchError {
    FetchError::Unwritable { path: path.to_owned(), reason: error.to_string() }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::fetch) fn put(path: &Path, bytes: &[u8]) {
        File::create(path).and_then(|mut file| file.write_all(bytes)).expect("written");
    }

    #[test]
    fn only_what_vouches_for_bytes_is_a_validator() {
        let of = |name: header::HeaderName, text: &str| {
            let headers = HeaderMap::from_iter([(name, text.parse().expect("a value"))]);
            Validator::of(&headers).map(|v| v.as_str().to_owned())
        };
        assert_eq!(of(header::ETAG, "\"a\"").as_deref(), Some("\"a\""));
        assert_eq!(of(header::ETAG, "W/\"a\""), None);
        assert_eq!(of(header::LAST_MODIFIED, "Sun, 22 Nov 2026 07:00:00 GMT").map(|v| v.len()), Some(29));
    }
}
