//! One venue of several records: the richer value, field by field.

use territory::Venue;
use territory::vocabulary::{Entry, Term, Terms};

use super::portrait::Address;

/// One venue of records that are the same, none of none; its identifier is still to be given.
///
/// | field | rule |
/// |---|---|
/// | name, producer | of the most recent record |
/// | address, position, commune | of one record, so that they agree: one with a house number before one with an address before one without, then the most recent |
/// | hours | of the most recent record whose hours are understood; else of the most recent that gives some |
/// | staff | of the most recent record that says it |
/// | fees, entries, itinerance | all of the most recent record that says something: each is one answer, and two answers put together make one nobody gave |
/// | services, publics, care, programmes, labels, supports, typologies, unrecognised | all that any record says |
/// | updated | the latest |
///
/// «N'accueille pas de public» of a record that lists no service is not an answer where another record
/// gives one: tools write it for a list of services left empty (domain §1.4).
pub(super) fn merge(mut records: Vec<Venue>) -> Option<Venue> {
    records.sort_by_cached_key(|venue| {
        (std::cmp::Reverse(venue.updated.as_ref().map(ToString::to_string)), venue.records.clone())
    });
    let mut whole = records.first()?.clone();
    if records.len() == 1 {
        return Some(whole);
    }
    let recent = |says: &dyn Fn(&Venue) -> bool| records.iter().find(|venue| says(venue));
    if let Some(placed) = records.iter().min_by_key(|venue| place_rank(venue)) {
        whole.address.clone_from(&placed.address);
        whole.position = placed.position;
        let named = if placed.commune_name.is_empty() {
            recent(&|v| !v.commune_name.is_empty())
        } else {
            Some(placed)
        };
        whole.commune_name = named.map(|venue| venue.commune_name.clone()).unwrap_or_default();
        whole.commune = placed.commune.or_else(|| records.iter().find_map(|venue| venue.commune));
    }
    let timed = recent(&|v| v.hours.is_some()).or_else(|| recent(&|v| v.hours_text.is_some()));
    whole.hours = timed.and_then(|venue| venue.hours.clone());
    whole.hours_text = timed.and_then(|venue| venue.hours_text.clone());
    whole.fte = records.iter().find_map(|venue| venue.fte);
    whole.producer = records.iter().find_map(|venue| venue.producer.clone());
    whole.fees = latest(&records, |venue| venue.fees);
    whole.itinerance = latest(&records, |venue| venue.itinerance);
    let answered: Vec<Venue> =
        records.iter().filter(|venue| !empty_services_said_closed(venue)).cloned().collect();
    whole.entries = latest(&answered, |venue| venue.entries);
    if whole.entries.is_empty() {
        whole.entries = latest(&records, |venue| venue.entries);
    }
    whole.services = all(&records, |venue| venue.services);
    whole.publics = all(&records, |venue| venue.publics);
    whole.care = all(&records, |venue| venue.care);
    whole.programmes = all(&records, |venue| venue.programmes);
    whole.labels = all(&records, |venue| venue.labels);
    whole.supports = all(&records, |venue| venue.supports);
    whole.typologies = all(&records, |venue| venue.typologies);
    whole.records = records.iter().flat_map(|venue| venue.records.iter().cloned()).collect();
    whole.records.sort();
    whole.records.dedup();
    whole.unrecognised = records.iter().flat_map(|venue| venue.unrecognised.iter().cloned()).collect();
    whole.unrecognised.sort();
    whole.unrecognised.dedup();
    Some(whole)
}

/// How well a record says where it is, the best first.
fn place_rank(venue: &Venue) -> u8 {
    match venue.address.as_deref().map(|text| Address::of(text, &[])) {
        Some(address) if address.is_known() && !address.numbers.is_empty() => 0,
        Some(_) => 1,
        None => 2,
    }
}

fn empty_services_said_closed(venue: &Venue) -> bool {
    venue.services.is_empty() && venue.entries == Terms::from_iter([Entry::NoPublic])
}

/// What the most recent record says that says something.
fn latest<T: Term>(records: &[Venue], field: impl Fn(&Venue) -> Terms<T>) -> Terms<T> {
    records.iter().map(field).find(|terms| !terms.is_empty()).unwrap_or_default()
}

/// What any record says.
fn all<T: Term>(records: &[Venue], field: impl Fn(&Venue) -> Terms<T>) -> Terms<T> {
    records.iter().flat_map(|venue| field(venue).iter()).collect()
}
