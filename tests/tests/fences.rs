//! The fences of the house (README's map of the code), read from the manifests and the sources.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use maillage_tests::repository;

/// What each crate may name of the others. A new arrow is a decision: change the README's map too.
const ARROWS: [(&str, &[&str]); 10] = [
    ("territory", &[]),
    ("ingest", &["territory"]),
    ("network", &["territory"]),
    ("access", &["territory", "network"]),
    ("gaps", &["territory", "access"]),
    ("tiles", &[]),
    ("atlas", &["territory", "network", "access", "gaps", "tiles"]),
    ("server", &["territory", "atlas"]),
    // May name all but `plain`; names what it wires.
    ("cli", &["atlas", "ingest", "network", "server", "territory"]),
    ("plain", &["territory"]),
];

/// A source file of the house, without its comments and its tests.
struct Source {
    /// `atlas/src/export/fgb.rs`
    path: String,
    code: String,
    n_lines: usize,
}

fn house() -> impl Iterator<Item = &'static str> {
    ARROWS.iter().map(|(name, _)| *name)
}

fn manifest(name: &str) -> toml::Table {
    let path = repository().join("crates").join(name).join("Cargo.toml");
    let text = fs::read_to_string(path).expect("a manifest");
    text.parse().expect("TOML")
}

fn dependencies(name: &str, table: &str) -> BTreeSet<String> {
    let manifest = manifest(name);
    let listed = manifest.get(table).and_then(toml::Value::as_table);
    listed.into_iter().flat_map(|table| table.keys().cloned()).collect()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The sources that ship: `crates/*/src` without `#[cfg(test)]` modules, and files that are such modules.
fn sources() -> Vec<Source> {
    let crates = repository().join("crates");
    let mut paths = Vec::new();
    for name in house() {
        rust_files(&crates.join(name).join("src"), &mut paths);
    }
    paths.sort();
    let shipped = paths.into_iter().filter(|path| path.file_name().is_some_and(|n| n != "tests.rs"));
    shipped
        .map(|path| {
            let text = fs::read_to_string(&path).expect("UTF-8");
            let lines = text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
            let code = lines.filter(|line| !line.trim_start().starts_with("//"));
            Source {
                path: path.strip_prefix(&crates).expect("in crates").display().to_string(),
                code: code.collect::<Vec<_>>().join("\n"),
                n_lines: text.lines().count(),
            }
        })
        .collect()
}

/// Every file that names a word, as a whole, is within one of the places allowed.
fn only(places: &[&str], words: &[&str]) {
    let mut trespassers = Vec::new();
    let mut seen = false;
    for source in sources() {
        for word in words.iter().filter(|word| names(&source.code, word)) {
            seen = true;
            if !places.iter().any(|place| source.path.starts_with(place)) {
                trespassers.push(format!("{} names {word}", source.path));
            }
        }
    }
    assert!(seen, "nobody names {words:?}: this fence guards nothing");
    assert!(trespassers.is_empty(), "only {places:?} may: {trespassers:#?}");
}

/// Whether code holds a word that no letter, digit or underscore continues on either side.
fn names(code: &str, word: &str) -> bool {
    let in_word = |c: char| c.is_alphanumeric() || c == '_';
    let starts_in_word = word.starts_with(in_word);
    let ends_in_word = word.ends_with(in_word);
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().is_some_and(in_word);
        let after = code[at + word.len()..].chars().next().is_some_and(in_word);
        !(starts_in_word && before || ends_in_word && after)
    })
}

#[test]
fn the_arrows_between_crates_are_those_of_the_map() {
    let mut listed: Vec<String> = fs::read_dir(repository().join("crates"))
        .expect("crates")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"))
        .collect();
    listed.sort();
    let mut known: Vec<&str> = house().collect();
    known.sort_unstable();
    assert_eq!(listed, known, "ten crates, no other");
    for (name, allowed) in ARROWS {
        let ours: BTreeSet<String> = house().map(str::to_owned).collect();
        let found: BTreeSet<String> =
            dependencies(name, "dependencies").intersection(&ours).cloned().collect();
        let allowed: BTreeSet<String> = allowed.iter().map(|&a| a.to_owned()).collect();
        assert_eq!(found, allowed, "what {name} names");
        let dev: BTreeSet<String> =
            dependencies(name, "dev-dependencies").intersection(&ours).cloned().collect();
        let beyond: Vec<_> = dev.difference(&allowed).filter(|d| *d != "plain").collect();
        assert!(beyond.is_empty(), "tests of {name} name {beyond:?}");
        assert!(dependencies(name, "build-dependencies").is_disjoint(&ours));
    }
}

#[test]
fn the_readme_maps_all_crates_and_only_those() {
    let Ok(readme) = fs::read_to_string(repository().join("README.md")) else {
        maillage_tests::absent("README.md is not written yet");
        return;
    };
    let in_folder = |text: &str| text.split("crates/").skip(1).map(first_word).collect::<BTreeSet<String>>();
    for name in house() {
        assert!(readme.contains(&format!("`{name}`")), "the README's map leaves out `{name}`");
    }
    let known: BTreeSet<String> = house().map(str::to_owned).collect();
    let mentioned = in_folder(&readme);
    let unknown: Vec<_> = mentioned.difference(&known).filter(|name| !name.is_empty()).collect();
    assert!(unknown.is_empty(), "the README names {unknown:?}, which do not exist");
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

#[test]
fn only_the_server_and_the_command_line_are_async() {
    for name in house().filter(|name| !["server", "cli"].contains(name)) {
        let all: Vec<String> = dependencies(name, "dependencies").into_iter().collect();
        for waits in ["tokio", "axum", "tower", "tower-http", "hyper", "futures", "async-std", "reqwest"] {
            assert!(!all.iter().any(|d| d == waits), "{name} depends on {waits}");
        }
    }
    only(&["server/src/", "cli/src/"], &["tokio", "axum", "async fn", ".await"]);
}

#[test]
fn only_ingest_and_exports_know_published_columns_and_formats() {
    let columns = [
        "code_insee",
        "date_maj",
        "dispositif_programmes_nationaux",
        "conditions_acces",
        "modalites_accompagnement",
        "codesPostaux",
        "chefLieu",
        "modalites_acces",
    ];
    only(&["ingest/src/", "atlas/src/export/"], &columns);
    only(&["ingest/src/", "atlas/src/export/"], &["flatgeobuf::", "geozero::"]);
    // A perimeter is posted in the format its answers are exported in: no file, nothing for `ingest`.
    only(&["ingest/src/", "atlas/src/export/", "atlas/src/drawn.rs"], &["geojson::"]);
    only(&["atlas/src/export/"], &["rusqlite"]);
    // `cli::build` lists refusals for a person: a table of our own, no published format's columns.
    only(&["ingest/src/", "atlas/src/export/", "cli/src/build.rs"], &["csv::"]);
    for name in house().filter(|name| !["ingest", "atlas"].contains(name)) {
        let all = dependencies(name, "dependencies");
        let known: Vec<_> =
            ["flatgeobuf", "geojson", "geozero"].into_iter().filter(|f| all.contains(*f)).collect();
        assert!(known.is_empty(), "{name} depends on {known:?}");
    }
}

#[test]
fn formats_and_indexes_of_others_stay_behind_one_door() {
    only(&["territory/src/cell.rs", "territory/src/position.rs"], &["h3o"]);
    only(&["tiles/src/"], &["mvt::", "i_overlay"]);
    only(&["atlas/src/store.rs"], &["postcard"]);
    only(&["access/src/", "atlas/src/", "tiles/src/", "ingest/src/identity/clusters.rs"], &["rstar"]);
    // Nothing but a download asks the network for anything; the server only answers.
    only(&["ingest/src/fetch/"], &["ureq", "rustls"]);
}

#[test]
fn only_positions_and_mercator_order_axes() {
    // Latitude comes first in this type of `h3o`, and in no other.
    only(&["territory/src/cell.rs", "territory/src/position.rs"], &["LatLng"]);
    // A coordinate made of two bare numbers: where a file's order is read, in the plane of tiles, where
    // an export rounds, and along an outline whose order is already settled.
    let allowed =
        ["territory/src/", "tiles/src/", "ingest/src/communes/", "atlas/src/export/geojson.rs", "plain/src/"];
    only(&allowed, &["Coord {", "coord!", "Point::new", "point!"]);
    // Whoever names both axes names the longitude first.
    for source in &sources() {
        for (_, call) in
            source.code.match_indices("from_lon_lat(").map(|(at, m)| (at, &source.code[at + m.len()..]))
        {
            let arguments = &call[..call.find(')').unwrap_or(call.len())];
            let (first, second) = arguments.split_once(',').unwrap_or((arguments, ""));
            let swapped = first.contains("lat") && second.contains("lon");
            assert!(!swapped, "{}: from_lon_lat({arguments})", source.path);
        }
    }
}

#[test]
fn only_problems_and_representations_know_status_codes() {
    let sent = ["server/src/representation.rs", "server/src/download.rs"];
    only(&["server/src/problem.rs", sent[0], sent[1]], &["StatusCode"]);
    let successes = ["OK", "NO_CONTENT", "PARTIAL_CONTENT", "NOT_MODIFIED"];
    for source in sources().iter().filter(|s| sent.contains(&s.path.as_str())) {
        let after = source.code.split("StatusCode::").skip(1).map(first_word);
        let others: Vec<String> = after.filter(|name| !successes.contains(&name.as_str())).collect();
        assert!(others.is_empty(), "a representation is no failure: {others:?}");
    }
}

#[test]
fn every_address_of_the_api_is_a_row_of_the_table_of_operations() {
    // What the router answers and what the document says are made from the same rows.
    only(&["server/src/operation.rs", "server/src/operations.rs", "server/src/service.rs"], &["routing::"]);
    let of_server = |source: &&Source| source.path.starts_with("server/src/");
    let routed: Vec<String> = sources()
        .iter()
        .filter(of_server)
        .flat_map(|source| vec![source.path.clone(); source.code.matches(".route(").count()])
        .collect();
    assert_eq!(routed, ["server/src/service.rs"], "an address is routed beside the table");
    // A query is read by its operation, nowhere else.
    only(&["server/src/query.rs"], &["Inquiry::take", ".uri.query()"]);
}

#[test]
fn only_the_command_line_prints_or_reads_the_environment_or_the_clock() {
    only(&["cli/src/report.rs"], &["println!", "eprintln!", "print!", "eprint!"]);
    only(&["cli/src/"], &["SystemTime", "Instant", "Utc", "std::io::stdout", "IsTerminal"]);
    for source in sources().iter().filter(|s| !s.path.starts_with("cli/src/")) {
        for word in ["std::env", "env::var", "env::args", "Local::now", "Utc::now", "dbg!", "thread_rng"] {
            assert!(!names(&source.code, word), "{} names {word}", source.path);
        }
    }
}

#[test]
fn files_have_a_noun_for_a_name_and_fit_a_reader() {
    const EMPTY_WORDS: [&str; 9] =
        ["util", "utils", "common", "helper", "helpers", "manager", "misc", "type", "types"];
    for source in sources() {
        assert!(source.n_lines < 600, "{} has {} lines", source.path, source.n_lines);
        let parts = source.path.trim_end_matches(".rs").split(['/', '_']);
        let empty: Vec<&str> = parts.filter(|part| EMPTY_WORDS.contains(part)).collect();
        assert!(empty.is_empty(), "{} says nothing: {empty:?}", source.path);
    }
}

#[test]
fn every_crate_opens_with_its_contract_and_keeps_the_lints_of_the_house() {
    for name in house() {
        let folder = repository().join("crates").join(name);
        let opening = if name == "cli" { "src/main.rs" } else { "src/lib.rs" };
        let text = fs::read_to_string(folder.join(opening)).expect("its first file");
        assert!(text.starts_with("//! "), "{name} does not open with its contract");
        let manifest = manifest(name);
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        assert_eq!(lints.and_then(toml::Value::as_bool), Some(true), "{name} has lints of its own");
        let published = manifest["package"].get("publish");
        let never = published.is_some_and(|p| p.as_bool() == Some(false) || p.get("workspace").is_some());
        assert!(never, "{name} could be published");
    }
}

#[test]
fn each_exception_to_a_lint_gives_its_reason() {
    for source in sources() {
        let mut rest = source.code.as_str();
        while let Some(at) = rest.find("[expect(").or_else(|| rest.find("[allow(")) {
            let attribute = &rest[at..at + rest[at..].find(")]").expect("an attribute ends")];
            assert!(attribute.contains("reason = "), "{}: #{attribute})]", source.path);
            rest = &rest[at + attribute.len()..];
        }
    }
}

#[test]
fn one_version_of_what_our_calls_share() {
    let lock = fs::read_to_string(repository().join("Cargo.lock")).expect("Cargo.lock");
    let lock: toml::Table = lock.parse().expect("TOML");
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in lock["package"].as_array().expect("packages") {
        let name = package["name"].as_str().expect("a name");
        if let Some(list) = package.get("dependencies").and_then(toml::Value::as_array)
            && house().any(|ours| ours == name)
        {
            for dependency in list.iter().filter_map(toml::Value::as_str) {
                let (of, version) = dependency.split_once(' ').unwrap_or((dependency, ""));
                versions.entry(of).or_default().insert(version);
            }
        }
    }
    for name in ["geo", "geojson", "rstar", "h3o"] {
        let found = versions.get(name).map_or(0, BTreeSet::len);
        assert_eq!(found, 1, "{name}: {:?}", versions.get(name));
    }
}
