//! A chain with the token and the registry; a small contract stands for the market.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::panic, reason = "every test file uses a part of this")]

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Coin, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint64, Uint128,
    to_json_binary,
};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, BankSudo, ContractWrapper, Executor};
use cw_storage_plus::Item;
use cw20::{BalanceResponse, Cw20Coin};
use mesg_api::event::RawEvent;
use mesg_api::registry::{
    Component, ExecuteMsg, InstantiateMsg, Manifest, Policy, Prices, QueryMsg, ReceiveMsg, RegistryEvent, Task,
};
use mesg_api::token;
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::ServiceId;
use mesg_protocol::schema::{Param, ParamType, Params};
use mesg_protocol::terms::Committee;
use mesg_registry::{ContractError, contract};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub const FEE: u128 = 500;

pub struct Suite {
    pub app: App,
    pub admin: Addr,
    pub token: Addr,
    pub registry: Addr,
    pub code: u64,
}

impl Suite {
    /// Alice and Bob have 10,000 base units each; a registration costs [`FEE`].
    pub fn new() -> Self {
        let mut app = App::default();
        let [admin, alice, bob] = ["admin", "alice", "bob"].map(|name| app.api().addr_make(name));
        let token_code = app.store_code(Box::new(ContractWrapper::new(
            mesg_token::contract::execute,
            mesg_token::contract::instantiate,
            mesg_token::contract::query,
        )));
        let balance = |address: Addr| Cw20Coin { address: address.into(), amount: Uint128::new(10_000) };
        let mesg = token::InstantiateMsg {
            name: "MESG".to_owned(),
            symbol: "MESG".to_owned(),
            decimals: 6,
            initial_balances: vec![balance(alice), balance(bob)],
        };
        let token = app.instantiate_contract(token_code, admin.clone(), &mesg, &[], "token", None).unwrap();
        let wrapper = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate);
        let code = app.store_code(Box::new(wrapper));
        let msg =
            InstantiateMsg { owner: admin.to_string(), token: token.to_string(), registration_fee: Uint128::new(FEE) };
        let registry =
            app.instantiate_contract(code, admin.clone(), &msg, &[], "registry", Some(admin.to_string())).unwrap();
        Self { app, admin, token, registry, code }
    }

    /// A market that works with this registry.
    pub fn market_of(&mut self, registry: &Addr) -> Addr {
        let code = self.app.store_code(Box::new(ContractWrapper::new(Market::execute, Market::make, Market::answer)));
        let market = Market { registry: registry.to_string(), staking: self.account("staking").to_string() };
        self.app.instantiate_contract(code, self.admin.clone(), &market, &[], "market", None).unwrap()
    }

    pub fn account(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    /// Mints native coins to an account.
    pub fn fund(&mut self, to: &Addr, amount: Vec<Coin>) {
        self.app.sudo(BankSudo::Mint { to_address: to.to_string(), amount }.into()).unwrap();
    }

    pub fn send(&mut self, from: &str, amount: u128, msg: &ReceiveMsg) -> AnyResult<AppResponse> {
        let send = token::ExecuteMsg::Send {
            contract: self.registry.to_string(),
            amount: Uint128::new(amount),
            msg: to_json_binary(msg).unwrap(),
        };
        self.app.execute_contract(self.account(from), self.token.clone(), &send, &[])
    }

    pub fn register(&mut self, from: &str, sid: &str) -> AnyResult<AppResponse> {
        self.send(from, FEE, &service(sid))
    }

    pub fn execute(&mut self, from: &str, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.app.execute_contract(self.account(from), self.registry.clone(), msg, &[])
    }

    pub fn publish(&mut self, from: &str, service: u32, manifest: Manifest) -> AnyResult<AppResponse> {
        self.execute(from, &ExecuteMsg::PublishVersion { service: ServiceId(service), manifest })
    }

    pub fn advance(&mut self, seconds: u64, blocks: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += blocks;
        });
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.registry, msg).unwrap()
    }

    pub fn query_error(&self, msg: &QueryMsg) -> String {
        self.app.wrap().query_wasm_smart::<serde_json::Value>(&self.registry, msg).unwrap_err().to_string()
    }

    pub fn balance(&self, of: &Addr) -> u128 {
        let query = cw20::Cw20QueryMsg::Balance { address: of.to_string() };
        self.app.wrap().query_wasm_smart::<BalanceResponse>(&self.token, &query).unwrap().balance.u128()
    }

    pub fn supply(&self) -> u128 {
        let query = cw20::Cw20QueryMsg::TokenInfo {};
        self.app.wrap().query_wasm_smart::<cw20::TokenInfoResponse>(&self.token, &query).unwrap().total_supply.u128()
    }
}

/// Stands for a market: a contract that has its cw2 name and says which contracts it works with.
#[cw_serde]
pub struct Market {
    pub registry: String,
    pub staking: String,
}

const MARKET: Item<Market> = Item::new("market");

impl Market {
    fn make(deps: DepsMut, _: Env, _: MessageInfo, market: Self) -> StdResult<Response> {
        MARKET.save(deps.storage, &market)?;
        cw2::set_contract_version(deps.storage, "mesg-execution-market", "0.2.0")?;
        Ok(Response::new())
    }

    fn execute(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Err(StdError::generic_err("it does nothing"))
    }

    fn answer(deps: Deps, _: Env, asked: Value) -> StdResult<Binary> {
        assert_eq!(asked, json!({ "config": {} }));
        to_json_binary(&MARKET.load(deps.storage)?)
    }
}

/// The registry's own error behind whatever the chain put around it.
pub fn refusal(result: AnyResult<AppResponse>) -> ContractError {
    let error = result.unwrap_err();
    error.downcast().unwrap_or_else(|other| panic!("no error of the registry: {other:?}"))
}

/// The registry's events of a transaction, with their numbers.
pub fn events(response: &AppResponse) -> Vec<(u64, RegistryEvent)> {
    let ours = response.events.iter().filter_map(|event| Some((event.ty.strip_prefix("wasm-registry_")?, event)));
    ours.map(|(_, event)| {
        let attributes: Vec<(String, String)> =
            event.attributes.iter().map(|attribute| (attribute.key.clone(), attribute.value.clone())).collect();
        let raw = RawEvent { name: event.ty.strip_prefix("wasm-").unwrap(), attributes: &attributes };
        RegistryEvent::parse(&raw).unwrap()
    })
    .collect()
}

pub fn service(sid: &str) -> ReceiveMsg {
    ReceiveMsg::RegisterService { sid: sid.to_owned(), name: None, description: None, url: None, tags: vec![] }
}

pub fn task(name: &str) -> Task {
    let text = Param { description: Some("comma-separated".to_owned()), ..Param::new(ParamType::String) };
    Task {
        name: name.to_owned(),
        description: "Statistics of a table".to_owned(),
        inputs: Params::from([("csv".to_owned(), text)]),
        outputs: Params::from([("rows".to_owned(), Param::new(ParamType::Number))]),
        t_run: 10,
        t_challenge: 600,
        max_input: 4_000,
        max_output: 1_000,
        max_fuel: Uint64::new(1_000_000_000),
        price: Prices { per_call: 1_000_u128.into(), per_kb: 10_u128.into(), per_mfuel: 1_u128.into() },
        validator_bps: Bps::saturating(8_000),
        developer_bps: Bps::saturating(1_000),
    }
}

pub fn manifest(tasks: &[&str]) -> Manifest {
    Manifest {
        component: Component {
            sha256: sha256(&[b"component"]),
            size: 100_000,
            sources: vec!["https://example.org/component.wasm".to_owned()],
        },
        profile: "wt48-1".to_owned(),
        policy: Policy::Replicate(Committee { k1: 3, k2: 9, k3: Some(21) }),
        max_validators: None,
        seat_bond: 100_000_u128.into(),
        tasks: tasks.iter().map(|name| task(name)).collect(),
        events: Vec::new(),
        notes: None,
    }
}
