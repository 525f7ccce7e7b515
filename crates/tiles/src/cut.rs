//! One geometry, one tile.

use crate::TileCoord;
use crate::clip;
use crate::mercator::TileGrid;
use crate::repair::repair;
use crate::ring::Rings;
use crate::shape::TileGeometry;
use crate::world::{WorldGeometry, WorldPath, WorldShape};

/// What a tile and its buffer of [`BUFFER`](crate::BUFFER) units hold of a geometry; none when that is
/// nothing.
///
/// *Rounding.* Every vertex goes to the nearest tile unit on the grid of the whole zoom. Tiles that both hold
/// it agree on it, and so do polygons that share it. A border cut at the buffer's edge is cut at the same
/// point for the polygons on both sides of it.
///
/// *Polygons* come out valid. Where rounding makes one touch or cross itself, that place and no other is
/// repaired: both sides of a shared border keep the same vertices wherever neither needs repair, and a
/// repaired fold goes to one side, never to none. A polygon, part or hole that rounding flattens to no area
/// is absent from the tile: **below about one unit a polygon is dropped**, and the caller who must not lose
/// it shows a parent or a point instead.
///
/// *Lines* keep their direction; a line shorter than one unit is dropped. Parts that follow each other are
/// joined.
///
/// *Points* lie in the core, 0..4096 on both axes (the far edges belong to the next tile), of exactly one
/// tile of a zoom, and also in the buffer of its neighbours, so that a symbol at the edge is drawn whole.
/// Count features in the core only.
pub fn cut(geometry: &WorldGeometry, tile: TileCoord) -> Option<TileGeometry> {
    let grid = TileGrid::of(tile);
    match &geometry.shape {
        WorldShape::Points(points) => {
            let places = points.iter().map(|&point| grid.round_into_matrix(point));
            TileGeometry::points(places.filter(|&place| clip::holds(place)).map(clip::clamp).collect())
        }
        WorldShape::Lines(lines) => {
            let mut parts = Vec::new();
            for line in lines {
                clip::line(line, grid, &mut parts);
            }
            TileGeometry::lines(parts)
        }
        WorldShape::Polygons(polygons) => {
            let clipped = polygons.iter().map(|rings| clip_rings(rings, grid)).collect();
            TileGeometry::polygons(repair(clipped))
        }
    }
}

fn clip_rings(rings: &[WorldPath], grid: TileGrid) -> Rings {
    let Some((exterior, holes)) = rings.split_first() else {
        return Rings::new();
    };
    let exterior = clip::ring(exterior, grid);
    if exterior.is_empty() {
        return Rings::new();
    }
    std::iter::once(exterior).chain(holes.iter().map(|hole| clip::ring(hole, grid))).collect()
}
