//! Changes by governance: announced, in force after a notice at the earliest, lapsed if nobody applies them (6).
//!
//! The notice is long enough for everybody to leave before a change that they do not want, and takes blocks as well as
//! time, so that a halted chain announces and changes nothing in one go.

use thiserror::Error;

use crate::clock::{Clock, Deadline};

/// Seconds from a proposal to the earliest time at which it may be applied: 7 days.
pub const NOTICE: u64 = 7 * 86_400;

/// Blocks from a proposal to the earliest one in which it may be applied: those of the notice, one a minute, which is the
/// slowest pace that parameters allow.
pub const NOTICE_BLOCKS: u64 = 7 * 1_440;

/// Seconds for which a proposal may be applied after the time of its notice: 14 days. What was announced long ago and
/// forgotten by those who watch must be announced again, also after a halt.
pub const OPEN_FOR: u64 = 14 * 86_400;

/// Why a proposal cannot be applied now.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TimelockError {
    /// Its notice is not over.
    #[error("notice is not over before time {} and height {}", eta.time, eta.height)]
    Early {
        /// When it is.
        eta: Deadline,
    },
    /// It has lapsed.
    #[error("proposal has lapsed at time {until}")]
    Lapsed {
        /// Unix seconds.
        until: u64,
    },
}

/// From when on something proposed at `now` may be applied.
#[must_use]
pub const fn eta(now: Clock) -> Deadline {
    Deadline { time: now.time.saturating_add(NOTICE), height: now.height.saturating_add(NOTICE_BLOCKS) }
}

/// The time from which a proposal of this `eta` may not be applied any more, in unix seconds.
#[must_use]
pub const fn until(eta: Deadline) -> u64 {
    eta.time.saturating_add(OPEN_FOR)
}

/// Refuses to apply a proposal of this `eta` before its notice is over and after it has lapsed.
pub const fn check(eta: Deadline, now: Clock) -> Result<(), TimelockError> {
    let until = until(eta);
    if now.time >= until {
        Err(TimelockError::Lapsed { until })
    } else if !eta.expired(now) {
        Err(TimelockError::Early { eta })
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use crate::price_change::SLOWEST_BLOCK;

    const PROPOSED: Clock = Clock { time: 1_700_000_000, height: 500 };

    fn later(seconds: u64, blocks: u64) -> Clock {
        Clock { time: PROPOSED.time + seconds, height: PROPOSED.height + blocks }
    }

    #[test]
    fn a_proposal_waits_seven_days_and_then_stays_for_fourteen() {
        let eta = eta(PROPOSED);
        assert_eq!(eta, Deadline { time: PROPOSED.time + 604_800, height: PROPOSED.height + 10_080 });
        assert_eq!(NOTICE_BLOCKS * u64::from(SLOWEST_BLOCK), NOTICE);
        for early in [PROPOSED, later(604_799, 99_999)] {
            assert_eq!(check(eta, early), Err(TimelockError::Early { eta }));
        }
        assert_eq!(check(eta, later(604_800, 10_080)), Ok(()));
        let until = until(eta);
        assert_eq!(until - eta.time, 1_209_600);
        assert_eq!(check(eta, later(1_814_399, 10_080)), Ok(()));
        for height in [0, 10_080, 999_999] {
            assert_eq!(check(eta, later(1_814_400, height)), Err(TimelockError::Lapsed { until }));
        }
    }

    #[test]
    fn a_halt_is_no_notice() {
        let eta = eta(PROPOSED);
        for blocks in [1, 10_079] {
            assert_eq!(check(eta, later(1_814_399, blocks)), Err(TimelockError::Early { eta }));
        }
    }

    #[test]
    fn the_end_of_time_does_not_break_the_arithmetic() {
        let end = Clock { time: u64::MAX, height: u64::MAX };
        assert_eq!(check(eta(end), end), Err(TimelockError::Lapsed { until: u64::MAX }));
    }
}
