//! Tiles asked for in every way a client may think of.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::BTreeSet;
use std::io::Read;

use fast_mvt::MvtReaderRef;
use flate2::read::GzDecoder;
use maillage_tests::{Answer, Server, sample_atlas};

const TILE: &str = "/tiles/communes/8/131/91";

/// Beside the data: in the Atlantic.
const EMPTY: &str = "/tiles/communes/8/100/91";

/// What an answer holds, its coding undone.
fn decoded(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    match answer.header("content-encoding") {
        None => bytes.clone_from(&answer.body),
        Some("gzip") => {
            GzDecoder::new(answer.body.as_slice()).read_to_end(&mut bytes).expect("gzip");
        }
        Some("br") => brotli::BrotliDecompress(&mut answer.body.as_slice(), &mut bytes).expect("brotli"),
        Some(other) => panic!("nobody asked for {other}"),
    }
    bytes
}

#[test]
fn what_is_no_tile_is_nowhere_and_says_what_a_tile_is() {
    let server = Server::of_the_sample();
    for nowhere in [
        "8/256/0",
        "8/0/256",
        "8/-1/0",
        "-8/0/0",
        "22/4194304/0",
        "23/0/0",
        "255/0/0",
        "256/0/0",
        "4294967296/0/0",
        "8/18446744073709551616/0",
        "8/131/91.png",
        "8/131/91.json",
        "8/131/91.mvt.gz",
        "8/131/91.mvt.pbf",
        "8/131/91.MVT",
        "8/131/.mvt",
        "8/131/91@2x",
        "8/131.5/91",
        "8/1e2/91",
        "8/0x83/91",
        "8/%31%20/91",
        "z/x/y",
    ] {
        let path = format!("/tiles/communes/{nowhere}");
        let problem = server.get(&path).problem(404);
        let said = problem["detail"].as_str().unwrap_or_default();
        assert!(said.contains("z is 0 to 22") && said.len() < 200, "{path}: {said}");
        assert_eq!(server.send("HEAD", path.as_bytes(), &[]).status, 404, "{path}");
    }
    for unknown in
        ["nothing", "communes,nothing", "communes,", ",communes", "Communes", "communes;cells", "communes%00"]
    {
        let problem = server.get(&format!("/tiles/{unknown}/8/131/91")).problem(404);
        assert!(problem["detail"].as_str().is_some_and(|said| said.contains("layers: regions")), "{problem}");
    }
    for incomplete in [
        "/tiles/communes/8",
        "/tiles/communes/8/131",
        "/tiles/communes/8/131/91/",
        "/tiles/communes/8/131/91/0",
    ] {
        assert_eq!(server.get(incomplete).status, 404, "{incomplete}");
    }
    for allowed in ["8/131/91.mvt", "8/131/91.pbf", "8/0131/91", "8/%31%33%31/91"] {
        assert_eq!(
            server.get(&format!("/tiles/communes/{allowed}")).body,
            server.get(TILE).body,
            "{allowed}"
        );
    }
}

#[test]
fn a_layer_named_often_is_there_once_and_all_layers_fit_in_one_tile() {
    let server = Server::of_the_sample();
    let fifty = vec!["communes"; 50].join(",");
    assert_eq!(server.get(&format!("/tiles/{fifty}/8/131/91")).body, server.get(TILE).body);
    let twice = server.get("/tiles/communes,epcis,communes/8/131/91");
    assert_eq!(twice.body, server.get("/tiles/communes,epcis/8/131/91").body);
    let all = "regions,departements,epcis,communes,cells,zones,venues,labels";
    let answer = server.get(&format!("/tiles/{all}/9/263/183"));
    assert_eq!(answer.status, 200);
    let reader = MvtReaderRef::new(&answer.body).expect("a tile");
    let names: Vec<&str> = reader.layers().map(fast_mvt::MvtLayerRef::name).collect();
    assert!(
        names.len() >= 7 && names.iter().all(|name| all.split(',').any(|known| known == *name)),
        "{names:?}"
    );
    server.get(&format!("/tiles/{all},priority-areas/9/263/183")).problem(404);
}

#[test]
fn a_question_that_no_venue_fits_draws_everyone_without_a_time() {
    let server = Server::of_the_sample();
    let nobody = "?service=acces-internet-et-materiel-informatique&fee=pass-numerique&open=su-03:00";
    let communes = server.get(&format!("{TILE}{nobody}"));
    assert_eq!(communes.status, 200);
    let reader = MvtReaderRef::new(&communes.body).expect("a tile");
    let mut features = 0;
    for feature in reader.layers().flat_map(fast_mvt::MvtLayerRef::features) {
        let named: BTreeSet<&str> =
            feature.properties().map(|property| property.expect("a property").0).collect();
        assert!(named.contains("population") && named.contains("beyond") && !named.contains("access_min"));
        features += 1;
    }
    assert!(features > 100, "{features}");
    for layer in ["zones", "venues", "cells", "labels"] {
        let answer = server.get(&format!("/tiles/{layer}/9/263/183{nobody}"));
        assert!([200, 204].contains(&answer.status), "{layer}: {}", answer.status);
    }
    let nowhere = server.get(&format!("{TILE}?territory=commune:99999")).problem(400);
    assert_eq!(nowhere["parameter"], "territory");
}

#[test]
fn oddities_of_accept_encoding_get_what_they_say() {
    let server = Server::of_the_sample();
    let plain = server.get(TILE);
    assert_eq!(plain.header("content-encoding"), None);
    for (lines, coding) in [
        (&["gzip"][..], Some("gzip")),
        (&["x-gzip"], Some("gzip")),
        (&["GZip;Q=0.3"], Some("gzip")),
        (&["br"], Some("br")),
        (&["*"], Some("br")),
        (&["*;q=0.1, br;q=0"], Some("gzip")),
        (&["deflate", "gzip"], Some("gzip")),
        (&["gzip;q=0.2", "br;q=0.1"], Some("gzip")),
        (&["identity;q=0", "gzip"], Some("gzip")),
        (&["identity;q=0, *"], Some("br")),
        (&["identity;q=1, gzip;q=0.9"], None),
        (&["zstd, deflate"], None),
        (&["br;q=9"], None),
        (&["br;q=,gzip;q=x"], None),
        (&[",,,"], None),
        (&[""], None),
        (&["\u{e9}"], None),
    ] {
        let headers: Vec<(&str, &str)> = lines.iter().map(|line| ("Accept-Encoding", *line)).collect();
        let answer = server.send("GET", TILE.as_bytes(), &headers);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, coding), "{lines:?}");
        assert!(decoded(&answer) == plain.body, "{lines:?}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"));
        assert_eq!(answer.header("etag") == plain.header("etag"), coding.is_none(), "{lines:?}");
    }
    for refused in ["identity;q=0", "*;q=0", "identity;q=0, deflate", "gzip;q=0, br;q=0, identity;q=0.000"] {
        let answer = server.send("GET", TILE.as_bytes(), &[("Accept-Encoding", refused)]);
        assert!(
            answer.problem(406)["detail"].as_str().is_some_and(|said| said.contains("accept one")),
            "{refused}"
        );
    }
    // What is too small to gain by it is compressed only for those who want nothing else.
    let small = b"/api/territories?q=zzzzzzzz";
    for (line, coding) in
        [("br, gzip", None), ("gzip, identity;q=0", Some("gzip")), ("br, *;q=0", Some("br"))]
    {
        let answer = server.send("GET", small, &[("Accept-Encoding", line)]);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, coding), "{line}");
        assert_eq!(decoded(&answer), server.send("GET", small, &[]).body);
    }
}

#[test]
fn an_empty_tile_has_a_tag_and_no_coding() {
    let server = Server::of_the_sample();
    let id = server.json("/api")["atlas"].as_str().expect("an identity").to_owned();
    for line in ["identity", "gzip", "br", "gzip, identity;q=0"] {
        let answer = server.send("GET", EMPTY.as_bytes(), &[("Accept-Encoding", line)]);
        assert_eq!((answer.status, answer.body.len()), (204, 0), "{line}");
        assert_eq!(answer.header("content-encoding"), None, "{line}");
        assert_eq!(answer.header("cache-control"), Some("public, no-cache"), "{line}");
        assert_eq!(answer.header("vary"), Some("Accept-Encoding"), "{line}");
        let tag = answer.header("etag").expect("a tag");
        let held = [("Accept-Encoding", line), ("If-None-Match", tag)];
        assert_eq!(server.send("GET", EMPTY.as_bytes(), &held).status, 304, "{line}");
    }
    let named = server.get(&format!("{EMPTY}?v={}", &id[..12]));
    assert!(
        named.status == 204 && named.header("cache-control").is_some_and(|kept| kept.contains("immutable"))
    );
}

#[test]
fn head_says_of_every_coding_what_get_says() {
    let server = Server::of_the_sample();
    for path in [TILE, EMPTY, "/tiles/cells/9/263/183?minutes=12", "/values/communes?column=beyond&f=bin"] {
        for coding in ["identity", "gzip", "br"] {
            let accept = ("Accept-Encoding", coding);
            let get = server.send("GET", path.as_bytes(), &[accept]);
            let head = server.send("HEAD", path.as_bytes(), &[accept]);
            assert_eq!((head.status, head.body.len()), (get.status, 0), "{path} {coding}");
            for name in
                ["content-type", "content-length", "content-encoding", "etag", "vary", "cache-control"]
            {
                // Of an answer without content hyper tells HEAD the length, 0, and GET nothing.
                if get.status != 204 || name != "content-length" {
                    assert_eq!(head.header(name), get.header(name), "{path} {coding}: {name}");
                }
            }
            if get.status == 200 {
                assert_eq!(get.header("content-length"), Some(get.body.len().to_string().as_str()));
            }
            let tag = get.header("etag").expect("a tag");
            let again = server.send("HEAD", path.as_bytes(), &[accept, ("If-None-Match", tag)]);
            assert_eq!(
                (again.status, again.header("etag"), again.body.len()),
                (304, Some(tag), 0),
                "{path} {coding}"
            );
        }
    }
}

#[test]
fn a_tag_is_known_in_any_list_and_by_its_own_coding_only() {
    let server = Server::of_the_sample();
    let tag = |coding: &str| {
        let answer = server.send("GET", TILE.as_bytes(), &[("Accept-Encoding", coding)]);
        answer.header("etag").expect("a tag").to_owned()
    };
    let (plain, gzip) = (tag("identity"), tag("gzip"));
    let ask = |coding: &str, lines: &[&str]| {
        let mut headers = vec![("Accept-Encoding", coding)];
        headers.extend(lines.iter().map(|line| ("If-None-Match", *line)));
        server.send("GET", TILE.as_bytes(), &headers).status
    };
    let list = format!("\"a\", W/\"b\" ,{gzip},\"c\"");
    for held in [&[gzip.as_str()][..], &[list.as_str()], &["\"a\"", &gzip], &["*"], &[&format!("W/{gzip}")]] {
        assert_eq!(ask("gzip", held), 304, "{held:?}");
    }
    let many = vec!["\"0123456789abcdef\""; 1_000].join(",");
    assert_eq!(ask("gzip", &[&many]), 200);
    assert_eq!(ask("gzip", &[&format!("{many},{gzip}")]), 304);
    let bare = gzip.trim_matches('"').to_owned();
    for other in [plain.as_str(), bare.as_str(), "", "\"\"", "W/", ",", "\u{e9}"] {
        assert_eq!(ask("gzip", &[other]), 200, "{other}");
    }
}

#[test]
fn tiles_without_number_leave_the_memory_as_it_was() {
    const TILES: u32 = 12;
    let server = Server::of(sample_atlas());
    let ask = |minutes: u32| -> u64 {
        let bytes = (0..TILES).flat_map(|n| {
            let path = format!("/tiles/communes,cells/9/{}/{}?minutes={minutes}", 261 + n % 4, 181 + n / 4);
            ["identity", "br"].map(|coding| {
                let answer = server.send("GET", path.as_bytes(), &[("Accept-Encoding", coding)]);
                assert_eq!(answer.status, 200, "{path}");
                answer.body.len() as u64
            })
        });
        bytes.sum()
    };
    let first: u64 = (1..=40).map(ask).sum();
    let mut before = server.memory();
    let mut rounds = Vec::new();
    for minutes in [41..=65, 66..=90] {
        let answered: u64 = minutes.map(ask).sum();
        let after = server.memory();
        // More than is kept, each time: the oldest had to go.
        assert!(first.min(answered) > 128 << 20, "{} and {} MiB were answered", first >> 20, answered >> 20);
        rounds.push((after.saturating_sub(before), answered));
        before = after;
    }
    // What is lost is lost in each round; an allocator that still settles is not.
    let settled = rounds.iter().any(|(grown, answered)| *grown < answered / 4);
    let told: Vec<(u64, u64)> =
        rounds.iter().map(|(grown, answered)| (grown >> 20, answered >> 20)).collect();
    assert!(settled, "MiB more, after MiB of answers: {told:?}");
}
