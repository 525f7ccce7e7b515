//! Whole extracts: made here, damaged here, and real ones beside the crate `osmpbf`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use territory::road::Segment;
use territory::{Extent, RoadClass, Roads};

use super::pbf::written::{Extract as Written, blob, bytes, framed, number};
use crate::error::IngestError;
use crate::refusal::Read;

fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("temporary file");
    file.write_all(content).expect("written");
    file
}

fn read(content: &[&[u8]]) -> Result<Read<Roads>, IngestError> {
    let files: Vec<_> = content.iter().map(|bytes| file(bytes)).collect();
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path().to_owned()).collect();
    super::read(&paths)
}

/// The points of each segment, as steps.
fn lines(roads: &Roads) -> Vec<Vec<[i32; 2]>> {
    let steps = |segment: &Segment| {
        roads.run(segment).iter().map(|&point| roads.points()[point as usize].steps()).collect()
    };
    roads.segments().iter().map(steps).collect()
}

fn reasons(read: &Read<Roads>) -> Vec<(&str, &str)> {
    read.refused.iter().map(|r| (r.reason.as_str(), r.value.as_str())).collect()
}

/// Two streets that cross at node 2, a gate on one of them, and a house.
fn village() -> Written {
    Written::new()
        .node(1, [10, 20], "")
        .node(2, [30, 20], "highway=traffic_signals")
        .node(3, [50, 20], "barrier=gate")
        .node(4, [30, 40], "")
        .node(5, [30, -40], "")
        .node(9, [70, 70], "barrier=gate")
        .way(20, &[4, 2, 5], "highway=residential, maxspeed=30")
        .way(10, &[1, 2, 3], "highway=tertiary, name=Grand'Rue")
        .way(30, &[9, 1], "building=yes")
}

#[test]
fn two_streets_that_cross_share_a_point_and_come_in_the_order_of_their_identifiers() {
    let Read { value: roads, refused } = read(&[&village().bytes()]).expect("read");
    assert_eq!(refused, []);
    assert_eq!(lines(&roads), [vec![[10, 20], [30, 20], [50, 20]], vec![[30, 40], [30, 20], [30, -40]]]);
    assert_eq!(roads.points().len(), 5, "the house's corner is no point");
    assert_eq!(roads.runs(), [0, 1, 2, 3, 1, 4]);
    let classes: Vec<RoadClass> = roads.segments().iter().map(|s| roads.road(s).class).collect();
    assert_eq!(classes, [RoadClass::Tertiary, RoadClass::Residential]);
    let fixtures: Vec<(u32, bool, bool)> =
        roads.fixtures().iter().map(|f| (f.point, f.signals, f.gate)).collect();
    assert_eq!(fixtures, [(1, true, false), (2, false, true)], "the house's gate stands on no road");
}

#[test]
fn compressed_or_not_dense_or_not_in_whatever_order_it_is_the_same() {
    let plain = read(&[&village().bytes()]).expect("read");
    for other in [village().zlib(), village().without_dense_nodes(), village().ways_first()] {
        assert_eq!(read(&[&other.bytes()]).expect("read"), plain);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let Some(path) = shared("toulouse.osm.pbf") else { return };
    let with = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("a pool");
        pool.install(|| super::read(std::slice::from_ref(&path))).expect("read")
    };
    let one = with(1);
    assert!(one == with(2) && one == with(5));
}

#[test]
fn the_extent_is_that_of_the_headers_else_of_the_points() {
    let extent = |content: &[&[u8]]| read(content).expect("read").value.extent().map(Extent::bbox);
    let west = village().bbox([0, 0, 2, 2]).bytes();
    let east = village().bbox([1, -1, 5, 1]).bytes();
    assert_eq!(extent(&[&west]), Some([0.0, 0.0, 2.0, 2.0]));
    assert_eq!(extent(&[&west, &east]), Some([0.0, -1.0, 5.0, 2.0]));
    let of_points = Some([1e-6, -4e-6, 5e-6, 4e-6]);
    assert_eq!(extent(&[&village().bytes()]), of_points);
    assert_eq!(extent(&[&west, &village().bytes()]), of_points, "one does not say");
    assert_eq!(extent(&[&village().bbox([5, 0, 2, 2]).bytes()]), of_points, "a box inside out");
}

#[test]
fn overlapping_extracts_are_joined_and_what_one_lacks_the_other_gives() {
    let left = Written::new()
        .node(1, [10, 0], "")
        .node(2, [20, 0], "barrier=bollard")
        .way(7, &[1, 2, 3, 4], "highway=service")
        .bytes();
    let right = Written::new()
        .node(2, [20, 0], "barrier=bollard")
        .node(3, [30, 0], "")
        .node(4, [40, 0], "")
        .way(7, &[1, 2, 3, 4], "highway=service")
        .way(8, &[4, 3], "highway=path")
        .bytes();
    let both = read(&[&left, &right]).expect("read");
    assert_eq!(lines(&both.value)[0], [[10, 0], [20, 0], [30, 0], [40, 0]]);
    assert_eq!((both.value.segments().len(), both.value.fixtures().len()), (2, 1));
    assert_eq!(reasons(&both), [("is there twice: the first is kept", "1 way, first 7")]);
    assert_eq!(read(&[&right, &left]).expect("read").value, both.value, "in either order");
}

#[test]
fn a_way_is_cut_where_its_nodes_are_missing() {
    let extract = Written::new()
        .node(2, [20, 0], "")
        .node(3, [30, 0], "")
        .node(5, [50, 0], "")
        .node(7, [70, 0], "highway=stop")
        .node(8, [80, 0], "")
        .way(1, &[1, 2, 3, 4, 5, 6, 7, 8], "highway=residential")
        .way(2, &[100, 101], "highway=residential");
    let read = read(&[&extract.bytes()]).expect("read");
    assert_eq!(lines(&read.value), [[[20, 0], [30, 0]], [[70, 0], [80, 0]]]);
    assert_eq!(read.value.points().len(), 4, "a node alone is no point");
    assert_eq!(read.value.fixtures()[0].point, 2);
    let why = "goes through nodes that no extract given places: cut there";
    assert_eq!(reasons(&read), [(why, "2 ways, first 1")]);
}

#[test]
fn short_stuttering_and_double_ways_are_told_once_each() {
    let extract = village()
        .way(40, &[1], "highway=residential")
        .way(41, &[], "highway=residential")
        .way(42, &[1, 1], "highway=residential")
        .way(43, &[1, 1, 2, 2, 2, 3], "highway=residential")
        .way(10, &[4, 5], "highway=steps");
    let read = read(&[&extract.bytes()]).expect("read");
    let findings = reasons(&read);
    let expected = [
        ("has fewer than two points: left out", "3 ways, first 40"),
        ("goes through a node twice in a row: once is enough", "2 ways, first 42"),
        ("is there twice: the first is kept", "1 way, first 10"),
    ];
    assert_eq!(findings, expected);
    assert_eq!(read.value.segments().len(), 3);
    assert_eq!(lines(&read.value)[2], [[10, 20], [30, 20], [50, 20]]);
}

#[test]
fn nodes_nowhere_on_earth_cut_their_ways() {
    for nowhere in [[1_800_000_001, 0], [0, 900_000_001], [i64::MAX / 2, 0], [5_000_000_000, 0]] {
        for dense in [true, false] {
            let extract = village().node(6, nowhere, "").way(50, &[6, 4, 5], "highway=path");
            let extract = if dense { extract } else { extract.without_dense_nodes() };
            let read = read(&[&extract.bytes()]).expect("read");
            assert_eq!(lines(&read.value)[2], [[30, 40], [30, -40]]);
            assert!(
                reasons(&read).contains(&("is nowhere on Earth: its ways are cut there", "1 node, first 6"))
            );
        }
    }
}

#[test]
fn an_absurd_limit_is_told_with_its_value_and_the_road_kept() {
    let extract = village().way(50, &[4, 5], "highway=path, maxspeed=fast");
    let read = read(&[&extract.bytes()]).expect("read");
    let expected = [("has a speed limit that is none: ignored", "1 way, first 50 (fast)")];
    assert_eq!((reasons(&read).as_slice(), read.value.segments().len()), (&expected[..], 3));
}

fn refused(content: &[u8]) -> String {
    read(&[content]).expect_err("refused").to_string()
}

#[test]
fn a_file_that_is_no_pbf_is_called_by_its_name() {
    for (content, says) in [
        (&b""[..], "is empty"),
        (b"<?xml version='1.0'?><osm/>", "is XML"),
        (b"BZh91AY", "bzip2"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"PK\x03\x04", "zip"),
        (b"\0\0\0\x02no", "does not begin with an OSMHeader"),
        (b"any text of any length, longer than a header would be", "no OpenStreetMap PBF"),
    ] {
        assert!(refused(content).contains(says), "{says}: {}", refused(content));
    }
    let missing = super::read(&[PathBuf::from("/nowhere/x.osm.pbf")]).expect_err("missing").to_string();
    assert!(missing.contains("/nowhere/x.osm.pbf") && missing.contains("no such file"));
    assert!(super::read(&[PathBuf::from("/")]).expect_err("folder").to_string().contains("folder"));
    assert!(super::read(&[]).is_err());
}

#[test]
fn a_file_without_a_road_or_without_nodes_is_refused() {
    let no_road = Written::new().node(1, [0, 0], "").way(1, &[1, 1], "building=yes").bytes();
    assert!(refused(&no_road).contains("holds no road"));
    let no_node = Written::new().way(1, &[1, 2], "highway=path").bytes();
    assert!(refused(&no_node).contains("holds no node of its roads"));
    let beside = read(&[&village().bytes(), &no_road]).expect("read");
    assert_eq!(reasons(&beside), [("holds no road that anyone may use", "1 extract")]);
}

#[test]
fn a_history_or_a_compression_of_another_kind_says_what_to_do() {
    assert!(refused(&village().needs("HistoricalInformation").bytes()).contains("osmium time-filter"));
    let mut zstd = Vec::new();
    number(&mut zstd, 2, 3);
    bytes(&mut zstd, 7, b"zst");
    let mut content = blob("OSMHeader", b"", false);
    content.extend(framed("OSMData", &zstd));
    assert!(refused(&content).contains("pbf_compression=zlib"));
}

#[test]
fn a_file_cut_anywhere_but_between_blocks_is_said_to_be_truncated() {
    let whole = village().zlib().bytes();
    let mut read_whole = 0;
    for end in 1..whole.len() {
        match read(&[&whole[..end]]) {
            Ok(_) => read_whole += 1,
            Err(error) => {
                let error = error.to_string();
                let said = ["truncated", "no OpenStreetMap PBF", "holds no road", "holds no node"];
                assert!(said.iter().any(|words| error.contains(words)), "{end}: {error}");
            }
        }
    }
    assert_eq!(read_whole, 0, "each block counts");
}

#[test]
fn lists_of_different_lengths_and_texts_that_are_not_there_are_damage() {
    let header = blob("OSMHeader", b"", false);
    let with = |field: u64, group_field: u64, message: &[u8]| {
        let (mut group, mut block) = (Vec::new(), Vec::new());
        bytes(&mut group, group_field, message);
        bytes(&mut block, 1, &[]);
        bytes(&mut block, field, &group);
        let mut content = header.clone();
        content.extend(blob("OSMData", &block, false));
        content
    };
    let mut way = Vec::new();
    number(&mut way, 1, 5);
    bytes(&mut way, 2, &[3]);
    bytes(&mut way, 3, &[4]);
    assert!(refused(&with(2, 3, &way)).contains("points to a text that it does not have"));
    let mut way = Vec::new();
    number(&mut way, 1, 5);
    bytes(&mut way, 3, &[4]);
    assert!(refused(&with(2, 3, &way)).contains("more values of tags than keys"));
    assert!(refused(&with(2, 3, &[0xff])).contains("a number has no end"));
    // Nodes are looked into once a road needs them.
    let mut dense = Vec::new();
    bytes(&mut dense, 1, &[2, 2]);
    bytes(&mut dense, 8, &[2]);
    bytes(&mut dense, 9, &[2, 2]);
    let mut content = village().bytes();
    content.extend(&with(2, 2, &dense)[header.len()..]);
    assert!(refused(&content).contains("shorter than the one beside it"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_byte_of_a_file_may_be_changed_and_it_is_read_or_refused(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        zlib in any::<bool>(),
        dense in any::<bool>(),
    ) {
        let extract = village().bbox([0, 0, 1, 1]);
        let extract = if zlib { extract.zlib() } else { extract };
        let extract = if dense { extract } else { extract.without_dense_nodes() };
        let mut content = extract.bytes();
        for (at, byte) in changes {
            let at = at.index(content.len());
            content[at] = byte;
        }
        if let Err(error) = read(&[&content]) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn any_block_is_read_or_refused(block in proptest::collection::vec(any::<u8>(), 0..120)) {
        let mut content = village().bytes();
        content.extend(blob("OSMData", &block, false));
        let _ = read(&[&content]);
    }
}

/// An extract of the shared data, which is never committed: where it is absent the test prints why and is
/// skipped, but in CI a skip fails.
#[expect(clippy::disallowed_methods, reason = "tests alone may ask whether they run in CI")]
fn shared(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/roads").join(name);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is absent", path.display());
    assert!(std::env::var("CI").is_err(), "in CI nothing is skipped: {} is absent", path.display());
    None
}

const REAL: [&str; 6] = [
    "liechtenstein_valhalla.osm.pbf",
    "malta-latest_2016.osm.pbf",
    "poa_osm.pbf",
    "porto_portugal_r5.osm.pbf",
    "rnv_rhein-neckar_2016.osm.pbf",
    "toulouse.osm.pbf",
];

/// The nodes and tags of a way.
type Way = (Vec<i64>, Vec<(String, String)>);

/// What the crate `osmpbf` makes of a file: nodes of ways by identifier, places of nodes.
#[derive(Default)]
struct Reference {
    ways: BTreeMap<i64, Way>,
    places: BTreeMap<i64, [i32; 2]>,
}

fn reference(path: &Path) -> Reference {
    let mut reference = Reference::default();
    let nano = |nanodegrees: i64| i32::try_from((nanodegrees + 50).div_euclid(100)).expect("on Earth");
    let reader = osmpbf::ElementReader::from_path(path).expect("a file");
    reader
        .for_each(|element| match element {
            osmpbf::Element::Way(way) => {
                let tags = way.tags().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
                reference.ways.entry(way.id()).or_insert((way.refs().collect(), tags));
            }
            osmpbf::Element::Node(n) => {
                reference.places.insert(n.id(), [nano(n.nano_lon()), nano(n.nano_lat())]);
            }
            osmpbf::Element::DenseNode(n) => {
                reference.places.insert(n.id(), [nano(n.nano_lon()), nano(n.nano_lat())]);
            }
            osmpbf::Element::Relation(_) => {}
        })
        .expect("read");
    reference
}

#[test]
fn real_extracts_have_the_lines_that_another_reader_finds() {
    for path in REAL.into_iter().filter_map(shared) {
        let Read { value: roads, refused } = super::read(std::slice::from_ref(&path)).expect("read");
        let of = reference(&path);
        let mut expected = Vec::new();
        for (refs, tags) in of.ways.values() {
            let pairs: Vec<(&str, &str)> = tags.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            if super::way::road(super::tags::Tags(&pairs), &mut |_, _| ()).is_none() {
                continue;
            }
            for part in refs.split(|id| !of.places.contains_key(id)) {
                let mut ids = part.to_vec();
                ids.dedup();
                if ids.len() >= 2 {
                    expected.push(ids.iter().map(|id| of.places[id]).collect::<Vec<_>>());
                }
            }
        }
        let name = path.file_name().expect("a name").to_string_lossy();
        println!("{name}: {} segments, {} findings: {refused:#?}", roads.segments().len(), refused.len());
        assert!(lines(&roads) == expected, "{name}");
        let used: BTreeSet<u32> = roads.runs().iter().copied().collect();
        assert_eq!(used.len(), roads.points().len(), "{name}: each point is used");
        assert!(roads.kinds().is_sorted_by(|a, b| a < b), "{name}: kinds in order, once each");
    }
}
