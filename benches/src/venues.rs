//! Venues and where they are, from real files.

use std::collections::BTreeMap;
use std::path::Path;

use ingest::identity::Record;
use serde::Deserialize;
use territory::vocabulary::{Itinerance, Term, Typology};
use territory::{Position, Venue};

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

/// The rows of a gzipped table of venues that are somewhere on Earth, as far as identity looks at them:
/// who published them under which identifier, what they are called and where they are.
pub fn records(table: &Path) -> Read<Vec<Record>> {
    let file = table.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut rows = csv::Reader::from_reader(gunzip(table)?);
    let mut records = Vec::new();
    for (line, row) in (2..).zip(rows.deserialize::<BTreeMap<String, String>>()) {
        let row = row?;
        let text = |column: &str| row.get(column).map_or("", |text| text.trim());
        let degrees = |column: &str| text(column).parse::<f64>().ok();
        let (Some(lon), Some(lat)) = (degrees("longitude"), degrees("latitude")) else {
            continue;
        };
        let Ok(position) = Position::from_lon_lat(lon, lat) else {
            continue;
        };
        let mut venue = Venue::new(text("id"), text("nom"), position);
        venue.producer = Some(text("source").to_owned());
        venue.address = Some(text("adresse").to_owned()).filter(|address| !address.is_empty());
        text("commune").clone_into(&mut venue.commune_name);
        venue.commune = text("code_insee").parse().ok();
        venue.updated = text("date_maj").parse().ok();
        let list = |column: &str| text(column).split(['|', ';']).map(str::trim);
        venue.typologies = list("typologie").filter_map(Typology::from_label).collect();
        venue.itinerance = list("itinerance").filter_map(Itinerance::from_label).collect();
        records.push(Record { venue, file: file.clone(), line });
    }
    Ok(records)
}
