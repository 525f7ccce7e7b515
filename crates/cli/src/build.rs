//! `maillage build`: published files to an atlas.

use std::collections::BTreeMap;
use std::path::Path;

use atlas::build::{Materials, build};
use atlas::roads::{RoadTable, lay};
use atlas::store::{StoreError, create, save, write_aside};
use atlas::{Published, Tables};
use ingest::identity::Identity;
use ingest::{Kind, Outcome, Refusal, Social};
use territory::VenueIdx;

use crate::args::Build;
use crate::failure::Failure;
use crate::progress::Progress;
use crate::report;

/// The checksums, the five steps of a build, and writing, besides each table that is read; with roads, the
/// homes and three modes.
const STEPS: u64 = 7;
const ROAD_STEPS: u64 = 4;

pub(crate) fn run(arguments: &Build) -> Result<(), Failure> {
    let refusals = make(&arguments.config, &arguments.out)?;
    let refused = refusals.iter().filter(|refusal| refusal.outcome == Outcome::Refused).count();
    if arguments.strict && refused > 0 { Err(Failure::Refused(refused)) } else { Ok(()) }
}

/// Builds an atlas and reports; returns what was refused, repaired or kept with a doubt.
pub(crate) fn make(config: &Path, out: &Path) -> Result<Vec<Refusal>, Failure> {
    let mut progress = Progress::new(STEPS);
    progress.step("checksums");
    let inputs = ingest::digest(config)?;
    let mut tables = 0;
    let read = ingest::read_with_progress(config, &mut |reading| {
        tables = reading.of as u64;
        progress.expect(STEPS + tables);
        progress.step(&format!("reading {}", reading.table));
    })?;
    progress.expect(STEPS + tables + if read.value.roads.is_some() { ROAD_STEPS } else { 0 });
    let roads = read.value.roads;
    let (social, rates) = match read.value.social {
        Some(Social::Rates(rates)) => (BTreeMap::new(), rates),
        Some(Social::Classes(classes)) => (classes, BTreeMap::new()),
        None => (BTreeMap::new(), BTreeMap::new()),
    };
    let published = read.value.published.map(|given| Published {
        communes: given.communes,
        epcis: given.epcis,
        iris: given.iris,
        source: given.source,
    });
    let materials = Materials {
        name: read.value.name,
        inputs,
        sources: read.value.sources,
        gazetteer: read.value.gazetteer,
        headcount: read.value.headcount,
        venues: read.value.venues,
        social,
        rates,
        published,
        priority_areas: read.value.priority_areas,
        venues_stop_at_edge: read.value.venues_stop_at_edge,
    };
    let mut tables: Tables = build(materials, |step| progress.step(step));
    tables.decay = read.value.decay;
    let networks = match &roads {
        Some(given) => {
            lay(&mut tables, &given.roads, given.ferries, &given.vintage, |step| progress.step(step))?
        }
        None => Vec::new(),
    };
    progress.step("writing");
    let mut findings = read.refused;
    findings.extend(ties(&tables));
    create(out)?;
    write_refusals(&findings, &out.join("refusals.csv"))?;
    write_identities(&read.value.identities, &out.join("identities.csv"))?;
    save(&tables, &networks, out)?;
    report::built(&tables, &read.value.absent, &findings, progress.finish());
    Ok(findings)
}

/// Venues that are far from any road, or doubtfully far.
fn ties(tables: &Tables) -> Vec<Refusal> {
    let finding = |roads: &RoadTable, venue: VenueIdx, reason: String| Refusal {
        source: "venues".to_owned(),
        line: None,
        column: Some(roads.mode.slug().to_owned()),
        value: tables.venues[venue.0 as usize].id.clone(),
        kind: Kind::Other,
        reason,
        repair: None,
        outcome: Outcome::Kept,
    };
    let of_mode = |roads: &RoadTable| -> Vec<Refusal> {
        let (refused, flagged) = (roads.snapping.refused_m, roads.snapping.flagged_m);
        let untied = roads.untied(&tables.venues).map(|venue| {
            finding(
                roads,
                venue,
                format!("venue more than {refused} m from any road in the data: reached by none"),
            )
        });
        let doubtful = roads.doubtful().map(|(venue, _)| {
            finding(roads, venue, format!("venue more than {flagged} m from the road it is reached by"))
        });
        untied.chain(doubtful).collect()
    };
    tables.roads.iter().flat_map(of_mode).collect()
}

fn write_refusals(refusals: &[Refusal], path: &Path) -> Result<(), StoreError> {
    write_aside(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(["outcome", "kind", "source", "line", "column", "value", "repair", "reason"])?;
        for refusal in refusals {
            let line = refusal.line.map(|line| line.to_string()).unwrap_or_default();
            table.write_record([
                refusal.outcome.slug(),
                refusal.kind.slug(),
                &refusal.source,
                &line,
                refusal.column.as_deref().unwrap_or_default(),
                &refusal.value,
                refusal.repair.as_deref().unwrap_or_default(),
                &refusal.reason,
            ])?;
        }
        table.flush()
    })
}

/// The register of identities, as `[identities]` of a configuration reads it back.
fn write_identities(identities: &[Identity], path: &Path) -> Result<(), StoreError> {
    write_aside(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        table.write_record(Identity::COLUMNS)?;
        for identity in identities {
            table.write_record(identity.row())?;
        }
        table.flush()
    })
}
