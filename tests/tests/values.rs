//! Numbers without shapes: what a page joins to the geometry it holds.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use maillage_tests::{Server, absent, repository};
use serde_json::Value as Json;

const BINARY: &str = "application/vnd.maillage.values";

/// The columns of `/values` as JSON: name, then the value of each identifier from 1.
fn columns(server: &Server, address: &str) -> BTreeMap<String, Vec<Json>> {
    let mut answer = server.json(address);
    let n = answer["ids"].as_u64().expect("how many") as usize;
    let Json::Object(columns) = answer["columns"].take() else { unreachable!("no columns") };
    let values = |column: Json| {
        let Json::Array(values) = column else { unreachable!("no column") };
        assert_eq!(values.len(), n);
        values
    };
    columns.into_iter().map(|(name, column)| (name, values(column))).collect()
}

/// Checks the columns of a layer beside the attributes of its features.
fn check(server: &Server, layer: &str, question: &str, names: &str) {
    let columns = columns(server, &format!("/values/{layer}?column={names}{question}"));
    let items = format!("/api/collections/{layer}/items?limit=10000&properties={names}{question}");
    let features = server.features(&items);
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for feature in &features {
        let id = feature["id"].as_u64().expect("an id") as usize;
        for (name, values) in &columns {
            let value = &feature["properties"][name];
            let told = &values[id - 1];
            assert_eq!(value.as_f64(), told.as_f64(), "{layer} {id} {name}{question}");
            assert_eq!(value.as_bool(), told.as_bool(), "{layer} {id} {name}{question}");
            if !value.is_null() {
                *known.entry(name).or_default() += 1;
            }
        }
    }
    // Whoever is not among the features has no value.
    for (name, values) in &columns {
        let told = values.iter().filter(|value| !value.is_null()).count();
        assert_eq!(told, known.get(name.as_str()).copied().unwrap_or_default(), "{layer} {name}{question}");
    }
    assert!(known.values().any(|&n| n > 0), "{layer}{question}: nothing to compare");
}

#[test]
fn columns_are_the_attributes_of_every_commune_and_of_every_cell() {
    let server = Server::of_the_sample();
    let all = "population,access_min,beyond,beyond_share,fragility,venues,apl,edge";
    check(&server, "communes", "", &format!("{all},fragility_published"));
    check(&server, "communes", "&mode=walk&minutes=45&fee=free", all);
    check(&server, "communes", "&territory=departement:63", all);
    check(&server, "departements", "&fragility_min=6", all);
    check(&server, "cells", "&minutes=10", all);
    check(&server, "zones", "&minutes=25", "population,fragile_population,access_min,access_min_max");
}

#[test]
fn a_box_lists_what_touches_it_by_identifier() {
    let server = Server::of_the_sample();
    for (layer, bbox) in
        [("cells", "3.05,45.74,3.15,45.82"), ("communes", "3.05,45.74,3.15,45.82"), ("cells", "0,40,1,41")]
    {
        let address = format!("/values/{layer}?column=beyond,estimated&minutes=10");
        let (all, within) = (columns(&server, &address), columns(&server, &format!("{address}&bbox={bbox}")));
        let of = server.json(&format!("{address}&bbox={bbox}"))["of"].take();
        let of: Vec<usize> = serde_json::from_value(of).expect("identifiers");
        let items =
            format!("/api/collections/{layer}/items?limit=10000&properties=beyond&bbox={bbox}&minutes=10");
        let touching: BTreeSet<usize> =
            server.features(&items).iter().filter_map(|f| f["id"].as_u64()).map(|id| id as usize).collect();
        assert_eq!(touching.is_empty(), bbox.starts_with('0'), "{layer} {bbox}");
        assert_eq!(of, touching.into_iter().collect::<Vec<_>>());
        for (name, values) in &within {
            let kept: Vec<&Json> = of.iter().map(|&id| &all[name][id - 1]).collect();
            assert_eq!(values.iter().collect::<Vec<_>>(), kept, "{layer} {name}");
        }
    }
    // A screenful of cells is little to make, to keep and to send, however many the atlas has.
    let address = "/values/cells?column=access_min&f=bin";
    let sent = |bbox: &str| {
        let answer =
            server.send("GET", format!("{address}{bbox}").as_bytes(), &[("Accept-Encoding", "identity")]);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None));
        answer.body.len()
    };
    assert!(sent("&bbox=3.05,45.74,3.15,45.82") * 20 < sent(""));
}

#[test]
fn estimated_is_yes_of_the_areas_that_hatching_says() {
    let server = Server::of_the_sample();
    for layer in ["departements", "communes"] {
        let estimated = &columns(&server, &format!("/values/{layer}?column=estimated"))["estimated"];
        let items = format!("/api/collections/{layer}/items?limit=10000&properties=method,population");
        let features = server.features(&items);
        assert!(!features.is_empty());
        for feature in features {
            let (id, told) = (feature["id"].as_u64().expect("an id") as usize, &feature["properties"]);
            let hatched = told["method"] == "estimated" && told["population"] != 0;
            assert_eq!(estimated[id - 1], hatched, "{layer} {id}");
        }
    }
}

/// The script of docs/api.md that reads the binary form.
fn documented() -> String {
    let document = std::fs::read_to_string(repository().join("docs/api.md")).expect("the document");
    let blocks = document.split("```js\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.filter(|block| block.contains("function readValues")).collect()
}

#[test]
fn the_javascript_of_the_document_reads_the_binary_form() {
    let server = Server::of_the_sample();
    let script = documented()
        + "const chunks = []; process.stdin.on('data', (c) => chunks.push(c)).on('end', () => {
             const bytes = Buffer.concat(chunks);
             const { ids, columns } = readValues(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
             const all = (value) => ids.map((id) => value(id));
             const read = Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, all(value)]));
             process.stdout.write(JSON.stringify(read));
           });";
    // All the communes of an atlas, and the cells that touch a box.
    let names = "access_min,beyond,beyond_share,apl,edge,population";
    for question in
        ["communes?minutes=15&territory=departement:15", "cells?mode=walk&bbox=3.05,45.7,3.2,45.82"]
    {
        let address = format!("/values/{question}&column={names}");
        let Some(read) = read_by(&script, &server, &address) else {
            return absent("node is missing: it runs the JavaScript of docs/api.md");
        };
        assert_eq!(read.len(), 6);
        let mut known = 0;
        for (name, values) in &columns(&server, &address) {
            assert_eq!(values.len(), read[name].len());
            for (a, b) in values.iter().zip(&read[name]) {
                assert_eq!((a.as_f64(), a.as_bool()), (b.as_f64(), b.as_bool()), "{name}");
                known += usize::from(!a.is_null());
            }
        }
        assert!(known > 300, "{known}");
    }
}

/// What a script of node writes of the binary form of an address; none where there is no node.
fn read_by(script: &str, server: &Server, address: &str) -> Option<BTreeMap<String, Vec<Json>>> {
    let started =
        Command::new("node").args(["-e", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut node = started.ok()?;
    let binary = server.send("GET", address.as_bytes(), &[("Accept", BINARY)]);
    assert_eq!((binary.status, binary.header("content-type")), (200, Some(BINARY)));
    node.stdin.take().expect("piped").write_all(&binary.body).expect("it reads");
    let read = node.wait_with_output().expect("it ends");
    assert!(read.status.success());
    Some(serde_json::from_slice(&read.stdout).expect("JSON"))
}

#[test]
fn a_column_is_small_and_has_a_tag_of_its_own_in_each_form() {
    let server = Server::of_the_sample();
    let address = "/values/communes?column=access_min";
    let json = server.get(address);
    let binary = server.get(&format!("{address}&f=bin"));
    // 4,025 numbers of two bytes at most, a bit each, and a head.
    assert!(binary.body.len() < 4_025 * 2 + 4_025 / 8 + 100, "{}", binary.body.len());
    assert!(binary.body.len() < json.body.len());
    assert_eq!(json.header("vary"), Some("Accept-Encoding, Accept"));
    assert_ne!(json.header("etag"), binary.header("etag"));
    let tag = binary.header("etag").expect("a tag").to_owned();
    let again = server.send("GET", format!("{address}&f=bin").as_bytes(), &[("If-None-Match", &tag)]);
    assert_eq!(again.status, 304);
    // `f` has the last word.
    let asked = server.send("GET", format!("{address}&f=json").as_bytes(), &[("Accept", BINARY)]);
    assert_eq!(asked.header("content-type"), Some("application/json"));
    let id = server.json("/api")["atlas"].as_str().expect("an identity").to_owned();
    let kept = |v: &str| server.get(&format!("{address}&v={v}")).header("cache-control").map(str::to_owned);
    assert!(kept(&id[..12]).is_some_and(|kept| kept.contains("immutable")));
    assert!(kept("000000000000").is_some_and(|kept| kept.contains("no-cache")));
}

#[test]
fn what_is_no_column_is_refused_with_those_there_are() {
    let server = Server::of_the_sample();
    for (query, parameter, allowed) in [
        ("", "column", "required"),
        ("column=", "column", "no such column"),
        ("column=name", "column", "a text; numbers of communes: population, access_min"),
        ("column=access", "column", "no such column"),
        ("column=beyond,beyond", "column", "twice"),
        ("column=beyond&column=apl", "column", "twice"),
        ("column=beyond&f=csv", "f", "json, bin"),
        ("column=beyond&minutes=0", "minutes", "1 to 120"),
        ("column=beyond&limit=1", "limit", "unknown"),
        ("column=beyond&bbox=5,45,4", "bbox", "west,south,east,north"),
        ("column=beyond&bbox=4,46,5,45", "bbox", "south < north"),
    ] {
        let problem = server.get(&format!("/values/communes?{query}")).problem(400);
        assert_eq!(problem["parameter"], parameter, "{query}");
        assert!(problem["allowed"].as_str().is_some_and(|said| said.contains(allowed)), "{problem}");
    }
    server.get("/values/nothing?column=beyond").problem(404);
    server.get("/values/priority-areas?column=beyond").problem(404);
    server.get("/values/venues?column=name").problem(400);
    server.get("/values/zones?column=estimated").problem(400);
    server.get("/values/communes?column=beyond&territory=departement:99").problem(400);
}
