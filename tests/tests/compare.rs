//! `maillage compare` on a real before and after: the France services lists of 2022 and 2024.
//!
//! What the command says is counted again here, from the lists themselves.
#![expect(clippy::expect_used, clippy::panic, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use maillage_tests::{folder, repository, run, sample_atlas, shared_data};
use serde_json::Value as Json;

/// A line of a France services list.
#[derive(Debug, Clone)]
struct Line {
    name: String,
    address: String,
    lon: f64,
    lat: f64,
    departement: String,
    cells: BTreeMap<String, String>,
}

const LISTS: [&str; 2] = ["venues/france-services-2022-12.csv", "venues/france-services-2024-08.csv"];

/// Auvergne-Rhône-Alpes.
const DEPARTEMENTS: [&str; 12] = ["01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"];

/// The lines of a list by `id_fs`.
fn lines(path: &Path) -> BTreeMap<String, Line> {
    let mut reader = csv::Reader::from_path(path).expect("a list");
    let headers = reader.headers().expect("a header").clone();
    let records = reader.records().map(|record| {
        let record = record.expect("a line");
        let cells: BTreeMap<String, String> =
            headers.iter().zip(&record).map(|(k, v)| (k.to_owned(), v.trim().to_owned())).collect();
        // A few lines of 2022 have no coordinates: they are in no atlas.
        let number = |key: &str| cells[key].parse::<f64>().unwrap_or(f64::NAN);
        let line = Line {
            name: cells["lib_fs"].clone(),
            address: cells["adresse"].clone(),
            lon: number("longitude"),
            lat: number("latitude"),
            departement: cells["insee_com"].chars().take(2).collect(),
            cells: cells.clone(),
        };
        (cells["id_fs"].clone(), line)
    });
    records.collect()
}

/// Both lists; none, said aloud, where they are absent.
fn lists() -> Option<[BTreeMap<String, Line>; 2]> {
    let [before, after] = LISTS.map(shared_data);
    Some([lines(&before?), lines(&after?)])
}

/// Letters and digits without accents, in lower case: French needs no more.
fn plain(text: &str) -> String {
    let folded = text.to_lowercase().replace('œ', "oe").replace('æ', "ae");
    let letters = folded.chars().map(|c| match c {
        'à' | 'â' | 'ä' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'î' | 'ï' => 'i',
        'ô' | 'ö' => 'o',
        'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ÿ' => 'y',
        c => c,
    });
    let kept: String = letters.map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' }).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The haversine distance, metres.
fn metres(a: &Line, b: &Line) -> f64 {
    let half = |degrees: f64| (degrees.to_radians() / 2.0).sin().powi(2);
    let h = half(b.lat - a.lat) + a.lat.to_radians().cos() * b.lat.to_radians().cos() * half(b.lon - a.lon);
    2.0 * 6_371_008.8 * h.sqrt().asin()
}

fn alike(a: &Line, b: &Line) -> bool {
    let same = |a: &str, b: &str| !plain(a).is_empty() && plain(a) == plain(b);
    metres(a, b) <= 300.0 && (same(&a.name, &b.name) || same(&a.address, &b.address))
}

/// The lines of the region, in the columns of their list.
fn cut(lines: &BTreeMap<String, Line>, to: &Path) {
    let mut table = csv::Writer::from_path(to).expect("a table");
    let columns: Vec<&String> = lines.values().next().expect("a line").cells.keys().collect();
    table.write_record(&columns).expect("written");
    for line in lines.values() {
        table.write_record(line.cells.values()).expect("written");
    }
    table.flush().expect("written");
}

/// The atlas of a list, from the configuration of its year with the lines of the region in place of the whole list.
fn built(year: &str, lines: &BTreeMap<String, Line>, folder: &Path) -> PathBuf {
    let config = repository().join(format!("tests/atlases/france-services-{year}.toml"));
    let text = fs::read_to_string(config).expect("a configuration");
    cut(lines, &folder.join(format!("{year}.csv")));
    let text = text.lines().map(|line| match line.split_once(" = ") {
        Some(("base", _)) => format!("base = \"{}\"", repository().join("data/sample/sample.toml").display()),
        Some(("path", _)) => format!("path = \"{year}.csv\""),
        _ => line.to_owned(),
    });
    let config = folder.join(format!("{year}.toml"));
    put(&config, &text.collect::<Vec<_>>().join("\n"));
    let out = folder.join(year);
    run(&["build", utf8(&config), "--out", utf8(&out)]).succeeded();
    out
}

fn put(path: &Path, text: &str) {
    fs::File::create(path)
        .and_then(|mut f| std::io::Write::write_all(&mut f, text.as_bytes()))
        .expect("written");
}

fn utf8(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn compared(before: &Path, after: &Path, more: &[&str]) -> Json {
    let arguments = ["compare", utf8(before), utf8(after), "--format", "json"];
    serde_json::from_slice(&run(&[&arguments, more].concat()).succeeded()).expect("JSON")
}

/// `2057` of `France services:France-services_2057`.
fn line_of_record(record: &str) -> &str {
    record.rsplit_once("France-services_").expect("an identifier").1
}

/// The `id_fs` of a venue: of one made of several lines, that of the line which was not merged into another.
fn line_of<'a>(venue: &'a Json, merged: &BTreeSet<String>) -> &'a str {
    let records = venue["records"].as_array().expect("records").iter();
    let mut lines = records.map(|record| line_of_record(record.as_str().expect("a text")));
    lines.find(|line| !merged.contains(*line)).unwrap_or_else(|| panic!("{venue} has no line of its own"))
}

/// The lines that an atlas says it merged into others.
fn merged(atlas: &Path) -> BTreeSet<String> {
    let mut table = csv::Reader::from_path(atlas.join("identities.csv")).expect("identities");
    let rows = table.records().map(|row| row.expect("a row"));
    rows.filter(|row| !row[3].is_empty()).map(|row| line_of_record(&row[2]).to_owned()).collect()
}

fn ids<'a>(list: &'a Json, merged: &BTreeSet<String>) -> BTreeSet<&'a str> {
    list.as_array().expect("a list").iter().map(|venue| line_of(venue, merged)).collect()
}

fn count(things: usize) -> i64 {
    i64::try_from(things).expect("few")
}

fn number(json: &Json) -> i64 {
    json.as_i64().expect("a whole number")
}

#[test]
fn of_the_whole_country_the_lists_share_what_is_known_of_them() {
    let Some([before, after]) = lists() else { return };
    let both = before.keys().filter(|id| after.contains_key(*id)).count();
    assert_eq!((before.len() - both, after.len() - both, both), (202, 364, 2481));
}

#[test]
fn france_services_opened_closed_and_moved_as_their_lists_say() {
    let Some(lists) = lists() else { return };
    let [mut old, mut new] = lists.map(|mut lines| {
        let placed = |line: &Line| line.lon.is_finite() && line.lat.is_finite();
        lines.retain(|_, line| DEPARTEMENTS.contains(&line.departement.as_str()) && placed(line));
        lines
    });
    let folder = folder();
    let (before, after) = (built("2022", &old, folder.path()), built("2024", &new, folder.path()));
    let comparison = compared(&before, &after, &[]);
    let venues = &comparison["venues"];
    // Two lines of one address are one venue: the register says which, and what is left is counted again.
    let (merged_before, merged_after) = (merged(&before), merged(&after));
    assert!(merged_before.len() + merged_after.len() < 6, "{merged_before:?} {merged_after:?}");
    old.retain(|id, _| !merged_before.contains(id));
    new.retain(|id, _| !merged_after.contains(id));
    let either = &merged_before | &merged_after;
    assert_eq!((number(&venues["before"]), number(&venues["after"])), (count(old.len()), count(new.len())));

    let both: BTreeSet<&str> = old.keys().filter(|id| new.contains_key(*id)).map(String::as_str).collect();
    assert!(both.len() > 250, "{}", both.len());
    assert_eq!(number(&venues["same_record"]), count(both.len()));
    // Of the others, those alike are one venue under another number; the rest opened or closed.
    let (opened, closed) = (ids(&venues["opened"], &merged_after), ids(&venues["closed"], &merged_before));
    let n_alike = usize::try_from(number(&venues["alike"])).expect("a count");
    assert!(opened.is_disjoint(&both) && closed.is_disjoint(&both));
    assert_eq!(
        (opened.len() + n_alike, closed.len() + n_alike),
        (new.len() - both.len(), old.len() - both.len())
    );
    for a in &closed {
        let likest = opened.iter().find(|b| alike(&old[*a], &new[**b]));
        assert_eq!(likest, None, "{a} did not close");
    }
    // No more of them than a pairing of those that are alike could have.
    let may = |id: &String| {
        !both.contains(id.as_str())
            && new.iter().any(|(b, line)| !both.contains(b.as_str()) && alike(&old[id], line))
    };
    assert!(n_alike <= old.keys().filter(|id| may(id)).count());

    let same = |list: &str| -> BTreeSet<&str> {
        let items = venues[list].as_array().expect("a list").iter();
        let pairs = items.map(|item| (line_of(&item["before"], &either), line_of(&item["after"], &either)));
        pairs.filter(|(a, b)| a == b).map(|(a, _)| a).collect()
    };
    let expected: BTreeSet<&str> =
        both.iter().copied().filter(|id| metres(&old[*id], &new[*id]) > 50.0).collect();
    assert_eq!(same("moved"), expected);
    assert!(!expected.is_empty());
    for item in venues["moved"].as_array().expect("a list") {
        let (a, b) = (&old[line_of(&item["before"], &either)], &new[line_of(&item["after"], &either)]);
        assert!((item["metres"].as_f64().expect("metres") - metres(a, b)).abs() <= 0.6, "{item}");
    }
    let renamed: BTreeSet<&str> =
        both.iter().copied().filter(|id| plain(&old[*id].name) != plain(&new[*id].name)).collect();
    let relabelled = same("relabelled");
    assert!(renamed.is_subset(&relabelled), "{:?}", renamed.difference(&relabelled));
    assert!(!renamed.is_empty() && relabelled.len() > renamed.len(), "hours and itinerance change too");
    let items = venues["relabelled"].as_array().expect("a list").iter();
    let names_changed = items.filter(|item| item["before"]["name"] != item["after"]["name"]);
    let names_changed: BTreeSet<&str> = names_changed.map(|item| line_of(&item["before"], &either)).collect();
    assert!(renamed.is_subset(&names_changed));

    check_people(&comparison, &before, &after);
    check_the_mirror(&comparison, &compared(&after, &before, &[]));
}

/// The figures are those of each atlas, and each level sums to the whole.
fn check_people(comparison: &Json, before: &Path, after: &Path) {
    let areas = &comparison["areas"];
    assert_eq!(areas["same_places"], true);
    assert_eq!(comparison["warnings"], serde_json::json!([]));
    assert_eq!(number(&comparison["total"]["before"]["population"]), 8_205_557);
    let sum = |level: &str, key: &str| -> i64 {
        areas[level].as_array().expect("areas").iter().map(|area| number(&area[key])).sum()
    };
    for key in ["beyond", "gaining", "losing"] {
        for level in ["regions", "departements", "communes"] {
            assert_eq!(sum(level, key), number(&comparison["total"][key]), "{level} {key}");
        }
    }
    assert!(sum("communes", "gaining") > 0 && sum("communes", "losing") > 0);
    for (side, atlas) in [("before", before), ("after", after)] {
        let table =
            run(&["export", "communes", "--format", "csv", "--atlas", utf8(atlas), "-o", "-"]).succeeded();
        let mut reader = csv::Reader::from_reader(table.as_slice());
        let headers = reader.headers().expect("a header").clone();
        let at = |name: &str| headers.iter().position(|h| h == name).expect("a column");
        let (code, access, beyond) = (at("code"), at("access_min"), at("beyond"));
        let exported: BTreeMap<String, (Option<f64>, i64)> = reader
            .records()
            .map(|record| record.expect("a line"))
            .map(|r| (r[code].to_owned(), (r[access].parse().ok(), r[beyond].parse().expect("people"))))
            .collect();
        let communes = areas["communes"].as_array().expect("communes");
        assert_eq!(communes.len(), exported.len());
        for commune in communes {
            let figures = &commune[side];
            let found = (figures["access_min"].as_f64(), number(&figures["beyond"]));
            assert_eq!(found, exported[commune["code"].as_str().expect("a code")], "{commune}");
        }
    }
}

fn check_the_mirror(forth: &Json, back: &Json) {
    assert_eq!(forth["venues"]["opened"], back["venues"]["closed"]);
    assert_eq!(forth["venues"]["closed"], back["venues"]["opened"]);
    assert_eq!(forth["total"]["gaining"], back["total"]["losing"]);
    assert_eq!(number(&forth["total"]["beyond"]), -number(&back["total"]["beyond"]));
}

#[test]
fn an_atlas_beside_itself_has_no_change_in_any_format() {
    let atlas = sample_atlas();
    let json = compared(atlas, atlas, &["--question", "territory=departement:63&minutes=15&mode=bike"]);
    assert_eq!(json["question"]["territory"], "departement:63");
    let venues = &json["venues"];
    for list in ["opened", "closed", "moved", "relabelled"] {
        assert_eq!(venues[list], serde_json::json!([]), "{list}");
    }
    assert!(number(&venues["unchanged"]) > 0 && venues["unchanged"] == venues["before"]);
    assert_eq!((number(&json["total"]["gaining"]), number(&json["total"]["losing"])), (0, 0));

    let folder = folder();
    let file = folder.path().join("compare.csv");
    run(&["compare", utf8(atlas), utf8(atlas), "--format", "csv", "-o", utf8(&file)]).succeeded();
    let mut reader = csv::Reader::from_path(&file).expect("a table");
    let kinds: Vec<String> = reader.records().map(|r| r.expect("a line")[0].to_owned()).collect();
    let of = |kind: &str| kinds.iter().filter(|k| *k == kind).count();
    assert_eq!(
        (of("venue"), of("total"), of("region"), of("departement"), of("commune")),
        (0, 1, 1, 12, 4025)
    );

    let text = run(&["compare", utf8(atlas), utf8(atlas)]).succeeded();
    let text = String::from_utf8(text).expect("UTF-8");
    assert!(text.contains("0 opened, 0 closed, 0 moved, 0 relabelled"), "{text}");
    assert!(text.contains("communes: 0 of 4025 with a change"), "{text}");
}

#[test]
fn what_cannot_be_compared_is_named() {
    let atlas = utf8(sample_atlas());
    let done = run(&["compare", atlas, "no/such/atlas"]);
    assert!(done.failed(1).contains("no/such/atlas"), "{}", done.stderr);
    let done = run(&["compare", atlas, atlas, "--question", "territory=departement:75"]);
    assert!(done.failed(2).contains("departement:75"), "{}", done.stderr);
    let done = run(&["compare", atlas, atlas, "--format", "xlsx"]);
    assert!(done.code == Some(2) && done.stderr.contains("json"), "{}", done.stderr);
    let done = run(&["compare", atlas, atlas, "-o", "no/such/folder/file"]);
    assert!(done.failed(1).contains("no/such/folder/file"), "{}", done.stderr);
}
