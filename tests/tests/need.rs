//! The sample with fragility computed at build, the published index and a rural zoning beside it.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use maillage_tests::{Server, folder, repository, run, shared_data};
use serde_json::Value as Json;

/// Key, file, more.
const TABLES: [(&str, &str, &str); 6] = [
    ("[rates.census]", "fragility/inputs-communes-2022.csv.gz", ""),
    ("[rates.incomes]", "fragility/filosofi-communes-2021.csv.gz", ""),
    ("[rates.broadband]", "fragility/no-thd-communes-2019.csv.gz", ""),
    ("[ifn.communes]", "fragility/ifn-communes.csv.gz", ""),
    ("[ifn.epcis]", "fragility/ifn-epci.csv.gz", ""),
    ("[[priority_areas]]", "zones/zrr-2022.csv.gz", "kind = \"zrr\"\n"),
];

fn config() -> Option<String> {
    let sample = repository().join("data/sample/sample.toml");
    let mut text = format!("base = '{}'\n", sample.display());
    for (key, file, more) in TABLES {
        let path = shared_data(file)?.canonicalize().expect("a path");
        let table = format!(
            "{key}\npath = '{}'\nvintage = \"2022\"\nlicence = \"licence non précisée\"\n{more}",
            path.display()
        );
        writeln!(text, "{table}").expect("written");
    }
    Some(text)
}

/// An attribute of each commune.
fn of_communes(server: &Server, name: &str) -> BTreeMap<String, Json> {
    let path = format!("/api/collections/communes/items?limit=10000&properties=code,{name}");
    let communes = server.features(&path);
    let pair = |feature: &Json| {
        let properties = &feature["properties"];
        (properties["code"].as_str().expect("a code").to_owned(), properties[name].clone())
    };
    communes.iter().map(pair).collect()
}

#[test]
fn the_sample_computed_from_the_rates_has_the_classes_committed() {
    let Some(config) = config() else { return };
    let folder = folder();
    let path = folder.path().join("need.toml");
    std::fs::File::create(&path)
        .and_then(|mut file| std::io::Write::write_all(&mut file, config.as_bytes()))
        .expect("written");
    let atlas = folder.path().join("need");
    let built = run(&["build", path.to_str().expect("UTF-8"), "--out", atlas.to_str().expect("UTF-8")]);
    assert_eq!(built.code, Some(0), "{}", built.stderr);
    let server = Server::of(&atlas);
    let sample = Server::of_the_sample();
    let ours = of_communes(&server, "fragility");
    assert_eq!(ours, of_communes(&sample, "fragility"), "one computation, at build or committed");

    // Both indexes side by side, and how alike they rank the communes where both are known.
    let published = of_communes(&server, "fragility_published");
    let both = ours.iter().filter(|(code, value)| value.is_number() && published[*code].is_number()).count();
    let answer = &server.json("/api/territories/region:84")["answer"];
    assert_eq!(answer["fragility_correlation"]["n"], both);
    let rho = answer["fragility_correlation"]["rho"].as_f64().expect("a number");
    assert!((0.5..0.95).contains(&rho), "{rho}");
    assert_eq!(answer["fragility_published_basis"], "mean-of-communes");
    let none = &sample.json("/api/territories/region:84")["answer"];
    assert!(none["fragility_published"].is_null() && none["fragility_correlation"].is_null());

    // A rural zoning is whole communes: their people are known.
    let whole = server.json("/api/territories/region:84");
    let area = server.json("/api/collections/priority-areas/items");
    let [area] = area["features"].as_array().expect("areas").as_slice() else { panic!("one zoning") };
    assert_eq!(area["properties"]["commune_count"], 1_690);
    assert_eq!(area["properties"]["population"], whole["priority"]["people_by_kind"]["zrr"]);
    assert_eq!(area["properties"]["venues"], whole["priority"]["venues_in_any"]);
    let people = area["properties"]["population"].as_u64().expect("people");
    assert!((900_000..1_000_000).contains(&people), "{people}");
    let style = server.json("/styles/fragility.json");
    assert!(style["sources"]["priority-areas"].is_object());
    assert_eq!(server.get("/tiles/priority-areas/8/131/91").status, 200);
}

#[test]
fn a_layer_without_data_is_not_listed_and_asked_for_says_which_source_is_missing() {
    let server = Server::of_the_sample();
    let listed = server.json("/api/collections");
    let listed = listed["collections"].as_array().expect("collections");
    assert!(listed.iter().all(|layer| layer["id"] != "priority-areas") && listed.len() == 8);
    assert!(server.json("/tiles")["tiles"].get("priority-areas").is_none());
    assert!(server.json("/styles/fragility.json")["sources"].get("priority-areas").is_none());
    for path in [
        "/api/collections/priority-areas",
        "/api/collections/priority-areas/items",
        "/tiles/priority-areas",
        "/tiles/priority-areas/8/131/91",
        "/tiles/communes,priority-areas/8/131/91",
    ] {
        let problem = server.get(path).problem(404);
        let detail = problem["detail"].as_str().expect("a text");
        assert!(detail.contains("[[priority_areas]]"), "{path}: {detail}");
    }
    assert!(server.json("/api/territories/region:84")["priority"].is_null());
}
