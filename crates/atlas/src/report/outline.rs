//! Outlines as SVG paths on a coarse grid, so that a région fits in a page.
//!
//! Every vertex is rounded to the grid by itself, so neighbours that share a border share its picture: no
//! gap opens between them. What rounds to less than a triangle is drawn as the point or line it became.

use geo::{Coord, Geometry, LineString};
use territory::Frame;

use super::words::Inscribe;

/// The outline of a geometry: integers of a grid that has `grid` steps in a unit of the frame.
pub(super) fn path(geometry: &Geometry, frame: &Frame, grid: f64, out: &mut String) {
    match geometry {
        Geometry::Polygon(polygon) => {
            ring(polygon.exterior(), frame, grid, out);
            polygon.interiors().iter().for_each(|hole| ring(hole, frame, grid, out));
        }
        Geometry::MultiPolygon(polygons) => {
            for polygon in polygons {
                ring(polygon.exterior(), frame, grid, out);
                polygon.interiors().iter().for_each(|hole| ring(hole, frame, grid, out));
            }
        }
        _ => {}
    }
}

fn ring(ring: &LineString, frame: &Frame, grid: f64, out: &mut String) {
    let rounded = |coord: &Coord| {
        let [across, down] = frame.place(*coord);
        [(across * grid).round() as i32, (down * grid).round() as i32]
    };
    let mut kept: Vec<[i32; 2]> = Vec::new();
    for point in ring.coords().map(rounded) {
        while kept.last() == Some(&point) || kept.len() > 1 && between(&kept[kept.len() - 2..], point) {
            kept.pop();
        }
        kept.push(point);
    }
    let Some(&[x, y]) = kept.first() else { return };
    out.inscribe(format_args!("M{x} {y}"));
    let mut last = [x, y];
    // The ring comes back to its start: `z` draws that step.
    let end = if kept.len() > 1 && kept.last() == kept.first() { kept.len() - 1 } else { kept.len() };
    for &[x, y] in &kept[1.min(end)..end] {
        let [dx, dy] = [x - last[0], y - last[1]];
        match (dx, dy) {
            (_, 0) => out.inscribe(format_args!("h{dx}")),
            (0, _) => out.inscribe(format_args!("v{dy}")),
            (_, 1..) => out.inscribe(format_args!("l{dx} {dy}")),
            _ => out.inscribe(format_args!("l{dx}{dy}")),
        }
        last = [x, y];
    }
    out.push('z');
}

/// Whether the last of two points lies on the way from the first to a third.
fn between(two: &[[i32; 2]], [x, y]: [i32; 2]) -> bool {
    let ([ax, ay], [bx, by]) = (two[0], two[1]);
    let cross = i64::from(bx - ax) * i64::from(y - by) - i64::from(by - ay) * i64::from(x - bx);
    let along = i64::from(bx - ax) * i64::from(x - bx) + i64::from(by - ay) * i64::from(y - by);
    cross == 0 && along >= 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Polygon;
    use territory::{Extent, Position};

    fn drawn(corners: &[(f64, f64)], grid: f64) -> String {
        let at = |lon, lat| Position::from_lon_lat(lon, lat).expect("on Earth");
        let frame = Frame::new(Extent::new(at(-1.0, -1.0), at(1.0, 1.0)).expect("a box"), 0.0, 100.0, 100.0);
        let line = corners.iter().map(|&(lon, lat)| at(lon, lat).coord()).collect();
        let mut out = String::new();
        path(&Geometry::Polygon(Polygon::new(line, Vec::new())), &frame, grid, &mut out);
        out
    }

    #[test]
    fn a_square_is_three_steps_and_points_on_its_sides_are_left_out() {
        let square = [(-1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)];
        assert_eq!(drawn(&square, 1.0), "M0 0h100v100h-100z");
        assert_eq!(drawn(&square, 0.1), "M0 0h10v10h-10z");
    }

    #[test]
    fn a_shape_smaller_than_the_grid_becomes_a_point_and_is_not_lost() {
        assert_eq!(drawn(&[(0.0, 0.0), (0.001, 0.0), (0.0, 0.001)], 1.0), "M50 50z");
    }
}
