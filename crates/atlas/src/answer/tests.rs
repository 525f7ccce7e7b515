use plain::Plain;
use territory::{Cell, Headcount};

use super::*;
use crate::tables::tests::counted_tables;

/// What is said of how people are spread, for a perimeter of a plain of 2 × 1 communes.
fn said(headcount: Option<Headcount>, territory: &str) -> Vec<(&'static str, String)> {
    let atlas = Atlas::new(counted_tables(2, 1, headcount), "test".to_owned());
    let inquiry = Inquiry::parse(&format!("territory={territory}")).expect("an inquiry");
    let warnings = atlas.warnings(&inquiry).expect("warnings");
    let spread = warnings.into_iter().filter(|w| w.code.contains("modelled"));
    spread.map(|Warning { code, message }| (code, message)).collect()
}

#[test]
fn a_modelled_spread_is_said_and_a_counted_one_only_where_the_grid_has_nobody() {
    let plain = Plain::new(2, 1);
    let first = Cell::at(plain.centre(0, 0));
    let counted = Headcount::new([(first, 3.0)]).expect("a count");
    let (west, east) = (format!("commune:{}", plain.code(0, 0)), format!("commune:{}", plain.code(1, 0)));

    let [(code, message)] = said(None, &west).try_into().expect("one warning");
    assert_eq!(code, "modelled-population");
    assert!(message.contains("aucun carroyage"), "{message}");

    assert_eq!(said(Some(counted.clone()), &west), [], "counted there");
    let [(code, message)] = said(Some(counted), &east).try_into().expect("one warning");
    assert_eq!(code, "partly-modelled-population");
    assert!(message.contains("101\u{a0}habitants"), "{message}");
}

#[test]
fn one_goes_up_from_each_territory_to_the_whole_and_no_further() {
    let plain = Plain::new(4, 3);
    let atlas = Atlas::new(counted_tables(4, 3, None), "test".to_owned());
    let described = |query: &str| {
        let inquiry = Inquiry::parse(query).expect("an inquiry");
        atlas.diagnosis(&inquiry).expect("a diagnosis").territory
    };
    let commune = format!("commune:{}", plain.code(0, 0));
    let mut way = vec![commune.clone()];
    while let Some(parent) = described(&format!("territory={}", way[way.len() - 1])).parent {
        assert_eq!(parent.name, described(&format!("territory={}", parent.id)).name);
        way.push(parent.id);
    }
    let kinds: Vec<&str> = way.iter().map(|id| id.split(':').next().expect("a kind")).collect();
    assert_eq!(kinds, ["commune", "epci", "departement", "region", "france"]);
    let whole = Some(Parent { id: "france".to_owned(), name: "Plaine".to_owned() });
    let several = described(&format!("territory={commune},commune:{}", plain.code(3, 2)));
    assert_eq!((several.kind.as_str(), several.parent), ("union", whole));
    assert_eq!(described("").parent, None);
}
