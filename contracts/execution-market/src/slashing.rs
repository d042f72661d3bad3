//! Slashes: the market computes what each takes, writes its own state, and sends staking exact amounts.

use cosmwasm_std::{Addr, CosmosMsg, StdError, StdResult};
use mesg_api::market::MarketEvent;
use mesg_api::staking::{MAX_SLASH_ITEMS, SlashItem, StakingClient};
use mesg_protocol::execution::{Execution, Fault};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::offence::Offence;

use crate::error::{ContractError, ItemError};
use crate::ledger::Bucket;
use crate::session::Session;
use crate::state::OPEN;

/// Slashes of one message: the stake left of each runner, and what is taken.
#[derive(Default)]
pub struct Slashes {
    left: Vec<(RunnerId, u128)>,
    items: Vec<SlashItem>,
}

impl Slashes {
    /// The messages to staking, if anything is taken or anybody excluded.
    pub fn into_messages(self, staking: &Addr) -> StdResult<Vec<CosmosMsg>> {
        let client = StakingClient { staking };
        self.items.chunks(MAX_SLASH_ITEMS).map(|items| Ok(client.slash(items.to_vec())?.into())).collect()
    }
}

impl Session<'_> {
    /// Slashes and scores runners for what they did wrong; what is taken goes into the penalty pot.
    pub fn punish(&mut self, id: ExecutionId, execution: &mut Execution, faults: &[Fault]) -> Result<(), ItemError> {
        for fault in faults {
            let taken = self.take_stake(fault)?;
            self.book.ledger.receive(Bucket::Pots, taken)?;
            execution.add_penalty(taken)?;
            if fault.offence == Offence::Missed {
                let account = self.runner_mut(fault.runner)?;
                account.missed = account.missed.saturating_add(1);
                let version = self.version_mut(execution.version)?;
                version.missed = version.missed.saturating_add(1);
            }
            if fault.unseated {
                self.leave_seat(fault.runner, id)?;
            }
            self.tell_slash(id, fault, taken);
        }
        Ok(())
    }

    /// Tells what a fault cost.
    pub fn tell_slash(&mut self, id: ExecutionId, fault: &Fault, taken: u128) {
        let offence = name(fault.offence).to_owned();
        self.emit(MarketEvent::Slashed { execution: id.0, runner: fault.runner.0, offence, amount: taken });
    }

    /// Frees a seat of a runner.
    pub fn leave_seat(&mut self, runner: RunnerId, id: ExecutionId) -> StdResult<()> {
        let account = self.runner_mut(runner)?;
        account.open = account.open.saturating_sub(1);
        OPEN.remove(self.storage, runner, id);
        Ok(())
    }

    /// Scores a fault and takes its slash: min(amount, what is left of the runner's stake after the slashes before it in
    /// this message).
    pub fn take_stake(&mut self, fault: &Fault) -> Result<u128, ContractError> {
        let now = self.now.time;
        let exclusion = self.runner_mut(fault.runner)?.score.offend(fault.offence, now);
        let runner = fault.runner;
        let known = self.slashes.left.iter_mut().find(|(known, _)| *known == runner);
        let taken = match known {
            Some((_, left)) => {
                let taken = fault.amount.min(*left);
                *left = left.saturating_sub(taken);
                taken
            }
            None if fault.amount == 0 => 0,
            None => {
                let client = StakingClient { staking: &self.config.staking };
                let row = client.runner(&self.querier, runner)?;
                let left = row.ok_or_else(|| StdError::not_found("runner"))?.stake.tokens;
                let taken = fault.amount.min(left);
                self.slashes.left.push((runner, left.saturating_sub(taken)));
                taken
            }
        };
        if taken > 0 || exclusion.is_some() {
            self.slashes.items.push(SlashItem::new(runner, taken, exclusion));
        }
        Ok(taken)
    }
}

const fn name(offence: Offence) -> &'static str {
    match offence {
        Offence::WrongOrUnopened => "wrong_or_unopened",
        Offence::Equivocation => "equivocation",
        Offence::Missed => "missed",
        Offence::PublishingSlot => "publishing_slot",
        Offence::DoubleEmission => "double_emission",
        Offence::Declined => "declined",
    }
}
