//! The PBF container: blobs of a file, blocks of a blob, ways and nodes of a block.
//!
//! Read here rather than by the crate `osmpbf`, which the tests compare with: its iterators add deltas
//! without a check and leave out a tag, and all after it, whose text is damaged; so a damaged file
//! panics in one build and gives other roads in the next. Its public face gives no way to look first.
//! Reading only what roads need (no authors, no dates, no relations) is also several times faster.
//!
//! Format: <https://wiki.openstreetmap.org/wiki/PBF_Format>.

mod blob;
mod block;
mod header;
mod wire;
#[cfg(test)]
pub(super) mod written;

pub(super) use blob::{Blob, Blobs};
pub(super) use block::Block;
pub(super) use header::Header;
pub(super) use wire::{Flaw, Numbers, unzigzag};
