//! The strict reader of tiles, judged by the fixtures of those who wrote the format.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs;
use std::path::{Path, PathBuf};

use maillage_tests::mvt::{Fault, Feature, Layer, Rules, Shape, Tile, Value, decode};
use maillage_tests::{absent, repository};
use proptest::prelude::*;
use serde_json::{Map, Value as Json, json};

/// `@mapbox/mvt-fixtures`, of the version that `tests/package-lock.json` pins.
fn package() -> Option<PathBuf> {
    let path = repository().join("tests/node_modules/@mapbox/mvt-fixtures");
    if !path.exists() {
        absent("the fixtures are not here: npm ci --ignore-scripts in tests/, as `make test` does");
        return None;
    }
    Some(path)
}

/// A tile somebody published for readers of tiles.
struct Fixture {
    name: String,
    bytes: Vec<u8>,
    described: Json,
    info: Json,
}

impl Fixture {
    fn read(folder: &Path) -> Self {
        let json = |name: &str| {
            let text = fs::read(folder.join(name)).expect("a file");
            serde_json::from_slice(&text).expect("JSON")
        };
        let name = folder.file_name().expect("a name").to_str().expect("UTF-8").to_owned();
        let bytes = fs::read(folder.join("tile.mvt")).expect("a tile");
        Self { name, bytes, described: json("tile.json"), info: json("info.json") }
    }

    /// What its metadata say of it under a version of the format.
    fn valid(&self, version: &str) -> bool {
        self.info["validity"][version].as_bool().expect("a validity")
    }
}

fn fixtures(package: &Path) -> Vec<Fixture> {
    let mut folders: Vec<PathBuf> = fs::read_dir(package.join("fixtures"))
        .expect("fixtures")
        .map(|e| e.expect("an entry").path())
        .collect();
    folders.sort();
    folders.iter().map(|folder| Fixture::read(folder)).collect()
}

/// A tile as `tile.json` describes one.
fn described(tile: &Tile) -> Json {
    if tile.layers.is_empty() {
        json!({})
    } else {
        json!({ "layers": tile.layers.iter().map(of_layer).collect::<Vec<_>>() })
    }
}

fn of_layer(layer: &Layer) -> Json {
    json!({
        "version": layer.version,
        "name": layer.name,
        "features": layer.features.iter().map(of_feature).collect::<Vec<_>>(),
        "keys": layer.keys,
        "values": layer.values.iter().map(of_value).collect::<Vec<_>>(),
        // Writers leave out a default.
        "extent": layer.extent.unwrap_or(4096),
    })
}

fn of_feature(feature: &Feature) -> Json {
    let tags: Vec<u32> = feature.tags.iter().flat_map(|&(key, value)| [key, value]).collect();
    let mut found = json!({ "tags": tags, "type": feature.shape.number(), "geometry": feature.commands });
    if let Some(id) = feature.id {
        found["id"] = id.into();
    }
    found
}

fn of_value(value: &Value) -> Json {
    let json = match value {
        Value::String(text) => json!(text),
        // As many digits as tell this float from its neighbours.
        Value::Float(number) => json!(number.to_string().parse::<f64>().expect("a number")),
        Value::Double(number) => json!(number),
        Value::Int(number) | Value::Sint(number) => json!(number),
        Value::Uint(number) => json!(number),
        Value::Bool(yes) => json!(yes),
    };
    Json::Object(Map::from_iter([(value.kind().to_owned(), json)]))
}

/// Whether a description is that of a fixture. The order of keys means nothing; a number under `string_value` was written as a text (fixture 076).
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            let extent = json!(4096);
            let other = |key: &str| b.get(key).or_else(|| (key == "extent").then_some(&extent));
            b.keys().all(|key| a.contains_key(key))
                && a.iter().all(|(key, one)| other(key).is_some_and(|other| same(one, other)))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::String(a), Json::Number(b)) => *a == b.to_string(),
        _ => a == b,
    }
}

/// Where the metadata contradict one another, the rule we follow and why:
/// - 016 is, byte for byte, 003, which they call invalid: a feature without a type. Its `tile.json` says
///   `type: 0`, which its writer left out; 039 has it.
/// - 057 announces as many points as 051, which they call invalid, and has as few: one.
const REFUSED_ALL_THE_SAME: [(&str, &str); 2] = [("016", "003"), ("057", "051")];

/// 061, valid in version 1 only, lacks the version its `tile.json` gives, as 024, which they call invalid.
const WITHOUT_VERSION: (&str, &str) = ("061", "024");

#[test]
fn every_fixture_behaves_as_its_metadata_say() {
    let Some(package) = package() else { return };
    let fixtures = fixtures(&package);
    assert_eq!(fixtures.len(), 74, "the fixtures of 4.0.0");
    let find = |name: &str| fixtures.iter().find(|f| f.name == name).expect("a fixture");
    let mut accepted = 0;
    for fixture in &fixtures {
        let name = &fixture.name;
        for (rules, version) in [(Rules::V1, "v1"), (Rules::V2, "v2")] {
            let decoded = decode(&fixture.bytes, rules);
            let exception = REFUSED_ALL_THE_SAME.iter().find(|(valid, _)| valid == name);
            if let Some((_, like)) = exception {
                assert!(fixture.valid(version) && !find(like).valid(version), "{name} is no exception");
                assert_eq!(decoded.err(), decode(&find(like).bytes, rules).err(), "{name}");
            } else if *name == WITHOUT_VERSION.0 {
                assert_eq!(decoded.err(), decode(&find(WITHOUT_VERSION.1).bytes, rules).err(), "{name}");
            } else if fixture.valid(version) {
                let tile = decoded.unwrap_or_else(|e| panic!("{name} under {version}: {e}"));
                let found = described(&tile);
                assert!(same(&found, &fixture.described), "{name}: {found}\n{}", fixture.described);
                accepted += 1;
            } else {
                let refusal = decoded.err();
                assert!(
                    refusal.is_some(),
                    "{name} under {version} is accepted: {}",
                    fixture.info["description"]
                );
            }
        }
    }
    assert_eq!(accepted, 2 * 44, "those valid in version 2, but the two above; in each version");
}

#[test]
fn a_closed_line_is_of_version_1_alone() {
    let Some(package) = package() else { return };
    let fixture = Fixture::read(&package.join("fixtures/061"));
    assert!(fixture.valid("v1") && !fixture.valid("v2"));
    // Field 3 of the tile, its length; field 15 of the layer, 1.
    let [26, _, layer @ ..] = fixture.bytes.as_slice() else { panic!("a layer") };
    let mut bytes = vec![26, layer.len() as u8 + 2, 15 << 3, 1];
    bytes.extend_from_slice(layer);
    let tile = decode(&bytes, Rules::V1).expect("a tile of version 1");
    assert!(same(&described(&tile), &fixture.described));
    let fault = decode(&bytes, Rules::V2).map_err(|refusal| refusal.fault);
    assert_eq!(fault, Err(Fault::Command { expected: 1, found: 7 }));
}

#[test]
fn the_examples_of_the_specification_draw_what_it_says() {
    let Some(package) = package() else { return };
    let shape = |name: &str| {
        let fixture = Fixture::read(&package.join("fixtures").join(name));
        let tile = decode(&fixture.bytes, Rules::V2).expect("a tile");
        tile.layers[0].features[0].shape.clone()
    };
    assert_eq!(shape("020"), Shape::Points(vec![(5, 7), (3, 2)]));
    assert_eq!(shape("021"), Shape::Lines(vec![vec![(2, 2), (2, 10), (10, 10)], vec![(1, 1), (3, 5)]]));
    let Shape::Polygons(polygons) = shape("022") else { panic!("polygons") };
    assert_eq!(polygons.len(), 2);
    assert_eq!(polygons[0].exterior, [(0, 0), (10, 0), (10, 10), (0, 10)]);
    assert_eq!(polygons[1].exterior, [(11, 11), (20, 11), (20, 20), (11, 20)]);
    assert_eq!(polygons[1].holes, [[(13, 13), (13, 17), (17, 17), (17, 13)]]);
    // Beyond 32 bits.
    assert_eq!(shape("049"), Shape::Lines(vec![vec![(2_147_483_647, 0), (2_147_483_648, 1)]]));
}

/// A tile of one polygon, drawn by these commands.
fn polygon(commands: &[u32]) -> Vec<u8> {
    let mut packed = Vec::new();
    for &command in commands {
        assert!(command < 128);
        packed.push(command as u8);
    }
    let mut feature = vec![3 << 3, 3, 4 << 3 | 2, packed.len() as u8];
    feature.append(&mut packed);
    let mut layer = vec![15 << 3, 2, 1 << 3 | 2, 1, b'a', 2 << 3 | 2, feature.len() as u8];
    layer.append(&mut feature);
    let mut tile = vec![3 << 3 | 2, layer.len() as u8];
    tile.append(&mut layer);
    tile
}

/// Rules of version 2 that no fixture breaks.
#[test]
fn rings_that_turn_wrong_repeat_or_have_no_area_are_refused() {
    let fault = |commands: &[u32]| decode(&polygon(commands), Rules::V2).map_err(|refusal| refusal.fault);
    let square = [9, 0, 0, 26, 20, 0, 0, 20, 19, 0, 15];
    assert!(fault(&square).is_ok());
    assert_eq!(fault(&[9, 0, 0, 26, 0, 20, 20, 0, 0, 19, 15]).err(), Some(Fault::HoleFirst((0, 0))));
    assert_eq!(
        fault(&[9, 0, 0, 34, 20, 0, 0, 20, 19, 0, 0, 19, 15]).err(),
        Some(Fault::FirstRepeated((0, 0)))
    );
    assert_eq!(fault(&[9, 0, 0, 18, 20, 0, 9, 0, 15]).err(), Some(Fault::NoArea((0, 0))));
    assert_eq!(fault(&[9, 0, 0, 10, 20, 0, 15]).err(), Some(Fault::Count { command: 2, count: 1 }));
    assert_eq!(fault(&[9, 0, 0, 26, 20, 0, 0, 0, 19, 20, 15]).err(), Some(Fault::NoLength((10, 0))));
    assert_eq!(fault(&square[..10]).err(), Some(Fault::NoCommand), "never closed");
}

/// Real tiles that others made.
fn real_tiles(package: &Path) -> Vec<Vec<u8>> {
    let folders = ["chicago", "norway"].map(|name| package.join("real-world").join(name));
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("tiles"));
    let mut paths: Vec<PathBuf> = files.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    let mvt = paths.into_iter().filter(|path| path.extension().is_some_and(|e| e == "mvt"));
    mvt.map(|path| fs::read(path).expect("a tile")).filter(|tile| (1..50_000).contains(&tile.len())).collect()
}

#[test]
fn a_real_tile_cut_short_or_with_any_byte_changed_never_panics() {
    let Some(package) = package() else { return };
    let tiles = real_tiles(&package);
    assert!(tiles.len() > 10, "{}", tiles.len());
    let strategy = (0..tiles.len(), any::<prop::sample::Index>(), any::<u8>(), any::<bool>());
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) };
    proptest!(config, |((tile, at, byte, cut) in strategy)| {
        let mut bytes = tiles[tile].clone();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        for rules in [Rules::V1, Rules::V2] {
            let _ = decode(&bytes, rules);
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = decode(&bytes, Rules::V2);
    }

    /// Nothing is allocated by what a tile announces, nor does a deep or long one take the stack.
    #[test]
    fn random_commands_never_panic(commands in prop::collection::vec(0_u32..128, 0..100)) {
        let _ = decode(&polygon(&commands), Rules::V2);
    }
}
