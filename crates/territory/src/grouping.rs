//! Communes under one code, beside the EPCI: «bassins de vie», and the «EPT» of Greater Paris.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::code::{CommuneCode, Siren};
use crate::gazetteer::CommuneIdx;

/// «Bassin de vie»: the smallest territory where people find everyday services, named after its main
/// commune (INSEE).
pub type LivingArea = Grouping<CommuneCode>;

/// «Établissement public territorial»: a part of the Métropole du Grand Paris, whose members are
/// members of the Métropole too.
pub type Ept = Grouping<Siren>;

/// Communes under one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grouping<C> {
    /// Its code.
    pub code: C,
    /// Its name.
    pub name: String,
    /// The members that the gazetteer holds, sorted.
    pub members: Vec<CommuneIdx>,
    /// How many members it has, those that the gazetteer does not hold among them.
    pub size: u32,
}

/// A grouping as published: its members by code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Published {
    /// Its name.
    pub name: String,
    /// Its members.
    pub members: BTreeSet<CommuneCode>,
}

impl<C> Grouping<C> {
    /// The groupings of which `find` holds a member, in the order of their codes.
    pub(crate) fn settle(
        published: BTreeMap<C, Published>,
        find: impl Fn(CommuneCode) -> Option<CommuneIdx>,
    ) -> Vec<Self> {
        let settled = published.into_iter().map(|(code, Published { name, members })| {
            let size = members.len() as u32;
            // Codes in order are ranks in order.
            Self { code, name, members: members.into_iter().filter_map(&find).collect(), size }
        });
        settled.filter(|grouping| !grouping.members.is_empty()).collect()
    }
}
