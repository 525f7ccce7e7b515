//! The attributes of one feature, parallel to the fields of its layer.

use std::borrow::Cow;
use std::collections::BTreeSet;

use access::Fit;
use territory::vocabulary::{Term, Terms};
use territory::{CommuneIdx, Score, TravelTime};

use crate::atlas::Atlas;
use crate::detail::Cluster;
use crate::field::{FIT, Field, Value, round};
use crate::figures::Figures;
use crate::layer::Layer;
use crate::wording;

/// Minutes with one decimal, null when not reached.
pub(crate) fn minutes(time: Option<TravelTime>) -> Value<'static> {
    Value::rounded(time.map(TravelTime::minutes), 1)
}

fn text<'a>(text: impl Into<Cow<'a, str>>) -> Value<'a> {
    Value::Text(text.into())
}

pub(crate) fn area_values<'a>(
    atlas: &'a Atlas,
    layer: Layer,
    row: usize,
    f: &Figures,
    venues: u32,
) -> Vec<Value<'a>> {
    let gazetteer = atlas.gazetteer();
    let mut values = match layer {
        Layer::Regions => {
            let region = &gazetteer.regions()[row];
            vec![text(region.code.to_string()), text(&region.name)]
        }
        Layer::Departements => {
            let departement = &gazetteer.departements()[row];
            vec![text(departement.code.to_string()), text(&departement.name)]
        }
        Layer::Epcis => {
            let epci = &gazetteer.epcis()[row];
            vec![
                text(epci.code.to_string()),
                text(wording::epci_name(&epci.name, gazetteer.is_partial(epci))),
            ]
        }
        Layer::Cells => {
            let cell = atlas.cells[row];
            let places = atlas.grid().in_cell(cell).map(|p| atlas.grid().place(p));
            // The first commune among those with most people.
            let home = places.max_by(|a, b| a.population.cmp(&b.population).then(b.commune.cmp(&a.commune)));
            let home = home.map(|p| atlas.commune(p.commune));
            let code = home.map(|c| c.code.to_string());
            vec![text(cell.to_string()), home.map(|c| c.name.as_str()).into(), code.into()]
        }
        _ => {
            let commune = &gazetteer.communes()[row];
            vec![
                text(commune.code.to_string()),
                text(&commune.name),
                text(commune.departement.to_string()),
                commune.epci.map(|e| e.to_string()).into(),
            ]
        }
    };
    values.extend(figure_values(atlas, f, venues));
    let published = match layer {
        Layer::Epcis => Some(atlas.published_of_epci(row)),
        Layer::Communes => Some(atlas.published_of_commune(CommuneIdx(row as u32))),
        _ => None,
    };
    values.extend(published.map(|score| Value::rounded(score.map(Score::get), 1)));
    values
}

/// Those of the H3 parent of cells, parallel to those of a cell.
pub(crate) fn parent_values<'a>(
    atlas: &'a Atlas,
    code: String,
    home: CommuneIdx,
    f: &Figures,
    venues: u32,
) -> Vec<Value<'a>> {
    let home = atlas.commune(home);
    let mut values = vec![text(code), text(home.name.as_str()), text(home.code.to_string())];
    values.extend(figure_values(atlas, f, venues));
    values
}

/// What every area tells of its people.
fn figure_values<'a>(atlas: &'a Atlas, f: &Figures, venues: u32) -> [Value<'a>; 10] {
    [
        f.population.into(),
        minutes(f.median),
        f.beyond.into(),
        Value::rounded(f.beyond_share, 4),
        Value::rounded(f.fragility.map(gaps::Fragility::get), 1),
        Value::Int(i64::from(venues)),
        // No data is not a zero: where nobody is in reach of any venue.
        Value::rounded(f.apl, 3),
        f.nearest.map(|v| atlas.venue(v).name.as_str()).into(),
        text(f.method.slug()),
        Value::Bool(f.edge),
    ]
}

/// A quarter lists its communes, a rural zoning of thousands only counts them.
pub(crate) fn priority_values<'a>(atlas: &'a Atlas, row: usize, f: &Figures, venues: u32) -> Vec<Value<'a>> {
    let area = &atlas.tables().priority_areas[row];
    let codes = || area.communes.iter().map(|&c| atlas.commune(c).code.to_string()).collect::<Vec<_>>();
    let of_people = |value: Value<'a>| if area.whole { value } else { Value::Null };
    vec![
        text(&area.code),
        text(&area.name),
        text(area.kind.slug()),
        Value::Int(i64::from(area.communes.len() as u32)),
        (!area.whole).then(|| codes().join(",")).into(),
        of_people(f.population.into()),
        minutes(f.median),
        text(if area.whole { "people" } else { "inside-point" }),
        of_people(f.beyond.into()),
        of_people(Value::rounded(f.beyond_share, 4)),
        of_people(Value::rounded(f.fragility.map(gaps::Fragility::get), 1)),
        Value::Int(i64::from(venues)),
        f.nearest.map(|v| atlas.venue(v).name.as_str()).into(),
        text(f.method.slug()),
    ]
}

pub(crate) fn zone_values<'a>(atlas: &'a Atlas, zone: &gaps::Zone) -> Vec<Value<'a>> {
    let codes: Vec<String> = {
        let mut codes: Vec<_> = zone.communes.iter().map(|&c| atlas.commune(c).code.to_string()).collect();
        codes.sort();
        codes
    };
    let epcis: BTreeSet<String> =
        zone.communes.iter().filter_map(|&c| Some(atlas.commune(c).epci?.to_string())).collect();
    let nearest = zone.nearest.map(|v| atlas.venue(v));
    vec![
        text(zone_name(atlas, zone)),
        zone.population.into(),
        zone.fragile_population.into(),
        minutes(zone.median),
        minutes(zone.longest),
        nearest.map(|v| v.name.as_str()).into(),
        nearest.map(|v| v.id.as_str()).into(),
        text(codes.join(",")),
        text(epcis.into_iter().collect::<Vec<_>>().join(",")),
        text(zone.reason.slug()),
        text(wording::reason(zone.reason)),
        text(zone.method.slug()),
    ]
}

/// A zone is called after the commune with most of its people.
fn zone_name(atlas: &Atlas, zone: &gaps::Zone) -> String {
    let first = zone.communes.first().map_or("", |&c| atlas.commune(c).name.as_str());
    wording::zone_name(first, zone.communes.len())
}

pub(crate) fn venue_values(atlas: &Atlas, row: usize, fit: Fit) -> Vec<Value<'_>> {
    let venue = &atlas.venues()[row];
    let commune = atlas.tables().venue_communes[row].map(|c| atlas.commune(c).name.as_str());
    vec![
        text(&venue.id),
        text(&venue.name),
        fit_value(fit),
        venue.address.as_deref().into(),
        commune.or(Some(venue.commune_name.as_str()).filter(|name| !name.is_empty())).into(),
        labels(venue.services),
        labels(venue.publics),
        labels(venue.care),
        labels(venue.supports),
        labels(venue.fees),
        labels(venue.programmes),
        labels(venue.labels),
        venue.hours_text.as_deref().into(),
        venue.updated.as_ref().map(ToString::to_string).into(),
    ]
}

fn fit_value(fit: Fit) -> Value<'static> {
    text(match fit {
        Fit::Fits => "yes",
        Fit::Unknown => "unknown",
        Fit::Fails => "no",
    })
}

/// Several venues at once, parallel to the fields of the tiles of venues: what only one has is null.
pub(crate) fn cluster_values(cluster: &Cluster) -> Vec<Value<'static>> {
    let of_venue = |field: &Field| if field.name == FIT { fit_value(cluster.fit()) } else { Value::Null };
    let mut values: Vec<Value<'static>> = Layer::Venues.fields().iter().map(of_venue).collect();
    let count = |n: u32| Value::Int(i64::from(n));
    values.extend([
        count(cluster.venues),
        count(cluster.fits),
        count(cluster.unknown),
        cluster.expansion_zoom.map_or(Value::Null, |zoom| Value::Int(i64::from(zoom))),
    ]);
    values
}

/// Labels joined by the separator of the national schema v1; null when nothing is known.
fn labels<T: Term>(terms: Terms<T>) -> Value<'static> {
    let labels: Vec<&str> = terms.iter().map(Term::label).collect();
    (!labels.is_empty()).then(|| labels.join("|")).into()
}

/// A number of minutes as it stands in an answer.
pub(crate) fn minutes_number(time: Option<TravelTime>) -> Option<f64> {
    time.map(|t| round(t.minutes(), 1))
}
