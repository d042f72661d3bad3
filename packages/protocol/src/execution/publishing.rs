//! Publishing: a holder of the verdict shows its preimage (2.4).

use super::{Execution, Fault, Outcome, Phase, Poked, Refund, Rules, StepError};
use crate::clock::Clock;
use crate::ids::RunnerId;
use crate::offence::Offence;
use crate::seal::Value;

/// Slots of T_publish: the lowest holder's, the next holder's, any holder's.
pub const PUBLISHING_SLOTS: u8 = 3;

impl Execution {
    /// Takes the preimage of the verdict from anyone: it proves itself. The value stands from now on.
    ///
    /// # Errors
    /// `NotAgreed` if it is the preimage of another value.
    pub fn publish(&mut self, rules: Rules<'_>, value: Value, now: Clock) -> Result<(), StepError> {
        let Phase::Publishing { round, .. } = self.phase else { return Err(self.wrong_phase()) };
        if !rules.knows(&value) || self.verdict(rules, round) != Some(rules.round_value(round, &value)) {
            return Err(StepError::NotAgreed);
        }
        self.stand(rules, round, value, now)
    }

    /// Whose slot it is: the holder of the deciding round in its place; nobody's own in the last slot.
    pub fn publisher(&self, rules: Rules<'_>) -> Option<RunnerId> {
        let Phase::Publishing { round, slot, .. } = self.phase else { return None };
        if slot.saturating_add(1) >= PUBLISHING_SLOTS {
            return None;
        }
        let verdict = self.verdict(rules, round)?;
        self.panel(round)?.holders(verdict).nth(slot.into()).map(|seat| seat.runner)
    }

    pub(super) fn poke_publishing(
        &mut self,
        rules: Rules<'_>,
        round: u8,
        slot: u8,
        now: Clock,
    ) -> Result<Poked, StepError> {
        let next = slot.saturating_add(1);
        if next >= PUBLISHING_SLOTS {
            // A value that a later verdict replaced no longer stands, and nobody is judged by it.
            self.value = None;
            self.decided = 0;
            self.end(Outcome::Refunded(Refund::NoResult), now);
            return Ok(Poked::default());
        }
        let mut poked = Poked::default();
        if let Some(runner) = self.publisher(rules) {
            let amount = rules.slot_slash(self.input.len)?.min(self.bond_left(rules, runner)?);
            self.seat_mut(round, runner)?.passed_slot = true;
            poked.faults.push(Fault { runner, offence: Offence::PublishingSlot, amount, unseated: false });
        }
        self.enter(Phase::Publishing { round, slot: next, until: rules.deadline(now, rules.params.t_publish) }, now);
        Ok(poked)
    }
}
