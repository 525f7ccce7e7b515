//! Where help is needed most, read: fragility by our index and by the published one, priority areas.

use std::collections::{BTreeMap, BTreeSet};

use territory::{CommuneCode, PriorityArea, Siren, SocialClasses, SocialRates};

use super::Log;
use crate::codes::Codes;
use crate::cog::Grouping;
use crate::config::Build;
use crate::error::IngestError;
use crate::ifn::{self, Published};
use crate::rates::{self, Rates};
use crate::refusal::Findings;
use crate::{file, priority, social};

/// What makes our index: rates to be ranked, or classes ranked already.
#[derive(Debug, Clone, PartialEq)]
pub enum Social {
    /// The rates of all communes of France, whatever the scope: ranks are national.
    Rates(BTreeMap<CommuneCode, SocialRates>),
    /// The classes of communes of the build.
    Classes(BTreeMap<CommuneCode, SocialClasses>),
}

/// Reads what makes our index, none when nothing does.
pub(super) fn social(build: &Build, codes: &Codes, log: &mut Log<'_>) -> Result<Option<Social>, IngestError> {
    let Some(declared) = &build.rates else {
        let classes = log.optional(build.social_classes.as_ref(), |file, f| social::read(file, codes, f))?;
        return Ok(classes.map(Social::Classes));
    };
    let mut rates = Rates::default();
    log.read(&declared.census, |file, f| rates::read_census(&mut rates, file, f))?;
    log.read(&declared.incomes, |file, f| rates::read_incomes(&mut rates, file, f))?;
    log.read(&declared.broadband, |file, f| rates::read_broadband(&mut rates, file, f))?;
    rates::join_arrondissements(&mut rates);
    let mut findings = Findings::of(file::name(&declared.census.path));
    rates.unmatched(codes, &mut findings);
    log.refused.extend(findings.into_list());
    Ok(Some(Social::Rates(rates.of_communes())))
}

/// Reads the published index, none when it is not given.
pub(super) fn published(
    build: &Build,
    codes: &Codes,
    in_scope: &BTreeSet<Siren>,
    groupings: &[Grouping],
    log: &mut Log<'_>,
) -> Result<Option<Published>, IngestError> {
    let Some(declared) = &build.ifn else { return Ok(None) };
    let first = log.sources.len();
    // A table of the COG may be cut to the scope: only where there is no scope is it known to be whole.
    let everywhere = build.scope.is_everywhere();
    let known: BTreeSet<Siren> = groupings.iter().map(|grouping| grouping.epci.code).collect();
    let communes = log.optional(declared.communes.as_ref(), |file, f| {
        Ok(ifn::settle_communes(ifn::rows(file, "city", f)?, codes, f))
    })?;
    let epcis = log.optional(declared.epcis.as_ref(), |file, f| {
        Ok(ifn::settle_epcis(ifn::rows(file, "epci", f)?, in_scope, everywhere.then_some(&known), f))
    })?;
    let iris = log.optional(declared.iris.as_ref(), |file, f| {
        Ok(ifn::settle_iris(ifn::rows(file, "iris", f)?, codes, f))
    })?;
    Ok(Some(Published {
        communes: communes.unwrap_or_default(),
        epcis: epcis.unwrap_or_default(),
        iris: iris.unwrap_or_default(),
        source: log.sources.get(first).cloned(),
    }))
}

/// Reads the priority areas, in the order of the configuration.
pub(super) fn priority(
    build: &Build,
    codes: &Codes,
    log: &mut Log<'_>,
) -> Result<Vec<PriorityArea>, IngestError> {
    let mut areas = Vec::new();
    for declared in &build.priority_areas {
        areas.extend(log.read(&declared.file, |file, f| priority::read(file, declared, codes, f))?);
    }
    Ok(areas)
}
