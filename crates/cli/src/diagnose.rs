//! `maillage diagnose`: the diagnosis of a territory, as a page to print or as JSON.

use std::io::Write;

use atlas::Inquiry;
use atlas::store::write_aside;

use crate::args::{Diagnose, DiagnosisFormat};
use crate::failure::Failure;
use crate::sample;

pub(crate) fn run(arguments: &Diagnose) -> Result<(), Failure> {
    let (atlas, _) = sample::open(arguments.atlas.as_ref())?;
    let of = |perimeter: &territory::Perimeter| Inquiry {
        perimeter: perimeter.clone(),
        ..(*arguments.question).clone()
    };
    let inquiry = of(&arguments.territory);
    let second = arguments.compare.as_ref().map(of);
    let text = match arguments.format {
        DiagnosisFormat::Html => atlas.report(&inquiry, second.as_ref())?,
        DiagnosisFormat::Json => {
            if second.is_some() {
                return Err(Failure::JsonComparesNothing);
            }
            serde_json::to_string_pretty(&atlas.diagnosis(&inquiry)?)? + "\n"
        }
    };
    if arguments.output.as_os_str() == "-" {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
    } else {
        Ok(write_aside(&arguments.output, |file| file.write_all(text.as_bytes()))?)
    }
}
