//! Perimeters posted as GeoJSON.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use territory::Perimeter;

use crate::problem::Problem;

/// Bytes of a body at most: ten thousand positions with all their decimals.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// The ground drawn in the body of a request, and the headers of that request.
pub(crate) struct Posted {
    pub(crate) perimeter: Perimeter,
    pub(crate) headers: HeaderMap,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request<Body>, _: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let announced = parts.headers.get(header::CONTENT_LENGTH).and_then(|n| n.to_str().ok()?.parse().ok());
        if announced.is_some_and(|n: u64| n > MOST_BYTES as u64) {
            return Err(Problem::TooLarge);
        }
        let body = to_bytes(body, MOST_BYTES).await.map_err(|_| Problem::TooLarge)?;
        // Some thousand sides are compared with one another.
        let perimeter = tokio::task::spawn_blocking(move || atlas::drawn::perimeter(&body));
        let perimeter = perimeter.await.map_err(|_| Problem::Internal)??;
        let mut headers = parts.headers;
        // A tag is for what has an address.
        headers.remove(header::IF_NONE_MATCH);
        Ok(Self { perimeter, headers })
    }
}
