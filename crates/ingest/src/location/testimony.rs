//! What a row says of where it is, beside its coordinates: each word a ground to be on.

use territory::{CommuneCode, DepartementCode, Extent, Position};

use super::land::{Drawn, Nearness};
use super::zone::Zone;
use super::{Claim, Judge};

/// Where something should be.
pub(super) enum Ground<'j> {
    Commune(&'j Drawn<'j>),
    /// The commune is not drawn, or unknown; its département is.
    Departement(Extent),
    /// Nothing of it is drawn.
    Zone(&'static Zone),
}

impl Ground<'_> {
    pub(super) fn nearness(&self, position: Position) -> Nearness {
        let plausible = |holds| if holds { Nearness::Plausible } else { Nearness::Far };
        match self {
            Self::Commune(drawn) => drawn.nearness(position),
            Self::Departement(extent) => plausible(extent.holds(position)),
            Self::Zone(zone) => plausible(zone.holds(position)),
        }
    }
}

/// A commune named by a row, and its ground.
pub(super) struct Witness<'j> {
    pub(super) code: CommuneCode,
    pub(super) ground: Ground<'j>,
}

/// All a row says.
pub(super) struct Testimony<'j> {
    /// By its commune code.
    pub(super) code: Option<Witness<'j>>,
    /// By its postcode and the name of its commune together.
    pub(super) address: Vec<Witness<'j>>,
    /// The name of its commune: heard last and alone, when no other commune bears it.
    name: &'j str,
    /// By its postcode, or its code when no commune has it: no finer than a département. Heard only when
    /// nothing else is said.
    pub(super) departements: Vec<Ground<'j>>,
}

impl Testimony<'_> {
    /// The commune of the code, when it holds a position.
    pub(super) fn holder(&self, position: Position) -> Option<CommuneCode> {
        match &self.code.as_ref()?.ground {
            Ground::Commune(drawn) => drawn.holds(position).then_some(drawn.code),
            Ground::Departement(_) | Ground::Zone(_) => None,
        }
    }

    /// Whether a row says nothing of where it is.
    pub(super) fn is_silent(&self) -> bool {
        self.code.is_none() && self.address.is_empty() && self.departements.is_empty()
    }
}

/// What becomes of a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is where the row says.
    Sound,
    /// It is where the code says, far from where the address says.
    AddressElsewhere,
    /// It is in another département than the one of its commune, which is not drawn.
    OtherDepartement,
    /// It is where the address says; the code is of another commune than this one.
    WrongCode(CommuneCode),
    /// It is in the only commune of its name; the postcode is of elsewhere.
    OtherPostcode,
    /// It is near where the row says.
    Doubtful,
    /// It cannot be meant; why.
    Far(&'static str),
}

impl Judge<'_> {
    pub(super) fn testimony<'j>(&'j self, claim: &Claim<'j>) -> Testimony<'j> {
        let witness = |code| Some(Witness { code, ground: self.ground(code)? });
        let address = self.codes.postal.communes(claim.postcode, claim.commune_name);
        let today = claim.commune.and_then(|code| self.today(code));
        let mut departements = self.codes.postal.departements(claim.postcode);
        if departements.is_empty() {
            departements.extend(claim.commune.map(|code| code.departement()));
        }
        Testimony {
            code: today.and_then(witness),
            address: address.into_iter().filter_map(witness).collect(),
            name: claim.commune_name,
            departements: departements.into_iter().filter_map(|code| self.area(code)).collect(),
        }
    }

    /// The commune of today of a code; none when the COG has no such commune.
    fn today(&self, code: CommuneCode) -> Option<CommuneCode> {
        if self.codes.current.contains(&code) {
            return Some(code);
        }
        let elsewhere = || Some(code).filter(|code| !self.codes.departements.contains(&code.departement()));
        self.codes.former.get(&code).copied().or_else(elsewhere)
    }

    fn ground(&self, code: CommuneCode) -> Option<Ground<'_>> {
        self.land.commune(code).map(Ground::Commune).or_else(|| self.area(code.departement()))
    }

    fn area(&self, code: DepartementCode) -> Option<Ground<'_>> {
        self.land.departement(code).map(Ground::Departement).or_else(|| Zone::of(code).map(Ground::Zone))
    }

    pub(super) fn verdict(&self, testimony: &Testimony, position: Position) -> Verdict {
        let told = self.told(testimony, position);
        if !matches!(told, Verdict::Far(_)) {
            return told;
        }
        let named = self.codes.postal.only(testimony.name).and_then(|code| self.land.commune(code));
        match named.filter(|drawn| drawn.nearness(position) == Nearness::Fits) {
            Some(drawn) if testimony.code.is_some() => Verdict::WrongCode(drawn.code),
            Some(_) => Verdict::OtherPostcode,
            None => told,
        }
    }

    /// By all but the name alone.
    fn told(&self, testimony: &Testimony, position: Position) -> Verdict {
        let code = testimony.code.as_ref().map(|witness| witness.ground.nearness(position));
        let best = testimony.address.iter().max_by_key(|witness| witness.ground.nearness(position));
        let address = best.map(|witness| witness.ground.nearness(position));
        match (code, address) {
            (None, None) => self.of_departements(testimony, position),
            (Some(Nearness::Fits | Nearness::Plausible), Some(Nearness::Far)) => Verdict::AddressElsewhere,
            (Some(Nearness::Fits), _) | (None | Some(Nearness::Plausible), Some(Nearness::Fits)) => {
                Verdict::Sound
            }
            (Some(_), Some(Nearness::Fits)) | (Some(Nearness::Far), Some(Nearness::Plausible)) => {
                best.map_or(Verdict::Sound, |witness| Verdict::WrongCode(witness.code))
            }
            (Some(Nearness::Doubtful), _) | (_, Some(Nearness::Doubtful)) => Verdict::Doubtful,
            (Some(Nearness::Plausible), _) | (_, Some(Nearness::Plausible)) => {
                self.of_the_undrawn(testimony, position)
            }
            (Some(Nearness::Far), _) | (None, Some(Nearness::Far)) => {
                Verdict::Far("lies far from its commune")
            }
        }
    }

    /// Nothing finer than a département is known of the row, or nothing at all.
    fn of_departements(&self, testimony: &Testimony, position: Position) -> Verdict {
        let grounds = &testimony.departements;
        if grounds.iter().any(|ground| ground.nearness(position) >= Nearness::Plausible) {
            return Verdict::Sound;
        }
        if !grounds.is_empty() {
            return Verdict::Far("lies far from its département");
        }
        if self.reach.holds(position) || Zone::at(position).is_some() {
            Verdict::Sound
        } else {
            Verdict::Far("lies in no French territory")
        }
    }

    /// The commune is not drawn, but the one the position is in may be.
    fn of_the_undrawn(&self, testimony: &Testimony, position: Position) -> Verdict {
        let mut named = testimony.code.iter().chain(&testimony.address);
        let zoned = named.clone().all(|witness| matches!(witness.ground, Ground::Zone(_)));
        match self.land.holder(position) {
            Some(holder) if zoned && named.all(|w| w.code.departement() != holder.departement()) => {
                Verdict::OtherDepartement
            }
            _ => Verdict::Sound,
        }
    }
}
