//! Downloads published files: resumed where they were cut, checked by size and sum, put in place whole.
//!
//! Bytes come into `NAME.part`, beside the file, with what the server said of them in `NAME.part.json`.
//! A download that was cut goes on where it stopped, provided that the server vouches (RFC 9110 §13.1.5,
//! `If-Range`) that the rest is of the same content; otherwise it starts again. Only a whole file, of the
//! size announced and with the sum declared, is renamed to its name.
//!
//! Blocking, without a clock: whoever calls measures the rate.

mod address;
mod answer;
mod client;
mod connection;
mod error;
mod part;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use address::{Address, InvalidAddress};
pub use error::FetchError;

use crate::file;
use answer::{Answer, Start};
use client::{Client, Trouble};
use part::Part;

/// A file to have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is, in French.
    pub name: String,
    /// Where it is published.
    pub address: Address,
    /// Where it is to be.
    pub path: PathBuf,
    /// Its declared sum, in hexadecimal.
    pub sha256: Option<String>,
}

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// How many bytes it holds.
    pub bytes: u64,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
    /// How it came.
    pub came: Came,
}

/// How a file came to be where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It was there.
    AlreadyThere,
    /// It was downloaded.
    Whole,
    /// The end of it was, after so many bytes of an earlier try.
    After(u64),
}

/// How far a download has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress<'a> {
    /// So many bytes are here, of how many if the server says.
    At {
        /// Bytes on disk.
        bytes: u64,
        /// Bytes of the whole.
        total: Option<u64>,
    },
    /// Trying again after a while.
    Again {
        /// What went wrong.
        reason: &'a str,
        /// How long before the next try.
        after: Duration,
    },
}

/// How long to wait for a server, and how often to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Without a single byte for so long, a connection is given up.
    pub stall: Duration,
    /// Tries in a row that bring next to nothing; more, and the file is given up.
    pub tries: u32,
    /// The wait before the second try, doubled before each further one.
    pub pause: Duration,
}

impl Default for Patience {
    /// Half a minute without a byte; five tries, over a quarter of a minute.
    fn default() -> Self {
        Self { stall: Duration::from_secs(30), tries: 5, pause: Duration::from_secs(1) }
    }
}

/// A try that brings less than this counts as failed.
const WORTHWHILE_BYTES: u64 = 1 << 20;

/// Has a file where it is to be: does nothing when it is there with the declared sum, or without one
/// unless `again`.
pub fn fetch(
    item: &Item,
    again: bool,
    patience: &Patience,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Fetched, FetchError> {
    if let Some(there) = present(item, again)? {
        return Ok(there);
    }
    let mut part = Part::open(&item.path, &item.address)?;
    let before = part.len();
    let client = Client::new(&item.address, patience)?;
    let mut farthest = before;
    let mut failures = 0;
    while !part.is_whole() {
        let Err(trouble) = one_try(&client, item, &mut part, progress) else { break };
        let reason = match trouble {
            Trouble::Passing(reason) => reason,
            Trouble::Final(error) => {
                part.tidy();
                return Err(error);
            }
        };
        failures = if part.len() >= farthest + WORTHWHILE_BYTES { 1 } else { failures + 1 };
        farthest = farthest.max(part.len());
        if failures >= patience.tries {
            part.tidy();
            let (url, path) = (item.address.to_string(), part.path().to_owned());
            return Err(FetchError::GivenUp { url, reason, tries: failures, path, bytes: part.len() });
        }
        let after = patience.pause * 2u32.saturating_pow(failures - 1);
        progress(Progress::Again { reason: &reason, after });
        std::thread::sleep(after);
    }
    let kept = part.kept();
    let (bytes, sha256) = (part.len(), part.settle(item.sha256.as_deref())?);
    Ok(Fetched { bytes, sha256, came: if kept > 0 { Came::After(kept) } else { Came::Whole } })
}

/// The file as it is, when it need not be downloaded.
fn present(item: &Item, again: bool) -> Result<Option<Fetched>, FetchError> {
    if !item.path.exists() {
        return Ok(None);
    }
    let unusable = |reason: String| FetchError::Unwritable { path: item.path.clone(), reason };
    let bytes = item.path.metadata().map_err(|e| unusable(e.to_string()))?.len();
    let sha256 = file::sha256(&item.path, None).map_err(|e| unusable(e.to_string()))?;
    let keep = match &item.sha256 {
        Some(declared) => declared.eq_ignore_ascii_case(&sha256),
        None => !again,
    };
    Ok(keep.then_some(Fetched { bytes, sha256, came: Came::AlreadyThere }))
}

/// One request, and as much of its answer as comes.
fn one_try(
    client: &Client,
    item: &Item,
    part: &mut Part,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<(), Trouble> {
    let Answer { start, total, validator, body } = client.get(&item.address, part.resumable())?;
    match start {
        Start::Beginning => part.restart(total, validator)?,
        Start::From(at) if at == part.len() && part.agrees(total) => part.learn(total),
        // What is here is not the beginning of what is there.
        Start::From(_) | Start::Nowhere => {
            part.restart(None, None)?;
            return Err(Trouble::Passing("the server has another content than before".to_owned()));
        }
    }
    let mut body = body;
    let mut piece = vec![0; PIECE_BYTES];
    progress(Progress::At { bytes: part.len(), total: part.total() });
    loop {
        let n = body.read(&mut piece)?;
        if n == 0 {
            break;
        }
        part.push(&piece[..n])?;
        progress(Progress::At { bytes: part.len(), total: part.total() });
    }
    match part.total() {
        Some(total) if part.len() < total => {
            Err(Trouble::Passing(format!("the connection ended after {} of {total} bytes", part.len())))
        }
        Some(announced) if item.sha256.is_none() && (part.len() > announced || client.saw_excess()) => {
            part.discard();
            Err(Trouble::Final(FetchError::Excess { url: item.address.to_string(), announced }))
        }
        _ => {
            part.end();
            Ok(())
        }
    }
}

/// How much is read at a time.
const PIECE_BYTES: usize = 1 << 16;

/// The name under which a file without one of its own is kept, and the folder.
pub(crate) fn place(folder: &Path, address: &Address) -> PathBuf {
    folder.join(FOLDER).join(address.file_name())
}

/// The same files in one folder, each under its own name; of several with one name, all but the first are
/// named by their address.
pub fn gather(items: Vec<Item>, folder: &Path) -> Vec<Item> {
    let mut taken = BTreeSet::new();
    let gathered = items.into_iter().map(|item| {
        let own = item.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Some file systems do not tell case apart.
        let name = if taken.insert(own.to_lowercase()) { own } else { item.address.file_name() };
        Item { path: folder.join(name), ..item }
    });
    gathered.collect()
}

/// Where files that are named by their address alone are kept, beside the configuration.
const FOLDER: &str = "sources";

#[cfg(test)]
mod tests;
