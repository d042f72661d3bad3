//! This machine's clock; deadlines are judged by block time, not by it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Seconds since 1970, 0 for a clock before that.
#[must_use]
pub fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}
