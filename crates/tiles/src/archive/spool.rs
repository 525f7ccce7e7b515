//! Tiles on their way to an archive, in a temporary file: the directories that stand before them in it are
//! known only once all are there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use sha2::{Digest, Sha256};

pub(super) struct Spool {
    file: BufWriter<File>,
    end: u64,
    /// Offset and length of each content, in the order in which they came.
    contents: Vec<(u64, u32)>,
    known: BTreeMap<[u8; 32], u32>,
}

impl Spool {
    pub(super) fn new() -> io::Result<Self> {
        let file = BufWriter::with_capacity(1 << 18, tempfile::tempfile()?);
        Ok(Self { file, end: 0, contents: Vec::new(), known: BTreeMap::new() })
    }

    /// How many distinct contents there are.
    pub(super) fn len(&self) -> usize {
        self.contents.len()
    }

    /// The length of a content, in bytes.
    pub(super) fn length(&self, content: u32) -> u32 {
        self.contents[content as usize].1
    }

    /// The rank of a content, which is written if no other is the same.
    pub(super) fn keep(&mut self, bytes: &[u8]) -> io::Result<u32> {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        if let Some(&content) = self.known.get(&digest) {
            return Ok(content);
        }
        let too_many =
            |_| io::Error::other("an archive holds contents of at most 4 GB, and 4 billion of them");
        let length = u32::try_from(bytes.len()).map_err(too_many)?;
        let content = u32::try_from(self.contents.len()).map_err(too_many)?;
        self.file.write_all(bytes)?;
        self.contents.push((self.end, length));
        self.known.insert(digest, content);
        self.end += u64::from(length);
        Ok(content)
    }

    /// Copies contents in some order.
    pub(super) fn copy(self, order: &[u32], out: &mut impl Write) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        let mut file = BufReader::with_capacity(1 << 18, file);
        file.seek(SeekFrom::Start(0))?;
        let mut at = 0;
        for &content in order {
            let (offset, length) = self.contents[content as usize];
            // Where tiles came in order the next one is already read.
            file.seek_relative(offset.cast_signed() - at)?;
            let copied = io::copy(&mut file.by_ref().take(u64::from(length)), out)?;
            if copied < u64::from(length) {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            at = (offset + u64::from(length)).cast_signed();
        }
        Ok(())
    }
}
