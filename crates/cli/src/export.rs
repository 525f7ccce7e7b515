//! `maillage export`: a layer for a question, as a file or on the standard output; several as a GeoPackage.

use std::io::Write;

use atlas::export::{Format, Selection, write, write_layers};
use atlas::store::write_aside;

use crate::args::Export;
use crate::failure::Failure;
use crate::sample;

pub(crate) fn run(arguments: &Export) -> Result<(), Failure> {
    let mut layers = arguments.layers.clone();
    layers.sort_unstable();
    layers.dedup();
    if layers.len() > 1 && arguments.format != Format::GeoPackage {
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
    let save = |out: &mut dyn Write| match selections.as_slice() {
        [one] => write(one, arguments.format, out),
        several => write_layers(several, out),
    };
    if arguments.output.as_os_str() == "-" {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        save(&mut out).and_then(|()| out.flush()).map_err(Failure::Output)
    } else {
        Ok(write_aside(&arguments.output, |file| save(file))?)
    }
}
