//! Where the build lies, with the margin within which venues still count.

use std::collections::BTreeMap;

use geo::{CoordsIter, MultiPolygon};
use territory::{CommuneCode, DepartementCode, Extent, Meters, Position};

/// How far from the territory a venue still counts: people cross borders.
const MARGIN: Meters = Meters(100_000.0);

/// A degree of latitude, and of longitude at the equator, on the mean sphere.
pub(super) const DEGREE: Meters = Meters(111_195.0);

/// The ground of the build with its margin: a box per département, so that a build of mainland and
/// overseas does not hold the oceans between.
#[derive(Debug, Default)]
pub(crate) struct Reach(Vec<Extent>);

impl Reach {
    /// Around the shapes of communes.
    pub(crate) fn around(shapes: &BTreeMap<CommuneCode, MultiPolygon>) -> Self {
        Self(boxes(shapes).into_values().map(|extent| grown(extent, MARGIN)).collect())
    }

    /// Whether anything is drawn: without, nothing is near or far.
    pub(crate) fn is_known(&self) -> bool {
        !self.0.is_empty()
    }

    pub(crate) fn holds(&self, position: Position) -> bool {
        self.0.iter().any(|extent| extent.holds(position))
    }
}

/// The box around the shapes of each département.
pub(crate) fn boxes(shapes: &BTreeMap<CommuneCode, MultiPolygon>) -> BTreeMap<DepartementCode, Extent> {
    let mut boxes: BTreeMap<DepartementCode, Extent> = BTreeMap::new();
    for (code, shape) in shapes {
        let Some(extent) = Extent::of_coords(shape.coords_iter()) else {
            continue;
        };
        boxes.entry(code.departement()).and_modify(|e| *e = e.union(extent)).or_insert(extent);
    }
    boxes
}

/// A box larger on each side.
pub(super) fn grown(extent: Extent, margin: Meters) -> Extent {
    let [west, south, east, north] = extent.bbox();
    let lat = margin.0 / DEGREE.0;
    let widest = south.abs().max(north.abs()).min(80.0).to_radians();
    let lon = lat / widest.cos();
    let corner =
        |lon: f64, lat: f64| Position::from_lon_lat(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).ok();
    let corners = corner(west - lon, south - lat).zip(corner(east + lon, north + lat));
    corners.and_then(|(south_west, north_east)| Extent::new(south_west, north_east)).unwrap_or(extent)
}
