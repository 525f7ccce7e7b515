//! Translates HTTP to `Atlas` calls, and errors to problems. Never computes.
//!
//! Every answer is a pure function of the atlas and the address, so one cache of representations serves
//! all routes, each compressed once per encoding. What has to be computed runs on blocking threads, as
//! many at a time as there are cores, never on an async worker.
//!
//! | where | what |
//! |---|---|
//! | [`router`] | the whole service, for a socket or a test |
//! | [`page_files`] | the page, for whoever serves it otherwise |
//! | [`prewarm()`] | the tiles of the first view, made while nobody asks |
//! | [`run`] | a listener and a stop signal in, nothing out until it has drained |

mod assets;
mod base;
mod collections;
mod docs;
mod download;
mod export;
mod features;
mod health;
mod landing;
mod listing;
mod negotiation;
mod openapi;
mod operation;
mod operations;
mod page;
mod points;
mod posted;
mod prewarm;
mod problem;
mod query;
mod queryables;
mod range;
mod representation;
mod service;
mod state;
mod styles;
mod territories;
mod tiles;
mod values;

pub use assets::page_files;
pub use prewarm::prewarm;
pub use service::{router, run};
pub use state::State;
