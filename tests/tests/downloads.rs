//! `/api/export` and `maillage export` of several layers: every form, opened by GDAL, and what can go wrong.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use maillage_tests::{
    Answer, Request, Server, absent, folder, gdal, maillage, repository, run, sample_atlas,
};

const ASKED: &str = "layers=zones,communes&territory=departement:42&minutes=20";

/// Each form, the name its file comes under, and what HTTP calls it.
const FORMS: [(&str, &str, &str); 7] = [
    ("gpkg", ".gpkg", "application/geopackage+sqlite3"),
    ("qgz", "-qgz.zip", "application/zip"),
    ("fgb", "-fgb.zip", "application/zip"),
    ("geojson", "-geojson.zip", "application/zip"),
    ("csv", "-csv.zip", "application/zip"),
    ("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pmtiles", ".pmtiles", "application/vnd.pmtiles"),
];

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn save(bytes: &[u8], to: &Path) {
    fs::File::create(to).and_then(|mut file| file.write_all(bytes)).expect("saved");
}

fn export(server: &Server, asked: &str) -> Answer {
    let answer = server.get(&format!("/api/export?{asked}"));
    assert_eq!(answer.status, 200, "{asked}: {:.300}", String::from_utf8_lossy(&answer.body));
    answer
}

fn asked_with(server: &Server, asked: &str, headers: &[(&str, &str)]) -> Answer {
    let target = format!("/api/export?{asked}");
    Request { method: "GET", target: target.as_bytes(), headers, body: &[] }.send(server.address)
}

/// A table of a source, as GDAL writes it to CSV.
fn table(source: &str, layer: &str) -> Vec<csv::StringRecord> {
    let text = gdal::run("ogr2ogr", &["-f", "CSV", "/vsistdout/", source, layer]);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row")).collect()
}

#[test]
fn every_form_comes_under_a_name_that_says_what_it_holds_and_opens_in_gdal() {
    if !gdal::is_here() {
        return;
    }
    let server = Server::of_the_sample();
    let folder = folder();
    let matched = |layer: &str| {
        let question = "territory=departement:42&minutes=20&limit=1";
        let page = server.json(&format!("/api/collections/{layer}/items?{question}"));
        page["numberMatched"].as_u64().expect("a count") as usize
    };
    let (communes, zones) = (matched("communes"), matched("zones"));
    for (form, ending, media) in FORMS {
        let answer = export(&server, &format!("{ASKED}&format={form}"));
        assert_eq!(answer.header("content-type"), Some(media), "{form}");
        assert_eq!(answer.header("accept-ranges"), Some("bytes"), "{form}");
        let name = format!("maillage-communes-zones-departement-42-20-min{ending}");
        let disposition = format!("attachment; filename=\"{name}\"");
        assert_eq!(answer.header("content-disposition"), Some(disposition.as_str()));
        // The same again is the same, and a client that has it is told so.
        let tag = answer.header("etag").expect("a tag").to_owned();
        let held = asked_with(&server, &format!("{ASKED}&format={form}"), &[("If-None-Match", &tag)]);
        assert_eq!(held.status, 304, "{form}");
        let file = folder.path().join(&name);
        save(&answer.body, &file);
        let path = text(&file);
        let (sources, layers) = match form {
            "gpkg" => ([path.to_owned(), path.to_owned()], ["communes", "zones"]),
            "qgz" => {
                let inside = format!("/vsizip/{path}/data.gpkg");
                ([inside.clone(), inside], ["communes", "zones"])
            }
            "xlsx" => ([path.to_owned(), path.to_owned()], ["Communes", "Zones sous-desservies"]),
            // Read by `archive.rs`, and by pages; GDAL of the system knows no such file.
            "pmtiles" => {
                assert!(answer.body.starts_with(b"PMTiles\x03"));
                continue;
            }
            _ => {
                let inside = |layer: &str| format!("/vsizip/{path}/{layer}.{form}");
                ([inside("communes"), inside("zones")], ["communes", "zones"])
            }
        };
        for ((source, layer), count) in sources.iter().zip(layers).zip([communes, zones]) {
            assert_eq!(table(source, layer).len(), count, "{form} {layer}");
        }
    }
}

#[test]
fn a_zip_of_flatgeobuf_holds_a_style_beside_each_layer_and_says_what_it_is() {
    let server = Server::of_the_sample();
    let folder = folder();
    let file = folder.path().join("fgb.zip");
    save(&export(&server, &format!("{ASKED}&format=fgb&style=fragility")).body, &file);
    let list =
        Command::new("python3").args(["-m", "zipfile", "-e", text(&file), text(folder.path())]).status();
    assert!(list.expect("python3 starts").success());
    for name in ["communes.fgb", "communes.qml", "zones.fgb", "zones.qml", "LISEZMOI.txt"] {
        assert!(folder.path().join(name).is_file(), "{name}");
    }
    let style = fs::read_to_string(folder.path().join("communes.qml")).expect("a style");
    assert!(style.contains("&quot;fragility&quot; &gt;= 8"), "the style asked for: {style:.400}");
    let told = fs::read_to_string(folder.path().join("LISEZMOI.txt")).expect("a text");
    for said in ["Loire", "20\u{a0}minutes", "Licence Ouverte 2.0", "territory=departement:42", "access_min"]
    {
        assert!(told.contains(said), "{said} is not in {told}");
    }
}

#[test]
fn a_french_excel_gets_semicolons_commas_and_a_mark() {
    let server = Server::of_the_sample();
    let asked = "layers=communes&territory=departement:42&format=csv";
    let program = export(&server, asked);
    let excel = export(&server, &format!("{asked}&separator=semicolon"));
    assert_eq!(program.header("content-type"), Some("text/csv; charset=utf-8"), "one layer is no zip");
    let (program, excel) = (String::from_utf8(program.body), String::from_utf8(excel.body));
    let (program, excel) = (program.expect("UTF-8"), excel.expect("UTF-8"));
    let excel = excel.strip_prefix('\u{feff}').expect("a byte order mark");
    let read = |text: &str, delimiter| {
        let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
        let header = reader.headers().expect("a header").clone();
        (header, reader.records().map(|row| row.expect("a row")).collect::<Vec<_>>())
    };
    let ((names, ours), (header, theirs)) = (read(&program, b','), read(excel, b';'));
    assert_eq!((names.len(), ours.len()), (header.len(), theirs.len()));
    let rank = names.iter().position(|name| name == "access_min").expect("a column");
    for (one, other) in ours.iter().zip(&theirs) {
        assert_eq!(one[rank].replace('.', ","), other[rank]);
        assert_eq!(one[0], other[0]);
    }
    assert!(theirs.iter().any(|row| row[rank].contains(',')));
}

#[test]
fn parts_of_a_file_put_together_are_the_file() {
    let server = Server::of_the_sample();
    for asked in [format!("{ASKED}&format=gpkg"), format!("{ASKED}&format=fgb")] {
        let whole = export(&server, &asked);
        let tag = whole.header("etag").expect("a tag").to_owned();
        let length = whole.body.len();
        let step = length / 3 + 1;
        let mut parts = Vec::new();
        for start in (0..length).step_by(step) {
            let range = format!("bytes={start}-{}", start + step - 1);
            let part = asked_with(&server, &asked, &[("Range", &range), ("If-Range", &tag)]);
            assert_eq!(part.status, 206, "{range}");
            let last = (start + step).min(length) - 1;
            let expected = format!("bytes {start}-{last}/{length}");
            assert_eq!(part.header("content-range"), Some(expected.as_str()));
            parts.extend(part.body);
        }
        assert!(parts == whole.body, "{asked}");
        let other = asked_with(&server, &asked, &[("Range", "bytes=0-9"), ("If-Range", "\"another\"")]);
        assert_eq!((other.status, other.body.len()), (200, length), "of another version all is sent");
        let beyond = asked_with(&server, &asked, &[("Range", &format!("bytes={length}-"))]);
        let expected = format!("bytes */{length}");
        assert_eq!(beyond.header("content-range"), Some(expected.as_str()));
        beyond.problem(416);
    }
    // GDAL opens a FlatGeobuf from afar by its ranges.
    if gdal::is_here() {
        let items = "items?f=fgb&limit=10000&territory=departement:42";
        let source = format!("/vsicurl/http://{}/api/collections/communes/{items}", server.address);
        let text = gdal::run("ogrinfo", &["-ro", "-so", "-al", &source]);
        assert!(text.contains("Feature Count: 320"), "{text}");
    }
}

#[test]
fn what_cannot_be_asked_is_named() {
    let server = Server::of_the_sample();
    for (asked, parameter) in [
        ("layers=communes", "format"),
        ("format=gpkg", "layers"),
        ("layers=communes,towns&format=gpkg", "layers"),
        ("layers=communes&format=shp", "format"),
        ("layers=communes&format=csv&separator=tab", "separator"),
        ("layers=communes&format=qgz&source=cloud", "source"),
        ("layers=communes&format=gpkg&style=colour", "style"),
        ("layers=communes&format=gpkg&territory=commune:99999", "territory"),
    ] {
        let problem = server.get(&format!("/api/export?{asked}")).problem(400);
        assert_eq!(problem["parameter"], parameter, "{problem}");
    }
    let problem = server.get("/api/export?layers=priority-areas&format=gpkg").problem(404);
    assert!(problem["detail"].as_str().is_some_and(|said| said.contains("[[priority_areas]]")), "{problem}");
}

#[test]
fn a_layer_with_no_feature_makes_a_file_that_opens_in_every_form() {
    if !gdal::is_here() {
        return;
    }
    let server = Server::of_the_sample();
    let folder = folder();
    for (form, source, layer) in [
        ("gpkg", "empty.gpkg", "zones"),
        ("qgz", "empty.qgz.zip/data.gpkg", "zones"),
        ("fgb", "empty.fgb.zip/zones.fgb", "zones"),
        ("geojson", "empty.geojson", "zones"),
        ("csv", "empty.csv", "empty"),
        ("xlsx", "empty.xlsx", "Zones sous-desservies"),
    ] {
        let answer = export(&server, &format!("layers=zones&minutes=120&format={form}"));
        let (file, inside) =
            source.split_once(".zip/").map_or((source, None), |(file, _)| (file, Some(source)));
        let file = if inside.is_some() { format!("{file}.zip") } else { file.to_owned() };
        save(&answer.body, &folder.path().join(file));
        let path = folder.path().join(source);
        let path = if inside.is_some() { format!("/vsizip/{}", text(&path)) } else { text(&path).to_owned() };
        let rows = table(&path, layer);
        if form == "xlsx" {
            // A sheet of one line is a line of values to GDAL: it is the header.
            assert_eq!((rows.len(), &rows[0][1]), (1, "Nom"));
        } else {
            assert_eq!(rows.len(), 0, "{form}");
        }
    }
}

#[test]
fn the_checker_of_gdal_finds_a_geopackage_valid() {
    let server = Server::of_the_sample();
    let folder = folder();
    let file = folder.path().join("all.gpkg");
    let layers = "regions,departements,epcis,communes,cells,zones,venues,labels";
    let asked = format!("layers={layers}&territory=departement:15&minutes=15&format=gpkg");
    save(&export(&server, &asked).body, &file);
    // Every rule of the standard that it knows, extensions too; of the Python of the system, where GDAL's is.
    let here =
        Command::new("/usr/bin/python3").args(["-c", "import osgeo_utils.samples.validate_gpkg"]).output();
    if !here.is_ok_and(|done| done.status.success()) {
        absent("GDAL's Python is missing: apt-get install --no-install-recommends python3-gdal");
        return;
    }
    let checker = ["-m", "osgeo_utils.samples.validate_gpkg", "--extra", text(&file)];
    let done = Command::new("/usr/bin/python3").args(checker).output().expect("python3 starts");
    let said = String::from_utf8_lossy(&[done.stdout, done.stderr].concat()).into_owned();
    assert!(done.status.success() && said.trim().is_empty(), "{said}");
}

/// An atlas of the sample's territories with three venues of its own, whose names try to be more than names.
fn hostile_atlas(folder: &Path) -> PathBuf {
    let rows = "id,nom,latitude,longitude,code_insee,date_maj\n\
                a,\"=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",45.7772,3.0870,63113,2026-01-05\n\
                b,\"L'Été d'«\u{a0}Ô\u{a0}» & <b>\"\"fils\"\"</b>\",45.8,3.1,63113,2026-01-05\n\
                c,\"@SUM(1;2); -1\",45.75,3.05,63113,2026-01-05\n";
    save(rows.as_bytes(), &folder.join("venues.csv"));
    let base = repository().join("data/sample/sample.toml");
    let config = format!(
        "base = {:?}\nname = \"=Mes 'lieux' & \\\"<autres>\\\"\"\n[[venues]]\npath = \"venues.csv\"\n\
         vintage = \"2026-11\"\nlicence = \"Licence <Ouverte> & 2.0\"\n",
        text(&base)
    );
    save(config.as_bytes(), &folder.join("build.toml"));
    let atlas = folder.join("atlas");
    run(&["build", text(&folder.join("build.toml")), "--out", text(&atlas)]).succeeded();
    atlas
}

#[test]
fn names_that_try_to_be_more_than_names_are_names_in_every_form() {
    if !gdal::is_here() {
        return;
    }
    let folder = folder();
    let atlas = hostile_atlas(folder.path());
    let names =
        ["=HYPERLINK(\"http://x\",\"y\")", "@SUM(1;2); -1", "L'Été d'«\u{a0}Ô\u{a0}» & <b>\"fils\"</b>"];
    let question = "territory=departement:63&minutes=20";
    for (form, file) in
        [("gpkg", "v.gpkg"), ("xlsx", "v.xlsx"), ("geojson", "v.geojson"), ("csv", "v.csv"), ("fgb", "v.fgb")]
    {
        let file = folder.path().join(file);
        run(&[
            "export",
            "venues",
            "--atlas",
            text(&atlas),
            "--question",
            question,
            "--format",
            form,
            "-o",
            text(&file),
        ])
        .succeeded();
        let (layer, rank) = match form {
            "xlsx" => ("Lieux de médiation numérique", 2),
            "csv" => ("v", 2),
            "gpkg" => ("venues", 1),
            _ => ("venues", 2),
        };
        let rows = table(text(&file), layer);
        let mut found: Vec<&str> = rows.iter().map(|row| &row[rank]).collect();
        found.sort_unstable();
        let formula = |name: &&str| name.starts_with(['=', '@']);
        // In a CSV, which knows no types, an apostrophe says that it is text.
        let mut expected: Vec<String> = names
            .iter()
            .map(|name| if form == "csv" && formula(name) { format!("'{name}") } else { (*name).to_owned() })
            .collect();
        expected.sort_unstable();
        assert_eq!(found, expected, "{form}");
    }
    // A project is XML, whatever a territory, a source or a licence is called.
    let file = folder.path().join("carte.qgz");
    let layers =
        ["export", "venues", "communes", "--atlas", text(&atlas), "--format", "qgz", "-o", text(&file)];
    run(&layers).succeeded();
    let well_formed = "import sys, zipfile, xml.dom.minidom as x\n\
                       x.parseString(zipfile.ZipFile(sys.argv[1]).read('project.qgs'))";
    let parsed =
        Command::new("python3").args(["-c", well_formed, text(&file)]).output().expect("python3 starts");
    assert!(parsed.status.success(), "{}", String::from_utf8_lossy(&parsed.stderr));
    assert!(folder.path().join("carte.gpkg").is_file(), "its data stand beside it");
}

/// An export in which no file may be larger than so many blocks of 512 bytes, as on a disk that is full; `trap` says
/// what the signal of it does: nothing, so that the program sees the error, or end it there and then.
fn cramped(trap: &str, blocks: u32, to: &Path, format: &str) -> std::process::Output {
    let shell = format!("{trap} ulimit -f {blocks}; exec \"$@\"");
    let mut command = Command::new("bash");
    command.args(["-c", &shell, "bash"]).arg(maillage().get_program());
    command.args(["export", "communes", "--atlas", text(sample_atlas()), "--format", format, "-o", text(to)]);
    command.current_dir(repository()).output().expect("bash starts")
}

#[test]
fn a_full_disk_and_an_interruption_leave_what_was_there() {
    let folder = folder();
    for format in ["gpkg", "fgb", "geojson", "csv", "xlsx"] {
        let file = folder.path().join(format!("communes.{format}"));
        save(b"what was there", &file);
        let full = cramped("trap '' XFSZ;", 64, &file, format);
        let said = String::from_utf8_lossy(&full.stderr).into_owned();
        assert_eq!(full.status.code(), Some(1), "{format}: {said}");
        assert!(said.contains("communes.") && !said.contains("panicked"), "{format}: {said}");
        let killed = cramped("", 64, &file, format);
        assert!(!killed.status.success(), "{format}");
        assert_eq!(fs::read(&file).expect("a file"), b"what was there", "{format}");
    }
    // Nothing to see in the folder but what a kill may leave, hidden.
    let seen =
        fs::read_dir(folder.path()).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    assert_eq!(seen.filter(|name| !name.to_string_lossy().starts_with('.')).count(), 5);
}

#[test]
fn a_folder_that_takes_no_file_is_named() {
    let atlas = text(sample_atlas());
    for to in ["/proc/maillage.gpkg", "/nowhere/maillage.gpkg"] {
        let done = run(&["export", "regions", "--atlas", atlas, "--format", "gpkg", "-o", to]);
        assert!(done.failed(1).contains(to), "{}", done.stderr);
    }
    let done = run(&["export", "regions", "--atlas", atlas, "--format", "csv", "-o", "/dev/full"]);
    assert!(done.failed(1).contains("/dev/full"), "{}", done.stderr);
}
