//! The territory around a perimeter, with which it is compared.

use territory::{CommuneIdx, Perimeter, Territory};

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;

impl Atlas {
    /// The same promise for the smallest EPCI, département or région that holds the whole perimeter and
    /// more, else for the whole atlas; none of the whole atlas itself.
    pub(super) fn parent(&self, inquiry: &Inquiry) -> Result<Option<Inquiry>, AtlasError> {
        let scope = self.scope(inquiry)?;
        let members = scope.communes();
        if members.len() == self.gazetteer().communes().len() && members.iter().all(|&c| scope.is_whole(c)) {
            return Ok(None);
        }
        let wider = members
            .first()
            .and_then(|&first| self.around(first, members, !members.iter().all(|&c| scope.is_whole(c))));
        let perimeter = wider.map_or_else(Perimeter::everyone, |territory| Perimeter::new([territory]));
        Ok(Some(Inquiry { perimeter, ..inquiry.clone() }))
    }

    /// The smallest grouping of a commune that holds some communes, itself among them, and more.
    fn around(&self, first: CommuneIdx, members: &[CommuneIdx], cut: bool) -> Option<Territory> {
        let commune = self.commune(first);
        let groupings = [
            commune.epci.map(Territory::Epci),
            Some(Territory::Departement(commune.departement)),
            Some(Territory::Region(commune.region)),
        ];
        groupings.into_iter().flatten().find(|grouping| {
            self.gazetteer().members(grouping).is_some_and(|held| {
                (held.len() > members.len() || cut) && members.iter().all(|c| held.binary_search(c).is_ok())
            })
        })
    }
}
