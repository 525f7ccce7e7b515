//! Distances that were measured apart from the house, on the same points and the same people.
//!
//! From the middle of each commune's shape to the nearest venue, as the crow flies: what a study that counts
//! people per commune publishes. Paris, Lyon and Marseille, each one point for a large city, are left out.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use access::nearest::VenueIndex;
use flate2::read::MultiGzDecoder;
use geo::Centroid;
use maillage_tests::{folder, shared_data};
use territory::{Position, VenueIdx};

/// Communes that are one point for a large city.
const CITIES: [&str; 3] = ["75056", "69123", "13055"];

/// Percentage points a share may differ by.
const TOLERANCE: f64 = 0.05;

/// The middle of a commune, and its people.
type Commune = (Position, f64);

/// The communes of the country, read as a build reads them; venues do not matter here.
fn communes() -> Option<Vec<Commune>> {
    let table = |name: &str| shared_data(&format!("territory/{name}")).map(|path| path.display().to_string());
    let [shapes, communes, epcis] = [
        table("communes-2025.geojsonl.gz")?,
        table("cog-2026-communes.json.gz")?,
        table("cog-2026-epci.json.gz")?,
    ];
    let [departements, regions] = [table("cog-2026-departements.json")?, table("cog-2026-regions.json")?];
    let folder = folder();
    let written = |name: &str, text: &str| {
        File::create(folder.path().join(name))
            .and_then(|mut f| f.write_all(text.as_bytes()))
            .expect("written");
    };
    let source =
        |key: &str, path: &str| format!("[{key}]\npath = '{path}'\nvintage = \"2025\"\nlicence = \"-\"\n");
    let config = [
        "name = \"France\"\n".to_owned(),
        source("shapes", &shapes),
        source("cog.communes", &communes),
        source("cog.epcis", &epcis),
        source("cog.departements", &departements),
        source("cog.regions", &regions),
        source("[venues]", "venue.csv"),
    ];
    written("france.toml", &config.concat());
    written("venue.csv", "id,nom,latitude,longitude\na,A,48.86,2.35\n");
    let inputs = ingest::read(&folder.path().join("france.toml")).expect("a build").value;
    let drawn = inputs.gazetteer.communes().iter().filter_map(|commune| {
        let middle = commune.shape.as_ref()?.centroid()?;
        let kept = !CITIES.contains(&commune.code.as_str());
        kept.then(|| {
            (Position::from_coord(middle.into()).expect("on Earth"), f64::from(commune.population.0))
        })
    });
    Some(drawn.collect())
}

/// Every row of a venue file that gives two numbers, right or wrong: this is a check of computing.
fn located(path: &Path) -> Vec<Position> {
    let mut text = String::new();
    let mut file = File::open(path).expect("a file");
    if path.extension().is_some_and(|extension| extension == "gz") {
        MultiGzDecoder::new(file).read_to_string(&mut text).expect("UTF-8");
    } else {
        file.read_to_string(&mut text).expect("UTF-8");
    }
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let header = table.headers().expect("a header").clone();
    let rank = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let (lon, lat) = (rank("longitude"), rank("latitude"));
    let rows = table.records().map(|row| row.expect("a row"));
    rows.filter_map(|row| Position::from_lon_lat(row[lon].parse().ok()?, row[lat].parse().ok()?).ok())
        .collect()
}

/// The percentage of people farther than 5, 10, 15 and 20 km from the nearest venue.
fn farther(communes: &[Commune], venues: &[Position]) -> [f64; 4] {
    let index = VenueIndex::new((0..).map(VenueIdx).zip(venues.iter().copied()));
    let metres: Vec<(f64, f64)> = communes
        .iter()
        .map(|&(middle, people)| {
            let nearest = index.nearest(middle).expect("a venue");
            (middle.distance_to(venues[nearest.0 as usize]).0, people)
        })
        .collect();
    let everyone: f64 = communes.iter().map(|(_, people)| people).sum();
    [5_000.0, 10_000.0, 15_000.0, 20_000.0].map(|limit| {
        let beyond: f64 = metres.iter().filter(|(metres, _)| *metres > limit).map(|(_, people)| people).sum();
        100.0 * beyond / everyone
    })
}

#[test]
fn people_are_as_far_from_venues_as_others_measured() {
    let files = ["france-services-2024-08.csv", "lieux-v1-national.csv.gz", "lieux-v1-libraries.csv.gz"];
    let [Some(services), Some(national), Some(libraries)] =
        files.map(|name| shared_data(&format!("venues/{name}")))
    else {
        return;
    };
    let Some(communes) = communes() else { return };
    assert_eq!(communes.len(), 34_864);
    assert_eq!(communes.iter().map(|(_, people)| people).sum::<f64>(), 64_816_339.0);

    let (services, national) = (located(&services), located(&national));
    assert_eq!(services.len(), 2_845);
    let both = [national.clone(), located(&libraries)].concat();
    for (name, venues, measured) in [
        ("France services 2024", services, [32.60, 6.62, 0.76, 0.33]),
        ("venues of the national file", national, [18.55, 2.01, 0.28, 0.21]),
        ("the same and libraries", both, [2.67, 0.16, 0.08, 0.06]),
    ] {
        let ours = farther(&communes, &venues);
        for (ours, measured) in ours.into_iter().zip(measured) {
            assert!((ours - measured).abs() <= TOLERANCE, "{name}: {ours:.3} % for {measured} %");
        }
    }
}
