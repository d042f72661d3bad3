//! The end: the exact split of escrow and penalty pot, computed once from the ended execution (2.5).

use super::{Execution, Outcome, Phase, Refund, Rules, StepError};
use crate::clock::Clock;
use crate::ids::RunnerId;
use crate::money::{Escrow, MoneyError, Rates, Row, add, split, sub};
use crate::params::Params;
use crate::seal::{ErrorCode, Kind};
use crate::terms::{Terms, Usage};

/// Who gets what of escrow and penalty pot. The parts, with the tips paid before, add up to both exactly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Credits of seats, in seat order.
    pub seats: Vec<(RunnerId, u128)>,
    /// To the developer.
    pub developer: u128,
    /// To the block producers' pot.
    pub producers: u128,
    /// Burned, of escrow and pot together.
    pub burn: u128,
    /// Back to the purse that paid, compensation included.
    pub user: u128,
}

impl Rules<'_> {
    /// The rates of an execution under these rules.
    pub fn rates(&self) -> Rates {
        rates(self.terms, self.params)
    }
}

fn rates(terms: &Terms, params: &Params) -> Rates {
    Rates {
        price: terms.price,
        validator: terms.validator,
        developer: terms.developer,
        emitters: crate::bps::Bps::default(),
        producers: params.producers,
        burn: params.burn,
        k1: terms.committee.k1,
        kappa: params.tips.kappa(),
    }
}

impl Execution {
    /// Ends a provisional execution after its challenge window.
    pub fn settle(&mut self, now: Clock) -> Result<(), StepError> {
        let Phase::Provisional { until } = self.phase else { return Err(self.wrong_phase()) };
        super::expired(until, now)?;
        self.conclude(now)
    }

    pub(super) fn conclude(&mut self, now: Clock) -> Result<(), StepError> {
        let outcome = match self.value.map(|value| value.kind) {
            Some(Kind::Ok) => Outcome::Finalized,
            Some(Kind::Err(code)) => Outcome::Failed(code),
            _ => return Err(self.wrong_phase()),
        };
        self.end(outcome, now);
        Ok(())
    }

    /// Takes a tip of at most `wanted` out of what is left of κ.
    pub fn take_tip(&mut self, rules: Rules<'_>, wanted: u128) -> u128 {
        let left = rules.params.tips.kappa().saturating_sub(self.tips_paid);
        let tip = wanted.min(left);
        self.tips_paid = self.tips_paid.saturating_add(tip);
        tip
    }

    /// Takes a tip of at most `wanted` out of the penalty pot, before its burn.
    pub fn take_pot_tip(&mut self, wanted: u128) -> u128 {
        let tip = wanted.min(self.pot);
        self.pot = self.pot.saturating_sub(tip);
        tip
    }

    /// The split of an ended execution.
    ///
    /// # Errors
    /// `WrongPhase` before the end.
    pub fn settlement(&self, rules: Rules<'_>) -> Result<Settlement, StepError> {
        let outcome = self.outcome().ok_or_else(|| self.wrong_phase())?;
        let row = match outcome {
            Outcome::Finalized => Row::Paid,
            Outcome::Failed(ErrorCode::BadInput) => Row::BadInput,
            Outcome::Failed(_) => Row::OtherError,
            Outcome::Refunded(_) => Row::Refunded,
        };
        let at = Escrow::of(&rules.rates(), self.attested(rules.terms))?;
        let others = u8::try_from(self.seats.len().saturating_sub(1)).unwrap_or(u8::MAX);
        let validators = others.min(rules.terms.committee.k1);
        let split = split(self.escrow, &at, row, validators, self.tips_paid)?;
        let mut settlement = Settlement {
            seats: self.fees(row, split.executor, split.validator_each),
            developer: split.developer,
            producers: split.producers,
            burn: split.burn,
            user: split.user,
        };
        let no_result = outcome == Outcome::Refunded(Refund::NoResult);
        settlement.pour(self, rules, no_result)?;
        Ok(settlement)
    }

    /// Usage that the seats attested, never above the maximum the escrow was computed from; the maximum without one.
    fn attested(&self, terms: &Terms) -> Usage {
        let max = terms.max_usage_for(self.input.len.into());
        self.value.map_or(max, |value| {
            let used = Usage::of(self.input.len.into(), value.output_len, value.mfuel);
            Usage { kb: used.kb.min(max.kb), mfuel: used.mfuel.min(max.mfuel) }
        })
    }

    /// Fee of each seat that holds the verdict: the executor's to the lowest that did not let its slot pass.
    fn fees(&self, row: Row, executor: u128, validator: u128) -> Vec<(RunnerId, u128)> {
        if row == Row::Refunded {
            return Vec::new();
        }
        let publisher = self.seats.iter().position(|seat| !seat.passed_slot).unwrap_or(0);
        let fee = |index| if index == publisher { executor } else { validator };
        self.seats.iter().enumerate().map(|(index, seat)| (seat.runner, fee(index))).collect()
    }
}

impl Settlement {
    /// The waterfall of the penalty pot: a share burned always; where there was no result, compensation of the user up
    /// to a, then the full fee of each seat that sealed, at least half of it, from the escrow if the pot is short;
    /// the rest burned.
    fn pour(&mut self, execution: &Execution, rules: Rules<'_>, no_result: bool) -> Result<(), MoneyError> {
        let always = rules.params.pot_burn.of(execution.pot);
        let mut left = sub(execution.pot, always)?;
        if no_result {
            let fees = rules.max_fees(execution.input.len)?;
            let compensation = left.min(fees.executor);
            left = sub(left, compensation)?;
            self.user = add(self.user, compensation)?;
            for (index, seat) in execution.seats.iter().enumerate() {
                if !seat.sealed() || seat.passed_slot {
                    continue;
                }
                let fee = if index == 0 { fees.executor } else { fees.validator };
                let from_pot = left.min(fee);
                let from_escrow = (fee / 2).saturating_sub(from_pot);
                left = sub(left, from_pot)?;
                self.user = sub(self.user, from_escrow)?;
                self.seats.push((seat.runner, add(from_pot, from_escrow)?));
            }
        }
        self.burn = add(self.burn, add(always, left)?)?;
        Ok(())
    }
}
