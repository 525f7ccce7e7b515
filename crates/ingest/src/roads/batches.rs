//! Blobs decoded side by side, taken in the order of the file.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::pbf::{Blob, Blobs, Block, Flaw};
use crate::error::IngestError;

/// Compressed bytes in memory at once: enough blobs to keep every core busy.
const BATCH_BYTES: usize = 16 << 20;

/// Decodes all blobs and gives what was made of each, with where it begins, in the order of the file:
/// the result does not depend on how many threads there are.
pub(super) fn each<T: Send>(
    blobs: &mut Blobs,
    mut next: impl FnMut(&mut Blobs) -> Result<Option<Blob>, IngestError>,
    decode: impl Fn(&Block) -> Result<T, Flaw> + Sync,
    mut take: impl FnMut(u64, T),
) -> Result<(), IngestError> {
    loop {
        let mut batch = Vec::new();
        let mut n_bytes = 0;
        while n_bytes < BATCH_BYTES
            && let Some(blob) = next(blobs)?
        {
            n_bytes += blob.n_bytes();
            batch.push(blob);
        }
        if batch.is_empty() {
            return Ok(());
        }
        let decoded: Vec<Result<T, Flaw>> =
            batch.par_iter().map(|blob| decode(&Block::of(&blob.content()?)?)).collect();
        for (blob, decoded) in batch.iter().zip(decoded) {
            take(blob.at, decoded.map_err(|flaw| blobs.damaged(blob.at, flaw))?);
        }
    }
}
