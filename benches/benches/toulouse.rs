//! What is waited for on the roads of Toulouse: a new question, answered along them.
//!
//!     cargo bench -p maillage-benches --bench toulouse
//!
//! From the shared data; without them it measures nothing, and says so.

#![expect(clippy::expect_used, reason = "a bench that cannot go on says so")]
#![expect(clippy::print_stdout, reason = "a bench that is left out says so")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use access::{AccessSurface, Fit, Ground, Question, RoadAccess};
use atlas::Tables;
use atlas::build::{Materials, build};
use atlas::roads::lay;
use criterion::{Criterion, criterion_group, criterion_main};
use network::RoadNetwork;
use territory::Mode;

/// The atlas of the end-to-end tests.
fn config() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/atlases/toulouse.toml")
}

/// Its tables and networks, as `maillage build` makes them; none where the data are not.
fn toulouse() -> Option<(Tables, Vec<RoadNetwork>)> {
    let inputs = ingest::digest(&config()).ok()?;
    let read = ingest::read(&config()).expect("the data are whole").value;
    let materials = Materials {
        name: read.name,
        inputs,
        sources: read.sources,
        gazetteer: read.gazetteer,
        headcount: read.headcount,
        venues: read.venues,
        social: match read.social {
            Some(ingest::Social::Classes(classes)) => classes,
            _ => BTreeMap::new(),
        },
        rates: BTreeMap::new(),
        published: None,
        priority_areas: Vec::new(),
        venues_stop_at_edge: read.venues_stop_at_edge,
    };
    let mut tables = build(materials, |_| {});
    let roads = read.roads.expect("roads");
    let networks = lay(&mut tables, &roads.roads, roads.ferries, &roads.vintage, |_| {});
    Some((tables, networks.expect("networks")))
}

fn a_new_question(c: &mut Criterion) {
    let Some((tables, networks)) = toulouse() else {
        println!("toulouse: left out, the shared data are not here");
        return;
    };
    let mut group = c.benchmark_group("a new question along the roads of Toulouse");
    let ground = Ground::of(&tables.grid);
    for (network, table) in networks.iter().zip(&tables.roads) {
        let roads =
            RoadAccess { network, homes: &table.homes, venues: &table.venues, top_kmh: table.top_kmh };
        let question = Question { mode: table.mode, ..Question::default() };
        let name = match table.mode {
            Mode::Car => "by car",
            Mode::Bike => "by bicycle",
            Mode::Walk => "on foot",
        };
        group.bench_function(name, |b| {
            b.iter(|| {
                AccessSurface::route(
                    black_box(&ground),
                    &tables.venues,
                    black_box(&question),
                    Fit::Fits,
                    roads,
                )
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = toulouse_benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(5));
    targets = a_new_question
}
criterion_main!(toulouse_benches);
