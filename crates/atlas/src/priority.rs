//! «Zonages prioritaires»: what is inside, by set semantics: what is in two areas counts once.

use std::collections::{BTreeMap, BTreeSet};

use geo::{InteriorPoint, MultiPolygon};
use serde::{Deserialize, Serialize};
use territory::coverage::dissolve;
use territory::{
    Cell, CommuneIdx, Gazetteer, Inhabitants, Position, PriorityArea, PriorityKind, Venue, VenueIdx,
};

use crate::atlas::Atlas;
use crate::scope::Scope;

/// A priority area as an atlas keeps it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriorityTable {
    /// Which zoning.
    pub kind: PriorityKind,
    /// Its code; of a set of communes, the name of its kind.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The communes it is, or lies in, sorted.
    pub communes: Vec<CommuneIdx>,
    /// Whether it is these communes, whole: only then are its people known.
    pub whole: bool,
    /// Its shape; a hole is not inside.
    pub shape: MultiPolygon,
    /// The venues inside, sorted.
    pub venues: Vec<VenueIdx>,
}

/// What a perimeter has in its priority areas.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, schemars::JsonSchema)]
pub struct Priority {
    /// Venues that fit the question in any area, each once.
    pub venues_in_any: u32,
    /// The same by kind of zoning, each once in a kind.
    pub venues_by_kind: BTreeMap<&'static str, u32>,
    /// People by kind, of the zonings that are whole communes: nobody counts those of a quarter here.
    pub people_by_kind: BTreeMap<&'static str, u32>,
}

/// The areas on the communes and venues of a build, sorted by kind then code.
pub(crate) fn settle(
    areas: Vec<PriorityArea>,
    gazetteer: &Gazetteer,
    venues: &[Venue],
    venue_communes: &[Option<CommuneIdx>],
) -> Vec<PriorityTable> {
    let table = |area: PriorityArea| {
        let inside = |i: &usize| {
            let commune = venue_communes[*i].map(|c| gazetteer.commune(c).code);
            area.holds(venues[*i].position, commune)
        };
        let venues = (0..venues.len()).filter(inside).map(|i| VenueIdx(i as u32)).collect();
        let mut communes: Vec<CommuneIdx> =
            area.communes().iter().filter_map(|&code| gazetteer.find_commune(code)).collect();
        communes.sort_unstable();
        let kind = area.kind();
        match area {
            PriorityArea::Quarter { code, name, shape, .. } => {
                PriorityTable { kind, code: code.to_string(), name, communes, whole: false, shape, venues }
            }
            PriorityArea::Communes { .. } => {
                let shapes = communes.iter().filter_map(|&c| gazetteer.commune(c).shape.as_ref());
                let (code, name) = (kind.slug().to_uppercase(), kind.label().to_owned());
                PriorityTable { kind, code, name, shape: dissolve(shapes), communes, whole: true, venues }
            }
        }
    };
    let mut tables: Vec<PriorityTable> = areas.into_iter().map(table).collect();
    tables.sort_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
    tables
}

impl PriorityTable {
    /// The cell that a point inside lies in: where the access of a quarter, smaller than a cell, is told.
    pub(crate) fn inner_cell(&self) -> Option<Cell> {
        let point = self.shape.interior_point()?;
        Position::from_coord(point.into()).ok().map(Cell::at)
    }

    /// Whether some of its communes are in a perimeter.
    pub(crate) fn touches(&self, scope: &Scope) -> bool {
        self.communes.iter().any(|&commune| scope.touches(commune))
    }
}

impl Atlas {
    /// What a perimeter has in its priority areas; none when the atlas has no such area.
    pub(crate) fn priority(&self, scope: &Scope, fits: impl Fn(VenueIdx) -> bool) -> Option<Priority> {
        let areas = &self.tables().priority_areas;
        if areas.is_empty() {
            return None;
        }
        let ours = |venue: &VenueIdx| scope.holds_venue(*venue) && fits(*venue);
        let mut any: BTreeSet<VenueIdx> = BTreeSet::new();
        let mut venues: BTreeMap<PriorityKind, BTreeSet<VenueIdx>> = BTreeMap::new();
        let mut communes: BTreeMap<PriorityKind, BTreeSet<CommuneIdx>> = BTreeMap::new();
        for area in areas {
            let inside: Vec<VenueIdx> = area.venues.iter().copied().filter(|v| ours(v)).collect();
            any.extend(&inside);
            venues.entry(area.kind).or_default().extend(inside);
            if area.whole {
                let kept = area.communes.iter().filter(|&&c| scope.touches(c));
                communes.entry(area.kind).or_default().extend(kept);
            }
        }
        let people = |communes: BTreeSet<CommuneIdx>| -> u32 {
            communes.into_iter().map(|c| scope.people(c)).sum::<Inhabitants>().0
        };
        Some(Priority {
            venues_in_any: any.len() as u32,
            venues_by_kind: venues.into_iter().map(|(kind, set)| (kind.slug(), set.len() as u32)).collect(),
            people_by_kind: communes.into_iter().map(|(kind, set)| (kind.slug(), people(set))).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::AtlasError;
    use crate::build::{Materials, build};
    use crate::field::Value;
    use crate::inquiry::Inquiry;
    use crate::layer::Layer;
    use geo::Polygon;
    use plain::Plain;
    use proptest::prelude::*;

    const SIDE: u8 = 4;

    /// A plain of 4 × 4 communes, a venue in the middle of each, and areas over it.
    fn atlas(areas: Vec<PriorityArea>) -> Atlas {
        let plain = Plain::new(SIDE, SIDE);
        let tables = build(
            Materials {
                name: "Plaine".to_owned(),
                inputs: "0".to_owned(),
                sources: Vec::new(),
                gazetteer: plain.gazetteer(),
                headcount: None,
                venues: (0..SIDE).flat_map(|i| (0..SIDE).map(move |j| plain.venue(i, j))).collect(),
                social: BTreeMap::new(),
                rates: BTreeMap::new(),
                published: None,
                priority_areas: areas,
                venues_stop_at_edge: false,
            },
            |_| {},
        );
        Atlas::new(tables, "test".to_owned())
    }

    /// The ground of some communes as a quarter, drawn commune by commune.
    fn quarter(n: usize, ground: &[(u8, u8)]) -> PriorityArea {
        let gazetteer = Plain::new(SIDE, SIDE).gazetteer();
        let codes: BTreeSet<_> = ground.iter().map(|&(i, j)| Plain::new(SIDE, SIDE).code(i, j)).collect();
        let shapes = gazetteer.communes().iter().filter(|c| codes.contains(&c.code));
        let polygons: Vec<Polygon> = shapes.filter_map(|c| c.shape.clone()).flatten().collect();
        PriorityArea::Quarter {
            code: format!("QP{n:06}").parse().expect("a code"),
            name: format!("Quartier {n}"),
            shape: MultiPolygon::new(polygons),
            communes: codes.into_iter().collect(),
        }
    }

    fn rural(ground: &[(u8, u8)]) -> PriorityArea {
        let plain = Plain::new(SIDE, SIDE);
        let codes: BTreeSet<_> = ground.iter().map(|&(i, j)| plain.code(i, j)).collect();
        PriorityArea::Communes { kind: PriorityKind::Zrr, communes: codes.into_iter().collect() }
    }

    fn told(areas: Vec<PriorityArea>) -> Priority {
        let atlas = atlas(areas);
        let diagnosis = atlas.diagnosis(&Inquiry::default()).expect("a diagnosis");
        diagnosis.priority.expect("areas")
    }

    #[test]
    fn a_venue_in_a_quarter_and_in_a_rural_zoning_counts_once() {
        let priority = told(vec![rural(&[(0, 0), (1, 0)]), quarter(1, &[(1, 0)])]);
        assert_eq!(priority.venues_in_any, 2);
        assert_eq!(priority.venues_by_kind, BTreeMap::from([("qpv", 1), ("zrr", 2)]));
        assert_eq!(priority.people_by_kind.keys().copied().collect::<Vec<_>>(), ["zrr"]);
    }

    #[test]
    fn a_layer_without_data_says_which_source_is_missing() {
        let none = atlas(Vec::new());
        let error = none.table(Layer::PriorityAreas, &Inquiry::default()).err();
        assert_eq!(error, Some(AtlasError::NoSource(Layer::PriorityAreas)));
        assert!(!none.has(Layer::PriorityAreas) && none.has(Layer::Zones));
        assert_eq!(none.diagnosis(&Inquiry::default()).expect("a diagnosis").priority, None);
    }

    #[test]
    fn people_are_told_of_whole_communes_only_and_the_access_of_a_quarter_is_that_of_a_point_inside() {
        let atlas = atlas(vec![rural(&[(0, 0), (1, 0)]), quarter(1, &[(2, 2)])]);
        let table = atlas.table(Layer::PriorityAreas, &Inquiry::default()).expect("a table");
        assert_eq!(table.len(), 2);
        let value = |n: usize, name: &str| {
            let at = Layer::PriorityAreas.fields().iter().position(|field| field.name == name).expect(name);
            table.values(&atlas, n).swap_remove(at)
        };
        assert_eq!(value(0, "kind"), Value::Text("qpv".into()));
        assert_eq!((value(0, "population"), value(0, "beyond")), (Value::Null, Value::Null));
        assert_eq!(value(0, "access_basis"), Value::Text("inside-point".into()));
        assert!(matches!(value(0, "access_min"), Value::Float(minutes) if minutes < 10.0));
        let people = |i, j| {
            let code = Plain::new(SIDE, SIDE).code(i, j);
            let idx = atlas.gazetteer().find_commune(code).expect("a commune");
            i64::from(atlas.commune(idx).population.0)
        };
        assert_eq!(value(1, "population"), Value::Int(people(0, 0) + people(1, 0)));
        assert_eq!(value(1, "access_basis"), Value::Text("people".into()));
        assert_eq!((value(0, "venues"), value(1, "venues")), (Value::Int(1), Value::Int(2)));
        // Of an area, only what is in the perimeter.
        let code = Plain::new(SIDE, SIDE).code(1, 0);
        let one = Inquiry::parse(&format!("territory=commune:{code}")).expect("an inquiry");
        let table = atlas.table(Layer::PriorityAreas, &one).expect("a table");
        assert_eq!((table.len(), table.id(0)), (1, 2), "the quarter is elsewhere");
    }

    fn ground() -> impl Strategy<Value = Vec<(u8, u8)>> {
        prop::collection::vec((0..SIDE, 0..SIDE), 1..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn venues_in_any_are_no_more_than_the_sum_by_kind_and_as_many_where_kinds_are_apart(
            quarters in prop::collection::vec(ground(), 1..3), zrr in ground(),
        ) {
            let areas = quarters.iter().enumerate().map(|(n, ground)| quarter(n, ground));
            let priority = told(areas.chain([rural(&zrr)]).collect());
            let sum: u32 = priority.venues_by_kind.values().sum();
            let (one, other): (BTreeSet<_>, BTreeSet<_>) =
                (quarters.into_iter().flatten().collect(), zrr.into_iter().collect());
            prop_assert_eq!(priority.venues_in_any as usize, one.union(&other).count());
            prop_assert_eq!(priority.venues_by_kind["qpv"] as usize, one.len());
            prop_assert!(priority.venues_in_any <= sum);
            prop_assert_eq!(priority.venues_in_any == sum, one.is_disjoint(&other));
        }
    }
}
