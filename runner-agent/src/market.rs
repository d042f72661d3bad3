//! What the agent asks the contracts.

use cosmwasm_std::Uint64;
use mesg_api::event::RawEvent;
use mesg_api::market::{
    self, ConfigResponse, DutyView, ExecutionResponse, ExecutionSummary, ExecutionsResponse, MarketEvent,
    ParamsResponse, RunnerPage, WaitingItem, WaitingKey, WaitingResponse, WhatIOweResponse,
};
use mesg_api::registry::{self, TermsResponse, VersionResponse};
use mesg_api::staking::{self, KEYS, RunnerResponse, RunnersResponse};
use mesg_chain_client::{Chain, Error, WasmEvent};
use mesg_protocol::ids::{ExecutionId, KeyNo, ParamsId, RunnerId, ServiceId, TermsId, VersionId};
use serde::de::DeserializeOwned;

/// Entries of one page.
const PAGE: u32 = 50;
/// Pages of duties of one runner, and of its operator's runners, that are read at most.
const PAGES: usize = 200;
/// Pages of the queue that are read at most: what is far back waits anyway.
const QUEUE_PAGES: usize = 4;

/// The three contracts, found through the market.
#[derive(Clone)]
pub struct MarketClient {
    chain: Chain,
    market: String,
    config: ConfigResponse,
}

impl MarketClient {
    /// Reads the market's configuration.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn connect(chain: &Chain, market: &str) -> Result<Self, Error> {
        let config = chain.smart(market, &market::QueryMsg::Config {}, 0).await?.value;
        Ok(Self { chain: chain.fork(), market: market.to_owned(), config })
    }

    /// The market's address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.market
    }

    /// Addresses, beacon, seal domain.
    #[must_use]
    pub const fn config(&self) -> &ConfigResponse {
        &self.config
    }

    /// All that a runner owes, from state of height `at_least` or later.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn what_i_owe(&self, runner: RunnerId, at_least: u64) -> Result<Vec<DutyView>, Error> {
        let (mut duties, mut start_after) = (Vec::new(), None);
        for _ in 0..PAGES {
            let query = market::QueryMsg::WhatIOwe(RunnerPage { runner, start_after, limit: Some(PAGE) });
            let page: WhatIOweResponse = self.market(&query, at_least).await?;
            duties.extend(page.duties);
            match page.next {
                Some(next) => start_after = Some(next),
                None => break,
            }
        }
        Ok(duties)
    }

    /// The queue, nearest rounds first.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn waiting(&self, at_least: u64) -> Result<Vec<WaitingItem>, Error> {
        let (mut waiting, mut start_after) = (Vec::new(), None);
        for _ in 0..QUEUE_PAGES {
            let query = market::QueryMsg::Waiting { start_after, limit: Some(PAGE) };
            let page: WaitingResponse = self.market(&query, at_least).await?;
            let full = page.waiting.len() >= PAGE as usize;
            start_after = page.waiting.last().map(key_of);
            waiting.extend(page.waiting);
            if !full {
                break;
            }
        }
        Ok(waiting)
    }

    /// One execution, whole.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn execution(&self, execution: ExecutionId, at_least: u64) -> Result<ExecutionResponse, Error> {
        self.market(&market::QueryMsg::Execution { execution: Uint64::new(execution.0) }, at_least).await
    }

    /// Executions of a service above one, in ascending id: a page.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn executions_of(
        &self,
        service: ServiceId,
        above: u64,
        at_least: u64,
    ) -> Result<Vec<ExecutionSummary>, Error> {
        let start_after = Some(Uint64::new(above));
        let query = market::QueryMsg::ExecutionsByService { service, start_after, limit: Some(PAGE) };
        let page: ExecutionsResponse = self.market(&query, at_least).await?;
        Ok(page.executions)
    }

    /// What the block of `height` tells of the posted result of an execution: the output, or its locator; none if it tells
    /// nothing.
    ///
    /// # Errors
    /// Those of the query; [`Error::Pruned`] when no endpoint keeps the block any more.
    pub async fn posted(&self, execution: ExecutionId, height: u64) -> Result<Option<String>, Error> {
        let block = self.chain.block(height).await?;
        Ok(posted_in(&block.wasm_events(&[&self.market]), execution))
    }

    /// The messages that successful transactions in the block of `height` carried to the market.
    ///
    /// # Errors
    /// Those of the query; [`Error::Pruned`] when no endpoint keeps the block any more.
    pub async fn executed(&self, height: u64) -> Result<Vec<market::ExecuteMsg>, Error> {
        let block = self.chain.block(height).await?;
        let messages = block.executed(&self.market);
        Ok(messages.iter().filter_map(|message| serde_json::from_slice(message).ok()).collect())
    }

    /// A row of the market's parameters.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn params(&self, params: ParamsId) -> Result<ParamsResponse, Error> {
        self.market(&market::QueryMsg::Params { params: Some(params) }, 0).await
    }

    /// A row of terms.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn terms(&self, terms: TermsId) -> Result<TermsResponse, Error> {
        self.ask(self.config.registry.as_str(), &registry::QueryMsg::Terms { terms }, 0).await
    }

    /// A version with its manifest.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn version(&self, version: VersionId) -> Result<VersionResponse, Error> {
        self.ask(self.config.registry.as_str(), &registry::QueryMsg::Version { version }, 0).await
    }

    /// A runner.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn runner(&self, runner: RunnerId) -> Result<RunnerResponse, Error> {
        self.ask(self.config.staking.as_str(), &staking::QueryMsg::Runner { runner }, 0).await
    }

    /// All runners of an owner.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn runners_of(&self, owner: &str) -> Result<Vec<RunnerResponse>, Error> {
        let (mut runners, mut start_after) = (Vec::new(), None);
        for _ in 0..PAGES {
            let owner = owner.to_owned();
            let query = staking::QueryMsg::RunnersByOwner { owner, start_after, limit: Some(PAGE) };
            let page: RunnersResponse = self.ask(self.config.staking.as_str(), &query, 0).await?;
            start_after = page.runners.last().map(|runner| runner.runner);
            runners.extend(page.runners);
            if start_after.is_none() {
                break;
            }
        }
        Ok(runners)
    }

    /// Public attestation key number `key_no` of a runner; none if there is no such key.
    ///
    /// # Errors
    /// Those of the query.
    pub async fn attestation_key(&self, runner: RunnerId, key_no: KeyNo) -> Result<Option<Vec<u8>>, Error> {
        let key = KEYS.key((runner, key_no));
        Ok(self.chain.raw(self.config.staking.as_str(), &key, 0).await?.value)
    }

    async fn market<R: DeserializeOwned>(&self, query: &market::QueryMsg, at_least: u64) -> Result<R, Error> {
        self.ask(&self.market, query, at_least).await
    }

    async fn ask<Q, R>(&self, contract: &str, query: &Q, at_least: u64) -> Result<R, Error>
    where
        Q: serde::Serialize + Sync,
        R: DeserializeOwned,
    {
        Ok(self.chain.smart(contract, query, at_least).await?.value)
    }
}

fn key_of(item: &WaitingItem) -> WaitingKey {
    WaitingKey { beacon: item.beacon, round: item.round, execution: item.execution }
}

fn posted_in(events: &[WasmEvent], execution: ExecutionId) -> Option<String> {
    events.iter().find_map(|event| {
        let raw = RawEvent { name: event.kind.strip_prefix("wasm-")?, attributes: &event.attributes };
        match MarketEvent::parse(&raw) {
            Ok((_, MarketEvent::ResultPosted { execution: of, content, .. })) if of == execution.0 => Some(content),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use mesg_chain_client::TxHash;
    use mesg_protocol::digest::Digest32;

    use super::*;

    fn event(event: MarketEvent) -> WasmEvent {
        let event = event.into_event(7);
        let attributes = event.attributes.into_iter().map(|it| (it.key, it.value)).collect();
        let (contract, kind, tx_hash) = ("market".to_owned(), format!("wasm-{}", event.ty), TxHash::of(b"tx"));
        WasmEvent { contract, kind, attributes, height: 9, tx_index: 0, event_index: 0, tx_hash }
    }

    #[test]
    fn a_posted_result_is_found_among_the_events_of_its_block() {
        let posted = |execution, content: &str| {
            let content = content.to_owned();
            event(MarketEvent::ResultPosted { execution, runner: 5, output: Digest32::ZERO, output_len: 2, content })
        };
        let other = WasmEvent { kind: "wasm".into(), ..posted(8, "other") };
        let certified = event(MarketEvent::Certified { execution: 8, escalation: 1 });
        let events = [posted(7, "{}"), other, certified, posted(8, "http://x/1")];
        assert_eq!(posted_in(&events, ExecutionId(8)).as_deref(), Some("http://x/1"));
        assert_eq!(posted_in(&events, ExecutionId(7)).as_deref(), Some("{}"));
        assert_eq!(posted_in(&events, ExecutionId(9)), None);
    }
}
