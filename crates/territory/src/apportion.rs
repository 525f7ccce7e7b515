//! Sharing whole people.

use crate::measure::Inhabitants;

/// Shares `total` people in proportion to `weights`, in whole numbers that sum to `total` exactly.
///
/// Largest remainder (Hamilton): each share is first rounded down, then the people left over go one
/// each to the largest fractions, the earliest first when equal. Weights that are negative or not
/// finite count as 0; when none is positive everyone weighs the same. Without any weight there is
/// nobody to give people to: the result is empty.
pub fn apportion(total: Inhabitants, weights: &[f64]) -> Vec<Inhabitants> {
    let clean = |w: f64| if w.is_finite() && w > 0.0 { w } else { 0.0 };
    let sum: f64 = weights.iter().copied().map(clean).sum();
    let share = |w: f64| match sum {
        s if s > 0.0 && s.is_finite() => f64::from(total.0) * (clean(w) / s),
        _ => f64::from(total.0) / weights.len() as f64,
    };
    let mut people: Vec<u32> = weights.iter().map(|&w| share(w).floor() as u32).collect();
    let given: u64 = people.iter().copied().map(u64::from).sum();
    let left = u64::from(total.0).saturating_sub(given);

    let mut by_fraction: Vec<usize> = (0..weights.len()).collect();
    by_fraction.sort_by(|&a, &b| {
        let fraction = |i: usize| share(weights[i]).fract();
        fraction(b).total_cmp(&fraction(a)).then(a.cmp(&b))
    });
    // Rounding down leaves fewer people than weights; `cycle` only guards against floating drift.
    for &i in by_fraction.iter().cycle().take(left as usize) {
        people[i] += 1;
    }
    people.into_iter().map(Inhabitants).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shares(total: u32, weights: &[f64]) -> Vec<u32> {
        apportion(Inhabitants(total), weights).into_iter().map(|p| p.0).collect()
    }

    #[test]
    fn the_largest_remainders_get_those_left_over() {
        assert_eq!(shares(10, &[1.0, 1.0, 1.0]), [4, 3, 3]);
        assert_eq!(shares(7, &[0.5, 0.3, 0.2]), [4, 2, 1]);
    }

    #[test]
    fn weights_that_say_nothing_share_equally() {
        assert_eq!(shares(4, &[0.0, f64::NAN, -1.0, 0.0]), [1, 1, 1, 1]);
        assert!(shares(4, &[]).is_empty());
    }

    proptest! {
        #[test]
        fn nobody_is_lost_and_nobody_moves_by_more_than_one(
            total in 0..3_000_000u32,
            weights in prop::collection::vec(0.0..1e6f64, 1..200),
        ) {
            let people = shares(total, &weights);
            prop_assert_eq!(people.iter().sum::<u32>(), total);
            let sum: f64 = weights.iter().sum();
            if sum > 0.0 {
                for (p, w) in people.iter().zip(&weights) {
                    prop_assert!((f64::from(*p) - f64::from(total) * w / sum).abs() <= 1.0 + 1e-6);
                }
            }
        }
    }
}
