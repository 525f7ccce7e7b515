//! Toulouse from the shared data: a scope by communes, people counted in squares, venues of the whole country.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs;
use std::path::Path;

use maillage_tests::{Server, folder, run, shared_data};
use serde_json::Value as Json;

/// Toulouse, COG 2026.
const PEOPLE: u64 = 514_819;

/// What the configuration names; none, said aloud, when one is absent.
fn is_here() -> bool {
    let files = [
        "territory/communes-2025.geojsonl.gz",
        "population/census-grid-1km-2021.csv.gz",
        "roads/toulouse.osm.pbf",
        "venues/lieux-v1-national.csv.gz",
        "fragility/ifn-communes.csv.gz",
        "zones/qpv-occitanie-2014.geojson",
    ];
    files.into_iter().all(|name| shared_data(name).is_some())
}

fn codes(diagnosis: &Json, list: &str, key: &str) -> Vec<String> {
    let listed = diagnosis[list].as_array().expect("a list").iter();
    listed.map(|item| item[key].as_str().expect("a text").to_owned()).collect()
}

fn build(config: &str, out: &Path) -> String {
    let done = run(&["build", config, "--out", out.to_str().expect("UTF-8")]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    done.stderr
}

#[test]
fn toulouse_is_built_and_its_people_live_where_the_census_counts_them() {
    if !is_here() {
        return;
    }
    let folder = folder();
    let atlas = folder.path().join("toulouse");
    let report = build("tests/atlases/toulouse.toml", &atlas);
    assert!(report.contains("1 communes, 514819 inhabitants"), "{report}");
    assert!(!report.contains("absent: population grid") && !report.contains("modelled:"), "{report}");
    let refusals = fs::read_to_string(atlas.join("refusals.csv")).expect("a list");
    assert!(!refusals.contains("census-grid"), "every square is sound");

    let server = Server::of(&atlas);
    let whole = server.json("/api/territories/france?mode=walk&minutes=30");
    assert_eq!(whole["territory"]["population"].as_u64(), Some(PEOPLE));
    let warnings = codes(&whole, "warnings", "code");
    assert!(!warnings.iter().any(|code| code.contains("modelled")), "{warnings:?}");
    assert!(!warnings.contains(&"venues-stop-at-edge".to_owned()), "{warnings:?}");
    let sources = codes(&whole, "sources", "name");
    assert!(sources.iter().any(|name| name.contains("carreaux de 1 km")), "{sources:?}");

    let cells = server.json("/api/collections/cells/items?limit=10000");
    let people = |cell: &Json| cell["properties"]["population"].as_u64().expect("a number");
    let cells = cells["features"].as_array().expect("cells");
    assert_eq!(cells.iter().map(people).sum::<u64>(), PEOPLE);
    // The densest square kilometre of Toulouse holds some 16,000 people; a model around the town hall
    // of half a million spreads them far more evenly.
    let densest = cells.iter().map(people).max().expect("cells");
    assert!((8_000..16_000).contains(&densest), "{densest}");
    need(&server, &whole);
}

/// What is said of fragility and of priority areas, computed again from the published files.
fn need(server: &Server, whole: &Json) {
    let answer = &whole["answer"];
    let commune = server.json("/api/territories/commune:31555?mode=walk&minutes=30");
    assert_eq!(commune["answer"]["fragility_published"], answer["fragility_published"], "one commune");
    assert_eq!(commune["answer"]["fragility_published_basis"], "published");
    assert_eq!(answer["fragility_published_basis"], "mean-of-communes");
    assert!(answer["fragility"].is_number() && answer["fragility_correlation"].is_null(), "one commune");
    assert!(answer["fragility_published_source"]["licence"].as_str().expect("a text").contains("MedNum"));

    let published = |layer: &str| {
        let items = server.json(&format!("/api/collections/{layer}/items"));
        items["features"][0]["properties"]["fragility_published"].as_f64().expect("a score")
    };
    assert_eq!(published("communes"), row("ifn-communes.csv.gz", "31555"));
    assert_eq!(published("epcis"), row("ifn-epci.csv.gz", "243100518"));

    let listed = server.json("/api/collections");
    assert!(codes(&listed, "collections", "id").contains(&"priority-areas".to_owned()));
    let areas = server.json("/api/collections/priority-areas/items?limit=100&mode=walk");
    let areas = areas["features"].as_array().expect("areas");
    assert_eq!(areas.len(), 12, "the quarters of Toulouse, which is in no ZRR");
    let venues = server.json("/api/collections/venues/items?limit=10000&mode=walk");
    let venues: Vec<(f64, f64)> = venues["features"].as_array().expect("venues").iter().map(point).collect();
    let mut inside = vec![false; venues.len()];
    for area in areas {
        let properties = &area["properties"];
        assert_eq!((properties["kind"].as_str(), &properties["population"]), (Some("qpv"), &Json::Null));
        assert_eq!(properties["communes"], "31555");
        assert_eq!(properties["access_basis"], "inside-point");
        assert!(properties["access_min"].as_f64().is_some_and(|m| m < 60.0), "{properties}");
        let shape = &area["geometry"]["coordinates"];
        let mut n = 0;
        for (venue, seen) in venues.iter().zip(&mut inside) {
            if holds(shape, *venue) {
                (n, *seen) = (n + 1, true);
            }
        }
        assert_eq!(properties["venues"], n, "{}", properties["name"]);
    }
    let any = inside.iter().filter(|seen| **seen).count();
    assert!(any > 0, "some venue is in a quarter");
    assert_eq!(whole["priority"]["venues_in_any"], any);
    assert_eq!(whole["priority"]["venues_by_kind"]["qpv"], any);
    assert_eq!(whole["priority"]["people_by_kind"], serde_json::json!({}));
}

fn point(feature: &Json) -> (f64, f64) {
    let at = &feature["geometry"]["coordinates"];
    (at[0].as_f64().expect("a longitude"), at[1].as_f64().expect("a latitude"))
}

/// Even–odd over all the rings of a multi-polygon, so that a hole is outside.
fn holds(shape: &Json, (lon, lat): (f64, f64)) -> bool {
    let number = |value: &Json| value.as_f64().expect("a number");
    let rings = shape.as_array().expect("polygons").iter().flat_map(|p| p.as_array().expect("rings"));
    let mut inside = false;
    for ring in rings {
        for side in ring.as_array().expect("corners").windows(2) {
            let [(x1, y1), (x2, y2)] = [0, 1].map(|i| (number(&side[i][0]), number(&side[i][1])));
            if (y1 > lat) != (y2 > lat) && lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1 {
                inside = !inside;
            }
        }
    }
    inside
}

/// The published total of a code, to one decimal, read again.
fn row(name: &str, code: &str) -> f64 {
    let path = shared_data(&format!("fragility/{name}")).expect("the published index");
    let file = flate2::read::GzDecoder::new(fs::File::open(path).expect("a file"));
    let mut table = csv::Reader::from_reader(file);
    let row = table.records().map(|row| row.expect("a row")).find(|row| &row[2] == code);
    let total: f64 = row.expect("a row")[8].parse().expect("a number");
    (total * 10.0).round() / 10.0
}
