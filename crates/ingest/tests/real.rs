//! The sample and the shared data, read as a build reads them.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "helpers of tests, outside `#[test]` functions"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ingest::{Absent, Inputs, Kind, Outcome, Read, Refusal, Social, rates};
use territory::vocabulary::Fee;
use territory::{CommuneCode, Inhabitants, Venue};

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/sample/sample.toml")
}

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

/// A build of the sample with other venues.
fn with_venues(venues: &Path) -> Read<Inputs> {
    let folder = tempfile::tempdir().expect("folder");
    let config = folder.path().join("own.toml");
    let text = format!(
        "base = '{}'\nname = \"Essai\"\n[[venues]]\npath = '{}'\nvintage = \"2024\"\nlicence = \"Licence Ouverte 2.0\"\n",
        sample().canonicalize().expect("the sample").display(),
        venues.canonicalize().expect("venues").display(),
    );
    std::fs::File::create(&config)
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .expect("written");
    ingest::read(&config).expect("a build")
}

/// How many findings there are of each kind, printed for the curious.
fn counted(refused: &[Refusal]) -> BTreeMap<(String, Option<String>, Outcome, String), usize> {
    let mut counts = BTreeMap::new();
    for r in refused {
        *counts.entry((r.source.clone(), r.column.clone(), r.outcome, r.reason.clone())).or_default() += 1;
    }
    for ((source, column, outcome, reason), n) in &counts {
        println!("{n:6} {source} {} {outcome:?}: {reason}", column.as_deref().unwrap_or("-"));
    }
    counts
}

#[test]
fn the_sample_is_read_whole() {
    let Read { value: inputs, refused } = ingest::read(&sample()).expect("the sample");
    counted(&refused);
    let gazetteer = &inputs.gazetteer;
    assert_eq!(gazetteer.communes().len(), 4025);
    assert_eq!(gazetteer.population(), Inhabitants(8_205_557));
    assert_eq!((gazetteer.departements().len(), gazetteer.regions().len()), (12, 1));
    assert_eq!(gazetteer.communes().iter().filter(|c| c.shape.is_none()).count(), 4);
    assert!(gazetteer.communes().iter().all(|c| c.shape.is_some() || c.host.is_some()));
    assert!(gazetteer.communes().iter().all(|c| c.epci.is_some()));
    assert_eq!(gazetteer.hubs().len(), 1);
    // 687 rows, of which one lies 127 km from its commune and eight are second rows of one venue (hand-checked): 124 and 895, 166 and 473,
    // 653 and 654, 870 and 915, 944 and 948, 993 and 1029, 999 and 1011, 1063 and 1064.
    assert_eq!((inputs.venues.len(), inputs.identities.len()), (678, 686));
    let pairs: BTreeSet<Vec<&str>> = inputs
        .venues
        .iter()
        .map(|v| v.records.iter().map(|r| r.id.as_str()).collect::<Vec<_>>())
        .filter(|records| records.len() > 1)
        .collect();
    let expected = [
        ["1011", "999"],
        ["1029", "993"],
        ["1063", "1064"],
        ["124", "895"],
        ["166", "473"],
        ["653", "654"],
        ["870", "915"],
        ["944", "948"],
    ];
    assert_eq!(pairs, expected.iter().map(|pair| pair.to_vec()).collect());
    assert!(inputs.venues.is_sorted_by(|a, b| a.id < b.id));
    assert!(inputs.venues_stop_at_edge);
    assert_eq!(inputs.absent, [Absent::Roads, Absent::PopulationGrid]);
    assert!(matches!(&inputs.social, Some(Social::Classes(classes)) if classes.len() > 4000));

    let given = inputs.venues.iter().filter(|v| v.hours_text.is_some()).count();
    let understood = inputs.venues.iter().filter(|v| v.hours.is_some()).count();
    println!("hours: {given} given, {understood} understood");
    assert!(understood * 100 >= given * 95, "{understood} of {given}");
    // A venue of Annecy that its coordinates put 127 km away, near Saint-Étienne.
    let lost: Vec<&Refusal> = refused.iter().filter(|r| r.outcome == Outcome::Refused).collect();
    assert_eq!(
        lost.iter().map(|r| (r.kind, r.value.as_str())).collect::<Vec<_>>(),
        [(Kind::CoordinatesFar, "45.38567, 4.55")]
    );
    assert_eq!(ingest::digest(&sample()).expect("a digest"), ingest::digest(&sample()).expect("a digest"));
}

/// Fees of v1 only: what the national file makes of those only v0.1 knew.
fn national_fees(venue: &Venue) -> BTreeSet<Fee> {
    let fold = |fee| match fee {
        Fee::Membership => Fee::Paid,
        Fee::PassNumerique => Fee::Conditional,
        fee => fee,
    };
    venue.fees.iter().map(fold).collect()
}

/// Copies the rows of one producer: with the others, venues would be of several records.
fn only_rows_of(producer: &str, table: &Path, copy: &Path) {
    let file = std::fs::File::open(table).expect("a table");
    let mut rows = csv::Reader::from_reader(flate2::read::MultiGzDecoder::new(file));
    let mut copy = csv::Writer::from_path(copy).expect("a copy");
    let header = rows.headers().expect("a header").clone();
    let column = header.iter().position(|name| name == "source").expect("a column");
    copy.write_record(&header).expect("written");
    for row in rows.records().map(|row| row.expect("a row")).filter(|row| &row[column] == producer) {
        copy.write_record(&row).expect("written");
    }
    copy.flush().expect("written");
}

#[test]
fn the_two_versions_of_one_file_say_the_same() {
    let Some(national) = shared("venues/lieux-v1-national.csv.gz") else {
        return;
    };
    let old = ingest::read(&sample()).expect("the sample").value.venues;
    let folder = tempfile::tempdir().expect("folder");
    let hinaura = folder.path().join("hinaura.csv");
    only_rows_of("Hinaura", &national, &hinaura);
    let read = with_venues(&hinaura);
    counted(&read.refused);
    let new: BTreeMap<&str, &Venue> = read
        .value
        .venues
        .iter()
        .filter_map(|v| Some((v.records[0].id.strip_prefix("Hinaura-")?, v)))
        .collect();
    assert_eq!(old.len(), new.len());
    for venue in &old {
        let twin = new[venue.records[0].id.as_str()];
        assert_eq!(venue.services, twin.services, "services of {}", venue.id);
        assert_eq!(venue.publics, twin.publics, "publics of {}", venue.id);
        assert_eq!(venue.care, twin.care, "care of {}", venue.id);
        assert_eq!(national_fees(venue), twin.fees.iter().collect(), "fees of {}", venue.id);
        assert_eq!(venue.supports, twin.supports, "supports of {}", venue.id);
        assert_eq!(venue.hours, twin.hours, "hours of {}", venue.id);
        assert!(venue.position.distance_to(twin.position).0 < 100.0, "position of {}", venue.id);
    }
}

#[test]
fn libraries_of_the_region_and_its_neighbourhood_are_read() {
    let Some(libraries) = shared("venues/lieux-v1-libraries.csv.gz") else {
        return;
    };
    let read = with_venues(&libraries);
    counted(&read.refused);
    assert!(read.value.venues.len() > 2000, "{}", read.value.venues.len());
    let elsewhere: Vec<&Refusal> = read.refused.iter().filter(|r| r.kind == Kind::OutOfScope).collect();
    assert_eq!(elsewhere.len(), 1, "the rest of France is not near, and said once");
    assert!(elsewhere[0].value.parse::<usize>().expect("a count") > 9_000, "{:?}", elsewhere[0]);
}

#[test]
fn the_column_named_coverage_is_the_share_not_covered() {
    let files =
        ["inputs-communes-2022.csv.gz", "filosofi-communes-2021.csv.gz", "no-thd-communes-2019.csv.gz"];
    let [Some(census), Some(incomes), Some(broadband)] =
        files.map(|name| shared(&format!("fragility/{name}")))
    else {
        return;
    };
    let Read { value, refused } = rates::read(&census, &incomes, &broadband).expect("rates");
    counted(&refused);
    let of = |code: &str| value.rates[&code.parse::<CommuneCode>().expect(code)];
    // Were it coverage, cities would have more than 80.
    for (city, limit) in [("75056", 10.0), ("69123", 10.0), ("13055", 20.0)] {
        let rates = of(city);
        println!("{city}: {rates:?}");
        assert!(rates.no_fast_broadband_percent.is_some_and(|p| p < limit), "{city}: {rates:?}");
        assert!(rates.seniors_percent.is_some_and(|p| (10.0..25.0).contains(&p)), "{city}: {rates:?}");
        assert!(rates.median_income_euros.is_some(), "{city}");
    }
    assert!(value.population[&"75056".parse().expect("Paris")].0 > 2_000_000);
    let known = value.rates.values().filter(|r| r.median_income_euros.is_some()).count();
    assert!(known >= 31_304, "{known}");
}

#[test]
fn shapes_of_all_france_are_read_a_line_each_and_the_scope_kept() {
    let Some(shapes) = shared("territory/communes-2025.geojsonl.gz") else {
        return;
    };
    let folder = tempfile::tempdir().expect("folder");
    let config = folder.path().join("own.toml");
    let text = format!(
        "base = '{}'\nname = \"Puy-de-Dôme\"\n[scope]\ndepartements = [\"63\"]\n[shapes]\npath = '{}'\nvintage = \"2025\"\nlicence = \"-\"\n",
        sample().canonicalize().expect("the sample").display(),
        shapes.canonicalize().expect("shapes").display(),
    );
    std::fs::File::create(&config)
        .and_then(|mut file| std::io::Write::write_all(&mut file, text.as_bytes()))
        .expect("written");
    let read = ingest::read(&config).expect("a build");
    counted(&read.refused);
    let gazetteer = &read.value.gazetteer;
    assert_eq!(gazetteer.departements().len(), 1);
    assert!(gazetteer.communes().iter().all(|c| c.shape.is_some()));
    assert!(read.value.venues.iter().all(|v| v.position.lon() > 0.5), "within 100 km");
    assert!(read.value.venues.len() < 687);
}
