//! What the searches of `network` take on a made-up country of ten million nodes and 25,000 targets,
//! and what this machine's memory would allow.
//!
//!     cargo run --release -p maillage-benches --bin network_searches [-- NODES TARGETS]

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::hint::black_box;

use maillage_benches::stats::{mean, median, quantile};
use maillage_benches::stopwatch::{Took, all_threads_cpu_seconds, peak_megabytes, time};
use maillage_benches::synthetic::{Country, Dice};
use network::graph::Graph;
use network::search::catchment::catchments;
use network::search::certificate::certify;
use network::search::incremental::Live;
use network::search::k_nearest::k_nearest;
use network::search::labels::Labels;
use network::search::nearest::Nearest;
use network::search::route::Router;
use network::search::{Endpoint, Source};

/// How often what takes seconds is measured.
const ROUNDS: usize = 5;

/// One node of so many is inhabited.
const NODES_BY_PLACE: u32 = 10;

#[expect(clippy::disallowed_methods, reason = "two arguments; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Result<Vec<usize>, _> = std::env::args().skip(1).map(|a| a.parse()).collect();
    let [nodes, targets] = arguments?.try_into().unwrap_or([10_000_000, 25_000]);
    let country = Country::new(nodes, targets);
    let graph = country.roads.graph();
    println!("{} nodes, {} arcs, {targets} targets", graph.forward.nodes(), graph.forward.arcs.len());
    println!("graph and its making: {:.0} MB at most", peak_megabytes());
    let labels = every_node(graph, &country.sources);
    changes(graph, &country.sources, &labels);
    routes(graph);
    for k in [2, 3, 5] {
        let (_, took) = time(|| k_nearest(graph, &country.sources, k, None));
        say(&format!("{k} nearest"), &[took]);
    }
    who_is_within_twenty_minutes(graph, &country.sources)?;
    println!("memory: {:.0} MB at most", peak_megabytes());
    Ok(())
}

/// Medians, of the clock and of the processor.
fn say(what: &str, took: &[Took]) {
    let (wall, cpu) = (median(took.iter().map(|t| t.seconds)), median(took.iter().map(|t| t.cpu_seconds)));
    println!("{what}: {wall:.3} s, {cpu:.3} s of processor");
}

/// The nearest of every node beside what memory allows, in turns; then the certificate.
fn every_node(graph: Graph<'_>, sources: &[Source]) -> Labels {
    let (mut search, mut labels) = (Nearest::default(), Labels::default());
    let lines = lines_touched(graph);
    let (mut searches, mut bounds, mut proofs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        searches.push(time(|| search.search(graph, sources, None, &mut labels)).1);
        bounds.push(gather(lines));
        let (proved, took) = time(|| certify(graph, sources, &labels, None));
        proofs.push(took);
        if let Err(violation) = proved {
            println!("WRONG: {violation}");
        }
    }
    say("nearest target of every node", &searches);
    say(&format!("as many lines of cache ({lines}) read at random"), &bounds);
    let ratio = searches.iter().zip(&bounds).map(|(s, b)| s.cpu_seconds / b.cpu_seconds);
    println!("  the search over that bound: {:.2}", median(ratio));
    say("certificate", &proofs);
    let reached: Vec<f64> = labels.iter().flatten().map(|(t, _)| f64::from(t) / 10.0).collect();
    println!("  {} nodes reached, in {:.0} s on average", reached.len(), mean(reached.iter().copied()));
    labels
}

/// How many lines of 64 bytes a search reads if it keeps none: of every node its label, where its arcs
/// begin, its arcs, and the labels of the nodes they lead to that lie in other lines.
fn lines_touched(graph: Graph<'_>) -> usize {
    let of = |node: u32| {
        let [begin, end] = [node, node + 1].map(|n| graph.backward.first[n as usize] / 8);
        let arcs = graph.backward.of(node);
        let mut lines: Vec<u32> =
            arcs.iter().map(|arc| arc[0] / 8).filter(|&line| line != node / 8).collect();
        lines.sort_unstable();
        lines.dedup();
        2 + (end - begin + 1) as usize + lines.len()
    };
    (0..graph.backward.nodes() as u32).map(of).sum()
}

/// Lines of the array of [`gather`]: 256 MB, as a graph of ten million nodes and its labels.
const LINES: usize = 1 << 22;

/// Reads so many lines of memory at random, none waiting for another.
fn gather(lines: usize) -> Took {
    let memory = vec![[1u64; 8]; LINES];
    let mut dice = Dice(1);
    time(|| {
        let sum = (0..lines).fold(0u64, |sum, _| sum.wrapping_add(memory[dice.roll() as usize % LINES][0]));
        black_box(sum)
    })
    .1
}

/// A target opens at a random node and closes again; one that is there closes and opens again.
fn changes(graph: Graph<'_>, sources: &[Source], labels: &Labels) {
    let mut live = Live::new(graph, sources, None);
    let mut dice = Dice(3);
    let mut took: [Vec<f64>; 3] = Default::default();
    let mut moved = Vec::new();
    for change in 0..5_000u32 {
        let new = sources.len() as u32 + change;
        let at = Endpoint { node: dice.below(labels.nodes() as u32), offset: 0 };
        let micros = |took: Took| took.seconds * 1e6;
        let (n, add) = time(|| live.add(graph, new, &[at]));
        moved.push(n as f64);
        took[0].push(micros(add));
        took[1].push(micros(time(|| live.remove(graph, new)).1));
        let old = sources[dice.below(sources.len() as u32) as usize];
        took[1].push(micros(time(|| live.remove(graph, old.label)).1));
        took[0]
            .push(micros(time(|| live.add(graph, old.label, &[Endpoint { node: old.node, offset: 0 }])).1));
        live.forget();
        live.add(graph, new, &[at]);
        took[2].push(micros(time(|| live.undo()).1));
    }
    println!("  after 20,000 changes the labels are the same: {}", live.labels() == labels);
    for (what, took) in ["a target opens", "a target closes", "an opening undone"].iter().zip(took) {
        let (at, p99) = (median(took.iter().copied()), quantile(took.iter().copied(), 0.99));
        println!("{what}: {:.1} µs on average, {at:.1} in the middle, {p99:.1} for 99 of 100", mean(took));
    }
    println!("  {:.0} nodes changed by an opening on average", mean(moved));
}

/// Journeys between random nodes, anywhere in the country.
fn routes(graph: Graph<'_>) {
    let mut dice = Dice(4);
    let mut router = Router::default();
    let mut end = || [Endpoint { node: dice.below(graph.forward.nodes() as u32), offset: 0 }];
    router.route(graph, &end(), &end(), None);
    let took: Vec<Took> =
        (0..2 * ROUNDS).map(|_| time(|| router.route(graph, &end(), &end(), None)).1).collect();
    say("a journey across the country", &took);
}

/// Two-step floating catchments of 20 minutes: the share of a target that each place gets.
fn who_is_within_twenty_minutes(graph: Graph<'_>, sources: &[Source]) -> Result<(), Box<dyn Error>> {
    let weight = |deciseconds: u32| match deciseconds {
        0..6_000 => 1.0,
        6_000..9_000 => 0.6,
        _ => 0.3,
    };
    let targets: Vec<[Endpoint; 1]> =
        sources.iter().map(|s| [Endpoint { node: s.node, offset: s.offset }]).collect();
    let two = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    let cpu = all_threads_cpu_seconds();
    let ((visited, access), took) = time(|| {
        let within = two.install(|| {
            catchments(graph.backward, &targets, 12_000, |_, visits| {
                let places = visits.iter().filter(|visit| visit.node % NODES_BY_PLACE == 0);
                let places: Vec<_> = places.map(|visit| (visit.node, visit.deciseconds as u16)).collect();
                (visits.len(), places)
            })
        });
        let mut access = vec![0f64; graph.forward.nodes().div_ceil(NODES_BY_PLACE as usize)];
        for (_, places) in &within {
            let demand: f64 = places.iter().map(|&(_, time)| weight(u32::from(time))).sum();
            for &(node, time) in places {
                access[(node / NODES_BY_PLACE) as usize] += weight(u32::from(time)) / demand;
            }
        }
        let visited: usize = within.iter().map(|(visited, _)| visited).sum();
        let pairs: usize = within.iter().map(|(_, places)| places.len()).sum();
        ((visited, pairs), access)
    });
    let cpu = all_threads_cpu_seconds() - cpu;
    println!("catchments of 20 minutes, 2 threads: {:.1} s, {cpu:.1} s of processor", took.seconds);
    println!("  {} nodes visited, {} pairs of target and place", visited.0, visited.1);
    println!("  {} places; shares sum up to {:.6}", access.len(), access.iter().sum::<f64>());
    Ok(())
}
