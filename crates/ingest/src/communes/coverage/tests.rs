//! The shapes of the national file and of the sample, in place.

use std::path::{Path, PathBuf};

use super::*;
use crate::codes::tests::code;
use crate::config::Scope;
use crate::file::File;
use crate::refusal::{Outcome, Refusal};
use crate::{cog, communes, config, town_halls};

/// A file of the shared data, which is never committed: where it is absent the test prints why and is
/// skipped, but in CI a skip fails.
#[expect(clippy::disallowed_methods, reason = "tests alone may ask whether they run in CI")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    assert!(std::env::var("CI").is_err(), "in CI nothing is skipped: {} is absent", path.display());
    None
}

fn repository(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

fn open(path: &Path) -> File {
    File::open(path, None).expect("a file")
}

/// Shapes as drawn and as cleaned, and the findings.
struct Cleaned {
    drawn: BTreeMap<CommuneCode, MultiPolygon>,
    clean: BTreeMap<CommuneCode, MultiPolygon>,
    findings: Vec<Refusal>,
}

fn cleaned([cog, shapes, halls]: [&Path; 3], scope: &Scope, declared: &DeclaredHoles) -> Cleaned {
    let [cog, file, halls] = [cog, shapes, halls].map(open);
    let (_, codes) = cog::communes(&cog, &mut cog.findings()).expect("COG").within(scope);
    let mut read = communes::read(&file, &mut file.findings()).expect("shapes");
    let elsewhere = read.take_outside(&codes);
    let drawn = communes::settle(read, &codes, &mut file.findings());
    let judge = crate::location::Judge::new(&codes, &drawn);
    let halls = town_halls::read(&halls, &codes, &judge, &mut halls.findings()).expect("town halls");
    let evidence =
        Evidence { codes: &codes, halls: Some(&halls), hosts: None, declared, elsewhere: &elsewhere };
    let mut findings = file.findings();
    #[expect(clippy::disallowed_methods, reason = "a speed is measured")]
    let start = std::time::Instant::now();
    let clean = clean(drawn.clone(), &evidence, &mut findings);
    println!("{} communes cleaned in {:.2} s", clean.len(), start.elapsed().as_secs_f64());
    Cleaned { drawn, clean, findings: findings.into_list() }
}

/// All of France, or a scope of it.
fn france(scope: &Scope, declared: &DeclaredHoles) -> Option<Cleaned> {
    let cog = shared("territory/cog-2026-communes.json.gz")?;
    let shapes = shared("territory/communes-2025.geojsonl.gz")?;
    let halls = shared("territory/town-halls-2025.csv")?;
    Some(cleaned([&cog, &shapes, &halls], scope, declared))
}

fn at(lon: f64, lat: f64) -> Position {
    Position::from_lon_lat(lon, lat).expect("a position")
}

/// The five holes of the sample, whose owners `data/sample/coverage.py` has from a hand-checked table.
fn holes_of_the_sample() -> [(CommuneCode, Position); 5] {
    [
        ("01187", at(5.6532, 46.0053)),
        ("26289", at(5.2067, 44.7395)),
        ("42084", at(3.9122, 45.7784)),
        ("42217", at(3.8191, 45.7672)),
        ("63109", at(3.1461, 45.5456)),
    ]
    .map(|(text, at)| (code(text), at))
}

fn holder(shapes: &BTreeMap<CommuneCode, MultiPolygon>, at: Position) -> Vec<&CommuneCode> {
    shapes.iter().filter(|(_, shape)| shape.intersects(&at.coord())).map(|(code, _)| code).collect()
}

#[test]
fn france_comes_out_with_one_hole_and_nothing_left() {
    let declared = config::load(&repository("tests/atlases/france.toml")).expect("a configuration").holes;
    let Some(Cleaned { drawn, clean, findings }) = france(&Scope::default(), &declared) else { return };
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for finding in &findings {
        *counts.entry((finding.outcome.slug(), &finding.reason)).or_default() += 1;
        println!("{} | {} | {:?}", finding.value, finding.reason, finding.repair);
    }
    println!("{counts:#?}");
    assert!(findings.iter().all(|finding| finding.outcome == Outcome::Repaired), "{counts:#?}");
    // Conques-en-Rouergue, Aurseulles, Orée d'Anjou and Porte des Pierres Dorées are in no feature.
    let added: Vec<&str> =
        clean.keys().filter(|code| !drawn.contains_key(code)).map(CommuneCode::as_str).collect();
    assert_eq!(added, ["12218", "14581", "49126", "69114"]);
    for (owner, at) in holes_of_the_sample() {
        assert_eq!(holder(&clean, at), [&owner]);
    }
    assert_eq!(holder(&clean, at(1.98, 42.465)), Vec::<&CommuneCode>::new(), "Llívia");
    let changed = clean.iter().filter(|(code, shape)| drawn.get(code) != Some(shape)).count();
    println!("{changed} communes changed");
    assert!(changed < 400, "{changed}: the others are as published, bit for bit");
}

#[test]
fn the_rule_alone_finds_four_of_the_five_owners_of_the_sample() {
    let declared = DeclaredHoles { kept: vec![at(1.98, 42.465)], owned: Vec::new() };
    let Some(Cleaned { clean, findings, .. }) = france(&Scope::default(), &declared) else { return };
    for (owner, at) in holes_of_the_sample() {
        // La Côte-Saint-Didier absorbed one commune, and has a longer border than Solore-en-Forez there too.
        let found = if owner == code("42084") { code("42217") } else { owner };
        assert_eq!(holder(&clean, at), [&found]);
    }
    // Aurseulles has no town hall, and its hole is too large for a guess.
    let kept: Vec<&Refusal> = findings.iter().filter(|f| f.outcome == Outcome::Kept).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(kept[0].value.starts_with("[-0.7") && kept[0].repair.as_deref() == Some("46.53 km²"));
}

#[test]
fn what_the_file_draws_out_of_scope_is_no_hole() {
    let drome = Scope { departements: vec!["26".parse().expect("code")], ..Scope::default() };
    let Some(Cleaned { clean, findings, .. }) = france(&drome, &DeclaredHoles::default()) else { return };
    assert!(findings.iter().all(|finding| finding.outcome == Outcome::Repaired), "{findings:?}");
    assert!(clean.keys().all(|code| code.as_str().starts_with("26")));
    assert!(holder(&clean, at(4.9588, 44.3617)).is_empty(), "Valréas");
}

#[test]
fn the_sample_is_a_coverage_already() {
    let [cog, shapes, halls] =
        ["cog-2026-communes.json.gz", "communes-2025.geojson.gz", "town-halls-2025.csv"]
            .map(|name| repository("data/sample").join(name));
    let declared = config::load(&repository("data/sample/sample.toml")).expect("a configuration").holes;
    let sample = cleaned([&cog, &shapes, &halls], &Scope::default(), &declared);
    assert_eq!(sample.findings, []);
    assert!(sample.drawn == sample.clean, "bit for bit");
    // Undeclared, the enclave is too large for a guess: it stays, and is told.
    let undeclared = cleaned([&cog, &shapes, &halls], &Scope::default(), &DeclaredHoles::default());
    assert_eq!(undeclared.findings.len(), 1);
    assert!(undeclared.drawn == undeclared.clean && undeclared.findings[0].outcome == Outcome::Kept);
}

#[test]
fn what_is_declared_where_there_is_no_hole_is_said() {
    let [cog, shapes, halls] =
        ["cog-2026-communes.json.gz", "communes-2025.geojson.gz", "town-halls-2025.csv"]
            .map(|name| repository("data/sample").join(name));
    let valreas = at(4.9588, 44.3617);
    let lyon = at(4.83, 45.76);
    let declared = DeclaredHoles {
        kept: vec![valreas, lyon],
        owned: vec![(lyon, code("01001")), (lyon, code("01999"))],
    };
    let sample = cleaned([&cog, &shapes, &halls], &Scope::default(), &declared);
    let told: Vec<(&str, &str)> =
        sample.findings.iter().map(|f| (f.column.as_deref().unwrap_or_default(), f.value.as_str())).collect();
    assert_eq!(told, [("holes", "[4.83000, 45.76000]"), ("owners", "01001"), ("owners", "01999")]);
}
