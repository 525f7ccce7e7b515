//! Venue files in every form they really come in, read in place.

#![expect(clippy::print_stdout, reason = "helpers of tests, outside `#[test]` functions")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ingest::venues::{Mapping, Row, Version, hours, read_everywhere, read_rows};
use ingest::{Kind, Outcome, Refusal};
use territory::OpeningHours;

/// A file of the shared data, which is never committed: where it is absent the test prints why and is
/// skipped, but in CI a skip fails.
#[expect(clippy::disallowed_methods, reason = "tests alone may ask whether they run in CI")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/venues").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    assert!(std::env::var("CI").is_err(), "in CI nothing is skipped: {} is absent", path.display());
    None
}

#[expect(clippy::expect_used, reason = "a helper of tests, outside `#[test]` functions")]
fn mapping(name: &str) -> Mapping {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/mappings");
    Mapping::load(&folder.join(name).with_extension("toml")).expect(name)
}

fn printed(refused: &[Refusal]) -> BTreeMap<(Kind, Outcome), usize> {
    let mut counts: BTreeMap<(Kind, Outcome), usize> = BTreeMap::new();
    for finding in refused {
        *counts.entry((finding.kind, finding.outcome)).or_default() += 1;
    }
    for ((kind, outcome), n) in &counts {
        println!("  {n:6} {} {outcome:?}", kind.slug());
    }
    counts
}

fn week(row: &Row) -> Option<OpeningHours> {
    row.given("horaires").and_then(|text| hours::read(text).hours)
}

/// Each raw file with its rows, and at least how many of them have a service and hours understood.
const RAW: [(&str, usize, usize, usize); 10] = [
    ("aix-en-provence", 38, 38, 16),
    ("angers", 63, 55, 38),
    ("bus-france-services-charente", 12, 12, 6),
    ("corse", 161, 85, 102),
    ("epernay", 39, 31, 25),
    ("fibre-64", 61, 50, 25),
    ("gironde", 347, 318, 0),
    ("hub-lo", 426, 150, 49),
    ("la-creuse", 91, 91, 29),
    ("ultra-num", 155, 30, 30),
];

#[test]
fn each_raw_file_is_read_through_its_mapping_and_no_row_is_lost() {
    for (name, n_rows, services, known) in RAW {
        let Some(path) = shared(&format!("raw/{name}.json")) else {
            return;
        };
        let mapping = mapping(name);
        let rows = read_rows(&path, Some(&mapping)).expect(name).value.list;
        let read = read_everywhere(&path, Some(&mapping)).expect(name);
        let refused = read.refused.iter().filter(|f| f.outcome == Outcome::Refused).count();
        let helped = rows.iter().filter(|row| row.given("services").is_some()).count();
        let open = rows.iter().filter(|row| week(row).is_some()).count();
        println!(
            "{name}: {} rows, {} venues, {helped} with services, {open} with hours understood",
            rows.len(),
            read.value.len()
        );
        printed(&read.refused);
        assert_eq!(rows.len(), n_rows, "{name}");
        assert_eq!(read.value.len() + refused, n_rows, "{name}: a row is a venue or refused");
        assert!(helped >= services && open >= known, "{name}: {helped} with services, {open} with hours");
        let unknown = read.refused.iter().filter(|f| f.kind == Kind::UnknownValue);
        let columns: BTreeSet<&str> = unknown.filter_map(|f| f.column.as_deref()).collect();
        // Only labels of v0.1 that v1 dropped are in no list: a mapping writes none but known terms.
        assert!(columns.is_subset(&["labels_nationaux"].into()), "{name}: {columns:?}");
        assert!(rows.iter().all(|row| !row.text("id").contains(' ')), "{name}");
    }
}

#[test]
fn the_mapping_of_the_gironde_says_what_its_header_says() {
    let Some(path) = shared("raw/gironde.json") else {
        return;
    };
    let rows = read_rows(&path, Some(&mapping("gironde"))).expect("rows").value.list;
    let number = |row: &Row, column| row.text(column).parse::<f64>().unwrap_or(f64::NAN);
    // X is said to be the longitude; it holds 44°–46°, the latitude of Bordeaux, on every row.
    assert!(rows.iter().all(|row| (44.0..46.0).contains(&number(row, "longitude"))));
    assert!(rows.iter().all(|row| (-1.5..0.5).contains(&number(row, "latitude"))));
    assert!(
        rows.iter().all(|row| row.text("date_maj").len() == 10 && row.text("date_maj").starts_with("20"))
    );
    let postcodes = rows.iter().filter(|row| row.text("code_postal").starts_with("33")).count();
    println!("{postcodes} of {} addresses hold a postcode of Gironde", rows.len());
    assert!(postcodes >= 300, "{postcodes}");
}

#[test]
fn france_services_have_the_hours_the_national_file_gives_them() {
    let (Some(list), Some(national)) =
        (shared("france-services-2024-08.csv"), shared("lieux-v1-national.csv.gz"))
    else {
        return;
    };
    let read = read_rows(&list, None).expect("the list");
    printed(&read.refused);
    let rows = read.value.list;
    assert_eq!((rows.len(), read.value.version), (2845, Version::V1));
    let national = read_rows(&national, None).expect("the national file").value.list;
    let of_national: BTreeMap<&str, &Row> = national
        .iter()
        .filter_map(|row| Some((row.text("id").strip_prefix("FranceServices-")?, row)))
        .collect();
    let (mut hours_agree, mut texts_agree, mut moves_agree) = (0, 0, 0);
    for row in &rows {
        let id = row.text("id").strip_prefix("France-services_").expect("our identifier");
        let twin = of_national[id];
        for column in ["nom", "code_insee", "code_postal", "latitude", "longitude"] {
            let plain = |row: &Row| row.text(column).replace(['"', '\n'], "");
            if column != "nom" {
                assert_eq!(plain(row), plain(twin), "{column} of {id}");
            }
        }
        texts_agree += usize::from(row.text("horaires") == twin.text("horaires"));
        moves_agree += usize::from(row.text("itinerance") == twin.text("itinerance"));
        if week(row) == week(twin) {
            hours_agree += 1;
        } else {
            let weekly = |row| week(row).map(|hours| hours.weekly_hours());
            let more = weekly(row).zip(weekly(twin)).is_none_or(|(here, there)| here < there);
            assert!(more, "{id}: only days closed in the list are added there");
            println!("{id}: {:?} here, {:?} there", row.text("horaires"), twin.text("horaires"));
        }
    }
    println!("of 2845: {hours_agree} weeks agree, {texts_agree} texts, {moves_agree} itinerances");
    // Of the other 66 the national file groups days across one that is closed (`Mo-We` for Monday and
    // Wednesday) or keeps a slot from midnight to midnight, which we find and call unknown.
    assert!(hours_agree >= 2779 && texts_agree >= 2700, "{hours_agree} weeks, {texts_agree} texts");
    assert_eq!(moves_agree, 2845);
}

#[test]
fn france_services_of_2022_are_all_rows_and_their_nineteen_shapes_of_hours_are_read() {
    let Some(list) = shared("france-services-2022-12.csv") else {
        return;
    };
    let read = read_rows(&list, None).expect("the list");
    printed(&read.refused);
    let rows = read.value.list;
    let open = rows.iter().filter(|row| week(row).is_some()).count();
    let moving = rows.iter().filter(|row| row.text("itinerance") == "Itinérant").count();
    println!("{} rows, {open} with hours, {moving} itinerant", rows.len());
    assert_eq!((rows.len(), moving), (2683, 288));
    let unread =
        read.refused.iter().filter(|f| f.outcome == Outcome::Kept && f.kind == Kind::BadHours).count();
    println!("{unread} days of 16098 are not understood");
    assert!((1..=10).contains(&unread), "{unread} days");
    assert!(open >= 2553, "{open}");
}

#[test]
fn mosaics_are_read_in_the_words_of_v0_with_identifiers_of_their_sources() {
    for (name, n_rows, venues) in
        [("venues-mosaic-2024.csv.gz", 15_015, 14_900), ("venues-all-sources.csv.gz", 36_790, 35_000)]
    {
        let Some(path) = shared(name) else {
            return;
        };
        let rows = read_rows(&path, None).expect(name).value;
        let ids: BTreeSet<&str> = rows.list.iter().map(|row| row.text("id")).collect();
        let read = read_everywhere(&path, None).expect(name);
        println!("{name}: {} identifiers, {} venues", ids.len(), read.value.len());
        printed(&read.refused);
        assert_eq!((rows.list.len(), rows.version), (n_rows, Version::V0));
        assert!(read.value.len() >= venues, "{name}: {}", read.value.len());
        // What is left are sentences with several services run together.
        let services = read.refused.iter().filter(|f| f.column.as_deref() == Some("services"));
        assert!(services.count() <= 26, "nearly every service is a term");
    }
}

#[test]
fn nearly_all_hours_of_the_national_file_are_understood() {
    let Some(national) = shared("lieux-v1-national.csv.gz") else {
        return;
    };
    let rows = read_rows(&national, None).expect("rows").value.list;
    let texts: BTreeSet<&str> = rows.iter().filter_map(|row| row.given("horaires")).collect();
    let understood = texts.iter().filter(|text| hours::read(text).hours.is_some()).count();
    println!("{understood} of {} distinct texts", texts.len());
    // The rest is phrases («sur rendez-vous»), holidays, and slots with three ends (`09:00-12:00-16:00`).
    assert_eq!(texts.len(), 4941);
    assert!(understood >= 4824, "{understood}");
}
