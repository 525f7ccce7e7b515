//! What makes a whole file, or the whole build, unusable.

use std::path::PathBuf;

use territory::gazetteer::InvalidGazetteer;

/// Why nothing can be read: the path, what is wrong, what to do.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// There is no such file.
    #[error("{path}: there is no such file; check the path, which is relative to the file that names it", path = .0.display())]
    Missing(PathBuf),
    /// It is published at an address, and not here yet.
    #[error(
        "{path}: is not here yet, its url is {url}; run `maillage fetch {config}`, or download it and give its `path`",
        path = .path.display(), config = .config.display()
    )]
    NotFetched {
        /// The file.
        path: PathBuf,
        /// Where it is published.
        url: String,
        /// The configuration that names it.
        config: PathBuf,
    },
    /// The system does not let it be read.
    #[error("{path}: cannot be read ({reason}); check its permissions", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// Its bytes are not whole.
    #[error("{path}: {reason}; fetch it again", path = .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is broken.
        reason: String,
    },
    /// It is not the file that was declared.
    #[error(
        "{path}: its sha256 is {found}, the configuration declares {declared}; fetch the declared file, or declare this one",
        path = .path.display()
    )]
    Checksum {
        /// The file.
        path: PathBuf,
        /// What the configuration says, in hexadecimal.
        declared: String,
        /// What the bytes say.
        found: String,
    },
    /// It holds something else than expected of it.
    #[error("{path}: {reason}", path = .path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What was expected, what was found, what to do.
        reason: String,
    },
    /// The configuration of the build is wrong.
    #[error("{path}: {reason}", path = .path.display())]
    Config {
        /// The configuration.
        path: PathBuf,
        /// Which key or table, what is wrong, what to do.
        reason: String,
    },
    /// The tables do not agree.
    #[error("{path}: {reason}", path = .path.display())]
    Gazetteer {
        /// The configuration that names the tables.
        path: PathBuf,
        /// Where they disagree.
        reason: InvalidGazetteer,
    },
}
