use std::io::Read;

use flate2::read::GzDecoder;
use geo::Coord;
use proptest::prelude::*;

use super::*;

/// An archive as its specification says to read it, by a reader that shares nothing with the writer.
struct Archive<'a>(&'a [u8]);

#[derive(Debug, PartialEq)]
struct Listed {
    id: u64,
    run: u64,
    length: u64,
    offset: u64,
}

impl Archive<'_> {
    fn number(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.0[at..at + 8].try_into().unwrap())
    }

    fn section(&self, at: usize) -> &[u8] {
        let (offset, length) = (self.number(at) as usize, self.number(at + 8) as usize);
        &self.0[offset..offset + length]
    }

    fn directory(bytes: &[u8]) -> Vec<Listed> {
        let plain = inflated(bytes);
        let mut rest = plain.as_slice();
        let mut next = || {
            let (mut number, mut shift) = (0, 0);
            loop {
                let (&byte, after) = rest.split_first().unwrap();
                rest = after;
                number |= u64::from(byte & 0x7f) << shift;
                shift += 7;
                if byte < 0x80 {
                    return number;
                }
            }
        };
        let n = next();
        let mut columns = || (0..n).map(|_| next()).collect::<Vec<u64>>();
        let (deltas, runs, lengths, offsets) = (columns(), columns(), columns(), columns());
        assert!(rest.is_empty());
        let mut listed: Vec<Listed> = Vec::new();
        for i in 0..n as usize {
            let before = listed.last();
            listed.push(Listed {
                id: before.map_or(0, |e| e.id) + deltas[i],
                run: runs[i],
                length: lengths[i],
                offset: match (offsets[i], before) {
                    (0, Some(e)) => e.offset + e.length,
                    (more, _) => more - 1,
                },
            });
        }
        listed
    }

    /// Every entry that names tiles, leaves opened.
    fn entries(&self) -> Vec<Listed> {
        let leaves = self.section(40);
        let open = |entry: Listed| {
            if entry.run > 0 {
                return vec![entry];
            }
            Self::directory(&leaves[entry.offset as usize..(entry.offset + entry.length) as usize])
        };
        Self::directory(self.section(8)).into_iter().flat_map(open).collect()
    }

    /// Every tile with its content, by number.
    fn tiles(&self) -> BTreeMap<u64, Vec<u8>> {
        let data = self.section(56);
        let mut tiles = BTreeMap::new();
        for entry in self.entries() {
            let content = inflated(&data[entry.offset as usize..(entry.offset + entry.length) as usize]);
            for id in entry.id..entry.id + entry.run {
                assert!(tiles.insert(id, content.clone()).is_none(), "{id} twice");
            }
        }
        tiles
    }
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

fn metadata() -> Metadata {
    Metadata {
        json: r#"{"vector_layers":[]}"#.to_owned(),
        bounds: Rect::new(Coord { x: -5.2, y: 41.3 }, Coord { x: 9.6, y: 51.1 }),
        center: (2.2, 46.2, 5),
    }
}

fn archive<'a>(tiles: impl IntoIterator<Item = (TileCoord, &'a [u8])>) -> (Vec<u8>, Written) {
    let mut out = Vec::new();
    let mut writer = Writer::create(&mut out, metadata()).unwrap();
    for (tile, content) in tiles {
        writer.add(tile, &compress(content).unwrap()).unwrap();
    }
    let written = writer.finish().unwrap();
    (out, written)
}

#[test]
fn the_header_says_where_everything_is_and_what_it_is() {
    let at = |z, x, y| TileCoord::new(z, x, y).unwrap();
    let (bytes, written) = archive([(at(5, 16, 11), &b"a"[..]), (at(6, 33, 22), b"b"), (at(4, 8, 5), b"a")]);
    let read = Archive(&bytes);
    assert_eq!(&bytes[..8], b"PMTiles\x03");
    assert_eq!(written, Written { tiles: 3, contents: 2, bytes: bytes.len() as u64 });
    assert_eq!([72, 80, 88].map(|field| read.number(field)), [3, 3, 2]);
    assert_eq!(bytes[96..102], [1, 2, 2, 1, 4, 6]);
    let degrees = |at: usize| f64::from(i32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())) / 1e7;
    assert_eq!([102, 106, 110, 114].map(degrees), [-5.2, 41.3, 9.6, 51.1]);
    assert_eq!((bytes[118], degrees(119), degrees(123)), (5, 2.2, 46.2));
    assert_eq!(inflated(read.section(24)), metadata().json.as_bytes());
    let end = read.number(56) + read.number(64);
    assert_eq!(end, bytes.len() as u64, "nothing after the tiles");
}

#[test]
fn a_tile_given_twice_or_not_compressed_is_refused_and_leaves_no_trace() {
    let mut out = Vec::new();
    let mut writer = Writer::create(&mut out, metadata()).unwrap();
    writer.add(TileCoord::WORLD, &compress(b"a").unwrap()).unwrap();
    let twice = writer.add(TileCoord::WORLD, &compress(b"b").unwrap());
    assert!(matches!(twice, Err(ArchiveError::Twice(TileCoord::WORLD))));
    let other = TileCoord::new(1, 0, 0).unwrap();
    for plain in [&b""[..], b"\x1a", b"plain"] {
        assert!(matches!(writer.add(other, plain), Err(ArchiveError::NotGzip(_))));
    }
    writer.finish().unwrap();
    assert_eq!(out, archive([(TileCoord::WORLD, &b"a"[..])]).0);
}

#[test]
fn an_archive_without_a_tile_is_one_all_the_same() {
    let (bytes, written) = archive([]);
    assert_eq!((written.tiles, written.contents), (0, 0));
    assert!(Archive(&bytes).entries().is_empty());
}

#[test]
fn a_square_of_one_content_is_kept_once_and_named_in_a_run() {
    let zoom = 7;
    let all = (0..1 << zoom).flat_map(|x| (0..1 << zoom).map(move |y| TileCoord::new(zoom, x, y).unwrap()));
    let (bytes, written) = archive(all.map(|tile| (tile, &b"sea"[..])));
    assert_eq!((written.tiles, written.contents), (1 << (2 * zoom), 1));
    let [one] = &Archive(&bytes).entries()[..] else { panic!("several entries") };
    assert_eq!(one.run, 1 << (2 * zoom));
}

#[test]
fn a_root_too_large_for_the_first_read_is_cut_in_leaves() {
    let zoom = 7;
    let all: Vec<TileCoord> = (0..1 << zoom)
        .flat_map(|x| (0..1 << zoom).map(move |y| TileCoord::new(zoom, x, y).unwrap()))
        .collect();
    // Drawn among some contents, so that no compression foresees where each is.
    let contents: Vec<Vec<u8>> = (0..500u16).map(|n| vec![7; 3 * usize::from(n)]).collect();
    let compressed: Vec<Vec<u8>> = contents.iter().map(|content| compress(content).unwrap()).collect();
    let drawn: Vec<usize> = (1..=all.len() as u64)
        .scan(1u64, |state, _| {
            *state = *state * 48_271 % 0x7fff_ffff;
            Some((*state >> 7) as usize % contents.len())
        })
        .collect();
    let mut bytes = Vec::new();
    let mut writer = Writer::create(&mut bytes, metadata()).unwrap();
    for (&tile, &content) in all.iter().zip(&drawn) {
        writer.add(tile, &compressed[content]).unwrap();
    }
    assert_eq!(writer.finish().unwrap().contents, contents.len() as u64);
    let read = Archive(&bytes);
    assert!(read.number(16) as usize <= FIRST_READ - HEADER, "a root of {} bytes", read.number(16));
    assert!(read.number(48) > 0, "no leaf");
    let given = all.iter().zip(&drawn).map(|(&tile, &content)| (tile_id(tile), contents[content].clone()));
    assert_eq!(read.tiles(), given.collect());
}

proptest! {
    #[test]
    fn what_was_added_is_read_back_and_order_leaves_no_trace(
        given in prop::collection::btree_map((0u8..=22, any::<u32>(), any::<u32>()), 0u8..4, 0..60),
        turn in 0usize..60,
    ) {
        let within = |z: u8, n: u32| (u64::from(n) % (1u64 << z)) as u32;
        let tiles: BTreeMap<TileCoord, [u8; 1]> = given
            .iter()
            .map(|(&(z, x, y), &c)| (TileCoord::new(z, within(z, x), within(z, y)).unwrap(), [c]))
            .collect();
        let pairs: Vec<(TileCoord, &[u8])> = tiles.iter().map(|(&t, c)| (t, c.as_slice())).collect();
        let (bytes, written) = archive(pairs.iter().copied());
        let expected: BTreeMap<u64, Vec<u8>> = tiles.iter().map(|(&t, c)| (tile_id(t), c.to_vec())).collect();
        let read = Archive(&bytes);
        prop_assert_eq!(read.tiles(), expected);
        prop_assert_eq!(written.bytes, bytes.len() as u64);
        // Clustered: contents stand in the order of the tiles that first name them.
        let mut end = 0;
        for entry in read.entries() {
            prop_assert!(entry.offset <= end);
            end = end.max(entry.offset + entry.length);
        }
        let mut other = pairs.clone();
        other.rotate_left(turn % pairs.len().max(1));
        other.reverse();
        prop_assert!(archive(other).0 == bytes);
    }
}
