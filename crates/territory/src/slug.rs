//! Names as they are typed: without accents, case or punctuation.

/// The slug of a name: accents dropped, lower case, any other run of characters becomes `-`.
///
/// ```
/// assert_eq!(territory::slug::slug("Aide aux démarches administratives"), "aide-aux-demarches-administratives");
/// assert_eq!(territory::slug::slug("L'Abergement-Clémenciat"), "l-abergement-clemenciat");
/// ```
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for c in deunicode::deunicode(name).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn a_slug_forgets_accents_case_apostrophes_and_ends() {
        assert_eq!(slug("Formé à « DUPLEX » (illettrisme)"), "forme-a-duplex-illettrisme");
        assert_eq!(slug("Point d’accès numérique CAF"), slug("POINT D'ACCES NUMERIQUE CAF"));
        assert_eq!(slug("  À distance "), "a-distance");
        assert_eq!(slug("«»"), "");
    }
}
