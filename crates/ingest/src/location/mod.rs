//! Coordinates decided, not trusted: the ground a row names is the judge.
//!
//! Two texts become numbers ([`reading`]); the numbers are a position as given, swapped, or of one of the
//! projections French files come in ([`projection`]); the row says where it is by its commune code, its
//! postcode and the name of its commune ([`testimony`]), each a commune as drawn ([`land`]), else a
//! département, else a territory ([`zone`]). A position that fits is never moved; one that does not is
//! repaired when exactly one other reading fits, and refused when none or several do. Points that many rows
//! share are doubted ([`crowd`]).

mod crowd;
mod land;
mod projection;
mod reach;
mod reading;
mod testimony;
mod zone;

use std::collections::BTreeMap;

use geo::MultiPolygon;
use territory::{CommuneCode, Meters, Position};

use crate::codes::Codes;
use crate::refusal::{Kind, Outcome, Reason};
pub(crate) use crowd::Crowd;
use crowd::Suspicion;
use land::{Land, Nearness};
use projection::Projections;
use reach::Reach;
pub(crate) use reach::boxes;
use reading::Reading;
use testimony::{Testimony, Verdict};

/// Two readings nearer than this are the same.
const SAME: Meters = Meters(1_000.0);

/// What a row says of where it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Claim<'a> {
    pub(crate) lon: &'a str,
    pub(crate) lat: &'a str,
    /// The code of its commune, of any vintage.
    pub(crate) commune: Option<CommuneCode>,
    pub(crate) postcode: &'a str,
    pub(crate) commune_name: &'a str,
    pub(crate) address: &'a str,
}

/// Where a row is.
#[derive(Debug, PartialEq)]
pub(crate) struct Located {
    pub(crate) position: Position,
    /// The commune that holds it, where one is drawn there.
    pub(crate) commune: Option<CommuneCode>,
    /// The commune the row should name, when its code is of another.
    pub(crate) corrected: Option<CommuneCode>,
    /// Whether it is in the territory of the build or within 100 km of it.
    pub(crate) in_reach: bool,
    /// What was repaired or is doubtful.
    pub(crate) findings: Vec<Finding>,
}

impl Located {
    /// Whether it is kept without being sure.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.findings.iter().any(|finding| finding.outcome == Outcome::Kept)
    }
}

/// What a row should know about its place.
#[derive(Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) about: About,
    pub(crate) outcome: Outcome,
    pub(crate) reason: Reason,
}

/// Which part of a row a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    Coordinates,
    CommuneCode,
}

/// Decides where rows are, from the communes of a build.
pub(crate) struct Judge<'a> {
    codes: &'a Codes,
    land: Land<'a>,
    reach: Reach,
    projections: Projections,
    everywhere: bool,
}

/// A position that the numbers of a row may mean.
struct Candidate {
    position: Position,
    verdict: Verdict,
    finding: Option<Finding>,
}

impl<'a> Judge<'a> {
    /// From what codes, names and postcodes mean, and the communes drawn: none is needed.
    pub(crate) fn new(codes: &'a Codes, shapes: &'a BTreeMap<CommuneCode, MultiPolygon>) -> Self {
        Self {
            codes,
            land: Land::new(shapes, &codes.current),
            reach: Reach::around(shapes),
            projections: Projections::new(),
            everywhere: false,
        }
    }

    /// The same, for which every place is in reach: a file is examined for itself, not for a build.
    pub(crate) fn everywhere(self) -> Self {
        Self { everywhere: true, ..self }
    }

    /// The points that rows of one file share.
    pub(crate) fn crowd<'c>(&self, claims: impl IntoIterator<Item = Claim<'c>>) -> Crowd {
        let mut crowd = Crowd::default();
        for claim in claims {
            let Ok(reading) = reading::read(claim.lon, claim.lat) else {
                continue;
            };
            // The address first: codes of published files were often found from the position.
            let testimony = self.testimony(&claim);
            let named = testimony.address.first().or(testimony.code.as_ref());
            crowd.add(reading, named.map(|witness| witness.code), claim.address);
        }
        crowd
    }

    /// Where a row is; why it is refused otherwise.
    pub(crate) fn locate(&self, claim: &Claim, crowd: &Crowd) -> Result<Located, Reason> {
        let reading = reading::read(claim.lon, claim.lat)?;
        let testimony = self.testimony(claim);
        let suspicion = crowd.suspicion(reading);
        let Candidate { position, verdict, finding } = match self.settle(&testimony, reading) {
            Err(_) if suspicion == Some(Suspicion::Nowhere) => return Err(fallback()),
            settled => settled?,
        };
        let mut findings: Vec<Finding> = finding.into_iter().collect();
        if findings.is_empty() && reading.rewritten {
            findings.push(repaired(
                position,
                Kind::CoordinatesFormat,
                "written in another manner, read as degrees",
            ));
        }
        let mut corrected = None;
        match verdict {
            Verdict::WrongCode(code) => {
                corrected = Some(code);
                let reason = "the position and the address are of another commune";
                let reason = Kind::BadCommune.because(reason).with_repair(code.as_str());
                findings.push(Finding { about: About::CommuneCode, outcome: Outcome::Repaired, reason });
            }
            Verdict::Doubtful => findings.push(doubtful("lies outside its commune, in its neighbourhood")),
            Verdict::AddressElsewhere => {
                findings.push(doubtful(
                    "lies where its commune code says, far from its postcode and commune name",
                ));
            }
            Verdict::OtherPostcode => {
                findings.push(doubtful("lies in the only commune of its name, far from its postcode"));
            }
            Verdict::OtherDepartement => findings.push(doubtful("lies in another département than its own")),
            Verdict::Sound | Verdict::Far(_) => {}
        }
        match suspicion {
            Some(Suspicion::Nowhere) => match on_its_ground(&testimony, position) {
                Some(Nearness::Fits) => {}
                Some(Nearness::Plausible) | None => {
                    findings.push(crowded("a point where rows of several communes lie"));
                }
                Some(Nearness::Doubtful | Nearness::Far) => return Err(fallback()),
            },
            Some(Suspicion::Middle) => {
                findings.push(crowded("a point where rows of five addresses or more lie"));
            }
            None => {}
        }
        Ok(Located {
            position,
            commune: testimony.holder(position).or_else(|| self.land.holder(position)),
            corrected,
            in_reach: self.everywhere || !self.reach.is_known() || self.reach.holds(position),
            findings,
        })
    }

    /// The position meant: as given where it may be, else the only other reading that fits.
    fn settle(&self, testimony: &Testimony, reading: Reading) -> Result<Candidate, Reason> {
        let Reading { x, y, .. } = reading;
        let given = Position::from_lon_lat(x, y).ok();
        let why = match given.map(|position| (position, self.verdict(testimony, position))) {
            Some((_, Verdict::Far(why))) => Some(why),
            Some((position, verdict)) => return Ok(Candidate { position, verdict, finding: None }),
            None => None,
        };
        let mut fitting = self.others(testimony, x, y);
        if fitting.len() > 1 && testimony.is_silent() && self.reach.is_known() {
            let near = |candidate: &Candidate| self.reach.holds(candidate.position);
            if fitting.iter().any(near) {
                fitting.retain(near);
            }
        }
        let first = fitting.first().map(|first| first.position);
        let several =
            fitting.iter().any(|c| first.is_some_and(|first| first.distance_to(c.position).0 > SAME.0));
        match (fitting.into_iter().next(), why) {
            (Some(_), _) if several => Err(Kind::CoordinatesProjected
                .because("fits its territory in several projections: convert it (EPSG:4326)")),
            (Some(only), _) => Ok(only),
            (None, Some(why)) => Err(Kind::CoordinatesFar.because(why)),
            (None, None) if x.abs().max(y.abs()) < 1_000.0 => {
                Err(Kind::CoordinatesDamaged.because("is no position in degrees (−180…180, −90…90)"))
            }
            (None, None) => Err(Kind::CoordinatesProjected.because(
                "is not in degrees, and fits its commune in no known projection: convert it (EPSG:4326)",
            )),
        }
    }

    /// The readings of two numbers other than the one given that fit.
    fn others(&self, testimony: &Testimony, x: f64, y: f64) -> Vec<Candidate> {
        let swapped = Position::from_lon_lat(y, x).ok().map(|position| {
            (position, Kind::CoordinatesSwapped, "latitude and longitude are swapped".to_owned())
        });
        let projected = self.projections.readings(x, y).into_iter().map(|(name, position)| {
            (position, Kind::CoordinatesProjected, format!("metres of {name} in place of degrees"))
        });
        swapped
            .into_iter()
            .chain(projected)
            .map(|(position, kind, reason)| Candidate {
                position,
                verdict: self.verdict(testimony, position),
                finding: Some(repaired(position, kind, &reason)),
            })
            .filter(|candidate| matches!(candidate.verdict, Verdict::Sound | Verdict::WrongCode(_)))
            .collect()
    }
}

/// How near a position is to the commune its address names, else to the one of its code.
fn on_its_ground(testimony: &Testimony, position: Position) -> Option<Nearness> {
    let of_address = testimony.address.iter().map(|witness| witness.ground.nearness(position)).max();
    of_address.or_else(|| testimony.code.as_ref().map(|witness| witness.ground.nearness(position)))
}

fn repaired(position: Position, kind: Kind, why: &str) -> Finding {
    let repair = format!("{:.6}, {:.6}", position.lat(), position.lon());
    let reason = kind.because(why).with_repair(repair);
    Finding { about: About::Coordinates, outcome: Outcome::Repaired, reason }
}

fn doubtful(why: &str) -> Finding {
    Finding { about: About::Coordinates, outcome: Outcome::Kept, reason: Kind::CoordinatesFar.because(why) }
}

fn crowded(why: &str) -> Finding {
    Finding {
        about: About::Coordinates,
        outcome: Outcome::Kept,
        reason: Kind::CoordinatesFallback.because(why),
    }
}

fn fallback() -> Reason {
    Kind::CoordinatesFallback.because("a point where rows of several communes lie, outside this one")
}

#[cfg(test)]
mod real {
    mod tests;
}
#[cfg(test)]
pub(crate) mod tests;
