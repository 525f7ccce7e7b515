//! `/api/access` and `/api/isochrones` over HTTP, along roads and without.

use geo::{Area, BooleanOps, Contains, Geometry, MultiPolygon, coord};
use maillage_tests::{Server, invalid, shape, toulouse_atlas};
use serde_json::Value as Json;

/// The Capitole of Toulouse, and Clermont-Ferrand.
const CAPITOLE: &str = "lon=1.4437&lat=43.6045";
const CLERMONT: &str = "lon=3.0870&lat=45.7772";

fn list<'a>(of: &'a Json, key: &str) -> &'a [Json] {
    of[key].as_array().unwrap_or_else(|| unreachable!("{key} of {of}"))
}

fn number(of: &Json, key: &str) -> f64 {
    of[key].as_f64().unwrap_or_else(|| unreachable!("{key} of {of}"))
}

#[test]
fn the_legs_of_a_way_sum_to_its_minutes_and_its_line_goes_from_here_to_the_venue() {
    let Some(atlas) = toulouse_atlas() else { return };
    let server = Server::of(atlas);
    for mode in ["car", "bike", "walk"] {
        let found = server.json(&format!("/api/access?{CAPITOLE}&mode={mode}&limit=5"));
        assert!(found["mode"] == mode && number(&found, "road_distance_m") < 100.0, "{found}");
        let venues = list(&found, "venues");
        assert_eq!(venues.len(), 5);
        let minutes: Vec<f64> = venues.iter().map(|venue| number(venue, "minutes")).collect();
        assert!(minutes.is_sorted(), "{minutes:?}");
        for venue in venues {
            assert_eq!(venue["method"], "routed", "{venue}");
            let legs = list(venue, "legs");
            let modes: Vec<&str> = legs.iter().filter_map(|leg| leg["mode"].as_str()).collect();
            assert_eq!(modes, ["walk", mode, "walk"]);
            let sum: f64 = legs.iter().map(|leg| number(leg, "minutes")).sum();
            // Each is rounded to a tenth.
            assert!((sum - number(venue, "minutes")).abs() < 0.2 + 1e-9, "{venue}");
            assert_eq!(venue["route"]["type"], "LineString");
            let line = list(&venue["route"], "coordinates");
            let degrees = |point: &Json, i: usize| point[i].as_f64().expect("degrees");
            let first = line.first().expect("a line");
            assert!(
                (degrees(first, 0) - 1.4437).abs() < 0.002 && (degrees(first, 1) - 43.6045).abs() < 0.002
            );
            let length: f64 = line
                .windows(2)
                .map(|pair| {
                    let east = (degrees(&pair[1], 0) - degrees(&pair[0], 0)) * 43.6f64.to_radians().cos();
                    east.hypot(degrees(&pair[1], 1) - degrees(&pair[0], 1)) * 111_195.0
                })
                .sum();
            let ride = number(&legs[1], "metres");
            assert!((length - ride).abs() < 2.0 + ride / 100.0, "{length} m drawn of {ride}");
        }
    }
}

/// The isochrones at an address: minutes, people, ground.
fn isochrones(server: &Server, asked: &str) -> Vec<(f64, f64, MultiPolygon)> {
    let found = server.json(&format!("/api/isochrones?{asked}"));
    let one = |feature: &Json| {
        let ground = match shape(feature) {
            Some(Geometry::MultiPolygon(ground)) => ground,
            Some(Geometry::Polygon(ground)) => MultiPolygon::new(vec![ground]),
            other => unreachable!("{other:?}"),
        };
        let about = &feature["properties"];
        (number(about, "minutes"), number(about, "population"), ground)
    };
    list(&found, "features").iter().map(one).collect()
}

#[test]
fn a_longer_isochrone_holds_a_shorter_with_its_ground_and_its_people() {
    let Some(atlas) = toulouse_atlas() else { return };
    let server = Server::of(atlas);
    for outline in ["smooth", "cells"] {
        for mode in ["walk", "bike"] {
            let asked = format!("{CAPITOLE}&mode={mode}&minutes=30,10,20&outline={outline}");
            let rings = isochrones(&server, &asked);
            let minutes: Vec<f64> = rings.iter().map(|ring| ring.0).collect();
            assert_eq!(minutes, [10.0, 20.0, 30.0]);
            for (_, people, ground) in &rings {
                assert!(*people > 0.0 && ground.unsigned_area() > 0.0, "{asked}");
                assert_eq!(invalid(&Geometry::MultiPolygon(ground.clone())), None, "{asked}");
                // Of cells only the inhabited are drawn.
                let here = ground.contains(&coord! { x: 1.4437, y: 43.6045 });
                assert!(here || outline == "cells", "{asked}");
            }
            for pair in rings.windows(2) {
                let (shorter, longer) = (&pair[0], &pair[1]);
                assert!(shorter.1 <= longer.1, "{asked}: people");
                assert!(shorter.2.unsigned_area() < longer.2.unsigned_area(), "{asked}: ground");
                // Coordinates are rounded to a tenth of a metre.
                let outside = shorter.2.difference(&longer.2).unsigned_area();
                assert!(outside < shorter.2.unsigned_area() * 1e-3, "{asked}: {outside}");
            }
        }
    }
}

#[test]
fn however_it_is_drawn_an_isochrone_counts_the_same_people_and_twice_the_same() {
    let Some(atlas) = toulouse_atlas() else { return };
    let server = Server::of(atlas);
    let found = server.json(&format!("/api/access?{CAPITOLE}&limit=1"));
    let venue = found["venues"][0]["id"].as_str().expect("an identifier");
    for asked in [CAPITOLE.to_owned(), format!("venue={venue}")] {
        let people = |outline: &str| -> Vec<f64> {
            let rings = isochrones(&server, &format!("{asked}&mode=bike&outline={outline}"));
            rings.into_iter().map(|ring| ring.1).collect()
        };
        assert_eq!(people("smooth"), people("cells"), "{asked}");
    }
    let address = format!("/api/isochrones?{CAPITOLE}&mode=walk");
    assert!(
        server.get(&address).body == Server::of(atlas).get(&address).body,
        "another server, the same bytes"
    );
}

#[test]
fn a_wrong_parameter_is_named_and_a_venue_that_is_not_there_is_not_found() {
    let server = Server::of_the_sample();
    for (address, parameter) in [
        ("access?lat=43.6", "lon"),
        ("access?lon=1.4", "lat"),
        ("access?lon=one&lat=43.6", "lon"),
        ("access?lon=nan&lat=43.6", "lon"),
        ("access?lon=inf&lat=43.6", "lon"),
        ("access?lon=200&lat=43.6", "lon"),
        ("access?lon=1.4&lat=-95", "lat"),
        ("access?lon=1.4&lat=43.6&lon=2", "lon"),
        ("access?lon=1.4&lat=43.6&mode=plane", "mode"),
        ("access?lon=1.4&lat=43.6&limit=0", "limit"),
        ("access?lon=1.4&lat=43.6&limit=21", "limit"),
        ("access?lon=1.4&lat=43.6&outline=cells", "outline"),
        ("isochrones?lon=1,4&lat=43.6", "lon"),
        ("isochrones?lon=1.4&lat=43.6&minutes=0", "minutes"),
        ("isochrones?lon=1.4&lat=43.6&minutes=121", "minutes"),
        ("isochrones?lon=1.4&lat=43.6&minutes=10,,20", "minutes"),
        ("isochrones?lon=1.4&lat=43.6&minutes=1,2,3,4,5,6,7", "minutes"),
        ("isochrones?lon=1.4&lat=43.6&minutes=ten", "minutes"),
        ("isochrones?lon=1.4&lat=43.6&outline=round", "outline"),
        ("isochrones?lon=1.4&lat=43.6&mode=Walk", "mode"),
        ("isochrones?lon=1.4&lat=43.6&venue=x", "venue"),
        ("isochrones?lon=1.4&lat=43.6&fee=free", "fee"),
    ] {
        let problem = server.get(&format!("/api/{address}")).problem(400);
        assert_eq!(problem["parameter"], parameter, "{address}: {problem}");
    }
    let problem = server.get("/api/isochrones?venue=nowhere").problem(404);
    assert!(problem["detail"].as_str().is_some_and(|detail| detail.contains("nowhere")), "{problem}");
}

#[test]
fn without_roads_both_answer_and_say_that_they_estimate() {
    let server = Server::of_the_sample();
    for mode in ["car", "bike", "walk"] {
        let found = server.json(&format!("/api/access?{CLERMONT}&mode={mode}&limit=3"));
        assert!(found["road_distance_m"].is_null(), "{found}");
        let venues = list(&found, "venues");
        assert_eq!(venues.len(), 3);
        for venue in venues {
            assert_eq!(venue["method"], "estimated", "{venue}");
            assert!(list(venue, "legs").is_empty() && venue["route"].is_null(), "{venue}");
        }
        let address = format!("/api/isochrones?{CLERMONT}&mode={mode}&minutes=30,60");
        let found = server.json(&address);
        let methods: Vec<&Json> =
            list(&found, "features").iter().map(|feature| &feature["properties"]["method"]).collect();
        assert_eq!(methods, ["estimated", "estimated"], "{address}");
        let rings = isochrones(&server, &address["/api/isochrones?".len()..]);
        assert!(rings[0].1 > 0.0 && rings[0].1 <= rings[1].1, "{mode}");
        // Whichever way it is drawn the people are the same; a circle holds the centres of their cells.
        let cells = isochrones(&server, &format!("{}&outline=cells", &address["/api/isochrones?".len()..]));
        for (smooth, cells) in rings.iter().zip(&cells) {
            assert_eq!(smooth.1, cells.1, "{mode}");
            assert_eq!(smooth.2.0.len(), 1, "a circle");
        }
    }
}
