//! Why a file could not be downloaded.

use std::path::{Path, PathBuf};

/// Why a file is not there: the address, what is wrong, what to do.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The server answers that there is no such file, or that it will not give it.
    #[error("{url}: {said} (HTTP {status}); {advice}")]
    Refused {
        /// The address asked last, after any redirection.
        url: String,
        /// The status of the answer.
        status: u16,
        /// What that means.
        said: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// Nothing came of several tries.
    #[error(
        "{url}: given up after {tries} tries, the last because {reason}; {}run the same command again {}",
        kept(*.bytes, .path), if *.bytes > 0 { "to go on" } else { "later" }
    )]
    GivenUp {
        /// The address.
        url: String,
        /// What went wrong last.
        reason: String,
        /// How many tries came to nothing.
        tries: u32,
        /// Where what came is kept.
        path: PathBuf,
        /// How much came.
        bytes: u64,
    },
    /// There is no such host.
    #[error("{url}: the host is not found; check the address and the network")]
    NoHost {
        /// The address.
        url: String,
    },
    /// Redirected too often, to nowhere, or from a protected address to an open one.
    #[error("{url}: {reason}; check the address in a browser")]
    Redirect {
        /// The address asked first.
        url: String,
        /// Where it leads.
        reason: String,
    },
    /// The connection cannot be protected.
    #[error(
        "{url}: the server cannot be trusted ({reason}); install the system's certificates (ca-certificates), with that of your proxy if there is one"
    )]
    Untrusted {
        /// The address.
        url: String,
        /// Why.
        reason: String,
    },
    /// More came than was announced: what was announced is not the whole file.
    #[error(
        "{url}: the server sends more than the {announced} bytes it announces; nothing was kept, try later or tell its publisher"
    )]
    Excess {
        /// The address.
        url: String,
        /// The size announced.
        announced: u64,
    },
    /// It is not the file that was declared.
    #[error(
        "{url}: the sha256 of what came is {found}, the configuration declares {declared}; it was not put in place: declare the new sum once you have checked the new file, or find the declared one"
    )]
    Checksum {
        /// The address.
        url: String,
        /// What the configuration says, in hexadecimal.
        declared: String,
        /// What the bytes say.
        found: String,
    },
    /// The file cannot be written.
    #[error("{path}: cannot be written ({reason}); make room, or choose another folder with --into", path = .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Another program is downloading it.
    #[error("{path}: another download of this file is running; wait for it to end", path = .0.display())]
    Busy(PathBuf),
}

fn kept(bytes: u64, path: &Path) -> String {
    if bytes > 0 { format!("{bytes} bytes are kept in {}: ", path.display()) } else { String::new() }
}
