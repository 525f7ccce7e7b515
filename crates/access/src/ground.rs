//! The cells of a grid as points on the sphere, gathered so that what is far from many is left out at once.

use std::ops::Range;

use rayon::prelude::*;
use territory::{Cell, Grid, PlaceIdx};

/// Generations up to the parent that the cells of a village share: 49 of them at most, about 7 km across.
const VILLAGE: u8 = 2;

/// The same for a county: 2 401 cells at most, about 50 km across.
const COUNTY: u8 = 4;

/// More than rounding ever moves a distance between unit vectors; 6 µm on the ground.
pub(crate) const MARGIN: f64 = 1e-12;

/// The cells of a grid, ready to be asked what is near each of them.
///
/// Made once per grid and kept: neither the centre of a cell nor its unit vector is computed again. About
/// 40 bytes a cell.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    cells: Vec<Cell>,
    /// Unit vectors of their centres.
    points: Vec<[f64; 3]>,
    /// Where the places of each cell begin, and the end.
    first: Vec<u32>,
    villages: Vec<Cap>,
    counties: Vec<Cap>,
}

/// A ball that holds some consecutive cells.
#[derive(Debug, Clone)]
pub(crate) struct Cap {
    pub(crate) centre: [f64; 3],
    /// No centre of a cell is farther from the middle: a straight distance.
    pub(crate) radius: f64,
    /// Cells of a village, villages of a county.
    pub(crate) members: Range<usize>,
}

impl Ground {
    /// The ground of a grid.
    pub fn of(grid: &Grid) -> Self {
        let mut cells = Vec::new();
        let mut first = vec![0];
        for places in grid.places().chunk_by(|a, b| a.cell == b.cell) {
            cells.push(places[0].cell);
            first.push(first[first.len() - 1] + places.len() as u32);
        }
        let points: Vec<[f64; 3]> = cells.par_iter().map(|cell| cell.centre().unit_vector()).collect();
        let families = |generations: u8| {
            let mut next = 0;
            let family = move |family: &[Cell]| {
                let start = next;
                next += family.len();
                start..next
            };
            cells.chunk_by(move |a, b| a.is_kin(*b, generations)).map(family)
        };
        let villages: Vec<Cap> =
            families(VILLAGE).map(|cells| Cap::around(&points[cells.clone()], cells)).collect();
        let starts = |end: usize| villages.partition_point(|village| village.members.start < end);
        let counties: Vec<Cap> = families(COUNTY)
            .map(|cells| Cap::around(&points[cells.clone()], starts(cells.start)..starts(cells.end)))
            .collect();
        Self { cells, points, first, villages, counties }
    }

    /// Its cells, in the order of the grid.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The ranks of the places of the n-th cell.
    pub fn places(&self, cell: usize) -> Range<u32> {
        self.first[cell]..self.first[cell + 1]
    }

    /// The first place of the n-th cell.
    pub fn place(&self, cell: usize) -> PlaceIdx {
        PlaceIdx(self.first[cell])
    }

    /// How many places its grid has.
    pub fn len(&self) -> usize {
        self.first.last().map_or(0, |end| *end as usize)
    }

    /// Whether its grid has none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// A column of cells as one of places.
    pub fn by_place<T: Copy>(&self, by_cell: &[T]) -> Vec<T> {
        let mut column = Vec::with_capacity(self.len());
        for (cell, &value) in by_cell.iter().enumerate() {
            column.extend(std::iter::repeat_n(value, self.places(cell).len()));
        }
        column
    }

    pub(crate) fn point(&self, cell: usize) -> [f64; 3] {
        self.points[cell]
    }

    pub(crate) fn villages(&self, county: &Cap) -> &[Cap] {
        &self.villages[county.members.clone()]
    }

    pub(crate) fn counties(&self) -> &[Cap] {
        &self.counties
    }
}

impl Cap {
    fn around(points: &[[f64; 3]], members: Range<usize>) -> Self {
        let mut centre = [0.0; 3];
        for point in points {
            for (sum, x) in centre.iter_mut().zip(point) {
                *sum += x / points.len() as f64;
            }
        }
        let farthest = points.iter().map(|&point| square(point, centre)).fold(0.0, f64::max);
        Self { centre, radius: farthest.sqrt() + MARGIN, members }
    }
}

/// The square of the straight distance between two points.
///
/// Summed in the order in which `rstar` does, so that both find the same to the bit.
pub(crate) fn square(a: [f64; 3], b: [f64; 3]) -> f64 {
    let apart = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    apart[0] * apart[0] + apart[1] * apart[1] + apart[2] * apart[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plain::Plain;

    #[test]
    fn every_cell_is_in_one_village_and_every_village_in_one_county() {
        let ground = Ground::of(&Plain::new(20, 20).grid());
        let (mut village, mut cell) = (0, 0);
        for county in ground.counties() {
            assert_eq!(county.members.start, village);
            village = county.members.end;
            for cap in ground.villages(county) {
                assert_eq!(cap.members.start, cell);
                cell = cap.members.end;
                for inside in cap.members.clone() {
                    let at = ground.point(inside);
                    assert!(square(at, cap.centre).sqrt() <= cap.radius);
                    assert!(square(at, county.centre).sqrt() <= county.radius);
                }
            }
        }
        assert_eq!((village, cell), (ground.villages.len(), ground.cells().len()));
        assert!(ground.counties().len() > 3 && ground.villages.len() > ground.counties().len());
    }

    #[test]
    fn a_grid_without_a_place_has_no_ground() {
        let ground = Ground::of(&Grid::default());
        assert!(ground.is_empty() && ground.by_place::<u8>(&[]).is_empty());
    }
}
