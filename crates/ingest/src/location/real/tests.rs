//! The judge on the files Hubs hold, in place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::super::*;
use crate::file::File;
use crate::refusal::Kind;
use crate::{cog, communes, config, town_halls};

/// A file of the shared data, which is never committed: where it is absent the test prints why and is
/// skipped, but in CI a skip fails.
#[expect(clippy::disallowed_methods, reason = "tests alone may ask whether they run in CI")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    assert!(std::env::var("CI").is_err(), "in CI nothing is skipped: {} is absent", path.display());
    None
}

fn open(path: &Path) -> File {
    File::open(path, None).expect("a file")
}

struct Country {
    codes: Codes,
    shapes: BTreeMap<CommuneCode, MultiPolygon>,
}

/// All communes of France, or those drawn in the sample, with the names and codes of all.
fn country(drawn: Option<&Path>) -> Option<Country> {
    let cog = open(&shared("territory/cog-2026-communes.json.gz")?);
    let (_, codes) = cog::communes(&cog, &mut cog.findings()).expect("COG").within(&config::Scope::default());
    let all = shared("territory/communes-2025.geojsonl.gz")?;
    let file = open(drawn.unwrap_or(&all));
    let shapes = communes::read(&file, &mut file.findings()).expect("shapes");
    let shapes = communes::settle(shapes, &codes, &mut file.findings());
    Some(Country { codes, shapes })
}

/// Rows of a CSV file by column.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let file = open(path);
    let mut reader = csv::Reader::from_reader(&file.content[..]);
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

fn claim<'a>(row: &'a BTreeMap<String, String>, [insee, postcode, name]: [&str; 3]) -> Claim<'a> {
    let text = |column: &str| row.get(column).map_or("", String::as_str);
    Claim {
        lon: text("longitude"),
        lat: text("latitude"),
        commune: text(insee).parse().ok(),
        postcode: text(postcode),
        commune_name: text(name),
        address: text("adresse"),
    }
}

const NATIONAL: [&str; 3] = ["code_insee", "code_postal", "commune"];
const FRANCE_SERVICES: [&str; 3] = ["insee_com", "code_postal", "lib_com"];

type Counts = BTreeMap<(Outcome, Kind), usize>;

/// How many rows of each outcome and kind; each finding is printed.
fn judged(country: &Country, rows: &[BTreeMap<String, String>], columns: [&str; 3]) -> Counts {
    #[expect(clippy::disallowed_methods, reason = "a speed is measured")]
    let now = std::time::Instant::now;
    let start = now();
    let judge = Judge::new(&country.codes, &country.shapes).everywhere();
    let index = start.elapsed();
    let claims: Vec<Claim> = rows.iter().map(|row| claim(row, columns)).collect();
    let crowd = judge.crowd(claims.iter().copied());
    let located: Vec<_> = claims.iter().map(|claim| judge.locate(claim, &crowd)).collect();
    let whole = start.elapsed();
    let mut counts = Counts::new();
    for (claim, located) in claims.iter().zip(located) {
        let found = match located {
            Ok(located) => located.findings.into_iter().map(|f| (f.outcome, f.reason)).collect(),
            Err(reason) => vec![(Outcome::Refused, reason)],
        };
        for (outcome, reason) in found {
            *counts.entry((outcome, reason.kind())).or_default() += 1;
            if reason.kind() != Kind::CoordinatesMissing {
                println!("{outcome:?} {reason:?} {claim:?}");
            }
        }
    }
    println!("{} rows in {whole:?}, of which {index:?} to draw the communes: {counts:#?}", rows.len());
    assert!(whole.as_secs() < 20, "{whole:?}");
    counts
}

/// The rows of Gironde as a mapping hands them over: «Coord. X» where a longitude is meant.
fn gironde() -> Option<Vec<BTreeMap<String, String>>> {
    let file = open(&shared("venues/raw/gironde.json")?);
    let records: Vec<serde_json::Value> = serde_json::from_slice(&file.content).expect("JSON");
    let row = |record: &serde_json::Value| {
        let of = |(ours, theirs): (&str, &str)| (ours.to_owned(), record[theirs].to_string());
        [("longitude", "Coord. X"), ("latitude", "Coord. Y")].map(of).into()
    };
    Some(records.iter().map(row).collect())
}

#[test]
fn all_rows_of_gironde_are_swapped_and_come_back_inside_it() {
    let (Some(rows), Some(country)) = (gironde(), country(None)) else {
        return;
    };
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample/communes-2025.geojson.gz");
    let region = self::country(Some(&sample)).expect("as above");
    let nothing = Country { codes: Codes::default(), shapes: BTreeMap::new() };
    let whole = Judge::new(&country.codes, &country.shapes);
    for drawn in [&country, &region, &nothing] {
        let judge = Judge::new(&drawn.codes, &drawn.shapes).everywhere();
        let mut inside = 0;
        for row in &rows {
            let located = judge.locate(&claim(row, [""; 3]), &Crowd::default()).expect("repaired");
            assert_eq!(located.findings.len(), 1);
            assert_eq!(located.findings[0].reason.kind(), Kind::CoordinatesSwapped);
            let holder = whole.land.holder(located.position).expect("a commune");
            inside += usize::from(holder.as_str().starts_with("33"));
        }
        assert_eq!((rows.len(), inside), (347, 347));
    }
}

#[test]
fn no_france_services_is_refused_and_those_of_guyane_are_sound() {
    let (Some(path), Some(country)) = (shared("venues/france-services-2024-08.csv"), country(None)) else {
        return;
    };
    let rows = rows(&path);
    let counts = judged(&country, &rows, FRANCE_SERVICES);
    assert!(counts.keys().all(|(outcome, _)| *outcome != Outcome::Refused), "{counts:?}");
    let judge = Judge::new(&country.codes, &country.shapes);
    let guyane = rows.iter().filter(|row| row["insee_com"].starts_with("973"));
    let located = guyane.map(|row| judge.locate(&claim(row, FRANCE_SERVICES), &Crowd::default()));
    let sound = located.filter(|l| l.as_ref().is_ok_and(|l| l.findings.is_empty())).count();
    assert!(sound > 10, "{sound}");
}

#[test]
fn the_national_file_is_judged_row_by_row() {
    let (Some(path), Some(country)) = (shared("venues/lieux-v1-national.csv.gz"), country(None)) else {
        return;
    };
    let counts = judged(&country, &rows(&path), NATIONAL);
    let of = |outcome, kind| counts.get(&(outcome, kind)).copied().unwrap_or(0);
    assert_eq!(of(Outcome::Refused, Kind::CoordinatesMissing), 466);
    assert_eq!(of(Outcome::Refused, Kind::CoordinatesFar), 29);
    assert_eq!(of(Outcome::Repaired, Kind::BadCommune), 28);
    assert_eq!(of(Outcome::Kept, Kind::CoordinatesFar), 24);
}

#[test]
fn the_raw_sources_are_judged_row_by_row() {
    let (Some(path), Some(country)) = (shared("venues/venues-all-sources.csv.gz"), country(None)) else {
        return;
    };
    let counts = judged(&country, &rows(&path), NATIONAL);
    let of = |outcome, kind| counts.get(&(outcome, kind)).copied().unwrap_or(0);
    assert_eq!(of(Outcome::Refused, Kind::CoordinatesMissing), 517);
    assert_eq!(of(Outcome::Refused, Kind::CoordinatesFar), 0, "their codes come from their positions");
    assert_eq!(of(Outcome::Refused, Kind::CoordinatesFallback), 7);
    assert_eq!(of(Outcome::Kept, Kind::CoordinatesFar), 104);
    assert_eq!(of(Outcome::Kept, Kind::CoordinatesFallback), 13);
}

#[test]
fn nearly_all_town_halls_are_in_their_commune() {
    let (Some(path), Some(country)) = (shared("territory/town-halls-2025.csv"), country(None)) else {
        return;
    };
    let file = open(&path);
    let mut findings = file.findings();
    let judge = Judge::new(&country.codes, &country.shapes);
    let halls = town_halls::read(&file, &country.codes, &judge, &mut findings).expect("town halls");
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for finding in findings.into_list() {
        *counts.entry(finding.reason).or_default() += 1;
    }
    println!("{} town halls, {counts:#?}", halls.len());
    assert_eq!(halls.len(), 33_747);
    assert_eq!(counts["the town hall lies outside its commune"], 876);
    assert_eq!(counts["lies far from its commune"], 202);
}
