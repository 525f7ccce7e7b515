//! The published files behind the fragility index: census, Filosofi, Arcep.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use territory::{CommuneCode, Inhabitants, SocialRates};

use crate::codes::{Codes, Meaning};
use crate::error::IngestError;
use crate::file::File;
use crate::refusal::{Findings, Kind, Read};
use crate::table::{Row, Table};

/// Rates of every commune, and how many people they are true of.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rates {
    /// Rates per commune; arrondissements of Paris, Lyon and Marseille are there beside their commune.
    pub rates: BTreeMap<CommuneCode, SocialRates>,
    /// People per commune in the census file: the weights of means.
    pub population: BTreeMap<CommuneCode, Inhabitants>,
    /// Every code met, of whatever vintage.
    met: BTreeSet<CommuneCode>,
}

impl Rates {
    /// The rates of communes alone, without the arrondissements of Paris, Lyon and Marseille: what is
    /// ranked nationally.
    pub fn of_communes(&self) -> BTreeMap<CommuneCode, SocialRates> {
        self.rates.iter().filter(|&(&code, _)| !is_part(code)).map(|(&code, &rates)| (code, rates)).collect()
    }

    /// Says once of each code that no commune of the build has: it is ranked with the others and used
    /// for none of them. Those elsewhere are left out silently.
    pub(crate) fn unmatched(&self, codes: &Codes, findings: &mut Findings) {
        for &code in self.met.iter().filter(|&&code| !is_part(code)) {
            let reason = match codes.meaning(code) {
                Meaning::Commune(_) | Meaning::Outside => continue,
                Meaning::PartOf(_) => Kind::OtherVintage.because(
                    "code of a part or former part of a commune of today: ranked, not used for the whole",
                ),
                Meaning::Unknown => {
                    Kind::BadCommune.because("no commune has this code in the COG given: ranked, not used")
                }
            };
            findings.kept(0, "code", code.as_str(), reason);
        }
    }
}

/// Whether a code is of an arrondissement of Paris, Lyon or Marseille.
fn is_part(code: CommuneCode) -> bool {
    let number: Option<u32> = code.as_str().parse().ok();
    number.is_some_and(|n| CUT.iter().any(|&(_, first, last)| (first..=last).contains(&n)))
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
    let mut rates = Rates::default();
    let mut refused = Vec::new();
    for (path, read) in
        [(census, read_census as Reader), (incomes, read_incomes), (broadband, read_broadband)]
    {
        let file = File::open(path, None)?;
        let mut findings = file.findings();
        read(&mut rates, &file, &mut findings)?;
        refused.extend(findings.into_list());
    }
    join_arrondissements(&mut rates);
    Ok(Read { value: rates, refused })
}

/// Adds what a file says to the rates.
type Reader = fn(&mut Rates, &File, &mut Findings) -> Result<(), IngestError>;

/// Shares of age and diploma, and people.
pub(crate) fn read_census(
    rates: &mut Rates,
    file: &File,
    findings: &mut Findings,
) -> Result<(), IngestError> {
    let table = Table::open(file)?;
    let (code, people) = (table.column("COM")?, table.column("pop22")?);
    let columns = [("dmv_65p_pct_22", SENIORS), ("dsp_dipl_infbac_pct_22", LOW_DIPLOMA)];
    let columns = [(table.column(columns[0].0)?, columns[0]), (table.column(columns[1].0)?, columns[1])];
    let mut met = BTreeSet::new();
    table.rows(findings, |row, findings| {
        let Some(commune) = code_of(row, code, &mut met, rates, findings) else {
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
            put(rates, commune, slot, share(row, column, name, findings));
        }
    });
    Ok(())
}

/// Median incomes.
pub(crate) fn read_incomes(
    rates: &mut Rates,
    file: &File,
    findings: &mut Findings,
) -> Result<(), IngestError> {
    let table = Table::open(file)?;
    let (code, income) = (table.column("CODGEO")?, table.column("MED21")?);
    let mut met = BTreeSet::new();
    table.rows(findings, |row, findings| {
        let Some(commune) = code_of(row, code, &mut met, rates, findings) else {
            return;
        };
        put(rates, commune, INCOME, number(row, income, "MED21", 1.0..=1e6, findings));
    });
    Ok(())
}

/// Shares without fast broadband; refused whole when Paris says that it is the share with.
pub(crate) fn read_broadband(
    rates: &mut Rates,
    file: &File,
    findings: &mut Findings,
) -> Result<(), IngestError> {
    let table = Table::open(file)?;
    let (code, without) = (table.column("CODE_INSEE")?, table.column("TAUX_COUVERTURE_THD")?);
    let mut met = BTreeSet::new();
    let mut paris = None;
    table.rows(findings, |row, findings| {
        let Some(commune) = code_of(row, code, &mut met, rates, findings) else {
            return;
        };
        let share = share(row, without, "TAUX_COUVERTURE_THD", findings);
        paris = paris.or(share.filter(|_| commune.as_str() == PARIS));
        put(rates, commune, NO_BROADBAND, share);
    });
    match paris.filter(|share| *share > MOST_OF_PARIS) {
        Some(share) => Err(file.unlike(format!(
            "says by TAUX_COUVERTURE_THD that {share} % of Paris has no fast broadband; the column is known to \
             hold the share not covered, under {MOST_OF_PARIS} there: it may have been turned round; check it"
        ))),
        None => Ok(()),
    }
}

/// Paris has 3.1 % of its premises without fast broadband in 2019, 96.9 % with.
const PARIS: &str = "75056";
const MOST_OF_PARIS: f64 = 10.0;

/// Gives Paris, Lyon and Marseille what only their arrondissements have.
pub(crate) fn join_arrondissements(rates: &mut Rates) {
    for (commune, first, last) in CUT {
        let Ok(commune) = commune.parse() else { continue };
        let parts: Vec<CommuneCode> =
            (first..=last).filter_map(|code| code.to_string().parse().ok()).collect();
        merge(rates, commune, &parts);
    }
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

/// The code of a row, refused when it is none or was met in the same file.
fn code_of(
    row: &Row,
    column: usize,
    met: &mut BTreeSet<CommuneCode>,
    rates: &mut Rates,
    findings: &mut Findings,
) -> Option<CommuneCode> {
    let text = row.get(column);
    match text.parse::<CommuneCode>() {
        Err(e) => {
            let reason = format!("is not a commune code: {}", e.reason);
            findings.refused(row.line, "", text, Kind::BadCommune.because(reason));
            None
        }
        Ok(code) if !met.insert(code) => {
            findings.refused(
                row.line,
                "",
                text,
                Kind::DuplicateId.because("appears twice: the first row is kept"),
            );
            None
        }
        Ok(code) => {
            rates.met.insert(code);
            Some(code)
        }
    }
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
    use proptest::prelude::*;

    fn code(text: &str) -> CommuneCode {
        text.parse().expect(text)
    }

    fn read_files(files: &[File; 3]) -> Read<Rates> {
        let mut rates = Rates::default();
        let mut refused = Vec::new();
        for (file, read) in files.iter().zip([read_census as Reader, read_incomes, read_broadband]) {
            let mut findings = file.findings();
            read(&mut rates, file, &mut findings).expect("read");
            refused.extend(findings.into_list());
        }
        join_arrondissements(&mut rates);
        Read { value: rates, refused }
    }

    fn small() -> Read<Rates> {
        read_files(&[
            File::of(
                "COM,pop22,dmv_65p_pct_22,dsp_dipl_infbac_pct_22\n01001,859,20.02,50.31\n1002,1,1,1\n69381,1000,10,20\n69382,3000,20,\n01004,x,1331,NaN\n",
            ),
            File::of("CODGEO;MED21\n01001;25820\n01002;s\n01004;nd\n69123;24000\n69381;1\n"),
            File::of("CODE_INSEE,DEP,LIBCOM,TAUX_COUVERTURE_THD\n01001,01,A,80\n69123,69,Lyon,4.6\n"),
        ])
    }

    #[test]
    fn a_commune_cut_in_arrondissements_gets_their_weighted_mean_where_it_has_none() {
        let Rates { rates, population, .. } = small().value;
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

    #[test]
    fn a_broadband_column_turned_round_stops_the_import() {
        let read = |paris: &str| {
            let file = File::of(format!("CODE_INSEE,TAUX_COUVERTURE_THD\n01001,80\n75056,{paris}\n"));
            read_broadband(&mut Rates::default(), &file, &mut file.findings())
        };
        assert!(read("3.1").is_ok() && read("").is_ok());
        let error = read("96.9").expect_err("turned round").to_string();
        assert!(error.contains("96.9 % of Paris"), "{error}");
    }

    #[test]
    fn a_code_given_twice_keeps_its_first_row_and_one_of_another_vintage_is_said_once() {
        let files = [
            File::of(
                "COM,pop22,dmv_65p_pct_22,dsp_dipl_infbac_pct_22\n01001,859,20,50\n01001,1,90,90\n01300,1,1,1\n69381,5,1,1\n",
            ),
            File::of("CODGEO;MED21\n01300;25820\n01999;25820\n"),
            File::of("CODE_INSEE,TAUX_COUVERTURE_THD\n01300,3\n75056,3\n"),
        ];
        let read = read_files(&files);
        assert_eq!(read.value.rates[&code("01001")].seniors_percent, Some(20.0));
        assert_eq!(read.refused.len(), 1);
        let mut findings = Findings::of("rates");
        read.value.unmatched(&crate::codes::tests::small(), &mut findings);
        let list = findings.into_list();
        assert_eq!(list.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(), ["01300", "01999"]);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let of = |header: &str| File::of([header.as_bytes(), b"\n01001,", &bytes].concat());
            let readers: [(&str, Reader); 3] = [
                ("COM,pop22,dmv_65p_pct_22,dsp_dipl_infbac_pct_22", read_census),
                ("CODGEO,MED21", read_incomes),
                ("CODE_INSEE,TAUX_COUVERTURE_THD", read_broadband),
            ];
            let mut rates = Rates::default();
            for (header, read) in readers {
                let file = of(header);
                let _ = read(&mut rates, &file, &mut file.findings());
            }
            join_arrondissements(&mut rates);
        }
    }
}
