//! «Voirie»: roads as they are on the ground, before any speed is thought of.
//!
//! What an importer gives and a network is made of. Agnostic of the source: OpenStreetMap's tags and
//! IGN's attributes both come down to a [`Road`], and a [`Passage`] per mode and direction.

use serde::{Deserialize, Serialize};

use crate::measure::Mode;
use crate::position::{Extent, FixedPosition};

/// What a road is, from the fastest to the slowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RoadClass {
    /// «Autoroute».
    Motorway,
    /// Its slip roads («bretelle»).
    MotorwayLink,
    /// «Voie express», the most important road that is no motorway.
    Trunk,
    /// Its slip roads.
    TrunkLink,
    /// «Route nationale» and the like.
    Primary,
    /// Its slip roads.
    PrimaryLink,
    /// «Route départementale» between towns.
    Secondary,
    /// Its slip roads.
    SecondaryLink,
    /// «Route départementale» between villages.
    Tertiary,
    /// Its slip roads.
    TertiaryLink,
    /// «Route communale».
    Unclassified,
    /// A street people live in.
    Residential,
    /// «Zone de rencontre».
    LivingStreet,
    /// Access to a building, a yard, a beach.
    Service,
    /// Between the rows of a car park.
    ParkingAisle,
    /// From the street to a house.
    Driveway,
    /// Between houses, at their back.
    Alley,
    /// «Chemin agricole ou forestier».
    Track,
    /// «Voie piétonne» as wide as a street.
    Pedestrian,
    /// Pavement, passage, crossing.
    Footway,
    /// «Piste cyclable».
    Cycleway,
    /// For horses.
    Bridleway,
    /// Any other path.
    Path,
    /// «Escalier».
    Steps,
    /// A boat, or a train that carries vehicles.
    Ferry,
}

impl RoadClass {
    /// All classes, in order.
    pub const ALL: [Self; 25] = [
        Self::Motorway,
        Self::MotorwayLink,
        Self::Trunk,
        Self::TrunkLink,
        Self::Primary,
        Self::PrimaryLink,
        Self::Secondary,
        Self::SecondaryLink,
        Self::Tertiary,
        Self::TertiaryLink,
        Self::Unclassified,
        Self::Residential,
        Self::LivingStreet,
        Self::Service,
        Self::ParkingAisle,
        Self::Driveway,
        Self::Alley,
        Self::Track,
        Self::Pedestrian,
        Self::Footway,
        Self::Cycleway,
        Self::Bridleway,
        Self::Path,
        Self::Steps,
        Self::Ferry,
    ];

    /// The class of a rank in [`Self::ALL`].
    pub fn from_index(index: usize) -> Option<Self> {
        Self::ALL.get(index).copied()
    }
}

/// Whether a mode may use a road in one direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Passage {
    /// It may not.
    #[default]
    Closed,
    /// Only to begin or to end a trip («desserte locale», private drive): never to pass through.
    Destination,
    /// Walking, and pushing the bicycle.
    Pushed,
    /// It may.
    Open,
}

/// A thing that may differ in the two directions of a road.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Directed<T> {
    /// In the direction its points are listed in.
    pub forward: T,
    /// The other way round.
    pub backward: T,
}

impl<T: Copy> Directed<T> {
    /// The same both ways.
    pub fn both(thing: T) -> Self {
        Self { forward: thing, backward: thing }
    }
}

/// What lies on the ground, from the best to the worst for wheels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Surface {
    /// Asphalt, concrete and other smooth coverings.
    Paved,
    /// Paving stones, setts.
    PavingStones,
    /// Cobbles.
    Cobblestone,
    /// Compacted, fine gravel.
    Compacted,
    /// Gravel, pebbles, unpaved without more.
    Gravel,
    /// Earth, grass, ground.
    Dirt,
    /// Sand, mud, and what vehicles sink in.
    Soft,
}

/// How firm a track is, from grade 1 (solid) to 5 (soft).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrackGrade(u8);

impl TrackGrade {
    /// From 1 to 5, none otherwise.
    pub fn new(grade: u8) -> Option<Self> {
        (1..=5).contains(&grade).then_some(Self(grade))
    }

    /// 1 to 5.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// In or out of a built-up area («agglomération»), where the source says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Setting {
    /// Between the signs at the entry and the exit of a town or village.
    Urban,
    /// Outside.
    Rural,
}

/// Everything about a road that its speed and its use depend on; many segments share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Road {
    /// What it is.
    pub class: RoadClass,
    /// The speed allowed, km/h, where the source says it.
    pub limit_kmh: Directed<Option<u8>>,
    /// By car.
    pub car: Directed<Passage>,
    /// By bicycle.
    pub bike: Directed<Passage>,
    /// On foot.
    pub walk: Directed<Passage>,
    /// What it is covered with, where known.
    pub surface: Option<Surface>,
    /// How firm it is, where known.
    pub grade: Option<TrackGrade>,
    /// Lanes in one direction, where known.
    pub lanes: Option<u8>,
    /// Whether it is one carriageway of a road whose other direction is drawn apart.
    pub dual: bool,
    /// Whether it is part of a roundabout.
    pub roundabout: bool,
    /// Whether bicycles have a lane or track of their own on it, or it is signed for them.
    pub cycle_lane: bool,
    /// Built-up or not, where the source says it.
    pub setting: Option<Setting>,
    /// How long the whole segment takes where a timetable says it (ferries), seconds.
    pub duration_s: Option<u32>,
}

impl Road {
    /// A two-way road of a class, open to all, about which nothing else is known.
    pub fn of(class: RoadClass) -> Self {
        let open = Directed::both(Passage::Open);
        Self {
            class,
            limit_kmh: Directed::default(),
            car: open,
            bike: open,
            walk: open,
            surface: None,
            grade: None,
            lanes: None,
            dual: false,
            roundabout: false,
            cycle_lane: false,
            setting: None,
            duration_s: None,
        }
    }

    /// Who may use it.
    pub fn passage(&self, mode: Mode) -> Directed<Passage> {
        match mode {
            Mode::Car => self.car,
            Mode::Bike => self.bike,
            Mode::Walk => self.walk,
        }
    }
}

/// A run of points joined by a road, in the order they are travelled forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Its first point's rank in [`Roads::runs`].
    pub first: u32,
    /// How many points it has, two at least.
    pub len: u32,
    /// Its road's rank in [`Roads::kinds`].
    pub road: u32,
}

/// What stands on a point of a road: lights, gates, bollards.
#[expect(clippy::struct_excessive_bools, reason = "any may stand beside any other on one point")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixture {
    /// The rank of its point in [`Roads::points`].
    pub point: u32,
    /// Traffic lights.
    pub signals: bool,
    /// A crossing for people on foot.
    pub crossing: bool,
    /// A stop sign.
    pub stop: bool,
    /// A give-way sign.
    pub give_way: bool,
    /// A toll booth or a border control.
    pub toll: bool,
    /// Something to open: a gate, a lift gate.
    pub gate: bool,
    /// Whether a car may pass.
    pub car: Passage,
    /// Whether a bicycle may.
    pub bike: Passage,
    /// Whether one may on foot.
    pub walk: Passage,
}

impl Fixture {
    /// A point that anyone may pass, with nothing on it.
    pub fn at(point: u32) -> Self {
        Self {
            point,
            signals: false,
            crossing: false,
            stop: false,
            give_way: false,
            toll: false,
            gate: false,
            car: Passage::Open,
            bike: Passage::Open,
            walk: Passage::Open,
        }
    }

    /// Whether a mode may pass.
    pub fn passage(&self, mode: Mode) -> Passage {
        match mode {
            Mode::Car => self.car,
            Mode::Bike => self.bike,
            Mode::Walk => self.walk,
        }
    }
}

/// Roads that name points or kinds they do not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("roads that do not hold together: {0}")]
pub struct InvalidRoads(pub &'static str);

/// The roads of an area: two segments that meet share a point.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Roads {
    points: Vec<FixedPosition>,
    runs: Vec<u32>,
    segments: Vec<Segment>,
    kinds: Vec<Road>,
    fixtures: Vec<Fixture>,
    extent: Option<Extent>,
}

impl Roads {
    /// Roads whose every reference holds.
    ///
    /// `fixtures` are sorted by point, one a point at most. `extent` is the box outside which roads are
    /// not in the data, none when they go as far as they go.
    pub fn new(
        points: Vec<FixedPosition>,
        runs: Vec<u32>,
        segments: Vec<Segment>,
        kinds: Vec<Road>,
        fixtures: Vec<Fixture>,
        extent: Option<Extent>,
    ) -> Result<Self, InvalidRoads> {
        let known = |point: u32| (point as usize) < points.len();
        let whole = |s: &Segment| {
            s.len >= 2
                && u64::from(s.first) + u64::from(s.len) <= runs.len() as u64
                && (s.road as usize) < kinds.len()
        };
        if !runs.iter().copied().all(known) || !fixtures.iter().all(|f| known(f.point)) {
            return Err(InvalidRoads("a point that is not there"));
        }
        if !segments.iter().all(whole) {
            return Err(InvalidRoads("a segment without two points or without a road"));
        }
        if !fixtures.is_sorted_by(|a, b| a.point < b.point) {
            return Err(InvalidRoads("fixtures out of order"));
        }
        Ok(Self { points, runs, segments, kinds, fixtures, extent })
    }

    /// The same roads, said to be in the data within a box only.
    #[must_use]
    pub fn within(self, extent: Option<Extent>) -> Self {
        Self { extent, ..self }
    }

    /// Where the points are.
    pub fn points(&self) -> &[FixedPosition] {
        &self.points
    }

    /// The points of all segments, run after run, as ranks in [`Self::points`].
    pub fn runs(&self) -> &[u32] {
        &self.runs
    }

    /// The segments.
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// The kinds of road there are.
    pub fn kinds(&self) -> &[Road] {
        &self.kinds
    }

    /// What stands on points, sorted by point.
    pub fn fixtures(&self) -> &[Fixture] {
        &self.fixtures
    }

    /// The box outside which roads are not in the data.
    pub fn extent(&self) -> Option<Extent> {
        self.extent
    }

    /// The points of a segment, as ranks.
    pub fn run(&self, segment: &Segment) -> &[u32] {
        &self.runs[segment.first as usize..(segment.first + segment.len) as usize]
    }

    /// The road of a segment.
    pub fn road(&self, segment: &Segment) -> &Road {
        &self.kinds[segment.road as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classes_are_listed_in_order() {
        assert!(RoadClass::ALL.is_sorted_by(|a, b| a < b));
        assert!(RoadClass::ALL.iter().enumerate().all(|(i, class)| *class as usize == i));
    }

    #[test]
    fn roads_that_do_not_hold_together_are_refused() {
        let point = FixedPosition::default();
        let segment = Segment { first: 0, len: 2, road: 0 };
        let kind = Road::of(RoadClass::Residential);
        let roads = |runs: Vec<u32>, segment, fixtures| {
            Roads::new(vec![point; 2], runs, vec![segment], vec![kind], fixtures, None)
        };
        assert!(roads(vec![0, 1], segment, vec![Fixture::at(0), Fixture::at(1)]).is_ok());
        assert!(roads(vec![0, 2], segment, Vec::new()).is_err(), "no such point");
        assert!(roads(vec![0, 1], Segment { len: 1, ..segment }, Vec::new()).is_err(), "one point");
        assert!(roads(vec![0, 1], Segment { first: 1, ..segment }, Vec::new()).is_err(), "past the end");
        assert!(roads(vec![0, 1], Segment { road: 1, ..segment }, Vec::new()).is_err(), "no such road");
        assert!(roads(vec![0, 1], segment, vec![Fixture::at(1), Fixture::at(1)]).is_err(), "twice");
    }
}
