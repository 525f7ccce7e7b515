//! The harness of the end-to-end tests: the real binary, on the real sample, seen from outside.
//!
//! Calls no crate of the house: what a test says, a user can check with the same command or address.
//!
//! | noun | here |
//! |---|---|
//! | the program | [`maillage`], [`run`] |
//! | the sample and what is built from it | [`sample_atlas`], [`repository`], [`shared_data`] |
//! | a running server | [`Server`] |
//! | what it answers | [`Answer`] |
//! | what GDAL makes of a file | [`gdal::Opened`] |
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a harness that cannot go on fails the test that uses it"
)]

pub mod gdal;
mod http;
mod program;
mod sample;
mod server;
mod shape;

pub use http::{Answer, Request};
pub use program::{Done, maillage, run};
pub use sample::{absent, folder, repository, sample_atlas, shared_data};
pub use server::Server;
pub use shape::{invalid, shape};
