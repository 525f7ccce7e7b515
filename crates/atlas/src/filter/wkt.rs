//! Geometry literals: well-known text, and boxes.

use std::fmt;

use access::InvalidParameter;
use geo::{
    Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon,
};
use territory::{Extent, Position};

/// A geometry and how it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shape {
    /// The corners of a box, west, south, east, north; west of a box that crosses 180° is east of its east.
    corners: Option<[f64; 4]>,
    geometry: Geometry,
}

impl Shape {
    pub(super) fn new(geometry: Geometry) -> Self {
        Self { corners: None, geometry }
    }

    /// A box; none when its corners are not those of one.
    pub(super) fn bbox(corners: [f64; 4]) -> Option<Self> {
        let boxes = boxes(corners)?;
        let geometry =
            MultiPolygon::new(boxes.into_iter().map(|extent| extent.rect().to_polygon()).collect());
        Some(Self { corners: Some(corners), geometry: Geometry::MultiPolygon(geometry) })
    }

    pub(super) fn geometry(&self) -> &Geometry {
        &self.geometry
    }
}

/// The one box between two corners, or the two on both sides of 180° when its west is east of its east;
/// none when a corner is nowhere or the south is north of the north.
fn boxes([west, south, east, north]: [f64; 4]) -> Option<Vec<Extent>> {
    let extent = |west: f64, east: f64| {
        let corner = |lon: f64, lat: f64| Position::from_lon_lat(lon, lat).ok();
        Extent::new(corner(west, south)?, corner(east, north)?)
    };
    if west <= east {
        Some(vec![extent(west, east)?])
    } else {
        Some(vec![extent(west, 180.0)?, extent(-180.0, east)?])
    }
}

/// Reads the `bbox` of a request: four numbers, or six with heights, which no feature has.
///
/// A west that is east of the east crosses 180° (RFC 7946 §5.2) and makes two boxes.
pub fn parse_bbox(text: &str) -> Result<Vec<Extent>, InvalidParameter> {
    let numbers: Result<Vec<f64>, _> = text.split(',').map(|number| number.trim().parse::<f64>()).collect();
    let corners = match numbers.as_deref() {
        Ok(&[west, south, east, north]) => Some([west, south, east, north]),
        Ok(&[west, south, low, east, north, high]) if low <= high => Some([west, south, east, north]),
        _ => None,
    };
    corners.and_then(boxes).ok_or_else(|| {
        let allowed = "expected west,south,east,north in degrees, south < north; west > east crosses 180°";
        InvalidParameter::new("bbox", text, allowed)
    })
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.corners {
            Some([west, south, east, north]) => write!(f, "BBOX({west}, {south}, {east}, {north})"),
            None => write(&self.geometry, f),
        }
    }
}

fn write(geometry: &Geometry, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match geometry {
        Geometry::Point(p) => write!(f, "POINT({} {})", p.x(), p.y()),
        Geometry::LineString(line) => write!(f, "LINESTRING{}", Line(line)),
        Geometry::Polygon(polygon) => write!(f, "POLYGON{}", Rings(polygon)),
        Geometry::MultiPoint(MultiPoint(points)) => {
            list(f, "MULTIPOINT(", points.iter().map(|p| format!("({} {})", p.x(), p.y())))
        }
        Geometry::MultiLineString(MultiLineString(lines)) => {
            list(f, "MULTILINESTRING(", lines.iter().map(Line))
        }
        Geometry::MultiPolygon(MultiPolygon(polygons)) => {
            list(f, "MULTIPOLYGON(", polygons.iter().map(Rings))
        }
        Geometry::GeometryCollection(GeometryCollection(parts)) => {
            let written = parts.iter().map(|part| Shape::new(part.clone()));
            list(f, "GEOMETRYCOLLECTION(", written)
        }
        // No literal makes the others.
        Geometry::Line(_) | Geometry::Rect(_) | Geometry::Triangle(_) => Ok(()),
    }
}

fn list(
    f: &mut fmt::Formatter<'_>,
    opening: &str,
    mut parts: impl Iterator<Item = impl fmt::Display>,
) -> fmt::Result {
    f.write_str(opening)?;
    parts.next().map_or(Ok(()), |first| first.fmt(f))?;
    parts.try_for_each(|part| write!(f, ",{part}"))?;
    f.write_str(")")
}

struct Line<'a>(&'a LineString);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, "(", self.0.coords().map(|c| format!("{} {}", c.x, c.y)))
    }
}

struct Rings<'a>(&'a Polygon);

impl fmt::Display for Rings<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        list(f, "(", std::iter::once(self.0.exterior()).chain(self.0.interiors()).map(Line))
    }
}

/// A point of a literal.
pub(super) fn point(at: Position) -> Geometry {
    Geometry::Point(Point::from(at.coord()))
}

/// A line of a literal.
pub(super) fn line(positions: &[Position]) -> LineString {
    LineString::new(positions.iter().map(|at| at.coord()).collect())
}
