//! Many lines in one piece of memory.

use geo::Coord;

/// Lines on an integer grid, numbered from 0; a closed one ends with its first vertex.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lines {
    vertices: Vec<Coord<i32>>,
    /// One past the last vertex of each line.
    ends: Vec<u32>,
}

impl Lines {
    pub(crate) fn push(&mut self, line: impl IntoIterator<Item = Coord<i32>>) {
        self.vertices.extend(line);
        self.ends.push(self.vertices.len() as u32);
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The range of a line's vertices.
    pub(crate) fn range(&self, line: usize) -> std::ops::Range<usize> {
        let start = line.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[line] as usize
    }

    pub(crate) fn get(&self, line: usize) -> &[Coord<i32>] {
        &self.vertices[self.range(line)]
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[Coord<i32>]> {
        (0..self.len()).map(|line| self.get(line))
    }

    pub(crate) fn vertices(&self) -> &[Coord<i32>] {
        &self.vertices
    }
}
