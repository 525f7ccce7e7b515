//! Which records are one venue: the most alike first, and only if all of them agree.

use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::likeness::{DOUBTFUL, Likeness, REACH, THRESHOLD, TOGETHER, compare};
use super::portrait::Portrait;

/// Two records, by their rank, and how alike they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pair {
    pub(super) a: usize,
    pub(super) b: usize,
    pub(super) likeness: Likeness,
}

/// Records put together.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Clusters {
    /// The ranks of the records of each venue, sorted, in the order of their first.
    pub(super) members: Vec<Vec<usize>>,
    /// The pairs that put records together.
    pub(super) links: Vec<Pair>,
    /// Pairs alike enough to be doubted, or to be one had not another record forbidden it.
    pub(super) doubts: Vec<Pair>,
}

/// How many neighbours a record is compared with, the nearest first: a damaged file may put all of its rows
/// on one point.
const CROWD: usize = 300;

/// How many records may make one venue: the same.
const MOST: usize = 64;

/// Mean radius of the Earth, as `Position::distance_to` has it.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Puts together the records that are one venue.
///
/// Pairs are taken by decreasing score, then by rank; two groups are joined when every record of the one
/// may be with every record of the other (no veto, a score of [`TOGETHER`] at least). That depends on the
/// rank of the records alone, which is the order of their producers and identifiers.
pub(super) fn cluster(portraits: &[Portrait]) -> Clusters {
    let mut pairs = pairs(portraits);
    pairs.sort_by(|x, y| y.likeness.score.total_cmp(&x.likeness.score).then((x.a, x.b).cmp(&(y.a, y.b))));
    let mut group_of: Vec<usize> = (0..portraits.len()).collect();
    let mut groups: Vec<Vec<usize>> = (0..portraits.len()).map(|i| vec![i]).collect();
    let (mut links, mut doubts) = (Vec::new(), Vec::new());
    for pair in pairs {
        let (one, other) = (group_of[pair.a], group_of[pair.b]);
        if one == other {
            continue;
        }
        let agree = groups[one].len() + groups[other].len() <= MOST
            && groups[one].iter().all(|&a| {
                groups[other].iter().all(|&b| {
                    compare(&portraits[a.min(b)], &portraits[a.max(b)]).is_some_and(|l| l.score >= TOGETHER)
                })
            });
        if pair.likeness.score < THRESHOLD || !agree {
            doubts.push(pair);
            continue;
        }
        let joined = std::mem::take(&mut groups[other]);
        for &record in &joined {
            group_of[record] = one;
        }
        groups[one].extend(joined);
        links.push(pair);
    }
    let mut members: Vec<Vec<usize>> = groups.into_iter().filter(|group| !group.is_empty()).collect();
    for group in &mut members {
        group.sort_unstable();
    }
    members.sort_unstable();
    doubts.retain(|pair| group_of[pair.a] != group_of[pair.b]);
    Clusters { members, links, doubts }
}

/// The pairs of records near one another that are alike enough to be one, or doubted.
fn pairs(portraits: &[Portrait]) -> Vec<Pair> {
    let points = portraits.iter().enumerate();
    let tree = RTree::bulk_load(
        points.map(|(i, portrait)| GeomWithData::new(portrait.position.unit_vector(), i)).collect(),
    );
    // The chord of the arc, a little longer so that rounding loses no one.
    let chord = 2.0 * (REACH.0 / EARTH_RADIUS_M / 2.0).sin() * 1.001;
    let near = |a: usize| {
        let at = portraits[a].position.unit_vector();
        let mut near: Vec<(f64, usize)> = tree
            .locate_within_distance(at, chord * chord)
            .filter(|point| point.data > a && portraits[a].letters & portraits[point.data].letters != 0)
            .map(|point| {
                let squares = at.iter().zip(point.geom()).map(|(x, y)| (x - y).powi(2));
                (squares.sum::<f64>(), point.data)
            })
            .collect();
        if near.len() > CROWD {
            near.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
            near.truncate(CROWD);
        }
        near
    };
    let alike = |a: usize| {
        near(a).into_iter().filter_map(move |(_, b)| {
            let likeness = compare(&portraits[a], &portraits[b])?;
            (likeness.score >= DOUBTFUL).then_some(Pair { a, b, likeness })
        })
    };
    (0..portraits.len()).into_par_iter().flat_map_iter(alike).collect()
}
