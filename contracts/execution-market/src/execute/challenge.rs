//! `Challenge`: anyone who doubts a provisional value pays for a last round (2.4, 2.5).

use cosmwasm_std::Uint64;
use mesg_api::market::MarketEvent;
use mesg_protocol::execution::Challenge;
use mesg_protocol::ids::ExecutionId;

use super::{change, single};
use crate::error::ContractError;
use crate::ledger::Bucket;
use crate::offer::check_unused_runners;
use crate::session::Session;
use crate::state::PurseKey;

/// Takes the bond from purse 0 of the sender.
pub fn challenge(session: &mut Session<'_>, execution: Uint64) -> Result<(), ContractError> {
    let id = ExecutionId(execution.u64());
    let done = change(session, id, |session, execution| {
        let rows = session.rows(execution.terms, execution.params)?;
        let rules = rows.rules(id, execution);
        execution.check_challenge(rules, session.now)?;
        check_unused_runners(session, execution, rules)?;
        let bond = rules.challenge_bond(execution.input.len)?;
        let purse = session.sender_purse(0)?;
        session.debit_purse(&purse, bond)?;
        session.book.ledger.transfer(Bucket::Purses, Bucket::Challenges, bond)?;
        execution.challenge(rules, purse.account, bond, session.now)?;
        session.emit(MarketEvent::Challenged { execution: id.0, challenger: session.sender.to_string(), bond });
        Ok(())
    });
    single(done)
}

impl Session<'_> {
    /// Moves the whole bond where the settlement divides it.
    pub fn release_bond(&mut self, challenge: &Challenge) -> Result<(), ContractError> {
        self.book.ledger.transfer(Bucket::Challenges, Bucket::Escrow, challenge.bond)
    }

    /// Pays the challenger what comes back of a bond that was released.
    pub fn close_challenge(
        &mut self,
        id: ExecutionId,
        challenge: &Challenge,
        amount: u128,
    ) -> Result<(), ContractError> {
        let purse = PurseKey { account: challenge.account.clone(), sub: 0 };
        let right = challenge.right.map(|right| right.to_string()).unwrap_or_default();
        self.credit_purse(&purse, Bucket::Escrow, amount)?;
        self.emit(MarketEvent::ChallengeClosed { execution: id.0, right, amount });
        Ok(())
    }

    /// The bond of a challenge that could not be seated goes back.
    pub fn return_challenge(&mut self, id: ExecutionId, challenge: &Challenge) -> Result<(), ContractError> {
        self.release_bond(challenge)?;
        self.close_challenge(id, challenge, challenge.bond)
    }
}
