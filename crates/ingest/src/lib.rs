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
//! | lieux de médiation numérique: the national schema, France services, mosaics, any file with a mapping | [`venues`] |
//! | what makes records of several files one venue | [`identity`] |
//! | horaires (OSM `opening_hours`, French) | [`venues::hours`] |
//! | what is wrong with venue files, and their repair | [`doctor`] |
//! | carroyage de population | [`census_grid`] |
//! | classes de rang per commune | `social` |
//! | census, Filosofi, Arcep rates | [`rates`] |
//! | bassins de vie | `living_areas` |
//! | indice de fragilité publié (IFN) | [`ifn`] |
//! | zonages prioritaires (QPV, FRR, ZRR) | `priority` |
//! | hubs | `hubs` |
//! | road extracts (OpenStreetMap PBF) | [`roads`] |
//! | any of them, from its address | [`fetch`](mod@fetch) |

pub mod census_grid;
mod codes;
mod cog;
mod communes;
pub mod config;
pub mod doctor;
mod error;
pub mod fetch;
mod file;
mod hosts;
mod hubs;
pub mod identity;
pub mod ifn;
mod inputs;
mod json;
mod laea;
mod living_areas;
mod location;
mod postal;
mod priority;
pub mod rates;
mod refusal;
pub mod roads;
mod social;
mod table;
mod town_halls;
pub mod venues;

pub use error::IngestError;
pub use inputs::{Absent, Inputs, Reading, RoadInputs, Social, digest, read, read_with_progress};
pub use refusal::{Kind, Outcome, Read, Reason, Refusal};
