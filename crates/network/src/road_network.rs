//! The roads of one mode, frozen: plain arrays of whole numbers, in memory or mapped from a file.

use std::ops::Range;

use territory::{FixedPosition, Mode, RoadClass};

use crate::graph::{Arc, Arcs, Graph};

/// The rank of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
pub struct EdgeIdx(pub u32);

/// The arrays of a network, in the order of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Section {
    ForwardFirst,
    ForwardArcs,
    BackwardFirst,
    BackwardArcs,
    /// The edge of each forward arc: twice its rank, one more when travelled backward.
    ArcEdges,
    Edges,
    /// Where the shape of each edge begins in [`Self::Shape`], and the end.
    ShapeFirst,
    /// Longitude and latitude in steps of [`FixedPosition`].
    Shape,
    /// The squares that hold edges, sorted; where the list of each begins; the lists.
    Squares,
    SquareFirst,
    SquareEdges,
    /// Where roads leave the data: a node, the deciseconds from it to the border, and where that is.
    Exits,
}

impl Section {
    pub(crate) const COUNT: usize = 12;
}

/// What a network says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Who travels.
    pub mode: Mode,
    /// The version of the profile.
    pub profile: u32,
    /// SHA-256 of the profile.
    pub profile_sha256: [u8; 32],
    /// When the roads are true, at most 32 bytes.
    pub vintage: String,
}

/// Where the words of a network are kept.
pub(crate) enum Words {
    Owned(Vec<u32>),
    Mapped(memmap2::Mmap),
}

impl Words {
    pub(crate) fn all(&self) -> &[u32] {
        match self {
            Self::Owned(words) => words,
            // Checked when it was opened: whole words, on a page's boundary.
            Self::Mapped(map) => bytemuck::try_cast_slice(map).unwrap_or_default(),
        }
    }
}

/// The roads of one mode as a graph, with the shapes of its edges and an index of where they are.
///
/// A road that may only begin or end a trip is in the graph twice, so that no search needs to know of
/// it: `R* O* R*` (R reserved, O open) is three layers, where one starts in the first, and arrives from
/// any; see [`mod@crate::build`].
pub struct RoadNetwork {
    pub(crate) words: Words,
    pub(crate) sections: [Range<usize>; Section::COUNT],
    pub(crate) identity: Identity,
}

/// Where a road leaves the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exit {
    /// The last node before.
    pub node: u32,
    /// Deciseconds from it to the border.
    pub offset: u32,
    /// Where the road is cut.
    pub at: FixedPosition,
}

/// A road between two nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge {
    /// Its ends. Of an open road, the nodes; of one reserved to those who live there, the nodes of the
    /// layer in which trips start, each followed by that in which they end.
    pub(crate) ends: [u32; 2],
    /// Deciseconds from the first end to the second, and back; none where closed.
    pub(crate) times: [Option<u32>; 2],
    pub(crate) flags: u32,
}

/// Words of an edge in its section.
pub(crate) const EDGE_WORDS: usize = 5;

/// Words of an exit in its section.
pub(crate) const EXIT_WORDS: usize = 4;

impl Edge {
    const CLASS: u32 = 0x1f;
    /// Only to begin or end a trip.
    pub(crate) const RESERVED: u32 = 1 << 5;
    /// Of a reserved road: whether each end is also a node of open roads, just before it in rank.
    pub(crate) const OPEN_END: [u32; 2] = [1 << 6, 1 << 7];
    /// In a component too small to lead anywhere.
    pub(crate) const APART: u32 = 1 << 8;

    pub(crate) fn words(self) -> [u32; EDGE_WORDS] {
        let [a, b] = self.ends;
        [a, b, self.times[0].unwrap_or(0), self.times[1].unwrap_or(0), self.flags]
    }

    pub(crate) fn from_words(words: &[u32]) -> Self {
        let word = |i: usize| words.get(i).copied().unwrap_or_default();
        let time = |i| Some(word(i)).filter(|&t| t > 0);
        Self { ends: [word(0), word(1)], times: [time(2), time(3)], flags: word(4) }
    }

    /// What road it is.
    pub fn class(&self) -> Option<RoadClass> {
        RoadClass::from_index((self.flags & Self::CLASS) as usize)
    }

    /// Whether it may only begin or end a trip.
    pub fn is_reserved(&self) -> bool {
        self.flags & Self::RESERVED != 0
    }

    /// Whether it is cut off from the bulk of the network.
    pub fn is_apart(&self) -> bool {
        self.flags & Self::APART != 0
    }

    /// The nodes one comes to when going off the edge at an end, and those one comes from when arriving.
    pub(crate) fn nodes_at(&self, end: usize) -> EndNodes {
        let node = self.ends[end];
        if !self.is_reserved() {
            return EndNodes { departure: [Some(node), None], arrival: [Some(node), None, None] };
        }
        // Wrapping: of an edge in no network yet, a node may be any.
        let open = (self.flags & Self::OPEN_END[end] != 0).then(|| node.wrapping_sub(1));
        EndNodes { departure: [Some(node), open], arrival: [Some(node), Some(node.wrapping_add(1)), open] }
    }
}

/// The nodes at an end of an edge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EndNodes {
    pub(crate) departure: [Option<u32>; 2],
    pub(crate) arrival: [Option<u32>; 3],
}

impl RoadNetwork {
    /// What it says of itself.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Who travels on it.
    pub fn mode(&self) -> Mode {
        self.identity.mode
    }

    pub(crate) fn section(&self, section: Section) -> &[u32] {
        self.words.all().get(self.sections[section as usize].clone()).unwrap_or_default()
    }

    /// The graph that searches run on.
    pub fn graph(&self) -> Graph<'_> {
        let arcs =
            |section| -> &[Arc] { bytemuck::try_cast_slice(self.section(section)).unwrap_or_default() };
        Graph {
            forward: Arcs { first: self.section(Section::ForwardFirst), arcs: arcs(Section::ForwardArcs) },
            backward: Arcs { first: self.section(Section::BackwardFirst), arcs: arcs(Section::BackwardArcs) },
        }
    }

    /// How many edges there are.
    pub fn edge_count(&self) -> usize {
        self.section(Section::Edges).len() / EDGE_WORDS
    }

    /// An edge.
    pub fn edge(&self, EdgeIdx(rank): EdgeIdx) -> Edge {
        let at = rank as usize * EDGE_WORDS;
        Edge::from_words(self.section(Section::Edges).get(at..at + EDGE_WORDS).unwrap_or_default())
    }

    /// The shape of an edge from its first end to its second.
    pub fn shape(&self, EdgeIdx(rank): EdgeIdx) -> impl DoubleEndedIterator<Item = FixedPosition> + '_ {
        let first = self.section(Section::ShapeFirst);
        let bound = |i: usize| first.get(i).map_or(0, |&at| at as usize * 2);
        let words = self.section(Section::Shape).get(bound(rank as usize)..bound(rank as usize + 1));
        words
            .unwrap_or_default()
            .chunks_exact(2)
            .filter_map(|at| FixedPosition::from_steps([at[0].cast_signed(), at[1].cast_signed()]).ok())
    }

    /// The edge of the n-th forward arc, and whether it is travelled from its first end to its second.
    pub(crate) fn edge_of_arc(&self, arc: usize) -> Option<(EdgeIdx, bool)> {
        let edge = *self.section(Section::ArcEdges).get(arc)?;
        Some((EdgeIdx(edge / 2), edge % 2 == 0))
    }

    /// Where roads leave the data.
    pub fn exits(&self) -> impl Iterator<Item = Exit> + '_ {
        self.section(Section::Exits).chunks_exact(EXIT_WORDS).filter_map(|words| {
            let steps = [words[2].cast_signed(), words[3].cast_signed()];
            Some(Exit { node: words[0], offset: words[1], at: FixedPosition::from_steps(steps).ok()? })
        })
    }
}
