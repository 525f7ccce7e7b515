//! «Offre»: the venues of a perimeter, by what their records say of them.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use territory::vocabulary::{Fee, Itinerance, Term, Terms};
use territory::{Venue, VenueIdx};

use crate::atlas::Atlas;
use crate::scope::Scope;

/// The venues of a perimeter that receive the public, whatever is asked of them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct Offer {
    /// How many.
    pub venues: u32,
    /// Venues of the perimeter that say they receive no public: not among them.
    pub no_public: u32,
    /// By service, those nobody gives left out; a venue counts once in each it gives.
    pub services: Vec<Named>,
    /// Venues that name no service.
    pub services_unknown: u32,
    /// By national programme.
    pub programmes: Vec<Named>,
    /// By label.
    pub labels: Vec<Named>,
    /// Venues that name neither programme nor label.
    pub programmes_unknown: u32,
    /// Venues free for everyone.
    pub free: u32,
    /// Venues that are free under a condition, paid, or both.
    pub not_only_free: u32,
    /// Venues that do not say what they cost.
    pub fee_unknown: u32,
    /// Venues that move.
    pub itinerant: u32,
    /// Venues that do not say whether they move.
    pub itinerance_unknown: u32,
    /// Venues whose hours are known.
    pub hours_known: u32,
    /// Records by the year they were last changed, the oldest first.
    pub updated: BTreeMap<String, u32>,
    /// Records that do not say when they were last changed.
    pub updated_unknown: u32,
}

/// A name and how many venues bear it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Named {
    /// As in a question.
    pub slug: String,
    /// As published.
    pub label: &'static str,
    /// How many venues.
    pub venues: u32,
}

impl Atlas {
    /// The venues of a perimeter.
    pub(crate) fn offer(&self, scope: &Scope) -> Offer {
        let located = (0..).map(VenueIdx).zip(self.venues());
        Offer::of(located.filter(|(idx, _)| scope.holds_venue(*idx)).map(|(_, venue)| venue))
    }
}

impl Offer {
    fn of<'a>(venues: impl Iterator<Item = &'a Venue>) -> Self {
        let (venues, no_public): (Vec<&Venue>, Vec<&Venue>) = venues.partition(|v| v.receives_public());
        let count = |holds: &dyn Fn(&Venue) -> bool| venues.iter().filter(|v| holds(v)).count() as u32;
        let mut updated: BTreeMap<String, u32> = BTreeMap::new();
        for day in venues.iter().filter_map(|venue| venue.updated.as_ref()).map(ToString::to_string) {
            // A vintage begins with its year; «non précisée» is none.
            if let Some(year) = day.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit())) {
                *updated.entry(year.to_owned()).or_default() += 1;
            }
        }
        let only_free = |v: &Venue| v.fees == Terms::from_iter([Fee::Free]);
        Self {
            venues: venues.len() as u32,
            no_public: no_public.len() as u32,
            services: named(&venues, |v| v.services),
            services_unknown: count(&|v| v.services.is_empty()),
            programmes: named(&venues, |v| v.programmes),
            labels: named(&venues, |v| v.labels),
            programmes_unknown: count(&|v| v.programmes.is_empty() && v.labels.is_empty()),
            free: count(&only_free),
            not_only_free: count(&|v| !v.fees.is_empty() && !only_free(v)),
            fee_unknown: count(&|v| v.fees.is_empty()),
            itinerant: count(&|v| v.itinerance.contains(Itinerance::Itinerant)),
            itinerance_unknown: count(&|v| v.itinerance.is_empty()),
            hours_known: count(&|v| v.hours.is_some()),
            updated_unknown: venues.len() as u32 - updated.values().sum::<u32>(),
            updated,
        }
    }
}

/// How many venues bear each term, in the order of the vocabulary.
fn named<T: Term>(venues: &[&Venue], of: impl Fn(&Venue) -> Terms<T>) -> Vec<Named> {
    let one = |term: T| Named {
        slug: term.slug(),
        label: term.label(),
        venues: venues.iter().filter(|v| of(v).contains(term)).count() as u32,
    };
    T::all().map(one).filter(|named| named.venues > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use plain::Plain;
    use territory::vocabulary::{Entry, Programme, Service};

    #[test]
    fn what_a_record_does_not_say_is_counted_apart_and_is_no_zero() {
        let plain = Plain::new(2, 2);
        let mut free = plain.venue(0, 0);
        free.fees.insert(Fee::Free);
        free.services.insert(Service::Procedures);
        free.services.insert(Service::Leisure);
        free.updated = "2021-05-05".parse().ok();
        let mut both = plain.venue(1, 0);
        both.fees.insert(Fee::Free);
        both.fees.insert(Fee::Paid);
        both.programmes.insert(Programme::FranceServices);
        both.updated = Some(territory::Vintage::unstated());
        let mut office = plain.venue(1, 1);
        office.entries.insert(Entry::NoPublic);
        let silent = plain.venue(0, 1);
        let offer = Offer::of([&free, &both, &office, &silent].into_iter());
        assert_eq!((offer.venues, offer.no_public), (3, 1));
        assert_eq!((offer.free, offer.not_only_free, offer.fee_unknown), (1, 1, 1));
        assert_eq!(
            offer.services.iter().map(|s| (s.venues, s.label)).collect::<Vec<_>>(),
            [(1, "Aide aux démarches administratives"), (1, "Loisirs et créations numériques")]
        );
        assert_eq!((offer.services_unknown, offer.programmes_unknown, offer.itinerance_unknown), (2, 2, 3));
        assert_eq!(offer.updated, BTreeMap::from([("2021".to_owned(), 1)]));
        assert_eq!(offer.updated_unknown, 2);
    }
}
