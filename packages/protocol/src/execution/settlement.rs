//! The end: the exact split of escrow, penalty pot and bonds, computed once from the ended execution (2.5).

use super::{Execution, Outcome, Phase, ROUND_0, ROUND_1, Rules, StepError};
use crate::clock::Clock;
use crate::ids::RunnerId;
use crate::money::{Escrow, Fees, MoneyError, Row, Split, add, split, sub};
use crate::seal::ErrorCode;
use crate::terms::{Terms, Usage};

/// Who gets what. The parts, with the tips paid before, add up exactly to escrow, penalty pot, challenge bond and
/// what is taken from the service bond.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    /// Credits of seats; a runner may occur more than once.
    pub seats: Vec<(RunnerId, u128)>,
    /// To the developer.
    pub developer: u128,
    /// To the block producers' pot.
    pub producers: u128,
    /// Burned, of all sources together.
    pub burn: u128,
    /// Back to the purse that paid, compensation included.
    pub user: u128,
    /// To the challenger: what is left of its bond, and its bounty.
    pub challenger: u128,
    /// Taken from the service bond for jurors who could not agree.
    pub from_service_bond: u128,
}

/// The seats that the escrow pays.
struct Paid {
    executor: Option<RunnerId>,
    validators: Vec<RunnerId>,
}

impl Execution {
    /// Ends a provisional execution after its challenge window.
    pub fn settle(&mut self, rules: Rules<'_>, now: Clock) -> Result<(), StepError> {
        let Phase::Provisional { until } = self.phase else { return Err(self.wrong_phase()) };
        super::expired(until, now)?;
        self.conclude(rules, now)
    }

    /// Takes a tip of at most `wanted` out of what is left of κ. The tip of the end is kept for the end, however many
    /// rounds are seated before.
    pub fn take_tip(&mut self, rules: Rules<'_>, wanted: u128) -> u128 {
        let tips = rules.params.tips;
        let kept = if self.outcome().is_some() { 0 } else { tips.settle };
        let left = tips.kappa().saturating_sub(kept).saturating_sub(self.tips_paid);
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

    /// The split of an ended execution whose final slashes are in the pot; `service_bond` may be taken from.
    ///
    /// # Errors
    /// `WrongPhase` before the end.
    pub fn settlement(&self, rules: Rules<'_>, service_bond: u128) -> Result<Settlement, StepError> {
        let row = self.row()?;
        let at = Escrow::of(&rules.rates(), self.attested(rules.terms, row))?;
        let paid = self.paid_seats(rules, row);
        let validators = u8::try_from(paid.validators.len()).unwrap_or(u8::MAX);
        let parts = split(self.escrow, &at, row, validators, self.tips_paid)?;
        let mut settlement = Settlement {
            developer: parts.developer,
            producers: parts.producers,
            burn: parts.burn,
            user: add(parts.user, parts.emitters)?,
            ..Settlement::default()
        };
        settlement.pay_seats(&paid, &parts)?;
        if row == Row::Unavailable {
            settlement.pay_halves(self, rules)?;
        }
        settlement.pour(self, rules, at.fees, paid.executor, service_bond)?;
        Ok(settlement)
    }

    fn row(&self) -> Result<Row, StepError> {
        Ok(match self.outcome().ok_or_else(|| self.wrong_phase())? {
            Outcome::Finalized if self.is_unattested() => Row::OwnRun,
            Outcome::Finalized | Outcome::Corrected => Row::Paid,
            Outcome::Failed(ErrorCode::BadInput) => Row::BadInput,
            Outcome::Failed(_) => Row::OtherError,
            Outcome::Unavailable => Row::Unavailable,
            Outcome::Refunded(_) => Row::Refunded,
        })
    }

    /// Usage that the seats attested, never above the maximum that the escrow was computed from; the maximum where
    /// nobody attested any.
    fn attested(&self, terms: &Terms, row: Row) -> Usage {
        let max = terms.max_usage_for(self.input.len.into());
        let attested =
            self.result.or(self.value).filter(|_| matches!(row, Row::Paid | Row::BadInput | Row::OtherError));
        attested.map_or(max, |value| {
            let used = Usage::of(self.input.len.into(), value.output_len, value.mfuel);
            Usage { kb: used.kb.min(max.kb), mfuel: used.mfuel.min(max.mfuel) }
        })
    }

    /// The executor's fee goes to the lowest seat that holds the verdict and did not let its slot pass, under `Verify`
    /// to the executor; a validator's fee to the other seats of round 1 that hold it, k1 at most.
    fn paid_seats(&self, rules: Rules<'_>, row: Row) -> Paid {
        let value = self.value.filter(|_| matches!(row, Row::Paid | Row::BadInput | Row::OtherError));
        let Some(value) = value else { return Paid { executor: None, validators: Vec::new() } };
        let verdict = rules.round_value(ROUND_1, &value);
        let holders: Vec<_> = self.panel(ROUND_1).map(|panel| panel.holders(verdict).collect()).unwrap_or_default();
        let executor = if rules.verifies() {
            self.seats(ROUND_0).first().map(|seat| seat.runner)
        } else {
            holders.iter().find(|seat| !seat.passed_slot).map(|seat| seat.runner)
        };
        let others = holders.iter().map(|seat| seat.runner).filter(|runner| Some(*runner) != executor);
        Paid { executor, validators: others.take(rules.committee.k1.into()).collect() }
    }

    /// The fee of the seat at `index` of round 1.
    pub(super) fn fee_of(&self, rules: Rules<'_>, index: usize, fees: Fees) -> u128 {
        if rules.is_executor(ROUND_1, index) { fees.executor } else { fees.validator }
    }
}

impl Settlement {
    fn pay_seats(&mut self, paid: &Paid, parts: &Split) -> Result<(), MoneyError> {
        match paid.executor {
            Some(executor) => self.seats.push((executor, parts.executor)),
            None => self.user = add(self.user, parts.executor)?,
        }
        self.seats.extend(paid.validators.iter().map(|runner| (*runner, parts.validator_each)));
        self.seats.retain(|(_, amount)| *amount > 0);
        Ok(())
    }

    /// Nobody could get the input: half its fee to each seat that sealed all the same.
    fn pay_halves(&mut self, execution: &Execution, rules: Rules<'_>) -> Result<(), MoneyError> {
        let fees = rules.max_fees(execution.input.len)?;
        for (index, seat) in execution.seats(ROUND_1).iter().enumerate().filter(|(_, seat)| seat.sealed()) {
            let half = execution.fee_of(rules, index, fees) / 2;
            self.user = sub(self.user, half)?;
            self.seats.push((seat.runner, half));
        }
        Ok(())
    }
}
