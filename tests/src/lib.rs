//! The harness of the end-to-end tests: the real binary, on the real sample, seen from outside.
//!
//! Calls no crate of the house: what a test says, a user can check with the same command or address. Three
//! tests beside it do: `driving` and `shortest`, since no command answers from tags to times, node by node,
//! and `fetch`, which reads what `data/france.toml` would download.
//!
//! | noun | here |
//! |---|---|
//! | the program | [`maillage`], [`run`] |
//! | the sample and what is built from it | [`sample_atlas`], [`repository`], [`shared_data`] |
//! | scripts that judge, under `tests/python` | [`judgement`] |
//! | a part of the sample | [`haute_loire_atlas`] |
//! | an atlas with roads | [`toulouse_atlas`] |
//! | a running server | [`Server`] |
//! | what it answers | [`Answer`] |
//! | what GDAL makes of a file | [`gdal::Opened`] |
//! | what QGIS makes of files and of a server | [`in_qgis`] |
//! | roads of our own | [`Extract`] |
//! | what a tile holds, by the letter of the format | [`mvt`] |
//! | every tile of a pyramid, and what it must be | [`Pyramid`], [`geos()`] |
//! | what slow twins share | [`twin`] |
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a harness that cannot go on fails the test that uses it"
)]

mod extract;
pub mod gdal;
mod geos;
mod http;
pub mod mvt;
mod program;
mod pyramid;
mod python;
mod sample;
mod server;
mod shape;
pub mod twin;

pub use extract::Extract;
pub use geos::geos;
pub use http::{Answer, Request};
pub use program::{Done, maillage, run};
pub use pyramid::{Budget, Promise, Pyramid};
pub use python::{in_qgis, judgement};
pub use sample::{absent, folder, haute_loire_atlas, repository, sample_atlas, shared_data, toulouse_atlas};
pub use server::Server;
pub use shape::{invalid, shape};
