//! Scripts under `tests/python`, run by the Python that has what they import.

use std::process::{Command, Output};

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

/// What a script prints when it succeeds, and the test fails when it does not; none without its Python.
pub fn judgement(script: &str, arguments: &[&str]) -> Option<String> {
    let output = python(script, arguments)?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{script}: {}\n{}", said(&output.stdout), said(&output.stderr));
    Some(said(&output.stdout))
}
