//! The tiles a page shows first: of the usual question, from afar.

use std::collections::BTreeSet;

use geo::{Coord, CoordsIter};
use tiles::mercator::WorldCoord;
use tiles::{FINEST, TileCoord};

use crate::atlas::Atlas;
use crate::layer::Layer;
use crate::tile::TileAddress;

/// The last zoom of which a first view holds every tile: a région fills a screen.
const LAST_ZOOM: u8 = 8;

/// The layers drawn from the borders of communes.
const BORDERED: [Layer; 4] = [Layer::Regions, Layer::Departements, Layer::Epcis, Layer::Communes];

impl Atlas {
    /// The sources of a style, each with the layers of its tiles.
    pub(crate) fn style_sources(&self) -> Vec<(&'static str, TileAddress)> {
        let mut sources = vec![
            ("areas", TileAddress::of(&BORDERED)),
            ("cells", TileAddress::of(&[Layer::Cells])),
            ("zones", TileAddress::of(&[Layer::Zones])),
            ("venues", TileAddress::of(&[Layer::Venues])),
            ("labels", TileAddress::of(&[Layer::Labels])),
        ];
        if self.has(Layer::PriorityAreas) {
            sources.push(("priority-areas", TileAddress::of(&[Layer::PriorityAreas])));
        }
        sources
    }

    /// The tiles a page may show of the usual question up to zoom 8, wherever there is a commune, the widest
    /// first; then one of areas of each deeper zoom, since the first of a zoom draws all its borders.
    pub fn first_view(&self) -> Vec<(TileAddress, TileCoord)> {
        let sources = self.style_sources();
        let mut view = Vec::new();
        for zoom in 0..=LAST_ZOOM {
            let drawn = sources
                .iter()
                // The page draws cells from nearer.
                .filter(|(_, address)| address.layers() != [Layer::Cells])
                .filter(|(_, address)| address.layers().iter().any(|layer| layer.min_zoom() <= zoom));
            let addresses: Vec<&TileAddress> = drawn.map(|(_, address)| address).collect();
            for tile in self.tiles_of_communes(zoom) {
                view.extend(addresses.iter().map(|&address| (address.clone(), tile)));
            }
        }
        let mut inside = self.gazetteer().communes().iter().filter(|commune| commune.epci.is_some());
        let corner = inside.find_map(|commune| commune.shape.as_ref()?.exterior_coords_iter().next());
        let deeper = LAST_ZOOM + 1..=FINEST;
        let deepest = deeper.filter_map(|zoom| {
            let [x, y] = column_and_row(corner?, zoom)?;
            Some((TileAddress::of(&BORDERED), TileCoord::new(zoom, x, y).ok()?))
        });
        view.extend(deepest);
        view
    }

    /// The tiles of a zoom that the box around some commune touches.
    fn tiles_of_communes(&self, zoom: u8) -> BTreeSet<TileCoord> {
        let last = (1u32 << zoom) - 1;
        let tile = |corner| column_and_row(corner, zoom);
        let mut tiles = BTreeSet::new();
        for extent in self.extents.iter().flatten() {
            let rect = extent.rect();
            let (Some([west, south]), Some([east, north])) = (tile(rect.min()), tile(rect.max())) else {
                continue;
            };
            for x in west..=east.min(last) {
                tiles.extend((north..=south.min(last)).filter_map(|y| TileCoord::new(zoom, x, y).ok()));
            }
        }
        tiles
    }
}

/// Those of a tile of a zoom, of a position in degrees.
fn column_and_row(degrees: Coord, zoom: u8) -> Option<[u32; 2]> {
    let at = WorldCoord::from_lon_lat(degrees)?;
    Some([at.x(), at.y()].map(|across| (across * f64::from(1u32 << zoom)) as u32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::Inquiry;
    use crate::legend::Metric;
    use crate::style::Paint;
    use crate::tables::tests::plain_tables;

    fn atlas() -> Atlas {
        Atlas::new(plain_tables(5, 4), "test".to_owned())
    }

    #[test]
    fn it_is_of_the_sources_of_the_style() {
        let atlas = atlas();
        let style = atlas.style(Metric::AccessMin, &Inquiry::default(), Paint::Inside, "").expect("a style");
        let sources = style["sources"].as_object().expect("sources");
        let ours = atlas.style_sources();
        assert_eq!(sources.len(), ours.len());
        for (name, address) in ours {
            let template = sources[name]["tiles"][0].as_str().expect("an address");
            let path = template.strip_prefix("/tiles/").expect("a tile");
            let (layers, _) = path.split_once('/').expect("layers");
            assert_eq!(layers.parse(), Ok(address), "{name}");
        }
    }

    #[test]
    fn it_holds_every_tile_that_holds_something_near_the_communes() {
        let atlas = atlas();
        let view = atlas.first_view();
        assert!(view.windows(2).all(|pair| pair[0].1.z() <= pair[1].1.z()));
        let distinct: BTreeSet<_> = view.iter().collect();
        assert_eq!(distinct.len(), view.len());
        let full = |(address, tile): &(TileAddress, TileCoord)| {
            atlas.tile(address, *tile, &Inquiry::default()).expect("a tile").is_some()
        };
        assert!(view.iter().filter(|one| full(one)).count() > 20);
        for zoom in [0, 3, 8] {
            let known: BTreeSet<TileCoord> =
                view.iter().map(|(_, tile)| *tile).filter(|tile| tile.z() == zoom).collect();
            let around = known.iter().flat_map(|tile| {
                let near = |n: u32| n.saturating_sub(1)..=n + 1;
                near(tile.x()).flat_map(move |x| near(tile.y()).map(move |y| (x, y)))
            });
            for (x, y) in around {
                let Ok(tile) = TileCoord::new(zoom, x, y) else { continue };
                let address = TileAddress::of(&Layer::AREAS);
                // Beside the communes only the buffer of a tile may hold something.
                if !known.contains(&tile) {
                    let bytes = atlas.tile(&address, tile, &Inquiry::default()).expect("a tile");
                    assert!(bytes.is_none_or(|bytes| bytes.len() < 5_000), "{tile}");
                }
            }
        }
    }
}
