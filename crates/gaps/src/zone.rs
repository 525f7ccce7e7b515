//! Underserved zones: where people beyond a promise live, joined, counted and explained.

use std::collections::BTreeMap;

use access::surface::Method;
use access::{AccessSurface, Criterion};
use territory::{Cell, CommuneIdx, Grid, Inhabitants, PlaceIdx, TravelTime, VenueIdx};

use crate::coverage::Crowd;
use crate::promise::Promise;

/// Why a promise is broken somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// No venue at all is in reach.
    None,
    /// One is, but not at this fee.
    Fee,
    /// One is, but closed then.
    Closed,
    /// One is, but gives another service.
    Service,
    /// One is, but for another public.
    Public,
    /// One is, but fails another criterion, or several at once.
    Other,
}

impl Reason {
    /// As written in answers.
    pub fn slug(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Fee => "fee",
            Self::Closed => "closed",
            Self::Service => "service",
            Self::Public => "public",
            Self::Other => "other",
        }
    }

    fn of(criterion: Criterion) -> Self {
        match criterion {
            Criterion::Fee => Self::Fee,
            Criterion::Open => Self::Closed,
            Criterion::Service => Self::Service,
            Criterion::Public => Self::Public,
            _ => Self::Other,
        }
    }
}

/// Surfaces that tell why: without any criterion, and without each of those asked.
pub struct Explanation<'a> {
    /// Access to any venue that receives the public.
    pub unfiltered: &'a AccessSurface,
    /// Access when one criterion is dropped.
    pub without: Vec<(Criterion, &'a AccessSurface)>,
}

impl Explanation<'_> {
    fn reason(&self, promise: &Promise, place: PlaceIdx) -> Reason {
        let kept = |surface: &AccessSurface| !promise.is_broken_for(surface.reach(place));
        if !kept(self.unfiltered) {
            return Reason::None;
        }
        let dropped = self.without.iter().find(|(_, surface)| kept(surface));
        dropped.map_or(Reason::Other, |(criterion, _)| Reason::of(*criterion))
    }
}

/// Inhabited cells beyond a promise that touch one another, or are one empty cell apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Its cells, the empty ones that bridge it among them, sorted.
    pub cells: Vec<Cell>,
    /// The places of the people counted, sorted.
    pub places: Vec<PlaceIdx>,
    /// The people beyond.
    pub population: Inhabitants,
    /// Of those, the fragile.
    pub fragile_population: Inhabitants,
    /// The time half of them do not exceed; none when half reach nothing.
    pub median: Option<TravelTime>,
    /// The longest time among them; none when nobody reaches anything.
    pub longest: Option<TravelTime>,
    /// The venue nearest to most of them.
    pub nearest: Option<VenueIdx>,
    /// Their communes, the one with most people first.
    pub communes: Vec<CommuneIdx>,
    /// Why, for most of them.
    pub reason: Reason,
    /// Routed only if every time is.
    pub method: Method,
}

/// The zones of the people counted, most people first, then by first cell.
///
/// `counted` are the places asked about, in order; Σ population over the zones is the number of people
/// beyond among them, exactly. `fragile` tells whether a place's people are.
pub fn zones(
    grid: &Grid,
    surface: &AccessSurface,
    promise: &Promise,
    counted: impl IntoIterator<Item = PlaceIdx>,
    fragile: impl Fn(PlaceIdx) -> bool,
    explanation: &Explanation<'_>,
) -> Vec<Zone> {
    let mut beyond: BTreeMap<Cell, Vec<PlaceIdx>> = BTreeMap::new();
    for idx in counted {
        let place = grid.place(idx);
        if place.population.0 > 0 && promise.is_broken_for(surface.reach(idx)) {
            beyond.entry(place.cell).or_default().push(idx);
        }
    }
    let cells: Vec<Cell> = beyond.keys().copied().collect();
    let mut zones: Vec<Zone> = join(grid, &cells)
        .into_iter()
        .map(|(inhabited, bridges)| {
            let places: Vec<PlaceIdx> =
                inhabited.iter().flat_map(|cell| beyond[cell].iter().copied()).collect();
            let mut cells = inhabited;
            cells.extend(bridges);
            cells.sort_unstable();
            describe(grid, surface, promise, cells, places, &fragile, explanation)
        })
        .collect();
    zones.sort_by(|a, b| b.population.cmp(&a.population).then(a.cells.cmp(&b.cells)));
    zones
}

fn describe(
    grid: &Grid,
    surface: &AccessSurface,
    promise: &Promise,
    cells: Vec<Cell>,
    places: Vec<PlaceIdx>,
    fragile: &impl Fn(PlaceIdx) -> bool,
    explanation: &Explanation<'_>,
) -> Zone {
    let people = |place: PlaceIdx| grid.place(place).population;
    let crowd = Crowd::gather(grid, surface, places.iter().copied());
    let communes = by_people(places.iter().map(|&p| (grid.place(p).commune, people(p))));
    let nearest = by_people(places.iter().filter_map(|&p| Some((surface.reach(p)?.venue, people(p)))));
    let reasons = by_people(places.iter().map(|&p| (explanation.reason(promise, p), people(p))));
    Zone {
        population: crowd.population(),
        fragile_population: places.iter().filter(|&&p| fragile(p)).map(|&p| people(p)).sum(),
        median: crowd.quantile(0.5),
        longest: crowd.longest(),
        nearest: nearest.first().copied(),
        communes,
        reason: reasons.first().copied().unwrap_or(Reason::None),
        method: surface.method(grid, places.iter().copied()),
        cells,
        places,
    }
}

/// Keys by decreasing number of people, then by their own order.
fn by_people<K: Ord + Copy>(counts: impl IntoIterator<Item = (K, Inhabitants)>) -> Vec<K> {
    let mut sums: BTreeMap<K, Inhabitants> = BTreeMap::new();
    for (key, people) in counts {
        *sums.entry(key).or_default() += people;
    }
    let mut sums: Vec<(K, Inhabitants)> = sums.into_iter().collect();
    sums.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    sums.into_iter().map(|(key, _)| key).collect()
}

/// Groups sorted cells into (cells, bridges): adjacent ones, then groups that one empty cell of the
/// grid separates, which becomes their bridge.
fn join(grid: &Grid, cells: &[Cell]) -> Vec<(Vec<Cell>, Vec<Cell>)> {
    let position = |cell: &Cell| cells.binary_search(cell).ok();
    let mut groups = Groups::new(cells.len());
    let mut around: Vec<Cell> = Vec::new();
    for (i, cell) in cells.iter().enumerate() {
        for neighbour in cell.neighbours() {
            match position(&neighbour) {
                Some(j) => groups.join(i, j),
                None => around.push(neighbour),
            }
        }
    }
    around.sort_unstable();
    around.dedup();
    // Bridges are judged on the groups of touching cells alone, so that their order is indifferent.
    let touching: Vec<usize> = (0..cells.len()).map(|i| groups.of(i)).collect();
    let mut bridges = Vec::new();
    for bridge in around.into_iter().filter(|&cell| is_empty(grid, cell)) {
        let mut shores: Vec<usize> =
            bridge.neighbours().iter().filter_map(position).map(|i| touching[i]).collect();
        shores.sort_unstable();
        shores.dedup();
        if let [first, others @ ..] = shores.as_slice()
            && !others.is_empty()
        {
            for &other in others {
                groups.join(*first, other);
            }
            bridges.push((bridge, *first));
        }
    }
    let mut joined: BTreeMap<usize, (Vec<Cell>, Vec<Cell>)> = BTreeMap::new();
    for (i, &cell) in cells.iter().enumerate() {
        joined.entry(groups.of(i)).or_default().0.push(cell);
    }
    for (bridge, shore) in bridges {
        joined.entry(groups.of(shore)).or_default().1.push(bridge);
    }
    joined.into_values().collect()
}

/// Whether a cell is in the grid and nobody lives there: what lies outside is not known to be empty.
fn is_empty(grid: &Grid, cell: Cell) -> bool {
    let mut places = grid.in_cell(cell).peekable();
    places.peek().is_some() && places.all(|p| grid.place(p).population.0 == 0)
}

/// Disjoint sets; the smallest member names its set.
struct Groups(Vec<usize>);

impl Groups {
    fn new(n: usize) -> Self {
        Self((0..n).collect())
    }

    fn of(&mut self, i: usize) -> usize {
        let mut root = i;
        while self.0[root] != root {
            self.0[root] = self.0[self.0[root]];
            root = self.0[root];
        }
        root
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.of(a), self.of(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use access::{Fit, Question};
    use territory::vocabulary::{Fee, Terms};
    use territory::{Place, Position, Venue};

    fn cell(lon: f64, lat: f64) -> Cell {
        Cell::at(Position::from_lon_lat(lon, lat).expect("on Earth"))
    }

    fn grid(cells: &[(Cell, u32)]) -> Grid {
        let place = |&(cell, people)| Place { cell, commune: CommuneIdx(0), population: Inhabitants(people) };
        Grid::new(cells.iter().map(place).collect())
    }

    fn zones_of(grid: &Grid, venues: &[Venue], promise: &Promise) -> Vec<Zone> {
        let surface = AccessSurface::estimate(grid, venues, &promise.question, Fit::Fits);
        let unfiltered = AccessSurface::estimate(grid, venues, &Question::default(), Fit::Fits);
        let without: Vec<(Criterion, AccessSurface)> = promise
            .question
            .filter
            .asked()
            .map(|c| {
                let mut question = promise.question.clone();
                question.filter = question.filter.without(c);
                (c, AccessSurface::estimate(grid, venues, &question, Fit::Fits))
            })
            .collect();
        let without = without.iter().map(|(c, s)| (*c, s)).collect();
        let explanation = Explanation { unfiltered: &unfiltered, without };
        zones(grid, &surface, promise, grid.iter().map(|(i, _)| i), |_| true, &explanation)
    }

    #[test]
    fn one_empty_cell_is_bridged_and_two_are_not() {
        // A straight line of cells, found by walking through opposite neighbours.
        let mut line = vec![cell(4.8, 45.7)];
        let mut next = line[0].neighbours()[0];
        while line.len() < 8 {
            let (last, current) = (line[line.len() - 1], next);
            let away = current.neighbours().into_iter().max_by(|a, b| {
                let far = |c: &Cell| c.centre().distance_to(last.centre()).0;
                far(a).total_cmp(&far(b))
            });
            line.push(current);
            next = away.expect("six neighbours");
        }
        let people = |inhabited: &[usize]| -> Vec<(Cell, u32)> {
            line.iter().enumerate().map(|(i, &c)| (c, u32::from(inhabited.contains(&i)))).collect()
        };
        let bridged = zones_of(&grid(&people(&[0, 2, 3])), &[], &Promise::default());
        assert_eq!(bridged.iter().map(|z| (z.cells.len(), z.population.0)).collect::<Vec<_>>(), [(4, 3)]);
        let apart = zones_of(&grid(&people(&[0, 3])), &[], &Promise::default());
        assert_eq!(apart.len(), 2);
    }

    #[test]
    fn the_people_of_the_zones_are_those_beyond() {
        let centre = cell(4.8, 45.7);
        let mut people: Vec<(Cell, u32)> = vec![(centre, 7)];
        people.extend(centre.neighbours().into_iter().map(|c| (c, 11)));
        people.push((cell(6.0, 45.0), 5));
        let venue = Venue::new("1", "Maison", centre.centre());
        let zones = zones_of(&grid(&people), &[venue], &Promise::default());
        assert_eq!(zones.iter().map(|z| z.population.0).sum::<u32>(), 5, "only the far cell is beyond");
        assert_eq!(zones[0].reason, Reason::None);
        assert!(zones[0].median.is_some() && zones[0].nearest == Some(VenueIdx(0)));
    }

    #[test]
    fn the_reason_names_the_one_criterion_that_a_venue_in_reach_fails() {
        let centre = cell(4.8, 45.7);
        let mut venue = Venue::new("1", "Maison", centre.centre());
        venue.fees.insert(Fee::Paid);
        let mut promise = Promise::default();
        promise.question.filter.fees = Terms::from_iter([Fee::Free]);
        let zones = zones_of(&grid(&[(centre, 3)]), &[venue], &promise);
        assert_eq!(zones[0].reason, Reason::Fee);
    }
}
