//! Where people live: places, all of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::apportion::apportion;
use crate::cell::Cell;
use crate::gazetteer::{CommuneIdx, Gazetteer};
use crate::headcount::Headcount;
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

/// How people were spread over the cells of their commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Spread {
    /// All by the modelled decay of [`spread`]: no population grid was given.
    Modelled,
    /// As a population grid counts them.
    Counted {
        /// The communes in whose cells it counts nobody, spread by the model; sorted.
        modelled: Vec<CommuneIdx>,
    },
}

/// Everyone settled: what [`Grid::settle`] returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// Where people live.
    pub grid: Grid,
    /// Communes whose people cannot be placed: no shape, no host, no town hall.
    pub unplaced: Vec<CommuneIdx>,
    /// How the others were spread.
    pub spread: Spread,
}

impl Grid {
    /// A grid of given places, sorted here.
    pub fn new(mut places: Vec<Place>) -> Self {
        places.sort_by_key(|p| (p.cell, p.commune));
        Self { places }
    }

    /// Spreads the people of every commune over its cells, in proportion to those a population grid
    /// counts there, or by the modelled decay of [`spread`] when none is given.
    ///
    /// A commune's cells are those whose centre lies in its shape. One too small for any gets its
    /// town hall's cell; one without a shape shares the cells of its host, or else has its town hall's
    /// cell too. Those that have none of these cannot be placed.
    ///
    /// The people counted in a cell weigh for the commune whose cell it is. Those of communes too small
    /// for a cell of their own, which live in that one, are taken off first. A commune in whose cells
    /// nobody is left counted is spread by the model.
    pub fn settle(gazetteer: &Gazetteer, headcount: Option<&Headcount>) -> Settlement {
        let homes = homes(gazetteer);
        let guests = guests(gazetteer, &homes);
        let (mut places, mut unplaced, mut modelled) = (Vec::new(), Vec::new(), Vec::new());
        for (idx, Home { cells, anchor, .. }) in gazetteer.commune_ids().zip(homes) {
            let population = gazetteer.commune(idx).population;
            if cells.is_empty() {
                unplaced.push(idx);
                continue;
            }
            let counted = headcount.and_then(|headcount| counted(&cells, headcount, &guests));
            let weights = counted.unwrap_or_else(|| {
                // Where there is one cell, or nobody, there is nothing to model.
                if cells.len() > 1 && population.0 > 0 {
                    modelled.push(idx);
                }
                spread::weights(&cells, anchor, population)
            });
            let shares = apportion(population, &weights);
            places.extend(cells.into_iter().zip(shares).map(|(cell, population)| Place {
                cell,
                commune: idx,
                population,
            }));
        }
        let spread = if headcount.is_some() { Spread::Counted { modelled } } else { Spread::Modelled };
        Settlement { grid: Self::new(places), unplaced, spread }
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

/// The cells of a commune.
struct Home {
    cells: Vec<Cell>,
    /// Where its people gather when nothing counts them.
    anchor: Option<Position>,
    /// Whether it has no cell of its own but its town hall's, which may be a neighbour's.
    guest: bool,
}

/// The home of each commune, in their order.
fn homes(gazetteer: &Gazetteer) -> Vec<Home> {
    let covered: Vec<Vec<Cell>> =
        gazetteer.communes().iter().map(|c| c.shape.as_ref().map(Cell::cover).unwrap_or_default()).collect();
    let home = |idx: CommuneIdx| {
        let commune = gazetteer.commune(idx);
        let host = commune.host.and_then(|code| gazetteer.find_commune(code));
        let mut cells = covered[host.unwrap_or(idx).0 as usize].clone();
        let anchor = commune.town_hall.or_else(|| commune.shape.as_ref().and_then(inside));
        let guest = cells.is_empty();
        if guest {
            cells.extend(anchor.map(Cell::at));
        }
        Home { cells, anchor, guest }
    };
    gazetteer.commune_ids().map(home).collect()
}

/// The people of communes that have no cell of their own, by the cell they live in.
fn guests(gazetteer: &Gazetteer, homes: &[Home]) -> BTreeMap<Cell, f64> {
    let mut guests: BTreeMap<Cell, f64> = BTreeMap::new();
    for (commune, home) in gazetteer.communes().iter().zip(homes).filter(|(_, home)| home.guest) {
        for &cell in &home.cells {
            *guests.entry(cell).or_default() += f64::from(commune.population.0);
        }
    }
    guests
}

/// The weight of each cell by the people counted there, none when nobody is.
fn counted(cells: &[Cell], headcount: &Headcount, guests: &BTreeMap<Cell, f64>) -> Option<Vec<f64>> {
    let host = |cell: &Cell| (headcount.people(*cell) - guests.get(cell).copied().unwrap_or(0.0)).max(0.0);
    let weights: Vec<f64> = cells.iter().map(host).collect();
    weights.iter().any(|weight| *weight > 0.0).then_some(weights)
}

/// A point inside a shape.
fn inside(shape: &geo::MultiPolygon) -> Option<Position> {
    use geo::InteriorPoint;
    shape.interior_point().and_then(|p| Position::from_coord(p.into()).ok())
}

#[cfg(test)]
mod tests;
