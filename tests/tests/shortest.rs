//! The time of every node of real networks, beside an engine that is not ours.
#![expect(clippy::expect_used, reason = "helpers of tests, outside `#[test]` functions")]

use std::fs::File;
use std::io::Write;
use std::path::Path;

use maillage_tests::{folder, judgement, shared_data};
use network::search::Source;
use network::search::nearest::nearest;
use network::{Profile, RoadNetwork, Streets};
use territory::{Extent, Mode, Position, Roads};

/// Targets along each side of the extent.
const TARGETS: u32 = 6;

/// Positions spread over an extent, tied to the roads.
fn sources(network: &RoadNetwork, profile: &Profile, extent: Extent) -> Vec<Source> {
    let [west, south, east, north] = extent.bbox();
    let share = |i: u32| (f64::from(i) + 0.5) / f64::from(TARGETS);
    let positions = (0..TARGETS * TARGETS).map(|i| {
        let (column, row) = (share(i % TARGETS), share(i / TARGETS));
        Position::from_lon_lat(west + (east - west) * column, south + (north - south) * row)
    });
    let ties = positions.filter_map(|at| network.snap(at.expect("on Earth"), &profile.snap));
    let arrivals = ties.enumerate().map(|(label, tie)| {
        let source = move |(node, offset)| Source { node, offset, label: label as u32 };
        network.arrivals(&tie).map(source).collect::<Vec<Source>>()
    });
    arrivals.flatten().collect()
}

/// Writes the graph of cars, sources and the times found as `shortest.py` reads them.
fn export(roads: &Roads, to: &Path) {
    let profile = Profile::of(Mode::Car).expect("usable");
    let network = network::build(&Streets::of(roads), &profile, "2025").expect("small enough");
    let sources = sources(&network, &profile, roads.extent().expect("an extent"));
    assert!(sources.len() > 20, "{} sources", sources.len());
    let found = nearest(network.graph(), &sources, None);
    let graph = network.graph().forward;
    let mut words = vec![graph.nodes() as u32, graph.arcs.len() as u32, sources.len() as u32];
    words.extend(graph.first);
    words.extend(graph.arcs.iter().flatten());
    words.extend(sources.iter().flat_map(|source| [source.node, source.offset]));
    words.extend(found.iter().map(|time| time.map_or(u32::MAX, |(deciseconds, _)| deciseconds)));
    let bytes: Vec<u8> = words.into_iter().flat_map(u32::to_le_bytes).collect();
    File::create(to).and_then(|mut file| file.write_all(&bytes)).expect("written");
}

#[test]
fn every_time_by_car_in_toulouse_and_porto_is_that_of_scipy() {
    let folder = folder();
    let names = ["roads/toulouse.osm.pbf", "roads/porto_portugal_r5.osm.pbf"];
    let mut graphs = Vec::new();
    for (i, extract) in names.into_iter().enumerate() {
        let Some(extract) = shared_data(extract) else { return };
        let graph = folder.path().join(format!("{i}.graph"));
        export(&ingest::roads::read(&[extract]).expect("roads").value, &graph);
        graphs.push(graph);
    }
    let graphs: Vec<&str> = graphs.iter().map(|path| path.to_str().expect("UTF-8")).collect();
    let Some(said) = judgement("shortest.py", &graphs) else { return };
    assert_eq!(said.matches("times are SciPy's").count(), names.len(), "{said}");
}
