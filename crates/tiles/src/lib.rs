//! Clips, quantizes and encodes features for one tile of a map: degrees in, [Mapbox Vector Tile 2.1] bytes
//! out; and many tiles in one archive.
//!
//! Knows no commune, no venue, no layer of ours and no request.
//!
//! | in the field's words | here |
//! |---|---|
//! | XYZ or slippy tile address, `z/x/y` | [`TileCoord`] |
//! | Web Mercator, EPSG:3857, as a unit square with y down | [`mercator::WorldCoord`] |
//! | a feature's geometry, projected once and kept | [`WorldGeometry`] |
//! | clip, quantize or snap, make valid | [`cut`](cut()) |
//! | coverage, topology; generalisation, simplification | [`Coverage`], [`Level`] |
//! | extent (grid of a tile), buffer | [`EXTENT`], [`BUFFER`] |
//! | geometry in tile coordinates | [`TileGeometry`] |
//! | feature, attributes or tags | [`TileFeature`], [`Value`] |
//! | layer | [`LayerBuilder`] |
//! | label point, pole of inaccessibility | [`pole`](pole()) |
//! | `.mvt`, `.pbf` | the bytes of [`encode`](encode()) |
//! | `.pmtiles` | what an [`archive::Writer`] writes |
//!
//! ```
//! use geo::{Geometry, polygon};
//! use tiles::{LayerBuilder, TileCoord, TileFeature, WorldGeometry, cut, encode};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Longitude first, as in GeoJSON.
//! let lake: Geometry = polygon![(x: 6.45, y: 46.40), (x: 6.85, y: 46.40), (x: 6.60, y: 46.52)].into();
//! let lake = WorldGeometry::from_lon_lat(&lake)?;
//! let tile = TileCoord::new(9, 265, 181)?;
//!
//! let mut layer = LayerBuilder::new("lakes")?;
//! if let Some(geometry) = cut(&lake, tile) {
//!     layer.add(TileFeature { id: 1, geometry: &geometry, properties: vec![("name", "Léman".into())] })?;
//! }
//! assert!(!encode([layer])?.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! [Mapbox Vector Tile 2.1]: https://github.com/mapbox/vector-tile-spec/tree/master/2.1

pub mod archive;
mod clip;
mod contact;
pub mod coord;
mod coverage;
mod cut;
mod encode;
pub mod mercator;
mod pole;
mod repair;
mod ring;
mod shape;
mod trace;
mod valid;
mod value;
mod wire;
mod world;

/// Units across a tile, without its buffer.
pub const EXTENT: u16 = 4096;

pub use clip::BUFFER;
pub use coord::{MAX_ZOOM, OutsideMatrix, TileCoord};
pub use coverage::{Coverage, FINEST, Level};
pub use cut::cut;
pub use encode::{EncodeError, LayerBuilder, TileFeature, encode};
pub use pole::pole;
pub use shape::{Kind, TileGeometry};
pub use value::{Value, ValueKind};
pub use world::{Unprojectable, WorldGeometry};
