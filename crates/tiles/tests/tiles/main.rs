//! What leaves the crate, read back by an independent decoder and judged by an independent validator.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so")]
#![expect(clippy::float_cmp, reason = "areas of whole-numbered shapes are exact")]

mod coverage;
mod cutting;
mod encoding;
mod strict;
