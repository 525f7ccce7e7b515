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

pub mod coverage;
pub mod fragility;
pub mod promise;
pub mod zone;

pub use coverage::{Coverage, Crowd};
pub use fragility::Fragility;
pub use promise::Promise;
pub use zone::{Reason, Zone};
