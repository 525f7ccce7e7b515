//! A folder that appears whole or not at all.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::MANIFEST;
use crate::atlas::AtlasError;
use crate::export::ExportError;

/// Why a site was not written.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The folder holds something that is no site.
    #[error("{} is not empty and holds no site: name another folder, or empty it", .0.display())]
    NotEmpty(PathBuf),
    /// The folder cannot be read or written.
    #[error("cannot write the site {}: {error}", path.display())]
    Io {
        /// The file or the folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The inquiry has no answer.
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    /// A file cannot hold the answer.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// An answer cannot be written down.
    #[error("an answer cannot be written: {0}")]
    Answer(#[from] io::Error),
}

/// A folder in the making, beside the one it becomes.
pub(super) struct Folder {
    aside: TempDir,
    files: usize,
    bytes: u64,
}

impl Folder {
    /// Starts one that is to become `folder`, which is free, empty or a site.
    pub(super) fn beside(folder: &Path) -> Result<Self, SiteError> {
        let io = |error| SiteError::Io { path: folder.to_owned(), error };
        match fs::read_dir(folder) {
            Ok(mut entries) => {
                if entries.next().is_some() && !folder.join(MANIFEST).is_file() {
                    return Err(SiteError::NotEmpty(folder.to_owned()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(io(error)),
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".maillage-").suffix(".tmp");
        // A temporary folder is private to its owner; a host must read this one.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let aside = builder.tempdir_in(parent(folder)).map_err(io)?;
        Ok(Self { aside, files: 0, bytes: 0 })
    }

    /// Writes a file of it.
    pub(super) fn put(
        &mut self,
        path: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), SiteError> {
        let path = self.aside.path().join(path);
        let put = || -> io::Result<u64> {
            fs::create_dir_all(parent(&path))?;
            let file = File::create(&path)?;
            let mut out = BufWriter::new(&file);
            write(&mut out)?;
            out.flush()?;
            drop(out);
            file.sync_all()?;
            Ok(file.metadata()?.len())
        };
        self.bytes += put().map_err(|error| SiteError::Io { path: path.clone(), error })?;
        self.files += 1;
        Ok(())
    }

    /// Writes a document.
    pub(super) fn put_json(&mut self, path: &str, document: &Json) -> Result<(), SiteError> {
        self.put(path, |out| write!(out, "{document}"))
    }

    /// Puts it in place of what was there; says how many files it holds, and bytes.
    pub(super) fn persist(self, folder: &Path) -> Result<(usize, u64), SiteError> {
        let io = |error| SiteError::Io { path: folder.to_owned(), error };
        // Moved into a folder of its own, so that it is gone when all is done, or comes back.
        let before = if folder.exists() {
            let retired =
                tempfile::Builder::new().prefix(".maillage-").tempdir_in(parent(folder)).map_err(io)?;
            fs::rename(folder, retired.path().join("before")).map_err(io)?;
            Some(retired)
        } else {
            None
        };
        if let Err(error) = fs::rename(self.aside.path(), folder) {
            if let Some(retired) = &before {
                fs::rename(retired.path().join("before"), folder).map_err(io)?;
            }
            return Err(io(error));
        }
        // It has moved: there is nothing left to delete.
        let _ = self.aside.keep();
        Ok((self.files, self.bytes))
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
