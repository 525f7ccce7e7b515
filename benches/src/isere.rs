//! Real car times between the communes of Isère (OSRM, 2021), and the worlds a curve is fitted on.

use std::collections::BTreeMap;
use std::io::BufReader;
use std::path::Path;

use serde::Deserialize;
use territory::{CommuneCode, Inhabitants, Position};

use crate::{Read, gunzip, open};

/// A commune of Isère.
pub struct Commune {
    /// Its code as a number: halves and worlds are drawn from it.
    pub number: u32,
    /// Where it is reached and left.
    pub at: Position,
    /// How many live there.
    pub population: Inhabitants,
}

/// The matrix: 512 communes, a time from each to each.
pub struct Isere {
    /// The communes, in the order of the matrix.
    pub communes: Vec<Commune>,
    seconds: Vec<Vec<f64>>,
}

/// From an origin to its nearest venue, or between the two communes of a pair.
#[derive(Clone, Copy)]
pub struct Trip {
    /// The rank of the commune one starts from.
    pub origin: usize,
    /// Great-circle distance to the venue nearest as the crow flies.
    pub km: f64,
    /// Time to the venue quickest to reach.
    pub minutes: f64,
    /// Whether that is the venue nearest as the crow flies.
    pub nearest_is_quickest: bool,
}

/// A world with venues in some communes of a half only.
pub struct World {
    /// One commune in so many has a venue.
    pub one_in: u32,
    /// Trips from the communes without a venue.
    pub trips: Vec<Trip>,
    /// Ranks of the communes with a venue.
    pub venues: Vec<usize>,
}

/// Communes by the parity of their code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// Even codes: to fit.
    Fit,
    /// Odd codes: to test.
    Test,
}

impl Half {
    /// Whether a commune belongs to it.
    pub fn holds(self, number: u32) -> bool {
        number.is_multiple_of(2) == (self == Self::Fit)
    }
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
}

#[derive(Deserialize)]
struct Properties {
    id: CommuneCode,
    population: u32,
    lon: f64,
    lat: f64,
}

impl Isere {
    /// Reads `reference/` of the data directory.
    pub fn read(data: &Path) -> Read<Self> {
        let communes = open(&data.join("reference/isere-communes-2021.geojson"))?;
        let communes: Collection = serde_json::from_reader(BufReader::new(communes))?;
        let communes: BTreeMap<CommuneCode, Properties> =
            communes.features.into_iter().map(|f| (f.properties.id, f.properties)).collect();

        let mut matrix =
            csv::Reader::from_reader(gunzip(&data.join("reference/osrm-isere-512x512-2021.csv.gz"))?);
        let columns: Vec<String> = matrix.headers()?.iter().skip(1).map(str::to_owned).collect();
        let mut isere = Self { communes: Vec::new(), seconds: Vec::new() };
        for (row, column) in matrix.records().zip(&columns) {
            let row = row?;
            if row.get(0) != Some(column) {
                return Err(format!("rows and columns differ at {column}").into());
            }
            let known = communes.get(&column.parse()?).ok_or_else(|| format!("{column} has no point"))?;
            isere.communes.push(Commune {
                number: column.parse()?,
                at: Position::from_lon_lat(known.lon, known.lat)?,
                population: Inhabitants(known.population),
            });
            isere.seconds.push(row.iter().skip(1).map(str::parse).collect::<Result<_, _>>()?);
        }
        Ok(isere)
    }

    /// The worlds of a half: venues in one commune out of 2, 5 and 10, each in as many ways.
    ///
    /// Origins and venues both belong to the half, so that no commune serves to fit and to test.
    pub fn worlds(&self, half: Half) -> Vec<World> {
        let members = self.half(half);
        let world = |one_in: u32, k: u32| {
            let has_venue = |&i: &usize| (self.communes[i].number / 2) % one_in == k;
            let (venues, origins): (Vec<usize>, Vec<usize>) = members.iter().copied().partition(has_venue);
            let trips = origins.iter().map(|&origin| self.nearest(origin, &venues)).collect();
            World { one_in, trips, venues }
        };
        [2, 5, 10]
            .into_iter()
            .flat_map(|one_in| (0..one_in).map(move |k| (one_in, k)))
            .map(|(m, k)| world(m, k))
            .collect()
    }

    /// The trips between two communes of a half, both ways.
    pub fn pairs(&self, half: Half) -> Vec<Trip> {
        let members = self.half(half);
        let between = |&origin: &usize| {
            let others = members.iter().copied().filter(move |&venue| venue != origin);
            others.map(move |venue| self.nearest(origin, &[venue])).collect::<Vec<_>>()
        };
        members.iter().flat_map(between).collect()
    }

    fn half(&self, half: Half) -> Vec<usize> {
        (0..self.communes.len()).filter(|&i| half.holds(self.communes[i].number)).collect()
    }

    fn nearest(&self, origin: usize, venues: &[usize]) -> Trip {
        let from = self.communes[origin].at;
        let (mut km, mut minutes, mut minutes_of_nearest) = (f64::INFINITY, f64::INFINITY, f64::INFINITY);
        for &venue in venues {
            let distance = from.distance_to(self.communes[venue].at).0 / 1000.0;
            let time = self.seconds[origin][venue] / 60.0;
            minutes = minutes.min(time);
            if distance < km {
                (km, minutes_of_nearest) = (distance, time);
            }
        }
        Trip { origin, km, minutes, nearest_is_quickest: minutes_of_nearest <= minutes }
    }
}
