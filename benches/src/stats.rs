//! Medians and means.

/// The value at a share (0 to 1) of the sorted values, interpolated between the two around it (as
/// numpy and R do by default); `NaN` for none.
pub fn quantile(values: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let Some(last) = values.len().checked_sub(1) else {
        return f64::NAN;
    };
    let at = share * last as f64;
    let (low, high) = (values[at.floor() as usize], values[at.ceil() as usize]);
    low + (high - low) * at.fract()
}

/// The middle value; `NaN` for none.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    quantile(values, 0.5)
}

/// The arithmetic mean; `NaN` for none.
pub fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values.into_iter().fold((0.0, 0.0), |(sum, n), value| (sum + value, n + 1.0));
    sum / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        let is = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-12, "{value}");
        is(median([3.0, 1.0, 2.0]), 2.0);
        is(median([4.0, 1.0, 2.0, 3.0]), 2.5);
        is(quantile([0.0, 10.0], 0.9), 9.0);
        is(mean([1.0, 2.0]), 1.5);
        assert!(median([]).is_nan() && mean([]).is_nan());
    }
}
