//! «Code officiel géographique», in the JSON of npm `@etalab/decoupage-administratif`.

use std::collections::btree_map::Entry as Place;
use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use territory::{CommuneCode, Departement, DepartementCode, Epci, Inhabitants, Region, RegionCode, Siren};

use territory::grouping::Published;

use crate::codes::Codes;
use crate::config::Scope;
use crate::error::IngestError;
use crate::file::File;
use crate::json;
use crate::postal::Postal;
use crate::refusal::Findings;

/// A commune of the COG, not yet drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) code: CommuneCode,
    pub(crate) name: String,
    pub(crate) departement: DepartementCode,
    pub(crate) region: RegionCode,
    pub(crate) population: Inhabitants,
}

/// An EPCI and its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grouping {
    pub(crate) epci: Epci,
    pub(crate) members: Vec<CommuneCode>,
}

/// The communes of today, and what other codes mean.
#[derive(Debug, Default)]
pub(crate) struct Communes {
    pub(crate) entries: Vec<Entry>,
    former: BTreeMap<CommuneCode, CommuneCode>,
    postal: Postal,
    arrondissements: BTreeMap<CommuneCode, Inhabitants>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PublishedCommune {
    code: String,
    nom: String,
    #[serde(rename = "type")]
    kind: String,
    departement: Option<String>,
    region: Option<String>,
    population: Option<u32>,
    /// Of a delegated or associated commune: the commune it is a part of.
    chef_lieu: Option<String>,
    /// Of an arrondissement: its commune.
    commune: Option<String>,
    #[serde(default)]
    anciens_codes: Vec<String>,
    #[serde(default)]
    codes_postaux: Vec<String>,
}

#[derive(Deserialize)]
struct PublishedEpci {
    code: String,
    nom: String,
    #[serde(default)]
    membres: Vec<PublishedMember>,
}

#[derive(Deserialize)]
struct PublishedMember {
    code: String,
}

#[derive(Deserialize)]
struct PublishedArea {
    code: String,
    nom: String,
}

/// `communes.json`: communes of today, delegated, associated, arrondissements.
pub(crate) fn communes(file: &File, findings: &mut Findings) -> Result<Communes, IngestError> {
    let mut entries: BTreeMap<CommuneCode, Entry> = BTreeMap::new();
    let mut parts: Vec<(CommuneCode, String)> = Vec::new();
    let mut addresses: Vec<(String, String, Vec<String>)> = Vec::new();
    let mut arrondissements = BTreeMap::new();
    json::array::<PublishedCommune>(file, findings, |rank, commune, findings| {
        let Some(code) = parsed::<CommuneCode>(&commune.code, rank, "code", findings) else {
            return;
        };
        let whole = match commune.kind.as_str() {
            "commune-actuelle" => {
                addresses.push((commune.code.clone(), commune.nom.clone(), commune.codes_postaux.clone()));
                parts.extend(
                    commune
                        .anciens_codes
                        .iter()
                        .filter_map(|old| Some((old.parse().ok()?, commune.code.clone()))),
                );
                if let Some(entry) = entry(code, commune, rank, findings) {
                    match entries.entry(code) {
                        Place::Vacant(place) => {
                            place.insert(entry);
                        }
                        Place::Occupied(_) => {
                            findings.refused(
                                rank,
                                "code",
                                code.as_str(),
                                "appears twice: the first row is kept",
                            );
                        }
                    }
                }
                return;
            }
            "commune-deleguee" | "commune-associee" => commune.chef_lieu,
            "arrondissement-municipal" => {
                arrondissements.insert(code, Inhabitants(commune.population.unwrap_or(0)));
                commune.commune
            }
            other => return findings.refused(rank, "type", other, "is no type of commune known"),
        };
        match whole {
            Some(whole) => {
                addresses.push((whole.clone(), commune.nom, commune.codes_postaux));
                parts.push((code, whole));
            }
            None => findings.refused(
                rank,
                "chefLieu",
                code.as_str(),
                "does not say which commune it is a part of",
            ),
        }
    })?;
    if entries.is_empty() {
        return Err(
            file.unlike("holds no commune of type `commune-actuelle`; check that it is the file meant")
        );
    }
    let former = parts
        .into_iter()
        .filter_map(|(part, whole)| Some((part, whole.parse::<CommuneCode>().ok()?)))
        .filter(|(part, whole)| !entries.contains_key(part) && entries.contains_key(whole))
        .collect();
    // Overseas collectivities have communes and addresses, though no région: they are no entries.
    let mut postal = Postal::default();
    for (whole, name, postcodes) in addresses {
        if let Ok(whole) = whole.parse() {
            postal.add(whole, &name, &postcodes);
        }
    }
    Ok(Communes { entries: entries.into_values().collect(), former, postal, arrondissements })
}

fn entry(code: CommuneCode, commune: PublishedCommune, rank: u64, findings: &mut Findings) -> Option<Entry> {
    let departement = parsed(&commune.departement.unwrap_or_default(), rank, "departement", findings)?;
    let region = parsed(&commune.region.unwrap_or_default(), rank, "region", findings)?;
    if commune.population.is_none() {
        findings.kept(rank, "population", &commune.code, "population unknown: counted as 0");
    }
    let population = Inhabitants(commune.population.unwrap_or(0));
    Some(Entry { code, name: commune.nom, departement, region, population })
}

/// `epci.json`.
pub(crate) fn epcis(file: &File, findings: &mut Findings) -> Result<Vec<Grouping>, IngestError> {
    let mut groupings: BTreeMap<Siren, Grouping> = BTreeMap::new();
    let mut taken: BTreeSet<CommuneCode> = BTreeSet::new();
    json::array::<PublishedEpci>(file, findings, |rank, published, findings| {
        let Some(code) = parsed::<Siren>(&published.code, rank, "code", findings) else {
            return;
        };
        if groupings.contains_key(&code) {
            return findings.refused(rank, "code", code.as_str(), "appears twice: the first row is kept");
        }
        let mut members = Vec::new();
        for member in &published.membres {
            let Some(member) = parsed::<CommuneCode>(&member.code, rank, "membres", findings) else {
                continue;
            };
            if taken.insert(member) {
                members.push(member);
            } else {
                findings.kept(rank, "membres", member.as_str(), "is a member of another EPCI already");
            }
        }
        groupings.insert(
            code,
            Grouping {
                epci: Epci { code, name: published.nom, members: published.membres.len() as u32 },
                members,
            },
        );
    })?;
    Ok(groupings.into_values().collect())
}

/// `ept.json`: the «établissements publics territoriaux» of the Métropole du Grand Paris.
///
/// Members elsewhere than the build are kept: they say how much of an EPT it holds.
pub(crate) fn epts(file: &File, findings: &mut Findings) -> Result<BTreeMap<Siren, Published>, IngestError> {
    let mut epts: BTreeMap<Siren, Published> = BTreeMap::new();
    json::array::<PublishedEpci>(file, findings, |rank, published, findings| {
        let Some(code) = parsed::<Siren>(&published.code, rank, "code", findings) else {
            return;
        };
        let members =
            published.membres.iter().filter_map(|m| parsed(&m.code, rank, "membres", findings)).collect();
        match epts.entry(code) {
            Place::Vacant(place) => {
                place.insert(Published { name: published.nom, members });
            }
            Place::Occupied(_) => {
                findings.refused(rank, "code", code.as_str(), "appears twice: the first row is kept");
            }
        }
    })?;
    Ok(epts)
}

/// `departements.json`.
pub(crate) fn departements(file: &File, findings: &mut Findings) -> Result<Vec<Departement>, IngestError> {
    let areas = areas::<DepartementCode>(file, findings)?;
    Ok(areas.into_iter().map(|(code, name)| Departement { code, name }).collect())
}

/// `regions.json`.
pub(crate) fn regions(file: &File, findings: &mut Findings) -> Result<Vec<Region>, IngestError> {
    let areas = areas::<RegionCode>(file, findings)?;
    Ok(areas.into_iter().map(|(code, name)| Region { code, name }).collect())
}

fn areas<C>(file: &File, findings: &mut Findings) -> Result<BTreeMap<C, String>, IngestError>
where
    C: Ord + std::str::FromStr<Err = territory::InvalidCode>,
{
    let mut areas = BTreeMap::new();
    json::array::<PublishedArea>(file, findings, |rank, area, findings| {
        let Some(code) = parsed::<C>(&area.code, rank, "code", findings) else {
            return;
        };
        match areas.entry(code) {
            Place::Vacant(place) => {
                place.insert(area.nom);
            }
            Place::Occupied(_) => {
                findings.refused(rank, "code", &area.code, "appears twice: the first row is kept");
            }
        }
    })?;
    Ok(areas)
}

impl Communes {
    /// The communes of a scope, and what every code means in it.
    pub(crate) fn within(self, scope: &Scope) -> (Vec<Entry>, Codes) {
        let current = self.entries.iter().map(|e| e.code).collect();
        let entries: Vec<Entry> =
            self.entries.into_iter().filter(|e| scope.holds(e.region, e.departement, e.code)).collect();
        let codes = Codes {
            in_scope: entries.iter().map(|e| e.code).collect(),
            departements: entries.iter().map(|e| e.departement).collect(),
            current,
            former: self.former,
            postal: self.postal,
            arrondissements: self.arrondissements,
        };
        (entries, codes)
    }
}

fn parsed<C: std::str::FromStr<Err = territory::InvalidCode>>(
    text: &str,
    rank: u64,
    column: &str,
    findings: &mut Findings,
) -> Option<C> {
    text.parse()
        .map_err(|e: territory::InvalidCode| {
            findings.refused(rank, column, text, format!("is not a {}: {}", e.kind, e.reason));
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{Meaning, tests::code};
    use proptest::prelude::*;

    const COMMUNES: &str = r#"[
        {"code":"01001","nom":"A","type":"commune-actuelle","departement":"01","region":"84","population":860},
        {"code":"01015","nom":"B","type":"commune-actuelle","departement":"01","region":"84","anciensCodes":["01340"]},
        {"code":"01015","nom":"B part","type":"commune-deleguee","chefLieu":"01015","departement":"01","region":"84"},
        {"code":"01120","nom":"C","type":"commune-associee","chefLieu":"01001"},
        {"code":"69123","nom":"Lyon","type":"commune-actuelle","departement":"69","region":"84","population":5},
        {"code":"69381","nom":"Lyon 1er","type":"arrondissement-municipal","commune":"69123","population":3},
        {"code":"1001","nom":"D","type":"commune-actuelle","departement":"01","region":"84"},
        {"code":"01001","nom":"again","type":"commune-actuelle","departement":"01","region":"84","population":1},
        {"code":"98411","nom":"Kerguelen","type":"commune-actuelle","departement":"984","region":"9840"},
        {"code":"01002","type":"commune-actuelle"}
    ]"#;

    fn scope(departement: &str) -> Scope {
        Scope { departements: vec![departement.parse().expect("code")], ..Scope::default() }
    }

    #[test]
    fn communes_of_today_are_told_from_their_parts_and_former_codes() {
        let file = File::of(COMMUNES);
        let mut findings = file.findings();
        let communes = communes(&file, &mut findings).expect("read");
        let (entries, codes) = communes.within(&Scope::default());
        assert_eq!(entries.iter().map(|e| e.code.as_str()).collect::<Vec<_>>(), ["01001", "01015", "69123"]);
        assert_eq!(entries[0].population, Inhabitants(860));
        for (part, whole) in [("01340", "01015"), ("01120", "01001"), ("69381", "69123")] {
            assert_eq!(codes.meaning(code(part)), Meaning::PartOf(code(whole)));
        }
        let reasons = findings.reasons().join("\n");
        for expected in
            ["population unknown", "leading zero", "appears twice", "région code", "missing field"]
        {
            assert!(reasons.contains(expected), "{reasons}");
        }
        assert_eq!(findings.reasons().len(), 5, "{reasons}");
    }

    #[test]
    fn a_scope_keeps_its_departements_only() {
        let file = File::of(COMMUNES);
        let communes = communes(&file, &mut file.findings()).expect("read");
        let (entries, codes) = communes.within(&scope("69"));
        assert_eq!(entries.len(), 1);
        assert_eq!(codes.meaning(code("01001")), Meaning::Outside);
        assert_eq!(codes.meaning(code("01340")), Meaning::Outside);
    }

    #[test]
    fn an_epci_with_a_wrong_check_digit_is_refused_and_a_commune_has_one_epci() {
        let file = File::of(
            r#"[{"code":"200046977","nom":"M","membres":[{"code":"69123"},{"code":"9123"}]},
                {"code":"200046978","nom":"X","membres":[]},
                {"code":"200069193","nom":"D","membres":[{"code":"69123"},{"code":"01001"}]}]"#,
        );
        let mut findings = file.findings();
        let epcis = epcis(&file, &mut findings).expect("read");
        assert_eq!(epcis.iter().map(|e| e.members.len()).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(findings.reasons().len(), 3);
    }

    #[test]
    fn a_file_of_another_kind_is_said_to_be() {
        let read = |text: &str| {
            let file = File::of(text);
            communes(&file, &mut file.findings()).map(|c| c.entries.len())
        };
        assert!(read("code,nom\n01001,A").is_err());
        assert!(read("[]").is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let file = File::of([b"[".to_vec(), bytes].concat());
            let _ = communes(&file, &mut file.findings());
            let _ = epcis(&file, &mut file.findings());
            let _ = regions(&file, &mut file.findings());
        }
    }
}
