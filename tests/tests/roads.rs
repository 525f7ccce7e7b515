//! An atlas with roads as files: built, proved, damaged, exported.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use maillage_tests::{Server, folder, gdal, run, toulouse_atlas};
use serde_json::Value as Json;

const MODES: [&str; 3] = ["car", "bike", "walk"];

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn put(path: &Path, bytes: &[u8]) {
    File::create(path).and_then(|mut file| file.write_all(bytes)).expect("a file is written");
}

/// What a folder holds.
fn content(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file"));
    let named = |entry: fs::DirEntry| {
        (entry.file_name().into_string().expect("UTF-8"), fs::read(entry.path()).expect("bytes"))
    };
    entries.map(named).collect()
}

/// A copy that a test may damage.
struct Copy {
    folder: tempfile::TempDir,
    good: BTreeMap<String, Vec<u8>>,
}

impl Copy {
    fn of(atlas: &Path) -> Self {
        let (folder, good) = (folder(), content(atlas));
        for (name, bytes) in &good {
            put(&folder.path().join(name), bytes);
        }
        Self { folder, good }
    }

    fn roads(&self, mode: &str) -> (PathBuf, &[u8]) {
        let start = format!("roads-{mode}-");
        let (name, bytes) = self.good.iter().find(|(name, _)| name.starts_with(&start)).expect("roads");
        (self.folder.path().join(name), bytes)
    }

    /// What `verify` and whoever opens the atlas say of it: the same, on one line.
    fn refused(&self) -> String {
        let atlas = text(self.folder.path());
        let done = run(&["verify", atlas]);
        let said = done.failed(1).to_owned();
        assert!(done.stdout.is_empty(), "nothing is proved of a damaged atlas");
        assert_eq!(done.stderr.trim_end().lines().count(), 1, "{}", done.stderr);
        assert!(said.starts_with("maillage: ") && said.len() < 400, "{said}");
        assert!(said.contains("build"), "it says what to do: {said}");
        let opened = run(&["export", "regions", "--format", "csv", "--atlas", atlas, "-o", "-"]);
        assert_eq!((opened.failed(1), opened.stdout.len()), (said.as_str(), 0));
        said
    }

    fn refused_by_serve(&self) -> String {
        run(&["serve", text(self.folder.path()), "--listen", "127.0.0.1:0"]).failed(1).to_owned()
    }
}

#[test]
fn toulouse_is_built_twice_to_the_same_bytes() {
    let Some(atlas) = toulouse_atlas() else { return };
    let folder = folder();
    let again = folder.path().join("again");
    run(&["build", "tests/atlases/toulouse.toml", "--out", text(&again)]).succeeded();
    let (first, second) = (content(atlas), content(&again));
    assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
    for mode in MODES {
        assert!(first.keys().any(|name| name.starts_with(&format!("roads-{mode}-"))), "{:?}", first.keys());
    }
    for (name, bytes) in &first {
        assert!(second[name] == *bytes, "{name} differs");
    }
}

#[test]
fn verify_says_what_it_proved_of_each_mode() {
    let Some(atlas) = toulouse_atlas() else { return };
    let proved = String::from_utf8(run(&["verify", text(atlas)]).succeeded()).expect("UTF-8");
    let lines: Vec<&str> = proved.lines().collect();
    assert_eq!(lines.len(), 5, "{proved}");
    assert!(lines[0].starts_with("checksums: 4 files as written, "), "{proved}");
    assert!(lines[1].starts_with("people: ") && lines[1].ends_with("; 0 not placed"), "{proved}");
    for (line, mode) in lines[2..].iter().zip(MODES) {
        assert!(line.starts_with(&format!("{mode}: the nearest of ")), "{line}");
        let numbers = line.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok());
        let numbers: Vec<u64> = numbers.collect();
        let [venues, reached, arcs, _, homes] = numbers[..] else { unreachable!("{line}") };
        assert!(venues > 10 && homes > 500, "{line}");
        assert!(reached > 10_000 && arcs > reached, "{line}");
    }
}

#[test]
fn one_byte_flipped_in_roads_or_tables_is_found_by_whoever_opens_them() {
    let Some(atlas) = toulouse_atlas() else { return };
    let copy = Copy::of(atlas);
    let files = copy.good.iter().filter(|(name, _)| Path::new(name).extension().is_some_and(|e| e == "bin"));
    for (name, good) in files {
        let path = copy.folder.path().join(name);
        for place in [0, 9, 13, 60, 300, good.len() / 2, good.len() - 1] {
            let mut bad = good.clone();
            bad[place] ^= 4;
            put(&path, &bad);
            let said = copy.refused();
            assert!(said.contains(name.as_str()), "byte {place} of {name}: {said}");
        }
        put(&path, &good[..good.len() / 2]);
        assert_eq!(copy.refused(), copy.refused_by_serve());
        put(&path, b"");
        copy.refused();
        fs::remove_file(&path).expect("removed");
        assert!(copy.refused().contains(name.as_str()));
        put(&path, good);
    }
    run(&["verify", text(copy.folder.path())]).succeeded();
}

#[test]
fn roads_that_are_sound_and_of_another_atlas_are_refused() {
    let Some(atlas) = toulouse_atlas() else { return };
    let copy = Copy::of(atlas);
    let (path, car) = copy.roads("car");
    // Those of another mode.
    put(&path, copy.roads("bike").1);
    let said = copy.refused();
    assert!(said.contains("another atlas") && said.contains("roads-car-"), "{said}");
    assert_eq!(said, copy.refused_by_serve());
    // Those of another vintage, whole in themselves: the checksum of a network is at bytes 12 to 16.
    let mut other = car.to_vec();
    other[48] ^= 1;
    let mut checksum = flate2::Crc::new();
    checksum.update(&other[16..]);
    other[12..16].copy_from_slice(&checksum.sum().to_le_bytes());
    put(&path, &other);
    assert!(copy.refused().contains("another atlas"));
    put(&path, car);
    run(&["verify", text(copy.folder.path())]).succeeded();
}

#[test]
fn what_a_checksum_misses_verify_finds_by_sha256() {
    let Some(atlas) = toulouse_atlas() else { return };
    let copy = Copy::of(atlas);
    let (path, car) = copy.roads("car");
    // The polynomial of CRC-32 itself: added anywhere it changes no checksum. There, it changes no road.
    let mut forged = car.to_vec();
    for (byte, change) in forged[72..77].iter_mut().zip([0x41, 0x06, 0x71, 0xdb, 0x01]) {
        *byte ^= change;
    }
    put(&path, &forged);
    let done = run(&["verify", text(copy.folder.path())]);
    let said = done.failed(1);
    assert!(
        said.contains("roads car have another SHA-256") && said.contains("build the atlas again"),
        "{said}"
    );
    run(&["export", "regions", "--format", "csv", "--atlas", text(copy.folder.path()), "-o", "-"])
        .succeeded();
}

/// The properties of all items of a collection.
fn items(server: &Server, layer: &str, question: &str) -> Vec<Json> {
    let found = server.features(&format!("/api/collections/{layer}/items?limit=1000&{question}"));
    found.into_iter().map(|mut feature| feature["properties"].take()).collect()
}

fn number(item: &Json, key: &str) -> u64 {
    item[key].as_u64().unwrap_or_else(|| unreachable!("{key} in {item}"))
}

#[test]
fn nobody_is_lost_between_those_within_and_those_beyond() {
    let Some(atlas) = toulouse_atlas() else { return };
    let server = Server::of(atlas);
    for mode in MODES {
        for minutes in [5, 10, 20] {
            let question = format!("mode={mode}&minutes={minutes}");
            let whole = server.json(&format!("/api/territories/france?{question}"));
            let (people, beyond) =
                (number(&whole["territory"], "population"), number(&whole["answer"], "beyond"));
            let sum = |layer: &str, key: &str| -> u64 {
                items(&server, layer, &question).iter().map(|item| number(item, key)).sum()
            };
            for layer in ["communes", "cells"] {
                assert_eq!(
                    (sum(layer, "population"), sum(layer, "beyond")),
                    (people, beyond),
                    "{layer} {question}"
                );
            }
            assert_eq!(sum("zones", "population"), beyond, "{question}");
            let curve = whole["curve"].as_array().expect("a curve");
            let here = curve.iter().find(|point| point["minutes"] == minutes).expect("a point");
            assert_eq!(number(here, "beyond"), beyond, "{question}");
            let counts: Vec<u64> = curve.iter().map(|point| number(point, "beyond")).collect();
            assert!(counts.is_sorted_by(|a, b| a >= b) && counts[0] <= people, "{question}: {counts:?}");
            assert!(number(&whole["answer"], "unreachable") <= beyond, "{question}");
        }
    }
}

#[test]
fn who_has_an_estimated_time_is_told_in_items_and_in_every_format() {
    let Some(atlas) = toulouse_atlas() else { return };
    let server = Server::of(atlas);
    let folder = folder();
    for (layer, question) in
        [("cells", "mode=walk&minutes=10"), ("communes", "mode=car"), ("zones", "mode=walk&minutes=10")]
    {
        let methods = |items: &[Json]| -> BTreeMap<String, usize> {
            let mut counts = BTreeMap::new();
            for item in items {
                let method = item["method"].as_str().expect("a method").to_owned();
                assert!(["routed", "estimated"].contains(&method.as_str()), "{method}");
                *counts.entry(method).or_default() += 1;
            }
            counts
        };
        let items = items(&server, layer, question);
        let expected = methods(&items);
        assert!(!items.is_empty());
        if layer == "cells" {
            assert!(expected.get("routed").is_some_and(|&n| n * 2 > items.len()), "{expected:?}");
        }
        let export = |format: &str| {
            let file = folder.path().join(format!("{layer}.{format}"));
            run(&[
                "export",
                layer,
                "--question",
                question,
                "--format",
                format,
                "--atlas",
                text(atlas),
                "-o",
                text(&file),
            ])
            .succeeded();
            file
        };
        let collection = fs::read(export("geojson")).expect("a file");
        let mut collection: Json = serde_json::from_slice(&collection).expect("JSON");
        let Json::Array(features) = collection["features"].take() else { unreachable!("features") };
        let written: Vec<Json> =
            features.into_iter().map(|mut feature| feature["properties"].take()).collect();
        assert_eq!(methods(&written), expected, "{layer} as GeoJSON");
        let bytes = fs::read(export("csv")).expect("a file");
        let mut table = csv::ReaderBuilder::new().delimiter(delimiter(&bytes)).from_reader(&bytes[..]);
        let column =
            table.headers().expect("headers").iter().position(|name| name == "method").expect("a column");
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for record in table.records() {
            *counts.entry(record.expect("a row")[column].to_owned()).or_default() += 1;
        }
        assert_eq!(counts, expected, "{layer} as CSV");
        if gdal::is_here() {
            let file = export("fgb");
            for (method, n) in &expected {
                let sql = format!("SELECT COUNT(*) AS n FROM {layer} WHERE method = '{method}'");
                assert!((gdal::number(&file, &sql) - *n as f64).abs() < 0.5, "{layer} as FlatGeobuf");
            }
        }
    }
}

/// What separates the columns of a table: in France as often a semicolon.
fn delimiter(table: &[u8]) -> u8 {
    let head = table.split(|&byte| byte == b'\n').next().unwrap_or_default();
    if head.contains(&b';') { b';' } else { b',' }
}
