//! The queue of a search: nodes by the time they are to be settled at.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How many deciseconds ahead of now have a bucket of their own; a power of two. Roads hardly take
/// longer (an arc of 14 minutes); what does, ferries, waits in a heap.
const WINDOW: u32 = 8192;

/// How many nodes share a chunk; with the rank of the next chunk it fills one line of cache.
const CHUNK: usize = 15;

/// No chunk; no time.
const NONE: u32 = u32::MAX;

/// Nodes of one time: the chunk being filled, which leads to full ones.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    chunk: u32,
    filled: u32,
}

/// A full chunk that is not there: the next push makes one.
const EMPTY: Bucket = Bucket { chunk: NONE, filled: CHUNK as u32 };

/// A monotone queue (Dial 1969): what is taken never lies before what was taken last.
///
/// Buckets of one decisecond in a circle. All share a pool of chunks, and the chunk freed last is the
/// first to serve again: the memory in use is as much as is queued, and stays in the cache.
#[derive(Debug)]
pub(super) struct Queue {
    /// As many as the window; a rank within it never misses.
    buckets: Box<[Bucket]>,
    chunks: Vec<[u32; CHUNK + 1]>,
    /// A chain of chunks that are free.
    free: u32,
    /// How many chunks are in use.
    used: usize,
    /// What is due beyond the window when it is pushed.
    far: BinaryHeap<Reverse<(u32, u32)>>,
    /// The first time in `far`, or [`NONE`].
    far_next: u32,
    now: u32,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            buckets: vec![EMPTY; WINDOW as usize].into_boxed_slice(),
            chunks: Vec::new(),
            free: NONE,
            used: 0,
            far: BinaryHeap::new(),
            far_next: NONE,
            now: 0,
        }
    }
}

impl Queue {
    /// Empties it and goes back to time 0.
    pub(super) fn reset(&mut self) {
        if self.used > 0 {
            self.buckets.fill(EMPTY);
            self.chunks.clear();
            self.free = NONE;
            self.used = 0;
        }
        self.far.clear();
        self.far_next = NONE;
        self.now = 0;
    }

    /// Queues a node for a time after the one taken last (or any, before the first is taken) and
    /// before `u32::MAX`.
    #[inline]
    pub(super) fn push(&mut self, deciseconds: u32, node: u32) {
        if deciseconds.wrapping_sub(self.now) >= WINDOW {
            self.far.push(Reverse((deciseconds, node)));
            self.far_next = self.far_next.min(deciseconds);
            return;
        }
        let bucket = &mut self.buckets[(deciseconds % WINDOW) as usize];
        if bucket.filled == CHUNK as u32 {
            let next = bucket.chunk;
            let mut chunk = [next; CHUNK + 1];
            chunk[0] = node;
            self.used += 1;
            if self.free == NONE {
                bucket.chunk = self.chunks.len() as u32;
                self.chunks.push(chunk);
            } else {
                bucket.chunk = self.free;
                let reused = &mut self.chunks[bucket.chunk as usize];
                self.free = reused[CHUNK];
                *reused = chunk;
            }
            bucket.filled = 1;
        } else {
            self.chunks[bucket.chunk as usize][bucket.filled as usize % CHUNK] = node;
            bucket.filled += 1;
        }
    }

    /// Moves all nodes of the earliest time into `ripe`, and says which time; `None` when all is done.
    #[inline]
    pub(super) fn take(&mut self, ripe: &mut Vec<u32>) -> Option<u32> {
        ripe.clear();
        if self.used == 0 {
            if self.far_next == NONE {
                return None;
            }
            self.now = self.far_next;
        } else {
            while self.buckets[(self.now % WINDOW) as usize].chunk == NONE && self.far_next != self.now {
                self.now += 1;
            }
        }
        let bucket = std::mem::replace(&mut self.buckets[(self.now % WINDOW) as usize], EMPTY);
        let (mut rank, mut filled) = (bucket.chunk, bucket.filled as usize);
        while rank != NONE {
            let chunk = &mut self.chunks[rank as usize];
            ripe.extend_from_slice(&chunk[..filled.min(CHUNK)]);
            let next = std::mem::replace(&mut chunk[CHUNK], self.free);
            self.free = rank;
            self.used -= 1;
            (rank, filled) = (next, CHUNK);
        }
        if self.far_next == self.now {
            self.take_far(ripe);
        }
        Some(self.now)
    }

    /// Adds what waited in the heap for now.
    #[cold]
    fn take_far(&mut self, ripe: &mut Vec<u32>) {
        while let Some(&Reverse((deciseconds, node))) = self.far.peek() {
            if deciseconds > self.now {
                self.far_next = deciseconds;
                return;
            }
            ripe.push(node);
            self.far.pop();
        }
        self.far_next = NONE;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_come_out_by_time_near_or_far() {
        let mut queue = Queue::default();
        for (deciseconds, node) in [(5, 1), (100_000, 2), (5, 3), (WINDOW, 4), (WINDOW - 1, 5), (100_000, 6)]
        {
            queue.push(deciseconds, node);
        }
        let mut ripe = Vec::new();
        let mut taken = Vec::new();
        while let Some(now) = queue.take(&mut ripe) {
            if now == 5 {
                queue.push(5 + WINDOW, 7);
                queue.push(4 + WINDOW, 8);
            }
            ripe.sort_unstable();
            taken.push((now, ripe.clone()));
        }
        let expected = [
            (5, vec![1, 3]),
            (WINDOW - 1, vec![5]),
            (WINDOW, vec![4]),
            (WINDOW + 4, vec![8]),
            (WINDOW + 5, vec![7]),
            (100_000, vec![2, 6]),
        ];
        assert_eq!(taken, expected);
    }

    #[test]
    fn chunks_serve_again_and_a_reset_forgets_all() {
        let mut queue = Queue::default();
        let mut ripe = Vec::new();
        for round in 1..=50 {
            for node in 0..100 {
                queue.push(round * 3, node);
            }
            assert_eq!(queue.take(&mut ripe), Some(round * 3));
            ripe.sort_unstable();
            assert!(ripe.iter().copied().eq(0..100));
        }
        assert_eq!(queue.chunks.len(), 7, "as many as hold one round");
        queue.push(200, 1);
        queue.push(900_000, 1);
        queue.reset();
        assert_eq!(queue.take(&mut ripe), None);
        assert!(ripe.is_empty());
    }
}
