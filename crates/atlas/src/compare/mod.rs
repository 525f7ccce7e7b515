//! «Avant, après»: what changed between two atlases, for venues and for the people they serve.
//!
//! Venues are those standing in the perimeter, whatever the filters of the question; minutes are those of
//! the question. Everything mirrors: comparing after with before opens what closed and loses what was won.

mod minutes;
mod venues;

use std::collections::BTreeMap;

use network::Method;
use serde::Serialize;

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::warnings::Warning;

pub use minutes::{AreaChange, AreaId, Areas, Crossing, Figures};
pub use venues::{Change, LIKENESS_M, MOVED_M, Moved, Relabelled, VenueRef, Venues};

/// What changed from one atlas to another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The parameters of the inquiry that differ from their default.
    pub question: BTreeMap<String, String>,
    /// The atlas compared from.
    pub before: Side,
    /// The atlas compared to.
    pub after: Side,
    /// What became of the venues.
    pub venues: Venues,
    /// Everyone in the perimeter.
    pub total: Crossing,
    /// What became of the minutes, area by area.
    pub areas: Areas,
    /// What to know before quoting these figures.
    pub warnings: Vec<Warning>,
}

/// One of the two atlases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Side {
    /// What it covers, as people call it.
    pub name: String,
    /// Its identity.
    pub id: String,
    /// Whether its times are `routed` or `estimated`.
    pub method: &'static str,
    /// What it was built from: name, vintage.
    pub sources: Vec<(String, String)>,
}

/// Compares two atlases for an inquiry.
pub fn compare(before: &Atlas, after: &Atlas, inquiry: &Inquiry) -> Result<Comparison, AtlasError> {
    let scopes = [before.scope(inquiry)?, after.scope(inquiry)?];
    let scopes = [&*scopes[0], &*scopes[1]];
    let methods = [before.method(inquiry)?, after.method(inquiry)?];
    let venues = venues::compare([before, after], scopes);
    let (total, areas) = minutes::compare([before, after], inquiry, scopes);
    let mut comparison = Comparison {
        question: inquiry.parameters().into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
        before: side(before, methods[0]),
        after: side(after, methods[1]),
        venues,
        total,
        areas,
        warnings: Vec::new(),
    };
    comparison.warnings = warnings(&comparison, [before, after], inquiry);
    Ok(comparison)
}

fn side(atlas: &Atlas, method: Method) -> Side {
    let sources = atlas.sources().iter().map(|s| (s.name.clone(), s.vintage.to_string()));
    Side {
        name: atlas.name().to_owned(),
        id: atlas.id().to_owned(),
        method: method.slug(),
        sources: sources.collect(),
    }
}

/// What makes two atlases less than comparable; in English, as the command line speaks.
fn warnings(comparison: &Comparison, [before, after]: [&Atlas; 2], inquiry: &Inquiry) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = Vec::new();
    let (a, b) = (&comparison.before, &comparison.after);
    if a.method != b.method {
        warnings.push(Warning::from((
            "methods-differ",
            format!(
                "times are {} before and {} after: part of the minutes gained or lost is the method's",
                a.method, b.method
            ),
        )));
    } else if let Some(difference) = roads_differ(before, after, inquiry) {
        warnings.push(Warning::from(("roads-differ", difference)));
    }
    let areas = &comparison.areas;
    if !areas.same_places {
        warnings.push(Warning::from((
            "places-differ",
            format!(
                "people are not spread over the same places: {} are compared place by place, {} by the median of their commune",
                areas.people_by_place, areas.people_by_commune
            ),
        )));
    }
    let (gone, new) = (areas.only_before.len(), areas.only_after.len());
    if gone + new > 0 {
        warnings.push(Warning::from((
            "territories-differ",
            format!(
                "{gone} communes and groupings are only in the atlas before and {new} only in the one after (another vintage or scope): they are listed, not compared"
            ),
        )));
    }
    warnings
}

/// Why two routed atlases do not route alike.
fn roads_differ(before: &Atlas, after: &Atlas, inquiry: &Inquiry) -> Option<String> {
    let mode = inquiry.promise.question.mode;
    let file = |atlas: &Atlas| atlas.roads(mode).map(|(roads, _)| roads.file());
    (file(before) != file(after)).then(|| {
        "the two atlases do not have the same roads: part of the minutes gained or lost is the roads'"
            .to_owned()
    })
}

#[cfg(test)]
mod tests;
