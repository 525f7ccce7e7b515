//! From words to expressions, types checked on the way (OGC 21-065r2, annex B).

use super::lexer::{Lexeme, Token, cut};
use super::{Comparison, DEEPEST, Expression, Fold, Literal, MOST_CONDITIONS, Moment, Operand, Refused};
use crate::field::Kind;
use crate::layer::Layer;
use crate::property::{GEOMETRY, Property, names};

/// Words that name no property unless they stand between double quotes.
const KEYWORDS: [&str; 10] = ["AND", "OR", "NOT", "LIKE", "BETWEEN", "IN", "IS", "NULL", "TRUE", "FALSE"];

/// Reads a whole filter.
pub(super) fn expression(layer: Layer, text: &str) -> Result<Expression, Refused> {
    let lexemes = cut(text)?;
    let end = text.chars().count() + 1;
    let mut parser = Parser { layer, lexemes: &lexemes, end, depth: 0, conditions: 0 };
    let expression = parser.any()?;
    match parser.lexemes {
        [] => Ok(expression),
        _ => Err(parser.refused("expected AND, OR or the end")),
    }
}

pub(super) struct Parser<'a> {
    layer: Layer,
    lexemes: &'a [Lexeme],
    /// The rank after the last character.
    end: usize,
    depth: usize,
    conditions: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Number,
    Truth,
    Day,
    Timestamp,
}

impl Type {
    fn name(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Truth => "TRUE or FALSE",
            Self::Day => "a date",
            Self::Timestamp => "a timestamp",
        }
    }
}

impl Operand {
    fn kind(&self) -> Type {
        match self {
            Self::Property(property, _) => match property.kind {
                Kind::Text => Type::Text,
                Kind::Int | Kind::Float(_) => Type::Number,
                Kind::Bool => Type::Truth,
            },
            Self::Literal(Literal::Text(_)) => Type::Text,
            Self::Literal(Literal::Number(_)) => Type::Number,
            Self::Literal(Literal::Truth(_)) => Type::Truth,
            Self::Literal(Literal::Moment(Moment::Day(_))) => Type::Day,
            Self::Literal(Literal::Moment(Moment::Timestamp(..))) => Type::Timestamp,
        }
    }
}

impl<'a> Parser<'a> {
    pub(super) fn at(&self) -> usize {
        self.lexemes.first().map_or(self.end, |lexeme| lexeme.at)
    }

    pub(super) fn refused(&self, why: impl std::fmt::Display) -> Refused {
        Refused::at(self.at(), why)
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.lexemes.first().map(|lexeme| &lexeme.token)
    }

    pub(super) fn next(&mut self) -> Option<&'a Token> {
        let (first, rest) = self.lexemes.split_first()?;
        self.lexemes = rest;
        Some(&first.token)
    }

    pub(super) fn takes(&mut self, wanted: impl Fn(&Token) -> bool) -> bool {
        let there = self.peek().is_some_and(wanted);
        if there {
            self.next();
        }
        there
    }

    pub(super) fn takes_symbol(&mut self, symbol: &str) -> bool {
        self.takes(|token| matches!(token, Token::Symbol(s) if *s == symbol))
    }

    pub(super) fn takes_word(&mut self, keyword: &str) -> bool {
        self.takes(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(keyword)))
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), Refused> {
        if self.takes_symbol(symbol) { Ok(()) } else { Err(self.refused(format!("expected {symbol}"))) }
    }

    /// The word that opens a call, in capitals.
    pub(super) fn call(&self) -> Option<String> {
        match self.lexemes {
            [Lexeme { token: Token::Word(word), .. }, Lexeme { token: Token::Symbol("("), .. }, ..] => {
                let name = word.to_ascii_uppercase();
                (!KEYWORDS.contains(&name.as_str())).then_some(name)
            }
            _ => None,
        }
    }

    /// Reads something inside something else, not too deep: recursion must not exhaust the stack.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Refused>,
    ) -> Result<T, Refused> {
        if self.depth == DEEPEST {
            return Err(self.refused(format!("nested more than {DEEPEST} deep")));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// Counts a condition, of which there may not be too many: each costs a look at every feature.
    fn condition(&mut self) -> Result<(), Refused> {
        self.conditions += 1;
        if self.conditions > MOST_CONDITIONS {
            return Err(self.refused(format!("more than {MOST_CONDITIONS} conditions")));
        }
        Ok(())
    }

    fn any(&mut self) -> Result<Expression, Refused> {
        self.chain("OR", Self::all, Expression::Any)
    }

    fn all(&mut self) -> Result<Expression, Refused> {
        self.chain("AND", Self::factor, Expression::All)
    }

    fn chain(
        &mut self,
        word: &str,
        part: impl Fn(&mut Self) -> Result<Expression, Refused>,
        whole: impl Fn(Vec<Expression>) -> Expression,
    ) -> Result<Expression, Refused> {
        let first = part(self)?;
        if !self.takes_word(word) {
            return Ok(first);
        }
        let mut parts = vec![first, part(self)?];
        while self.takes_word(word) {
            parts.push(part(self)?);
        }
        Ok(whole(parts))
    }

    fn factor(&mut self) -> Result<Expression, Refused> {
        if self.takes_word("NOT") {
            return self.deeper(|parser| Ok(Expression::Not(Box::new(parser.factor()?))));
        }
        if self.takes_symbol("(") {
            let inner = self.deeper(Self::any)?;
            self.expect(")")?;
            return Ok(inner);
        }
        self.condition()?;
        if self.call().as_deref() == Some("S_INTERSECTS") {
            return self.intersects();
        }
        if self.takes(|token| matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(GEOMETRY))) {
            return self.presence_of_geometry();
        }
        self.predicate()
    }

    fn predicate(&mut self) -> Result<Expression, Refused> {
        let at = self.at();
        let left = self.operand()?;
        let comparison = Comparison::ALL.into_iter().find(|c| self.takes_symbol(c.symbol()));
        if let Some(comparison) = comparison {
            let at = self.at();
            let right = self.operand()?;
            same_type(at, &left, &right)?;
            let ordered = !matches!(comparison, Comparison::Equal | Comparison::Different);
            if ordered && left.kind() == Type::Truth {
                return Err(Refused::at(at, "TRUE and FALSE have no order: use = or <>"));
            }
            return Ok(Expression::Compare(left, comparison, right));
        }
        if self.takes_word("IS") {
            let negated = self.takes_word("NOT");
            if !self.takes_word("NULL") {
                return Err(self.refused("expected NULL"));
            }
            return Ok(negate(negated, Expression::IsNull(left)));
        }
        let negated = self.takes_word("NOT");
        if self.takes_word("LIKE") {
            of_type(at, &left, Type::Text)?;
            return Ok(negate(negated, Expression::Like(left, self.pattern()?)));
        }
        if self.takes_word("BETWEEN") {
            of_type(at, &left, Type::Number)?;
            let low = self.number_operand()?;
            if !self.takes_word("AND") {
                return Err(self.refused("expected AND and the greatest value"));
            }
            let high = self.number_operand()?;
            return Ok(negate(negated, Expression::Between(left, low, high)));
        }
        if self.takes_word("IN") {
            self.expect("(")?;
            let mut list = Vec::new();
            loop {
                let at = self.at();
                let item = self.operand()?;
                same_type(at, &left, &item)?;
                if matches!(item, Operand::Property(..)) {
                    self.condition()?;
                }
                list.push(item);
                if !self.takes_symbol(",") {
                    break;
                }
            }
            self.expect(")")?;
            return Ok(negate(negated, Expression::In(left, list)));
        }
        match left {
            Operand::Literal(Literal::Truth(yes)) if !negated => Ok(Expression::Truth(yes)),
            _ => Err(self.refused("expected =, <>, <, >, <=, >=, LIKE, BETWEEN, IN or IS NULL")),
        }
    }

    fn number_operand(&mut self) -> Result<Operand, Refused> {
        let at = self.at();
        let operand = self.operand()?;
        of_type(at, &operand, Type::Number)?;
        Ok(operand)
    }

    fn operand(&mut self) -> Result<Operand, Refused> {
        if let Some(name) = self.call() {
            return self.function(&name);
        }
        let at = self.at();
        let literal = match self.next() {
            Some(Token::Text(text)) => Literal::Text(text.clone()),
            Some(Token::Number(number)) => Literal::Number(*number),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("TRUE") => Literal::Truth(true),
            Some(Token::Word(word)) if word.eq_ignore_ascii_case("FALSE") => Literal::Truth(false),
            Some(Token::Word(word)) if KEYWORDS.iter().any(|keyword| word.eq_ignore_ascii_case(keyword)) => {
                return Err(Refused::at(at, format!("expected a property or a literal, not {word}")));
            }
            Some(Token::Word(name) | Token::Quoted(name)) => {
                return self.property(at, name).map(|property| Operand::Property(property, Vec::new()));
            }
            Some(Token::Symbol(symbol)) => {
                return Err(Refused::at(at, format!("expected a property or a literal, not {symbol}")));
            }
            None => return Err(Refused::at(at, "expected a property or a literal, not the end")),
        };
        Ok(Operand::Literal(literal))
    }

    fn property(&self, at: usize, name: &str) -> Result<Property, Refused> {
        if name == GEOMETRY {
            return Err(Refused::at(at, "geometry stands in S_INTERSECTS or before IS NULL only"));
        }
        Property::named(self.layer, name).ok_or_else(|| Refused {
            value: Some(name.to_owned()),
            allowed: format!(
                "at character {at}: the layer {} has no such property; queryables: {}, {GEOMETRY}",
                self.layer.slug(),
                names(self.layer)
            ),
        })
    }

    fn function(&mut self, name: &str) -> Result<Operand, Refused> {
        let at = self.at();
        let fold = match name {
            "CASEI" => Fold::Case,
            "ACCENTI" => Fold::Accents,
            "DATE" | "TIMESTAMP" => return self.moment(name == "DATE"),
            _ => {
                let allowed = "CASEI, ACCENTI, DATE, TIMESTAMP, S_INTERSECTS";
                let clipped: String = name.chars().take(40).collect();
                return Err(Refused::at(at, format!("{clipped} is not understood; functions: {allowed}")));
            }
        };
        self.next();
        self.expect("(")?;
        let inside = self.at();
        let operand = self.deeper(Self::operand)?;
        of_type(inside, &operand, Type::Text)?;
        self.expect(")")?;
        Ok(match operand {
            Operand::Property(property, mut folds) => {
                folds.push(fold);
                Operand::Property(property, folds)
            }
            Operand::Literal(Literal::Text(text)) => {
                Operand::Literal(Literal::Text(folded(at, fold, &text)?))
            }
            // The type is a text: there is no other operand of it.
            operand @ Operand::Literal(_) => operand,
        })
    }

    fn moment(&mut self, is_date: bool) -> Result<Operand, Refused> {
        self.next();
        self.expect("(")?;
        let at = self.at();
        let moment = match self.next() {
            Some(Token::Text(text)) => Moment::parse(text),
            _ => None,
        };
        let moment = moment.filter(|moment| matches!(moment, Moment::Day(_)) == is_date);
        let expected = if is_date { "expected '2024-08-31'" } else { "expected '2024-08-31T12:00:00Z'" };
        let moment = moment.ok_or_else(|| Refused::at(at, expected))?;
        self.expect(")")?;
        Ok(Operand::Literal(Literal::Moment(moment)))
    }

    /// The text of LIKE, which may be folded; not a property.
    fn pattern(&mut self) -> Result<String, Refused> {
        let at = self.at();
        match self.operand()? {
            Operand::Literal(Literal::Text(text)) => Ok(text),
            _ => Err(Refused::at(at, "expected a pattern between quotes: % any run, _ one character")),
        }
    }
}

pub(super) fn negate(negated: bool, expression: Expression) -> Expression {
    if negated { Expression::Not(Box::new(expression)) } else { expression }
}

fn folded(at: usize, fold: Fold, text: &str) -> Result<String, Refused> {
    let folded = fold.apply(text);
    // Its mark gone, it would take the closing quote for its own.
    if folded.ends_with('\\') { Err(Refused::at(at, "a text cannot end with \\")) } else { Ok(folded) }
}

fn of_type(at: usize, operand: &Operand, wanted: Type) -> Result<(), Refused> {
    if operand.kind() == wanted {
        Ok(())
    } else {
        Err(Refused::at(
            at,
            format!("expected {}: {operand:.80} is {}", wanted.name(), operand.kind().name()),
        ))
    }
}

fn same_type(at: usize, left: &Operand, right: &Operand) -> Result<(), Refused> {
    if left.kind() == right.kind() {
        Ok(())
    } else {
        let sides = format!("{left:.80} is {}, {right:.80} is {}", left.kind().name(), right.kind().name());
        Err(Refused::at(at, format!("two types do not compare: {sides}")))
    }
}
