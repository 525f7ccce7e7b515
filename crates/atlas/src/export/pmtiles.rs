//! `PMTiles`: every tile of some layers for an inquiry, in one file that any file host can serve.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use serde_json::json;
use territory::Extent;
use tiles::TileCoord;
use tiles::archive::{Metadata, Writer, compress, tile_id};

use super::provenance;
use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::record::LayerTable;
use crate::tile::TileAddress;
use crate::tilejson::vector_layer;

/// The last zoom of an archive: a unit of its tiles is 1.7 m at 45° north, and each zoom more is four times the
/// tiles. A client stretches them beyond.
pub const LAST_ZOOM: u8 = 12;

/// Tiles that wait to be written, at most.
const WAITING: usize = 64;

pub use tiles::archive::Written;

/// All the tiles of some layers for an inquiry.
pub struct Pyramid<'a> {
    atlas: &'a Atlas,
    layers: TileAddress,
    inquiry: &'a Inquiry,
    tables: Vec<Arc<LayerTable>>,
    last_zoom: u8,
}

impl<'a> Pyramid<'a> {
    /// The tiles of layers from zoom 0 to a last one; what they hold is computed here.
    pub fn new(
        atlas: &'a Atlas,
        layers: &[Layer],
        inquiry: &'a Inquiry,
        last_zoom: u8,
    ) -> Result<Self, AtlasError> {
        let layers: TileAddress = layers.iter().copied().collect();
        if let Some(&layer) = layers.layers().iter().find(|&&layer| !atlas.has(layer)) {
            return Err(AtlasError::NoSource(layer));
        }
        let tables = layers.layers().iter().map(|&layer| atlas.table(layer, inquiry));
        let tables = tables.collect::<Result<_, _>>()?;
        Ok(Self { atlas, layers, inquiry, tables, last_zoom })
    }

    /// The tiles that may hold something, in the order of an archive: those near a feature.
    pub fn tiles(&self) -> Vec<TileCoord> {
        let mut all = Vec::new();
        let mut level = vec![TileCoord::WORLD];
        for zoom in 0..=self.last_zoom {
            level.retain(|&tile| self.tables.iter().any(|table| table.is_near(tile)));
            if self.layers.layers().iter().any(|layer| layer.min_zoom() <= zoom) {
                all.extend(&level);
            }
            level = level.into_iter().filter_map(TileCoord::children).flatten().collect();
        }
        all.sort_by_key(|&tile| tile_id(tile));
        all
    }

    /// Writes the archive; `told` hears how many tiles are done, of how many.
    ///
    /// Tiles are made on as many threads as there are cores; the same pyramid makes the same bytes.
    pub fn write(&self, out: &mut dyn Write, told: &mut dyn FnMut(usize, usize)) -> io::Result<Written> {
        let metadata = self.metadata().map_err(io::Error::other)?;
        let mut archive = Writer::create(out, metadata)?;
        let tiles = self.tiles();
        let next = AtomicUsize::new(0);
        let (send, receive) = sync_channel(WAITING);
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        // Not on the threads of surfaces, whose work could wait for a tile that waits for it.
        std::thread::scope(|scope| {
            for _ in 0..threads {
                let (send, next, tiles) = (send.clone(), &next, &tiles);
                scope.spawn(move || {
                    while let Some(&tile) = tiles.get(next.fetch_add(1, Ordering::Relaxed)) {
                        // Nobody listens any more once the file cannot be written.
                        if send.send((tile, self.make(tile))).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(send);
            let receive = receive;
            for (done, (tile, made)) in receive.iter().enumerate() {
                if let Some(bytes) = made? {
                    archive.add(tile, &bytes).map_err(io::Error::other)?;
                }
                told(done + 1, tiles.len());
            }
            Ok::<_, io::Error>(())
        })?;
        archive.finish().map_err(io::Error::other)
    }

    fn make(&self, tile: TileCoord) -> io::Result<Option<Vec<u8>>> {
        let made = self.atlas.tile(&self.layers, tile, self.inquiry).map_err(io::Error::other)?;
        made.map(|bytes| compress(&bytes)).transpose()
    }

    fn metadata(&self) -> Result<Metadata, AtlasError> {
        let extents = self.tables.iter().flat_map(|table| (0..table.len()).filter_map(|n| table.extent(n)));
        let extent = extents.reduce(Extent::union);
        // Of a perimeter that oceans scatter, its first part.
        let scope = self.atlas.scope(self.inquiry)?;
        let view = self.atlas.views(scope.communes()).first().map(|view| view.bbox);
        let [west, south, east, north] = extent.map_or([0.0; 4], Extent::bbox);
        let center = view.unwrap_or([west, south, east, north]);
        let layers: Vec<&str> = self.layers.layers().iter().map(|layer| layer.slug()).collect();
        let titles: Vec<&str> = self.layers.layers().iter().map(|layer| layer.title()).collect();
        let described = self.layers.layers().iter().map(|&layer| vector_layer(layer, self.last_zoom));
        let json = json!({
            "name": layers.join(","),
            "description": format!("{}. {}", titles.join(", "), provenance(self.atlas, self.inquiry)),
            "type": "overlay",
            "attribution": self.atlas.attribution(),
            "generator": "maillage",
            "atlas": self.atlas.id(),
            "question": self.inquiry.to_string(),
            "method": self.atlas.method(self.inquiry)?.slug(),
            "vector_layers": described.collect::<Vec<_>>(),
        });
        Ok(Metadata {
            json: json.to_string(),
            bounds: extent.map_or_else(nowhere, Extent::rect),
            center: (f64::midpoint(center[0], center[2]), f64::midpoint(center[1], center[3]), FIRST_VIEW),
        })
    }
}

/// The zoom at which a viewer starts: that from which communes are drawn.
const FIRST_VIEW: u8 = 7;

/// The box of a pyramid that holds nothing.
fn nowhere() -> geo::Rect {
    geo::Rect::new([0.0, 0.0], [0.0, 0.0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::tests::plain_tables;

    fn atlas() -> Atlas {
        Atlas::new(plain_tables(4, 3), "0".to_owned())
    }

    fn written(atlas: &Atlas, layers: &[Layer], inquiry: &Inquiry) -> (Vec<u8>, Written) {
        let mut bytes = Vec::new();
        let pyramid = Pyramid::new(atlas, layers, inquiry, 11).expect("a pyramid");
        let written = pyramid.write(&mut bytes, &mut |_, _| {}).expect("written");
        (bytes, written)
    }

    #[test]
    fn the_tiles_near_features_are_all_those_that_hold_something() {
        let (atlas, inquiry) = (atlas(), Inquiry::default());
        for layers in [&[Layer::Communes][..], &[Layer::Venues], &[Layer::Cells, Layer::Labels]] {
            let pyramid = Pyramid::new(&atlas, layers, &inquiry, 8).expect("a pyramid");
            let address: TileAddress = layers.iter().copied().collect();
            let near = pyramid.tiles();
            for z in 0..=8 {
                // The twin asks for every tile of the zoom there is.
                for (x, y) in (0..1 << z).flat_map(|x| (0..1 << z).map(move |y| (x, y))) {
                    let tile = TileCoord::new(z, x, y).expect("in the matrix");
                    let held = atlas.tile(&address, tile, &inquiry).expect("a tile").is_some();
                    assert!(!held || near.contains(&tile), "{tile} of {layers:?} is left out");
                }
            }
            assert!(near.len() < 200, "{} tiles for a plain of some kilometres", near.len());
        }
    }

    #[test]
    fn the_same_pyramid_makes_the_same_bytes() {
        let (atlas, inquiry) = (atlas(), Inquiry::default());
        let layers = [Layer::Communes, Layer::Venues];
        let (bytes, told) = written(&atlas, &layers, &inquiry);
        assert!(told.tiles > 5 && told.bytes == bytes.len() as u64, "{told:?}");
        assert!(bytes == written(&atlas, &layers, &inquiry).0);
    }

    #[test]
    fn progress_ends_with_all_tiles_done() {
        let (atlas, inquiry) = (atlas(), Inquiry::default());
        let pyramid = Pyramid::new(&atlas, &[Layer::Communes], &inquiry, 9).expect("a pyramid");
        let mut last = (0, 0);
        pyramid.write(&mut io::sink(), &mut |done, of| last = (done, of)).expect("written");
        assert_eq!(last, (pyramid.tiles().len(), pyramid.tiles().len()));
    }

    #[test]
    fn a_layer_without_data_is_refused_and_a_question_without_zones_makes_an_archive_without_tiles() {
        let atlas = atlas();
        let inquiry = Inquiry::default();
        let refused = Pyramid::new(&atlas, &[Layer::PriorityAreas], &inquiry, 9).map(|_| ());
        assert_eq!(refused, Err(AtlasError::NoSource(Layer::PriorityAreas)));
        let inquiry = Inquiry::parse("minutes=120").expect("a question");
        let (_, told) = written(&atlas, &[Layer::Zones], &inquiry);
        assert_eq!(told.tiles, 0);
    }

    #[test]
    fn a_full_disk_ends_the_work_with_its_error() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (atlas, inquiry) = (atlas(), Inquiry::default());
        let pyramid = Pyramid::new(&atlas, &[Layer::Communes], &inquiry, 9).expect("a pyramid");
        assert!(pyramid.write(&mut Full, &mut |_, _| {}).is_err());
    }
}
