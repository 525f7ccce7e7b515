//! The API judged by its own document: by the specification, by a validator, by thousands of questions.

use maillage_tests::{Server, haute_loire_atlas, judgement};
use serde_json::Value as Json;

/// The operations of the document.
fn n_operations(server: &Server) -> usize {
    let document = server.json("/api/openapi.json");
    let paths = document["paths"].as_object().into_iter().flatten();
    paths.filter_map(|(_, item)| item.as_object()).map(serde_json::Map::len).sum()
}

#[test]
fn the_document_keeps_its_specification_and_the_answers_keep_the_document() {
    let server = Server::of_the_sample();
    let base = format!("http://{}", server.address);
    let Some(said) = judgement("openapi.py", &[&base]) else { return };
    let counts: Vec<usize> = said.split(' ').filter_map(|word| word.parse().ok()).collect();
    assert_eq!(counts[0], n_operations(&server), "{said}");
    assert!(counts[1] > 10 && counts[2] > 60 && counts[3] > 200, "{said}");
}

#[test]
fn thousands_of_questions_made_from_the_document_find_nothing_undocumented() {
    let server = Server::of(haute_loire_atlas());
    let base = format!("http://{}", server.address);
    let Some(said) = judgement("fuzz.py", &[&base, "20261122", "40"]) else { return };
    let found: Json = serde_json::from_str(&said).expect("JSON");
    let count = |key: &str| found[key].as_u64().expect(key);
    // All but the document itself.
    assert_eq!(count("operations") as usize, n_operations(&server) - 1, "{said}");
    assert!(count("requests") > 3000 && count("accepted") > 300 && count("without_checks") == 0, "{said}");
    assert_eq!(server.get("/health").status, 200, "it still lives");
}

#[test]
fn the_landing_page_leads_to_the_document_and_to_its_page() {
    let server = Server::of_the_sample();
    let landing = server.json("/api");
    let links = landing["links"].as_array().expect("links");
    for (rel, media) in
        [("service-desc", "application/vnd.oai.openapi+json;version=3.1"), ("service-doc", "text/html")]
    {
        let link = links.iter().find(|link| link["rel"] == rel).expect(rel);
        assert_eq!(link["type"], media);
        let answer = server.get(link["href"].as_str().expect("an address"));
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-type").is_some_and(|found| found.starts_with(media)), "{rel}");
    }
}

#[test]
fn the_page_asks_nothing_of_any_other_server() {
    let server = Server::of_the_sample();
    let page = String::from_utf8(server.get("/api/docs").body).expect("UTF-8");
    let own = format!("http://{}", server.address);
    // The name of a reference system looks like an address, and is followed by nobody.
    let named = page.replace("http://www.opengis.net/def/crs/", "");
    assert!(!page.contains("\"http://www.opengis.net"), "no link to it");
    let others: Vec<&str> = named
        .match_indices("://")
        .map(|(at, _)| &named[at.saturating_sub(5)..(at + 40).min(named.len())])
        .filter(|around| !around.contains(own.trim_start_matches("http")))
        .collect();
    assert!(others.is_empty(), "{others:?}");
    for loads in [" src=", "<link rel=\"stylesheet\"", "@import", "url(", "<script"] {
        assert!(!page.contains(loads), "{loads}");
    }
    let document = server.json("/api/openapi.json");
    for (path, item) in document["paths"].as_object().expect("paths") {
        for operation in item.as_object().expect("operations").values() {
            let id = operation["operationId"].as_str().expect("a name");
            assert!(page.contains(&format!("<article id=\"{id}\">")), "{path}");
        }
    }
}

#[test]
fn a_server_behind_a_proxy_says_where_it_is_reached() {
    let server = Server::of_the_sample();
    let headers = [("X-Forwarded-Host", "carte.example.fr"), ("X-Forwarded-Proto", "https")];
    let document = server.send("GET", b"/api/openapi.json", &headers).json();
    assert_eq!(document["servers"][0]["url"], "https://carte.example.fr");
    let page = server.send("GET", b"/api/docs", &headers).body;
    assert!(String::from_utf8_lossy(&page).contains("curl &#39;https://carte.example.fr/api/zones?"));
}
