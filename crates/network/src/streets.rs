//! What is decided about roads before any mode is thought of: built-up or not, and where the data are cut.
//!
//! A segment is in a built-up area when the nine squares around its middle (about 2.3 km²) hold at
//! least 1.5 km of residential streets: less than that is a hamlet. Our own rule; that of France is
//! the sign at the entry of the town (Code de la route, R110-2), which sources seldom map.

use std::collections::BTreeMap;

use territory::road::{Segment, Setting};
use territory::{Extent, FixedPosition, Meters, Position, RoadClass, Roads};

use crate::square::{Square, length, within};

/// Residential streets in the squares around from which a place is built-up.
const BUILT_UP: Meters = Meters(1_500.0);

/// How far inside the border of the data roads are taken to end: a road cut there stops at its last
/// point inside, some way before it.
const MARGIN: Meters = Meters(500.0);

/// Roads with what was decided about them.
pub struct Streets<'a> {
    pub(crate) roads: &'a Roads,
    /// Parallel to the segments.
    pub(crate) settings: Vec<Setting>,
    /// Points where a road that leads somewhere ends in the void, sorted.
    void_ends: Vec<u32>,
    /// Within it no road is cut.
    inside: Option<Extent>,
}

impl<'a> Streets<'a> {
    /// Decides, for the roads of France.
    pub fn of(roads: &'a Roads) -> Self {
        let inside = roads.extent().and_then(shrunk);
        Self { roads, settings: settings(roads), void_ends: void_ends(roads), inside }
    }

    /// Decides for roads of another country, where the legal limits of France in towns do not hold.
    pub fn abroad(roads: &'a Roads) -> Self {
        Self { settings: vec![Setting::Rural; roads.segments().len()], ..Self::of(roads) }
    }

    /// Whether roads may go on beyond a point that are not in the data.
    ///
    /// Either the point is at the border of the data, or a road of the tertiary class or above ends there:
    /// real ones lead somewhere.
    pub(crate) fn is_cut(&self, point: u32) -> bool {
        let at = self.roads.points()[point as usize].position();
        self.inside.is_some_and(|inside| !inside.holds(at)) || self.void_ends.binary_search(&point).is_ok()
    }
}

/// The box without its margin; a box smaller than that is all margin, and nothing is inside.
fn shrunk(extent: Extent) -> Option<Extent> {
    let [west, south, east, north] = extent.bbox();
    let corner = |lon, lat| Position::from_lon_lat(lon, lat).ok().and_then(|at| within(at, MARGIN));
    let south_west = corner(west, south)?.bbox();
    let north_east = corner(east, north)?.bbox();
    let at = |lon: f64, lat: f64| Position::from_lon_lat(lon, lat).ok();
    let middle = extent.centre();
    let inner = Extent::new(at(south_west[2], south_west[3])?, at(north_east[0], north_east[1])?);
    inner.or_else(|| Extent::new(middle, middle))
}

fn void_ends(roads: &Roads) -> Vec<u32> {
    let mut pieces = vec![0u8; roads.points().len()];
    for segment in roads.segments() {
        for pair in roads.run(segment).windows(2).filter(|pair| pair[0] != pair[1]) {
            for &point in pair {
                pieces[point as usize] = pieces[point as usize].saturating_add(1);
            }
        }
    }
    let leading = roads.segments().iter().filter(|s| roads.road(s).class <= RoadClass::TertiaryLink);
    let ends = leading.flat_map(|s| [roads.run(s).first(), roads.run(s).last()]).flatten().copied();
    let mut ends: Vec<u32> = ends.filter(|&point| pieces[point as usize] == 1).collect();
    ends.sort_unstable();
    ends
}

/// The setting of each segment, parallel to them.
fn settings(roads: &Roads) -> Vec<Setting> {
    let position = |point: u32| -> FixedPosition { roads.points()[point as usize] };
    let mut streets: BTreeMap<Square, f64> = BTreeMap::new();
    for segment in roads.segments() {
        if matches!(roads.road(segment).class, RoadClass::Residential | RoadClass::LivingStreet) {
            for pair in roads.run(segment).windows(2) {
                let square = Square::at(position(pair[0]).position());
                *streets.entry(square).or_default() += length(pair.iter().map(|&p| position(p))).0;
            }
        }
    }
    let around = |square: Square| square.around().filter_map(|s| streets.get(&s)).sum::<f64>();
    let mut known: BTreeMap<Square, Setting> = BTreeMap::new();
    let mut decide = |segment: &Segment| {
        let run = roads.run(segment);
        let square = Square::at(position(run[run.len() / 2]).position());
        let built_up = || if around(square) >= BUILT_UP.0 { Setting::Urban } else { Setting::Rural };
        *known.entry(square).or_insert_with(built_up)
    };
    roads.segments().iter().map(&mut decide).collect()
}
