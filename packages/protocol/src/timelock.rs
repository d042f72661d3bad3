//! Changes by governance: announced, in force after a notice at the earliest, lapsed if nobody applies them (6).
//!
//! Times are unix seconds. The notice is long enough for everybody to leave before a change that they do not want.

use thiserror::Error;

/// Seconds from a proposal to the earliest time at which it may be applied: 7 days.
pub const NOTICE: u64 = 7 * 86_400;

/// Seconds for which a proposal may be applied after its notice: 14 days. What was announced long ago and forgotten by
/// those who watch must be announced again.
pub const OPEN_FOR: u64 = 14 * 86_400;

/// Why a proposal cannot be applied now.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TimelockError {
    /// Its notice is not over.
    #[error("notice is not over before time {eta}")]
    Early {
        /// Unix seconds.
        eta: u64,
    },
    /// It has lapsed.
    #[error("proposal has lapsed at time {until}")]
    Lapsed {
        /// Unix seconds.
        until: u64,
    },
}

/// The time from which something proposed at `now` may be applied.
#[must_use]
pub const fn eta(now: u64) -> u64 {
    now.saturating_add(NOTICE)
}

/// The time from which a proposal of this `eta` may not be applied any more.
#[must_use]
pub const fn until(eta: u64) -> u64 {
    eta.saturating_add(OPEN_FOR)
}

/// Refuses to apply a proposal of this `eta` before its notice is over and after it has lapsed.
pub const fn check(eta: u64, now: u64) -> Result<(), TimelockError> {
    let until = until(eta);
    if now < eta {
        Err(TimelockError::Early { eta })
    } else if now >= until {
        Err(TimelockError::Lapsed { until })
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_waits_seven_days_and_then_stays_for_fourteen() {
        let proposed = 1_700_000_000;
        let eta = eta(proposed);
        assert_eq!(eta - proposed, 604_800);
        assert_eq!(check(eta, proposed), Err(TimelockError::Early { eta }));
        assert_eq!(check(eta, eta - 1), Err(TimelockError::Early { eta }));
        assert_eq!(check(eta, eta), Ok(()));
        assert_eq!(until(eta) - eta, 1_209_600);
        assert_eq!(check(eta, until(eta) - 1), Ok(()));
        assert_eq!(check(eta, until(eta)), Err(TimelockError::Lapsed { until: until(eta) }));
    }

    #[test]
    fn the_end_of_time_does_not_break_the_arithmetic() {
        let eta = eta(u64::MAX);
        assert_eq!(check(eta, u64::MAX), Err(TimelockError::Lapsed { until: u64::MAX }));
    }
}
