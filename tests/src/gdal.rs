//! Exports as GDAL sees them: what opens there opens in QGIS.

use std::path::Path;
use std::process::Command;

use crate::absent;

/// A layer as `ogrinfo` describes it.
pub struct Opened {
    /// Its description, as printed.
    pub text: String,
    /// How many features it has.
    pub n_features: usize,
    /// Its attributes, in order.
    pub attributes: Vec<String>,
}

/// Whether GDAL is here; says so when it is not.
pub fn is_here() -> bool {
    let found = Command::new("ogrinfo").arg("--version").output().is_ok();
    if !found {
        absent("ogrinfo is missing: apt-get install gdal-bin");
    }
    found
}

/// Runs a program of GDAL, which must succeed without a word of complaint; returns what it printed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect(program);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaints.is_empty(), "{program} {arguments:?}: {complaints}");
    String::from_utf8(output.stdout).expect("GDAL prints UTF-8")
}

/// Opens the one layer of a file.
pub fn open(file: &Path) -> Opened {
    let text = run("ogrinfo", &["-ro", "-so", "-al", path(file)]);
    let count = text.lines().find_map(|line| line.strip_prefix("Feature Count: "));
    let attributes = text.lines().skip_while(|line| !line.starts_with("Layer SRS WKT"));
    let attributes = attributes.filter_map(|line| {
        let (name, kind) = line.split_once(": ")?;
        let typed = ["String (", "Integer (", "Integer64 (", "Real (", "Integer(Boolean) (", "Date ("];
        typed.iter().any(|start| kind.starts_with(start)).then(|| name.to_owned())
    });
    Opened {
        n_features: count.expect("a count of features").parse().expect("a number"),
        attributes: attributes.collect(),
        text,
    }
}

/// A number that a query of one row and column answers.
pub fn number(file: &Path, sql: &str) -> f64 {
    let text = run("ogrinfo", &["-ro", "-q", path(file), "-dialect", "SQLite", "-sql", sql]);
    let answer = text.lines().find_map(|line| line.split_once(" = "));
    let (_, number) = answer.unwrap_or_else(|| panic!("no answer to {sql}: {text}"));
    number.trim().parse().expect("a number")
}

fn path(file: &Path) -> &str {
    file.to_str().expect("a UTF-8 path")
}
