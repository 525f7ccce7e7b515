//! The first block: what the file covers and what a reader must know.

use territory::{Extent, Position};

use super::wire::{Fields, Flaw, unzigzag};

/// What the first block says.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::roads) struct Header {
    /// The box the extract was cut by.
    pub(in crate::roads) extent: Option<Extent>,
    /// What a reader must know and we do not.
    pub(in crate::roads) unknown: Vec<String>,
}

/// What we know of the features a file may require.
const KNOWN: [&[u8]; 2] = [b"OsmSchema-V0.6", b"DenseNodes"];

impl Header {
    pub(in crate::roads) fn of(content: &[u8]) -> Result<Self, Flaw> {
        let mut header = Self::default();
        for field in Fields::of(content) {
            match field? {
                (1, bbox) => header.extent = extent(bbox.bytes()?)?,
                (4, feature) => {
                    let feature = feature.bytes()?;
                    if !KNOWN.contains(&feature) {
                        header.unknown.push(String::from_utf8_lossy(feature).into_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(header)
    }
}

/// A box in nanodegrees: left, right, top, bottom. One that is no box on Earth is as good as none.
fn extent(message: &[u8]) -> Result<Option<Extent>, Flaw> {
    let mut sides = [None; 4];
    for field in Fields::of(message) {
        let (number, value) = field?;
        let side = usize::try_from(number).ok().and_then(|n| sides.get_mut(n.checked_sub(1)?));
        if let Some(side) = side {
            *side = Some(unzigzag(value.number()?) as f64 * 1e-9);
        }
    }
    let [Some(left), Some(right), Some(top), Some(bottom)] = sides else {
        return Ok(None);
    };
    let corners = Position::from_lon_lat(left, bottom).ok().zip(Position::from_lon_lat(right, top).ok());
    Ok(corners.and_then(|(south_west, north_east)| Extent::new(south_west, north_east)))
}
