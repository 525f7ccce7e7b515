//! All of France in one go, overseas included: nobody is lost, and everyone not placed is named.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs;
use std::path::Path;

use maillage_tests::{Budget, Promise, Pyramid, Server, folder, gdal, geos, run, shared_data};
use serde_json::Value as Json;

/// The legal population of the COG of 2026.
const PEOPLE: u64 = 68_952_941;

/// Communes of the same.
const COMMUNES: usize = 34_969;

/// Communes that a file at hand draws, or whose shape is that of the communes they merged.
const DRAWN: usize = 34_871;

/// West, south, east, north of the mainland and Corsica.
const MAINLAND: [f64; 4] = [-5.3, 41.2, 9.7, 51.2];

/// A town of each département overseas: its région, longitude and latitude.
const OVERSEAS: [(&str, &str, f64, f64); 5] = [
    ("01", "Guadeloupe", -61.73, 16.0),
    ("02", "Martinique", -61.07, 14.61),
    ("03", "Guyane", -52.33, 4.93),
    ("04", "La Réunion", 55.45, -20.89),
    ("06", "Mayotte", 45.22, -12.78),
];

fn is_here() -> bool {
    let files = [
        "territory/communes-2025.geojsonl.gz",
        "population/census-grid-1km-2021.csv.gz",
        "venues/lieux-v1-national.csv.gz",
        "zones/living-areas-2025.csv.gz",
    ];
    files.into_iter().all(|name| shared_data(name).is_some())
}

/// `68348902` of `France: 34969 communes, 68348902 inhabitants in …`.
fn placed(report: &str) -> u64 {
    let line = report.lines().find(|line| line.starts_with("France: ")).expect("a summary");
    let words: Vec<&str> = line.split(' ').collect();
    let at = words.iter().position(|word| *word == "inhabitants").expect("people");
    words[at - 1].parse().expect("a number")
}

/// Code and people of each `  not placed: 14581 Aurseulles, 1896 inhabitants: …`.
fn not_placed(report: &str) -> Vec<(String, u64)> {
    let lines = report.lines().filter_map(|line| line.strip_prefix("  not placed: "));
    lines
        .map(|line| {
            let (code, _) = line.split_once(' ').expect("a code");
            let (before, _) = line.split_once(" inhabitants").expect("people");
            let people = before.rsplit(' ').next().expect("a number");
            (code.to_owned(), people.parse().expect("a number"))
        })
        .collect()
}

/// The numbers of a column of an export, by code.
fn exported(atlas: &Path, layer: &str, folder: &Path) -> Vec<(String, u64)> {
    let file = folder.join(format!("{layer}.csv"));
    let (atlas, path) = (atlas.to_str().expect("UTF-8"), file.to_str().expect("UTF-8"));
    run(&["export", layer, "--format", "csv", "-o", path, "--atlas", atlas]).succeeded();
    let mut table = csv::Reader::from_path(&file).expect("CSV");
    let header = table.headers().expect("a header").clone();
    let rank = |name: &str| header.iter().position(|column| column == name).expect("a column");
    let (code, people) = (rank("code"), rank("population"));
    let rows = table.records().map(|row| row.expect("a row"));
    rows.map(|row| (row[code].to_owned(), row[people].parse().expect("a number"))).collect()
}

/// The column and row of the tile of zoom `z` over a position.
fn tile(lon: f64, lat: f64, z: u32) -> (u32, u32) {
    let side = f64::from(1 << z);
    let y = (1.0 - lat.to_radians().tan().asinh() / std::f64::consts::PI) / 2.0;
    (((lon + 180.0) / 360.0 * side) as u32, (y * side) as u32)
}

fn population(server: &Server, territory: &str) -> u64 {
    server.json(&format!("/api/territories/{territory}"))["territory"]["population"].as_u64().expect("people")
}

#[test]
fn nobody_in_france_is_lost_and_everyone_not_placed_is_named() {
    if !is_here() {
        return;
    }
    let folder = folder();
    let atlas = folder.path().join("france");
    let out = atlas.to_str().expect("UTF-8");
    let done = run(&["build", "tests/atlases/france.toml", "--out", out]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let report = done.stderr;

    // Σ placed + Σ not placed = everyone, and only what nothing draws is not placed.
    let missing = not_placed(&report);
    let people: u64 = missing.iter().map(|(_, people)| people).sum();
    assert_eq!(placed(&report) + people, PEOPLE, "{report}");
    let undrawn = |code: &str| ["975", "977", "978", "98"].iter().any(|prefix| code.starts_with(prefix));
    let mainland: Vec<&String> = missing.iter().map(|(code, _)| code).filter(|code| !undrawn(code)).collect();
    assert_eq!(
        mainland,
        Vec::<&String>::new(),
        "14581, which nothing draws, has the hole declared to be its"
    );
    let refusals = fs::read_to_string(atlas.join("refusals.csv")).expect("a list");
    for (code, _) in &missing {
        let lines = refusals.lines().filter(|line| line.contains("cannot be placed"));
        assert_eq!(lines.filter(|line| line.contains(code.as_str())).count(), 1, "{code} is listed once");
    }

    // The same people at every level.
    let communes = exported(&atlas, "communes", folder.path());
    assert_eq!(communes.len(), COMMUNES);
    assert_eq!(communes.iter().map(|(_, people)| people).sum::<u64>(), PEOPLE);
    for level in ["departements", "regions"] {
        let people: u64 = exported(&atlas, level, folder.path()).iter().map(|(_, people)| people).sum();
        assert_eq!(people, PEOPLE, "{level}");
    }

    oceans_apart_in_one_file(&atlas, folder.path());
    let server = Server::of(&atlas);
    overseas_is_on_the_map_in_its_place(&server);
    perimeters_follow_no_border_of_the_cog(&server, &communes);
    every_tile_to_zoom_8_is_what_it_must_be(&server, &atlas);
}

/// Guyane and La Réunion in one file: where they are, and all of them.
fn oceans_apart_in_one_file(atlas: &Path, folder: &Path) {
    if !gdal::is_here() {
        return;
    }
    let atlas = atlas.to_str().expect("UTF-8");
    for format in ["gpkg", "fgb", "qgz"] {
        let file = folder.join(format!("overseas.{format}"));
        let path = file.to_str().expect("UTF-8");
        let question = ["--question", "territory=departement:973,departement:974"];
        let arguments = ["export", "communes", "--atlas", atlas, "--format", format, "-o", path];
        run(&[&arguments[..], &question].concat()).succeeded();
    }
    for format in ["gpkg", "fgb"] {
        let file = folder.join(format!("overseas.{format}"));
        let corner = |number: &str, of: &str| {
            let sql = format!("SELECT {number}({of}(geometry)) AS n FROM communes");
            let geometry = if format == "gpkg" { "geom" } else { "geometry" };
            gdal::number(&file, &sql.replace("(geometry)", &format!("({geometry})")))
        };
        let [west, south, east, north] = [
            corner("MIN", "ST_MinX"),
            corner("MIN", "ST_MinY"),
            corner("MAX", "ST_MaxX"),
            corner("MAX", "ST_MaxY"),
        ];
        assert!((-55.0..-53.0).contains(&west) && (55.0..56.0).contains(&east), "{format}: {west} {east}");
        assert!((-22.0..-20.0).contains(&south) && (5.0..6.0).contains(&north), "{format}: {south} {north}");
        let communes = gdal::number(&file, "SELECT COUNT(*) AS n FROM communes");
        // 22 in Guyane, 24 in La Réunion.
        assert!((communes - 46.0).abs() < 0.5, "{format}: {communes}");
    }
}

/// The letter of the format, the promises of the layers, the seams, the weights, and GEOS: all that is wrong,
/// since all of France is built for it.
fn every_tile_to_zoom_8_is_what_it_must_be(server: &Server, atlas: &Path) {
    let mut boxes = vec![MAINLAND];
    boxes.extend(OVERSEAS.map(|(_, _, lon, lat)| [lon - 3.5, lat - 4.5, lon + 3.5, lat + 4.5]));
    let tiles = Pyramid::over(&boxes, 0..=8, 9, 1);
    let coverages = ["regions", "departements", "epcis", "communes"];
    let layers = format!("{},cells,zones,venues,priority-areas,labels", coverages.join(","));
    let pyramid = Pyramid::fetch(server, &layers, "", &tiles);
    let mut wrong = pyramid.faults(&Promise::of(server));
    for (layer, n_features) in [("regions", 18), ("departements", 101), ("communes", DRAWN)] {
        let met = pyramid.ids(layer, 8).len();
        if met != n_features {
            wrong.push(format!("{met} {layer} at zoom 8, expected {n_features}"));
        }
    }
    wrong.extend(pyramid.seams());
    let budgets = pyramid.budgets();
    if !Budget::over(&budgets).is_empty() {
        wrong.push(format!("{}{}", Budget::over(&budgets), Budget::table(&budgets)));
    }
    wrong.extend(geos(&pyramid, atlas, &coverages, None).and_then(Result::err));
    assert!(wrong.is_empty(), "{} in all:\n{}", wrong.len(), wrong.join("\n"));
}

fn overseas_is_on_the_map_in_its_place(server: &Server) {
    for (code, name, lon, lat) in OVERSEAS {
        let territory =
            server.json(&format!("/api/territories/region:{code}?minutes=20"))["territory"].clone();
        assert_eq!(territory["name"], name);
        let bbox: Vec<f64> =
            territory["bbox"].as_array().expect("a box").iter().filter_map(Json::as_f64).collect();
        assert!(bbox[0] < lon && lon < bbox[2] && bbox[1] < lat && lat < bbox[3], "{name}: {bbox:?}");
        for layer in ["regions", "departements", "epcis", "communes", "cells"] {
            let (x, y) = tile(lon, lat, 9);
            let answer = server.get(&format!("/tiles/{layer}/9/{x}/{y}"));
            assert_eq!(answer.status, 200, "{layer} of {name}");
        }
    }
}

fn perimeters_follow_no_border_of_the_cog(server: &Server, communes: &[(String, u64)]) {
    let of = |codes: &[&str]| -> u64 {
        let held = communes.iter().filter(|(code, _)| codes.contains(&code.as_str()));
        held.map(|(_, people)| people).sum()
    };
    // An EPT of Greater Paris, whose members belong to the Métropole too.
    let plaine = ["93001", "93027", "93031", "93039", "93066", "93070", "93072", "93079"];
    assert_eq!(population(server, "epci:200057867"), of(&plaine));
    assert!(population(server, "epci:200054781") > 7_000_000, "the Métropole is whole");
    assert!(population(server, "hub:est-ensemble-et-voisins") > of(&plaine));
    // An interdepartmental Hub, and a living area.
    let antilles = ["01", "02", "03"].map(|code| population(server, &format!("region:{code}")));
    assert_eq!(population(server, "hub:antilles-guyane"), antilles.iter().sum::<u64>());
    let area = server.json("/api/territories/living-area:01093");
    assert_eq!(area["territory"]["kind"], "living-area");
    assert_eq!(area["territory"]["name"], "Châtillon-sur-Chalaronne");
    // An EPCI that two départements share.
    let both = server.json("/api/territories/epci:200040574");
    assert!(both["territory"]["context"].as_str().is_some_and(|words| words.contains("Rhône")), "{both}");
    let found = server.json("/api/territories?q=plaine%20commune");
    assert_eq!(found["territories"][0]["id"], "epci:200057867", "{found}");
    // A collectivity without EPCI nor shape still counts its people.
    assert_eq!(population(server, "departement:975"), 5_790);
}
