//! No-show slashes: the market computes what each takes, writes its own state, and sends staking exact amounts.

use cosmwasm_std::{Addr, CosmosMsg, StdError, StdResult, WasmMsg, to_json_binary};
use mesg_api::market::MarketEvent;
use mesg_api::staking::{self, RUNNERS as STAKES, SlashItem};
use mesg_protocol::execution::{Execution, NoShow};
use mesg_protocol::ids::{ExecutionId, RunnerId};

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
    /// The one message to staking, if anything is taken.
    pub fn into_message(self, staking: &Addr) -> StdResult<Option<CosmosMsg>> {
        if self.items.is_empty() {
            return Ok(None);
        }
        let msg = to_json_binary(&staking::ExecuteMsg::Slash { items: self.items })?;
        Ok(Some(WasmMsg::Execute { contract_addr: staking.to_string(), msg, funds: Vec::new() }.into()))
    }
}

impl Session<'_> {
    /// Slashes seats that missed; `execution` is not in the session meanwhile.
    pub fn slash(&mut self, id: ExecutionId, execution: &mut Execution, no_shows: &[NoShow]) -> Result<(), ItemError> {
        for no_show in no_shows {
            let taken = self.take_stake(no_show.runner, no_show.amount)?;
            self.book.ledger.receive(Bucket::Pots, taken)?;
            execution.add_penalty(taken)?;
            let account = self.runner_mut(no_show.runner)?;
            account.missed = account.missed.saturating_add(1);
            if no_show.unseated {
                account.open = account.open.saturating_sub(1);
                OPEN.remove(self.storage, no_show.runner, id);
            }
            let version = self.version_mut(execution.version)?;
            version.missed = version.missed.saturating_add(1);
            self.emit(MarketEvent::Missed { execution: id.0, runner: no_show.runner.0, amount: taken });
        }
        Ok(())
    }

    /// min(amount, what is left of the runner's stake after the slashes before it in this message).
    fn take_stake(&mut self, runner: RunnerId, amount: u128) -> Result<u128, ContractError> {
        let known = self.slashes.left.iter_mut().find(|(known, _)| *known == runner);
        let taken = match known {
            Some((_, left)) => {
                let taken = amount.min(*left);
                *left = left.saturating_sub(taken);
                taken
            }
            None => {
                let row = STAKES.query(&self.querier, &self.config.staking, runner)?;
                let left = row.ok_or_else(|| StdError::not_found("runner"))?.stake.tokens;
                let taken = amount.min(left);
                self.slashes.left.push((runner, left.saturating_sub(taken)));
                taken
            }
        };
        if taken > 0 {
            self.slashes.items.push(SlashItem::new(runner, taken, None));
        }
        Ok(taken)
    }
}
