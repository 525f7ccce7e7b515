//! Turns published files into nouns, and returns every refused or repaired row with line, value, reason.
//!
//! Never stops at the first bad row: what makes a whole file unusable is an [`IngestError`], anything
//! less is a [`Refusal`] beside the good part. Prints nothing, reads neither clock nor environment,
//! keeps no telephone, mail or person's name.
//!
//! | published | read by |
//! |---|---|
//! | the build's TOML | [`config`] |
//! | contours (GeoJSON, GeoJSON lines, FlatGeobuf) | `communes` |
//! | code officiel géographique, EPCI | `cog` |
//! | mairies | `town_halls` |
//! | lieux de médiation numérique, v0.1 and v1.0, CSV and JSON | `venues` |
//! | horaires (OSM `opening_hours`) | `venues::hours` |
//! | carroyage de population | [`census_grid`] |
//! | classes de rang per commune | `social` |
//! | census, Filosofi, Arcep rates | [`rates`] |
//! | hubs | `hubs` |
//! | road extracts (OpenStreetMap PBF) | [`roads`] |
//! | any of them, from its address | [`fetch`](mod@fetch) |

pub mod census_grid;
mod codes;
mod cog;
mod communes;
pub mod config;
mod error;
pub mod fetch;
mod file;
mod ground;
mod hosts;
mod hubs;
mod inputs;
mod json;
mod laea;
pub mod rates;
mod refusal;
pub mod roads;
mod social;
mod table;
mod town_halls;
mod venues;

pub use error::IngestError;
pub use inputs::{Absent, Inputs, RoadInputs, digest, read};
pub use refusal::{Kind, Outcome, Read, Reason, Refusal};
