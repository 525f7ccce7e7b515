//! The frozen results of one run, and the work shared by all answers.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use access::{AccessSurface, Criterion, Fit, Question, Reach};
use gaps::zone::Explanation;
use gaps::{Fragility, Zone, zone};
use geo::Geometry;
use network::{RoadNetwork, crow_fly};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use territory::{
    Cell, Commune, CommuneIdx, Extent, Gazetteer, Grid, Inhabitants, Mode, PlaceIdx, Position, Source,
    Territory, Venue, VenueIdx,
};

use crate::derived::Derived;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::roads::RoadTable;
use crate::shapes::{LARGE_CUTS, SMALL_CUTS, ShapeSet};
use crate::store::{self, StoreError, Stored};
use crate::tables::Tables;

/// Bytes of surfaces, of zones and of tables of figures kept, each.
pub(crate) const KEPT_BYTES: u64 = 96 << 20;

/// Few enough that a cache is not cut in shards, each too small for the largest entry.
pub(crate) const FEW: usize = 31;

/// Why an inquiry has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AtlasError {
    /// The atlas holds no such territory.
    #[error("{0} is not in this atlas")]
    UnknownTerritory(Territory),
    /// The layer is drawn from a source that was not given to the build.
    #[error("the layer {} has no data in this atlas: its build was given no {}", .0.slug(), .0.source_table())]
    NoSource(Layer),
    /// A tile that the encoder refused: a defect of ours.
    #[error("the tile cannot be encoded: {0}")]
    Tile(#[from] tiles::EncodeError),
}

/// An immutable atlas, shared by all that answer from it.
///
/// Surfaces and zones are computed when first asked for and kept within a byte budget; two threads that
/// ask for the same at once compute it once.
pub struct Atlas {
    tables: Tables,
    networks: Vec<RoadNetwork>,
    id: String,
    fragility: Vec<Option<Fragility>>,
    places_of: Vec<Vec<PlaceIdx>>,
    /// The box around each commune that is drawn.
    pub(crate) extents: Vec<Option<Extent>>,
    surfaces: Cache<(Question, Fit), Arc<AccessSurface>, Bytes>,
    zones: Cache<Inquiry, Arc<Zones>, Bytes>,
    pub(crate) records: Cache<(Layer, Inquiry), Arc<crate::record::LayerTable>, Bytes>,
    shapes: [OnceLock<Arc<ShapeSet>>; Layer::ALL.len()],
    pub(crate) cells: Vec<Cell>,
    pub(crate) departement_populations: Vec<Inhabitants>,
    pub(crate) derived: Derived,
}

/// The zones of an inquiry with their shapes.
pub(crate) struct Zones {
    pub(crate) list: Vec<Zone>,
    pub(crate) shapes: Arc<ShapeSet>,
    bytes: u64,
}

#[derive(Clone)]
pub(crate) struct Bytes;

impl Weighter<(Question, Fit), Arc<AccessSurface>> for Bytes {
    fn weight(&self, _: &(Question, Fit), surface: &Arc<AccessSurface>) -> u64 {
        (surface.len() * size_of::<Option<Reach>>()) as u64
    }
}

impl Weighter<Inquiry, Arc<Zones>> for Bytes {
    fn weight(&self, _: &Inquiry, zones: &Arc<Zones>) -> u64 {
        zones.bytes
    }
}

impl Weighter<(Layer, Inquiry), Arc<crate::record::LayerTable>> for Bytes {
    fn weight(&self, _: &(Layer, Inquiry), table: &Arc<crate::record::LayerTable>) -> u64 {
        1 + table.bytes()
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
        Self {
            fragility: tables.social.iter().map(Fragility::of).collect(),
            places_of,
            extents,
            surfaces: Cache::with_weighter(FEW, KEPT_BYTES, Bytes),
            zones: Cache::with_weighter(FEW, KEPT_BYTES, Bytes),
            records: Cache::with_weighter(FEW, KEPT_BYTES, Bytes),
            shapes: Default::default(),
            cells,
            departement_populations,
            derived: Derived::default(),
            networks: Vec::new(),
            tables,
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

    /// The communes of the perimeter of an inquiry, sorted.
    pub(crate) fn members(&self, inquiry: &Inquiry) -> Result<Vec<CommuneIdx>, AtlasError> {
        self.gazetteer().resolve(&inquiry.perimeter).map_err(AtlasError::UnknownTerritory)
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

    /// The zones of an inquiry, most people first.
    pub(crate) fn zones(&self, inquiry: &Inquiry) -> Result<Arc<Zones>, AtlasError> {
        self.zones.get_or_insert_with(inquiry, || self.make_zones(inquiry).map(Arc::new))
    }

    fn make_zones(&self, inquiry: &Inquiry) -> Result<Zones, AtlasError> {
        let members = self.members(inquiry)?;
        let question = &inquiry.promise.question;
        let surface = self.surface(question, Fit::Fits);
        let unfiltered = self.surface(&Question { mode: question.mode, ..Question::default() }, Fit::Fits);
        let without: Vec<(Criterion, Arc<AccessSurface>)> = question
            .filter
            .asked()
            .map(|criterion| {
                let filter = question.filter.clone().without(criterion);
                (criterion, self.surface(&Question { mode: question.mode, filter }, Fit::Fits))
            })
            .collect();
        let explanation = Explanation {
            unfiltered: &unfiltered,
            without: without.iter().map(|(criterion, surface)| (*criterion, &**surface)).collect(),
        };
        let counted = members.iter().filter(|&&c| self.kept(inquiry, c));
        let mut counted: Vec<PlaceIdx> = counted.flat_map(|&c| self.places_of(c).iter().copied()).collect();
        counted.sort_unstable();
        let fragile_from = inquiry.fragile_from();
        let fragile = |place: PlaceIdx| {
            self.fragility(self.grid().place(place).commune).is_some_and(|f| f.at_least(fragile_from))
        };
        let zones = zone::zones(self.grid(), &surface, &inquiry.promise, counted, fragile, &explanation);
        let shapes = zones.iter().map(|z| Geometry::MultiPolygon(Cell::dissolve(z.cells.iter().copied())));
        let shapes = Arc::new(ShapeSet::new(shapes.collect(), SMALL_CUTS));
        let listed = zones.iter().map(|z| 512 + 8 * z.cells.len() + 4 * (z.places.len() + z.communes.len()));
        let bytes = listed.sum::<usize>() as u64 + shapes.bytes() + 4 * SMALL_CUTS;
        Ok(Zones { list: zones, shapes, bytes })
    }

    /// The shapes of a layer that does not depend on the inquiry.
    pub(crate) fn shapes(&self, layer: Layer) -> Arc<ShapeSet> {
        let make = || Arc::new(ShapeSet::new(self.geometries(layer), LARGE_CUTS));
        self.shapes[layer as usize].get_or_init(make).clone()
    }

    fn geometries(&self, layer: Layer) -> Vec<Geometry> {
        let outlines =
            |shapes: &[geo::MultiPolygon]| shapes.iter().cloned().map(Geometry::MultiPolygon).collect();
        let point = |at: Position| Geometry::Point(at.coord().into());
        match layer {
            Layer::Regions => outlines(&self.tables.region_shapes),
            Layer::Departements => outlines(&self.tables.departement_shapes),
            Layer::Epcis => outlines(&self.tables.epci_shapes),
            Layer::Communes => {
                let communes = self.gazetteer().communes().iter();
                communes.map(|c| Geometry::MultiPolygon(c.shape.clone().unwrap_or_else(nothing))).collect()
            }
            Layer::Cells => self.cells.iter().map(|cell| Geometry::Polygon(cell.boundary())).collect(),
            Layer::Venues => self.venues().iter().map(|v| point(v.position)).collect(),
            Layer::Labels => crate::record::label_points(self),
            Layer::PriorityAreas => {
                let areas = self.tables.priority_areas.iter();
                areas.map(|area| Geometry::MultiPolygon(area.shape.clone())).collect()
            }
            // Zones have shapes of their own for each inquiry.
            Layer::Zones => Vec::new(),
        }
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

fn nothing() -> geo::MultiPolygon {
    geo::MultiPolygon::new(Vec::new())
}
