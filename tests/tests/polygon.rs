//! A perimeter someone drew: posted as GeoJSON, answered as any other, kept in an address.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use geo::Contains;
use h3o::{CellIndex, LatLng};
use maillage_tests::Server;
use serde_json::{Value as Json, json};

/// Ground around Thiers and Ambert with a notch, across the border of two départements.
const RING: [[f64; 2]; 7] =
    [[3.35, 45.35], [4.05, 45.30], [4.10, 45.95], [3.75, 45.70], [3.40, 46.00], [3.30, 45.60], [3.35, 45.35]];

fn drawn() -> Json {
    json!({"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [RING]}})
}

fn post(server: &Server, path: &str, body: &Json) -> Json {
    let answer = server.post(path, body.to_string().as_bytes());
    assert_eq!(answer.status, 200, "{path}: {:.300}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

/// Whether the centre of a cell is in the ground drawn.
fn inside(code: &str) -> bool {
    let centre = LatLng::from(code.parse::<CellIndex>().expect("a cell"));
    let corners: Vec<(f64, f64)> = RING.iter().map(|&[lon, lat]| (lon, lat)).collect();
    let polygon = geo::Polygon::new(corners.into(), Vec::new());
    polygon.contains(&geo::coord! { x: centre.lng(), y: centre.lat() })
}

fn sum(features: &[Json], attribute: &str) -> u64 {
    features.iter().map(|f| f["properties"][attribute].as_u64().expect("a number")).sum()
}

#[test]
fn a_posted_polygon_counts_the_people_of_the_cells_inside_and_no_others() {
    let server = Server::of_the_sample();
    let found = post(&server, "/api/territories/answer", &drawn());
    let all = server.features("/api/collections/cells/items?limit=10000&properties=code,population,beyond");
    let within: Vec<Json> =
        all.into_iter().filter(|f| inside(f["properties"]["code"].as_str().expect("a code"))).collect();
    assert!(within.len() > 1_000, "{}", within.len());
    assert_eq!(found["territory"]["population"], sum(&within, "population"));
    assert_eq!(found["answer"]["beyond"], sum(&within, "beyond"));
    assert_eq!(found["territory"]["name"], "Périmètre dessiné");
    let warned = found["warnings"].as_array().expect("warnings");
    assert!(warned.iter().any(|w| w["code"] == "drawn-perimeter"), "{warned:?}");
}

#[test]
fn its_zones_and_its_communes_sum_to_its_answer() {
    let server = Server::of_the_sample();
    let found = post(&server, "/api/territories/answer?minutes=15&fee=free", &drawn());
    let zones = post(&server, "/api/zones?minutes=15&fee=free", &drawn());
    assert_eq!(zones["totals"]["population"], found["answer"]["beyond"]);
    assert_eq!(
        sum(zones["features"].as_array().expect("features"), "population"),
        zones["totals"]["population"]
    );
    let id = found["territory"]["id"].as_str().expect("an identifier");
    let asked = format!("territory={id}&minutes=15&fee=free");
    let communes = server.features(&format!("/api/collections/communes/items?limit=500&{asked}"));
    assert_eq!(sum(&communes, "population"), found["territory"]["population"]);
    assert_eq!(sum(&communes, "beyond"), found["answer"]["beyond"]);
    let departements = server.features(&format!("/api/collections/departements/items?{asked}"));
    assert!(departements.len() > 1, "the ground crosses a border");
    assert_eq!(sum(&departements, "venues"), found["answer"]["venues"]);
}

#[test]
fn it_has_an_address_that_answers_the_same_on_every_route() {
    let server = Server::of_the_sample();
    let posted = post(&server, "/api/territories/answer?minutes=25", &drawn());
    let id = posted["territory"]["id"].as_str().expect("an identifier");
    assert!(id.starts_with("polygon:") && id.len() < 100, "{id}");
    assert_eq!(server.json(&format!("/api/territories/{id}?minutes=25")), posted);
    let tiles = server.json(&format!("/tiles/communes?territory={id}"));
    assert_eq!(tiles["bounds"], posted["territory"]["bbox"]);
    // With a territory, the union of both: the people of neither are counted twice.
    let union = post(&server, "/api/territories/answer?territory=departement:63", &drawn());
    let alone = server.json("/api/territories/departement:63");
    let people = |found: &Json| found["territory"]["population"].as_u64().expect("a number");
    assert!(people(&union) > people(&alone) && people(&union) < people(&alone) + people(&posted));
}

#[test]
fn a_polygon_that_holds_no_ground_is_refused_by_name() {
    let server = Server::of_the_sample();
    let polygon = |ring: Json| json!({"type": "Polygon", "coordinates": [ring]}).to_string();
    let round: Vec<[f64; 2]> =
        (0..=20_000).map(|i| f64::from(i % 20_000).sin_cos()).map(<[f64; 2]>::from).collect();
    for (body, said) in [
        (polygon(json!([[4, 45], [5, 45], [5, 46], [4, 46]])), "open ring"),
        (polygon(json!([[4, 45], [5, 46], [5, 45], [4, 46], [4, 45]])), "intersect"),
        // Latitude first: off Somalia.
        (polygon(json!([[45, 4], [46, 4], [46, 5], [45, 5], [45, 4]])), "longitude then latitude"),
        (
            polygon(json!([
                [852_000, 6_552_000],
                [853_000, 6_552_000],
                [853_000, 6_553_000],
                [852_000, 6_552_000]
            ])),
            "degrees",
        ),
        (polygon(json!(round)), "simplify"),
        (json!({"type": "Point", "coordinates": [4, 45]}).to_string(), "Polygon"),
        ("not GeoJSON".to_owned(), "GeoJSON"),
    ] {
        for path in ["/api/territories/answer", "/api/zones"] {
            let problem = server.post(path, body.as_bytes()).problem(400);
            assert_eq!(problem["parameter"], "polygon", "{problem}");
            assert!(problem["detail"].as_str().is_some_and(|d| d.contains(said)), "{said}: {problem}");
        }
    }
    // Around the world is everyone.
    let world = polygon(json!([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]]));
    let everyone = server.post("/api/territories/answer", world.as_bytes()).json();
    assert_eq!(everyone["answer"], server.json("/api/territories/france")["answer"]);
    server.post("/api/zones", &vec![b' '; 2 << 20]).problem(413);
    server.send("GET", b"/api/territories/answer", &[]).problem(405);
    server.send("POST", b"/api/territories/departement:63", &[]).problem(405);
    server.get("/api/territories/polygon:AAAA").problem(404);
}
