//! The attributes of layers: the same names in tiles, exports and answers.

use std::borrow::Cow;

/// The type of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// A whole number.
    Int,
    /// A number with so many decimals.
    Float(u8),
    /// Yes or no.
    Bool,
}

/// An attribute of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name, in files and answers.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// What people call it, in French.
    pub label: &'static str,
}

/// The value of an attribute; absent is not zero.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// No data.
    Null,
    /// A text.
    Text(Cow<'a, str>),
    /// A whole number.
    Int(i64),
    /// A number, already rounded to the decimals of its field.
    Float(f64),
    /// Yes or no.
    Bool(bool),
}

impl Value<'_> {
    /// A number rounded to some decimals, null when there is none.
    pub fn rounded(number: Option<f64>, decimals: u8) -> Self {
        number.map_or(Self::Null, |n| Self::Float(round(n, decimals)))
    }
}

/// A number rounded half away from zero to some decimals.
pub(crate) fn round(number: f64, decimals: u8) -> f64 {
    let scale = 10f64.powi(i32::from(decimals));
    (number * scale).round() / scale
}

impl<'a, T: Into<Cow<'a, str>>> From<Option<T>> for Value<'a> {
    fn from(text: Option<T>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.into()))
    }
}

impl From<territory::Inhabitants> for Value<'_> {
    fn from(people: territory::Inhabitants) -> Self {
        Self::Int(i64::from(people.0))
    }
}

impl serde::Serialize for Value<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Int(number) => serializer.serialize_i64(*number),
            Self::Float(number) => serializer.serialize_f64(*number),
            Self::Bool(yes) => serializer.serialize_bool(*yes),
        }
    }
}

const fn field(name: &'static str, kind: Kind, label: &'static str) -> Field {
    Field { name, kind, label }
}

const CODE: Field = field("code", Kind::Text, "Code");
const NAME: Field = field("name", Kind::Text, "Nom");
const POPULATION: Field = field("population", Kind::Int, "Habitants");
const ACCESS_MIN: Field = field("access_min", Kind::Float(1), "Temps d'accès médian (min)");
const BEYOND: Field = field("beyond", Kind::Int, "Habitants au-delà du seuil");
const BEYOND_SHARE: Field = field("beyond_share", Kind::Float(4), "Part des habitants au-delà du seuil");
const FRAGILITY: Field = field("fragility", Kind::Float(1), "Indice de fragilité (1 à 10)");
const FRAGILITY_PUBLISHED: Field = field("fragility_published", Kind::Float(1), "Indice publié (MedNum)");
const VENUES: Field = field("venues", Kind::Int, "Lieux");
const APL: Field = field("apl", Kind::Float(3), "APL (heures d'aide par semaine pour 1\u{202f}000 hab.)");
const NEAREST_VENUE: Field = field("nearest_venue", Kind::Text, "Lieu le plus proche");
const METHOD: Field = field("method", Kind::Text, "Méthode");
const EDGE: Field = field("edge", Kind::Bool, "En bordure des données de lieux");
const DEPARTEMENT: Field = field("departement", Kind::Text, "Département");
const EPCI: Field = field("epci", Kind::Text, "EPCI");
const COMMUNE: Field = field("commune", Kind::Text, "Commune");

/// Whether someone's time in an area is estimated: what hatching says, and no attribute of a feature, where `method`
/// tells as much.
pub(crate) const ESTIMATED: Field = field("estimated", Kind::Bool, "Temps estimé, au moins en partie");

/// The attributes of a grouping of communes.
pub(crate) const AREA: &[Field] = &[
    CODE,
    NAME,
    POPULATION,
    ACCESS_MIN,
    BEYOND,
    BEYOND_SHARE,
    FRAGILITY,
    VENUES,
    APL,
    NEAREST_VENUE,
    METHOD,
    EDGE,
];

/// The attributes of an EPCI: those of a grouping, and the published index.
pub(crate) const EPCIS: &[Field] = &[
    CODE,
    NAME,
    POPULATION,
    ACCESS_MIN,
    BEYOND,
    BEYOND_SHARE,
    FRAGILITY,
    VENUES,
    APL,
    NEAREST_VENUE,
    METHOD,
    EDGE,
    FRAGILITY_PUBLISHED,
];

/// The attributes of a commune.
pub(crate) const COMMUNES: &[Field] = &[
    CODE,
    NAME,
    DEPARTEMENT,
    EPCI,
    POPULATION,
    ACCESS_MIN,
    BEYOND,
    BEYOND_SHARE,
    FRAGILITY,
    VENUES,
    APL,
    NEAREST_VENUE,
    METHOD,
    EDGE,
    FRAGILITY_PUBLISHED,
];

/// The attributes of a cell; its name is that of the commune with most of its people.
pub(crate) const CELLS: &[Field] = &[
    CODE,
    NAME,
    COMMUNE,
    POPULATION,
    ACCESS_MIN,
    BEYOND,
    BEYOND_SHARE,
    FRAGILITY,
    VENUES,
    APL,
    NEAREST_VENUE,
    METHOD,
    EDGE,
];

/// The attributes of a zone.
pub(crate) const ZONES: &[Field] = &[
    NAME,
    POPULATION,
    field("fragile_population", Kind::Int, "Habitants fragiles"),
    ACCESS_MIN,
    field("access_min_max", Kind::Float(1), "Temps d'accès le plus long (min)"),
    NEAREST_VENUE,
    field("nearest_venue_id", Kind::Text, "Identifiant du lieu le plus proche"),
    field("communes", Kind::Text, "Communes"),
    field("epci", Kind::Text, "EPCI"),
    field("reason", Kind::Text, "Motif (code)"),
    field("reason_label", Kind::Text, "Motif"),
    METHOD,
];

/// The name of what says whether a venue fits the question.
pub(crate) const FIT: &str = "fit";

/// What only the tiles of venues have: of several drawn as one.
pub(crate) const CLUSTER: &[Field] = &[
    field("venues", Kind::Int, "Lieux réunis en un point"),
    field("venues_fit", Kind::Int, "Dont répondent à la question"),
    field("venues_unknown", Kind::Int, "Dont on ne sait pas s'ils y répondent"),
    field("expansion_zoom", Kind::Int, "Niveau de zoom où ils se séparent"),
];

/// The attributes of a venue.
pub(crate) const VENUE: &[Field] = &[
    CODE,
    NAME,
    field(FIT, Kind::Text, "Répond à la question"),
    field("address", Kind::Text, "Adresse"),
    COMMUNE,
    field("services", Kind::Text, "Services"),
    field("publics", Kind::Text, "Publics"),
    field("care", Kind::Text, "Prise en charge"),
    field("supports", Kind::Text, "Accompagnement"),
    field("fees", Kind::Text, "Frais"),
    field("programmes", Kind::Text, "Dispositifs"),
    field("labels", Kind::Text, "Labels"),
    field("opening_hours", Kind::Text, "Horaires"),
    field("updated", Kind::Text, "Mis à jour"),
];

/// The attributes of a priority area. People, and what is counted of them, are told only of those that are
/// whole communes; the time to a quarter is that of the cell of a point inside, as `access_basis` says.
pub(crate) const PRIORITY_AREAS: &[Field] = &[
    CODE,
    NAME,
    field("kind", Kind::Text, "Zonage"),
    field("commune_count", Kind::Int, "Nombre de communes"),
    field("communes", Kind::Text, "Communes"),
    POPULATION,
    ACCESS_MIN,
    field(
        "access_basis",
        Kind::Text,
        "Temps mesuré pour (people = habitants, inside-point = un point intérieur)",
    ),
    BEYOND,
    BEYOND_SHARE,
    FRAGILITY,
    VENUES,
    NEAREST_VENUE,
    METHOD,
];

/// The attributes of a name on the map.
pub(crate) const LABELS: &[Field] = &[CODE, NAME, field("kind", Kind::Text, "Échelon"), POPULATION];
