//! Numbers without shapes: what a page joins to the geometry it holds.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::BTreeMap;
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
             const all = (value) => Array.from({ length: ids }, (_, i) => value(i + 1));
             const read = Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, all(value)]));
             process.stdout.write(JSON.stringify(read));
           });";
    let started =
        Command::new("node").args(["-e", &script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut node) = started else {
        return absent("node is missing: it runs the JavaScript of docs/api.md");
    };
    let names = "access_min,beyond,beyond_share,apl,edge,venues,population";
    let address = format!("/values/communes?column={names}&minutes=15&territory=departement:15");
    let binary = server.send("GET", address.as_bytes(), &[("Accept", BINARY)]);
    assert_eq!((binary.status, binary.header("content-type")), (200, Some(BINARY)));
    node.stdin.take().expect("piped").write_all(&binary.body).expect("it reads");
    let read = node.wait_with_output().expect("it ends");
    assert!(read.status.success());
    let read: BTreeMap<String, Vec<Json>> = serde_json::from_slice(&read.stdout).expect("JSON");
    let told = columns(&server, &address);
    assert_eq!(read.len(), 7);
    let mut known = 0;
    for (name, values) in &told {
        for (a, b) in values.iter().zip(&read[name]) {
            assert_eq!((a.as_f64(), a.as_bool()), (b.as_f64(), b.as_bool()), "{name}");
            known += usize::from(!a.is_null());
        }
    }
    assert!(known > 1_000, "{known}");
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
    ] {
        let problem = server.get(&format!("/values/communes?{query}")).problem(400);
        assert_eq!(problem["parameter"], parameter, "{query}");
        assert!(problem["allowed"].as_str().is_some_and(|said| said.contains(allowed)), "{problem}");
    }
    server.get("/values/nothing?column=beyond").problem(404);
    server.get("/values/priority-areas?column=beyond").problem(404);
    server.get("/values/venues?column=name").problem(400);
    server.get("/values/communes?column=beyond&territory=departement:99").problem(400);
}
