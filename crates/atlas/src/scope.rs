//! «Périmètre»: whose people and which venues an inquiry is about.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use territory::{
    Area, AreaIndex, CommuneIdx, Extent, Gazetteer, Grid, Inhabitants, Perimeter, PlaceIdx, Territory, Venue,
    VenueIdx,
};

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;

/// What a perimeter holds.
///
/// Of communes, everyone and every venue. Of drawn ground, the places whose cell has its centre inside and
/// the venues inside: people are counted no finer than by place.
#[derive(Debug)]
pub(crate) struct Scope {
    /// The communes with someone inside, or wholly inside; sorted.
    communes: Vec<CommuneIdx>,
    /// The people inside, by commune of the atlas.
    people: Vec<Inhabitants>,
    /// Whether everyone of a commune is inside, by commune of the atlas.
    whole: Vec<bool>,
    /// The places inside, sorted.
    places: Vec<PlaceIdx>,
    inside: Vec<bool>,
    venues: Vec<bool>,
    drawn: Vec<Arc<Area>>,
}

impl Scope {
    /// What a perimeter holds of some ground; `located` is the commune of each venue.
    pub(crate) fn new(
        perimeter: &Perimeter,
        gazetteer: &Gazetteer,
        grid: &Grid,
        venues: &[Venue],
        located: &[Option<CommuneIdx>],
    ) -> Result<Self, AtlasError> {
        let drawn: Vec<Arc<Area>> = perimeter
            .territories()
            .filter_map(|territory| match territory {
                Territory::Drawn(area) => Some(area.clone()),
                _ => None,
            })
            .collect();
        let named = perimeter.territories().filter(|t| !matches!(t, Territory::Drawn(_))).cloned();
        let named = Perimeter::new(named);
        // Drawn ground alone is not everyone's.
        let members = if named.is_everyone() && !drawn.is_empty() {
            Vec::new()
        } else {
            gazetteer.resolve(&named).map_err(AtlasError::UnknownTerritory)?
        };
        let mut whole = vec![false; gazetteer.communes().len()];
        for member in &members {
            whole[member.0 as usize] = true;
        }
        let mut inside: Vec<bool> = grid.places().iter().map(|p| whole[p.commune.0 as usize]).collect();
        let mut held: Vec<bool> = located.iter().map(|c| c.is_some_and(|c| whole[c.0 as usize])).collect();
        for area in &drawn {
            let index = area.index();
            mark_places(&mut inside, grid, area, &index)?;
            for (venue, held) in venues.iter().zip(&mut held) {
                *held = *held || index.holds(venue.position);
            }
        }
        let mut people: BTreeMap<CommuneIdx, Inhabitants> = BTreeMap::new();
        let mut cut: BTreeSet<CommuneIdx> = BTreeSet::new();
        for (place, &inside) in grid.places().iter().zip(&inside).filter(|(p, _)| p.population.0 > 0) {
            if inside {
                *people.entry(place.commune).or_default() += place.population;
            } else {
                cut.insert(place.commune);
            }
        }
        for commune in people.keys().filter(|commune| !cut.contains(commune)) {
            whole[commune.0 as usize] = true;
        }
        let mut counted = vec![Inhabitants(0); whole.len()];
        for idx in gazetteer.commune_ids() {
            let all = whole[idx.0 as usize].then(|| gazetteer.commune(idx).population);
            counted[idx.0 as usize] = all.or_else(|| people.get(&idx).copied()).unwrap_or(Inhabitants(0));
        }
        Ok(Self {
            communes: gazetteer
                .commune_ids()
                .filter(|c| whole[c.0 as usize] || people.contains_key(c))
                .collect(),
            people: counted,
            whole,
            places: (0..inside.len()).filter(|&i| inside[i]).map(|i| PlaceIdx(i as u32)).collect(),
            inside,
            venues: held,
            drawn,
        })
    }

    /// The communes with someone inside, sorted.
    pub(crate) fn communes(&self) -> &[CommuneIdx] {
        &self.communes
    }

    /// Whether a commune has someone inside, or is wholly inside.
    pub(crate) fn touches(&self, commune: CommuneIdx) -> bool {
        self.whole[commune.0 as usize] || self.people[commune.0 as usize].0 > 0
    }

    /// How many of a commune's people are inside.
    pub(crate) fn people(&self, commune: CommuneIdx) -> Inhabitants {
        self.people[commune.0 as usize]
    }

    /// Whether everyone of a commune is inside.
    pub(crate) fn is_whole(&self, commune: CommuneIdx) -> bool {
        self.whole[commune.0 as usize]
    }

    /// Everyone inside.
    pub(crate) fn population(&self) -> Inhabitants {
        self.people.iter().copied().sum()
    }

    /// The places inside, sorted.
    pub(crate) fn places(&self) -> &[PlaceIdx] {
        &self.places
    }

    /// Whether a place is inside.
    pub(crate) fn holds(&self, place: PlaceIdx) -> bool {
        self.inside[place.0 as usize]
    }

    /// Whether a venue is inside.
    pub(crate) fn holds_venue(&self, venue: VenueIdx) -> bool {
        self.venues[venue.0 as usize]
    }

    /// The ground that was drawn.
    pub(crate) fn drawn(&self) -> &[Arc<Area>] {
        &self.drawn
    }

    /// Bytes it takes.
    pub(crate) fn bytes(&self) -> u64 {
        (self.communes.len() * 4 + self.people.len() * 5 + self.places.len() * 5 + self.venues.len() + 64)
            as u64
    }
}

/// Marks the places whose cell has its centre in an area; an area with nobody inside is refused.
fn mark_places(
    marked: &mut [bool],
    grid: &Grid,
    area: &Arc<Area>,
    index: &AreaIndex,
) -> Result<(), AtlasError> {
    let mut someone = false;
    let mut at = 0;
    for places in grid.places().chunk_by(|a, b| a.cell == b.cell) {
        if index.holds(places[0].cell.centre()) {
            marked[at..at + places.len()].fill(true);
            someone |= places.iter().any(|place| place.population.0 > 0);
        }
        at += places.len();
    }
    if someone { Ok(()) } else { Err(AtlasError::NobodyInside(area.extent())) }
}

impl Atlas {
    /// What the perimeter of an inquiry holds, worked out once and kept.
    pub(crate) fn scope(&self, inquiry: &Inquiry) -> Result<Arc<Scope>, AtlasError> {
        self.scopes.get_or_insert_with(&inquiry.perimeter, || {
            let (tables, perimeter) = (self.tables(), &inquiry.perimeter);
            let scope = Scope::new(
                perimeter,
                &tables.gazetteer,
                &tables.grid,
                &tables.venues,
                &tables.venue_communes,
            )?;
            Ok(Arc::new(scope))
        })
    }

    /// The places whose people the floor keeps, sorted.
    pub(crate) fn kept_places(&self, inquiry: &Inquiry, scope: &Scope) -> Vec<PlaceIdx> {
        let kept: Vec<bool> = self.gazetteer().commune_ids().map(|c| self.kept(inquiry, c)).collect();
        let kept = |place: &&PlaceIdx| kept[self.grid().place(**place).commune.0 as usize];
        scope.places().iter().filter(kept).copied().collect()
    }

    /// The box around a perimeter: around the shapes of its communes, of one that is cut around what was
    /// drawn.
    pub(crate) fn extent_of(&self, scope: &Scope) -> Option<Extent> {
        let whole = scope.communes().iter().filter(|&&c| scope.is_whole(c));
        let communes = whole.filter_map(|&c| self.extents[c.0 as usize]);
        communes.chain(scope.drawn().iter().filter_map(|area| area.extent())).reduce(Extent::union)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tests::plain_tables;
    use plain::Plain;

    fn atlas() -> Atlas {
        Atlas::new(plain_tables(6, 6), String::new())
    }

    fn drawn(west: f64, south: f64, east: f64, north: f64) -> Territory {
        let rectangle = geo::Rect::new((west, south), (east, north)).to_polygon();
        Territory::Drawn(Arc::new(Area::new(&rectangle.into()).expect("an area")))
    }

    fn asking(territories: impl IntoIterator<Item = Territory>) -> Inquiry {
        Inquiry { perimeter: Perimeter::new(territories), ..Inquiry::default() }
    }

    #[test]
    fn ground_drawn_around_everyone_answers_as_everyone_does() {
        let atlas = atlas();
        let all = atlas.diagnosis(&Inquiry::default()).expect("a diagnosis");
        let around = atlas.diagnosis(&asking([drawn(-170.0, -80.0, 170.0, 80.0)])).expect("a diagnosis");
        assert_eq!(around.answer, all.answer);
        assert_eq!(around.territory.population, all.territory.population);
        assert_eq!(around.zones, all.zones);
    }

    #[test]
    fn two_halves_drawn_sum_to_the_whole_and_their_union_is_the_whole() {
        let atlas = atlas();
        let all = atlas.scope(&Inquiry::default()).expect("a scope");
        let extent = atlas.extent_of(&all).expect("drawn");
        let [west, south, east, north] = extent.bbox();
        let middle = f64::midpoint(west, east) + 0.001;
        let (left, right) = (drawn(west, south, middle, north), drawn(middle, south, east, north));
        let people =
            |territories: Vec<Territory>| atlas.scope(&asking(territories)).expect("a scope").population().0;
        let (a, b) = (people(vec![left.clone()]), people(vec![right.clone()]));
        assert!(a > 0 && b > 0);
        assert_eq!(a + b, all.population().0);
        assert_eq!(people(vec![left.clone(), right]), all.population().0);
        // A commune already inside is not counted twice.
        let code = Plain::new(6, 6).code(0, 0);
        assert_eq!(people(vec![left, Territory::Commune(code)]), a);
    }

    #[test]
    fn ground_where_nobody_lives_is_refused() {
        let nobody = atlas().diagnosis(&asking([drawn(100.0, 10.0, 101.0, 11.0)]));
        assert!(matches!(nobody, Err(AtlasError::NobodyInside(_))), "{nobody:?}");
    }
}
