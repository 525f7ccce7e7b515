//! The features of a layer for an inquiry, and their attributes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use access::Fit;
use geo::Geometry;
use rayon::prelude::*;
use territory::{Cell, CommuneIdx, Extent, Inhabitants, VenueIdx};
use tiles::TileCoord;

use crate::atlas::{Atlas, AtlasError};
use crate::attributes::{
    area_values, cluster_values, parent_values, priority_values, venue_values, zone_values,
};
use crate::detail::{Cluster, ParentArea, Parents};
use crate::field::Value;
use crate::figures::{Figures, Survey};
use crate::geometry::Shapes;
use crate::inquiry::Inquiry;
use crate::label;
use crate::layer::Layer;
use crate::priority::PriorityTable;
use crate::scope::Scope;
use crate::shapes::Cuts;
use crate::zones::Zones;

/// The features of a layer for an inquiry, in the order in which they are listed.
pub struct LayerTable {
    pub(crate) layer: Layer,
    pub(crate) shapes: Shapes,
    /// The row of each feature in the shapes, sorted; its identifier is one more, or past those of others.
    pub(crate) rows: Vec<u32>,
    pub(crate) records: Records,
}

pub(crate) enum Records {
    Areas(Vec<Area>),
    Parents(Arc<Parents>, Vec<ParentArea>),
    Zones(Arc<Zones>),
    Venues(Vec<Fit>),
    Clusters(Vec<Cluster>),
    Labels,
}

/// An area and the venues inside that fit.
pub(crate) struct Area {
    pub(crate) figures: Figures,
    pub(crate) venues: u32,
}

/// Venues that fit, each with its commune if it stands in one.
pub(crate) type Fitting = Vec<(VenueIdx, Option<CommuneIdx>)>;

/// What a point takes in its shapes: its geometry, its place on the world square, its leaf of the index.
const POINT_BYTES: usize = 300;

/// What all the zones of an inquiry come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct ZoneTotals {
    /// How many zones.
    pub zones: usize,
    /// The people beyond.
    pub population: u32,
    /// Of those, the fragile.
    pub fragile_population: u32,
}

impl Atlas {
    /// The features of a layer for an inquiry, computed once and kept.
    pub fn table(&self, layer: Layer, inquiry: &Inquiry) -> Result<Arc<LayerTable>, AtlasError> {
        if layer == Layer::Zones {
            // The zones themselves are kept; a table of them is a list of ranks.
            return self.make_table(layer, inquiry).map(Arc::new);
        }
        let key = (layer, inquiry.clone());
        self.records.get_or_insert_with(&key, || self.make_table(layer, inquiry).map(Arc::new))
    }

    fn make_table(&self, layer: Layer, inquiry: &Inquiry) -> Result<LayerTable, AtlasError> {
        match layer {
            Layer::Zones => {
                let zones = self.zones(inquiry)?;
                let rows = (0..zones.list.len() as u32).collect();
                Ok(LayerTable {
                    layer,
                    shapes: Shapes::Zones(zones.clone()),
                    rows,
                    records: Records::Zones(zones),
                })
            }
            Layer::Venues => self.venue_table(inquiry),
            Layer::Labels => {
                let scope = self.scope(inquiry)?;
                let mut rows: Vec<u32> = scope.communes().iter().map(|c| c.0).collect();
                for (layer, first) in [Layer::Departements, Layer::Regions].into_iter().zip(self.label_rows())
                {
                    let areas = self.groups(layer, scope.communes());
                    rows.extend(areas.into_iter().map(|(row, _)| first + row));
                }
                Ok(LayerTable {
                    layer,
                    shapes: Shapes::Layer(self.shapes(layer)),
                    rows,
                    records: Records::Labels,
                })
            }
            Layer::PriorityAreas if !self.has(layer) => Err(AtlasError::NoSource(layer)),
            Layer::Regions
            | Layer::Departements
            | Layer::Epcis
            | Layer::Communes
            | Layer::Cells
            | Layer::PriorityAreas => self.area_table(layer, inquiry),
        }
    }

    fn area_table(&self, layer: Layer, inquiry: &Inquiry) -> Result<LayerTable, AtlasError> {
        let areas = self.with_survey(layer, inquiry, |survey, scope, fitting| match layer {
            Layer::Cells => self.cell_areas(survey, scope, fitting),
            Layer::PriorityAreas => self.priority_areas(survey, scope, fitting),
            _ => self.commune_areas(layer, survey, scope, fitting),
        })?;
        // As much as there are: cells are a million, and a vector that grows takes up to twice that.
        let (mut rows, mut list) = (Vec::with_capacity(areas.len()), Vec::with_capacity(areas.len()));
        for (row, area) in areas {
            rows.push(row);
            list.push(area);
        }
        let shapes = match layer {
            Layer::Cells => Shapes::Cells(self.hexagons()),
            _ => Shapes::Areas(layer, self.shared_tables(), self.shapes(layer)),
        };
        Ok(LayerTable { layer, shapes, rows, records: Records::Areas(list) })
    }

    /// What is made of the survey of an inquiry, of its perimeter and of the venues inside that fit.
    pub(crate) fn with_survey<T>(
        &self,
        layer: Layer,
        inquiry: &Inquiry,
        make: impl FnOnce(&Survey<'_>, &Scope, &Fitting) -> T,
    ) -> Result<T, AtlasError> {
        let scope = self.scope(inquiry)?;
        let surface = self.surface(&inquiry.promise.question, Fit::Fits);
        // The only areas that do not show it.
        let apl = if layer == Layer::PriorityAreas { None } else { self.potential(inquiry) };
        let survey = Survey {
            atlas: self,
            surface: &surface,
            apl: apl.as_deref(),
            minutes: inquiry.promise.minutes,
            kept: &|place| self.kept(inquiry, self.grid().place(place).commune),
            near_edge: &|place, reach| self.near_edge(inquiry, place, reach),
        };
        Ok(make(&survey, &scope, &self.fitting_venues(inquiry, &scope)))
    }

    /// The inhabited cells of the perimeter, by row.
    fn cell_areas(&self, survey: &Survey<'_>, scope: &Scope, fitting: &Fitting) -> Vec<(u32, Area)> {
        let mut occupied: Vec<Cell> =
            fitting.iter().map(|&(venue, _)| Cell::at(self.venue(venue).position)).collect();
        occupied.sort_unstable();
        let area = |(row, &cell): (usize, &Cell)| {
            let inside = self.grid().in_cell(cell).filter(|&place| scope.holds(place));
            let figures = survey.cell_figures(inside)?;
            let after = occupied.partition_point(|c| *c <= cell);
            let venues = (after - occupied.partition_point(|c| *c < cell)) as u32;
            Some((row as u32, Area { figures, venues }))
        };
        self.cells.par_iter().enumerate().filter_map(area).collect()
    }

    /// The communes of the perimeter, or their groupings, by row.
    fn commune_areas(
        &self,
        layer: Layer,
        survey: &Survey<'_>,
        scope: &Scope,
        fitting: &Fitting,
    ) -> Vec<(u32, Area)> {
        let mut venues_in = vec![0; self.gazetteer().communes().len()];
        for commune in fitting.iter().filter_map(|(_, commune)| *commune) {
            venues_in[commune.0 as usize] += 1;
        }
        let area = |(row, communes): (u32, Vec<CommuneIdx>)| {
            let venues = communes.iter().map(|c| venues_in[c.0 as usize]).sum();
            (row, Area { figures: self.figures_of(survey, scope, &communes), venues })
        };
        self.groups(layer, scope.communes()).into_par_iter().map(area).collect()
    }

    /// The priority areas that touch the perimeter, by row, each with what of it is inside. Of a quarter
    /// the time is that of the cell of a point inside.
    fn priority_areas(&self, survey: &Survey<'_>, scope: &Scope, fitting: &Fitting) -> Vec<(u32, Area)> {
        let member = |commune: &CommuneIdx| scope.touches(*commune);
        let area = |(row, area): (usize, &PriorityTable)| {
            let figures = if area.whole {
                let communes: Vec<CommuneIdx> = area.communes.iter().copied().filter(member).collect();
                self.figures_of(survey, scope, &communes)
            } else {
                let places = area.inner_cell().map(|cell| self.grid().in_cell(cell));
                survey.figures(places.into_iter().flatten())
            };
            let inside =
                |(venue, _): &&(VenueIdx, Option<CommuneIdx>)| area.venues.binary_search(venue).is_ok();
            (row as u32, Area { figures, venues: fitting.iter().filter(inside).count() as u32 })
        };
        let areas = self.tables().priority_areas.iter().enumerate();
        areas.filter(|(_, area)| area.touches(scope)).map(area).collect()
    }

    /// The figures of communes: everyone is counted, those whose place is not known too, but only those who
    /// live somewhere have a time.
    fn figures_of(&self, survey: &Survey<'_>, scope: &Scope, communes: &[CommuneIdx]) -> Figures {
        let places = communes.iter().flat_map(|&c| self.places_of(c).iter().copied());
        let figures = survey.figures(places.filter(|&place| scope.holds(place)));
        let unplaced = communes.iter().filter(|&c| self.tables().unplaced.binary_search(c).is_ok());
        let unplaced: Inhabitants = unplaced.map(|&c| self.commune(c).population).sum();
        Figures { population: figures.population + unplaced, ..figures }
    }

    /// Some communes by the area of a layer they belong to, each sorted.
    fn groups(&self, layer: Layer, communes: &[CommuneIdx]) -> Vec<(u32, Vec<CommuneIdx>)> {
        let mut groups: BTreeMap<u32, Vec<CommuneIdx>> = BTreeMap::new();
        for &commune in communes {
            if let Some(row) = self.area_of(layer, commune) {
                groups.entry(row).or_default().push(commune);
            }
        }
        groups.into_iter().collect()
    }

    /// The row, in a layer of communes or of their groupings, of the area that a commune belongs to.
    pub(crate) fn area_of(&self, layer: Layer, idx: CommuneIdx) -> Option<u32> {
        let (gazetteer, commune) = (self.gazetteer(), self.commune(idx));
        let row = match layer {
            Layer::Regions => gazetteer.regions().binary_search_by_key(&commune.region, |r| r.code).ok()?,
            Layer::Departements => {
                gazetteer.departements().binary_search_by_key(&commune.departement, |d| d.code).ok()?
            }
            Layer::Epcis => gazetteer.epcis().binary_search_by_key(&commune.epci?, |e| e.code).ok()?,
            _ => idx.0 as usize,
        };
        Some(row as u32)
    }

    /// The venues of the perimeter that fit the question, with their commune.
    fn fitting_venues(&self, inquiry: &Inquiry, scope: &Scope) -> Fitting {
        let filter = &inquiry.promise.question.filter;
        let located = (0..).map(VenueIdx).zip(self.tables().venue_communes.iter().copied());
        let fits = |venue: VenueIdx| scope.holds_venue(venue) && filter.fit(self.venue(venue)) == Fit::Fits;
        located.filter(|(venue, _)| fits(*venue)).collect()
    }

    /// The venues inside the perimeter, and those outside that are nearest to someone inside.
    fn venue_table(&self, inquiry: &Inquiry) -> Result<LayerTable, AtlasError> {
        let scope = self.scope(inquiry)?;
        let surface = self.surface(&inquiry.promise.question, Fit::Fits);
        let venues = (0..self.venues().len() as u32).map(VenueIdx);
        let mut listed: Vec<bool> = venues.map(|venue| scope.holds_venue(venue)).collect();
        for &place in scope.places() {
            if let Some(reach) = surface.reach(place).filter(|_| self.grid().place(place).population.0 > 0) {
                listed[reach.venue.0 as usize] = true;
            }
        }
        let rows: Vec<u32> = (0..listed.len()).filter(|&i| listed[i]).map(|i| i as u32).collect();
        let filter = &inquiry.promise.question.filter;
        let fits = rows.iter().map(|&row| filter.fit(&self.venues()[row as usize])).collect();
        Ok(LayerTable {
            layer: Layer::Venues,
            shapes: Shapes::Layer(self.shapes(Layer::Venues)),
            rows,
            records: Records::Venues(fits),
        })
    }
}

impl LayerTable {
    /// Which layer it is.
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// How many features it has.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The identifier of the n-th feature: dense, stable for one atlas (for zones and clusters: and one
    /// inquiry).
    pub fn id(&self, n: usize) -> u64 {
        u64::from(self.rows[n]) + self.first_id()
    }

    /// The rank of the feature with an identifier.
    pub fn find(&self, id: u64) -> Option<usize> {
        let row = u32::try_from(id.checked_sub(self.first_id())?).ok()?;
        self.rows.binary_search(&row).ok()
    }

    /// The identifier of row 0.
    fn first_id(&self) -> u64 {
        if let Records::Parents(parents, _) = &self.records { parents.first_id } else { 1 }
    }

    /// The rank of the feature drawn by a row of the shapes.
    pub(crate) fn drawn_by(&self, row: u32) -> Option<usize> {
        match self.shapes {
            Shapes::Own(_) => Some(row as usize),
            _ => self.rows.binary_search(&row).ok(),
        }
    }

    /// The geometry of the n-th feature, x = longitude; empty where no source draws it.
    pub fn geometry(&self, n: usize) -> Cow<'_, Geometry> {
        match self.shapes {
            Shapes::Own(_) => self.shapes.geometry(n as u32),
            _ => self.shapes.geometry(self.rows[n]),
        }
    }

    /// The box around the n-th feature, none when its geometry is empty.
    pub fn extent(&self, n: usize) -> Option<Extent> {
        use geo::CoordsIter;
        Extent::of_coords(self.geometry(n).exterior_coords_iter())
    }

    /// The features whose geometry touches a box, in order.
    pub fn within(&self, extent: Extent) -> Vec<usize> {
        let rows = self.shapes.rows_in(extent);
        rows.into_iter().filter_map(|row| self.drawn_by(row)).collect()
    }

    /// The sums over some of the zones; none for another layer.
    pub fn zone_totals(&self, features: &[usize]) -> Option<ZoneTotals> {
        let Records::Zones(zones) = &self.records else {
            return None;
        };
        let sum = |people: fn(&gaps::Zone) -> Inhabitants| {
            features.iter().map(|&n| people(&zones.list[n])).sum::<Inhabitants>().0
        };
        Some(ZoneTotals {
            zones: features.len(),
            population: sum(|z| z.population),
            fragile_population: sum(|z| z.fragile_population),
        })
    }

    /// The row of each feature.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// How each venue fits; nothing for another layer.
    pub(crate) fn fits(&self) -> &[Fit] {
        if let Records::Venues(fits) = &self.records { fits } else { &[] }
    }

    /// The attributes of the n-th feature, parallel to the fields of its layer (of its tiles for a cluster).
    pub fn values<'a>(&self, atlas: &'a Atlas, n: usize) -> Vec<Value<'a>> {
        let row = self.rows[n] as usize;
        match &self.records {
            Records::Areas(areas) if self.layer == Layer::PriorityAreas => {
                priority_values(atlas, row, &areas[n].figures, areas[n].venues)
            }
            Records::Areas(areas) => area_values(atlas, self.layer, row, &areas[n].figures, areas[n].venues),
            Records::Parents(parents, areas) => {
                let ParentArea { area, home } = &areas[n];
                parent_values(atlas, parents.code(row), *home, &area.figures, area.venues)
            }
            Records::Zones(zones) => zone_values(atlas, &zones.list[n]),
            Records::Venues(fits) => venue_values(atlas, row, fits[n]),
            Records::Clusters(clusters) => match clusters[n].alone() {
                Some(row) => venue_values(atlas, row, clusters[n].fit()),
                None => cluster_values(&clusters[n]),
            },
            Records::Labels => label::values(atlas, row as u32),
        }
    }

    /// Whether one of its features is in a tile or close to it.
    pub(crate) fn is_near(&self, tile: TileCoord) -> bool {
        self.shapes.is_near(tile, |row| self.rows.binary_search(&row).is_ok())
    }

    /// What a tile holds of the layer: (row, geometry) in the order of rows.
    pub(crate) fn cuts(&self, tile: TileCoord) -> Cuts {
        self.shapes.cuts(tile)
    }

    /// The figures of the n-th feature and its venues; none of a layer that has no figures.
    pub(crate) fn figures(&self, n: usize) -> Option<(&Figures, u32)> {
        match &self.records {
            Records::Areas(areas) => areas.get(n).map(|area| (&area.figures, area.venues)),
            _ => None,
        }
    }

    pub(crate) fn bytes(&self) -> u64 {
        let figures = match &self.records {
            Records::Areas(areas) => areas.len() * size_of::<Area>(),
            Records::Parents(_, areas) => areas.len() * size_of::<ParentArea>(),
            Records::Venues(fits) => fits.len(),
            Records::Clusters(clusters) => clusters.len() * (size_of::<Cluster>() + POINT_BYTES),
            Records::Zones(_) | Records::Labels => 0,
        };
        (self.rows.len() * 4 + figures) as u64
    }
}
