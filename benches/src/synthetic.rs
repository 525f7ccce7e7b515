//! A country that is not one: a road graph of any size, the same every time, made of numbers.
//!
//! Crossings on a lattice, moved at random; four roads of five are there, each with some bends (nodes
//! of degree two) and a speed of its own, some one-way; every 16th line is a faster road, every 128th
//! a fast one; a few roads take minutes. Nodes are numbered along a Hilbert curve. Crossings are some
//! 200 m apart everywhere, as around a city: denser than a country, so catchments are larger. 2.3 arcs a
//! node, as in OpenStreetMap. It says how long searches take, and nothing about any place.

use std::io::{self, Write};

use network::graph::GraphArrays;
use network::search::Source;

/// Numbers that look random and are the same every time (splitmix64).
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    /// Any number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        (self.roll() % u64::from(end)) as u32
    }

    /// A number from 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.roll() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// A road graph and where targets are.
#[derive(Debug)]
pub struct Country {
    /// Its roads.
    pub roads: GraphArrays,
    /// One source by target, labelled by rank, at no distance of its node.
    pub sources: Vec<Source>,
}

/// Metres between crossings.
const SPACING: f64 = 200.0;

/// Nodes by crossing, bends included.
const NODES_BY_CROSSING: f64 = 3.08;

impl Country {
    /// About so many nodes, and so many targets.
    pub fn new(nodes: usize, targets: usize) -> Self {
        let mut dice = Dice(2026);
        let side = (nodes as f64 / NODES_BY_CROSSING).sqrt().round() as u32;
        let mut survey = Survey { positions: Vec::new(), arcs: Vec::new() };
        for crossing in 0..side * side {
            let moved =
                |along: u32, dice: &mut Dice| (f64::from(along) + 0.7 * (dice.share() - 0.5)) * SPACING;
            survey.positions.push([moved(crossing % side, &mut dice), moved(crossing / side, &mut dice)]);
        }
        for crossing in 0..side * side {
            let (x, y) = (crossing % side, crossing / side);
            if x + 1 < side {
                survey.road(crossing, crossing + 1, y, &mut dice);
            }
            if y + 1 < side {
                survey.road(crossing, crossing + side, x, &mut dice);
            }
        }
        let roads = survey.numbered_along_a_curve(f64::from(side) * SPACING);
        let nodes = roads.graph().forward.nodes() as u32;
        let source = |label| Source { node: dice.below(nodes), offset: 0, label };
        let sources = (0..targets as u32).map(source).collect();
        Self { roads, sources }
    }

    /// For peers: little-endian `u32`s, n, m, ns, first\[n + 1\], heads\[m\], deciseconds\[m\] (forward),
    /// source nodes\[ns\].
    pub fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let forward = self.roads.graph().forward;
        let sizes = [forward.nodes() as u32, forward.arcs.len() as u32, self.sources.len() as u32];
        let numbers = sizes.into_iter().chain(forward.first.iter().copied());
        let numbers = numbers.chain(forward.arcs.iter().map(|arc| arc[0]));
        let numbers = numbers.chain(forward.arcs.iter().map(|arc| arc[1]));
        for number in numbers.chain(self.sources.iter().map(|source| source.node)) {
            to.write_all(&number.to_le_bytes())?;
        }
        Ok(())
    }

    /// What [`Self::write`] wrote; `None` if it is not that.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut numbers = bytes.chunks_exact(4).filter_map(|b| Some(u32::from_le_bytes(b.try_into().ok()?)));
        let [nodes, arcs, targets] = [numbers.next()?, numbers.next()?, numbers.next()?].map(|n| n as usize);
        let mut take =
            |n: usize| Some(numbers.by_ref().take(n).collect::<Vec<u32>>()).filter(|t| t.len() == n);
        let (first, heads, times, at) = (take(nodes + 1)?, take(arcs)?, take(arcs)?, take(targets)?);
        let rows = first.windows(2).zip(0u32..);
        let tails = rows.flat_map(|(row, node)| std::iter::repeat_n(node, (row[1] - row[0]) as usize));
        let arcs = tails.zip(heads).zip(times).map(|((from, to), time)| (from, to, time)).collect();
        let sources = (0u32..).zip(at).map(|(label, node)| Source { node, offset: 0, label }).collect();
        Some(Self { roads: GraphArrays::new(nodes, arcs), sources })
    }
}

/// Roads as they are laid.
struct Survey {
    /// Metres.
    positions: Vec<[f64; 2]>,
    /// From, to, deciseconds.
    arcs: Vec<(u32, u32, u32)>,
}

impl Survey {
    /// Lays the road between two crossings, if there is one; `line` is the lattice line it follows.
    fn road(&mut self, from: u32, to: u32, line: u32, dice: &mut Dice) {
        let (kilometres_an_hour, certain) = match line {
            _ if line.is_multiple_of(128) => (110.0, true),
            _ if line.is_multiple_of(16) => (70.0, true),
            _ => (20.0 + 30.0 * dice.share(), false),
        };
        if !certain && dice.below(5) == 0 {
            return;
        }
        // 0 to 3 bends, 1.3 on average.
        let bends = [0, 0, 0, 1, 1, 1, 2, 2, 2, 3][dice.below(10) as usize];
        let [a, b] = [from, to].map(|crossing| self.positions[crossing as usize]);
        let metres = (a[0] - b[0]).hypot(a[1] - b[1]) * (1.0 + 0.3 * dice.share());
        let mut deciseconds = metres / kilometres_an_hour * 36.0 / f64::from(bends + 1);
        if dice.below(2_000) == 0 {
            deciseconds = 500.0 + 3_500.0 * dice.share();
        }
        let one_way = dice.below(14) == 0;
        let mut before = from;
        for step in 1..=bends + 1 {
            let mut here = to;
            if step <= bends {
                here = self.positions.len() as u32;
                let share = f64::from(step) / f64::from(bends + 1);
                self.positions.push([0, 1].map(|axis| a[axis] + share * (b[axis] - a[axis])));
            }
            let time = (deciseconds * (0.8 + 0.4 * dice.share())).round().clamp(10.0, 4_000.0) as u32;
            self.arcs.push((before, here, time));
            if !one_way {
                self.arcs.push((here, before, time));
            }
            before = here;
        }
    }

    /// The graph, nodes numbered by where they lie.
    fn numbered_along_a_curve(self, side_metres: f64) -> GraphArrays {
        let onto = |metres: f64| (metres / side_metres * 65_535.0).clamp(0.0, 65_535.0) as u32;
        let key = |at: &[f64; 2]| hilbert(onto(at[0]), onto(at[1]));
        let mut order: Vec<(u32, u32)> = self.positions.iter().map(key).zip(0..).collect();
        order.sort_unstable();
        let mut rank = vec![0; order.len()];
        for (&(_, node), new) in order.iter().zip(0u32..) {
            rank[node as usize] = new;
        }
        let renumbered = |(from, to, time): (u32, u32, u32)| (rank[from as usize], rank[to as usize], time);
        GraphArrays::new(order.len(), self.arcs.into_iter().map(renumbered).collect())
    }
}

/// Where on a Hilbert curve through 65,536 × 65,536 squares a square lies.
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    let mut along = 0;
    for bit in (0..16).rev() {
        let (right, up) = (x >> bit & 1, y >> bit & 1);
        along = along << 2 | ((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (!x, !y);
            }
            (x, y) = (y, x);
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_as_large_as_asked_and_survives_being_written() {
        let country = Country::new(20_000, 50);
        let forward = country.roads.graph().forward;
        let (nodes, arcs) = (forward.nodes() as f64, forward.arcs.len() as f64);
        assert!((nodes / 20_000.0 - 1.0).abs() < 0.1, "{nodes} nodes");
        assert!((2.2..2.5).contains(&(arcs / nodes)), "{} arcs a node", arcs / nodes);
        let mut bytes = Vec::new();
        country.write(&mut bytes).unwrap();
        let read = Country::read(&bytes).unwrap();
        assert_eq!((read.roads, read.sources), (country.roads, country.sources));
    }

    #[test]
    fn a_curve_passes_from_square_to_neighbour() {
        let mut squares: Vec<(u32, [u32; 2])> =
            (0..64).map(|s| [s % 8, s / 8]).map(|[x, y]| (hilbert(x, y), [x, y])).collect();
        squares.sort_unstable();
        let apart = |a: [u32; 2], b: [u32; 2]| a[0].abs_diff(b[0]) + a[1].abs_diff(b[1]);
        assert!(squares.windows(2).all(|pair| apart(pair[0].1, pair[1].1) == 1));
    }
}
