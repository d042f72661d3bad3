//! What seats are slashed and scored for (3).

use super::{Execution, Outcome, Panel, Progress, ROUND_0, ROUND_2, Refund, Rules, Seat, StepError};
use crate::ids::RunnerId;
use crate::money::{MoneyError, mul};
use crate::offence::Offence;

/// An offence of a runner; `amount` is nominal, the stake may hold less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Who.
    pub runner: RunnerId,
    /// What.
    pub offence: Offence,
    /// Slash in base units.
    pub amount: u128,
    /// The runner also lost its seat.
    pub unseated: bool,
}

impl Rules<'_> {
    /// Slash for letting a publishing slot pass: 2a at the maxima.
    pub(super) fn slot_slash(&self, input_len: u32) -> Result<u128, MoneyError> {
        mul(self.max_fees(input_len)?.executor, 2)
    }
}

impl Execution {
    /// Faults that are known only at the end: wrong and unopened values, and declines. Nothing before the end.
    ///
    /// Content is judged by the last verdict, and only in rounds up to the one that reached it; what was sealed and
    /// never opened pays in every round. All slashes of one seat together stay within B.
    pub fn final_faults(&self, rules: Rules<'_>) -> Result<Vec<Fault>, StepError> {
        if self.outcome().is_none() {
            return Err(self.wrong_phase());
        }
        let mut faults = Vec::new();
        for panel in &self.panels {
            for (index, seat) in panel.seats.iter().enumerate() {
                if self.is_wrong(rules, panel, seat) {
                    let amount = self.content_slash(rules, panel, index, seat)?;
                    faults.push(Fault {
                        runner: seat.runner,
                        offence: Offence::WrongOrUnopened,
                        amount,
                        unseated: false,
                    });
                }
            }
        }
        faults.extend(self.declines());
        Ok(faults)
    }

    fn is_wrong(&self, rules: Rules<'_>, panel: &Panel, seat: &Seat) -> bool {
        match (seat.progress, self.value) {
            (Progress::Unopened, _) => true,
            (Progress::Opened(_), Some(_)) if panel.round == ROUND_0 => {
                self.outcome() == Some(Outcome::Refunded(Refund::Rejected))
            }
            (Progress::Opened(held), Some(value)) if panel.round <= self.decided => {
                held != rules.round_value(panel.round, &value)
            }
            _ => false,
        }
    }

    /// B for the executor, B/2 for any other seat, less what the seat was slashed before.
    fn content_slash(&self, rules: Rules<'_>, panel: &Panel, index: usize, seat: &Seat) -> Result<u128, MoneyError> {
        let bond = rules.terms.seat_bond;
        let whole = if rules.is_executor(panel.round, index) { bond } else { bond / 2 };
        Ok(whole.min(self.not_slashed(rules, panel.round, index, seat)?))
    }

    /// What is left of the bond of the seat at `index` of `round` after the slashes before the end, nominally.
    fn not_slashed(&self, rules: Rules<'_>, round: u8, index: usize, seat: &Seat) -> Result<u128, MoneyError> {
        if seat.equivocated {
            return Ok(0);
        }
        let slot = if seat.passed_slot { rules.slot_slash(self.input.len)? } else { 0 };
        let missed = if seat.progress == Progress::Missed { self.miss_cost(rules, round, index)? } else { 0 };
        Ok(rules.terms.seat_bond.saturating_sub(slot).saturating_sub(missed))
    }

    /// Slash of the seat at `index` of `round` for letting the window of work pass.
    pub(super) fn miss_slash(&self, rules: Rules<'_>, round: u8, index: usize) -> Result<u128, MoneyError> {
        let left = match self.seats(round).get(index) {
            Some(seat) => self.not_slashed(rules, round, index, seat)?,
            None => 0,
        };
        Ok(self.miss_cost(rules, round, index)?.min(left))
    }

    /// 2a for the executor, 2b for validators of round 1, the cost of the round that it may force for later ones.
    fn miss_cost(&self, rules: Rules<'_>, round: u8, index: usize) -> Result<u128, MoneyError> {
        let fees = rules.max_fees(self.input.len)?;
        if rules.is_executor(round, index) {
            mul(fees.executor, 2)
        } else if round >= ROUND_2 {
            mul(fees.validator, rules.committee.later_miss())
        } else {
            mul(fees.validator, 2)
        }
    }

    /// What is left of the seat bond of `runner` after all that its seat was slashed, nominally.
    pub(super) fn bond_left(&self, rules: Rules<'_>, runner: RunnerId) -> Result<u128, StepError> {
        let (round, seat) = self.seat(runner)?;
        let index = self.seats(round).iter().position(|seat| seat.runner == runner).unwrap_or(usize::MAX);
        let content = self.outcome().map_or(Ok(0), |_| self.content_slash_of(rules, runner))?;
        Ok(self.not_slashed(rules, round, index, seat)?.saturating_sub(content))
    }

    fn content_slash_of(&self, rules: Rules<'_>, runner: RunnerId) -> Result<u128, StepError> {
        let faults = self.final_faults(rules)?;
        let wrong = faults.iter().find(|it| it.runner == runner && it.offence == Offence::WrongOrUnopened);
        Ok(wrong.map_or(0, |it| it.amount))
    }
}
