//! The territory one goes up to from another.

use std::collections::BTreeMap;

use serde::Serialize;
use territory::{CommuneIdx, DepartementCode, Inhabitants, Territory};

use crate::atlas::Atlas;
use crate::wording;

/// The territory around another, by its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Parent {
    /// As written in a question: `epci:200046977`.
    pub id: String,
    /// Its name.
    pub name: String,
}

impl Atlas {
    /// From a commune its EPCI, or its département if it has none; from an EPCI the département where most of its
    /// people live; from a département its région; from all else the whole atlas; none from that. `members` are the
    /// communes of the territory.
    pub(super) fn parent_of(&self, territory: &Territory, members: &[CommuneIdx]) -> Option<Parent> {
        let first = members.first().map(|&first| self.commune(first));
        let up = match territory {
            Territory::France => return None,
            Territory::Commune(_) => first.map(|commune| {
                commune.epci.map_or(Territory::Departement(commune.departement), Territory::Epci)
            }),
            Territory::Epci(_) => self.most_peopled(members).map(Territory::Departement),
            Territory::Departement(_) | Territory::Lyon { .. } | Territory::Alsace => {
                first.map(|commune| Territory::Region(commune.region))
            }
            Territory::Region(_) | Territory::Hub(_) | Territory::LivingArea(_) | Territory::Drawn(_) => None,
        };
        up.and_then(|up| self.as_parent(&up)).or_else(|| self.whole())
    }

    /// What is around everything else, a union of territories too.
    pub(super) fn whole(&self) -> Option<Parent> {
        self.as_parent(&Territory::France)
    }

    fn as_parent(&self, territory: &Territory) -> Option<Parent> {
        Some(Parent { id: territory.to_string(), name: self.called(territory)? })
    }

    /// What people call a territory; none of one that is not in this atlas.
    pub(super) fn called(&self, territory: &Territory) -> Option<String> {
        match territory {
            Territory::France => Some(self.name().to_owned()),
            Territory::Drawn(_) => Some(wording::DRAWN.to_owned()),
            _ => self.gazetteer().name(territory),
        }
    }

    /// The département where most people of some communes live, the first of equals.
    fn most_peopled(&self, communes: &[CommuneIdx]) -> Option<DepartementCode> {
        let mut people: BTreeMap<DepartementCode, Inhabitants> = BTreeMap::new();
        for commune in communes.iter().map(|&idx| self.commune(idx)) {
            *people.entry(commune.departement).or_default() += commune.population;
        }
        people.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(code, _)| code)
    }
}
