use std::collections::BTreeMap;

use plain::Plain;
use territory::{CommuneCode, SocialRates};

use crate::build::{Materials, build};
use crate::{Atlas, Diagnosis, Inquiry};

/// A plain of six by four with a venue in a corner; communes further east are older, and none is told of
/// the last.
fn atlas(rated: bool, classified: bool) -> Atlas {
    let plain = Plain::new(6, 4);
    let gazetteer = plain.gazetteer();
    let code = |i, j| plain.code(i, j);
    let rate = |i: u8| SocialRates {
        seniors_percent: Some(10.0 + 5.0 * f64::from(i)),
        low_diploma_percent: Some(30.0 + 4.0 * f64::from(i)),
        no_fast_broadband_percent: Some(f64::from(i)),
        median_income_euros: Some(30_000.0 - f64::from(i)),
    };
    let told = plain.squares().filter(|&(i, j)| (i, j) != (5, 3));
    let by_code: BTreeMap<CommuneCode, SocialRates> = told.map(|(i, j)| (code(i, j), rate(i))).collect();
    let social = if classified { gaps::fragility::classify(&by_code) } else { BTreeMap::new() };
    let materials = Materials {
        name: "Plaine".to_owned(),
        inputs: "0".to_owned(),
        sources: Vec::new(),
        headcount: None,
        venues: vec![plain.venue(0, 0)],
        social,
        rates: if rated { by_code } else { BTreeMap::new() },
        published: None,
        priority_areas: Vec::new(),
        venues_stop_at_edge: false,
        gazetteer,
    };
    Atlas::new(build(materials, |_| {}), "test".to_owned())
}

fn diagnosis(atlas: &Atlas, query: &str) -> Diagnosis {
    atlas.diagnosis(&Inquiry::parse(query).expect(query)).expect(query)
}

#[test]
fn who_lives_further_and_is_more_fragile_makes_the_index_negative() {
    let equity = diagnosis(&atlas(true, false), "minutes=10").equity.expect("an index");
    assert!(equity.concentration < -0.05, "{}", equity.concentration);
    assert_eq!((equity.reading, equity.unreachable), ("further", 0));
    assert!(equity.access_min_fragile > equity.access_min_others);
    let plain = Plain::new(6, 4);
    assert_eq!(equity.without_index, plain.population(5, 3).0);
    assert_eq!(equity.threshold, 0.05);
}

#[test]
fn classes_sum_to_the_answer_and_people_without_data_are_one() {
    for query in ["minutes=10", "minutes=10&fragility_min=6", "minutes=3&mode=walk"] {
        let told = diagnosis(&atlas(true, false), query);
        assert_eq!(told.classes.iter().map(|c| c.beyond).sum::<u32>(), told.answer.beyond, "{query}");
        let without = told.classes.iter().find(|c| c.class.is_none());
        assert_eq!(without.is_some(), !query.contains("fragility_min"), "a floor keeps nobody without data");
        assert!(told.classes.iter().all(|c| c.class != Some(0)));
    }
}

#[test]
fn rates_count_the_old_and_classes_those_who_live_among_them() {
    let (rated, classified) = (atlas(true, false), atlas(false, true));
    let profiles = |atlas: &Atlas| diagnosis(atlas, "minutes=10").profiles;
    let bases = |atlas: &Atlas| profiles(atlas).iter().map(|p| (p.kind, p.basis)).collect::<Vec<_>>();
    assert_eq!(
        bases(&rated),
        [("seniors", "commune-rate"), ("low-diploma", "commune-class"), ("low-income", "commune-class")]
    );
    assert_eq!(
        bases(&classified),
        [("seniors", "commune-class"), ("low-diploma", "commune-class"), ("low-income", "commune-class")]
    );
    assert_eq!(profiles(&rated)[1..].iter().map(|p| p.beyond).collect::<Vec<_>>(), {
        profiles(&classified)[1..].iter().map(|p| p.beyond).collect::<Vec<_>>()
    });
    assert!(profiles(&rated)[1].rate_of.is_some_and(|of| of.contains("non scolarisés")));
    assert!(profiles(&classified).iter().all(|p| p.rate.is_none()));
    // The rate of the commune applied to its people, with everyone beyond.
    let plain = Plain::new(6, 4);
    let all = diagnosis(&rated, &format!("territory=commune:{}", plain.code(2, 1)));
    let old = (f64::from(plain.population(2, 1).0) * 0.2).round() as u32;
    assert_eq!(all.profiles[0].population, old);
    assert_eq!(profiles(&atlas(false, false)), [], "nothing is known: nothing is told");
}

#[test]
fn components_are_weighted_by_people_and_say_what_their_rate_is_a_share_of() {
    let plain = Plain::new(6, 4);
    let query = format!("territory=commune:{},commune:{}", plain.code(0, 0), plain.code(4, 0));
    let told = diagnosis(&atlas(true, false), &query).components;
    let (near, far) = (f64::from(plain.population(0, 0).0), f64::from(plain.population(4, 0).0));
    let expected = (near * 0.10 + far * 0.30) / (near + far);
    assert!((told[0].rate.expect("a rate") - expected).abs() < 1e-4);
    assert_eq!(
        told.iter().map(|c| c.kind).collect::<Vec<_>>(),
        ["seniors", "low-diploma", "low-income", "no-fast-broadband"]
    );
    assert_eq!((told[2].rate, told[2].rate_of), (None, None), "a median is no share");
    let none = diagnosis(&atlas(false, false), &query).components;
    assert!(none.iter().all(|c| c.class.is_none() && c.rate.is_none()), "no data is no zero");
}
