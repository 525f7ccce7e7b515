//! From roads to a frozen network.
//!
//! Nodes stand where a choice or a delay is. A road that is *reserved* (only to begin or end a trip) is
//! kept exactly by three layers of its nodes: one starts in S, passes to the open layer O, and ends in E.
//! For a reserved road u → v there are the arcs `S_u → S_v`, `S_u → O_v`, `O_u → E_v` and `E_u → E_v`, those of
//! O only where v or u is also on an open road. So a route is R* O* R*: never through.

use sha2::{Digest, Sha256};
use territory::road::Fixture;
use territory::{FixedPosition, Passage};

use crate::chain::{Chain, chains, is_fronted};
use crate::component::{Components, components};
use crate::graph::GraphArrays;
use crate::profile::{InvalidProfile, Junction, Profile, importance, is_driven};
use crate::road_network::{Edge, Identity, RoadNetwork};
use crate::square::{Plane, Square, hilbert, length};
use crate::streets::Streets;
use territory::Extent;

/// Fewer nodes than this lead nowhere: a car park, a yard. R5 prunes the same (`StreetLayer`).
const LEADS_SOMEWHERE: u32 = 40;

/// Roads that make no network.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// More than ranks of 32 bits can tell apart.
    #[error("{0} road edges are more than a network can hold; build by region")]
    TooMany(usize),
    /// The numbers of the profile are not usable.
    #[error(transparent)]
    Profile(#[from] InvalidProfile),
}

/// Makes the network of a profile. Same roads, same bytes.
pub fn build(streets: &Streets<'_>, profile: &Profile, vintage: &str) -> Result<RoadNetwork, BuildError> {
    let chains = chains(streets, profile);
    if chains.len() > (u32::MAX >> 4) as usize {
        return Err(BuildError::TooMany(chains.len()));
    }
    let draft = Draft::new(streets, profile, chains);
    let edges: Vec<Edge> = draft.edges();
    let (arcs, arc_edges) = draft.arcs(&edges);
    let [square_keys, square_first, square_edges] = draft.squares();
    let (shape_first, shape) = draft.shapes();
    let edges: Vec<u32> = edges.into_iter().flat_map(Edge::words).collect();
    let identity = Identity {
        mode: profile.mode,
        profile: profile.version,
        profile_sha256: Sha256::digest(Profile::text(profile.mode)).into(),
        vintage: vintage.to_owned(),
    };
    Ok(RoadNetwork::freeze(
        identity,
        &[
            &arcs.first[0],
            bytemuck::cast_slice(&arcs.arcs[0]),
            &arcs.first[1],
            bytemuck::cast_slice(&arcs.arcs[1]),
            &arc_edges,
            &edges,
            &shape_first,
            &shape,
            &square_keys,
            &square_first,
            &square_edges,
            &draft.exits(),
        ],
    ))
}

/// Where chains end.
struct Node {
    point: u32,
    /// Chains that end here.
    arms: u32,
    /// The bearings at which they leave, radians.
    bearings: Vec<f64>,
    /// The two best importances among those that vehicles drive on.
    best: [Option<u8>; 2],
    open: bool,
    reserved: bool,
    /// Its first rank in the graph: of O, else of S.
    rank: u32,
}

struct Draft<'a> {
    streets: &'a Streets<'a>,
    profile: &'a Profile,
    chains: Vec<Chain>,
    /// The nodes at the ends of each chain.
    ends: Vec<[u32; 2]>,
    nodes: Vec<Node>,
    reserved: Vec<bool>,
}

impl<'a> Draft<'a> {
    fn new(streets: &'a Streets<'a>, profile: &'a Profile, chains: Vec<Chain>) -> Self {
        let fixture = |point: u32| find(streets.roads.fixtures(), point);
        let passage = |point| fixture(point).map_or(Passage::Open, |f| f.passage(profile.mode));
        // A point that nobody passes is an end of its own for each road that comes to it.
        let key = |chain: usize, end: usize, point: u32| {
            let own = if passage(point) == Passage::Closed { 2 * chain + end + 1 } else { 0 };
            (hilbert(streets.roads.points()[point as usize]), point, own)
        };
        let tips = |chain: &Chain| [chain.points[0], chain.points[chain.points.len() - 1]];
        let mut keys: Vec<(u64, u32, usize)> = Vec::with_capacity(chains.len() * 2);
        for (i, chain) in chains.iter().enumerate() {
            let [a, b] = tips(chain);
            keys.extend([key(i, 0, a), key(i, 1, b)]);
        }
        let mut sorted = keys.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let node_of = |key: &(u64, u32, usize)| sorted.partition_point(|k| k < key) as u32;
        let ends: Vec<[u32; 2]> = keys.chunks_exact(2).map(|k| [node_of(&k[0]), node_of(&k[1])]).collect();

        let mut nodes: Vec<Node> = sorted.iter().map(|&(_, point, _)| Node::at(point)).collect();
        let reserved = |chain: &Chain| {
            chain.travel.last_leg_only || tips(chain).into_iter().any(|p| passage(p) == Passage::Destination)
        };
        let mut reserved: Vec<bool> = chains.iter().map(reserved).collect();
        reserve_pockets(&chains, &ends, nodes.len(), &mut reserved);
        for ((chain, &reserved), ends) in chains.iter().zip(&reserved).zip(&ends) {
            let bearings = bearings(streets, chain);
            for (&end, bearing) in ends.iter().zip(bearings) {
                let node = &mut nodes[end as usize];
                node.arms += 1;
                node.bearings.push(bearing);
                if is_driven(chain.travel.class) {
                    let mut ranks = [Some(importance(chain.travel.class)), node.best[0], node.best[1]];
                    // None is the least important.
                    ranks.sort_by_key(|rank| rank.unwrap_or(u8::MAX));
                    node.best = [ranks[0], ranks[1]];
                }
                node.open |= !reserved;
                node.reserved |= reserved;
            }
        }
        let mut rank = 0;
        for node in &mut nodes {
            node.rank = rank;
            rank += u32::from(node.open) + 2 * u32::from(node.reserved);
        }
        let mut order: Vec<usize> = (0..chains.len()).collect();
        order.sort_by_key(|&i| (ends[i], i));
        let mut slots: Vec<Option<Chain>> = chains.into_iter().map(Some).collect();
        Self {
            streets,
            profile,
            chains: order.iter().filter_map(|&i| slots[i].take()).collect(),
            ends: order.iter().map(|&i| ends[i]).collect(),
            reserved: order.iter().map(|&i| reserved[i]).collect(),
            nodes,
        }
    }

    /// Deciseconds along a chain each way, none where closed.
    fn times(&self, chain: usize) -> [Option<u32>; 2] {
        let Chain { travel, length_m, .. } = &self.chains[chain];
        let bearings = bearings(self.streets, &self.chains[chain]);
        let stems = [0, 1].map(|end| self.nodes[self.ends[chain][end] as usize].is_stem(bearings[end]));
        let stem = f64::from(stems.iter().map(|&stem| u8::from(stem)).sum::<u8>()) * self.profile.stem_s();
        let time = |pace: u32, to: u32| {
            let node = &self.nodes[to as usize];
            let fixture = find(self.streets.roads.fixtures(), node.point);
            let own = is_driven(travel.class).then(|| importance(travel.class));
            let others = if own.is_some() && own == node.best[0] { node.best[1] } else { node.best[0] };
            let junction = (node.arms >= 3).then_some(Junction { others });
            let ride = length_m * 360.0 / f64::from(pace);
            let deciseconds = (ride + stem + self.profile.delay_s(travel, fixture, junction)) * 10.0;
            (pace > 0).then(|| (deciseconds.round() as u32).max(1))
        };
        let [a, b] = self.ends[chain];
        [time(travel.pace.forward, b), time(travel.pace.backward, a)]
    }

    fn edges(&self) -> Vec<Edge> {
        let apart = self.apart();
        let edge = |i: usize| {
            let nodes = self.ends[i].map(|end| &self.nodes[end as usize]);
            let mut flags = self.chains[i].travel.class as u32;
            let mut set = |flag: u32, on: bool| flags |= if on { flag } else { 0 };
            set(Edge::APART, apart[i]);
            set(Edge::RESERVED, self.reserved[i]);
            for (node, flag) in nodes.iter().zip(Edge::OPEN_END) {
                set(flag, self.reserved[i] && node.open);
            }
            let end = |node: &Node| node.rank + u32::from(self.reserved[i] && node.open);
            Edge { ends: nodes.map(end), times: self.times(i), flags }
        };
        (0..self.chains.len()).map(edge).collect()
    }

    /// Which chains lead nowhere: reserved or not, one of their ends is in a small component.
    fn apart(&self) -> Vec<bool> {
        let both = |i: usize| {
            let ([a, b], travel) = (self.ends[i], &self.chains[i].travel);
            [(a, b, travel.pace.forward), (b, a, travel.pace.backward)]
        };
        let arcs = (0..self.chains.len()).flat_map(both).filter(|&(_, _, pace)| pace > 0).collect();
        let sizes = components(&GraphArrays::new(self.nodes.len(), arcs).graph()).sizes;
        let small = |node: &u32| sizes[*node as usize] < LEADS_SOMEWHERE;
        self.ends.iter().map(|ends| ends.iter().any(small)).collect()
    }

    /// The graph, and the edge of each of its forward arcs.
    fn arcs(&self, edges: &[Edge]) -> (GraphArrays, Vec<u32>) {
        let mut arcs: Vec<(u32, u32, u32, u32)> = Vec::with_capacity(edges.len() * 2);
        for (rank, edge) in edges.iter().enumerate() {
            for (way, (from, to)) in [(0, 1), (1, 0)].into_iter().enumerate() {
                let Some(time) = edge.times[way] else { continue };
                let code = 2 * rank as u32 + way as u32;
                let mut arc = |from: u32, to: u32| arcs.push((from, to, time, code));
                let (u, v) = (edge.ends[from], edge.ends[to]);
                if !edge.is_reserved() {
                    arc(u, v);
                    continue;
                }
                arc(u, v);
                arc(u + 1, v + 1);
                if edge.flags & Edge::OPEN_END[to] != 0 {
                    arc(u, v - 1);
                }
                if edge.flags & Edge::OPEN_END[from] != 0 {
                    arc(u - 1, v + 1);
                }
            }
        }
        arcs.retain(|(from, to, _, _)| from != to);
        arcs.sort_unstable();
        arcs.dedup_by_key(|(from, to, _, _)| (*from, *to));
        let arc_edges = arcs.iter().map(|&(_, _, _, code)| code).collect();
        let nodes = self.nodes.last().map_or(0, |n| n.rank + n.layers());
        let arcs = arcs.into_iter().map(|(from, to, time, _)| (from, to, time)).collect();
        (GraphArrays::new(nodes as usize, arcs), arc_edges)
    }

    fn shapes(&self) -> (Vec<u32>, Vec<u32>) {
        let mut first = vec![0];
        let mut shape = Vec::new();
        for chain in &self.chains {
            let steps = chain.points.iter().map(|&p| self.position(p).steps());
            shape.extend(steps.flatten().map(i32::cast_unsigned));
            first.push(shape.len() as u32 / 2);
        }
        (first, shape)
    }

    /// The edges of each square; those along which nobody lives are in none.
    fn squares(&self) -> [Vec<u32>; 3] {
        let mut listed: Vec<(Square, u32)> = Vec::new();
        for (rank, chain) in self.chains.iter().enumerate().filter(|(_, c)| is_fronted(c.travel.class)) {
            let from = listed.len();
            for pair in chain.points.windows(2) {
                let coords = pair.iter().map(|&p| self.position(p).position().coord());
                let squares = Extent::of_coords(coords).into_iter().flat_map(Square::touching);
                listed.extend(squares.map(|square| (square, rank as u32)));
            }
            listed[from..].sort_unstable();
            let mut kept = from;
            for i in from..listed.len() {
                if i == from || listed[i] != listed[kept - 1] {
                    listed[kept] = listed[i];
                    kept += 1;
                }
            }
            listed.truncate(kept);
        }
        listed.sort_unstable();
        let [mut keys, mut first, mut edges] = [Vec::new(), Vec::new(), Vec::new()];
        for (Square(square), edge) in listed {
            if keys.last() != Some(&square) {
                keys.push(square);
                first.push(edges.len() as u32);
            }
            edges.push(edge);
        }
        first.push(edges.len() as u32);
        [keys, first, edges]
    }

    /// Where roads leave the data, from either end of a chain that does.
    fn exits(&self) -> Vec<u32> {
        let mut exits: Vec<(u32, u32, [i32; 2])> = Vec::new();
        for (i, chain) in self.chains.iter().enumerate() {
            let times = self.times(i);
            let len = chain.points.len();
            let cut = |n: &usize| self.streets.is_cut(chain.points[*n]);
            let from_first = (0..len).find(cut).map(|n| (n, &chain.points[..=n]));
            let from_last = (0..len).rev().find(cut).map(|n| (n, &chain.points[n..]));
            for (end, stretch) in [from_first, from_last].into_iter().enumerate() {
                let (Some((n, stretch)), Some(time)) = (stretch, times[end]) else { continue };
                let at = self.position(chain.points[n]).steps();
                let share = length(stretch.iter().map(|&p| self.position(p))).0 / chain.length_m.max(1e-9);
                let offset = (f64::from(time) * share.min(1.0)).floor() as u32;
                let node = &self.nodes[self.ends[i][end] as usize];
                exits.extend((node.rank..node.rank + node.layers()).map(|rank| (rank, offset, at)));
            }
        }
        exits.sort_unstable();
        exits.dedup();
        let words = |(node, offset, at): (u32, u32, [i32; 2])| {
            [node, offset, at[0].cast_unsigned(), at[1].cast_unsigned()]
        };
        exits.into_iter().flat_map(words).collect()
    }

    fn position(&self, point: u32) -> FixedPosition {
        self.streets.roads.points()[point as usize]
    }
}

/// Marks as reserved what is open only to those who came by reserved roads: a street inside a private
/// estate is part of it, or nobody could drive out.
///
/// Of what is strongly connected by all roads, the largest part that is so by open roads is what one
/// drives through; the rest is reserved.
fn reserve_pockets(chains: &[Chain], ends: &[[u32; 2]], nodes: usize, reserved: &mut [bool]) {
    let connected = |kept: &dyn Fn(usize) -> bool| {
        let both = |i: usize| {
            let ([a, b], pace) = (ends[i], chains[i].travel.pace);
            [(a, b, pace.forward), (b, a, pace.backward)]
        };
        let arcs = (0..chains.len()).filter(|&i| kept(i)).flat_map(both).filter(|&(_, _, pace)| pace > 0);
        components(&GraphArrays::new(nodes, arcs.collect()).graph())
    };
    let whole = connected(&|_| true).names;
    let Components { names: open, sizes } = connected(&|i| !reserved[i]);
    // The largest open part of each whole; of two as large, the one with the lower name.
    let mut largest: Vec<Option<u32>> = vec![None; nodes];
    for node in 0..nodes {
        let best = &mut largest[whole[node] as usize];
        let size = |part: u32| (sizes[part as usize], std::cmp::Reverse(part));
        if best.is_none_or(|best| size(open[node]) > size(best)) {
            *best = Some(open[node]);
        }
    }
    for (reserved, [a, b]) in reserved.iter_mut().zip(ends) {
        let [a, b] = [*a as usize, *b as usize];
        let through = |node: usize| largest[whole[node] as usize] == Some(open[node]);
        *reserved |= whole[a] == whole[b] && !(through(a) && through(b));
    }
}

/// The bearings at which a chain leaves its two ends, radians from the east.
fn bearings(streets: &Streets<'_>, chain: &Chain) -> [f64; 2] {
    let at = |point: u32| streets.roads.points()[point as usize].position();
    let bearing = |from: u32, to: u32| {
        let [x, y] = Plane::around(at(from)).of(at(to));
        y.atan2(x)
    };
    let points = &chain.points;
    let last = points.len() - 1;
    [bearing(points[0], points[1]), bearing(points[last], points[last - 1])]
}

impl Node {
    fn at(point: u32) -> Self {
        Self { point, arms: 0, bearings: Vec::new(), best: [None; 2], open: false, reserved: false, rank: 0 }
    }

    /// Whether no other road goes on, within 45°, from the one that leaves at a bearing.
    fn is_stem(&self, bearing: f64) -> bool {
        let straight = |&other: &f64| {
            let turn = (other - bearing).rem_euclid(std::f64::consts::TAU);
            (turn - std::f64::consts::PI).abs() <= std::f64::consts::FRAC_PI_4
        };
        self.arms >= 3 && !self.bearings.iter().any(straight)
    }

    /// How many nodes of the graph it is.
    fn layers(&self) -> u32 {
        u32::from(self.open) + 2 * u32::from(self.reserved)
    }
}

fn find(fixtures: &[Fixture], point: u32) -> Option<&Fixture> {
    fixtures.binary_search_by_key(&point, |f| f.point).ok().map(|at| &fixtures[at])
}
