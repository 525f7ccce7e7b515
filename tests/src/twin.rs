//! What slow twins share: distances, times and draws written again, and the cells a server tells.

use crate::Server;

/// Great-circle distance, haversine formula, on the sphere of mean radius (IUGG).
pub fn kilometres(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (dlat, dlon) = (lat_b - lat_a, (b.1 - a.1).to_radians());
    let h = (dlat / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (dlon / 2.0).sin().powi(2);
    2.0 * 6371.0088 * h.sqrt().asin()
}

/// The published curve of a mode: minutes from kilometres.
pub fn minutes(mode: &str, km: f64) -> f64 {
    let d = km + 0.3;
    match mode {
        "car" => 2.73 * d.powf(0.83),
        "bike" => 5.2 * d,
        "walk" => 15.6 * d,
        other => panic!("{other}"),
    }
}

/// A multiplicative generator (Lehmer), so that every run asks the same.
pub struct Draw(pub u64);

impl Draw {
    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0 * 48_271 % 0x7fff_ffff;
        self.0 as usize % n
    }

    /// One of several.
    pub fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }
}

/// An inhabited cell as the server tells it.
pub struct Cell {
    /// Its H3 index.
    pub code: String,
    /// Who lives there.
    pub people: u64,
    /// To the nearest venue; none when none fits.
    pub minutes: Option<f64>,
    /// Those beyond the promise.
    pub beyond: u64,
    /// The name of the nearest venue.
    pub nearest: String,
}

/// The inhabited cells of an inquiry, from as many pages of CSV as it takes.
pub fn cells(server: &Server, inquiry: &str) -> Vec<Cell> {
    let mut cells = Vec::new();
    loop {
        let offset = cells.len();
        let page =
            server.get(&format!("/api/collections/cells/items?{inquiry}&f=csv&limit=10000&offset={offset}"));
        assert_eq!(page.status, 200, "{inquiry}");
        let mut table = csv::Reader::from_reader(page.body.as_slice());
        let header = table.headers().expect("a header").clone();
        let column = |name: &str| header.iter().position(|h| h == name).expect(name);
        let columns = ["code", "population", "access_min", "beyond", "nearest_venue"].map(column);
        for row in table.records() {
            let row = row.expect("a row");
            let [code, people, minutes, beyond, nearest] = columns.map(|i| row[i].to_owned());
            cells.push(Cell {
                code,
                people: people.parse().expect("people"),
                minutes: (!minutes.is_empty()).then(|| minutes.parse().expect("minutes")),
                beyond: beyond.parse().expect("people"),
                nearest,
            });
        }
        if cells.len() < offset + 10_000 {
            return cells;
        }
    }
}
