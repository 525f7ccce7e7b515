//! Territories by what people type.

use std::cmp::Reverse;

use crate::gazetteer::Gazetteer;
use crate::measure::Inhabitants;
use crate::perimeter::Territory;
use crate::slug::slug;

/// How well a name matches what was typed, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// It is the name, or the code.
    Whole,
    /// The name begins so.
    Beginning,
    /// The words follow one another in the name.
    Phrase,
    /// The name has all the words, in any order.
    Words,
    /// The letters are within the name.
    Letters,
}

/// A name, or what was typed of one, ready to be compared.
struct Name {
    words: Vec<String>,
    slug: String,
}

impl Name {
    /// Without accents, case, punctuation nor leading article; `st` and `ste` are short for Saint and Sainte.
    fn new(text: &str) -> Self {
        let slug = slug(text);
        let mut words: Vec<String> = slug
            .split('-')
            .map(|word| match word {
                "st" => "saint".to_owned(),
                "ste" => "sainte".to_owned(),
                word => word.to_owned(),
            })
            .collect();
        if words.len() > 1 && ["l", "le", "la", "les"].contains(&words[0].as_str()) {
            words.remove(0);
        }
        Self { slug: words.join("-"), words }
    }

    /// Whether some words begin with those typed, of which the last may be unfinished.
    fn opens(&self, words: &[String]) -> bool {
        let Some((last, finished)) = self.words.split_last() else { return false };
        words.len() > finished.len()
            && words.starts_with(finished)
            && words[finished.len()].starts_with(last.as_str())
    }

    fn matches(&self, name: &Self) -> Option<Match> {
        if self.words == name.words {
            Some(Match::Whole)
        } else if self.opens(&name.words) {
            Some(Match::Beginning)
        } else if (1..name.words.len()).any(|from| self.opens(&name.words[from..])) {
            Some(Match::Phrase)
        } else if self.words.iter().all(|typed| name.words.iter().any(|word| word.starts_with(typed))) {
            Some(Match::Words)
        } else {
            name.slug.contains(&self.slug).then_some(Match::Letters)
        }
    }
}

impl Gazetteer {
    /// The territories whose name holds the words typed: the best match first, then the most populated.
    ///
    /// Accents, case, hyphens, a leading article and the order of words make no difference, nor does
    /// `st` for Saint; a code typed whole is found.
    pub fn search(&self, text: &str, limit: usize) -> Vec<Territory> {
        let typed = Name::new(text);
        if typed.slug.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(Match, Reverse<u32>, Territory)> = Vec::new();
        let mut offer = |name: &str, code: &str, territory: Territory| {
            let exact = !code.is_empty() && code.eq_ignore_ascii_case(text.trim());
            let matched = if exact { Some(Match::Whole) } else { typed.matches(&Name::new(name)) };
            if let Some(matched) = matched {
                let people = self.members(&territory).into_iter().flatten();
                let people: Inhabitants = people.map(|i| self.commune(i).population).sum();
                found.push((matched, Reverse(people.0), territory));
            }
        };
        for r in self.regions() {
            offer(&r.name, "", Territory::Region(r.code));
        }
        for d in self.departements() {
            offer(&d.name, d.code.as_str(), Territory::Departement(d.code));
        }
        for e in self.epcis() {
            offer(&e.name, e.code.as_str(), Territory::Epci(e.code));
        }
        for e in self.epts() {
            offer(&e.name, e.code.as_str(), Territory::Epci(e.code));
        }
        for a in self.living_areas() {
            offer(&a.name, "", Territory::LivingArea(a.code));
        }
        for h in self.hubs() {
            offer(&h.name, &h.code, Territory::Hub(h.code.clone()));
        }
        for c in self.communes() {
            offer(&c.name, c.code.as_str(), Territory::Commune(c.code));
        }
        found.sort();
        found.into_iter().take(limit).map(|(_, _, territory)| territory).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn matched(typed: &str, name: &str) -> Option<Match> {
        Name::new(typed).matches(&Name::new(name))
    }

    #[test]
    fn accents_case_hyphens_and_articles_make_no_difference() {
        for (typed, name) in [
            ("puy de dome", "Puy-de-Dôme"),
            ("le puy-de-dôme", "Puy-de-Dôme"),
            ("PUY EN VELAY", "Le Puy-en-Velay"),
            ("isle d abeau", "L'Isle-d'Abeau"),
            ("l\u{2019}isle-d\u{2019}abeau", "L'Isle-d'Abeau"),
            ("st etienne", "Saint-Étienne"),
            ("ste-foy les lyon", "Sainte-Foy-lès-Lyon"),
            ("la loire", "Loire"),
        ] {
            assert_eq!(matched(typed, name), Some(Match::Whole), "{typed}");
        }
    }

    #[test]
    fn the_closer_to_the_name_the_sooner_it_is_found() {
        let name = "Clermont Auvergne Métropole";
        assert_eq!(matched("clerm", name), Some(Match::Beginning));
        assert_eq!(matched("clermont auv", name), Some(Match::Beginning));
        assert_eq!(matched("auvergne met", name), Some(Match::Phrase));
        assert_eq!(matched("metropole clermont", name), Some(Match::Words));
        assert_eq!(matched("ropole", name), Some(Match::Letters));
        assert_eq!(matched("lyon", name), None);
        assert_eq!(matched("le", "Lens"), Some(Match::Beginning), "an article alone may be a beginning");
    }

    proptest! {
        #[test]
        fn a_name_finds_itself_however_it_is_cut(name in "[A-Za-zÀ-ÿ' -]{1,20}", kept in 1usize..20) {
            let typed: String = name.chars().take(kept).collect();
            prop_assume!(!slug(&typed).is_empty());
            prop_assert!(matched(&name, &name) == Some(Match::Whole));
            let _ = matched(&typed, &name);
        }
    }
}
