//! The atlas a command works on: the one named, or the sample, built when it is not up to date.

use std::path::{Path, PathBuf};

use atlas::Atlas;
use atlas::store::{StoreError, read_index};

use crate::build;
use crate::failure::Failure;

const CONFIG: &str = "data/sample/sample.toml";
const ATLAS: &str = "atlas/sample";

/// Opens the atlas named, else the sample of the folder one is in.
pub(crate) fn open(named: Option<&PathBuf>) -> Result<Atlas, Failure> {
    if let Some(directory) = named {
        return Ok(Atlas::open(directory)?);
    }
    let (config, directory) = (Path::new(CONFIG), Path::new(ATLAS));
    if !config.exists() {
        return match Atlas::open(directory) {
            Err(StoreError::Missing(_)) => Err(Failure::NoSample(config.to_owned())),
            opened => Ok(opened?),
        };
    }
    let inputs = ingest::digest(config)?;
    if read_index(directory).is_ok_and(|index| index.inputs == inputs)
        && let Ok(atlas) = Atlas::open(directory)
    {
        return Ok(atlas);
    }
    build::make(config, directory)?;
    Ok(Atlas::open(directory)?)
}
