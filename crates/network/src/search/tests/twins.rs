//! Random graphs, asked twice.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::catchment::{Catchment, Visit, catchments};
use super::super::certificate::certify;
use super::super::k_nearest::k_nearest;
use super::super::nearest::{Nearest, nearest};
use super::super::route::Router;
use super::super::{Endpoint, Source};
use super::slow;
use crate::graph::{Graph, GraphArrays};
use crate::search::labels::Labels;

/// Many ties, some ferries: times around the window of the queue, far beyond it, and past all time.
fn deciseconds() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..6u32, 4 => 0..300u32, 2 => 8_190..8_195u32, 1 => 0..90_000u32, 1 => (u32::MAX - 9)..=u32::MAX]
}

#[derive(Debug, Clone)]
struct World {
    arrays: GraphArrays,
    sources: Vec<Source>,
    ends: [Vec<Endpoint>; 2],
    limit: Option<u32>,
}

prop_compose! {
    fn worlds()(nodes in 1..40u32)(
        arcs in vec((0..nodes, 0..nodes, deciseconds()), 0..(nodes as usize * 4)),
        sources in vec((0..nodes, deciseconds(), 0..6u32), 0..12),
        ends in [vec((0..nodes, deciseconds()), 0..4), vec((0..nodes, deciseconds()), 0..4)],
        limit in prop_oneof![Just(None), deciseconds().prop_map(Some)],
        nodes in Just(nodes),
    ) -> World {
        World {
            arrays: GraphArrays::new(nodes as usize, arcs),
            sources: sources.into_iter().map(|(n, offset, label)| super::source(n, offset, label)).collect(),
            ends: ends.map(|ends| ends.into_iter().map(|(n, offset)| super::end(n, offset)).collect()),
            limit,
        }
    }
}

/// Whether visits come in increasing time.
fn ascend(visits: &[Visit]) -> bool {
    visits.is_sorted_by_key(|visit| visit.deciseconds)
}

/// The visits as a time for every node.
fn by_node(nodes: usize, visits: &[Visit]) -> Vec<Option<u32>> {
    let mut times = vec![None; nodes];
    for visit in visits {
        assert_eq!(times[visit.node as usize].replace(visit.deciseconds), None, "visited once");
    }
    times
}

/// The journey of [`Router`]'s rule, from slow times.
fn route_by_rule(
    graph: Graph<'_>,
    [origins, destinations]: &[Vec<Endpoint>; 2],
    limit: Option<u32>,
) -> Option<(u32, Vec<u32>, usize, usize)> {
    let times = slow::from(graph, origins, limit);
    let arrivals = destinations.iter().enumerate().filter_map(|(rank, end)| {
        let total = times[end.node as usize]?.checked_add(end.offset)?;
        (total <= limit.unwrap_or(u32::MAX).min(u32::MAX - 1)).then_some((total, rank))
    });
    let (total, destination) = arrivals.min()?;
    let mut nodes = vec![destinations[destination].node];
    loop {
        let here = nodes[0];
        let time = times[here as usize]?;
        if let Some(origin) = origins.iter().position(|o| o.node == here && o.offset == time) {
            return Some((total, nodes, origin, destination));
        }
        let arcs = slow::arcs(graph).into_iter();
        let before = arcs.filter(|&(from, to, arc)| {
            to == here as usize && times[from].is_some_and(|t| u64::from(t) + arc == u64::from(time))
        });
        nodes.insert(0, before.map(|(from, _, _)| from as u32).min()?);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_nearest_are_those_of_the_slow_twin_and_are_certified(world in worlds()) {
        let graph = world.arrays.graph();
        let labels = nearest(graph, &world.sources, world.limit);
        prop_assert_eq!(labels.iter().collect::<Vec<_>>(), slow::nearest(graph, &world.sources, world.limit));
        let proved = certify(graph, &world.sources, &labels, world.limit).expect("right labels");
        prop_assert_eq!(proved.reached, labels.iter().flatten().count());
        prop_assert_eq!(proved.reached + proved.unreached, labels.nodes());
        prop_assert_eq!(proved.arcs, graph.forward.arcs.len());
    }

    #[test]
    fn a_search_kept_answers_as_a_new_one(worlds in vec(worlds(), 1..4)) {
        let (mut search, mut labels) = (Nearest::default(), Labels::default());
        let (mut router, mut catchment) = (Router::default(), Catchment::default());
        for World { arrays, sources, ends, limit } in &worlds {
            search.search(arrays.graph(), sources, *limit, &mut labels);
            prop_assert_eq!(&labels, &nearest(arrays.graph(), sources, *limit));
            let fresh = Router::default().route(arrays.graph(), &ends[0], &ends[1], *limit);
            prop_assert_eq!(router.route(arrays.graph(), &ends[0], &ends[1], *limit), fresh);
            let mut fresh = Catchment::default();
            let fresh = fresh.within(arrays.graph().backward, &ends[0], 400);
            prop_assert_eq!(catchment.within(arrays.graph().backward, &ends[0], 400), fresh);
        }
    }

    #[test]
    fn no_single_label_can_be_tampered_with(
        world in worlds(),
        at in any::<prop::sample::Index>(),
        put in prop_oneof![Just(u64::MAX), any::<u64>(), (0..400u64, 0..6u64).prop_map(|(t, l)| t << 32 | l)],
    ) {
        let graph = world.arrays.graph();
        let mut labels = nearest(graph, &world.sources, world.limit);
        let at = at.index(labels.nodes());
        prop_assume!(labels.0[at] != put);
        labels.0[at] = put;
        prop_assert!(certify(graph, &world.sources, &labels, world.limit).is_err());
    }

    #[test]
    fn the_k_nearest_are_those_of_the_slow_twin(world in worlds(), k in 1..=7usize) {
        let graph = world.arrays.graph();
        let ranked = k_nearest(graph, &world.sources, k, world.limit);
        let found: Vec<Vec<_>> = (0..ranked.nodes()).map(|node| ranked.of(node as u32).collect()).collect();
        prop_assert_eq!(found, slow::k_nearest(graph, &world.sources, k, world.limit));
        let first: Vec<_> = (0..ranked.nodes()).map(|node| ranked.of(node as u32).next()).collect();
        prop_assert_eq!(first, nearest(graph, &world.sources, world.limit).iter().collect::<Vec<_>>());
    }

    #[test]
    fn a_catchment_is_all_that_the_slow_twin_reaches_either_way(world in worlds(), limit in deciseconds()) {
        let graph = world.arrays.graph();
        let nodes = graph.forward.nodes();
        let mut catchment = Catchment::default();
        for ends in &world.ends {
            let visits = catchment.within(graph.backward, ends, limit);
            prop_assert!(ascend(visits));
            prop_assert_eq!(by_node(nodes, visits), slow::to(graph, ends, Some(limit)));
            let visits = catchment.within(graph.forward, ends, limit);
            prop_assert!(ascend(visits));
            prop_assert_eq!(by_node(nodes, visits), slow::from(graph, ends, Some(limit)));
        }
    }

    #[test]
    fn catchments_come_in_the_order_of_their_targets(world in worlds(), limit in deciseconds()) {
        let arcs = world.arrays.graph().backward;
        let targets: Vec<Vec<Endpoint>> = world.ends.iter().cycle().take(45).cloned().collect();
        let all = catchments(arcs, &targets, limit, |rank, visits| (rank, visits.to_vec()));
        let mut alone = Catchment::default();
        for (rank, target) in targets.iter().enumerate() {
            prop_assert_eq!(&all[rank], &(rank, alone.within(arcs, target, limit).to_vec()));
        }
    }

    #[test]
    fn a_route_is_the_quickest_and_the_one_the_rule_says(world in worlds()) {
        let graph = world.arrays.graph();
        let found = Router::default().route(graph, &world.ends[0], &world.ends[1], world.limit);
        let found = found.map(|route| (route.deciseconds, route.nodes, route.origin, route.destination));
        prop_assert_eq!(found, route_by_rule(graph, &world.ends, world.limit));
    }
}
