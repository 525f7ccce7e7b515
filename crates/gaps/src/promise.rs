//! «Engagement»: a question and how long it may take.

use access::{Question, Reach};
use territory::Minutes;

/// Help that fits `question` within `minutes` of everyone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Promise {
    /// How people travel and which venues count.
    pub question: Question,
    /// The longest time promised.
    pub minutes: Minutes,
}

impl Promise {
    /// The time promised when a question names none: 20 minutes, within which 95 % of the French have
    /// a France services venue (Cour des comptes, September 2024).
    pub const USUAL_MINUTES: u16 = 20;

    /// Whether a place that is reached so is beyond: strictly more than promised, or not at all.
    pub fn is_broken_for(&self, reach: Option<Reach>) -> bool {
        reach.is_none_or(|reach| reach.time > self.minutes.time())
    }
}

impl Default for Promise {
    fn default() -> Self {
        // Within 1…120 by the constant above.
        let minutes = Minutes::new(Self::USUAL_MINUTES).unwrap_or_else(|_| unreachable!());
        Self { question: Question::default(), minutes }
    }
}
