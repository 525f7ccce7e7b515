//! Graphs whose answers are arithmetic.

use super::super::catchment::{Catchment, Visit};
use super::super::certificate::{Certificate, Violation, certify};
use super::super::k_nearest::k_nearest;
use super::super::labels::{Labels, pack};
use super::super::nearest::nearest;
use super::super::route::Router;
use super::{end, road, source};
use crate::graph::GraphArrays;

#[test]
fn every_node_of_a_road_has_the_nearer_end() {
    let road = road(11, 10);
    let labels = nearest(road.graph(), &[source(0, 0, 8), source(10, 5, 3)], None);
    assert_eq!(labels.get(0), Some((0, 8)));
    assert_eq!(labels.get(5), Some((50, 8)), "50 one way, 55 the other");
    assert_eq!(labels.get(6), Some((45, 3)));
    assert_eq!(labels.get(10), Some((5, 3)));
    assert_eq!(labels.get(11), None, "there is no such node");
}

#[test]
fn of_two_at_the_same_time_the_smaller_label_wins() {
    let road = road(11, 10);
    for order in [[source(0, 0, 8), source(10, 0, 3)], [source(10, 0, 3), source(0, 0, 8)]] {
        assert_eq!(nearest(road.graph(), &order, None).get(5), Some((50, 3)));
    }
    let twins = [source(4, 0, 9), source(4, 0, 2), source(4, 1, 1)];
    assert_eq!(nearest(road.graph(), &twins, None).get(0), Some((40, 2)));
}

#[test]
fn time_runs_from_the_node_to_the_target_along_one_way_streets() {
    let one_way = GraphArrays::new(3, vec![(0, 1, 5), (1, 2, 7)]);
    let labels = nearest(one_way.graph(), &[source(1, 0, 1)], None);
    assert_eq!(labels.iter().collect::<Vec<_>>(), [Some((5, 1)), Some((0, 1)), None]);
}

#[test]
fn a_limit_is_included_and_nothing_lies_beyond() {
    let road = road(5, 10);
    let labels = nearest(road.graph(), &[source(0, 1, 1)], Some(21));
    assert_eq!(labels.iter().flatten().collect::<Vec<_>>(), [(1, 1), (11, 1), (21, 1)]);
    assert_eq!(nearest(road.graph(), &[source(0, 22, 1)], Some(21)).iter().flatten().count(), 0);
}

#[test]
fn ferries_of_hours_and_journeys_past_all_time_are_handled() {
    let hours = 36_000 * 9;
    let graph = GraphArrays::new(4, vec![(3, 2, 4), (2, 1, hours), (1, 0, u32::MAX - 1 - hours), (0, 3, 9)]);
    let labels = nearest(graph.graph(), &[source(1, 0, u32::MAX)], None);
    assert_eq!(labels.get(2), Some((hours, u32::MAX)));
    assert_eq!(labels.get(3), Some((hours + 4, u32::MAX)));
    let labels = nearest(graph.graph(), &[source(0, 0, u32::MAX)], None);
    assert_eq!(labels.get(1), Some((u32::MAX - 1 - hours, u32::MAX)));
    assert_eq!(labels.get(2), Some((u32::MAX - 1, u32::MAX)), "the longest time there is");
    assert_eq!(labels.get(3), None, "4 deciseconds past the longest");
}

#[test]
fn each_target_counts_once_among_the_k_nearest() {
    let road = road(11, 10);
    let sources = [source(0, 0, 1), source(1, 0, 1), source(3, 0, 2), source(10, 0, 3)];
    let ranked = k_nearest(road.graph(), &sources, 2, None);
    assert_eq!(ranked.of(0).collect::<Vec<_>>(), [(0, 1), (30, 2)]);
    assert_eq!(ranked.of(2).collect::<Vec<_>>(), [(10, 1), (10, 2)]);
    assert_eq!(ranked.of(9).collect::<Vec<_>>(), [(10, 3), (60, 2)]);
    assert_eq!(k_nearest(road.graph(), &sources, 5, Some(40)).of(5).collect::<Vec<_>>(), [(20, 2), (40, 1)]);
    assert_eq!(ranked.of(11).count(), 0, "there is no such node");
}

#[test]
fn a_catchment_counts_the_part_before_the_first_node() {
    let one_way = GraphArrays::new(4, vec![(0, 1, 5), (1, 2, 7), (2, 3, 7)]);
    let graph = one_way.graph();
    let mut catchment = Catchment::default();
    let visit = |node, deciseconds| Visit { node, deciseconds };
    assert_eq!(catchment.within(graph.backward, &[end(2, 3)], 15), [visit(2, 3), visit(1, 10), visit(0, 15)]);
    assert_eq!(catchment.within(graph.forward, &[end(2, 3)], 15), [visit(2, 3), visit(3, 10)]);
    assert_eq!(catchment.within(graph.backward, &[], 15), []);
}

#[test]
fn a_route_takes_the_quicker_way_and_the_smaller_node_of_two() {
    // Two ways of 20 from 0 to 3, over 1 or 2; one of 19 over 4, closed for the return.
    let arcs = vec![(0, 1, 10), (0, 2, 10), (1, 3, 10), (2, 3, 10), (3, 1, 10), (1, 0, 10)];
    let graph = GraphArrays::new(5, arcs.clone());
    let mut router = Router::default();
    let route = router.route(graph.graph(), &[end(0, 1)], &[end(3, 2)], None).expect("a way");
    assert_eq!((route.deciseconds, route.nodes), (23, vec![0, 1, 3]));
    let graph = GraphArrays::new(5, [arcs, vec![(0, 4, 9), (4, 3, 10)]].concat());
    let route = router.route(graph.graph(), &[end(0, 1)], &[end(3, 2)], None).expect("a way");
    assert_eq!((route.deciseconds, route.nodes), (22, vec![0, 4, 3]));
    let route = router.route(graph.graph(), &[end(3, 0)], &[end(0, 0), end(1, 10)], None).expect("a way");
    assert_eq!((route.deciseconds, route.nodes, route.destination), (20, vec![3, 1, 0], 0));
    assert_eq!(router.route(graph.graph(), &[end(3, 0)], &[end(4, 0)], Some(28)), None);
    let here = router.route(graph.graph(), &[end(4, 7), end(4, 3)], &[end(4, 1)], None).expect("here");
    assert_eq!((here.deciseconds, here.nodes, here.origin), (4, vec![4], 1));
}

#[test]
fn a_certificate_says_what_it_proved_or_where_it_failed() {
    let road = road(4, 10);
    let graph = road.graph();
    let sources = [source(0, 0, 1), source(3, 9, 2)];
    let right = nearest(graph, &sources, None);
    let proved = Certificate { reached: 4, unreached: 0, arcs: 6, sources: 2 };
    assert_eq!(certify(graph, &sources, &right, None), Ok(proved));
    let tampered = |node: usize, label: u64| {
        let mut labels = right.clone();
        labels.0[node] = label;
        certify(graph, &sources, &labels, None)
    };
    let improvable = Violation::Improvable { node: 1, has: Some((11, 1)), offered: Some((10, 1)) };
    assert_eq!(tampered(1, pack(11, 1)), Err(improvable));
    let too_small = Violation::Unattained { node: 0, has: Some((0, 0)), offered: Some((0, 1)) };
    assert_eq!(tampered(0, pack(0, 0)), Err(too_small));
    assert_eq!(
        certify(graph, &sources, &Labels::default(), None),
        Err(Violation::Nodes { labels: 0, nodes: 4 })
    );
    let nowhere = Violation::NoSuchNode { node: 4, nodes: 4 };
    assert_eq!(certify(graph, &[source(4, 0, 0)], &right, None), Err(nowhere));
}
