//! «Profil»: how fast each mode goes on each road. Numbers live in `profiles/*.toml`, each with its source.

use std::collections::BTreeMap;

use serde::Deserialize;
use territory::road::{Fixture, RoadClass, Setting, Surface};
use territory::{Directed, Mode, Passage, Road};

use crate::snap::Snapping;

/// The profile of a mode.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Whom it is for.
    pub mode: Mode,
    /// Changes whenever a number does.
    pub version: u32,
    limit_factor: f64,
    top_kmh: f64,
    #[serde(default)]
    pushed_kmh: Option<f64>,
    speed: BTreeMap<RoadClass, ClassSpeed>,
    surface: BTreeMap<Surface, f64>,
    grade: BTreeMap<String, f64>,
    delay: Delays,
    /// How a position off the road is tied to it.
    pub snap: Snapping,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct ClassSpeed {
    kmh: f64,
    urban: Option<f64>,
}

/// Seconds lost at a point.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Delays {
    /// On arriving at a junction: by how much less important one's road is than the best of the others,
    /// from three steps more important to three less.
    junction: [f64; 7],
    /// On leaving, or entering, a road that nobody goes straight on from, or into.
    stem: f64,
    signals: f64,
    crossing: f64,
    stop: f64,
    give_way: f64,
    gate: f64,
    toll: f64,
    roundabout: f64,
    boarding: f64,
}

/// A profile that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the profile cannot be used: {0}")]
pub struct InvalidProfile(String);

/// How a road is travelled: its pace each way, and whether only to begin or end a trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Travel {
    pub(crate) class: RoadClass,
    /// Kilometres per hour × 100 each way, 0 where closed.
    pub(crate) pace: Directed<u32>,
    pub(crate) last_leg_only: bool,
    pub(crate) roundabout: bool,
}

/// Where three roads or more meet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Junction {
    /// The importance of the best of the other roads that vehicles drive on; none when there is none.
    pub(crate) others: Option<u8>,
}

/// How important a road is, from 0, as Valhalla weighs junctions; all below tertiary are one.
pub(crate) fn importance(class: RoadClass) -> u8 {
    use RoadClass as C;
    match class {
        C::Motorway | C::MotorwayLink => 0,
        C::Trunk | C::TrunkLink => 1,
        C::Primary | C::PrimaryLink => 2,
        C::Secondary | C::SecondaryLink => 3,
        C::Tertiary | C::TertiaryLink => 4,
        _ => 5,
    }
}

/// Whether vehicles drive on it, so that others give way.
pub(crate) fn is_driven(class: RoadClass) -> bool {
    class <= RoadClass::Alley
}

impl Travel {
    /// The same road walked along from its other end.
    pub(crate) fn reversed(self) -> Self {
        Self { pace: Directed { forward: self.pace.backward, backward: self.pace.forward }, ..self }
    }
}

impl Profile {
    /// The profile Maillage ships for a mode.
    pub fn of(mode: Mode) -> Result<Self, InvalidProfile> {
        Self::parse(Self::text(mode))
    }

    /// Its TOML: part of what a network is made from.
    pub fn text(mode: Mode) -> &'static str {
        match mode {
            Mode::Car => include_str!("../profiles/car.toml"),
            Mode::Bike => include_str!("../profiles/bike.toml"),
            Mode::Walk => include_str!("../profiles/walk.toml"),
        }
    }

    /// Reads a profile; every speed is positive and below 200 km/h, every delay from 0 to an hour.
    pub fn parse(text: &str) -> Result<Self, InvalidProfile> {
        let profile: Self = toml::from_str(text).map_err(|e| InvalidProfile(e.to_string()))?;
        let classes = profile.speed.values().flat_map(|s| [Some(s.kmh), s.urban]).flatten();
        let others = [profile.limit_factor, profile.top_kmh];
        let speeds = classes.chain(others).chain(profile.pushed_kmh);
        let speeds = speeds.chain(profile.surface.values().chain(profile.grade.values()).copied());
        for speed in speeds {
            if !(speed > 0.0 && speed < 200.0) {
                return Err(InvalidProfile(format!("{speed} is no speed in km/h")));
            }
        }
        let d = profile.delay;
        let crossed = [d.stem, d.roundabout, d.signals, d.crossing].into_iter().chain(d.junction);
        for delay in crossed.chain([d.stop, d.give_way, d.gate, d.toll, d.boarding]) {
            if !(0.0..=3600.0).contains(&delay) {
                return Err(InvalidProfile(format!("{delay} is no delay in seconds")));
            }
        }
        Ok(profile)
    }

    /// Nothing on the roads is faster, km/h.
    pub fn top_kmh(&self) -> f64 {
        self.top_kmh
    }

    /// The same without boats.
    #[must_use]
    pub fn without_ferries(mut self) -> Self {
        self.speed.remove(&RoadClass::Ferry);
        self
    }

    /// How a road is travelled, none when the mode may not use it; `setting` is what was decided for it
    /// where the source says nothing.
    pub(crate) fn travel(&self, road: &Road, setting: Setting) -> Option<Travel> {
        let passage = road.passage(self.mode);
        let pace = |passage: Passage, limit: Option<u8>| self.pace(road, passage, limit, setting);
        let pace = Directed {
            forward: pace(passage.forward, road.limit_kmh.forward),
            backward: pace(passage.backward, road.limit_kmh.backward),
        };
        if pace.forward == 0 && pace.backward == 0 {
            return None;
        }
        let last_leg_only = [passage.forward, passage.backward].contains(&Passage::Destination);
        Some(Travel { class: road.class, pace, last_leg_only, roundabout: road.roundabout })
    }

    fn pace(&self, road: &Road, passage: Passage, limit: Option<u8>, setting: Setting) -> u32 {
        let Some(class) = self.speed.get(&road.class).filter(|_| passage != Passage::Closed) else {
            return 0;
        };
        if passage == Passage::Pushed {
            let walked = if road.class == RoadClass::Steps { class.kmh } else { f64::INFINITY };
            return self.pushed_kmh.map_or(0, |kmh| hundredths(kmh.min(walked)));
        }
        let setting = road.setting.unwrap_or(setting);
        let usual = class.urban.filter(|_| setting == Setting::Urban).unwrap_or(class.kmh);
        let allowed = limit.map(|kmh| f64::from(kmh) * self.limit_factor);
        let kmh = match self.mode {
            Mode::Car => allowed.unwrap_or(usual),
            Mode::Bike | Mode::Walk => usual,
        };
        let on_surface = road.surface.and_then(|s| self.surface.get(&s)).copied();
        let on_track = road.grade.and_then(|g| self.grade.get(&g.get().to_string())).copied();
        let kmh = [on_surface, on_track].into_iter().flatten().fold(kmh.min(self.top_kmh), f64::min);
        hundredths(kmh)
    }

    /// Seconds lost on arriving along a road at a point where a junction or a fixture stands.
    pub(crate) fn delay_s(
        &self,
        road: &Travel,
        fixture: Option<&Fixture>,
        junction: Option<Junction>,
    ) -> f64 {
        let d = &self.delay;
        let junction = match junction {
            None => 0.0,
            Some(_) if road.roundabout => d.roundabout,
            Some(Junction { others }) => {
                let less = i32::from(importance(road.class)) - i32::from(others.unwrap_or(u8::MAX));
                if others.is_some() { d.junction[(less.clamp(-3, 3) + 3) as usize] } else { 0.0 }
            }
        };
        let boarding = if road.class == RoadClass::Ferry { d.boarding } else { 0.0 };
        let standing = fixture.map_or(0.0, |f| self.standing_s(f));
        junction + boarding + standing
    }

    /// Seconds lost on turning out of, or into, a road that ends at a junction.
    pub(crate) fn stem_s(&self) -> f64 {
        self.delay.stem
    }

    /// Seconds lost at what stands on a point.
    pub(crate) fn standing_s(&self, f: &Fixture) -> f64 {
        let d = &self.delay;
        let sign = match f {
            Fixture { signals: true, .. } => d.signals,
            Fixture { stop: true, .. } => d.stop,
            Fixture { give_way: true, .. } => d.give_way,
            Fixture { crossing: true, .. } => d.crossing,
            _ => 0.0,
        };
        sign + if f.gate { d.gate } else { 0.0 } + if f.toll { d.toll } else { 0.0 }
    }
}

fn hundredths(kmh: f64) -> u32 {
    ((kmh * 100.0).round() as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profiles_shipped_can_be_used_and_are_for_their_mode() {
        for mode in Mode::ALL {
            assert_eq!(Profile::of(mode).map(|p| p.mode), Ok(mode));
        }
    }

    #[test]
    fn a_profile_with_an_impossible_number_is_refused() {
        let text = Profile::text(Mode::Car);
        assert!(Profile::parse(&text.replace("top_kmh = 130", "top_kmh = -1")).is_err());
        assert!(Profile::parse(&text.replace("signals = 2.0", "signals = 1e9")).is_err());
        assert!(Profile::parse(&text.replace("toll", "tolls")).is_err());
    }

    #[test]
    fn a_limit_replaces_the_usual_speed_of_a_car_only() {
        let mut road = Road::of(RoadClass::Residential);
        road.limit_kmh = Directed::both(Some(50));
        let pace = |mode| {
            let profile = Profile::of(mode).expect("usable");
            profile.travel(&road, Setting::Urban).map(|t| t.pace.forward)
        };
        assert_eq!(pace(Mode::Car), Some(4000));
        assert_ne!(pace(Mode::Bike), Some(5000));
    }

    #[test]
    fn a_closed_road_is_not_travelled_and_a_one_way_one_has_no_way_back() {
        let car = Profile::of(Mode::Car).expect("usable");
        let mut road = Road::of(RoadClass::Primary);
        road.car.backward = Passage::Closed;
        let travel = car.travel(&road, Setting::Rural).expect("travelled");
        assert!(travel.pace.forward > 0 && travel.pace.backward == 0);
        assert_eq!(travel.reversed().pace.forward, 0);
        road.car.forward = Passage::Closed;
        assert_eq!(car.travel(&road, Setting::Rural), None);
        assert_eq!(car.travel(&Road::of(RoadClass::Steps), Setting::Urban), None, "no speed on stairs");
    }

    #[test]
    fn mud_and_cobbles_slow_down() {
        let bike = Profile::of(Mode::Bike).expect("usable");
        let mut road = Road::of(RoadClass::Track);
        let pace = |road: &Road| bike.travel(road, Setting::Rural).map(|t| t.pace.forward);
        let firm = pace(&road);
        road.surface = Some(Surface::Soft);
        assert!(pace(&road) < firm);
    }
}
