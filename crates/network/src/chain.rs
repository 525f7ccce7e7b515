//! From segments to the edges of a graph: roads cut where a choice or a delay is, joined where there
//! is none.

use std::collections::BTreeMap;

use territory::road::{Fixture, RoadClass, Setting};
use territory::{Passage, Roads};

use crate::profile::{Profile, Travel};
use crate::square::length;
use crate::streets::Streets;

/// A road from one node to another, travelled the same way all along.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Chain {
    /// Its points, as ranks, from one end to the other; a ring has the same at both.
    pub(crate) points: Vec<u32>,
    pub(crate) travel: Travel,
    pub(crate) length_m: f64,
}

/// A stretch of a segment between two points where it may be cut or joined.
#[derive(Clone, Copy)]
struct Link {
    segment: u32,
    from: u32,
    to: u32,
}

/// What is known of a point: how many pieces of road meet there, and whether they go on as one.
#[derive(Clone, Copy, Default)]
struct Meeting {
    pieces: u8,
    /// One more than the rank of the way one goes off along the first piece.
    first: u32,
    plain: bool,
}

impl Meeting {
    fn is_node(self) -> bool {
        self.pieces != 2 || !self.plain
    }
}

/// The ways of travelling met, each with that of the opposite direction.
#[derive(Default)]
struct Travels {
    ranks: BTreeMap<Travel, u32>,
    list: Vec<(Travel, u32)>,
}

impl Travels {
    fn rank(&mut self, travel: Travel) -> u32 {
        let back = travel.reversed();
        let mut rank = |travel| {
            let next = self.ranks.len() as u32;
            let rank = *self.ranks.entry(travel).or_insert(next);
            if rank == next {
                self.list.push((travel, rank));
            }
            rank
        };
        let (rank, back) = (rank(travel), rank(back));
        self.list[rank as usize].1 = back;
        self.list[back as usize].1 = rank;
        rank
    }
}

/// The chains of the roads that a mode may use, in the order of their first segments.
pub(crate) fn chains(streets: &Streets<'_>, profile: &Profile) -> Vec<Chain> {
    let roads = streets.roads;
    let mut travels = Travels::default();
    let ways = ways(roads, &streets.settings, profile, &mut travels);
    let meetings = meetings(roads, &ways, &travels, profile);
    let links = links(roads, &ways, &meetings);
    let joints = joints(roads, &links, &meetings);
    let walk = Walk { roads, ways: &ways, travels: &travels, links: &links, joints: &joints };
    walk.chains(&meetings)
}

/// How each segment is travelled, as a rank.
fn ways(roads: &Roads, settings: &[Setting], profile: &Profile, travels: &mut Travels) -> Vec<Option<u32>> {
    let way = |(segment, &setting)| {
        let road = roads.road(segment);
        let mut travel = profile.travel(road, setting)?;
        if let Some(seconds) = road.duration_s.filter(|&s| s > 0) {
            let metres = length(roads.run(segment).iter().map(|&p| roads.points()[p as usize])).0;
            let pace = (metres / f64::from(seconds) * 360.0).round().clamp(1.0, 20_000.0) as u32;
            let timed = |open: u32| if open > 0 { pace } else { 0 };
            travel.pace.forward = timed(travel.pace.forward);
            travel.pace.backward = timed(travel.pace.backward);
        }
        Some(travels.rank(travel))
    };
    roads.segments().iter().zip(settings).map(way).collect()
}

fn meetings(roads: &Roads, ways: &[Option<u32>], travels: &Travels, profile: &Profile) -> Vec<Meeting> {
    let mut meetings = vec![Meeting::default(); roads.points().len()];
    let mut meet = |point: u32, off: u32| {
        let meeting = &mut meetings[point as usize];
        match meeting.pieces {
            0 => (meeting.first, meeting.plain) = (off + 1, true),
            // One goes on as before when the way off is the reverse of the way one came.
            1 => meeting.plain = travels.list[off as usize].1 + 1 == meeting.first,
            _ => {}
        }
        meeting.pieces = meeting.pieces.saturating_add(1);
    };
    for (segment, way) in roads.segments().iter().zip(ways) {
        let Some(way) = *way else { continue };
        let back = travels.list[way as usize].1;
        for pair in roads.run(segment).windows(2).filter(|pair| pair[0] != pair[1]) {
            meet(pair[0], way);
            meet(pair[1], back);
        }
    }
    for fixture in roads.fixtures() {
        let meeting = &mut meetings[fixture.point as usize];
        meeting.plain &= !stops(fixture, profile);
    }
    meetings
}

/// Whether a fixture makes a difference to the mode.
fn stops(fixture: &Fixture, profile: &Profile) -> bool {
    fixture.passage(profile.mode) < Passage::Pushed || profile.standing_s(fixture) > 0.0
}

/// Segments cut at nodes. What has no length (all its points are one) is left out.
fn links(roads: &Roads, ways: &[Option<u32>], meetings: &[Meeting]) -> Vec<Link> {
    let mut links = Vec::new();
    for (rank, (segment, way)) in roads.segments().iter().zip(ways).enumerate() {
        if way.is_none() {
            continue;
        }
        let run = roads.run(segment);
        let mut from = 0;
        for to in 1..run.len() {
            let cut = to == run.len() - 1 || (meetings[run[to] as usize].is_node() && run[to] != run[to - 1]);
            if cut {
                if run[from..=to].iter().any(|&p| p != run[from]) {
                    links.push(Link { segment: rank as u32, from: from as u32, to: to as u32 });
                }
                from = to;
            }
        }
    }
    links
}

/// Ends of links at points that are no node: (point, link, whether it is the link's end), sorted.
fn joints(roads: &Roads, links: &[Link], meetings: &[Meeting]) -> Vec<(u32, u32, bool)> {
    let mut joints = Vec::new();
    for (rank, link) in links.iter().enumerate() {
        let run = roads.run(&roads.segments()[link.segment as usize]);
        for (at, end) in [(link.from, false), (link.to, true)] {
            let point = run[at as usize];
            if !meetings[point as usize].is_node() {
                joints.push((point, rank as u32, end));
            }
        }
    }
    joints.sort_unstable();
    joints
}

struct Walk<'a> {
    roads: &'a Roads,
    ways: &'a [Option<u32>],
    travels: &'a Travels,
    links: &'a [Link],
    joints: &'a [(u32, u32, bool)],
}

impl Walk<'_> {
    fn chains(&self, meetings: &[Meeting]) -> Vec<Chain> {
        let mut used = vec![false; self.links.len()];
        let mut chains = Vec::new();
        // From nodes first; what is left are rings without any, cut at their first point.
        for rings in [false, true] {
            for link in 0..self.links.len() as u32 {
                for backward in [false, true] {
                    let start = self.run(link, backward).next();
                    let begins = rings || start.is_some_and(|p| meetings[p as usize].is_node());
                    if begins && !used[link as usize] {
                        chains.push(self.chain(link, backward, &mut used));
                    }
                }
            }
        }
        chains
    }

    /// The points of a link in one direction.
    fn run(&self, link: u32, backward: bool) -> Box<dyn Iterator<Item = u32> + '_> {
        let Link { segment, from, to } = self.links[link as usize];
        let run = self.roads.run(&self.roads.segments()[segment as usize]);
        let points = run[from as usize..=to as usize].iter().copied();
        if backward { Box::new(points.rev()) } else { Box::new(points) }
    }

    fn chain(&self, first: u32, backward: bool, used: &mut [bool]) -> Chain {
        let way = self.ways[self.links[first as usize].segment as usize].unwrap_or_default();
        let way = if backward { self.travels.list[way as usize].1 } else { way };
        let mut points: Vec<u32> = Vec::new();
        let (mut link, mut backward) = (first, backward);
        loop {
            used[link as usize] = true;
            points.extend(self.run(link, backward));
            points.dedup();
            let Some(&end) = points.last() else { break };
            match self.beyond(end, link, !backward) {
                Some((next, from_its_end)) if !used[next as usize] => (link, backward) = (next, from_its_end),
                _ => break,
            }
        }
        let metres = length(points.iter().map(|&p| self.roads.points()[p as usize])).0;
        Chain { travel: self.travels.list[way as usize].0, points, length_m: metres }
    }

    /// The link that goes on from a joint where another ends, and whether from its own end.
    fn beyond(&self, point: u32, link: u32, end: bool) -> Option<(u32, bool)> {
        let first = self.joints.partition_point(|j| j.0 < point);
        let here = self.joints[first..].iter().take_while(|j| j.0 == point);
        here.copied().find(|&(_, l, e)| (l, e) != (link, end)).map(|(_, l, e)| (l, e))
    }
}

/// Whether houses may stand along a road, so that people and venues are tied to it.
pub(crate) fn is_fronted(class: RoadClass) -> bool {
    !matches!(class, RoadClass::Motorway | RoadClass::MotorwayLink | RoadClass::Ferry)
}
