//! «Annexe de la feuille de route»: the diagnosis of a territory as a page that a person reads and prints.
//!
//! One file of HTML in French that asks for nothing else and needs no script. Every figure comes from a
//! [`Diagnosis`]: `data-figure` names its place in the JSON of the same inquiry.

mod access;
mod blocks;
mod charts;
mod comparison;
mod equity;
mod map;
mod method;
mod needs;
mod offer;
mod outline;
mod page;
mod parent;
mod words;
mod zones;

use crate::answer::Diagnosis;
use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;

/// What a report is about.
struct Subject<'a> {
    atlas: &'a Atlas,
    inquiry: &'a Inquiry,
    told: Diagnosis,
    /// The wider territory, then the second one asked for.
    others: Vec<Diagnosis>,
}

impl Subject<'_> {
    /// The people counted: those the floor keeps.
    fn counted(&self) -> u32 {
        self.told.classes.iter().map(|class| class.population).sum()
    }
}

impl Atlas {
    /// The report of an inquiry, as a page of HTML; compared with the territory around its perimeter, and
    /// with the perimeter of a second inquiry.
    pub fn report(&self, inquiry: &Inquiry, second: Option<&Inquiry>) -> Result<String, AtlasError> {
        let told = self.diagnosis(inquiry)?;
        let parent = self.parent(inquiry)?;
        let others = parent.iter().chain(second).map(|other| self.diagnosis(other));
        let others = others.collect::<Result<Vec<Diagnosis>, _>>()?;
        page::page(&Subject { atlas: self, inquiry, told, others })
    }
}

#[cfg(test)]
mod tests;
