//! Where each tile is: a root directory that the first read brings, and leaves when it cannot name them all.

use std::io;

use super::compress;

/// Entries of a leaf at first; more when the root must name fewer leaves.
const LEAF: usize = 4_096;

/// Tiles of consecutive numbers with the same content, or a leaf, whose run is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The number of the first.
    pub(super) id: u64,
    /// How many; 0 says that what stands there is a leaf directory.
    pub(super) run: u32,
    /// From the start of its section, in bytes.
    pub(super) offset: u64,
    /// In bytes.
    pub(super) length: u32,
}

/// The directories, compressed.
pub(super) struct Directories {
    /// Within the length asked for.
    pub(super) root: Vec<u8>,
    /// One after the other; nothing when the root names every tile.
    pub(super) leaves: Vec<u8>,
}

/// Writes the directories of entries sorted by number; the root takes at most so many bytes.
pub(super) fn write(entries: &[Entry], most: usize) -> io::Result<Directories> {
    let root = compress(&encode(entries))?;
    if root.len() <= most {
        return Ok(Directories { root, leaves: Vec::new() });
    }
    let mut each = LEAF;
    loop {
        let mut leaves = Vec::new();
        let mut named = Vec::new();
        for leaf in entries.chunks(each) {
            let bytes = compress(&encode(leaf))?;
            named.push(Entry {
                id: leaf[0].id,
                run: 0,
                offset: leaves.len() as u64,
                length: bytes.len() as u32,
            });
            leaves.extend(bytes);
        }
        let root = compress(&encode(&named))?;
        if root.len() <= most {
            return Ok(Directories { root, leaves });
        }
        each *= 2;
    }
}

/// Columns of varints: how many, numbers as differences, runs, lengths, then offsets: 0 for what follows the
/// entry before, else one more than the offset.
fn encode(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.len() * 6 + 4);
    varint(&mut bytes, entries.len() as u64);
    let mut before = 0;
    for entry in entries {
        varint(&mut bytes, entry.id - before);
        before = entry.id;
    }
    for entry in entries {
        varint(&mut bytes, u64::from(entry.run));
    }
    for entry in entries {
        varint(&mut bytes, u64::from(entry.length));
    }
    let mut end = None;
    for entry in entries {
        varint(&mut bytes, if end == Some(entry.offset) { 0 } else { entry.offset + 1 });
        end = Some(entry.offset + u64::from(entry.length));
    }
    bytes
}

/// Seven bits a byte, the lowest first; the high bit says that more follow.
fn varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}
