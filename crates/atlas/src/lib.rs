//! Holds one run's immutable results and answers every inquiry asked of them; exports.
//!
//! Is never async: whoever calls decides on which thread. Reads no published file: nouns come in,
//! answers go out.
//!
//! | the field says | here |
//! |---|---|
//! | analyser un territoire | [`build`](build::build) |
//! | question, périmètre | [`Inquiry`] |
//! | réponse, diagnostic | [`Diagnosis`] |
//! | couche | [`Layer`], [`LayerTable`] |
//! | tuile | [`Atlas::tile`] |
//! | légende, classes | [`legend`] |
//! | indice publié (IFN), zonages prioritaires | [`PublishedTable`], [`PriorityTable`] |
//! | itinéraire, isochrone | [`PointAccess`], [`Isochrone`] |
//! | vérifier | [`verify`] |
//! | annexe de la feuille de route | [`Atlas::report`] |
//! | comparer deux extractions | [`compare`](compare::compare) |
//! | exporter | [`export`] |

mod answer;
mod atlas;
mod attributes;
pub mod build;
pub mod compare;
mod edge;
mod equity;
pub mod export;
mod field;
mod figures;
mod from_point;
mod inquiry;
mod layer;
pub mod legend;
mod offer;
mod priority;
mod published;
mod record;
mod report;
pub mod roads;
pub mod sensitivity;
mod shapes;
pub mod store;
pub mod style;
mod supply;
mod tables;
mod tile;
pub mod verify;
mod warnings;
mod wording;

pub use ::tiles::TileCoord;
pub use access::InvalidParameter;
pub use answer::{CurvePoint, Diagnosis, FoundTerritory, View};
pub use atlas::{Atlas, AtlasError};
pub use equity::{ClassCoverage, Component, Equity, Profile};
pub use field::{Field, Kind, Value};
pub use from_point::{Isochrone, Leg, Outline, PointAccess, VenueAccess};
pub use inquiry::{Inquiry, unknown};
pub use layer::Layer;
pub use offer::{Named, Offer};
pub use priority::{Priority, PriorityTable};
pub use published::{Published, PublishedTable};
pub use record::{LayerTable, ZoneTotals};
pub use supply::{AplAnswer, Week};
pub use tables::Tables;
pub use territory::Spread;
pub use tile::TileAddress;
pub use warnings::Warning;
