//! Tiles from afar: nobody and no venue is lost or counted twice, and each name is written once.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::PI;

use fast_mvt::{MvtReaderRef, MvtValueRef};
use geo::CoordsIter;
use maillage_tests::Server;
use serde_json::Value as Json;

/// West, south, east, north of a box around Auvergne-Rhône-Alpes and the venues that serve it.
const REGION: [f64; 4] = [1.9, 44.0, 7.3, 46.9];

/// A feature of a tile.
#[derive(Debug, Clone)]
struct Feature {
    id: u64,
    /// Whether its first vertex is in the tile and not only in its buffer.
    in_core: bool,
    numbers: BTreeMap<String, i64>,
    texts: BTreeMap<String, String>,
}

/// The tiles of a zoom over the region, as paths.
fn tiles(z: u8) -> Vec<String> {
    let [west, south, east, north] = REGION;
    let side = f64::from(1_u32 << z);
    let x = |lon: f64| ((lon + 180.0) / 360.0 * side) as u32;
    let y = |lat: f64| ((1.0 - lat.to_radians().tan().asinh() / PI) / 2.0 * side) as u32;
    let columns = x(west)..=x(east);
    columns.flat_map(|column| (y(north)..=y(south)).map(move |row| format!("{z}/{column}/{row}"))).collect()
}

/// All features of a layer in the tiles of a zoom, tile after tile.
fn features(server: &Server, layer: &str, z: u8, question: &str) -> Vec<Feature> {
    let mut found = Vec::new();
    for tile in tiles(z) {
        let path = format!("/tiles/{layer}/{tile}{question}");
        let answer = server.get(&path);
        match answer.status {
            204 => continue,
            200 => {}
            other => panic!("{path}: {other}"),
        }
        let reader = MvtReaderRef::new(&answer.body).unwrap_or_else(|e| panic!("{path}: {e}"));
        for feature in reader.layers().flat_map(|layer| layer.features().collect::<Vec<_>>()) {
            let first = feature.geometry().expect("a geometry").coords_iter().next().expect("a vertex");
            let (mut numbers, mut texts) = (BTreeMap::new(), BTreeMap::new());
            for (key, value) in feature.properties().map(|property| property.expect("a property")) {
                match value {
                    MvtValueRef::SInt(n) | MvtValueRef::Int(n) => {
                        numbers.insert(key.to_owned(), n);
                    }
                    MvtValueRef::String(text) => {
                        texts.insert(key.to_owned(), text.to_owned());
                    }
                    _ => {}
                }
            }
            let id = feature.id().expect("an id");
            let core = 0..4096;
            let in_core = core.contains(&first.x) && core.contains(&first.y);
            found.push(Feature { id, in_core, numbers, texts });
        }
    }
    found
}

fn distinct(features: Vec<Feature>) -> BTreeMap<u64, Feature> {
    features.into_iter().map(|feature| (feature.id, feature)).collect()
}

fn total(features: &BTreeMap<u64, Feature>, name: &str) -> i64 {
    features.values().map(|feature| feature.numbers.get(name).copied().unwrap_or_default()).sum()
}

#[test]
fn cells_and_their_parents_count_the_people_of_the_perimeter_at_every_zoom() {
    let server = Server::of_the_sample();
    for (territory, question) in
        [("region:84", "?minutes=20"), ("departement:63", "?mode=bike&minutes=30&fee=free")]
    {
        let diagnosis = server.json(&format!("/api/territories/{territory}{question}"));
        let (people, beyond) = (&diagnosis["territory"]["population"], &diagnosis["answer"]["beyond"]);
        let mut sizes = Vec::new();
        let mut ids = BTreeSet::new();
        for z in 5..=10 {
            let asked = format!("{question}&territory={territory}");
            let met = distinct(features(&server, "cells", z, &asked));
            if z < 6 {
                assert!(met.is_empty(), "zoom {z}");
                continue;
            }
            assert_eq!(Json::from(total(&met, "population")), *people, "{territory}, zoom {z}");
            assert_eq!(Json::from(total(&met, "beyond")), *beyond, "{territory}, zoom {z}");
            let codes: BTreeSet<&String> = met.values().map(|feature| &feature.texts["code"]).collect();
            assert_eq!(codes.len(), met.len(), "a parent is one feature, {territory}, zoom {z}");
            // The second digit of an H3 index is its resolution.
            let resolution = ["5", "6", "7", "8", "8"][usize::from(z) - 6];
            assert!(codes.iter().all(|code| code.get(1..2) == Some(resolution)), "zoom {z}");
            if z != 10 {
                assert!(met.keys().all(|&id| ids.insert(id)), "zoom {z}: an id of another level");
            }
            sizes.push(met.len());
        }
        assert!(sizes[..4].is_sorted_by(|few, many| few < many), "{sizes:?}");
        assert_eq!(sizes[3], sizes[4]);
    }
}

/// What the venues of a zoom come to.
fn venues(server: &Server, z: u8, question: &str) -> BTreeMap<u64, Feature> {
    let all = features(server, "venues", z, question);
    let core: Vec<Feature> = all.iter().filter(|feature| feature.in_core).cloned().collect();
    let known: BTreeSet<u64> = core.iter().map(|feature| feature.id).collect();
    assert_eq!(known.len(), core.len(), "zoom {z}: a venue in the core of two tiles");
    assert!(all.iter().all(|feature| known.contains(&feature.id)), "zoom {z}: one in no core");
    distinct(core)
}

#[test]
fn venues_are_all_counted_at_every_zoom_and_part_where_it_is_said() {
    let server = Server::of_the_sample();
    for question in ["", "?fee=free&territory=departement:69"] {
        let listed = server.features(&format!("/api/collections/venues/items{question}"));
        let fitting = listed.iter().filter(|venue| venue["properties"]["fit"] == "yes").count();
        let zooms: Vec<_> = (0..=11).map(|z| venues(&server, z, question)).collect();
        for (z, drawn) in zooms.iter().enumerate() {
            let count = |feature: &Feature, name: &str| {
                feature.numbers.get(name).map(|&n| usize::try_from(n).expect("a count"))
            };
            let sum = |name: &str| drawn.values().filter_map(|feature| count(feature, name)).sum::<usize>();
            let alone: Vec<_> = drawn.values().filter(|f| count(f, "venues").is_none()).collect();
            assert_eq!(sum("venues") + alone.len(), listed.len(), "{question}, zoom {z}");
            let fit = sum("venues_fit") + alone.iter().filter(|one| one.texts["fit"] == "yes").count();
            assert_eq!(fit, fitting, "{question}, zoom {z}");
            assert!(
                alone.iter().all(|feature| feature.texts.contains_key("name")),
                "a venue with all it says"
            );
            for (id, feature) in drawn {
                let Some(opens) = count(feature, "expansion_zoom") else {
                    continue;
                };
                assert!(z < opens && opens <= 10, "zoom {z}: {feature:?}");
                assert!(zooms[opens - 1].contains_key(id) && !zooms[opens].contains_key(id), "{feature:?}");
            }
        }
        let met: Vec<usize> = zooms.iter().map(BTreeMap::len).collect();
        assert!(met.is_sorted() && met[0] < met[7] && met[7] < met[10], "{met:?}");
        assert_eq!((met[10], met[11]), (listed.len(), listed.len()));
    }
}

#[test]
fn each_name_is_written_once_in_one_tile_of_a_zoom() {
    let server = Server::of_the_sample();
    let mut kinds = BTreeMap::new();
    for z in 0..=12 {
        let all = features(&server, "labels", z, "");
        let core: Vec<&Feature> = all.iter().filter(|feature| feature.in_core).collect();
        let ids: BTreeSet<u64> = core.iter().map(|feature| feature.id).collect();
        assert_eq!(ids.len(), core.len(), "zoom {z}: a name twice");
        assert!(all.iter().all(|feature| ids.contains(&feature.id)), "zoom {z}: a name in no core");
        for feature in core {
            *kinds.entry((feature.texts["kind"].clone(), z)).or_insert(0) += 1;
        }
    }
    let written = |kind: &str, z: u8| kinds.get(&(kind.to_owned(), z)).copied().unwrap_or(0);
    assert_eq!((0..=4).map(|z| written("region", z)).collect::<Vec<_>>(), [1; 5]);
    assert_eq!((4..=8).map(|z| written("departement", z)).collect::<Vec<_>>(), [12; 5]);
    assert_eq!((written("region", 5), written("departement", 3), written("departement", 9)), (0, 0, 0));
    // Four are drawn by no source, and have no town hall there.
    assert_eq!(written("commune", 12), 4025 - 4, "at zoom 12 all communes are named");
    assert!((6..12).all(|z| written("commune", z) < written("commune", z + 1)));
}

#[test]
fn every_name_of_a_departement_is_inside_it() {
    let server = Server::of_the_sample();
    let shapes = server.features("/api/collections/departements/items?limit=100&properties=code");
    let labels = server.features("/api/collections/labels/items?limit=10000&filter=kind%3D'departement'");
    assert_eq!(labels.len(), 12);
    for label in labels {
        let code = &label["properties"]["code"];
        let shape = shapes.iter().find(|shape| shape["properties"]["code"] == *code).expect("a shape");
        let Some(geo::Geometry::Point(at)) = maillage_tests::shape(&label) else { panic!("{label}") };
        let shape = maillage_tests::shape(shape).expect("a département is drawn");
        let inside = geo::Intersects::intersects(&shape, &at);
        assert!(inside, "{code}: {at:?}");
    }
}
