//! What is waited for on the sample: building its atlas, asking a new question of it, and a tile never asked
//! before.
//!
//!     cargo bench -p maillage-benches --bench sample

#![expect(clippy::expect_used, reason = "a bench that cannot go on says so")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use access::{AccessSurface, Fit, Question};
use atlas::build::{Materials, build};
use atlas::{Atlas, Inquiry, Layer, Tables, TileAddress, TileCoord};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use maillage_benches::sample_directory;

/// Reads the committed files and builds their tables, as `maillage build` does before it writes them.
fn sample() -> Tables {
    let config = sample_directory().join("sample.toml");
    let inputs = ingest::digest(&config).expect("the sample is here");
    let read = ingest::read(&config).expect("the sample is whole").value;
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
    build(materials, |_| {})
}

fn build_the_sample_atlas(c: &mut Criterion) {
    c.bench_function("build the sample atlas", |b| b.iter(sample));
}

fn nearest_venue_for_every_cell(c: &mut Criterion) {
    let tables = sample();
    let question = Question::default();
    c.bench_function("nearest venue for every cell", |b| {
        b.iter(|| AccessSurface::estimate(black_box(&tables.grid), &tables.venues, &question, Fit::Fits));
    });
}

/// Between Clermont-Ferrand and Vichy: the communes around, cut and written.
fn a_z9_tile(c: &mut Criterion) {
    let tables = sample();
    let inquiry = Inquiry::default();
    let address: TileAddress = "communes".parse().expect("a layer");
    let tile = TileCoord::new(9, 260, 182).expect("a tile");
    // An atlas keeps the tiles it has cut: each measure takes a fresh one that knows all but this tile.
    let fresh = || {
        let atlas = Atlas::new(tables.clone(), "bench".to_owned());
        atlas.table(Layer::Communes, &inquiry).expect("figures");
        atlas
    };
    let write = |atlas: &Atlas| atlas.tile(&address, tile, &inquiry).expect("a tile");
    assert!(write(&fresh()).is_some_and(|bytes| bytes.len() > 10_000), "the tile holds communes");
    let mut group = c.benchmark_group("a z9 tile");
    group.bench_function("cut for the first time", |b| {
        b.iter_batched_ref(fresh, |atlas| write(atlas), BatchSize::PerIteration);
    });
    let atlas = fresh();
    group.bench_function("cut before, written for a new question", |b| b.iter(|| write(&atlas)));
    group.finish();
}

criterion_group! {
    name = sample_benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(8));
    targets = build_the_sample_atlas, nearest_venue_for_every_cell, a_z9_tile
}
criterion_main!(sample_benches);
