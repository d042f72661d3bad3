//! The deployed suite: accounts, time, messages and queries.

use cosmwasm_std::{Addr, Binary, Event, from_json, to_json_binary, to_json_vec};
use cw_multi_test::App;
use cw20::{BalanceResponse, Cw20ExecuteMsg, Cw20QueryMsg};
use mesg_api::event::RawEvent;
use mesg_api::market::{self, ExecutionResponse, LedgerResponse, MarketEvent, ParamsMsg, PurseResponse};
use mesg_api::record_map::{RecordKey, RecordMap};
use mesg_api::registry::Manifest;
use mesg_api::{registry, staking};
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::codec::Record;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{RunnerId, ServiceId, TermsId, VersionId};
use mesg_protocol::terms::Committee;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::beacon::Beacon;
use crate::builder::SuiteBuilder;
use crate::chain::Chain;
use crate::runner::Runner;

/// What a message did: the market's events, or the error as text.
pub type Outcome = Result<Vec<MarketEvent>, String>;

/// Token, registry, staking and market with a service, its runners, named accounts and a beacon.
///
/// Accounts with tokens: developer, alice, bob, mallory, relay, crank. Every other name is an account without.
pub struct Suite<C = App> {
    /// The chain.
    pub app: C,
    /// Token contract.
    pub token: Addr,
    /// Registry contract.
    pub registry: Addr,
    /// Staking contract.
    pub staking: Addr,
    /// Market contract.
    pub market: Addr,
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
    /// What the version was published with: one task.
    pub manifest: Manifest,
    /// Its committee.
    pub committee: Committee,
    /// The market's parameters.
    pub params: ParamsMsg,
    /// Length of an epoch in seconds.
    pub epoch_secs: u32,
    /// Gas of the last successful transaction; 0 where nothing is metered.
    pub gas: u64,
}

impl<C> std::fmt::Debug for Suite<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Suite").field("runners", &self.runners.len()).finish_non_exhaustive()
    }
}

impl Suite {
    /// Starts to build a suite.
    pub fn builder() -> SuiteBuilder {
        SuiteBuilder::default()
    }
}

impl<C: Chain> Suite<C> {
    /// The address of a named account.
    pub fn account(&self, name: &str) -> Addr {
        self.app.address(name)
    }

    /// The runner with an id.
    pub fn runner(&self, id: RunnerId) -> Runner {
        self.runners.iter().find(|runner| runner.id == id).cloned().expect("a runner of the suite")
    }

    /// Lets `seconds` pass.
    pub fn advance(&mut self, seconds: u64) {
        self.app.wait(self.app.now() + seconds, 0);
    }

    /// Lets an execution's present deadline pass, in time and blocks.
    pub fn expire(&mut self, execution: u64) {
        let until = self.execution(execution).until.expect("a deadline");
        self.app.wait(until.time.u64(), until.height.u64());
    }

    /// Lets one block pass.
    pub fn next_block(&mut self) {
        self.app.next_block();
    }

    /// Unix seconds of the present block.
    pub fn now(&self) -> u64 {
        self.app.now()
    }

    /// Sends a message of a named account to a contract.
    pub fn execute(&mut self, name: &str, contract: &Addr, msg: &impl Serialize) -> Outcome {
        let msg = to_json_binary(msg).expect("JSON");
        self.execute_all(name, vec![(contract.clone(), msg)])
    }

    /// Sends messages of a named account in one transaction.
    pub fn execute_all(&mut self, name: &str, messages: Vec<(Addr, Binary)>) -> Outcome {
        let receipt = self.app.execute(name, messages)?;
        self.gas = receipt.gas;
        Ok(told(&receipt.events))
    }

    /// Sends a message of a named account to the market.
    pub fn market(&mut self, name: &str, msg: &market::ExecuteMsg) -> Outcome {
        let market = self.market.clone();
        self.execute(name, &market, msg)
    }

    /// Sends tokens of a named account to a contract, with a message.
    pub fn send_token(&mut self, name: &str, contract: &Addr, amount: u128, msg: &impl Serialize) -> Outcome {
        let token = self.token.clone();
        self.execute(name, &token, &send(contract, amount, msg))
    }

    pub(crate) fn set_market(&mut self) {
        let set = staking::ExecuteMsg::SetMarket { market: self.market.to_string() };
        let staking = self.staking.clone();
        self.execute("developer", &staking, &set).expect("market set");
        let set = registry::ExecuteMsg::SetMarket { market: self.market.to_string() };
        let registry = self.registry.clone();
        self.execute("developer", &registry, &set).expect("market set");
    }

    /// Asks a contract.
    pub fn query<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> Result<T, String> {
        let answer = self.app.smart(contract, &to_json_vec(msg).expect("JSON"))?;
        from_json(answer).map_err(|error| error.to_string())
    }

    /// A record as a contract stores it.
    pub fn record<K: RecordKey, V: Record>(&self, contract: &Addr, map: &RecordMap<K, V>, id: K) -> Option<V> {
        let value = self.app.raw(contract, &map.key(id))?;
        Some(V::decode(&value).expect("a record"))
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
}

/// The token's message that sends an amount with a message to a contract.
pub fn send(contract: &Addr, amount: u128, msg: &impl Serialize) -> Cw20ExecuteMsg {
    Cw20ExecuteMsg::Send {
        contract: contract.to_string(),
        amount: amount.into(),
        msg: to_json_binary(msg).expect("JSON"),
    }
}

/// The market's events among those of a transaction.
pub fn told(events: &[Event]) -> Vec<MarketEvent> {
    events.iter().filter_map(parse).collect()
}

/// The market's event of a chain event, if it is one.
fn parse(event: &Event) -> Option<MarketEvent> {
    let name = event.ty.strip_prefix("wasm-")?;
    let attributes: Vec<_> = event.attributes.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect();
    MarketEvent::parse(&RawEvent { name, attributes: &attributes }).ok().map(|(_, event)| event)
}
