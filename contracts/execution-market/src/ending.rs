//! The terminal transition: every coin of an ended execution goes where the settlement says (2.5).

use cosmwasm_std::StdResult;
use mesg_api::market::MarketEvent;
use mesg_protocol::execution::{Execution, Fault, Outcome, ROUND_2, Rules, Settlement};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::money::add;

use crate::error::{ContractError, ItemError};
use crate::ledger::Bucket;
use crate::session::Session;
use crate::state::{BONDS, INPUTS, OPEN, PurseKey};

impl Session<'_> {
    /// Pays a tip from κ to the sender.
    pub fn tip_sender(
        &mut self,
        id: ExecutionId,
        execution: &mut Execution,
        wanted: u128,
        act: &str,
    ) -> Result<(), ItemError> {
        let to = self.sender_purse(0)?;
        self.tip(id, execution, &to, wanted, act)
    }

    /// Pays a tip from κ.
    pub fn tip(
        &mut self,
        id: ExecutionId,
        execution: &mut Execution,
        to: &PurseKey,
        wanted: u128,
        act: &str,
    ) -> Result<(), ItemError> {
        let rows = self.rows(execution.terms, execution.params)?;
        let amount = execution.take_tip(rows.rules(id, execution), wanted);
        self.pay_tip(id, to, Bucket::Escrow, amount, act)
    }

    /// Pays the sender a tip from the penalty pot, as much as it holds.
    pub fn tip_from_pot(&mut self, id: ExecutionId, execution: &mut Execution, wanted: u128) -> Result<(), ItemError> {
        let to = self.sender_purse(0)?;
        let amount = execution.take_pot_tip(wanted);
        self.pay_tip(id, &to, Bucket::Pots, amount, "poke")
    }

    fn pay_tip(
        &mut self,
        id: ExecutionId,
        to: &PurseKey,
        from: Bucket,
        amount: u128,
        act: &str,
    ) -> Result<(), ItemError> {
        if amount == 0 {
            return Ok(());
        }
        self.credit_purse(to, from, amount)?;
        let account = self.api.addr_humanize(&to.account.as_slice().into())?.into_string();
        self.emit(MarketEvent::Tipped { execution: id.0, account, amount, act: act.to_owned() });
        Ok(())
    }

    /// Slashes for what is known only now, splits the money of an ended execution, frees its seats and counts it. The
    /// sender is tipped for the ending.
    pub fn end(&mut self, id: ExecutionId, execution: &mut Execution) -> Result<(), ItemError> {
        let rows = self.rows(execution.terms, execution.params)?;
        let rules = rows.rules(id, execution);
        self.tip_sender(id, execution, rules.params.tips.settle, "settle")?;
        let faults = execution.final_faults(rules)?;
        self.punish(id, execution, &faults)?;
        let bond = self.service_bond(execution)?;
        let settlement = execution.settlement(rules, bond)?;
        self.split(id, execution, &settlement)?;
        self.free_seats(id, execution, rules, &faults)?;
        self.count(execution)?;
        for (runner, amount) in &settlement.seats {
            self.emit(MarketEvent::Paid { execution: id.0, runner: runner.0, amount: *amount });
        }
        let purse = self.purse_mut(&payer(execution))?;
        purse.open = purse.open.saturating_sub(1);
        INPUTS.remove(self.storage, id);
        self.emit(ended(id, execution, &settlement)?);
        execution.panels.iter_mut().for_each(|panel| panel.spares.clear());
        execution.pot = 0;
        Ok(())
    }

    /// What the service's bond may pay: only where nobody could agree.
    fn service_bond(&self, execution: &Execution) -> StdResult<u128> {
        if !execution.is_unsettled() {
            return Ok(0);
        }
        Ok(BONDS.may_load(self.storage, execution.service)?.map_or(0, |bond| bond.amount))
    }

    fn split(&mut self, id: ExecutionId, execution: &Execution, parts: &Settlement) -> Result<(), ContractError> {
        if let Some(challenge) = &execution.challenge {
            self.release_bond(challenge)?;
        }
        self.take_service_bond(execution, parts.from_service_bond)?;
        let ledger = &mut self.book.ledger;
        ledger.transfer(Bucket::Pots, Bucket::Escrow, execution.pot)?;
        ledger.transfer(Bucket::Escrow, Bucket::Developers, parts.developer)?;
        ledger.transfer(Bucket::Escrow, Bucket::Producers, parts.producers)?;
        ledger.transfer(Bucket::Escrow, Bucket::Burn, parts.burn)?;
        for (runner, amount) in &parts.seats {
            self.book.ledger.transfer(Bucket::Escrow, Bucket::Runners, *amount)?;
            let account = self.runner_mut(*runner)?;
            account.earned = add(account.earned, *amount)?;
        }
        let version = self.version_mut(execution.version)?;
        version.earned = add(version.earned, parts.developer)?;
        if let Some(challenge) = &execution.challenge {
            self.close_challenge(id, challenge, parts.challenger)?;
        }
        self.credit_purse(&payer(execution), Bucket::Escrow, parts.user)
    }

    fn take_service_bond(&mut self, execution: &Execution, amount: u128) -> Result<(), ContractError> {
        if amount == 0 {
            return Ok(());
        }
        let mut bond = BONDS.may_load(self.storage, execution.service)?.unwrap_or_default();
        bond.amount = mesg_protocol::money::sub(bond.amount, amount)?;
        BONDS.save(self.storage, execution.service, &bond);
        self.book.ledger.transfer(Bucket::Bonds, Bucket::Escrow, amount)
    }

    /// Frees every seat that is still held; a seat without a fault takes part of its runner's score away.
    fn free_seats(
        &mut self,
        id: ExecutionId,
        execution: &Execution,
        rules: Rules<'_>,
        faults: &[Fault],
    ) -> Result<(), ContractError> {
        for (_, seat) in execution.all_seats().filter(|(_, seat)| seat.held()) {
            self.leave_seat(seat.runner, id)?;
            let account = self.runner_mut(seat.runner)?;
            account.completed = account.completed.saturating_add(1);
            if !seat.passed_slot && !seat.equivocated && !faults.iter().any(|fault| fault.runner == seat.runner) {
                account.score.complete_seat();
            }
        }
        let reserved = if execution.was_queued() { rules.committee.seats() } else { 0 };
        let later = execution.panels.iter().filter(|panel| panel.round >= ROUND_2);
        let later: u32 = later.map(|panel| u32::from(rules.seats(panel.round))).sum();
        let version = self.version_mut(execution.version)?;
        version.taken = version.taken.saturating_sub(later.saturating_add(reserved.into()));
        if let Some(runner) = execution.own_runner {
            OPEN.remove(self.storage, runner, id);
        }
        Ok(())
    }

    /// Counts how it ended; a version that too often finds no agreement pauses its service.
    fn count(&mut self, execution: &Execution) -> Result<(), ContractError> {
        let version = self.version_mut(execution.version)?;
        let count = match execution.outcome() {
            Some(Outcome::Finalized | Outcome::Corrected) => &mut version.finalized,
            Some(Outcome::Failed(_) | Outcome::Unavailable) => &mut version.failed,
            _ => &mut version.refunded,
        };
        *count = count.saturating_add(1);
        if execution.is_unsettled() && !execution.is_starved() && version.note_unsettled() {
            let mut bond = BONDS.may_load(self.storage, execution.service)?.unwrap_or_default();
            bond.paused = true;
            BONDS.save(self.storage, execution.service, &bond);
            self.emit(MarketEvent::ServicePaused { service: execution.service.0 });
        }
        Ok(())
    }
}

/// The purse that paid an execution.
pub fn payer(execution: &Execution) -> PurseKey {
    PurseKey { account: execution.requester.clone(), sub: execution.sub }
}

/// Why an ended execution did not end with a result; empty if it did.
pub fn reason(execution: &Execution) -> String {
    match execution.outcome() {
        Some(Outcome::Failed(code)) => format!("{code:?}"),
        Some(Outcome::Refunded(why)) => format!("{why:?}"),
        Some(Outcome::Unavailable) => "Unavailable".to_owned(),
        Some(Outcome::Finalized | Outcome::Corrected) | None => String::new(),
    }
}

fn ended(id: ExecutionId, execution: &Execution, parts: &Settlement) -> Result<MarketEvent, ContractError> {
    let seats = parts.seats.iter().try_fold(0, |sum, (_, amount)| add(sum, *amount))?;
    Ok(MarketEvent::Ended {
        execution: id.0,
        outcome: execution.phase.name().to_owned(),
        reason: reason(execution),
        escrow: execution.escrow,
        pot: execution.pot,
        user: parts.user,
        seats,
        developer: parts.developer,
        producers: parts.producers,
        burn: parts.burn,
        tips: execution.tips_paid,
        challenger: parts.challenger,
        service_bond: parts.from_service_bond,
    })
}
