//! Geometry from commands: the paths of section 4.3 of the specification.

use super::wire::zigzag;
use super::{Fault, Rules};

/// Column and row in units of the tile.
pub type Point = (i64, i64);

/// Its vertices once each, in order, the first not repeated.
pub type Ring = Vec<Point>;

/// What a feature draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// The type `UNKNOWN`, of which the specification says nothing.
    Unknown,
    /// At least one.
    Points(Vec<Point>),
    /// Each of two vertices or more.
    Lines(Vec<Vec<Point>>),
    /// Each an exterior ring and its holes.
    Polygons(Vec<Polygon>),
}

/// An exterior ring, clockwise on the screen, and the holes written after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polygon {
    /// Its outline.
    pub exterior: Ring,
    /// Holes, against the clock on the screen.
    pub holes: Vec<Ring>,
}

impl Shape {
    /// Its type in the format.
    pub fn number(&self) -> u32 {
        match self {
            Self::Unknown => 0,
            Self::Points(_) => 1,
            Self::Lines(_) => 2,
            Self::Polygons(_) => 3,
        }
    }

    /// The vertices of each of its paths.
    pub fn paths(&self) -> Vec<&[Point]> {
        match self {
            Self::Unknown => Vec::new(),
            Self::Points(points) => vec![points],
            Self::Lines(lines) => lines.iter().map(Vec::as_slice).collect(),
            Self::Polygons(polygons) => polygons
                .iter()
                .flat_map(|polygon| [&polygon.exterior].into_iter().chain(&polygon.holes))
                .map(Vec::as_slice)
                .collect(),
        }
    }
}

/// Twice the signed area of a ring, by the surveyor's formula: positive clockwise on the screen.
pub(super) fn twice_area(ring: &[Point]) -> i128 {
    let next = ring.iter().cycle().skip(1);
    let wide = |n: i64| i128::from(n);
    ring.iter().zip(next).map(|(a, b)| wide(a.0) * wide(b.1) - wide(b.0) * wide(a.1)).sum()
}

const MOVE_TO: u32 = 1;
const LINE_TO: u32 = 2;
const CLOSE_PATH: u32 = 7;

/// Follows the commands of a feature of type `kind`.
pub(super) fn draw(kind: u32, commands: &[u32], rules: Rules) -> Result<Shape, Fault> {
    let mut pen = Pen { rest: commands, at: (0, 0) };
    match kind {
        0 => return Ok(Shape::Unknown),
        1 => {
            let count = pen.command(MOVE_TO)?;
            let mut points = Vec::new();
            for _ in 0..count {
                points.push(pen.go()?);
            }
            if !pen.rest.is_empty() {
                return Err(Fault::AfterPoints);
            }
            return Ok(Shape::Points(points));
        }
        2 | 3 => {}
        _ => return Err(Fault::Kind(kind)),
    }
    if commands.is_empty() {
        return Err(Fault::NoCommand);
    }
    let (mut lines, mut polygons) = (Vec::new(), Vec::<Polygon>::new());
    while !pen.rest.is_empty() {
        let path = pen.path(if kind == 2 { 1 } else { 2 })?;
        if kind == 2 {
            if rules == Rules::V1 && pen.rest.first().is_some_and(|command| command & 7 == CLOSE_PATH) {
                // It draws nothing: version 1 says nothing of its count, and tiles of the time have 0.
                pen.take();
            }
            lines.push(path);
            continue;
        }
        pen.close()?;
        if path.first() == path.last() {
            return Err(Fault::FirstRepeated(pen.at));
        }
        match (twice_area(&path), polygons.last_mut()) {
            (0, _) => return Err(Fault::NoArea(path[0])),
            (1.., _) => polygons.push(Polygon { exterior: path, holes: Vec::new() }),
            (..0, Some(polygon)) => polygon.holes.push(path),
            (..0, None) => return Err(Fault::HoleFirst(path[0])),
        }
    }
    Ok(if kind == 2 { Shape::Lines(lines) } else { Shape::Polygons(polygons) })
}

struct Pen<'a> {
    rest: &'a [u32],
    at: Point,
}

impl Pen<'_> {
    fn take(&mut self) -> Option<u32> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// The count of the next command, which must be of this kind.
    fn command(&mut self, expected: u32) -> Result<u32, Fault> {
        let command = self.take().ok_or(Fault::NoCommand)?;
        let (found, count) = (command & 7, command >> 3);
        if found != expected {
            return Err(Fault::Command { expected, found });
        }
        if count == 0 { Err(Fault::Count { command: found, count }) } else { Ok(count) }
    }

    fn single(&mut self, expected: u32) -> Result<(), Fault> {
        let count = self.command(expected)?;
        if count == 1 { Ok(()) } else { Err(Fault::Count { command: expected, count }) }
    }

    fn close(&mut self) -> Result<(), Fault> {
        self.single(CLOSE_PATH)
    }

    fn go(&mut self) -> Result<Point, Fault> {
        let (Some(dx), Some(dy)) = (self.take(), self.take()) else {
            return Err(Fault::ParametersEnd);
        };
        self.at = (self.at.0 + zigzag(dx.into()), self.at.1 + zigzag(dy.into()));
        Ok(self.at)
    }

    /// A `MoveTo` and a `LineTo` of at least so many segments, all of some length.
    fn path(&mut self, least: u32) -> Result<Vec<Point>, Fault> {
        self.single(MOVE_TO)?;
        let mut path = vec![self.go()?];
        let count = self.command(LINE_TO)?;
        if count < least {
            return Err(Fault::Count { command: LINE_TO, count });
        }
        for _ in 0..count {
            let before = self.at;
            let after = self.go()?;
            if before == after {
                return Err(Fault::NoLength(after));
            }
            path.push(after);
        }
        Ok(path)
    }
}
