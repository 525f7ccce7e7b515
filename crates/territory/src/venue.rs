//! «Lieux de médiation numérique».

use serde::{Deserialize, Serialize};

use crate::code::{CommuneCode, Postcode};
use crate::hours::OpeningHours;
use crate::position::Position;
use crate::source::Vintage;
use crate::staff::FullTimeEquivalents;
use crate::vocabulary::{
    Care, Entry, Fee, Itinerance, Label, Programme, Public, Service, Support, Terms, Typology,
};

/// The rank of a venue in an atlas; venues are sorted by their identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VenueIdx(pub u32);

/// One line of a published file that a venue is made of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourceRecord {
    /// Who published it.
    pub producer: String,
    /// The identifier its producer gives it.
    pub id: String,
}

/// A place where someone is helped with digital matters.
///
/// An empty set means that the file says nothing, not that the venue has nothing. No telephone, mail
/// or person's name is ever kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    /// Our own identifier, which stays when sources change; until identities are settled, the one its
    /// file gives it.
    pub id: String,
    /// The source records it is made of, sorted.
    pub records: Vec<SourceRecord>,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub position: Position,
    /// Street and number.
    pub address: Option<String>,
    /// Its postcode, when the file gives a valid one.
    pub postcode: Option<Postcode>,
    /// The name of its commune as the file writes it.
    pub commune_name: String,
    /// The commune: the one its file names by a valid code, else the one whose shape holds it.
    pub commune: Option<CommuneCode>,
    /// When it is open; none when the file does not say, or not in words we understand.
    pub hours: Option<OpeningHours>,
    /// Its hours as the file writes them.
    pub hours_text: Option<String>,
    /// How many work there to help; none when the file does not say.
    pub fte: Option<FullTimeEquivalents>,
    /// When its record was last changed.
    pub updated: Option<Vintage>,
    /// Who published it.
    pub producer: Option<String>,
    /// What help it gives.
    pub services: Terms<Service>,
    /// For whom in particular.
    pub publics: Terms<Public>,
    /// Whom it is equipped to help.
    pub care: Terms<Care>,
    /// What it costs.
    pub fees: Terms<Fee>,
    /// National programmes it belongs to.
    pub programmes: Terms<Programme>,
    /// Its labels.
    pub labels: Terms<Label>,
    /// How one gets in.
    pub entries: Terms<Entry>,
    /// How one is helped.
    pub supports: Terms<Support>,
    /// Whether it moves.
    pub itinerance: Terms<Itinerance>,
    /// What kind of structure runs it.
    pub typologies: Terms<Typology>,
    /// Values of closed lists that no term matches, kept as (column, value).
    pub unrecognised: Vec<(String, String)>,
}

impl Venue {
    /// A venue of which nothing is known but who and where it is.
    pub fn new(id: impl Into<String>, name: impl Into<String>, position: Position) -> Self {
        Self {
            id: id.into(),
            records: Vec::new(),
            name: name.into(),
            position,
            address: None,
            postcode: None,
            commune_name: String::new(),
            commune: None,
            hours: None,
            hours_text: None,
            fte: None,
            updated: None,
            producer: None,
            services: Terms::EMPTY,
            publics: Terms::EMPTY,
            care: Terms::EMPTY,
            fees: Terms::EMPTY,
            programmes: Terms::EMPTY,
            labels: Terms::EMPTY,
            entries: Terms::EMPTY,
            supports: Terms::EMPTY,
            itinerance: Terms::EMPTY,
            typologies: Terms::EMPTY,
            unrecognised: Vec::new(),
        }
    }

    /// Whether people can come: every venue that does not say «n'accueille pas de public».
    pub fn receives_public(&self) -> bool {
        !self.entries.contains(Entry::NoPublic)
    }
}
