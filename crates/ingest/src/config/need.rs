//! Where help is needed most, as declared: fragility, and priority areas.

use std::path::Path;

use territory::PriorityKind;

use super::written::{WrittenIfn, WrittenPriorityTable, WrittenRates, WrittenTable};
use super::{Declared, source, wrong};
use crate::error::IngestError;

/// The three published tables that our index of fragility is computed from, for all of France.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredRates {
    /// Shares of the census: age, diploma.
    pub census: Declared,
    /// Median incomes.
    pub incomes: Declared,
    /// Premises without fast broadband.
    pub broadband: Declared,
}

/// The index that La `MedNum` publishes, by division.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredIfn {
    /// By commune.
    pub communes: Option<Declared>,
    /// By EPCI.
    pub epcis: Option<Declared>,
    /// By IRIS.
    pub iris: Option<Declared>,
}

/// Priority areas of one zoning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredPriority {
    /// Polygons (QPV), or a list of communes (FRR, ZRR).
    pub file: Declared,
    /// Which zoning.
    pub kind: PriorityKind,
    /// The statuses that class a commune whole; none for those of the zoning.
    pub statuses: Option<Vec<String>>,
}

impl DeclaredRates {
    pub(super) fn files(&self) -> [&Declared; 3] {
        [&self.census, &self.incomes, &self.broadband]
    }
}

impl DeclaredIfn {
    pub(super) fn files(&self) -> impl Iterator<Item = &Declared> {
        self.communes.iter().chain(&self.epcis).chain(&self.iris)
    }
}

/// All three tables, since each component counts.
pub(super) fn rates(path: &Path, folder: &Path, written: WrittenRates) -> Result<DeclaredRates, IngestError> {
    let table = |key: &str, name: &str, table: Option<WrittenTable>| {
        let missing =
            || wrong(path, format!("[rates] has no [{key}]: the index takes all three tables; add it"));
        source(path, folder, key, name, table.ok_or_else(missing)?)
    };
    Ok(DeclaredRates {
        census: table("rates.census", "Recensement : âge et diplôme", written.census)?,
        incomes: table("rates.incomes", "Filosofi : revenu médian", written.incomes)?,
        broadband: table("rates.broadband", "Arcep : locaux sans 30 Mbit/s", written.broadband)?,
    })
}

pub(super) fn ifn(path: &Path, folder: &Path, written: WrittenIfn) -> Result<DeclaredIfn, IngestError> {
    let table = |key: &str, division: &str, table: Option<WrittenTable>| {
        let name = format!("Indice de fragilité numérique publié (La MedNum) : {division}");
        table.map(|table| source(path, folder, key, &name, table)).transpose()
    };
    let declared = DeclaredIfn {
        communes: table("ifn.communes", "communes", written.communes)?,
        epcis: table("ifn.epcis", "EPCI", written.epcis)?,
        iris: table("ifn.iris", "IRIS", written.iris)?,
    };
    if declared.files().next().is_none() {
        return Err(wrong(path, "[ifn] names no table; add [ifn.communes], [ifn.epcis] or [ifn.iris]"));
    }
    Ok(declared)
}

pub(super) fn priority(
    path: &Path,
    folder: &Path,
    written: WrittenPriorityTable,
) -> Result<DeclaredPriority, IngestError> {
    let WrittenPriorityTable { path: place, url, name, vintage, licence, sha256, kind, statuses } = written;
    let kind = PriorityKind::from_slug(&kind).ok_or_else(|| {
        wrong(path, format!("[[priority_areas]] kind = {kind:?} is none known; expected qpv, frr or zrr"))
    })?;
    if kind == PriorityKind::Qpv && statuses.is_some() {
        let reason = "[[priority_areas]] of kind qpv are polygons, which have no `statuses`; remove them";
        return Err(wrong(path, reason));
    }
    let called = match kind {
        PriorityKind::Qpv => "Quartiers prioritaires (QPV)",
        PriorityKind::Frr => "Communes en France ruralités revitalisation (FRR)",
        PriorityKind::Zrr => "Communes en zone de revitalisation rurale (ZRR)",
    };
    let file = WrittenTable { path: place, url, name, vintage, licence, sha256 };
    Ok(DeclaredPriority { file: source(path, folder, "[priority_areas]", called, file)?, kind, statuses })
}
