//! Names and addresses cut into words that can be compared.

use territory::slug::slug;

/// A word and how much it counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) weight: f64,
}

/// What a word that tells one venue from another counts.
pub(super) const OWN: f64 = 1.0;

/// What a word counts that half of the venues could have: «espace», «municipale», «rue».
pub(super) const GENERIC: f64 = 0.3;

/// What the name of the commune counts: both venues stand in it.
pub(super) const COMMUNE: f64 = 0.2;

/// Words that say nothing.
const SILENT: [&str; 18] = [
    "de", "du", "des", "d", "la", "le", "les", "l", "et", "a", "au", "aux", "en", "par", "pour", "ou", "un",
    "une",
];

/// Abbreviations met in real names and addresses, in the singular.
const ABBREVIATIONS: [(&str, &str); 40] = [
    ("all", "allee"),
    ("asso", "association"),
    ("ass", "association"),
    ("assoc", "association"),
    ("av", "avenue"),
    ("ave", "avenue"),
    ("bat", "batiment"),
    ("bd", "boulevard"),
    ("bib", "bibliotheque"),
    ("biblio", "bibliotheque"),
    ("bld", "boulevard"),
    ("blvd", "boulevard"),
    ("boul", "boulevard"),
    ("bvd", "boulevard"),
    ("ch", "chemin"),
    ("chem", "chemin"),
    ("che", "chemin"),
    ("cr", "cours"),
    ("crs", "cours"),
    ("ctre", "centre"),
    ("dr", "docteur"),
    ("esp", "espace"),
    ("fbg", "faubourg"),
    ("fg", "faubourg"),
    ("gal", "general"),
    ("imp", "impasse"),
    ("laposte", "poste"),
    ("lot", "lotissement"),
    ("mal", "marechal"),
    ("mediatek", "mediatheque"),
    ("pdt", "president"),
    ("pl", "place"),
    ("qu", "quai"),
    ("r", "rue"),
    ("res", "residence"),
    ("rte", "route"),
    ("sq", "square"),
    ("st", "saint"),
    ("ste", "sainte"),
    ("zac", "zone"),
];

/// The words of a text: a slug cut at its hyphens, silent words dropped, abbreviations written out,
/// the plural's `s` dropped from words of more than three letters.
pub(super) fn words(text: &str) -> Vec<String> {
    slug(text).split('-').filter(|word| !word.is_empty() && !SILENT.contains(word)).map(plain).collect()
}

fn plain(word: &str) -> String {
    let written_out = ABBREVIATIONS.iter().find(|(short, _)| *short == word).map_or(word, |(_, long)| long);
    let singular = written_out.strip_suffix('s').filter(|_| written_out.len() > 3 && !is_number(written_out));
    singular.unwrap_or(written_out).to_owned()
}

/// Whether a word is a number, be it an ordinal: `3`, `3e`, `1er`, `12bis`.
pub(super) fn is_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether two words are the same but for a typing error: one in five letters, two in nine. The first
/// letter is never the wrong one.
pub(super) fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let shortest = a.len().min(b.len());
    let errors = match shortest {
        0..5 => return false,
        5..9 => 1,
        _ => 2,
    };
    a.as_bytes().first() == b.as_bytes().first()
        && !is_number(a)
        && a.len().abs_diff(b.len()) <= errors
        && strsim::osa_distance(a, b) <= errors
}

/// How alike two sets of words are, from 0 to 1: the mean of two shares.
///
/// `½ · (common / all) + ½ · max(common in a / a, common in b / b)`, each word by its weight: the first
/// is Dice's coefficient, the second is 1 when one text holds the other («Mairie», «Mairie annexe»).
pub(super) fn likeness(a: &[Word], b: &[Word]) -> f64 {
    let mut taken = vec![false; b.len()];
    let (mut common_a, mut common_b) = (0.0, 0.0);
    for word in a {
        let free = |i: &usize| !taken[*i];
        let exact = (0..b.len()).filter(free).find(|i| b[*i].text == word.text);
        let twin = exact.or_else(|| (0..b.len()).filter(free).find(|i| same(&word.text, &b[*i].text)));
        if let Some(i) = twin {
            taken[i] = true;
            common_a += word.weight;
            common_b += b[i].weight;
        }
    }
    let total = |words: &[Word]| words.iter().map(|word| word.weight).sum::<f64>();
    let (all_a, all_b) = (total(a), total(b));
    if all_a <= 0.0 || all_b <= 0.0 {
        return 0.0;
    }
    let dice = (common_a + common_b) / (all_a + all_b);
    let held = (common_a / all_a).max(common_b / all_b);
    f64::midpoint(dice, held).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn own(text: &str) -> Vec<Word> {
        words(text).into_iter().map(|text| Word { text, weight: OWN }).collect()
    }

    #[test]
    fn accents_plurals_articles_and_abbreviations_make_no_difference() {
        assert_eq!(words("Bd. des Écoles"), words("boulevard de l'École"));
        assert_eq!(words("«  »"), Vec::<String>::new());
    }

    #[test]
    fn one_typing_error_is_forgiven_in_a_word_and_none_in_a_number() {
        assert!(same("mitterrand", "miterrand") && same("moulin", "mouiln"));
        assert!(!same("rene", "irene") && !same("2021a", "2021b") && !same("paul", "saul"));
    }

    #[test]
    fn a_text_within_another_is_more_like_it_than_dice_says() {
        assert!((likeness(&own("jean moulin"), &own("jean moulin")) - 1.0).abs() < 1e-9);
        let held = likeness(&own("jean moulin"), &own("espace jean moulin nord"));
        assert!((held - f64::midpoint(4.0 / 6.0, 1.0)).abs() < 1e-9, "{held}");
        assert!(likeness(&own("a1"), &[]) == 0.0);
    }

    proptest! {
        #[test]
        fn any_two_texts_compare_without_panic(a in "\\PC{0,40}", b in "\\PC{0,40}") {
            let likeness = likeness(&own(&a), &own(&b));
            prop_assert!((0.0..=1.0).contains(&likeness));
        }
    }
}
