//! What a seat must do now, and until or from when.

use super::{Execution, PUBLISHING_SLOTS, Phase, Progress};
use crate::clock::Deadline;
use crate::ids::RunnerId;

/// The next act of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Which.
    pub kind: DutyKind,
    /// Seal, Open, Publish: until here. Poke, Settle: from here on.
    pub at: Deadline,
}

/// Kinds of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyKind {
    /// Run the task and seal the result.
    Seal,
    /// Open the seal.
    Open,
    /// Publish the agreed value.
    Publish,
    /// Nothing to do oneself; enforce the deadline when it has passed.
    Poke,
    /// End the execution when the challenge window is over.
    Settle,
}

impl Execution {
    /// What `runner` owes; nothing without a seat, in the queue and after the end.
    pub fn duty(&self, runner: RunnerId) -> Option<Duty> {
        let index = self.seats.iter().position(|seat| seat.runner == runner)?;
        let progress = self.seats.get(index)?.progress;
        let (mine, at) = match self.phase {
            Phase::Working { until, .. } if progress == Progress::Seated => (DutyKind::Seal, until),
            Phase::Opening { until } if matches!(progress, Progress::Sealed(_)) => (DutyKind::Open, until),
            Phase::Publishing { slot, until }
                if usize::from(slot) == index || slot.saturating_add(1) == PUBLISHING_SLOTS =>
            {
                (DutyKind::Publish, until)
            }
            Phase::Working { until, .. } | Phase::Opening { until } | Phase::Publishing { until, .. } => {
                (DutyKind::Poke, until)
            }
            Phase::Provisional { until } => (DutyKind::Settle, until),
            Phase::Queued { .. } | Phase::Ended { .. } => return None,
        };
        Some(Duty { kind: mine, at })
    }
}
