//! What every request shares.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use atlas::Atlas;
use axum::http::HeaderMap;
use axum::response::Response;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use crate::problem::Problem;
use crate::representation::{Freshness, Representation};

/// Bytes of representations kept.
const KEPT_BYTES: u64 = 128 << 20;

/// What the caller decides.
#[derive(Debug, Clone)]
pub struct Options {
    /// Answers computed at a time: as many as there are cores.
    pub threads: usize,
    /// When the server started, as RFC 3339: the `timeStamp` of its answers, so that the same address has
    /// the same bytes until it starts again.
    pub started: String,
}

/// The atlas once it is loaded, and what has been made of it.
pub struct State {
    pub(crate) options: Options,
    atlas: OnceLock<Arc<Atlas>>,
    draining: AtomicBool,
    kept: Cache<String, Arc<Representation>, Weight>,
    computing: Semaphore,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Representation>> for Weight {
    fn weight(&self, key: &String, representation: &Arc<Representation>) -> u64 {
        key.len() as u64 + representation.weight()
    }
}

impl State {
    /// A server without an atlas yet: it answers 503 until it has one.
    pub fn new(options: Options) -> Arc<Self> {
        Arc::new(Self {
            computing: Semaphore::new(options.threads.max(1)),
            atlas: OnceLock::new(),
            draining: AtomicBool::new(false),
            kept: Cache::with_weighter(4096, KEPT_BYTES, Weight),
            options,
        })
    }

    /// Gives it its atlas; the first one stays.
    pub fn load(&self, atlas: Arc<Atlas>) {
        let _ = self.atlas.set(atlas);
    }

    /// From now on it is not ready any more.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.atlas.get().is_some() && !self.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn atlas(&self) -> Result<&Arc<Atlas>, Problem> {
        self.atlas.get().ok_or(Problem::NotReady)
    }

    /// Answers with the representation kept under a key, made by `make` on a blocking thread if it is not.
    ///
    /// The key must name all that `make` depends on, besides the atlas.
    pub(crate) async fn answer(
        self: Arc<Self>,
        key: String,
        request: HeaderMap,
        freshness: Freshness,
        make: impl FnOnce(&Atlas) -> Result<Representation, Problem> + Send + 'static,
    ) -> Result<Response, Problem> {
        let atlas = self.atlas()?.clone();
        if let Some(kept) = self.kept.get(&key) {
            // Warm in this encoding or nearly: compressing a kept tile again is bounded by its size.
            return kept.answer(&request, freshness);
        }
        let _permit = self.computing.acquire().await.map_err(|_| Problem::NotReady)?;
        let state = self.clone();
        tokio::task::spawn_blocking(move || {
            // Those who waited for the same key find it made.
            let representation = state.kept.get_or_insert_with(&key, || make(&atlas).map(Arc::new))?;
            representation.answer(&request, freshness)
        })
        .await
        .map_err(|_| Problem::Internal)?
    }
}
