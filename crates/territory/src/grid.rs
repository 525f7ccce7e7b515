//! Where people live: places, all of them.

use serde::{Deserialize, Serialize};

use crate::apportion::apportion;
use crate::cell::Cell;
use crate::gazetteer::{CommuneIdx, Gazetteer};
use crate::measure::Inhabitants;
use crate::position::Position;
use crate::spread;

/// The rank of a place in its grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlaceIdx(pub u32);

/// The unit people are counted in: the part of a commune in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Where.
    pub cell: Cell,
    /// Whose.
    pub commune: CommuneIdx,
    /// How many live there.
    pub population: Inhabitants,
}

/// All places, sorted by cell then commune.
///
/// Every column computed for places is parallel to it. Σ people over the places of a commune is its
/// legal population exactly.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Grid {
    places: Vec<Place>,
}

impl Grid {
    /// A grid of given places, sorted here.
    pub fn new(mut places: Vec<Place>) -> Self {
        places.sort_by_key(|p| (p.cell, p.commune));
        Self { places }
    }

    /// Spreads the people of every commune over its cells by the modelled decay of [`spread`].
    ///
    /// A commune's cells are those whose centre lies in its shape. One too small for any gets its
    /// town hall's cell; one without a shape shares the cells of its host, or else has its town hall's
    /// cell too. Those that have none of these cannot be placed: they are returned.
    pub fn settle(gazetteer: &Gazetteer) -> (Self, Vec<CommuneIdx>) {
        let mut places = Vec::new();
        let mut homeless = Vec::new();
        let covered: Vec<Vec<Cell>> = gazetteer
            .communes()
            .iter()
            .map(|c| c.shape.as_ref().map(Cell::cover).unwrap_or_default())
            .collect();
        for idx in gazetteer.commune_ids() {
            let commune = gazetteer.commune(idx);
            let host = commune.host.and_then(|code| gazetteer.find_commune(code));
            let mut cells = covered[host.unwrap_or(idx).0 as usize].clone();
            let anchor = commune.town_hall.or_else(|| commune.shape.as_ref().and_then(inside));
            if cells.is_empty() {
                cells.extend(anchor.map(Cell::at));
            }
            if cells.is_empty() {
                homeless.push(idx);
                continue;
            }
            let weights = spread::weights(&cells, anchor, commune.population);
            let shares = apportion(commune.population, &weights);
            places.extend(cells.into_iter().zip(shares).map(|(cell, population)| Place {
                cell,
                commune: idx,
                population,
            }));
        }
        (Self::new(places), homeless)
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The places in order.
    pub fn places(&self) -> &[Place] {
        &self.places
    }

    /// The place of a rank.
    pub fn place(&self, idx: PlaceIdx) -> Place {
        self.places[idx.0 as usize]
    }

    /// Ranks and places in order.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceIdx, Place)> + '_ {
        self.places.iter().enumerate().map(|(i, &place)| (PlaceIdx(i as u32), place))
    }

    /// The ranks of the places in a cell.
    pub fn in_cell(&self, cell: Cell) -> impl Iterator<Item = PlaceIdx> + Clone + '_ {
        let first = self.places.partition_point(|p| p.cell < cell);
        (first..self.places.len())
            .take_while(move |&i| self.places[i].cell == cell)
            .map(|i| PlaceIdx(i as u32))
    }
}

/// A point inside a shape.
fn inside(shape: &geo::MultiPolygon) -> Option<Position> {
    use geo::InteriorPoint;
    shape.interior_point().and_then(|p| Position::from_coord(p.into()).ok())
}
