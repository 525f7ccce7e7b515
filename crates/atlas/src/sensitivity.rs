//! How much a gap depends on the venues one trusts.

use access::{AccessSurface, Fit};
use gaps::Crowd;
use territory::{Gazetteer, Grid, Inhabitants, Venue};

use crate::atlas::AtlasError;
use crate::inquiry::Inquiry;
use crate::scope::Scope;

/// The gap that some venues leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// How many of them fit the question.
    pub venues: u32,
    /// Everyone in the perimeter.
    pub population: Inhabitants,
    /// Those beyond the promise.
    pub beyond: Inhabitants,
}

/// The gap of an inquiry with some venues only, by estimated times. Its fragility floor is not asked: who
/// is counted does not depend on the venues.
pub fn gap(
    gazetteer: &Gazetteer,
    grid: &Grid,
    venues: &[Venue],
    inquiry: &Inquiry,
) -> Result<Gap, AtlasError> {
    let scope = Scope::new(&inquiry.perimeter, gazetteer, grid, &[], &[])?;
    let question = &inquiry.promise.question;
    let surface = AccessSurface::estimate(grid, venues, question, Fit::Fits);
    let crowd = Crowd::gather(grid, &surface, scope.places().iter().copied());
    let fitting = venues.iter().filter(|venue| question.filter.fit(venue) == Fit::Fits).count();
    Ok(Gap {
        venues: fitting as u32,
        population: crowd.population(),
        beyond: crowd.beyond(inquiry.promise.minutes),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use plain::Plain;

    #[test]
    fn fewer_venues_leave_a_wider_gap_and_none_leaves_everyone() {
        let plain = Plain::new(9, 9);
        let (gazetteer, grid, inquiry) =
            (plain.gazetteer(), plain.grid(), Inquiry::parse("minutes=5").expect("asked"));
        let both = [plain.venue(0, 0), plain.venue(8, 8)];
        let of = |venues: &[Venue]| gap(&gazetteer, &grid, venues, &inquiry).expect("known");
        let (two, one, none) = (of(&both), of(&both[..1]), of(&[]));
        assert_eq!((two.venues, one.venues, none.venues), (2, 1, 0));
        assert!(two.beyond < one.beyond && one.beyond < none.beyond);
        assert_eq!(none.beyond, none.population);
    }
}
