//! `/api` and `/api/conformance`: where a client finds the rest.

use std::sync::Arc;

use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use crate::base::{Onward, base};
use crate::operation::Takes;
use crate::operations::OPERATIONS;
use crate::page::{Cell, Face, Page};
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::state::State;
use crate::{docs, openapi};

const DESCRIPTION: &str = "Accès à la médiation numérique\u{a0}: temps, couverture, zones sous-desservies";

/// What leads on from the landing page: relation, media type, path, title.
const LINKS: [(&str, &str, &str, &str); 8] = [
    ("service-desc", openapi::MEDIA_TYPE, openapi::PATH, "Définition de l’API (OpenAPI 3.1)"),
    ("service-doc", "text/html", docs::PATH, "Documentation de l’API"),
    ("conformance", "application/json", "/api/conformance", "Conformité"),
    ("data", "application/json", "/api/collections", "Couches"),
    ("related", "application/geo+json", "/api/zones", "Zones sous-desservies"),
    ("related", "application/json", "/tiles", "Tuiles vectorielles"),
    ("related", "application/json", "/api/access", "Lieux les plus proches d'un point (lon, lat)"),
    (
        "related",
        "application/json",
        "/api/isochrones",
        "Qui rejoint un lieu ou un point, en combien de temps",
    ),
];

/// The OGC classes the API keeps.
///
/// It is described in `OpenAPI` 3.1, whose class is of the draft of part 1 version 1.1: those of version
/// 1.0 and of Common speak of 3.0. A `limit` above the maximum is refused, as the first edition of part 1
/// has it (17-069r3 §7.15.8) and its corrigendum no more.
const CONFORMANCE: [&str; 19] = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/landing-page",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.1/conf/oas31",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
];

/// Where one of them is, with the question when it understands one.
fn address(onward: &Onward, base: &str, path: &str) -> String {
    let asks = OPERATIONS.iter().any(|operation| operation.path == path && operation.takes == Takes::Inquiry);
    if asks { onward.to(path) } else { format!("{base}{path}") }
}

/// `/api`: the OGC API landing page.
pub(crate) async fn landing(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let face = Face::asked(&asked, &headers);
    let base = base(&headers);
    let onward = Onward::new(&base, &asked.inquiry);
    let key = format!("landing|{base}|{}|{}", face.slug(), asked.inquiry);
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            let title = format!("Maillage – {}", atlas.name());
            Ok(match face {
                Face::Json => {
                    let link = |(rel, media, path, title): (&str, &str, &str, &str)| {
                        json!({"rel": rel, "type": media, "href": address(&onward, &base, path), "title": title})
                    };
                    let own = [
                        ("self", "application/json", "/api", "Ce document"),
                        ("alternate", "text/html", "/api?f=html", "Cette page, pour un navigateur"),
                    ];
                    let own = own.map(|(rel, media, path, title)| {
                        json!({"rel": rel, "type": media, "href": onward.to(path), "title": title})
                    });
                    let links: Vec<_> = own.into_iter().chain(LINKS.map(link)).collect();
                    let document = json!({
                        "title": title,
                        "description": DESCRIPTION,
                        "atlas": atlas.id(),
                        "links": links,
                    });
                    Representation::new("application/json", document.to_string())
                }
                Face::Page => {
                    let mut page = Page::new(&base, atlas.name());
                    page.say(DESCRIPTION);
                    page.links(&LINKS.map(|(_, _, path, title)| (title, address(&onward, &base, path))));
                    page.section("Couches");
                    let rows = atlas.layers().map(|layer| {
                        let href = onward.to(&format!("/api/collections/{}", layer.slug()));
                        (layer.title().to_owned(), Cell::link(layer.description(), &href))
                    });
                    page.pairs(rows);
                    page.links(&[("Ce document en JSON", onward.to("/api?f=json"))]);
                    page.finish(&format!("Atlas {}", atlas.id()))
                }
            }
            .negotiated())
        })
        .await
}

/// `/api/conformance`: the OGC classes the API keeps.
pub(crate) async fn conformance(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let face = Face::asked(&asked, &headers);
    let base = base(&headers);
    let onward = Onward::new(&base, &asked.inquiry);
    let key = format!("conformance|{base}|{}|{}", face.slug(), asked.inquiry);
    state
        .answer(key, headers, Freshness::Revalidate, move |_| {
            Ok(match face {
                Face::Json => {
                    let link = |rel: &str, media: &str, query: &str| {
                        json!({"rel": rel, "type": media, "href": onward.to(&format!("/api/conformance{query}"))})
                    };
                    let links = [link("self", "application/json", ""), link("alternate", "text/html", "?f=html")];
                    let document = json!({"conformsTo": CONFORMANCE, "links": links});
                    Representation::new("application/json", document.to_string())
                }
                Face::Page => {
                    let mut page = Page::new(&base, "Conformité");
                    page.say("Les classes des normes OGC que tient cette API.");
                    let parts = |class: &str| {
                        let path = class.rsplit_once("/spec/").map_or(class, |(_, path)| path);
                        path.rsplit_once("/conf/").map_or((path.to_owned(), String::new()), |(standard, name)| {
                            (standard.to_owned(), name.to_owned())
                        })
                    };
                    page.pairs(CONFORMANCE.into_iter().map(|class| {
                        let (standard, name) = parts(class);
                        (standard, Cell::code(name))
                    }));
                    page.links(&[("Ce document en JSON", onward.to("/api/conformance?f=json"))]);
                    page.finish("")
                }
            }
            .negotiated())
        })
        .await
}
