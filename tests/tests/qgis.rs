//! Downloads and a running server, opened by QGIS: the same classes, colours and labels as the page.
//!
//! Pictures are left in `target/qgis` to be looked at; `docs/pictures/qgis-*.png` are made of them.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::path::{Path, PathBuf};
use std::process::Command;

use maillage_tests::{Server, absent, folder, in_qgis, repository};
use serde_json::{Value as Json, json};

const QUESTION: &str = "territory=departement:42&minutes=20";
const LAYERS: &str = "communes,zones,venues";

/// Where the page looks, with all of the Loire in it: zoom, latitude, longitude.
const VIEW: (f64, f64, f64) = (8.3, 45.73, 4.2);

/// How far the share of a class may be from what the page shows, of all that is drawn: names, borders and circles of
/// several venues cover a little of the page, discs of each venue a little of the others.
const APART: f64 = 0.03;

fn saved(server: &Server, asked: &str, to: PathBuf) -> PathBuf {
    let answer = server.get(&format!("/api/export?layers={LAYERS}&{QUESTION}&{asked}"));
    assert_eq!(answer.status, 200, "{asked}: {}", String::from_utf8_lossy(&answer.body));
    std::fs::File::create(&to)
        .and_then(|mut file| std::io::Write::write_all(&mut file, &answer.body))
        .expect("saved");
    to
}

/// The map of the page as a picture, and its size; none without a browser.
fn page(server: &Server, picture: &Path) -> Option<Json> {
    if !repository().join("web/node_modules").exists() {
        absent("web/node_modules is missing: run `npm ci` in web/, as `make test` does");
        return None;
    }
    let (zoom, lat, lon) = VIEW;
    let done = Command::new("node")
        .args(["e2e/view.mjs", &format!("/?{QUESTION}#{zoom}/{lat}/{lon}"), text(picture)])
        .current_dir(repository().join("web"))
        .env("MAILLAGE_URL", format!("http://{}", server.address))
        .output()
        .expect("node starts");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    Some(serde_json::from_slice(&done.stdout).expect("a size"))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The label and the colour of each class of a map of communes, as the legend of the page has them.
fn legend(server: &Server) -> Vec<Json> {
    let style = server.json(&format!("/styles/access_min.json?{QUESTION}"));
    let legend = &style["metadata"]["maillage:legend"];
    let mut classes: Vec<Json> = legend["classes"].as_array().expect("classes").clone();
    classes.push(legend["no_data"].clone());
    let mut told: Vec<Json> = classes.iter().map(|class| json!([class["label"], class["colour"]])).collect();
    // Hatching is drawn over the classes, in the ink of the page.
    let hatches =
        [&legend["estimated_hatch"], &legend["hatch"]].into_iter().filter(|label| label.is_string());
    told.extend(hatches.map(|label| json!([label, "#33373d"])));
    told
}

fn layer<'a>(answer: &'a Json, name: &str) -> &'a Json {
    let layers = answer["layers"].as_array().expect("layers");
    let named =
        |layer: &&Json| layer["name"].as_str().is_some_and(|own| own.to_lowercase().starts_with(name));
    layers.iter().find(named).unwrap_or_else(|| unreachable!("no {name} in {layers:?}"))
}

#[test]
fn qgis_opens_every_download_and_the_live_server_with_the_map_of_the_page() {
    let server = Server::of_the_sample();
    let (folder, home) = (folder(), folder());
    let pictures = repository().join("target/qgis");
    std::fs::create_dir_all(&pictures).expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let geopackage = saved(&server, "format=gpkg", at("data.gpkg"));
    let flatgeobuf = saved(&server, "format=fgb", at("fgb.zip"));
    let project = saved(&server, "format=qgz", at("project.zip"));
    let live = saved(&server, "format=qgz&source=server", at("live.zip"));
    let web = pictures.join("page.png");
    let Some(size) = page(&server, &web) else { return };
    let expected = legend(&server);
    let colours: Vec<&Json> = expected.iter().take(6).map(|class| &class[1]).collect();
    let table = |name: &str| json!(["ogr", format!("{}|layername={name}", text(&geopackage))]);
    let jobs = json!({
        "folder": pictures,
        "view": {"zoom": VIEW.0, "lat": VIEW.1, "lon": VIEW.2, "size": size},
        "web": web,
        "colours": colours,
        "jobs": [
            {"name": "geopackage", "layers": [table("venues"), table("zones"), table("communes")]},
            {"name": "flatgeobuf", "layers": [["ogr", flatgeobuf]]},
            {"name": "project", "project": project},
            {"name": "features", "project": live},
            {"name": "tiles", "project": live, "group": "Tuiles vectorielles (fond rapide)"},
        ],
    });
    std::fs::File::create(at("jobs.json"))
        .and_then(|mut file| std::io::Write::write_all(&mut file, jobs.to_string().as_bytes()))
        .expect("written");
    let Some(answers) = in_qgis(&at("jobs.json"), home.path()) else { return };

    let number = |layer: &str| {
        let page = server.json(&format!("/api/collections/{layer}/items?{QUESTION}&limit=1"));
        page["numberMatched"].as_u64().expect("a count")
    };
    let (n_communes, n_zones, n_venues) = (number("communes"), number("zones"), number("venues"));
    assert!(n_communes > 300 && n_zones > 1 && n_venues > 50, "{n_communes} {n_zones} {n_venues}");
    for name in ["geopackage", "flatgeobuf", "project", "features"] {
        let answer = &answers[name];
        for (own, count) in [("communes", n_communes), ("zones", n_zones)] {
            let layer = layer(answer, own);
            assert_eq!(layer["valid"], true, "{name} {own}");
            assert_eq!(layer["features"], count, "{name} {own}");
            assert_eq!(
                (&layer["crs"], &layer["renderer"]),
                (&json!("EPSG:4326"), &json!("RuleRenderer")),
                "{name}"
            );
            assert_eq!(
                (&layer["aliases"]["population"], &layer["display"]),
                (&json!("Habitants"), &json!("\"name\""))
            );
        }
        assert_eq!(layer(answer, "communes")["classes"], json!(expected), "{name}");
        assert_eq!(layer(answer, "zones")["classes"][0][0], "Zone au-delà du seuil", "{name}");
        let venues =
            answer["layers"].as_array().expect("layers").iter().filter(|l| l["features"] == n_venues);
        let last = venues.filter_map(|layer| layer["classes"].as_array()).flatten().next_back();
        assert_eq!(last, Some(&json!(["Lieu qui répond à la question", "#0b6e4f"])), "{name}");
    }
    let tiles = &answers["tiles"];
    assert_eq!(layer(tiles, "communes")["renderer"], "basic");
    assert_eq!(layer(tiles, "communes")["classes"], json!(expected));
    assert_eq!(layer(tiles, "zones")["classes"].as_array().map(Vec::len), Some(1));

    for name in ["geopackage", "flatgeobuf", "project", "features", "tiles"] {
        for colour in &colours {
            let colour = colour.as_str().expect("a colour");
            let share = |of: &str| answers[of]["shares"][colour].as_f64().expect("a share");
            let (theirs, ours) = (share(name), share("page"));
            assert!((theirs - ours).abs() < APART, "{name} {colour}: {theirs} in QGIS, {ours} on the page");
        }
    }
    for name in ["project", "features"] {
        prints(&answers[name]);
    }
}

/// The project says what it is, groups its layers, and its page to print holds all it must, none over another.
fn prints(project: &Json) {
    assert_eq!(
        (&project["title"], &project["crs"]),
        (&json!("Accès à la médiation numérique – Loire"), &json!("EPSG:3857"))
    );
    assert_eq!(project["groups"][0], "Lieux et zones");
    let credit = layer(project, "communes")["attribution"].as_str().expect("a text");
    assert!(credit.contains("Contours des communes"), "{credit}");
    let legend = project["legend"]["maillage_communes"].as_array().expect("a legend");
    assert_eq!(legend.first(), Some(&json!("moins de 5\u{a0}min")));
    assert_eq!(project["layout"]["name"], "Carte A4");
    let items = project["layout"]["items"].as_object().expect("items");
    let boxes: Vec<(&str, [f64; 4])> = ["Titre", "Question", "Carte", "Légende", "Sources"]
        .into_iter()
        .map(|name| (name, [0, 1, 2, 3].map(|i| items[name][i].as_f64().expect("millimetres"))))
        .collect();
    for (i, (name, [left, top, right, bottom])) in boxes.iter().enumerate() {
        assert!(*left >= 9.0 && *top >= 4.0 && *right <= 288.0 && *bottom <= 207.0, "{name} leaves the page");
        for (other, [l, t, r, b]) in &boxes[..i] {
            // A frame is a line of some width.
            let apart = right - 0.3 <= *l || r - 0.3 <= *left || bottom - 0.3 <= *t || b - 0.3 <= *top;
            assert!(apart, "{name} covers {other}");
        }
    }
}
