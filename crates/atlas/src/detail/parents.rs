//! H3 parents: where people are counted together from afar, their figures computed as an area's are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use geo::Geometry;
use territory::{Cell, CommuneIdx, Inhabitants, ParentCell, PlaceIdx};

use crate::atlas::{Atlas, AtlasError};
use crate::figures::Survey;
use crate::geometry::Shapes;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::record::{Area, Fitting, LayerTable, Records};
use crate::scope::Scope;
use crate::shapes::{LARGE_CUTS, ShapeSet};

/// The parents of the inhabited cells of an atlas, of one resolution.
pub(crate) struct Parents {
    /// The identifier of the first: past those of cells, and of finer parents.
    pub(crate) first_id: u64,
    generations: u8,
    families: Vec<Family>,
    shapes: Arc<ShapeSet>,
}

/// A parent and the ranks of the places of its cells, which follow one another.
struct Family {
    cell: ParentCell,
    places: Range<u32>,
}

/// What is told of a parent.
pub(crate) struct ParentArea {
    pub(crate) area: Area,
    /// The commune with most of its people inside the perimeter.
    pub(crate) home: CommuneIdx,
}

impl Parents {
    fn of(atlas: &Atlas, generations: u8) -> Self {
        let kin = |a: &Cell, b: &Cell| a.is_kin(*b, generations);
        let finer = (1..generations).map(|finer| count(&atlas.cells, finer)).sum::<usize>();
        let places = atlas.grid().places();
        let families: Vec<Family> = atlas
            .cells
            .chunk_by(kin)
            .map(|cells| {
                let (first, last) = (cells[0], cells[cells.len() - 1]);
                let from = places.partition_point(|place| place.cell < first) as u32;
                let to = places.partition_point(|place| place.cell <= last) as u32;
                Family { cell: first.parent(generations), places: from..to }
            })
            .collect();
        let outlines = families.iter().map(|family| Geometry::Polygon(family.cell.boundary()));
        let shapes = Arc::new(ShapeSet::new(outlines.collect(), LARGE_CUTS));
        Self { first_id: (atlas.cells.len() + finer) as u64 + 1, generations, families, shapes }
    }

    /// The index of a parent, by row.
    pub(crate) fn code(&self, row: usize) -> String {
        self.families[row].cell.to_string()
    }
}

fn count(cells: &[Cell], generations: u8) -> usize {
    cells.chunk_by(|a, b| a.is_kin(*b, generations)).count()
}

impl Atlas {
    fn parents(&self, generations: u8) -> Arc<Parents> {
        let make = || Arc::new(Parents::of(self, generations));
        let slot = self.details.parents.get(usize::from(generations.saturating_sub(1)));
        slot.map_or_else(make, |slot| slot.get_or_init(make).clone())
    }

    /// The inhabited parents of the perimeter, each with the people of its cells that are inside.
    pub(super) fn parent_table(&self, generations: u8, inquiry: &Inquiry) -> Result<LayerTable, AtlasError> {
        let parents = self.parents(generations);
        let areas = self.with_survey(Layer::Cells, inquiry, |survey, scope, fitting| {
            self.parent_areas(&parents, survey, scope, fitting)
        })?;
        let (rows, areas) = areas.into_iter().unzip();
        let shapes = Shapes::Layer(parents.shapes.clone());
        Ok(LayerTable { layer: Layer::Cells, shapes, rows, records: Records::Parents(parents, areas) })
    }

    fn parent_areas(
        &self,
        parents: &Parents,
        survey: &Survey<'_>,
        scope: &Scope,
        fitting: &Fitting,
    ) -> Vec<(u32, ParentArea)> {
        let parent_of = |cell: Cell| cell.parent(parents.generations);
        let mut occupied: Vec<ParentCell> =
            fitting.iter().map(|&(venue, _)| parent_of(Cell::at(self.venue(venue).position))).collect();
        occupied.sort_unstable();
        let area = |(row, family): (usize, &Family)| {
            let inside = family.places.clone().map(PlaceIdx).filter(|&place| scope.holds(place));
            let figures = survey.figures(inside.clone());
            if figures.population.0 == 0 {
                return None;
            }
            let mut people: BTreeMap<CommuneIdx, Inhabitants> = BTreeMap::new();
            for place in inside.map(|place| self.grid().place(place)) {
                *people.entry(place.commune).or_default() += place.population;
            }
            // The first commune among those with most people.
            let home = people.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)))?.0;
            let after = occupied.partition_point(|cell| *cell <= family.cell);
            let venues = (after - occupied.partition_point(|cell| *cell < family.cell)) as u32;
            Some((row as u32, ParentArea { area: Area { figures, venues }, home }))
        };
        parents.families.iter().enumerate().filter_map(area).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Value;
    use crate::tables::tests::plain_tables;
    use std::collections::BTreeSet;

    /// A column of what is drawn at a zoom, by identifier.
    fn column(atlas: &Atlas, zoom: u8, query: &str, name: &str) -> Vec<(u64, Value<'static>)> {
        let table =
            atlas.tile_table(Layer::Cells, zoom, &Inquiry::parse(query).expect(query)).expect("a table");
        let at = Layer::Cells.fields().iter().position(|field| field.name == name).expect(name);
        let value = |n| match table.values(atlas, n).swap_remove(at) {
            Value::Text(text) => Value::Text(text.into_owned().into()),
            Value::Int(number) => Value::Int(number),
            Value::Float(number) => Value::Float(number),
            _ => Value::Null,
        };
        (0..table.len()).map(|n| (table.id(n), value(n))).collect()
    }

    fn total(column: &[(u64, Value<'static>)]) -> i64 {
        column.iter().map(|(_, value)| if let Value::Int(n) = value { *n } else { 0 }).sum()
    }

    #[test]
    fn parents_count_the_same_people_as_cells_at_every_zoom_and_question() {
        let atlas = Atlas::new(plain_tables(12, 9), String::new());
        for query in ["", "minutes=5", "mode=walk&minutes=5", "fragility_min=5"] {
            for name in ["population", "beyond"] {
                let cells = total(&column(&atlas, 9, query, name));
                for zoom in 6..9 {
                    assert_eq!(
                        total(&column(&atlas, zoom, query, name)),
                        cells,
                        "{name} {query} zoom {zoom}"
                    );
                }
            }
        }
        assert_eq!(total(&column(&atlas, 6, "", "population")), i64::from(atlas.population().0));
    }

    #[test]
    fn a_parent_holds_only_the_people_of_the_perimeter_and_is_named_after_them() {
        let atlas = Atlas::new(plain_tables(12, 9), String::new());
        let commune = &atlas.gazetteer().communes()[40];
        let query = format!("territory=commune:{}", commune.code);
        for zoom in 6..=9 {
            let people = column(&atlas, zoom, &query, "population");
            assert_eq!(total(&people), i64::from(commune.population.0), "zoom {zoom}");
            let homes = column(&atlas, zoom, &query, "commune");
            if zoom < 9 {
                let code = Value::Text(commune.code.to_string().into());
                assert!(homes.iter().all(|(_, home)| *home == code), "{homes:?}");
            }
        }
    }

    #[test]
    fn identifiers_of_parents_are_dense_and_those_of_no_cell() {
        let atlas = Atlas::new(plain_tables(12, 9), String::new());
        let ids: Vec<u64> = [9, 8, 7, 6]
            .into_iter()
            .flat_map(|zoom| column(&atlas, zoom, "", "code").into_iter().map(|(id, _)| id))
            .collect();
        let distinct: BTreeSet<u64> = ids.iter().copied().collect();
        assert_eq!(distinct.len(), ids.len());
        assert_eq!(
            distinct.last().copied(),
            Some(ids.len() as u64),
            "all are inhabited, and none is skipped"
        );
        let n_features = [6, 7, 8, 9].map(|zoom| column(&atlas, zoom, "", "code").len());
        assert!(n_features.is_sorted_by(|few, many| few < many), "{n_features:?}");
    }

    #[test]
    fn the_median_of_a_parent_is_that_of_its_people_not_of_its_cells() {
        let atlas = Atlas::new(plain_tables(12, 9), String::new());
        let inquiry = Inquiry::default();
        let cells = atlas.table(Layer::Cells, &inquiry).expect("cells");
        let at = |name: &str| Layer::Cells.fields().iter().position(|f| f.name == name).expect(name);
        let parents = atlas.tile_table(Layer::Cells, 7, &inquiry).expect("parents");
        for n in 0..parents.len() {
            let values = parents.values(&atlas, n);
            let code = &values[at("code")];
            // Everyone's time, one by one.
            let mut times: Vec<f64> = Vec::new();
            for cell in 0..cells.len() {
                let values = cells.values(&atlas, cell);
                let Value::Text(own) = &values[at("code")] else { continue };
                let parent = own.parse::<Cell>().expect("a cell").parent(2).to_string();
                if *code == Value::Text(parent.into())
                    && let (Value::Int(people), Value::Float(time)) =
                        (&values[at("population")], &values[at("access_min")])
                {
                    times.extend(std::iter::repeat_n(*time, usize::try_from(*people).expect("people")));
                }
            }
            times.sort_by(f64::total_cmp);
            let median = times.get(times.len().div_ceil(2).wrapping_sub(1)).copied();
            assert_eq!(values[at("access_min")], Value::rounded(median, 1), "{code:?}");
        }
    }
}
