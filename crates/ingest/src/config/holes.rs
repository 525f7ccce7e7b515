//! What a configuration says of the holes between communes.

use std::path::Path;

use territory::{CommuneCode, Position};

use super::written::{WrittenOwner, WrittenShapes, WrittenTable};
use super::{Declared, source, wrong};
use crate::error::IngestError;

/// Holes between the shapes of communes, each told by a position in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeclaredHoles {
    /// Ground that is of no commune: it stays empty.
    pub kept: Vec<Position>,
    /// Ground of a commune whose shape lacks it.
    pub owned: Vec<(Position, CommuneCode)>,
}

/// The shapes of communes and what is said of their holes.
pub(super) fn declared(
    path: &Path,
    folder: &Path,
    written: WrittenShapes,
) -> Result<(Declared, DeclaredHoles), IngestError> {
    let WrittenShapes { path: place, url, name, vintage, licence, sha256, holes, owners } = written;
    let table = WrittenTable { path: place, url, name, vintage, licence, sha256 };
    let file = source(path, folder, "shapes", "Contours des communes", table)?;
    let position = |key: &str, [lon, lat]: [f64; 2]| {
        Position::from_lon_lat(lon, lat)
            .map_err(|e| wrong(path, format!("[shapes] {key}: {e}; write [longitude, latitude]")))
    };
    let ground_of = |WrittenOwner { commune, at }: WrittenOwner| {
        let code = commune.parse().map_err(|e| wrong(path, format!("[shapes] owners: {e}")))?;
        Ok((position("owners", at)?, code))
    };
    let kept = holes.into_iter().map(|at| position("holes", at)).collect::<Result<_, _>>()?;
    let owned = owners.into_iter().map(ground_of).collect::<Result<_, IngestError>>()?;
    Ok((file, DeclaredHoles { kept, owned }))
}
