//! Exported files, opened by GDAL.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::path::{Path, PathBuf};

use geo::{BoundingRect, Geometry};
use maillage_tests::{Done, folder, gdal, invalid, run, sample_atlas, shape};
use serde_json::Value as Json;

const LAYERS: [&str; 8] =
    ["regions", "departements", "epcis", "communes", "cells", "zones", "venues", "labels"];

/// Communes that no source draws.
const UNDRAWN: [&str; 4] = ["15031", "15035", "15047", "15171"];

/// West, south, east, north of a box around Auvergne-Rhône-Alpes.
const REGION: [f64; 4] = [2.0, 44.1, 7.2, 46.9];

fn export(layer: &str, question: &str, format: &str, to: &Path) -> Done {
    let atlas = sample_atlas().to_str().expect("UTF-8");
    let to = to.to_str().expect("UTF-8");
    run(&["export", layer, "--question", question, "--format", format, "--atlas", atlas, "-o", to])
}

fn exported(layer: &str, question: &str, format: &str, folder: &Path) -> PathBuf {
    let file = folder.join(format!("{layer}.{format}"));
    let done = export(layer, question, format, &file);
    assert!(done.stdout.is_empty(), "nothing but the file");
    done.succeeded();
    file
}

fn collection(file: &Path) -> Vec<Json> {
    let text = std::fs::read_to_string(file).expect("a file");
    let mut collection: Json = serde_json::from_str(&text).expect("JSON");
    assert_eq!(collection["type"], "FeatureCollection");
    match collection["features"].take() {
        Json::Array(features) => features,
        other => unreachable!("features: {other}"),
    }
}

#[test]
fn the_communes_of_the_issue_open_in_gdal_with_their_crs_and_attributes() {
    if !gdal::is_here() {
        return;
    }
    let folder = folder();
    let file = exported("communes", "territory=region:84&minutes=20", "fgb", folder.path());
    let opened = gdal::open(&file);
    assert!(opened.text.contains(r#"ID["EPSG",4326]"#), "{}", opened.text);
    assert!(opened.text.contains("Geometry: Multi Polygon"), "{}", opened.text);
    assert_eq!(opened.n_features, 4025);
    let departements = gdal::number(&file, "SELECT COUNT(DISTINCT departement) AS n FROM communes");
    assert!((departements - 12.0).abs() < 0.5, "{departements}");
    let people = gdal::number(&file, "SELECT SUM(population) AS n FROM communes");
    assert!((people - 8_205_557.0).abs() < 0.5, "{people}");
    for name in [
        "id",
        "code",
        "name",
        "population",
        "access_min",
        "beyond",
        "beyond_share",
        "fragility",
        "venues",
        "apl",
        "nearest_venue",
        "method",
    ] {
        assert!(opened.attributes.iter().any(|a| a == name), "{name} is not in {:?}", opened.attributes);
    }
}

#[test]
fn every_layer_opens_in_every_format_with_the_same_features() {
    if !gdal::is_here() {
        return;
    }
    let folder = folder();
    let question = "territory=departement:63&minutes=20";
    for layer in LAYERS {
        let features = collection(&exported(layer, question, "geojson", folder.path())).len();
        assert!(features > 0, "{layer}");
        let mut attributes = Vec::new();
        for format in ["geojson", "fgb", "csv"] {
            let opened = gdal::open(&exported(layer, question, format, folder.path()));
            assert_eq!(opened.n_features, features, "{layer} as {format}");
            if format != "csv" {
                assert!(opened.text.contains("WGS 84"), "{layer} as {format}: {}", opened.text);
            }
            let mut names = opened.attributes;
            names.retain(|name| !["lon", "lat"].contains(&name.as_str()));
            attributes.push(names);
        }
        assert_eq!(attributes[0], attributes[1], "{layer}: GeoJSON and FlatGeobuf");
        assert_eq!(attributes[0], attributes[2], "{layer}: GeoJSON and CSV");
    }
}

#[test]
fn communes_without_a_polygon_keep_their_figures_and_break_no_index() {
    if !gdal::is_here() {
        return;
    }
    let folder = folder();
    let question = "territory=departement:15";
    let file = exported("communes", question, "fgb", folder.path());
    let path = file.to_str().expect("UTF-8");

    // Read one by one, in the order of the file.
    let listed = gdal::run("ogrinfo", &["-ro", "-al", "-geom=SUMMARY", path]);
    for code in UNDRAWN {
        assert!(listed.contains(&format!("code (String) = {code}\n")), "{code} is lost");
    }
    // Converted, as QGIS would when it saves the layer.
    let converted = folder.path().join("converted.geojson");
    gdal::run("ogr2ogr", &[converted.to_str().expect("UTF-8"), path]);
    let (ours, theirs) =
        (collection(&exported("communes", question, "geojson", folder.path())), collection(&converted));
    assert_eq!(theirs.len(), ours.len());
    for feature in &theirs {
        let undrawn = UNDRAWN.iter().any(|code| feature["properties"]["code"] == *code);
        let empty = shape(feature).is_none_or(|geometry| geometry.bounding_rect().is_none());
        assert_eq!(empty, undrawn, "{}", feature["properties"]);
    }
    // Through the spatial index: a window on Aurillac (15014), and one around everything.
    let window = |corners: [&str; 4]| {
        let [west, south, east, north] = corners;
        let arguments = ["-ro", "-so", "-al", "-spat", west, south, east, north, path];
        let text = gdal::run("ogrinfo", &arguments);
        let count = text.lines().find_map(|line| line.strip_prefix("Feature Count: "));
        count.expect("a count").parse::<usize>().expect("a number")
    };
    assert_eq!(window(["2", "44", "4", "46"]), ours.len() - UNDRAWN.len(), "drawn communes");
    let around_aurillac = window(["2.44", "44.925", "2.445", "44.93"]);
    assert!((1..=3).contains(&around_aurillac), "{around_aurillac}");
    assert_eq!(window(["0", "0", "1", "1"]), 0, "at the origin of axes nothing is drawn");
    // The extent of the layer is that of what is drawn.
    let extent = gdal::open(&file).text;
    assert!(extent.contains("Extent: (2.06"), "{extent}");
}

#[test]
fn a_question_without_any_zone_makes_a_file_that_opens() {
    if !gdal::is_here() {
        return;
    }
    let folder = folder();
    for format in ["fgb", "geojson", "csv"] {
        let file = exported("zones", "minutes=120", format, folder.path());
        assert_eq!(gdal::open(&file).n_features, 0, "{format}");
    }
}

#[test]
fn geojson_is_longitude_latitude_in_the_region_with_valid_shapes_and_right_hands() {
    let folder = folder();
    for layer in ["communes", "zones", "venues", "departements", "cells"] {
        let file = exported(layer, "minutes=15", "geojson", folder.path());
        let text = std::fs::read_to_string(&file).expect("a file");
        assert!(!text.contains("\"crs\""), "RFC 7946 has no crs member");
        let features = collection(&file);
        for feature in &features {
            let Some(geometry) = shape(feature) else {
                let code = feature["properties"]["code"].as_str().expect("a code");
                assert!(UNDRAWN.contains(&code), "{layer} {code} has no shape");
                continue;
            };
            let name = format!("{layer} {}", feature["properties"]["name"]);
            let extent = geometry.bounding_rect().expect("an extent");
            let [west, south, east, north] = REGION;
            let inside = extent.min().x > west && extent.max().x < east;
            assert!(inside && extent.min().y > south && extent.max().y < north, "{name}: {extent:?}");
            assert_eq!(invalid(&geometry), None, "{name}");
            assert!(follows_the_right_hand(&geometry), "{name}: RFC 7946 §3.1.6");
        }
    }
}

/// Exteriors counterclockwise, holes clockwise.
fn follows_the_right_hand(geometry: &Geometry) -> bool {
    use geo::Winding;
    let polygon = |p: &geo::Polygon| p.exterior().is_ccw() && p.interiors().iter().all(Winding::is_cw);
    match geometry {
        Geometry::Polygon(one) => polygon(one),
        Geometry::MultiPolygon(several) => several.iter().all(polygon),
        _ => true,
    }
}

#[test]
fn a_dash_streams_the_same_bytes_as_a_file() {
    let folder = folder();
    for format in ["geojson", "fgb", "csv"] {
        let file = exported("epcis", "minutes=20", format, folder.path());
        let streamed = export("epcis", "minutes=20", format, Path::new("-")).succeeded();
        assert!(streamed == std::fs::read(file).expect("a file"), "{format}");
    }
}

#[test]
fn an_export_that_fails_leaves_the_file_that_was_there() {
    let folder = folder();
    let file = exported("regions", "", "csv", folder.path());
    let before = std::fs::read(&file).expect("a file");
    let done = export("regions", "territory=commune:99999", "csv", &file);
    assert!(done.failed(2).contains("commune:99999"), "{}", done.stderr);
    assert!(std::fs::read(&file).expect("a file") == before);
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing left aside");
}
