//! «D'ici, où aller?»: the venues nearest to a position, and the way there. «Qui vient ici?»: its isochrones.

use access::{AccessSurface, Fit, Question, RoadAccess};
use geo::{Geometry, MultiPolygon};
use network::isochrone::{Heading, outlines};
use network::itinerary::Itinerary;
use network::search::route::Router;
use network::{Method, crow_fly};
use serde::Serialize;
use serde_json::{Value as Json, json};
use territory::{Cell, Inhabitants, Minutes, Mode, Position, TravelTime, Venue, VenueIdx};

use crate::atlas::Atlas;
use crate::export::as_geojson;
use crate::field::round;

/// Venues near a position, the quickest first.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PointAccess {
    /// By which mode.
    pub mode: &'static str,
    /// Metres to the road one sets off from, straight; none where times are estimated or no road is near.
    pub road_distance_m: Option<f64>,
    /// The venues.
    pub venues: Vec<VenueAccess>,
}

/// A venue and how to get there.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct VenueAccess {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How long it takes.
    pub minutes: f64,
    /// `routed` or `estimated`.
    pub method: &'static str,
    /// The parts of the way: on foot to the road, along it, on foot from it; empty when estimated.
    pub legs: Vec<Leg>,
    /// The way along the roads as a GeoJSON `LineString`; null when estimated.
    #[schemars(schema_with = "crate::schema::optional_line")]
    pub route: Json,
}

/// A part of a way.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Leg {
    /// `walk`, or the mode.
    pub mode: &'static str,
    /// How long it takes.
    pub minutes: f64,
    /// How far it is: straight on foot to and from the road, else along the road.
    pub metres: f64,
}

/// The ground and the people within some minutes of a position.
#[derive(Debug, Clone, PartialEq)]
pub struct Isochrone {
    /// By which mode.
    pub mode: Mode,
    /// How many minutes.
    pub minutes: Minutes,
    /// The people of the atlas who come to it in that time.
    pub population: Inhabitants,
    /// Routed only if the time of everyone counted is.
    pub method: Method,
    /// The ground, x = longitude.
    pub outline: MultiPolygon,
}

impl Isochrone {
    /// As a GeoJSON feature.
    pub fn feature(&self) -> Json {
        json!({
            "type": "Feature",
            "properties": {
                "minutes": self.minutes.get(),
                "population": self.population.0,
                "mode": self.mode.slug(),
                "method": self.method.slug(),
            },
            "geometry": as_geojson(&Geometry::MultiPolygon(self.outline.clone())),
        })
    }
}

/// How the ground of an isochrone is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Outline {
    /// A line around the roads reached; a circle where times are estimated from the distance.
    #[default]
    Smooth,
    /// The inhabited cells reached, whole.
    Cells,
}

/// The longest way looked for.
const LONGEST: u32 = Minutes::MAX as u32 * 600;

impl Atlas {
    /// The `most` venues quickest to reach from a position, among those that fit a question, within two
    /// hours.
    ///
    /// Times are routed where the roads of the atlas settle them: a venue farther than the border of the
    /// data could be nearer by roads outside of it, and is estimated.
    pub fn access_from(&self, question: &Question, from: Position, most: usize) -> PointAccess {
        let ranked = (0..self.venues().len() as u32).map(VenueIdx);
        let fitting: Vec<VenueIdx> =
            ranked.filter(|&venue| question.filter.fit(self.venue(venue)) == Fit::Fits).collect();
        let mode = question.mode;
        let tied = self.roads(mode).and_then(|(roads, network)| {
            let snap = network.snap(from, &roads.snapping)?;
            Some((roads.over(network), snap))
        });
        let Some((roads, snap)) = tied else {
            let venues = self.estimated(mode, from, &fitting, most);
            return PointAccess { mode: mode.slug(), road_distance_m: None, venues };
        };
        let longest = TravelTime::from_deciseconds(LONGEST).unwrap_or(TravelTime::SHORTEST);
        let exit = roads.beyond(&snap, self.venues(), &fitting, longest);
        let near = roads.nearest_from(&snap, &fitting, most, longest);
        let sure = |time: TravelTime| exit.is_none_or(|exit| time <= exit);
        let mut router = Router::default();
        let settled = near.iter().filter(|near| sure(near.0));
        let mut venues: Vec<VenueAccess> =
            settled.filter_map(|&(_, venue)| self.way(roads, &mut router, &snap, venue)).collect();
        if exit.is_some() && venues.len() < most {
            let found: Vec<VenueIdx> = near.iter().filter(|near| sure(near.0)).map(|near| near.1).collect();
            let others: Vec<VenueIdx> = fitting.into_iter().filter(|venue| !found.contains(venue)).collect();
            venues.extend(self.estimated(mode, from, &others, most - venues.len()));
        }
        PointAccess { mode: mode.slug(), road_distance_m: Some(round(snap.distance.0, 0)), venues }
    }

    fn way(
        &self,
        roads: RoadAccess<'_>,
        router: &mut Router,
        from: &network::Snap,
        venue: VenueIdx,
    ) -> Option<VenueAccess> {
        let to = roads.venues.get(venue.0 as usize)?.as_ref()?;
        let way = roads.network.itinerary(router, from, to, None)?;
        let Itinerary { deciseconds, first_leg, last_leg, ride, path } = way;
        let on_road = deciseconds - first_leg.0 - last_leg.0;
        let leg = |mode, deciseconds: u32, metres: f64| Leg {
            mode,
            minutes: round(f64::from(deciseconds) / 600.0, 1),
            metres: round(metres, 0),
        };
        let line: geo::LineString = path.into_iter().map(Position::coord).collect();
        let Venue { id, name, .. } = self.venue(venue);
        Some(VenueAccess {
            id: id.clone(),
            name: name.clone(),
            minutes: round(f64::from(deciseconds) / 600.0, 1),
            method: Method::Routed.slug(),
            legs: vec![
                leg(Mode::Walk.slug(), first_leg.0, first_leg.1.0),
                leg(roads.network.mode().slug(), on_road, ride.0),
                leg(Mode::Walk.slug(), last_leg.0, last_leg.1.0),
            ],
            route: as_geojson(&Geometry::LineString(line)),
        })
    }

    /// The nearest as the crow flies.
    fn estimated(&self, mode: Mode, from: Position, venues: &[VenueIdx], most: usize) -> Vec<VenueAccess> {
        let time = |&venue: &VenueIdx| {
            (crow_fly::travel_time(mode, from.distance_to(self.venue(venue).position)), venue)
        };
        let mut times: Vec<(TravelTime, VenueIdx)> = venues.iter().map(time).collect();
        times.sort_unstable();
        times.retain(|(time, _)| time.deciseconds() <= LONGEST);
        times.truncate(most);
        let named = |(time, venue): (TravelTime, VenueIdx)| VenueAccess {
            id: self.venue(venue).id.clone(),
            name: self.venue(venue).name.clone(),
            minutes: round(time.minutes(), 1),
            method: Method::Estimated.slug(),
            legs: Vec::new(),
            route: Json::Null,
        };
        times.into_iter().map(named).collect()
    }

    /// The ground and the people within each of some minutes of a position, in their order.
    ///
    /// Where no road is near it is the inhabited cells, whose time is estimated.
    pub fn isochrones(
        &self,
        mode: Mode,
        to: Position,
        minutes: &[Minutes],
        outline: Outline,
    ) -> Vec<Isochrone> {
        let question = Question { mode, ..Question::default() };
        let target = [Venue::new("", "", to)];
        let roads = self.roads(mode);
        let snap = roads.and_then(|(roads, network)| network.snap(to, &roads.snapping));
        let surface = match roads {
            Some((roads, network)) => {
                let tied = RoadAccess { venues: &[snap], ..roads.over(network) };
                AccessSurface::route(self.ground(), &target, &question, Fit::Fits, tied)
            }
            None => AccessSurface::estimate_on(self.ground(), &target, &question, Fit::Fits),
        };
        let limits: Vec<TravelTime> = minutes.iter().map(|minutes| minutes.time()).collect();
        let drawn: Option<Vec<MultiPolygon>> = match (outline, roads, snap) {
            (Outline::Smooth, Some((roads, network)), Some(snap)) => {
                let longest = limits.iter().copied().max().unwrap_or(TravelTime::SHORTEST);
                let within = network.within(&snap, Heading::Towards, longest);
                Some(outlines(&within, &roads.snapping, &limits))
            }
            (Outline::Smooth, None, _) => {
                Some(limits.iter().map(|&limit| to.disc(crow_fly::reach(mode, limit)).into()).collect())
            }
            _ => None,
        };
        let isochrone = |(i, &minutes): (usize, &Minutes)| {
            let within = self.grid().iter().filter(|(idx, place)| {
                place.population.0 > 0 && surface.reach(*idx).is_some_and(|r| r.time <= minutes.time())
            });
            let places: Vec<_> = within.collect();
            let outline = match &drawn {
                Some(drawn) => drawn[i].clone(),
                None => Cell::dissolve(places.iter().map(|(_, place)| place.cell)),
            };
            Isochrone {
                mode,
                minutes,
                population: places.iter().map(|(_, place)| place.population).sum(),
                method: surface.method(self.grid(), places.iter().map(|(idx, _)| *idx)),
                outline,
            }
        };
        minutes.iter().enumerate().map(isochrone).collect()
    }
}
