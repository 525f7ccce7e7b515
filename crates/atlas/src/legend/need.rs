//! «Besoin»: how far help is and how fragile people are, at once.

use super::{Class, Range};

/// Drawn by rows of one colour.
pub(super) const FIRST: &str = "access_min";

/// Drawn along each row.
pub(super) const SECOND: &str = "fragility";

const MINUTES: [f64; 2] = [10.0, 20.0];

const INDEXES: [f64; 2] = [5.0, 7.0];

/// Purple with the minutes, teal with the index, darkest where both are high: the colour-blind friendly scheme of
/// Joshua Stevens, "Bivariate Choropleth Maps: A How-to Guide" (2015), as `stevens.pinkblue` of the R package `pals`
/// has it, but for the first: its light grey would be read as no data.
const COLOURS: [[&str; 3]; 3] =
    [["#f3e8c0", "#ace4e4", "#5ac8c8"], ["#dfb0d6", "#a5add3", "#5698b9"], ["#be64ac", "#8c62aa", "#3b4994"]];

const LABELS: [[&str; 3]; 3] = [
    [
        "proche et peu fragile\u{202f}: moins de 10\u{a0}min, indice inférieur à 5",
        "proche et assez fragile\u{202f}: moins de 10\u{a0}min, indice de 5 à 7",
        "proche et fragile\u{202f}: moins de 10\u{a0}min, indice de 7 et plus",
    ],
    [
        "assez loin et peu fragile\u{202f}: 10 à 20\u{a0}min, indice inférieur à 5",
        "assez loin et assez fragile\u{202f}: 10 à 20\u{a0}min, indice de 5 à 7",
        "assez loin et fragile\u{202f}: 10 à 20\u{a0}min, indice de 7 et plus",
    ],
    [
        "loin et peu fragile\u{202f}: 20\u{a0}min et plus, indice inférieur à 5",
        "loin et assez fragile\u{202f}: 20\u{a0}min et plus, indice de 5 à 7",
        "loin et fragile\u{202f}: 20\u{a0}min et plus, indice de 7 et plus",
    ],
];

/// The nine, from near and hardly fragile to far and fragile.
pub(super) fn classes() -> Vec<Class> {
    let range = |breaks: [f64; 2], rank: usize| Range {
        min: rank.checked_sub(1).map(|before| breaks[before]),
        max: breaks.get(rank).copied(),
    };
    let class = |(row, column): (usize, usize)| {
        let Range { min, max } = range(MINUTES, row);
        let second = Some(range(INDEXES, column));
        Class { label: LABELS[row][column], colour: COLOURS[row][column], min, max, second }
    };
    (0..3).flat_map(|row| (0..3).map(move |column| (row, column))).map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_far_and_fragile_are_last_and_darkest() {
        let classes = classes();
        let light = |class: &Class| {
            let parts = [1, 3, 5].map(|at| u32::from_str_radix(&class.colour[at..at + 2], 16).expect("hex"));
            parts.iter().sum::<u32>()
        };
        let (last, others) = classes.split_last().expect("classes");
        assert_eq!((last.min, last.second), (Some(20.0), Some(Range { min: Some(7.0), max: None })));
        assert!(last.label.starts_with("loin et fragile"));
        assert!(others.iter().all(|class| light(class) > light(last)));
    }
}
