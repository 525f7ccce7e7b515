//! Opening hours in free French text: `du lundi au vendredi 9h-12h / 14h à 17h`.
//!
//! Understood whole or not at all: a word, a sign or a date that the grammar does not know
//! («sur rendez-vous», «sauf», «semaine paire», «le premier jeudi du mois») leaves the hours unknown.
//!
//! ```text
//! text    = { heading } segment { { separator } segment } | slots days
//! segment = days [ "matin" | "après-midi" ] ( slots | "fermé" )
//! days    = day { ( "," | "/" | "et" | "au" | "-" ) day }      two days with a dash: from one to the other
//! slots   = slot { separator slot }                            in the order of the day
//! slot    = [ "de" ] time ( "à" | "-" | "/" ) time
//! ```

mod token;

use super::fold::fold;
use super::week::{MIDNIGHT, Slot, Week};
use token::{Token, tokens};

/// The longest text read; the longest real one understood has 300 characters.
const MAX_BYTES: usize = 1000;

/// What a form writes for a slot left blank; beside another it is passed over.
const BLANK: Slot = (0, 0);

/// What may stand before the first day and says nothing of the hours.
const HEADING: [&str; 19] = [
    "horaires",
    "horaire",
    "heures",
    "jours",
    "ouverture",
    "ouvertures",
    "ouvert",
    "ouverte",
    "accueil",
    "public",
    "d",
    "l",
    "et",
    "du",
    "de",
    "des",
    "le",
    "les",
    "au",
];

/// Noon: a morning does not begin after it, nor an afternoon end before.
const NOON: u16 = 12 * 60;

/// The week a text tells, or none when a part of it is not understood.
pub(crate) fn week(text: &str) -> Option<Week> {
    let tokens = bounded(text)?;
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut week = Week::default();
    if reader.heading().is_none() {
        // No day comes first: «9h-12h du lundi au vendredi».
        let slots = reader.slots(Overlap::Refused)?;
        reader.marks(&[',', ':']);
        for day in reader.days()? {
            week.add(day, &slots);
        }
        return reader.done().then_some(week);
    }
    while !reader.done() {
        let days = reader.days()?;
        let half = reader.half();
        reader.marks(&[':', ',', '-', '.']);
        if reader.word(&["ferme", "fermee", "fermes"]) {
            days.iter().all(|day| week.of(*day).is_empty()).then_some(())?;
        } else {
            let slots = reader.slots(Overlap::Refused)?;
            half.holds(&slots).then_some(())?;
            for day in days {
                let disjoint =
                    |slot: &Slot| week.of(day).iter().all(|(from, to)| slot.1 <= *from || *to <= slot.0);
                slots.iter().all(disjoint).then_some(())?;
                week.add(day, &slots);
            }
        }
        reader.separator(&[',', ';', '.', '/', '-', '|']);
    }
    (!week.is_empty()).then_some(week)
}

/// The slots of one day's own text, `09:00 - 12:00 / 13:30 - 17:00`; they may overlap.
pub(crate) fn slots(text: &str) -> Option<Vec<Slot>> {
    let tokens = bounded(text)?;
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let slots = reader.slots(Overlap::Kept)?;
    reader.done().then_some(slots)
}

fn bounded(text: &str) -> Option<Vec<Token>> {
    (text.len() <= MAX_BYTES).then(|| tokens(&fold(text)))?
}

/// What becomes of slots that overlap or do not follow the day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overlap {
    /// They are not understood.
    Refused,
    /// They are what the column says, several sites or rounds together.
    Kept,
}

/// The half of a day a segment speaks of.
enum Half {
    Morning,
    Afternoon,
    Whole,
}

impl Half {
    fn holds(&self, slots: &[Slot]) -> bool {
        match self {
            Self::Morning => slots.iter().all(|(from, to)| *from < NOON && *to <= NOON + 120),
            Self::Afternoon => slots.iter().all(|(from, _)| *from >= NOON),
            Self::Whole => true,
        }
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    at: usize,
}

impl Reader<'_> {
    fn done(&self) -> bool {
        self.at == self.tokens.len()
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    /// Passes one of these words.
    fn word(&mut self, words: &[&str]) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(word)) if words.contains(&word.as_str()));
        self.at += usize::from(found);
        found
    }

    /// Passes any of these signs, and says how many.
    fn marks(&mut self, marks: &[char]) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(Token::Mark(mark)) if marks.contains(mark)) {
            self.at += 1;
        }
        self.at - start
    }

    /// Passes what separates two parts when another follows, a day or a time; else stays.
    fn separator(&mut self, marks: &[char]) {
        let start = self.at;
        self.marks(marks);
        self.word(&["et", "puis"]);
        let ends = self.done() && self.tokens[start..].iter().all(|token| matches!(token, Token::Mark(_)));
        let begins = {
            let mut ahead = Reader { tokens: self.tokens, at: self.at };
            ahead.days().is_some()
        };
        if !ends && !begins {
            self.at = start;
        }
    }

    /// Passes what announces the first day; none when something else comes first.
    fn heading(&mut self) -> Option<()> {
        let start = self.at;
        let mut at = self.at;
        loop {
            match self.tokens.get(at)? {
                Token::Word(word) if HEADING.contains(&word.as_str()) => at += 1,
                // «Tous les mardis» and the like belong to the day.
                Token::Word(word) if matches!(word.as_str(), "tous" | "chaque") => break,
                Token::Mark(':' | '-' | ',' | '\'') => at += 1,
                Token::Day(_) => break,
                _ => return None,
            }
        }
        self.at = at.max(start);
        Some(())
    }

    /// Passes words that only introduce a day.
    fn articles(&mut self) {
        while self.word(&["le", "les", "du", "de", "tous", "chaque"]) {}
    }

    fn day(&mut self) -> Option<usize> {
        let Some(&Token::Day(day)) = self.peek() else {
            return None;
        };
        self.at += 1;
        Some(day)
    }

    /// The days a segment is about, in the order of the week.
    fn days(&mut self) -> Option<Vec<usize>> {
        self.articles();
        let mut days = vec![self.day()?];
        loop {
            let start = self.at;
            let last = *days.last()?;
            if self.word(&["au", "a"]) {
                let day = self.day()?;
                if day <= last {
                    return None;
                }
                days.extend(last + 1..=day);
                continue;
            }
            let dashes = self.dashed();
            match dashes.as_slice() {
                [] => {}
                [to] if *to > last => {
                    days.extend(last + 1..=*to);
                    continue;
                }
                run if run.is_sorted_by(|a, b| a < b) && run.first().is_some_and(|d| *d > last) => {
                    days.extend_from_slice(run);
                    continue;
                }
                _ => return None,
            }
            self.marks(&[',', '/', '&']);
            self.word(&["et"]);
            self.articles();
            if let Some(day) = self.day() {
                days.push(day);
            } else {
                self.at = start;
                break;
            }
        }
        let n = days.len();
        days.sort_unstable();
        days.dedup();
        (days.len() == n).then_some(days)
    }

    /// The days that follow, each after a dash.
    fn dashed(&mut self) -> Vec<usize> {
        let mut days = Vec::new();
        while let (Some(Token::Mark('-')), Some(Token::Day(day))) =
            (self.tokens.get(self.at), self.tokens.get(self.at + 1))
        {
            days.push(*day);
            self.at += 2;
        }
        days
    }

    fn half(&mut self) -> Half {
        if self.word(&["matin", "matins"]) {
            return Half::Morning;
        }
        let afternoon = [Token::Word("apres".to_owned()), Token::Mark('-'), Token::Word("midi".to_owned())];
        if self.tokens[self.at..].starts_with(&afternoon) {
            self.at += afternoon.len();
            return Half::Afternoon;
        }
        Half::Whole
    }

    /// One slot after the other.
    fn slots(&mut self, overlap: Overlap) -> Option<Vec<Slot>> {
        let mut slots = vec![self.slot()?];
        loop {
            let start = self.at;
            let marks = self.marks(&[',', '/', ';', '-', '&']);
            let joined = usize::from(self.word(&["et", "puis"]));
            match self.slot() {
                // More than one sign between two slots is a slot lost.
                Some(slot) if marks + joined <= 1 => {
                    let after = slots.last().is_none_or(|last| last.1 <= slot.0);
                    (overlap == Overlap::Kept || after || slots == [BLANK]).then_some(())?;
                    if overlap == Overlap::Refused && slots == [BLANK] {
                        slots.clear();
                    }
                    slots.push(slot);
                }
                Some(_) => return None,
                None => {
                    self.at = start;
                    let blank = overlap == Overlap::Refused && slots.contains(&BLANK);
                    return (!blank).then_some(slots);
                }
            }
        }
    }

    /// A slot, or nothing passed.
    fn slot(&mut self) -> Option<Slot> {
        let start = self.at;
        let slot = self.slot_from();
        if slot.is_none() {
            self.at = start;
        }
        slot
    }

    fn slot_from(&mut self) -> Option<Slot> {
        self.word(&["de", "des", "du"]);
        let (from, from_sure) = self.time()?;
        let joined = self.marks(&['-', '/']) == 1 || self.word(&["a"]);
        joined.then_some(())?;
        let (to, to_sure) = self.time()?;
        // Midnight ends a day; a bare number is an hour only beside one that says so: `9-12h`.
        let to = if to == 0 && from > 0 { MIDNIGHT } else { to };
        ((from_sure || to_sure) && (from < to || (from, to) == (0, 0))).then_some((from, to))
    }

    /// A time, and whether it is surely one.
    fn time(&mut self) -> Option<(u16, bool)> {
        let time = match self.peek()? {
            Token::Time(minutes) => (*minutes, true),
            Token::Number(hours) if *hours <= 24 => (*hours * 60, false),
            _ => return None,
        };
        self.at += 1;
        Some(time)
    }
}

#[cfg(test)]
mod tests;
