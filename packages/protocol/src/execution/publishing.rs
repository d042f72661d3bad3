//! Publishing: a holder of the agreed value shows its preimage (2.4).

use super::{Execution, NoShow, Outcome, Phase, Poked, ROUND_1, Refund, Rules, StepError};
use crate::clock::Clock;
use crate::digest::Digest32;
use crate::ids::ExecutionId;
use crate::money::mul;
use crate::seal::{Value, round_value};

/// Slots of T_publish: the primary's, the next seat's, any holder's.
pub const PUBLISHING_SLOTS: u8 = 3;

impl Execution {
    /// Takes the preimage of the agreed value from anyone: it proves itself. The challenge window begins.
    ///
    /// # Errors
    /// `NotAgreed` if it is the preimage of another value.
    pub fn publish(
        &mut self,
        domain: &Digest32,
        id: ExecutionId,
        rules: Rules<'_>,
        value: Value,
        now: Clock,
    ) -> Result<(), StepError> {
        let Phase::Publishing { .. } = self.phase else { return Err(self.wrong_phase()) };
        if self.agreed() != Some(round_value(domain, id, ROUND_1, &value.digest())) {
            return Err(StepError::NotAgreed);
        }
        self.value = Some(value);
        self.enter(Phase::Provisional { until: rules.deadline(now, rules.terms.t_challenge) }, now);
        Ok(())
    }

    pub(super) fn poke_publishing(&mut self, rules: Rules<'_>, slot: u8, now: Clock) -> Result<Poked, StepError> {
        let next = slot.saturating_add(1);
        if next >= PUBLISHING_SLOTS {
            self.end(Outcome::Refunded(Refund::NoResult), now);
            return Ok(Poked::default());
        }
        let amount = mul(rules.max_fees(self.input.len)?.executor, 2)?;
        let mut poked = Poked::default();
        if let Some(seat) = self.seats.get_mut(usize::from(slot)) {
            seat.passed_slot = true;
            poked.no_shows.push(NoShow { runner: seat.runner, amount, unseated: false });
        }
        self.enter(Phase::Publishing { slot: next, until: rules.deadline(now, rules.params.t_publish) }, now);
        Ok(poked)
    }
}
