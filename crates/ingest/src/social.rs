//! Rank classes per commune: CSV `code,seniors,low_diploma,low_income,no_fast_broadband`.

use std::collections::BTreeMap;

use territory::{CommuneCode, RankClass, SocialClasses};

use crate::codes::{ByCode, Codes, Parts};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::Findings;
use crate::table::Table;

/// The classes of the communes of the build; an empty value is no data.
pub(crate) fn read(
    file: &File,
    codes: &Codes,
    findings: &mut Findings,
) -> Result<BTreeMap<CommuneCode, SocialClasses>, IngestError> {
    let table = Table::open(file)?;
    let code = table.column("code")?;
    let names = ["seniors", "low_diploma", "low_income", "no_fast_broadband"];
    let columns =
        [table.column(names[0])?, table.column(names[1])?, table.column(names[2])?, table.column(names[3])?];
    let mut rows = ByCode::new();
    table.rows(findings, |row, findings| {
        let classes: [Option<RankClass>; 4] = std::array::from_fn(|i| {
            let text = row.get(columns[i]);
            let class = text.parse::<u8>().ok().and_then(|class| RankClass::new(class).ok());
            if class.is_none() && !text.is_empty() {
                findings.kept(row.line, names[i], text, "is not a rank class from 1 to 10: read as no data");
            }
            class
        });
        let [seniors, low_diploma, low_income, no_fast_broadband] = classes;
        let classes = SocialClasses { seniors, low_diploma, low_income, no_fast_broadband };
        rows.push(row.line, "code", row.get(code), classes, findings);
    });
    Ok(rows.settle("code", codes, Parts::Refused, findings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};

    #[test]
    fn a_class_that_is_none_is_no_data_and_the_row_is_kept() {
        let file = File::of(
            "code,seniors,low_diploma,low_income,no_fast_broadband\n01001,10,0,,x\n01002,1,2,3,4\n1001,1,1,1,1\n69381,1,1,1,1\n",
        );
        let mut findings = file.findings();
        let social = read(&file, &small(), &mut findings).expect("read");
        let first = social[&code("01001")];
        assert_eq!(first, SocialClasses { seniors: RankClass::new(10).ok(), ..SocialClasses::default() });
        assert_eq!(social.len(), 2);
        assert_eq!(findings.reasons().len(), 4, "0, x, the code cut and the arrondissement");
        let file = File::of("code;seniors\n");
        assert!(
            read(&file, &small(), &mut file.findings())
                .expect_err("column")
                .to_string()
                .contains("low_diploma")
        );
    }
}
