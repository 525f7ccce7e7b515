//! `PMTiles` archives: what others read in them is what the server answers, tile by tile.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use fast_mvt::MvtReaderRef;
use maillage_tests::{Done, Server, folder, judgement, run, sample_atlas};
use serde_json::Value as Json;

/// What `archive.py` makes of an archive; none without its Python.
fn read(arguments: &[&str]) -> Option<Json> {
    judgement("archive.py", arguments).map(|said| serde_json::from_str(&said).expect("JSON"))
}

fn export(layers: &[&str], question: &str, to: &str) -> Done {
    let atlas = sample_atlas().to_str().expect("UTF-8");
    let mut arguments = vec!["export"];
    arguments.extend(layers);
    arguments.extend(["--question", question, "--format", "pmtiles", "--atlas", atlas, "-o", to]);
    run(&arguments)
}

fn exported(layers: &[&str], question: &str, folder: &Path) -> String {
    let file = folder.join(format!("{}.pmtiles", layers.join("-")));
    let file = file.to_str().expect("UTF-8").to_owned();
    export(layers, question, &file).succeeded();
    file
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Every tile listed, as (z, x, y) and the sum of its content.
fn tiles(listed: &Json) -> BTreeMap<(u32, u32, u32), String> {
    let all = listed["tiles"].as_object().expect("tiles");
    let address = |text: &str| {
        let mut parts = text.split('/').map(|part| part.parse().expect("a number"));
        let mut next = || parts.next().expect("three parts");
        (next(), next(), next())
    };
    all.iter().map(|(at, sum)| (address(at), sum.as_str().expect("a sum").to_owned())).collect()
}

/// The identifiers in a layer of a tile.
fn ids(bytes: &[u8], layer: &str) -> BTreeSet<u64> {
    let reader = MvtReaderRef::new(bytes).expect("a tile");
    let named = reader.layers().filter(|found| found.name() == layer);
    named
        .flat_map(|found| found.features().filter_map(fast_mvt::MvtFeatureRef::id).collect::<Vec<_>>())
        .collect()
}

#[test]
fn every_tile_of_an_archive_is_the_one_served_and_no_tile_served_is_left_out() {
    let folder = folder();
    let server = Server::of_the_sample();
    for (layers, question) in [
        (&["communes", "venues", "zones"][..], "territory=departement:63&minutes=15"),
        (&["regions", "departements"], ""),
    ] {
        let file = exported(layers, question, folder.path());
        let Some(listed) = read(&["list", &file]) else { return };
        let held = tiles(&listed);
        let mut names = layers.to_vec();
        names.sort_by_key(|name| {
            ["regions", "departements", "communes", "zones", "venues"].iter().position(|l| l == name)
        });
        let answered = |(z, x, y): (u32, u32, u32)| {
            let answer = server.get(&format!("/tiles/{}/{z}/{x}/{y}?{question}", names.join(",")));
            assert!([200, 204].contains(&answer.status), "{z}/{x}/{y}: {}", answer.status);
            answer.body
        };
        // All up to zoom 9, then one in seven.
        for (rank, (&at, sum)) in held.iter().enumerate() {
            if at.0 <= 9 || rank % 7 == 0 {
                assert_eq!(&sha256(&answered(at)), sum, "{at:?}");
            }
        }
        // What stands around a tile that is held is served empty, or held too.
        for &(z, x, y) in held.keys().filter(|at| at.0 <= 9) {
            let side = 1 << z;
            let around = [(x + 1, y), (x + side - 1, y), (x, y + 1), (x, y + side - 1)];
            for (x, y) in around.map(|(x, y)| (x % side, y % side)) {
                assert!(
                    held.contains_key(&(z, x, y)) || answered((z, x, y)).is_empty(),
                    "{z}/{x}/{y} is left out"
                );
            }
        }
    }
}

#[test]
fn an_archive_tells_where_it_is_what_it_holds_and_whose_it_is() {
    let folder = folder();
    let file = exported(&["communes", "venues"], "territory=departement:63&mode=bike", folder.path());
    let Some(listed) = read(&["list", &file]) else { return };
    let header = &listed["header"];
    assert_eq!(header["tile_type"], "MVT");
    assert_eq!(header["tile_compression"], "GZIP");
    assert_eq!(header["clustered"], true);
    assert_eq!((&header["min_zoom"], &header["max_zoom"]), (&Json::from(0), &Json::from(12)));
    assert_eq!(header["addressed_tiles_count"], tiles(&listed).len());
    let degrees = |name: &str| header[name].as_f64().expect(name) / 1e7;
    // Puy-de-Dôme, and the venues beyond its border that serve it.
    assert!(degrees("min_lon_e7") < 2.4 && degrees("max_lon_e7") > 3.98 && degrees("max_lon_e7") < 4.6);
    assert!(degrees("min_lat_e7") < 45.29 && degrees("max_lat_e7") > 46.25 && degrees("max_lat_e7") < 46.6);
    let metadata = &listed["metadata"];
    assert_eq!(metadata["question"], "mode=bike&territory=departement:63");
    assert_eq!(metadata["method"], "estimated");
    assert!(metadata["attribution"].as_str().expect("a text").contains("2025"), "{metadata}");
    let answered = Server::of_the_sample().json("/tiles/communes,venues");
    let described = metadata["vector_layers"].as_array().expect("layers");
    for (own, theirs) in described.iter().zip(answered["vector_layers"].as_array().expect("layers")) {
        assert_eq!((&own["id"], &own["fields"]), (&theirs["id"], &theirs["fields"]));
        assert_eq!(own["maxzoom"], 12);
    }
    assert_eq!(described.len(), 2);
}

#[test]
fn gdal_finds_every_commune_of_a_departement_at_zoom_7() {
    let folder = folder();
    let file = exported(&["communes", "labels"], "territory=departement:63", folder.path());
    let Some(found) = read(&["features", &file, "communes", "7", "2,45,4.5,46.6"]) else { return };
    let codes: BTreeSet<&str> =
        found["codes"].as_array().expect("codes").iter().map(|c| c.as_str().expect("a code")).collect();
    assert_eq!(codes.len(), 463, "the communes of Puy-de-Dôme");
    assert!(codes.iter().all(|code| code.starts_with("63")));
    assert_eq!(found["layers"], serde_json::json!(["communes", "labels"]));
    assert!(found["crs"].as_str().expect("a CRS").contains("3857"));
    let Some(around_clermont) = read(&["features", &file, "communes", "12", "3.08,45.77,3.09,45.78"]) else {
        return;
    };
    let codes = around_clermont["codes"].as_array().expect("codes");
    assert!(codes.contains(&"63113".into()) && codes.len() < 20, "{codes:?}");
}

#[test]
fn features_are_conserved_from_the_table_to_the_deepest_tiles() {
    let folder = folder();
    let server = Server::of_the_sample();
    let question = "territory=departement:03&minutes=15";
    let file = exported(&["epcis", "cells"], question, folder.path());
    let Some(listed) = read(&["list", &file]) else { return };
    let held = tiles(&listed);
    for (layer, zoom) in [("epcis", 6), ("epcis", 10), ("cells", 9), ("cells", 12)] {
        let all = server
            .features(&format!("/api/collections/{layer}/items?{question}&limit=10000&properties=code"));
        let listed: BTreeSet<u64> = all.iter().map(|f| f["id"].as_u64().expect("an id")).collect();
        let mut met = BTreeSet::new();
        for (z, x, y) in held.keys().filter(|at| at.0 == zoom) {
            let answered = server.get(&format!("/tiles/epcis,cells/{z}/{x}/{y}?{question}")).body;
            met.extend(ids(&answered, layer));
        }
        // The same tiles as the server's, says another test: here, that none is missing.
        assert_eq!(met, listed, "{layer} at zoom {zoom}");
    }
}

#[test]
fn the_command_of_the_format_describes_an_archive() {
    let folder = folder();
    let file = exported(&["departements"], "", folder.path());
    let Some(told) = judgement("archive.py", &["show", &file]) else { return };
    assert!(told.contains("departements"), "{told}");
}

#[test]
fn a_dash_streams_the_bytes_of_a_file_and_a_second_run_makes_them_again() {
    let folder = folder();
    let file = exported(&["departements", "zones"], "minutes=30", folder.path());
    let first = std::fs::read(&file).expect("a file");
    assert!(export(&["zones", "departements"], "minutes=30", "-").succeeded() == first);
    export(&["departements", "zones"], "minutes=30", &file).succeeded();
    assert!(std::fs::read(&file).expect("a file") == first, "over an existing file");
}

#[test]
fn a_question_without_zones_makes_an_archive_that_opens() {
    let folder = folder();
    let file = exported(&["zones"], "minutes=120", folder.path());
    let Some(listed) = read(&["list", &file]) else { return };
    assert_eq!(listed["header"]["addressed_tiles_count"], 0);
    assert_eq!(listed["metadata"]["vector_layers"][0]["id"], "zones");
}

#[test]
fn what_cannot_be_exported_is_said_and_leaves_nothing() {
    let folder = folder();
    let to = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_owned();
    let done = export(&["communes"], "territory=commune:99999", &to("a.pmtiles"));
    assert!(done.failed(2).contains("commune:99999"), "{}", done.stderr);
    let done = export(&["priority-areas"], "", &to("b.pmtiles"));
    assert!(done.failed(1).contains("[[priority_areas]]"), "{}", done.stderr);
    let done = export(&["regions"], "", &to("no/folder/c.pmtiles"));
    assert!(done.failed(1).contains("no/folder"), "{}", done.stderr);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0, "nothing left");
}
