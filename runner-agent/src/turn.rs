//! Whose turn it is to do what anyone may do for a tip, so that not all agents pay gas for one tip (docs/mechanism.md, 4).

use mesg_protocol::digest::sha256;
use mesg_protocol::ids::RunnerId;

/// Seconds of one turn.
const STEP: u64 = 2;

/// Seconds after which one of `runners` may act on `subject` (a beacon round or an execution): a rank by
/// sha256(subject | runner) among `turns`, 2 s each; the earliest turn of all.
#[must_use]
pub fn delay(subject: u64, runners: &[RunnerId], turns: u8) -> u64 {
    let ranks = runners.iter().map(|runner| rank(subject, *runner, turns));
    ranks.min().unwrap_or(0).saturating_mul(STEP)
}

fn rank(subject: u64, runner: RunnerId, turns: u8) -> u64 {
    let hash = sha256(&[&subject.to_be_bytes(), &runner.to_be_bytes()]);
    let first = hash.0.first_chunk().copied().map_or(0, u64::from_be_bytes);
    first.checked_rem(turns.into()).unwrap_or(0)
}

/// A stand-in for an operator without runners.
#[must_use]
pub fn stand_in(address: &str) -> RunnerId {
    let hash = sha256(&[address.as_bytes()]);
    RunnerId(hash.0.first_chunk().copied().map_or(0, u32::from_be_bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_spread_and_bounded() {
        let delays: std::collections::BTreeSet<_> = (0..200).map(|round| delay(round, &[RunnerId(7)], 4)).collect();
        assert_eq!(delays.into_iter().collect::<Vec<_>>(), [0, 2, 4, 6]);
        assert!((0..200).all(|round| delay(round, &[RunnerId(7)], 1) == 0));
        assert_eq!(delay(1, &[], 4), 0);
    }

    #[test]
    fn the_earliest_of_several_runners_counts() {
        let all: Vec<_> = (1..=9).map(RunnerId).collect();
        let each = all.iter().map(|runner| delay(5, &[*runner], 8));
        assert_eq!(delay(5, &all, 8), each.min().unwrap());
        assert_ne!(stand_in("a"), stand_in("b"));
    }
}
