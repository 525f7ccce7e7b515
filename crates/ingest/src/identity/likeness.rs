//! How alike two venues are: a score of three parts, and what forbids to take them for one.
//!
//! `score = 0.60 · name + 0.15 · address + 0.25 · nearness`, each from 0 to 1; without one of the
//! addresses, the other two make up the whole in the same proportion. Two venues at [`THRESHOLD`] or
//! more that nothing forbids are one. The weights and the threshold are ours, chosen on the real files
//! (`docs/method.md`, «One venue, several records»).

use std::fmt;

use territory::Meters;

use super::portrait::{Address, Portrait};
use super::words;

/// The score from which two records are one venue.
pub const THRESHOLD: f64 = 0.75;

/// The score from which two records kept apart are listed as doubtful.
pub const DOUBTFUL: f64 = 0.65;

/// Records farther apart than this are never compared, metres.
pub const REACH: Meters = Meters(250.0);

/// The least score between any two records of a venue of three or more.
pub(super) const TOGETHER: f64 = 0.60;

const NAME: f64 = 0.60;
const ADDRESS: f64 = 0.15;
const NEARNESS: f64 = 0.25;

/// Geocoders differ by this much on one door: nearness is 1 up to here, metres.
const SAME_DOOR: f64 = 10.0;

/// Names from which a difference elsewhere is forgiven.
const NEARLY_EQUAL: f64 = 0.90;

/// Addresses from which the street is the same.
const SAME_STREET: f64 = 0.75;

/// What an address is worth in the same street when a house number is missing, and when they differ.
const NUMBER_MISSING: f64 = 0.85;
const NUMBERS_DIFFER: f64 = 0.30;

/// What is left of the likeness of two streets that are not the same.
const OTHER_STREET: f64 = 0.60;

/// Likeness from which two texts say the same.
const SAME: f64 = 0.999;

/// Addresses that are the same but for a house number one of them lacks.
const SAME_ADDRESS: f64 = NUMBER_MISSING;

/// How alike two venues are, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// How far apart they are.
    pub metres: Meters,
    /// From 0 to 1, to the thousandth.
    pub score: f64,
    /// How alike their names are, from 0 to 1.
    pub name: f64,
    /// How alike their addresses are, from 0 to 1; none when one of them has none.
    pub address: Option<f64>,
}

/// Why two venues are never one, whatever their score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Veto {
    /// Farther apart than [`REACH`].
    Far,
    /// A town hall and a library, a post office and the town hall it is in.
    Kinds,
    /// Only one of them is a France services, and the other is not its host by name.
    OneFranceServices,
    /// Each has words of its own and none in common.
    Names,
    /// «Antenne 1» and «antenne 2».
    Numbers,
    /// Only one of them is an «annexe».
    Annexe,
    /// Only one of them moves.
    Moves,
    /// Two doors of one street, with different names.
    Doors,
    /// Two communes, with different names or addresses.
    Communes,
    /// Two sorts of structure, with different names.
    Typologies,
    /// One producer gives them two identifiers, and not nearly the same name at the same address.
    Producer,
}

/// How alike two venues may be taken to be one, none when something forbids it.
pub(super) fn compare(a: &Portrait, b: &Portrait) -> Option<Likeness> {
    let likeness = measure(a, b);
    veto(a, b, &likeness).is_none().then_some(likeness)
}

/// How alike two venues are, forbidden or not.
pub(super) fn measure(a: &Portrait, b: &Portrait) -> Likeness {
    let metres = a.position.distance_to(b.position);
    let name = if a.letters & b.letters == 0 { 0.0 } else { words::likeness(&a.name, &b.name) };
    let address = addresses(&a.address, &b.address);
    let nearness = ((REACH.0 - metres.0) / (REACH.0 - SAME_DOOR)).clamp(0.0, 1.0);
    let score = match address {
        Some(address) => NAME * name + ADDRESS * address + NEARNESS * nearness,
        None => (NAME * name + NEARNESS * nearness) / (NAME + NEARNESS),
    };
    Likeness { metres, score: (score * 1000.0).round() / 1000.0, name, address }
}

fn addresses(a: &Address, b: &Address) -> Option<f64> {
    if !a.is_known() || !b.is_known() {
        return None;
    }
    let street = words::likeness(&a.street, &b.street);
    Some(if street < SAME_STREET {
        OTHER_STREET * street
    } else if a.numbers.is_empty() || b.numbers.is_empty() {
        // Neither has a number: all that they say is the same.
        if a.numbers == b.numbers { street } else { NUMBER_MISSING }
    } else if a.numbers.is_disjoint(&b.numbers) {
        NUMBERS_DIFFER
    } else {
        1.0
    })
}

/// The first thing that forbids to take two venues for one.
pub(super) fn veto(a: &Portrait, b: &Portrait, alike: &Likeness) -> Option<Veto> {
    let twin_names = alike.name >= NEARLY_EQUAL;
    let address = alike.address.unwrap_or_default();
    let vetoes = [
        (Veto::Far, alike.metres.0 > REACH.0),
        (Veto::Kinds, a.kinds_conflict(b)),
        (Veto::OneFranceServices, a.only_one_is_france_services(b)),
        (Veto::Names, a.names_conflict(b)),
        (Veto::Numbers, a.ranks != b.ranks),
        (Veto::Annexe, a.annexe != b.annexe),
        (Veto::Moves, a.moves != b.moves),
        (Veto::Doors, alike.address == Some(NUMBERS_DIFFER) && !twin_names),
        (Veto::Communes, a.elsewhere(b) && !(twin_names && address >= SAME_ADDRESS)),
        (
            Veto::Typologies,
            !a.typologies.is_empty()
                && !b.typologies.is_empty()
                && !a.typologies.intersects(b.typologies)
                && !twin_names,
        ),
        (Veto::Producer, !a.producers.is_disjoint(&b.producers) && !listed_twice(a, b, alike)),
    ];
    vetoes.into_iter().find_map(|(veto, applies)| applies.then_some(veto))
}

/// Whether one producer plainly gives one venue twice: nearly the same name at the same address, or, where
/// neither has an address, the same name at the same door (tables with a row for each service).
fn listed_twice(a: &Portrait, b: &Portrait, alike: &Likeness) -> bool {
    if let Some(address) = alike.address {
        return alike.name >= NEARLY_EQUAL && address >= SAME_ADDRESS;
    }
    let unsaid = !a.address.is_known() && !b.address.is_known();
    unsaid && alike.name >= SAME && alike.metres.0 <= SAME_DOOR
}

impl Likeness {
    /// What their names have in common, in words.
    fn names(&self) -> &'static str {
        match self.name {
            n if n >= SAME => "same name",
            n if n >= NEARLY_EQUAL => "nearly the same name",
            _ => "like names",
        }
    }

    /// What their addresses have in common, in words.
    fn places(&self) -> &'static str {
        match self.address {
            None => "an address missing",
            Some(a) if a >= SAME => "same address",
            Some(a) if a >= SAME_STREET => "same street",
            Some(a) if a == NUMBERS_DIFFER => "other number or street",
            Some(_) => "other street",
        }
    }
}

impl fmt::Display for Likeness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.names(), self.places())
    }
}
