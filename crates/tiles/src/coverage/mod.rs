//! Shapes that tile the ground, drawn at each zoom without a gap or an overlap.
//!
//! Simplified or rounded one by one, neighbours drift apart. Here the borders between them are taken out
//! once ([`arcs`]), told from which zoom each of their vertices is worth keeping ([`simplify`]), put on the
//! grid of a zoom as one drawing ([`snap`]), and only then made into shapes again ([`level`]), for which tiles
//! are windows ([`window`]). Groups of shapes (the EPCI of communes) are drawn from the same borders, so that
//! they agree with their members.
//!
//! *What may disappear at a zoom.* An island, a lake or an enclave of its own ring that covers less than four
//! square units (a sixteenth of a pixel) and is not the largest part of any shape: an island goes to the sea,
//! an enclave to what is around it, until the zoom where it is large enough. A shape of less than about a
//! unit that rounding flattens; its ground goes to its neighbours.

mod arcs;
mod buckets;
mod crossing;
mod level;
mod lines;
mod simplify;
mod snap;
mod window;

use geo::MultiPolygon;

pub use level::Level;

use crate::world::Unprojectable;
use arcs::Arcs;

/// The zoom at which every vertex is kept; deeper tiles are stretched from it. A unit of it is 2.4 m at the
/// equator.
pub const FINEST: u8 = 12;

/// Shapes that share borders, ready to be drawn at any zoom.
///
/// They are expected to tile the ground: where two overlap both are drawn whole, where they leave a gap it
/// stays.
#[derive(Clone, Debug)]
pub struct Coverage {
    arcs: Arcs,
    /// The zoom from which each vertex is kept.
    zooms: Vec<u8>,
    /// The zoom from which each arc is.
    kept_from: Vec<u8>,
}

impl Coverage {
    /// Takes apart shapes in degrees (x = longitude, y = latitude); an empty one is allowed. Each is known by
    /// its rank, its row.
    ///
    /// # Errors
    /// [`Unprojectable`] when a coordinate is not finite.
    pub fn new(shapes: &[&MultiPolygon]) -> Result<Self, Unprojectable> {
        let arcs = Arcs::of(shapes)?;
        let zooms = simplify::zooms(&arcs);
        let kept_from = simplify::kept_from(&arcs);
        Ok(Self { arcs, zooms, kept_from })
    }

    /// The shapes at a zoom, deeper ones than [`FINEST`] being drawn as at it; `groups` gives the row that
    /// each shape belongs to in the drawing, none for a shape that is not in it.
    pub fn level(&self, zoom: u8, groups: &[Option<u32>]) -> Level {
        Level::new(&self.arcs, &self.zooms, &self.kept_from, zoom.min(FINEST), groups)
    }
}

#[cfg(test)]
mod tests;
