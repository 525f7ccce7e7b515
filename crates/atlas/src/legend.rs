//! The one definition of classes, colours and labels; every style is made from it.

mod need;

use serde::Serialize;
use territory::Mode;

/// What a choropleth shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Median minutes to the nearest venue.
    AccessMin,
    /// People beyond the promise.
    Beyond,
    /// Their share.
    BeyondShare,
    /// The fragility index.
    Fragility,
    /// The potential access: hours of help for those who can reach them.
    Apl,
    /// The fragility index and the minutes at once.
    Need,
}

/// How the times of a map were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// There are no roads for the mode: everyone's is estimated.
    Estimated,
    /// There are roads for the mode.
    OnRoads {
        /// Whether they settle anyone's time.
        routed: bool,
        /// Whether someone's is estimated all the same.
        estimated: bool,
        /// Whether no road leads someone to any venue.
        stranded: bool,
    },
}

/// Classes, colours and words of a metric.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Legend {
    /// The name of the metric, in addresses.
    pub metric: &'static str,
    /// The attribute drawn.
    pub attribute: &'static str,
    /// The attribute drawn with it; none when one is drawn alone.
    pub second: Option<&'static str>,
    /// What people call it.
    pub title: &'static str,
    /// Its unit, empty when the title says it.
    pub unit: &'static str,
    /// From the lowest to the highest; of two attributes by the first, then by the second.
    pub classes: Vec<Class>,
    /// What has no value.
    pub no_data: NoData,
    /// Those whom no road leads to a venue; none when there are none, or the metric counts them.
    pub no_road: Option<NoData>,
    /// Whether values come from estimated times, all or some.
    pub estimated: bool,
    /// What says so on the map.
    pub method_label: Option<&'static str>,
    /// What hatching means; none when nothing is hatched.
    pub hatch: Option<&'static str>,
    /// What the lighter hatching of estimated times means; none when no or all times are estimated for
    /// want of roads.
    pub estimated_hatch: Option<&'static str>,
}

/// One class: `min <= value < max`, and the same of the second attribute if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Class {
    /// Its words.
    pub label: &'static str,
    /// Its colour, `#rrggbb`.
    pub colour: &'static str,
    /// Its lowest value, none for the first.
    pub min: Option<f64>,
    /// The value from which the next begins, none for the last.
    pub max: Option<f64>,
    /// Of the second attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second: Option<Range>,
}

/// What a class holds of the second attribute: `min <= value < max`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    /// Its lowest value, none for the first.
    pub min: Option<f64>,
    /// The value from which the next begins, none for the last.
    pub max: Option<f64>,
}

/// A class without a value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NoData {
    /// Its words.
    pub label: &'static str,
    /// Its colour.
    pub colour: &'static str,
}

/// Grey: in none of the ramps, so that no data is not read as a low value.
const NO_DATA: NoData = NoData { label: "Pas de donnée", colour: "#cfcfcf" };

/// Dark where no data is pale: it is known, and past the last class.
const NO_ROAD: NoData = NoData { label: "Aucune route", colour: "#4a4750" };

/// Colour-blind safe sequential ramps of `ColorBrewer` 2 (Cynthia Brewer, Apache-2.0): `OrRd`, `BuPu`, `YlGnBu`.
const ORANGES: [&str; 6] = ["#fef0d9", "#fdd49e", "#fdbb84", "#fc8d59", "#e34a33", "#b30000"];
const PURPLES: [&str; 6] = ["#edf8fb", "#bfd3e6", "#9ebcda", "#8c96c6", "#8856a7", "#810f7c"];
const BLUES: [&str; 6] = ["#ffffcc", "#c7e9b4", "#7fcdbb", "#41b6c4", "#2c7fb8", "#253494"];
/// `GnBu` of seven classes without its darkest, over which the green of venues would not read.
const GREENS: [&str; 6] = ["#f0f9e8", "#ccebc5", "#a8ddb5", "#7bccc4", "#4eb3d3", "#2b8cbe"];

impl Metric {
    /// All metrics, in the order in which they are offered.
    pub const ALL: [Self; 6] =
        [Self::AccessMin, Self::Beyond, Self::BeyondShare, Self::Fragility, Self::Apl, Self::Need];

    /// Its name in addresses.
    pub fn slug(self) -> &'static str {
        match self {
            Self::AccessMin => "access_min",
            Self::Beyond => "beyond",
            Self::BeyondShare => "beyond_share",
            Self::Fragility => "fragility",
            Self::Apl => "apl",
            Self::Need => "need",
        }
    }

    /// The attribute it draws, and the one drawn with it.
    fn attributes(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Need => (need::FIRST, Some(need::SECOND)),
            alone => (alone.slug(), None),
        }
    }

    /// The metric of a name.
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.slug() == slug)
    }

    /// Its legend for a mode and the times found for it, when the border of the venue data is hatched or not.
    pub fn legend(self, mode: Mode, times: Times, hatched: bool) -> Legend {
        let (title, unit, classes) = match self {
            Self::AccessMin => (
                "Temps d'accès médian",
                "min",
                ramp(
                    ORANGES,
                    [5.0, 10.0, 15.0, 20.0, 30.0],
                    [
                        "moins de 5\u{a0}min",
                        "5 à 10\u{a0}min",
                        "10 à 15\u{a0}min",
                        "15 à 20\u{a0}min",
                        "20 à 30\u{a0}min",
                        "30\u{a0}min et plus",
                    ],
                ),
            ),
            Self::Beyond => (
                "Habitants au-delà du seuil",
                "habitants",
                ramp(
                    PURPLES,
                    [1.0, 100.0, 500.0, 2_000.0, 10_000.0],
                    [
                        "aucun",
                        "1 à 99",
                        "100 à 499",
                        "500 à 1\u{202f}999",
                        "2\u{202f}000 à 9\u{202f}999",
                        "10\u{202f}000 et plus",
                    ],
                ),
            ),
            Self::BeyondShare => (
                "Part des habitants au-delà du seuil",
                "",
                ramp(
                    PURPLES,
                    // Shares are rounded to four decimals: the first class is exactly none.
                    [0.0001, 0.1, 0.25, 0.5, 0.75],
                    [
                        "0\u{202f}%",
                        "moins de 10\u{202f}%",
                        "10 à 25\u{202f}%",
                        "25 à 50\u{202f}%",
                        "50 à 75\u{202f}%",
                        "75\u{202f}% et plus",
                    ],
                ),
            ),
            Self::Fragility => (
                "Indice de fragilité numérique",
                "de 1 à 10",
                ramp(
                    BLUES,
                    [4.0, 5.0, 6.0, 7.0, 8.0],
                    ["moins de 4", "4 à 5", "5 à 6", "6 à 7", "7 à 8", "8 et plus"],
                ),
            ),
            Self::Apl => (
                "Accessibilité potentielle (APL)",
                "heures d'aide par semaine pour 1\u{202f}000\u{a0}habitants",
                ramp(
                    GREENS,
                    // Hours are rounded to three decimals: the first class is exactly none. Then doublings, since half of
                    // the sample's communes that have some have under an hour and a tenth over five.
                    [0.001, 0.5, 1.0, 2.0, 4.0],
                    [
                        "aucune",
                        "moins de 0,5\u{a0}h",
                        "0,5 à 1\u{a0}h",
                        "1 à 2\u{a0}h",
                        "2 à 4\u{a0}h",
                        "4\u{a0}h et plus",
                    ],
                ),
            ),
            Self::Need => ("Temps d'accès et fragilité", "", need::classes()),
        };
        let (attribute, second) = self.attributes();
        let measured = self != Self::Fragility;
        let (estimated, on_roads, stranded) = match times {
            Times::Estimated => (true, false, false),
            Times::OnRoads { estimated, stranded, .. } => (estimated, true, stranded),
        };
        Legend {
            metric: self.slug(),
            attribute,
            second,
            title,
            unit,
            classes,
            no_data: NO_DATA,
            no_road: (stranded && matches!(self, Self::AccessMin | Self::Need)).then_some(NO_ROAD),
            estimated: estimated && measured,
            method_label: measured.then_some(times.label(mode)),
            hatch: (hatched && measured).then_some("Bord des données\u{202f}: résultat incertain"),
            estimated_hatch: (on_roads && estimated && measured)
                .then_some("Temps estimé, au moins en partie"),
        }
    }
}

/// Six classes that follow one another.
fn ramp(colours: [&'static str; 6], breaks: [f64; 5], labels: [&'static str; 6]) -> Vec<Class> {
    let bound = |i: usize| breaks.get(i).copied();
    let class = |i: usize| Class {
        label: labels[i],
        colour: colours[i],
        min: i.checked_sub(1).and_then(bound),
        max: bound(i),
        second: None,
    };
    (0..colours.len()).map(class).collect()
}

impl Times {
    /// `routed` when everyone's is, `estimated` when nobody's is, else `mixed`.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Estimated | Self::OnRoads { routed: false, .. } => "estimated",
            Self::OnRoads { estimated: true, .. } => "mixed",
            Self::OnRoads { estimated: false, .. } => "routed",
        }
    }

    /// What says so on the map.
    fn label(self, mode: Mode) -> &'static str {
        match self {
            Self::OnRoads { routed: true, estimated: false, .. } => "Temps calculés sur le réseau routier",
            Self::OnRoads { routed: true, estimated: true, .. } => {
                "Temps calculés sur le réseau routier, estimés à vol d'oiseau par endroits (hachures)"
            }
            Self::Estimated | Self::OnRoads { routed: false, .. } => match mode {
                Mode::Car => "Temps estimés, calés sur l'Isère",
                Mode::Bike | Mode::Walk => "Temps estimés, non validés pour ce mode",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// L*a*b* (CIE 1976, D65) of an sRGB colour.
    fn lab(colour: &str) -> [f64; 3] {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("hex");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        let rgb = [1, 3, 5].map(channel);
        let toward = |weights: [f64; 3], white: f64| {
            let light = weights.iter().zip(rgb).map(|(weight, part)| weight * part).sum::<f64>() / white;
            if light > 0.008_856 { light.cbrt() } else { 7.787 * light + 16.0 / 116.0 }
        };
        let red = toward([0.4124, 0.3576, 0.1805], 0.9505);
        let green = toward([0.2126, 0.7152, 0.0722], 1.0);
        let blue = toward([0.0193, 0.1192, 0.9505], 1.089);
        [116.0 * green - 16.0, 500.0 * (red - green), 200.0 * (green - blue)]
    }

    /// How far apart two colours are for the eye: about 2 can just be told, 10 at a glance.
    fn difference(one: &str, other: &str) -> f64 {
        let (one, other) = (lab(one), lab(other));
        one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn classes_follow_one_another_without_gap_in_distinct_colours() {
        for metric in Metric::ALL {
            let times = Times::OnRoads { routed: true, estimated: true, stranded: true };
            let legend = metric.legend(Mode::Car, times, true);
            for row in legend.classes.chunk_by(|a, b| a.min == b.min) {
                for pair in row.windows(2) {
                    let [low, high] = [pair[0], pair[1]].map(|class| class.second.expect("a second"));
                    assert_eq!(low.max, high.min);
                    assert_eq!(pair[0].max, pair[1].max);
                }
            }
            let rows: Vec<Class> = legend.classes.chunk_by(|a, b| a.min == b.min).map(|row| row[0]).collect();
            assert!(rows.windows(2).all(|pair| pair[0].max == pair[1].min && pair[0].min < pair[0].max));
            let colours: BTreeSet<&str> = legend.classes.iter().map(|class| class.colour).collect();
            assert_eq!(colours.len(), legend.classes.len());
            assert_eq!(legend.classes.iter().all(|class| class.second.is_some()), legend.second.is_some());
            for unvalued in [Some(legend.no_data), legend.no_road].into_iter().flatten() {
                for class in &legend.classes {
                    let apart = difference(class.colour, unvalued.colour);
                    assert!(apart > 10.0, "{} and {}: {apart}", class.label, unvalued.label);
                }
            }
            assert_eq!(Metric::from_slug(metric.slug()), Some(metric));
        }
    }

    #[test]
    fn a_legend_says_whether_times_follow_roads_and_explains_each_hatch_it_announces() {
        let on_roads = |routed, estimated| Times::OnRoads { routed, estimated, stranded: false };
        let legend = |times| Metric::AccessMin.legend(Mode::Walk, times, false);
        let routed = legend(on_roads(true, false));
        assert_eq!(routed.method_label, Some("Temps calculés sur le réseau routier"));
        assert_eq!((routed.estimated, routed.estimated_hatch, routed.no_road), (false, None, None));
        let mixed = legend(on_roads(true, true));
        assert!(mixed.method_label.is_some_and(|label| label.ends_with("par endroits (hachures)")));
        assert!(mixed.estimated && mixed.estimated_hatch.is_some());
        // Without roads nothing is hatched: all is estimated, and the sentence says it.
        let estimated = legend(Times::Estimated);
        assert_eq!(estimated.method_label, Some("Temps estimés, non validés pour ce mode"));
        assert_eq!((estimated.estimated, estimated.estimated_hatch), (true, None));
        assert_eq!(legend(on_roads(false, true)).method_label, estimated.method_label);
        assert_eq!(Metric::Fragility.legend(Mode::Walk, on_roads(true, true), true).method_label, None);
    }
}
