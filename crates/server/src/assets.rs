//! The page, its scripts and its fonts, embedded in the binary.

use std::sync::{Arc, OnceLock};

use axum::http::{HeaderMap, Uri};
use axum::response::Response;

use crate::negotiation::{Accepted, Encoding};
use crate::problem::Problem;
use crate::representation::{Encoded, Freshness, Representation};

/// (path from the root of the site, content), sorted by path; made by `build.rs` from `web/dist`.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The files of the page, none when the program was built without it: (path from the root, content), sorted.
pub fn page_files() -> &'static [(&'static str, &'static [u8])] {
    FILES
}

/// `/`, and any address that is no route: a file of the page, or 404.
pub(crate) async fn file(uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let path = decoded(uri.path());
    let path = if path == "/" { "/index.html" } else { path.as_str() };
    let found = FILES.binary_search_by_key(&path, |(path, _)| path).map_err(|_| {
        if FILES.is_empty() && path == "/index.html" {
            Problem::NotFound(
                "this program was built without its page: run `make web`, then build it again".to_owned(),
            )
        } else {
            let path: String = path.chars().take(80).collect();
            Problem::NotFound(format!("nothing has the address {path:?}; the map is at /, the API at /api"))
        }
    })?;
    // The names of bundled files hold a hash of their content.
    let freshness = if path.starts_with("/assets/") { Freshness::Immutable } else { Freshness::Revalidate };
    let accepted = Accepted::of(&headers)?;
    let slot = slot(found, accepted);
    if let Some(made) = slot.get() {
        return Ok(made.answer(&headers, freshness));
    }
    let made =
        tokio::task::spawn_blocking(move || make(found, accepted).map(|made| slot.get_or_init(|| made)));
    let made = made.await.map_err(|_| Problem::Internal)??;
    Ok(made.answer(&headers, freshness))
}

/// Where the file of a rank is kept in what a client accepts.
fn slot(rank: usize, accepted: Accepted) -> &'static OnceLock<Arc<Encoded>> {
    static MADE: OnceLock<Vec<[OnceLock<Arc<Encoded>>; 6]>> = OnceLock::new();
    let made = MADE.get_or_init(|| FILES.iter().map(|_| Default::default()).collect());
    let coding = match accepted.best {
        Encoding::Identity => 0,
        Encoding::Gzip => 1,
        Encoding::Brotli => 2,
    };
    &made[rank][coding + if accepted.identity { 0 } else { 3 }]
}

fn make(rank: usize, accepted: Accepted) -> Result<Arc<Encoded>, Problem> {
    let (path, content) = FILES[rank];
    Arc::new(Representation::fixed(media_type(path), content).identity()?).encode(accepted)
}

fn decoded(path: &str) -> String {
    // A font stack's name has spaces; `+` is itself in a path.
    let plus = path.replace('+', "%2B");
    form_urlencoded::parse(plus.replace('&', "%26").replace('=', "%3D").as_bytes())
        .next()
        .map(|(key, _)| key.into_owned())
        .unwrap_or_default()
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "pbf" => "application/x-protobuf",
        "woff2" => "font/woff2",
        _ => "text/plain; charset=utf-8",
    }
}
