//! «Isochrone»: the ground from which a position is reached within some minutes, or that is reached from
//! it.

use contour::ContourBuilder;
use geo::MultiPolygon;
use territory::{Extent, FixedPosition, Meters, Position, TravelTime};

use crate::road_network::{EdgeIdx, RoadNetwork};
use crate::search::Endpoint;
use crate::search::catchment::{Catchment, Visit};
use crate::snap::{Snap, Snapping};
use crate::square::Plane;

/// Which way one travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heading {
    /// To the position: who reaches it.
    Towards,
    /// From it: what one reaches.
    Away,
}

/// A point of a road and how far it is, deciseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reached {
    /// Where.
    pub position: Position,
    /// How long.
    pub deciseconds: u32,
}

/// How far apart points of a road are that an outline is drawn from.
const STEP: Meters = Meters(100.0);

/// How far from a road its surroundings are taken to be within reach, at most: beyond, one would look for
/// another road.
const REACH_OFF_ROAD: Meters = Meters(400.0);

/// Sides of the raster an outline is drawn from, at most.
const MOST_PIXELS: usize = 600;

impl RoadNetwork {
    /// The points of roads within `limit`, some 100 m apart.
    pub fn within(&self, snap: &Snap, heading: Heading, limit: TravelTime) -> Vec<Reached> {
        let endpoint = |(node, offset)| Endpoint { node, offset };
        let graph = self.graph();
        let limit = limit.deciseconds();
        let (arcs, ends): (_, Vec<Endpoint>) = match heading {
            Heading::Towards => (graph.backward, self.arrivals(snap).map(endpoint).collect()),
            Heading::Away => (graph.forward, self.departures(snap).map(endpoint).collect()),
        };
        let mut catchment = Catchment::default();
        let mut reached: Vec<Reached> = Vec::new();
        if let Some(position) = self.foot(snap) {
            reached.push(Reached { position, deciseconds: snap.leg });
        }
        // Its own road both ways, which may be long without a node.
        let [forward, backward] = self.edge(snap.edge).times;
        let [onward, back] = if heading == Heading::Away { [forward, backward] } else { [backward, forward] };
        let foot = f64::from(snap.along) / f64::from(Snap::WHOLE);
        self.along(snap.edge, true, |share, position| {
            let Some(time) = (if share >= foot { onward } else { back }) else { return };
            let here = snap.leg.saturating_add((f64::from(time) * (share - foot).abs()) as u32);
            if here <= limit {
                reached.push(Reached { position, deciseconds: here });
            }
        });
        for &Visit { node, deciseconds } in catchment.within(arcs, &ends, limit) {
            for &[other, time] in arcs.of(node) {
                let (tail, head) = if heading == Heading::Towards { (other, node) } else { (node, other) };
                let Some((edge, drawn_so)) = self.arc_between(tail, head) else { continue };
                // From the end that is nearer the position to the other.
                let from_first = drawn_so == (heading == Heading::Away);
                self.along(edge, from_first, |share, position| {
                    let here = deciseconds.saturating_add((f64::from(time) * share) as u32);
                    if here <= limit {
                        reached.push(Reached { position, deciseconds: here });
                    }
                });
            }
        }
        reached
    }

    fn arc_between(&self, tail: u32, head: u32) -> Option<(EdgeIdx, bool)> {
        let forward = self.graph().forward;
        let arc = forward.of(tail).binary_search_by_key(&head, |&[head, _]| head).ok()?;
        self.edge_of_arc(forward.first[tail as usize] as usize + arc)
    }

    /// Points along an edge with their share of its length, both ends included.
    fn along(&self, edge: EdgeIdx, from_first: bool, mut visit: impl FnMut(f64, Position)) {
        let mut shape: Vec<Position> = self.shape(edge).map(FixedPosition::position).collect();
        if !from_first {
            shape.reverse();
        }
        let lengths: Vec<f64> = shape.windows(2).map(|pair| pair[0].distance_to(pair[1]).0).collect();
        let whole = lengths.iter().sum::<f64>().max(1e-9);
        let mut before = 0.0;
        for (pair, length) in shape.windows(2).zip(lengths) {
            let steps = (length / STEP.0).ceil().max(1.0);
            for i in 0..=steps as u32 {
                let part = f64::from(i) / steps;
                let between = |a: f64, b: f64| a + (b - a) * part;
                let lat = between(pair[0].lat(), pair[1].lat());
                if let Ok(at) = Position::from_lon_lat(between(pair[0].lon(), pair[1].lon()), lat) {
                    visit((before + length * part) / whole, at);
                }
            }
            before += length;
        }
    }
}

/// The outlines of what is reached within each of some limits, in their order, x = longitude. One goes
/// from the road on foot, 400 m at most.
///
/// Drawn on a raster of at most 600 pixels a side, of 50 m or more, so an outline is good to a pixel.
pub fn outlines(reached: &[Reached], snapping: &Snapping, limits: &[TravelTime]) -> Vec<MultiPolygon> {
    let nothing = || limits.iter().map(|_| MultiPolygon::new(Vec::new())).collect();
    let Some(raster) = Raster::around(reached) else { return nothing() };
    let longest = limits.iter().map(|limit| limit.deciseconds()).max().unwrap_or(0);
    let values = raster.times(reached, snapping, longest);
    let thresholds: Vec<f64> = limits.iter().map(|limit| -f64::from(limit.deciseconds())).collect();
    let [west, south, _, _] = raster.extent.bbox();
    let builder = ContourBuilder::new(raster.columns, raster.rows, true)
        .x_origin(west)
        .y_origin(south)
        .x_step(raster.lon_step)
        .y_step(raster.lat_step);
    match builder.contours(&values, &thresholds) {
        Ok(contours) => contours.into_iter().map(|contour| contour.into_inner().0).collect(),
        Err(_) => nothing(),
    }
}

struct Raster {
    extent: Extent,
    columns: usize,
    rows: usize,
    lon_step: f64,
    lat_step: f64,
    pixel: Meters,
}

impl Raster {
    fn around(reached: &[Reached]) -> Option<Self> {
        let extent = Extent::of_coords(reached.iter().map(|r| r.position.coord()))?;
        let metre = 1.0 / Plane::around(extent.centre()).metres_in_degree()[1];
        let metre_east = 1.0 / Plane::around(extent.centre()).metres_in_degree()[0];
        let margin = REACH_OFF_ROAD.0 * 1.5;
        let [west, south, east, north] = extent.bbox();
        let at = |lon: f64, lat: f64| Position::from_lon_lat(lon, lat).ok();
        let extent = Extent::new(
            at(west - margin * metre_east, south - margin * metre)?,
            at(east + margin * metre_east, north + margin * metre)?,
        )?;
        let [west, south, east, north] = extent.bbox();
        let (wide, high) = ((east - west) / metre_east, (north - south) / metre);
        let pixel = (wide.max(high) / MOST_PIXELS as f64).max(50.0);
        let pixels = |length: f64| ((length / pixel).ceil() as usize).max(2);
        Some(Self {
            extent,
            columns: pixels(wide),
            rows: pixels(high),
            lon_step: pixel * metre_east,
            lat_step: pixel * metre,
            pixel: Meters(pixel),
        })
    }

    /// Minus the deciseconds to each pixel, row after row from the south: what is reached is what is high.
    fn times(&self, reached: &[Reached], snapping: &Snapping, longest: u32) -> Vec<f64> {
        // What is not reached is just too far, so that an outline is drawn half-way to it.
        let too_far = f64::from(longest) + f64::from(snapping.leg(self.pixel)).max(1.0);
        let mut times = vec![-too_far; self.columns * self.rows];
        let [west, south, _, _] = self.extent.bbox();
        for Reached { position, deciseconds } in reached {
            let x = (position.lon() - west) / self.lon_step;
            let y = (position.lat() - south) / self.lat_step;
            let pixels = (REACH_OFF_ROAD.0 / self.pixel.0).ceil();
            let span = |at: f64, most: usize| {
                (at - pixels).max(0.0) as usize..=((at + pixels) as usize).min(most.saturating_sub(1))
            };
            for row in span(y, self.rows) {
                for column in span(x, self.columns) {
                    let (dx, dy) = (column as f64 + 0.5 - x, row as f64 + 0.5 - y);
                    let metres = dx.hypot(dy) * self.pixel.0;
                    if metres > REACH_OFF_ROAD.0 {
                        continue;
                    }
                    let time = -(f64::from(*deciseconds) + f64::from(snapping.leg(Meters(metres))));
                    let pixel = &mut times[row * self.columns + column];
                    *pixel = pixel.max(time);
                }
            }
        }
        times
    }
}
