//! Venues gathered from afar: circles that keep counts and open at a zoom that is known.

use access::Fit;
use geo::{Coord, Geometry};
use rstar::{RTree, primitives::GeomWithData};
use tiles::mercator::WorldCoord;

use crate::atlas::{Atlas, AtlasError};
use crate::detail::VENUES_FROM;
use crate::geometry::Shapes;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::record::{LayerTable, Records};
use crate::shapes::{SMALL_CUTS, ShapeSet};

/// Pixels of a tile of 512 within which venues are drawn as one: twice the largest circle, so that few
/// circles overlap.
const RADIUS: f64 = 44.0;

const TILE_PIXELS: f64 = 512.0;

/// One or several venues drawn as one point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Cluster {
    /// A venue's row, or the number of venues of the atlas and more.
    node: u32,
    /// Sum of the positions of its venues, degrees: x = longitude, y = latitude.
    sum: Coord<f64>,
    /// How many venues.
    pub(crate) venues: u32,
    /// How many of them fit the question.
    pub(crate) fits: u32,
    /// Of how many that is not known.
    pub(crate) unknown: u32,
    /// The zoom at which it opens; none of a venue alone.
    pub(crate) expansion_zoom: Option<u8>,
}

impl Cluster {
    fn venue(row: u32, at: Coord<f64>, fit: Fit) -> Self {
        Self {
            node: row,
            sum: at,
            venues: 1,
            fits: u32::from(fit == Fit::Fits),
            unknown: u32::from(fit == Fit::Unknown),
            expansion_zoom: None,
        }
    }

    fn position(&self) -> Coord<f64> {
        self.sum / f64::from(self.venues)
    }

    fn world(&self) -> [f64; 2] {
        // The mean of positions on Earth is finite.
        WorldCoord::from_lon_lat(self.position()).map_or([0.0; 2], |at| [at.x(), at.y()])
    }

    /// The row of a venue alone.
    pub(crate) fn alone(&self) -> Option<usize> {
        self.expansion_zoom.is_none().then_some(self.node as usize)
    }

    /// What it shows: that some of its venues fit, else that some may, else that none does.
    pub(crate) fn fit(&self) -> Fit {
        match (self.fits, self.unknown) {
            (0, 0) => Fit::Fails,
            (0, _) => Fit::Unknown,
            _ => Fit::Fits,
        }
    }
}

/// The clusters of the venues of an inquiry at each zoom below [`VENUES_FROM`]: one of a zoom is the union of
/// one or several of the next.
pub(crate) struct Clusters {
    /// By zoom, each sorted by node.
    zooms: Vec<Vec<Cluster>>,
}

impl Clusters {
    /// Gathers venues from the deepest zoom up. The largest first, then the first in order, takes those
    /// within the radius that are not taken: the greedy way of supercluster
    /// (<https://blog.mapbox.com/clustering-millions-of-points-on-a-map-with-supercluster-272046ec5c97>),
    /// in an order that does not depend on the index.
    fn of(venues: Vec<Cluster>, n_rows: u32) -> Self {
        let mut next_node = n_rows;
        let mut zooms = Vec::new();
        let mut finer = venues;
        for zoom in (0..VENUES_FROM).rev() {
            let coarser = gather(&finer, zoom, &mut next_node);
            zooms.push(coarser.clone());
            finer = coarser;
        }
        zooms.reverse();
        Self { zooms }
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.zooms.iter().map(|zoom| zoom.len() * size_of::<Cluster>()).sum::<usize>() as u64
    }
}

/// The clusters of a zoom from those of the next, sorted by node.
fn gather(finer: &[Cluster], zoom: u8, next_node: &mut u32) -> Vec<Cluster> {
    let radius = RADIUS / (TILE_PIXELS * f64::from(1_u32 << zoom));
    let points = finer.iter().enumerate().map(|(i, cluster)| GeomWithData::new(cluster.world(), i));
    let tree = RTree::bulk_load(points.collect());
    let mut order: Vec<usize> = (0..finer.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(finer[i].venues), finer[i].node));
    let mut taken = vec![false; finer.len()];
    let mut coarser = Vec::new();
    for i in order {
        if std::mem::replace(&mut taken[i], true) {
            continue;
        }
        let near = tree.locate_within_distance(finer[i].world(), radius * radius);
        let mut members: Vec<usize> = near.map(|point| point.data).filter(|&j| !taken[j]).collect();
        if members.is_empty() {
            coarser.push(finer[i]);
            continue;
        }
        // Sums of numbers depend on their order, which the index does not promise.
        members.sort_unstable();
        let mut cluster = Cluster { node: *next_node, expansion_zoom: Some(zoom + 1), ..finer[i] };
        *next_node += 1;
        for j in members {
            taken[j] = true;
            cluster.sum = cluster.sum + finer[j].sum;
            cluster.venues += finer[j].venues;
            cluster.fits += finer[j].fits;
            cluster.unknown += finer[j].unknown;
        }
        coarser.push(cluster);
    }
    coarser.sort_by_key(|cluster| cluster.node);
    coarser
}

impl Atlas {
    fn clusters(&self, inquiry: &Inquiry) -> Result<std::sync::Arc<Clusters>, AtlasError> {
        self.details.clusters.get_or_insert_with(inquiry, || {
            let table = self.table(Layer::Venues, inquiry)?;
            let fits = table.fits().iter().zip(table.rows());
            let venue = |(&fit, &row): (&Fit, &u32)| {
                Cluster::venue(row, self.venues()[row as usize].position.coord(), fit)
            };
            let n_rows = self.venues().len() as u32;
            Ok(std::sync::Arc::new(Clusters::of(fits.map(venue).collect(), n_rows)))
        })
    }

    /// The clusters of a zoom; the identifier of a venue alone is its own.
    pub(super) fn cluster_table(&self, zoom: u8, inquiry: &Inquiry) -> Result<LayerTable, AtlasError> {
        let clusters = self.clusters(inquiry)?;
        let list: Vec<Cluster> = clusters.zooms.get(usize::from(zoom)).cloned().unwrap_or_default();
        let points = list.iter().map(|cluster| Geometry::Point(cluster.position().into()));
        Ok(LayerTable {
            layer: Layer::Venues,
            shapes: Shapes::Own(ShapeSet::new(points.collect(), SMALL_CUTS)),
            rows: list.iter().map(|cluster| cluster.node).collect(),
            records: Records::Clusters(list),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn venue(row: u32, lon: f64, lat: f64) -> Cluster {
        Cluster::venue(row, Coord { x: lon, y: lat }, Fit::Fits)
    }

    #[test]
    fn two_venues_at_one_place_are_one_circle_until_all_venues_are_drawn() {
        let clusters = Clusters::of(vec![venue(0, 4.8, 45.7), venue(1, 4.8, 45.7), venue(2, 2.3, 48.8)], 3);
        let counts = |zoom: usize| clusters.zooms[zoom].iter().map(|c| c.venues).collect::<Vec<_>>();
        assert_eq!(counts(9), [1, 2]);
        assert_eq!(clusters.zooms[9][1].expansion_zoom, Some(VENUES_FROM));
        assert_eq!(clusters.zooms[9][0].alone(), Some(2), "one alone is the venue");
        assert_eq!(counts(0), [3]);
        assert_eq!(clusters.zooms[9][1].position(), Coord { x: 4.8, y: 45.7 });
    }

    #[test]
    fn a_circle_shows_the_best_that_is_in_it() {
        let at = Coord { x: 0.0, y: 45.0 };
        let shown = |fits: &[Fit]| {
            let venues = (0..).zip(fits).map(|(row, &fit)| Cluster::venue(row, at, fit)).collect();
            let all = Clusters::of(venues, fits.len() as u32).zooms[0][0];
            (all.fit(), all.fits, all.unknown, all.venues)
        };
        assert_eq!(shown(&[Fit::Fails, Fit::Fits, Fit::Unknown]), (Fit::Fits, 1, 1, 3));
        assert_eq!(shown(&[Fit::Fails, Fit::Unknown]), (Fit::Unknown, 0, 1, 2));
        assert_eq!(shown(&[Fit::Fails, Fit::Fails]), (Fit::Fails, 0, 0, 2));
    }

    proptest! {
        #[test]
        fn counts_are_kept_and_a_circle_opens_at_its_zoom_into_those_of_the_next(
            places in prop::collection::vec((-1.0..7.0, 43.0..50.0), 1..60)
        ) {
            let n_rows = places.len() as u32;
            let venues = (0..).zip(&places).map(|(row, &(lon, lat))| venue(row, lon, lat)).collect();
            let clusters = Clusters::of(venues, n_rows);
            let mut nodes = std::collections::BTreeMap::new();
            for (zoom, list) in clusters.zooms.iter().enumerate() {
                prop_assert_eq!(list.iter().map(|c| c.venues).sum::<u32>(), n_rows);
                for cluster in list {
                    let before = nodes.entry(cluster.node).or_insert(*cluster);
                    prop_assert_eq!(&*before, cluster, "a node is the same at every zoom it is drawn");
                    let next = clusters.zooms.get(zoom + 1);
                    let opens = cluster.expansion_zoom == Some(zoom as u8 + 1);
                    if let Some(next) = next {
                        prop_assert_eq!(next.iter().any(|c| c.node == cluster.node), !opens);
                    }
                }
                if let Some(next) = clusters.zooms.get(zoom + 1) {
                    let opened: u32 = list.iter().filter(|c| !next.contains(c)).map(|c| c.venues).sum();
                    let inside: u32 = next.iter().filter(|c| !list.contains(c)).map(|c| c.venues).sum();
                    prop_assert_eq!(opened, inside);
                }
            }
        }
    }
}
