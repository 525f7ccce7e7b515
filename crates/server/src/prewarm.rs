//! The tiles of the first view, made while nobody asks for anything.

use std::sync::Arc;
use std::time::Duration;

use crate::negotiation::{Accepted, Encoding};
use crate::state::State;
use crate::tiles;

/// How long to wait before looking again whether the server is idle.
const PAUSE: Duration = Duration::from_millis(20);

/// The codings browsers ask for.
const CODINGS: [Encoding; 2] = [Encoding::Brotli, Encoding::Gzip];

/// Makes the tiles of the first view of an atlas that is loaded, one at a time on one thread, each only once
/// no request is being computed; ends when all are kept, or the server stops.
pub async fn prewarm(state: Arc<State>) {
    let Ok(atlas) = state.atlas().cloned() else { return };
    let Ok(view) = tokio::task::spawn_blocking(move || atlas.first_view()).await else { return };
    for (address, coord) in view {
        for best in CODINGS {
            while !state.is_idle() && !state.is_draining() {
                tokio::time::sleep(PAUSE).await;
            }
            if state.is_draining() {
                return;
            }
            tiles::prepare(&state, address.clone(), coord, Accepted { best, identity: true }).await;
        }
    }
}
