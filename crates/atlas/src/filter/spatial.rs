//! Spatial predicates and their literals: boxes and well-known text.

use geo::{Geometry, GeometryCollection, MultiLineString, MultiPoint, MultiPolygon, Polygon};
use territory::Position;

use super::lexer::Token;
use super::parse::{Parser, negate};
use super::wkt::{self, Shape};
use super::{Expression, Refused, Spatial};
use crate::property::GEOMETRY;

impl Parser<'_> {
    pub(super) fn presence_of_geometry(&mut self) -> Result<Expression, Refused> {
        let is = self.takes_word("IS");
        let negated = is && self.takes_word("NOT");
        if is && self.takes_word("NULL") {
            Ok(negate(negated, Expression::HasNoGeometry))
        } else {
            Err(self.refused("geometry stands in S_INTERSECTS or before IS NULL only"))
        }
    }

    pub(super) fn intersects(&mut self) -> Result<Expression, Refused> {
        self.next();
        self.expect("(")?;
        let left = self.spatial()?;
        self.expect(",")?;
        let right = self.spatial()?;
        self.expect(")")?;
        Ok(Expression::Intersects(left, right))
    }

    fn spatial(&mut self) -> Result<Spatial, Refused> {
        if self.call().as_deref() == Some("BBOX") {
            let at = self.at();
            self.next();
            let numbers = self.list(Self::number)?;
            let corners = match *numbers.as_slice() {
                [west, south, east, north] => Some([west, south, east, north]),
                [west, south, low, east, north, high] if low <= high => Some([west, south, east, north]),
                _ => None,
            };
            let shape = corners.and_then(Shape::bbox);
            let expected = "expected BBOX(west,south,east,north) in degrees, south < north";
            return shape.map(Spatial::Literal).ok_or_else(|| Refused::at(at, expected));
        }
        match self.peek() {
            Some(Token::Word(name) | Token::Quoted(name)) if name == GEOMETRY => {
                self.next();
                Ok(Spatial::Geometry)
            }
            _ => self.geometry().map(|geometry| Spatial::Literal(Shape::new(geometry))),
        }
    }

    fn geometry(&mut self) -> Result<Geometry, Refused> {
        let at = self.at();
        let Some(Token::Word(name)) = self.next() else {
            return Err(Refused::at(at, "expected geometry, BBOX(…), POINT(…), POLYGON(…)"));
        };
        self.takes_word("Z");
        let one = |geometries: Vec<Geometry>| Geometry::GeometryCollection(GeometryCollection(geometries));
        Ok(match name.to_ascii_uppercase().as_str() {
            "POINT" => {
                self.expect("(")?;
                let position = self.position()?;
                self.expect(")")?;
                wkt::point(position)
            }
            "LINESTRING" => Geometry::LineString(wkt::line(&self.line()?)),
            "POLYGON" => Geometry::Polygon(self.polygon()?),
            "MULTIPOINT" => {
                let positions = self.list(Self::multipoint_member)?;
                Geometry::MultiPoint(MultiPoint(wkt::line(&positions).into_points()))
            }
            "MULTILINESTRING" => {
                let lines = self.list(Self::line)?;
                Geometry::MultiLineString(MultiLineString(lines.iter().map(|line| wkt::line(line)).collect()))
            }
            "MULTIPOLYGON" => Geometry::MultiPolygon(MultiPolygon(self.list(Self::polygon)?)),
            "GEOMETRYCOLLECTION" => one(self.deeper(|parser| parser.list(Self::geometry))?),
            "ENVELOPE" => {
                return Err(Refused::at(at, "ENVELOPE is not understood: write BBOX(west,south,east,north)"));
            }
            _ => return Err(Refused::at(at, "expected geometry, BBOX(…), POINT(…), POLYGON(…)")),
        })
    }

    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, Refused>) -> Result<Vec<T>, Refused> {
        self.expect("(")?;
        let mut items = vec![item(self)?];
        while self.takes_symbol(",") {
            items.push(item(self)?);
        }
        self.expect(")")?;
        Ok(items)
    }

    fn number(&mut self) -> Result<f64, Refused> {
        let at = self.at();
        match self.next() {
            Some(Token::Number(number)) => Ok(*number),
            _ => Err(Refused::at(at, "expected a number")),
        }
    }

    /// Longitude and latitude; a height is read over, features have none.
    fn position(&mut self) -> Result<Position, Refused> {
        let at = self.at();
        let (lon, lat) = (self.number()?, self.number()?);
        if matches!(self.peek(), Some(Token::Number(_))) {
            self.next();
        }
        Position::from_lon_lat(lon, lat).map_err(|refused| Refused::at(at, refused))
    }

    /// A point of a multipoint, with its parentheses or without.
    fn multipoint_member(&mut self) -> Result<Position, Refused> {
        if !self.takes_symbol("(") {
            return self.position();
        }
        let position = self.position()?;
        self.expect(")")?;
        Ok(position)
    }

    fn line(&mut self) -> Result<Vec<Position>, Refused> {
        let at = self.at();
        let positions = self.list(Self::position)?;
        if positions.len() < 2 {
            return Err(Refused::at(at, "a line has two points or more"));
        }
        Ok(positions)
    }

    fn polygon(&mut self) -> Result<Polygon, Refused> {
        let mut rings = self.list(Self::ring)?;
        let exterior = rings.remove(0);
        Ok(Polygon::new(wkt::line(&exterior), rings.iter().map(|ring| wkt::line(ring)).collect()))
    }

    fn ring(&mut self) -> Result<Vec<Position>, Refused> {
        let at = self.at();
        let positions = self.list(Self::position)?;
        if positions.len() < 4 || positions.first() != positions.last() {
            return Err(Refused::at(at, "a ring has four points or more and ends where it began"));
        }
        Ok(positions)
    }
}
