//! «Bassins de vie» of INSEE: CSV `DEPCOM,BV2022,LIB_BV2022`, a commune a row.

use std::collections::{BTreeMap, BTreeSet};

use territory::CommuneCode;
use territory::grouping::Published;

use crate::codes::{Codes, Meaning};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::{Findings, Kind};
use crate::table::Table;

/// The living areas of the country, by the code of their main commune.
///
/// Members elsewhere than the build are kept: they say how much of an area it holds.
pub(crate) fn read(
    file: &File,
    codes: &Codes,
    findings: &mut Findings,
) -> Result<BTreeMap<CommuneCode, Published>, IngestError> {
    const COLUMN: &str = "DEPCOM";
    let table = Table::open(file)?;
    let (member, area, name) = (table.column(COLUMN)?, table.column("BV2022")?, table.column("LIB_BV2022")?);
    let mut areas: BTreeMap<CommuneCode, Published> = BTreeMap::new();
    let mut taken: BTreeSet<CommuneCode> = BTreeSet::new();
    table.rows(findings, |row, findings| {
        let text = row.get(member);
        let Some(code) = parsed(text, row.line, COLUMN, findings) else { return };
        let Some(area) = parsed(row.get(area), row.line, "BV2022", findings) else { return };
        let today = match codes.meaning(code) {
            Meaning::Commune(today) | Meaning::PartOf(today) => today,
            Meaning::Outside => code,
            Meaning::Unknown => {
                let reason = Kind::BadCommune.because("no commune has this code in the COG given");
                return findings.refused(row.line, COLUMN, text, reason);
            }
        };
        if !taken.insert(today) {
            let reason = Kind::DuplicateId.because("appears twice: the first row is kept");
            return findings.refused(row.line, COLUMN, text, reason);
        }
        if today != code {
            let reason = Kind::OtherVintage.because("code of another vintage: read as the commune of today");
            findings.repaired(row.line, COLUMN, text, reason.with_repair(today.as_str()));
        }
        let area = areas
            .entry(area)
            .or_insert_with(|| Published { name: row.get(name).to_owned(), ..Published::default() });
        area.members.insert(today);
    });
    for code in codes.in_scope.difference(&taken) {
        findings.kept(
            0,
            COLUMN,
            code.as_str(),
            "the table has no row for this commune: it is in no living area",
        );
    }
    Ok(areas)
}

fn parsed(text: &str, line: u64, column: &str, findings: &mut Findings) -> Option<CommuneCode> {
    let refused = |e: territory::InvalidCode| {
        findings.refused(
            line,
            column,
            text,
            Kind::BadCommune.because(format!("is not a commune code: {}", e.reason)),
        );
    };
    text.parse().map_err(refused).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};

    #[test]
    fn members_elsewhere_count_and_each_code_that_is_none_is_reported_once() {
        let file = File::of(
            "DEPCOM,LIB,BV2022,LIB_BV2022\n01001,a,01093,Châtillon\n71001,b,01093,Châtillon\n01300,c,01004,Ambérieu\n\
             01300,c,01004,Ambérieu\n01999,d,01004,Ambérieu\n1001,e,01093,x\n01002,f,,x\n",
        );
        let mut findings = file.findings();
        let areas = read(&file, &small(), &mut findings).expect("areas");
        assert_eq!(areas[&code("01093")].members, [code("01001"), code("71001")].into());
        assert_eq!(areas[&code("01004")].members, [code("01002")].into(), "01300 is a part of 01002");
        assert_eq!(areas[&code("01093")].name, "Châtillon");
        let reasons = findings.reasons();
        assert_eq!(reasons.len(), 6, "{reasons:#?}");
        for (reason, expected) in reasons.iter().zip([
            "another vintage",
            "twice",
            "no commune",
            "leading zero",
            "five characters",
            "no row",
        ]) {
            assert!(reason.contains(expected), "{reason} should say {expected}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_rows_never_panic(text in "[0-9A-Z,;\"\n\\PC]{0,120}") {
            for text in [text.clone(), format!("DEPCOM,BV2022,LIB_BV2022\n{text}\n")] {
                let file = File::of(text);
                let _ = read(&file, &small(), &mut file.findings());
            }
        }
    }
}
