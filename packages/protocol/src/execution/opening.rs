//! Opening: the seals are in, the seats open them (2.3, 2.4).

use super::{Execution, Phase, Progress, Rules, StepError};
use crate::clock::Clock;
use crate::digest::Digest32;
use crate::ids::RunnerId;
use crate::seal::seal;

/// What a seat shows: the round value it sealed and the salt. Whoever posts it, it proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Round value h.
    pub value: Digest32,
    /// The salt of the seal.
    pub salt: Digest32,
}

impl Execution {
    /// Takes the opening of `runner`. The last one decides the round.
    ///
    /// # Errors
    /// `Mismatch` if the opening is not of the seat's seal, `Already` if it has opened.
    pub fn open(&mut self, rules: Rules<'_>, runner: RunnerId, opening: Opening, now: Clock) -> Result<(), StepError> {
        let Phase::Opening { round, .. } = self.phase else { return Err(self.wrong_phase()) };
        let shown = seal(rules.domain, rules.id, round, runner, &opening.value, &opening.salt);
        let seat = self.seat_mut(round, runner)?;
        match seat.progress {
            Progress::Sealed(bound) if bound == shown => seat.progress = Progress::Opened(opening.value),
            Progress::Opened(value) if value == opening.value => return Err(StepError::Already),
            Progress::Opened(_) => return Err(StepError::Bound),
            _ => return Err(StepError::Mismatch),
        }
        if !self.seats(round).iter().any(|seat| matches!(seat.progress, Progress::Sealed(_))) {
            self.decide(rules, round, now)?;
        }
        Ok(())
    }

    /// The window is over: what is still sealed counts as a wrong value from now on.
    pub(super) fn close_openings(&mut self, rules: Rules<'_>, round: u8, now: Clock) -> Result<(), StepError> {
        for seat in &mut self.panel_mut(round)?.seats {
            if matches!(seat.progress, Progress::Sealed(_)) {
                seat.progress = Progress::Unopened;
            }
        }
        self.decide(rules, round, now)
    }
}
