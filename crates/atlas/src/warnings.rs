//! What to know before quoting a figure.

use access::Fit;
use gaps::Crowd;
use network::Method;
use serde::Serialize;
use territory::vocabulary::Terms;
use territory::{CommuneIdx, Inhabitants, Mode, PlaceIdx, Spread};

use crate::atlas::{Atlas, AtlasError};
use crate::inquiry::Inquiry;
use crate::scope::Scope;
use crate::wording::warning;

/// Something to know before quoting a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Warning {
    /// For programs.
    pub code: &'static str,
    /// For people, in French.
    pub message: String,
}

impl<T: Into<String>> From<(&'static str, T)> for Warning {
    fn from((code, message): (&'static str, T)) -> Self {
        Self { code, message: message.into() }
    }
}

impl Atlas {
    /// What to know before quoting a figure of an inquiry.
    pub fn warnings(&self, inquiry: &Inquiry) -> Result<Vec<Warning>, AtlasError> {
        let scope = self.scope(inquiry)?;
        let kept = self.kept_places(inquiry, &scope);
        let surface = self.surface(&inquiry.promise.question, Fit::Fits);
        let beyond =
            Crowd::gather(self.grid(), &surface, kept.iter().copied()).beyond(inquiry.promise.minutes);
        let spared = beyond.0 - self.beyond_if_unknown_fit(inquiry, &kept).0;
        Ok(self.list_warnings(inquiry, &scope, &kept, spared))
    }

    /// `spared`: how many fewer people would be beyond if the venues that do not say fitted.
    pub(crate) fn list_warnings(
        &self,
        inquiry: &Inquiry,
        scope: &Scope,
        kept: &[PlaceIdx],
        spared: u32,
    ) -> Vec<Warning> {
        let question = &inquiry.promise.question;
        let surface = self.surface(question, Fit::Fits);
        let at_edge = kept.iter().filter(|&&place| {
            let reach = surface.reach(place);
            inquiry.promise.is_broken_for(reach) && self.near_edge(inquiry, place, reach)
        });
        let at_edge: Inhabitants = at_edge.map(|&place| self.grid().place(place).population).sum();
        let mut warnings: Vec<Warning> = Vec::new();
        let people = |counted: &dyn Fn(PlaceIdx) -> bool| -> u32 {
            let counted = kept.iter().filter(|&&place| counted(place));
            counted.map(|&place| self.grid().place(place).population).sum::<Inhabitants>().0
        };
        let estimated = |place| surface.method_at(place) == Method::Estimated;
        match self.roads(question.mode) {
            None if question.mode == Mode::Car => warnings.push(warning::ESTIMATED.into()),
            None => warnings.push(warning::ESTIMATED_UNVALIDATED.into()),
            Some(_) => {
                let (estimated, stranded) = (
                    people(&estimated),
                    people(&|place| !estimated(place) && surface.reach(place).is_none()),
                );
                warnings.extend((estimated > 0).then(|| warning::partly_estimated(estimated).into()));
                warnings.extend((stranded > 0).then(|| warning::no_road(stranded).into()));
            }
        }
        let people_kept = |communes: &[CommuneIdx]| {
            let asked = communes.iter().filter(|&&c| self.kept(inquiry, c));
            asked.map(|&c| scope.people(c)).sum::<Inhabitants>().0
        };
        match &self.tables().spread {
            Spread::Modelled => warnings.push(warning::MODELLED_SPREAD.into()),
            Spread::Counted { modelled } => {
                let people = people_kept(modelled);
                warnings.extend((people > 0).then(|| warning::partly_modelled(people).into()));
            }
        }
        if at_edge.0 > 0 {
            warnings.push(warning::edge(at_edge.0).into());
        }
        if question.filter.programmes != Terms::EMPTY && self.venues().iter().all(|v| v.programmes.is_empty())
        {
            warnings.push(warning::NO_PROGRAMME.into());
        }
        if spared > 0 {
            warnings.push(warning::unknown(spared).into());
        }
        if !scope.drawn().is_empty() {
            warnings.push(warning::DRAWN.into());
        }
        for territory in inquiry.perimeter.territories() {
            if let Some((held, of)) = self.gazetteer().part_held(territory)
                && let Some(name) = self.gazetteer().name(territory)
            {
                warnings.push(warning::partial(&name, held, of).into());
            }
        }
        if self.gazetteer().commune_ids().all(|c| self.fragility(c).is_none()) {
            warnings.push(warning::NO_FRAGILITY.into());
        }
        let (_, imputed) = self.count_supplies(inquiry, scope).unwrap_or_default();
        warnings.extend((imputed > 0).then(|| warning::imputed_supply(imputed).into()));
        let unplaced = people_kept(&self.tables().unplaced);
        warnings.extend((unplaced > 0).then(|| warning::unplaced(unplaced).into()));
        warnings
    }
}
