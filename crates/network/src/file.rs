//! A network on disk: a header, then its arrays as little-endian words, mapped as they are.
//!
//! | bytes | what |
//! |---|---|
//! | 0–8 | `MAILROAD` |
//! | 8–12 | version of the format |
//! | 12–16 | CRC-32 of all that follows |
//! | 16–48 | SHA-256 of the profile |
//! | 48–80 | vintage of the roads, UTF-8, filled with zeros |
//! | 80–84, 84–88 | mode, version of the profile |
//! | 88–136 | how many words there are in each of the twelve arrays |
//! | 136–256 | zeros |
//! | 256–… | the arrays |

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use rayon::slice::ParallelSlice;
use territory::Mode;

use crate::road_network::{EDGE_WORDS, EXIT_WORDS, Edge, EndNodes, Identity, RoadNetwork, Section, Words};

const MAGIC: &[u8; 8] = b"MAILROAD";

/// Raised whenever the arrays or their meaning change.
const FORMAT: u32 = 2;

const HEADER_WORDS: usize = 64;

// The arrays are read as they lie.
const _: () = assert!(cfg!(target_endian = "little"), "network files are little-endian");

/// Why a network cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    /// The system refused.
    #[error("{}: cannot be read ({error}); build the atlas again", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// It is something else, or of another version.
    #[error("{}: not a road network of format {FORMAT} ({found}); build the atlas again", path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// What it is.
        found: String,
    },
    /// Its bytes are not those written.
    #[error("{}: the road network is damaged ({reason}); build the atlas again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: &'static str,
    },
}

impl RoadNetwork {
    /// Freezes arrays; the words of a network are those of its file.
    pub(crate) fn freeze(identity: Identity, sections: &[&[u32]; Section::COUNT]) -> Self {
        let mut words = vec![0; HEADER_WORDS];
        words[4..12].copy_from_slice(&packed(&identity.profile_sha256));
        words[12..20].copy_from_slice(&packed(identity.vintage.as_bytes()));
        (words[20], words[21]) = (identity.mode as u32, identity.profile);
        for (i, section) in sections.iter().enumerate() {
            words[22 + i] = section.len() as u32;
            words.extend_from_slice(section);
        }
        let magic: [u32; 2] = [u32::from_le_bytes(*b"MAIL"), u32::from_le_bytes(*b"ROAD")];
        words[..2].copy_from_slice(&magic);
        words[2] = FORMAT;
        words[3] = crc32fast::hash(bytemuck::cast_slice(&words[4..]));
        let sections = ranges(&words);
        Self { words: Words::Owned(words), sections, identity }
    }

    /// Its bytes, as [`Self::open`] reads them.
    pub fn bytes(&self) -> &[u8] {
        bytemuck::cast_slice(self.words.all())
    }

    /// The CRC-32 in its header, which holds of all that follows it: what an atlas knows its roads by.
    pub fn checksum(&self) -> u32 {
        self.words.all().get(3).copied().unwrap_or_default()
    }

    /// Writes it whole.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        out.write_all(self.bytes())
    }

    /// Maps a file written by [`Self::write`], having checked every byte of it.
    ///
    /// The file must not be changed while it is mapped: an atlas never changes a file, it writes another.
    pub fn open(path: &Path) -> Result<Self, NetworkError> {
        let io = |error| NetworkError::Io { path: path.to_owned(), error };
        let file = File::open(path).map_err(io)?;
        #[expect(unsafe_code, reason = "a mapped file: nobody writes to one that an atlas names")]
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(io)?;
        Self::over(Words::Mapped(map), path)
    }

    fn over(words: Words, path: &Path) -> Result<Self, NetworkError> {
        let damaged = |reason| NetworkError::Damaged { path: path.to_owned(), reason };
        let version = |found: &str| NetworkError::Version { path: path.to_owned(), found: found.to_owned() };
        let all = words.all();
        let bytes: &[u8] = bytemuck::cast_slice(all);
        if bytes.len() < HEADER_WORDS * 4 || !bytes.starts_with(MAGIC) {
            return Err(version("it does not begin as one"));
        }
        if all[2] != FORMAT {
            return Err(version(&format!("its format is {}", all[2])));
        }
        if crc32fast::hash(&bytes[16..]) != all[3] {
            return Err(damaged("its checksum differs"));
        }
        let sections = ranges(all);
        if sections.last().is_none_or(|last| last.end != all.len()) {
            return Err(damaged("its arrays do not fill it"));
        }
        let mode = Mode::ALL.into_iter().find(|&mode| mode as u32 == all[20]);
        let mut profile_sha256 = [0; 32];
        profile_sha256.copy_from_slice(&bytes[16..48]);
        let vintage = bytes[48..80].split(|&b| b == 0).next().unwrap_or_default();
        let identity = Identity {
            mode: mode.ok_or_else(|| damaged("its mode is unknown"))?,
            profile: all[21],
            profile_sha256,
            vintage: String::from_utf8_lossy(vintage).into_owned(),
        };
        let network = Self { words, sections, identity };
        if network.holds_together() { Ok(network) } else { Err(damaged("its arrays contradict one another")) }
    }

    /// Whether every rank that one array holds is one of the array it is a rank of: whoever follows them
    /// looks nowhere else. One pass over the file, which its checksum has just brought into memory.
    fn holds_together(&self) -> bool {
        let section = |section| self.section(section);
        let (nodes, edges) = (self.graph().forward.nodes(), self.edge_count());
        let rows = |first, of: usize| are_rows(section(first), of);
        let ranks = |list, of: usize| section(list).par_iter().all(|&rank| (rank as usize) < of);
        let arcs = section(Section::ArcEdges).len();
        let side = |first, list| {
            let lead_somewhere = |&[head, time]: &[u32; 2]| (head as usize) < nodes && time > 0;
            section(first).len() == nodes + 1
                && section(list).len() == 2 * arcs
                && rows(first, arcs)
                && pairs(section(list)).par_iter().all(lead_somewhere)
        };
        let standing = |words: &[u32]| {
            let edge = Edge::from_words(words);
            [0, 1].into_iter().all(|end| {
                let EndNodes { departure, arrival } = edge.nodes_at(end);
                departure.iter().chain(&arrival).flatten().all(|&node| (node as usize) < nodes)
            })
        };
        side(Section::ForwardFirst, Section::ForwardArcs)
            && side(Section::BackwardFirst, Section::BackwardArcs)
            && section(Section::ArcEdges).par_iter().all(|&code| (code as usize / 2) < edges)
            && section(Section::Edges).len() == edges * EDGE_WORDS
            && section(Section::Edges).par_chunks_exact(EDGE_WORDS).all(standing)
            && section(Section::ShapeFirst).len() == edges + 1
            && section(Section::Shape).len().is_multiple_of(2)
            && rows(Section::ShapeFirst, section(Section::Shape).len() / 2)
            && section(Section::Squares).is_sorted()
            && section(Section::SquareFirst).len() == section(Section::Squares).len() + 1
            && rows(Section::SquareFirst, section(Section::SquareEdges).len())
            && ranks(Section::SquareEdges, edges)
            && section(Section::Exits).len().is_multiple_of(EXIT_WORDS)
            && section(Section::Exits).iter().step_by(EXIT_WORDS).all(|&node| (node as usize) < nodes)
    }
}

/// Whether ranks at which rows begin go from 0 to the length of what they are rows of, none before the last.
fn are_rows(first: &[u32], of: usize) -> bool {
    first.first() == Some(&0) && first.last().is_some_and(|&last| last as usize == of) && first.is_sorted()
}

fn pairs(words: &[u32]) -> &[[u32; 2]] {
    bytemuck::try_cast_slice(words).unwrap_or_default()
}

/// At most 32 bytes as words.
fn packed(bytes: &[u8]) -> [u32; 8] {
    let mut padded = [0; 32];
    let len = bytes.len().min(32);
    padded[..len].copy_from_slice(&bytes[..len]);
    bytemuck::cast(padded)
}

fn ranges(words: &[u32]) -> [std::ops::Range<usize>; Section::COUNT] {
    let mut start = HEADER_WORDS;
    std::array::from_fn(|i| {
        let end = start.saturating_add(words[22 + i] as usize);
        std::mem::replace(&mut start, end)..end
    })
}
