//! Answers "how long from here to there", per mode.
//!
//! Knows no venue, no inhabitant, no threshold. What it answers with where no road network is given
//! is the crow-fly model of [`crow_fly`]; a frozen road graph will stand beside it, and [`Method`]
//! tells the two apart everywhere.
//!
//! | the field says | here |
//! |---|---|
//! | temps de parcours estimé | [`crow_fly::travel_time`] |
//! | estimé, calculé sur le réseau | [`Method`] |

pub mod build;
mod chain;
mod component;
pub mod crow_fly;
pub mod file;
pub mod graph;
pub mod homes;
pub mod isochrone;
pub mod itinerary;
pub mod profile;
pub mod road_network;
pub mod search;
pub mod snap;
mod square;
pub mod streets;

/// How a time was found; an estimate is never shown as anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// From the distance as the crow flies.
    Estimated,
    /// Along a road network.
    Routed,
}

impl Method {
    /// As written in tiles, exports and answers.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Estimated => "estimated",
            Self::Routed => "routed",
        }
    }
}

pub use build::{BuildError, build};
pub use file::NetworkError;
pub use profile::{InvalidProfile, Profile};
pub use road_network::{Edge, EdgeIdx, Exit, RoadNetwork};
pub use snap::{Snap, Snapping};
pub use streets::Streets;
