//! Where the row of a venue is, decided by [`crate::location`].

use super::rows::Row;
use crate::location::{About, Claim, Crowd, Judge, Located};
use crate::refusal::{Findings, Kind, Outcome};

const LATITUDE: &str = "latitude";
const CODE: &str = "code_insee";

/// What a row says of where it is.
pub(super) fn claim(row: &Row) -> Claim<'_> {
    Claim {
        lon: row.text("longitude"),
        lat: row.text(LATITUDE),
        commune: row.text(CODE).parse().ok(),
        postcode: row.text("code_postal"),
        commune_name: row.text("commune"),
        address: row.text("adresse"),
    }
}

/// The place of a row, with what was repaired or is doubtful reported; none once refused.
pub(super) fn locate(row: &Row, judge: &Judge, crowd: &Crowd, findings: &mut Findings) -> Option<Located> {
    let claim = claim(row);
    let written = format!("{}, {}", claim.lat, claim.lon);
    let mut located = match judge.locate(&claim, crowd) {
        Ok(located) => located,
        Err(reason) => {
            findings.refused(row.rank, LATITUDE, &written, reason);
            return None;
        }
    };
    for finding in located.findings.drain(..) {
        let (column, value) = match finding.about {
            About::Coordinates => (LATITUDE, written.as_str()),
            About::CommuneCode => (CODE, row.text(CODE)),
        };
        match finding.outcome {
            Outcome::Refused => findings.refused(row.rank, column, value, finding.reason),
            Outcome::Repaired => findings.repaired(row.rank, column, value, finding.reason),
            Outcome::Kept => findings.kept(row.rank, column, value, finding.reason),
        }
    }
    Some(located)
}

/// Says once how many rows are of elsewhere: they are sound, and no trouble of the file.
pub(super) fn fold(elsewhere: usize, findings: &mut Findings) {
    if elsewhere > 0 {
        let reason = "rows lie more than 100 km from the territory of the build and are not needed";
        findings.kept(0, "", &elsewhere.to_string(), Kind::OutOfScope.because(reason));
    }
}
