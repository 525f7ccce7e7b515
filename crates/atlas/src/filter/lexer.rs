//! The words of a filter (OGC 21-065r2, annex B).

use super::Refused;

/// What a word means.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A keyword, a function or a property.
    Word(String),
    /// A property between double quotes, never a keyword.
    Quoted(String),
    /// A text between single quotes.
    Text(String),
    /// A number, its sign included; finite.
    Number(f64),
    /// Punctuation: `(` `)` `,` `=` `<>` `<` `>` `<=` `>=`.
    Symbol(&'static str),
}

/// A word and the rank of its first character, from 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexeme {
    pub(super) token: Token,
    pub(super) at: usize,
}

/// The longest first: `<=` is not `<` then `=`.
const SYMBOLS: [&str; 9] = ["<>", "<=", ">=", "(", ")", ",", "=", "<", ">"];

/// Cuts a filter into words.
pub(super) fn cut(text: &str) -> Result<Vec<Lexeme>, Refused> {
    let mut cursor = Cursor { rest: text, at: 1 };
    let mut lexemes = Vec::new();
    while let Some(first) = cursor.rest.chars().next() {
        let at = cursor.at;
        let token = if first.is_whitespace() {
            cursor.skip(first.len_utf8());
            continue;
        } else if first == '\'' || first == '"' {
            cursor.quoted(first)?
        } else if first.is_ascii_digit() || matches!(first, '+' | '-' | '.') {
            cursor.number()?
        } else if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| cursor.rest.starts_with(symbol)) {
            cursor.skip(symbol.len());
            Token::Symbol(symbol)
        } else if starts_word(first) {
            Token::Word(cursor.take_while(continues_word).to_owned())
        } else {
            return Err(Refused::at(at, format!("{first:?} means nothing here")));
        };
        lexemes.push(Lexeme { token, at });
    }
    Ok(lexemes)
}

fn starts_word(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '_' | ':')
}

fn continues_word(c: char) -> bool {
    starts_word(c) || c.is_numeric() || c == '.'
}

struct Cursor<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn skip(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.at += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        self.skip(end)
    }

    /// A text or a name; its quote is doubled inside, and may follow a backslash in a text.
    fn quoted(&mut self, quote: char) -> Result<Token, Refused> {
        let began = self.at;
        let mut text = String::new();
        self.skip(1);
        loop {
            text.push_str(self.take_while(|c| c != quote && c != '\\'));
            let doubled = [quote, quote].iter().collect::<String>();
            if self.rest.starts_with(&doubled) || (quote == '\'' && self.rest.starts_with("\\'")) {
                self.skip(2);
                text.push(quote);
            } else if self.rest.starts_with('\\') {
                text.push_str(self.skip(1));
            } else if self.rest.is_empty() {
                return Err(Refused::at(began, format!("the {quote} opened here is not closed")));
            } else {
                self.skip(1);
                return Ok(if quote == '"' { Token::Quoted(text) } else { Token::Text(text) });
            }
        }
    }

    /// `12`, `-12.5`, `.5`, `1e3`.
    fn number(&mut self) -> Result<Token, Refused> {
        let began = self.at;
        let bytes = self.rest.as_bytes();
        let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
        let mut end = digits(start);
        if bytes.get(end) == Some(&b'.') {
            end = digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if digits(signed) > signed {
                end = digits(signed);
            }
        }
        let number = self.rest[..end].parse::<f64>().ok().filter(|number| number.is_finite());
        let stuck = self.rest[end..].starts_with(continues_word);
        match number {
            Some(number) if !stuck => {
                self.skip(end);
                Ok(Token::Number(number))
            }
            _ => Err(Refused::at(began, "not a number; arithmetic is not understood")),
        }
    }
}
