//! French text as it is compared: lower case, no accents, one apostrophe, one dash.

/// A text without accents nor case, its typographic signs made plain; every other character stays.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
            continue;
        }
        match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' | 'À' | 'Â' | 'Ä' | 'Á' | 'Ã' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => folded.push('e'),
            'î' | 'ï' | 'í' | 'ì' | 'Î' | 'Ï' | 'Í' | 'Ì' => folded.push('i'),
            'ô' | 'ö' | 'ó' | 'ò' | 'Ô' | 'Ö' | 'Ó' | 'Ò' => folded.push('o'),
            'ù' | 'û' | 'ü' | 'ú' | 'Ù' | 'Û' | 'Ü' | 'Ú' => folded.push('u'),
            'ç' | 'Ç' => folded.push('c'),
            'ÿ' | 'Ÿ' => folded.push('y'),
            'ñ' | 'Ñ' => folded.push('n'),
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            '’' | '‘' | '´' | '`' => folded.push('\''),
            '–' | '—' | '‐' | '‑' | '−' => folded.push('-'),
            // Spaces that do not break, narrow or not.
            '\u{a0}' | '\u{202f}' | '\u{2009}' => folded.push(' '),
            // A combining accent after its letter, or nothing at all.
            '\u{300}'..='\u{36f}' | '\u{200b}' | '\u{feff}' => {}
            c => folded.extend(c.to_lowercase()),
        }
    }
    folded
}

/// A text made for looking terms up: folded, `_` and any run of spaces as one space.
pub(crate) fn words(text: &str) -> String {
    let folded = fold(text);
    folded
        .split(|c: char| c.is_whitespace() || c == '_')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether a text holds a term, both as [`words`] gives them, from the start of a word on: `atelier`
/// is in «les ateliers», `pe` is not in «type».
pub(crate) fn holds(text: &str, term: &str) -> bool {
    let bound = term.starts_with(char::is_alphanumeric);
    !term.is_empty()
        && text
            .match_indices(term)
            .any(|(at, _)| !bound || !text[..at].chars().next_back().is_some_and(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_typography_make_no_difference() {
        assert_eq!(fold("Été – L’Œuvre\u{a0}À"), "ete - l'oeuvre a");
        assert_eq!(words(" Je_ne  sais\tpas_"), "je ne sais pas");
    }

    #[test]
    fn a_term_begins_at_a_word() {
        assert!(holds("les ateliers numeriques", "atelier") && holds("5 € l'an", "€"));
        assert!(!holds("type", "pe") && !holds("abc", ""));
        assert!(holds("type pe", "pe"));
    }
}
