//! Every tile of the sample: by the letter of the format, by the promises of its TileJSON, beside its
//! neighbours, by its weight, and by GEOS.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::BTreeMap;
use std::sync::OnceLock;

use fast_mvt::MvtReaderRef;
use maillage_tests::mvt::{Rules, Value, decode};
use maillage_tests::{Budget, Promise, Pyramid, Server, geos, sample_atlas};
use proptest::prelude::*;

/// West, south, east, north of a box around Auvergne-Rhône-Alpes.
const REGION: [f64; 4] = [2.0, 44.1, 7.2, 46.85];

/// Layers whose every tile is judged.
const WHOLE: &str = "regions,departements,epcis,communes,zones,venues,labels";

/// A hundred thousand hexagons: from zoom 9 on, one block of four tiles in so many is judged.
const ONE_IN: u32 = 23;

const COVERAGES: [&str; 4] = ["regions", "departements", "epcis", "communes"];

fn whole() -> &'static Pyramid {
    static PYRAMID: OnceLock<Pyramid> = OnceLock::new();
    PYRAMID.get_or_init(|| {
        let tiles = Pyramid::over(&[REGION], 0..=12, 13, 1);
        Pyramid::fetch(&Server::of_the_sample(), WHOLE, "?minutes=15", &tiles)
    })
}

fn cells() -> &'static Pyramid {
    static PYRAMID: OnceLock<Pyramid> = OnceLock::new();
    PYRAMID.get_or_init(|| {
        let tiles = Pyramid::over(&[REGION], 0..=12, 9, ONE_IN);
        Pyramid::fetch(&Server::of_the_sample(), "cells", "?minutes=15", &tiles)
    })
}

fn first<T: std::fmt::Debug>(faults: &[T]) -> String {
    format!("{} in all: {:#?}", faults.len(), &faults[..faults.len().min(20)])
}

/// All features of a layer: as many as its listing says.
fn listed(layer: &str) -> usize {
    let page = Server::of_the_sample().json(&format!("/api/collections/{layer}/items?limit=1&minutes=15"));
    page["numberMatched"].as_u64().expect("a count") as usize
}

#[test]
fn every_tile_keeps_the_format_and_the_promises_of_its_layers() {
    let promises = Promise::of(&Server::of_the_sample());
    let tiles = Pyramid::over(&[REGION], 0..=12, 13, 1);
    assert_eq!(whole().n_tiles(), tiles.len());
    for (pyramid, n_layers) in [(whole(), WHOLE.split(',').count()), (cells(), 1)] {
        let faults = pyramid.faults(&promises);
        assert!(faults.is_empty(), "{}", first(&faults));
        assert_eq!(pyramid.layers().len(), n_layers, "{:?}", pyramid.layers());
    }
}

#[test]
fn every_area_is_met_at_each_zoom_of_its_layer() {
    let promises = Promise::of(&Server::of_the_sample());
    for (layer, n_features) in
        [("regions", 1), ("departements", 12), ("epcis", listed("epcis")), ("communes", 4025 - 4)]
    {
        for z in 0..=12 {
            let expected = if z < promises[layer].min_zoom { 0 } else { n_features };
            assert_eq!(whole().ids(layer, z).len(), expected, "{layer} at zoom {z}");
        }
    }
}

/// A point may stand for several venues: it says for how many.
#[test]
fn every_venue_is_counted_at_each_zoom_of_its_layer() {
    let promises = Promise::of(&Server::of_the_sample());
    for z in 0..=12 {
        let mut venues: BTreeMap<u64, u64> = BTreeMap::new();
        for (layer, feature) in whole().features("venues", z) {
            let count = layer.attributes(feature).find(|(key, _)| *key == "venues").map(|(_, value)| value);
            let n = match count {
                None => 1,
                Some(Value::Int(n) | Value::Sint(n)) => u64::try_from(*n).expect("a count"),
                Some(Value::Uint(n)) => *n,
                Some(other) => unreachable!("{other:?} venues"),
            };
            venues.insert(feature.id.expect("an identifier"), n);
        }
        let expected = if z < promises["venues"].min_zoom { 0 } else { 678 };
        assert_eq!(venues.values().sum::<u64>(), expected, "zoom {z}");
    }
}

#[test]
fn every_zone_is_met_sooner_or_later() {
    let server = Server::of_the_sample();
    let (promises, tiles) = (Promise::of(&server), Pyramid::over(&[REGION], 0..=10, 11, 1));
    let other = "?mode=walk&minutes=60&fee=free";
    let asked = Pyramid::fetch(&server, "zones", other, &tiles);
    assert_eq!(asked.faults(&promises), Vec::<String>::new());
    for (question, pyramid) in [("?minutes=15", whole()), (other, &asked)] {
        let all = server.features(&format!("/api/zones{question}&properties=name")).len();
        let mut before = 0;
        for z in 0..=10 {
            let met = pyramid.ids("zones", z).len();
            assert!(met >= before, "{question}: zoom {z} shows {met} zones, the one before {before}");
            before = met;
        }
        assert_eq!(before, all, "{question}: all zones are seen at zoom 10");
    }
}

#[test]
fn cells_are_met_from_the_first_zoom_of_their_layer() {
    let first = Promise::of(&Server::of_the_sample())["cells"].min_zoom;
    let met: Vec<usize> = (0..=12).map(|z| cells().ids("cells", z).len()).collect();
    assert!(met[..usize::from(first)].iter().all(|n| *n == 0), "{met:?} cells by zoom");
    // Parents first, each over about seven children; from zoom 9 some tiles only are looked at.
    let parents = &met[usize::from(first)..9];
    assert!(parents[0] > 0 && parents.windows(2).all(|pair| pair[1] > 4 * pair[0]), "{met:?} cells by zoom");
    assert!(met[9..].iter().all(|n| *n > 500), "{met:?} cells by zoom");
}

#[test]
fn neighbouring_tiles_agree_vertex_for_vertex() {
    let seams = [whole().seams(), cells().seams()].concat();
    assert!(seams.is_empty(), "{}", first(&seams));
}

#[test]
fn tiles_stay_within_their_budget() {
    // Those of cells are in `budgets.rs`, which holds what is known to be past them.
    let budgets = whole().budgets();
    let over = Budget::over(&budgets);
    assert!(over.is_empty(), "{over}\n{}", Budget::table(&budgets));
}

#[test]
fn geos_finds_no_gap_no_overlap_and_no_invalid_polygon() {
    let mut faults = String::new();
    for (pyramid, coverages) in [(whole(), COVERAGES.as_slice()), (cells(), &[])] {
        match geos(pyramid, sample_atlas(), coverages, None) {
            Some(Ok(said)) => assert!(said.contains("without gap nor overlap"), "{said}"),
            Some(Err(found)) => faults += &found,
            None => return,
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn geos_finds_the_harm_done_to_one_polygon() {
    let tile = Pyramid::fetch(&Server::of_the_sample(), "communes", "", &[(9, 263, 183)]);
    for (harm, found) in
        [("gap", "gap, communes"), ("overlap", "overlap, communes"), ("crossing", "invalid polygon")]
    {
        let Some(said) = geos(&tile, sample_atlas(), &["communes"], Some(harm)) else { return };
        assert!(said.as_ref().is_err_and(|faults| faults.contains(found)), "{harm}: {said:?}");
    }
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

#[test]
fn a_tile_of_ours_cut_short_or_with_any_byte_changed_never_panics() {
    let path = "/tiles/communes,epcis,venues,labels,cells/10/526/366";
    let tile = Server::of_the_sample().get(path).body;
    assert!(decode(&tile, Rules::V2).is_ok_and(|tile| tile.layers.len() > 3), "{path}");
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(128) };
    proptest!(config, |(at in any::<prop::sample::Index>(), byte: u8, cut: bool)| {
        let mut bytes = tile.clone();
        let at = at.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let _ = decode(&bytes, Rules::V2);
    });
}
