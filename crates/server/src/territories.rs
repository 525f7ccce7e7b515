//! `/api/territories`: search, and the diagnosis of one or several, as JSON or as a page that prints.

use std::sync::Arc;

use atlas::{AtlasError, Inquiry, InvalidParameter};
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

/// Territories of one union at most.
const MOST_TERRITORIES: usize = 500;

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
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = of_path(&ids, asked)?;
    answer(state, asked, headers, nowhere).await
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

/// `/api/territories/{kind}:{code}[,…]/report`: the same as a page, compared with the territory around and
/// with those of `compare=`.
pub(crate) async fn report(
    extract::State(state): extract::State<Arc<State>>,
    Segments([ids]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let asked = of_path(&ids, asked)?;
    printed(state, asked, headers, nowhere).await
}

/// `POST /api/territories/report`: the page of the ground posted.
pub(crate) async fn report_within(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    Posted { perimeter, headers }: Posted,
) -> Result<Response, Problem> {
    printed(state, asked.within(&perimeter), headers, Problem::from).await
}

async fn printed(
    state: Arc<State>,
    asked: Query,
    headers: HeaderMap,
    refusal: fn(AtlasError) -> Problem,
) -> Result<Response, Problem> {
    let second = asked.given("compare").map(|ids| compared(ids, &asked.inquiry)).transpose()?;
    state
        .answer(format!("report|{}", asked.key()), headers, Freshness::Revalidate, move |atlas| {
            if let Some(second) = &second {
                // Of the two, a parameter is refused as one, the path as an address nobody has.
                atlas.bounds(second).map_err(|error| match error {
                    AtlasError::UnknownTerritory(territory) => {
                        let allowed = "not in this atlas; find territories with /api/territories?q=…";
                        InvalidParameter::new("compare", &territory.to_string(), allowed).into()
                    }
                    _ => Problem::from(error),
                })?;
            }
            let page = atlas.report(&asked.inquiry, second.as_ref()).map_err(refusal)?;
            Ok(Representation::new("text/html; charset=utf-8", page))
        })
        .await
}

/// The same inquiry for other territories.
fn compared(ids: &str, inquiry: &Inquiry) -> Result<Inquiry, InvalidParameter> {
    let territory = |text: &str| {
        text.parse::<Territory>().map_err(|e| InvalidParameter::new("compare", text, e.to_string()))
    };
    let territories: Vec<Territory> =
        ids.split(',').take(MOST_TERRITORIES + 1).map(territory).collect::<Result<_, _>>()?;
    if territories.len() > MOST_TERRITORIES {
        return Err(InvalidParameter::new("compare", ids, format!("at most {MOST_TERRITORIES} territories")));
    }
    Ok(Inquiry { perimeter: Perimeter::new(territories), ..inquiry.clone() })
}

/// A query whose perimeter is that of the path.
fn of_path(ids: &str, mut asked: Query) -> Result<Query, Problem> {
    let territories: Result<Vec<Territory>, _> =
        ids.split(',').take(MOST_TERRITORIES + 1).map(str::parse::<Territory>).collect();
    let territories = territories.map_err(|error| Problem::NotFound(error.to_string()))?;
    if territories.len() > MOST_TERRITORIES {
        return Err(Problem::NotFound(format!("at most {MOST_TERRITORIES} territories in one address")));
    }
    asked.inquiry.perimeter = Perimeter::new(territories);
    Ok(asked)
}

/// In the path, a territory nobody knows is an address nobody has.
fn nowhere(error: AtlasError) -> Problem {
    match error {
        AtlasError::UnknownTerritory(_) => {
            Problem::NotFound(format!("{error}; find territories with /api/territories?q=…"))
        }
        _ => error.into(),
    }
}
