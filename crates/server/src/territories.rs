//! `/api/territories`: search, and the diagnosis of one or several.

use std::sync::Arc;

use atlas::{AtlasError, InvalidParameter};
use axum::extract::{self, RawQuery};
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

/// Territories found at most.
const MOST_FOUND: usize = 20;

/// `/api/territories?q=`.
pub(crate) async fn search(
    extract::State(state): extract::State<Arc<State>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = Query::without_inquiry(query.as_deref(), &["q", "limit"])?;
    let words = asked.get("q").unwrap_or_default().to_owned();
    if words.trim().is_empty() || words.chars().count() > 100 {
        return Err(InvalidParameter::new(
            "q",
            &words,
            "the name or code to look for, at most 100 characters",
        )
        .into());
    }
    let limit = asked.number("limit", MOST_FOUND, 1, 100)?;
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
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let mut asked = Query::parse(query.as_deref(), &[])?;
    if !asked.inquiry.perimeter.is_everyone() {
        let given = asked.inquiry.perimeter.to_string();
        return Err(
            InvalidParameter::new("territory", &given, "already in the path; drop the parameter").into()
        );
    }
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
    RawQuery(query): RawQuery,
    Posted { perimeter, headers }: Posted,
) -> Result<Response, Problem> {
    answer(state, Query::parse(query.as_deref(), &[])?.within(&perimeter), headers, Problem::from).await
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
