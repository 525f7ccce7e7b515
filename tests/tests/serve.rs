//! HTTP as a client sees it, the unkind one included.

use std::io::{Read, Write};
use std::net::TcpStream;

use flate2::read::GzDecoder;
use maillage_tests::{Server, maillage, sample_atlas};

const TILE: &str = "/tiles/communes/8/131/91";

#[test]
fn every_route_answers_and_says_what_it_is() {
    let server = Server::of_the_sample();
    for (path, media) in [
        ("/", "text/html; charset=utf-8"),
        ("/api", "application/json"),
        ("/api/conformance", "application/json"),
        ("/api/collections", "application/json"),
        ("/api/collections/communes", "application/json"),
        ("/api/collections/communes/items", "application/geo+json"),
        ("/api/collections/communes/items/1", "application/geo+json"),
        ("/api/collections/venues/items?f=csv", "text/csv; charset=utf-8"),
        ("/api/collections/venues/items?f=fgb", "application/flatgeobuf"),
        ("/api/zones?territory=departement:63", "application/geo+json"),
        ("/api/territories?q=clermont", "application/json"),
        ("/api/territories/commune:63113", "application/json"),
        ("/tiles", "application/json"),
        ("/tiles/communes,venues", "application/json"),
        (TILE, "application/vnd.mapbox-vector-tile"),
        ("/tiles/communes/8/131/91.mvt?minutes=10", "application/vnd.mapbox-vector-tile"),
        ("/styles/access_min.json", "application/json"),
        ("/health", "text/plain; charset=utf-8"),
        ("/ready", "text/plain; charset=utf-8"),
    ] {
        let answer = server.get(path);
        assert_eq!(answer.status, 200, "{path}: {:.300}", String::from_utf8_lossy(&answer.body));
        assert_eq!(answer.header("content-type"), Some(media), "{path}");
        assert!(!answer.body.is_empty(), "{path}");
    }
}

#[test]
fn a_client_that_has_the_answer_is_told_so() {
    let server = Server::of_the_sample();
    for path in [TILE, "/api/zones?territory=departement:63", "/", "/api/territories/region:84"] {
        for coding in ["identity", "gzip", "br"] {
            let accept = ("Accept-Encoding", coding);
            let first = server.send("GET", path.as_bytes(), &[accept]);
            assert_eq!(first.status, 200, "{path}");
            let tag = first.header("etag").expect("an ETag");
            assert!(!tag.starts_with("W/"), "strong: {tag}");
            assert_eq!(first.header("vary"), Some("Accept-Encoding"), "{path}");
            for known in [tag, "*", &format!("\"x\", {tag}")] {
                let again = server.send("GET", path.as_bytes(), &[accept, ("If-None-Match", known)]);
                assert_eq!(again.status, 304, "{path} {coding} {known}");
                assert!(again.body.is_empty());
                assert_eq!(again.header("etag"), Some(tag));
                assert_eq!(again.header("vary"), Some("Accept-Encoding"));
            }
            let other = server.send("GET", path.as_bytes(), &[accept, ("If-None-Match", "\"x\"")]);
            assert_eq!(other.status, 200);
        }
    }
}

#[test]
fn encodings_hold_the_same_bytes_under_different_tags() {
    let server = Server::of_the_sample();
    for path in [TILE, "/api/collections/communes/items?limit=50"] {
        let accepting = |coding: &str| server.send("GET", path.as_bytes(), &[("Accept-Encoding", coding)]);
        let plain = accepting("identity");
        assert_eq!(plain.header("content-encoding"), None);
        let gzip = accepting("gzip");
        assert_eq!(gzip.header("content-encoding"), Some("gzip"));
        let mut bytes = Vec::new();
        GzDecoder::new(gzip.body.as_slice()).read_to_end(&mut bytes).expect("gzip");
        assert!(bytes == plain.body, "{path}: gzip");
        let brotli = accepting("gzip, deflate, br");
        assert_eq!(brotli.header("content-encoding"), Some("br"));
        bytes.clear();
        brotli::BrotliDecompress(&mut brotli.body.as_slice(), &mut bytes).expect("brotli");
        assert!(bytes == plain.body, "{path}: br");
        assert!(brotli.body.len() < plain.body.len() && gzip.body.len() < plain.body.len());
        let tags = [&plain, &gzip, &brotli].map(|answer| answer.header("etag"));
        assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2], "{tags:?}");
        let without_gzip = accepting("br;q=0, gzip;q=0");
        assert_eq!(without_gzip.header("content-encoding"), None);
        accepting("identity;q=0, *;q=0").problem(406);
    }
}

#[test]
fn head_is_get_without_a_body() {
    let server = Server::of_the_sample();
    for path in ["/", "/api", TILE, "/api/zones?territory=departement:63", "/health"] {
        let get = server.get(path);
        let head = server.send("HEAD", path.as_bytes(), &[]);
        assert_eq!((head.status, head.body.len()), (get.status, 0), "{path}");
        for name in ["content-type", "content-length", "etag", "vary", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
    }
    assert_eq!(server.send("HEAD", b"/nowhere", &[]).status, 404);
}

#[test]
fn only_an_address_that_names_the_atlas_is_kept_for_ever() {
    let server = Server::of_the_sample();
    let id = server.json("/api")["atlas"].as_str().expect("an identity").to_owned();
    let cached = |path: &str| server.get(path).header("cache-control").unwrap_or_default().to_owned();
    let right = &id[..12];
    assert!(cached(&format!("{TILE}?v={right}")).contains("immutable"));
    for wrong in ["", "0", "000000000000", &id[..11], &id] {
        assert!(!cached(&format!("{TILE}?v={wrong}")).contains("immutable"), "v={wrong}");
    }
    assert!(!cached(TILE).contains("immutable"));
}

#[test]
fn any_origin_may_read() {
    let server = Server::of_the_sample();
    for path in [TILE, "/api/zones?territory=departement:63", "/nowhere", "/api/zones?minutes=0"] {
        let answer = server.send("GET", path.as_bytes(), &[("Origin", "https://carte.example.fr")]);
        assert_eq!(answer.header("access-control-allow-origin"), Some("*"), "{path}");
    }
    let asked = [("Origin", "https://a.fr"), ("Access-Control-Request-Method", "GET")];
    let preflight = server.send("OPTIONS", TILE.as_bytes(), &asked);
    assert_eq!(preflight.status, 200);
}

#[test]
fn tiles_outside_the_matrix_are_nowhere_and_empty_ones_are_empty() {
    let server = Server::of_the_sample();
    for nowhere in [
        "3/8/0",
        "3/0/8",
        "23/0/0",
        "-1/0/0",
        "1/0/-1",
        "a/b/c",
        "1.0/0/0",
        "99999999999999999999/0/0",
        "7/65/45.png",
        "7/+65/45",
    ] {
        server.get(&format!("/tiles/communes/{nowhere}")).problem(404);
    }
    server.get("/tiles/nothing/7/65/45").problem(404);
    server.get("/tiles/communes,nothing/7/65/45").problem(404);
    server.get("/tiles/nothing").problem(404);
    server.get("/api/collections/nothing").problem(404);
    server.get("/api/collections/nothing/items").problem(404);
    server.get("/api/collections/communes/items/0").problem(404);
    server.get("/api/collections/communes/items/4026").problem(404);
    server.get("/api/collections/communes/items/x").problem(404);
    server.get("/styles/nothing.json").problem(404);
    server.get("/nowhere").problem(404);
    // The Atlantic, and below the first zoom of the layer.
    for empty in ["communes/8/100/91", "communes/6/32/22", "cells/5/16/11", "zones/22/0/0"] {
        let answer = server.get(&format!("/tiles/{empty}"));
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{empty}");
        assert_eq!(answer.header("content-length").unwrap_or("0"), "0", "{empty}");
    }
}

#[test]
fn a_refusal_names_the_parameter_the_value_and_what_is_allowed() {
    let server = Server::of_the_sample();
    for (path, parameter, value) in [
        ("/api/zones?minutes=0", "minutes", "0"),
        ("/api/zones?minutes=121", "minutes", "121"),
        ("/api/zones?minutes=20.5", "minutes", "20.5"),
        ("/api/zones?minutes=", "minutes", ""),
        ("/api/zones?minutes=20&minutes=30", "minutes", "30"),
        ("/api/zones?mode=rocket", "mode", "rocket"),
        ("/api/zones?mode=Car", "mode", "Car"),
        ("/api/zones?fee=gratuit", "fee", "gratuit"),
        ("/api/zones?service=nothing", "service", "nothing"),
        ("/api/zones?open=mo-25:00", "open", "mo-25:00"),
        ("/api/zones?fragility_min=11", "fragility_min", "11"),
        ("/api/zones?territory=departement:99", "territory", "departement:99"),
        ("/api/zones?territory=commune:1001", "territory", "commune:1001"),
        ("/api/zones?territory=planet:3", "territory", "planet:3"),
        ("/api/zones?teritory=departement:63", "teritory", "departement:63"),
        ("/api/collections/communes/items?limit=0", "limit", "0"),
        ("/api/collections/communes/items?limit=-1", "limit", "-1"),
        ("/api/collections/communes/items?limit=1000000000", "limit", "1000000000"),
        ("/api/collections/communes/items?limit=99999999999999999999999", "limit", "99999999999999999999999"),
        ("/api/collections/communes/items?limit=10001", "limit", "10001"),
        ("/api/collections/communes/items?offset=-1", "offset", "-1"),
        ("/api/collections/communes/items?bbox=5,46,4,45", "bbox", "5,46,4,45"),
        ("/api/collections/communes/items?bbox=4,46,5,45", "bbox", "4,46,5,45"),
        ("/api/collections/communes/items?bbox=1,2,3", "bbox", "1,2,3"),
        ("/api/collections/communes/items?bbox=4,45,5,NaN", "bbox", "4,45,5,NaN"),
        ("/api/collections/communes/items?bbox=4,45,5,inf", "bbox", "4,45,5,inf"),
        ("/api/collections/communes/items?properties=secret", "properties", "secret"),
        ("/api/collections/communes/items?f=shp", "f", "shp"),
        ("/api/collections?colour=red", "colour", "red"),
        ("/api/territories", "q", ""),
        ("/api/territories/departement:63?territory=departement:15", "territory", "departement:15"),
        ("/tiles?colour=red", "colour", "red"),
        ("/tiles/communes?minutes=0", "minutes", "0"),
        ("/tiles/communes/7/65/45?minutes=0", "minutes", "0"),
        ("/tiles/communes/0/0/0?territory=departement:99", "territory", "departement:99"),
        ("/tiles/communes/7/65/45?colour=red", "colour", "red"),
        ("/styles/access_min.json?colour=red", "colour", "red"),
    ] {
        let problem = server.get(path).problem(400);
        assert_eq!(problem["parameter"], parameter, "{path}");
        assert_eq!(problem["value"], value, "{path}");
        assert!(problem["allowed"].as_str().is_some_and(|text| !text.is_empty()), "{path}");
    }
    server.get("/api/territories/commune:1001").problem(404);
    server.get("/api/territories/departement:99").problem(404);
}

#[test]
fn other_methods_are_refused_with_those_allowed() {
    let server = Server::of_the_sample();
    for path in ["/", "/api", TILE, "/api/territories", "/health", "/ready"] {
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            let answer = server.send(method, path.as_bytes(), &[("Content-Length", "0")]);
            let media = answer.header("content-type").unwrap_or_default();
            assert_eq!((answer.status, media), (405, "application/problem+json"), "{method} {path}");
            assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method} {path}");
            answer.problem(405);
        }
    }
    let posted = server.send("PUT", b"/api/zones", &[("Content-Length", "0")]);
    assert_eq!(posted.header("allow"), Some("GET, HEAD, POST"));
}

#[test]
fn junk_in_an_address_is_never_the_fault_of_the_server() {
    let server = Server::of_the_sample();
    let junk: [&[u8]; 19] = [
        b"/%ff",
        b"/%00",
        b"/%",
        b"/%zz",
        b"/tiles/%ff/1/0/0",
        b"/tiles/communes/%ff/0/0",
        b"/api/collections/%c3%28/items",
        b"/api/territories/%f0%28%8c%28",
        b"/api/zones?territory=%ff",
        b"/api/zones?%ff=1",
        b"/api/zones?minutes=%00",
        b"/api/territories?q=%ff%fe",
        b"/..%2f..%2fetc/passwd",
        b"/assets/../../../etc/passwd",
        b"/api/zones?\xff\xfe=\xff",
        b"/\xff\xfe",
        b"/tiles//7/65/45",
        b"//",
        b"/api/zones?&&&===;;;",
    ];
    let mut accepted = Vec::new();
    for target in junk {
        let answer = server.send("GET", target, &[]);
        let line = String::from_utf8_lossy(target);
        assert!(answer.status < 500, "{line}: {}", answer.status);
        assert!(!String::from_utf8_lossy(&answer.body).contains("root:"), "{line}");
        if answer.status < 400 {
            accepted.push(line.into_owned());
        }
    }
    let header = [("Accept-Encoding", "\u{7f}\u{e9}"), ("If-None-Match", "\u{e9}")];
    assert!(server.send("GET", TILE.as_bytes(), &header).status < 500);
    assert!(server.send("GET", b"/api", &[("X-Forwarded-Host", "a\"><script>")]).status < 500);
    assert_eq!(server.get("/health").status, 200, "it still lives");
    assert!(accepted.is_empty(), "answered as if they meant something: {accepted:?}");
}

#[test]
fn lists_and_queries_without_end_are_refused() {
    let server = Server::of_the_sample();
    let ten_thousand = vec!["commune:01001"; 10_000].join(",");
    for path in [
        format!("/api/territories/{}", &ten_thousand[..60_000]),
        format!("/api/territories/{ten_thousand}"),
        format!("/api/zones?territory={}", &ten_thousand[..60_000]),
        format!("/api/zones?territory={ten_thousand}"),
        format!("/api/zones?{}", "service=x&".repeat(5000)),
        format!("/api/zones?x={}", "a".repeat(60_000)),
        format!("/api/zones?x={}", "a".repeat(1_000_000)),
        format!("/tiles/{}/7/65/45", "communes,nothing,".repeat(3000)),
        format!("/api/territories?q={}", "a".repeat(50_000)),
        format!("/{}", "a/".repeat(30_000)),
    ] {
        let answer = server.get(&path);
        assert!((400..500).contains(&answer.status), "{:.60}…: {}", path, answer.status);
        assert!(answer.body.len() < 4096, "{:.60}… comes back: {} bytes", path, answer.body.len());
    }
    let repeated = format!("/tiles/{}communes/8/131/91", "communes,".repeat(1000));
    assert_eq!(server.get(&repeated).body, server.get(TILE).body, "a layer named twice is there once");
    assert_eq!(server.get("/health").status, 200, "it still lives");
}

#[test]
fn pages_are_slices_of_one_list_and_a_box_is_a_window() {
    let server = Server::of_the_sample();
    let items = "/api/collections/communes/items?properties=code";
    let ids = |path: &str| -> Vec<u64> {
        let page = server.json(path);
        let features = page["features"].as_array().expect("features");
        features.iter().map(|f| f["id"].as_u64().expect("an id")).collect()
    };
    assert_eq!(ids(items).len(), 10, "ten by default");
    assert_eq!(ids(&format!("{items}&limit=10000")).len(), 4025);
    assert_eq!(ids(&format!("{items}&limit=7&offset=3")), ids(&format!("{items}&limit=10"))[3..]);
    assert!(ids(&format!("{items}&offset=4025")).is_empty());
    assert!(ids(&format!("{items}&offset=4000000000")).is_empty());
    let around_clermont = server.features("/api/collections/communes/items?bbox=3.0,45.7,3.2,45.85&limit=5");
    let codes: Vec<&str> = around_clermont.iter().filter_map(|f| f["properties"]["code"].as_str()).collect();
    assert!(codes.contains(&"63113") && codes.len() < 60, "{codes:?}");
    assert!(codes.iter().all(|code| code.starts_with("63")), "{codes:?}");
    assert!(ids(&format!("{items}&bbox=-10,40,-9,41")).is_empty());
    let one = server.json("/api/collections/communes/items/1");
    assert_eq!((&one["type"], one["id"].as_u64()), (&"Feature".into(), Some(1)));
}

#[test]
fn a_server_asked_to_stop_ends_in_order() {
    let server = Server::of(sample_atlas());
    assert_eq!(server.get("/health").status, 200);
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn a_client_that_never_ends_its_request_does_not_keep_a_server_alive() {
    let server = Server::of(sample_atlas());
    let mut idle = TcpStream::connect(server.address).expect("the server listens");
    idle.write_all(b"GET /api HTTP/1.1\r\nHost: ").expect("half a request");
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn a_port_in_use_is_said_with_its_address() {
    let server = Server::of_the_sample();
    let address = server.address.to_string();
    let output = maillage()
        .arg("serve")
        .arg(sample_atlas())
        .args(["--listen", &address])
        .output()
        .expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains(&address) && said.contains("--listen"), "{said}");
    assert_eq!(said.lines().count(), 1, "one sentence: {said}");
    assert!(output.stdout.is_empty());
}
