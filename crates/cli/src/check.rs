//! `maillage check`: the data doctor.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use atlas::sensitivity::gap;
use atlas::store::{StoreError, create, write_aside};
use std::time::SystemTime;

use chrono::{DateTime, NaiveDate, Utc};
use ingest::doctor::{
    self, Examination, Ground, Sensitivity, Variant, write_findings, write_json, write_page, write_repaired,
    write_side,
};
use serde_json::{Map, Value as Json, json};
use territory::{Grid, Mode, Venue};

use crate::args::{Check, CheckFormat};
use crate::failure::Failure;
use crate::report;

pub(crate) fn run(arguments: &Check) -> Result<(), Failure> {
    let today = arguments.today.unwrap_or_else(today);
    let mapping = arguments.mapping.as_deref();
    let doctor::Checked { found, ground } =
        doctor::examine(&arguments.files, mapping, arguments.against.as_deref(), today)?;
    let sensitivity = ground.map(|ground| sensitivity(&found, &ground, arguments)).transpose()?;
    let day = today.format("%d/%m/%Y").to_string();
    let write = |format: CheckFormat, out: &mut dyn Write| match format {
        CheckFormat::Html => write_page(&found, sensitivity.as_ref(), &day, out),
        CheckFormat::Json => write_json(&found, more(sensitivity.as_ref()), out),
        CheckFormat::Csv => write_findings(&found, out),
    };
    if let Some(folder) = &arguments.out {
        create(folder)?;
        let file = |name: &str, write: &dyn Fn(&mut dyn Write) -> io::Result<()>| -> Result<(), StoreError> {
            write_aside(&folder.join(name), |mut file| write(&mut file))
        };
        file("report.html", &|out| write(CheckFormat::Html, out))?;
        file("findings.csv", &|out| write(CheckFormat::Csv, out))?;
        file("repaired.csv", &|out| write_repaired(&found, out))?;
        file("refused.csv", &|out| write_side(&found, out))?;
    }
    match (arguments.format, &arguments.output) {
        (None, None) => report::checked(&found, sensitivity.as_ref(), arguments.out.as_deref()),
        (format, output) => {
            printed(output.as_deref(), |out| write(format.unwrap_or(CheckFormat::Html), out))?;
        }
    }
    if arguments.strict && found.refused > 0 { Err(Failure::Refused(found.refused)) } else { Ok(()) }
}

fn printed(
    output: Option<&Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if let Some(path) = output.filter(|path| path.as_os_str() != "-") {
        return Ok(write_aside(path, |mut file| write(&mut file))?);
    }
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out).and_then(|()| out.flush()).map_err(Failure::Output)
}

/// The gap of the perimeter with all venues, then without those one may doubt.
fn sensitivity(found: &Examination, ground: &Ground, arguments: &Check) -> Result<Sensitivity, Failure> {
    let inquiry = &arguments.question;
    let grid = Grid::settle(&ground.gazetteer, ground.headcount.as_ref()).grid;
    let nobody = BTreeSet::new();
    let without = [
        ("Tous les lieux", [&nobody, &nobody]),
        ("Sans les fiches anciennes", [&found.stale, &nobody]),
        ("Sans les lieux douteux", [&nobody, &found.doubtful]),
        ("Sans les uns ni les autres", [&found.stale, &found.doubtful]),
    ];
    let variants = without.into_iter().map(|(label, without)| {
        let kept = |venue: &&Venue| without.iter().all(|left_out| !left_out.contains(&venue.id));
        let venues: Vec<Venue> = found.venues.iter().filter(kept).cloned().collect();
        let gap = gap(&ground.gazetteer, &grid, &venues, inquiry)?;
        let share = f64::from(gap.beyond.0) / f64::from(gap.population.0.max(1));
        Ok(Variant { label: label.to_owned(), venues: gap.venues as usize, beyond: gap.beyond.0, share })
    });
    let names: Vec<String> =
        inquiry.perimeter.territories().filter_map(|territory| ground.gazetteer.name(territory)).collect();
    let minutes = inquiry.promise.minutes.get();
    let mode = match inquiry.promise.question.mode {
        Mode::Car => "en voiture",
        Mode::Bike => "à vélo",
        Mode::Walk => "à pied",
    };
    Ok(Sensitivity {
        territory: if names.is_empty() { ground.name.clone() } else { names.join(" + ") },
        promise: format!("à plus de {minutes}\u{a0}minutes {mode}"),
        variants: variants.collect::<Result<_, Failure>>()?,
    })
}

fn more(sensitivity: Option<&Sensitivity>) -> Map<String, Json> {
    let Some(Sensitivity { territory, promise, variants }) = sensitivity else { return Map::new() };
    let variants: Vec<Json> = variants
        .iter()
        .map(|variant| {
            json!({"label": variant.label, "venues": variant.venues, "beyond": variant.beyond, "beyond_share": variant.share})
        })
        .collect();
    let sensitivity =
        json!({"territory": territory, "promise": promise, "method": "estimated", "variants": variants});
    [("sensitivity".to_owned(), sensitivity)].into_iter().collect()
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the clock")]
fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}
