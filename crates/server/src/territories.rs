//! `/api/territories`: search, and the diagnosis of one or several.

use std::sync::Arc;

use atlas::AtlasError;
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;
use territory::{Perimeter, Territory};

use crate::posted::Posted;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::service::Segments;
use crate::state::State;

/// Territories found when a request does not say how many.
pub(crate) const MOST_FOUND: &str = "20";

/// `/api/territories?q=`.
pub(crate) async fn search(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let words = asked.get("q").unwrap_or_default().to_owned();
    let limit = asked.number("limit")?;
    state
        .answer(format!("search|{}", asked.key()), headers, Freshness::Revalidate, move |atlas| {
            let found = atlas.search(&words, limit);
            Ok(Representation::new("application/json", json!({"territories": found}).to_string()))
        })
        .await
}

/// `/api/territories/{kind}:{code}[,…]`: the diagnosis, as JSON.
pub(crate) async fn diagnosis(
    extract::State(state): extract::State<Arc<State>>,
    Segments([ids]): Segments<1>,
    mut asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let territories: Result<Vec<Territory>, _> =
        ids.split(',').take(501).map(str::parse::<Territory>).collect();
    let territories = territories.map_err(|error| Problem::NotFound(error.to_string()))?;
    if territories.len() > 500 {
        return Err(Problem::NotFound("at most 500 territories in one address".to_owned()));
    }
    asked.inquiry.perimeter = Perimeter::new(territories);
    // In the path, a territory nobody knows is an address nobody has.
    answer(state, asked, headers, |error| match error {
        AtlasError::UnknownTerritory(_) => {
            Problem::NotFound(format!("{error}; find territories with /api/territories?q=…"))
        }
        _ => error.into(),
    })
    .await
}

/// `POST /api/territories/answer`: the diagnosis of the ground posted.
pub(crate) async fn diagnosis_within(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    Posted { perimeter, headers }: Posted,
) -> Result<Response, Problem> {
    answer(state, asked.within(&perimeter), headers, Problem::from).await
}

async fn answer(
    state: Arc<State>,
    asked: Query,
    headers: HeaderMap,
    refusal: fn(AtlasError) -> Problem,
) -> Result<Response, Problem> {
    let key = format!("diagnosis|{}", asked.key());
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            let diagnosis = atlas.diagnosis(&asked.inquiry).map_err(refusal)?;
            let text = serde_json::to_string(&diagnosis).map_err(|_| Problem::Internal)?;
            Ok(Representation::new("application/json", text))
        })
        .await
}
