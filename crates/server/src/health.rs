//! Whether the server lives, and whether it can answer.

use std::sync::Arc;

use axum::extract;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::query::Query;
use crate::state::State;

/// `/health`: 200 as long as the process answers.
pub(crate) async fn health(_: Query) -> Response {
    plain("ok\n")
}

/// `/ready`: 503 while the atlas loads or the server drains.
pub(crate) async fn ready(
    extract::State(state): extract::State<Arc<State>>,
    _: Query,
) -> Result<Response, Problem> {
    if state.is_ready() { Ok(plain("ready\n")) } else { Err(Problem::NotReady) }
}

fn plain(text: &'static str) -> Response {
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    ([no_store], text).into_response()
}
