//! What likeness looks at in a venue, made ready once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use territory::vocabulary::{Itinerance, Term, Terms, Typology};
use territory::{CommuneCode, Position, Venue};

use super::kinds::{GENERIC_WORDS, Kind, OTHERWISE, PHRASES};
use super::words::{COMMUNE, GENERIC, OWN, Word, is_number, same, words};

/// A venue as likeness sees it.
#[derive(Debug, Clone)]
pub(super) struct Portrait {
    pub(super) name: Vec<Word>,
    /// The first letters of the words of the name: of two names that share none, none is alike.
    pub(super) letters: u64,
    pub(super) kinds: BTreeSet<Kind>,
    /// Numbers in the name.
    pub(super) ranks: BTreeSet<String>,
    pub(super) annexe: bool,
    pub(super) moves: bool,
    pub(super) address: Address,
    pub(super) position: Position,
    pub(super) commune: Option<CommuneCode>,
    pub(super) commune_words: Vec<String>,
    pub(super) typologies: Terms<Typology>,
    pub(super) producers: BTreeSet<String>,
}

/// An address cut in two.
#[derive(Debug, Clone, Default)]
pub(super) struct Address {
    pub(super) numbers: BTreeSet<String>,
    pub(super) street: Vec<Word>,
}

/// Types of street and parts of an address that tell little, in the singular.
const STREETS: [&str; 34] = [
    "allee",
    "avenue",
    "batiment",
    "bis",
    "boulevard",
    "chemin",
    "cour",
    "cours",
    "esplanade",
    "etage",
    "faubourg",
    "general",
    "impasse",
    "lieu",
    "dit",
    "lotissement",
    "maison",
    "passage",
    "parvi",
    "place",
    "promenade",
    "quai",
    "quartier",
    "residence",
    "rond",
    "point",
    "route",
    "rue",
    "ruelle",
    "sentier",
    "square",
    "traverse",
    "voie",
    "zone",
];

/// Words that say that a venue moves.
const MOVING: [&str; 10] = [
    "bus",
    "bu",
    "bibliobus",
    "bibliobu",
    "mediabus",
    "camion",
    "itinerant",
    "itinerante",
    "mobile",
    "fourgon",
];

/// Typologies that say who runs a venue rather than what it is.
const RUNNERS: [&str; 9] = ["Autre", "ASSO", "ESS", "EPCI", "MUNI", "DEPT", "REG", "OF", "ODC"];

/// Kinds that run other places.
const RUNNING_KINDS: [Kind; 4] = [Kind::TownHall, Kind::Intercommunality, Kind::Departement, Kind::Region];

impl Portrait {
    pub(super) fn of(venue: &Venue) -> Self {
        let commune_words: Vec<String> =
            words(&venue.commune_name).into_iter().filter(|w| !is_number(w) && w != "cedex").collect();
        let text = words(&venue.name);
        let ranks = text.iter().filter(|word| is_number(word)).cloned().collect();
        let moves = text.iter().any(|word| MOVING.contains(&word.as_str()))
            || (venue.itinerance.contains(Itinerance::Itinerant)
                && !venue.itinerance.contains(Itinerance::Fixed));
        let annexe = text.iter().any(|word| word == "annexe");
        let (mut kinds, rest) = kinds(&text, &commune_words);
        let mut name: Vec<Word> = rest
            .into_iter()
            .map(|text| {
                let weight = weight(&text, &commune_words, GENERIC_WORDS);
                Word { text, weight }
            })
            .collect();
        // The name of the commune alone is how lists of employers call its town hall.
        if kinds.is_empty() && !name.is_empty() && name.iter().all(|word| word.weight == COMMUNE) {
            kinds.insert(Kind::TownHall);
        }
        name.extend(kinds.iter().map(|kind| Word { text: format!("={kind:?}"), weight: OWN }));
        Self {
            letters: name.iter().fold(0, |letters, word| letters | letter(&word.text)),
            name,
            kinds,
            ranks,
            annexe,
            moves,
            address: venue
                .address
                .as_deref()
                .map(|text| Address::of(text, &commune_words))
                .unwrap_or_default(),
            position: venue.position,
            commune: venue.commune,
            commune_words,
            typologies: venue.typologies.iter().filter(|t| !RUNNERS.contains(&t.label())).collect(),
            producers: venue.records.iter().map(|record| record.producer.clone()).collect(),
        }
    }
}

/// Phrases by their first word, longest first; none for those that name no kind.
type Phrases = BTreeMap<&'static str, Vec<(Vec<&'static str>, Option<Kind>)>>;

static PHRASES_BY_WORD: LazyLock<Phrases> = LazyLock::new(|| {
    let otherwise = OTHERWISE.iter().map(|phrase| (*phrase, None));
    let mut phrases = Phrases::new();
    for (phrase, kind) in PHRASES.iter().map(|(phrase, kind)| (*phrase, Some(*kind))).chain(otherwise) {
        let words: Vec<&str> = phrase.split(' ').collect();
        phrases.entry(words[0]).or_default().push((words, kind));
    }
    for phrases in phrases.values_mut() {
        phrases.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    phrases
});

/// The kinds a name names, and the words that are left; a kind's word within the name of the commune
/// («Villeneuve la Commune») names none.
fn kinds(text: &[String], commune: &[String]) -> (BTreeSet<Kind>, Vec<String>) {
    let (mut kinds, mut rest) = (BTreeSet::new(), Vec::new());
    let mut left = text;
    while let Some((word, after)) = left.split_first() {
        let phrases = PHRASES_BY_WORD.get(word.as_str());
        let fits = phrases.and_then(|phrases| {
            phrases.iter().find(|(words, _)| {
                left.iter().take(words.len()).map(String::as_str).eq(words.iter().copied())
            })
        });
        match fits {
            Some((words, Some(kind))) if words.len() > 1 || !commune.contains(word) => {
                kinds.insert(*kind);
                left = &left[words.len()..];
            }
            Some((words, None)) => {
                rest.extend_from_slice(&left[..words.len()]);
                left = &left[words.len()..];
            }
            _ => {
                rest.push(word.clone());
                left = after;
            }
        }
    }
    (kinds, rest)
}

fn weight(word: &str, commune: &[String], generic: &[&str]) -> f64 {
    if commune.iter().any(|c| c == word) {
        COMMUNE
    } else if generic.contains(&word) {
        GENERIC
    } else {
        OWN
    }
}

/// A bit for the first letter of a word.
fn letter(word: &str) -> u64 {
    match word.bytes().next() {
        Some(b @ b'a'..=b'z') => 1 << (b - b'a'),
        Some(b @ b'0'..=b'9') => 1 << (26 + b - b'0'),
        Some(_) => 1 << 36,
        None => 0,
    }
}

impl Address {
    pub(super) fn of(text: &str, commune: &[String]) -> Self {
        let mut address = Self::default();
        let mut texts = words(text).into_iter().peekable();
        while let Some(word) = texts.peek() {
            // A postcode first is no house number.
            if is_number(word) && word.bytes().take_while(u8::is_ascii_digit).count() <= 4 {
                let digits = word.bytes().take_while(u8::is_ascii_digit).count();
                address.numbers.insert(word[..digits].trim_start_matches('0').to_owned());
                texts.next();
            } else if matches!(word.as_str(), "bi" | "bis" | "ter" | "quater" | "b" | "c")
                && !address.numbers.is_empty()
            {
                texts.next();
            } else {
                break;
            }
        }
        for text in texts {
            // What follows a postcode or «CS 90107» names no street.
            if matches!(text.as_str(), "cs" | "bp" | "cedex") || (text.len() == 5 && is_number(&text)) {
                if address.street.is_empty() {
                    continue;
                }
                break;
            }
            let weight = weight(&text, commune, &STREETS);
            address.street.push(Word { text, weight });
        }
        address
    }

    pub(super) fn is_known(&self) -> bool {
        !self.street.is_empty()
    }
}

impl Portrait {
    /// Whether their names say that they are places of two sorts.
    ///
    /// A town hall, a community of communes, a département also run what is in their name («Médiathèque de
    /// la ville de Foo»): they are the place itself only where no other sort is named.
    pub(super) fn kinds_conflict(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.places(), other.places());
        if ours.is_empty() || theirs.is_empty() {
            let named = !self.kinds.is_empty() && !other.kinds.is_empty();
            return named && (ours.is_empty() != theirs.is_empty() || self.kinds.is_disjoint(&other.kinds));
        }
        ours.is_disjoint(&theirs)
    }

    /// Whether exactly one of two venues is a France services by name, and they share no other sort of place
    /// that hosts some («France services La Poste de Foo», «La Poste»). A library never is its France services.
    pub(super) fn only_one_is_france_services(&self, other: &Self) -> bool {
        let labelled = |portrait: &Self| portrait.kinds.contains(&Kind::FranceServices);
        let hosted = self.places().intersection(&other.places()).any(|kind| *kind != Kind::Library);
        labelled(self) != labelled(other) && !hosted
    }

    /// The sorts of place it is by name, those that run places left out.
    fn places(&self) -> BTreeSet<Kind> {
        self.kinds.iter().copied().filter(|kind| !RUNNING_KINDS.contains(kind)).collect()
    }

    /// Whether each name has words of its own and none is the other's.
    pub(super) fn names_conflict(&self, other: &Self) -> bool {
        let own = |portrait: &Self| -> Vec<String> {
            let own = portrait.name.iter().filter(|word| word.weight == OWN && !word.text.starts_with('='));
            own.map(|word| word.text.clone()).collect()
        };
        let (ours, theirs) = (own(self), own(other));
        !ours.is_empty()
            && !theirs.is_empty()
            && !ours.iter().any(|word| other.name.iter().any(|w| same(word, &w.text)))
            && !theirs.iter().any(|word| self.name.iter().any(|w| same(word, &w.text)))
    }

    /// Whether they stand in two communes, by code, or by name when a code is missing.
    pub(super) fn elsewhere(&self, other: &Self) -> bool {
        match (self.commune, other.commune) {
            (Some(ours), Some(theirs)) => ours != theirs,
            _ => {
                !self.commune_words.is_empty()
                    && !other.commune_words.is_empty()
                    && self.commune_words != other.commune_words
            }
        }
    }
}
