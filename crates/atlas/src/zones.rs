//! The zones of an inquiry, and their shapes once someone looks at them.

use std::sync::{Arc, OnceLock};

use access::{AccessSurface, Criterion, Fit, Question};
use gaps::zone::Explanation;
use gaps::{Zone, zone};
use territory::{Cell, PlaceIdx};

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::shapes::{SMALL_CUTS, ShapeSet};

/// Bytes of outline for each cell of a zone, more than any takes: its six corners, in degrees and projected.
const BYTES_A_CELL: usize = 240;

/// The zones of an inquiry, most people first.
pub(crate) struct Zones {
    pub(crate) list: Vec<Zone>,
    shapes: OnceLock<ShapeSet>,
}

impl Zones {
    /// Their outlines, in the order of the list: dissolving a hundred thousand cells takes longer than
    /// finding them, and figures need none.
    pub(crate) fn shapes(&self) -> &ShapeSet {
        self.shapes.get_or_init(|| {
            let outline = |zone: &Zone| Cell::dissolve(zone.cells.iter().copied());
            ShapeSet::coverage(self.list.iter().map(outline).collect(), SMALL_CUTS)
        })
    }

    /// Bytes they take at most, outlines included.
    pub(crate) fn bytes(&self) -> u64 {
        let listed = self.list.iter().map(|zone| {
            512 + (8 + BYTES_A_CELL) * zone.cells.len() + 4 * (zone.places.len() + zone.communes.len())
        });
        listed.sum::<usize>() as u64 + 4 * SMALL_CUTS
    }
}

impl Atlas {
    /// The zones of an inquiry, most people first.
    pub(crate) fn zones(&self, inquiry: &Inquiry) -> Result<Arc<Zones>, AtlasError> {
        self.zones.get_or_insert_with(inquiry, || self.make_zones(inquiry).map(Arc::new))
    }

    fn make_zones(&self, inquiry: &Inquiry) -> Result<Zones, AtlasError> {
        let scope = self.scope(inquiry)?;
        let question = &inquiry.promise.question;
        let surface = self.surface(question, Fit::Fits);
        let unfiltered = self.surface(&Question { mode: question.mode, ..Question::default() }, Fit::Fits);
        let without: Vec<(Criterion, Arc<AccessSurface>)> = question
            .filter
            .asked()
            .map(|criterion| {
                let filter = question.filter.clone().without(criterion);
                (criterion, self.surface(&Question { mode: question.mode, filter }, Fit::Fits))
            })
            .collect();
        let explanation = Explanation {
            unfiltered: &unfiltered,
            without: without.iter().map(|(criterion, surface)| (*criterion, &**surface)).collect(),
        };
        let counted = self.kept_places(inquiry, &scope);
        let fragile_from = inquiry.fragile_from();
        let fragile = |place: PlaceIdx| {
            self.fragility(self.grid().place(place).commune).is_some_and(|f| f.at_least(fragile_from))
        };
        let list = zone::zones(self.grid(), &surface, &inquiry.promise, counted, fragile, &explanation);
        Ok(Zones { list, shapes: OnceLock::new() })
    }
}
