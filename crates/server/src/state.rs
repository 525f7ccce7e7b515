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

/// Few enough that the cache is not cut in shards, each too small for the largest answer.
const FEW: usize = 31;

/// The atlas once it is loaded, and what has been made of it.
pub struct State {
    atlas: OnceLock<Loaded>,
    draining: AtomicBool,
    kept: Cache<String, Arc<Representation>, Weight>,
    computing: Arc<Semaphore>,
}

/// An atlas, and when it was built as RFC 3339: the `timeStamp` of its answers, so that the same address
/// has the same bytes as long as the atlas is the same.
struct Loaded {
    atlas: Arc<Atlas>,
    built: String,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Representation>> for Weight {
    fn weight(&self, key: &String, representation: &Arc<Representation>) -> u64 {
        key.len() as u64 + representation.weight()
    }
}

impl State {
    /// A server without an atlas yet: it answers 503 until it has one, then computes as many answers at
    /// a time as there are threads.
    pub fn new(threads: usize) -> Arc<Self> {
        Arc::new(Self {
            computing: Arc::new(Semaphore::new(threads.max(1))),
            atlas: OnceLock::new(),
            draining: AtomicBool::new(false),
            kept: Cache::with_weighter(FEW, KEPT_BYTES, Weight),
        })
    }

    /// Gives it its atlas and when that was built, as RFC 3339; the first one stays.
    pub fn load(&self, atlas: Arc<Atlas>, built: String) {
        let _ = self.atlas.set(Loaded { atlas, built });
    }

    /// From now on it is not ready any more.
    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.atlas.get().is_some() && !self.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn atlas(&self) -> Result<&Arc<Atlas>, Problem> {
        self.atlas.get().map(|loaded| &loaded.atlas).ok_or(Problem::NotReady)
    }

    /// When the atlas was built.
    pub(crate) fn built(&self) -> Result<&str, Problem> {
        self.atlas.get().map(|loaded| loaded.built.as_str()).ok_or(Problem::NotReady)
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
        if let Some(kept) = self.kept.get(&key)
            && let Some(answer) = kept.answer_at_once(&request, freshness)
        {
            return answer;
        }
        let permit = self.computing.clone().acquire_owned().await.map_err(|_| Problem::NotReady)?;
        let state = self.clone();
        tokio::task::spawn_blocking(move || {
            // Held until the work ends, whether or not someone still waits for it.
            let _permit = permit;
            // Those who waited for the same key find it made.
            let representation = state.kept.get_or_insert_with(&key, || make(&atlas).map(Arc::new))?;
            representation.answer(&request, freshness)
        })
        .await
        .map_err(|_| Problem::Internal)?
    }
}
