//! On a plain whose distances are known: what opens, closes, moves and is said otherwise.

use std::collections::BTreeMap as Map;

use plain::Plain;
use proptest::prelude::*;
use territory::vocabulary::{Fee, Programme};
use territory::{Headcount, Position, Venue};

use super::*;
use crate::build::{Materials, build};

fn atlas_of(plain: Plain, venues: Vec<Venue>, headcount: Option<Headcount>) -> Atlas {
    let tables = build(
        Materials {
            name: "Plaine".to_owned(),
            inputs: "0".to_owned(),
            sources: Vec::new(),
            gazetteer: plain.gazetteer(),
            headcount,
            venues,
            social: Map::new(),
            rates: Map::new(),
            published: None,
            priority_areas: Vec::new(),
            venues_stop_at_edge: false,
        },
        |_| {},
    );
    Atlas::new(tables, "test".to_owned())
}

fn atlas(plain: Plain, venues: Vec<Venue>) -> Atlas {
    atlas_of(plain, venues, None)
}

fn ask(before: &Atlas, after: &Atlas, query: &str) -> Comparison {
    compare(before, after, &Inquiry::parse(query).expect(query)).expect("comparable")
}

/// The venue so many metres further north.
fn north(mut venue: Venue, metres: f64) -> Venue {
    let (lon, lat) = venue.position.into();
    venue.position = Position::from_lon_lat(lon, lat + metres / 111_195.08).expect("a position");
    venue
}

fn named(mut venue: Venue, id: &str, name: &str) -> Venue {
    id.clone_into(&mut venue.id);
    name.clone_into(&mut venue.name);
    venue
}

fn ids(list: &[VenueRef]) -> Vec<&str> {
    list.iter().map(|venue| venue.id.as_str()).collect()
}

#[test]
fn each_venue_is_opened_closed_moved_relabelled_or_the_same() {
    let plain = Plain::new(6, 1);
    let before = atlas(plain, (0..5).map(|i| plain.venue(i, 0)).collect());
    let mut free = plain.venue(2, 0);
    free.fees.insert(Fee::Free);
    free.programmes.insert(Programme::FranceServices);
    let after = atlas(
        plain,
        vec![
            plain.venue(0, 0),
            north(plain.venue(1, 0), 400.0),
            named(free, "2-0", "Maison commune"),
            north(named(plain.venue(3, 0), "3-0", "VENUE 3, 0"), 40.0),
            plain.venue(5, 0),
        ],
    );
    let Venues { before, after, same_record, alike, unchanged, opened, closed, moved, relabelled } =
        ask(&before, &after, "").venues;
    assert_eq!((before, after, same_record, alike), (5, 5, 4, 0));
    assert_eq!((ids(&opened), ids(&closed)), (vec!["5-0"], vec!["4-0"]));
    assert_eq!(moved.iter().map(|m| (m.before.id.as_str(), m.metres)).collect::<Vec<_>>(), [("1-0", 400.0)]);
    // Case and punctuation are no new name, 40 m no move.
    assert_eq!(unchanged, 2);
    let [Relabelled { before, after, changes }] = relabelled.as_slice() else { panic!("{relabelled:?}") };
    assert_eq!((before.name.as_str(), after.name.as_str()), ("Venue 2 0", "Maison commune"));
    assert_eq!(changes, &[Change::Name, Change::Fees, Change::Programmes]);
    assert_eq!(opened[0].commune.as_deref(), Some(plain.code(5, 0).as_str()));
}

#[test]
fn a_venue_with_a_new_identifier_is_known_by_its_name_or_address_nearby() {
    let plain = Plain::new(4, 1);
    let at = |i: u8, address: &str| Venue { address: Some(address.to_owned()), ..plain.venue(i, 0) };
    let before = atlas(plain, vec![at(0, "1 rue A"), at(1, "1, Rue B"), at(2, "1 rue C"), at(3, "1 rue D")]);
    let after = atlas(
        plain,
        vec![
            north(named(at(0, "2 rue X"), "new-0", "Venue 0 0"), 299.0),
            north(named(at(1, "1 rue b"), "new-1", "Other"), 100.0),
            // As alike, a metre too far.
            north(named(at(2, "1 rue C"), "new-2", "Venue 2 0"), 301.0),
            // As near as can be, and nothing alike.
            named(at(3, "9 rue Z"), "new-3", "Other"),
        ],
    );
    let venues = ask(&before, &after, "").venues;
    assert_eq!((venues.same_record, venues.alike), (0, 2));
    assert_eq!(ids(&venues.opened), ["new-2", "new-3"]);
    assert_eq!(ids(&venues.closed), ["2-0", "3-0"]);
    assert_eq!(venues.moved.iter().map(|m| m.metres).collect::<Vec<_>>(), [299.0, 100.0]);
    assert_eq!(venues.relabelled.len(), 1, "one has another name");
}

#[test]
fn the_likest_pair_is_settled_first_and_each_venue_once() {
    let plain = Plain::new(2, 1);
    let before =
        atlas(plain, vec![named(plain.venue(0, 0), "a", "Mairie"), named(plain.venue(0, 0), "b", "Mairie")]);
    let near = |id: &str, metres: f64| north(named(plain.venue(0, 0), id, "Mairie"), metres);
    let after = atlas(plain, vec![near("c", 10.0)]);
    let venues = ask(&before, &after, "").venues;
    assert_eq!((venues.alike, venues.closed.len(), venues.opened.len()), (1, 1, 0));
    assert_eq!(ids(&venues.closed), ["b"], "of two as alike, the first by identifier");
}

#[test]
fn a_venue_nearer_by_brings_its_commune_the_minutes_of_the_road_it_spares() {
    // A row of four communes: before, a venue at the west end; after, one at each end.
    let plain = Plain::new(4, 1);
    let before = atlas(plain, vec![plain.venue(0, 0)]);
    let after = atlas(plain, vec![plain.venue(0, 0), plain.venue(3, 0)]);
    let comparison = ask(&before, &after, "minutes=20");
    let of = |i: u8| {
        let code = plain.code(i, 0).to_string();
        comparison.areas.communes.iter().find(|c| c.area.code == code).expect("a commune").crossing
    };
    assert!(comparison.areas.same_places && comparison.warnings.is_empty(), "{:?}", comparison.warnings);
    for i in 0..4 {
        let figures = of(i);
        assert_eq!(figures.before.population, plain.population(i, 0).0);
        let median = |atlas: &Atlas| {
            let inquiry =
                Inquiry::parse(&format!("territory=commune:{}", plain.code(i, 0))).expect("an inquiry");
            atlas.diagnosis(&inquiry).expect("a diagnosis").answer
        };
        assert_eq!(figures.before.access_min, median(&before).access_min, "{i}");
        assert_eq!(
            (figures.after.access_min, figures.after.beyond),
            (median(&after).access_min, median(&after).beyond)
        );
    }
    assert_eq!((of(0).minutes, of(0).gaining), (Some(0.0), 0));
    assert!(of(3).minutes < of(2).minutes && of(2).minutes < Some(0.0), "{:?}", of(3));
    assert_eq!((of(3).gaining, of(3).losing), (u64::from(plain.population(3, 0).0), 0));
    assert_eq!(of(3).beyond, -i64::from(of(3).before.beyond));
    let sum =
        |pick: fn(&Crossing) -> i64| comparison.areas.communes.iter().map(|c| pick(&c.crossing)).sum::<i64>();
    assert_eq!(comparison.total.beyond, sum(|c| c.beyond));
    assert_eq!(comparison.total.gaining.cast_signed(), sum(|c| c.gaining.cast_signed()));
    for areas in [&comparison.areas.regions, &comparison.areas.departements, &comparison.areas.epcis] {
        assert_eq!(areas.iter().map(|c| c.crossing.gaining).sum::<u64>(), comparison.total.gaining);
        assert_eq!(areas.iter().map(|c| c.crossing.beyond).sum::<i64>(), comparison.total.beyond);
    }
}

#[test]
fn the_last_venue_of_all_that_closes_loses_everyone() {
    let plain = Plain::new(3, 3);
    let (before, after) = (atlas(plain, vec![plain.venue(1, 1)]), atlas(plain, Vec::new()));
    let total = ask(&before, &after, "").total;
    let everyone = u64::from(before.population().0);
    assert_eq!((total.gaining, total.losing, total.minutes), (0, everyone, None));
    assert_eq!(u64::from(total.after.beyond), everyone);
}

#[test]
fn a_perimeter_keeps_its_own_people_and_venues() {
    let plain = Plain::new(4, 1);
    let before = atlas(plain, vec![plain.venue(0, 0), plain.venue(1, 0)]);
    let after = atlas(plain, vec![plain.venue(2, 0), plain.venue(3, 0)]);
    let asked =
        ask(&before, &after, &format!("territory=commune:{},commune:{}", plain.code(1, 0), plain.code(2, 0)));
    assert_eq!((ids(&asked.venues.opened), ids(&asked.venues.closed)), (vec!["2-0"], vec!["1-0"]));
    assert_eq!((asked.venues.before, asked.venues.after, asked.areas.communes.len()), (1, 1, 2));
    let unknown = Inquiry::parse("territory=commune:75056").expect("an inquiry");
    assert!(compare(&before, &after, &unknown).is_err());
}

#[test]
fn communes_of_one_atlas_only_are_listed_and_not_compared() {
    let (small, large) = (Plain::new(2, 2), Plain::new(3, 2));
    let (before, after) = (atlas(small, vec![small.venue(0, 0)]), atlas(large, vec![large.venue(0, 0)]));
    let comparison = ask(&before, &after, "");
    let new: Vec<&str> = comparison.areas.only_after.iter().map(|a| a.code.as_str()).collect();
    assert_eq!(new, [large.code(2, 0).as_str(), large.code(2, 1).as_str()]);
    assert!(comparison.areas.only_before.is_empty() && comparison.areas.communes.len() == 4);
    assert_eq!(
        comparison.warnings.iter().map(|w| w.code).collect::<Vec<_>>(),
        ["places-differ", "territories-differ"]
    );
}

#[test]
fn people_spread_otherwise_are_compared_where_they_live_in_both() {
    let plain = Plain::new(2, 2);
    let cell = territory::Cell::at(plain.centre(0, 0));
    let counted = Headcount::new([(cell, 1.0)]).expect("a count");
    let before = atlas(plain, vec![plain.venue(0, 0)]);
    let after = atlas_of(plain, vec![plain.venue(0, 0)], Some(counted));
    let areas = ask(&before, &after, "").areas;
    assert!(!areas.same_places && areas.people_by_commune > 0);
    assert_eq!(areas.people_by_place + areas.people_by_commune, u64::from(before.population().0));
}

fn mirrored(forth: &Crossing, back: &Crossing) -> bool {
    forth.before == back.after
        && forth.after == back.before
        && forth.beyond == -back.beyond
        && (forth.gaining, forth.losing) == (back.losing, back.gaining)
        && forth.minutes.map(|m| (m * 10.0).round() as i64)
            == back.minutes.map(|m| -(m * 10.0).round() as i64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn nothing_changes_between_an_atlas_and_itself(venues in prop::collection::btree_set((0u8..4, 0u8..4), 0..6)) {
        let plain = Plain::new(4, 4);
        let atlas = atlas(plain, venues.into_iter().map(|(i, j)| plain.venue(i, j)).collect());
        let Comparison { venues, total, areas, warnings, .. } = ask(&atlas, &atlas, "");
        prop_assert_eq!(venues.unchanged, atlas.venues().len());
        prop_assert!(venues.opened.is_empty() && venues.closed.is_empty());
        prop_assert!(venues.moved.is_empty() && venues.relabelled.is_empty() && warnings.is_empty());
        for crossing in areas.communes.iter().map(|c| &c.crossing).chain([&total]) {
            prop_assert_eq!((crossing.gaining, crossing.losing, crossing.beyond), (0, 0, 0));
            prop_assert!(crossing.minutes.is_none_or(|m| m == 0.0));
        }
    }

    #[test]
    fn backwards_what_opened_closes_and_what_was_won_is_lost(
        old in prop::collection::btree_map((0u8..4, 0u8..4), 0u32..500, 0..6),
        new in prop::collection::btree_map((0u8..4, 0u8..4), (0u32..500, prop::bool::ANY), 0..6),
    ) {
        let plain = Plain::new(4, 4);
        let before = atlas(plain, old.into_iter().map(|((i, j), m)| north(plain.venue(i, j), f64::from(m))).collect());
        let renamed = |venue: Venue, other: bool| {
            let (id, name) = (format!("x{}", venue.id), venue.name.clone());
            if other { named(venue, &id, &name) } else { venue }
        };
        let after = new.into_iter().map(|((i, j), (m, other))| renamed(north(plain.venue(i, j), f64::from(m)), other));
        let after = atlas(plain, after.collect());
        let (forth, back) = (ask(&before, &after, "minutes=10"), ask(&after, &before, "minutes=10"));
        prop_assert_eq!(&forth.venues.opened, &back.venues.closed);
        prop_assert_eq!(&forth.venues.closed, &back.venues.opened);
        prop_assert_eq!(forth.venues.moved.len(), back.venues.moved.len());
        prop_assert_eq!(forth.venues.relabelled.len(), back.venues.relabelled.len());
        prop_assert_eq!((forth.venues.same_record, forth.venues.alike), (back.venues.same_record, back.venues.alike));
        prop_assert_eq!(forth.venues.before + forth.venues.opened.len(), forth.venues.after + forth.venues.closed.len());
        prop_assert!(mirrored(&forth.total, &back.total));
        for (there, again) in forth.areas.communes.iter().zip(&back.areas.communes) {
            prop_assert!(mirrored(&there.crossing, &again.crossing));
        }
    }
}
