//! How long a network of a whole country takes to open: an extract's roads, repeated side by side around the
//! Earth until they are as many, built, written, then mapped again and again; and the nearest of 25,000
//! targets for every node of it.
//!
//!     cargo run --release -p maillage-benches --bin network_load -- PBF FILE [NODES [TARGETS]]
//!
//! Builds FILE if it is not there. The copies are not joined; each is as the original, to the decisecond.

#![expect(clippy::print_stdout, reason = "a program whose answer is what it prints")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use maillage_benches::stats::median;
use maillage_benches::stopwatch::{Took, all_threads_cpu_seconds, peak_megabytes, time};
use maillage_benches::synthetic::Dice;
use network::search::Source;
use network::search::certificate::certify;
use network::search::labels::Labels;
use network::search::nearest::Nearest;
use network::{Profile, RoadNetwork, Streets};
use territory::road::{Fixture, Segment};
use territory::{Extent, FixedPosition, Mode, Roads};

/// How often it is opened, and searched.
const ROUNDS: usize = 7;

/// Steps of [`FixedPosition`] around the Earth.
const AROUND: i64 = 3_600_000_000;

#[expect(clippy::disallowed_methods, reason = "four arguments; a parser would be larger than the program")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut path = || arguments.next().map(PathBuf::from).ok_or("PBF FILE [NODES [TARGETS]]");
    let (pbf, file) = (path()?, path()?);
    let nodes = arguments.next().map_or(Ok(10_000_000), |nodes| nodes.parse())?;
    let targets = arguments.next().map_or(Ok(25_000), |targets| targets.parse())?;
    if !file.exists() {
        build(&pbf, &file, nodes)?;
    }
    let network = open(&file)?;
    search(&network, targets)
}

/// Builds and writes a network of at least so many nodes.
fn build(pbf: &Path, file: &Path, nodes: usize) -> Result<(), Box<dyn Error>> {
    let roads = ingest::roads::read(&[pbf.to_owned()])?.value;
    let profile = Profile::of(Mode::Car)?;
    let one = network::build(&Streets::of(&roads), &profile, "")?;
    let copies = nodes.div_ceil(one.graph().forward.nodes());
    let roads = repeated(&roads, copies)?;
    println!("{copies} copies, {} points; {:.0} MB at most so far", roads.points().len(), peak_megabytes());
    let cpu = all_threads_cpu_seconds();
    let (network, took) = time(|| network::build(&Streets::of(&roads), &profile, ""));
    let (network, cpu) = (network?, all_threads_cpu_seconds() - cpu);
    println!("built: {:.1} s, {cpu:.1} s of processor; {:.0} MB at most", took.seconds, peak_megabytes());
    let mut out = BufWriter::new(File::create(file)?);
    let (written, took) = time(|| network.write(&mut out).and_then(|()| out.flush()));
    written?;
    println!("written: {:.1} s", took.seconds);
    Ok(())
}

/// Roads beside copies of themselves, each farther east than the last, starting from the date line.
fn repeated(roads: &Roads, copies: usize) -> Result<Roads, Box<dyn Error>> {
    let coords = roads.points().iter().map(|point| point.position().coord());
    let [west, _, east, _] = Extent::of_coords(coords).ok_or("no roads")?.bbox();
    let (width, west) = (((east - west) * 1e7) as i64 + 100_000, (west * 1e7) as i64);
    if i64::try_from(copies)? > AROUND / width {
        return Err(format!("{copies} copies do not fit around the Earth").into());
    }
    let (points, runs) = (roads.points().len() as u32, roads.runs().len() as u32);
    let ranks = 0..copies as u32;
    let moved = |copy: u32| {
        let by = i64::from(copy) * width - west - AROUND / 2 + 50_000;
        let to = move |point: &FixedPosition| {
            let [lon, lat] = point.steps();
            FixedPosition::from_steps([(i64::from(lon) + by) as i32, lat])
        };
        roads.points().iter().map(to)
    };
    let segment = |copy: u32| move |s: &Segment| Segment { first: s.first + copy * runs, ..*s };
    let fixture = |copy: u32| move |f: &Fixture| Fixture { point: f.point + copy * points, ..*f };
    Ok(Roads::new(
        ranks.clone().flat_map(moved).collect::<Result<_, _>>()?,
        ranks.clone().flat_map(|copy| roads.runs().iter().map(move |run| run + copy * points)).collect(),
        ranks.clone().flat_map(|copy| roads.segments().iter().map(segment(copy))).collect(),
        roads.kinds().to_vec(),
        ranks.flat_map(|copy| roads.fixtures().iter().map(fixture(copy))).collect(),
        None,
    )?)
}

/// Opens it again and again: from memory, then from the disk.
fn open(file: &Path) -> Result<RoadNetwork, Box<dyn Error>> {
    let network = RoadNetwork::open(file)?;
    let forward = network.graph().forward;
    let (nodes, bytes) = (forward.nodes() as f64, fs::metadata(file)?.len() as f64);
    println!("{nodes} nodes, {} arcs, {} edges", forward.arcs.len(), network.edge_count());
    println!("on disk: {:.0} MB, {:.0} bytes a node", bytes / 1e6, bytes / nodes);
    drop(network);
    let rounds = |from_disk: bool| -> Result<(), Box<dyn Error>> {
        let mut took = Vec::new();
        for _ in 0..ROUNDS {
            if from_disk && !forget(file) {
                println!("opened from the disk: not measured, the system keeps the file in memory");
                return Ok(());
            }
            let cpu = all_threads_cpu_seconds();
            let (opened, Took { seconds, .. }) = time(|| RoadNetwork::open(file));
            drop(opened?);
            took.push(Took { seconds, cpu_seconds: all_threads_cpu_seconds() - cpu });
        }
        say(if from_disk { "opened from the disk" } else { "opened from the page cache" }, &took);
        Ok(())
    };
    rounds(false)?;
    rounds(true)?;
    Ok(RoadNetwork::open(file)?)
}

/// Asks the system to drop a file, that alone, from its page cache.
fn forget(file: &Path) -> bool {
    let mut dd = Command::new("dd");
    dd.arg(format!("if={}", file.display())).args(["iflag=nocache", "count=0", "status=none"]);
    dd.status().is_ok_and(|status| status.success())
}

/// The nearest target of every node, on this thread.
fn search(network: &RoadNetwork, targets: u32) -> Result<(), Box<dyn Error>> {
    let graph = network.graph();
    let mut dice = Dice(7);
    let nodes = graph.forward.nodes() as u32;
    let sources: Vec<Source> =
        (0..targets).map(|label| Source { node: dice.below(nodes), offset: 0, label }).collect();
    let (mut search, mut labels) = (Nearest::default(), Labels::default());
    let once = |_| time(|| search.search(graph, &sources, None, &mut labels)).1;
    let took: Vec<Took> = (0..ROUNDS).map(once).collect();
    certify(graph, &sources, &labels, None)?;
    say(&format!("nearest of {targets} targets for every node"), &took);
    println!("  {} nodes reached", labels.iter().flatten().count());
    Ok(())
}

/// Medians, of the clock and of the processor, and the best.
fn say(what: &str, took: &[Took]) {
    let (wall, cpu) = (median(took.iter().map(|t| t.seconds)), median(took.iter().map(|t| t.cpu_seconds)));
    let best = took.iter().map(|t| t.seconds).fold(f64::INFINITY, f64::min);
    println!("{what}: {wall:.3} s ({best:.3} at best), {cpu:.3} s of processor; median of {}", took.len());
}
