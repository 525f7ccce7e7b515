//! Small OpenStreetMap extracts, written as the format says: <https://wiki.openstreetmap.org/wiki/PBF_Format>.

/// Tags as pairs.
type Pairs = Vec<(String, String)>;

/// An extract in the making, in metres east and north of a corner of Toulouse.
#[derive(Debug, Clone, Default)]
pub struct Extract {
    nodes: Vec<([f64; 2], Pairs)>,
    ways: Vec<(Vec<i64>, Pairs)>,
}

/// A degree of latitude on the sphere of mean radius, metres.
const DEGREE: f64 = 111_195.08;

/// Longitude and latitude of the corner.
const CORNER: [f64; 2] = [1.4, 43.6];

impl Extract {
    /// Longitude and latitude so many metres east and north of the corner.
    pub fn at([east, north]: [f64; 2]) -> [f64; 2] {
        let [lon, lat] = CORNER;
        [lon + east / (DEGREE * lat.to_radians().cos()), lat + north / DEGREE]
    }

    /// Adds a node with tags such as `barrier=gate, access=private`, and returns its identifier.
    pub fn node(&mut self, at: [f64; 2], tags: &str) -> i64 {
        self.nodes.push((at, pairs(tags)));
        i64::try_from(self.nodes.len()).expect("few nodes")
    }

    /// Adds a way through nodes.
    pub fn way(&mut self, nodes: &[i64], tags: &str) -> &mut Self {
        self.ways.push((nodes.to_vec(), pairs(tags)));
        self
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let mut header = Vec::new();
        for feature in ["OsmSchema-V0.6", "DenseNodes"] {
            bytes(&mut header, 4, feature.as_bytes());
        }
        let mut texts = Texts(vec![String::new()]);
        let (mut nodes, mut ways) = (Vec::new(), Vec::new());
        for (id, (at, tags)) in (1..).zip(&self.nodes) {
            let [lon, lat] = Self::at(*at).map(|degrees| (degrees * 1e7).round() as i64);
            let mut node = Vec::new();
            number(&mut node, 1, zigzag(id));
            texts.write(&mut node, tags);
            number(&mut node, 8, zigzag(lat));
            number(&mut node, 9, zigzag(lon));
            bytes(&mut nodes, 1, &node);
        }
        for (id, (refs, tags)) in (1..).zip(&self.ways) {
            let mut way = Vec::new();
            number(&mut way, 1, id);
            texts.write(&mut way, tags);
            let mut list = Vec::new();
            let mut before = 0;
            for &node in refs {
                varint(&mut list, zigzag(node - before));
                before = node;
            }
            bytes(&mut way, 8, &list);
            bytes(&mut ways, 3, &way);
        }
        let mut table = Vec::new();
        for text in &texts.0 {
            bytes(&mut table, 1, text.as_bytes());
        }
        let mut block = Vec::new();
        bytes(&mut block, 1, &table);
        bytes(&mut block, 2, &nodes);
        bytes(&mut block, 2, &ways);
        [blob("OSMHeader", &header), blob("OSMData", &block)].concat()
    }
}

fn pairs(tags: &str) -> Pairs {
    let pair = |tag: &str| tag.split_once('=').map(|(key, value)| (key.to_owned(), value.to_owned()));
    tags.split(", ").filter_map(pair).collect()
}

/// The texts of a block; the first is always empty.
struct Texts(Vec<String>);

impl Texts {
    fn rank(&mut self, text: &str) -> u64 {
        let known = self.0.iter().position(|known| known == text);
        let rank = known.unwrap_or_else(|| {
            self.0.push(text.to_owned());
            self.0.len() - 1
        });
        rank as u64
    }

    fn write(&mut self, message: &mut Vec<u8>, pairs: &Pairs) {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (key, value) in pairs {
            varint(&mut keys, self.rank(key));
            varint(&mut values, self.rank(value));
        }
        bytes(message, 2, &keys);
        bytes(message, 3, &values);
    }
}

/// A blob that is not compressed, with its header and the size of its header.
fn blob(kind: &str, content: &[u8]) -> Vec<u8> {
    let (mut message, mut header) = (Vec::new(), Vec::new());
    bytes(&mut message, 1, content);
    bytes(&mut header, 1, kind.as_bytes());
    number(&mut header, 3, message.len() as u64);
    [&(header.len() as u32).to_be_bytes(), header.as_slice(), &message].concat()
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

fn number(to: &mut Vec<u8>, field: u64, number: u64) {
    varint(to, field << 3);
    varint(to, number);
}

fn bytes(to: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(to, field << 3 | 2);
    varint(to, bytes.len() as u64);
    to.extend(bytes);
}
