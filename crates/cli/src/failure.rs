//! Why a command did not do what was asked.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use atlas::AtlasError;
use atlas::export::{ExportError, SiteError};
use atlas::store::StoreError;
use ingest::IngestError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Ingest(#[from] IngestError),
    #[error(transparent)]
    Roads(#[from] network::BuildError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Refuted(#[from] atlas::verify::Refuted),
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    #[error("no atlas was named and {} is not here: run from the repository's folder, or name an atlas", .0.display())]
    NoSample(PathBuf),
    #[error("{0} is taken by another program: stop it, or choose another address with --listen")]
    PortTaken(SocketAddr),
    #[error("cannot listen on {address}: {error}")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("the server stopped: {0}")]
    Serve(std::io::Error),
    #[error("cannot write to the standard output: {0}")]
    Output(std::io::Error),
    #[error("a {format} file holds one layer: name a .zip for {layers}, or take --format gpkg")]
    OneLayer { format: &'static str, layers: String },
    #[error(transparent)]
    Export(#[from] ExportError),
    #[error(transparent)]
    Site(#[from] SiteError),
    #[error("this program was built without its page: run `make web`, then build it again")]
    NoPage,
    #[error("{failed} of {asked} files could not be downloaded; what is wrong with each is said above")]
    NotFetched { failed: usize, asked: usize },
    #[error("--compare is for the page: ask for the JSON of each territory apart")]
    JsonComparesNothing,
    #[error("the JSON cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    #[error("{0} rows were refused; they are listed in the atlas' refusals.csv")]
    Refused(usize),
}

impl Failure {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::OneLayer { .. }
            | Self::JsonComparesNothing
            | Self::Site(SiteError::NotEmpty(_) | SiteError::Atlas(AtlasError::UnknownTerritory(_)))
            | Self::Atlas(AtlasError::UnknownTerritory(_))
            | Self::Export(
                ExportError::TooManyRows { .. } | ExportError::Atlas(AtlasError::UnknownTerritory(_)),
            ) => ExitCode::from(2),
            Self::Refused(_) => ExitCode::from(3),
            _ => ExitCode::FAILURE,
        }
    }
}
