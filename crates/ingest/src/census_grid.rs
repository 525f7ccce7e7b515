//! «Carroyage»: the people of each square of 1 km, as Eurostat publishes the census of 2021 (CSV `x,y,T`).
//!
//! `x` and `y` are the easting and the northing of the south-west corner of a square, in metres of
//! EPSG:3035; `T` is the number of people who live there. Other columns are not read.
//!
//! Two things the file does not say: a square that the border cuts (`BE-FR`, 4,181 of 376,608) counts the
//! people of both countries together; and nothing is counted overseas. A count is only a weight within
//! a commune, whose total is its legal population: the first shifts people within border communes,
//! the second leaves communes overseas to the model.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::path::Path;

use rayon::prelude::*;
use territory::{Cell, Extent, Headcount, Position};

use crate::error::IngestError;
use crate::file::File;
use crate::laea::Laea;
use crate::refusal::{Findings, Read};
use crate::table::{Row, Table};

/// Side of a square, metres.
const SIDE: f64 = 1000.0;

/// A square is cut in this many parts a side.
const PARTS: u32 = 10;

/// More people than any square kilometre of Earth holds.
const MAX_PEOPLE: f64 = 1e6;

/// How far a square may reach from its middle, degrees: 707 m, on either axis, up to 69° north.
const REACH: f64 = 0.02;

/// The easting and northing of the south-west corner of a square, in kilometres.
type Corner = (i32, i32);

/// Reads the people of the squares near some boxes, by cell.
///
/// Each square is cut in 10 × 10 parts; a hundredth of its people goes to the cell that holds the middle
/// of each. Squares elsewhere are left out without a word; cells at the rim of the boxes may lack the
/// people of squares beyond.
pub fn read(path: &Path, near: &[Extent]) -> Result<Read<Headcount>, IngestError> {
    let file = File::open(path, None)?;
    let mut findings = file.findings();
    let value = read_file(&file, near, &mut findings)?;
    Ok(Read { value, refused: findings.into_list() })
}

pub(crate) fn read_file(
    file: &File,
    near: &[Extent],
    findings: &mut Findings,
) -> Result<Headcount, IngestError> {
    let table = Table::open(file)?;
    let columns = [table.column("x")?, table.column("y")?, table.column("T")?];
    let laea = Laea::new();
    let mut squares: BTreeMap<Corner, f64> = BTreeMap::new();
    let mut n_sound: u64 = 0;
    table.rows(findings, |row, findings| {
        let (corner, middle, people) = match square(row, columns, &laea) {
            Ok(square) => square,
            Err(Trouble { column, value, reason }) => {
                return findings.refused(row.line, column, &value, reason);
            }
        };
        n_sound += 1;
        if !near.iter().any(|extent| reaches(middle, *extent)) {
            return;
        }
        match squares.entry(corner) {
            Entry::Vacant(place) => {
                place.insert(people);
            }
            Entry::Occupied(_) => {
                let value = format!("{}, {}", row.get(columns[0]), row.get(columns[1]));
                findings.refused(row.line, "x", &value, "this square appears twice: the first row is kept");
            }
        }
    });
    if n_sound == 0 {
        return Err(file.unlike(nothing(findings)));
    }
    if squares.is_empty() {
        let reason = "no square of the population grid lies in the territory of the build: people are spread by the model";
        findings.kept(0, "", "", reason);
    }
    let counts: Vec<Vec<(Cell, f64)>> =
        squares.par_iter().map(|(&corner, &people)| spread(corner, people, &laea)).collect();
    Headcount::new(counts.into_iter().flatten()).map_err(|e| file.unlike(e.to_string()))
}

/// Why a row is no square.
struct Trouble {
    column: &'static str,
    value: String,
    reason: &'static str,
}

/// The corner of a square, its middle and its people.
fn square(row: &Row, [x, y, people]: [usize; 3], laea: &Laea) -> Result<(Corner, Position, f64), Trouble> {
    let kilometres = |at: usize, column: &'static str| {
        let km = row.get(at).parse::<f64>().ok().map(|metres| metres / SIDE);
        let km = km.filter(|km| km.fract() == 0.0 && km.abs() < 1e6);
        km.map(|km| km as i32).ok_or_else(|| Trouble {
            column,
            value: row.get(at).to_owned(),
            reason: "is not the corner of a 1 km square: expected whole kilometres, in metres of EPSG:3035",
        })
    };
    let corner = (kilometres(x, "x")?, kilometres(y, "y")?);
    let middle = within(corner, SIDE / 2.0, SIDE / 2.0, laea).ok_or_else(|| Trouble {
        column: "x",
        value: format!("{}, {}", row.get(x), row.get(y)),
        reason: "lies outside of the projection of European grids (EPSG:3035); check that `x` and `y` are in it",
    })?;
    let number = row.get(people).parse::<f64>().ok().filter(|people| !people.is_nan());
    let refused = |reason| Trouble { column: "T", value: row.get(people).to_owned(), reason };
    match number {
        None => Err(refused("is not a number of people")),
        Some(people) if people < 0.0 => Err(refused("is a negative number of people")),
        Some(people) if people > MAX_PEOPLE => Err(refused("is more people than 1 km² can hold")),
        Some(people) => Ok((corner, middle, people)),
    }
}

/// The position of a point of a square, `east` and `north` metres from its corner.
fn within(corner: Corner, east: f64, north: f64, laea: &Laea) -> Option<Position> {
    laea.position(f64::from(corner.0) * SIDE + east, f64::from(corner.1) * SIDE + north)
}

/// Whether a square with this middle may touch a box.
fn reaches(middle: Position, extent: Extent) -> bool {
    let [west, south, east, north] = extent.bbox();
    (west - REACH..=east + REACH).contains(&middle.lon())
        && (south - REACH..=north + REACH).contains(&middle.lat())
}

/// The people of a square by cell.
fn spread(corner: Corner, people: f64, laea: &Laea) -> Vec<(Cell, f64)> {
    let Some(mut parts) = Parts::of(corner, laea) else { return Vec::new() };
    parts.count([0, 0], [PARTS, PARTS]);
    let all = f64::from(PARTS * PARTS);
    parts.counts.into_iter().map(|(cell, n)| (cell, people * f64::from(n) / all)).collect()
}

/// The parts of a square, and how many of them lie in each cell.
struct Parts {
    /// Longitude and latitude of the corners: south-west, south-east, north-west, north-east.
    corners: [(f64, f64); 4],
    /// The cell of each part, once looked up.
    cells: [Option<Cell>; (PARTS * PARTS) as usize],
    counts: BTreeMap<Cell, u32>,
}

impl Parts {
    fn of(corner: Corner, laea: &Laea) -> Option<Self> {
        let at = |east: f64, north: f64| within(corner, east, north, laea).map(Into::into);
        let corners = [at(0.0, 0.0)?, at(SIDE, 0.0)?, at(0.0, SIDE)?, at(SIDE, SIDE)?];
        Some(Self { corners, cells: [None; (PARTS * PARTS) as usize], counts: BTreeMap::new() })
    }

    /// Counts the parts from one rank to before another, on both axes.
    ///
    /// A cell is convex: when it holds the middles of the four parts at the corners of a block it holds
    /// all of the block, so that most parts are never looked up.
    fn count(&mut self, [west, south]: [u32; 2], [east, north]: [u32; 2]) {
        let block = [(west, south), (east - 1, south), (west, north - 1), (east - 1, north - 1)];
        let [first, others @ ..] = block.map(|(i, j)| self.cell(i, j));
        if let Some(cell) = first.filter(|_| others.iter().all(|other| *other == first)) {
            *self.counts.entry(cell).or_default() += (east - west) * (north - south);
            return;
        }
        if east - west == 1 && north - south == 1 {
            return;
        }
        let (x, y) = (west + (east - west).div_ceil(2), south + (north - south).div_ceil(2));
        for (west, east) in [(west, x), (x, east)].into_iter().filter(|(from, to)| from < to) {
            for (south, north) in [(south, y), (y, north)].into_iter().filter(|(from, to)| from < to) {
                self.count([west, south], [east, north]);
            }
        }
    }

    /// The cell that holds the middle of a part.
    ///
    /// Degrees vary over a square of 1 km as if the Earth were flat, to 2 cm: its corners are projected,
    /// what lies between is interpolated.
    fn cell(&mut self, i: u32, j: u32) -> Option<Cell> {
        let known = &mut self.cells[(j * PARTS + i) as usize];
        if known.is_none() {
            let along = |rank: u32| (f64::from(rank) + 0.5) / f64::from(PARTS);
            let (x, y) = (along(i), along(j));
            let between = |of: fn((f64, f64)) -> f64| {
                let [south_west, south_east, north_west, north_east] = self.corners.map(of);
                (south_west * (1.0 - x) + south_east * x) * (1.0 - y)
                    + (north_west * (1.0 - x) + north_east * x) * y
            };
            *known = Position::from_lon_lat(between(|at| at.0), between(|at| at.1)).ok().map(Cell::at);
        }
        *known
    }
}

/// Why a file gives nothing: its first refusal tells.
fn nothing(findings: &Findings) -> String {
    let expected = "expected squares of 1 km (`x`, `y` in metres of EPSG:3035) and their people (`T`)";
    match findings.first() {
        Some(refusal) => {
            let line = refusal.line.map(|line| format!(", line {line}")).unwrap_or_default();
            format!(
                "none of its rows is a usable square (the first{line}: {:?} {}); {expected}",
                refusal.value, refusal.reason
            )
        }
        None => format!("it holds no square; {expected}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A square of Lyon's suburbs, by the tests of `laea`.
    const LYON: &str = "3928000,2513000,FR,1200\n";

    fn around(lon: f64, lat: f64) -> Extent {
        let corner = |by: f64| Position::from_lon_lat(lon + by, lat + by).expect("on Earth");
        Extent::new(corner(-0.01), corner(0.01)).expect("a box")
    }

    fn counted(rows: &str) -> Result<(Headcount, Vec<String>), IngestError> {
        let file = File::of(format!("x,y,CNTR_ID,T\n{rows}"));
        let mut findings = file.findings();
        let headcount = read_file(&file, &[around(4.97, 45.61)], &mut findings)?;
        Ok((headcount, findings.into_list().into_iter().map(|f| f.reason).collect()))
    }

    #[test]
    fn the_people_of_a_square_go_to_the_cells_under_it_and_none_is_lost() {
        let (headcount, reasons) = counted(LYON).expect("a grid");
        assert!(reasons.is_empty(), "{reasons:?}");
        assert!((headcount.total() - 1200.0).abs() < 1e-9);
        let at = Cell::at(Laea::new().position(3_928_500.0, 2_513_500.0).expect("on Earth"));
        let around: f64 = at.neighbours().into_iter().map(|cell| headcount.people(cell)).sum();
        assert!((headcount.people(at) + around - 1200.0).abs() < 1e-9, "a square is within seven cells");
        // A square of 1 km² holds at most one whole cell of about 0.7 km².
        assert!((300.0..900.0).contains(&headcount.people(at)), "{}", headcount.people(at));
    }

    #[test]
    fn each_part_is_in_the_cell_its_middle_falls_in() {
        let laea = Laea::new();
        for corner in [(3928, 2513), (3760, 2889), (3206, 2834), (4258, 2035)] {
            let mut slow: BTreeMap<Cell, u32> = BTreeMap::new();
            for part in 0..PARTS * PARTS {
                let middle = |i: u32| (f64::from(i) + 0.5) * SIDE / f64::from(PARTS);
                let at = within(corner, middle(part % PARTS), middle(part / PARTS), &laea).expect("on Earth");
                *slow.entry(Cell::at(at)).or_default() += 1;
            }
            let mut parts = Parts::of(corner, &laea).expect("on Earth");
            parts.count([0, 0], [PARTS, PARTS]);
            assert_eq!(parts.counts, slow, "{corner:?}");
        }
    }

    #[test]
    fn squares_elsewhere_are_left_out_without_a_word() {
        let paris = "3760000,2889000,FR,20000\n";
        let (headcount, reasons) = counted(&format!("{paris}{LYON}{paris}")).expect("a grid");
        assert_eq!((headcount.total().round(), reasons), (1200.0, Vec::new()));
        let (headcount, reasons) = counted(paris).expect("a grid of elsewhere");
        assert!(headcount.is_empty());
        assert!(reasons[0].contains("no square of the population grid lies"), "{reasons:?}");
    }

    #[test]
    fn each_bad_square_is_refused_with_its_reason_and_the_good_one_kept() {
        let rows = [
            LYON,
            "3928200,2513000,FR,5\n",
            "4.97,45.61,FR,5\n",
            "NaN,2513000,FR,5\n",
            "3928000,,FR,5\n",
            "990000000,990000000,FR,5\n",
            "3928000,2513000,FR,s\n",
            "3928000,2513000,FR,\n",
            "3928000,2513000,FR,NaN\n",
            "3928000,2513000,FR,-1\n",
            "3928000,2513000,FR,inf\n",
            "3928000,2513000,FR,7\n",
            "3928000,2513000\n",
        ];
        let (headcount, reasons) = counted(&rows.concat()).expect("a grid");
        assert_eq!(headcount.total().round(), 1200.0);
        let expected = [
            "corner of a 1 km square",
            "corner of a 1 km square",
            "corner of a 1 km square",
            "corner of a 1 km square",
            "outside of the projection",
            "not a number of people",
            "not a number of people",
            "not a number of people",
            "negative",
            "more people than",
            "appears twice",
            "2 columns",
        ];
        assert_eq!(reasons.len(), expected.len(), "{reasons:#?}");
        for (reason, expected) in reasons.iter().zip(expected) {
            assert!(reason.contains(expected), "{reason:?} should say {expected:?}");
        }
    }

    #[test]
    fn a_file_without_any_square_is_said_to_be() {
        let refused = |text: &str| {
            let file = File::of(text);
            read_file(&file, &[around(4.97, 45.61)], &mut file.findings()).expect_err("refused").to_string()
        };
        assert!(refused("x,y\n1,2\n").contains("no column `T`"));
        assert!(refused("x,y,T\n").contains("holds no square"));
        let degrees = refused("x,y,T\n4.97,45.61,12\n");
        assert!(degrees.contains("line 2") && degrees.contains("EPSG:3035"), "{degrees}");
    }

    proptest! {
        #[test]
        fn any_rows_never_panic_and_never_count_more_people_than_they_hold(
            rows in prop::collection::vec((3_926i32..3_931, 2_511i32..2_516, 0..5000u32), 0..30),
            text in "\\PC{0,60}",
        ) {
            let _ = counted(&text);
            let first: BTreeMap<Corner, u32> =
                rows.iter().rev().map(|&(x, y, people)| ((x, y), people)).collect();
            let rows = rows.iter().map(|(x, y, people)| format!("{x}000,{y}000,FR,{people}\n"));
            let text = rows.collect::<Vec<_>>().concat();
            if let Ok((headcount, _)) = counted(&text) {
                let sum: u32 = first.values().sum();
                prop_assert!(headcount.total() <= f64::from(sum) + 1e-6);
            }
        }
    }
}
