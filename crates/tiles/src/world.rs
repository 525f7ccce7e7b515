//! A geometry projected once, kept for as long as the data live, and cut into as many tiles as are asked for.

use geo::{BoundingRect, Coord, Geometry, LineString, Polygon, Rect};
use thiserror::Error;

use crate::mercator::WorldCoord;

/// How many segments share one bounding box. Far from the tile a block is skipped with a single comparison.
const BLOCK: usize = 64;

/// A geometry on the world square (see [`mercator`](crate::mercator)): projected, clamped to the square,
/// oriented.
///
/// Polygons are expected to be valid already. One that is not still gives valid tiles: what its rings wind
/// around at least once, exteriors counted forwards and holes backwards, is filled (so overlapping parts are
/// merged).
#[derive(Clone, Debug)]
pub struct WorldGeometry {
    pub(crate) shape: WorldShape,
    bounds: Option<Rect<f64>>,
}

/// A geometry that cannot be put on the world square.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum Unprojectable {
    /// A coordinate is infinite or not a number.
    #[error("the coordinate x = {x}, y = {y} is not finite")]
    NotFinite {
        /// Longitude given.
        x: f64,
        /// Latitude given.
        y: f64,
    },
    /// One feature of a tile holds one kind of geometry.
    #[error("a geometry collection does not fit in one feature of a tile")]
    Collection,
}

#[derive(Clone, Debug)]
pub(crate) enum WorldShape {
    Points(Vec<Coord<f64>>),
    Lines(Vec<WorldPath>),
    /// Exterior first, then its holes.
    Polygons(Vec<Vec<WorldPath>>),
}

/// A line, or a ring without its closing vertex, with a bounding box for each [`BLOCK`] segments.
#[derive(Clone, Debug)]
pub(crate) struct WorldPath {
    vertices: Vec<Coord<f64>>,
    closed: bool,
    blocks: Vec<Rect<f64>>,
    bounds: Rect<f64>,
}

impl WorldGeometry {
    /// Projects a geometry given in degrees (x = longitude, y = latitude). An empty one is allowed and
    /// appears in no tile.
    ///
    /// # Errors
    /// [`Unprojectable`] when a coordinate is not finite, or the geometry is a collection.
    pub fn from_lon_lat(geometry: &Geometry<f64>) -> Result<Self, Unprojectable> {
        let shape = match geometry {
            Geometry::Point(point) => WorldShape::Points(vec![project(point.0)?]),
            Geometry::MultiPoint(points) => {
                WorldShape::Points(points.iter().map(|point| project(point.0)).collect::<Result<_, _>>()?)
            }
            Geometry::Line(line) => lines(&[LineString::from(*line)])?,
            Geometry::LineString(line) => lines(std::slice::from_ref(line))?,
            Geometry::MultiLineString(many) => lines(&many.0)?,
            Geometry::Polygon(polygon) => polygons(std::slice::from_ref(polygon))?,
            Geometry::MultiPolygon(many) => polygons(&many.0)?,
            Geometry::Rect(rect) => polygons(&[rect.to_polygon()])?,
            Geometry::Triangle(triangle) => polygons(&[triangle.to_polygon()])?,
            Geometry::GeometryCollection(_) => return Err(Unprojectable::Collection),
        };
        let bounds = match &shape {
            WorldShape::Points(points) => LineString::new(points.clone()).bounding_rect(),
            WorldShape::Lines(lines) => joined(lines.iter().map(|line| line.bounds)),
            WorldShape::Polygons(polygons) => joined(polygons.iter().flatten().map(|ring| ring.bounds)),
        };
        Ok(Self { shape, bounds })
    }

    /// A polygon of one ring, from its corners in world units (0..=1: east, then *south*), either way round;
    /// the ring closes itself.
    pub fn from_ring(corners: impl IntoIterator<Item = [f64; 2]>) -> Self {
        let mut corners: Vec<Coord<f64>> = corners.into_iter().map(|[x, y]| Coord { x, y }).collect();
        if twice_area(&corners) < 0.0 {
            corners.reverse();
        }
        let ring = WorldPath::new(corners, true);
        let bounds = ring.as_ref().map(WorldPath::bounds);
        Self { shape: WorldShape::Polygons(ring.into_iter().map(|ring| vec![ring]).collect()), bounds }
    }

    /// Bounding box in world units (0..=1, y *down*); none for an empty geometry.
    pub const fn bounds(&self) -> Option<Rect<f64>> {
        self.bounds
    }
}

impl WorldPath {
    fn new(vertices: Vec<Coord<f64>>, closed: bool) -> Option<Self> {
        let vertex = |i: usize| vertices.get(i).or(if closed { vertices.first() } else { None });
        let mut blocks = Vec::with_capacity(vertices.len() / BLOCK + 1);
        for start in (0..vertices.len()).step_by(BLOCK) {
            // A block owns the segment that leaves its last vertex, so it reaches one vertex into the next
            // block.
            let span = (start..=start + BLOCK).filter_map(vertex).copied();
            blocks.extend(span.collect::<LineString<f64>>().bounding_rect());
        }
        let bounds = joined(blocks.iter().copied())?;
        Some(Self { vertices, closed, blocks, bounds })
    }

    pub(crate) const fn bounds(&self) -> Rect<f64> {
        self.bounds
    }

    pub(crate) fn first(&self) -> Option<Coord<f64>> {
        self.vertices.first().copied()
    }

    /// The vertices after the first, block by block, a ring's ending with its first vertex again.
    pub(crate) fn blocks(
        &self,
    ) -> impl Iterator<Item = (Rect<f64>, impl DoubleEndedIterator<Item = Coord<f64>>)> {
        let n = self.vertices.len();
        let closing = self.vertices.first().filter(|_| self.closed);
        self.blocks.iter().enumerate().map(move |(block, bounds)| {
            let start = block * BLOCK + 1;
            let end = (start + BLOCK).min(n);
            let closing = closing.filter(|_| start + BLOCK > n);
            (*bounds, self.vertices.get(start..end).unwrap_or_default().iter().chain(closing).copied())
        })
    }
}

fn project(degrees: Coord<f64>) -> Result<Coord<f64>, Unprojectable> {
    WorldCoord::from_lon_lat(degrees)
        .map(WorldCoord::coord)
        .ok_or(Unprojectable::NotFinite { x: degrees.x, y: degrees.y })
}

fn lines(lines: &[LineString<f64>]) -> Result<WorldShape, Unprojectable> {
    let mut paths = Vec::with_capacity(lines.len());
    for line in lines {
        let vertices = line.coords().map(|coord| project(*coord)).collect::<Result<Vec<_>, _>>()?;
        paths.extend(WorldPath::new(vertices, false));
    }
    Ok(WorldShape::Lines(paths))
}

fn polygons(polygons: &[Polygon<f64>]) -> Result<WorldShape, Unprojectable> {
    let mut shape = Vec::with_capacity(polygons.len());
    for polygon in polygons {
        let Some(exterior) = ring(polygon.exterior(), true)? else {
            continue;
        };
        let mut rings = vec![exterior];
        for hole in polygon.interiors() {
            rings.extend(ring(hole, false)?);
        }
        shape.push(rings);
    }
    Ok(WorldShape::Polygons(shape))
}

/// Orients here and not after rounding: a ring that rounding turns inside out must be seen to have turned.
fn ring(ring: &LineString<f64>, exterior: bool) -> Result<Option<WorldPath>, Unprojectable> {
    let mut vertices = ring.coords().map(|coord| project(*coord)).collect::<Result<Vec<_>, _>>()?;
    if vertices.len() > 1 && vertices.first() == vertices.last() {
        vertices.pop();
    }
    if (twice_area(&vertices) > 0.0) != exterior {
        vertices.reverse();
    }
    Ok(WorldPath::new(vertices, true))
}

/// Twice the shoelace area, measured from the first vertex so that small rings keep their digits.
fn twice_area(vertices: &[Coord<f64>]) -> f64 {
    let Some(&origin) = vertices.first() else {
        return 0.0;
    };
    vertices
        .windows(2)
        .map(|pair| {
            let (a, b) = (pair[0] - origin, pair[1] - origin);
            a.x * b.y - a.y * b.x
        })
        .sum()
}

fn joined(boxes: impl Iterator<Item = Rect<f64>>) -> Option<Rect<f64>> {
    boxes.reduce(|a, b| {
        Rect::new(
            Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
            Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
        )
    })
}
