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
//! | semaine, accessibilité potentielle (APL) | [`Week`], [`AplAnswer`] |
//! | couche | [`Layer`], [`LayerTable`] |
//! | filtre, tri | [`Filter`], [`Order`], [`Subset`] |
//! | tuile | [`Atlas::tile`] |
//! | valeurs, par identifiant | [`Columns`] |
//! | légende, classes | [`legend`] |
//! | indice publié (IFN), zonages prioritaires | [`PublishedTable`], [`PriorityTable`] |
//! | paramètre d'une question | [`Parameter`] |
//! | itinéraire, isochrone | [`PointAccess`], [`Isochrone`] |
//! | vérifier | [`verify`] |
//! | annexe de la feuille de route | [`Atlas::report`] |
//! | comparer deux extractions | [`compare`](compare::compare) |
//! | exporter | [`export`] |

mod answer;
mod apl;
mod atlas;
mod attributes;
pub mod build;
mod column;
pub mod compare;
mod compat;
mod derived;
mod detail;
pub mod drawn;
mod edge;
mod equity;
pub mod export;
mod field;
mod figures;
mod filter;
mod first_view;
mod from_point;
mod geometry;
mod hexagons;
mod inquiry;
mod label;
mod layer;
pub mod legend;
mod markup;
mod offer;
mod order;
pub mod parameter;
mod priority;
mod property;
mod published;
mod record;
mod report;
pub mod roads;
pub mod schema;
mod scope;
pub mod sensitivity;
mod sentence;
mod shapes;
mod shown;
pub mod store;
pub mod style;
mod subset;
mod tables;
mod tile;
pub mod tilejson;
pub mod verify;
mod warnings;
mod week;
mod wording;
mod zones;

pub use ::tiles::TileCoord;
pub use access::InvalidParameter;
pub use answer::{CurvePoint, Diagnosis, FoundTerritory, Parent, View};
pub use apl::AplAnswer;
pub use atlas::{Atlas, AtlasError};
pub use column::Columns;
pub use compat::IfnLevel;
pub use equity::{ClassCoverage, Component, Equity, Profile};
pub use field::{Field, Kind, Value};
pub use filter::{Filter, check_datetime, parse_bbox};
pub use from_point::{Isochrone, Leg, Outline, PointAccess, VenueAccess};
pub use inquiry::{Inquiry, unknown};
pub use layer::Layer;
pub use markup::escaped;
pub use offer::{Named, Offer};
pub use order::Order;
pub use parameter::{Parameter, Values};
pub use priority::{Priority, PriorityTable};
pub use property::{GEOMETRY, ID, Property};
pub use published::{Published, PublishedTable};
pub use record::{LayerTable, ZoneTotals};
pub use shown::french_number;
pub use subset::Subset;
pub use tables::Tables;
pub use territory::Spread;
pub use tile::TileAddress;
pub use warnings::Warning;
pub use week::Week;
