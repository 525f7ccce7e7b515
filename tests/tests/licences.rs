//! What we link may be given away: every dependency has a licence of `deny.toml`'s list.

#![expect(clippy::expect_used, reason = "a test that cannot read its inputs must stop")]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The licences between quotes in the `allow` list of `deny.toml`.
fn allowed() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deny.toml");
    let text = std::fs::read_to_string(path).expect("deny.toml");
    let list =
        text.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']')).expect("an allow list").0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression of `OR`, `AND` and `WITH` is satisfied, read left to right: no crate of
/// ours needs parentheses inside an alternative.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let known = |licence: &str| allowed.iter().any(|a| a == licence.trim_matches(['(', ')', ' ']));
    expression.replace('/', " OR ").split(" OR ").any(|side| side.split(" AND ").all(known))
}

#[test]
fn every_dependency_has_an_allowed_licence() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let allowed = allowed();
    let packages = metadata["packages"].as_array().expect("packages");
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !satisfied(package["license"].as_str().unwrap_or("none"), &allowed))
        .map(|package| format!("{} {}", package["name"], package["license"]))
        .collect();
    assert!(packages.len() > 100, "the graph was read");
    assert_eq!(refused, Vec::<String>::new(), "add the licence to deny.toml or drop the crate");
}

#[test]
fn a_copyleft_licence_is_not_satisfied() {
    let allowed = allowed();
    assert!(
        satisfied("MIT OR GPL-3.0", &allowed) && satisfied("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed)
    );
    assert!(!satisfied("GPL-3.0-only", &allowed) && !satisfied("MIT AND GPL-3.0", &allowed));
}
