//! The figures of some people: what a commune, a cell or a département shows.

use std::collections::BTreeMap;

use access::{AccessSurface, PotentialAccess, Reach};
use gaps::{Crowd, Fragility};
use network::Method;
use territory::{Inhabitants, Minutes, PlaceIdx, TravelTime, VenueIdx};

use crate::apl::Mean;
use crate::atlas::Atlas;

/// What an inquiry comes to for the people of some places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    /// Everyone who lives there.
    pub population: Inhabitants,
    /// Those strictly beyond the promise, among those the floor keeps.
    pub beyond: Inhabitants,
    /// The share of those the floor keeps.
    pub beyond_share: Option<f64>,
    /// The time half of those the floor keeps do not exceed.
    pub median: Option<TravelTime>,
    /// The index, population-weighted over everyone.
    pub fragility: Option<Fragility>,
    /// The venue nearest to most people.
    pub nearest: Option<VenueIdx>,
    /// Routed only if everyone's time is.
    pub method: Method,
    /// Whether a venue outside the data could change the answer for most of them.
    pub edge: bool,
    /// The potential access, population-weighted over those the floor keeps; none when no venue says
    /// how much help it gives, or nobody is kept.
    pub apl: Option<f64>,
}

/// What the figures of an inquiry are computed with.
pub(crate) struct Survey<'a> {
    pub atlas: &'a Atlas,
    pub surface: &'a AccessSurface,
    pub apl: Option<&'a PotentialAccess>,
    pub minutes: Minutes,
    /// Whether a place's people are kept by the floor of the inquiry.
    pub kept: &'a (dyn Fn(PlaceIdx) -> bool + Sync),
    /// Whether a place could reach outside the venue data within the promise, sooner than its venue.
    pub near_edge: &'a (dyn Fn(PlaceIdx, Option<Reach>) -> bool + Sync),
}

impl Survey<'_> {
    /// The figures of the people of some places.
    pub(crate) fn figures(&self, places: impl IntoIterator<Item = PlaceIdx>) -> Figures {
        let grid = self.atlas.grid();
        let mut population = Inhabitants(0);
        let mut uncertain = Inhabitants(0);
        let mut method: Option<Method> = None;
        let mut kept: Vec<(Inhabitants, Option<Reach>)> = Vec::new();
        let mut fragility: Vec<(Option<Fragility>, Inhabitants)> = Vec::new();
        let mut helped = Mean::default();
        let mut nearest: BTreeMap<VenueIdx, Inhabitants> = BTreeMap::new();
        for idx in places {
            let place = grid.place(idx);
            let reach = self.surface.reach(idx);
            population += place.population;
            fragility.push((self.atlas.fragility(place.commune), place.population));
            // A place where nobody lives has nobody's time.
            if place.population.0 > 0 {
                method =
                    Some(method.map_or(self.surface.method_at(idx), |m| m.min(self.surface.method_at(idx))));
            }
            if let Some(reach) = reach {
                *nearest.entry(reach.venue).or_default() += place.population;
            }
            if (self.near_edge)(idx, reach) {
                uncertain += place.population;
            }
            if (self.kept)(idx) {
                kept.push((place.population, reach));
                if let Some(apl) = self.apl {
                    helped.add(place.population, apl.at(idx));
                }
            }
        }
        let coverage = Crowd::new(kept).coverage(self.minutes);
        // The smallest rank among the venues with most people.
        let nearest = nearest.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        Figures {
            population,
            beyond: coverage.beyond,
            beyond_share: coverage.beyond_share(),
            median: coverage.median,
            fragility: Fragility::mean(fragility),
            nearest: nearest.map(|(venue, _)| venue),
            method: method.unwrap_or(Method::Estimated),
            edge: u64::from(uncertain.0) * 2 > u64::from(population.0),
            apl: helped.get(),
        }
    }

    /// The same for places of one cell, which share its centre, hence their time and venue; none where
    /// nobody lives. A choropleth of cells asks for a hundred thousand of them.
    pub(crate) fn cell_figures(&self, places: impl Iterator<Item = PlaceIdx> + Clone) -> Option<Figures> {
        let grid = self.atlas.grid();
        let first = places.clone().next()?;
        let reach = self.surface.reach(first);
        let people = |places: &mut dyn Iterator<Item = PlaceIdx>| -> Inhabitants {
            places.map(|place| grid.place(place).population).sum()
        };
        let population = people(&mut places.clone());
        if population.0 == 0 {
            return None;
        }
        let kept = people(&mut places.clone().filter(|&place| (self.kept)(place)));
        let mut helped = Mean::default();
        if let Some(apl) = self.apl {
            helped.add(kept, apl.at(first));
        }
        let broken = reach.is_none_or(|reach| reach.time > self.minutes.time());
        let beyond = if broken { kept } else { Inhabitants(0) };
        let fragility =
            places.map(|place| grid.place(place)).map(|p| (self.atlas.fragility(p.commune), p.population));
        Some(Figures {
            population,
            beyond,
            beyond_share: (kept.0 > 0).then_some(if broken { 1.0 } else { 0.0 }),
            median: reach.filter(|_| kept.0 > 0).map(|r| r.time),
            fragility: Fragility::mean(fragility),
            nearest: reach.map(|r| r.venue),
            method: self.surface.method_at(first),
            edge: (self.near_edge)(first, reach),
            apl: helped.get(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inquiry::Inquiry;
    use crate::tables::tests::plain_tables;
    use access::Fit;

    #[test]
    fn the_short_way_for_a_cell_gives_what_the_long_one_does() {
        let atlas = Atlas::new(plain_tables(8, 8), String::new());
        for query in ["", "minutes=60", "mode=walk&minutes=5", "fragility_min=5"] {
            let inquiry = Inquiry::parse(query).expect(query);
            let surface = atlas.surface(&inquiry.promise.question, Fit::Fits);
            let apl = atlas.potential(&inquiry);
            let survey = Survey {
                atlas: &atlas,
                surface: &surface,
                apl: apl.as_deref(),
                minutes: inquiry.promise.minutes,
                kept: &|place| atlas.kept(&inquiry, atlas.grid().place(place).commune),
                near_edge: &|place, reach| atlas.near_edge(&inquiry, place, reach),
            };
            for &cell in &atlas.cells {
                let places = atlas.grid().in_cell(cell);
                assert_eq!(
                    survey.cell_figures(places.clone()),
                    Some(survey.figures(places)),
                    "{cell} {query}"
                );
            }
        }
    }
}
