//! «Itinéraire»: the way from one tied position to another, to be shown.

use territory::{FixedPosition, Meters, Position};

use crate::road_network::{EdgeIdx, RoadNetwork};
use crate::search::Endpoint;
use crate::search::route::Router;
use crate::snap::Snap;

/// A way along the roads, with the legs on foot at both ends.
#[derive(Debug, Clone, PartialEq)]
pub struct Itinerary {
    /// How long it takes, legs included.
    pub deciseconds: u32,
    /// The leg on foot from where one starts to the road: deciseconds and metres, straight.
    pub first_leg: (u32, Meters),
    /// The leg on foot from the road to where one goes.
    pub last_leg: (u32, Meters),
    /// How far along the roads.
    pub ride: Meters,
    /// Where the roads lead, from the first road joined to the last left.
    pub path: Vec<Position>,
}

impl RoadNetwork {
    /// The quickest way between two tied positions, none when there is none within `limit` deciseconds.
    pub fn itinerary(
        &self,
        router: &mut Router,
        from: &Snap,
        to: &Snap,
        limit: Option<u32>,
    ) -> Option<Itinerary> {
        let endpoint = |(node, offset)| Endpoint { node, offset };
        let origins: Vec<Endpoint> = self.departures(from).map(endpoint).collect();
        let destinations: Vec<Endpoint> = self.arrivals(to).map(endpoint).collect();
        let direct = self.direct(from, to).filter(|&time| limit.is_none_or(|limit| time <= limit));
        let route = router.route(self.graph(), &origins, &destinations, limit);
        let (deciseconds, path) = match (direct, route) {
            (Some(direct), route) if route.as_ref().is_none_or(|r| direct <= r.deciseconds) => {
                (direct, self.stretch(from.edge, from.along, to.along))
            }
            (_, route) => {
                let route = route?;
                let mut path = self.way_out(from, *route.nodes.first()?);
                for pair in route.nodes.windows(2) {
                    path.extend(self.along_arc(pair[0], pair[1]));
                }
                path.extend(self.way_in(to, *route.nodes.last()?));
                (route.deciseconds, path)
            }
        };
        let mut path: Vec<Position> = path.into_iter().map(FixedPosition::position).collect();
        path.dedup();
        let ride = path.windows(2).map(|pair| pair[0].distance_to(pair[1]).0).sum();
        Some(Itinerary {
            deciseconds,
            first_leg: (from.leg, from.distance),
            last_leg: (to.leg, to.distance),
            ride: Meters(ride),
            path,
        })
    }

    /// The shape from a tied position to the end of its edge where a node is.
    fn way_out(&self, from: &Snap, node: u32) -> Vec<FixedPosition> {
        let edge = self.edge(from.edge);
        let towards = |end: usize| edge.nodes_at(end).departure.contains(&Some(node));
        let quickest = (0..2)
            .filter(|&end| towards(end))
            .min_by_key(|&end| if end == 1 { Snap::WHOLE - from.along } else { from.along });
        self.stretch(from.edge, from.along, if quickest == Some(1) { Snap::WHOLE } else { 0 })
    }

    /// The shape from the end of an edge where a node is to a tied position.
    fn way_in(&self, to: &Snap, node: u32) -> Vec<FixedPosition> {
        let edge = self.edge(to.edge);
        let from = |end: usize| edge.nodes_at(end).arrival.contains(&Some(node));
        let quickest = (0..2)
            .filter(|&end| from(end))
            .min_by_key(|&end| if end == 1 { Snap::WHOLE - to.along } else { to.along });
        self.stretch(to.edge, if quickest == Some(1) { Snap::WHOLE } else { 0 }, to.along)
    }

    /// The shape of the quickest arc between two nodes.
    fn along_arc(&self, from: u32, to: u32) -> Vec<FixedPosition> {
        let forward = self.graph().forward;
        let arc = forward.of(from).iter().position(|&[head, _]| head == to);
        let edge = arc.and_then(|arc| self.edge_of_arc(forward.first[from as usize] as usize + arc));
        match edge {
            Some((edge, true)) => self.shape(edge).collect(),
            Some((edge, false)) => self.shape(edge).rev().collect(),
            None => Vec::new(),
        }
    }

    /// Part of the shape of an edge, between two shares of its length, in that order.
    fn stretch(&self, edge: EdgeIdx, from: u16, to: u16) -> Vec<FixedPosition> {
        let foot = |along: u16| {
            let snap = Snap { edge, along, leg: 0, distance: Meters(0.0) };
            self.foot(&snap).map(FixedPosition::from)
        };
        let shape: Vec<FixedPosition> = self.shape(edge).collect();
        let lengths = shape.windows(2).map(|pair| pair[0].position().distance_to(pair[1].position()).0);
        let lengths: Vec<f64> = lengths.collect();
        let whole: f64 = lengths.iter().sum();
        let (low, high) = (from.min(to), from.max(to));
        let upto = |along: u16| whole * f64::from(along) / f64::from(Snap::WHOLE);
        let mut so_far = 0.0;
        let between = shape.iter().zip(std::iter::once(0.0).chain(lengths)).filter_map(|(&point, length)| {
            so_far += length;
            (so_far > upto(low) && so_far < upto(high)).then_some(point)
        });
        let mut points: Vec<FixedPosition> = foot(low).into_iter().chain(between).chain(foot(high)).collect();
        if from > to {
            points.reverse();
        }
        points
    }
}
