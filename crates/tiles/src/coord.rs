//! The address of a tile in the Web Mercator matrix.

use std::fmt;

use geo::Rect;
use thiserror::Error;

use crate::mercator;

/// The deepest zoom served: at 22 one tile unit is about two millimetres at the equator.
pub const MAX_ZOOM: u8 = 22;

/// A tile of the XYZ scheme: `x` grows eastwards, `y` grows southwards, both from 0 at the north-west corner.
///
/// A value of this type always lies inside the matrix: `z ≤` [`MAX_ZOOM`], `x` and `y` below 2^`z`.
/// The order is by zoom, then column, then row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TileCoord {
    z: u8,
    x: u32,
    y: u32,
}

/// The address names no tile: too deep, or beyond the edge of its zoom's matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("no tile {z}/{x}/{y}: zoom goes to {MAX_ZOOM}, column and row stay below 2^zoom")]
pub struct OutsideMatrix {
    /// Zoom asked for.
    pub z: u8,
    /// Column asked for.
    pub x: u32,
    /// Row asked for.
    pub y: u32,
}

impl TileCoord {
    /// The single tile of zoom 0.
    pub const WORLD: Self = Self { z: 0, x: 0, y: 0 };

    /// Checks and keeps an address.
    ///
    /// # Errors
    /// [`OutsideMatrix`] when the zoom exceeds [`MAX_ZOOM`], or the column or row is not below 2^`z`.
    pub const fn new(z: u8, x: u32, y: u32) -> Result<Self, OutsideMatrix> {
        if z > MAX_ZOOM || x >> z != 0 || y >> z != 0 {
            return Err(OutsideMatrix { z, x, y });
        }
        Ok(Self { z, x, y })
    }

    /// Zoom, 0 to [`MAX_ZOOM`].
    pub const fn z(self) -> u8 {
        self.z
    }

    /// Column, counted eastwards.
    pub const fn x(self) -> u32 {
        self.x
    }

    /// Row, counted southwards.
    pub const fn y(self) -> u32 {
        self.y
    }

    /// The tile's square without its buffer, in degrees: x = longitude, y = latitude.
    pub fn bounds(self) -> Rect<f64> {
        mercator::degrees(self)
    }

    /// All that [`cut`](crate::cut()) looks at for this tile: its square and its buffer, in world units (y
    /// down).
    ///
    /// A spatial index of [`WorldGeometry::bounds`](crate::WorldGeometry::bounds) asked for this rectangle
    /// misses nothing.
    pub fn reach(self) -> Rect<f64> {
        mercator::reach(self)
    }

    /// The tile of the zoom above that contains this one; none above zoom 0.
    pub const fn parent(self) -> Option<Self> {
        if self.z == 0 {
            return None;
        }
        Some(Self { z: self.z - 1, x: self.x / 2, y: self.y / 2 })
    }

    /// The four tiles of the zoom below that cover this one, row by row; none below [`MAX_ZOOM`].
    pub const fn children(self) -> Option<[Self; 4]> {
        if self.z == MAX_ZOOM {
            return None;
        }
        let (z, x, y) = (self.z + 1, self.x * 2, self.y * 2);
        Some([
            Self { z, x, y },
            Self { z, x: x + 1, y },
            Self { z, x, y: y + 1 },
            Self { z, x: x + 1, y: y + 1 },
        ])
    }
}

impl fmt::Display for TileCoord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.z, self.x, self.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_outside_the_matrix_is_refused_with_its_value() {
        assert_eq!(TileCoord::new(3, 9, 1), Err(OutsideMatrix { z: 3, x: 9, y: 1 }));
        assert_eq!(TileCoord::new(3, 1, 8), Err(OutsideMatrix { z: 3, x: 1, y: 8 }));
        assert_eq!(TileCoord::new(23, 0, 0), Err(OutsideMatrix { z: 23, x: 0, y: 0 }));
        assert_eq!(TileCoord::new(255, 0, 0), Err(OutsideMatrix { z: 255, x: 0, y: 0 }));
        assert!(TileCoord::new(0, 1, 0).is_err());
        assert!(TileCoord::new(22, (1 << 22) - 1, (1 << 22) - 1).is_ok());
    }

    #[test]
    fn a_tile_is_the_parent_of_its_four_children() {
        let tile = TileCoord::new(9, 263, 182).unwrap();
        assert_eq!(tile.to_string(), "9/263/182");
        let children = tile.children().unwrap();
        assert!(children.iter().all(|child| child.parent() == Some(tile)));
        assert_eq!(TileCoord::WORLD.parent(), None);
        assert_eq!(TileCoord::new(22, 0, 0).unwrap().children(), None);
    }
}
