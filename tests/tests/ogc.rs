//! OGC API Features as GDAL, `owslib` and a browser read it.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use maillage_tests::{Server, folder, gdal, judgement, run, sample_atlas};
use serde_json::Value as Json;

const LAYERS: [&str; 8] =
    ["regions", "departements", "epcis", "communes", "cells", "zones", "venues", "labels"];

fn address(server: &Server) -> String {
    format!("http://{}", server.address)
}

fn query(parameters: &[(&str, &str)]) -> String {
    // A percent sign for every byte that is not a letter or a digit.
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect()
    };
    parameters.iter().map(|(key, value)| format!("{key}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

fn codes(features: &[Json]) -> Vec<String> {
    let code = |f: &Json| f["properties"]["code"].as_str().expect("a code").to_owned();
    features.iter().map(code).collect()
}

fn link<'a>(document: &'a Json, rel: &str) -> Option<&'a str> {
    let links = document["links"].as_array().expect("links");
    links.iter().find(|link| link["rel"] == rel)?["href"].as_str()
}

/// A table as GDAL writes it, its rows by code or, of zones, by communes; the identifier is left out, which
/// a GeoPackage holds as a key and not as an attribute.
fn rows(source: &str, arguments: &[&str]) -> BTreeMap<String, BTreeMap<String, String>> {
    let mut all = vec!["-f", "CSV", "/vsistdout/", source];
    all.extend(arguments);
    let text = gdal::run("ogr2ogr", &all);
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let header = table.headers().expect("a header").clone();
    let mut rows = BTreeMap::new();
    for record in table.records() {
        let record = record.expect("a row");
        let cells = header.iter().zip(record.iter()).map(|(name, cell)| (name.to_owned(), cell.to_owned()));
        let mut row: BTreeMap<String, String> = cells.collect();
        for other in ["id", "lon", "lat"] {
            row.remove(other);
        }
        let text = |name: &str| row.get(name).map_or("", String::as_str);
        let key = ["code", "kind", "communes", "nearest_venue_id"].map(text).join(" ");
        rows.insert(key, row);
    }
    rows
}

#[test]
fn gdal_reads_every_feature_of_every_layer_through_its_pages() {
    if !gdal::is_here() {
        return;
    }
    let server = Server::of_the_sample();
    let source = format!("OAPIF:{}/api", address(&server));
    let lines = |arguments: &[&str]| {
        let mut all = vec!["-f", "CSV", "/vsistdout/", source.as_str()];
        all.extend(arguments);
        gdal::run("ogr2ogr", &all).lines().count() - 1
    };
    assert_eq!(lines(&["communes"]), 4025, "the pages GDAL asks for of its own accord");
    for layer in LAYERS {
        let page = server.json(&format!("/api/collections/{layer}/items?limit=1"));
        let matched = page["numberMatched"].as_u64().expect("a count") as usize;
        assert!(matched > 0, "{layer}");
        assert_eq!(lines(&["-oo", "PAGE_SIZE=10000", layer]), matched, "{layer}");
    }
    // An attribute filter, which GDAL 3.6 applies itself after it has read the description of the API; it
    // complains of one that is not OpenAPI 3.0.
    let kept = query(&[("filter", "departement = '63'"), ("limit", "1")]);
    let kept = server.json(&format!("/api/collections/communes/items?{kept}"));
    let arguments = ["-f", "CSV", "/vsistdout/", &source, "communes", "-oo", "PAGE_SIZE=1000"];
    let output = Command::new("ogr2ogr").args(arguments).args(["-where", "departement = '63'"]).output();
    let output = output.expect("ogr2ogr starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines_found = String::from_utf8_lossy(&output.stdout).lines().count() as u64;
    assert_eq!(Some(lines_found - 1), kept["numberMatched"].as_u64());
    let around_clermont = ["communes", "-spat", "3.0", "45.7", "3.2", "45.85"];
    let window = server.json("/api/collections/communes/items?bbox=3.0,45.7,3.2,45.85&limit=1");
    assert_eq!(lines(&around_clermont) as u64, window["numberMatched"].as_u64().expect("a count"));
}

#[test]
fn owslib_and_a_modern_gdal_read_what_geojson_says() {
    let server = Server::of_the_sample();
    let folder = folder();
    let file = folder.path().join("communes.gpkg");
    let path = file.to_str().expect("UTF-8");
    let atlas = sample_atlas().to_str().expect("UTF-8");
    run(&["export", "communes", "--format", "gpkg", "--atlas", atlas, "-o", path]).succeeded();
    if let Some(said) = judgement("features.py", &[&address(&server), path]) {
        assert!(said.contains("4025 communes by OWSLib, 4025 in the GeoPackage, 4 of them"), "{said}");
    }
}

#[test]
fn filters_agree_with_the_published_package_and_with_sqlite() {
    let server = Server::of_the_sample();
    if let Some(said) = judgement("filters.py", &[&address(&server)]) {
        assert!(said.contains("filters agree"), "{said}");
    }
}

#[test]
fn every_format_holds_the_same_values() {
    if !gdal::is_here() {
        return;
    }
    let server = Server::of_the_sample();
    let folder = folder();
    let question = "territory=departement:15&minutes=15&limit=10000";
    for layer in ["communes", "departements", "epcis", "venues", "zones", "labels"] {
        let mut tables = Vec::new();
        for format in ["geojson", "gpkg", "fgb", "csv"] {
            let answer = server.get(&format!("/api/collections/{layer}/items?{question}&f={format}"));
            assert_eq!(answer.status, 200, "{layer} {format}");
            let file = folder.path().join(format!("{layer}.{format}"));
            std::fs::File::create(&file)
                .and_then(|mut out| std::io::Write::write_all(&mut out, &answer.body))
                .expect("saved");
            let path = file.to_str().expect("UTF-8");
            let typed: &[&str] = match format {
                "csv" => &["-oo", "EMPTY_STRING_AS_NULL=YES"],
                "geojson" => &["-oo", "DATE_AS_STRING=YES"],
                // Its styles are a table too.
                "gpkg" => &[layer],
                _ => &[],
            };
            tables.push((format, answer, rows(path, typed)));
        }
        let (_, first, expected) = &tables[0];
        assert!(!expected.is_empty(), "{layer}");
        for (format, answer, table) in &tables[1..] {
            assert_eq!(table.len(), expected.len(), "{layer} {format}");
            for header in ["ogc-numbermatched", "ogc-numberreturned"] {
                assert_eq!(answer.header(header), first.header(header), "{layer} {format}");
            }
            for (key, row) in expected {
                let found = &table[key];
                assert!(row.keys().eq(found.keys()), "{layer} {format}: {:?}", found.keys());
                for (name, cell) in row {
                    assert!(
                        same(cell, &found[name]),
                        "{layer} {format} {key} {name}: {cell} {}",
                        found[name]
                    );
                }
            }
        }
    }
}

/// Whether two cells say the same: a decimal may be padded, a truth spelt out.
fn same(a: &str, b: &str) -> bool {
    let plain = |text: &str| match text {
        "true" => "1".to_owned(),
        "false" => "0".to_owned(),
        _ => text.strip_prefix('\'').unwrap_or(text).to_owned(),
    };
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() < 1e-9,
        _ => plain(a) == plain(b),
    }
}

#[test]
fn several_layers_make_one_geopackage_that_gdal_finds_valid() {
    if !gdal::is_here() {
        return;
    }
    let folder = folder();
    let file = folder.path().join("all.gpkg");
    let path = file.to_str().expect("UTF-8");
    let atlas = sample_atlas().to_str().expect("UTF-8");
    let question = "territory=departement:15&minutes=15";
    let export = |to: &str| {
        let mut arguments = vec!["export"];
        arguments.extend(LAYERS);
        arguments.extend(["--question", question, "--format", "gpkg", "--atlas", atlas, "-o", to]);
        run(&arguments).succeeded()
    };
    export(path);
    assert!(export("-") == std::fs::read(&file).expect("a file"), "the same bytes, streamed");
    let listed = gdal::run("ogrinfo", &["-ro", "-so", "-al", path]);
    for layer in LAYERS {
        assert!(listed.contains(&format!("Layer name: {layer}\n")), "{layer}: {listed}");
    }
    assert_eq!(listed.matches(r#"ID["EPSG",4326]"#).count(), LAYERS.len(), "{listed}");
    // That of the styles has an identifier too.
    assert_eq!(listed.matches("FID Column = id").count(), LAYERS.len() + 1);
    for (layer, kind) in [("communes", "Multi Polygon"), ("cells", "Multi Polygon"), ("venues", "Point")] {
        let own = listed.split(&format!("Layer name: {layer}\n")).nth(1).expect(layer);
        let geometry = own.lines().find(|line| line.starts_with("Geometry: "));
        assert_eq!(geometry, Some(format!("Geometry: {kind}").as_str()), "{layer}");
    }
    // The index finds what is drawn, whatever the order of the table; null is not zero.
    let around_aurillac = ["-ro", "-so", path, "communes", "-spat", "2.44", "44.925", "2.445", "44.93"];
    assert!(gdal::run("ogrinfo", &around_aurillac).contains("Feature Count: 1"));
    let nulls =
        gdal::number(&file, "SELECT COUNT(*) AS n FROM communes WHERE geom IS NULL AND population > 0");
    assert!((nulls - 4.0).abs() < 0.5, "{nulls}");
    let unknown = gdal::number(&file, "SELECT COUNT(*) AS n FROM communes WHERE fragility_published = 0");
    assert!(unknown.abs() < 0.5, "{unknown}");
    // GDAL keeps its own indexes and edits ours: the triggers must be right.
    let edited = folder.path().join("edited.gpkg");
    std::fs::copy(&file, &edited).expect("copied");
    let edited = edited.to_str().expect("UTF-8");
    gdal::run("ogrinfo", &[edited, "-q", "-sql", "DELETE FROM communes WHERE code = '15014'"]);
    let left = gdal::run(
        "ogrinfo",
        &["-ro", "-so", edited, "communes", "-spat", "2.44", "44.925", "2.445", "44.93"],
    );
    assert!(left.contains("Feature Count: 0"), "{left}");
    let refused = run(&["export", "communes", "zones", "--format", "fgb", "--atlas", atlas, "-o", path]);
    assert!(refused.failed(2).contains("name a .zip"), "{}", refused.stderr);
}

#[test]
fn pages_of_a_filtered_sorted_list_are_its_slices_forwards_and_backwards() {
    let server = Server::of_the_sample();
    let asked = query(&[
        ("territory", "departement:63"),
        ("filter", "population BETWEEN 200 AND 3000 AND NOT CASEI(name) LIKE 'saint%'"),
        ("sortby", "departement,-venues,name"),
        ("datetime", "2024-01-01T00:00:00Z/.."),
        ("filter-lang", "cql2-text"),
        ("filter-crs", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
        ("bbox", "2.5,45.3,3.6,46.2"),
    ]);
    let items = format!("/api/collections/communes/items?{asked}");
    let whole = server.json(&format!("{items}&limit=10000"));
    let all = whole["features"].as_array().expect("features");
    assert!(all.len() > 50, "{}", all.len());
    let sorted = |f: &Json| {
        let p = &f["properties"];
        (-p["venues"].as_i64().expect("a count"), p["population"].as_u64().expect("people"))
    };
    assert!(all.iter().all(|f| (200..=3000).contains(&sorted(f).1)));
    assert!(all.windows(2).all(|w| sorted(&w[0]).0 <= sorted(&w[1]).0));
    let paged = server.features(&format!("{items}&limit=7"));
    assert_eq!(codes(&paged), codes(all), "forwards");
    // Back from the last page.
    let mut address = Some(format!("{items}&limit=7&offset={}", all.len() - 3));
    let mut backwards: Vec<String> = Vec::new();
    while let Some(page) = address.take().map(|address| server.json(&address)) {
        let mut own = codes(page["features"].as_array().expect("features"));
        own.extend(backwards);
        backwards = own;
        address = link(&page, "prev").map(str::to_owned);
    }
    assert_eq!(backwards, codes(all), "backwards");
    // What `+` becomes in an address is a space.
    let plain = server.json("/api/collections/communes/items?sortby=+name&limit=5");
    let plus = server.json("/api/collections/communes/items?sortby=%2Bname&limit=5");
    assert_eq!(plain["features"], plus["features"]);
}

#[test]
fn the_greatest_come_first_and_the_unknown_last() {
    let server = Server::of_the_sample();
    for (sortby, sign) in [("-fragility,name", -1.0), ("fragility,name", 1.0)] {
        let asked =
            format!("/api/collections/communes/items?properties=fragility&limit=10000&sortby={sortby}");
        let page = server.json(&asked);
        let features = page["features"].as_array().expect("features");
        assert_eq!(features.len(), 4025);
        let known: Vec<Option<f64>> =
            features.iter().map(|f| f["properties"]["fragility"].as_f64()).collect();
        let n = known.iter().take_while(|value| value.is_some()).count();
        assert!(n > 3000 && known[n..].iter().all(Option::is_none), "{sortby}");
        assert!(known[..n].windows(2).all(|w| w[0].zip(w[1]).is_some_and(|(a, b)| a * sign <= b * sign)));
    }
}

#[test]
fn what_cannot_be_filtered_or_sorted_is_refused_by_name() {
    let server = Server::of_the_sample();
    let long = format!("name IN ({}'x')", "'abc',".repeat(3_000));
    let deep = format!("{}TRUE{}", "(".repeat(1_000), ")".repeat(1_000));
    for (parameter, value) in [
        ("filter", "popul = 1"),
        ("filter", "population = 'x'"),
        ("filter", "population ="),
        ("filter", ""),
        ("filter", "1=1; DROP TABLE communes"),
        ("filter", long.as_str()),
        ("filter", deep.as_str()),
        ("filter-lang", "cql2-json"),
        ("filter-lang", "sql"),
        ("filter-crs", "http://www.opengis.net/def/crs/EPSG/0/2154"),
        ("sortby", "-nothing"),
        ("sortby", ""),
        ("sortby", "name,name"),
        ("datetime", "hier"),
        ("datetime", "2025-01-01/2024-01-01"),
        ("bbox", "5,46,6,45"),
        ("bbox", "5,45,181,46"),
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "1000000000"),
        ("f", "shp"),
    ] {
        let answer = server.get(&format!("/api/collections/communes/items?{}", query(&[(parameter, value)])));
        let problem = answer.problem(400);
        assert_eq!(problem["parameter"], parameter, "{parameter}={value:.60}: {problem}");
        assert!(answer.body.len() < 4096);
    }
    let unknown = server.get("/api/collections/communes/items?filter=popul%3D1").problem(400);
    assert_eq!(unknown["value"], "popul");
    assert!(unknown["allowed"].as_str().expect("a text").contains("id, code, name, departement"));
    // Beyond what HTTP itself reads of an address, without a body of ours.
    let endless = server.get(&format!("/api/collections/communes/items?filter={}", "x".repeat(100_000)));
    assert!((400..500).contains(&endless.status), "{}", endless.status);
    assert_eq!(server.get("/health").status, 200, "it still lives");
}

#[test]
fn a_list_of_a_thousand_communes_is_a_filter() {
    let server = Server::of_the_sample();
    let all = server.features("/api/collections/communes/items?limit=10000&properties=code");
    let wanted: Vec<String> = codes(&all).into_iter().step_by(4).collect();
    let list = wanted.iter().map(|code| format!("'{code}'")).collect::<Vec<_>>().join(",");
    let asked = query(&[("filter", &format!("code IN ({list})"))]);
    let found =
        server.features(&format!("/api/collections/communes/items?limit=10000&properties=code&{asked}"));
    assert!(wanted.len() > 1000);
    assert_eq!(codes(&found), wanted);
}

#[test]
fn a_box_across_the_antimeridian_is_two() {
    let server = Server::of_the_sample();
    let matched = |bbox: &str| {
        let page = server.json(&format!("/api/collections/communes/items?limit=1&bbox={bbox}"));
        page["numberMatched"].as_u64().expect("a count")
    };
    // The drawn ones are all east of 2° and west of 7.2°.
    assert_eq!(matched("2,40,1,50"), 4021);
    assert_eq!(matched("170,-90,-170,90"), 0);
    let (west, east) = (matched("-180,40,4,50"), matched("4,40,180,50"));
    let both = matched("4,40,4,50");
    assert_eq!(west + east - both, 4021);
    assert_eq!(matched("4,45,-100,5,46,9000"), matched("4,45,5,46"), "heights are read over");
}

#[test]
fn the_landing_page_leads_to_everything_it_says_it_keeps() {
    let server = Server::of_the_sample();
    let landing = server.json("/api");
    for rel in ["self", "service-desc", "service-doc", "conformance", "data", "alternate"] {
        assert!(link(&landing, rel).is_some(), "{rel}");
    }
    let described = landing["links"].as_array().expect("links");
    let desc = described.iter().find(|link| link["rel"] == "service-desc").expect("a link");
    assert_eq!(desc["type"], "application/vnd.oai.openapi+json;version=3.1");
    let conformance = server.json(link(&landing, "conformance").expect("a link"));
    let classes: BTreeSet<&str> =
        conformance["conformsTo"].as_array().expect("a list").iter().filter_map(Json::as_str).collect();
    for class in [
        "ogcapi-features-1/1.0/conf/core",
        "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text",
    ] {
        assert!(classes.contains(format!("http://www.opengis.net/spec/{class}").as_str()), "{class}");
    }
    assert!(!classes.iter().any(|class| class.ends_with("oas30")), "the description is OpenAPI 3.1");
    let collections = server.json(link(&landing, "data").expect("a link"));
    for collection in collections["collections"].as_array().expect("collections") {
        assert_eq!(
            (&collection["itemType"], &collection["storageCrs"]),
            (&"feature".into(), &collection["crs"][0])
        );
        for link in collection["links"].as_array().expect("links") {
            let href = link["href"].as_str().expect("an address");
            let href = if link["rel"] == "items" && !href.contains('?') {
                format!("{href}?limit=1")
            } else {
                href.to_owned()
            };
            let answer = server.get(&href);
            let media = answer.header("content-type").expect("a type");
            let told = link["type"].as_str().expect("a type");
            assert!(answer.status == 200 && media.starts_with(told), "{href}: {told} {media}");
        }
        let queryables =
            link(collection, "http://www.opengis.net/def/rel/ogc/1.0/queryables").expect("a link");
        let queryables = server.json(queryables);
        assert_eq!(queryables["$schema"], "https://json-schema.org/draft/2020-12/schema");
        for (name, property) in queryables["properties"].as_object().expect("properties") {
            let filter = query(&[("filter", &format!("{name} IS NOT NULL")), ("limit", "1")]);
            let items =
                format!("/api/collections/{}/items?{filter}", collection["id"].as_str().expect("an id"));
            assert_eq!(server.get(&items).status, 200, "{items}");
            assert!(property["title"].is_string(), "{name}");
        }
    }
}

#[test]
fn a_browser_gets_pages_and_a_program_json_at_the_same_addresses() {
    let server = Server::of_the_sample();
    let browser = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    for path in [
        "/api",
        "/api/conformance",
        "/api/collections",
        "/api/collections/communes",
        "/api/collections/communes/queryables",
        "/api/collections/communes/sortables",
        "/api/collections/communes/items?territory=departement:63&minutes=15",
        "/api/collections/communes/items/7?minutes=15",
    ] {
        let page = server.send("GET", path.as_bytes(), &[browser]);
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"), "{path}");
        assert_eq!(page.header("vary"), Some("Accept-Encoding, Accept"), "{path}");
        let json = server.send("GET", path.as_bytes(), &[("Accept", "*/*")]);
        assert!(json.header("content-type").is_some_and(|media| media.contains("json")), "{path}");
        assert_eq!(json.header("vary"), Some("Accept-Encoding, Accept"), "{path}");
        assert_ne!(page.header("etag"), json.header("etag"));
        let asked = format!("{path}{}f=html", if path.contains('?') { "&" } else { "?" });
        let named = server.send("GET", asked.as_bytes(), &[("Accept", "application/json")]);
        assert_eq!(named.header("content-type"), Some("text/html; charset=utf-8"), "{asked}");
        let html = String::from_utf8(page.body).expect("UTF-8");
        assert!(html.starts_with("<!doctype html>\n<html lang=\"fr\">"), "{path}");
        for outside in ["<script", "<link", "<img", "@import", "url(", "{{", "}}"] {
            assert!(!html.contains(outside), "{path}: {outside}");
        }
        // What it links to is here, and answers.
        let own = format!("{}/", address(&server));
        for href in html.split("href=\"").skip(1).map(|rest| rest.split('"').next().expect("a quote")) {
            assert!(href.starts_with(&own), "{path}: {href}");
        }
    }
    let zones = server.send("GET", b"/api/zones?territory=departement:15", &[browser]);
    assert_eq!(
        zones.header("content-type"),
        Some("application/geo+json"),
        "f=html asks for the page of zones"
    );
    let zones = server.get("/api/zones?territory=departement:15&f=html");
    assert_eq!(zones.header("content-type"), Some("text/html; charset=utf-8"));
}

#[test]
fn pages_of_a_table_are_followed_in_a_browser_and_escape_what_was_asked() {
    let server = Server::of_the_sample();
    let first = "/api/collections/communes/items?f=html&limit=2000&sortby=name";
    let mut next = Some(first.to_owned());
    let mut seen = 0;
    while let Some(path) = next.take() {
        let answer = server.get(&path);
        let html = String::from_utf8(answer.body).expect("UTF-8");
        seen += html.split("<tbody>").nth(1).expect("a table").matches("<tr>").count();
        next = html
            .split("<a href=\"")
            .find(|rest| rest.contains(">Page suivante"))
            .map(|rest| rest.split('"').next().expect("a quote").replace("&amp;", "&"));
    }
    assert_eq!(seen, 4025);
    let html = String::from_utf8(server.get(first).body).expect("UTF-8");
    assert!(html.contains("4\u{202f}025\u{a0}éléments\u{202f}; ici de 1 à 2\u{202f}000."), "{html:.3000}");
    let asked = query(&[("filter", "name = '<script>\"x\"{{title}}'"), ("f", "html")]);
    let empty = String::from_utf8(server.get(&format!("/api/collections/communes/items?{asked}")).body)
        .expect("UTF-8");
    assert!(empty.contains("Aucun élément ne correspond.") && !empty.contains("<script"), "{empty:.3000}");
}

#[test]
fn nobody_is_named_and_nobody_can_be_called() {
    let server = Server::of_the_sample();
    let text =
        String::from_utf8(server.get("/api/collections/venues/items?f=csv&limit=10000").body).expect("UTF-8");
    let header = text.lines().next().expect("a header");
    for word in ["phone", "tel", "mail", "contact", "siret", "web", "person"] {
        assert!(!header.contains(word), "{header}");
    }
    assert!(text.lines().count() > 600);
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    for record in rows.records().map(|record| record.expect("a row")) {
        for cell in &record {
            let at = cell.split_whitespace().find(|word| word.contains('@') && word.contains('.'));
            assert_eq!(at, None, "a mail address");
            let spoken: String = cell.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
            let is_number =
                spoken.len() == 10 && spoken.bytes().all(|b| b.is_ascii_digit()) && spoken.starts_with('0');
            assert!(!is_number, "a telephone number: {cell}");
        }
    }
}

#[test]
fn a_geopackage_is_the_same_from_another_process() {
    let server = Server::of_the_sample();
    let path = "/api/collections/epcis/items?f=gpkg&limit=10000&minutes=17";
    let first = server.get(path);
    assert_eq!(first.header("content-type"), Some("application/geopackage+sqlite3"));
    assert_eq!(first.header("content-disposition"), Some("attachment; filename=\"maillage-epcis.gpkg\""));
    let other = Server::of(sample_atlas());
    assert!(other.get(path).body == first.body, "another process makes other bytes");
}
