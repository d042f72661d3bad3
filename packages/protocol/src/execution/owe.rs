//! What a seat must do now, and until or from when.

use super::{Execution, PUBLISHING_SLOTS, Phase, Progress, ROUND_0, Rules};
use crate::clock::Deadline;
use crate::ids::RunnerId;

/// The next act of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Which.
    pub kind: DutyKind,
    /// Result, Seal, Open, Publish: until here. Poke, Settle: from here on.
    pub at: Deadline,
}

/// Kinds of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DutyKind {
    /// Run the task and post the result.
    Result,
    /// Run the task, or the checker, and seal the value.
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
    pub fn duty(&self, rules: Rules<'_>, runner: RunnerId) -> Option<Duty> {
        if let Phase::OwnRun { until } = self.phase {
            return (self.own_runner == Some(runner)).then_some(Duty { kind: DutyKind::Result, at: until });
        }
        let (round, seat) = self.seat(runner).ok()?;
        let at = self.phase.until()?;
        let kind = match self.phase {
            Phase::Provisional { .. } => DutyKind::Settle,
            Phase::Working { round: ROUND_0, .. } if round == ROUND_0 && seat.progress == Progress::Seated => {
                DutyKind::Result
            }
            Phase::Working { round: now, .. } if round == now && seat.progress == Progress::Seated => DutyKind::Seal,
            Phase::Opening { round: now, .. } if round == now && matches!(seat.progress, Progress::Sealed(_)) => {
                DutyKind::Open
            }
            Phase::Publishing { round: now, slot, .. } => {
                let holds = round == now && seat.opened().is_some() && seat.opened() == self.verdict(rules, now);
                let last = slot.saturating_add(1) == PUBLISHING_SLOTS;
                if holds && (last || self.publisher(rules) == Some(runner)) {
                    DutyKind::Publish
                } else {
                    DutyKind::Poke
                }
            }
            _ => DutyKind::Poke,
        };
        Some(Duty { kind, at })
    }
}
