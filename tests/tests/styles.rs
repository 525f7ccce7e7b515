//! Every style the server makes, judged by the validator of `MapLibre`'s own specification.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::File;
use std::io::Write;
use std::process::Command;

use maillage_tests::{Server, absent, folder, repository, toulouse_atlas};
use serde_json::{Value as Json, json};

const METRICS: [&str; 4] = ["access_min", "beyond", "beyond_share", "fragility"];

/// Questions that change what a style says: the mode, venues that do not all fit, a perimeter.
const QUESTIONS: [&str; 5] =
    ["", "mode=bike", "mode=walk&minutes=45", "fee=free&open=saturday", "minutes=15&fragility_min=7"];

fn styles(server: &Server) -> Vec<(String, Json)> {
    let names = METRICS
        .iter()
        .flat_map(|metric| QUESTIONS.iter().map(move |question| format!("/styles/{metric}.json?{question}")));
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
