//! «Maille»: the hexagons people are counted in, and the only place (with `position`) that names `h3o`.

use std::fmt;
use std::str::FromStr;

use geo::{MultiPolygon, Polygon};
use h3o::geom::{ContainmentMode, SolventBuilder, TilerBuilder};
use h3o::{CellIndex, LatLng, Resolution};
use serde::{Deserialize, Serialize};

use crate::position::Position;

/// The one resolution of analysis: H3 8, hexagons of about 0.7 km² and 0.5 km a side.
const RESOLUTION: Resolution = Resolution::Eight;

/// One H3 hexagon of resolution 8.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Cell(CellIndex);

/// An H3 index that is no cell of resolution 8.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is not an H3 cell of resolution 8")]
pub struct InvalidCell {
    /// The text or number refused.
    pub value: String,
}

impl Cell {
    /// The cell a position falls in.
    pub fn at(position: Position) -> Self {
        Self(position.lat_lng().to_cell(RESOLUTION))
    }

    /// Its centre.
    pub fn centre(self) -> Position {
        Position::from_lat_lng(LatLng::from(self.0))
    }

    /// Its hexagon (or pentagon), x = longitude, y = latitude.
    pub fn boundary(self) -> Polygon {
        boundary(self.0)
    }

    /// Whether one cell so many resolutions coarser is the parent of both; 0 for themselves, at most 8.
    ///
    /// In the order of their index, the cells of one parent follow one another.
    pub fn is_kin(self, other: Self, generations: u8) -> bool {
        let coarse = Resolution::try_from(u8::from(RESOLUTION).saturating_sub(generations));
        coarse.is_ok_and(|coarse| self.0.parent(coarse) == other.0.parent(coarse))
    }

    /// The cell so many resolutions coarser that it descends from, at most 8 of them; 0 is itself.
    pub fn parent(self, generations: u8) -> ParentCell {
        let resolution = u8::from(RESOLUTION).saturating_sub(generations);
        let parent = Resolution::try_from(resolution).ok().and_then(|coarse| self.0.parent(coarse));
        // A cell of resolution 8 has a parent at each resolution up to its own.
        ParentCell(parent.unwrap_or(self.0))
    }

    /// The cells that touch it, in the order of their index.
    pub fn neighbours(self) -> Vec<Self> {
        let mut cells: Vec<Self> =
            self.0.grid_disk::<Vec<_>>(1).into_iter().filter(|&c| c != self.0).map(Self).collect();
        cells.sort_unstable();
        cells
    }

    /// The cells whose centre lies in the shape: each cell goes to one shape of a coverage at most.
    ///
    /// Sorted by index. A shape smaller than a cell may get none.
    pub fn cover(shape: &MultiPolygon) -> Vec<Self> {
        let mut tiler =
            TilerBuilder::new(RESOLUTION).containment_mode(ContainmentMode::ContainsCentroid).build();
        for polygon in shape.iter().filter(|p| p.exterior().0.len() >= 4) {
            // A part that `h3o` refuses is not finite or has no area: it holds no centre.
            let _ = tiler.add(polygon.clone());
        }
        let mut cells: Vec<Self> = tiler.into_coverage().map(Self).collect();
        cells.sort_unstable();
        cells.dedup();
        cells
    }

    /// The outline of several cells, shared sides removed.
    pub fn dissolve(cells: impl IntoIterator<Item = Self>) -> MultiPolygon {
        dissolved(cells.into_iter().map(|c| c.0))
    }
}

/// A hexagon (or pentagon) of a resolution of 8 or coarser: where people are counted together from afar.
///
/// It holds the people of the cells that descend from it. H3's hexagons of one resolution tile the ground,
/// but do not contain their descendants exactly: a cell at the rim of its parent's leans over its side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParentCell(CellIndex);

impl ParentCell {
    /// Its hexagon (or pentagon), x = longitude, y = latitude.
    pub fn boundary(self) -> Polygon {
        boundary(self.0)
    }
}

impl fmt::Display for ParentCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for ParentCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ParentCell({})", self.0)
    }
}

fn boundary(cell: CellIndex) -> Polygon {
    let corners = cell.boundary();
    let ring = corners.iter().map(|&corner| Position::from_lat_lng(corner).coord());
    // Closed by `Polygon::new`.
    Polygon::new(ring.collect(), Vec::new())
}

fn dissolved(cells: impl IntoIterator<Item = CellIndex>) -> MultiPolygon {
    // The only failures are duplicates and mixed resolutions; the first is removed here.
    let mut cells: Vec<CellIndex> = cells.into_iter().collect();
    cells.sort_unstable();
    cells.dedup();
    SolventBuilder::new().build().dissolve(cells).unwrap_or_else(|_| MultiPolygon::new(Vec::new()))
}

impl FromStr for Cell {
    type Err = InvalidCell;
    fn from_str(text: &str) -> Result<Self, InvalidCell> {
        text.parse::<CellIndex>()
            .ok()
            .filter(|c| c.resolution() == RESOLUTION)
            .map(Self)
            .ok_or_else(|| InvalidCell { value: text.to_owned() })
    }
}

impl TryFrom<u64> for Cell {
    type Error = InvalidCell;
    fn try_from(index: u64) -> Result<Self, InvalidCell> {
        CellIndex::try_from(index)
            .ok()
            .filter(|c| c.resolution() == RESOLUTION)
            .map(Self)
            .ok_or_else(|| InvalidCell { value: format!("{index:#x}") })
    }
}

impl From<Cell> for u64 {
    fn from(cell: Cell) -> Self {
        cell.0.into()
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, Contains, polygon};

    fn lyon() -> Cell {
        Cell::at(Position::from_lon_lat(4.8357, 45.7640).expect("on Earth"))
    }

    #[test]
    fn a_cell_holds_its_own_centre_and_prints_back() {
        assert_eq!(Cell::at(lyon().centre()), lyon());
        assert_eq!(lyon().to_string().parse(), Ok(lyon()));
        assert!("8a1f9c5a6b07fff".parse::<Cell>().is_err(), "another resolution");
        assert!("nonsense".parse::<Cell>().is_err());
    }

    #[test]
    fn the_cells_of_one_parent_follow_one_another() {
        let west = polygon![(x: 4.7, y: 45.7), (x: 5.2, y: 45.7), (x: 5.2, y: 45.9), (x: 4.7, y: 45.9)];
        let cells = Cell::cover(&west.into());
        for (generations, most) in [(0, 1), (1, 7), (2, 49), (4, 2401)] {
            let families: Vec<_> = cells.chunk_by(|a, b| a.is_kin(*b, generations)).collect();
            assert!(families.iter().all(|family| family.len() <= most));
            for (i, family) in families.iter().enumerate() {
                let stranger = families[i + 1..].iter().find(|other| other[0].is_kin(family[0], generations));
                assert!(stranger.is_none(), "a family in two runs");
            }
        }
        assert!(lyon().is_kin(lyon(), 0) && lyon().is_kin(lyon().neighbours()[0], 7));
    }

    #[test]
    fn a_parent_is_that_of_all_its_cells_and_prints_its_own_index() {
        let [cell, kin] =
            [lyon(), lyon().neighbours().into_iter().find(|n| n.is_kin(lyon(), 1)).expect("kin")];
        assert_eq!(cell.parent(1), kin.parent(1));
        assert_eq!(cell.parent(0).to_string(), cell.to_string());
        assert_eq!(cell.parent(8).to_string().get(1..2), Some("0"), "resolution 0");
        assert_eq!(cell.parent(9), cell.parent(8), "there is nothing coarser");
        let ratio = cell.parent(1).boundary().unsigned_area() / cell.boundary().unsigned_area();
        assert!((6.8..7.2).contains(&ratio), "seven cells for one parent: {ratio}");
        assert!(cell.parent(1).boundary().contains(&geo::Point::from(cell.centre().coord())));
    }

    #[test]
    fn neighbours_are_six_and_mutual() {
        let around = lyon().neighbours();
        assert_eq!(around.len(), 6);
        assert!(around.iter().all(|n| n.neighbours().contains(&lyon())));
    }

    #[test]
    fn two_shapes_that_share_a_border_never_share_a_cell() {
        let west = polygon![(x: 4.7, y: 45.7), (x: 4.8, y: 45.7), (x: 4.8, y: 45.8), (x: 4.7, y: 45.8)];
        let east = polygon![(x: 4.8, y: 45.7), (x: 4.9, y: 45.7), (x: 4.9, y: 45.8), (x: 4.8, y: 45.8)];
        let (west, east) = (Cell::cover(&west.into()), Cell::cover(&east.into()));
        assert!(west.len() > 50 && east.len() > 50);
        assert!(west.iter().all(|c| !east.contains(c)));
    }

    #[test]
    fn dissolving_a_ring_of_cells_leaves_a_hole_where_the_middle_was() {
        let ring = Cell::dissolve(lyon().neighbours());
        assert_eq!(ring.0.len(), 1);
        assert_eq!(ring.0[0].interiors().len(), 1);
        assert!(!ring.contains(&geo::Point::from(lyon().centre().coord())));
        assert!(lyon().boundary().unsigned_area() > 0.0);
    }
}
