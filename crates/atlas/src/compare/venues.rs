//! Which venues opened, closed, moved or changed.

use std::collections::{BTreeMap, BTreeSet};

use rstar::RTree;
use rstar::primitives::GeomWithData;
use serde::Serialize;
use territory::slug::slug;
use territory::vocabulary::{Term, Terms};
use territory::{Venue, VenueIdx};

use crate::atlas::Atlas;
use crate::field::round;
use crate::scope::Scope;

/// Farther than this, two records that share no identifier are two venues, metres: across a village and
/// its hamlets, short of the next village.
pub const LIKENESS_M: f64 = 300.0;

/// Nearer than this, a venue has not moved, metres: two geocodings of one address (its building, its
/// parcel, the number interpolated along its street) differ by as much.
pub const MOVED_M: f64 = 50.0;

/// What became of the venues of a perimeter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Venues {
    /// How many there were.
    pub before: usize,
    /// How many there are.
    pub after: usize,
    /// Found in both by an identifier.
    pub same_record: usize,
    /// Found in both by likeness: near, with the same name or address.
    pub alike: usize,
    /// Of those found in both, neither moved nor changed.
    pub unchanged: usize,
    /// Only there after.
    pub opened: Vec<VenueRef>,
    /// Only there before.
    pub closed: Vec<VenueRef>,
    /// In both, farther apart than [`MOVED_M`].
    pub moved: Vec<Moved>,
    /// In both, with something else said of them.
    pub relabelled: Vec<Relabelled>,
}

/// A venue by its names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct VenueRef {
    /// Its identifier in its atlas.
    pub id: String,
    /// The records it is made of, each its producer and the identifier there.
    pub records: Vec<String>,
    /// Its name.
    pub name: String,
    /// The code of the commune it stands in, by the shapes.
    pub commune: Option<String>,
}

/// A venue that is elsewhere.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// As it was.
    pub before: VenueRef,
    /// As it is.
    pub after: VenueRef,
    /// How far it went, as the crow flies.
    pub metres: f64,
}

/// A venue of which something else is said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relabelled {
    /// As it was.
    pub before: VenueRef,
    /// As it is.
    pub after: VenueRef,
    /// What is said differently.
    pub changes: Vec<Change>,
}

/// Something said of a venue that is now said differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// Its name; case, accents and punctuation make no difference.
    Name,
    /// When it is open.
    Hours,
    /// What it costs.
    Fees,
    /// What help it gives.
    Services,
    /// National programmes.
    Programmes,
    /// Labels.
    Labels,
    /// For whom.
    Publics,
    /// Whom it is equipped to help.
    Care,
    /// How one gets in.
    Entries,
    /// How one is helped.
    Supports,
    /// Whether it moves about.
    Itinerance,
    /// What runs it.
    Typologies,
}

impl Change {
    /// Its name in files and lists.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Hours => "hours",
            Self::Fees => "fees",
            Self::Services => "services",
            Self::Programmes => "programmes",
            Self::Labels => "labels",
            Self::Publics => "publics",
            Self::Care => "care",
            Self::Entries => "entries",
            Self::Supports => "supports",
            Self::Itinerance => "itinerance",
            Self::Typologies => "typologies",
        }
    }
}

/// Ranks of a venue before and of the same after.
type Pair = (usize, usize);

/// What became of the venues standing in some communes of each atlas.
pub(super) fn compare(atlases: [&Atlas; 2], scopes: [&Scope; 2]) -> Venues {
    let [before, after] = atlases;
    let inside = |side: usize| -> Vec<bool> {
        let all = scopes[side].communes().len() == atlases[side].gazetteer().communes().len();
        let venues = (0..atlases[side].venues().len() as u32).map(VenueIdx);
        // Of everyone's perimeter, venues outside of every commune are part.
        venues.map(|venue| all || scopes[side].holds_venue(venue)).collect()
    };
    let (was_in, is_in) = (inside(0), inside(1));
    let same = by_record(before.venues(), after.venues());
    let alike = by_likeness(before.venues(), after.venues(), &same);
    let concerned = |pairs: &[Pair]| -> Vec<Pair> {
        pairs.iter().copied().filter(|&(a, b)| was_in[a] || is_in[b]).collect()
    };
    let matched =
        |pick: fn(&Pair) -> usize| -> BTreeSet<usize> { same.iter().chain(&alike).map(pick).collect() };
    let (old, new) = (matched(|p| p.0), matched(|p| p.1));
    let lone = |inside: &[bool], matched: &BTreeSet<usize>, atlas: &Atlas| -> Vec<VenueRef> {
        let lone = (0..inside.len()).filter(|n| inside[*n] && !matched.contains(n));
        lone.map(|n| reference(atlas, n)).collect()
    };
    let (same, alike) = (concerned(&same), concerned(&alike));
    let mut pairs: Vec<Pair> = same.iter().chain(&alike).copied().collect();
    pairs.sort_unstable();
    let mut moved = Vec::new();
    let mut relabelled = Vec::new();
    let mut unchanged = 0;
    for (a, b) in pairs {
        let (was, is) = (&before.venues()[a], &after.venues()[b]);
        let metres = was.position.distance_to(is.position).0;
        let changes = changes(was, is);
        unchanged += usize::from(metres <= MOVED_M && changes.is_empty());
        let (was, is) = (reference(before, a), reference(after, b));
        if metres > MOVED_M {
            moved.push(Moved { before: was.clone(), after: is.clone(), metres: round(metres, 0) });
        }
        if !changes.is_empty() {
            relabelled.push(Relabelled { before: was, after: is, changes });
        }
    }
    Venues {
        before: was_in.iter().filter(|inside| **inside).count(),
        after: is_in.iter().filter(|inside| **inside).count(),
        same_record: same.len(),
        alike: alike.len(),
        unchanged,
        opened: lone(&is_in, &new, after),
        closed: lone(&was_in, &old, before),
        moved,
        relabelled,
    }
}

fn reference(atlas: &Atlas, n: usize) -> VenueRef {
    let commune = atlas.tables().venue_communes[n];
    VenueRef {
        id: atlas.venues()[n].id.clone(),
        records: records(&atlas.venues()[n]),
        name: atlas.venues()[n].name.clone(),
        commune: commune.map(|c| atlas.commune(c).code.to_string()),
    }
}

/// What identifies the record a venue comes from, in any extraction of it.
fn records(venue: &Venue) -> Vec<String> {
    if venue.records.is_empty() {
        return vec![venue.id.clone()];
    }
    venue.records.iter().map(|record| format!("{}:{}", record.producer, record.id)).collect()
}

/// Venues that come from the same record. An identifier given twice in one atlas tells nothing.
fn by_record(before: &[Venue], after: &[Venue]) -> Vec<Pair> {
    let index = |venues: &[Venue]| -> BTreeMap<String, Option<usize>> {
        let mut index = BTreeMap::new();
        for (n, venue) in venues.iter().enumerate() {
            for record in records(venue) {
                index.entry(record).and_modify(|known| *known = None).or_insert(Some(n));
            }
        }
        index
    };
    let (old, new) = (index(before), index(after));
    let (mut taken_a, mut taken_b) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (record, a) in old {
        if let (Some(a), Some(Some(b))) = (a, new.get(&record).copied())
            && !taken_a.contains(&a)
            && !taken_b.contains(&b)
        {
            taken_a.insert(a);
            taken_b.insert(b);
            pairs.push((a, b));
        }
    }
    pairs
}

/// Of the venues left, those near each other with the same name or the same address: the likest first,
/// then the nearest, each venue once.
fn by_likeness(before: &[Venue], after: &[Venue], matched: &[Pair]) -> Vec<Pair> {
    let left = |venues: &[Venue], matched: BTreeSet<usize>| -> Vec<usize> {
        (0..venues.len()).filter(|n| !matched.contains(n)).collect()
    };
    let old = left(before, matched.iter().map(|p| p.0).collect());
    let new = left(after, matched.iter().map(|p| p.1).collect());
    let tree = RTree::bulk_load(
        new.iter().map(|&b| GeomWithData::new(after[b].position.unit_vector(), b)).collect::<Vec<_>>(),
    );
    // A chord a little longer than any arc kept; the distance itself decides.
    let chord = LIKENESS_M * 1.01 / 6_371_008.8;
    let mut candidates = Vec::new();
    for &a in &old {
        let was = &before[a];
        for near in tree.locate_within_distance(was.position.unit_vector(), chord * chord) {
            let is = &after[near.data];
            let metres = was.position.distance_to(is.position).0;
            let Some(rank) = likeness(was, is).filter(|_| metres <= LIKENESS_M) else { continue };
            // Settled the same way whichever atlas comes first.
            let ids = [was.id.as_str().min(&is.id), was.id.as_str().max(&is.id)];
            candidates.push((rank, (metres * 10.0).round() as u64, ids, a, near.data));
        }
    }
    candidates.sort_unstable();
    let (mut taken_a, mut taken_b) = (BTreeSet::new(), BTreeSet::new());
    let mut pairs = Vec::new();
    for (_, _, _, a, b) in candidates {
        if !taken_a.contains(&a) && !taken_b.contains(&b) {
            taken_a.insert(a);
            taken_b.insert(b);
            pairs.push((a, b));
        }
    }
    pairs
}

/// How alike two venues are: 0 by name and address, 1 by name, 2 by address; none when by neither.
fn likeness(was: &Venue, is: &Venue) -> Option<u8> {
    let same = |a: &str, b: &str| {
        let (a, b) = (slug(a), slug(b));
        !a.is_empty() && a == b
    };
    let name = same(&was.name, &is.name);
    let address = was.address.as_deref().zip(is.address.as_deref()).is_some_and(|(a, b)| same(a, b));
    match (name, address) {
        (true, true) => Some(0),
        (true, false) => Some(1),
        (false, true) => Some(2),
        (false, false) => None,
    }
}

/// What is said of one venue and not of the other.
fn changes(was: &Venue, is: &Venue) -> Vec<Change> {
    fn differ<T: Term>(a: Terms<T>, b: Terms<T>) -> bool {
        a != b
    }
    let hours = match (&was.hours, &is.hours) {
        (Some(a), Some(b)) => a != b,
        // Of hours that are not understood, the text.
        _ => was.hours_text.as_deref().map(str::trim) != is.hours_text.as_deref().map(str::trim),
    };
    let all = [
        (Change::Name, slug(&was.name) != slug(&is.name)),
        (Change::Hours, hours),
        (Change::Fees, differ(was.fees, is.fees)),
        (Change::Services, differ(was.services, is.services)),
        (Change::Programmes, differ(was.programmes, is.programmes)),
        (Change::Labels, differ(was.labels, is.labels)),
        (Change::Publics, differ(was.publics, is.publics)),
        (Change::Care, differ(was.care, is.care)),
        (Change::Entries, differ(was.entries, is.entries)),
        (Change::Supports, differ(was.supports, is.supports)),
        (Change::Itinerance, differ(was.itinerance, is.itinerance)),
        (Change::Typologies, differ(was.typologies, is.typologies)),
    ];
    all.into_iter().filter(|(_, changed)| *changed).map(|(change, _)| change).collect()
}
