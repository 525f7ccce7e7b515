//! «Indice de fragilité numérique», as La `MedNum` publishes it: CSV `name,division,code`, five scores
//! and `total`, for communes (`city`), EPCI (`epci`) and IRIS (`iris`).
//!
//! A score of 0 means that nobody lives there, an empty one that nothing is published: both are no data.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::str::FromStr;

use territory::{CommuneCode, InvalidCode, IrisCode, PublishedIndex, Score, Siren, Source};

use crate::codes::{Codes, Meaning};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::{Findings, Kind, Read};
use crate::table::{Row, Table};

/// The published index of a build.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Published {
    /// By commune of the build; of Paris, Lyon and Marseille, the mean of their arrondissements.
    pub communes: BTreeMap<CommuneCode, PublishedIndex>,
    /// By EPCI of the build.
    pub epcis: BTreeMap<Siren, PublishedIndex>,
    /// By IRIS of the communes of the build.
    pub iris: BTreeMap<IrisCode, PublishedIndex>,
    /// The table it comes from: of several, the first.
    pub source: Option<Source>,
}

/// The columns of the five scores and of the index.
const SCORES: [&str; 6] = [
    "no_thd_coverage_rate",
    "no_4g_coverage_rate",
    "poverty_rate",
    "older_65_rate",
    "nscol15p_rate",
    "total",
];

/// How far a total may be from the mean of its scores when all six are rounded to one decimal.
const ROUNDED: f64 = 0.1 + 1e-9;

/// Rows in the order of the file, each code once.
pub(crate) type Rows<C> = Vec<(u64, C, PublishedIndex)>;

/// The rows of communes as published: arrondissements and codes of other vintages among them.
pub fn communes(path: &Path) -> Result<Read<BTreeMap<CommuneCode, PublishedIndex>>, IngestError> {
    open(path, "city")
}

/// The rows of EPCI as published.
pub fn epcis(path: &Path) -> Result<Read<BTreeMap<Siren, PublishedIndex>>, IngestError> {
    open(path, "epci")
}

/// The rows of IRIS as published.
pub fn iris(path: &Path) -> Result<Read<BTreeMap<IrisCode, PublishedIndex>>, IngestError> {
    open(path, "iris")
}

fn open<C>(path: &Path, division: &str) -> Result<Read<BTreeMap<C, PublishedIndex>>, IngestError>
where
    C: FromStr<Err = InvalidCode> + Ord + Copy,
{
    let file = File::open(path, None)?;
    let mut findings = file.findings();
    let rows = rows(&file, division, &mut findings)?;
    let value = rows.into_iter().map(|(_, code, index)| (code, index)).collect();
    Ok(Read { value, refused: findings.into_list() })
}

/// Reads the rows of a division.
pub(crate) fn rows<C>(file: &File, division: &str, findings: &mut Findings) -> Result<Rows<C>, IngestError>
where
    C: FromStr<Err = InvalidCode> + Ord + Copy,
{
    let table = Table::open(file)?;
    let (code, of) = (table.column("code")?, table.column("division")?);
    let mut columns = [0; SCORES.len()];
    for (column, name) in columns.iter_mut().zip(SCORES) {
        *column = table.column(name)?;
    }
    let mut met = BTreeSet::new();
    let mut rows = Vec::new();
    table.rows(findings, |row, findings| {
        if row.get(of) != division {
            let reason = format!("is of another division than {division:?}");
            return findings.refused(row.line, "division", row.get(of), Kind::UnknownValue.because(reason));
        }
        match row.get(code).parse::<C>() {
            Err(e) => {
                let reason = format!("is not a {}: {}", e.kind, e.reason);
                findings.refused(row.line, "code", row.get(code), Kind::BadFormat.because(reason));
            }
            Ok(read) if !met.insert(read) => {
                let reason = Kind::DuplicateId.because("appears twice: the first row is kept");
                findings.refused(row.line, "code", row.get(code), reason);
            }
            Ok(read) => rows.push((row.line, read, index(row, row.get(code), columns, findings))),
        }
    });
    Ok(rows)
}

fn index(row: &Row, code: &str, columns: [usize; 6], findings: &mut Findings) -> PublishedIndex {
    let (mut empty, mut zero) = (0, 0);
    let [no_broadband, no_4g, poverty, seniors, low_diploma, total] = std::array::from_fn(|i| {
        let text = row.get(columns[i]);
        if text.is_empty() {
            empty += 1;
            return None;
        }
        let number = text.parse::<f64>().ok();
        if number == Some(0.0) {
            zero += 1;
            return None;
        }
        let score = number.and_then(|number| Score::new(number).ok());
        if score.is_none() {
            let reason = Kind::UnknownValue.because("is not a score from 1 to 10: read as no data");
            findings.kept(row.line, SCORES[i], text, reason);
        }
        score
    });
    let index = PublishedIndex { no_broadband, no_4g, poverty, seniors, low_diploma, total };
    let all = SCORES.len();
    if zero == all {
        let reason = Kind::MissingValue.because("every score is 0, nobody lives there: no data");
        findings.kept(row.line, "total", code, reason);
    } else if empty + zero == all {
        findings.kept(row.line, "total", code, Kind::MissingValue.because("has no score: no data"));
    }
    if let Some((mean, total)) = index.mean_of_components().zip(index.total)
        && (mean - total.get()).abs() > ROUNDED
    {
        let reason = Kind::Other.because("is not the mean of the five scores: kept as published");
        findings.kept(row.line, "total", &total.get().to_string(), reason);
    }
    index
}

/// The index of the communes of the build. What is said of a part or a former part of a commune does not
/// stand for the whole, but arrondissements do, as their mean weighted by people.
pub(crate) fn settle_communes(
    rows: Rows<CommuneCode>,
    codes: &Codes,
    findings: &mut Findings,
) -> BTreeMap<CommuneCode, PublishedIndex> {
    let mut settled = BTreeMap::new();
    let mut cut: BTreeMap<CommuneCode, Vec<(u64, CommuneCode, PublishedIndex)>> = BTreeMap::new();
    for (line, code, index) in rows {
        match codes.meaning(code) {
            Meaning::Commune(today) => {
                settled.insert(today, index);
            }
            Meaning::PartOf(today) if codes.arrondissements.contains_key(&code) => {
                cut.entry(today).or_default().push((line, code, index));
            }
            Meaning::PartOf(_) => {
                let reason = "code of a part or former part of a commune of today: not used for the whole";
                findings.refused(line, "code", code.as_str(), Kind::OtherVintage.because(reason));
            }
            Meaning::Outside => {}
            Meaning::Unknown => {
                let reason = Kind::BadCommune.because("no commune has this code in the COG given");
                findings.refused(line, "code", code.as_str(), reason);
            }
        }
    }
    for (commune, parts) in cut {
        let people = |code: &CommuneCode| codes.arrondissements.get(code).copied().unwrap_or_default();
        let weighed: Vec<_> = parts.iter().map(|(_, code, index)| (*index, people(code))).collect();
        let mean = PublishedIndex::mean(&weighed);
        let line = parts.first().map_or(0, |part| part.0);
        match settled.entry(commune) {
            Entry::Occupied(own) if own.get().total.is_some() => {}
            _ if mean.total.is_none() => {
                let reason = "no arrondissement has both a score and people in the COG: no data";
                findings.kept(line, "code", commune.as_str(), Kind::MissingValue.because(reason));
            }
            entry => {
                entry.insert_entry(mean);
                let reason = "given by arrondissement: their mean weighted by people is the commune's";
                findings.repaired(line, "code", commune.as_str(), Kind::OtherVintage.because(reason));
            }
        }
    }
    settled
}

/// The index of the EPCI of the build. `known` are all those of the COG when its table is whole: then a
/// code that is none of them is reported, else it may be of an EPCI elsewhere.
pub(crate) fn settle_epcis(
    rows: Rows<Siren>,
    in_scope: &BTreeSet<Siren>,
    known: Option<&BTreeSet<Siren>>,
    findings: &mut Findings,
) -> BTreeMap<Siren, PublishedIndex> {
    let mut settled = BTreeMap::new();
    for (line, code, index) in rows {
        if in_scope.contains(&code) {
            settled.insert(code, index);
        } else if known.is_some_and(|known| !known.contains(&code)) {
            let reason = Kind::OtherVintage.because("no EPCI has this code in the COG given");
            findings.refused(line, "code", code.as_str(), reason);
        }
    }
    settled
}

/// The index of the IRIS of the communes of the build.
pub(crate) fn settle_iris(
    rows: Rows<IrisCode>,
    codes: &Codes,
    findings: &mut Findings,
) -> BTreeMap<IrisCode, PublishedIndex> {
    let mut settled = BTreeMap::new();
    for (line, code, index) in rows {
        match codes.meaning(code.commune()) {
            Meaning::Commune(_) => {
                settled.insert(code, index);
            }
            Meaning::PartOf(_) if codes.arrondissements.contains_key(&code.commune()) => {
                settled.insert(code, index);
            }
            Meaning::PartOf(_) => {
                let reason =
                    Kind::OtherVintage.because("IRIS of a part or former part of a commune of today");
                findings.refused(line, "code", code.as_str(), reason);
            }
            Meaning::Outside => {}
            Meaning::Unknown => {
                let reason = Kind::BadCommune.because("IRIS of a commune that the COG given does not have");
                findings.refused(line, "code", code.as_str(), reason);
            }
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::{code, small};
    use proptest::prelude::*;

    const HEADER: &str = "name,division,code,no_thd_coverage_rate,no_4g_coverage_rate,poverty_rate,older_65_rate,nscol15p_rate,total\n";

    fn settled(lines: &str) -> (BTreeMap<CommuneCode, PublishedIndex>, Vec<String>) {
        let file = File::of(format!("{HEADER}{lines}"));
        let mut findings = file.findings();
        let rows = rows(&file, "city", &mut findings).expect("rows");
        let settled = settle_communes(rows, &small(), &mut findings);
        (settled, findings.into_list().into_iter().map(|f| format!("{}: {}", f.value, f.reason)).collect())
    }

    #[test]
    fn scores_are_read_and_a_commune_of_arrondissements_has_their_weighted_mean() {
        let (index, findings) = settled(
            "A,city,01001,10.0,7.0,2.0,5.0,6.0,6.0\nL1,city,69381,2,2,2,2,2,2.0\nL2,city,69382,6,6,6,6,6,6.0\n",
        );
        let first = index[&code("01001")];
        assert_eq!(first.total.map(Score::get), Some(6.0));
        assert_eq!(first.no_broadband.map(Score::get), Some(10.0));
        assert_eq!(first.mean_of_components(), Some(6.0));
        // 1 000 people at 2 and 3 000 at 6.
        assert_eq!(index[&code("69123")].total.map(Score::get), Some(5.0));
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].starts_with("69123: given by arrondissement"));
    }

    #[test]
    fn a_commune_that_has_its_own_score_keeps_it_and_an_empty_row_does_not_hide_its_arrondissements() {
        let parts = "L1,city,69381,2,2,2,2,2,2\n";
        let (own, _) = settled(&format!("L,city,69123,9,9,9,9,9,9\n{parts}"));
        assert_eq!(own[&code("69123")].total.map(Score::get), Some(9.0));
        let (empty, findings) = settled(&format!("L,city,69123,,,,,,\n{parts}"));
        assert_eq!(empty[&code("69123")].total.map(Score::get), Some(2.0));
        assert_eq!(findings.len(), 2, "{findings:?}");
    }

    #[test]
    fn zero_and_empty_are_no_data_and_each_row_not_used_is_said_once_with_its_cause() {
        let (index, findings) = settled(
            "A,city,01001,0.0,0.0,0.0,0.0,0.0,0.0\nB,city,01002,,,,,,\nOld,city,01300,5,5,5,5,5,5\nNone,city,01999,5,5,5,5,5,5\nFar,city,75056,5,5,5,5,5,5\nCut,city,1001,5,5,5,5,5,5\nA,city,01001,5,5,5,5,5,5\nE,epci,200046977,5,5,5,5,5,5\n",
        );
        assert_eq!(index[&code("01001")], PublishedIndex::default());
        assert_eq!(index[&code("01002")], PublishedIndex::default());
        assert_eq!(index.len(), 2);
        let expected = [
            "01001: every score is 0",
            "01002: has no score",
            "1001: is not a commune code",
            "01001: appears twice",
            "epci: is of another division",
            "01300: code of a part or former part",
            "01999: no commune has this code",
        ];
        assert_eq!(findings.len(), expected.len(), "{findings:#?}");
        for (finding, expected) in findings.iter().zip(expected) {
            assert!(finding.starts_with(expected), "{finding:?} should say {expected:?}");
        }
    }

    #[test]
    fn what_is_no_score_is_no_data_and_a_total_that_is_not_the_mean_is_said() {
        let (index, findings) =
            settled("A,city,01001,11,5,NaN,5,-1,5\nB,city,01002,1,1,1,1,1,1.05\nC,city,69123,1,1,1,1,1,9\n");
        assert_eq!(index[&code("01001")].poverty, None);
        assert_eq!(index[&code("01001")].total.map(Score::get), Some(5.0));
        let values: Vec<&str> = findings.iter().filter_map(|f| f.split(':').next()).collect();
        assert_eq!(values, ["11", "NaN", "-1", "9"]);
    }

    #[test]
    fn an_epci_out_of_the_table_is_reported_when_the_table_is_whole() {
        let file = File::of(format!(
            "{HEADER}M,epci,200046977,5,5,5,5,5,5\nD,epci,200069193,5,5,5,5,5,5\nSans objet,epci,ZZZZZZZZZ,5,5,5,5,5,5\n"
        ));
        let ours: BTreeSet<Siren> = ["200046977".parse().expect("a SIREN")].into();
        for (known, expected) in [(None, 1), (Some(&ours), 2)] {
            let mut findings = file.findings();
            let rows = rows(&file, "epci", &mut findings).expect("rows");
            let settled = settle_epcis(rows, &ours, known, &mut findings);
            assert_eq!(settled.len(), 1);
            assert_eq!(findings.reasons().len(), expected, "{:?}", findings.reasons());
        }
    }

    #[test]
    fn iris_are_kept_with_their_commune_or_arrondissement() {
        let file = File::of(format!(
            "{HEADER}a,iris,010010101,5,5,5,5,5,5\nb,iris,693810102,4,4,4,4,4,4\nc,iris,013000000,4,4,4,4,4,4\nd,iris,750560101,4,4,4,4,4,4\ne,iris,10010101,4,4,4,4,4,4\nf,iris,019990000,4,4,4,4,4,4\n"
        ));
        let mut findings = file.findings();
        let rows = rows(&file, "iris", &mut findings).expect("rows");
        let settled = settle_iris(rows, &small(), &mut findings);
        assert_eq!(settled.keys().map(IrisCode::as_str).collect::<Vec<_>>(), ["010010101", "693810102"]);
        assert_eq!(findings.reasons().len(), 3, "{:?}", findings.reasons());
    }

    #[test]
    fn a_file_of_another_kind_names_the_missing_column() {
        let file = File::of("code,division\n");
        let error = rows::<CommuneCode>(&file, "city", &mut file.findings()).expect_err("column").to_string();
        assert!(error.contains("`no_thd_coverage_rate`"), "{error}");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut content = HEADER.as_bytes().to_vec();
            content.extend(b"A,city,01001,");
            content.extend(bytes);
            let file = File::of(content);
            let mut findings = file.findings();
            if let Ok(rows) = rows(&file, "city", &mut findings) {
                settle_communes(rows, &small(), &mut findings);
            }
        }
    }
}
