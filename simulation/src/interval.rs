//! Intervals of confidence at 99.9 %.

use serde::{Deserialize, Serialize};

/// Two-sided quantile of the normal distribution at 99.9 %.
pub const Z: f64 = 3.290_526_731_491_926;

/// One minus the confidence.
const ALPHA: f64 = 0.001;

/// Up to so many events (or non-events) the interval is that of Clopper and Pearson, beyond it Wilson's.
const EXACT: u64 = 300;

/// A rate that was measured, and between which rates the true one lies with 99.9 % confidence.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The rate, or mean, measured.
    pub measured: f64,
    /// Lower end.
    pub ci_low: f64,
    /// Upper end.
    pub ci_high: f64,
}

impl Measured {
    /// The rate of `events` in `trials`.
    #[must_use]
    pub fn rate(events: u64, trials: u64) -> Self {
        let rest = trials.saturating_sub(events);
        if trials == 0 {
            return Self { measured: f64::NAN, ci_low: 0.0, ci_high: 1.0 };
        }
        let measured = float(events) / float(trials);
        if events > EXACT && rest > EXACT {
            return Self::wilson(measured, float(trials));
        }
        if events > rest {
            let mirrored = Self::rate(rest, trials);
            return Self { measured, ci_low: 1.0 - mirrored.ci_high, ci_high: 1.0 - mirrored.ci_low };
        }
        let ci_low = match events.checked_sub(1) {
            None => 0.0,
            Some(below) => solve(|rate| 1.0 - at_most(below, trials, rate) - ALPHA / 2.0),
        };
        let ci_high = solve(|rate| ALPHA / 2.0 - at_most(events, trials, rate));
        Self { measured, ci_low, ci_high }
    }

    /// The mean of `trials` samples from their sum and the sum of their squares.
    #[must_use]
    pub fn mean(sum: f64, squares: f64, trials: u64) -> Self {
        let trials = float(trials);
        let measured = sum / trials;
        let half = Z * ((squares / trials - measured * measured).max(0.0) / trials).sqrt();
        Self { measured, ci_low: measured - half, ci_high: measured + half }
    }

    /// Whether `rate` lies inside.
    #[must_use]
    pub fn contains(&self, rate: f64) -> bool {
        self.ci_low <= rate && rate <= self.ci_high
    }

    fn wilson(measured: f64, trials: f64) -> Self {
        let square = Z * Z;
        let middle = (measured + square / (2.0 * trials)) / (1.0 + square / trials);
        let spread = measured * (1.0 - measured) / trials + square / (4.0 * trials * trials);
        let half = Z * spread.sqrt() / (1.0 + square / trials);
        Self { measured, ci_low: middle - half, ci_high: middle + half }
    }
}

/// A count as a float: exact below 2^53.
#[must_use]
pub fn float(count: u64) -> f64 {
    count as f64
}

/// Chance of at most `events` in `trials` at `rate`.
fn at_most(events: u64, trials: u64, rate: f64) -> f64 {
    if rate <= 0.0 {
        return 1.0;
    }
    let odds = (rate / (1.0 - rate)).ln();
    let mut log = float(trials) * (-rate).ln_1p();
    let mut sum = log.exp();
    for i in 0..events {
        log += (float(trials.saturating_sub(i)) / float(i.saturating_add(1))).ln() + odds;
        sum += log.exp();
    }
    sum.min(1.0)
}

/// Where an increasing function of a rate crosses zero.
fn solve(function: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if function(middle) < 0.0 { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn close(got: f64, expected: f64) -> bool {
        (got / expected - 1.0).abs() < 1e-6
    }

    /// Against closed forms: with no event the upper end is 1 − (α/2)^(1/n), with all events the lower end (α/2)^(1/n).
    #[test]
    fn ends_without_events_and_with_all() {
        let none = Measured::rate(0, 1_000_000);
        assert_eq!((none.measured, none.ci_low), (0.0, 0.0));
        assert!(close(none.ci_high, -((ALPHA / 2.0).ln() / 1e6).exp_m1()));
        let all = Measured::rate(10, 10);
        assert!(close(all.ci_low, (ALPHA / 2.0).powf(0.1)));
        assert!(all.ci_high > 1.0 - 1e-12);
        assert!(Measured::rate(0, 0).measured.is_nan());
    }

    /// Clopper and Pearson's interval covers at least 99.9 %, here summed over all counts.
    #[test]
    fn covers_what_it_says() {
        for rate in [0.01, 0.1, 0.37] {
            let trials = 60;
            let covered: f64 = (0..=trials)
                .filter(|events| Measured::rate(*events, trials).contains(rate))
                .map(|events| {
                    at_most(events, trials, rate) - events.checked_sub(1).map_or(0.0, |x| at_most(x, trials, rate))
                })
                .sum();
            assert!(covered >= 0.999, "{covered} at {rate}");
        }
    }

    #[test]
    fn both_intervals_meet_where_one_takes_over() {
        let (exact, wilson) = (Measured::rate(EXACT, 1_000_000), Measured::rate(EXACT + 1, 1_000_000));
        assert!((exact.ci_low / wilson.ci_low - 1.0).abs() < 0.02);
        assert!((exact.ci_high / wilson.ci_high - 1.0).abs() < 0.02);
    }

    #[test]
    fn the_mean_of_a_coin() {
        let coin = Measured::mean(500.0, 500.0, 1_000);
        assert!((coin.measured - 0.5).abs() < 1e-12);
        assert!((coin.ci_high - 0.5 - Z * 0.5 / 1_000_f64.sqrt()).abs() < 1e-12);
    }
}
