//! The sample through the real binary: sums, laws and identity.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use maillage_tests::{Server, folder, invalid, repository, run, sample_atlas, shape};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// The legal population of Auvergne-Rhône-Alpes, COG 2026.
const PEOPLE: u64 = 8_205_557;

fn number(value: &Json) -> u64 {
    value.as_u64().expect("a whole number")
}

fn sum(features: &[Json], property: &str) -> u64 {
    features.iter().map(|f| number(&f["properties"][property])).sum()
}

/// The people beyond a promise, by the diagnosis of a territory.
fn beyond(server: &Server, territory: &str, question: &str) -> u64 {
    let diagnosis = server.json(&format!("/api/territories/{territory}?{question}"));
    number(&diagnosis["answer"]["beyond"])
}

#[test]
fn people_sum_to_the_legal_population_at_every_level() {
    let server = Server::of_the_sample();
    for (layer, limit) in
        [("cells", 10_000), ("communes", 1000), ("epcis", 100), ("departements", 5), ("regions", 10)]
    {
        let address = format!("/api/collections/{layer}/items?limit={limit}&properties=population");
        let features = server.features(&address);
        assert_eq!(sum(&features, "population"), PEOPLE, "{layer}");
        let mut ids: Vec<u64> = features.iter().map(|f| number(&f["id"])).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), features.len(), "a feature of {layer} is on two pages");
    }
}

#[test]
fn there_are_4025_communes_in_12_departements() {
    let server = Server::of_the_sample();
    let count = |layer: &str| {
        let page = server.json(&format!("/api/collections/{layer}/items?limit=1"));
        number(&page["numberMatched"])
    };
    assert_eq!(count("communes"), 4025);
    assert_eq!(count("departements"), 12);
    assert_eq!(count("regions"), 1);
}

#[test]
fn one_goes_up_from_an_epci_to_the_departement_of_most_of_its_people() {
    let server = Server::of_the_sample();
    let properties = "departement,epci,population";
    let communes =
        server.features(&format!("/api/collections/communes/items?limit=10000&properties={properties}"));
    let mut people: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for commune in &communes {
        let [departement, epci] = ["departement", "epci"].map(|name| commune["properties"][name].as_str());
        let epci = people.entry(epci.expect("all have one")).or_default();
        *epci.entry(departement.expect("a code")).or_default() +=
            number(&commune["properties"]["population"]);
    }
    assert!(people.values().any(|departements| departements.len() > 1), "some lie in several");
    for (epci, departements) in people {
        let found = server.json(&format!("/api/territories?q={epci}&limit=1"));
        let parent = &found["territories"][0]["parent"];
        let code =
            parent["id"].as_str().and_then(|id| id.strip_prefix("departement:")).expect("a departement");
        assert_eq!(departements.get(code), departements.values().max(), "{epci}");
    }
    let above = |id: &str| server.json(&format!("/api/territories/{id}"))["territory"]["parent"].take();
    assert_eq!(
        above("commune:63113"),
        json!({"id": "epci:246300701", "name": "Clermont Auvergne Métropole"})
    );
    assert_eq!(above("departement:69M"), json!({"id": "region:84", "name": "Auvergne-Rhône-Alpes"}));
    for ids in ["region:84", "hub:hinaura", "departement:63,departement:43"] {
        assert_eq!(above(ids)["id"], "france", "{ids}");
    }
    assert_eq!(above("france"), Json::Null);
}

/// Zones of an inquiry are a good answer, and tell of as many people as the diagnosis.
fn check_zones(server: &Server, territory: &str, question: &str) -> u64 {
    let zones = server.json(&format!("/api/zones?territory={territory}&{question}"));
    assert_eq!(zones["type"], "FeatureCollection");
    let features = zones["features"].as_array().expect("features");
    assert_eq!(number(&zones["numberMatched"]), features.len() as u64, "all on one page");
    let people: Vec<u64> = features.iter().map(|f| number(&f["properties"]["population"])).collect();
    assert!(people.is_sorted_by(|a, b| a >= b), "{territory}?{question}: not by people");
    assert!(people.iter().all(|&p| p > 0), "{territory}?{question}: an empty zone");
    for feature in features {
        let geometry = shape(feature).expect("a zone has a shape");
        let kind = feature["geometry"]["type"].as_str().expect("a type");
        assert!(matches!(kind, "Polygon" | "MultiPolygon"), "{kind}");
        assert_eq!(invalid(&geometry), None, "{territory}?{question}: zone {}", feature["id"]);
        let of = &feature["properties"];
        assert!(number(&of["fragile_population"]) <= number(&of["population"]), "{of}");
        assert!(of["access_min_max"].as_f64() >= of["access_min"].as_f64(), "{of}");
    }
    let total: u64 = people.iter().sum();
    assert_eq!(number(&zones["totals"]["population"]), total);
    assert_eq!(total, beyond(server, territory, question), "{territory}?{question}");
    total
}

#[test]
fn the_zones_of_the_puy_de_dome_are_valid_polygons_with_the_people_of_its_diagnosis() {
    let server = Server::of_the_sample();
    let people = check_zones(&server, "departement:63", "minutes=20");
    assert!(people > 0, "the issue's own question has an answer");
    let zones = server.json("/api/zones?territory=departement:63&minutes=20");
    for feature in zones["features"].as_array().expect("features") {
        let of = &feature["properties"];
        assert!(of["access_min"].as_f64() >= Some(20.0), "{of}");
        let codes = of["communes"].as_str().expect("codes").split(',');
        assert!(codes.into_iter().all(|code| code.starts_with("63")), "{of}");
    }
}

#[test]
fn zones_and_diagnosis_agree_whatever_is_asked() {
    let server = Server::of_the_sample();
    let territories =
        ["departement:15", "departement:07,commune:69123", "epci:200046977", "commune:63113", "region:84"];
    let questions = [
        "minutes=10",
        "mode=bike&minutes=30&fee=free",
        "mode=walk&minutes=45&open=saturday",
        "minutes=25&fragility_min=6",
        "minutes=15&fee=free&open=saturday&fragility_min=6",
    ];
    let mut told = 0;
    for territory in territories {
        for question in questions {
            told += check_zones(&server, territory, question);
        }
    }
    assert!(told > 0, "some of these questions find somebody beyond");
}

#[test]
fn a_longer_promise_never_leaves_more_people_beyond() {
    let server = Server::of_the_sample();
    for territory in ["departement:43", "region:84", "epci:200070555,commune:07186"] {
        for rest in ["mode=car", "mode=walk", "fee=free&open=saturday", "fragility_min=8"] {
            let diagnosis = server.json(&format!("/api/territories/{territory}?{rest}"));
            let curve: Vec<(u64, u64)> = diagnosis["curve"]
                .as_array()
                .expect("a curve")
                .iter()
                .map(|point| (number(&point["minutes"]), number(&point["beyond"])))
                .collect();
            assert!(curve.is_sorted_by(|a, b| a.0 < b.0 && a.1 >= b.1), "{territory}?{rest}: {curve:?}");
            let mut before = u64::MAX;
            for minutes in [1, 5, 7, 10, 20, 31, 45, 60, 90, 120] {
                let now = beyond(&server, territory, &format!("{rest}&minutes={minutes}"));
                assert!(now <= before, "{territory}?{rest}&minutes={minutes}");
                if let Some((_, drawn)) = curve.iter().find(|(at, _)| *at == minutes) {
                    assert_eq!(*drawn, now, "{territory}?{rest}&minutes={minutes}: the curve");
                }
                before = now;
            }
        }
    }
}

#[test]
fn two_departements_together_are_their_sum() {
    let server = Server::of_the_sample();
    let question = "minutes=15&mode=bike";
    let of = |territory: &str, rest: &str| {
        let diagnosis = server.json(&format!("/api/territories/{territory}?{question}{rest}"));
        let people = number(&diagnosis["territory"]["population"]);
        let answer = &diagnosis["answer"];
        [people, number(&answer["beyond"]), number(&answer["venues"])]
    };
    let add = |a: [u64; 3], b: [u64; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    for rest in ["", "&fee=free"] {
        let both = of("departement:63,departement:15", rest);
        assert_eq!(both, add(of("departement:63", rest), of("departement:15", rest)));
        assert_eq!(both, of("departement:15,departement:63,departement:15", rest), "order, repeats");
        let rhone = of("departement:69", rest);
        assert_eq!(rhone, add(of("departement:69D", rest), of("departement:69M", rest)));
        assert_eq!(of("hub:hinaura", rest), of("region:84", rest));
        assert_eq!(of("france", rest), of("region:84", rest), "all that the sample knows");
    }
}

/// A build of the sample's other tables with some of its venues.
fn build_with(venues: &[&Json], folder: &Path) {
    let text = serde_json::to_string(venues).expect("JSON");
    let base = repository().join("data/sample/sample.toml");
    let config = format!(
        "base = \"{}\"\nname = \"Moins de lieux\"\n[[venues]]\npath = \"venues.json\"\nvintage = \"2021\"\nlicence = \"Licence Ouverte 2.0\"\n",
        base.display()
    );
    let put = |name: &str, text: &str| {
        fs::File::create(folder.join(name))
            .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
    };
    put("venues.json", &text).expect("written");
    put("build.toml", &config).expect("written");
    let [config, out] = ["build.toml", "atlas"].map(|name| folder.join(name));
    let [config, out] = [&config, &out].map(|path| path.to_str().expect("UTF-8"));
    run(&["build", config, "--out", out]).succeeded();
}

#[test]
fn without_half_of_the_venues_nobody_is_nearer() {
    let file = fs::File::open(repository().join("data/sample/venues-2021.json.gz")).expect("venues");
    let venues: Vec<Json> =
        serde_json::from_reader(flate2::read::GzDecoder::new(file)).expect("an array of venues");
    let folder = folder();
    build_with(&venues.iter().step_by(2).collect::<Vec<_>>(), folder.path());
    let (all, half) = (Server::of_the_sample(), Server::of(&folder.path().join("atlas")));
    let mut more = 0;
    for territory in ["region:84", "departement:43", "departement:74", "commune:63113"] {
        for question in ["minutes=10", "minutes=20", "mode=bike&minutes=40&fee=free"] {
            let (all, half) = (beyond(&all, territory, question), beyond(&half, territory, question));
            assert!(half >= all, "{territory}?{question}: {half} < {all}");
            more += half - all;
        }
    }
    assert!(more > 0, "half of the venues matter to somebody");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "this test is about the clock")]
fn after_the_build_a_restart_shows_the_map_in_under_three_seconds() {
    let atlas = sample_atlas();
    drop(Server::of(atlas));
    let began = Instant::now();
    let server = Server::of(atlas);
    assert_eq!(server.get("/ready").status, 200);
    server.json("/styles/access_min.json");
    assert_eq!(server.get("/tiles/communes/7/65/45").status, 200);
    let took = began.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert!(server.greeting.starts_with("Auvergne-Rhône-Alpes: http://"), "{}", server.greeting);
}

#[test]
fn the_same_inputs_make_the_same_bytes() {
    let folder = folder();
    let again = folder.path().join("again");
    let out = again.to_str().expect("UTF-8");
    run(&["build", "data/sample/sample.toml", "--out", out]).succeeded();
    let read = |atlas: &Path| {
        let mut files: Vec<(std::ffi::OsString, Vec<u8>)> = fs::read_dir(atlas)
            .expect("an atlas")
            .map(|entry| entry.expect("a file"))
            .map(|entry| (entry.file_name(), fs::read(entry.path()).expect("bytes")))
            .collect();
        files.sort();
        files
    };
    let (once, twice) = (read(sample_atlas()), read(&again));
    assert_eq!(once.len(), 4, "index, tables, refusals, identities");
    assert!(once == twice, "an atlas differs from build to build");
}

#[test]
fn the_sums_of_the_sample_hold_and_leave_no_table_out() {
    let sample = repository().join("data/sample");
    let sums = fs::read_to_string(sample.join("SHA256SUMS")).expect("sums");
    let mut listed = Vec::new();
    for line in sums.lines() {
        let (sum, name) = line.split_once("  ").expect("sum, two spaces, name");
        let bytes = fs::read(sample.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let declared: Vec<u8> = (0..sum.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&sum[i..i + 2], 16).expect("hexadecimal"))
            .collect();
        assert!(Sha256::digest(&bytes).as_slice() == declared, "{name} has not the sum listed");
        listed.push(name.to_owned());
    }
    for entry in fs::read_dir(&sample).expect("the sample") {
        let name = entry.expect("a file").file_name().into_string().expect("UTF-8");
        let table = [".gz", ".csv", ".json"].iter().any(|end| name.ends_with(end));
        assert!(!table || listed.contains(&name), "{name} is not in SHA256SUMS");
    }
}
