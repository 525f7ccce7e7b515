//! How the people of a commune spread over its cells when no population grid is given.

use crate::cell::Cell;
use crate::measure::{Inhabitants, Meters};
use crate::position::Position;

/// Distance from the town hall at which a village is half as dense as at its centre.
///
/// Fitted with [`CITY`] on the census grid of 1 km squares over the communes of
/// Auvergne-Rhône-Alpes whose code is even; `docs/method.md` has the procedure and the errors.
const VILLAGE_RADIUS: Meters = Meters(750.0);

/// Population that doubles the square of that distance.
const CITY: Inhabitants = Inhabitants(100_000);

/// The weight of each cell: `1 / (1 + d²/λ²)`, d the great-circle distance of its centre from the
/// town hall, `λ² = (750 m)² · (1 + population / 100 000)`.
///
/// Without a town hall every cell weighs the same.
pub fn weights(cells: &[Cell], town_hall: Option<Position>, population: Inhabitants) -> Vec<f64> {
    let radius_squared =
        VILLAGE_RADIUS.0 * VILLAGE_RADIUS.0 * (1.0 + f64::from(population.0) / f64::from(CITY.0));
    let weight = |cell: &Cell| {
        town_hall.map_or(1.0, |town_hall| {
            let Meters(d) = cell.centre().distance_to(town_hall);
            1.0 / (1.0 + d * d / radius_squared)
        })
    };
    cells.iter().map(weight).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_hall_gathers_people_and_a_city_spreads_them() {
        let town_hall = Position::from_lon_lat(4.8357, 45.7640).expect("on Earth");
        let here = Cell::at(town_hall);
        let mut cells = vec![here];
        cells.extend(here.neighbours());
        let village = weights(&cells, Some(here.centre()), Inhabitants(300));
        let city = weights(&cells, Some(here.centre()), Inhabitants(500_000));
        assert!(village[1..].iter().all(|w| *w < village[0]));
        assert!(city[1] > village[1]);
        assert!(weights(&cells, None, Inhabitants(300)).iter().all(|w| *w == 1.0));
    }
}
