//! The sample, the atlas built from it, and data that may be absent.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::run;

/// The root of the repository.
pub fn repository() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        root.canonicalize().expect("the repository exists")
    })
}

/// The atlas of the sample, built once per test process under `target/tmp`.
pub fn sample_atlas() -> &'static Path {
    static ATLAS: OnceLock<PathBuf> = OnceLock::new();
    ATLAS.get_or_init(|| built("data/sample/sample.toml", "sample"))
}

/// The atlas of Toulouse, the same way: it has roads. None, said aloud, where its data are absent.
pub fn toulouse_atlas() -> Option<&'static Path> {
    static ATLAS: OnceLock<PathBuf> = OnceLock::new();
    let inputs = [
        "territory/communes-2025.geojsonl.gz",
        "population/census-grid-1km-2021.csv.gz",
        "roads/toulouse.osm.pbf",
        "venues/lieux-v1-national.csv.gz",
        "fragility/ifn-communes.csv.gz",
        "zones/qpv-occitanie-2014.geojson",
    ];
    let here = inputs.into_iter().all(|name| shared_data(name).is_some());
    here.then(|| ATLAS.get_or_init(|| built("tests/atlases/toulouse.toml", "toulouse")).as_path())
}

/// The part of the sample that is one département, the same way: as many questions as one likes cost little.
pub fn haute_loire_atlas() -> &'static Path {
    static ATLAS: OnceLock<PathBuf> = OnceLock::new();
    ATLAS.get_or_init(|| {
        let (sample, folder) = (repository().join("data/sample"), folder());
        let whole = std::fs::read_to_string(sample.join("sample.toml")).expect("the sample is committed");
        // An enclave of another département is none of this one.
        let kept = whole.lines().filter(|line| !line.starts_with("holes ="));
        let part = kept.collect::<Vec<_>>().join("\n");
        let part = part.replace("regions = [\"84\"]", "departements = [\"43\"]");
        let part = part.replace("path = \"", &format!("path = \"{}/", sample.display()));
        let config = folder.path().join("haute-loire.toml");
        File::create(&config).and_then(|mut file| file.write_all(part.as_bytes())).expect("written");
        built(config.to_str().expect("UTF-8"), "haute-loire")
    })
}

fn built(config: &str, name: &str) -> PathBuf {
    let tests = std::env::current_exe().expect("a test has a path");
    let target = tests.ancestors().nth(3).expect("a test is in a target folder");
    let process = tests.file_name().expect("a test has a name");
    let atlas = target.join("tmp").join(process).join(name);
    let _ = std::fs::remove_dir_all(&atlas);
    let path = atlas.to_str().expect("a UTF-8 path");
    run(&["build", config, "--out", path]).succeeded();
    atlas
}

/// A folder that is gone after the test.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for temporary files")
}

/// A file of `../shared/data`, which is never committed; where it is absent, see [`absent`].
pub fn shared_data(name: &str) -> Option<PathBuf> {
    let path = repository().join("../shared/data").join(name);
    if path.exists() {
        Some(path)
    } else {
        absent(&format!("{} is not on this machine", path.display()));
        None
    }
}

/// Says why a test is skipped; in CI a skip fails.
#[expect(
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests alone may print, and ask whether they run in CI"
)]
pub fn absent(reason: &str) {
    let in_ci = std::env::var("CI").is_ok_and(|value| !value.is_empty());
    assert!(!in_ci, "in CI nothing is skipped: {reason}");
    eprintln!("skipped: {reason}");
}
