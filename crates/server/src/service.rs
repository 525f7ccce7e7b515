//! The routes, what surrounds them, and the life of the server.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::error_handling::HandleErrorLayer;
use axum::extract::FromRequestParts;
use axum::extract::RawPathParams;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, get};
use axum::{BoxError, Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

use crate::assets;
use crate::operations::OPERATIONS;
use crate::problem::Problem;
use crate::state::State;

/// Requests in flight at once; the next are refused rather than queued without end.
const MOST_REQUESTS: usize = 1024;

/// Connections open at once; the next wait in the queue of the system.
const MOST_CONNECTIONS: usize = 4096;

/// How long a client has to send the head of a request, and may stay silent between two.
const HEADERS: Duration = Duration::from_secs(10);

/// How long to wait when the system can open no more connections.
const PAUSE: Duration = Duration::from_millis(200);

/// The longest an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long those in flight have to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);

/// The whole service.
pub fn router(state: Arc<State>) -> Router {
    let limits = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(refusal))
        .load_shed()
        // One limit for all routes: a layer is cloned for each of them.
        .layer(GlobalConcurrencyLimitLayer::new(MOST_REQUESTS))
        .timeout(PATIENCE);
    routes(false)
        .fallback_service(get(assets::file).fallback(|| async { not_allowed("GET, HEAD") }))
        .layer(limits)
        // Outside the limits: a server that is busy is not dead.
        .merge(routes(true))
        .with_state(state)
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| Problem::Internal.into_response()))
        .layer(CorsLayer::new().allow_origin(Any).allow_methods(Any))
}

/// The rows of the table within the limits, or those outside them, each with its operation beside the request.
fn routes(unlimited: bool) -> Router<Arc<State>> {
    let mut paths: BTreeMap<&str, (MethodRouter<Arc<State>>, Vec<&str>)> = BTreeMap::new();
    for operation in OPERATIONS.iter().filter(|operation| operation.unlimited == unlimited) {
        let (methods, allowed) = paths.entry(operation.path).or_default();
        let answered = (operation.handler)().route_layer(Extension(operation));
        *methods = std::mem::take(methods).merge(answered);
        allowed.push(operation.method.allowed());
    }
    paths.into_iter().fold(Router::new(), |router, (path, (methods, allowed))| {
        let allowed = allowed.join(", ");
        router.route(path, methods.fallback(move || async move { not_allowed(&allowed) }))
    })
}

/// Serves until `shutdown` resolves, then lets those in flight end, ten seconds at most.
pub async fn run(
    listener: TcpListener,
    state: Arc<State>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = TowerToHyperService::new(router(state.clone()));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let connections = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut shutdown = pin!(shutdown);
    loop {
        let (stream, place) = tokio::select! {
            accepted = accept(&listener, &places) => accepted?,
            () = &mut shutdown => break,
        };
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // What a client breaks off concerns nobody else.
            let _ = connection.await;
            drop(place);
        });
    }
    state.drain();
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(GRACE) => {}
    }
    Ok(())
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.map_err(std::io::Error::other)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Ok((stream, place)),
            // The client left while it was in the queue.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
                ) => {}
            // No more files may be open: some will be closed.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

fn not_allowed(allowed: &str) -> Problem {
    Problem::MethodNotAllowed(allowed.to_owned())
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
