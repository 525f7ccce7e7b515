//! Says where a promise is broken, for how many people, and why; holds the fragility index.
//!
//! Knows no file format and no HTTP.
//!
//! | the field says | here |
//! |---|---|
//! | engagement («à moins de 20 minutes») | [`Promise`] |
//! | couverture | [`Coverage`] |
//! | zone sous-desservie | [`Zone`], [`Reason`] |
//! | indice de fragilité numérique | [`Fragility`], [`fragility`] |
//! | équité | [`Equity`], by [`Reading`](equity::Reading) |
//! | qui est au-delà | [`Profile`] |

pub mod coverage;
pub mod equity;
pub mod fragility;
pub mod profile;
pub mod promise;
pub mod zone;

pub use coverage::{Coverage, Crowd};
pub use equity::Equity;
pub use fragility::Fragility;
pub use profile::Profile;
pub use promise::Promise;
pub use zone::{Reason, Zone};
