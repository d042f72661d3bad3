//! How far an endpoint is trusted: errors block it for a time, never for ever.

use std::time::{Duration, Instant};

/// Most failures that are remembered: 2^6 s is above the longest block.
const MOST: u32 = 7;
const LONGEST: Duration = Duration::from_secs(60);

/// Score of one endpoint.
#[derive(Debug, Default, Clone)]
pub(crate) struct Score {
    failures: u32,
    blocked_until: Option<Instant>,
    height: u64,
}

impl Score {
    /// A good answer: unblocks, and forgets half of the failures.
    pub(crate) fn succeeded(&mut self) {
        self.failures = self.failures.div_euclid(2);
        self.blocked_until = None;
    }

    /// A failure at `now`: blocks for 1, 2, 4 … at most 60 seconds.
    pub(crate) fn failed(&mut self, now: Instant) {
        let block = Duration::from_secs(1_u64.checked_shl(self.failures).unwrap_or(u64::MAX));
        self.failures = self.failures.saturating_add(1).min(MOST);
        self.blocked_until = now.checked_add(block.min(LONGEST));
    }

    /// The endpoint reported this height.
    pub(crate) fn seen(&mut self, height: u64) {
        self.height = height;
    }

    pub(crate) const fn height(&self) -> u64 {
        self.height
    }

    /// Time left of the block; zero when free.
    fn blocked_for(&self, now: Instant) -> Duration {
        self.blocked_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now))
    }
}

/// Indices in the order in which they are asked: free before blocked, fresh before lagging, the sticky one first, then by failures.
pub(crate) fn order(scores: &[Score], sticky: usize, max_lag: u64, now: Instant) -> Vec<usize> {
    let newest = scores.iter().map(Score::height).max().unwrap_or(0);
    let mut ranked: Vec<_> = scores
        .iter()
        .enumerate()
        .map(|(index, score)| {
            let lags = score.height > 0 && newest.saturating_sub(score.height) > max_lag;
            let rank = (score.blocked_for(now), lags, index != sticky, score.failures);
            (rank, index)
        })
        .collect();
    ranked.sort();
    ranked.into_iter().map(|(_, index)| index).collect()
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn blocks_grow_are_bounded_and_end() {
        let now = Instant::now();
        let mut score = Score::default();
        let mut blocks = vec![];
        for _ in 0..9 {
            score.failed(now);
            blocks.push(score.blocked_for(now).as_secs());
        }
        assert_eq!(blocks, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(score.blocked_for(now + LONGEST), Duration::ZERO);
        score.succeeded();
        assert_eq!(score.blocked_for(now), Duration::ZERO);
        assert_eq!(score.failures, 3);
    }

    #[test]
    fn sticky_until_it_fails_then_back_in_the_list() {
        let now = Instant::now();
        let mut scores = vec![Score::default(), Score::default(), Score::default()];
        assert_eq!(order(&scores, 1, 10, now), [1, 0, 2]);
        scores[1].failed(now);
        assert_eq!(order(&scores, 1, 10, now), [0, 2, 1]);
        let later = now + Duration::from_secs(2);
        assert_eq!(order(&scores, 1, 10, later), [1, 0, 2]);
    }

    #[test]
    fn a_lagging_endpoint_comes_after_the_fresh() {
        let now = Instant::now();
        let mut scores = vec![Score::default(), Score::default()];
        scores[0].seen(100);
        scores[1].seen(111);
        assert_eq!(order(&scores, 0, 10, now), [1, 0]);
        scores[0].seen(101);
        assert_eq!(order(&scores, 0, 10, now), [0, 1]);
    }

    #[test]
    fn all_blocked_still_gives_all_soonest_first() {
        let now = Instant::now();
        let mut scores = vec![Score::default(), Score::default()];
        scores[0].failed(now);
        scores[0].failed(now);
        scores[1].failed(now);
        assert_eq!(order(&scores, 0, 10, now), [1, 0]);
    }
}
