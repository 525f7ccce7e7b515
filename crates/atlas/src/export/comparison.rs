//! A comparison as one flat table: venues first, then areas.

use std::borrow::Cow;
use std::io::{self, Write};

use super::csv::inert;
use crate::compare::{AreaChange, AreaId, Change, Comparison, Crossing, VenueRef};

/// The columns; those a row has no use for stay empty.
const COLUMNS: [&str; 20] = [
    "kind",
    "change",
    "code",
    "name",
    "code_before",
    "name_before",
    "commune",
    "metres",
    "changes",
    "population_before",
    "population_after",
    "access_min_before",
    "access_min_after",
    "minutes",
    "beyond_before",
    "beyond_after",
    "beyond",
    "gaining",
    "losing",
    "note",
];

/// A row in the making, by column.
#[derive(Default)]
struct Row<'a>([Cow<'a, str>; COLUMNS.len()]);

impl<'a> Row<'a> {
    fn new(kind: &'a str, change: &'a str) -> Self {
        Self::default().with("kind", kind).with("change", change)
    }

    fn with(mut self, column: &str, text: impl Into<Cow<'a, str>>) -> Self {
        if let Some(at) = COLUMNS.iter().position(|known| *known == column) {
            self.0[at] = text.into();
        }
        self
    }

    fn venue(self, venue: &'a VenueRef) -> Self {
        let commune = venue.commune.as_deref().unwrap_or_default();
        let named = self.with("code", inert(venue.id.as_str().into()));
        named.with("name", inert(venue.name.as_str().into())).with("commune", commune)
    }

    fn was(self, venue: &'a VenueRef) -> Self {
        let named = self.with("code_before", inert(venue.id.as_str().into()));
        named.with("name_before", inert(venue.name.as_str().into()))
    }

    fn area(self, area: &'a AreaId) -> Self {
        self.with("code", area.code.as_str()).with("name", inert(area.name.as_str().into()))
    }

    fn crossing(self, crossing: &Crossing) -> Self {
        let minutes = |number: Option<f64>| number.map(|n| format!("{n:.1}")).unwrap_or_default();
        let Crossing { before, after, minutes: more, beyond, gaining, losing } = *crossing;
        self.with("population_before", before.population.to_string())
            .with("population_after", after.population.to_string())
            .with("access_min_before", minutes(before.access_min))
            .with("access_min_after", minutes(after.access_min))
            .with("minutes", minutes(more))
            .with("beyond_before", before.beyond.to_string())
            .with("beyond_after", after.beyond.to_string())
            .with("beyond", beyond.to_string())
            .with("gaining", gaining.to_string())
            .with("losing", losing.to_string())
    }
}

/// Writes a header, a line a venue that opened, closed, moved or changed (one for each), a line an area,
/// and what to know before quoting.
pub fn write_csv(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(COLUMNS)?;
    let mut put = |row: Row<'_>| table.write_record(row.0.iter().map(|cell| cell.as_bytes()));
    let venues = &comparison.venues;
    for venue in &venues.opened {
        put(Row::new("venue", "opened").venue(venue))?;
    }
    for venue in &venues.closed {
        put(Row::new("venue", "closed").venue(venue))?;
    }
    for moved in &venues.moved {
        let metres = format!("{:.0}", moved.metres);
        put(Row::new("venue", "moved").venue(&moved.after).was(&moved.before).with("metres", metres))?;
    }
    for changed in &venues.relabelled {
        let changes: Vec<&str> = changed.changes.iter().map(|&change| Change::slug(change)).collect();
        let row = Row::new("venue", "relabelled").venue(&changed.after).was(&changed.before);
        put(row.with("changes", changes.join("|")))?;
    }
    put(Row::new("total", "compared").crossing(&comparison.total))?;
    let areas = &comparison.areas;
    for AreaChange { area, crossing } in
        [&areas.regions, &areas.departements, &areas.epcis, &areas.communes].into_iter().flatten()
    {
        put(Row::new(area.kind, "compared").area(area).crossing(crossing))?;
    }
    for area in &areas.only_before {
        put(Row::new(area.kind, "only-before").area(area))?;
    }
    for area in &areas.only_after {
        put(Row::new(area.kind, "only-after").area(area))?;
    }
    for warning in &comparison.warnings {
        put(Row::new("warning", warning.code).with("note", warning.message.as_str()))?;
    }
    table.flush()
}
