//! Where a project looks: on screen, and on paper.

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;

use super::MERCATOR;

/// What lies under the map, as on the page.
pub(super) const BACKGROUND: [u8; 3] = [244, 242, 238];

/// Millimetres of the map on paper, width then height.
pub(super) const PAPER: [f64; 2] = [190.0, 166.0];

/// Metres of the equator of EPSG:3857 in a radian.
const RADIUS: f64 = 6_378_137.0;

/// Shown around what is looked at, in parts of it.
const MARGIN: f64 = 0.04;

/// Half of the side of the world as EPSG:3857 shows it.
const HALF_WORLD: f64 = RADIUS * std::f64::consts::PI;

/// A box in metres of EPSG:3857: west, south, east, north.
pub(super) struct Frame([f64; 4]);

impl Frame {
    /// Around the perimeter of an inquiry: one; of a perimeter that oceans scatter one around each part, with its name.
    pub(super) fn all(atlas: &Atlas, inquiry: &Inquiry) -> Result<Vec<(Option<String>, Self)>, AtlasError> {
        let scope = atlas.scope(inquiry)?;
        let views = atlas.views(scope.communes());
        if views.len() > 1 {
            return Ok(views.into_iter().map(|view| (Some(view.name), Self::around(view.bbox))).collect());
        }
        let whole = views.first().map(|view| view.bbox);
        let whole = whole.or(atlas.extent_of(&scope).map(territory::Extent::bbox));
        Ok(vec![(None, Self::around(whole.unwrap_or([-180.0, -60.0, 180.0, 75.0])))])
    }

    /// Around a box in degrees.
    fn around([west, south, east, north]: [f64; 4]) -> Self {
        let ([west, south], [east, north]) = (metres([west, south]), metres([east, north]));
        // A point has a neighbourhood too.
        let margin = (MARGIN * (east - west).max(north - south)).max(500.0);
        let around = [west - margin, south - margin, east + margin, north + margin];
        Self(around.map(|metres| metres.clamp(-HALF_WORLD, HALF_WORLD).round()))
    }

    /// The same as wide and high as the map on paper.
    pub(super) fn printed(&self) -> [f64; 4] {
        let [west, south, east, north] = self.0;
        let scale = self.printed_scale() / 1000.0;
        let [half_width, half_height] = PAPER.map(|millimetres| millimetres * scale / 2.0);
        let (x, y) = (f64::midpoint(west, east), f64::midpoint(south, north));
        [x - half_width, y - half_height, x + half_width, y + half_height].map(f64::round)
    }

    /// Metres on the ground of EPSG:3857 for a metre of paper.
    pub(super) fn printed_scale(&self) -> f64 {
        let [west, south, east, north] = self.0;
        let [width, height] = PAPER;
        ((east - west) / width).max((north - south) / height) * 1000.0
    }

    /// Kilometres that about a seventh of the printed map is wide: a round number, for a scale bar of two parts.
    pub(super) fn bar(&self) -> f64 {
        let [_, south, _, north] = self.0;
        // EPSG:3857 stretches the ground by this much.
        let stretch = (f64::midpoint(south, north) / RADIUS).cosh();
        let [west, _, east, _] = self.printed();
        let part = (east - west) / stretch / 1000.0 / 14.0;
        let unit = 10f64.powf(part.log10().floor());
        [5.0, 2.0, 1.0].into_iter().map(|n| n * unit).find(|n| *n <= part).unwrap_or(unit)
    }

    /// Where the window opens.
    pub(super) fn canvas(&self) -> String {
        let [west, south, east, north] = self.0;
        format!(
            "<mapcanvas name=\"theMapCanvas\"><units>meters</units>\n<extent><xmin>{west}</xmin><ymin>{south}</ymin>\
             <xmax>{east}</xmax><ymax>{north}</ymax></extent>\n<destinationsrs>{MERCATOR}</destinationsrs></mapcanvas>\n"
        )
    }

    /// The same for what has no window, and for who asks for everything.
    pub(super) fn first_view(&self) -> String {
        let [west, south, east, north] = self.0;
        format!(
            "<ProjectViewSettings UseProjectScales=\"0\"><DefaultViewExtent xmin=\"{west}\" ymin=\"{south}\" xmax=\"{east}\" \
             ymax=\"{north}\">{MERCATOR}</DefaultViewExtent></ProjectViewSettings>\n"
        )
    }
}

/// Longitude and latitude in degrees as EPSG:3857 has them.
fn metres([lon, lat]: [f64; 2]) -> [f64; 2] {
    [lon.to_radians() * RADIUS, lat.to_radians().tan().asinh() * RADIUS]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn degrees_become_the_metres_that_epsg_gives_for_them() {
        // The example of EPSG guidance note 7-2 for method 1024: 100°20'00.000" W, 24°22'54.433" N.
        let [x, y] = metres([-(100.0 + 20.0 / 60.0), 24.0 + 22.0 / 60.0 + 54.433 / 3600.0]);
        assert!((x - -11_169_055.58).abs() < 0.01 && (y - 2_800_000.00).abs() < 0.01, "{x} {y}");
    }

    #[test]
    fn the_printed_map_holds_what_is_looked_at_and_has_the_shape_of_the_paper() {
        for around in [[0.0, 0.0, 100_000.0, 10_000.0], [0.0, 0.0, 10_000.0, 100_000.0]] {
            let frame = Frame(around);
            let [west, south, east, north] = frame.printed();
            assert!(west <= around[0] && south <= around[1] && east >= around[2] && north >= around[3]);
            let shape = (east - west) / (north - south);
            assert!((shape - PAPER[0] / PAPER[1]).abs() < 1e-3, "{shape}");
        }
    }

    #[test]
    fn a_scale_bar_is_a_round_number_of_kilometres() {
        // A map 150 km wide at the equator: a fourteenth is 10.7 km.
        let frame = Frame([0.0, -500.0, 150_000.0, 500.0]);
        assert!((frame.bar() - 10.0).abs() < 1e-9, "{}", frame.bar());
        // As many metres of EPSG:3857 at 60° north are half as many on the ground.
        let [_, y] = metres([0.0, 60.0]);
        assert!((Frame([0.0, y, 150_000.0, y]).bar() - 5.0).abs() < 1e-9);
    }
}
