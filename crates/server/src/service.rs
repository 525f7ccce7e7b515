//! The routes, what surrounds them, and the life of the server.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::error_handling::HandleErrorLayer;
use axum::extract::FromRequestParts;
use axum::extract::RawPathParams;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{BoxError, Router};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use crate::problem::Problem;
use crate::state::State;
use crate::{assets, collections, health, landing, points, styles, territories, tiles};

/// Requests in flight at once; the next are refused rather than queued without end.
const MOST_REQUESTS: usize = 1024;

/// The longest an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long those in flight have to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// The whole service.
pub fn router(state: Arc<State>) -> Router {
    Router::new()
        .route("/ready", get(health::ready))
        .route("/tiles", get(tiles::catalogue))
        .route("/tiles/{layers}", get(tiles::tilejson))
        .route("/tiles/{layers}/{z}/{x}/{y}", get(tiles::tile))
        .route("/styles/{name}", get(styles::style))
        .route("/api", get(landing::landing))
        .route("/api/conformance", get(landing::conformance))
        .route("/api/collections", get(collections::collections))
        .route("/api/collections/{layer}", get(collections::collection))
        .route("/api/collections/{layer}/items", get(collections::items))
        .route("/api/collections/{layer}/items/{id}", get(collections::item))
        .route("/api/zones", get(collections::zones))
        .route("/api/access", get(points::access))
        .route("/api/isochrones", get(points::isochrones))
        .route("/api/territories", get(territories::search))
        .route("/api/territories/{ids}", get(territories::diagnosis))
        .route("/api/territories/{ids}/report", get(territories::report))
        .fallback_service(get(assets::file).fallback(not_allowed))
        .method_not_allowed_fallback(not_allowed)
        .with_state(state)
        .layer(
            ServiceBuilder::new()
                .layer(HandleErrorLayer::new(refusal))
                .load_shed()
                // One limit for all routes: a layer is cloned for each of them.
                .layer(GlobalConcurrencyLimitLayer::new(MOST_REQUESTS))
                .timeout(PATIENCE),
        )
        // Outside the limits: a server that is busy is not dead.
        .route("/health", get(health::health).fallback(not_allowed))
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Problem::Internal.into_response()))
        .layer(CorsLayer::new().allow_origin(Any).allow_methods([
            axum::http::Method::GET,
            axum::http::Method::HEAD,
        ]))
}

/// Serves until `shutdown` resolves, then lets those in flight end, ten seconds at most.
pub async fn run(
    listener: TcpListener,
    state: Arc<State>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let draining = state.clone();
    let signal = async move {
        shutdown.await;
        draining.drain();
        // The receiver lives as long as this function.
        let _ = stop.send(true);
    };
    let serve = axum::serve(listener, router(state)).with_graceful_shutdown(signal);
    let patience = async move {
        if stopped.wait_for(|stop| *stop).await.is_ok() {
            tokio::time::sleep(GRACE).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        served = serve.into_future() => served,
        () = patience => Ok(()),
    }
}

async fn not_allowed() -> Problem {
    Problem::MethodNotAllowed
}

async fn refusal(error: BoxError) -> Problem {
    if error.is::<tower::timeout::error::Elapsed>() {
        Problem::TooSlow
    } else if error.is::<tower::load_shed::error::Overloaded>() {
        Problem::Overloaded
    } else {
        Problem::Internal
    }
}

/// The variable segments of a path, decoded, in order; what is no UTF-8 is found nowhere.
pub(crate) struct Segments<const N: usize>(pub(crate) [String; N]);

impl<S: Send + Sync, const N: usize> FromRequestParts<S> for Segments<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let nowhere = |_| Problem::NotFound("the address is not UTF-8".to_owned());
        let params = RawPathParams::from_request_parts(parts, state).await.map_err(nowhere)?;
        let values: Vec<String> = params.iter().map(|(_, value)| value.to_owned()).collect();
        values.try_into().map(Self).map_err(|_| Problem::Internal)
    }
}
