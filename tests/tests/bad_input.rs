//! What a user gets wrong on the command line: an exit code, and one sentence that names the thing.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use maillage_tests::{Done, folder, repository, run, sample_atlas};

const HEADER: &str = "id,nom,latitude,longitude,code_insee,date_maj\n";

fn put(path: &Path, bytes: &[u8]) {
    let written = fs::File::create(path).and_then(|mut file| file.write_all(bytes));
    written.expect("a file is written");
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The six lines of a user's own venue file over the sample's other tables.
fn config(folder: &Path, venues: &str) -> PathBuf {
    let base = repository().join("data/sample/sample.toml");
    let lines = [
        format!("base = {:?}", text(&base)),
        "name = \"Mes lieux\"".to_owned(),
        "[[venues]]".to_owned(),
        format!("path = {venues:?}"),
        "vintage = \"2026-11\"".to_owned(),
        "licence = \"Licence Ouverte 2.0\"".to_owned(),
    ];
    let path = folder.join("build.toml");
    put(&path, (lines.join("\n") + "\n").as_bytes());
    path
}

fn build(config: &Path, more: &[&str]) -> Done {
    let out = config.with_file_name("atlas");
    let arguments = ["build", text(config), "--out", text(&out)];
    run(&[&arguments, more].concat())
}

/// Builds with some rows of venues; returns the build and its list of refusals.
fn build_rows(rows: &str, more: &[&str]) -> (Done, String) {
    let folder = folder();
    put(&folder.path().join("mes-lieux.csv"), format!("{HEADER}{rows}").as_bytes());
    let done = build(&config(folder.path(), "mes-lieux.csv"), more);
    let refusals = fs::read_to_string(folder.path().join("atlas/refusals.csv")).unwrap_or_default();
    (done, refusals)
}

/// The finding about a venue's row: outcome and reason.
fn finding(refusals: &str, line: u64) -> &str {
    let start = format!("mes-lieux.csv,{line},");
    let found = refusals.lines().find(|row| row.contains(&start));
    found.unwrap_or_else(|| unreachable!("line {line} is not in {refusals}"))
}

/// A sentence names a file and says what to do, on one line, in words.
fn check_sentence(sentence: &str, named: &str) {
    assert!(sentence.starts_with("maillage: "), "{sentence}");
    assert!(sentence.contains(named), "{named} is not in: {sentence}");
    assert!(sentence.len() < 400, "too long: {sentence}");
    for debug in ["Some(", "Err(", "os error 2)", "ErrorKind"] {
        assert!(!sentence.contains(debug), "{debug} in: {sentence}");
    }
}

#[test]
fn a_users_own_venues_build_in_six_lines() {
    let (done, refusals) = build_rows("a,Médiathèque,45.7772,3.0870,63113,2026-01-05\n", &["--strict"]);
    assert!(done.stderr.contains("1 venues") || done.stderr.contains("1 venue,"), "{}", done.stderr);
    assert_eq!(done.code, Some(0), "{}\n{refusals}", done.stderr);
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder();
    let done = build(&config(folder.path(), "absent.csv"), &[]);
    check_sentence(done.failed(1), "absent.csv: there is no such file");
    let done = run(&["build", "nowhere.toml", "--out", text(&folder.path().join("atlas"))]);
    check_sentence(done.failed(1), "nowhere.toml: there is no such file");
    let done = run(&["export", "communes", "--atlas", text(&folder.path().join("none")), "-o", "-"]);
    check_sentence(done.failed(1), "no atlas there");
    let done = run(&["serve", text(&folder.path().join("none")), "--listen", "127.0.0.1:0"]);
    check_sentence(done.failed(1), "no atlas there");
    assert!(!folder.path().join("atlas").exists(), "nothing is left behind");
}

#[test]
fn a_truncated_archive_is_named() {
    let folder = folder();
    let whole = fs::read(repository().join("data/sample/venues-2021.json.gz")).expect("venues");
    for length in [11, whole.len() / 2, whole.len() - 1] {
        put(&folder.path().join("lieux.json.gz"), &whole[..length]);
        let done = build(&config(folder.path(), "lieux.json.gz"), &[]);
        check_sentence(done.failed(1), "lieux.json.gz");
        assert!(done.stderr.contains("fetch it again"), "{}", done.stderr);
    }
    put(&folder.path().join("lieux.json.gz"), b"");
    check_sentence(build(&config(folder.path(), "lieux.json.gz"), &[]).failed(1), "is empty");
}

#[test]
fn a_file_that_is_no_venue_file_is_named_with_what_it_lacks() {
    let folder = folder();
    for (bytes, named) in [
        (&b"id,nom\na,A\n"[..], "`latitude`"),
        (b"\xff\xfei\0d\0", "UTF-16"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "lieux.csv"),
    ] {
        put(&folder.path().join("lieux.csv"), bytes);
        let done = build(&config(folder.path(), "lieux.csv"), &[]);
        check_sentence(done.failed(1), named);
    }
}

#[test]
fn swapped_and_projected_coordinates_are_repaired_by_line_and_damaged_ones_refused() {
    let rows = "a,Bon,45.7772,3.0870,63113,\n\
                b,Inversé,3.0870,45.7772,63113,\n\
                c,Lambert,6520000,707000,63113,\n\
                d,Vide,,,63113,\n\
                e,Océan,0,0,63113,\n\
                f,Lettres,abc,3.1,63113,\n";
    let (done, refusals) = build_rows(rows, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    for (line, outcome, word) in [
        (3, "repaired,", "swapped"),
        (4, "repaired,", "lambert"),
        (5, "refused,", "no coordinates"),
        (6, "refused,", "no coordinates"),
        (7, "refused,", "not a number"),
    ] {
        let finding = finding(&refusals, line);
        assert!(finding.starts_with(outcome), "{finding}");
        assert!(finding.to_lowercase().contains(word), "{word} is not in: {finding}");
    }
    assert_eq!(refusals.matches("\nrefused,").count(), 3, "{refusals}");
    assert!(done.stderr.contains("refused"), "the report says so: {}", done.stderr);
    let (strict, _) = build_rows(rows, &["--strict"]);
    check_sentence(strict.failed(3), "3 rows were refused");
}

#[test]
fn a_venue_file_without_one_usable_row_is_no_success() {
    // An atlas in which nobody has a venue would take the place of a good one.
    let folder = folder();
    let far = format!("{HEADER}b,Loin,48.8566,2.3522,63113,\n");
    for rows in [HEADER, far.as_str(), "[{\"id\": \"a\"", "[]"] {
        put(&folder.path().join("mes-lieux.csv"), rows.as_bytes());
        let done = build(&config(folder.path(), "mes-lieux.csv"), &[]);
        check_sentence(done.failed(1), "mes-lieux.csv");
    }
}

#[test]
fn an_identifier_twice_is_one_venue_an_older_one_or_two() {
    let rows = "a,Premier,45.7772,3.0870,63113,\na,Premier,45.7773,3.0871,63113,\n\
                b,Autre,45.7772,3.0870,63113,\nb,Autre,45.7900,3.1000,63113,\n\
                c,Un,45.7772,3.0870,63113,\nc,Deux,45.78,3.12,63113,\n";
    let (done, refusals) = build_rows(rows, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_eq!(refusals.matches("one venue").count(), 1, "{refusals}");
    assert_eq!(refusals.matches("the latest row is kept").count(), 1, "{refusals}");
    assert_eq!(refusals.matches("each is known by its name too").count(), 2, "{refusals}");
}

#[test]
fn a_code_of_another_vintage_is_read_as_the_commune_of_today_and_listed() {
    // Ruffieu, part of Haut Valromey since 2016; then what a spreadsheet breaks; then nobody's.
    let rows = "a,Ruffieu,45.995,5.665,01330,\n\
                b,Tableur,46.15,4.92,1001,\n\
                c,Personne,46.15,4.92,01999,\n";
    let (done, refusals) = build_rows(rows, &[]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert!(finding(&refusals, 2).starts_with("repaired,"), "{refusals}");
    assert!(finding(&refusals, 2).contains("another vintage"), "{refusals}");
    assert!(finding(&refusals, 3).contains("not a commune code"), "{refusals}");
    assert!(finding(&refusals, 4).contains("no commune has this code"), "{refusals}");
}

#[test]
fn a_scope_or_a_perimeter_that_holds_nothing_is_named() {
    let folder = folder();
    let base = config(folder.path(), "mes-lieux.csv");
    put(&folder.path().join("mes-lieux.csv"), format!("{HEADER}a,A,45.7,3.1,,\n").as_bytes());
    let six = fs::read_to_string(&base).expect("a configuration");
    for (scope, named) in [
        ("regions = [\"99\"]", "99"),
        ("departements = [\"75\"]", "75"),
        ("departements = [\"1\"]", "\"1\""),
        ("regions = [\"84\"]\ncolour = \"red\"", "colour"),
    ] {
        put(&base, format!("{six}[scope]\n{scope}\n").as_bytes());
        let done = build(&base, &[]);
        assert_eq!(done.code, Some(1), "{scope}: {}", done.stderr);
        assert!(
            done.stderr.contains(named) && done.stderr.contains("build.toml"),
            "{scope}: {}",
            done.stderr
        );
    }
    for perimeter in ["territory=", "territory=departement:99", "territory=commune:1001", "territory=,"] {
        let atlas = text(sample_atlas());
        let done = run(&["export", "communes", "--question", perimeter, "--atlas", atlas, "-o", "-"]);
        assert_eq!(done.code, Some(2), "{perimeter}: {}", done.stderr);
        assert!(done.stdout.is_empty(), "{perimeter}");
        let named = perimeter.trim_start_matches("territory=");
        assert!(done.stderr.contains(named), "{perimeter}: {}", done.stderr);
    }
}

#[test]
fn wrong_arguments_are_named_with_what_is_allowed() {
    let atlas = text(sample_atlas());
    let with = |arguments: &[&str]| run(&[&["export", "--atlas", atlas, "-o", "-"], arguments].concat());
    for (arguments, named, allowed) in [
        (&["communes", "--question", "colour=red"][..], "colour", "minutes"),
        (&["communes", "--question", "minutes=0"], "minutes", "120"),
        (&["communes", "--question", "fee=gratuit"], "gratuit", "free"),
        (&["hamlets"], "hamlets", "communes"),
        (&["communes", "--format", "shp"], "shp", "fgb"),
        (&["communes", "venues", "--format", "fgb"], "communes, venues", "one"),
        (&["--format", "fgb"], "LAYER", ""),
    ] {
        let done = with(arguments);
        assert_eq!(done.code, Some(2), "{arguments:?}: {}", done.stderr);
        assert!(done.stdout.is_empty(), "{arguments:?}");
        let said = &done.stderr;
        assert!(said.contains(named) && said.contains(allowed), "{arguments:?}: {said}");
    }
    let done = run(&["serve", atlas, "--listen", "8080"]);
    assert!(done.code == Some(2) && done.stderr.contains("8080"), "{}", done.stderr);
    assert_eq!(run(&["fly"]).code, Some(2));
    assert_eq!(run(&[]).code, Some(2));
}

/// A copy of the sample's atlas that a test may damage.
fn copy_of_the_atlas(to: &Path) -> PathBuf {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(sample_atlas()).expect("the atlas") {
        let file = entry.expect("a file");
        fs::copy(file.path(), to.join(file.file_name())).expect("copied");
    }
    to.join("atlas.json")
}

fn open(atlas: &Path) -> Done {
    run(&["export", "regions", "--format", "csv", "--atlas", text(atlas), "-o", "-"])
}

#[test]
fn an_atlas_of_another_version_is_said_to_be_so() {
    let folder = folder();
    let atlas = folder.path().join("atlas");
    let index = copy_of_the_atlas(&atlas);
    let good = fs::read_to_string(&index).expect("an index");
    let line = good.lines().find(|line| line.contains("\"format\"")).expect("its format");
    put(&index, good.replace(line, "  \"format\": 999,").as_bytes());
    let done = open(&atlas);
    check_sentence(done.failed(1), "format 999");
    assert!(done.stderr.contains("build it again"), "{}", done.stderr);
}

#[test]
fn one_byte_flipped_anywhere_is_found() {
    let folder = folder();
    let atlas = folder.path().join("atlas");
    let index = copy_of_the_atlas(&atlas);
    open(&atlas).succeeded();
    let files = fs::read_dir(&atlas).expect("the atlas").map(|entry| entry.expect("a file").path());
    let tables = files.into_iter().find(|path| path.extension().is_some_and(|e| e == "bin"));
    let tables = tables.expect("a file of tables");
    let good = fs::read(&tables).expect("bytes");
    for place in [0, 7, 8, good.len() / 3, good.len() / 2, good.len() - 1] {
        let mut bad = good.clone();
        bad[place] ^= 1;
        put(&tables, &bad);
        let done = open(&atlas);
        check_sentence(done.failed(1), "damaged");
        assert!(done.stderr.contains("build it again") && done.stdout.is_empty(), "{}", done.stderr);
    }
    put(&tables, &good[..good.len() - 1]);
    check_sentence(open(&atlas).failed(1), "damaged");
    put(&tables, &good);
    // Of the index, each byte that is not blank matters.
    let good = fs::read(&index).expect("bytes");
    for place in (0..good.len()).filter(|i| !good[*i].is_ascii_whitespace()).step_by(17) {
        let mut bad = good.clone();
        bad[place] ^= 1;
        put(&index, &bad);
        assert_eq!(open(&atlas).code, Some(1), "byte {place}: {}", String::from_utf8_lossy(&bad));
    }
    put(&index, &good);
    open(&atlas).succeeded();
}

#[test]
fn a_build_that_fails_leaves_the_atlas_that_was_there() {
    let folder = folder();
    let atlas = folder.path().join("atlas");
    copy_of_the_atlas(&atlas);
    let before = open(&atlas).succeeded();
    put(&folder.path().join("lieux.json.gz"), b"\x1f\x8b\x08\0\0\0");
    build(&config(folder.path(), "lieux.json.gz"), &[]).failed(1);
    assert!(open(&atlas).succeeded() == before, "the atlas changed");
    // The place of the new one cannot be written.
    let file = folder.path().join("file");
    put(&file, b"not a folder");
    let done = run(&["build", "data/sample/sample.toml", "--out", text(&file)]);
    check_sentence(done.failed(1), text(&file));
    assert_eq!(fs::read(&file).expect("bytes"), b"not a folder");
}

#[test]
fn a_configuration_is_judged_by_name_and_line() {
    let folder = folder();
    put(&folder.path().join("lieux.csv"), format!("{HEADER}a,A,45.7,3.1,,\n").as_bytes());
    let good = config(folder.path(), "lieux.csv");
    let six = fs::read_to_string(&good).expect("a configuration");
    for (from, to, named) in [
        ("vintage", "vintag", "vintag"),
        ("vintage = \"2026-11\"\n", "", "vintage"),
        ("licence = \"Licence Ouverte 2.0\"\n", "", "licence"),
        ("2026-11", "novembre", "novembre"),
        ("[[venues]]", "[venues]", "venues"),
        ("[[venues]]", "[[venues]", "build.toml"),
        ("sample.toml", "other.toml", "other.toml"),
        ("path = \"lieux.csv\"", "url = \"https://example.fr/l.csv\"", "url"),
        ("path = \"lieux.csv\"", "path = \"lieux.csv\"\nsha256 = \"00\"", "sha256"),
    ] {
        put(&good, six.replace(from, to).as_bytes());
        let done = build(&good, &[]);
        assert_eq!(done.code, Some(1), "{from} → {to}: {}", done.stderr);
        assert!(done.stderr.contains(named), "{from} → {to}: {}", done.stderr);
    }
    put(
        &good,
        six.replace(&format!("{:?}", text(&repository().join("data/sample/sample.toml"))), "\"build.toml\"")
            .as_bytes(),
    );
    assert!(build(&good, &[]).failed(1).contains("circle"));
}
