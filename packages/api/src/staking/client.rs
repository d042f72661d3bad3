//! What other contracts ask and tell the staking contract.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult, WasmMsg, to_json_binary};
use cw20::Cw20ExecuteMsg;
use mesg_protocol::ids::{KeyNo, RunnerId, VersionId};

use super::msg::{ExecuteMsg, ReceiveMsg, SlashItem};
use super::query::{ConfigResponse, Draw, DrawManyResponse, DrawOutcome, QueryMsg};
use super::rows::{AttestationKey, KEYS, POOLS, PoolHeader, RUNNERS, RunnerRow};
use crate::message::Message;

/// cw2 name of the contract.
pub const CONTRACT_NAME: &str = "mesg-staking";

/// One staking contract. Rows are read raw: 1,000 gas and 3 gas a byte each instead of loading the contract.
#[derive(Clone, Debug)]
pub struct StakingClient<'a> {
    /// Address of the contract.
    pub staking: &'a Addr,
}

impl StakingClient<'_> {
    /// A runner, raw.
    pub fn runner(&self, querier: &QuerierWrapper, runner: RunnerId) -> StdResult<Option<RunnerRow>> {
        RUNNERS.query(querier, self.staking, runner)
    }

    /// An attestation key, raw.
    pub fn key(&self, querier: &QuerierWrapper, runner: RunnerId, number: KeyNo) -> StdResult<Option<AttestationKey>> {
        KEYS.query(querier, self.staking, (runner, number))
    }

    /// A pool, raw.
    pub fn pool(&self, querier: &QuerierWrapper, version: VersionId) -> StdResult<Option<PoolHeader>> {
        POOLS.query(querier, self.staking, version)
    }

    /// The configuration, by smart query.
    pub fn config(&self, querier: &QuerierWrapper) -> StdResult<ConfigResponse> {
        querier.query_wasm_smart(self.staking, &QueryMsg::Config {}).map(|Message(config)| config)
    }

    /// Draws, by one smart query; outcomes in the order of the draws.
    pub fn draw_many(&self, querier: &QuerierWrapper, draws: Vec<Draw>) -> StdResult<Vec<DrawOutcome>> {
        let Message(DrawManyResponse { draws }) =
            querier.query_wasm_smart(self.staking, &QueryMsg::DrawMany { draws })?;
        Ok(draws)
    }

    /// What the token is told to close an epoch of the block producers with `amount`; from the market only.
    pub fn close_epoch(&self, amount: u128) -> StdResult<Cw20ExecuteMsg> {
        let msg = to_json_binary(&ReceiveMsg::CloseEpoch {})?;
        Ok(Cw20ExecuteMsg::Send { contract: self.staking.to_string(), amount: amount.into(), msg })
    }

    /// The message that slashes; from the market only.
    pub fn slash(&self, items: Vec<SlashItem>) -> StdResult<WasmMsg> {
        let msg = to_json_binary(&ExecuteMsg::Slash { items })?;
        Ok(WasmMsg::Execute { contract_addr: self.staking.to_string(), msg, funds: vec![] })
    }
}
