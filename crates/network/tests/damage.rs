//! Network files that were never written: refused, or safe to ask anything of.
#![expect(clippy::expect_used, reason = "tests")]

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use network::isochrone::{Heading, outlines};
use network::search::Source;
use network::search::nearest::nearest;
use network::search::route::Router;
use network::{EdgeIdx, Profile, RoadNetwork, Streets};
use plain::Town;
use proptest::prelude::*;
use territory::{Directed, Mode, Passage, Road, RoadClass, TravelTime};

/// Bytes before the arrays, and where in them the checksum and the lengths of the arrays are.
const HEADER: usize = 256;
const CHECKSUM: usize = 12;
const LENGTHS: usize = 88;

/// A town with a private estate, so that all layers are there.
fn sound() -> Vec<u8> {
    let mut town = Town::lattice(4, 4);
    let estate: Vec<u32> = (0..3).map(|i| town.point(300.0 + f64::from(i) * 60.0, -80.0)).collect();
    let mut private = Road::of(RoadClass::Residential);
    private.walk = Directed::both(Passage::Destination);
    town.road(private, &[3, estate[0]]).road(private, &estate).cut([-600.0, -600.0, 800.0, 800.0]);
    let roads = town.roads();
    let profile = Profile::of(Mode::Walk).expect("usable");
    let network = network::build(&Streets::of(&roads), &profile, "2026").expect("small enough");
    network.bytes().to_vec()
}

/// The same with the checksum its bytes should have.
fn mended(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = crc32fast::hash(&bytes[CHECKSUM + 4..]);
    bytes[CHECKSUM..CHECKSUM + 4].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

struct Folder {
    path: PathBuf,
    _kept: tempfile::TempDir,
}

impl Folder {
    fn new() -> Self {
        let kept = tempfile::tempdir().expect("a folder");
        Self { path: kept.path().join("roads.bin"), _kept: kept }
    }

    fn open(&self, bytes: &[u8]) -> Option<RoadNetwork> {
        File::create(&self.path).and_then(|mut file| file.write_all(bytes)).expect("written");
        let refused = |error: network::NetworkError| {
            assert!(error.to_string().contains("build the atlas again"), "{error}");
        };
        RoadNetwork::open(&self.path).map_err(refused).ok()
    }
}

/// Asks everything of a network; whether it answers right is another matter.
fn ask(network: &RoadNetwork) {
    let profile = Profile::of(network.mode()).expect("usable");
    let graph = network.graph();
    let nodes = graph.forward.nodes() as u32;
    for node in 0..nodes {
        assert!(graph.forward.of(node).iter().chain(graph.backward.of(node)).all(|arc| arc[0] < nodes));
    }
    for edge in (0..network.edge_count() as u32 + 2).map(EdgeIdx) {
        let _ = (network.edge(edge).class(), network.shape(edge).count());
    }
    let _ = network.exits().count();
    let sources: Vec<Source> =
        (0..nodes).step_by(3).map(|node| Source { node, offset: 7, label: node }).collect();
    let _ = nearest(graph, &sources, None);
    let ties = [(10.0, 10.0), (150.0, 290.0), (390.0, -80.0), (310.0, -40.0)]
        .map(|(east, north)| network.snap(Town::at(east, north), &profile.snap));
    let limit = TravelTime::from_deciseconds(3000).expect("a time");
    for from in ties.iter().flatten() {
        for to in ties.iter().flatten() {
            let _ = network.itinerary(&mut Router::default(), from, to, None);
        }
        let reached = network.within(from, Heading::Away, limit);
        let _ = outlines(&network.within(from, Heading::Towards, limit), &profile.snap, &[limit]);
        assert!(!reached.is_empty() || network.foot(from).is_none());
    }
}

#[test]
fn a_sound_network_answers_everything() {
    ask(&Folder::new().open(&sound()).expect("sound"));
}

#[test]
fn any_one_word_of_any_array_may_be_wrong() {
    let (good, folder) = (sound(), Folder::new());
    let mut opened = 0;
    for at in (HEADER..good.len()).step_by(4) {
        for word in [0, u32::MAX] {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
            if let Some(network) = folder.open(&mended(bytes)) {
                opened += 1;
                // All are opened, one in nine asked: a shape elsewhere hurts nobody.
                if at % 9 == 0 {
                    ask(&network);
                }
            }
        }
    }
    assert!(opened > 0, "positions, times and flags may be any");
}

#[test]
fn the_lengths_of_the_arrays_may_be_wrong() {
    let (good, folder) = (sound(), Folder::new());
    for at in (LENGTHS..LENGTHS + 48).step_by(4) {
        for other in (LENGTHS..LENGTHS + 48).step_by(4).filter(|&other| other != at) {
            for words in [1u32, 2, 5, u32::MAX] {
                let mut bytes = good.clone();
                let word = |at: usize| u32::from_le_bytes(good[at..at + 4].try_into().expect("four bytes"));
                // What one array gains another loses: together they still fill the file.
                bytes[at..at + 4].copy_from_slice(&word(at).wrapping_add(words).to_le_bytes());
                bytes[other..other + 4].copy_from_slice(&word(other).wrapping_sub(words).to_le_bytes());
                if let Some(network) = folder.open(&mended(bytes)) {
                    ask(&network);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_with_the_right_beginning_are_refused(random in prop::collection::vec(any::<u8>(), 0..2000)) {
        let mut bytes = sound()[..CHECKSUM].to_vec();
        bytes.extend(random);
        let folder = Folder::new();
        prop_assert!(folder.open(&bytes).is_none());
        if bytes.len() > CHECKSUM + 4 {
            prop_assert!(folder.open(&mended(bytes)).is_none());
        }
    }

    #[test]
    fn many_wrong_words_at_once_are_refused_or_safe(
        wrong in prop::collection::vec((any::<prop::sample::Index>(), prop_oneof![any::<u32>(), 0u32..200]), 1..12),
        len in prop_oneof![4 => Just(None), 1 => (0usize..4000).prop_map(Some)],
    ) {
        let mut bytes = sound();
        for (at, word) in wrong {
            let at = HEADER + at.index((bytes.len() - HEADER) / 4) * 4;
            bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
        bytes.truncate(len.unwrap_or(usize::MAX).max(CHECKSUM + 4));
        if let Some(network) = Folder::new().open(&mended(bytes)) {
            ask(&network);
        }
    }
}
