//! `/styles/{metric}.json`: MapLibre styles made from the legend.

use std::sync::Arc;

use atlas::legend::Metric;
use atlas::style::Paint;
use axum::extract;
use axum::http::HeaderMap;
use axum::response::Response;

use crate::base::base;
use crate::problem::Problem;
use crate::query::Query;
use crate::representation::{Freshness, Representation};
use crate::service::Segments;
use crate::state::State;

pub(crate) async fn style(
    extract::State(state): extract::State<Arc<State>>,
    Segments([name]): Segments<1>,
    asked: Query,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let metric = name.strip_suffix(".json").and_then(Metric::from_slug).ok_or_else(|| {
        let known: Vec<String> = Metric::ALL.iter().map(|m| format!("{}.json", m.slug())).collect();
        let name: String = name.chars().take(40).collect();
        Problem::NotFound(format!("there is no style {name:?}; styles: {}", known.join(", ")))
    })?;
    // The table lets in no other word.
    let paint = asked.given("values").map_or(Paint::Inside, |_| Paint::Apart);
    let base = base(&headers);
    let key = format!("style|{base}|{}|{}", metric.slug(), asked.key());
    state
        .answer(key, headers, Freshness::Revalidate, move |atlas| {
            let style = atlas.style(metric, &asked.inquiry, paint, &base)?;
            Ok(Representation::new("application/json", style.to_string()))
        })
        .await
}
