//! The atlas a command works on: the one named, or the sample, built when it is not up to date.

use std::path::{Path, PathBuf};

use atlas::Atlas;
use atlas::build::identity;
use atlas::store::{StoreError, read_index};

use crate::build;
use crate::failure::Failure;

const CONFIG: &str = "data/sample/sample.toml";
const ATLAS: &str = "atlas/sample";

/// Opens the atlas named, else the sample of the folder one is in; tells where it is.
pub(crate) fn open(named: Option<&PathBuf>) -> Result<(Atlas, PathBuf), Failure> {
    if let Some(directory) = named {
        return Ok((Atlas::open(directory)?, directory.clone()));
    }
    let (config, directory) = (Path::new(CONFIG), Path::new(ATLAS));
    let opened = |atlas: Result<Atlas, StoreError>| Ok((atlas?, directory.to_owned()));
    if !config.exists() {
        return match Atlas::open(directory) {
            Err(StoreError::Missing(_)) => Err(Failure::NoSample(config.to_owned())),
            atlas => opened(atlas),
        };
    }
    let inputs = identity(&ingest::digest(config)?);
    if read_index(directory).is_ok_and(|index| index.inputs == inputs)
        && let Ok(atlas) = Atlas::open(directory)
    {
        return opened(Ok(atlas));
    }
    build::make(config, directory)?;
    opened(Atlas::open(directory))
}
