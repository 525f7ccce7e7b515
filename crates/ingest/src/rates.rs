//! The published files behind the fragility index: census, Filosofi, Arcep.

use std::collections::BTreeMap;
use std::path::Path;

use territory::{CommuneCode, Inhabitants, SocialRates};

use crate::error::IngestError;
use crate::file::File;
use crate::refusal::{Findings, Read};
use crate::table::{Row, Table};

/// Rates of every commune, and how many people they are true of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rates {
    /// Rates per commune; arrondissements of Paris, Lyon and Marseille are there beside their commune.
    pub rates: BTreeMap<CommuneCode, SocialRates>,
    /// People per commune in the census file: the weights of means.
    pub population: BTreeMap<CommuneCode, Inhabitants>,
}

impl Rates {
    /// The rates of communes alone, without the arrondissements of Paris, Lyon and Marseille: what is
    /// ranked nationally.
    pub fn of_communes(&self) -> BTreeMap<CommuneCode, SocialRates> {
        let is_part = |code: &CommuneCode| {
            let number: Option<u32> = code.as_str().parse().ok();
            number.is_some_and(|n| CUT.iter().any(|&(_, first, last)| (first..=last).contains(&n)))
        };
        self.rates.iter().filter(|(code, _)| !is_part(code)).map(|(&code, &rates)| (code, rates)).collect()
    }
}

/// The communes that some files give by arrondissement only, and the range of these.
const CUT: [(&str, u32, u32); 3] =
    [("75056", 75101, 75120), ("69123", 69381, 69389), ("13055", 13201, 13216)];

/// One rate of a commune.
type Slot = fn(&mut SocialRates) -> &mut Option<f64>;

const SENIORS: Slot = |rates| &mut rates.seniors_percent;
const LOW_DIPLOMA: Slot = |rates| &mut rates.low_diploma_percent;
const INCOME: Slot = |rates| &mut rates.median_income_euros;
const NO_BROADBAND: Slot = |rates| &mut rates.no_fast_broadband_percent;

/// Reads the census rates (`COM`, `pop22`, `dmv_65p_pct_22`, `dsp_dipl_infbac_pct_22`), the median
/// incomes (`CODGEO`, `MED21`) and the share **without** fast broadband (`CODE_INSEE`,
/// `TAUX_COUVERTURE_THD`: published under the name of its contrary).
///
/// A rate given by arrondissement only is averaged over them, weighted by people, for their commune.
/// Secret (`s`), missing (`nd`) or empty is no data and no finding.
pub fn read(census: &Path, incomes: &Path, broadband: &Path) -> Result<Read<Rates>, IngestError> {
    let files = [File::open(census, None)?, File::open(incomes, None)?, File::open(broadband, None)?];
    read_files(&files)
}

fn read_files([census, incomes, broadband]: &[File; 3]) -> Result<Read<Rates>, IngestError> {
    let mut rates = Rates::default();
    let mut refused = Vec::new();

    let mut findings = census.findings();
    let table = Table::open(census)?;
    let (code, people) = (table.column("COM")?, table.column("pop22")?);
    let columns = [("dmv_65p_pct_22", SENIORS), ("dsp_dipl_infbac_pct_22", LOW_DIPLOMA)];
    let columns = [(table.column(columns[0].0)?, columns[0]), (table.column(columns[1].0)?, columns[1])];
    table.rows(&mut findings, |row, findings| {
        let Some(commune) = code_of(row, code, findings) else {
            return;
        };
        match row.get(people).parse::<f64>().ok().filter(|n| (0.0..1e8).contains(n)) {
            Some(n) => {
                rates.population.insert(commune, Inhabitants(n.round() as u32));
            }
            None => {
                findings.kept(row.line, "pop22", row.get(people), "is no number of people: weighs nothing");
            }
        }
        for (column, (name, slot)) in columns {
            put(&mut rates, commune, slot, share(row, column, name, findings));
        }
    });
    refused.extend(findings.into_list());

    let mut findings = incomes.findings();
    let table = Table::open(incomes)?;
    let (code, income) = (table.column("CODGEO")?, table.column("MED21")?);
    table.rows(&mut findings, |row, findings| {
        let Some(commune) = code_of(row, code, findings) else {
            return;
        };
        let value = number(row, income, "MED21", 1.0..=1e6, findings);
        put(&mut rates, commune, INCOME, value);
    });
    refused.extend(findings.into_list());

    let mut findings = broadband.findings();
    let table = Table::open(broadband)?;
    let (code, without) = (table.column("CODE_INSEE")?, table.column("TAUX_COUVERTURE_THD")?);
    table.rows(&mut findings, |row, findings| {
        let Some(commune) = code_of(row, code, findings) else {
            return;
        };
        put(&mut rates, commune, NO_BROADBAND, share(row, without, "TAUX_COUVERTURE_THD", findings));
    });
    refused.extend(findings.into_list());

    for (commune, first, last) in CUT {
        let Ok(commune) = commune.parse() else { continue };
        let parts: Vec<CommuneCode> =
            (first..=last).filter_map(|code| code.to_string().parse().ok()).collect();
        merge(&mut rates, commune, &parts);
    }
    Ok(Read { value: rates, refused })
}

/// Gives a commune what only its parts have.
fn merge(rates: &mut Rates, commune: CommuneCode, parts: &[CommuneCode]) {
    let people: Inhabitants = parts.iter().filter_map(|part| rates.population.get(part)).copied().sum();
    if people.0 > 0 {
        rates.population.entry(commune).or_insert(people);
    }
    for slot in [SENIORS, LOW_DIPLOMA, INCOME, NO_BROADBAND] {
        let (mut sum, mut weights) = (0.0, 0.0);
        for part in parts {
            let value = rates.rates.get_mut(part).and_then(|of_part| *slot(of_part));
            let weight = rates.population.get(part).map_or(0.0, |people| f64::from(people.0));
            if let Some(value) = value {
                sum += value * weight;
                weights += weight;
            }
        }
        if weights > 0.0 {
            let of_commune = slot(rates.rates.entry(commune).or_default());
            of_commune.get_or_insert(sum / weights);
        }
    }
}

/// The first value given stands.
fn put(rates: &mut Rates, commune: CommuneCode, slot: Slot, value: Option<f64>) {
    let rate = slot(rates.rates.entry(commune).or_default());
    *rate = rate.or(value);
}

fn code_of(row: &Row, column: usize, findings: &mut Findings) -> Option<CommuneCode> {
    let text = row.get(column);
    text.parse()
        .map_err(|e: territory::InvalidCode| {
            findings.refused(row.line, "", text, format!("is not a commune code: {}", e.reason));
        })
        .ok()
}

fn share(row: &Row, column: usize, name: &str, findings: &mut Findings) -> Option<f64> {
    number(row, column, name, 0.0..=100.0, findings)
}

fn number(
    row: &Row,
    column: usize,
    name: &str,
    range: std::ops::RangeInclusive<f64>,
    findings: &mut Findings,
) -> Option<f64> {
    let text = row.get(column);
    if matches!(text, "" | "s" | "nd" | "NA") {
        return None;
    }
    let value = text.parse().ok().filter(|value| range.contains(value));
    if value.is_none() {
        let reason = format!("is not a number from {} to {}: read as no data", range.start(), range.end());
        findings.kept(row.line, name, text, reason);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> CommuneCode {
        text.parse().expect(text)
    }

    fn small() -> Read<Rates> {
        read_files(&[
            File::of(
                "COM,pop22,dmv_65p_pct_22,dsp_dipl_infbac_pct_22\n01001,859,20.02,50.31\n1002,1,1,1\n69381,1000,10,20\n69382,3000,20,\n01004,x,1331,NaN\n",
            ),
            File::of("CODGEO;MED21\n01001;25820\n01002;s\n01004;nd\n69123;24000\n69381;1\n"),
            File::of("CODE_INSEE,DEP,LIBCOM,TAUX_COUVERTURE_THD\n01001,01,A,80\n69123,69,Lyon,4.6\n"),
        ])
        .expect("read")
    }

    #[test]
    fn a_commune_cut_in_arrondissements_gets_their_weighted_mean_where_it_has_none() {
        let Rates { rates, population } = small().value;
        let lyon = rates[&code("69123")];
        assert_eq!(lyon.seniors_percent, Some(17.5));
        assert_eq!(lyon.low_diploma_percent, Some(20.0), "known for one of them only");
        assert_eq!(lyon.median_income_euros, Some(24_000.0), "its own stands");
        assert_eq!(population[&code("69123")], Inhabitants(4000));
        assert_eq!(rates[&code("69381")].seniors_percent, Some(10.0), "the part is kept apart");
    }

    #[test]
    fn secret_and_missing_are_no_data_and_only_nonsense_is_reported() {
        let read = small();
        assert_eq!(read.value.rates[&code("01002")].median_income_euros, None);
        assert_eq!(read.value.rates[&code("01001")].no_fast_broadband_percent, Some(80.0));
        let values: Vec<&str> = read.refused.iter().map(|r| r.value.as_str()).collect();
        assert_eq!(values, ["1002", "x", "1331", "NaN"]);
    }
}
