//! What every request shares.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use atlas::Atlas;
use axum::http::HeaderMap;
use axum::response::Response;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use crate::download::{Download, Downloads, downloads};
use crate::negotiation::Accepted;
use crate::problem::Problem;
use crate::representation::{Encoded, Freshness, Representation};

/// Bytes of answers kept, each coding counted by what it is.
const KEPT_BYTES: u64 = 128 << 20;

/// Few enough that the cache is not cut in shards, each too small for the largest answer.
const FEW: usize = 31;

/// The atlas once it is loaded, and what has been made of it.
pub struct State {
    atlas: OnceLock<Loaded>,
    draining: AtomicBool,
    /// What was answered, by all it depends on and its coding.
    kept: Cache<String, Arc<Encoded>, Weight>,
    /// Files, which are too large to be kept in memory.
    files: Downloads,
    computing: Arc<Semaphore>,
    threads: usize,
}

/// An atlas, and when it was built as RFC 3339: the `timeStamp` of its answers, so that the same address
/// has the same bytes as long as the atlas is the same.
struct Loaded {
    atlas: Arc<Atlas>,
    built: String,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Encoded>> for Weight {
    fn weight(&self, key: &String, encoded: &Arc<Encoded>) -> u64 {
        key.len() as u64 + encoded.weight()
    }
}

impl State {
    /// A server without an atlas yet: it answers 503 until it has one, then computes as many answers at
    /// a time as there are threads.
    pub fn new(threads: usize) -> Arc<Self> {
        Arc::new(Self {
            computing: Arc::new(Semaphore::new(threads.max(1))),
            threads: threads.max(1),
            atlas: OnceLock::new(),
            draining: AtomicBool::new(false),
            kept: Cache::with_weighter(FEW, KEPT_BYTES, Weight),
            files: downloads(),
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
        let atlas = self.atlas()?;
        let accepted = Accepted::of(&request)?;
        let key = Key::new(key, accepted);
        if let Some(kept) = self.kept.get(key.whole()) {
            return Ok(kept.answer(&request, freshness));
        }
        let making = Making { state: self.clone(), atlas: atlas.clone(), key, accepted };
        // A task of its own: the work ends, and is kept, whether or not someone still waits for it.
        let encoded = tokio::spawn(making.run(make)).await.map_err(|_| Problem::Internal)??;
        Ok(encoded.answer(&request, freshness))
    }

    /// The file kept under a key, made by `make` on a blocking thread if it is not.
    ///
    /// The key must name all that `make` depends on, besides the atlas.
    pub(crate) async fn file(
        self: Arc<Self>,
        key: String,
        make: impl FnOnce(&Atlas) -> Result<Download, Problem> + Send + 'static,
    ) -> Result<Arc<Download>, Problem> {
        let atlas = self.atlas()?.clone();
        // A task of its own: who asks again after a client gave up finds the file.
        let making = async move {
            match self.files.get_value_or_guard_async(&key).await {
                Ok(kept) => Ok(kept),
                Err(place) => {
                    let file = self.compute(move || make(&atlas).map(Arc::new)).await?;
                    let _ = place.insert(file.clone());
                    Ok(file)
                }
            }
        };
        tokio::spawn(making).await.map_err(|_| Problem::Internal)?
    }

    /// Makes and keeps an answer that nobody asked for yet.
    pub(crate) async fn prepare(
        self: &Arc<Self>,
        key: String,
        accepted: Accepted,
        make: impl FnOnce(&Atlas) -> Result<Representation, Problem> + Send + 'static,
    ) -> Result<(), Problem> {
        let (key, atlas) = (Key::new(key, accepted), self.atlas()?.clone());
        Making { state: self.clone(), atlas, key, accepted }.run(make).await.map(|_| ())
    }

    /// Whether no request is being computed.
    pub(crate) fn is_idle(&self) -> bool {
        self.computing.available_permits() >= self.threads
    }

    /// Whether it stops.
    pub(crate) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

/// What an answer is kept under, and its bytes as they are under a part of that.
struct Key {
    text: String,
    /// How much of it names the address.
    address: usize,
}

impl Key {
    fn new(mut text: String, accepted: Accepted) -> Self {
        let address = text.len();
        if let Some(coding) = accepted.best.name() {
            text.reserve_exact(8);
            text.push('\n');
            text.push_str(coding);
            // Only the answers that are not worth encoding differ.
            text.push_str(if accepted.identity { "" } else { "!" });
        }
        Self { text, address }
    }

    fn whole(&self) -> &str {
        &self.text
    }

    fn address(&self) -> &str {
        &self.text[..self.address]
    }
}

/// An answer that is not kept yet.
struct Making {
    state: Arc<State>,
    atlas: Arc<Atlas>,
    key: Key,
    accepted: Accepted,
}

impl Making {
    /// Makes it and keeps it. Whoever asks for the same meanwhile waits for it, and holds no thread.
    async fn run(
        self,
        make: impl FnOnce(&Atlas) -> Result<Representation, Problem> + Send + 'static,
    ) -> Result<Arc<Encoded>, Problem> {
        let Self { state, atlas, key, accepted } = self;
        if key.whole() == key.address() {
            return state.identity(atlas, key.address(), make).await;
        }
        match state.kept.get_value_or_guard_async(key.whole()).await {
            Ok(kept) => Ok(kept),
            Err(place) => {
                let identity = state.identity(atlas, key.address(), make).await?;
                let encoded = state.compute(move || identity.encode(accepted)).await?;
                let _ = place.insert(encoded.clone());
                Ok(encoded)
            }
        }
    }
}

impl State {
    /// The bytes of an address as they are.
    async fn identity(
        &self,
        atlas: Arc<Atlas>,
        address: &str,
        make: impl FnOnce(&Atlas) -> Result<Representation, Problem> + Send + 'static,
    ) -> Result<Arc<Encoded>, Problem> {
        match self.kept.get_value_or_guard_async(address).await {
            Ok(kept) => Ok(kept),
            Err(place) => {
                let identity = self.compute(move || make(&atlas)?.identity().map(Arc::new)).await?;
                let _ = place.insert(identity.clone());
                Ok(identity)
            }
        }
    }

    /// Runs work on a blocking thread, as soon as there is one for it.
    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let permit = self.computing.clone().acquire_owned().await.map_err(|_| Problem::NotReady)?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        done.await.map_err(|_| Problem::Internal)?
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

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn those_who_wait_for_one_answer_leave_the_threads_to_others() {
        let state = state();
        let slow = |_: &Atlas| {
            std::thread::sleep(std::time::Duration::from_secs(2));
            Ok(Representation::new("text/plain", "slow"))
        };
        let ask = |state: Arc<State>| {
            state.answer("slow".to_owned(), HeaderMap::new(), Freshness::Revalidate, slow)
        };
        // Many more than there are threads to compute on.
        let waiting: Vec<_> = (0..50).map(|_| tokio::spawn(ask(state.clone()))).collect();
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let quick = |_: &Atlas| Ok(Representation::new("text/plain", "quick"));
        let quick = state.answer("quick".to_owned(), HeaderMap::new(), Freshness::Revalidate, quick).await;
        assert!(quick.is_ok() && waiting.iter().all(|one| !one.is_finished()), "it did not wait for them");
        for one in waiting {
            assert!(one.await.expect("a task").is_ok());
        }
    }

    #[tokio::test]
    async fn an_answer_nobody_waits_for_any_more_is_kept_all_the_same() {
        let state = state();
        let make = |_: &Atlas| {
            std::thread::sleep(std::time::Duration::from_millis(50));
            Ok(Representation::new("text/plain", "late"))
        };
        let asking = state.clone().answer("late".to_owned(), HeaderMap::new(), Freshness::Revalidate, make);
        let gone = tokio::time::timeout(std::time::Duration::from_millis(10), asking).await;
        assert!(gone.is_err(), "the client left");
        for _ in 0..100 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            if state.kept.peek("late").is_some() {
                return;
            }
        }
        panic!("it was lost");
    }

    #[tokio::test]
    async fn each_coding_is_kept_by_itself_and_made_from_the_same_bytes() {
        let state = state();
        let n_made = Arc::new(AtomicUsize::new(0));
        for accept in ["identity", "gzip", "br", "gzip", "br, gzip", "identity;q=0, gzip"] {
            let n_made = n_made.clone();
            let make = move |_: &Atlas| {
                n_made.fetch_add(1, Ordering::Relaxed);
                Ok(Representation::new("text/plain", vec![b'x'; 5_000]))
            };
            let mut headers = HeaderMap::new();
            headers.insert("accept-encoding", accept.try_into().expect("a header"));
            assert!(
                state.clone().answer("key".to_owned(), headers, Freshness::Revalidate, make).await.is_ok()
            );
        }
        assert_eq!((n_made.load(Ordering::Relaxed), state.kept.len()), (1, 4));
        let whole = state.kept.peek("key").expect("kept").weight();
        assert!(
            (whole..2 * whole).contains(&state.kept.weight()),
            "small ones beside it: {}",
            state.kept.weight()
        );
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
        // Each weighs its key and its bytes: some two thousand fit.
        assert!((1_500..2_050).contains(&state.kept.len()), "{}", state.kept.len());
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_first_view_is_made_while_nobody_asks_and_waits_while_someone_does() {
        let state = state();
        let busy = state.computing.clone().acquire_owned().await.expect("a thread");
        let warming = tokio::spawn(crate::prewarm(state.clone()));
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        assert!(state.kept.is_empty() && !warming.is_finished(), "it took a thread from a request");
        drop(busy);
        warming.await.expect("it ends");
        let view = state.atlas().expect("an atlas").first_view();
        assert!(view.len() > 20);
        // As they are, in brotli and in gzip.
        assert_eq!(state.kept.len(), 3 * view.len());
        let (address, coord) = view.last().expect("a tile");
        let layers: Vec<&str> = address.layers().iter().map(|layer| layer.slug()).collect();
        let request = axum::http::Request::get(format!("/tiles/{}/{coord}?v=test", layers.join(",")));
        let request = request.header("accept-encoding", "gzip, deflate, br").body(axum::body::Body::empty());
        let answer =
            tower::ServiceExt::oneshot(crate::router(state.clone()), request.expect("a request")).await;
        assert!(answer.expect("an answer").status().is_success());
        assert_eq!(state.kept.len(), 3 * view.len(), "it was there already");
        state.drain();
        crate::prewarm(state.clone()).await;
    }
}
