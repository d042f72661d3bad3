//! The deployed suite: accounts, time, messages and queries.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Event, to_json_binary};
use cw_multi_test::{App, AppResponse, Executor};
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg};
use mesg_api::event::RawEvent;
use mesg_api::market::{self, ExecutionResponse, LedgerResponse, MarketEvent, PurseResponse};
use mesg_api::staking;
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{RunnerId, ServiceId, TermsId, VersionId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::beacon::Beacon;
use crate::builder::SuiteBuilder;
use crate::runner::Runner;

/// What a message did: the market's events, or the error as text.
pub type Outcome = Result<Vec<MarketEvent>, String>;

/// Token, registry, staking and market with a service, its runners, named accounts and a beacon.
pub struct Suite {
    /// The chain.
    pub app: App,
    /// Token contract.
    pub token: Addr,
    /// Registry contract.
    pub registry: Addr,
    /// Staking contract.
    pub staking: Addr,
    /// Market contract.
    pub market: Addr,
    /// developer, alice, bob, mallory, relay, crank.
    pub accounts: BTreeMap<String, Addr>,
    /// The beacon.
    pub beacon: Beacon,
    /// Its schedule.
    pub beacon_schedule: BeaconParams,
    /// The runners, in ascending id.
    pub runners: Vec<Runner>,
    /// The service.
    pub service: ServiceId,
    /// Its version.
    pub version: VersionId,
    /// The terms of its task.
    pub terms: TermsId,
    /// Length of an epoch in seconds.
    pub epoch_secs: u32,
}

impl std::fmt::Debug for Suite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suite").field("runners", &self.runners.len()).finish_non_exhaustive()
    }
}

impl Suite {
    /// Starts to build a suite.
    pub fn builder() -> SuiteBuilder {
        SuiteBuilder::default()
    }

    /// The address of a named account.
    pub fn account(&self, name: &str) -> Addr {
        self.accounts.get(name).cloned().unwrap_or_else(|| self.app.api().addr_make(name))
    }

    /// The runner with an id.
    pub fn runner(&self, id: RunnerId) -> Runner {
        self.runners.iter().find(|runner| runner.id == id).cloned().expect("a runner of the suite")
    }

    /// Lets `seconds` pass in blocks of 6 seconds.
    pub fn advance(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += seconds.div_ceil(6);
        });
    }

    /// Lets one block pass.
    pub fn next_block(&mut self) {
        self.advance(6);
    }

    /// Unix seconds of the present block.
    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// Sends a message of a named account to a contract.
    pub fn execute(&mut self, name: &str, contract: &Addr, msg: &impl Serialize) -> Outcome {
        let sender = self.account(name);
        let msg: serde_json::Value = serde_json::from_slice(&to_json_binary(msg).expect("JSON")).expect("JSON");
        let done = self.app.execute_contract(sender, contract.clone(), &msg, &[]);
        done.map(|response| self.market_events(&response)).map_err(|error| format!("{error:#}"))
    }

    /// Sends a message of a named account to the market.
    pub fn market(&mut self, name: &str, msg: &market::ExecuteMsg) -> Outcome {
        let market = self.market.clone();
        self.execute(name, &market, msg)
    }

    /// Sends tokens of a named account to a contract, with a message.
    pub fn send_token(&mut self, name: &str, contract: &Addr, amount: u128, msg: &impl Serialize) -> Outcome {
        let send = Cw20ExecuteMsg::Send {
            contract: contract.to_string(),
            amount: amount.into(),
            msg: to_json_binary(msg).expect("JSON"),
        };
        let token = self.token.clone();
        self.execute(name, &token, &send)
    }

    pub(crate) fn set_market(&mut self) {
        let set = staking::ExecuteMsg::SetMarket { market: self.market.to_string() };
        let staking = self.staking.clone();
        self.execute("developer", &staking, &set).expect("market set");
    }

    /// Asks a contract.
    pub fn query<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> Result<T, String> {
        let msg: serde_json::Value = serde_json::from_slice(&to_json_binary(msg).expect("JSON")).expect("JSON");
        self.app.wrap().query_wasm_smart(contract, &msg).map_err(|error| error.to_string())
    }

    /// Asks the market.
    pub fn ask<T: DeserializeOwned>(&self, msg: &market::QueryMsg) -> T {
        self.query(&self.market, msg).expect("an answer")
    }

    /// One execution.
    pub fn execution(&self, execution: u64) -> ExecutionResponse {
        self.ask(&market::QueryMsg::Execution { execution: execution.into() })
    }

    /// The market's seal domain.
    pub fn domain(&self) -> Digest32 {
        self.ask::<market::ConfigResponse>(&market::QueryMsg::Config {}).domain
    }

    /// The market's ledger.
    pub fn ledger(&self) -> LedgerResponse {
        self.ask(&market::QueryMsg::Ledger {})
    }

    /// Purse 0 of an account.
    pub fn purse(&self, account: &Addr) -> PurseResponse {
        self.ask(&market::QueryMsg::Purse { account: account.to_string(), sub: 0 })
    }

    /// Tokens of an account or contract.
    pub fn balance(&self, account: &Addr) -> u128 {
        let query = Cw20QueryMsg::Balance { address: account.to_string() };
        self.query::<BalanceResponse>(&self.token, &query).expect("a balance").balance.u128()
    }

    fn market_events(&self, response: &AppResponse) -> Vec<MarketEvent> {
        response.events.iter().filter_map(parse).collect()
    }
}

/// The market's event of a chain event, if it is one.
fn parse(event: &Event) -> Option<MarketEvent> {
    let name = event.ty.strip_prefix("wasm-")?;
    let attributes: Vec<_> = event.attributes.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect();
    MarketEvent::parse(&RawEvent { name, attributes: &attributes }).ok().map(|(_, event)| event)
}
