//! People counted in squares, brought to cells: where a commune's people live, when a census says it.

use crate::cell::Cell;

/// People by cell, as a population grid counts them: finite, never negative, fractions allowed.
///
/// A count is a weight, not a legal population: its year, its borders and its rounding differ, so it
/// only says how the people of a commune share its cells (see [`Grid::settle`](crate::Grid::settle)).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Headcount {
    /// Sorted by cell, each once, nobody left out.
    counts: Vec<(Cell, f64)>,
}

/// A number of people that is none.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{people} people in cell {cell}: expected a finite number, 0 or more")]
pub struct InvalidHeadcount {
    /// Where.
    pub cell: Cell,
    /// The number refused.
    pub people: f64,
}

impl Headcount {
    /// The people of each cell; those of a cell given several times are added up, in the order given.
    pub fn new(counts: impl IntoIterator<Item = (Cell, f64)>) -> Result<Self, InvalidHeadcount> {
        let mut given: Vec<(Cell, f64)> = counts.into_iter().collect();
        // Stable, so that the same counts make the same sums to the last bit.
        given.sort_by_key(|(cell, _)| *cell);
        let mut counts: Vec<(Cell, f64)> = Vec::new();
        for (cell, people) in given {
            if !people.is_finite() || people < 0.0 {
                return Err(InvalidHeadcount { cell, people });
            }
            match counts.last_mut() {
                Some((last, sum)) if *last == cell => *sum += people,
                _ => counts.push((cell, people)),
            }
        }
        match counts.iter().find(|(_, people)| !people.is_finite()) {
            Some(&(cell, people)) => Err(InvalidHeadcount { cell, people }),
            None => Ok(Self { counts }),
        }
    }

    /// How many people are counted in a cell; 0 where nobody is.
    pub fn people(&self, cell: Cell) -> f64 {
        let found = self.counts.binary_search_by_key(&cell, |(cell, _)| *cell);
        found.map_or(0.0, |i| self.counts[i].1)
    }

    /// How many people are counted in all cells together.
    pub fn total(&self) -> f64 {
        self.counts.iter().map(|(_, people)| people).sum()
    }

    /// Whether nobody is counted anywhere.
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|(_, people)| *people == 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Position;

    #[test]
    fn counts_of_one_cell_add_up_and_a_cell_without_any_has_nobody() {
        let here = Cell::at(Position::from_lon_lat(1.4442, 43.6047).expect("on Earth"));
        let there = here.neighbours()[0];
        let count = Headcount::new([(here, 1.5), (there, 2.0), (here, 0.5)]).expect("counts");
        assert_eq!((count.people(here), count.people(there), count.total()), (2.0, 2.0, 4.0));
        assert_eq!(count.people(here.neighbours()[1]), 0.0);
        assert!(!count.is_empty());
        assert!(Headcount::default().is_empty() && Headcount::new([(here, 0.0)]).expect("zero").is_empty());
    }

    #[test]
    fn a_count_that_is_negative_or_no_number_is_refused() {
        let here = Cell::at(Position::from_lon_lat(1.4442, 43.6047).expect("on Earth"));
        for people in [-1.0, f64::NAN, f64::INFINITY] {
            let refused = Headcount::new([(here, 1.0), (here, people)]).expect_err("refused");
            assert_eq!(refused.cell, here);
        }
        assert!(Headcount::new([(here, f64::MAX), (here, f64::MAX)]).is_err(), "their sum is no number");
    }
}
