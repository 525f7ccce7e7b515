use super::*;
use proptest::prelude::*;

/// A commune, of which some values are not known.
fn keeps(text: &str) -> Option<bool> {
    let filter = Filter::parse(Layer::Communes, text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    let values: Vec<Value<'_>> = Layer::Communes
        .fields()
        .iter()
        .map(|field| match field.name {
            "code" => Value::Text("01004".into()),
            "name" => Value::Text("Ambérieu-en-Bugey".into()),
            "population" => Value::Int(14_000),
            "access_min" => Value::Float(7.5),
            "edge" => Value::Bool(false),
            _ => Value::Null,
        })
        .collect();
    let geometry = wkt::point(territory::Position::from_lon_lat(5.36, 45.96).expect("on Earth"));
    evaluate::truth(&filter.0, &Row { id: 4, values: &values, geometry: &geometry })
}

#[test]
fn a_filter_says_true_false_or_unknown() {
    for (text, expected) in [
        ("population > 1000", Some(true)),
        ("1000 > population", Some(false)),
        ("population = 14000 AND access_min = 7.5", Some(true)),
        ("population=14000.0 and Not access_min<>7.5", Some(true)),
        ("population > access_min", Some(true)),
        ("id = 4", Some(true)),
        ("name LIKE 'Amb%'", Some(true)),
        ("name NOT LIKE 'Amb%'", Some(false)),
        ("name LIKE 'amb%'", Some(false)),
        ("CASEI(name) LIKE casei('AMBÉ%')", Some(true)),
        ("ACCENTI(CASEI(name)) = 'amberieu-en-bugey'", Some(true)),
        ("accenti(name) = ACCENTI('Ambèrieu-en-Bugey')", Some(true)),
        ("\"code\" IN ('01004', '01007')", Some(true)),
        ("code NOT IN ('01004')", Some(false)),
        ("access_min BETWEEN 5 AND 7.5", Some(true)),
        ("access_min NOT BETWEEN +5. AND 7.4e0", Some(true)),
        ("edge = FALSE", Some(true)),
        ("edge <> false", Some(false)),
        ("TRUE", Some(true)),
        ("TRUE = FALSE", Some(false)),
        ("DATE('2024-01-01') < DATE('2024-01-02')", Some(true)),
        ("TIMESTAMP('2024-01-01T00:00:00Z') = TIMESTAMP('2024-01-01T01:00:00+01:00')", Some(true)),
        ("S_INTERSECTS(geometry, POINT(5.36 45.96))", Some(true)),
        ("S_INTERSECTS(geometry, BBOX(5,45,6,46))", Some(true)),
        ("s_intersects(BBOX(6,45,5,46), geometry)", Some(false)),
        ("S_INTERSECTS(geometry, BBOX(5,45,0,6,46,100))", Some(true)),
        ("S_INTERSECTS(geometry, BBOX(5,45,-5,46))", Some(true)),
        ("S_INTERSECTS(geometry, POLYGON((5 45, 6 45, 5 47, 5 45)))", Some(true)),
        (
            "S_INTERSECTS(geometry, POLYGON((5 45, 6 45, 5 47, 5 45),(5.3 45.9,5.4 45.9,5.35 46.1,5.3 45.9)))",
            Some(false),
        ),
        ("S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(0 0),LINESTRING(5 45.96,6 45.96)))", Some(true)),
        ("geometry IS NOT NULL", Some(true)),
        // What is not known.
        ("fragility > 5", None),
        ("NOT (fragility > 5)", None),
        ("fragility = fragility", None),
        ("fragility IS NULL", Some(true)),
        ("fragility IS NOT NULL", Some(false)),
        ("fragility > 5 OR population > 0", Some(true)),
        ("fragility > 5 OR population < 0", None),
        ("fragility > 5 AND population < 0", Some(false)),
        ("fragility > 5 AND population > 0", None),
        ("fragility NOT IN (1, 2)", None),
        ("population IN (fragility, 14000)", Some(true)),
        ("population NOT IN (fragility, 1)", None),
        ("population BETWEEN fragility AND 10", Some(false)),
        ("epci LIKE '%'", None),
        ("CASEI(epci) = 'x'", None),
        // A comparison binds before NOT, NOT before AND, AND before OR.
        ("NOT population < 0 AND population < 0 OR edge = FALSE", Some(true)),
        ("NOT (population < 0 OR edge = FALSE)", Some(false)),
        ("NOT NOT edge = FALSE", Some(true)),
    ] {
        assert_eq!(keeps(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_filter_is_refused_with_where_and_why() {
    for (text, said) in [
        ("", "the end"),
        ("population", "expected ="),
        ("population =", "the end"),
        ("population == 3", "not ="),
        ("population != 3", "'!'"),
        ("population = 3 4", "AND, OR or the end"),
        ("population = '3'", "two types"),
        ("name = 3", "two types"),
        ("name LIKE code", "a pattern"),
        ("population LIKE '3%'", "a text"),
        ("name BETWEEN 'a' AND 'b'", "a number"),
        ("population BETWEEN 1 OR 2", "AND"),
        ("population IN ()", "not )"),
        ("population IN (1, 'a')", "two types"),
        ("population IN (1", "expected )"),
        ("(population = 1", "expected )"),
        ("population = 1)", "the end"),
        ("edge", "expected ="),
        ("edge < TRUE", "no order"),
        ("name = 'x", "not closed"),
        ("name = 'x\\'", "not closed"),
        ("population = 1e999", "not a number"),
        ("population = 12abc", "not a number"),
        ("population + 1 = 2", "not a number"),
        ("population * 2 = 2", "'*'"),
        ("popul = 1", "queryables: id, code, name"),
        ("Population = 1", "queryables"),
        ("and = 1", "not and"),
        ("geometry = 1", "S_INTERSECTS"),
        ("S_INTERSECTS(geometry, POINT(200 0))", "200"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1)))", "ring"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1,0 1)))", "ring"),
        ("S_INTERSECTS(geometry, ENVELOPE(0,1,2,3))", "BBOX"),
        ("S_INTERSECTS(geometry, BBOX(0,2,1,1))", "south < north"),
        ("S_INTERSECTS(name, POINT(0 0))", "expected geometry"),
        ("S_WITHIN(geometry, POINT(0 0))", "S_WITHIN is not understood"),
        ("avg(population) = 1", "AVG is not understood"),
        ("DATE('2024-02-30') = DATE('2024-01-01')", "2024-08-31"),
        ("name = DATE('2024-01-01')", "two types"),
        ("population IS 3", "expected NULL"),
        ("population NOT = 3", "expected ="),
    ] {
        let refused = Filter::parse(Layer::Communes, text).expect_err(text);
        assert_eq!(refused.parameter, "filter");
        assert!(refused.allowed.contains(said), "{text}: {}", refused.allowed);
    }
    assert_eq!(Filter::parse(Layer::Communes, "popul = 1").expect_err("refused").value, "popul");
}

#[test]
fn a_filter_too_long_or_too_deep_is_refused_before_it_costs_anything() {
    let long = format!("name IN ({}'x')", "'x',".repeat(25_000));
    assert!(long.len() > 100_000);
    let refused = Filter::parse(Layer::Communes, &long).expect_err("too long");
    assert!(refused.allowed.contains("at most") && refused.value.len() < 200);
    for deep in [
        format!("{}TRUE{}", "(".repeat(8_000), ")".repeat(8_000)),
        format!("{}TRUE", "NOT ".repeat(4_000)),
        format!("{}name{} = 'x'", "CASEI(".repeat(2_000), ")".repeat(2_000)),
        format!("S_INTERSECTS(geometry,{}POINT(0 0)", "GEOMETRYCOLLECTION(".repeat(500)),
    ] {
        let refused = Filter::parse(Layer::Communes, &deep).expect_err("too deep");
        assert!(refused.allowed.contains("deep"), "{}", refused.allowed);
    }
    // A chain is not nested; each of its conditions costs a look at every feature.
    assert!(Filter::parse(Layer::Communes, &vec!["id = 1"; 100].join(" OR ")).is_ok());
    for many in [vec!["id = 1"; 101].join(" OR "), format!("id IN ({}id)", "id,".repeat(100))] {
        let refused = Filter::parse(Layer::Communes, &many).expect_err("too many");
        assert!(refused.allowed.contains("100 conditions"), "{}", refused.allowed);
    }
}

#[test]
fn every_layer_answers_to_its_properties() {
    for layer in Layer::ALL {
        for property in Property::of(layer) {
            let text = format!("{} IS NOT NULL", property.name);
            assert!(Filter::parse(layer, &text).is_ok(), "{} {text}", layer.slug());
        }
    }
}

fn texts() -> impl Strategy<Value = String> {
    "[a-zÉé'%_\\\\ \u{301}]{0,6}".prop_map(|text| format!("'{}'", text.replace('\'', "''")))
}

fn leaf() -> impl Strategy<Value = String> {
    let number = || prop_oneof!["-?[0-9]{1,4}", "[0-9]\\.[0-9]{1,3}", Just("population".to_owned())];
    let comparison = || prop::sample::select(vec!["=", "<>", "<", ">", "<=", ">="]);
    prop_oneof![
        (number(), comparison(), number()).prop_map(|(a, c, b)| format!("{a} {c} {b}")),
        (comparison(), texts()).prop_map(|(c, t)| format!("CASEI(name) {c} ACCENTI(CASEI({t}))")),
        texts().prop_map(|t| format!("name NOT LIKE {t}")),
        (texts(), texts()).prop_map(|(a, b)| format!("code IN ({a}, {b}, name)")),
        (number(), number()).prop_map(|(a, b)| format!("fragility NOT BETWEEN {a} AND {b}")),
        Just("epci IS NULL".to_owned()),
        Just("edge = TRUE".to_owned()),
        Just(
            "S_INTERSECTS(geometry, MULTIPOLYGON(((0 0, 1 0, 1 1, 0 0)), ((2 2, 3 2, 3 3, 2 2))))".to_owned()
        ),
        Just("S_INTERSECTS(BBOX(170, -1.5, -170, 1), geometry)".to_owned()),
        Just("TIMESTAMP('2024-01-01T00:00:00.25Z') < TIMESTAMP('2024-01-01T00:00:00Z')".to_owned()),
    ]
}

fn filters() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" AND "))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" or "))),
            inner.prop_map(|part| format!("NOT ({part})")),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_refused_or_becomes_canonical_once(text in "\\PC{0,60}") {
        if let Ok(filter) = Filter::parse(Layer::Communes, &text) {
            prop_assert_eq!(Filter::parse(Layer::Communes, &filter.to_string()), Ok(filter));
        }
    }

    #[test]
    fn words_of_the_language_in_any_order_never_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "(", ")", ",", "=", "<", ">", "NOT", "AND", "OR", "IN", "LIKE", "BETWEEN", "IS", "NULL", "name",
            "population", "geometry", "'a'", "'", "\\", "1", "-", "CASEI", "S_INTERSECTS", "POLYGON", "POINT",
            "BBOX", "TRUE", "DATE", "\"", "é", "GEOMETRYCOLLECTION",
        ]), 0..20)
    ) {
        let _ = Filter::parse(Layer::Communes, &words.join(" "));
        let _ = Filter::parse(Layer::Communes, &words.concat());
    }

    #[test]
    fn a_filter_reads_back_and_says_the_same(text in filters()) {
        // A text that ends with a backslash, or would once its mark is dropped, is none.
        if let Ok(filter) = Filter::parse(Layer::Communes, &text) {
            let written = filter.to_string();
            let read = Filter::parse(Layer::Communes, &written);
            prop_assert_eq!(read.as_ref(), Ok(&filter), "{}", written);
            prop_assert_eq!(keeps(&text), keeps(&written));
        } else {
            prop_assert!(text.contains('\\'), "{}", text);
        }
    }

    #[test]
    fn not_and_and_or_follow_de_morgan(a in leaf(), b in leaf()) {
        prop_assume!(!a.contains('\\') && !b.contains('\\'));
        prop_assert_eq!(keeps(&format!("NOT ({a} AND {b})")), keeps(&format!("NOT ({a}) OR NOT ({b})")));
    }

    #[test]
    fn a_bbox_never_panics(text in "[0-9,.e+-]{0,40}") {
        let _ = parse_bbox(&text);
    }
}

#[test]
fn a_box_may_cross_the_antimeridian_and_not_turn_upside_down() {
    assert_eq!(parse_bbox("4, 45,5,46").expect("a box").len(), 1);
    let both: Vec<[f64; 4]> = parse_bbox("170,-20,-170,20").expect("two").iter().map(|e| e.bbox()).collect();
    assert_eq!(both, [[170.0, -20.0, 180.0, 20.0], [-180.0, -20.0, -170.0, 20.0]]);
    assert_eq!(parse_bbox("4,45,-10,5,46,3000").expect("with heights")[0].bbox(), [4.0, 45.0, 5.0, 46.0]);
    for text in
        ["", "1,2,3", "1,2,3,4,5", "5,46,4,45", "4,45,9,5,46,8", "4,45,181,46", "4,45,5,NaN", "a,b,c,d"]
    {
        assert_eq!(parse_bbox(text).expect_err(text).parameter, "bbox");
    }
}
