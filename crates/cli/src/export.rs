//! `maillage export`: layers for a question, as a file or on the standard output.

use std::io::Write;
use std::path::Path;

use atlas::export::{Bundle, Form, LAST_ZOOM, Pyramid};
use atlas::store::write_aside;
use atlas::{Atlas, Inquiry, Layer};

use crate::args::Export;
use crate::failure::Failure;
use crate::progress::{Pieces, Progress};
use crate::{report, sample};

pub(crate) fn run(arguments: &Export) -> Result<(), Failure> {
    let Export { question, output, .. } = arguments;
    // Named in another order, or twice, they are the same file.
    let mut layers = arguments.layers.clone();
    layers.sort_unstable();
    layers.dedup();
    let form = arguments.form();
    let is = |extension: &str| output.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
    // Said before anything is computed.
    if layers.len() > 1 && form.holds_one() && !is("zip") {
        let layers: Vec<&str> = layers.iter().map(|layer| layer.slug()).collect();
        return Err(Failure::OneLayer { format: form.slug(), layers: layers.join(", ") });
    }
    let (atlas, _) = sample::open(arguments.atlas.as_ref())?;
    if form == Form::Tiles {
        return archive(&atlas, &layers, question, output);
    }
    if form == Form::Project && arguments.server.is_none() && is("qgz") {
        return project(&atlas, &layers, arguments);
    }
    let bundle = Bundle::new(&atlas, &layers, question, form)?.drawn_by(arguments.style);
    let bundle = if is("zip") { bundle.zipped() } else { bundle };
    let bundle = match &arguments.server {
        Some(server) => bundle.served_by(server.clone()),
        None => bundle,
    };
    let pieces = Pieces::new("features");
    save(output, |out| bundle.write(out, &mut |done, of| pieces.at(done, of)))?;
    pieces.finish();
    Ok(())
}

/// A project and its data as two files of one name: a `.qgz` that QGIS opens is no zip of both.
fn project(atlas: &Atlas, layers: &[Layer], arguments: &Export) -> Result<(), Failure> {
    let Export { question, output, style, .. } = arguments;
    let data = output.with_extension("gpkg");
    let name = data.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let pieces = Pieces::new("features");
    let bundle = Bundle::new(atlas, layers, question, Form::GeoPackage)?.drawn_by(*style);
    save(&data, |out| bundle.write(out, &mut |done, of| pieces.at(done, of)))?;
    pieces.finish();
    let bundle = Bundle::new(atlas, layers, question, Form::Project)?.drawn_by(*style).beside(name);
    save(output, |out| bundle.write(out, &mut |_, _| {}))
}

/// All tiles of some layers, with how far they have come.
fn archive(atlas: &Atlas, layers: &[Layer], inquiry: &Inquiry, output: &Path) -> Result<(), Failure> {
    let progress = Progress::new(1);
    let pyramid = Pyramid::new(atlas, layers, inquiry, LAST_ZOOM)?;
    let mut written = None;
    let pieces = Pieces::new("tiles");
    save(output, |out| {
        written = Some(pyramid.write(out, &mut |done, of| pieces.at(done, of))?);
        Ok(())
    })?;
    pieces.finish();
    let took = progress.finish();
    if let Some(written) = written {
        report::archived(&written, took);
    }
    Ok(())
}

fn save(output: &Path, write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<(), Failure> {
    if output.as_os_str() == "-" {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        write(&mut out).and_then(|()| out.flush()).map_err(Failure::Output)
    } else {
        Ok(write_aside(output, |file| write(file))?)
    }
}
