//! Every tile of some layers over some ground, and what each must be.

use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::PI;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::ops::RangeInclusive;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Server;
use crate::mvt::{Feature, Layer, Rules, Shape, Tile, decode, parts};

/// Zoom, column, row.
type At = (u8, u32, u32);

/// Units across a tile, and of the buffer on each side of it.
const EXTENT: i64 = 4096;
const BUFFER: i64 = 80;

/// How far around them two neighbours agree on every vertex.
const AGREED: i64 = 64;

/// Identifiers are whole numbers in a browser too.
const MOST_ID: u64 = 1 << 53;

/// What a layer's TileJSON says of its tiles.
pub struct Promise {
    /// Below it there are no tiles.
    pub min_zoom: u8,
    /// `String`, `Number` or `Boolean` by the name of an attribute.
    pub fields: BTreeMap<String, String>,
}

/// Tiles as a server answers them, decoded; empty ones too.
pub struct Pyramid {
    tiles: BTreeMap<At, Tile>,
    bytes: BTreeMap<At, Vec<u8>>,
    refused: Vec<String>,
}

/// What tiles of a layer weigh at a zoom, in bytes of gzip.
pub struct Budget {
    /// The layer.
    pub layer: String,
    /// The zoom.
    pub z: u8,
    /// How many of them hold the layer.
    pub n_tiles: usize,
    /// The heaviest.
    pub worst: usize,
    /// 95 of 100 weigh no more.
    pub p95: usize,
}

impl Pyramid {
    /// Gets the tiles of `layers`, separated by commas, for a question, `?minutes=15` or nothing.
    pub fn fetch(server: &Server, layers: &str, question: &str, tiles: &[At]) -> Self {
        let get = |&(z, x, y): &At| {
            let path = format!("/tiles/{layers}/{z}/{x}/{y}{question}");
            let answer = server.get(&path);
            let expected = if answer.body.is_empty() { 204 } else { 200 };
            assert_eq!(answer.status, expected, "{path}");
            let tile = decode(&answer.body, Rules::V2).map_err(|e| format!("{path}: {e}"));
            ((z, x, y), tile, answer.body)
        };
        let mut pyramid = Self { tiles: BTreeMap::new(), bytes: BTreeMap::new(), refused: Vec::new() };
        std::thread::scope(|scope| {
            let halves = tiles.chunks(tiles.len().div_ceil(2).max(1));
            let threads: Vec<_> =
                halves.map(|half| scope.spawn(move || half.iter().map(get).collect::<Vec<_>>())).collect();
            for (at, tile, body) in threads.into_iter().flat_map(|thread| thread.join().expect("answers")) {
                match tile {
                    Ok(tile) => {
                        pyramid.tiles.insert(at, tile);
                        pyramid.bytes.insert(at, body);
                    }
                    Err(refused) => pyramid.refused.push(refused),
                }
            }
        });
        pyramid
    }

    /// The tiles over boxes (west, south, east, north); from zoom `whole` on, one block of 2 × 2 in `one_in`.
    pub fn over(boxes: &[[f64; 4]], zooms: RangeInclusive<u8>, whole: u8, one_in: u32) -> Vec<At> {
        let mut tiles = BTreeSet::new();
        for z in zooms {
            let side = f64::from(1_u32 << z);
            let column = |lon: f64| ((lon + 180.0) / 360.0 * side) as u32;
            let row = |lat: f64| ((1.0 - lat.to_radians().tan().asinh() / PI) / 2.0 * side) as u32;
            for [west, south, east, north] in boxes {
                for x in column(*west)..=column(*east) {
                    for y in row(*north)..=row(*south) {
                        // A stride that neither rows nor columns share.
                        if z < whole || ((x / 2) * 5 + (y / 2) * 3).is_multiple_of(one_in) {
                            tiles.insert((z, x, y));
                        }
                    }
                }
            }
        }
        tiles.into_iter().collect()
    }

    /// The layers met anywhere.
    pub fn layers(&self) -> BTreeSet<&str> {
        self.tiles.values().flat_map(|tile| &tile.layers).map(|layer| layer.name.as_str()).collect()
    }

    /// How many tiles were asked for.
    pub fn n_tiles(&self) -> usize {
        self.tiles.len() + self.refused.len()
    }

    /// What breaks the letter of the format or the promises of the layers, tile by tile.
    pub fn faults(&self, promises: &BTreeMap<String, Promise>) -> Vec<String> {
        let mut faults = self.refused.clone();
        let mut kinds = BTreeMap::new();
        for ((z, x, y), tile) in &self.tiles {
            for layer in &tile.layers {
                let mut fault = |what: String| faults.push(format!("{}/{z}/{x}/{y}: {what}", layer.name));
                let Some(promise) = promises.get(&layer.name) else {
                    fault("a layer nobody asked for".to_owned());
                    continue;
                };
                if *z < promise.min_zoom {
                    fault(format!("below zoom {}", promise.min_zoom));
                }
                check(layer, &mut fault);
                for feature in &layer.features {
                    for (key, value) in layer.attributes(feature) {
                        let found = value.kind();
                        let told = promise.fields.get(key).map(String::as_str);
                        let expected = match found {
                            "string_value" => "String",
                            "bool_value" => "Boolean",
                            _ => "Number",
                        };
                        if told != Some(expected) {
                            fault(format!("{key} is a {found}, promised: {told:?}"));
                        }
                        let first = *kinds.entry((layer.name.clone(), key.to_owned())).or_insert(found);
                        if first != found {
                            fault(format!("{key} is a {found}, elsewhere a {first}"));
                        }
                    }
                }
            }
        }
        faults
    }

    /// Where two neighbours disagree on a vertex inside what both draw, beside the edge of either's buffer.
    pub fn seams(&self) -> Vec<String> {
        let mut seams = Vec::new();
        for (&(z, x, y), tile) in &self.tiles {
            for (dx, dy) in [(1, 0), (0, 1)] {
                let Some(other) = self.tiles.get(&(z, x + dx, y + dy)) else { continue };
                let (dx, dy) = (i64::from(dx) * EXTENT, i64::from(dy) * EXTENT);
                let here = vertices(tile, (0, 0), (dx, dy));
                let there = vertices(other, (dx, dy), (dx, dy));
                let keys: BTreeSet<_> = here.keys().chain(there.keys()).collect();
                for key in keys {
                    let nothing = BTreeSet::new();
                    let (a, b) = (here.get(key).unwrap_or(&nothing), there.get(key).unwrap_or(&nothing));
                    if let Some(vertex) = a.symmetric_difference(b).next() {
                        let (layer, id) = key;
                        let n = a.symmetric_difference(b).count();
                        let of = a.len() + b.len();
                        seams.push(format!(
                            "{layer}/{z}/{x}/{y} and its neighbour: feature {id} has {vertex:?} in one only ({n} of {of})"
                        ));
                    }
                }
            }
        }
        seams
    }

    /// The identifiers of a layer at a zoom.
    pub fn ids(&self, layer: &str, z: u8) -> BTreeSet<u64> {
        self.features(layer, z).filter_map(|(_, feature)| feature.id).collect()
    }

    /// The features of a layer at a zoom, with the layer of their tile; once per tile they are in.
    pub fn features<'a>(&'a self, name: &'a str, z: u8) -> impl Iterator<Item = (&'a Layer, &'a Feature)> {
        let tiles = self.tiles.range((z, 0, 0)..=(z, u32::MAX, u32::MAX)).map(|(_, tile)| tile);
        let layers = tiles.flat_map(|tile| &tile.layers).filter(move |layer| layer.name == name);
        layers.flat_map(|layer| layer.features.iter().map(move |feature| (layer, feature)))
    }

    /// What each layer weighs at each zoom, were it served alone.
    pub fn budgets(&self) -> Vec<Budget> {
        let mut sizes: BTreeMap<(String, u8), Vec<usize>> = BTreeMap::new();
        for (at, tile) in &self.tiles {
            for (layer, bytes) in tile.layers.iter().zip(parts(&self.bytes[at])) {
                let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
                gzip.write_all(bytes).expect("memory");
                let size = gzip.finish().expect("memory").len();
                sizes.entry((layer.name.clone(), at.0)).or_default().push(size);
            }
        }
        sizes
            .into_iter()
            .map(|((layer, z), mut sizes)| {
                sizes.sort_unstable();
                let p95 = sizes[(sizes.len() * 95).div_ceil(100) - 1];
                Budget { layer, z, n_tiles: sizes.len(), worst: sizes[sizes.len() - 1], p95 }
            })
            .collect()
    }

    /// Writes each tile that holds something as `z-x-y.mvt`, uncompressed.
    #[expect(clippy::disallowed_methods, reason = "a test's own folder: nothing is lost with half a file")]
    pub fn save(&self, folder: &Path) {
        for ((z, x, y), bytes) in self.bytes.iter().filter(|(_, bytes)| !bytes.is_empty()) {
            fs::write(folder.join(format!("{z}-{x}-{y}.mvt")), bytes).expect("a folder to write in");
        }
    }
}

impl Promise {
    /// Those of all layers of a server, by name.
    pub fn of(server: &Server) -> BTreeMap<String, Self> {
        let catalogue = server.json("/tiles");
        let names = catalogue["tiles"].as_object().expect("layers").keys();
        let promise = |name: &String| {
            let document = server.json(&format!("/tiles/{name}"));
            let layer = &document["vector_layers"][0];
            let first_word = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
            let fields = layer["fields"].as_object().expect("fields").iter();
            let fields = fields.map(|(key, kind)| (key.clone(), first_word(kind.as_str().expect("a text"))));
            let min_zoom = layer["minzoom"].as_u64().expect("a zoom") as u8;
            (name.clone(), Self { min_zoom, fields: fields.collect() })
        };
        names.map(promise).collect()
    }
}

impl Budget {
    /// Those past the limits: 300 kB for any tile, 60 kB from zoom 9 on for 95 of 100; empty if none is.
    pub fn over(budgets: &[Self]) -> String {
        let past = budgets.iter().filter(|b| b.worst > 300_000 || (b.z >= 9 && b.p95 > 60_000));
        let line = |b: &Self| format!("{} at zoom {}: worst {}, p95 {}\n", b.layer, b.z, b.worst, b.p95);
        past.map(line).collect()
    }

    /// A line for each, worst and 95th percentile in kB.
    pub fn table(budgets: &[Self]) -> String {
        let mut table = String::from("layer z tiles worst p95 (kB gzip)\n");
        for Self { layer, z, n_tiles, worst, p95 } in budgets {
            let kb = |bytes: usize| bytes as f64 / 1000.0;
            let _ = writeln!(table, "{layer} {z} {n_tiles} {:.1} {:.1}", kb(*worst), kb(*p95));
        }
        table
    }
}

/// What the format leaves open and a map needs: version 2, identifiers, one name per key, nothing beyond the
/// buffer.
fn check(layer: &Layer, fault: &mut impl FnMut(String)) {
    if (layer.version, layer.extent) != (2, Some(4096)) {
        fault(format!("version {}, extent {:?}", layer.version, layer.extent));
    }
    if layer.features.is_empty() {
        fault("no feature".to_owned());
    }
    let keys: BTreeSet<&String> = layer.keys.iter().collect();
    if keys.len() < layer.keys.len() {
        fault("a key twice".to_owned());
    }
    let used: BTreeSet<u32> = layer.features.iter().flat_map(|f| &f.tags).map(|(_, value)| *value).collect();
    if used.len() < layer.values.len() {
        fault(format!(
            "{} of {} values belong to nobody",
            layer.values.len() - used.len(),
            layer.values.len()
        ));
    }
    let mut ids = BTreeSet::new();
    let reach = -BUFFER..=EXTENT + BUFFER;
    for feature in &layer.features {
        match feature.id {
            Some(id) if id < MOST_ID && ids.insert(id) => {}
            id => fault(format!("identifier {id:?}: none, twice or too large")),
        }
        if feature.shape == Shape::Unknown {
            fault(format!("{:?} has no shape", feature.id));
        }
        let mut vertices = feature.shape.paths().into_iter().flatten();
        if let Some(beyond) = vertices.find(|(x, y)| !reach.contains(x) || !reach.contains(y)) {
            fault(format!("{:?} reaches {beyond:?}", feature.id));
        }
    }
}

/// The vertices of each feature strictly inside the buffers of a tile at the origin and of its neighbour at
/// `to`; the tile given lies at `from`.
fn vertices(tile: &Tile, from: (i64, i64), to: (i64, i64)) -> BTreeMap<(&str, u64), BTreeSet<(i64, i64)>> {
    let inside = |v: i64, to: i64| to - AGREED < v && v < EXTENT + AGREED;
    let mut found: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for layer in &tile.layers {
        for feature in &layer.features {
            let moved = feature.shape.paths().into_iter().flatten().map(|(x, y)| (x + from.0, y + from.1));
            let kept = moved.filter(|(x, y)| inside(*x, to.0) && inside(*y, to.1));
            for vertex in kept {
                let key = (layer.name.as_str(), feature.id.unwrap_or_default());
                found.entry(key).or_default().insert(vertex);
            }
        }
    }
    found
}
