//! The communes as a coverage, judged by an engine that is not ours.

use std::fs;
use std::path::Path;

use maillage_tests::{folder, judgement, run, sample_atlas, shared_data};

/// What the engine says of the communes of an atlas; none, said aloud, without the tests' Python.
#[expect(clippy::expect_used, reason = "a helper of tests, outside `#[test]` functions")]
fn judged(atlas: &Path, scope: &str) -> Option<String> {
    let folder = folder();
    let file = folder.path().join("communes.geojson");
    let [atlas, out] = [atlas, &file].map(|path| path.to_str().expect("UTF-8"));
    run(&["export", "communes", "--atlas", atlas, "-o", out]).succeeded();
    judgement("coverage.py", &[out, scope])
}

#[test]
fn exported_communes_are_a_valid_coverage_with_one_hole() {
    let Some(said) = judged(sample_atlas(), "sample") else { return };
    assert!(said.starts_with("4021 communes are a valid coverage"), "{said}");
}

#[test]
fn the_communes_of_france_too_though_the_file_they_come_from_is_none() {
    if shared_data("territory/communes-2025.geojsonl.gz").is_none() {
        return;
    }
    let folder = folder();
    let atlas = folder.path().join("france");
    let done = run(&["build", "tests/atlases/france.toml", "--out", atlas.to_str().expect("UTF-8")]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    // Each repair is listed, and the terminal tells how many there are of each sort, not each of them.
    let refusals = fs::read_to_string(atlas.join("refusals.csv")).expect("a list");
    let taken = refusals.lines().filter(|line| line.contains("ground that was in two communes"));
    assert!(taken.count() > 100, "{refusals}");
    let told = done.stderr.lines().filter(|line| line.contains("communes-2025.geojsonl.gz"));
    assert!(told.count() < 60, "{}", done.stderr);
    let Some(said) = judged(&atlas, "france") else { return };
    assert!(said.starts_with("34871 communes are a valid coverage"), "{said}");
}
