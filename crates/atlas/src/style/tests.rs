use std::collections::BTreeMap;

use territory::Mode;

use super::symbology::{Symbol, Test, rules};
use super::*;

/// The numbers of an area.
type Numbers = BTreeMap<&'static str, f64>;

/// What an expression of `MapLibre` comes to.
fn evaluated(expression: &Json, numbers: &Numbers) -> Json {
    let Some([operator, arguments @ ..]) = expression.as_array().map(Vec::as_slice) else {
        return expression.clone();
    };
    let number = |name: &Json| numbers.get(name.as_str().expect("a name")).copied();
    let is = |condition: &Json| evaluated(condition, numbers) == json!(true);
    match (operator.as_str().expect("an operator"), arguments) {
        ("get", [name]) => json!(number(name)),
        ("has", [name]) => json!(number(name).is_some()),
        ("!", [condition]) => json!(!is(condition)),
        ("all", conditions) => json!(conditions.iter().all(is)),
        ("case", cases) => {
            let chosen = cases.chunks(2).find_map(|case| match case {
                [otherwise] => Some(otherwise),
                [condition, then] => is(condition).then_some(then),
                _ => None,
            });
            evaluated(chosen.expect("a case"), numbers)
        }
        ("step", [value, first, stops @ ..]) => {
            let value = evaluated(value, numbers).as_f64().expect("a number");
            let mut passed =
                stops.chunks(2).filter(|stop| stop[0].as_f64().is_some_and(|from| value >= from));
            evaluated(passed.next_back().map_or(first, |stop| &stop[1]), numbers)
        }
        (other, _) => panic!("{other}"),
    }
}

/// Whether a rule is for an area; of those that fill, none looks at anything but numbers.
fn holds(test: &Test, numbers: &Numbers) -> bool {
    let has = |field: &str| numbers.contains_key(field);
    match test {
        Test::Between(field, min, max) => numbers
            .get(field)
            .is_some_and(|value| min.is_none_or(|min| *value >= min) && max.is_none_or(|max| *value < max)),
        Test::Missing(field, other) => !has(field) && other.is_none_or(|other| !has(other)),
        Test::MissingBut(field, other) => !has(field) && has(other),
        Test::Both(tests) => tests.iter().all(|test| holds(test, numbers)),
        Test::Either(tests) => tests.iter().any(|test| holds(test, numbers)),
        _ => panic!("a fill by a text"),
    }
}

/// Numbers below, at and above every break of a metric, each there or not.
fn worlds(legend: &Legend) -> Vec<Numbers> {
    let bounds = |attribute: &str| -> Vec<f64> {
        let classes = legend.classes.iter();
        let of = classes
            .filter_map(|class| if attribute == legend.attribute { class.min } else { class.second?.min });
        of.collect()
    };
    let mut worlds = vec![Numbers::new()];
    for attribute in [Some(legend.attribute), legend.second, Some(COUNTED)].into_iter().flatten() {
        let near = bounds(attribute).into_iter().flat_map(|bound| [bound - 1e-5, bound, bound + 0.5]);
        let told: Vec<f64> = near.chain([0.0]).collect();
        let with = |world: &Numbers, value: f64| {
            let mut world = world.clone();
            world.insert(attribute, value);
            world
        };
        let more: Vec<Numbers> =
            worlds.iter().flat_map(|world| told.iter().map(|value| with(world, *value))).collect();
        worlds.extend(more);
    }
    worlds
}

#[test]
fn a_desktop_gis_gives_every_area_one_colour_and_that_of_the_web_map() {
    for metric in Metric::ALL {
        for stranded in [false, true] {
            let times = Times::OnRoads { routed: true, estimated: true, stranded };
            let legend = metric.legend(Mode::Car, times, true);
            let on_the_web = &areas::fills(&legend, Paint::Inside)[0]["paint"]["fill-color"];
            let rules = rules(Layer::Communes, &legend);
            for world in worlds(&legend) {
                let colours: Vec<&str> = rules
                    .iter()
                    .filter_map(|rule| match rule.symbol {
                        Symbol::Fill { colour, .. } if holds(&rule.test, &world) => Some(colour),
                        _ => None,
                    })
                    .collect();
                assert_eq!(
                    json!(colours),
                    json!([evaluated(on_the_web, &world)]),
                    "{world:?} of {}",
                    metric.slug()
                );
            }
        }
    }
}

#[test]
fn both_attributes_of_a_metric_stand_in_the_styles_of_a_desktop_gis() {
    let legend = Metric::Need.legend(Mode::Car, Times::Estimated, false);
    let rules = rules(Layer::Communes, &legend);
    let qml = qml::qml(&rules, &[], false);
    let far = "(&quot;access_min&quot; &gt;= 20) AND (&quot;fragility&quot; &gt;= 7)";
    assert!(qml.contains(far), "{qml}");
    assert!(qml.contains("(&quot;access_min&quot; IS NULL) OR (&quot;fragility&quot; IS NULL AND"), "{qml}");
    let sld = sld::sld("communes", "Communes", &rules);
    let named = |name: &str| format!("<ogc:PropertyName>{name}</ogc:PropertyName>");
    let [minutes, index] = ["access_min", "fragility"].map(named);
    let from = |name: &str, least: u8| {
        format!(
            "<ogc:PropertyIsGreaterThanOrEqualTo>{name}<ogc:Literal>{least}</ogc:Literal></ogc:PropertyIsGreaterThanOrEqualTo>"
        )
    };
    assert!(sld.contains(&format!("<ogc:And>{}{}</ogc:And>", from(&minutes, 20), from(&index, 7))), "{sld}");
}
