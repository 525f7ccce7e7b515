//! Requests, their redirections, and what a status means.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ureq::http::header;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body as HttpBody, Error, http::Response};

use super::answer::{self, Answer, Body, Start};
use super::connection::Watch;
use super::error::FetchError;
use super::part::{Resume, Validator};
use super::{Address, Patience};

/// How often an answer may lead to another address.
const MAX_REDIRECTIONS: usize = 5;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(20);

/// Why a try came to nothing.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Another try may do better.
    Passing(String),
    /// None will.
    Final(FetchError),
}

impl From<FetchError> for Trouble {
    fn from(error: FetchError) -> Self {
        Self::Final(error)
    }
}

/// Asks for files, one connection a request. A proxy of the environment is used, as `ureq` reads it.
pub(super) struct Client {
    agent: Agent,
    excess: Arc<AtomicBool>,
}

impl Client {
    pub(super) fn new(address: &Address, patience: &Patience) -> Result<Self, FetchError> {
        let excess = Arc::new(AtomicBool::new(false));
        let mut config = Agent::config_builder()
            .user_agent("maillage")
            .http_status_as_error(false)
            // Followed by hand: each step is checked.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(patience.stall))
            .timeout_per_read(Some(patience.stall))
            .timeout_per_write(Some(patience.stall));
        if address.is_secure() {
            config = config.tls_config(trust(address)?);
        }
        let watch = Watch { inner: DefaultConnector::new(), excess: excess.clone() };
        let agent = Agent::with_parts(config.build(), watch, DefaultResolver::default());
        Ok(Self { agent, excess })
    }

    /// Whether the server sent something after the end of its last answer.
    pub(super) fn saw_excess(&self) -> bool {
        self.excess.load(Ordering::Relaxed)
    }

    /// Asks for a file, or for the rest of one.
    pub(super) fn get(&self, from: &Address, resume: Option<Resume<'_>>) -> Result<Answer, Trouble> {
        let mut address = from.clone();
        for _ in 0..=MAX_REDIRECTIONS {
            let response = self.ask(&address, resume)?;
            let status = response.status().as_u16();
            if !matches!(status, 301 | 302 | 303 | 307 | 308) {
                return answered(&address, status, response);
            }
            let lost = |reason: String| FetchError::Redirect { url: from.to_string(), reason };
            let location = answer::text(response.headers(), header::LOCATION)
                .ok_or_else(|| lost("it leads elsewhere without saying where".to_owned()))?;
            let next = address.join(location).map_err(|e| lost(format!("it leads to {:?}", e.text)))?;
            if address.is_secure() && !next.is_secure() {
                return Err(lost(format!("it leads to {next}, which is not protected (http)")).into());
            }
            address = next;
        }
        let reason = format!("it leads from address to address, more than {MAX_REDIRECTIONS} times");
        Err(FetchError::Redirect { url: from.to_string(), reason }.into())
    }

    fn ask(&self, address: &Address, resume: Option<Resume<'_>>) -> Result<Response<HttpBody>, Trouble> {
        self.excess.store(false, Ordering::Relaxed);
        let mut request = self
            .agent
            .get(address.as_str())
            .header(header::ACCEPT, "*/*")
            // Sizes, ranges and sums are of the file, not of a compressed form of it.
            .header(header::ACCEPT_ENCODING, "identity")
            .header(header::CONNECTION, "close");
        if let Some(Resume { from, validator }) = resume {
            request = request
                .header(header::RANGE, format!("bytes={from}-"))
                .header(header::IF_RANGE, validator.as_str());
        }
        request.call().map_err(|error| trouble(address, error))
    }
}

/// Whom to trust: whom the system does.
fn trust(address: &Address) -> Result<TlsConfig, FetchError> {
    let found = rustls_native_certs::load_native_certs();
    let certificates: Vec<Certificate<'static>> =
        found.certs.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    if certificates.is_empty() {
        let reason = "the system trusts no authority".to_owned();
        return Err(FetchError::Untrusted { url: address.to_string(), reason });
    }
    Ok(TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::Specific(Arc::new(certificates)))
        .build())
}

fn answered(address: &Address, status: u16, response: Response<HttpBody>) -> Result<Answer, Trouble> {
    let headers = response.headers();
    let (start, total) = match status {
        200 => (Start::Beginning, answer::length(headers)),
        206 => match answer::range(headers) {
            Some((start, total)) => (Start::From(start), total),
            None => (Start::Nowhere, None),
        },
        416 => (Start::Nowhere, None),
        _ => return Err(refused(address, status)),
    };
    let validator = Validator::of(headers);
    let body = Body(response.into_body().into_reader());
    Ok(Answer { start, total, validator, body })
}

/// What an answer without the file means.
fn refused(address: &Address, status: u16) -> Trouble {
    let (said, advice) = match status {
        404 | 410 => (
            "there is no such file",
            "find its new address where it is published, and correct the `url` in the configuration",
        ),
        401 | 403 | 407 | 451 => (
            "the server will not give it",
            "download it in a browser, and give its `path` in the configuration",
        ),
        408 | 425 | 429 | 500..=599 => {
            return Trouble::Passing(format!("the server is in trouble (HTTP {status})"));
        }
        _ => ("this is no answer to a request for a file", "check the address in a browser"),
    };
    Trouble::Final(FetchError::Refused { url: address.to_string(), status, said, advice })
}

/// What a request that was not answered means.
fn trouble(address: &Address, error: Error) -> Trouble {
    let url = address.to_string();
    match error {
        Error::HostNotFound => FetchError::NoHost { url }.into(),
        // The standard library gives a failed lookup no kind of its own.
        Error::Io(error) if error.to_string().starts_with("failed to lookup address") => {
            FetchError::NoHost { url }.into()
        }
        Error::Timeout(_) => Trouble::Passing("the server does not answer".to_owned()),
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            Trouble::Passing("the connection is refused".to_owned())
        }
        Error::Rustls(error) => FetchError::Untrusted { url, reason: error.to_string() }.into(),
        // A certificate that is not trusted comes as an error of input and output.
        Error::Io(error) if broken_trust(&error) => {
            FetchError::Untrusted { url, reason: error.to_string() }.into()
        }
        error => Trouble::Passing(format!("the connection broke ({error})")),
    }
}

/// Whether an error of input and output is one of certificates.
fn broken_trust(error: &std::io::Error) -> bool {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()).is_some()
}
