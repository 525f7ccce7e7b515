//! What a user gives for roads and is none: an exit code, one sentence, and the earlier atlas as it was.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use maillage_tests::{Extract, folder, repository, run, shared_data, toulouse_atlas};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn put(path: &Path, bytes: &[u8]) {
    File::create(path).and_then(|mut file| file.write_all(bytes)).expect("a file is written");
}

fn content(folder: &Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file"));
    let mut files: Vec<_> =
        entries.map(|entry| (entry.file_name(), fs::read(entry.path()).expect("bytes"))).collect();
    files.sort();
    files
}

/// Toulouse on other roads, over an atlas that is already there.
struct Build {
    folder: tempfile::TempDir,
    before: Vec<(std::ffi::OsString, Vec<u8>)>,
}

impl Build {
    fn new(earlier: &Path) -> Self {
        let (folder, before) = (folder(), content(earlier));
        let atlas = folder.path().join("atlas");
        fs::create_dir(&atlas).expect("a folder");
        for (name, bytes) in &before {
            put(&atlas.join(name), bytes);
        }
        Self { folder, before }
    }

    /// Builds on the roads of a path, with more lines of their table, which must fail; the sentence.
    fn refused(&self, path: &str, more: &str) -> String {
        let config = self.folder.path().join("build.toml");
        let base = repository().join("tests/atlases/toulouse.toml");
        let roads = format!("path = {path:?}\nvintage = \"2026\"\nlicence = \"ODbL 1.0\"\n{more}");
        put(&config, format!("base = {:?}\n[[roads]]\n{roads}\n", text(&base)).as_bytes());
        let atlas = self.folder.path().join("atlas");
        let done = run(&["build", text(&config), "--out", text(&atlas)]);
        let said = done.failed(1).to_owned();
        assert!(said.starts_with("maillage: ") && said.len() < 500, "{said}");
        for debug in ["Some(", "Err(", "os error", "ErrorKind", "Flaw"] {
            assert!(!said.contains(debug), "{debug} in: {said}");
        }
        assert!(content(&atlas) == self.before, "the earlier atlas changed: {said}");
        said
    }

    /// The same on roads with some content.
    fn refused_content(&self, bytes: &[u8]) -> String {
        put(&self.folder.path().join("roads.osm.pbf"), bytes);
        let said = self.refused("roads.osm.pbf", "");
        assert!(said.contains("roads.osm.pbf: "), "{said}");
        said
    }
}

#[test]
fn a_truncated_or_damaged_extract_is_named_with_the_block_at_fault() {
    let (Some(atlas), Some(extract)) = (toulouse_atlas(), shared_data("roads/toulouse.osm.pbf")) else {
        return;
    };
    let build = Build::new(atlas);
    let whole = fs::read(extract).expect("bytes");
    for len in [3, 40, whole.len() / 2, whole.len() - 1] {
        let said = build.refused_content(&whole[..len]);
        assert!(
            said.contains("truncated") || len < 64 && said.contains("no OpenStreetMap PBF"),
            "{len}: {said}"
        );
    }
    let mut damaged = whole.clone();
    for byte in &mut damaged[whole.len() / 2..whole.len() / 2 + 64] {
        *byte ^= 0xff;
    }
    let said = build.refused_content(&damaged);
    assert!(said.contains("its block at byte ") && said.contains("fetch it again"), "{said}");
}

#[test]
fn what_is_no_extract_is_said_to_be_none_with_what_to_give() {
    let Some(atlas) = toulouse_atlas() else { return };
    let build = Build::new(atlas);
    let mut village = Extract::default();
    let corners = [[0.0, 0.0], [9.0, 0.0], [9.0, 9.0]].map(|at| village.node(at, ""));
    village.way(&corners, "building=yes");
    for (content, named) in [
        (&b""[..], "is empty"),
        (b"These are the roads of Toulouse, in words: turn left after the bridge.\n", "give an .osm.pbf"),
        (b"<?xml version='1.0'?><osm version='0.6'></osm>", "is XML"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "is a gzip archive"),
        (b"PK\x03\x04", "is a zip archive"),
        (&village.bytes(), "holds no road"),
    ] {
        let said = build.refused_content(content);
        assert!(said.contains(named), "{named} is not in: {said}");
    }
}

#[test]
fn roads_of_another_country_are_said_to_be_elsewhere() {
    let (Some(atlas), Some(malta)) = (toulouse_atlas(), shared_data("roads/malta-latest_2016.osm.pbf"))
    else {
        return;
    };
    let build = Build::new(atlas);
    let said = build.refused(text(&malta), "");
    for named in ["malta", "away from every commune", "give the extract of its territory"] {
        assert!(said.contains(named), "{named} is not in: {said}");
    }
    // So is a box drawn elsewhere around the right roads.
    let toulouse = shared_data("roads/toulouse.osm.pbf").expect("seen before");
    let said = build.refused(text(&toulouse), "extent = [14.1, 35.7, 14.6, 36.1]");
    assert!(said.contains("away from every commune"), "{said}");
}

#[test]
fn a_table_of_roads_that_is_wrong_is_named() {
    let (Some(atlas), Some(extract)) = (toulouse_atlas(), shared_data("roads/toulouse.osm.pbf")) else {
        return;
    };
    let build = Build::new(atlas);
    let extract = text(&extract);
    for (path, more, named) in [
        ("absent.osm.pbf", "", "absent.osm.pbf: there is no such file"),
        (".", "", "folder"),
        (extract, "sha256 = \"00\"", "sha256"),
        (
            extract,
            "sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"",
            "its sha256 is ",
        ),
        (extract, "extent = [1.522, 43.527, 1.336, 43.691]", "is no box"),
        (extract, "extent = [1.336, 43.691, 1.522, 43.527]", "is no box"),
        (extract, "extent = [1.3, 43.5, 1.3, 43.6]", "is no box"),
        (extract, "extent = [1.3, 43.5, 1.6, 95.0]", "is no box"),
        (extract, "extent = [1.3, nan, 1.6, 43.9]", "is no box"),
    ] {
        let said = build.refused(path, more);
        assert!(said.contains(named), "{named} is not in: {said}");
    }
}
