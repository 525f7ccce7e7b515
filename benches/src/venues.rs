//! Where venues are, from real files.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use territory::Position;

use crate::{Read, gunzip, open};

/// The France services of August 2024 in mainland France; those without a usable position are left out.
pub fn france_services(data: &Path) -> Read<Vec<Position>> {
    let mut rows = csv::Reader::from_reader(open(&data.join("venues/france-services-2024-08.csv"))?);
    let mut venues = Vec::new();
    for row in rows.deserialize::<BTreeMap<String, String>>() {
        let row = row?;
        let degrees = |column: &str| row.get(column).and_then(|text| text.trim().parse::<f64>().ok());
        if let (Some(lon), Some(lat)) = (degrees("longitude"), degrees("latitude"))
            && (-6.0..10.0).contains(&lon)
            && (41.0..52.0).contains(&lat)
        {
            venues.push(Position::from_lon_lat(lon, lat)?);
        }
    }
    Ok(venues)
}

/// The venues of the committed sample.
pub fn sample(sample: &Path) -> Read<Vec<Position>> {
    #[derive(Deserialize)]
    struct Record {
        longitude: f64,
        latitude: f64,
    }
    let records: Vec<Record> = serde_json::from_reader(gunzip(&sample.join("venues-2021.json.gz"))?)?;
    records.iter().map(|r| Ok(Position::from_lon_lat(r.longitude, r.latitude)?)).collect()
}
