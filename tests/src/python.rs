//! Scripts under `tests/python`, run by the Python that has what they import.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value as Json;

use crate::{absent, repository};

/// Runs a script to its end; none, said aloud, without its Python.
#[expect(clippy::disallowed_methods, reason = "the Makefile says where the tests' Python is")]
pub(crate) fn python(script: &str, arguments: &[&str]) -> Option<Output> {
    let Ok(python) = std::env::var("MAILLAGE_PYTHON") else {
        absent(
            "MAILLAGE_PYTHON is unset: a Python with tests/python/requirements.txt, as `make test` makes it",
        );
        return None;
    };
    let script = repository().join("tests/python").join(script);
    Some(Command::new(&python).arg(script).args(arguments).output().expect("MAILLAGE_PYTHON starts"))
}

/// What `in_qgis.py` tells of the jobs of a file, in the Python of the system, the only one that QGIS speaks; none,
/// said aloud, without QGIS. Settings of whoever runs the tests are left alone.
pub fn in_qgis(jobs: &Path, home: &Path) -> Option<Json> {
    let python = || {
        let mut python = Command::new("/usr/bin/python3");
        python.env("QT_QPA_PLATFORM", "offscreen").env("HOME", home).env("XDG_RUNTIME_DIR", home);
        python
    };
    let here = python().args(["-c", "import qgis.core"]).output();
    if !here.is_ok_and(|output| output.status.success()) {
        absent("QGIS is missing: apt-get install --no-install-recommends qgis python3-qgis qgis-providers");
        return None;
    }
    let script = repository().join("tests/python/in_qgis.py");
    let output = python().arg(script).arg(jobs).output().expect("python3 starts");
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", said(&output.stdout), said(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", said(&output.stdout))))
}

/// What a script prints when it succeeds, and the test fails when it does not; none without its Python.
pub fn judgement(script: &str, arguments: &[&str]) -> Option<String> {
    let output = python(script, arguments)?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{script}: {}\n{}", said(&output.stdout), said(&output.stderr));
    Some(said(&output.stdout))
}
