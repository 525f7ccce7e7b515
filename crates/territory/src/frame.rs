//! A flat picture of some ground: where a position falls on a sheet.

use geo::Coord;

use crate::measure::Meters;
use crate::position::Extent;

/// Metres in a degree of latitude, on the sphere of mean radius 6 371.0088 km.
const METERS_A_DEGREE: f64 = 6_371_008.8 * std::f64::consts::PI / 180.0;

/// The smallest side shown, degrees (about 1 km): what is drawn of a point.
const SMALLEST: f64 = 0.01;

/// A sheet on which an extent is drawn: equirectangular, true to scale along the parallel in its middle,
/// north up. Units count from the north-west corner, across to the east, then down to the south.
///
/// For a drawing in a report, where the middle of a région is at most 3° away: scales differ by 6 % at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    width: f64,
    height: f64,
}

impl Frame {
    /// The largest sheet within `width` × `height` units that shows an extent and a margin, a share of its
    /// sides, around it.
    pub fn new(extent: Extent, margin: f64, width: f64, height: f64) -> Self {
        let [west, south, east, north] = extent.bbox();
        let shrink = f64::midpoint(south, north).to_radians().cos().max(0.01);
        let (wide, tall) = ((east - west).max(SMALLEST), (north - south).max(SMALLEST));
        let (wide, tall) = (wide * (1.0 + 2.0 * margin), tall * (1.0 + 2.0 * margin));
        let down = (width / (wide * shrink)).min(height / tall);
        let across = down * shrink;
        Self {
            west: f64::midpoint(west, east) - wide / 2.0,
            north: f64::midpoint(south, north) + tall / 2.0,
            across,
            down,
            width: wide * across,
            height: tall * down,
        }
    }

    /// Units across, units down.
    pub fn size(&self) -> [f64; 2] {
        [self.width, self.height]
    }

    /// Where a coordinate (x = longitude) falls: units across, units down.
    pub fn place(&self, coord: Coord) -> [f64; 2] {
        [(coord.x - self.west) * self.across, (self.north - coord.y) * self.down]
    }

    /// Whether a place of the sheet is on it.
    pub fn shows(&self, [across, down]: [f64; 2]) -> bool {
        (0.0..=self.width).contains(&across) && (0.0..=self.height).contains(&down)
    }

    /// How many units a length is, along the parallel in the middle.
    pub fn units(&self, Meters(length): Meters) -> f64 {
        length / METERS_A_DEGREE * self.down
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::position::Position;

    fn at(lon: f64, lat: f64) -> Position {
        Position::from_lon_lat(lon, lat).expect("on Earth")
    }

    fn frame(margin: f64) -> Frame {
        Frame::new(Extent::new(at(4.0, 45.0), at(5.0, 46.0)).expect("a box"), margin, 1000.0, 1000.0)
    }

    #[test]
    fn north_is_up_east_is_right_and_corners_are_corners() {
        let frame = frame(0.0);
        let [width, height] = frame.size();
        assert_eq!(height, 1000.0);
        assert!((width - 1000.0 * 45.5f64.to_radians().cos()).abs() < 1e-9, "a degree is narrower than tall");
        let close = |[a, b]: [f64; 2], [c, d]: [f64; 2]| (a - c).abs() < 1e-6 && (b - d).abs() < 1e-6;
        assert!(close(frame.place(at(4.0, 46.0).coord()), [0.0, 0.0]));
        assert!(close(frame.place(at(5.0, 45.0).coord()), [width, height]));
        assert!(frame.shows(frame.place(at(4.5, 45.5).coord())));
        assert!(!frame.shows(frame.place(at(5.5, 45.5).coord())));
    }

    #[test]
    fn a_length_measures_on_the_sheet_what_it_measures_on_the_ground() {
        let frame = frame(0.05);
        for (from, to) in [(at(4.2, 45.5), at(4.7, 45.5)), (at(4.5, 45.2), at(4.5, 45.8))] {
            let ([x, y], [x2, y2]) = (frame.place(from.coord()), frame.place(to.coord()));
            let (drawn, real) = ((x - x2).hypot(y - y2), frame.units(from.distance_to(to)));
            assert!((drawn / real - 1.0).abs() < 0.001, "{drawn} {real}");
        }
    }

    #[test]
    fn a_point_is_drawn_with_some_ground_around() {
        let point = at(4.0, 45.0);
        let frame = Frame::new(Extent::new(point, point).expect("a point"), 0.1, 100.0, 80.0);
        let [width, height] = frame.size();
        let [x, y] = frame.place(point.coord());
        assert!((x - width / 2.0).abs() < 1e-6 && (y - height / 2.0).abs() < 1e-6);
        assert!(width <= 100.0 && height <= 80.0 + 1e-9);
    }
}
