//! Errors as RFC 9457 problems: the only place that knows status codes of failures.

use atlas::{AtlasError, InvalidParameter};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value as Json, json};

use crate::operation::Operation;

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
    MethodNotAllowed(String),
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
    /// A range past the end, and how long what it is of is: the value of `Content-Range`.
    #[error("there are no bytes in that range: {0}")]
    NoSuchRange(String),
    /// A file cannot be made here, and why.
    #[error("the file cannot be written on the server: {0}; try again, or tell who runs it")]
    NotWritten(String),
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
            Self::NoSuchRange(_) => StatusCode::RANGE_NOT_SATISFIABLE,
            Self::NotWritten(_) => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl Problem {
    /// What a client reads (RFC 9457).
    fn body(&self) -> Json {
        let status = self.status();
        let mut body = json!({
            "type": "about:blank",
            "title": status.canonical_reason(),
            "status": status.as_u16(),
            "detail": self.to_string(),
        });
        if let Self::Parameter(InvalidParameter { parameter, value, allowed }) = self {
            body["parameter"] = parameter.as_str().into();
            body["value"] = value.as_str().into();
            body["allowed"] = allowed.as_str().into();
        }
        body
    }
}

/// A refusal as the document tells it.
pub(crate) struct Refusal {
    /// Its name in the document.
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// Headers that say more: a name and what it says.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// Which operations may answer it.
    pub(crate) of: fn(&Operation) -> bool,
    problem: fn() -> Problem,
}

impl Refusal {
    pub(crate) fn status(&self) -> u16 {
        (self.problem)().status().as_u16()
    }

    pub(crate) fn example(&self) -> Json {
        (self.problem)().body()
    }
}

/// The refusals that a client may meet; a defect of ours is none of them.
pub(crate) const REFUSALS: [Refusal; 6] = [
    Refusal {
        name: "BadRequest",
        description: "A parameter is unknown, missing, given twice, or its value is not allowed",
        headers: &[],
        of: |_| true,
        problem: || InvalidParameter::new("minutes", "0", "expected whole minutes from 1 to 120").into(),
    },
    Refusal {
        name: "NotFound",
        description: "Nothing has this address",
        headers: &[],
        of: |operation| operation.may_be_nowhere,
        problem: || Problem::NotFound("the layer communes has no feature \"0\" for this question".to_owned()),
    },
    Refusal {
        name: "MethodNotAllowed",
        description: "The address has answers, not to this method",
        headers: &[("Allow", "The methods it answers")],
        of: |_| true,
        problem: || Problem::MethodNotAllowed("GET, HEAD".to_owned()),
    },
    Refusal {
        name: "TooLarge",
        description: "The body is larger than is read",
        headers: &[],
        of: |operation| operation.body.is_some(),
        problem: || Problem::TooLarge,
    },
    Refusal {
        name: "NotAcceptable",
        description: "`Accept-Encoding` refuses identity, gzip and br",
        headers: &[],
        of: |operation| operation.tagged,
        problem: || Problem::NotAcceptable,
    },
    Refusal {
        name: "Unavailable",
        description: "The atlas is being loaded, the server is stopping or has too much to do; try again",
        headers: &[("Retry-After", "Seconds to wait")],
        of: |operation| !operation.unlimited,
        problem: || Problem::Overloaded,
    },
];

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
            AtlasError::NoSource(_) | AtlasError::NoPublishedIndex(_) => Self::NotFound(error.to_string()),
            AtlasError::Tile(_) => Self::Internal,
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, self.body().to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        if let Self::NoSuchRange(length) = &self
            && let Ok(length) = HeaderValue::from_str(length)
        {
            headers.insert(header::CONTENT_RANGE, length);
        }
        if let Self::MethodNotAllowed(allowed) = &self
            && let Ok(allowed) = HeaderValue::from_str(allowed)
        {
            headers.insert(header::ALLOW, allowed);
        }
        response
    }
}
