//! The waterfall of the penalty pot, the challenge bond and the service bond (2.5).

use super::{Execution, Outcome, ROUND_1, ROUND_2, Refund, Rules, Settlement};
use crate::ids::RunnerId;
use crate::money::{Fees, MoneyError, add, mul, sub};

impl Settlement {
    /// Pours the pot: a share burned always; compensation of the user up to a; the seats of round 1 that worked for
    /// nothing; the jurors; the challenger who was right; the rest burned.
    pub(super) fn pour(
        &mut self,
        execution: &Execution,
        rules: Rules<'_>,
        fees: Fees,
        executor: Option<RunnerId>,
        service_bond: u128,
    ) -> Result<(), MoneyError> {
        let always = rules.params.pot_burn.of(execution.pot);
        self.burn = add(self.burn, always)?;
        let mut left = sub(execution.pot, always)?;
        self.compensate(execution, rules, &mut left)?;
        self.pay_first_round(execution, rules, &mut left)?;
        let bond_left = self.pay_jurors(execution, rules, fees, &mut left, service_bond)?;
        self.close_challenge(execution, fees, executor, &mut left, bond_left)?;
        self.burn = add(self.burn, left)?;
        Ok(())
    }

    fn compensate(&mut self, execution: &Execution, rules: Rules<'_>, left: &mut u128) -> Result<(), MoneyError> {
        let wronged = matches!(
            execution.outcome(),
            Some(Outcome::Corrected | Outcome::Refunded(Refund::NoResult | Refund::Rejected))
        );
        if wronged {
            let compensation = rules.max_fees(execution.input.len)?.executor.min(*left);
            *left = sub(*left, compensation)?;
            self.user = add(self.user, compensation)?;
        }
        Ok(())
    }

    /// Seats of round 1 that did their work in an execution without a result: the full fee, and at least half of it,
    /// from the escrow if the pot is short. Those that found a result invalid: b, as far as the pot reaches.
    fn pay_first_round(&mut self, execution: &Execution, rules: Rules<'_>, left: &mut u128) -> Result<(), MoneyError> {
        let fees = rules.max_fees(execution.input.len)?;
        let outcome = execution.outcome();
        let no_result = outcome == Some(Outcome::Refunded(Refund::NoResult));
        let rejected = outcome == Some(Outcome::Refunded(Refund::Rejected));
        let invalid = rules.round_value(ROUND_1, &super::verdict::INVALID);
        for (index, seat) in execution.seats(ROUND_1).iter().enumerate() {
            let worked = no_result && seat.sealed() && !seat.passed_slot;
            let right = rejected && seat.opened() == Some(invalid);
            if !(worked || right) {
                continue;
            }
            let fee = execution.fee_of(rules, index, fees);
            let from_pot = fee.min(*left);
            let from_escrow = if worked { (fee / 2).saturating_sub(from_pot).min(self.user) } else { 0 };
            *left = sub(*left, from_pot)?;
            self.user = sub(self.user, from_escrow)?;
            self.seats.push((seat.runner, add(from_pot, from_escrow)?));
        }
        Ok(())
    }

    /// b to each juror from the pot, then from the challenge bond, or from the service bond if nobody could agree; pro
    /// rata where that is short. Returns what is left of the challenge bond.
    fn pay_jurors(
        &mut self,
        execution: &Execution,
        rules: Rules<'_>,
        fees: Fees,
        left: &mut u128,
        service_bond: u128,
    ) -> Result<u128, MoneyError> {
        let bond = execution.challenge.as_ref().map_or(0, |challenge| challenge.bond);
        let jurors = execution.jurors(rules);
        let count = u128::try_from(jurors.len()).map_err(|_| MoneyError::Overflow)?;
        let due = mul(fees.validator, count)?;
        let from_pot = due.min(*left);
        let short = sub(due, from_pot)?;
        let from_bond = short.min(bond);
        let answers = execution.is_unsettled() && !execution.is_starved();
        self.from_service_bond = if answers { sub(short, from_bond)?.min(service_bond) } else { 0 };
        let funds = add(add(from_pot, from_bond)?, self.from_service_bond)?;
        let each = funds.checked_div(count).unwrap_or(0);
        *left = sub(*left, from_pot)?;
        self.burn = add(self.burn, sub(funds, mul(each, count)?)?)?;
        self.seats.extend(jurors.into_iter().map(|runner| (runner, each)));
        sub(bond, from_bond)
    }

    /// Right: the rest of the bond and a bounty. Without a verdict: the rest. Wrong: a to the executor, the rest burned.
    fn close_challenge(
        &mut self,
        execution: &Execution,
        fees: Fees,
        executor: Option<RunnerId>,
        left: &mut u128,
        bond_left: u128,
    ) -> Result<(), MoneyError> {
        let Some(challenge) = &execution.challenge else { return Ok(()) };
        match challenge.right {
            Some(true) => {
                let bounty = (execution.pot / 5).min(*left);
                *left = sub(*left, bounty)?;
                self.challenger = add(bond_left, bounty)?;
            }
            None => self.challenger = bond_left,
            Some(false) => {
                let fee = executor.map_or(0, |_| fees.executor.min(bond_left));
                self.seats.extend(executor.map(|runner| (runner, fee)));
                self.burn = add(self.burn, sub(bond_left, fee)?)?;
            }
        }
        Ok(())
    }
}

impl Execution {
    /// Seats of rounds 2 and 3 that opened the final value; all that opened where no round could agree.
    fn jurors(&self, rules: Rules<'_>) -> Vec<RunnerId> {
        let later = self.all_seats().filter(|(round, _)| *round >= ROUND_2);
        let right = later.filter(|(round, seat)| match (seat.opened(), self.value) {
            (Some(_), _) if self.is_unsettled() => true,
            (Some(held), Some(value)) => held == rules.round_value(*round, &value),
            _ => false,
        });
        right.map(|(_, seat)| seat.runner).collect()
    }
}
