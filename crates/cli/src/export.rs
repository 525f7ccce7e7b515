//! `maillage export`: a layer for a question, as a file or on the standard output; several as a GeoPackage, or
//! as tiles in an archive.

use std::io::Write;
use std::path::Path;

use atlas::export::{Format, LAST_ZOOM, Pyramid, Selection, write, write_layers};
use atlas::store::write_aside;
use atlas::{Atlas, Inquiry, Layer};

use crate::args::{Export, FileFormat};
use crate::failure::Failure;
use crate::progress::{Pieces, Progress};
use crate::{report, sample};

pub(crate) fn run(arguments: &Export) -> Result<(), Failure> {
    let mut layers = arguments.layers.clone();
    layers.sort_unstable();
    layers.dedup();
    let format = match arguments.format {
        FileFormat::Features(format) => format,
        FileFormat::Tiles => {
            let (atlas, _) = sample::open(arguments.atlas.as_ref())?;
            return archive(&atlas, &layers, &arguments.question, &arguments.output);
        }
    };
    if layers.len() > 1 && format != Format::GeoPackage {
        let layers: Vec<&str> = layers.iter().map(|layer| layer.slug()).collect();
        return Err(Failure::OneLayer { format: arguments.format.slug(), layers: layers.join(", ") });
    }
    let (atlas, _) = sample::open(arguments.atlas.as_ref())?;
    let inquiry = &arguments.question;
    let tables = layers.iter().map(|layer| atlas.table(*layer, inquiry)).collect::<Result<Vec<_>, _>>()?;
    let features: Vec<Vec<usize>> = tables.iter().map(|table| (0..table.len()).collect()).collect();
    let selections: Vec<Selection<'_>> = tables
        .iter()
        .zip(&features)
        .map(|(table, features)| Selection { atlas: &atlas, table, inquiry, features, fields: &[] })
        .collect();
    save(&arguments.output, |out| match selections.as_slice() {
        [one] => write(one, format, out),
        several => write_layers(several, out),
    })
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
