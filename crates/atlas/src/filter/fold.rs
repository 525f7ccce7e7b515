//! Texts compared without their case or without their accents, and LIKE.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a comparison does not look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fold {
    /// `CASEI`: case.
    Case,
    /// `ACCENTI`: accents and the other marks of letters.
    Accents,
}

impl Fold {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Case => "CASEI",
            Self::Accents => "ACCENTI",
        }
    }

    /// The text without them.
    ///
    /// Case: each character in capitals, then small, which is Unicode's full case folding but for a few
    /// historic letters (`ß` is `ss`, a final `ς` is `σ`). Accents: what canonical decomposition (NFD) sets
    /// apart as a mark is dropped, the rest composed again; `œ` and `ø` are letters of their own.
    pub(crate) fn apply(self, text: &str) -> String {
        match self {
            Self::Case if text.is_ascii() => text.to_ascii_lowercase(),
            Self::Accents if text.is_ascii() => text.to_owned(),
            Self::Case => text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect(),
            Self::Accents => text.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect(),
        }
    }
}

/// A piece of a LIKE pattern.
enum Piece {
    /// `%`: any run of characters.
    Any,
    /// `_`: one character.
    One,
    /// This character; those of wildcards are escaped by `\`.
    Just(char),
}

/// Whether a text is like a pattern; no pattern takes more than the product of the two lengths.
pub(super) fn like(text: &str, pattern: &str) -> bool {
    let mut escaped = false;
    let pieces: Vec<Piece> = pattern
        .chars()
        .filter_map(|c| {
            let piece = match c {
                _ if escaped => Piece::Just(c),
                '\\' => {
                    escaped = true;
                    return None;
                }
                '%' => Piece::Any,
                '_' => Piece::One,
                _ => Piece::Just(c),
            };
            escaped = false;
            Some(piece)
        })
        .collect();
    let text: Vec<char> = text.chars().collect();
    let (mut t, mut p) = (0, 0);
    // Where the last `%` stands, and how far it reaches so far.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pieces.get(p) {
            Some(Piece::Any) => {
                star = Some((p, t));
                p += 1;
                continue;
            }
            Some(Piece::One) => {
                (t, p) = (t + 1, p + 1);
                continue;
            }
            Some(Piece::Just(c)) if *c == text[t] => {
                (t, p) = (t + 1, p + 1);
                continue;
            }
            _ => {}
        }
        let Some((at, reach)) = star else {
            return false;
        };
        star = Some((at, reach + 1));
        (t, p) = (reach + 1, at + 1);
    }
    pieces[p..].iter().all(|piece| matches!(piece, Piece::Any))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_stand_for_characters_and_backslashes_for_themselves_twice() {
        for (text, pattern, expected) in [
            ("Lyon", "Ly%", true),
            ("Lyon", "%yo%", true),
            ("Lyon", "ly%", false),
            ("Lyon", "L__n", true),
            ("Lyon", "L_n", false),
            ("", "%", true),
            ("", "", true),
            ("", "_", false),
            ("Évian", "_vian", true),
            ("50%", "50\\%", true),
            ("500", "50\\%", false),
            ("a\\b", "a\\\\b", true),
            ("abcabc", "%abc", true),
            ("abcabd", "%abc", false),
        ] {
            assert_eq!(like(text, pattern), expected, "{text:?} LIKE {pattern:?}");
        }
        assert!(!like(&"a".repeat(2_000), &"a%".repeat(1_000).replace('%', "%b%")));
    }

    #[test]
    fn accents_and_case_are_dropped_apart() {
        assert_eq!(Fold::Accents.apply("Évian-les-Bains, Cœur, Ça"), "Evian-les-Bains, Cœur, Ca");
        assert_eq!(Fold::Case.apply("ÉVIAN Straße ΣΑΣ"), "évian strasse σασ");
        assert_eq!(Fold::Case.apply("e\u{301}"), Fold::Case.apply("E\u{301}"));
    }
}
