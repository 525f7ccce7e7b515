//! An atlas on disk: a directory with a small index that a person can read, and one file of tables.
//!
//! `atlas.json` names the tables file and its SHA-256, which is the atlas' identity. Both are written
//! aside and renamed, the index last: a reader sees the old atlas or the new one, never a mixture.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use network::{NetworkError, RoadNetwork};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::roads::RoadTable;
use crate::tables::Tables;

/// The first bytes of a tables file.
const MAGIC: &[u8; 8] = b"MAILLAGE";

/// The version of the tables; any change of [`Tables`] needs another.
const FORMAT: u32 = 7;

/// The name of the index in an atlas' directory.
pub const INDEX: &str = "atlas.json";

/// What `atlas.json` says; everything in it can be made again from the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    format: u32,
    /// SHA-256 of the tables file.
    pub id: String,
    tables: String,
    /// The atlas' name.
    pub name: String,
    /// SHA-256 of everything it was built from.
    pub inputs: String,
}

/// What the index of any version says.
#[derive(Deserialize)]
struct Version {
    format: u32,
}

/// Why an atlas cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is none there.
    #[error("{}: no atlas there; build one with `maillage build CONFIG --out {}`", .0.display(), .0.display())]
    Missing(PathBuf),
    /// It was written by another version.
    #[error(
        "{}: the atlas has format {found}, this program reads format {FORMAT}; build it again from its configuration",
        path.display()
    )]
    Version {
        /// The atlas.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
    /// Its bytes are not those written.
    #[error("{}: the atlas is damaged ({reason}); build it again from its configuration", path.display())]
    Damaged {
        /// The damaged file.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// One of its road networks cannot be read.
    #[error(transparent)]
    Roads(#[from] NetworkError),
    /// The system refused.
    #[error("{}: cannot {action}: {error}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        error: std::io::Error,
    },
}

/// Reads the index of an atlas, without its tables: enough to know whether it is up to date.
pub fn read_index(directory: &Path) -> Result<Index, StoreError> {
    let path = directory.join(INDEX);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            return Err(StoreError::Missing(directory.to_owned()));
        }
        Err(error) => {
            return Err(StoreError::Io { path, action: "read it", error });
        }
    };
    // The format is looked at first: another version's index may hold anything else.
    let damaged = |reason| StoreError::Damaged { path: path.clone(), reason };
    let Version { format } =
        serde_json::from_slice(&bytes).map_err(|_| damaged("its index is not readable"))?;
    if format != FORMAT {
        return Err(StoreError::Version { path: directory.to_owned(), found: format });
    }
    serde_json::from_slice(&bytes).map_err(|_| damaged("its index is not readable"))
}

/// An atlas as read.
pub struct Stored {
    /// Its tables.
    pub tables: Tables,
    /// Its identity.
    pub id: String,
    /// The road networks its tables name, in their order.
    pub networks: Vec<RoadNetwork>,
}

/// Reads the tables of an atlas and its identity, and maps its roads, having checked every byte.
pub fn load(directory: &Path) -> Result<Stored, StoreError> {
    let read = |index: &Index| {
        let (tables, id) = load_tables(directory, index)?;
        let open = |roads: &RoadTable| {
            let path = directory.join(roads.file());
            let network = RoadNetwork::open(&path)?;
            let its_own = network.checksum() == roads.checksum && network.mode() == roads.mode;
            let reason = "its roads are those of another atlas";
            if its_own { Ok(network) } else { Err(StoreError::Damaged { path, reason }) }
        };
        let networks = tables.roads.iter().map(open).collect::<Result<_, _>>()?;
        Ok(Stored { tables, id, networks })
    };
    let gone = |error: &StoreError| match error {
        StoreError::Io { error, .. } | StoreError::Roads(NetworkError::Io { error, .. }) => {
            error.kind() == std::io::ErrorKind::NotFound
        }
        _ => false,
    };
    match read(&read_index(directory)?) {
        // Another atlas took its place between the two reads: the new one is whole.
        Err(error) if gone(&error) => read(&read_index(directory)?).map_err(|error| match error {
            StoreError::Io { path, .. } => StoreError::Damaged { path, reason: "its tables are missing" },
            error => error,
        }),
        stored => stored,
    }
}

fn load_tables(directory: &Path, index: &Index) -> Result<(Tables, String), StoreError> {
    let path = directory.join(&index.tables);
    let damaged = |reason| StoreError::Damaged { path: path.clone(), reason };
    if index.tables != tables_name(&index.id) {
        return Err(damaged("its index names a file that is not its own"));
    }
    let bytes =
        fs::read(&path).map_err(|error| StoreError::Io { path: path.clone(), action: "read it", error })?;
    if hex(&Sha256::digest(&bytes)) != index.id {
        return Err(damaged("its checksum differs"));
    }
    let payload = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged("it does not begin as an atlas does"))?;
    let tables: Tables = postcard::from_bytes(payload).map_err(|_| damaged("its tables do not decode"))?;
    if *index != index_of(&tables, index.id.clone()) {
        return Err(StoreError::Damaged {
            path: directory.join(INDEX),
            reason: "its index contradicts its tables",
        });
    }
    Ok((tables, index.id.clone()))
}

/// Makes the directory of an atlas, if there is none.
pub fn create(directory: &Path) -> Result<(), StoreError> {
    let io = |error| StoreError::Io { path: directory.to_owned(), action: "create it", error };
    fs::create_dir_all(directory).map_err(io)
}

/// Writes an atlas and returns its identity; what was there stays readable until the end. `networks` are
/// those its tables name, in their order.
pub fn save(tables: &Tables, networks: &[RoadNetwork], directory: &Path) -> Result<String, StoreError> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(postcard::to_stdvec(tables).map_err(|_| StoreError::Damaged {
        path: directory.to_owned(),
        reason: "its tables do not encode",
    })?);
    let index = index_of(tables, hex(&Sha256::digest(&bytes)));
    create(directory)?;
    for (roads, network) in tables.roads.iter().zip(networks) {
        write_aside(&directory.join(roads.file()), |file| network.write(file))?;
    }
    write_aside(&directory.join(&index.tables), |file| file.write_all(&bytes))?;
    let text = serde_json::to_string_pretty(&index).map_err(|_| StoreError::Damaged {
        path: directory.to_owned(),
        reason: "its index does not encode",
    })?;
    write_aside(&directory.join(INDEX), |file| writeln!(file, "{text}"))?;
    let mut kept: Vec<String> = tables.roads.iter().map(RoadTable::file).collect();
    kept.push(index.tables);
    forget_others(directory, &kept);
    Ok(index.id)
}

/// Writes a file aside, flushes it to disk and renames it: all of it is there, or nothing new.
///
/// A link is followed; a pipe or a device is written as it is, since it cannot be replaced.
pub fn write_aside(
    path: &Path,
    write: impl FnOnce(&mut std::io::BufWriter<&File>) -> std::io::Result<()>,
) -> Result<(), StoreError> {
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let io = |action| move |error| StoreError::Io { path: path.to_owned(), action, error };
    if path.metadata().is_ok_and(|existing| !existing.is_file() && !existing.is_dir()) {
        let file = fs::OpenOptions::new().write(true).open(path).map_err(io("open it"))?;
        let mut out = std::io::BufWriter::new(&file);
        return write(&mut out).and_then(|()| out.flush()).map_err(io("write it"));
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".maillage-").suffix(".tmp");
    // A temporary file is private to its owner; the one kept should be as readable as any other.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let aside = builder.tempfile_in(folder).map_err(io("write beside it"))?;
    let mut out = std::io::BufWriter::new(aside.as_file());
    write(&mut out).and_then(|()| out.flush()).map_err(io("write it"))?;
    drop(out);
    aside.as_file().sync_all().map_err(io("flush it to disk"))?;
    aside.persist(path).map_err(|e| e.error).map_err(io("put it in place"))?;
    Ok(())
}

fn index_of(tables: &Tables, id: String) -> Index {
    let tables_file = tables_name(&id);
    Index {
        format: FORMAT,
        id,
        tables: tables_file,
        name: tables.name.clone(),
        inputs: tables.inputs.clone(),
    }
}

fn tables_name(id: &str) -> String {
    format!("tables-{}.bin", id.get(..16).unwrap_or(id))
}

/// Removes the tables and roads of atlases that were here before; a failure leaves a file nobody names.
fn forget_others(directory: &Path, kept: &[String]) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let ours = (name.starts_with("tables-") || name.starts_with("roads-")) && name.ends_with(".bin");
        if ours && !kept.iter().any(|kept| *kept == name) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tests::plain_tables;

    #[test]
    fn an_atlas_comes_back_as_it_was_and_twice_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let tables = plain_tables(4, 3);
        let id = save(&tables, &[], folder.path()).expect("saved");
        let stored = load(folder.path()).expect("loaded");
        assert_eq!((&stored.tables, &stored.id), (&tables, &id));
        assert_eq!(save(&tables, &[], folder.path()).expect("saved again"), id);
    }

    #[test]
    fn a_new_atlas_replaces_the_old_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().expect("a folder");
        save(&plain_tables(4, 3), &[], folder.path()).expect("saved");
        let id = save(&plain_tables(5, 3), &[], folder.path()).expect("saved");
        assert_eq!(load(folder.path()).expect("loaded").id, id);
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 2);
    }

    #[test]
    fn one_byte_flipped_anywhere_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        save(&plain_tables(3, 3), &[], folder.path()).expect("saved");
        for file in fs::read_dir(folder.path()).expect("listed").flatten() {
            let good = fs::read(file.path()).expect("read");
            for at in (0..good.len()).step_by(good.len() / 40 + 1) {
                let mut bad = good.clone();
                bad[at] ^= 1;
                write_aside(&file.path(), |out| out.write_all(&bad)).expect("damaged");
                assert!(load(folder.path()).is_err(), "byte {at} of {:?}", file.file_name());
            }
            write_aside(&file.path(), |out| out.write_all(&good)).expect("mended");
        }
        assert!(load(folder.path()).is_ok());
    }

    #[test]
    fn another_version_and_an_empty_folder_are_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(matches!(load(folder.path()), Err(StoreError::Missing(_))));
        write_aside(&folder.path().join(INDEX), |out| writeln!(out, "{{\"format\": 99}}")).expect("written");
        let error = load(folder.path()).map(|stored| stored.id).expect_err("refused");
        assert!(error.to_string().contains("format 99") && error.to_string().contains("build it again"));
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        write_aside(&path, |out| out.write_all(b"old")).expect("written");
        write_aside(&path, |out| {
            out.write_all(b"half of the n")?;
            Err(std::io::Error::other("the disk is full"))
        })
        .expect_err("failed");
        assert_eq!(fs::read(&path).expect("read"), b"old");
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }
}
