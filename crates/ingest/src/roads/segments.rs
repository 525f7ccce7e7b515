//! Ways and nodes joined: points, runs of points, segments.

use rayon::iter::ParallelIterator;
use rayon::slice::ParallelSlice;
use territory::road::{Fixture, InvalidRoads, Segment};
use territory::{Extent, FixedPosition, Roads};

use super::ids::Ids;
use super::nodes::Nodes;
use super::trouble::{Trouble, Troubles};
use super::ways::{Way, Ways};

/// Ways joined by one task: enough that handing them out costs nothing.
const WAYS_PER_TASK: usize = 4096;

/// Segments whose points are still ranks among the identifiers.
#[derive(Default)]
struct Joined {
    runs: Vec<u32>,
    segments: Vec<Segment>,
    /// By the rank of the file it concerns.
    troubles: Vec<(usize, Trouble, i64)>,
}

impl Joined {
    /// Ends a run that began there: a segment when it has two points, nothing otherwise. The next begins
    /// where it ends.
    fn cut(&mut self, first: usize, road: u32) -> usize {
        let len = self.runs.len() - first;
        if len >= 2 {
            self.segments.push(Segment { first: first as u32, len: len as u32, road });
        } else {
            self.runs.truncate(first);
        }
        self.runs.len()
    }
}

/// The roads, segments in the order of their ways' identifiers and points in that of their nodes'.
pub(super) fn join(
    mut ways: Ways,
    ids: &Ids,
    nodes: Nodes,
    extent: Option<Extent>,
    troubles: &mut [Troubles],
) -> Result<Roads, InvalidRoads> {
    let tasks: Vec<Joined> =
        ways.list.par_chunks(WAYS_PER_TASK).map(|list| joined(list, &ways, ids, &nodes)).collect();
    let mut all = Joined::default();
    for task in tasks {
        let first = rank(all.runs.len())?;
        all.segments
            .extend(task.segments.iter().map(|s| Segment { first: first.wrapping_add(s.first), ..*s }));
        all.runs.extend(task.runs);
        for (file, trouble, id) in task.troubles {
            if let Some(troubles) = troubles.get_mut(file) {
                troubles.note(trouble, id, "");
            }
        }
    }
    rank(all.runs.len())?;
    let Joined { mut runs, mut segments, .. } = all;
    ways.list = Vec::new();
    let points = compacted(&mut runs, ids.len(), &nodes);
    let fixtures = fixtures(nodes.fixtures, &points.ranks);
    let extent = extent.or_else(|| Extent::of_coords(points.positions.iter().map(|p| p.position().coord())));

    // Kinds in their own order, those of segments alone: whatever the order of the files.
    let kinds = ways.kinds();
    let mut used: Vec<u32> = segments.iter().map(|segment| segment.road).collect();
    used.sort_unstable();
    used.dedup();
    used.sort_by_key(|&road| kinds.get(road as usize));
    let mut ranks = vec![0; kinds.len()];
    for (rank, &road) in used.iter().enumerate() {
        if let Some(slot) = ranks.get_mut(road as usize) {
            *slot = rank as u32;
        }
    }
    for segment in &mut segments {
        segment.road = ranks.get(segment.road as usize).copied().unwrap_or(u32::MAX);
    }
    let kinds = used.iter().filter_map(|&road| kinds.get(road as usize).copied()).collect();
    Roads::new(points.positions, runs, segments, kinds, fixtures, extent)
}

fn rank(n: usize) -> Result<u32, InvalidRoads> {
    u32::try_from(n)
        .map_err(|_| InvalidRoads("more than 4 294 967 295 points; give fewer or smaller extracts"))
}

/// The segments of some ways: the runs of nodes that are there, where there are two or more.
fn joined(list: &[Way], ways: &Ways, ids: &Ids, nodes: &Nodes) -> Joined {
    let mut joined = Joined::default();
    let mut near = 0;
    for way in list {
        let (mut missing, mut repeated, mut known) = (false, false, 0);
        let mut first = joined.runs.len();
        for id in ways.refs(way) {
            let found = ids.find(near, id);
            near = found.unwrap_or_else(|between| between);
            let here = found.ok().map(|rank| rank as u32).filter(|&rank| nodes.position(rank).is_some());
            match here {
                None => {
                    missing = true;
                    first = joined.cut(first, way.road);
                }
                Some(point) if joined.runs.get(first..).unwrap_or_default().last() == Some(&point) => {
                    repeated = true;
                }
                Some(point) => {
                    known += 1;
                    joined.runs.push(point);
                }
            }
        }
        joined.cut(first, way.road);
        let file = ways.file(way);
        let mut note = |when: bool, trouble| {
            if when {
                joined.troubles.push((file, trouble, way.id));
            }
        };
        note(missing, Trouble::MissingNodes);
        note(repeated, Trouble::Repeated);
        // One of which nothing is left for want of nodes is told as such alone.
        note(!missing && known < 2, Trouble::TooShort);
    }
    joined
}

/// Points used by segments, and the rank among them of each identifier.
struct Points {
    positions: Vec<FixedPosition>,
    ranks: Vec<u32>,
}

/// The rank of a node that is no point.
const UNUSED: u32 = u32::MAX;

/// Leaves out the nodes that no run goes through and renumbers the runs.
fn compacted(runs: &mut [u32], n_ids: usize, nodes: &Nodes) -> Points {
    let mut ranks = vec![UNUSED; n_ids];
    for point in &*runs {
        if let Some(rank) = ranks.get_mut(*point as usize) {
            *rank = 0;
        }
    }
    let mut positions = Vec::new();
    for (id, rank) in ranks.iter_mut().enumerate().filter(|(_, rank)| **rank != UNUSED) {
        *rank = positions.len() as u32;
        positions.extend(nodes.position(id as u32));
    }
    for point in runs {
        *point = ranks.get(*point as usize).copied().unwrap_or(UNUSED);
    }
    Points { positions, ranks }
}

/// Fixtures of points, sorted, the first of each.
fn fixtures(of_nodes: Vec<Fixture>, ranks: &[u32]) -> Vec<Fixture> {
    let point = |fixture: &Fixture| ranks.get(fixture.point as usize).copied().filter(|&rank| rank != UNUSED);
    let mut fixtures: Vec<Fixture> = of_nodes
        .into_iter()
        .filter_map(|fixture| Some(Fixture { point: point(&fixture)?, ..fixture }))
        .collect();
    fixtures.sort_by_key(|fixture| fixture.point);
    fixtures.dedup_by_key(|fixture| fixture.point);
    fixtures
}
