//! Which communes the postcode and the name of an address mean.

use std::collections::{BTreeMap, BTreeSet};

use territory::slug::slug;
use territory::{CommuneCode, DepartementCode};

/// Names and postcodes of communes, delegated and associated ones and arrondissements, each of the
/// commune of today.
#[derive(Debug, Default)]
pub(crate) struct Postal {
    by_postcode: BTreeMap<String, BTreeMap<CommuneCode, BTreeSet<String>>>,
    by_name: BTreeMap<(DepartementCode, String), BTreeSet<CommuneCode>>,
    everywhere: BTreeMap<String, BTreeSet<CommuneCode>>,
}

impl Postal {
    /// Adds a name and its postcodes for a commune of today.
    pub(crate) fn add(&mut self, today: CommuneCode, name: &str, postcodes: &[String]) {
        let name = bare(name);
        for postcode in postcodes {
            let communes = self.by_postcode.entry(postcode.clone()).or_default();
            communes.entry(today).or_default().insert(name.clone());
        }
        self.everywhere.entry(name.clone()).or_default().insert(today);
        self.by_name.entry((today.departement(), name)).or_default().insert(today);
    }

    /// The commune of a name that no other bears.
    pub(crate) fn only(&self, name: &str) -> Option<CommuneCode> {
        let bearers = self.everywhere.get(&bare(name))?;
        bearers.first().copied().filter(|_| bearers.len() == 1)
    }

    /// The postcode of a commune that has only one.
    pub(crate) fn only_postcode(&self, commune: CommuneCode) -> Option<String> {
        let mut postcodes = self.by_postcode.iter().filter(|(_, communes)| communes.contains_key(&commune));
        let (postcode, _) = postcodes.next()?;
        postcodes.next().is_none().then(|| postcode.clone())
    }

    /// The communes of a name among those of a postcode; else, since people write the postcode of the
    /// head office or a CEDEX, among those of its département. Several when the name is that of several.
    pub(crate) fn communes(&self, postcode: &str, name: &str) -> BTreeSet<CommuneCode> {
        let (Some(postcode), name) = (five_digits(postcode), bare(name)) else {
            return BTreeSet::new();
        };
        if name.is_empty() {
            return BTreeSet::new();
        }
        let among = self.by_postcode.get(&postcode).into_iter().flatten();
        let found: BTreeSet<CommuneCode> =
            among.filter(|(_, names)| names.contains(&name)).map(|(code, _)| *code).collect();
        if !found.is_empty() {
            return found;
        }
        let there = self.departements(&postcode).into_iter();
        there
            .filter_map(|departement| self.by_name.get(&(departement, name.clone())))
            .flatten()
            .copied()
            .collect()
    }

    /// The départements of a postcode: those of its communes; of one in no table, what its first digits
    /// say (20 is either half of Corsica).
    pub(crate) fn departements(&self, postcode: &str) -> BTreeSet<DepartementCode> {
        let Some(postcode) = five_digits(postcode) else {
            return BTreeSet::new();
        };
        if let Some(communes) = self.by_postcode.get(&postcode) {
            return communes.keys().map(CommuneCode::departement).collect();
        }
        let codes: &[&str] = match (postcode.as_str(), &postcode[..2]) {
            // Saint-Barthélemy and Saint-Martin kept the postcodes of Guadeloupe.
            ("97133", _) => &["977"],
            ("97150", _) => &["978"],
            (_, "20") => &["2A", "2B"],
            (_, "97" | "98") => &[&postcode[..3]],
            (_, two) => &[two],
        };
        codes.iter().filter_map(|code| code.parse().ok()).collect()
    }
}

/// A postcode as five digits: a spreadsheet drops a leading zero or adds `.0`. Only to know where an
/// address may be; the value itself is reported elsewhere.
fn five_digits(text: &str) -> Option<String> {
    let digits = text.trim().trim_end_matches(".0");
    let whole = (4..=5).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    whole.then(|| format!("{digits:0>5}")).filter(|postcode| postcode != "00000")
}

/// A name of commune without what people write in many ways: accents, case, hyphens, the leading
/// article, `St`, CEDEX, post-office boxes, numbers of arrondissement.
fn bare(name: &str) -> String {
    let slug = slug(name);
    let words = slug.split('-').filter(|word| {
        let numbered = word.starts_with(|c: char| c.is_ascii_digit());
        !(numbered || ["cedex", "bp", "cs", "arrondissement"].contains(word))
    });
    let mut words = words.skip_while(|word| ["le", "la", "les", "l"].contains(word)).peekable();
    let mut bare = String::with_capacity(slug.len());
    while let Some(word) = words.next() {
        bare.push_str(match word {
            "st" if words.peek().is_some() => "saint",
            "ste" if words.peek().is_some() => "sainte",
            word => word,
        });
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::tests::code;

    fn small() -> Postal {
        let mut postal = Postal::default();
        let postcodes = |list: &[&str]| list.iter().map(|&p| p.to_owned()).collect::<Vec<_>>();
        postal.add(code("13055"), "Marseille", &postcodes(&["13001", "13014"]));
        postal.add(code("26301"), "Saint-Donat-sur-l'Herbasse", &postcodes(&["26260"]));
        postal.add(code("26002"), "Albon", &postcodes(&["26140"]));
        postal.add(code("97222"), "Le François", &postcodes(&["97240"]));
        postal.add(code("2A004"), "Ajaccio", &postcodes(&["20000"]));
        postal
    }

    #[test]
    fn a_name_is_known_in_the_ways_people_write_it() {
        let found = |postcode, name| small().communes(postcode, name).into_iter().collect::<Vec<_>>();
        for (postcode, name, expected) in [
            ("13014", "MARSEILLE 14", "13055"),
            ("13014", "Marseille 14e Arrondissement", "13055"),
            ("13014.0", "marseille cedex 03", "13055"),
            ("26260", "St Donat sur lHerbasse", "26301"),
            ("26999", "SAINT-DONAT-SUR-L'HERBASSE", "26301"),
            ("97240", "FRANÇOIS", "97222"),
            ("20000", "ajaccio", "2A004"),
            ("20189", "Ajaccio", "2A004"),
        ] {
            assert_eq!(found(postcode, name), [code(expected)], "{postcode} {name}");
        }
        for (postcode, name) in
            [("13001", "Albon"), ("", "Albon"), ("26140", ""), ("00000", "Albon"), ("é", "Albon")]
        {
            assert!(found(postcode, name).is_empty(), "{postcode} {name}");
        }
    }

    #[test]
    fn a_name_of_two_communes_is_no_name() {
        let mut postal = small();
        assert_eq!(postal.only("le françois"), Some(code("97222")));
        postal.add(code("01001"), "Le François", &[]);
        assert_eq!(postal.only("le françois"), None);
    }

    #[test]
    fn a_postcode_tells_its_departement() {
        let found = |postcode| {
            let found = small().departements(postcode).into_iter();
            found.map(|d| d.as_str().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found("1000"), ["01"]);
        assert_eq!(found("20000"), ["2A"]);
        assert_eq!(found("20290"), ["2A", "2B"]);
        assert_eq!(found("97100"), ["971"]);
        assert_eq!(found("97133"), ["977"]);
        assert!(found("123").is_empty() && found("ABCDE").is_empty());
    }
}
