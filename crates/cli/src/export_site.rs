//! `maillage export-site`: the map and the answers of one question, as a folder for any file host.

use atlas::export::Step;

use crate::args::ExportSite;
use crate::failure::Failure;
use crate::progress::{Pieces, Progress};
use crate::{report, sample};

pub(crate) fn run(arguments: &ExportSite) -> Result<(), Failure> {
    const STEPS: u64 = 4;
    let page = server::page_files();
    if page.is_empty() {
        return Err(Failure::NoPage);
    }
    let (atlas, _) = sample::open(arguments.atlas.as_ref())?;
    let mut progress = Progress::new(STEPS);
    let pieces = Pieces::new("tiles");
    let mut told = |step| match step {
        Step::Begins(name) => progress.step(name),
        Step::Tiles(done, of) => pieces.at(done, of),
    };
    let site = atlas.write_site(&arguments.question, page, &arguments.folder, &mut told)?;
    pieces.finish();
    report::site(&arguments.folder, &site, progress.finish());
    Ok(())
}
