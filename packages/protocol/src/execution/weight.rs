//! How much work an execution is for one message of the market, which must fit into a block.

use super::{Execution, ROUND_2};

/// No execution weighs more: a `Verify` execution of the largest committee, of which everybody asked declined.
pub const HEAVIEST: usize = 156;

/// Weight of so many runners of a round. Those of rounds 2 and 3 count twice: their verdict slashes for content.
pub const fn weight(round: u8, runners: usize) -> usize {
    if round < ROUND_2 { runners } else { runners.saturating_mul(2) }
}

impl Execution {
    /// Weight of all runners that were given a seat: each may be slashed, judged or paid. At most [`HEAVIEST`].
    pub fn weight(&self) -> usize {
        self.panels.iter().map(|panel| weight(panel.round, panel.asked.into())).sum()
    }
}
