//! From nouns to tables: done once, then frozen.

use std::collections::BTreeMap;

use gaps::fragility::classify;
use geo::{Contains, MultiPolygon, Point};
use rstar::{AABB, RTree, primitives::GeomWithData, primitives::Rectangle};
use territory::coverage::dissolve;
use territory::{
    CommuneCode, CommuneIdx, Decay, Extent, Gazetteer, Grid, Headcount, Position, PriorityArea, Settlement,
    SocialClasses, SocialRates, Source, Venue,
};

use crate::edge;
use crate::priority;
use crate::published::{Published, PublishedTable};
use crate::tables::Tables;

/// The version of the methods: raised whenever the same inputs give other tables.
const METHODS: u32 = 3;

/// What an atlas is built from: the SHA-256 of its inputs, and the version of the methods.
pub fn identity(inputs: &str) -> String {
    format!("{inputs}-{METHODS}")
}

/// What an atlas is built from.
#[derive(Debug, Clone)]
pub struct Materials {
    /// What it covers, as people call it.
    pub name: String,
    /// SHA-256 of everything it is built from.
    pub inputs: String,
    /// Where its figures come from.
    pub sources: Vec<Source>,
    /// The communes and their groupings.
    pub gazetteer: Gazetteer,
    /// The people a population grid counts by cell; without it their spread is modelled.
    pub headcount: Option<Headcount>,
    /// The venues, in any order.
    pub venues: Vec<Venue>,
    /// The rank classes of communes, where no rates are given.
    pub social: BTreeMap<CommuneCode, SocialClasses>,
    /// The rates of all communes of France, ranked here; none when the classes are given.
    pub rates: BTreeMap<CommuneCode, SocialRates>,
    /// The published index of fragility.
    pub published: Option<Published>,
    /// Where policy asks for more help.
    pub priority_areas: Vec<PriorityArea>,
    /// Whether venues beyond the outline of the communes are not in the data.
    pub venues_stop_at_edge: bool,
}

/// Builds the tables, their decay the usual one, without roads, which [`lay`](crate::roads::lay) lays on them, telling `progress` the name of each step as it starts.
pub fn build(materials: Materials, mut progress: impl FnMut(&'static str)) -> Tables {
    let Materials {
        name,
        inputs,
        sources,
        gazetteer,
        headcount,
        mut venues,
        social,
        rates,
        published,
        priority_areas,
        venues_stop_at_edge,
    } = materials;
    venues.sort_by(|a, b| a.id.cmp(&b.id));

    progress("places");
    let Settlement { grid, unplaced, spread } = Grid::settle(&gazetteer, headcount.as_ref());
    progress("outlines");
    let outlines = |members: &dyn Fn(&territory::Commune) -> bool| {
        dissolve(gazetteer.communes().iter().filter(|c| members(c)).filter_map(|c| c.shape.as_ref()))
    };
    let region_shapes = gazetteer.regions().iter().map(|r| outlines(&|c| c.region == r.code)).collect();
    let departement_shapes =
        gazetteer.departements().iter().map(|d| outlines(&|c| c.departement == d.code)).collect();
    let epci_shapes = gazetteer.epcis().iter().map(|e| outlines(&|c| c.epci == Some(e.code))).collect();
    progress("venues");
    let venue_communes = locate(&gazetteer, &venues);
    progress("edge");
    let edge = venues_stop_at_edge.then(|| edge::distances(&grid, &outlines(&|_| true)));

    progress("need");
    // Ranks are national: they are settled before the communes of the build are picked.
    let social = if rates.is_empty() { social } else { classify(&rates) };
    let published = published.map(|published| PublishedTable::settle(published, &gazetteer));
    let priority_areas = priority::settle(priority_areas, &gazetteer, &venues, &venue_communes);
    let social =
        gazetteer.communes().iter().map(|c| social.get(&c.code).copied().unwrap_or_default()).collect();
    let rates_of = |c: &territory::Commune| rates.get(&c.code).copied().unwrap_or_default();
    let rates = (!rates.is_empty()).then(|| gazetteer.communes().iter().map(rates_of).collect());
    Tables {
        name,
        inputs: identity(&inputs),
        sources,
        gazetteer,
        grid,
        spread,
        unplaced,
        venues,
        venue_communes,
        social,
        rates,
        published,
        priority_areas,
        edge,
        epci_shapes,
        departement_shapes,
        region_shapes,
        roads: Vec::new(),
        decay: Decay::default(),
    }
}

/// The commune each venue stands in, by the shapes.
fn locate(gazetteer: &Gazetteer, venues: &[Venue]) -> Vec<Option<CommuneIdx>> {
    let boxes = gazetteer.commune_ids().filter_map(|idx| {
        let extent = extent(gazetteer.commune(idx).shape.as_ref()?)?;
        let [west, south, east, north] = extent.bbox();
        Some(GeomWithData::new(Rectangle::from_corners([west, south], [east, north]), idx))
    });
    let tree = RTree::bulk_load(boxes.collect());
    let inside = |idx: CommuneIdx, at: Position| {
        gazetteer.commune(idx).shape.as_ref().is_some_and(|s| s.contains(&Point::from(at.coord())))
    };
    venues
        .iter()
        .map(|venue| {
            let (lon, lat) = venue.position.into();
            let around = tree.locate_in_envelope_intersecting(AABB::from_point([lon, lat]));
            around.map(|b| b.data).filter(|&idx| inside(idx, venue.position)).min()
        })
        .collect()
}

fn extent(shape: &MultiPolygon) -> Option<Extent> {
    Extent::of_coords(shape.iter().flat_map(|p| p.exterior().coords().copied()))
}
