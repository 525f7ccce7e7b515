use proptest::prelude::*;
use territory::vocabulary::{Entry, Fee, Service, Terms};
use territory::{Position, Vintage};

use super::*;

/// A record of a producer, metres north of a point, in «Foo».
fn record(producer: &str, id: &str, name: &str, address: &str, north: f64) -> Record {
    let position = Position::from_lon_lat(5.0, 46.0 + north / 111_195.0).expect("on Earth");
    let mut venue = Venue::new(id, name, position);
    venue.producer = Some(producer.to_owned());
    venue.address = Some(address.to_owned()).filter(|address| !address.is_empty());
    "Foo".clone_into(&mut venue.commune_name);
    Record { venue, file: format!("{producer}.csv"), line: 2 }
}

/// How many venues two records of two producers are.
fn of_two(one: (&str, &str), other: (&str, &str), metres: f64) -> usize {
    let records = vec![record("A", "1", one.0, one.1, 0.0), record("B", "2", other.0, other.1, metres)];
    settle(records, &Register::default()).venues.len()
}

#[test]
fn a_town_hall_listed_by_two_sources_at_twenty_metres_is_one() {
    for name in ["Commune de Foo", "FOO", "Ville de Foo", "Hôtel de ville", "MAIRIE DE FOO"] {
        assert_eq!(of_two(("Mairie de Foo", "Place de la Mairie"), (name, "1 rue Haute"), 20.0), 1, "{name}");
    }
}

#[test]
fn places_of_two_sorts_at_one_address_stay_two() {
    let names =
        ["Médiathèque de Foo", "France services de Foo", "Mairie de Foo", "La Poste", "CCAS de Foo", "École"];
    for (i, one) in names.iter().enumerate() {
        for other in &names[i + 1..] {
            assert_eq!(of_two((one, "1 rue Haute"), (other, "1 rue Haute"), 0.0), 2, "{one} and {other}");
        }
    }
    assert_eq!(of_two(("Mairie - Agence postale", "1 rue Haute"), ("Mairie", "1 rue Haute"), 0.0), 2);
    assert_eq!(
        of_two(("Médiathèque France services", "1 rue Haute"), ("Médiathèque", "1 rue Haute"), 0.0),
        2
    );
}

#[test]
fn a_label_and_its_predecessor_or_its_host_are_one() {
    assert_eq!(of_two(("MSAP de Foo", "1 rue Haute"), ("France Services Foo", "1, r. Haute"), 5.0), 1);
    let host = ("LA POSTE", "5 ALL GOUIN");
    assert_eq!(of_two(host, ("France services La Poste de Foo", "5 allée Gouin"), 5.0), 1);
}

#[test]
fn what_a_reader_keeps_apart_is_kept_apart() {
    let here = "1 rue Haute";
    for (one, other) in [
        ("Médiathèque Jean Moulin", "Médiathèque Simone Veil"),
        ("Point lecture 1", "Point lecture 2"),
        ("Mairie", "Mairie annexe"),
        ("Pimms de Foo", "Bus Pimms de Foo"),
    ] {
        assert_eq!(of_two((one, here), (other, here), 0.0), 2, "{one} and {other}");
    }
    let doors = of_two(("Espace Haut", "1 rue Haute"), ("Espace Haut et Bas", "9 rue Haute"), 20.0);
    assert_eq!(doors, 2, "two doors of one street");
    assert_eq!(of_two(("Mairie", here), ("Mairie", here), 251.0), 2, "too far");
    assert_eq!(of_two(("Mairie", here), ("Mairie", here), 249.0), 1);
}

#[test]
fn one_producer_must_say_nearly_the_same_twice() {
    let two = |one: (&str, &str), other: (&str, &str)| {
        let records = vec![record("A", "1", one.0, one.1, 0.0), record("A", "2", other.0, other.1, 5.0)];
        settle(records, &Register::default()).venues.len()
    };
    assert_eq!(two(("Pimms", "1 rue Haute"), ("PIMMS", "1 r haute")), 1);
    assert_eq!(two(("Médiathèque Rabelais", "1 rue Haute"), ("Médiathèque", "1 rue Haute")), 2);
    assert_eq!(two(("Initiative", "1 rue Haute"), ("Initiative", "7 rue Basse")), 2);
    assert_eq!(two(("Le Cube", ""), ("Le Cube", "")), 1, "a row for each service");
    assert_eq!(two(("Le Cube", ""), ("Le Cube", "1 rue Haute")), 2);
}

#[test]
fn towns_of_two_communes_that_touch_are_two() {
    let mut records = vec![record("A", "1", "Mairie", "", 0.0), record("B", "2", "Mairie", "", 30.0)];
    "Bar".clone_into(&mut records[1].venue.commune_name);
    assert_eq!(settle(records, &Register::default()).venues.len(), 2);
}

#[test]
fn no_record_joins_two_that_a_reader_keeps_apart() {
    let records = vec![
        record("A", "1", "Médiathèque Jean Moulin", "1 rue Haute", 0.0),
        record("B", "2", "Médiathèque", "1 rue Haute", 0.0),
        record("C", "3", "Médiathèque Simone Veil", "1 rue Haute", 0.0),
    ];
    let settled = settle(records, &Register::default());
    assert_eq!(settled.venues.len(), 2);
    assert_eq!(settled.doubts.len(), 1);
    let doubt = settled.findings.iter().find(|f| f.outcome == Outcome::Kept).expect("a doubt");
    assert_eq!((doubt.kind, doubt.line), (Kind::Duplicate, Some(2)));
    assert!(doubt.reason.contains("a third"), "{doubt:?}");
}

#[test]
fn the_score_is_the_formula_of_the_method() {
    let one = record("A", "1", "Espace Jean Moulin", "4 rue Haute", 0.0).venue;
    let other = record("B", "2", "Espace Jean Moulin Nord", "rue Haute", 58.0).venue;
    let (alike, veto) = compare(&one, &other);
    // Words: espace 0.3, jean 1, moulin 1, nord 1. Common 2.3; Dice 4.6 / 5.6, held 1.
    let name = f64::midpoint(4.6 / 5.6, 1.0);
    let score = 0.60 * name + 0.15 * 0.85 + 0.25 * (250.0 - 58.0) / 240.0;
    assert!((alike.score - score).abs() < 0.001, "{alike:?} {score}");
    assert_eq!((veto, alike.to_string().as_str()), (None, "nearly the same name, same street"));
}

#[test]
fn a_merge_is_said_with_its_row_metres_score_and_reason() {
    let records = vec![
        record("A", "1", "Mairie de Foo", "1 rue Haute", 0.0),
        record("B", "2", "Commune de Foo", "1 rue Haute", 30.0),
    ];
    let settled = settle(records, &Register::default());
    let [head, joined] = settled.identities.as_slice() else { panic!("two identities") };
    assert_eq!((&head.id, &head.merged), (&settled.venues[0].id, &None));
    let merged = joined.merged.as_ref().expect("merged");
    assert_eq!(merged.into, head.id);
    assert!(merged.metres.is_some_and(|m| (m - 30.0).abs() < 0.2) && merged.score > Some(THRESHOLD));
    assert_eq!(merged.reason, "same name, same address");
    let [finding] = settled.findings.as_slice() else { panic!("one finding") };
    assert_eq!((finding.kind, finding.outcome, finding.line), (Kind::Duplicate, Outcome::Repaired, Some(2)));
    assert_eq!((finding.source.as_str(), finding.value.as_str()), ("B.csv", "Commune de Foo"));
    assert_eq!(finding.repair.as_ref(), Some(&head.id));
}

#[test]
fn an_identifier_shared_by_venues_of_two_regions_loses_neither() {
    let records = vec![
        record("DI", "112", "Centre social", "1 rue Haute", 0.0),
        record("DI", "112", "Médiathèque", "1 rue Basse", 90_000.0),
    ];
    let settled = settle(records, &Register::default());
    assert_eq!(settled.venues.len(), 2);
    let ids: Vec<&str> = settled.identities.iter().map(|identity| identity.record.id.as_str()).collect();
    assert_eq!(ids, ["112#centre-social", "112#mediatheque"]);
    assert!(settled.findings.iter().all(|f| f.kind == Kind::DuplicateId && f.outcome == Outcome::Kept));
}

#[test]
fn of_one_record_at_two_places_the_latest_is_kept() {
    let mut records = vec![
        record("A", "1", "Mairie", "1 rue Haute", 0.0),
        record("A", "1", "Mairie", "1 rue Basse", 900.0),
    ];
    records[1].venue.updated = "2024-08".parse().ok();
    records[1].line = 3;
    let settled = settle(records, &Register::default());
    assert_eq!(settled.venues.len(), 1);
    assert_eq!(settled.venues[0].address.as_deref(), Some("1 rue Basse"));
    assert_eq!((settled.findings[0].outcome, settled.findings[0].line), (Outcome::Refused, Some(2)));
}

#[test]
fn merging_keeps_the_richer_value_field_by_field() {
    let mut old = record("A", "1", "Mairie de Foo", "12 rue Haute", 0.0);
    let mut new = record("B", "2", "Commune de Foo", "", 20.0);
    let vintage = |text: &str| text.parse::<Vintage>().ok();
    (old.venue.updated, new.venue.updated) = (vintage("2021-05-05"), vintage("2024-01-01"));
    old.venue.services = Terms::from_iter([Service::Leisure]);
    old.venue.fees = Terms::from_iter([Fee::Free]);
    old.venue.entries = Terms::from_iter([Entry::WalkIn]);
    old.venue.hours_text = Some("Mo 09:00-12:00".to_owned());
    old.venue.hours = Some(territory::OpeningHours::new([(540, 720)]));
    new.venue.hours_text = Some("le matin".to_owned());
    new.venue.fees = Terms::from_iter([Fee::Paid]);
    new.venue.entries = Terms::from_iter([Entry::NoPublic]);
    let place = old.venue.position;
    let settled = settle(vec![old, new], &Register::default());
    let [venue] = settled.venues.as_slice() else { panic!("one venue") };
    assert_eq!(venue.name, "Commune de Foo", "the latest");
    assert_eq!((venue.address.as_deref(), venue.position), (Some("12 rue Haute"), place), "of one record");
    assert_eq!(venue.hours_text.as_deref(), Some("Mo 09:00-12:00"), "understood before recent");
    assert_eq!(venue.fees, Terms::from_iter([Fee::Paid]), "one answer, the latest");
    assert_eq!(venue.services, Terms::from_iter([Service::Leisure]));
    assert!(venue.receives_public(), "no service listed is not «n'accueille pas de public»");
    assert_eq!(venue.updated, vintage("2024-01-01"));
    assert_eq!(venue.records.len(), 2);
}

#[test]
fn thousands_of_rows_on_one_point_are_settled() {
    let records = (0..3000).map(|i| record("A", &i.to_string(), "Lieu", "1 rue Haute", 0.0)).collect();
    let settled = settle(records, &Register::default());
    assert_eq!(settled.identities.len(), 3000);
    assert!(settled.venues.len() < 300, "{}", settled.venues.len());
}

const NAMES: [&str; 9] = [
    "Mairie de Foo",
    "Foo",
    "Médiathèque",
    "Médiathèque Jean Moulin",
    "Médiathèque Simone Veil",
    "France services",
    "MSAP de Foo",
    "Espace 2",
    "Espace",
];

/// A small town where much is alike: producer, name, street, door, metres, year.
fn town() -> impl Strategy<Value = Vec<Record>> {
    let one = (0..3_usize, 0..NAMES.len(), 0..2_usize, 0..3_u8, 0..8_u32, 2020..2023_u16);
    prop::collection::vec(one, 1..14).prop_map(|rows| {
        let rows = rows.into_iter().zip(0_u32..);
        rows.map(|((producer, name, street, door, steps, year), i)| {
            let street = ["rue Haute", "rue Basse"][street];
            let address = if door == 0 { street.to_owned() } else { format!("{door} {street}") };
            let mut record = record(
                ["A", "B", "C"][producer],
                // Now and then the same identifier twice.
                &(i / 5 * 4 + i % 5).to_string(),
                NAMES[name],
                &address,
                f64::from(steps) * 40.0,
            );
            record.venue.updated = year.to_string().parse().ok();
            record.line = u64::from(i);
            record
        })
        .collect()
    })
}

fn registered(settled: &Settled) -> Register {
    settled.identities.iter().cloned().collect()
}

proptest! {
    #[test]
    fn the_order_of_the_files_changes_nothing(records in town().prop_flat_map(|r| (Just(r.clone()), Just(r).prop_shuffle()))) {
        let (records, shuffled) = records;
        let (one, other) = (settle(records, &Register::default()), settle(shuffled.clone(), &Register::default()));
        prop_assert_eq!(&one.venues, &other.venues);
        prop_assert_eq!(&one.identities, &other.identities);
        prop_assert_eq!(&settle(shuffled, &registered(&one)).venues, &one.venues);
    }

    #[test]
    fn settling_again_with_the_register_changes_nothing(records in town()) {
        let once = settle(records.clone(), &Register::default());
        let again = settle(records, &registered(&once));
        prop_assert_eq!(once, again);
    }

    #[test]
    fn identifiers_survive_a_new_source(records in town(), n in 0..14_usize) {
        let before = settle(records[..n.min(records.len())].to_vec(), &Register::default());
        let after = settle(records, &registered(&before));
        let of = |settled: &Settled| -> BTreeMap<SourceRecord, String> {
            settled.identities.iter().map(|i| (i.record.clone(), i.id.clone())).collect()
        };
        let (before_ids, after_ids) = (of(&before), of(&after));
        prop_assert!(before_ids.iter().all(|(record, id)| after_ids.get(record) == Some(id)));
        prop_assert_eq!(after_ids.values().collect::<BTreeSet<_>>().len(), after_ids.len());
    }

    #[test]
    fn no_two_records_of_a_venue_are_forbidden_to_be_one(records in town()) {
        let settled = settle(records.clone(), &Register::default());
        let mut left = Vec::new();
        for record in namesakes::settle(records, &mut left) {
            let home = settled.venues.iter().filter(|v| v.records.contains(&record.venue.records[0])).count();
            prop_assert_eq!(home, 1, "each record in one venue");
        }
        let ids: BTreeSet<&str> = settled.venues.iter().map(|v| v.id.as_str()).collect();
        prop_assert_eq!(ids.len(), settled.venues.len());
        prop_assert!(settled.merges.iter().all(|link| link.likeness.score >= THRESHOLD));
        prop_assert!(settled.doubts.iter().all(|link| link.likeness.score >= DOUBTFUL));
    }

    #[test]
    fn any_names_and_addresses_are_settled_without_panic(
        texts in prop::collection::vec(("\\PC{0,30}", "\\PC{0,30}", "\\PC{0,12}"), 1..6),
    ) {
        let records: Vec<Record> = texts
            .iter()
            .map(|(name, address, commune)| {
                let mut record = record(commune, name, name, address, 0.0);
                record.venue.commune_name.clone_from(commune);
                record
            })
            .collect();
        prop_assert!(!settle(records, &Register::default()).venues.is_empty());
    }

    #[test]
    fn likeness_is_symmetric_and_whole_on_itself(records in town()) {
        let (one, other) = (&records[0].venue, &records[records.len() - 1].venue);
        prop_assert_eq!(compare(one, other).0, compare(other, one).0);
        prop_assert_eq!(compare(one, one).0.score, 1.0);
    }
}
