//! Errors as RFC 9457 problems: the only place that knows status codes of failures.

use atlas::{AtlasError, InvalidParameter};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    /// A parameter, its value, and what is allowed.
    #[error(transparent)]
    Parameter(#[from] InvalidParameter),
    /// Nothing has this address.
    #[error("{0}")]
    NotFound(String),
    /// The address has answers, not to this method.
    #[error("this address answers {0} only")]
    MethodNotAllowed(&'static str),
    /// A body without end.
    #[error("the body is larger than {} kB; simplify the polygon", crate::posted::MOST_BYTES >> 10)]
    TooLarge,
    /// No encoding that the client accepts.
    #[error("Accept-Encoding refuses identity, gzip and br: accept one of them")]
    NotAcceptable,
    /// The atlas is being loaded, or the server is stopping.
    #[error("the atlas is not ready yet; try again in a second")]
    NotReady,
    /// Too many requests at once.
    #[error("too many requests at once; try again in a second")]
    Overloaded,
    /// The answer took too long.
    #[error("the answer took too long; ask about a smaller territory")]
    TooSlow,
    /// A defect of ours.
    #[error("the server failed to answer; the fault is ours")]
    Internal,
}

impl Problem {
    fn status(&self) -> StatusCode {
        match self {
            Self::Parameter(_) => StatusCode::BAD_REQUEST,
            Self::NotFound(_) => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::NotReady | Self::Overloaded | Self::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<AtlasError> for Problem {
    fn from(error: AtlasError) -> Self {
        match error {
            AtlasError::UnknownTerritory(territory) => {
                let allowed = "not in this atlas; find territories with /api/territories?q=…";
                InvalidParameter::new("territory", &territory.to_string(), allowed).into()
            }
            AtlasError::NobodyInside(_) => {
                InvalidParameter::new("polygon", "the outline", error.to_string()).into()
            }
            AtlasError::NoSource(_) => Self::NotFound(error.to_string()),
            AtlasError::Tile(_) => Self::Internal,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        if let Self::Parameter(InvalidParameter { parameter, value, allowed }) = &self {
            body["parameter"] = parameter.as_str().into();
            body["value"] = value.as_str().into();
            body["allowed"] = allowed.as_str().into();
        }
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Self::MethodNotAllowed(allowed) = self {
            headers.insert(header::ALLOW, HeaderValue::from_static(allowed));
        }
        response
    }
}
