//! The communes as a coverage, judged by an engine that is not ours.

use std::process::Command;

use maillage_tests::{absent, folder, repository, run, sample_atlas};

#[test]
#[expect(clippy::disallowed_methods, reason = "the Makefile says where the tests' Python is")]
fn exported_communes_are_a_valid_coverage_with_one_hole() {
    let Ok(python) = std::env::var("MAILLAGE_PYTHON") else {
        absent(
            "MAILLAGE_PYTHON is unset: a Python with tests/python/requirements.txt, as `make test` makes it",
        );
        return;
    };
    let folder = folder();
    let file = folder.path().join("communes.geojson");
    let [atlas, out] = [sample_atlas(), &file].map(|path| path.to_str().expect("UTF-8"));
    run(&["export", "communes", "--atlas", atlas, "-o", out]).succeeded();
    let judged = Command::new(&python)
        .arg(repository().join("tests/python/coverage.py"))
        .arg(&file)
        .output()
        .expect("MAILLAGE_PYTHON starts");
    let said = String::from_utf8_lossy(&judged.stderr);
    assert!(judged.status.success(), "{said}");
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(said.starts_with("4021 communes are a valid coverage"), "{said}");
}
