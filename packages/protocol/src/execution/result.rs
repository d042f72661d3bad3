//! The result of `Verify`'s executor, and of the requester's own runner (2.2, 2.4).

use super::{Execution, Outcome, Phase, Progress, ROUND_0, ROUND_1, Rules, StepError};
use crate::clock::Clock;
use crate::ids::RunnerId;
use crate::seal::{Kind, Value};

impl Execution {
    /// Takes the result of the executor or of the own runner, whose signature the market has checked. `Verify`'s goes
    /// before a committee drawn from a round that is still in the future; an own run is over.
    ///
    /// # Errors
    /// `NotAgreed` for anything but an output; `NoSeat` for another runner.
    pub fn post_result(
        &mut self,
        rules: Rules<'_>,
        runner: RunnerId,
        value: Value,
        now: Clock,
    ) -> Result<(), StepError> {
        let fuel = rules.verifies() && value.mfuel != 0;
        if value.kind != Kind::Ok || value.check().is_err() || fuel {
            return Err(StepError::NotAgreed);
        }
        match self.phase {
            Phase::OwnRun { .. } if self.own_runner == Some(runner) => {
                self.result = Some(value);
                self.end(Outcome::Finalized, now);
                Ok(())
            }
            Phase::OwnRun { .. } => Err(StepError::NoSeat { runner }),
            Phase::Working { round: ROUND_0, .. } => {
                let held = rules.round_value(ROUND_0, &value);
                let seat = self.seat_mut(ROUND_0, runner)?;
                if seat.progress != Progress::Seated {
                    return Err(StepError::Bound);
                }
                seat.progress = Progress::Opened(held);
                self.result = Some(value);
                self.queue(rules, ROUND_1, now);
                Ok(())
            }
            _ => Err(self.wrong_phase()),
        }
    }

    /// The output that stands for the user: the agreed value, or under `Verify` and for an own run the posted result.
    /// Nothing before it stands, nor if it was refused or is an error.
    pub fn output(&self) -> Option<Value> {
        let stands = match self.phase {
            Phase::Provisional { .. } => true,
            Phase::Ended { outcome } => outcome.has_result(),
            _ => false,
        };
        let refused = self.value.is_some_and(|value| value.kind == Kind::Invalid);
        self.result.or(self.value).filter(|value| stands && !refused && value.kind == Kind::Ok)
    }

    /// Whether the result is the own runner's, which nobody attested.
    pub fn is_unattested(&self) -> bool {
        let finalized = self.outcome() == Some(Outcome::Finalized);
        finalized && self.own_runner.is_some() && self.result.is_some() && self.value.is_none()
    }
}
