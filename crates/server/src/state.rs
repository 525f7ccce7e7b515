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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::atomic::AtomicUsize;

    use atlas::build::{Materials, build};
    use plain::Plain;

    use super::*;

    fn state() -> Arc<State> {
        let plain = Plain::new(2, 1);
        let materials = Materials {
            name: "Plaine".to_owned(),
            inputs: "0".to_owned(),
            sources: Vec::new(),
            gazetteer: plain.gazetteer(),
            headcount: None,
            venues: vec![plain.venue(0, 0)],
            social: BTreeMap::new(),
            rates: BTreeMap::new(),
            published: None,
            priority_areas: Vec::new(),
            venues_stop_at_edge: false,
        };
        let state = State::new(4);
        let atlas = Atlas::new(build(materials, |_| {}), "test".to_owned());
        state.load(Arc::new(atlas), "2026-01-01T00:00:00Z".to_owned());
        state
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn the_same_address_asked_by_many_at_once_is_made_once() {
        let state = state();
        let n_made = Arc::new(AtomicUsize::new(0));
        let mut asked = Vec::new();
        for _ in 0..50 {
            let (state, n_made) = (state.clone(), n_made.clone());
            asked.push(tokio::spawn(async move {
                let make = move |_: &Atlas| {
                    n_made.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(std::time::Duration::from_millis(50));
                    Ok(Representation::new("text/plain", "made"))
                };
                state.answer("key".to_owned(), HeaderMap::new(), Freshness::Revalidate, make).await
            }));
        }
        for one in asked {
            assert!(one.await.expect("a task").is_ok());
        }
        assert_eq!(n_made.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn a_refusal_is_not_kept() {
        let state = state();
        let refuse = |_: &Atlas| Err(Problem::NotFound("nowhere".to_owned()));
        let ask = || state.clone().answer("key".to_owned(), HeaderMap::new(), Freshness::Revalidate, refuse);
        assert!(ask().await.is_err() && ask().await.is_err());
        assert_eq!((state.kept.len(), state.kept.weight()), (0, 0));
    }

    #[tokio::test]
    async fn answers_without_number_stay_within_their_bytes() {
        let state = state();
        for n in 0..3_000 {
            let make = |_: &Atlas| Ok(Representation::new("text/plain", vec![0; 64 << 10]));
            let key = format!("{n}|{}", "x".repeat(1 << 10));
            let answer = state.clone().answer(key, HeaderMap::new(), Freshness::Revalidate, make).await;
            assert!(answer.is_ok());
            assert!(state.kept.weight() <= KEPT_BYTES);
        }
        // Each weighs its key and twice its bytes: some nine hundred and ninety fit.
        assert!((500..1_100).contains(&state.kept.len()), "{}", state.kept.len());
    }
}
