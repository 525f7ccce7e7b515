//! Access along roads, against a twin that asks for every way one by one.
#![expect(clippy::expect_used, reason = "tests")]

use std::collections::BTreeMap;

use access::{AccessSurface, Fit, Ground, Homes, Open, Question, RoadAccess, Travel, WeekTable, tie_venues};
use network::homes::homes;
use network::search::route::Router;
use network::{Method, Profile, RoadNetwork, Snap, Streets, crow_fly};
use plain::Town;
use proptest::prelude::*;
use territory::{
    Cell, CommuneIdx, Day, Grid, Inhabitants, Mode, Moment, OpeningHours, Place, PlaceIdx, Position, Road,
    RoadClass, Roads, TravelTime, Venue, VenueIdx,
};

/// A town with people in each of its cells and somewhere to go.
struct World {
    roads: Roads,
    profile: Profile,
    network: RoadNetwork,
    positions: BTreeMap<Cell, Vec<Position>>,
    grid: Grid,
    ground: Ground,
    homes: Homes,
}

impl World {
    fn of(town: &Town, cells: impl IntoIterator<Item = Cell>) -> Self {
        let roads = town.roads();
        let profile = Profile::of(Mode::Walk).expect("usable");
        let network = network::build(&Streets::of(&roads), &profile, "2025").expect("small enough");
        let mut cells: Vec<Cell> = cells.into_iter().collect();
        cells.sort_unstable();
        cells.dedup();
        let place = |cell| Place { cell, commune: CommuneIdx(0), population: Inhabitants(10) };
        let grid = Grid::new(cells.iter().copied().map(place).collect());
        let positions = homes(&roads, |_| true);
        let homes = Homes::tie(&network, &profile.snap, &positions, &grid, roads.extent());
        Self { roads, profile, network, positions, ground: Ground::of(&grid), grid, homes }
    }

    fn ties(&self, venues: &[Venue]) -> Vec<Option<Snap>> {
        tie_venues(&self.network, &self.profile.snap, venues, self.roads.extent())
    }

    fn access<'a>(&'a self, venues: &'a [Option<Snap>]) -> RoadAccess<'a> {
        RoadAccess { network: &self.network, homes: &self.homes, venues, top_kmh: self.profile.top_kmh() }
    }

    fn surface(&self, venues: &[Venue]) -> AccessSurface {
        self.asked(venues, &walking())
    }

    fn asked(&self, venues: &[Venue], question: &Question) -> AccessSurface {
        let ties = self.ties(venues);
        AccessSurface::route(&self.ground, venues, question, Fit::Fits, self.access(&ties))
    }

    /// By venue, the deciseconds of each cell in its catchment.
    fn catchments(&self, venues: &[Venue], limit: TravelTime) -> Vec<BTreeMap<u32, u32>> {
        let ties = self.ties(venues);
        let travel = Travel::routed(&self.ground, venues, Mode::Walk, self.access(&ties));
        let asked: Vec<VenueIdx> = (0..venues.len() as u32).map(VenueIdx).collect();
        let found = travel.catchments(&asked, limit);
        found.iter().map(|list| list.iter().map(|p| (p.cell, p.time.deciseconds())).collect()).collect()
    }

    fn snap(&self, at: Position) -> Option<Snap> {
        self.network.snap(at, &self.profile.snap)
    }

    /// The slow twin: every way from every home to every venue, then the median of the shortest.
    fn twin(&self, venues: &[Venue], cell: Cell) -> Option<(u32, usize)> {
        let mut router = Router::default();
        let at = self.positions.get(&cell).cloned().unwrap_or_else(|| vec![cell.centre()]);
        let mut shortest: Vec<Option<(u32, usize)>> = Vec::new();
        for home in at.into_iter().filter_map(|at| self.snap(at)) {
            let way = |(i, venue): (usize, &Venue)| {
                let to = self.snap(venue.position)?;
                Some((self.network.itinerary(&mut router, &home, &to, None)?.deciseconds.max(1), i))
            };
            shortest.push(venues.iter().enumerate().filter_map(way).min());
        }
        shortest.sort_by_key(|way| way.unwrap_or((u32::MAX, usize::MAX)));
        *shortest.get(shortest.len().checked_sub(1)? / 2)?
    }
}

fn walking() -> Question {
    Question { mode: Mode::Walk, ..Question::default() }
}

fn venue(id: usize, east: f64, north: f64) -> Venue {
    Venue::new(id.to_string(), format!("Venue {id}"), Town::at(east, north))
}

/// The cells under a town of some metres a side.
fn cells(side: f64) -> Vec<Cell> {
    let steps = (side / 200.0) as u32;
    let at = |i: u32, j: u32| Cell::at(Town::at(f64::from(i) * 200.0, f64::from(j) * 200.0));
    (0..=steps).flat_map(|i| (0..=steps).map(move |j| at(i, j))).collect()
}

fn reach(surface: &AccessSurface, place: u32) -> Option<(u32, usize)> {
    surface.reach(PlaceIdx(place)).map(|r| (r.time.deciseconds(), r.venue.0 as usize))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn every_cell_has_the_time_of_the_twin_that_asks_for_every_way(
        at in prop::collection::vec((0.0..2000.0f64, -200.0..2200.0f64), 1..5),
    ) {
        let world = World::of(&Town::lattice(21, 21), cells(2000.0));
        let venues: Vec<Venue> = at.iter().enumerate().map(|(i, &(x, y))| venue(i, x, y)).collect();
        let surface = world.surface(&venues);
        for (i, place) in world.grid.places().iter().enumerate() {
            prop_assert_eq!(reach(&surface, i as u32), world.twin(&venues, place.cell));
            prop_assert_eq!(surface.method_at(PlaceIdx(i as u32)), Method::Routed);
        }
    }

    #[test]
    fn one_more_venue_never_lengthens_a_time_along_roads(
        at in prop::collection::vec((0.0..2000.0f64, 0.0..2000.0f64), 2..6),
    ) {
        let world = World::of(&Town::lattice(21, 21), cells(2000.0));
        let venues: Vec<Venue> = at.iter().enumerate().map(|(i, &(x, y))| venue(i, x, y)).collect();
        let (all, fewer) = (world.surface(&venues), world.surface(&venues[1..]));
        for i in 0..world.grid.len() as u32 {
            prop_assert!(reach(&all, i).map(|r| r.0) <= reach(&fewer, i).map(|r| r.0));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_catchment_of_a_venue_is_what_the_surface_says_of_it_alone(
        at in prop::collection::vec((0.0..2000.0f64, -200.0..2200.0f64), 1..5), limit in 1u32..30_000,
    ) {
        let world = World::of(&Town::lattice(21, 21), cells(2000.0));
        let venues: Vec<Venue> = at.iter().enumerate().map(|(i, &(x, y))| venue(i, x, y)).collect();
        let limit = TravelTime::from_deciseconds(limit).expect("not 0");
        let catchments = world.catchments(&venues, limit);
        for (venue, found) in venues.iter().zip(&catchments) {
            let alone = world.surface(std::slice::from_ref(venue));
            let cells = 0..world.grid.len() as u32;
            let said = cells.filter_map(|i| Some((i, reach(&alone, i)?.0)));
            let said: BTreeMap<u32, u32> = said.filter(|(_, time)| *time <= limit.deciseconds()).collect();
            prop_assert_eq!(found, &said);
        }
        // Of several venues, half of the homes may be near one and half near another.
        let surface = world.surface(&venues);
        for cell in 0..world.grid.len() as u32 {
            let least = catchments.iter().filter_map(|found| found.get(&cell)).min().copied();
            let said = reach(&surface, cell).map(|(time, _)| time).filter(|t| *t <= limit.deciseconds());
            prop_assert!(said.unwrap_or(u32::MAX) <= least.unwrap_or(u32::MAX));
            if world.homes.of_cell(cell as usize).len() == 1 || venues.len() == 1 {
                prop_assert_eq!(said, least);
            }
        }
    }

    #[test]
    fn each_hour_along_roads_is_what_the_surface_of_that_hour_says(
        at in prop::collection::vec((-400.0..4300.0f64, 0.0..4000.0f64, 0u16..4, 1u16..4), 1..6),
        limit in 1u32..40_000, cut in any::<bool>(),
    ) {
        let mut town = Town::lattice(41, 41);
        if cut {
            town.cut([-5000.0, -5000.0, 4500.0, 9000.0]);
        }
        let world = World::of(&town, cells(4000.0));
        let open = |(i, &(x, y, opens, hours)): (usize, &(f64, f64, u16, u16))| Venue {
            hours: Some(OpeningHours::new([(opens * 60, (opens + hours) * 60)])),
            ..venue(i, x, y)
        };
        let venues: Vec<Venue> = at.iter().enumerate().map(open).collect();
        let (ties, limit) = (world.ties(&venues), TravelTime::from_deciseconds(limit).expect("not 0"));
        let table = WeekTable::route(&world.ground, &venues, &walking(), limit, world.access(&ties));
        for hour in 0..8 {
            let mut question = walking();
            question.filter.open = Moment::new(Day::Monday, hour * 60).map(Open::At);
            let surface = world.asked(&venues, &question);
            for place in (0..world.grid.len() as u32).map(PlaceIdx) {
                let within = surface.reach(place).is_some_and(|reach| reach.time <= limit);
                prop_assert_eq!(table.at(place).is_open(0, usize::from(hour)), within);
            }
        }
    }
}

#[test]
fn near_the_border_of_the_data_a_catchment_is_estimated_as_the_surface_is() {
    let mut town = Town::lattice(41, 41);
    town.cut([-5000.0, -5000.0, 4500.0, 9000.0]);
    let there = Cell::at(Town::at(20_000.0, 0.0));
    let world = World::of(&town, cells(4000.0).into_iter().chain([there]));
    let limit = TravelTime::from_deciseconds(40_000).expect("not 0");
    let venues = [venue(0, 3500.0, 2000.0), venue(1, 0.0, 2000.0), venue(2, 20_000.0, 300.0)];
    let (mut estimated, mut routed) = (0, 0);
    for (venue, found) in venues.iter().zip(world.catchments(&venues, limit)) {
        let alone = world.surface(std::slice::from_ref(venue));
        for cell in 0..world.grid.len() as u32 {
            let said = reach(&alone, cell).map(|(time, _)| time).filter(|t| *t <= limit.deciseconds());
            match (found.get(&cell), alone.method_at(PlaceIdx(cell))) {
                (Some(time), method) => {
                    assert_eq!(Some(*time), said);
                    *(if method == Method::Routed { &mut routed } else { &mut estimated }) += 1;
                }
                (None, Method::Routed) => assert_eq!(said, None),
                // Roads outside could change the answer, but not within the limit.
                (None, Method::Estimated) => {}
            }
        }
    }
    assert!(estimated > 2 && routed > 20, "{estimated} estimated, {routed} routed");
}

#[test]
fn an_island_has_people_and_no_time_and_that_is_routed() {
    let mut town = Town::lattice(21, 21);
    let island: Vec<u32> = (0..4).map(|i| town.point(8000.0 + f64::from(i) * 100.0, 0.0)).collect();
    town.road(Road::of(RoadClass::Residential), &island);
    let there = Cell::at(Town::at(8100.0, 0.0));
    let world = World::of(&town, [there]);
    let surface = world.surface(&[venue(0, 1000.0, 1000.0)]);
    assert_eq!((reach(&surface, 0), surface.method_at(PlaceIdx(0))), (None, Method::Routed));
    let served = world.surface(&[venue(0, 1000.0, 1000.0), venue(1, 8000.0, 0.0)]);
    assert!(reach(&served, 0).is_some_and(|(time, venue)| venue == 1 && time < 6000));
}

#[test]
fn a_cell_that_nears_the_border_of_the_data_before_any_venue_is_estimated() {
    let mut town = Town::lattice(41, 41);
    town.cut([-5000.0, -5000.0, 4500.0, 9000.0]);
    let world = World::of(&town, cells(4000.0));
    // The only venue is in the west; the margin of the data begins at the eastern streets.
    let surface = world.surface(&[venue(0, 0.0, 2000.0)]);
    let method = |east: f64| {
        let cell = Cell::at(Town::at(east, 2000.0));
        let place = world.grid.in_cell(cell).next().expect("a place");
        (surface.method_at(place), surface.reach(place).map(|r| r.time), cell)
    };
    assert_eq!(method(200.0).0, Method::Routed);
    let (east, time, cell) = method(3800.0);
    assert_eq!(east, Method::Estimated);
    let expected = crow_fly::travel_time(Mode::Walk, cell.centre().distance_to(Town::at(0.0, 2000.0)));
    assert_eq!(time, Some(expected));
}

#[test]
fn a_cell_outside_of_the_data_is_estimated() {
    let mut town = Town::lattice(21, 21);
    town.cut([-5000.0, -5000.0, 7000.0, 7000.0]);
    let world = World::of(&town, [Cell::at(Town::at(20_000.0, 0.0))]);
    assert_eq!(world.surface(&[venue(0, 0.0, 0.0)]).method_at(PlaceIdx(0)), Method::Estimated);
}

#[test]
fn a_venue_in_the_sea_is_tied_to_nothing_and_reached_by_nobody() {
    let world = World::of(&Town::lattice(21, 21), cells(2000.0));
    let surface = world.surface(&[venue(0, -9000.0, 0.0)]);
    assert!((0..world.grid.len() as u32).all(|i| reach(&surface, i).is_none()));
}

#[test]
fn the_nearest_from_a_door_are_those_that_every_way_gives() {
    let world = World::of(&Town::lattice(21, 21), cells(2000.0));
    let venues: Vec<Venue> = (0..8).map(|i| venue(i, 250.0 * i as f64, 1900.0 - 230.0 * i as f64)).collect();
    let ties = tie_venues(&world.network, &world.profile.snap, &venues, None);
    let roads = RoadAccess { network: &world.network, homes: &world.homes, venues: &ties, top_kmh: 5.1 };
    let from = world.snap(Town::at(730.0, 410.0)).expect("near a road");
    let all: Vec<_> = (0..8).map(territory::VenueIdx).collect();
    let longest = territory::TravelTime::from_deciseconds(72_000).expect("a time");
    let found = roads.nearest_from(&from, &all, 3, longest);
    let mut router = Router::default();
    let mut every: Vec<(u32, territory::VenueIdx)> = all
        .iter()
        .filter_map(|&venue| {
            let way = world.network.itinerary(&mut router, &from, ties[venue.0 as usize].as_ref()?, None)?;
            Some((way.deciseconds, venue))
        })
        .collect();
    every.sort_unstable();
    let found: Vec<_> = found.into_iter().map(|(time, venue)| (time.deciseconds(), venue)).collect();
    assert_eq!(found, every[..3]);
}
