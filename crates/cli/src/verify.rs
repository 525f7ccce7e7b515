//! `maillage verify`: proves an atlas, and says what it proved.

use crate::args::Verify;
use crate::failure::Failure;
use crate::report;

pub(crate) fn run(arguments: &Verify) -> Result<(), Failure> {
    for proved in atlas::verify::verify(&arguments.atlas)? {
        report::proved(&proved);
    }
    Ok(())
}
