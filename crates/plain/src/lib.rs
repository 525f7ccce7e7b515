//! A test world whose answers are arithmetic. Never ships.
//!
//! [`Plain`] is a flat country of square communes in rows and columns, each with its people in the
//! cell of its town hall, so that who lives where, and how far from what, is known on paper.

#![expect(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a wrong constant of the test world should stop the test that uses it"
)]

mod town;

pub use town::Town;

use geo::{MultiPolygon, Polygon, Rect, coord};
use territory::{
    Cell, Commune, CommuneCode, Departement, Epci, Gazetteer, Grid, Inhabitants, Place, Position, Region,
    Siren, Venue,
};

/// Side of a commune in degrees of latitude and of longitude.
pub const SIDE_DEGREES: f64 = 0.1;

const WEST: f64 = 4.0;
const SOUTH: f64 = 45.0;

/// A country of `columns × rows` communes, from the south-west corner 4° E, 45° N.
///
/// The commune of column i and row j has code `01` and the three digits of `i + 20 j`, and `100 + i + j`
/// inhabitants. Even columns belong to one EPCI, odd ones to another.
#[derive(Debug, Clone, Copy)]
pub struct Plain {
    columns: u8,
    rows: u8,
}

impl Plain {
    /// A country of at most 20 × 20 communes.
    pub fn new(columns: u8, rows: u8) -> Self {
        assert!(columns <= 20 && rows <= 20, "at most 20 × 20 communes");
        Self { columns, rows }
    }

    /// Its communes as (column, row), in the order of their codes.
    pub fn squares(self) -> impl Iterator<Item = (u8, u8)> {
        (0..self.rows).flat_map(move |j| (0..self.columns).map(move |i| (i, j)))
    }

    /// The code of a commune.
    pub fn code(self, i: u8, j: u8) -> CommuneCode {
        let code = format!("01{:03}", u32::from(i) + 20 * u32::from(j));
        code.parse().unwrap_or_else(|e| panic!("{e}"))
    }

    /// How many live in a commune.
    pub fn population(self, i: u8, j: u8) -> Inhabitants {
        Inhabitants(100 + u32::from(i) + u32::from(j))
    }

    /// The middle of a commune, where its town hall is.
    pub fn centre(self, i: u8, j: u8) -> Position {
        let lon = WEST + SIDE_DEGREES * (f64::from(i) + 0.5);
        let lat = SOUTH + SIDE_DEGREES * (f64::from(j) + 0.5);
        Position::from_lon_lat(lon, lat).unwrap_or_else(|e| panic!("{e}"))
    }

    /// The square of a commune.
    pub fn shape(self, i: u8, j: u8) -> MultiPolygon {
        let west = |i: u8| WEST + SIDE_DEGREES * f64::from(i);
        let south = |j: u8| SOUTH + SIDE_DEGREES * f64::from(j);
        let square =
            Rect::new(coord! { x: west(i), y: south(j) }, coord! { x: west(i + 1), y: south(j + 1) });
        MultiPolygon::new(vec![Polygon::from(square)])
    }

    /// A venue at the middle of the cell of a commune's town hall, named after its square.
    pub fn venue(self, i: u8, j: u8) -> Venue {
        let at = Cell::at(self.centre(i, j)).centre();
        Venue::new(format!("{i}-{j}"), format!("Venue {i} {j}"), at)
    }

    /// The communes and their groupings.
    pub fn gazetteer(self) -> Gazetteer {
        let epcis = [("200000172", "Colonnes paires"), ("200046977", "Colonnes impaires")];
        let epcis = epcis.map(|(code, name)| Epci { code: siren(code), name: name.to_owned(), members: 0 });
        let departement = "01".parse().unwrap_or_else(|e| panic!("{e}"));
        let region = "84".parse().unwrap_or_else(|e| panic!("{e}"));
        let communes = self.squares().map(|(i, j)| Commune {
            code: self.code(i, j),
            name: format!("Carré {i}-{j}"),
            departement,
            region,
            epci: Some(epcis[usize::from(i % 2)].code),
            population: self.population(i, j),
            town_hall: Some(self.centre(i, j)),
            shape: Some(self.shape(i, j)),
            host: None,
        });
        Gazetteer::new(
            communes.collect(),
            epcis.to_vec(),
            vec![Departement { code: departement, name: "Plaine".to_owned() }],
            vec![Region { code: region, name: "Grande Plaine".to_owned() }],
            Vec::new(),
        )
        .unwrap_or_else(|e| panic!("{e}"))
    }

    /// One place a commune, at its town hall, with all its people.
    pub fn grid(self) -> Grid {
        let gazetteer = self.gazetteer();
        Grid::new(
            self.squares()
                .filter_map(|(i, j)| {
                    Some(Place {
                        cell: Cell::at(self.centre(i, j)),
                        commune: gazetteer.find_commune(self.code(i, j))?,
                        population: self.population(i, j),
                    })
                })
                .collect(),
        )
    }
}

fn siren(code: &str) -> Siren {
    code.parse().unwrap_or_else(|e| panic!("{e}"))
}
