//! What a suite needs of a chain, so that the same test runs in one process and on a real node.

use cosmwasm_std::{
    Addr, Binary, ContractResult, CosmosMsg, Empty, Event, QueryRequest, SystemResult, WasmMsg, WasmQuery, to_json_vec,
};
use cw_multi_test::{App, Contract as Code, ContractWrapper, Executor};

/// One of the project's contracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contract {
    /// The CW20 token.
    Token,
    /// Services, versions, terms.
    Registry,
    /// Runners and their stake.
    Staking,
    /// Executions and their money.
    Market,
}

impl Contract {
    /// Its name, as in `contracts/`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Registry => "registry",
            Self::Staking => "staking",
            Self::Market => "execution-market",
        }
    }
}

/// What a successful transaction did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipt {
    /// Height of its block.
    pub height: u64,
    /// Gas used; 0 where nothing is metered.
    pub gas: u64,
    /// Its events in order.
    pub events: Vec<Event>,
}

/// A chain with accounts that are known by name and can pay for their transactions.
pub trait Chain {
    /// The address of a named account.
    fn address(&self, name: &str) -> Addr;

    /// Unix seconds of the latest block.
    fn now(&self) -> u64;

    /// Height of the latest block.
    fn height(&self) -> u64;

    /// Returns when the latest block has at least this time, in unix seconds, and height.
    fn wait(&mut self, time: u64, height: u64);

    /// Returns in a later block.
    fn next_block(&mut self);

    /// Instantiates a contract by a named account; `msg` is JSON.
    fn deploy(&mut self, contract: Contract, sender: &str, msg: &[u8]) -> Addr;

    /// Sends messages (contract, JSON) of a named account in one transaction. The error is what the chain said.
    fn execute(&mut self, sender: &str, messages: Vec<(Addr, Binary)>) -> Result<Receipt, String>;

    /// The answer of a smart query, in JSON. The error is what the chain said.
    fn smart(&self, contract: &Addr, msg: &[u8]) -> Result<Vec<u8>, String>;

    /// The value under a storage key of a contract.
    fn raw(&self, contract: &Addr, key: &[u8]) -> Option<Vec<u8>>;
}

/// Seconds from one block of the in-process chain to the next.
const BLOCK_SECS: u64 = 6;

impl Chain for App {
    fn address(&self, name: &str) -> Addr {
        self.api().addr_make(name)
    }

    fn now(&self) -> u64 {
        self.block_info().time.seconds()
    }

    fn height(&self) -> u64 {
        self.block_info().height
    }

    fn wait(&mut self, time: u64, height: u64) {
        self.update_block(|block| {
            let seconds = time.saturating_sub(block.time.seconds());
            block.time = block.time.plus_seconds(seconds);
            block.height = height.max(block.height + seconds.div_ceil(BLOCK_SECS));
        });
    }

    fn next_block(&mut self) {
        self.wait(self.now() + BLOCK_SECS, 0);
    }

    fn deploy(&mut self, contract: Contract, sender: &str, msg: &[u8]) -> Addr {
        let code = self.store_code(code(contract));
        let msg: serde_json::Value = serde_json::from_slice(msg).expect("JSON");
        let sender = self.address(sender);
        self.instantiate_contract(code, sender, &msg, &[], contract.name(), None).expect("instantiated")
    }

    fn execute(&mut self, sender: &str, messages: Vec<(Addr, Binary)>) -> Result<Receipt, String> {
        let execute = |(contract, msg): (Addr, Binary)| -> CosmosMsg {
            WasmMsg::Execute { contract_addr: contract.into_string(), msg, funds: Vec::new() }.into()
        };
        let sender = self.address(sender);
        let done = self.execute_multi(sender, messages.into_iter().map(execute).collect());
        let responses = done.map_err(|error| format!("{error:#}"))?;
        let events = responses.into_iter().flat_map(|response| response.events).collect();
        Ok(Receipt { height: self.height(), gas: 0, events })
    }

    fn smart(&self, contract: &Addr, msg: &[u8]) -> Result<Vec<u8>, String> {
        query(self, WasmQuery::Smart { contract_addr: contract.to_string(), msg: msg.into() })
    }

    fn raw(&self, contract: &Addr, key: &[u8]) -> Option<Vec<u8>> {
        let answer = query(self, WasmQuery::Raw { contract_addr: contract.to_string(), key: key.into() });
        answer.ok().filter(|value| !value.is_empty())
    }
}

fn query(app: &App, query: WasmQuery) -> Result<Vec<u8>, String> {
    let request = to_json_vec(&QueryRequest::<Empty>::Wasm(query)).expect("JSON");
    match app.wrap().raw_query(&request) {
        SystemResult::Ok(ContractResult::Ok(value)) => Ok(value.into()),
        SystemResult::Ok(ContractResult::Err(error)) => Err(error),
        SystemResult::Err(error) => Err(error.to_string()),
    }
}

fn code(contract: Contract) -> Box<dyn Code<Empty>> {
    match contract {
        Contract::Token => Box::new(ContractWrapper::new_with_empty(
            mesg_token::contract::execute,
            mesg_token::contract::instantiate,
            mesg_token::contract::query,
        )),
        Contract::Registry => Box::new(
            ContractWrapper::new_with_empty(
                mesg_registry::contract::execute,
                mesg_registry::contract::instantiate,
                mesg_registry::contract::query,
            )
            .with_migrate_empty(mesg_registry::contract::migrate),
        ),
        Contract::Staking => Box::new(ContractWrapper::new_with_empty(
            mesg_staking::contract::execute,
            mesg_staking::contract::instantiate,
            mesg_staking::contract::query,
        )),
        Contract::Market => Box::new(
            ContractWrapper::new_with_empty(
                mesg_execution_market::contract::execute,
                mesg_execution_market::contract::instantiate,
                mesg_execution_market::contract::query,
            )
            .with_reply_empty(mesg_execution_market::contract::reply),
        ),
    }
}
