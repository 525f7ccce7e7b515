//! What opens and closes, against searching anew.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::incremental::Live;
use super::super::nearest::nearest;
use super::super::{Endpoint, Source};
use super::{Dice, end, road, source};
use crate::graph::GraphArrays;

/// A town of `side` × `side` crossings: streets of few different times (so that ties abound), some of
/// them one-way or missing, and a few ferries.
fn town(side: u32, dice: &mut Dice) -> GraphArrays {
    let mut arcs = Vec::new();
    for node in 0..side * side {
        let east = (node % side + 1 < side).then_some(node + 1);
        let north = (node / side + 1 < side).then_some(node + side);
        for to in [east, north].into_iter().flatten() {
            if dice.below(10) > 0 {
                arcs.push((node, to, 1 + dice.below(4)));
            }
            if dice.below(10) > 0 {
                arcs.push((to, node, 1 + dice.below(4)));
            }
        }
        if dice.below(200) == 0 {
            arcs.push((node, dice.below(side * side), 9_000 + dice.below(9)));
        }
    }
    GraphArrays::new((side * side) as usize, arcs)
}

/// One to three places where a target joins the graph.
fn places(nodes: u32, dice: &mut Dice) -> Vec<Endpoint> {
    (0..=dice.below(3)).map(|_| end(dice.below(nodes), dice.below(6))).collect()
}

fn sources_of(label: u32, places: &[Endpoint]) -> impl Iterator<Item = Source> + '_ {
    places.iter().map(move |place| source(place.node, place.offset, label))
}

#[test]
fn after_ten_thousand_changes_the_labels_are_those_of_a_new_search() {
    let mut dice = Dice(7);
    let town = town(36, &mut dice);
    let graph = town.graph();
    let nodes = graph.forward.nodes() as u32;
    let mut live = Live::new(graph, &[], None);
    for change in 0..10_000 {
        let label = dice.below(60);
        if dice.below(2) == 0 {
            live.add(graph, label, &places(nodes, &mut dice));
        } else {
            live.remove(graph, label);
        }
        if dice.below(20) == 0 {
            assert!(live.undo());
        }
        let sources: Vec<Source> = live.sources().collect();
        assert_eq!(*live.labels(), nearest(graph, &sources, None), "after change {change}");
    }
}

#[test]
fn a_thousand_targets_closed_and_opened_again_leave_every_label_as_it_was() {
    let mut dice = Dice(11);
    let town = town(100, &mut dice);
    let graph = town.graph();
    let targets: Vec<Vec<Endpoint>> = (0..1_000).map(|_| places(10_000, &mut dice)).collect();
    let sources: Vec<Source> =
        targets.iter().enumerate().flat_map(|(label, places)| sources_of(label as u32, places)).collect();
    let mut live = Live::new(graph, &sources, None);
    let before = live.labels().clone();
    for label in 0..1_000 {
        live.remove(graph, label);
    }
    assert_eq!(live.labels().iter().flatten().count(), 0, "none is left");
    for (label, places) in targets.iter().enumerate().rev() {
        live.add(graph, label as u32, places);
    }
    assert_eq!(*live.labels(), before);
    for _ in 0..2_000 {
        assert!(live.undo());
    }
    assert!(!live.undo(), "nothing is left to undo");
    assert_eq!(*live.labels(), before);
}

#[test]
fn undoing_everything_restores_every_state_in_between() {
    let mut dice = Dice(13);
    let town = town(40, &mut dice);
    let graph = town.graph();
    let mut live = Live::new(graph, &[source(3, 2, 1), source(800, 0, 2)], Some(60));
    let mut states = Vec::new();
    for _ in 0..200 {
        states.push((live.labels().clone(), live.sources().collect::<Vec<_>>()));
        let label = dice.below(12);
        if dice.below(3) > 0 {
            live.add(graph, label, &places(1600, &mut dice));
        } else {
            live.remove(graph, label);
        }
    }
    while let Some((labels, sources)) = states.pop() {
        assert!(live.undo());
        assert_eq!(*live.labels(), labels);
        assert!(live.sources().eq(sources));
    }
    assert!(!live.undo());
}

#[test]
fn a_change_names_the_nodes_that_moved_from_what_to_what() {
    let road = road(5, 10);
    let graph = road.graph();
    let mut live = Live::new(graph, &[source(0, 0, 1)], None);
    assert_eq!(live.add(graph, 2, &[end(4, 15)]), 2);
    let mut moved: Vec<_> = live.moved().map(|m| (m.node, m.before, m.after)).collect();
    moved.sort_unstable();
    assert_eq!(moved, [(3, Some((30, 1)), Some((25, 2))), (4, Some((40, 1)), Some((15, 2)))]);
    assert_eq!(live.remove(graph, 1), 3);
    assert_eq!(live.labels().get(0), Some((55, 2)));
    assert_eq!(live.remove(graph, 1), 0, "it is not there any more");
    assert!(live.undo() && live.undo());
    assert_eq!(live.labels().get(0), Some((0, 1)));
    live.forget();
    assert!(!live.undo());
    assert_eq!(live.remove(graph, 2), 2);
}

#[test]
fn an_addition_of_what_is_there_is_undone_without_loss() {
    let road = road(5, 10);
    let graph = road.graph();
    let mut live = Live::new(graph, &[source(0, 0, 1)], None);
    live.add(graph, 1, &[end(0, 0), end(4, 0), end(4, 0)]);
    assert!(live.undo());
    assert!(live.sources().eq([source(0, 0, 1)]));
    assert_eq!(live.labels().get(4), Some((40, 1)));
}

proptest! {
    #[test]
    fn any_changes_on_any_graph_end_where_a_new_search_does(
        arcs in vec((0..20u32, 0..20u32, prop_oneof![3 => 0..4u32, 1 => 8_000..9_000u32]), 0..60),
        limit in prop_oneof![Just(None), (0..20u32).prop_map(Some)],
        changes in vec((0..4u32, vec((0..20u32, 0..6u32), 0..3)), 0..30),
    ) {
        let arrays = GraphArrays::new(20, arcs);
        let graph = arrays.graph();
        let mut live = Live::new(graph, &[], limit);
        for (label, places) in changes {
            if places.is_empty() {
                live.remove(graph, label);
            } else {
                let places: Vec<Endpoint> = places.into_iter().map(|(node, o)| end(node, o)).collect();
                live.add(graph, label, &places);
            }
            let sources: Vec<Source> = live.sources().collect();
            prop_assert_eq!(live.labels(), &nearest(graph, &sources, limit));
        }
    }
}
