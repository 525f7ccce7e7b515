//! The published index and the priority areas of the shared data, checked against what is said of them.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests, outside `#[test]` functions"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ingest::{Inputs, Kind, Outcome, Read, Social, ifn, rates};
use territory::{CommuneCode, Inhabitants, PriorityArea, PriorityKind, PublishedIndex, Score, Siren};

/// A file of the shared data, which is never committed: where it is absent the test prints why and is
/// skipped, but in CI a skip fails.
#[expect(clippy::disallowed_methods, reason = "tests alone may ask whether they run in CI")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(name);
    if path.exists() {
        return path.canonicalize().ok();
    }
    println!("skipped: {} is absent", path.display());
    assert!(std::env::var("CI").is_err(), "in CI nothing is skipped: {} is absent", path.display());
    None
}

/// The sample with more tables.
fn sample_with(more: &str) -> Read<Inputs> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample/sample.toml");
    let folder = tempfile::tempdir().expect("folder");
    let config = folder.path().join("own.toml");
    let text = format!("base = '{}'\nname = \"Essai\"\n{more}", sample.canonicalize().expect("it").display());
    std::fs::File::create(&config)
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .expect("written");
    ingest::read(&config).expect("a build")
}

fn table(key: &str, path: &Path) -> String {
    format!("[{key}]\npath = '{}'\nvintage = \"2022\"\nlicence = \"-\"\n", path.display())
}

fn code(text: &str) -> CommuneCode {
    text.parse().expect(text)
}

#[test]
fn the_published_total_is_the_plain_mean_of_the_five_scores() {
    let [Some(communes), Some(epcis)] =
        ["ifn-communes.csv.gz", "ifn-epci.csv.gz"].map(|name| shared(&format!("fragility/{name}")))
    else {
        return;
    };
    let communes = ifn::communes(&communes).expect("communes");
    let epcis = ifn::epcis(&epcis).expect("EPCI");
    let rows = communes.value.values().chain(epcis.value.values());
    let (mut checked, mut furthest, mut without) = (0, 0.0_f64, 0);
    for index in rows {
        match index.mean_of_components().zip(index.total) {
            Some((mean, total)) => {
                checked += 1;
                furthest = furthest.max((mean - total.get()).abs());
            }
            None => without += 1,
        }
    }
    println!("{checked} rows, at most {furthest:e} off; {without} without data");
    // 35 008 and 1 255 rows, less ZZZZZZZZZ, which is no EPCI.
    assert_eq!((checked, without), (35_000 + 1_254, 8));
    assert!(furthest < 1e-9, "{furthest}");
    let unlived = communes.refused.iter().filter(|r| r.reason.contains("nobody lives there"));
    let unlived: Vec<&str> = unlived.map(|r| r.value.as_str()).collect();
    assert_eq!(unlived, ["55039", "55050", "55139", "55189", "55239", "55307"]);
    let empty: Vec<&str> =
        communes.refused.iter().filter(|r| r.reason.contains("no score")).map(|r| r.value.as_str()).collect();
    assert_eq!(empty, ["13055", "27058"]);
    assert_eq!(communes.refused.len(), 8);
    assert_eq!(epcis.refused.len(), 1);
    assert_eq!((epcis.refused[0].value.as_str(), epcis.refused[0].kind), ("ZZZZZZZZZ", Kind::BadFormat));
}

/// The members of each EPCI of the COG, arrondissements in the place of Paris, Lyon and Marseille.
fn members(epcis: &Path) -> BTreeMap<Siren, Vec<CommuneCode>> {
    let file = std::fs::File::open(epcis).expect("EPCI");
    let list: Vec<serde_json::Value> =
        serde_json::from_reader(flate2::read::GzDecoder::new(file)).expect("JSON");
    let parts = |member: &str| -> Vec<CommuneCode> {
        let range = match member {
            "75056" => 75101..=75120,
            "69123" => 69381..=69389,
            "13055" => 13201..=13216,
            _ => return vec![code(member)],
        };
        range.map(|n: u32| code(&n.to_string())).collect()
    };
    let of = |epci: &serde_json::Value| {
        let members = epci["membres"].as_array().expect("members").iter();
        let members = members.flat_map(|m| parts(m["code"].as_str().expect("a code"))).collect();
        (epci["code"].as_str().expect("a code").parse().expect("a SIREN"), members)
    };
    list.iter().map(of).collect()
}

#[test]
fn the_published_value_of_an_epci_is_the_mean_of_its_communes_weighted_by_people() {
    let names = [
        "fragility/ifn-communes.csv.gz",
        "fragility/ifn-epci.csv.gz",
        "fragility/inputs-communes-2022.csv.gz",
        "fragility/filosofi-communes-2021.csv.gz",
        "fragility/no-thd-communes-2019.csv.gz",
        "territory/cog-2026-epci.json.gz",
    ];
    let [Some(communes), Some(epcis), Some(census), Some(incomes), Some(broadband), Some(cog)] =
        names.map(shared)
    else {
        return;
    };
    let communes: BTreeMap<CommuneCode, PublishedIndex> = ifn::communes(&communes).expect("communes").value;
    let epcis = ifn::epcis(&epcis).expect("EPCI").value;
    let people = rates::read(&census, &incomes, &broadband).expect("rates").value.population;
    let members = members(&cog);
    let mut errors: Vec<f64> = Vec::new();
    for (epci, published) in &epcis {
        let Some(members) = members.get(epci) else { continue };
        let parts = members.iter().filter_map(|code| {
            let people = people.get(code).copied().unwrap_or(Inhabitants(0));
            Some((communes.get(code)?.total, people))
        });
        // Without any population, as in Mayotte in this file, there is nothing to weigh with.
        let Some(mean) = Score::mean(parts) else { continue };
        errors.push((mean.get() - published.total.expect("a total").get()).abs());
    }
    errors.sort_by(f64::total_cmp);
    let n = errors.len();
    let within = |most: f64| errors.partition_point(|e| *e <= most) as f64 / n as f64;
    println!(
        "{n} EPCI, census 2022: median {:.4}, within 0.01: {:.1} %, 0.05: {:.1} %, 0.1: {:.1} %, worst {:.3}",
        errors[n / 2],
        100.0 * within(0.01),
        100.0 * within(0.05),
        100.0 * within(0.1),
        errors[n - 1]
    );
    assert!(n > 1_200 && errors[n / 2] < 0.01, "{n}, {}", errors[n / 2]);
    assert!(within(0.05) > 0.98, "{}", within(0.05));
}

#[test]
fn the_published_index_of_the_sample_has_lyon_whole_and_says_what_it_leaves_out() {
    let [Some(communes), Some(epcis)] =
        ["ifn-communes.csv.gz", "ifn-epci.csv.gz"].map(|name| shared(&format!("fragility/{name}")))
    else {
        return;
    };
    let raw = ifn::communes(&communes).expect("communes").value;
    let more = [table("ifn.communes", &communes), table("ifn.epcis", &epcis)].concat();
    let Read { value, refused } = sample_with(&more);
    let published = value.published.expect("an index");
    assert!(published.source.as_ref().is_some_and(|source| source.name.contains("MedNum")));
    let arrondissements: Vec<f64> =
        (69_381..=69_389).map(|n: u32| raw[&code(&n.to_string())].total.expect("a total").get()).collect();
    let (low, high) = arrondissements.iter().fold((10.0f64, 1.0f64), |(a, b), &v| (a.min(v), b.max(v)));
    let lyon = published.communes[&code("69123")].total.expect("Lyon").get();
    println!("Lyon {lyon}, arrondissements {low} to {high}");
    assert!(low < lyon && lyon < high);
    let known = published.communes.values().filter(|index| index.total.is_some()).count();
    println!("{known} communes, {} EPCI", published.epcis.len());
    assert!(
        known > 4_000 && published.epcis.len() == value.gazetteer.epcis().len(),
        "{known}, {}",
        published.epcis.len()
    );
    let about: Vec<_> = refused.iter().filter(|r| r.source.starts_with("ifn-")).collect();
    let codes: std::collections::BTreeSet<&str> = about.iter().map(|r| r.value.as_str()).collect();
    assert_eq!(codes.len(), about.len(), "each code once: {about:#?}");
    assert!(about.iter().any(|r| r.value == "69123" && r.outcome == Outcome::Repaired));
    assert!(about.iter().any(|r| r.kind == Kind::OtherVintage && r.outcome == Outcome::Refused));
}

#[test]
fn rates_given_over_the_sample_replace_its_classes() {
    let names = [
        "fragility/inputs-communes-2022.csv.gz",
        "fragility/filosofi-communes-2021.csv.gz",
        "fragility/no-thd-communes-2019.csv.gz",
    ];
    let [Some(census), Some(incomes), Some(broadband)] = names.map(shared) else { return };
    let more = [
        table("rates.census", &census),
        table("rates.incomes", &incomes),
        table("rates.broadband", &broadband),
    ];
    let Read { value, refused } = sample_with(&more.concat());
    let Some(Social::Rates(rates)) = value.social else { panic!("the rates count") };
    assert!(rates.len() > 34_000, "all of France, whatever the scope: {}", rates.len());
    assert!(!value.sources.iter().any(|source| source.name.contains("calcul Maillage")), "not read");
    assert!(value.sources.iter().filter(|source| source.vintage.to_string() == "2022").count() >= 3);
    let unmatched = refused.iter().filter(|r| r.reason.contains("ranked, not used")).count();
    println!("{unmatched} codes of other vintages in the départements of the sample");
    assert!(unmatched < 100, "{unmatched}");
}

#[test]
fn rural_zonings_and_quarters_of_the_shared_data_are_read_where_the_build_is() {
    let [Some(zrr), Some(qpv)] =
        ["zrr-2022.csv.gz", "qpv-occitanie-2014.geojson"].map(|name| shared(&format!("zones/{name}")))
    else {
        return;
    };
    let areas = |file: &Path, kind: &str| {
        format!(
            "[[priority_areas]]\npath = '{}'\nkind = \"{kind}\"\nvintage = \"2022\"\nlicence = \"-\"\n",
            file.display()
        )
    };
    let Read { value, refused } = sample_with(&(areas(&zrr, "zrr") + &areas(&qpv, "qpv")));
    let [PriorityArea::Communes { kind: PriorityKind::Zrr, communes }] = value.priority_areas.as_slice()
    else {
        panic!("Occitanie is elsewhere: {:?}", value.priority_areas.len())
    };
    println!("{} communes of the sample in ZRR", communes.len());
    assert!((1_500..2_500).contains(&communes.len()), "{}", communes.len());
    let in_part = refused.iter().filter(|r| r.reason.contains("a part of the commune is classed")).count();
    println!("{in_part} of its communes classed in part");
    assert_eq!(in_part, 1, "of the 36 of France, whose others are elsewhere");
    assert!(!refused.iter().any(|r| r.source.starts_with("qpv")), "every quarter is sound");
}
