//! A configuration as written, before anything is checked but its keys.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) base: Option<String>,
    pub(super) name: Option<String>,
    pub(super) scope: Option<WrittenScope>,
    pub(super) shapes: Option<WrittenShapes>,
    #[serde(default)]
    pub(super) cog: WrittenCog,
    pub(super) town_halls: Option<WrittenTable>,
    pub(super) without_shape: Option<WrittenTable>,
    pub(super) population: Option<WrittenTable>,
    pub(super) roads: Option<WrittenRoads>,
    #[serde(default)]
    pub(super) venues: Vec<WrittenVenues>,
    pub(super) social_classes: Option<WrittenTable>,
    pub(super) living_areas: Option<WrittenTable>,
    pub(super) rates: Option<WrittenRates>,
    pub(super) ifn: Option<WrittenIfn>,
    #[serde(default)]
    pub(super) priority_areas: Vec<WrittenPriorityTable>,
    pub(super) hubs: Option<WrittenTable>,
    pub(super) identities: Option<WrittenTable>,
    pub(super) apl: Option<WrittenApl>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenApl {
    pub(super) decay: WrittenDecay,
}

/// The name of a preset, or steps of minutes and weights.
pub(super) enum WrittenDecay {
    Preset(String),
    Steps(Vec<(u16, f64)>),
}

impl<'de> Deserialize<'de> for WrittenDecay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = WrittenDecay;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a preset, or steps of whole minutes and weights such as [[5, 1.0], [10, 0.3]]")
            }
            fn visit_str<E>(self, name: &str) -> Result<WrittenDecay, E> {
                Ok(WrittenDecay::Preset(name.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<WrittenDecay, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(WrittenDecay::Steps)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenScope {
    #[serde(default)]
    pub(super) regions: Vec<String>,
    #[serde(default)]
    pub(super) departements: Vec<String>,
    #[serde(default)]
    pub(super) communes: Vec<String>,
    pub(super) venues_stop_at_edge: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenCog {
    pub(super) communes: Option<WrittenTable>,
    pub(super) epcis: Option<WrittenTable>,
    pub(super) departements: Option<WrittenTable>,
    pub(super) regions: Option<WrittenTable>,
    pub(super) epts: Option<WrittenTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRates {
    pub(super) census: Option<WrittenTable>,
    pub(super) incomes: Option<WrittenTable>,
    pub(super) broadband: Option<WrittenTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenIfn {
    pub(super) communes: Option<WrittenTable>,
    pub(super) epcis: Option<WrittenTable>,
    pub(super) iris: Option<WrittenTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenPriorityTable {
    pub(super) path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) vintage: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) kind: String,
    pub(super) statuses: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTable {
    pub(super) path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) vintage: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) sha256: Option<String>,
}

/// The shapes of communes as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenShapes {
    pub(super) path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) vintage: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) sha256: Option<String>,
    #[serde(default)]
    pub(super) holes: Vec<[f64; 2]>,
    #[serde(default)]
    pub(super) owners: Vec<WrittenOwner>,
}

/// Whose ground a hole is, as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenOwner {
    pub(super) commune: String,
    pub(super) at: [f64; 2],
}

/// A file of venues as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenVenues {
    pub(super) path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) vintage: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) mapping: Option<String>,
}

/// Roads as written: a path, a table, or a list of either.
///
/// Read by hand rather than as an untagged enum, whose one message for every mistake names none.
pub(super) struct WrittenRoads(pub(super) Vec<WrittenRoad>);

/// One extract of roads as written.
pub(super) enum WrittenRoad {
    Path(String),
    Table(WrittenRoadTable),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRoadTable {
    pub(super) path: Option<String>,
    pub(super) url: Option<String>,
    pub(super) name: Option<String>,
    pub(super) vintage: Option<String>,
    pub(super) licence: Option<String>,
    pub(super) sha256: Option<String>,
    pub(super) extent: Option<[f64; 4]>,
    pub(super) ferries: Option<bool>,
}

impl<'de> Deserialize<'de> for WrittenRoads {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = WrittenRoads;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "the path of an OpenStreetMap extract (.osm.pbf), a [roads] table, or a list of either",
                )
            }
            fn visit_str<E>(self, path: &str) -> Result<WrittenRoads, E> {
                Ok(WrittenRoads(vec![WrittenRoad::Path(path.to_owned())]))
            }
            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<WrittenRoads, A::Error> {
                let table = WrittenRoadTable::deserialize(MapAccessDeserializer::new(table))?;
                Ok(WrittenRoads(vec![WrittenRoad::Table(table)]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<WrittenRoads, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(WrittenRoads)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for WrittenRoad {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = WrittenRoad;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the path of an OpenStreetMap extract (.osm.pbf), or a [[roads]] table")
            }
            fn visit_str<E>(self, path: &str) -> Result<WrittenRoad, E> {
                Ok(WrittenRoad::Path(path.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<WrittenRoad, A::Error> {
                WrittenRoadTable::deserialize(MapAccessDeserializer::new(table)).map(WrittenRoad::Table)
            }
        }
        deserializer.deserialize_any(Either)
    }
}
