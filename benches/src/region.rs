//! The communes of Auvergne-Rhône-Alpes and their cells.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::Path;

use geo::{Coord, InteriorPoint, LineString, MultiPolygon, Polygon};
use serde::Deserialize;
use territory::{Cell, CommuneCode, Inhabitants, Position};

use crate::{Read, gunzip, open};

/// The twelve départements.
const DEPARTEMENTS: [&str; 12] = ["01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"];

/// Town halls by commune.
pub type TownHalls = BTreeMap<CommuneCode, Position>;

/// A commune with a shape.
pub struct Commune {
    /// Its code.
    pub code: CommuneCode,
    /// Its legal population.
    pub population: Inhabitants,
    /// The cells whose centre it holds, or else its town hall's.
    pub cells: Vec<Cell>,
    /// A point inside.
    pub inside: Option<Position>,
}

impl Commune {
    /// Where its people gather: its town hall, or else a point inside, as `Grid::settle` has it.
    pub fn anchor(&self, town_halls: &TownHalls) -> Option<Position> {
        town_halls.get(&self.code).copied().or(self.inside)
    }
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    code: CommuneCode,
    pop: Option<u32>,
}

/// A `MultiPolygon`, all there is in both files.
#[derive(Deserialize)]
struct Geometry {
    coordinates: Vec<Vec<Vec<[f64; 2]>>>,
}

impl Geometry {
    fn shape(self) -> MultiPolygon {
        let ring = |ring: Vec<[f64; 2]>| ring.into_iter().map(Coord::from).collect::<LineString>();
        let polygon = |rings: Vec<Vec<[f64; 2]>>| {
            let mut rings = rings.into_iter().map(ring);
            let exterior = rings.next().unwrap_or_else(|| LineString::new(Vec::new()));
            Polygon::new(exterior, rings.collect())
        };
        self.coordinates.into_iter().map(polygon).collect()
    }
}

/// The communes of the region in `territory/` of the data directory, with the populations of the COG
/// 2026 (or of the shapes' file where a code has since disappeared).
pub fn communes(data: &Path, town_halls: &TownHalls) -> Read<Vec<Commune>> {
    let populations = populations(data)?;
    let mut communes = Vec::new();
    for line in gunzip(&data.join("territory/communes-2025.geojsonl.gz"))?.lines() {
        let Feature { properties, geometry } = serde_json::from_str(&line?)?;
        if !DEPARTEMENTS.contains(&&properties.code.as_str()[..2]) {
            continue;
        }
        let shape = geometry.shape();
        let known = populations.get(&properties.code).copied().or(properties.pop);
        let population = known.ok_or_else(|| format!("{} has no population", properties.code))?;
        let mut commune = Commune {
            code: properties.code,
            population: Inhabitants(population),
            cells: Cell::cover(&shape),
            inside: shape.interior_point().map(|p| Position::from_coord(p.into())).transpose()?,
        };
        if commune.cells.is_empty() {
            commune.cells.extend(commune.anchor(town_halls).map(Cell::at));
        }
        communes.push(commune);
    }
    Ok(communes)
}

/// Every town hall of a table with these column names.
pub fn town_halls(table: &Path, lon: &str, lat: &str) -> Read<TownHalls> {
    let mut rows = csv::Reader::from_reader(open(table)?);
    let mut town_halls = TownHalls::new();
    for row in rows.deserialize::<BTreeMap<String, String>>() {
        let row = row?;
        let number = |column: &str| row.get(column).and_then(|text| text.parse().ok());
        if let (Some(lon), Some(lat)) = (number(lon), number(lat)) {
            let code = row.get("code").ok_or("no column code")?;
            town_halls.insert(code.parse()?, Position::from_lon_lat(lon, lat)?);
        }
    }
    Ok(town_halls)
}

/// The communes of the committed sample, as they are in the COG 2026.
pub fn current_communes(sample: &Path) -> Read<Vec<CommuneCode>> {
    #[derive(Deserialize)]
    struct Entry {
        code: CommuneCode,
        r#type: String,
    }
    let entries: Vec<Entry> = serde_json::from_reader(gunzip(&sample.join("cog-2026-communes.json.gz"))?)?;
    Ok(entries.into_iter().filter(|e| e.r#type == "commune-actuelle").map(|e| e.code).collect())
}

/// The cells of the communes of the committed sample.
pub fn sample_cells(sample: &Path) -> Read<Vec<Cell>> {
    let communes: Collection = serde_json::from_reader(gunzip(&sample.join("communes-2025.geojson.gz"))?)?;
    Ok(communes.features.into_iter().flat_map(|f| Cell::cover(&f.geometry.shape())).collect())
}

fn populations(data: &Path) -> Read<BTreeMap<CommuneCode, u32>> {
    #[derive(Deserialize)]
    struct Entry {
        code: String,
        r#type: String,
        population: Option<u32>,
    }
    let entries: Vec<Entry> =
        serde_json::from_reader(gunzip(&data.join("territory/cog-2026-communes.json.gz"))?)?;
    let current = entries.into_iter().filter(|e| e.r#type == "commune-actuelle");
    current
        .filter_map(|e| Some((e.code, e.population?)))
        .map(|(code, people)| Ok((code.parse()?, people)))
        .collect()
}
