//! How a layer is drawn in a desktop GIS: rules, from the one legend. QML and SLD are two ways to write them.

use std::borrow::Cow;

use territory::PriorityKind;

use super::venues::VENUE;
use super::{COUNTED, INK, PRIORITY};
use crate::layer::Layer;
use crate::legend::{Class, Legend};

/// What some features of a layer are drawn with.
pub(crate) struct Rule {
    /// Its words in a legend.
    pub(crate) label: Cow<'static, str>,
    /// Which features; a feature that several rules test is drawn by each, in order.
    pub(crate) test: Test,
    pub(crate) symbol: Symbol,
}

/// Which features a rule is for.
pub(crate) enum Test {
    All,
    /// `min <= attribute < max`.
    Between(&'static str, Option<f64>, Option<f64>),
    /// The attribute has no value, nor has the other one.
    Missing(&'static str, Option<&'static str>),
    /// The first has no value, the second has.
    MissingBut(&'static str, &'static str),
    /// The attribute is that text.
    Is(&'static str, &'static str),
    /// It is any other.
    IsNot(&'static str, &'static str),
    /// The attribute is yes.
    Yes(&'static str),
    /// The first is that text and the second above zero.
    IsPeopled(&'static str, &'static str, &'static str),
    /// Both tests.
    Both(Box<[Test; 2]>),
    /// One of them or both.
    Either(Box<[Test; 2]>),
}

impl Test {
    /// The attributes it looks at.
    pub(crate) fn fields(&self) -> Vec<&'static str> {
        match *self {
            Self::All => Vec::new(),
            Self::Between(field, ..) | Self::Is(field, _) | Self::IsNot(field, _) | Self::Yes(field) => {
                vec![field]
            }
            Self::Missing(field, other) => std::iter::once(field).chain(other).collect(),
            Self::MissingBut(field, other) => vec![field, other],
            Self::IsPeopled(field, _, people) => vec![field, people],
            Self::Both(ref tests) | Self::Either(ref tests) => tests.iter().flat_map(Self::fields).collect(),
        }
    }
}

/// How a feature is drawn; sizes are in millimetres, colours `#rrggbb`.
pub(crate) enum Symbol {
    /// A surface, with a line around.
    Fill { colour: &'static str, border: &'static str, width: f64 },
    /// Parallel lines over a surface.
    Hatch { colour: &'static str, degrees: f64, apart: f64, width: f64, opacity: f64 },
    /// Lines around a surface, the widest first.
    Outline(Vec<Line>),
    /// A disc.
    Disc { colour: &'static str, border: &'static str, width: f64, size: f64, opacity: f64 },
    /// Nothing: its name alone is written.
    Nothing,
}

pub(crate) struct Line {
    pub(crate) colour: &'static str,
    pub(crate) width: f64,
    pub(crate) dashed: bool,
    pub(crate) opacity: f64,
}

/// Thin enough for a country of communes.
const HAIR: f64 = 0.06;

/// The rules of a layer for a map of a metric.
pub(crate) fn rules(layer: Layer, legend: &Legend) -> Vec<Rule> {
    match layer {
        Layer::Regions | Layer::Departements | Layer::Epcis | Layer::Communes | Layer::Cells => {
            areas(layer, legend)
        }
        Layer::Zones => vec![zone()],
        Layer::Venues => venues(),
        Layer::PriorityAreas => priority_areas(),
        Layer::Labels => {
            vec![Rule { label: layer.title().into(), test: Test::All, symbol: Symbol::Nothing }]
        }
    }
}

fn areas(layer: Layer, legend: &Legend) -> Vec<Rule> {
    let fill = |colour| match layer {
        Layer::Cells => Symbol::Fill { colour, border: colour, width: HAIR },
        _ => Symbol::Fill { colour, border: "#ffffff", width: HAIR },
    };
    let class = |class: &Class| Rule {
        label: class.label.into(),
        test: of_class(class, legend),
        symbol: fill(class.colour),
    };
    let mut rules: Vec<Rule> = legend.classes.iter().map(class).collect();
    // As on the web map: people are counted there, all beyond, and no time is known.
    if let Some(no_road) = legend.no_road {
        rules.push(Rule {
            label: no_road.label.into(),
            test: Test::MissingBut(legend.attribute, COUNTED),
            symbol: fill(no_road.colour),
        });
    }
    let missing = Test::Missing(legend.attribute, legend.no_road.map(|_| COUNTED));
    rules.push(Rule {
        label: legend.no_data.label.into(),
        test: match legend.second {
            Some(second) => Test::Either(Box::new([missing, Test::MissingBut(second, legend.attribute)])),
            None => missing,
        },
        symbol: fill(legend.no_data.colour),
    });
    rules.extend(legend.estimated_hatch.map(|label| Rule {
        label: label.into(),
        test: Test::IsPeopled("method", "estimated", "population"),
        symbol: Symbol::Hatch { colour: INK, degrees: 135.0, apart: 2.0, width: 0.1, opacity: 0.35 },
    }));
    rules.extend(legend.hatch.map(|label| Rule {
        label: label.into(),
        test: Test::Yes("edge"),
        symbol: Symbol::Hatch { colour: INK, degrees: 45.0, apart: 2.0, width: 0.15, opacity: 0.55 },
    }));
    rules
}

/// What is in a class, by one attribute or by two.
fn of_class(class: &Class, legend: &Legend) -> Test {
    let first = Test::Between(legend.attribute, class.min, class.max);
    match legend.second.zip(class.second) {
        Some((second, range)) => Test::Both(Box::new([first, Test::Between(second, range.min, range.max)])),
        None => first,
    }
}

/// White under dark, so that the outline reads on any class.
fn zone() -> Rule {
    let line = |colour, width| Line { colour, width, dashed: false, opacity: 1.0 };
    Rule {
        label: "Zone au-delà du seuil".into(),
        test: Test::All,
        symbol: Symbol::Outline(vec![line("#ffffff", 0.9), line("#1f2933", 0.4)]),
    }
}

fn venues() -> Vec<Rule> {
    let disc = |label: &'static str, fit, colour, border, opacity| Rule {
        label: label.into(),
        test: Test::Is(crate::field::FIT, fit),
        symbol: Symbol::Disc { colour, border, width: 0.2, size: 2.0, opacity },
    };
    vec![
        disc("Lieu hors de la question", "no", "#9a9a9a", "#ffffff", 0.5),
        disc("Lieu au renseignement manquant", "unknown", "#ffffff", VENUE, 1.0),
        disc("Lieu qui répond à la question", "yes", VENUE, "#ffffff", 1.0),
    ]
}

/// Quarters have a line; rural zonings, which hold whole communes, a paler dashed one.
fn priority_areas() -> Vec<Rule> {
    let quarters = PriorityKind::Qpv;
    let outline =
        |dashed, opacity| Symbol::Outline(vec![Line { colour: PRIORITY, width: 0.3, dashed, opacity }]);
    vec![
        Rule {
            label: "Zonage rural".into(),
            test: Test::IsNot("kind", quarters.slug()),
            symbol: outline(true, 0.8),
        },
        Rule {
            label: quarters.label().into(),
            test: Test::Is("kind", quarters.slug()),
            symbol: outline(false, 1.0),
        },
    ]
}
