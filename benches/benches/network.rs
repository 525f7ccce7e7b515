//! The searches on a made-up country of 300,000 nodes, larger than most regions, and 1,500 targets.
//!
//!     cargo bench -p maillage-benches --bench network

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use maillage_benches::synthetic::{Country, Dice};
use network::search::Endpoint;
use network::search::catchment::Catchment;
use network::search::certificate::certify;
use network::search::incremental::Live;
use network::search::k_nearest::k_nearest;
use network::search::labels::Labels;
use network::search::nearest::{Nearest, nearest};
use network::search::route::Router;

fn searches(c: &mut Criterion) {
    let country = Country::new(300_000, 1_500);
    let (graph, sources) = (country.roads.graph(), country.sources.as_slice());
    let mut dice = Dice(5);
    let mut place = || [Endpoint { node: dice.below(graph.forward.nodes() as u32), offset: 0 }];

    let (mut search, mut labels) = (Nearest::default(), Labels::default());
    c.bench_function("nearest target of every node", |b| {
        b.iter(|| search.search(graph, black_box(sources), None, &mut labels));
    });
    c.bench_function("three nearest of every node", |b| {
        b.iter(|| k_nearest(graph, black_box(sources), 3, None));
    });
    let labels = nearest(graph, sources, None);
    c.bench_function("certificate", |b| b.iter(|| certify(graph, sources, black_box(&labels), None)));

    let mut live = Live::new(graph, sources, None);
    c.bench_function("a target opens and closes", |b| {
        b.iter(|| {
            live.add(graph, u32::MAX, &place());
            live.remove(graph, u32::MAX);
            live.forget();
        });
    });
    let mut catchment = Catchment::default();
    c.bench_function("catchment of 20 minutes", |b| {
        b.iter(|| catchment.within(graph.backward, &place(), 12_000).len());
    });
    let mut router = Router::default();
    c.bench_function("a journey", |b| b.iter(|| router.route(graph, &place(), &place(), None)));
}

criterion_group! {
    name = network_benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = searches
}
criterion_main!(network_benches);
