//! Communes no source draws, and whose cells they live on: CSV `code,host,reason`.

use std::collections::BTreeMap;

use territory::CommuneCode;

use crate::codes::{ByCode, Codes, Meaning, Parts};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::Findings;
use crate::table::Table;

/// The host of each commune without a shape.
pub(crate) fn read(
    file: &File,
    codes: &Codes,
    findings: &mut Findings,
) -> Result<BTreeMap<CommuneCode, CommuneCode>, IngestError> {
    let table = Table::open(file)?;
    let (code, host) = (table.column("code")?, table.column("host")?);
    let mut rows = ByCode::new();
    table.rows(findings, |row, findings| {
        match row.get(host).parse().map(|host| codes.meaning(host)) {
            Ok(Meaning::Commune(host) | Meaning::PartOf(host)) if row.get(code) != host.as_str() => {
                rows.push(row.line, "code", row.get(code), host, findings);
            }
            // A host elsewhere goes with a commune elsewhere.
            Ok(Meaning::Outside) => {}
            _ => findings.refused(row.line, "host", row.get(host), "is not another commune of the build"),
        }
    });
    Ok(rows.settle("code", codes, Parts::Refused, findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};

    #[test]
    fn a_host_must_be_another_commune_of_the_build() {
        let file = File::of(
            "code,host,reason\n01001,01002,split\n01002,01002,itself\n69123,1002,cut\n75056,75101,elsewhere\n",
        );
        let mut findings = file.findings();
        let hosts = read(&file, &small(), &mut findings).expect("read");
        assert_eq!(hosts, [(code("01001"), code("01002"))].into());
        assert_eq!(findings.reasons().len(), 2);
    }
}
