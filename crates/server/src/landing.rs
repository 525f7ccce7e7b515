//! `/api` and `/api/conformance`: where a client finds the rest.

use std::sync::Arc;

use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;

use crate::base::base;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::state::State;
use crate::{docs, openapi};

/// `/api`: the OGC API landing page.
pub(crate) async fn landing(
    extract::State(state): extract::State<Arc<State>>,
    _: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let base = base(&headers);
    state
        .answer(format!("landing|{base}"), headers, Freshness::Revalidate, move |atlas| {
            let link = |rel: &str, path: &str, title: &str| {
                json!({"rel": rel, "type": "application/json", "href": format!("{base}{path}"), "title": title})
            };
            let mut definition = link("service-desc", openapi::PATH, "Définition de l’API (OpenAPI 3.1)");
            definition["type"] = openapi::MEDIA_TYPE.into();
            let mut documentation = link("service-doc", docs::PATH, "Documentation de l’API");
            documentation["type"] = "text/html".into();
            let document = json!({
                "title": format!("Maillage – {}", atlas.name()),
                "description": "Accès à la médiation numérique : temps, couverture, zones sous-desservies",
                "atlas": atlas.id(),
                "links": [
                    link("self", "/api", "Ce document"),
                    definition,
                    documentation,
                    link("conformance", "/api/conformance", "Conformité"),
                    link("data", "/api/collections", "Couches"),
                    link("related", "/tiles", "Tuiles vectorielles"),
                    link("related", "/api/access", "Lieux les plus proches d'un point (lon, lat)"),
                    link("related", "/api/isochrones", "Qui rejoint un lieu ou un point, en combien de temps"),
                ],
            });
            Ok(Representation::new("application/json", document.to_string()))
        })
        .await
}

/// `/api/conformance`: the OGC classes the API keeps.
pub(crate) async fn conformance(
    extract::State(state): extract::State<Arc<State>>,
    _: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    state
        .answer("conformance".to_owned(), headers, Freshness::Revalidate, |_| {
            let document = json!({"conformsTo": [
                "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
            ]});
            Ok(Representation::new("application/json", document.to_string()))
        })
        .await
}
