//! Which venues fit a question.

use territory::vocabulary::{
    Care, Entry, Fee, Itinerance, Label, Programme, Public, Service, Support, Term, Terms, Typology,
};
use territory::{Day, Moment, OpeningHours, Venue};

/// Whether a venue does what is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// Its record says so.
    Fits,
    /// Its record does not say; it never counts as fitting.
    Unknown,
    /// Its record says otherwise.
    Fails,
}

/// When a venue must be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Open {
    /// At a moment of the week: `sa-10:00`.
    At(Moment),
    /// On Saturday at all.
    Saturday,
    /// On Saturday or Sunday at all.
    Weekend,
    /// On a weekday after 18:00.
    Evening,
}

impl Open {
    fn holds(self, hours: &OpeningHours) -> bool {
        match self {
            Self::At(moment) => hours.open_at(moment),
            Self::Saturday => hours.open_on(Day::Saturday),
            Self::Weekend => hours.open_on(Day::Saturday) || hours.open_on(Day::Sunday),
            Self::Evening => hours.open_in_the_evening(),
        }
    }
}

/// How the public is received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Reception {
    /// Anywhere people may come: all but what says «n'accueille pas de public».
    #[default]
    Onsite,
    /// Only venues that move.
    Itinerant,
}

/// One thing a question can ask of a venue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// `fee`.
    Fee,
    /// `open`.
    Open,
    /// `service`.
    Service,
    /// `public`.
    Public,
    /// `care`.
    Care,
    /// `support`.
    Support,
    /// `entry`.
    Entry,
    /// `programme`.
    Programme,
    /// `label`.
    Label,
    /// `typology`.
    Typology,
    /// `reception`.
    Reception,
}

impl Criterion {
    /// All of them, in the order in which a reason is looked for.
    pub const ALL: [Self; 11] = [
        Self::Fee,
        Self::Open,
        Self::Service,
        Self::Public,
        Self::Care,
        Self::Support,
        Self::Entry,
        Self::Programme,
        Self::Label,
        Self::Typology,
        Self::Reception,
    ];
}

/// What a question asks of a venue: any of the terms of each list, all of the lists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct VenueFilter {
    /// Any of these services.
    pub services: Terms<Service>,
    /// Any of these publics.
    pub publics: Terms<Public>,
    /// Any of these special cares.
    pub care: Terms<Care>,
    /// Any of these ways of helping.
    pub supports: Terms<Support>,
    /// Any of these ways in.
    pub entries: Terms<Entry>,
    /// Any of these programmes.
    pub programmes: Terms<Programme>,
    /// Any of these labels.
    pub labels: Terms<Label>,
    /// Any of these kinds of structure.
    pub typologies: Terms<Typology>,
    /// Any of these fees.
    pub fees: Terms<Fee>,
    /// When it is open.
    pub open: Option<Open>,
    /// How it receives.
    pub reception: Reception,
}

impl VenueFilter {
    /// Whether a venue fits all that is asked; one unknown makes the whole unknown, one failure fails.
    pub fn fit(&self, venue: &Venue) -> Fit {
        Criterion::ALL.into_iter().map(|c| self.fit_one(c, venue)).max().unwrap_or(Fit::Fits)
    }

    /// The criteria that ask something, beyond receiving the public.
    pub fn asked(&self) -> impl Iterator<Item = Criterion> + '_ {
        Criterion::ALL.into_iter().filter(|&c| self.asks(c))
    }

    fn asks(&self, criterion: Criterion) -> bool {
        match criterion {
            Criterion::Fee => !self.fees.is_empty(),
            Criterion::Open => self.open.is_some(),
            Criterion::Service => !self.services.is_empty(),
            Criterion::Public => !self.publics.is_empty(),
            Criterion::Care => !self.care.is_empty(),
            Criterion::Support => !self.supports.is_empty(),
            Criterion::Entry => !self.entries.is_empty(),
            Criterion::Programme => !self.programmes.is_empty(),
            Criterion::Label => !self.labels.is_empty(),
            Criterion::Typology => !self.typologies.is_empty(),
            Criterion::Reception => self.reception != Reception::Onsite,
        }
    }

    /// The same question without one of its criteria.
    #[must_use]
    pub fn without(mut self, criterion: Criterion) -> Self {
        match criterion {
            Criterion::Fee => self.fees = Terms::EMPTY,
            Criterion::Open => self.open = None,
            Criterion::Service => self.services = Terms::EMPTY,
            Criterion::Public => self.publics = Terms::EMPTY,
            Criterion::Care => self.care = Terms::EMPTY,
            Criterion::Support => self.supports = Terms::EMPTY,
            Criterion::Entry => self.entries = Terms::EMPTY,
            Criterion::Programme => self.programmes = Terms::EMPTY,
            Criterion::Label => self.labels = Terms::EMPTY,
            Criterion::Typology => self.typologies = Terms::EMPTY,
            Criterion::Reception => self.reception = Reception::Onsite,
        }
        self
    }

    fn fit_one(&self, criterion: Criterion, venue: &Venue) -> Fit {
        match criterion {
            // "Free" means free for everyone: a venue that also says "paid" is not.
            Criterion::Fee => match any_of(self.fees, venue.fees) {
                Fit::Fits if self.only_free() && venue.fees.iter().any(|fee| fee != Fee::Free) => Fit::Fails,
                fit => fit,
            },
            Criterion::Open => match (self.open, &venue.hours) {
                (None, _) => Fit::Fits,
                (Some(_), None) => Fit::Unknown,
                (Some(open), Some(hours)) => known(open.holds(hours)),
            },
            Criterion::Service => any_of(self.services, venue.services),
            Criterion::Public => any_of(self.publics, venue.publics),
            Criterion::Care => any_of(self.care, venue.care),
            Criterion::Support => any_of(self.supports, venue.supports),
            Criterion::Entry => any_of(self.entries, venue.entries),
            Criterion::Programme => any_of(self.programmes, venue.programmes),
            Criterion::Label => any_of(self.labels, venue.labels),
            Criterion::Typology => any_of(self.typologies, venue.typologies),
            Criterion::Reception => match self.reception {
                Reception::Onsite => known(venue.receives_public()),
                Reception::Itinerant if !venue.receives_public() => Fit::Fails,
                Reception::Itinerant if venue.itinerance.is_empty() => Fit::Unknown,
                Reception::Itinerant => known(venue.itinerance.contains(Itinerance::Itinerant)),
            },
        }
    }

    fn only_free(&self) -> bool {
        self.fees == Terms::from_iter([Fee::Free])
    }
}

fn known(holds: bool) -> Fit {
    if holds { Fit::Fits } else { Fit::Fails }
}

fn any_of<T: Term>(asked: Terms<T>, said: Terms<T>) -> Fit {
    match (asked.is_empty(), said.is_empty()) {
        (true, _) => Fit::Fits,
        (false, true) => Fit::Unknown,
        (false, false) => known(asked.intersects(said)),
    }
}
