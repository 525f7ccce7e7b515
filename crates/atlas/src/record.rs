//! The features of a layer for an inquiry, and their attributes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use access::Fit;
use geo::{Geometry, InteriorPoint, Intersects, MultiPolygon};
use rayon::prelude::*;
use territory::{Cell, Commune, CommuneIdx, Extent, Inhabitants, VenueIdx};
use tiles::TileCoord;

use crate::atlas::{Atlas, AtlasError};
use crate::attributes::{area_values, label_values, priority_values, venue_values, zone_values};
use crate::field::Value;
use crate::figures::{Figures, Survey};
use crate::hexagons::Hexagons;
use crate::inquiry::Inquiry;
use crate::layer::Layer;
use crate::priority::PriorityTable;
use crate::scope::Scope;
use crate::shapes::{Cuts, ShapeSet};
use crate::tables::Tables;
use crate::zones::Zones;

/// The features of a layer for an inquiry, in the order in which they are listed.
pub struct LayerTable {
    layer: Layer,
    shapes: Shapes,
    /// The row of each feature in the shapes; its identifier is one more.
    rows: Vec<u32>,
    records: Records,
}

/// Those of a layer last as long as the atlas, those of zones as long as their inquiry.
enum Shapes {
    Layer(Arc<ShapeSet>),
    /// Their outlines are those of the tables.
    Areas(Arc<Tables>, Arc<ShapeSet>),
    Cells(Arc<Hexagons>),
    Zones(Arc<Zones>),
}

enum Records {
    Areas(Vec<Area>),
    Zones(Arc<Zones>),
    Venues(Vec<Fit>),
    Labels,
}

/// An area and the venues inside that fit.
struct Area {
    figures: Figures,
    venues: u32,
}

/// Venues that fit, each with its commune if it stands in one.
type Fitting = Vec<(VenueIdx, Option<CommuneIdx>)>;

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
                let communes = self.gazetteer().communes().len() as u32;
                let departements = self.groups(Layer::Departements, scope.communes());
                let mut rows: Vec<u32> = scope.communes().iter().map(|c| c.0).collect();
                rows.extend(departements.into_iter().map(|(row, _)| communes + row));
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
        let fitting = self.fitting_venues(inquiry, &scope);
        let areas = match layer {
            Layer::Cells => self.cell_areas(&survey, &scope, &fitting),
            Layer::PriorityAreas => self.priority_areas(&survey, &scope, &fitting),
            _ => self.commune_areas(layer, &survey, &scope, &fitting),
        };
        let (rows, areas) = areas.into_iter().unzip();
        let shapes = match layer {
            Layer::Cells => Shapes::Cells(self.hexagons()),
            _ => Shapes::Areas(self.shared_tables(), self.shapes(layer)),
        };
        Ok(LayerTable { layer, shapes, rows, records: Records::Areas(areas) })
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
        let gazetteer = self.gazetteer();
        let area = |idx: CommuneIdx| -> Option<usize> {
            let commune = gazetteer.commune(idx);
            match layer {
                Layer::Regions => gazetteer.regions().binary_search_by_key(&commune.region, |r| r.code).ok(),
                Layer::Departements => {
                    gazetteer.departements().binary_search_by_key(&commune.departement, |d| d.code).ok()
                }
                Layer::Epcis => gazetteer.epcis().binary_search_by_key(&commune.epci?, |e| e.code).ok(),
                _ => Some(idx.0 as usize),
            }
        };
        let mut groups: BTreeMap<u32, Vec<CommuneIdx>> = BTreeMap::new();
        for &idx in communes {
            if let Some(row) = area(idx) {
                groups.entry(row as u32).or_default().push(idx);
            }
        }
        groups.into_iter().collect()
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

    /// The identifier of the n-th feature: dense, stable for one atlas (for zones: and one inquiry).
    pub fn id(&self, n: usize) -> u64 {
        u64::from(self.rows[n]) + 1
    }

    /// The rank of the feature with an identifier.
    pub fn find(&self, id: u64) -> Option<usize> {
        let row = u32::try_from(id.checked_sub(1)?).ok()?;
        self.rows.binary_search(&row).ok()
    }

    /// The geometry of the n-th feature, x = longitude; empty where no source draws it.
    pub fn geometry(&self, n: usize) -> Cow<'_, Geometry> {
        let row = self.rows[n];
        match &self.shapes {
            Shapes::Layer(shapes) => Cow::Borrowed(shapes.geometry(row)),
            Shapes::Areas(tables, _) => {
                let outline = tables.outline(self.layer, row).cloned();
                Cow::Owned(Geometry::MultiPolygon(outline.unwrap_or_else(|| MultiPolygon::new(Vec::new()))))
            }
            Shapes::Zones(zones) => Cow::Borrowed(zones.shapes().geometry(row)),
            // A million hexagons are not kept to be shown ten at a time.
            Shapes::Cells(cells) => Cow::Owned(cells.geometry(row)),
        }
    }

    /// The box around the n-th feature, none when its geometry is empty.
    pub fn extent(&self, n: usize) -> Option<Extent> {
        use geo::CoordsIter;
        Extent::of_coords(self.geometry(n).exterior_coords_iter())
    }

    /// The features whose geometry touches a box, in order.
    pub fn within(&self, extent: Extent) -> Vec<usize> {
        let rows = match &self.shapes {
            Shapes::Layer(shapes) => shapes.rows_in(extent),
            Shapes::Areas(tables, shapes) => {
                let rect = extent.rect();
                let touches =
                    |row: &u32| tables.outline(self.layer, *row).is_some_and(|o| o.intersects(&rect));
                let mut rows = shapes.rows_near(extent);
                rows.retain(touches);
                rows
            }
            Shapes::Zones(zones) => zones.shapes().rows_in(extent),
            Shapes::Cells(cells) => cells.rows_in(extent),
        };
        rows.into_iter().filter_map(|row| self.rows.binary_search(&row).ok()).collect()
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

    /// The attributes of the n-th feature, parallel to the fields of its layer.
    pub fn values<'a>(&self, atlas: &'a Atlas, n: usize) -> Vec<Value<'a>> {
        let row = self.rows[n] as usize;
        match &self.records {
            Records::Areas(areas) if self.layer == Layer::PriorityAreas => {
                priority_values(atlas, row, &areas[n].figures, areas[n].venues)
            }
            Records::Areas(areas) => area_values(atlas, self.layer, row, &areas[n].figures, areas[n].venues),
            Records::Zones(zones) => zone_values(atlas, &zones.list[n]),
            Records::Venues(fits) => venue_values(atlas, row, fits[n]),
            Records::Labels => label_values(atlas, row),
        }
    }

    /// What a tile holds of the layer: (row, geometry) in the order of rows.
    pub(crate) fn cuts(&self, tile: TileCoord) -> Cuts {
        match &self.shapes {
            Shapes::Layer(shapes) | Shapes::Areas(_, shapes) => shapes.cuts(tile),
            Shapes::Zones(zones) => zones.shapes().cuts(tile),
            Shapes::Cells(cells) => cells.cuts(tile),
        }
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
            Records::Venues(fits) => fits.len(),
            Records::Zones(_) | Records::Labels => 0,
        };
        (self.rows.len() * 4 + figures) as u64
    }
}

/// Where the names of communes are written, at their town hall or a point inside; then those of
/// départements.
pub(crate) fn label_points(atlas: &Atlas) -> Vec<Geometry> {
    let inside = |shape: &MultiPolygon| shape.interior_point();
    let town_hall = |c: &Commune| c.town_hall.map(|at| at.coord().into());
    let communes = atlas
        .gazetteer()
        .communes()
        .iter()
        .map(|c| town_hall(c).or_else(|| c.shape.as_ref().and_then(inside)));
    let departements = atlas.tables().departement_shapes.iter().map(inside);
    let nowhere = || Geometry::MultiPoint(geo::MultiPoint::new(Vec::new()));
    communes.chain(departements).map(|point| point.map_or_else(nowhere, Geometry::Point)).collect()
}
