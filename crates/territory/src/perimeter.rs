//! «Territoire, périmètre»: whom a question is about.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::area::{Area, InvalidArea};
use crate::code::{CommuneCode, DepartementCode, InvalidCode, RegionCode, Siren};
use crate::gazetteer::{CommuneIdx, Gazetteer};

/// The Métropole de Lyon, which the COG counts in département 69.
const METROPOLE_DE_LYON: &str = "200046977";

/// One territory, written `kind:code`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Territory {
    /// The whole atlas: `france`.
    France,
    /// `region:84`.
    Region(RegionCode),
    /// `departement:69`.
    Departement(DepartementCode),
    /// `departement:69D` (the Rhône without the Métropole de Lyon) and `departement:69M` (only it).
    Lyon {
        /// Whether the Métropole is the part meant.
        metropole: bool,
    },
    /// `departement:6AE`: the Collectivité européenne d'Alsace, 67 and 68.
    Alsace,
    /// `epci:200046977`; the EPT of Greater Paris are written so too.
    Epci(Siren),
    /// `hub:hinaura`, from `hubs.toml`.
    Hub(String),
    /// `living-area:01093`: «bassin de vie», named after its main commune.
    LivingArea(CommuneCode),
    /// `commune:01004`.
    Commune(CommuneCode),
    /// `polygon:…`: ground whose outline someone drew.
    Drawn(Arc<Area>),
}

/// A text that names no territory.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InvalidTerritory {
    /// It has no known kind.
    #[error(
        "{0:?} is not a territory: write commune:01004, epci:200046977, departement:69, region:84, hub:… or france"
    )]
    Kind(String),
    /// Its code is wrong.
    #[error(transparent)]
    Code(#[from] InvalidCode),
    /// Its outline is wrong.
    #[error(transparent)]
    Area(#[from] InvalidArea),
}

impl Territory {
    /// Its kind as written: `commune`, `epci`, …
    pub fn kind(&self) -> &'static str {
        match self {
            Self::France => "france",
            Self::Region(_) => "region",
            Self::Departement(_) | Self::Lyon { .. } | Self::Alsace => "departement",
            Self::Epci(_) => "epci",
            Self::Hub(_) => "hub",
            Self::LivingArea(_) => "living-area",
            Self::Commune(_) => "commune",
            Self::Drawn(_) => "polygon",
        }
    }

    /// Its code as written.
    pub fn code(&self) -> String {
        match self {
            Self::France => String::new(),
            Self::Region(code) => code.to_string(),
            Self::Departement(code) => code.to_string(),
            Self::Lyon { metropole: true } => "69M".to_owned(),
            Self::Lyon { metropole: false } => "69D".to_owned(),
            Self::Alsace => "6AE".to_owned(),
            Self::Epci(code) => code.to_string(),
            Self::Hub(code) => code.clone(),
            Self::LivingArea(code) | Self::Commune(code) => code.to_string(),
            Self::Drawn(area) => area.to_string(),
        }
    }
}

impl FromStr for Territory {
    type Err = InvalidTerritory;
    fn from_str(text: &str) -> Result<Self, InvalidTerritory> {
        if text == "france" {
            return Ok(Self::France);
        }
        if let Some(outline) = text.strip_prefix("polygon:") {
            return Ok(Self::Drawn(Arc::new(outline.parse()?)));
        }
        // The error repeats the text, which may be hostile.
        let kind = || InvalidTerritory::Kind(text.chars().take(40).collect());
        if text.len() > 200 {
            return Err(kind());
        }
        let (kind, code) = text.split_once(':').ok_or_else(kind)?;
        Ok(match (kind, code) {
            ("commune", code) => Self::Commune(code.parse()?),
            ("epci", code) => Self::Epci(code.parse()?),
            ("departement", "69D") => Self::Lyon { metropole: false },
            ("departement", "69M") => Self::Lyon { metropole: true },
            ("departement", "6AE") => Self::Alsace,
            ("departement", code) => Self::Departement(code.parse()?),
            ("region", code) => Self::Region(code.parse()?),
            ("living-area", code) => Self::LivingArea(code.parse()?),
            ("hub", code) if !code.is_empty() && crate::slug::slug(code) == code => {
                Self::Hub(code.to_owned())
            }
            _ => return Err(InvalidTerritory::Kind(text.to_owned())),
        })
    }
}

impl fmt::Display for Territory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::France => f.write_str("france"),
            _ => write!(f, "{}:{}", self.kind(), self.code()),
        }
    }
}

impl TryFrom<String> for Territory {
    type Error = InvalidTerritory;
    fn try_from(text: String) -> Result<Self, InvalidTerritory> {
        text.parse()
    }
}

impl From<Territory> for String {
    fn from(territory: Territory) -> Self {
        territory.to_string()
    }
}

impl Serialize for Territory {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Territory {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A perimeter someone named for their own use, as a Hub does: a union of territories.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hub {
    /// Its slug.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is made of.
    pub territories: Vec<Territory>,
}

/// The territories a question is about, as a union; none named means everyone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Perimeter(BTreeSet<Territory>);

impl Perimeter {
    /// Everyone.
    pub fn everyone() -> Self {
        Self::default()
    }

    /// The union of some territories. `france` absorbs the others.
    pub fn new(territories: impl IntoIterator<Item = Territory>) -> Self {
        let set: BTreeSet<Territory> = territories.into_iter().collect();
        if set.contains(&Territory::France) { Self::everyone() } else { Self(set) }
    }

    /// Whether nobody is left out.
    pub fn is_everyone(&self) -> bool {
        self.0.is_empty()
    }

    /// Bytes it takes in memory, about.
    pub fn bytes(&self) -> u64 {
        let drawn = self.0.iter().map(|territory| match territory {
            Territory::Drawn(area) => area.bytes(),
            _ => 0,
        });
        drawn.sum::<u64>() + 64 * (1 + self.0.len() as u64)
    }

    /// The territories, in canonical order.
    pub fn territories(&self) -> impl Iterator<Item = &Territory> {
        self.0.iter()
    }
}

impl fmt::Display for Perimeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_everyone() {
            return f.write_str("france");
        }
        for (i, territory) in self.0.iter().enumerate() {
            write!(f, "{}{territory}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl Gazetteer {
    /// The communes of a territory, sorted; none when this gazetteer does not know it.
    pub fn members(&self, territory: &Territory) -> Option<Vec<CommuneIdx>> {
        let of = |keep: &dyn Fn(&crate::Commune) -> bool| -> Vec<CommuneIdx> {
            self.commune_ids().filter(|&i| keep(self.commune(i))).collect()
        };
        let departement = |code: &str| {
            let code: DepartementCode = code.parse().ok()?;
            self.find_departement(code).map(|d| of(&|c| c.departement == d.code))
        };
        match territory {
            Territory::France => Some(self.commune_ids().collect()),
            Territory::Region(code) => self.find_region(*code).map(|r| of(&|c| c.region == r.code)),
            Territory::Departement(code) => departement(code.as_str()),
            Territory::Lyon { metropole } => {
                let lyon = METROPOLE_DE_LYON.parse().ok();
                let members = departement("69")?;
                Some(members.into_iter().filter(|&i| (self.commune(i).epci == lyon) == *metropole).collect())
            }
            Territory::Alsace => Some([departement("67")?, departement("68")?].concat()),
            Territory::Epci(code) => match self.find_epci(*code) {
                Some(_) => Some(self.epci_members(*code).to_vec()),
                None => self.find_ept(*code).map(|ept| ept.members.clone()),
            },
            Territory::Hub(code) => {
                let hub = self.hubs().iter().find(|h| h.code == *code)?;
                let mut members = Vec::new();
                for territory in hub.territories.iter().filter(|t| !matches!(t, Territory::Hub(_))) {
                    members.extend(self.members(territory)?);
                }
                members.sort_unstable();
                members.dedup();
                Some(members)
            }
            Territory::LivingArea(code) => self.find_living_area(*code).map(|area| area.members.clone()),
            Territory::Commune(code) => self.find_commune(*code).map(|i| vec![i]),
            // Who is inside is a matter of places, not of communes.
            Territory::Drawn(_) => None,
        }
    }

    /// The communes of a perimeter, sorted, or the first territory this gazetteer does not know.
    pub fn resolve(&self, perimeter: &Perimeter) -> Result<Vec<CommuneIdx>, Territory> {
        if perimeter.is_everyone() {
            return Ok(self.commune_ids().collect());
        }
        let mut members = BTreeSet::new();
        for territory in perimeter.territories() {
            members.extend(self.members(territory).ok_or_else(|| territory.clone())?);
        }
        Ok(members.into_iter().collect())
    }

    /// The name of a territory as people say it.
    pub fn name(&self, territory: &Territory) -> Option<String> {
        match territory {
            // What a gazetteer covers has the name of its atlas; what was drawn has none.
            Territory::France | Territory::Drawn(_) => None,
            Territory::Region(code) => self.find_region(*code).map(|r| r.name.clone()),
            Territory::Departement(code) => self.find_departement(*code).map(|d| d.name.clone()),
            Territory::Lyon { metropole: true } => Some("Métropole de Lyon".to_owned()),
            Territory::Lyon { metropole: false } => Some("Rhône (hors Métropole de Lyon)".to_owned()),
            Territory::Alsace => Some("Collectivité européenne d'Alsace".to_owned()),
            Territory::Epci(code) => {
                let epci = self.find_epci(*code).map(|e| &e.name);
                epci.or_else(|| self.find_ept(*code).map(|e| &e.name)).cloned()
            }
            Territory::LivingArea(code) => self.find_living_area(*code).map(|a| a.name.clone()),
            Territory::Hub(code) => self.hubs().iter().find(|h| h.code == *code).map(|h| h.name.clone()),
            Territory::Commune(code) => self.find_commune(*code).map(|i| self.commune(i).name.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_territory_is_a_kind_and_a_code() {
        for text in [
            "france",
            "region:84",
            "departement:69",
            "departement:69D",
            "departement:69M",
            "departement:6AE",
            "epci:200046977",
            "hub:hinaura",
            "living-area:01093",
            "commune:2A004",
            "polygon:g2N-n5Fg-B-_B-0C_1B",
        ] {
            assert_eq!(text.parse::<Territory>().expect(text).to_string(), text);
        }
        for text in
            ["", "69", "commune:", "commune:1004", "pays:fr", "hub:", "hub:Été", "epci:200046978", "France"]
        {
            assert!(text.parse::<Territory>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_perimeter_is_a_union_in_canonical_order() {
        let parse = |text: &str| Perimeter::new(text.split(',').map(|t| t.parse().expect(t)));
        assert_eq!(
            parse("departement:63,departement:03,departement:63"),
            parse("departement:03,departement:63")
        );
        assert!(parse("departement:63,france").is_everyone());
    }

    proptest! {
        #[test]
        fn any_text_is_refused_or_printed_back(text in "[a-z-]{0,12}:?[0-9A-Z]{0,10}") {
            if let Ok(territory) = text.parse::<Territory>() {
                prop_assert_eq!(territory.to_string(), text);
            }
        }
    }
}
