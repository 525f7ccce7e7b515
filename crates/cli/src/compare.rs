//! `maillage compare`: what changed from one atlas to another.

use std::io::{self, Write};

use atlas::Atlas;
use atlas::compare::{AreaChange, Change, Comparison, Crossing, VenueRef, compare};
use atlas::export::write_comparison_csv;
use atlas::store::write_aside;

use crate::args::{Compare, Report};
use crate::failure::Failure;

/// Lines of each list in a text; JSON and CSV hold all.
const LINES: usize = 10;

pub(crate) fn run(arguments: &Compare) -> Result<(), Failure> {
    let (before, after) = (Atlas::open(&arguments.before)?, Atlas::open(&arguments.after)?);
    let comparison = compare(&before, &after, &arguments.question)?;
    let json = serde_json::to_string_pretty(&comparison)?;
    let write = |out: &mut dyn Write| match arguments.format {
        Report::Text => text(&comparison, out),
        Report::Json => writeln!(out, "{json}"),
        Report::Csv => write_comparison_csv(&comparison, out),
    };
    if arguments.output.as_os_str() == "-" {
        let mut out = io::BufWriter::new(io::stdout().lock());
        write(&mut out).and_then(|()| out.flush()).map_err(Failure::Output)
    } else {
        Ok(write_aside(&arguments.output, |file| write(file))?)
    }
}

fn text(comparison: &Comparison, out: &mut dyn Write) -> io::Result<()> {
    let Comparison { before, after, venues, total, areas, .. } = comparison;
    writeln!(out, "{} ({}) → {} ({})", before.name, short(&before.id), after.name, short(&after.id))?;
    for warning in &comparison.warnings {
        writeln!(out, "  warning: {}", warning.message)?;
    }
    writeln!(
        out,
        "venues: {} → {}; {} opened, {} closed, {} moved, {} relabelled, {} unchanged ({} matched by identifier, {} by likeness)",
        venues.before,
        venues.after,
        venues.opened.len(),
        venues.closed.len(),
        venues.moved.len(),
        venues.relabelled.len(),
        venues.unchanged,
        venues.same_record,
        venues.alike,
    )?;
    let one = |venue: &VenueRef| {
        let commune = venue.commune.as_deref().unwrap_or("no commune");
        format!("{} ({}, {commune})", venue.name, venue.id)
    };
    list(out, "opened", venues.opened.iter().map(one))?;
    list(out, "closed", venues.closed.iter().map(one))?;
    list(out, "moved", venues.moved.iter().map(|m| format!("{}, {:.0} m", one(&m.after), m.metres)))?;
    let what = |changes: &[Change]| changes.iter().map(|c| c.slug()).collect::<Vec<_>>().join(", ");
    let relabelled = venues.relabelled.iter().map(|r| format!("{}: {}", one(&r.after), what(&r.changes)));
    list(out, "relabelled", relabelled)?;
    writeln!(out, "people: {}", figures(total))?;
    let (by_place, by_commune) = (areas.people_by_place, areas.people_by_commune);
    writeln!(out, "  compared place by place: {by_place}; by the median of their commune: {by_commune}")?;
    for (name, all) in [
        ("régions", &areas.regions),
        ("départements", &areas.departements),
        ("EPCI", &areas.epcis),
        ("communes", &areas.communes),
    ] {
        let mut changed: Vec<&AreaChange> = all.iter().filter(|c| differs(&c.crossing)).collect();
        // Where most people are concerned, first.
        changed.sort_by_key(|c| std::cmp::Reverse(c.crossing.gaining + c.crossing.losing));
        writeln!(out, "{name}: {} of {} with a change", changed.len(), all.len())?;
        let lines =
            changed.into_iter().map(|c| format!("{} {}: {}", c.area.code, c.area.name, figures(&c.crossing)));
        list(out, "", lines)?;
    }
    for (when, only) in [("before", &areas.only_before), ("after", &areas.only_after)] {
        let lines = only.iter().map(|area| format!("{} {} {}", area.kind, area.code, area.name));
        list(out, &format!("only {when}"), lines)?;
    }
    Ok(())
}

fn differs(crossing: &Crossing) -> bool {
    crossing.gaining + crossing.losing > 0 || crossing.before != crossing.after
}

fn figures(crossing: &Crossing) -> String {
    let minutes = |number: Option<f64>| number.map_or("none".to_owned(), |n| format!("{n:.1} min"));
    let Crossing { before, after, beyond, gaining, losing, .. } = crossing;
    let more = crossing.minutes.map(|n| format!(" ({n:+.1})")).unwrap_or_default();
    format!(
        "median {} → {}{more}; beyond {} → {} ({beyond:+}); {gaining} gain a minute or more, {losing} lose one",
        minutes(before.access_min),
        minutes(after.access_min),
        before.beyond,
        after.beyond,
    )
}

/// The first lines of a list, and how many are left.
fn list(out: &mut dyn Write, what: &str, lines: impl Iterator<Item = String>) -> io::Result<()> {
    let space = if what.is_empty() { "" } else { " " };
    let mut left = 0;
    for (n, line) in lines.enumerate() {
        if n < LINES {
            writeln!(out, "  {what}{space}{line}")?;
        } else {
            left += 1;
        }
    }
    if left > 0 {
        writeln!(out, "  {what}{space}… and {left} more: --format csv lists all")
    } else {
        Ok(())
    }
}

fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}
