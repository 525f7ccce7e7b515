//! Writes the small extracts the tests read back.

use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};

/// Tags as pairs.
type Pairs = Vec<(String, String)>;

/// An extract in the making.
#[derive(Debug, Clone, Default)]
pub(in crate::roads) struct Extract {
    bbox: Option<[i64; 4]>,
    nodes: Vec<(i64, [i64; 2], Pairs)>,
    ways: Vec<(i64, Vec<i64>, Pairs)>,
    features: Vec<&'static str>,
    zlib: bool,
    dense: bool,
    ways_first: bool,
}

fn pairs(tags: &str) -> Pairs {
    let pair = |tag: &str| tag.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    tags.split(", ").filter_map(pair).collect()
}

impl Extract {
    pub(in crate::roads) fn new() -> Self {
        Self { dense: true, features: vec!["OsmSchema-V0.6", "DenseNodes"], ..Self::default() }
    }

    /// A node at a longitude and a latitude in steps of 10⁻⁷ degree.
    pub(in crate::roads) fn node(mut self, id: i64, [lon, lat]: [i64; 2], tags: &str) -> Self {
        self.nodes.push((id, [lon, lat], pairs(tags)));
        self
    }

    pub(in crate::roads) fn way(mut self, id: i64, refs: &[i64], tags: &str) -> Self {
        self.ways.push((id, refs.to_vec(), pairs(tags)));
        self
    }

    /// The box of its header: west, south, east, north, whole degrees.
    pub(in crate::roads) fn bbox(mut self, bbox: [i64; 4]) -> Self {
        self.bbox = Some(bbox);
        self
    }

    pub(in crate::roads) fn zlib(mut self) -> Self {
        self.zlib = true;
        self
    }

    pub(in crate::roads) fn without_dense_nodes(mut self) -> Self {
        self.dense = false;
        self
    }

    pub(in crate::roads) fn ways_first(mut self) -> Self {
        self.ways_first = true;
        self
    }

    pub(in crate::roads) fn needs(mut self, feature: &'static str) -> Self {
        self.features.push(feature);
        self
    }

    /// The file.
    pub(in crate::roads) fn bytes(&self) -> Vec<u8> {
        let mut header = Vec::new();
        if let Some([west, south, east, north]) = self.bbox {
            let mut bbox = Vec::new();
            for (field, degrees) in [(1, west), (2, east), (3, north), (4, south)] {
                number(&mut bbox, field, zigzag(degrees * 1_000_000_000));
            }
            bytes(&mut header, 1, &bbox);
        }
        for feature in &self.features {
            bytes(&mut header, 4, feature.as_bytes());
        }
        let mut file = blob("OSMHeader", &header, self.zlib);
        let mut blocks = vec![self.block_of_nodes(), self.block_of_ways()];
        if self.ways_first {
            blocks.reverse();
        }
        for block in blocks {
            file.extend(blob("OSMData", &block, self.zlib));
        }
        file
    }

    fn block_of_nodes(&self) -> Vec<u8> {
        let mut texts = Texts::default();
        let mut group = Vec::new();
        if self.dense {
            let [mut ids, mut lats, mut lons, mut tags] = [(); 4].map(|()| Vec::new());
            let mut last = [0; 3];
            for (id, [lon, lat], pairs) in &self.nodes {
                for (list, (value, last)) in
                    [&mut ids, &mut lats, &mut lons].into_iter().zip([*id, *lat, *lon].iter().zip(&mut last))
                {
                    varint(list, zigzag(value.wrapping_sub(*last)));
                    *last = *value;
                }
                for (key, value) in pairs {
                    varint(&mut tags, texts.rank(key));
                    varint(&mut tags, texts.rank(value));
                }
                tags.push(0);
            }
            let mut dense = Vec::new();
            for (field, list) in [(1, &ids), (8, &lats), (9, &lons), (10, &tags)] {
                bytes(&mut dense, field, list);
            }
            bytes(&mut group, 2, &dense);
        } else {
            for (id, [lon, lat], pairs) in &self.nodes {
                let mut node = Vec::new();
                number(&mut node, 1, zigzag(*id));
                texts.tags(&mut node, pairs);
                number(&mut node, 8, zigzag(*lat));
                number(&mut node, 9, zigzag(*lon));
                bytes(&mut group, 1, &node);
            }
        }
        texts.block(&group)
    }

    fn block_of_ways(&self) -> Vec<u8> {
        let mut texts = Texts::default();
        let mut group = Vec::new();
        for (id, refs, pairs) in &self.ways {
            let mut way = Vec::new();
            number(&mut way, 1, id.cast_unsigned());
            texts.tags(&mut way, pairs);
            let mut list = Vec::new();
            let mut before = 0;
            for id in refs {
                varint(&mut list, zigzag(id - before));
                before = *id;
            }
            bytes(&mut way, 8, &list);
            bytes(&mut group, 3, &way);
        }
        texts.block(&group)
    }
}

/// The texts of a block; the first is always empty.
#[derive(Default)]
struct Texts(Vec<String>);

impl Texts {
    fn rank(&mut self, text: &str) -> u64 {
        let known = self.0.iter().position(|known| known == text);
        let rank = known.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        rank as u64 + 1
    }

    fn tags(&mut self, message: &mut Vec<u8>, pairs: &Pairs) {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value) in pairs {
            varint(&mut keys, self.rank(key));
            varint(&mut values, self.rank(value));
        }
        bytes(message, 2, &keys);
        bytes(message, 3, &values);
    }

    fn block(&self, group: &[u8]) -> Vec<u8> {
        let mut table = Vec::new();
        bytes(&mut table, 1, b"");
        for text in &self.0 {
            bytes(&mut table, 1, text.as_bytes());
        }
        let mut block = Vec::new();
        bytes(&mut block, 1, &table);
        bytes(&mut block, 2, group);
        number(&mut block, 17, 100);
        block
    }
}

/// A blob with its header and the size of its header.
pub(in crate::roads) fn blob(kind: &str, content: &[u8], zlib: bool) -> Vec<u8> {
    let mut message = Vec::new();
    if zlib {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).expect("compressed");
        number(&mut message, 2, content.len() as u64);
        bytes(&mut message, 3, &encoder.finish().expect("compressed"));
    } else {
        bytes(&mut message, 1, content);
    }
    framed(kind, &message)
}

/// A blob whose message is already written.
pub(in crate::roads) fn framed(kind: &str, message: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, message.len() as u64);
    let mut file = (header.len() as u32).to_be_bytes().to_vec();
    file.extend(header);
    file.extend(message);
    file
}

fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63).cast_unsigned()
}

fn varint(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

pub(in crate::roads) fn number(to: &mut Vec<u8>, field: u64, number: u64) {
    varint(to, field << 3);
    varint(to, number);
}

pub(in crate::roads) fn bytes(to: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(to, field << 3 | 2);
    varint(to, bytes.len() as u64);
    to.extend(bytes);
}
