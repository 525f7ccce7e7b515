use geo::{Coord, MultiPolygon, Rect};
use proptest::prelude::*;

use super::*;
use crate::gazetteer::{Commune, Departement, Region};
use crate::measure::Inhabitants;

/// A box west of Toulouse, `width` by 0.05 degrees.
fn shape(west: f64, width: f64) -> MultiPolygon {
    let corner = Coord { x: west, y: 43.5 };
    Rect::new(corner, corner + Coord { x: width, y: 0.05 }).to_polygon().into()
}

fn commune(code: &str, population: u32, shape: Option<MultiPolygon>) -> Commune {
    Commune {
        code: code.parse().expect(code),
        name: code.to_owned(),
        departement: "31".parse().expect("a département"),
        region: "76".parse().expect("a région"),
        epci: None,
        population: Inhabitants(population),
        town_hall: None,
        shape,
        host: None,
    }
}

/// Two neighbours of about 27 cells each; a commune smaller than a cell whose town hall is in the first
/// one; one on the second's cells; one that nothing places.
fn country(populations: [u32; 5]) -> Gazetteer {
    let [first, second, tiny, hosted, lost] = populations;
    let first = commune("31001", first, Some(shape(1.0, 0.05)));
    let at = Cell::cover(first.shape.as_ref().expect("a shape"))[5].centre();
    let communes = vec![
        first,
        commune("31002", second, Some(shape(1.05, 0.05))),
        Commune { town_hall: Some(at), ..commune("31003", tiny, None) },
        Commune { host: Some("31002".parse().expect("a code")), ..commune("31004", hosted, None) },
        commune("31005", lost, None),
    ];
    let departement = Departement { code: "31".parse().expect("31"), name: "Haute-Garonne".to_owned() };
    let region = Region { code: "76".parse().expect("76"), name: "Occitanie".to_owned() };
    Gazetteer::new(communes, Vec::new(), vec![departement], vec![region], Vec::new()).expect("a country")
}

fn cells(gazetteer: &Gazetteer, commune: usize) -> Vec<Cell> {
    Cell::cover(gazetteer.communes()[commune].shape.as_ref().expect("a shape"))
}

fn people(settlement: &Settlement, commune: u32) -> Vec<(Cell, u32)> {
    let of = settlement.grid.places().iter().filter(|place| place.commune == CommuneIdx(commune));
    of.map(|place| (place.cell, place.population.0)).filter(|(_, people)| *people > 0).collect()
}

#[test]
fn people_live_where_the_grid_counts_them() {
    let gazetteer = country([1000, 400, 30, 40, 7]);
    let (first, second) = (cells(&gazetteer, 0), cells(&gazetteer, 1));
    let headcount =
        Headcount::new([(first[0], 150.0), (first[9], 50.0), (second[3], 0.25)]).expect("a count");
    let settled = Grid::settle(&gazetteer, Some(&headcount));
    assert_eq!(people(&settled, 0), [(first[0], 750), (first[9], 250)]);
    assert_eq!(people(&settled, 1), [(second[3], 400)]);
    assert_eq!(people(&settled, 2), [(first[5], 30)], "too small for a cell of its own");
    assert_eq!(people(&settled, 3), [(second[3], 40)], "on the cells of its host");
    assert_eq!(settled.unplaced, [CommuneIdx(4)]);
    assert_eq!(settled.spread, Spread::Counted { modelled: Vec::new() });
}

#[test]
fn a_commune_where_nobody_is_counted_is_modelled_and_named() {
    let gazetteer = country([1000, 400, 30, 0, 7]);
    let headcount = Headcount::new([(cells(&gazetteer, 0)[0], 1.0)]).expect("a count");
    let settled = Grid::settle(&gazetteer, Some(&headcount));
    assert_eq!(settled.spread, Spread::Counted { modelled: vec![CommuneIdx(1)] });
    let model = Grid::settle(&gazetteer, None);
    assert_eq!(model.spread, Spread::Modelled);
    assert_eq!(people(&settled, 1), people(&model, 1));
    assert_ne!(people(&settled, 0), people(&model, 0));
    assert_eq!((model.unplaced, model.grid.len()), (settled.unplaced, settled.grid.len()));
}

#[test]
fn a_small_commune_in_a_neighbours_cell_does_not_count_for_the_neighbour() {
    let gazetteer = country([1000, 400, 30, 40, 7]);
    let first = cells(&gazetteer, 0);
    let headcount = Headcount::new([(first[5], 40.0), (first[0], 90.0)]).expect("a count");
    let settled = Grid::settle(&gazetteer, Some(&headcount));
    let mut expected = [(first[0], 900), (first[5], 100)];
    expected.sort_unstable();
    assert_eq!(people(&settled, 0), expected, "40 counted less the 30 of the small one");
    let headcount = Headcount::new([(first[5], 20.0)]).expect("a count");
    let Spread::Counted { modelled } = Grid::settle(&gazetteer, Some(&headcount)).spread else {
        unreachable!("a grid is given");
    };
    assert_eq!(modelled, [CommuneIdx(0), CommuneIdx(1), CommuneIdx(3)], "nobody is left to count");
}

proptest! {
    #[test]
    fn nobody_is_lost_whatever_is_counted(
        populations in prop::array::uniform5(0..2_000_000u32),
        counts in prop::collection::vec((0..80usize, prop_oneof![0.0..5e4f64, Just(0.0), Just(1e-300), Just(1e300)]), 0..60),
        given: bool,
    ) {
        let gazetteer = country(populations);
        let all: Vec<Cell> = [cells(&gazetteer, 0), cells(&gazetteer, 1)].concat();
        let counts = counts.into_iter().map(|(i, people)| (all[i % all.len()], people));
        let headcount = Headcount::new(counts).expect("counts");
        let settled = Grid::settle(&gazetteer, given.then_some(&headcount));
        for idx in gazetteer.commune_ids().filter(|idx| !settled.unplaced.contains(idx)) {
            let placed: u32 = people(&settled, idx.0).iter().map(|(_, people)| people).sum();
            prop_assert_eq!(placed, gazetteer.commune(idx).population.0);
        }
        prop_assert_eq!(settled.unplaced, [CommuneIdx(4)]);
    }
}
