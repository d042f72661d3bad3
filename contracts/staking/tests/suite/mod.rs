//! A chain with token, registry and staking; a small contract stands where the market will be.
#![allow(dead_code, missing_docs, reason = "every test file uses a part of this")]
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, clippy::unwrap_used, clippy::panic)]

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Api, Binary, Decimal, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint64, Uint128,
    Validator, from_json, to_json_binary,
};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use cw_storage_plus::Item;
use cw20::{BalanceResponse, Cw20Coin, Cw20ExecuteMsg, Cw20QueryMsg};
use mesg_api::registry::{self, Component, Manifest, Policy, Prices, Status, Task};
use mesg_api::staking::{
    Candidate, Draw, DrawManyResponse, DrawOutcome, ExecuteMsg, InstantiateMsg, POOLS, PoolHeader, PoolResponse,
    ProducersResponse, QueryMsg, RUNNERS, ReceiveMsg, RegisterRunnerResponse, RunnerResponse, RunnerRow, SlashItem,
};
use mesg_api::token;
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{RunnerId, ServiceId, VersionId};
use mesg_protocol::schema::Params;
use mesg_protocol::score::Exclusion;
use mesg_protocol::terms::Committee;
use mesg_staking::ContractError;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub const EPOCH: u32 = 1_200;
pub const PRODUCER_EPOCH: u32 = 86_400;
pub const UNBONDING: u32 = 1_209_600;
pub const BLOCK: u32 = 10;
pub const MIN_STAKE: u128 = 100;
/// Tokens of each account at the start.
pub const RICH: u128 = 1_000_000_000;
/// Another point of secp256k1: twice the generator.
pub const OTHER_KEY: [u8; 33] = [
    0x02, 0xc6, 0x04, 0x7f, 0x94, 0x41, 0xed, 0x7d, 0x6d, 0x30, 0x45, 0x40, 0x6e, 0x95, 0xc0, 0x7c, 0xd8, 0x5c, 0x77,
    0x8e, 0x4b, 0x8c, 0xef, 0x3c, 0xa7, 0xab, 0xac, 0x09, 0xb9, 0x5c, 0x70, 0x9e, 0xe5,
];
/// The generator of secp256k1.
pub const KEY: [u8; 33] = [
    0x02, 0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b, 0x07, 0x02, 0x9b,
    0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8, 0x17, 0x98,
];
const RICH_NAMES: [&str; 5] = ["developer", "alice", "bob", "carol", "mallory"];

pub struct Suite {
    pub app: App,
    pub token: Addr,
    pub registry: Addr,
    pub staking: Addr,
    pub market: Addr,
    pub service: ServiceId,
    versions: u32,
}

impl Suite {
    /// Everything deployed, one service, the market set, in the first second of an epoch.
    pub fn new() -> Self {
        let mut suite = Self::without_market();
        let market = suite.market.to_string();
        suite.exec("deployer", &ExecuteMsg::SetMarket { market }).unwrap();
        suite
    }

    pub fn without_market() -> Self {
        let mut app = App::default();
        app.update_block(|block| {
            block.time = cosmwasm_std::Timestamp::from_seconds(1_000_000 * u64::from(EPOCH));
        });
        let deployer = app.api().addr_make("deployer");
        let code = app.store_code(Box::new(ContractWrapper::new(
            mesg_token::contract::execute,
            mesg_token::contract::instantiate,
            mesg_token::contract::query,
        )));
        let coin =
            |name: &&str| Cw20Coin { address: app.api().addr_make(name).to_string(), amount: Uint128::new(RICH) };
        let msg = token::InstantiateMsg {
            name: "MESG".to_owned(),
            symbol: "MESG".to_owned(),
            decimals: 6,
            initial_balances: RICH_NAMES.iter().map(coin).collect(),
        };
        let token = app.instantiate_contract(code, deployer.clone(), &msg, &[], "token", None).unwrap();
        let code = app.store_code(Box::new(ContractWrapper::new(
            mesg_registry::contract::execute,
            mesg_registry::contract::instantiate,
            mesg_registry::contract::query,
        )));
        let msg = registry::InstantiateMsg {
            owner: deployer.to_string(),
            token: token.to_string(),
            registration_fee: Uint128::new(1),
        };
        let registry = app.instantiate_contract(code, deployer.clone(), &msg, &[], "registry", None).unwrap();
        let code = app.store_code(Box::new(
            ContractWrapper::new(
                mesg_staking::contract::execute,
                mesg_staking::contract::instantiate,
                mesg_staking::contract::query,
            )
            .with_migrate(mesg_staking::contract::migrate),
        ));
        let msg = instantiate_msg(&token, &registry);
        let admin = Some(deployer.to_string());
        let staking = app.instantiate_contract(code, deployer, &msg, &[], "staking", admin).unwrap();
        let market = app.api().addr_make("market");
        let mut suite = Self { app, token, registry, staking, market, service: ServiceId(0), versions: 0 };
        suite.market = suite.market_of(&suite.staking.clone());
        suite.service = suite.publish_service("service");
        suite
    }

    /// The account of that name; `market` is the market.
    pub fn account(&self, name: &str) -> Addr {
        if name == "market" { self.market.clone() } else { self.app.api().addr_make(name) }
    }

    /// Another market, which works with this staking contract.
    pub fn market_of(&mut self, staking: &Addr) -> Addr {
        let code = self.app.store_code(Box::new(ContractWrapper::new(Market::execute, Market::make, Market::answer)));
        let market = Market { registry: self.registry.to_string(), staking: staking.to_string() };
        self.app.instantiate_contract(code, self.account("deployer"), &market, &[], "market", None).unwrap()
    }

    pub fn publish_service(&mut self, sid: &str) -> ServiceId {
        let msg = registry::ReceiveMsg::RegisterService {
            sid: sid.to_owned(),
            name: None,
            description: None,
            url: None,
            tags: vec![],
        };
        let registry = self.registry.clone();
        self.send_to(&registry, "developer", 1, &msg).unwrap();
        let query = registry::QueryMsg::ServiceBySid { sid: sid.to_owned() };
        let found: registry::ServiceResponse = self.app.wrap().query_wasm_smart(&self.registry, &query).unwrap();
        found.service
    }

    pub fn retire(&mut self, service: ServiceId) {
        let msg = registry::ExecuteMsg::SetStatus { service, status: Status::Retired };
        self.app.execute_contract(self.account("developer"), self.registry.clone(), &msg, &[]).unwrap();
    }

    pub fn yank(&mut self, version: VersionId, yanked: bool) {
        let msg = registry::ExecuteMsg::SetYanked { version, yanked };
        self.app.execute_contract(self.account("developer"), self.registry.clone(), &msg, &[]).unwrap();
    }

    /// A version of the suite's service with this seat bond, at least 20.
    pub fn publish(&mut self, seat_bond: u128) -> VersionId {
        self.publish_for(self.service, seat_bond)
    }

    pub fn publish_for(&mut self, service: ServiceId, seat_bond: u128) -> VersionId {
        self.versions += 1;
        let manifest = manifest(self.versions, seat_bond);
        let msg = registry::ExecuteMsg::PublishVersion { service, manifest };
        self.app.execute_contract(self.account("developer"), self.registry.clone(), &msg, &[]).unwrap();
        VersionId(self.versions)
    }

    pub fn exec(&mut self, sender: &str, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.app.execute_contract(self.account(sender), self.staking.clone(), msg, &[])
    }

    /// Why the message is refused.
    pub fn refused(&mut self, sender: &str, msg: &ExecuteMsg) -> ContractError {
        self.exec(sender, msg).unwrap_err().downcast().unwrap()
    }

    pub fn send_to(&mut self, to: &Addr, sender: &str, amount: u128, msg: &impl Serialize) -> AnyResult<AppResponse> {
        let msg = to_json_binary(msg)?;
        let send = Cw20ExecuteMsg::Send { contract: to.to_string(), amount: Uint128::new(amount), msg };
        self.app.execute_contract(self.account(sender), self.token.clone(), &send, &[])
    }

    pub fn bond(&mut self, sender: &str, runner: RunnerId, amount: u128) -> AnyResult<AppResponse> {
        let staking = self.staking.clone();
        self.send_to(&staking, sender, amount, &ReceiveMsg::Bond { runner })
    }

    pub fn bond_refused(&mut self, sender: &str, runner: RunnerId, amount: u128) -> ContractError {
        self.bond(sender, runner, amount).unwrap_err().downcast().unwrap()
    }

    /// A runner of `owner` whose operator is `<owner>-op`.
    pub fn register(&mut self, owner: &str) -> RunnerId {
        let operator = self.account(&format!("{owner}-op")).to_string();
        let response = self.exec(owner, &register_msg(self.service, operator)).unwrap();
        from_json::<RegisterRunnerResponse>(response.data.unwrap()).unwrap().runner
    }

    /// A runner with stake that serves the versions, effective in the next epoch.
    pub fn runner(&mut self, owner: &str, stake: u128, versions: &[VersionId]) -> RunnerId {
        let runner = self.register(owner);
        self.bond(owner, runner, stake).unwrap();
        for version in versions {
            self.exec(owner, &ExecuteMsg::OptIn { runner, version: *version }).unwrap();
        }
        runner
    }

    pub fn slash(&mut self, items: &[(RunnerId, u128)]) -> AnyResult<AppResponse> {
        self.exec("market", &slash_msg(items))
    }

    /// Excludes a runner, as the market does, without taking stake.
    pub fn exclude(&mut self, runner: RunnerId, exclusion: Exclusion) {
        self.exec("market", &ExecuteMsg::Slash { items: vec![SlashItem::new(runner, 0, Some(exclusion))] }).unwrap();
    }

    /// Jails a runner for so many seconds; gives the end.
    pub fn jail(&mut self, runner: RunnerId, seconds: u64) -> u64 {
        let until = self.app.block_info().time.seconds() + seconds;
        self.exclude(runner, Exclusion::Jail { until });
        until
    }

    /// Bonds a validator on the chain.
    pub fn bond_validator(&mut self, operator: &str) {
        let (block, half) = (self.app.block_info(), Decimal::percent(50));
        let validator = Validator::new(operator.to_owned(), half, half, half);
        self.app.init_modules(|router, api, storage| {
            router.staking.add_validator(api, storage, &block, validator).unwrap();
        });
    }

    /// Bonds the validators of these accounts.
    pub fn bond_validators(&mut self, names: &[&str]) {
        for name in names {
            let bytes = self.app.api().addr_canonicalize(self.producer(name).as_str()).unwrap();
            self.bond_validator(&operator_address("cosmwasmvaloper", &bytes));
        }
    }

    /// An account of 20 bytes, as keys have: the first ones of the account of the same name, which has 32.
    pub fn producer(&self, name: &str) -> Addr {
        let bytes = self.app.api().addr_canonicalize(self.account(name).as_str()).unwrap();
        self.app.api().addr_humanize(&bytes[..20].into()).unwrap()
    }

    /// The market closes an epoch of the block producers with `amount`, which alice gives it.
    pub fn close_epoch(&mut self, amount: u128) -> AnyResult<AppResponse> {
        let recipient = self.market.to_string();
        let gift = Cw20ExecuteMsg::Transfer { recipient, amount: Uint128::new(amount) };
        self.app.execute_contract(self.account("alice"), self.token.clone(), &gift, &[]).unwrap();
        let staking = self.staking.clone();
        self.send_to(&staking, "market", amount, &ReceiveMsg::CloseEpoch {})
    }

    pub fn close_refused(&mut self, amount: u128) -> ContractError {
        self.close_epoch(amount).unwrap_err().downcast().unwrap()
    }

    /// The next epoch of the block producers begins.
    pub fn next_producer_epoch(&mut self) {
        self.advance(u64::from(PRODUCER_EPOCH), 14_400);
    }

    pub fn producer_epoch(&self) -> u64 {
        self.app.block_info().time.seconds() / u64::from(PRODUCER_EPOCH)
    }

    pub fn claim(&mut self, sender: &str, epochs: &[u64]) -> AnyResult<AppResponse> {
        self.claim_to(sender, epochs, None)
    }

    pub fn claim_to(&mut self, sender: &str, epochs: &[u64], to: Option<String>) -> AnyResult<AppResponse> {
        let epochs = epochs.iter().copied().map(Uint64::new).collect();
        let msg = ExecuteMsg::ClaimProducer { epochs, to };
        self.app.execute_contract(self.producer(sender), self.staking.clone(), &msg, &[])
    }

    pub fn claim_refused(&mut self, sender: &str, epochs: &[u64]) -> ContractError {
        self.claim(sender, epochs).unwrap_err().downcast().unwrap()
    }

    pub fn producers(&self) -> ProducersResponse {
        self.query(&QueryMsg::Producers {})
    }

    pub fn advance(&mut self, seconds: u64, blocks: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += blocks;
        });
    }

    pub fn next_epoch(&mut self) {
        self.advance(u64::from(EPOCH), 120);
    }

    pub fn epoch(&self) -> u64 {
        self.app.block_info().time.seconds() / u64::from(EPOCH)
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.staking, msg).unwrap()
    }

    pub fn query_error(&self, msg: &QueryMsg) -> String {
        self.app.wrap().query_wasm_smart::<Binary>(&self.staking, msg).unwrap_err().to_string()
    }

    pub fn get(&self, runner: RunnerId) -> RunnerResponse {
        self.query(&QueryMsg::Runner { runner })
    }

    pub fn row(&self, runner: RunnerId) -> RunnerRow {
        RUNNERS.query(&self.app.wrap(), &self.staking, runner).unwrap().unwrap()
    }

    pub fn header(&self, version: VersionId) -> PoolHeader {
        POOLS.query(&self.app.wrap(), &self.staking, version).unwrap().unwrap()
    }

    /// Runners and seats of a pool in the current epoch and the next one.
    pub fn pool(&self, version: VersionId) -> [(u32, u64); 2] {
        let pool: PoolResponse = self.query(&QueryMsg::Pool { version, epoch: None });
        [pool.now, pool.next].map(|at| (at.runners, at.seats.u64()))
    }

    /// Seats of a runner in its first version in the current epoch and the next one.
    pub fn seats(&self, runner: RunnerId) -> (u32, u32) {
        self.get(runner).versions.first().map_or((0, 0), |served| (served.seats_now, served.seats_next))
    }

    pub fn balance(&self, of: &Addr) -> u128 {
        let query = Cw20QueryMsg::Balance { address: of.to_string() };
        let found: BalanceResponse = self.app.wrap().query_wasm_smart(&self.token, &query).unwrap();
        found.balance.u128()
    }

    pub fn draws(&self, draws: Vec<Draw>) -> Vec<DrawOutcome> {
        self.query::<DrawManyResponse>(&QueryMsg::DrawMany { draws }).draws
    }

    /// The first `count` candidates for the seed made of `word`.
    pub fn draw(&self, version: VersionId, epoch: u64, word: &str, count: u16) -> Vec<Candidate> {
        match self.draws(vec![draw_of(version, epoch, word, 0, count)]).remove(0) {
            DrawOutcome::Candidates(candidates) => candidates,
            DrawOutcome::Refused(refusal) => panic!("{refusal:?}"),
        }
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

pub fn instantiate_msg(token: &Addr, registry: &Addr) -> InstantiateMsg {
    InstantiateMsg {
        token: token.to_string(),
        registry: registry.to_string(),
        epoch_secs: EPOCH,
        unbonding_secs: UNBONDING,
        block_max_avg: BLOCK,
        min_stake: Uint128::new(MIN_STAKE),
        capacity_bps: Bps::saturating(4_000),
        producer_epoch_secs: PRODUCER_EPOCH,
    }
}

/// The operator address of a validator whose account has these bytes.
pub fn operator_address(prefix: &str, bytes: &[u8]) -> String {
    bech32::encode::<bech32::Bech32>(bech32::Hrp::parse(prefix).unwrap(), bytes).unwrap()
}

pub fn register_msg(service: ServiceId, operator: String) -> ExecuteMsg {
    let endpoint = "https://runner.example:8443".to_owned();
    ExecuteMsg::RegisterRunner { service, operator, attestation_key: KEY.into(), endpoint }
}

pub fn slash_msg(items: &[(RunnerId, u128)]) -> ExecuteMsg {
    let item = |(runner, amount): &(RunnerId, u128)| SlashItem::new(*runner, *amount, None);
    ExecuteMsg::Slash { items: items.iter().map(item).collect() }
}

pub fn draw_of(version: VersionId, epoch: u64, word: &str, offset: u16, count: u16) -> Draw {
    Draw { version, seed: sha256(&[word.as_bytes()]), epoch: Uint64::new(epoch), offset, count }
}

/// One task with a fee of one unit, so that any seat bond from 20 on will do.
fn manifest(number: u32, seat_bond: u128) -> Manifest {
    let task = Task {
        name: "task".to_owned(),
        description: String::new(),
        inputs: Params::new(),
        outputs: Params::new(),
        t_run: 10,
        t_challenge: 0,
        max_input: 100,
        max_output: 100,
        max_fuel: Uint64::new(1_000_000),
        price: Prices { per_call: Uint128::new(1), per_kb: Uint128::zero(), per_mfuel: Uint128::zero() },
        validator_bps: Bps::saturating(8_000),
        developer_bps: Bps::saturating(1_000),
    };
    Manifest {
        component: Component {
            sha256: sha256(&[&number.to_be_bytes()]),
            size: 1,
            sources: vec!["ipfs://x".to_owned()],
        },
        profile: "wt48-1".to_owned(),
        policy: Policy::Replicate(Committee { k1: 3, k2: 5, k3: None }),
        max_validators: None,
        seat_bond: Uint128::new(seat_bond),
        tasks: vec![task],
        events: vec![],
        notes: None,
    }
}
