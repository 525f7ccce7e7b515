//! Which commune a code means today: codes change with vintages.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use territory::{CommuneCode, DepartementCode, Inhabitants};

use crate::postal::Postal;
use crate::refusal::{Findings, Kind};

/// The commune codes of a build: those in scope, and what became of the others.
#[derive(Debug, Default)]
pub(crate) struct Codes {
    pub(crate) in_scope: BTreeSet<CommuneCode>,
    pub(crate) departements: BTreeSet<DepartementCode>,
    pub(crate) current: BTreeSet<CommuneCode>,
    /// Delegated and associated communes, arrondissements and abandoned codes → the commune of today.
    pub(crate) former: BTreeMap<CommuneCode, CommuneCode>,
    /// What addresses mean.
    pub(crate) postal: Postal,
    /// The people of the arrondissements of Paris, Lyon and Marseille.
    pub(crate) arrondissements: BTreeMap<CommuneCode, Inhabitants>,
}

/// What a code means in a build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A commune of the build.
    Commune(CommuneCode),
    /// A part, or a former code, of a commune of the build.
    PartOf(CommuneCode),
    /// Elsewhere.
    Outside,
    /// In a département of the build, where no commune has it.
    Unknown,
}

impl Codes {
    /// Whether a commune absorbed others: it has a former code that is not its own of before its département
    /// had another number (75072 became 93072).
    pub(crate) fn has_absorbed(&self, commune: CommuneCode) -> bool {
        let number = |code: &CommuneCode| code.as_str()[2..].to_owned();
        self.former.iter().any(|(old, today)| *today == commune && number(old) != number(today))
    }

    pub(crate) fn meaning(&self, code: CommuneCode) -> Meaning {
        if self.in_scope.contains(&code) {
            return Meaning::Commune(code);
        }
        match self.former.get(&code) {
            Some(today) if self.in_scope.contains(today) => Meaning::PartOf(*today),
            Some(_) => Meaning::Outside,
            // The COG table itself may be cut to the scope: elsewhere, an unknown code is no mistake.
            None if self.current.contains(&code) || !self.departements.contains(&code.departement()) => {
                Meaning::Outside
            }
            None => Meaning::Unknown,
        }
    }
}

/// What a row about a part of a commune is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parts {
    /// It stands for the commune when nothing else does.
    Stand,
    /// Nothing: a part does not stand for the whole.
    Refused,
}

/// Values by commune code as read, to be settled on the communes of a build.
#[derive(Debug)]
pub(crate) struct ByCode<T> {
    rows: Vec<(u64, CommuneCode, T)>,
}

impl<T> ByCode<T> {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    /// Adds a row whose code is still text; refused when it is no code.
    pub(crate) fn push(&mut self, line: u64, column: &str, code: &str, value: T, findings: &mut Findings) {
        match code.parse() {
            Ok(code) => self.rows.push((line, code, value)),
            Err(e) => {
                let reason = format!("is not a commune code: {}", reason_of(&e));
                findings.refused(line, column, code, Kind::BadCommune.because(reason));
            }
        }
    }

    /// Takes out the values of communes elsewhere than the build.
    pub(crate) fn take_outside(&mut self, codes: &Codes) -> Vec<T> {
        let outside = |(_, code, _): &mut (u64, CommuneCode, T)| codes.meaning(*code) == Meaning::Outside;
        self.rows.extract_if(.., outside).map(|(_, _, value)| value).collect()
    }

    /// One value per commune in scope: the first given. Rows out of scope are left out silently.
    pub(crate) fn settle(
        self,
        column: &str,
        codes: &Codes,
        parts: Parts,
        findings: &mut Findings,
    ) -> BTreeMap<CommuneCode, T> {
        let mut settled = BTreeMap::new();
        let mut of_parts = Vec::new();
        for (line, code, value) in self.rows {
            match codes.meaning(code) {
                Meaning::Commune(code) => match settled.entry(code) {
                    Entry::Vacant(place) => {
                        place.insert(value);
                    }
                    Entry::Occupied(_) => {
                        findings.refused(
                            line,
                            column,
                            code.as_str(),
                            Kind::DuplicateId.because("appears twice: the first row is kept"),
                        );
                    }
                },
                Meaning::PartOf(today) => of_parts.push((line, code, today, value)),
                Meaning::Outside => {}
                Meaning::Unknown => {
                    findings.refused(
                        line,
                        column,
                        code.as_str(),
                        Kind::BadCommune.because("no commune has this code in the COG given"),
                    );
                }
            }
        }
        for (line, code, today, value) in of_parts {
            if parts == Parts::Stand && !settled.contains_key(&today) {
                findings.repaired(
                    line,
                    column,
                    code.as_str(),
                    Kind::OtherVintage.because("code of another vintage: read as the commune of today"),
                );
                settled.insert(today, value);
            } else {
                let reason = "code of a part or former part of a commune of today: not used for the whole";
                findings.refused(line, column, code.as_str(), Kind::OtherVintage.because(reason));
            }
        }
        settled
    }
}

/// Why a text is no code.
fn reason_of(error: &territory::InvalidCode) -> &'static str {
    error.reason
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn code(text: &str) -> CommuneCode {
        text.parse().expect(text)
    }

    /// Two communes of Ain, one of which absorbed 01300, and Lyon with its arrondissements.
    pub(crate) fn small() -> Codes {
        let in_scope: BTreeSet<_> = ["01001", "01002", "69123"].map(code).into();
        Codes {
            departements: in_scope.iter().map(CommuneCode::departement).collect(),
            current: in_scope.clone(),
            in_scope,
            former: [("01300", "01002"), ("69381", "69123"), ("69382", "69123")]
                .map(|(old, today)| (code(old), code(today)))
                .into(),
            postal: Postal::default(),
            arrondissements: [("69381", 1000), ("69382", 3000)]
                .map(|(c, n)| (code(c), Inhabitants(n)))
                .into(),
        }
    }

    #[test]
    fn a_code_means_a_commune_a_part_elsewhere_or_nothing() {
        let codes = small();
        assert_eq!(codes.meaning(code("01001")), Meaning::Commune(code("01001")));
        assert_eq!(codes.meaning(code("69382")), Meaning::PartOf(code("69123")));
        assert_eq!(codes.meaning(code("75056")), Meaning::Outside);
        assert_eq!(codes.meaning(code("01999")), Meaning::Unknown);
    }

    #[test]
    fn every_row_that_is_not_used_is_reported_but_those_elsewhere() {
        let read = |parts| {
            let mut findings = Findings::of("f");
            let mut rows = ByCode::new();
            for (line, text) in ["01001", "01001", "1001", "01300", "75056", "01999"].into_iter().enumerate()
            {
                rows.push(line as u64 + 2, "code", text, line, &mut findings);
            }
            let settled = rows.settle("code", &small(), parts, &mut findings);
            (settled, findings.into_list())
        };
        let (settled, findings) = read(Parts::Stand);
        assert_eq!(settled, [(code("01001"), 0), (code("01002"), 3)].into());
        let values: Vec<_> = findings.iter().map(|f| (f.line.unwrap_or(0), f.value.as_str())).collect();
        assert_eq!(values, [(4, "1001"), (3, "01001"), (7, "01999"), (5, "01300")]);
        assert!(findings[0].reason.contains("leading zero"));
        assert_eq!(read(Parts::Refused).0.len(), 1);
    }
}
