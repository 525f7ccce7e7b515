//! `/api/access` and `/api/isochrones`: from and to a position.

use std::sync::Arc;

use atlas::{InvalidParameter, Isochrone, Outline};
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::json;
use territory::{Minutes, Mode, Position};

use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::state::State;

/// Venues found from a position at most.
pub(crate) const MOST_VENUES: u32 = 20;

/// Thresholds of one request at most: each costs an outline.
pub(crate) const MOST_ISOCHRONES: usize = 6;

/// `/api/access?lon=&lat=`, with the parameters of a question: the venues nearest to a position.
pub(crate) async fn access(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let from = position(&asked)?;
    let limit = asked.number("limit")?;
    state
        .answer(format!("access|{}", asked.key()), headers, Freshness::Revalidate, move |atlas| {
            let found = atlas.access_from(&asked.inquiry.promise.question, from, limit);
            let text = serde_json::to_string(&found).map_err(|_| Problem::Internal)?;
            Ok(Representation::new("application/json", text))
        })
        .await
}

/// `/api/isochrones?lon=&lat=` or `?venue=`: who comes to a position or a venue within some minutes.
pub(crate) async fn isochrones(
    extract::State(state): extract::State<Arc<State>>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let minutes = thresholds(asked.get("minutes").unwrap_or_default())?;
    // Both words are checked against the table when they are read.
    let mode = asked.get("mode").and_then(Mode::from_slug).unwrap_or_default();
    let outline = if asked.get("outline") == Some("cells") { Outline::Cells } else { Outline::Smooth };
    let venue = asked.get("venue").map(str::to_owned);
    if let Some(venue) = venue.as_deref().filter(|_| asked.get("lon").is_some() || asked.get("lat").is_some())
    {
        return Err(InvalidParameter::new("venue", venue, "either a venue, or lon and lat").into());
    }
    let point = if venue.is_none() { Some(position(&asked)?) } else { None };
    state
        .answer(format!("isochrones|{}", asked.key()), headers, Freshness::Revalidate, move |atlas| {
            let to = match (&venue, point) {
                (Some(id), _) => atlas.find_venue(id).ok_or_else(|| {
                    Problem::NotFound(format!(
                        "there is no venue {id}; find venues with /api/collections/venues/items"
                    ))
                })?,
                (None, Some(point)) => point,
                (None, None) => return Err(Problem::Internal),
            };
            let isochrones = atlas.isochrones(mode, to, &minutes, outline);
            let features: Vec<_> = isochrones.iter().map(Isochrone::feature).collect();
            let collection = json!({"type": "FeatureCollection", "features": features});
            Ok(Representation::new("application/geo+json", collection.to_string()))
        })
        .await
}

/// A position from `lon` and `lat`, degrees.
fn position(asked: &Query) -> Result<Position, Problem> {
    let degrees = |key: &str| -> Result<f64, InvalidParameter> {
        let text = asked.get(key).unwrap_or_default();
        let number = text.parse::<f64>().ok().filter(|n| n.is_finite());
        number.ok_or_else(|| InvalidParameter::new(key, text, "expected degrees, such as lon=4.84&lat=45.76"))
    };
    let (lon, lat) = (degrees("lon")?, degrees("lat")?);
    Position::from_lon_lat(lon, lat).map_err(|_| {
        let out = if (-180.0..=180.0).contains(&lon) { ("lat", lat) } else { ("lon", lon) };
        InvalidParameter::new(out.0, &out.1.to_string(), "lon is −180…180, lat −90…90").into()
    })
}

/// Minutes joined by commas, sorted.
fn thresholds(text: &str) -> Result<Vec<Minutes>, Problem> {
    let refused = |allowed: String| InvalidParameter::new("minutes", text, allowed);
    // Counted before any is dropped: a list that repeats itself is still too long.
    if text.split(',').count() > MOST_ISOCHRONES {
        return Err(refused(format!("at most {MOST_ISOCHRONES} thresholds")).into());
    }
    let mut minutes: Vec<Minutes> = text
        .split(',')
        .map(|part| {
            part.parse().map_err(|_| refused("expected minutes from 1 to 120, such as 10,20,30".to_owned()))
        })
        .collect::<Result<_, _>>()?;
    minutes.sort_unstable();
    minutes.dedup();
    Ok(minutes)
}
