//! The tiles of today's service of the published index (IFN), for front ends that switch by changing an
//! address: a layer named after its level, with the attribute `score`.

use tiles::{LayerBuilder, TileCoord, TileFeature, encode};

use territory::{CommuneIdx, Score};

use crate::atlas::{Atlas, AtlasError};
use crate::field::round;
use crate::layer::Layer;
use crate::published::Basis;

/// A level at which the index is served, by the name it has there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfnLevel {
    /// Départements.
    Department,
    /// EPCI.
    Epci,
    /// Communes.
    City,
}

impl IfnLevel {
    /// All levels, the widest first.
    pub const ALL: [Self; 3] = [Self::Department, Self::Epci, Self::City];

    /// Its name in addresses and tiles.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Department => "department",
            Self::Epci => "epci",
            Self::City => "city",
        }
    }

    /// The level of a name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.slug() == slug)
    }

    /// The layer that has its shapes.
    fn layer(self) -> Layer {
        match self {
            Self::Department => Layer::Departements,
            Self::Epci => Layer::Epcis,
            Self::City => Layer::Communes,
        }
    }

    /// Of what the scores it is drawn from are published.
    pub(crate) fn published_by(self) -> &'static str {
        match self {
            Self::Epci => "EPCI",
            // None is published by département among our sources.
            Self::Department | Self::City => "commune",
        }
    }

    /// What a build must be given for it.
    pub(crate) fn source_table(self) -> &'static str {
        match self {
            Self::Epci => "[ifn.epcis]",
            Self::Department | Self::City => "[ifn.communes]",
        }
    }
}

impl Atlas {
    /// A tile of the published index: `score` (1 to 10), `code`, `name` and `basis`; none when it would hold
    /// nothing. Where the index has no value there is no `score`.
    ///
    /// Of communes and EPCI the score is the one published. None of a département is among our sources: it
    /// is the mean of those of its communes weighted by their people, and `basis` says so.
    pub fn ifn_tile(&self, level: IfnLevel, at: TileCoord) -> Result<Option<Vec<u8>>, AtlasError> {
        let scores = self.scores(level).ok_or(AtlasError::NoPublishedIndex(level))?;
        let layer = level.layer();
        if at.z() < layer.min_zoom() {
            return Ok(None);
        }
        let basis = if level == IfnLevel::Department { Basis::Mean } else { Basis::Published };
        let mut builder = LayerBuilder::new(level.slug())?;
        for (row, geometry) in self.shapes(layer).cuts(at, Some(self.tables())).iter() {
            let (code, name) = self.code_and_name(layer, *row as usize);
            let mut properties = vec![("code", code.into()), ("name", name.into())];
            if let Some(score) = scores.get(*row as usize).copied().flatten() {
                properties.push(("score", round(score.get(), 1).into()));
                properties.push(("basis", basis.slug().into()));
            }
            builder.add(TileFeature { id: u64::from(*row) + 1, geometry, properties })?;
        }
        if builder.n_features() == 0 { Ok(None) } else { Ok(Some(encode([builder])?)) }
    }

    /// The score of every row of a level, none when none is known.
    fn scores(&self, level: IfnLevel) -> Option<Vec<Option<Score>>> {
        let gazetteer = self.gazetteer();
        let of_commune = |c: CommuneIdx| self.published_of_commune(c);
        let scores: Vec<Option<Score>> = match level {
            IfnLevel::City => gazetteer.commune_ids().map(of_commune).collect(),
            IfnLevel::Epci => (0..gazetteer.epcis().len()).map(|row| self.published_of_epci(row)).collect(),
            IfnLevel::Department => {
                let mut members = vec![Vec::new(); gazetteer.departements().len()];
                for idx in gazetteer.commune_ids() {
                    let commune = gazetteer.commune(idx);
                    let row = gazetteer.departements().binary_search_by_key(&commune.departement, |d| d.code);
                    if let Some(members) = row.ok().and_then(|row| members.get_mut(row)) {
                        members.push((of_commune(idx), commune.population));
                    }
                }
                members.into_iter().map(Score::mean).collect()
            }
        };
        scores.iter().any(Option::is_some).then_some(scores)
    }

    fn code_and_name(&self, layer: Layer, row: usize) -> (String, &str) {
        let gazetteer = self.gazetteer();
        match layer {
            Layer::Departements => {
                let departement = &gazetteer.departements()[row];
                (departement.code.to_string(), &departement.name)
            }
            Layer::Epcis => (gazetteer.epcis()[row].code.to_string(), &gazetteer.epcis()[row].name),
            _ => (gazetteer.communes()[row].code.to_string(), &gazetteer.communes()[row].name),
        }
    }
}
