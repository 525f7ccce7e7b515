//! Communes as drawn made a coverage, whose the holes between them are, and each change reported.
//!
//! A commune that absorbed another without its ground, or that the file does not draw, leaves a hole. Where
//! the configuration does not say whose it is, the file itself, the town halls and the COG are asked.

use std::collections::BTreeMap;

use geo::{BoundingRect, InteriorPoint, Intersects, MultiPolygon, Polygon};
use territory::coverage::{self, Fault, Gap, Repair};
use territory::{CommuneCode, Position};

use crate::codes::Codes;
use crate::config::DeclaredHoles;
use crate::refusal::{Findings, Reason};

/// From this area on, in square metres, ground in no commune is a hole and is asked whose it is; below, it is
/// a fault of drawing. In the national file the widest fault is under 0.1 km² and the smallest absorbed commune
/// over 1 km².
const HOLE: f64 = 50_000.0;

/// Above this area, in square metres, a hole is given to nobody without a witness: it is rather an enclave
/// (Valréas, 127 km²) than the ground of an absorbed commune (34.6 km² at most in the national file; 6 % of
/// all communes are as large as this).
const LARGEST: f64 = 40e6;

/// What tells whose a hole is.
pub(crate) struct Evidence<'a> {
    pub(crate) codes: &'a Codes,
    pub(crate) halls: Option<&'a BTreeMap<CommuneCode, Position>>,
    /// Communes that live on another's cells, and want no shape.
    pub(crate) hosts: Option<&'a BTreeMap<CommuneCode, CommuneCode>>,
    pub(crate) declared: &'a DeclaredHoles,
    /// Shapes of communes out of scope: the ground they draw is no hole.
    pub(crate) elsewhere: &'a [MultiPolygon],
}

/// Whose a hole is.
#[derive(Debug, PartialEq)]
enum Verdict {
    /// Nobody's, as declared, or a commune's out of scope.
    Nobody,
    /// A commune's, and why.
    Commune(CommuneCode, &'static str),
    /// The first of these has the longest border; the others may have absorbed it too.
    Likeliest(Vec<CommuneCode>),
    /// Nothing tells.
    Unknown,
}

/// The shapes of the build's communes, made a coverage; each change and each hole that stays is a finding.
pub(crate) fn clean(
    drawn: BTreeMap<CommuneCode, MultiPolygon>,
    evidence: &Evidence<'_>,
    findings: &mut Findings,
) -> BTreeMap<CommuneCode, MultiPolygon> {
    // Those without a shape may get one.
    let mut all: BTreeMap<CommuneCode, MultiPolygon> =
        evidence.codes.in_scope.iter().map(|code| (*code, MultiPolygon::new(Vec::new()))).collect();
    all.extend(drawn);
    let (codes, mut shapes): (Vec<CommuneCode>, Vec<MultiPolygon>) = all.into_iter().unzip();
    let row = |code: &CommuneCode| codes.binary_search(code).ok();

    let mut given: Vec<(Gap, Verdict)> = Vec::new();
    let repairs = coverage::clean(&mut shapes, |gap| {
        if gap.area_m2 < HOLE {
            return gap.neighbours.iter().map(|(shape, _)| *shape).collect();
        }
        let around: Vec<CommuneCode> = gap.neighbours.iter().map(|(shape, _)| codes[*shape]).collect();
        let verdict = evidence.owner(gap, &around);
        let owner = match &verdict {
            Verdict::Commune(code, _) => row(code),
            Verdict::Likeliest(codes) => codes.first().and_then(row),
            Verdict::Nobody | Verdict::Unknown => None,
        };
        // A gap that is kept is asked about again.
        if !given.iter().any(|(known, _)| known.area_m2.to_bits() == gap.area_m2.to_bits()) {
            given.push((gap.clone(), verdict));
        }
        owner.into_iter().collect()
    });
    let left =
        |gap: &Gap| repairs.iter().any(|r| r.shape.is_none() && r.area_m2.to_bits() == gap.area_m2.to_bits());
    for (gap, verdict) in given.iter().filter(|(gap, _)| !left(gap)) {
        report_hole(gap, verdict, findings);
    }
    for repair in repairs.iter().filter(|repair| !is_filled_hole(repair)) {
        report(repair, &codes, findings);
    }
    evidence.declared_on_ground(&codes, &shapes, findings);
    codes.into_iter().zip(shapes).filter(|(_, shape)| !shape.0.is_empty()).collect()
}

/// A hole that was filled is reported with the reason why.
fn is_filled_hole(repair: &Repair) -> bool {
    repair.fault == Fault::Gap && repair.area_m2 >= HOLE && repair.shape.is_some()
}

impl Evidence<'_> {
    fn owner(&self, gap: &Gap, around: &[CommuneCode]) -> Verdict {
        let holds = |at: &Position| gap.outline.intersects(&at.coord());
        if self.declared.kept.iter().any(holds) {
            return Verdict::Nobody;
        }
        if let Some((_, code)) = self.declared.owned.iter().find(|(at, _)| holds(at)) {
            let known = self.codes.in_scope.contains(code);
            return if known {
                Verdict::Commune(*code, "a hole between communes, declared to be its ground: given to it")
            } else {
                Verdict::Unknown
            };
        }
        if self.elsewhere.iter().any(|shape| lies_in(shape, &gap.outline)) {
            return Verdict::Nobody;
        }
        let no_halls = BTreeMap::new();
        let halls = self.halls.unwrap_or(&no_halls);
        let inside: Vec<CommuneCode> =
            halls.iter().filter(|(_, at)| holds(at)).map(|(code, _)| *code).collect();
        match inside.as_slice() {
            [code] if around.contains(code) => {
                let reason = "a hole between communes, where its town hall lies: given to it";
                return Verdict::Commune(*code, reason);
            }
            [code] if !self.hosts.is_some_and(|hosts| hosts.contains_key(code)) => {
                let reason = "no shape draws this commune: it is given the hole where its town hall lies";
                return Verdict::Commune(*code, reason);
            }
            _ if gap.area_m2 > LARGEST => return Verdict::Unknown,
            _ => {}
        }
        let absorbing: Vec<CommuneCode> =
            around.iter().copied().filter(|code| self.codes.has_absorbed(*code)).collect();
        match absorbing.as_slice() {
            [] => Verdict::Unknown,
            [code] => {
                let reason = "a hole between communes, of which it alone absorbed another: given to it";
                Verdict::Commune(*code, reason)
            }
            _ => Verdict::Likeliest(absorbing),
        }
    }

    /// What is declared a hole but lies in a commune, and an owner that is no commune of the COG.
    fn declared_on_ground(&self, codes: &[CommuneCode], shapes: &[MultiPolygon], findings: &mut Findings) {
        for at in &self.declared.kept {
            let holder = shapes.iter().position(|shape| shape.intersects(&at.coord()));
            if let Some(holder) = holder {
                let reason =
                    format!("is declared a hole, but lies in {}: correct its position", codes[holder]);
                findings.kept(0, "holes", &written(*at), reason);
            }
        }
        for (at, code) in &self.declared.owned {
            if !self.codes.current.contains(code) {
                let reason = "is declared the owner of a hole, but no commune has this code in the COG given";
                findings.kept(0, "owners", code.as_str(), reason);
            } else if self.codes.in_scope.contains(code) {
                let own = codes.binary_search(code).is_ok_and(|row| shapes[row].intersects(&at.coord()));
                if !own {
                    let reason = "is declared the owner of a hole that is not there: correct its position";
                    findings.kept(0, "owners", code.as_str(), reason);
                }
            }
        }
    }
}

/// Whether a shape has its middle in a hole.
fn lies_in(shape: &MultiPolygon, hole: &Polygon) -> bool {
    let near = shape.bounding_rect().zip(hole.bounding_rect()).is_some_and(|(a, b)| a.intersects(&b));
    near && shape.interior_point().is_some_and(|middle| hole.intersects(&middle))
}

fn report_hole(gap: &Gap, verdict: &Verdict, findings: &mut Findings) {
    let area = format!("{:.2} km²", gap.area_m2 / 1e6);
    match verdict {
        Verdict::Nobody => {}
        Verdict::Commune(code, reason) => {
            findings.repaired(0, "geometry", code.as_str(), Reason::from(*reason).with_repair(area));
        }
        Verdict::Likeliest(codes) => {
            let reason = "a hole between communes, of which several absorbed others: given to it for its longest border";
            let others: Vec<&str> = codes[1..].iter().map(CommuneCode::as_str).collect();
            let repair = format!("{area}; else {}", others.join(", "));
            findings.repaired(0, "geometry", codes[0].as_str(), Reason::from(reason).with_repair(repair));
        }
        Verdict::Unknown => {
            let reason =
                "a hole between communes that is nobody's: declare it in `holes` or `owners` of [shapes]";
            let at = gap.outline.interior_point().and_then(|at| Position::from_coord(at.0).ok());
            let at = at.map(written).unwrap_or_default();
            findings.kept(0, "geometry", &at, Reason::from(reason).with_repair(area));
        }
    }
}

/// A position as a configuration has it.
fn written(at: Position) -> String {
    format!("[{:.5}, {:.5}]", at.lon(), at.lat())
}

fn report(repair: &Repair, codes: &[CommuneCode], findings: &mut Findings) {
    let others: Vec<&str> = repair.others.iter().map(|other| codes[*other].as_str()).collect();
    let ground = format!("{:.0} m²; {}", repair.area_m2, others.join(", "));
    let Some(shape) = repair.shape else {
        let reason = "borders that no change of one commune mends: left as they are, correct the file";
        return findings.kept(0, "geometry", &written(repair.at), Reason::from(reason).with_repair(ground));
    };
    let reason = match repair.fault {
        Fault::Gap => "ground between communes that was in none: given to it",
        Fault::Overlap => "ground that was in two communes: taken from it",
        Fault::Border => "a border drawn by other vertices than its neighbours': matched",
    };
    findings.repaired(0, "geometry", codes[shape].as_str(), Reason::from(reason).with_repair(ground));
}

#[cfg(test)]
mod tests;
