//! Gives each place its time to the nearest venue that fits a question.
//!
//! Knows no threshold and no perimeter: "too far" is not a notion here.
//!
//! | the field says | here |
//! |---|---|
//! | critères, filtres | [`Question`], [`VenueFilter`] |
//! | ne sait pas | [`Fit::Unknown`] |
//! | temps d'accès | [`Reach`] |
//! | surface d'accessibilité | [`AccessSurface`] |
//! | rattachement au réseau | [`Homes`], [`tie_venues`] |
//! | bassins de desserte | [`Catchments`] |
//! | semaine d'ouverture | [`WeekTable`] |
//! | accessibilité potentielle localisée (APL) | [`PotentialAccess`] |
//!
//! [`AccessSurface`] is all that the crates above see: whether a time was estimated or routed is a
//! property of each answer, not of the code that reads it.

pub mod anchors;
pub mod apl;
pub mod catchment;
pub mod filter;
pub mod ground;
mod limit;
pub mod nearest;
mod nearest_of_many;
pub mod question;
pub mod surface;
pub mod week;

pub use anchors::{Homes, RoadAccess, tie_venues};
pub use apl::{PotentialAccess, Supplies, Supply};
pub use catchment::{Catchments, Travel};
pub use filter::{Criterion, Fit, Open, Reception, VenueFilter};
pub use ground::Ground;
pub use question::{InvalidParameter, Question};
pub use surface::{AccessSurface, Reach};
pub use week::{OpenWeek, WeekTable};
