//! The terminal transition: every coin of an ended execution goes where the settlement says (2.5).

use mesg_api::market::MarketEvent;
use mesg_protocol::execution::{Execution, Outcome, Settlement};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::money::add;

use crate::error::{ContractError, ItemError};
use crate::ledger::Bucket;
use crate::session::Session;
use crate::state::{INPUTS, OPEN, PurseKey};

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
        let amount = execution.take_tip(rows.rules(), wanted);
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

    /// Splits the money of an ended execution, frees its seats and counts it. The sender is tipped for the ending.
    pub fn end(&mut self, id: ExecutionId, execution: &mut Execution) -> Result<(), ItemError> {
        let rows = self.rows(execution.terms, execution.params)?;
        self.tip_sender(id, execution, rows.rules().params.tips.settle, "settle")?;
        let settlement = execution.settlement(rows.rules())?;
        self.split(execution, &settlement)?;
        self.free_seats(id, execution, rows.rules().terms.committee.seats())?;
        for (runner, amount) in &settlement.seats {
            self.emit(MarketEvent::Paid { execution: id.0, runner: runner.0, amount: *amount });
        }
        let purse = self.purse_mut(&payer(execution))?;
        purse.open = purse.open.saturating_sub(1);
        INPUTS.remove(self.storage, id);
        self.emit(ended(id, execution, &settlement)?);
        execution.spares.clear();
        execution.pot = 0;
        Ok(())
    }

    fn split(&mut self, execution: &Execution, settlement: &Settlement) -> Result<(), ContractError> {
        let ledger = &mut self.book.ledger;
        ledger.transfer(Bucket::Pots, Bucket::Escrow, execution.pot)?;
        ledger.transfer(Bucket::Escrow, Bucket::Developers, settlement.developer)?;
        ledger.transfer(Bucket::Escrow, Bucket::Producers, settlement.producers)?;
        ledger.transfer(Bucket::Escrow, Bucket::Burn, settlement.burn)?;
        for (runner, amount) in &settlement.seats {
            self.book.ledger.transfer(Bucket::Escrow, Bucket::Runners, *amount)?;
            let account = self.runner_mut(*runner)?;
            account.earned = add(account.earned, *amount)?;
        }
        let version = self.version_mut(execution.version)?;
        version.earned = add(version.earned, settlement.developer)?;
        self.credit_purse(&payer(execution), Bucket::Escrow, settlement.user)
    }

    fn free_seats(&mut self, id: ExecutionId, execution: &Execution, seats: u8) -> Result<(), ContractError> {
        for seat in &execution.seats {
            let account = self.runner_mut(seat.runner)?;
            account.open = account.open.saturating_sub(1);
            account.completed = account.completed.saturating_add(1);
            OPEN.remove(self.storage, seat.runner, id);
        }
        let version = self.version_mut(execution.version)?;
        version.taken = version.taken.saturating_sub(seats.into());
        let count = match execution.outcome() {
            Some(Outcome::Finalized) => &mut version.finalized,
            Some(Outcome::Failed(_)) => &mut version.failed,
            _ => &mut version.refunded,
        };
        *count = count.saturating_add(1);
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
        Some(Outcome::Finalized) | None => String::new(),
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
    })
}
