//! Every tile of the sample, decoded by a strict foreign reader and judged by `geo`.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::PI;

use fast_mvt::{MvtGeometry, MvtReaderRef, MvtValueRef};
use geo::{Area, CoordsIter, Geometry, MapCoords, Validation};
use maillage_tests::Server;

/// West, south, east, north of a box around Auvergne-Rhône-Alpes.
const REGION: [f64; 4] = [2.0, 44.1, 7.2, 46.85];

/// The buffer around a tile, in units of 1/4096 of its side.
const BUFFER: i32 = 64;

const MOST_BYTES: usize = 500_000;

/// The tiles of a zoom over the region.
fn tiles(z: u8) -> Vec<(u32, u32)> {
    let [west, south, east, north] = REGION;
    let side = f64::from(1_u32 << z);
    let x = |lon: f64| ((lon + 180.0) / 360.0 * side) as u32;
    let y = |lat: f64| ((1.0 - lat.to_radians().tan().asinh() / PI) / 2.0 * side) as u32;
    (x(west)..=x(east)).flat_map(|column| (y(north)..=y(south)).map(move |row| (column, row))).collect()
}

/// The type of each attribute of a layer, as its TileJSON promises.
fn promised(server: &Server, layer: &str) -> BTreeMap<String, String> {
    let document = server.json(&format!("/tiles/{layer}"));
    let fields = document["vector_layers"][0]["fields"].as_object().expect("fields");
    let first_word = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
    fields.iter().map(|(name, kind)| (name.clone(), first_word(kind.as_str().expect("a text")))).collect()
}

/// Checks a tile of one layer by the letter of MVT 2.1; returns the identifiers in it.
fn check(bytes: &[u8], layer: &str, fields: &BTreeMap<String, String>, name: &str) -> BTreeSet<u64> {
    assert!(bytes.len() <= MOST_BYTES, "{name}: {} bytes", bytes.len());
    let reader = MvtReaderRef::new(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(reader.layer_count(), 1, "{name}");
    let found = reader.layers().next().expect("a layer");
    assert_eq!((found.name(), found.version(), found.extent()), (layer, 2, 4096), "{name}");
    let keys: BTreeSet<&str> = found.keys().iter().copied().collect();
    assert_eq!(keys.len(), found.keys().len(), "{name}: a key twice");
    let mut ids = BTreeSet::new();
    for feature in found.features() {
        let id = feature.id().unwrap_or_else(|| panic!("{name}: no id"));
        let name = format!("{name}, feature {id}");
        assert!(ids.insert(id), "{name}: twice");
        check_shape(&feature.geometry().unwrap_or_else(|e| panic!("{name}: {e}")), &name);
        for property in feature.properties() {
            let (key, value) = property.unwrap_or_else(|e| panic!("{name}: {e}"));
            let kind = match value {
                MvtValueRef::String(_) => "String",
                MvtValueRef::Bool(_) => "Boolean",
                MvtValueRef::Null => "nothing",
                _ => "Number",
            };
            assert_eq!(fields.get(key).map(String::as_str), Some(kind), "{name}: {key}");
        }
    }
    assert!(!ids.is_empty(), "{name}: a layer without features");
    ids
}

fn check_shape(geometry: &MvtGeometry, name: &str) {
    let reach = -BUFFER..=4096 + BUFFER;
    let mut vertices = geometry.coords_iter();
    assert!(vertices.all(|v| reach.contains(&v.x) && reach.contains(&v.y)), "{name}: beyond the buffer");
    let exact = geometry.map_coords(|c| geo::coord! { x: f64::from(c.x), y: f64::from(c.y) });
    if let Err(wrong) = exact.check_validation() {
        panic!("{name}: {wrong}");
    }
    if matches!(exact, Geometry::Polygon(_) | Geometry::MultiPolygon(_)) {
        assert!(exact.unsigned_area() >= 0.5, "{name}: no area");
    }
}

/// Checks the tiles of a layer at a zoom; returns the identifiers met.
fn check_zoom(server: &Server, layer: &str, z: u8, question: &str, every: usize) -> BTreeSet<u64> {
    let fields = promised(server, layer);
    let mut ids = BTreeSet::new();
    for (x, y) in tiles(z).into_iter().step_by(every) {
        let path = format!("/tiles/{layer}/{z}/{x}/{y}{question}");
        let answer = server.get(&path);
        match answer.status {
            204 => assert!(answer.body.is_empty()),
            200 => ids.extend(check(&answer.body, layer, &fields, &path)),
            other => panic!("{path}: {other}"),
        }
    }
    ids
}

/// Every feature is met at each zoom from the first of its layer, none before.
fn check_pyramid(layer: &str, first: u8, question: &str, n_features: usize) {
    let server = Server::of_the_sample();
    for z in 0..=10 {
        let met = check_zoom(&server, layer, z, question, 1).len();
        let expected = if z < first { 0 } else { n_features };
        assert_eq!(met, expected, "{layer} at zoom {z}");
    }
}

#[test]
fn all_departements_are_valid_in_every_tile() {
    check_pyramid("departements", 0, "", 12);
}

#[test]
fn all_epcis_are_valid_in_every_tile_from_zoom_6() {
    let server = Server::of_the_sample();
    let all = server.features("/api/collections/epcis/items?limit=10000&properties=code").len();
    check_pyramid("epcis", 6, "", all);
}

#[test]
fn all_drawn_communes_are_valid_in_every_tile_from_zoom_7() {
    check_pyramid("communes", 7, "?minutes=15", 4025 - 4);
}

#[test]
fn venues_are_valid_in_every_tile_and_all_there_from_zoom_10() {
    let server = Server::of_the_sample();
    for z in 0..=10 {
        let met = check_zoom(&server, "venues", z, "?fee=free", 1).len();
        assert!(if z < 10 { (1..678).contains(&met) } else { met == 678 }, "zoom {z}: {met}");
    }
}

#[test]
fn zones_are_valid_in_every_tile() {
    let server = Server::of_the_sample();
    for question in ["?minutes=15", "?mode=walk&minutes=60&fee=free"] {
        let all = server.features(&format!("/api/zones{question}&properties=name")).len();
        let mut before = 0;
        for z in 0..=10 {
            let met = check_zoom(&server, "zones", z, question, 1).len();
            assert!(met >= before, "zoom {z} shows {met} zones, the one before {before}");
            before = met;
        }
        assert_eq!(before, all, "all zones are seen at zoom 10");
    }
}

#[test]
fn cells_are_valid_in_a_sample_of_tiles_and_their_parents_in_all() {
    let server = Server::of_the_sample();
    assert!(check_zoom(&server, "cells", 5, "", 1).is_empty());
    for z in 6..=8 {
        let parents = check_zoom(&server, "cells", z, "", 1).len();
        assert!(parents > 1000, "zoom {z}: {parents}");
    }
    let met = check_zoom(&server, "cells", 9, "", 5);
    assert!(met.len() > 5000, "{}", met.len());
    let met = check_zoom(&server, "cells", 10, "?minutes=10", 13);
    assert!(met.len() > 2000, "{}", met.len());
}

#[test]
fn a_composite_tile_holds_the_layers_of_its_parts() {
    let server = Server::of_the_sample();
    let composite = server.get("/tiles/communes,epcis,venues,zones/9/263/183");
    assert_eq!(composite.status, 200);
    let reader = MvtReaderRef::new(&composite.body).expect("a tile");
    let names: Vec<&str> = reader.layers().map(fast_mvt::MvtLayerRef::name).collect();
    assert!(names.starts_with(&["communes", "epcis", "venues"]), "{names:?}");
    for layer in reader.layers() {
        let alone = server.get(&format!("/tiles/{}/9/263/183", layer.name()));
        let alone = MvtReaderRef::new(&alone.body).expect("a tile");
        let counts: Vec<usize> = alone.layers().map(fast_mvt::MvtLayerRef::feature_count).collect();
        assert_eq!(counts, [layer.feature_count()], "{}", layer.name());
    }
}
