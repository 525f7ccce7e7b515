//! The frozen results of one run, and the work shared by all answers.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use access::{AccessSurface, Fit, Question, Reach};
use gaps::Fragility;
use geo::Geometry;
use network::{Method, RoadNetwork, crow_fly};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use territory::{
    Cell, Commune, CommuneIdx, Extent, Gazetteer, Grid, Inhabitants, Mode, Perimeter, PlaceIdx, Position,
    Source, Territory, Venue, VenueIdx,
};

use crate::compat::IfnLevel;
use crate::derived::Derived;
use crate::detail::Details;
use crate::hexagons::Hexagons;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::roads::RoadTable;
use crate::scope::Scope;
use crate::shapes::{Borders, LARGE_CUTS, ShapeSet};
use crate::store::{self, StoreError, Stored};
use crate::tables::Tables;
use crate::zones::Zones;

/// Bytes of surfaces, of zones and of tables of figures kept, each.
pub(crate) const KEPT_BYTES: u64 = 96 << 20;

/// Few enough that a cache is not cut in shards, each too small for the largest entry.
pub(crate) const FEW: usize = 31;

/// Why an inquiry has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AtlasError {
    /// The atlas holds no such territory.
    #[error("{0} is not in this atlas")]
    UnknownTerritory(Territory),
    /// Nobody of the atlas lives in the ground drawn, whose box is given.
    #[error("{}", nobody_inside(*.0))]
    NobodyInside(Option<Extent>),
    /// The layer is drawn from a source that was not given to the build.
    #[error("the layer {} has no data in this atlas: its build was given no {}", .0.slug(), .0.source_table())]
    NoSource(Layer),
    /// The published index was not given to the build.
    #[error("this atlas holds no published index (IFN) by {kind}: its build was given no {table}; \
             no other index is served under that name", kind = .0.published_by(), table = .0.source_table())]
    NoPublishedIndex(IfnLevel),
    /// A tile that the encoder refused: a defect of ours.
    #[error("the tile cannot be encoded: {0}")]
    Tile(#[from] tiles::EncodeError),
}

/// An immutable atlas, shared by all that answer from it.
///
/// Surfaces and zones are computed when first asked for and kept within a byte budget; two threads that
/// ask for the same at once compute it once.
pub struct Atlas {
    tables: Arc<Tables>,
    networks: Vec<RoadNetwork>,
    id: String,
    fragility: Vec<Option<Fragility>>,
    places_of: Vec<Vec<PlaceIdx>>,
    /// The box around each commune that is drawn.
    pub(crate) extents: Vec<Option<Extent>>,
    pub(crate) scopes: Cache<Perimeter, Arc<Scope>, Bytes>,
    surfaces: Cache<(Question, Fit), Arc<AccessSurface>, Bytes>,
    pub(crate) zones: Cache<Inquiry, Arc<Zones>, Bytes>,
    pub(crate) records: Cache<(Layer, Inquiry), Arc<crate::record::LayerTable>, Bytes>,
    shapes: [OnceLock<Arc<ShapeSet>>; Layer::ALL.len()],
    hexagons: OnceLock<Arc<Hexagons>>,
    /// Those between communes.
    borders: Arc<Borders>,
    pub(crate) cells: Vec<Cell>,
    pub(crate) departement_populations: Vec<Inhabitants>,
    pub(crate) region_populations: Vec<Inhabitants>,
    pub(crate) derived: Derived,
    pub(crate) details: Details,
}

#[derive(Clone)]
pub(crate) struct Bytes;

impl Weighter<Perimeter, Arc<Scope>> for Bytes {
    fn weight(&self, perimeter: &Perimeter, scope: &Arc<Scope>) -> u64 {
        scope.bytes() + perimeter.bytes()
    }
}

impl Weighter<(Question, Fit), Arc<AccessSurface>> for Bytes {
    fn weight(&self, _: &(Question, Fit), surface: &Arc<AccessSurface>) -> u64 {
        (size_of::<(Question, Fit)>() + surface.len() * (size_of::<Option<Reach>>() + size_of::<Method>()))
            as u64
    }
}

impl Weighter<Inquiry, Arc<Zones>> for Bytes {
    fn weight(&self, inquiry: &Inquiry, zones: &Arc<Zones>) -> u64 {
        inquiry.bytes() + zones.bytes()
    }
}

impl Weighter<(Layer, Inquiry), Arc<crate::record::LayerTable>> for Bytes {
    fn weight(&self, key: &(Layer, Inquiry), table: &Arc<crate::record::LayerTable>) -> u64 {
        key.1.bytes() + table.bytes()
    }
}

impl Atlas {
    /// Freezes tables under their identity.
    pub fn new(tables: Tables, id: String) -> Self {
        let mut places_of = vec![Vec::new(); tables.gazetteer.communes().len()];
        for (idx, place) in tables.grid.iter() {
            places_of[place.commune.0 as usize].push(idx);
        }
        // Cells where nobody lives are not drawn: an empty hexagon is not a hexagon without data.
        let inhabited = |places: &&[territory::Place]| places.iter().any(|p| p.population.0 > 0);
        let chunks = tables.grid.places().chunk_by(|a, b| a.cell == b.cell);
        let cells = chunks.filter(inhabited).map(|places| places[0].cell).collect();
        let exteriors = |shape: &geo::MultiPolygon| {
            Extent::of_coords(shape.iter().flat_map(|polygon| polygon.exterior().coords().copied()))
        };
        let communes = tables.gazetteer.communes().iter();
        let extents = communes.map(|commune| commune.shape.as_ref().and_then(exteriors)).collect();
        let of_departement = |d: &territory::Departement| {
            let communes = tables.gazetteer.communes().iter().filter(|c| c.departement == d.code);
            communes.map(|c| c.population).sum()
        };
        let departement_populations = tables.gazetteer.departements().iter().map(of_departement).collect();
        let of_region = |r: &territory::Region| {
            let communes = tables.gazetteer.communes().iter().filter(|c| c.region == r.code);
            communes.map(|c| c.population).sum()
        };
        let region_populations = tables.gazetteer.regions().iter().map(of_region).collect();
        Self {
            fragility: tables.social.iter().map(Fragility::of).collect(),
            places_of,
            extents,
            scopes: Cache::with_weighter(FEW, KEPT_BYTES / 4, Bytes),
            surfaces: Cache::with_weighter(FEW, KEPT_BYTES, Bytes),
            zones: Cache::with_weighter(FEW, KEPT_BYTES, Bytes),
            records: Cache::with_weighter(FEW, KEPT_BYTES, Bytes),
            shapes: Default::default(),
            hexagons: OnceLock::new(),
            borders: Arc::default(),
            cells,
            departement_populations,
            region_populations,
            derived: Derived::default(),
            details: Details::default(),
            networks: Vec::new(),
            tables: Arc::new(tables),
            id,
        }
    }

    /// Opens an atlas, having checked every byte of it.
    pub fn open(directory: &Path) -> Result<Self, StoreError> {
        let Stored { tables, id, networks } = store::load(directory)?;
        Ok(Self::new(tables, id).with_roads(networks))
    }

    /// The same with the road networks its tables name, in their order.
    #[must_use]
    pub fn with_roads(self, networks: Vec<RoadNetwork>) -> Self {
        Self { networks, ..self }
    }

    /// What the atlas covers, as people call it.
    pub fn name(&self) -> &str {
        &self.tables.name
    }

    /// Its identity: the SHA-256 of its tables.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where its figures come from.
    pub fn sources(&self) -> &[Source] {
        &self.tables.sources
    }

    /// Its communes and their groupings.
    pub fn gazetteer(&self) -> &Gazetteer {
        &self.tables.gazetteer
    }

    /// Where people live.
    pub fn grid(&self) -> &Grid {
        &self.tables.grid
    }

    /// Its venues, sorted by identifier.
    pub fn venues(&self) -> &[Venue] {
        &self.tables.venues
    }

    /// Where a venue is, none when there is no such venue.
    pub fn find_venue(&self, id: &str) -> Option<Position> {
        let at = self.venues().binary_search_by(|venue| venue.id.as_str().cmp(id)).ok()?;
        Some(self.venues()[at].position)
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Its tables, for what outlives a borrow.
    pub(crate) fn shared_tables(&self) -> Arc<Tables> {
        self.tables.clone()
    }

    pub(crate) fn venue(&self, idx: VenueIdx) -> &Venue {
        &self.tables.venues[idx.0 as usize]
    }

    pub(crate) fn commune(&self, idx: CommuneIdx) -> &Commune {
        self.tables.gazetteer.commune(idx)
    }

    pub(crate) fn fragility(&self, commune: CommuneIdx) -> Option<Fragility> {
        self.fragility[commune.0 as usize]
    }

    pub(crate) fn places_of(&self, commune: CommuneIdx) -> &[PlaceIdx] {
        &self.places_of[commune.0 as usize]
    }

    /// The access of every place to the venues that fit a question at least as well as `worst`.
    pub fn surface(&self, question: &Question, worst: Fit) -> Arc<AccessSurface> {
        let key = (question.clone(), worst);
        let make = || -> Result<_, std::convert::Infallible> {
            let (ground, venues) = (self.ground(), self.venues());
            Ok(Arc::new(match self.roads(question.mode) {
                Some((roads, network)) => {
                    AccessSurface::route(ground, venues, question, worst, roads.over(network))
                }
                None => AccessSurface::estimate_on(ground, venues, question, worst),
            }))
        };
        match self.surfaces.get_or_insert_with(&key, make) {
            Ok(surface) => surface,
            Err(never) => match never {},
        }
    }

    /// The roads of a mode, none where times are estimated.
    pub(crate) fn roads(&self, mode: Mode) -> Option<(&RoadTable, &RoadNetwork)> {
        self.tables.roads.iter().zip(&self.networks).find(|(roads, _)| roads.mode == mode)
    }

    /// Whether the floor of an inquiry keeps the people of a commune.
    pub(crate) fn kept(&self, inquiry: &Inquiry, commune: CommuneIdx) -> bool {
        inquiry
            .fragility_min
            .is_none_or(|floor| self.fragility(commune).is_some_and(|f| f.at_least(floor.get())))
    }

    /// Whether a place could reach a venue outside the data within the promise, sooner than the one it has.
    pub(crate) fn near_edge(&self, inquiry: &Inquiry, place: PlaceIdx, reach: Option<Reach>) -> bool {
        let Some(distance) = self.tables.edge.as_ref().map(|edge| edge[place.0 as usize]) else {
            return false;
        };
        let outside = crow_fly::travel_time(inquiry.promise.question.mode, distance);
        outside <= inquiry.promise.minutes.time() && reach.is_none_or(|reach| outside < reach.time)
    }

    /// The shapes of a layer that does not depend on the inquiry.
    pub(crate) fn shapes(&self, layer: Layer) -> Arc<ShapeSet> {
        let make = || Arc::new(self.make_shapes(layer));
        self.shapes[layer as usize].get_or_init(make).clone()
    }

    /// The shapes of the cells.
    pub(crate) fn hexagons(&self) -> Arc<Hexagons> {
        self.hexagons.get_or_init(|| Arc::new(Hexagons::new(&self.cells))).clone()
    }

    fn make_shapes(&self, layer: Layer) -> ShapeSet {
        let tables = self.tables();
        let n_outlines = match layer {
            Layer::Regions => tables.region_shapes.len(),
            Layer::Departements => tables.departement_shapes.len(),
            Layer::Epcis => tables.epci_shapes.len(),
            Layer::Communes => tables.gazetteer.communes().len(),
            Layer::PriorityAreas => tables.priority_areas.len(),
            Layer::Venues => {
                let point = |venue: &Venue| Geometry::Point(venue.position.coord().into());
                return ShapeSet::new(self.venues().iter().map(point).collect(), LARGE_CUTS);
            }
            Layer::Labels => return ShapeSet::new(crate::label::points(self), LARGE_CUTS),
            // Zones have shapes of their own for each inquiry; of cells only corners are kept.
            Layer::Zones | Layer::Cells => 0,
        };
        let outlines = (0..n_outlines as u32).map(|row| tables.outline(layer, row));
        if layer == Layer::PriorityAreas {
            return ShapeSet::outlines(outlines);
        }
        let communes = (0..self.gazetteer().communes().len() as u32).map(CommuneIdx);
        let groups = communes.map(|commune| self.area_of(layer, commune)).collect();
        ShapeSet::groups(outlines, self.borders.clone(), groups)
    }

    /// Whether a layer has data: one that has none is not listed, and asked for it is not found.
    pub fn has(&self, layer: Layer) -> bool {
        layer != Layer::PriorityAreas || !self.tables.priority_areas.is_empty()
    }

    /// The layers that have data, the widest first.
    pub fn layers(&self) -> impl Iterator<Item = Layer> {
        Layer::ALL.into_iter().filter(|&layer| self.has(layer))
    }

    /// How many people the atlas counts, those it could not place included.
    pub fn population(&self) -> Inhabitants {
        self.gazetteer().population()
    }
}

fn nobody_inside(drawn: Option<Extent>) -> String {
    let [west, south, east, north] = drawn.map_or([f64::NAN; 4], Extent::bbox);
    format!(
        "nobody of this atlas lives in the polygon (longitudes {west} to {east}, latitudes {south} to {north}): \
         positions are longitude then latitude, in degrees (WGS 84), and people are counted by cells of 0.7 km²"
    )
}

#[cfg(test)]
mod tests;
