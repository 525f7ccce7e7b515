//! `maillage check`: the data doctor, on the files of real producers.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use geo::{Contains, Geometry, Point};
use maillage_tests::{folder, judgement, run, shape, shared_data};
use serde_json::Value as Json;

/// Checks files and reads what was printed as JSON.
fn examined(arguments: &[&str]) -> Json {
    let printed = run(&[&["check"], arguments, &["--format", "json"]].concat()).succeeded();
    serde_json::from_slice(&printed).expect("JSON")
}

/// The rows of a kind of finding.
fn of_kind<'a>(found: &'a Json, kind: &str) -> &'a [Json] {
    let findings = found["findings"].as_array().expect("findings");
    let listed = findings.iter().find(|finding| finding["kind"] == kind);
    listed.map_or(&[], |finding| finding["rows"].as_array().expect("rows"))
}

/// The communes of a département, from the shared shapes.
fn departement(shapes: &Path, code: &str) -> Vec<Geometry> {
    let lines = BufReader::new(MultiGzDecoder::new(File::open(shapes).expect("shapes"))).lines();
    let features = lines.map(|line| serde_json::from_str::<Json>(&line.expect("UTF-8")).expect("JSON"));
    features
        .filter(|feature| feature["properties"]["dep"] == code)
        .filter_map(|feature| shape(&feature))
        .collect()
}

/// What frictionless, which shares nothing with us, says of a table and a schema.
fn validated(table: &Path, schema: &Path) -> Option<Json> {
    let said = judgement("valid.py", &[table, schema].map(|path| path.to_str().expect("UTF-8")))?;
    Some(serde_json::from_str(&said).expect("JSON"))
}

fn written(path: &Path, text: &str) -> String {
    File::create(path).and_then(|mut file| file.write_all(text.as_bytes())).expect("written");
    path.display().to_string()
}

#[test]
fn the_347_swapped_rows_of_gironde_are_found_and_put_back_inside_gironde() {
    let (Some(raw), Some(shapes)) =
        (shared_data("venues/raw/gironde.json"), shared_data("territory/communes-2025.geojsonl.gz"))
    else {
        return;
    };
    let raw = raw.display().to_string();
    let found = examined(&[&raw, "--mapping", "data/mappings/gironde.toml"]);
    assert_eq!(found["rows"], 347);
    assert_eq!(found["refused"], 0);
    assert_eq!(found["repaired"], 347);
    let swapped = of_kind(&found, "coordinates-swapped");
    assert_eq!(swapped.len(), 347);
    let communes = departement(&shapes, "33");
    for row in swapped {
        let repair = row["repair"].as_str().expect("a repair");
        let (lat, lon) = repair.split_once(", ").expect("two numbers");
        let number = |text: &str| text.parse::<f64>().expect("a number");
        let at = Point::from((number(lon), number(lat)));
        assert!(communes.iter().any(|commune| commune.contains(&at)), "{row}");
    }
}

#[test]
fn a_repaired_file_is_valid_by_the_national_schema_and_no_row_is_lost() {
    let (Some(schema), Some(national), Some(raw)) = (
        shared_data("schema/schema-1.0.1.json"),
        shared_data("venues/lieux-v1-national.csv.gz"),
        shared_data("venues/raw/gironde.json"),
    ) else {
        return;
    };
    let schema = schema.canonicalize().expect("a schema");
    for (file, mapping) in [(national, None), (raw, Some("data/mappings/gironde.toml"))] {
        let folder = folder();
        let out = folder.path().join("checked");
        let (file, out_text) = (file.display().to_string(), out.display().to_string());
        let mut arguments = vec![file.as_str(), "--out", &out_text];
        arguments.extend(mapping.iter().flat_map(|mapping| ["--mapping", mapping]));
        let found = examined(&arguments);
        let count = |key: &str| found[key].as_u64().expect("a number");
        assert_eq!(
            count("valid") + count("aside") + count("merged"),
            count("rows"),
            "{file}: no row is lost"
        );
        assert!(count("valid") * 10 > count("venues") * 9, "{file}: {} valid rows", count("valid"));
        let Some(verdict) = validated(&out.join("repaired.csv"), &schema) else { return };
        assert_eq!(verdict["valid"], true, "{file}: {verdict}");
        assert_eq!(verdict["rows"], found["valid"], "{file}");
        let mut side = csv::Reader::from_path(out.join("refused.csv")).expect("the side file");
        assert_eq!(side.records().flatten().count() as u64, count("aside"));
        let mut findings = csv::Reader::from_path(out.join("findings.csv")).expect("the findings");
        let listed = findings.records().flatten().count() as u64;
        let of_kinds = found["findings"].as_array().expect("findings").iter();
        assert_eq!(listed, of_kinds.map(|kind| kind["count"].as_u64().expect("a number")).sum::<u64>());
        let page = fs::read_to_string(out.join("report.html")).expect("the report");
        assert!(page.starts_with("<!doctype html>") && page.contains("Contrôle des données"));
    }
}

#[test]
fn a_gap_is_told_with_and_without_stale_and_doubtful_venues() {
    let found = examined(&[
        "data/sample/venues-2021.json.gz",
        "--against",
        "data/sample/sample.toml",
        "--question",
        "territory=departement:63&minutes=20",
        "--today",
        "2022-11-30",
    ]);
    let variants = found["sensitivity"]["variants"].as_array().expect("variants");
    let beyond: Vec<u64> = variants.iter().map(|v| v["beyond"].as_u64().expect("people")).collect();
    assert_eq!(beyond[0], 41_856, "all venues: the figure of the sample's map");
    assert!(beyond.iter().all(|left| *left >= beyond[0]), "fewer venues never cover more: {beyond:?}");
    let stale = found["stale"].as_u64().expect("a number");
    assert!(stale > 0 && stale < 687, "{stale}");
    assert!(beyond.iter().any(|left| *left > beyond[0]), "{stale} stale venues matter: {beyond:?}");
}

#[test]
fn what_a_spreadsheet_would_run_is_written_as_text() {
    let folder = folder();
    let rows = "id,nom,commune,code_postal,adresse,latitude,longitude,date_maj,services\n\
        a,\"=HYPERLINK(\"\"http://x\"\")\",Lyon,69001,@SUM(1),45.767,4.834,2026-01-02,=cmd|' /C calc'!A0\n\
        b,+33 x,Lyon,69001,-2+3,45.768,4.835,,\n";
    let file = written(&folder.path().join("venues.csv"), rows);
    let out = folder.path().join("checked").display().to_string();
    run(&["check", &file, "--format", "csv", "--out", &out]).succeeded();
    for name in ["repaired.csv", "refused.csv", "findings.csv"] {
        let mut table = csv::Reader::from_path(Path::new(&out).join(name)).expect(name);
        for row in table.records().map(|row| row.expect("a row")) {
            for cell in &row {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '@', '+', '-']), "{name}: {cell}");
            }
        }
    }
}

/// A file, its bytes, the exit code (none: a clear sentence will do as well as findings), and the kind that
/// must be found, none where the file is sound.
type Damaged<'a> = (&'a str, &'a [u8], Option<i32>, Option<&'a str>);

#[test]
fn damaged_files_are_answered_with_findings_or_one_clear_sentence() {
    let folder = folder();
    let header = "id,nom,latitude,longitude\n";
    let huge = format!("{header}a,\"{}\n", "x".repeat(10 << 20));
    let bomb = format!("[{}", "[".repeat(200_000));
    let files: [Damaged<'_>; 9] = [
        ("cut.json", b"[{\"id\":1,\"nom\":\"A\"", None, Some("damaged-row")),
        (
            "latin1.csv",
            b"id,nom,latitude,longitude\na,Caf\xe9,46,5\nb,B,46,5\n",
            Some(0),
            Some("damaged-row"),
        ),
        ("bom.csv", b"\xef\xbb\xbfid,nom,latitude,longitude\na,A,46,5\n", Some(0), None),
        ("mixed.csv", b"id;nom;latitude;longitude\na;A;46;5\nb,B,46,5\n", Some(0), Some("damaged-row")),
        ("huge.csv", huge.as_bytes(), None, Some("damaged-row")),
        ("bomb.json", bomb.as_bytes(), None, Some("damaged-row")),
        (
            "numbers.csv",
            b"id,nom,latitude,longitude\na,A,NaN,5\nb,B,inf,5\nc,C,1e308,5\nd,D,46,5\n",
            Some(0),
            Some("coordinates-damaged"),
        ),
        ("control.csv", b"id,nom,latitude,longitude\na,\x01\x07A\x1b[31m,46,5\n", Some(0), None),
        ("empty.csv", b"", Some(1), None),
    ];
    for (name, bytes, code, kind) in files {
        let path = folder.path().join(name);
        File::create(&path).and_then(|mut file| file.write_all(bytes)).expect("written");
        let done = run(&["check", path.to_str().expect("UTF-8"), "--format", "json"]);
        assert!(!done.stderr.contains("panicked"), "{name}: {}", done.stderr);
        assert!(code.is_none_or(|code| done.code == Some(code)), "{name}: {:?} {}", done.code, done.stderr);
        if done.code == Some(1) {
            assert!(done.stderr.contains(name), "{name}: {}", done.stderr);
            continue;
        }
        assert_eq!(done.code, Some(0), "{name}: {}", done.stderr);
        let found: Json = serde_json::from_slice(&done.stdout).expect("JSON");
        match kind {
            Some(kind) => assert!(!of_kind(&found, kind).is_empty(), "{name} has no {kind}: {found}"),
            None => {
                assert_eq!((&found["venues"], &found["refused"]), (&1.into(), &0.into()), "{name}: {found}");
            }
        }
    }
}
