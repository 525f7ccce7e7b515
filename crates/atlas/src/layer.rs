//! «Couches»: what can be drawn, listed and exported.

use crate::field::{self, Field};

/// A layer of the atlas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Régions.
    Regions,
    /// Départements.
    Departements,
    /// EPCI.
    Epcis,
    /// Communes.
    Communes,
    /// H3 cells where people may live.
    Cells,
    /// Underserved zones.
    Zones,
    /// Venues in the perimeter, and those that serve it from outside.
    Venues,
    /// Where policy asks for more help.
    PriorityAreas,
    /// Where the name of each commune, of each département and of each région is written.
    Labels,
}

impl Layer {
    /// All layers, the widest first.
    pub const ALL: [Self; 9] = [
        Self::Regions,
        Self::Departements,
        Self::Epcis,
        Self::Communes,
        Self::Cells,
        Self::Zones,
        Self::Venues,
        Self::PriorityAreas,
        Self::Labels,
    ];

    /// The groupings of people drawn as a choropleth, the widest first.
    pub const AREAS: [Self; 5] =
        [Self::Regions, Self::Departements, Self::Epcis, Self::Communes, Self::Cells];

    /// Its name in tiles, files and addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Regions => "regions",
            Self::Departements => "departements",
            Self::Epcis => "epcis",
            Self::Communes => "communes",
            Self::Cells => "cells",
            Self::Zones => "zones",
            Self::Venues => "venues",
            Self::PriorityAreas => "priority-areas",
            Self::Labels => "labels",
        }
    }

    /// The layer of a name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.slug() == slug)
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Regions => "Régions",
            Self::Departements => "Départements",
            Self::Epcis => "EPCI",
            Self::Communes => "Communes",
            Self::Cells => "Mailles",
            Self::Zones => "Zones sous-desservies",
            Self::Venues => "Lieux de médiation numérique",
            Self::PriorityAreas => "Zonages prioritaires",
            Self::Labels => "Noms des communes, des départements et des régions",
        }
    }

    /// One sentence on what it holds.
    pub fn description(self) -> &'static str {
        match self {
            Self::Regions => "Temps d'accès et habitants au-delà du seuil, par région",
            Self::Departements => "Temps d'accès et habitants au-delà du seuil, par département",
            Self::Epcis => "Temps d'accès et habitants au-delà du seuil, par EPCI",
            Self::Communes => "Temps d'accès et habitants au-delà du seuil, par commune",
            Self::Cells => "Temps d'accès et habitants au-delà du seuil, par maille H3 de 0,7 km²",
            Self::Zones => "Mailles habitées au-delà du seuil, réunies quand elles se touchent",
            Self::Venues => "Lieux du périmètre, et lieux voisins qui le desservent",
            Self::PriorityAreas => {
                "Quartiers prioritaires (QPV) et communes des zonages ruraux (FRR, ZRR), avec les lieux qui s'y trouvent"
            }
            Self::Labels => {
                "Un point par commune, à sa mairie, et un par département et par région, au plus loin de leurs limites"
            }
        }
    }

    /// The zoom from which its tiles hold something.
    pub fn min_zoom(self) -> u8 {
        match self {
            Self::Regions | Self::Departements | Self::Zones | Self::Venues | Self::Labels => 0,
            Self::Epcis | Self::PriorityAreas | Self::Cells => 6,
            Self::Communes => 7,
        }
    }

    /// The zoom beyond which a client stretches its tiles: a unit there is less than two metres in
    /// metropolitan France.
    pub fn max_zoom(self) -> u8 {
        12
    }

    /// Its attributes, in order.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Regions | Self::Departements => field::AREA,
            Self::Epcis => field::EPCIS,
            Self::Communes => field::COMMUNES,
            Self::Cells => field::CELLS,
            Self::Zones => field::ZONES,
            Self::Venues => field::VENUE,
            Self::PriorityAreas => field::PRIORITY_AREAS,
            Self::Labels => field::LABELS,
        }
    }

    /// The attributes of its tiles: its own, and from afar those of what is gathered in one feature.
    pub fn tile_fields(self) -> impl Iterator<Item = &'static Field> {
        let gathered = if self == Self::Venues { field::CLUSTER } else { &[] };
        self.fields().iter().chain(gathered)
    }

    /// What a build must be given for the layer to have data.
    pub fn source_table(self) -> &'static str {
        match self {
            Self::PriorityAreas => "[[priority_areas]]",
            _ => "[[venues]]",
        }
    }
}
