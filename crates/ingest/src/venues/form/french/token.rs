//! Words, days, times and signs of a French text.

use super::MIDNIGHT;

/// A piece of a folded text; spaces separate and are nothing themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A day of the week, Monday 0.
    Day(usize),
    /// A time, in minutes since midnight.
    Time(u16),
    /// A number without unit.
    Number(u16),
    Word(String),
    Mark(char),
}

const DAYS: [(&str, &str); 7] = [
    ("lundi", "lun"),
    ("mardi", "mar"),
    ("mercredi", "mer"),
    ("jeudi", "jeu"),
    ("vendredi", "ven"),
    ("samedi", "sam"),
    ("dimanche", "dim"),
];

/// The pieces of a folded text; none when a number in it can be no hour.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        if c.is_whitespace() {
            at += 1;
        } else if c.is_ascii_digit() {
            let (token, end) = number(&chars, at)?;
            tokens.push(token);
            at = end;
        } else if c.is_alphabetic() {
            let end = run(&chars, at, char::is_alphabetic);
            let word: String = chars[at..end].iter().collect();
            at = end;
            tokens.push(day(&word).map_or(Token::Word(word), Token::Day));
        } else {
            // The apostrophe of «d'ouverture» separates two words.
            if c != '\'' {
                tokens.push(Token::Mark(c));
            }
            at += 1;
        }
    }
    Some(tokens)
}

fn day(word: &str) -> Option<usize> {
    let one = word.strip_suffix('s').unwrap_or(word);
    DAYS.iter().position(|(name, short)| *name == one || *short == word)
}

/// One past the characters that are so, from `at` on.
fn run(chars: &[char], at: usize, is: impl Fn(char) -> bool) -> usize {
    at + chars[at..].iter().take_while(|c| is(**c)).count()
}

/// The value of at most two digits.
fn digits(chars: &[char]) -> Option<u16> {
    if chars.len() > 2 {
        return None;
    }
    chars.iter().try_fold(0_u16, |n, c| Some(n * 10 + c.to_digit(10)? as u16))
}

/// A time or a number, and where it ends.
fn number(chars: &[char], at: usize) -> Option<(Token, usize)> {
    let end = run(chars, at, |c| c.is_ascii_digit());
    let hours = digits(&chars[at..end])?;
    let space = |at| run(chars, at, |c| c == ' ');
    let unit = space(end);
    match chars.get(unit) {
        Some('h') => {
            let word_end = run(chars, unit, char::is_alphabetic);
            let word: String = chars[unit..word_end].iter().collect();
            if !matches!(word.as_str(), "h" | "heure" | "heures") {
                return None;
            }
            let from = space(word_end);
            let to = run(chars, from, |c| c.is_ascii_digit());
            // In «16 h 18 h» 18 is no minutes, and in «9h 12:30» neither is 12.
            let apart = from > word_end;
            let of_another = apart && matches!(chars.get(space(to)), Some('h' | ':'));
            if to == from || of_another {
                return Some((time(hours, 0)?, word_end));
            }
            (to - from == 2).then_some(())?;
            Some((time(hours, digits(&chars[from..to])?)?, to))
        }
        Some(':' | '.') => {
            let to = run(chars, unit + 1, |c| c.is_ascii_digit());
            if to - (unit + 1) != 2 {
                return Some((Token::Number(hours), end));
            }
            let minutes = digits(&chars[unit + 1..to])?;
            // Seconds, always none.
            let seconds: String = chars[to..].iter().take(3).collect();
            let next = chars.get(to + 3).copied();
            if seconds == ":00" && !next.is_some_and(|c| c.is_ascii_digit() || c == ':') {
                return Some((time(hours, minutes)?, to + 3));
            }
            Some((time(hours, minutes)?, to))
        }
        _ => Some((Token::Number(hours), end)),
    }
}

fn time(hours: u16, minutes: u16) -> Option<Token> {
    let all = hours * 60 + minutes;
    (minutes < 60 && all <= MIDNIGHT).then_some(Token::Time(all))
}
