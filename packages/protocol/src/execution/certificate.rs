//! Certificate: every seat's signed seal and its salt, and the one value they hold; decided in one step (2.3).

use super::{Execution, Phase, Progress, ROUND_1, Rules, Seat, StepError};
use crate::clock::Clock;
use crate::digest::Digest32;
use crate::seal::{Value, seal};

/// What the members of a round show together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The one value.
    pub value: Value,
    /// The salt of each seat, in the order of the seats.
    pub salts: Vec<Digest32>,
}

impl Execution {
    /// Takes a certificate of the present round, in place of all seals, openings and the publication. `signed` checks
    /// that the seat's attestation key signed the seal; it is asked once for each seat, in order.
    ///
    /// # Errors
    /// `Incomplete` unless every seat is held and has its salt, `Bound` where a seat has sealed or opened otherwise on
    /// chain, `NotAgreed` for a value that the policy does not know; what `signed` answers.
    pub fn certify<E: From<StepError>>(
        &mut self,
        rules: Rules<'_>,
        certificate: &Certificate,
        now: Clock,
        mut signed: impl FnMut(&Seat, Digest32) -> Result<(), E>,
    ) -> Result<(), E> {
        let round = self.certifiable()?;
        if !rules.knows(&certificate.value) {
            return Err(StepError::NotAgreed.into());
        }
        let seats = self.seats(round);
        let (got, needed) = (certificate.salts.len(), seats.len());
        if got != needed || !seats.iter().all(Seat::held) {
            return Err(StepError::Incomplete { got, needed }.into());
        }
        let value = rules.round_value(round, &certificate.value);
        for (seat, salt) in seats.iter().zip(&certificate.salts) {
            let shown = seal(rules.domain, rules.id, round, seat.runner, &value, salt);
            match seat.progress {
                Progress::Sealed(bound) if bound != shown => return Err(StepError::Bound.into()),
                Progress::Opened(held) if held != value => return Err(StepError::Bound.into()),
                _ => signed(seat, shown)?,
            }
        }
        for seat in &mut self.panel_mut(round)?.seats {
            seat.progress = Progress::Opened(value);
        }
        self.stand(rules, round, certificate.value, now)?;
        Ok(())
    }

    /// The round that a certificate would decide.
    fn certifiable(&self) -> Result<u8, StepError> {
        match self.phase {
            Phase::Working { round, .. } | Phase::Opening { round, .. } if round >= ROUND_1 => Ok(round),
            _ => Err(self.wrong_phase()),
        }
    }
}
