//! One message being executed: what it was given, and what it will tell and send.

use cosmwasm_std::{Addr, Binary, CosmosMsg, DepsMut, Env, Response, StdResult, Uint128, WasmMsg, to_json_binary};
use cw20::Cw20ExecuteMsg;
use mesg_api::pause::is_paused;
use mesg_api::staking::StakingEvent;
use mesg_protocol::producers;

use crate::error::ContractError;
use crate::state::{CONFIG, Config, MARKET, SEQ};

/// One message being executed.
pub struct Call<'a> {
    pub deps: DepsMut<'a>,
    pub env: Env,
    pub sender: Addr,
    pub config: Config,
    events: Vec<StakingEvent>,
    messages: Vec<CosmosMsg>,
    data: Option<Binary>,
}

impl<'a> Call<'a> {
    /// A call of `sender`.
    pub fn new(deps: DepsMut<'a>, env: Env, sender: Addr) -> StdResult<Self> {
        let config = CONFIG.load(deps.storage)?;
        Ok(Self { deps, env, sender, config, events: vec![], messages: vec![], data: None })
    }

    /// The epoch of this block.
    pub fn epoch(&self) -> u64 {
        self.config.epoch(self.env.block.time)
    }

    /// The epoch from which on a change made now counts.
    pub fn next_epoch(&self) -> u64 {
        self.epoch().saturating_add(1)
    }

    /// The block producers' epoch of this block.
    pub fn producer_epoch(&self) -> u64 {
        producers::epoch_of(self.env.block.time.seconds(), self.config.producer_epoch_secs)
    }

    /// Refuses while the market is paused; for what brings a runner or stake in, and for nothing else.
    pub fn check_running(&self) -> Result<(), ContractError> {
        let Some(market) = MARKET.may_load(self.deps.storage)? else { return Ok(()) };
        if is_paused(&self.deps.querier, &market)? { Err(ContractError::Paused) } else { Ok(()) }
    }

    /// Tells something.
    pub fn emit(&mut self, event: StakingEvent) {
        self.events.push(event);
    }

    /// Sends staked tokens; nothing for an amount of 0.
    pub fn pay(&mut self, to: &Addr, amount: u128) -> StdResult<()> {
        if amount > 0 {
            let transfer = Cw20ExecuteMsg::Transfer { recipient: to.to_string(), amount: Uint128::new(amount) };
            let msg = to_json_binary(&transfer)?;
            self.messages
                .push(WasmMsg::Execute { contract_addr: self.config.token.to_string(), msg, funds: vec![] }.into());
        }
        Ok(())
    }

    /// Answers `data`.
    pub fn answer(&mut self, data: Binary) {
        self.data = Some(data);
    }

    /// The response; numbers the events.
    pub fn finish(self) -> Result<Response, ContractError> {
        let mut response = Response::new().add_messages(self.messages);
        response.data = self.data;
        if self.events.is_empty() {
            return Ok(response);
        }
        let mut seq = SEQ.may_load(self.deps.storage)?.unwrap_or(0);
        for event in self.events {
            seq = seq.checked_add(1).ok_or(ContractError::Broken { what: "seq" })?;
            response = response.add_event(event.into_event(seq));
        }
        SEQ.save(self.deps.storage, &seq)?;
        Ok(response)
    }
}
