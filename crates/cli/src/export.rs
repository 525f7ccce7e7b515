//! `maillage export`: a layer for a question, as a file or on the standard output.

use std::io::Write;

use atlas::export::{Selection, write};
use atlas::store::write_aside;

use crate::args::Export;
use crate::failure::Failure;
use crate::sample;

pub(crate) fn run(arguments: &Export) -> Result<(), Failure> {
    let [layer] = arguments.layers.as_slice() else {
        let layers: Vec<&str> = arguments.layers.iter().map(|layer| layer.slug()).collect();
        return Err(Failure::OneLayer { format: arguments.format.slug(), layers: layers.join(", ") });
    };
    let (atlas, _) = sample::open(arguments.atlas.as_ref())?;
    let inquiry = &arguments.question;
    let table = atlas.table(*layer, inquiry)?;
    let features: Vec<usize> = (0..table.len()).collect();
    let selection = Selection { atlas: &atlas, table: &table, inquiry, features: &features, fields: &[] };
    if arguments.output.as_os_str() == "-" {
        let mut out = std::io::BufWriter::new(std::io::stdout().lock());
        write(&selection, arguments.format, &mut out).and_then(|()| out.flush()).map_err(Failure::Output)
    } else {
        Ok(write_aside(&arguments.output, |file| write(&selection, arguments.format, file))?)
    }
}
