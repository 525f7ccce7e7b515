//! What is waited for on the sample: building its atlas, asking a new question of it, and a tile never asked
//! before.
//!
//!     cargo bench -p maillage-benches --bench sample

#![expect(clippy::expect_used, reason = "a bench that cannot go on says so")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use access::{AccessSurface, Fit, Ground, PotentialAccess, Question, Supplies, Travel, WeekTable};
use atlas::build::{Materials, build};
use atlas::{Atlas, Inquiry, Layer, Tables, TileAddress, TileCoord};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use maillage_benches::sample_directory;
use territory::{Mode, VenueIdx};

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
        let ground = Ground::of(&tables.grid);
        b.iter(|| AccessSurface::estimate_on(black_box(&ground), &tables.venues, &question, Fit::Fits));
    });
    c.bench_function("the ground of the grid", |b| b.iter(|| Ground::of(black_box(&tables.grid))));
    let ground = Ground::of(&tables.grid);
    c.bench_function("the week of every cell, 20 min", |b| {
        let limit = Inquiry::default().promise.minutes.time();
        b.iter(|| WeekTable::estimate(black_box(&ground), &tables.venues, &question, limit));
    });
    let asked: Vec<VenueIdx> = (0..tables.venues.len() as u32).map(VenueIdx).collect();
    let travel = Travel::estimated(&ground, &tables.venues, Mode::Car);
    c.bench_function("the catchments of every venue, 15 min", |b| {
        b.iter(|| travel.catchments(black_box(&asked), tables.decay.longest()));
    });
    let supplies = Supplies::of(&tables.venues).expect("some say");
    c.bench_function("the APL of every cell", |b| {
        let demand = |place| tables.grid.place(place).population;
        b.iter(|| PotentialAccess::share(&travel, black_box(&asked), &supplies, &tables.decay, demand));
    });
}

/// What a person waits for after changing the question: the whole diagnosis of the region, of a département.
fn a_new_question(c: &mut Criterion) {
    let atlas = Atlas::new(sample(), "bench".to_owned());
    let mut minutes = 0;
    let mut ask = |territory: &str| {
        // Never the same question twice: 120 minutes, three modes, and fees.
        minutes += 1;
        let mode = ["car", "bike", "walk"][minutes / 120 % 3];
        let fee = ["", "&fee=free", "&fee=paid", "&fee=conditional"][minutes / 360 % 4];
        let query = format!("territory={territory}&mode={mode}&minutes={}{fee}", minutes % 120 + 1);
        let inquiry = Inquiry::parse(&query).expect("an inquiry");
        atlas.diagnosis(&inquiry).expect("an answer").answer.beyond
    };
    let mut group = c.benchmark_group("a diagnosis with other minutes");
    group.bench_function("of the region", |b| b.iter(|| ask("region:84")));
    group.bench_function("of a département", |b| b.iter(|| ask("departement:63")));
    group.finish();
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
    targets = build_the_sample_atlas, nearest_venue_for_every_cell, a_new_question, a_z9_tile
}
criterion_main!(sample_benches);
