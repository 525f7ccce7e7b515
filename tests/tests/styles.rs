//! Every style the server makes, judged by the validator of `MapLibre`'s own specification.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::File;
use std::io::Write;
use std::process::Command;

use maillage_tests::{Server, absent, folder, repository, toulouse_atlas};
use serde_json::{Value as Json, json};

const METRICS: [&str; 6] = ["access_min", "beyond", "beyond_share", "fragility", "apl", "need"];

/// Questions that change what a style says: the mode, venues that do not all fit, a perimeter.
const QUESTIONS: [&str; 5] =
    ["", "mode=bike", "mode=walk&minutes=45", "fee=free&open=saturday", "minutes=15&fragility_min=7"];

fn styles(server: &Server) -> Vec<(String, Json)> {
    let questions =
        QUESTIONS.iter().flat_map(|question| [(*question).to_owned(), format!("{question}&values=apart")]);
    let questions: Vec<String> = questions.collect();
    let names = METRICS
        .iter()
        .flat_map(|metric| questions.iter().map(move |question| format!("/styles/{metric}.json?{question}")));
    names.map(|path| (path.clone(), server.json(&path))).collect()
}

/// What `gl-style-validate` complains of; none when there is no validator to ask.
fn complaints(styles: &[(String, Json)]) -> Option<Vec<String>> {
    let validator =
        repository().join("web/node_modules/@maplibre/maplibre-gl-style-spec/dist/gl-style-validate.mjs");
    if !validator.exists() {
        absent("web/node_modules is missing: run `npm ci` in web/, as `make test` does");
        return None;
    }
    let folder = folder();
    let mut complaints = Vec::new();
    for (rank, (name, style)) in styles.iter().enumerate() {
        let file = folder.path().join(format!("{rank}.json"));
        File::create(&file).and_then(|mut f| f.write_all(style.to_string().as_bytes())).expect("a file");
        let done = Command::new("node").arg(&validator).arg(&file).output().expect("node starts");
        let said = [done.stdout, done.stderr].concat();
        if !done.status.success() || !said.is_empty() {
            complaints.push(format!("{name}: {}", String::from_utf8_lossy(&said)));
        }
    }
    Some(complaints)
}

/// All texts of a style that begin like an address.
fn addresses(style: &Json) -> Vec<String> {
    match style {
        Json::String(text) if text.contains("://") || text.starts_with("//") => vec![text.clone()],
        Json::Array(list) => list.iter().flat_map(addresses).collect(),
        Json::Object(fields) => fields.values().flat_map(addresses).collect(),
        _ => Vec::new(),
    }
}

fn check(server: &Server) -> Vec<(String, Json)> {
    let styles = styles(server);
    let own = format!("http://{}/", server.address);
    for (name, style) in &styles {
        let addresses = addresses(style);
        assert!(addresses.len() >= 4, "{name}: {addresses:?}");
        assert!(addresses.iter().all(|address| address.starts_with(&own)), "{name}: {addresses:?}");
        let glyphs = style["glyphs"].as_str().expect("glyphs");
        for layer in style["layers"].as_array().expect("layers") {
            for font in layer["layout"]["text-font"].as_array().into_iter().flatten() {
                let font = font.as_str().expect("a name").replace(' ', "%20");
                let glyphs = glyphs.replace("{fontstack}", &font).replace("{range}", "0-255");
                assert_eq!(server.get(&glyphs).status, 200, "{glyphs}");
            }
        }
    }
    if let Some(complaints) = complaints(&styles) {
        assert!(complaints.is_empty(), "{complaints:#?}");
    }
    styles
}

#[test]
fn every_style_of_the_sample_is_valid_and_asks_nothing_of_another_host() {
    let styles = check(&Server::of_the_sample());
    assert!(styles.iter().all(|(_, style)| style["sources"]["priority-areas"].is_null()));
}

#[test]
fn every_style_of_an_atlas_with_roads_and_priority_areas_is_too() {
    if let Some(atlas) = toulouse_atlas() {
        let styles = check(&Server::of(atlas));
        assert!(styles.iter().all(|(_, style)| style["sources"]["priority-areas"].is_object()));
    }
}

/// What of a style must not change for a page that changes its values only: shapes, layers and their order; all but
/// what is seen of hatching.
fn lasting(style: &Json) -> Vec<Json> {
    let hatching = |layer: &Json| {
        ["hatch-", "estimated-"].iter().any(|id| layer["id"].as_str().is_some_and(|own| own.starts_with(id)))
    };
    let mut lasting = vec![style["sources"]["areas"].clone(), style["sources"]["cells"].clone()];
    for layer in style["layers"].as_array().expect("layers") {
        let mut layer = layer.clone();
        if hatching(&layer) {
            layer["layout"]["visibility"].take();
        }
        lasting.push(layer);
    }
    lasting
}

#[test]
fn a_style_whose_values_come_apart_has_the_shapes_and_the_layers_of_every_other() {
    let server = Server::of_the_sample();
    let usual = server.json("/styles/access_min.json?values=apart");
    let credited = server.json("/api/territories/france")["sources"].take();
    assert!(credited.as_array().is_some_and(|sources| sources.len() > 5), "{credited}");
    for metric in METRICS {
        for question in QUESTIONS.into_iter().chain(["territory=departement:42&mode=walk"]) {
            let style = server.json(&format!("/styles/{metric}.json?{question}&values=apart"));
            assert!(lasting(&style) == lasting(&usual), "{metric} {question}");
            let inside = server.json(&format!("/styles/{metric}.json?{question}"));
            let (apart, inside) = (&style["metadata"], &inside["metadata"]);
            assert_eq!(
                (&apart["maillage:values"], &inside["maillage:values"]),
                (&json!("apart"), &Json::Null)
            );
            assert_eq!(apart["maillage:legend"], inside["maillage:legend"]);
            assert_eq!(apart["maillage:bounds"], inside["maillage:bounds"]);
            assert_eq!(inside["maillage:sources"], credited, "{metric} {question}");
            assert_eq!(apart["maillage:sources"], credited, "{metric} {question}");
            for (start, words) in [("hatch-", "hatch"), ("estimated-", "estimated_hatch")] {
                let seen = if apart["maillage:legend"][words].is_null() { "none" } else { "visible" };
                let layers = style["layers"].as_array().expect("layers").iter();
                let hatches: Vec<&Json> =
                    layers.filter(|l| l["id"].as_str().is_some_and(|id| id.starts_with(start))).collect();
                assert_eq!(hatches.len(), 5, "{metric} {question}");
                assert!(
                    hatches.iter().all(|layer| layer["layout"]["visibility"] == seen),
                    "{metric} {question}"
                );
            }
        }
    }
    let address = usual["sources"]["cells"]["tiles"][0].as_str().expect("an address");
    assert!(
        address.split_once('?').is_some_and(|(_, query)| query.starts_with("v=") && !query.contains('&'))
    );
    let problem = server.get("/styles/need.json?values=inside").problem(400);
    assert_eq!((&problem["parameter"], &problem["value"]), (&json!("values"), &json!("inside")));
    assert!(problem["allowed"].as_str().is_some_and(|allowed| allowed.contains("apart")), "{problem}");
}

#[test]
fn two_attributes_at_once_have_nine_classes_that_part_every_commune() {
    let server = Server::of_the_sample();
    let style = server.json("/styles/need.json");
    let legend = &style["metadata"]["maillage:legend"];
    assert_eq!((&legend["attribute"], &legend["second"]), (&json!("access_min"), &json!("fragility")));
    let classes = legend["classes"].as_array().expect("classes");
    assert_eq!(classes.len(), 9);
    let within = |value: &Json, range: &Json| {
        let value = value.as_f64().expect("a number");
        range["min"].as_f64().is_none_or(|min| value >= min)
            && range["max"].as_f64().is_none_or(|max| value < max)
    };
    let mut counts = [0; 9];
    for commune in
        server.features("/api/collections/communes/items?limit=10000&properties=access_min,fragility")
    {
        let (minutes, index) = (&commune["properties"]["access_min"], &commune["properties"]["fragility"]);
        if minutes.is_null() || index.is_null() {
            continue;
        }
        let held: Vec<usize> = (0..9)
            .filter(|&i| within(minutes, &classes[i]) && within(index, &classes[i]["second"]))
            .collect();
        assert_eq!(held.len(), 1, "{minutes} {index}");
        counts[held[0]] += 1;
    }
    assert!(counts.iter().all(|&n| n > 0), "a class for nobody: {counts:?}");
    let simple = server.json("/styles/apl.json");
    let legend = &simple["metadata"]["maillage:legend"];
    assert_eq!((&legend["attribute"], &legend["second"]), (&json!("apl"), &Json::Null));
    assert!(legend["classes"].as_array().expect("classes").iter().all(|class| class.get("second").is_none()));
}

#[test]
fn the_validator_refuses_a_style_that_is_wrong() {
    let wrong = json!({"version": 8, "sources": {}, "layers": [
        {"id": "a", "type": "circle", "source": "nowhere", "paint": {"circle-radius": ["step", 3]}}
    ]});
    if let Some(complaints) = complaints(&[("wrong".to_owned(), wrong)]) {
        assert_eq!(complaints.len(), 1);
        assert!(complaints[0].contains("nowhere"), "{complaints:?}");
    }
}
