//! `maillage serve`: listens first, loads, then says where the map is.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use atlas::legend::Metric;
use atlas::style::Paint;
use atlas::{Inquiry, Layer};
use chrono::{DateTime, SecondsFormat, Utc};
use server::State;
use tokio::net::TcpListener;

use crate::args::Serve;
use crate::failure::Failure;
use crate::{report, sample};

pub(crate) fn run(arguments: Serve) -> Result<(), Failure> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads)
        .enable_all()
        .build()
        .map_err(Failure::Serve)?;
    let served = runtime.block_on(serve(arguments, threads));
    // An answer still being computed must not keep the process alive.
    runtime.shutdown_background();
    served
}

async fn serve(arguments: Serve, threads: usize) -> Result<(), Failure> {
    let listen = arguments.listen;
    let listener = TcpListener::bind(listen).await.map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => Failure::PortTaken(listen),
        _ => Failure::Listen { address: listen, error },
    })?;
    let address = listener.local_addr().map_err(Failure::Serve)?;
    let state = State::new(threads);
    let serving = tokio::spawn(server::run(listener, state.clone(), stop_signal()));
    let loaded = state.clone();
    let loading = tokio::task::spawn_blocking(move || load(&arguments, &loaded, address));
    tokio::select! {
        loaded = loading => loaded.map_err(|error| Failure::Serve(std::io::Error::other(error)))??,
        // Stopped before the atlas was there.
        () = stop_signal() => return Ok(()),
    }
    tokio::spawn(server::prewarm(state));
    serving.await.map_err(|error| Failure::Serve(std::io::Error::other(error)))?.map_err(Failure::Serve)
}

fn load(arguments: &Serve, state: &Arc<State>, address: SocketAddr) -> Result<(), Failure> {
    let (atlas, directory) = sample::open(arguments.atlas.as_ref())?;
    let atlas = Arc::new(atlas);
    // The first view of the map, so that nobody waits for it.
    atlas.style(Metric::AccessMin, &Inquiry::default(), Paint::Inside, "")?;
    for layer in [Layer::Epcis, Layer::Communes, Layer::Zones, Layer::Venues] {
        atlas.table(layer, &Inquiry::default())?;
    }
    state.load(atlas.clone(), built(&directory));
    report::serving(atlas.name(), address);
    // What a closer look needs, while the first visitor reads the first view.
    for layer in [Layer::Departements, Layer::Cells] {
        atlas.table(layer, &Inquiry::default())?;
    }
    Ok(())
}

/// Resolves at Ctrl-C or SIGTERM.
async fn stop_signal() {
    let interrupt = async {
        // Without a handler there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending::<()>().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

/// When an atlas was written, as RFC 3339.
fn built(directory: &Path) -> String {
    let index = directory.join(atlas::store::INDEX);
    let written = index.metadata().and_then(|file| file.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
    DateTime::<Utc>::from(written).to_rfc3339_opts(SecondsFormat::Secs, true)
}
