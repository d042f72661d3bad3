//! Challenge: anyone who doubts the standing value pays for a last and largest round (2.4, 2.5).

use super::{Execution, Phase, Poked, ROUND_3, Rules, StepError};
use crate::clock::Clock;
use crate::money::{MoneyError, add, mul};

/// Challenges that may fail to be seated before the value is final.
pub(super) const UNSEATED_CHALLENGES: u8 = 3;

/// A challenge: who answers for it, with what, and whether it was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Canonical address of the challenger; what comes back goes to its purse 0.
    pub account: Vec<u8>,
    /// The bond in base units.
    pub bond: u128,
    /// Whether round 3 found another value; nothing without its verdict.
    pub right: Option<bool>,
}

impl Rules<'_> {
    /// Bond of a challenge: 1.25·k3·b + a at the maxima, rounded up.
    pub fn challenge_bond(&self, input_len: u32) -> Result<u128, MoneyError> {
        let fees = self.max_fees(input_len)?;
        let quarters = mul(mul(fees.validator, self.seats(ROUND_3).into())?, 5)?;
        add(quarters.div_ceil(4), fees.executor)
    }
}

impl Execution {
    /// Whether a challenge can be taken at `now`, apart from its bond.
    pub fn check_challenge(&self, rules: Rules<'_>, now: Clock) -> Result<(), StepError> {
        let Phase::Provisional { until } = self.phase else { return Err(self.wrong_phase()) };
        if until.expired(now) {
            return Err(StepError::TooLate { time: until.time });
        }
        let left = rules.committee.k3.is_some() && self.panel(ROUND_3).is_none();
        if left { Ok(()) } else { Err(StepError::NoChallenge) }
    }

    /// Takes a challenge with its exact bond: round 3 is queued.
    ///
    /// # Errors
    /// `TooLate` after the window, `NoChallenge` without an unused round 3, `ChallengeBond` for another bond.
    pub fn challenge(&mut self, rules: Rules<'_>, account: Vec<u8>, bond: u128, now: Clock) -> Result<(), StepError> {
        self.check_challenge(rules, now)?;
        let needed = rules.challenge_bond(self.input.len)?;
        if bond != needed {
            return Err(StepError::ChallengeBond { got: bond, needed });
        }
        self.challenge = Some(Challenge { account, bond, right: None });
        self.queue(rules, ROUND_3, now);
        Ok(())
    }

    /// Round 3 could not be seated: the bond goes back and the value stands again, at most twice.
    pub(super) fn give_challenge_up(&mut self, rules: Rules<'_>, now: Clock) -> Result<Poked, StepError> {
        let bond_back = self.challenge.take();
        self.unseated_challenges = self.unseated_challenges.saturating_add(1);
        if self.unseated_challenges < UNSEATED_CHALLENGES {
            self.enter(Phase::Provisional { until: rules.deadline(now, rules.terms.t_challenge) }, now);
        } else {
            self.conclude(rules, now)?;
        }
        Ok(Poked { bond_back, ..Poked::default() })
    }
}
