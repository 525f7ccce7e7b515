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
}
