//! A mapping as written, before anything is checked but its keys.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) schema: Option<String>,
    pub(super) source: Option<String>,
    pub(super) records: Option<String>,
    pub(super) id: Option<Names>,
    #[serde(default)]
    pub(super) columns: BTreeMap<String, WrittenColumn>,
    #[serde(default)]
    pub(super) rules: BTreeMap<String, Vec<WrittenRule>>,
}

/// One column or several.
#[derive(Default)]
pub(super) struct Names(pub(super) Vec<String>);

/// What fills a national column.
#[derive(Default)]
pub(super) struct WrittenColumn {
    pub(super) names: Names,
    pub(super) table: WrittenTable,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenTable {
    pub(super) column: Option<Names>,
    pub(super) join: Option<String>,
    pub(super) constant: Option<String>,
    pub(super) extract: Option<String>,
    pub(super) format: Option<String>,
    pub(super) weeks: Option<String>,
    #[serde(default)]
    pub(super) optional: bool,
    pub(super) lundi: Option<Names>,
    pub(super) mardi: Option<Names>,
    pub(super) mercredi: Option<Names>,
    pub(super) jeudi: Option<Names>,
    pub(super) vendredi: Option<Names>,
    pub(super) samedi: Option<Names>,
    pub(super) dimanche: Option<Names>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenRule {
    pub(super) value: String,
    #[serde(default)]
    pub(super) column: Names,
    #[serde(default)]
    pub(super) contains: Names,
    #[serde(default)]
    pub(super) is: Names,
    #[serde(default)]
    pub(super) except: Names,
    #[serde(default)]
    pub(super) optional: bool,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text between quotes, or a list of them")
            }
            fn visit_str<E>(self, name: &str) -> Result<Names, E> {
                Ok(Names(vec![name.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Names, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Names)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

impl<'de> Deserialize<'de> for WrittenColumn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = WrittenColumn;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, a list of names, or a table such as { constant = \"…\" }")
            }
            fn visit_str<E>(self, name: &str) -> Result<WrittenColumn, E> {
                Ok(WrittenColumn { names: Names(vec![name.to_owned()]), ..WrittenColumn::default() })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<WrittenColumn, A::Error> {
                let names = Vec::deserialize(SeqAccessDeserializer::new(list)).map(Names)?;
                Ok(WrittenColumn { names, ..WrittenColumn::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<WrittenColumn, A::Error> {
                let mut table = WrittenTable::deserialize(MapAccessDeserializer::new(table))?;
                let names = table.column.take().unwrap_or_default();
                Ok(WrittenColumn { names, table })
            }
        }
        deserializer.deserialize_any(Either)
    }
}
