//! `maillage fetch`: the files of a configuration, from their addresses.

use ingest::config;
use ingest::fetch::{Patience, Progress, fetch, gather};

use crate::args::Fetch;
use crate::failure::Failure;
use crate::progress::Download;
use crate::report;

/// Downloads one file after another; one that fails does not stop the others.
pub(crate) fn run(arguments: &Fetch) -> Result<(), Failure> {
    let build = config::load(&arguments.config)?;
    let items = build.downloads();
    let items = match &arguments.into {
        Some(folder) => gather(items, folder),
        None => items,
    };
    if items.is_empty() {
        report::nothing_to_fetch(&arguments.config);
        return Ok(());
    }
    let mut failed = 0;
    for (n, item) in items.iter().enumerate() {
        let name = item.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bar = Download::new(format!("{}/{} {name}", n + 1, items.len()));
        let done = fetch(item, arguments.again, &Patience::default(), &mut |progress| match progress {
            Progress::At { bytes, total } => bar.at(bytes, total),
            Progress::Again { reason, after } => bar.aside(|| report::trying_again(&name, reason, after)),
        });
        bar.finish();
        match done {
            Ok(fetched) => report::fetched(item, &fetched),
            Err(error) => {
                failed += 1;
                report::not_fetched(&item.name, &error);
            }
        }
    }
    if failed > 0 { Err(Failure::NotFetched { failed, asked: items.len() }) } else { Ok(()) }
}
