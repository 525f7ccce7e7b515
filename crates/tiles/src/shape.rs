//! What a tile holds of one feature.

use std::sync::Arc;

use geo::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use crate::archive::tile_id;
use crate::clip::BUFFER;
use crate::coord::TileCoord;
use crate::ring::{Ring, Rings, Vertex, start_away_from, twice_area};

/// A geometry in tile units (x east, y *down*, 0..4096 in the tile, −80..=4176 with its buffer), valid by MVT
/// 2.1.
///
/// Made only by [`cut`](crate::cut()), never empty, and ready to be written as it is: nothing in the encoder
/// changes a vertex. A clone shares the vertices, four bytes each; keep one for each feature and tile when
/// only properties change.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TileGeometry(Arc<Flat>);

/// Bits of each axis of the curve along which features are ordered: a tile and its buffer have 4,257 places a
/// side.
const CURVE_BITS: u8 = 13;

/// The three kinds of geometry of a vector tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One or several points, no two the same.
    Points,
    /// One or several lines of two vertices or more, no segment of length zero, none starting where the one
    /// before it ended.
    Lines,
    /// One or several polygons: each an exterior of positive area (y down), then its holes, of negative area.
    Polygons,
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Flat {
    kind: Kind,
    vertices: Box<[Vertex]>,
    /// One past the last vertex of each line or ring; of the single part for points.
    ends: Box<[u32]>,
}

impl TileGeometry {
    /// From points inside the buffer; repeats are dropped.
    pub(crate) fn points(mut points: Vec<Vertex>) -> Option<Self> {
        let mut seen = std::collections::BTreeSet::new();
        points.retain(|point| seen.insert((point.x, point.y)));
        Self::flat(Kind::Points, [points])
    }

    /// From clipped lines. A line that starts where the one before it ended continues it: they are the same
    /// line to the eye.
    pub(crate) fn lines(lines: Vec<Ring>) -> Option<Self> {
        let mut joined: Vec<Ring> = Vec::with_capacity(lines.len());
        for line in lines {
            match joined.last_mut() {
                Some(before) if before.last() == line.first() => before.extend(line.into_iter().skip(1)),
                _ => joined.push(line),
            }
        }
        Self::flat(Kind::Lines, joined)
    }

    /// From valid polygons, exterior first.
    pub(crate) fn polygons(polygons: Vec<Rings>) -> Option<Self> {
        let mut pen = None;
        let rings = polygons.into_iter().flatten().map(|mut ring| {
            start_away_from(&mut ring, pen);
            pen = ring.last().copied();
            ring
        });
        Self::flat(Kind::Polygons, rings)
    }

    fn flat(kind: Kind, parts: impl IntoIterator<Item = Ring>) -> Option<Self> {
        let (mut vertices, mut ends) = (Vec::new(), Vec::new());
        for part in parts {
            vertices.extend(part);
            ends.push(vertices.len() as u32);
        }
        if vertices.is_empty() {
            return None;
        }
        Some(Self(Arc::new(Flat { kind, vertices: vertices.into(), ends: ends.into() })))
    }

    /// Points, lines or polygons.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// All vertices, in the order they are written.
    pub fn vertices(&self) -> &[Coord<i16>] {
        &self.0.vertices
    }

    /// Where its first vertex is along a Hilbert curve over the tile and its buffer: features written in this
    /// order have near neighbours, and compress better.
    pub fn place_on_curve(&self) -> u64 {
        let place = |at: i16| (i32::from(at) + i32::from(BUFFER)).unsigned_abs();
        let cell =
            self.0.vertices.first().and_then(|v| TileCoord::new(CURVE_BITS, place(v.x), place(v.y)).ok());
        cell.map_or(0, tile_id)
    }

    /// The lines, or the rings (exterior, its holes, next exterior…) without their closing vertex, or all
    /// points as one part.
    pub fn parts(&self) -> impl ExactSizeIterator<Item = &[Coord<i16>]> {
        let mut start = 0;
        self.0.ends.iter().map(move |&end| {
            let part = self.0.vertices.get(start..end as usize).unwrap_or_default();
            start = end as usize;
            part
        })
    }

    /// The same as a geometry of `geo`, always a multi one, in tile units with y *down*: exteriors turn
    /// clockwise on the screen.
    pub fn to_geo(&self) -> Geometry<i32> {
        let coord = |v: &Vertex| Coord { x: i32::from(v.x), y: i32::from(v.y) };
        let path = |part: &[Vertex]| LineString::new(part.iter().map(coord).collect());
        match self.0.kind {
            Kind::Points => MultiPoint::new(self.0.vertices.iter().map(|v| Point(coord(v))).collect()).into(),
            Kind::Lines => MultiLineString::new(self.parts().map(path).collect()).into(),
            Kind::Polygons => {
                let mut polygons: Vec<Polygon<i32>> = Vec::new();
                for ring in self.parts() {
                    match polygons.last_mut() {
                        Some(polygon) if twice_area(ring) < 0 => polygon.interiors_push(path(ring)),
                        _ => polygons.push(Polygon::new(path(ring), Vec::new())),
                    }
                }
                MultiPolygon::new(polygons).into()
            }
        }
    }
}
