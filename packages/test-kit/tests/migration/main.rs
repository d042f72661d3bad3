//! The state of a real market of version 0.1.0 moves to this code and goes on: requests, slashes, payments, withdrawals.
//! It is loaded as it was dumped (`state_fixture.rs`), at its own addresses, time and height.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests: a panic is how they report"
)]

mod layout_1;

use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{
    Addr, Api, Binary, DepsMut, Empty, Env, HexBinary, MessageInfo, Response, StdResult, Storage, Timestamp, Uint128,
    to_json_binary,
};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{AddressGenerator, App, AppBuilder, Contract, ContractWrapper, Executor, WasmKeeper, no_init};
use mesg_api::market::{
    BeaconMsg, Change, ChangeKind, ChangeRef, ConfigResponse, EXECUTIONS, ExecuteMsg, ExecutionResponse, Executions,
    ExecutionsResponse, GovernanceResponse, Input, LedgerResponse, MarketEvent, MigrateMsg, PurseResponse, QueryMsg,
    QuoteResponse, ReceiveMsg, RequestItem, WaitingResponse,
};
use mesg_api::registry;
use mesg_api::staking::{self, ProducersResponse, RUNNERS};
use mesg_execution_market::state::{self, Content, PurseKey};
use mesg_protocol::clock::Clock;
use mesg_protocol::digest::sha256;
use mesg_protocol::execution::{Execution, Phase};
use mesg_protocol::ids::{ExecutionId, RunnerId, ServiceId, TermsId, VersionId};
use mesg_test_kit::{Beacon, Suite, send};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const NAMES: [&str; 4] = ["token", "registry", "staking", "execution-market"];
/// Who deployed the market: a well-known key of local networks.
const DEPLOYER: &str = "wasm1w5kgeemeuwt6ql6e8te2qr44u8t3u9dv8yjgfq";
/// Who requested all its executions.
const REQUESTER: &str = "wasm14d9ksfea943a2fas5nvx749xpd7hsmtwgk8wng";
/// Secret of the beacon that replaces the local network's; for tests only.
const NEXT: u64 = 0x6e65_7874;

fn fixture() -> Value {
    serde_json::from_str(include_str!("../../fixtures/state-0.1.0.json")).unwrap()
}

fn address(name: &str) -> Addr {
    Addr::unchecked(fixture()["contracts"][name]["address"].as_str().unwrap())
}

/// A record of the dump.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Model {
    key: HexBinary,
    value: Binary,
}

/// Stands for the instantiation that the dump was made long after.
fn load(deps: DepsMut, _env: Env, _info: MessageInfo, models: Vec<Model>) -> StdResult<Response> {
    for model in models {
        deps.storage.set(&model.key, &model.value);
    }
    Ok(Response::new())
}

fn codes() -> [Box<dyn Contract<Empty>>; 4] {
    use {mesg_execution_market as market, mesg_registry as registry, mesg_staking as staking, mesg_token as token};
    [
        Box::new(
            ContractWrapper::new(token::contract::execute, load, token::contract::query)
                .with_migrate(token::contract::migrate),
        ),
        Box::new(
            ContractWrapper::new(registry::contract::execute, load, registry::contract::query)
                .with_migrate(registry::contract::migrate),
        ),
        Box::new(
            ContractWrapper::new(staking::contract::execute, load, staking::contract::query)
                .with_migrate(staking::contract::migrate),
        ),
        Box::new(
            ContractWrapper::new(market::contract::execute, load, market::contract::query)
                .with_migrate(market::contract::migrate),
        ),
    ]
}

/// Gives the contracts the addresses that they had.
struct Addresses;

impl AddressGenerator for Addresses {
    fn contract_address(
        &self,
        _api: &dyn Api,
        _storage: &mut dyn Storage,
        code_id: u64,
        _instance_id: u64,
    ) -> AnyResult<Addr> {
        Ok(address(NAMES[usize::try_from(code_id).unwrap() - 1]))
    }
}

struct Market {
    app: App,
}

impl Market {
    /// The dumped state under this code, before any migration.
    fn dumped() -> Self {
        let mut app = AppBuilder::new()
            .with_api(MockApi::default().with_prefix("wasm"))
            .with_wasm(WasmKeeper::new().with_address_generator(Addresses))
            .build(no_init);
        app.update_block(|block| {
            block.height = 287;
            block.time = Timestamp::from_seconds(1_795_463_582);
        });
        let admin = Addr::unchecked(DEPLOYER);
        for (name, code) in NAMES.iter().zip(codes()) {
            let code = app.store_code(code);
            let models: Vec<Model> = serde_json::from_value(fixture()["contracts"][name]["models"].clone()).unwrap();
            let made = app.instantiate_contract(code, admin.clone(), &models, &[], *name, Some(DEPLOYER.to_owned()));
            assert_eq!(made.unwrap(), address(name));
        }
        Self { app }
    }

    fn migrate(&mut self, name: &str, msg: &impl Serialize) {
        let code = NAMES.iter().position(|known| *known == name).unwrap() as u64 + 1;
        self.app.migrate_contract(Addr::unchecked(DEPLOYER), address(name), msg, code).unwrap();
    }

    fn execute(&mut self, sender: &str, name: &str, msg: &(impl Serialize + std::fmt::Debug)) {
        self.app.execute_contract(Addr::unchecked(sender), address(name), msg, &[]).unwrap();
        self.check();
    }

    fn market(&mut self, sender: &str, msg: &ExecuteMsg) {
        self.execute(sender, "execution-market", msg);
    }

    fn ask<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.query("execution-market", msg)
    }

    fn query<T: DeserializeOwned>(&self, name: &str, msg: &impl Serialize) -> T {
        self.app.wrap().query_wasm_smart(address(name), msg).unwrap()
    }

    fn execution(&self, execution: u64) -> ExecutionResponse {
        self.ask(&QueryMsg::Execution { execution: execution.into() })
    }

    fn balance(&self, name: &str) -> u128 {
        let asked = cw20::Cw20QueryMsg::Balance { address: address(name).to_string() };
        self.query::<cw20::BalanceResponse>("token", &asked).balance.u128()
    }

    /// Lets time pass until `time`, in blocks of a second.
    fn wait(&mut self, time: u64) {
        self.app.update_block(|block| {
            let seconds = time - block.time.seconds();
            block.time = block.time.plus_seconds(seconds);
            block.height += seconds;
        });
    }

    fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// Invariant 1: what both contracts owe is what they hold.
    fn check(&self) {
        let ledger = serde_json::to_value(self.ask::<LedgerResponse>(&QueryMsg::Ledger {})).unwrap();
        let bucket = |bucket: &Value| bucket.as_str().unwrap().parse::<u128>().unwrap();
        let owed: u128 = ledger.as_object().unwrap().values().map(bucket).sum();
        assert_eq!(owed, self.balance("execution-market"));
        let storage = self.app.contract_storage(&address("staking"));
        let tokens = |runner| RUNNERS.may_load(&*storage, RunnerId(runner)).unwrap().unwrap().stake.tokens;
        let pots: ProducersResponse = self.query("staking", &staking::QueryMsg::Producers {});
        let held = pots.pots + pots.carried;
        assert_eq!((1..=12).map(tokens).sum::<u128>() + held.u128(), self.balance("staking"));
    }

    /// Everything is moved to this code; `owner` becomes the market's.
    fn migrate_all(&mut self, owner: Option<&str>) {
        for name in &NAMES[..3] {
            self.migrate(name, &json!({}));
        }
        self.migrate("execution-market", &MigrateMsg { owner: owner.map(str::to_owned), pauser: None });
        self.check();
    }

    /// What 0.1.0 would have kept of one open execution in each phase, and the tokens that they hold.
    fn leave_open(&mut self) -> Vec<u64> {
        let block = self.app.block_info();
        let now = Clock { time: block.time.seconds(), height: block.height };
        let mut ledger: LedgerResponse = self.ask(&QueryMsg::Ledger {});
        let mut storage = self.app.contract_storage_mut(&address("execution-market"));
        let mut book = state::BOOK.may_load(&*storage, ()).unwrap().unwrap();
        let ended = EXECUTIONS.may_load(&*storage, ExecutionId(1)).unwrap().unwrap();
        let domain = state::CONFIG.may_load(&*storage, ()).unwrap().unwrap().domain;
        let open = layout_1::open(&ended, &domain, book.executions + 1, now);
        let before = ledger.escrow + ledger.pots;
        for (id, execution) in &open {
            book.executions += 1;
            ledger.escrow += Uint128::new(execution.escrow - execution.tips_paid);
            ledger.pots += Uint128::new(execution.pot);
            leave_one_open(&mut *storage, *id, execution);
        }
        storage.set(&state::BOOK.key(()), &layout_1::book(&book, &ledger));
        drop(storage);
        let transfer = cw20::Cw20ExecuteMsg::Transfer {
            recipient: address("execution-market").into(),
            amount: ledger.escrow + ledger.pots - before,
        };
        self.execute(REQUESTER, "token", &transfer);
        open.iter().map(|(id, _)| id.0).collect()
    }

    /// This chain with the actors of the suite.
    fn suite(self) -> Suite {
        let [token, registry, staking, market] = NAMES.map(address);
        let epoch_secs = self.ask::<ConfigResponse>(&QueryMsg::Config {}).epoch_secs;
        Suite { app: self.app, token, registry, staking, market, epoch_secs, ..Suite::builder().build() }
    }

    fn request(&mut self) -> u64 {
        let quote: QuoteResponse =
            self.ask(&QueryMsg::Quote { terms: TermsId(1), input_len: Some(50), validators: None });
        assert!(quote.refusals.is_empty(), "{:?}", quote.refusals);
        let input = Input::Digest { sha256: sha256(&[b"x"]), len: 50, locator: "https://example.org".to_owned() };
        let items =
            vec![RequestItem { terms: TermsId(1), input, max_fee: quote.escrow, validators: None, own_runner: None }];
        let msg = send(&address("execution-market"), quote.escrow.u128(), &ReceiveMsg::Request { items });
        self.execute(REQUESTER, "token", &msg);
        let asked =
            QueryMsg::ExecutionsByRequester { requester: REQUESTER.to_owned(), start_after: None, limit: Some(50) };
        self.ask::<ExecutionsResponse>(&asked).executions.last().unwrap().execution.u64()
    }
}

/// Every record of an open execution but those of the money.
fn leave_one_open(storage: &mut dyn Storage, id: ExecutionId, execution: &Execution) {
    storage.set(&EXECUTIONS.key(id), &layout_1::execution(execution));
    state::INPUTS.save(storage, id, &Content(b"https://example.org".to_vec()));
    state::BY_REQUESTER.insert(storage, execution.requester.as_slice(), id);
    state::BY_SERVICE.insert(storage, execution.service, id);
    if let Phase::Queued { binding, .. } = execution.phase {
        state::WAITING.insert(storage, binding.round.to_u64(), id);
    }
    let purse = PurseKey { account: execution.requester.clone(), sub: execution.sub };
    let mut kept = state::PURSES.may_load(storage, &purse).unwrap().unwrap_or_default();
    kept.open += 1;
    state::PURSES.save(storage, &purse, &kept);
    let mut version = state::VERSIONS.may_load(storage, execution.version).unwrap().unwrap_or_default();
    version.taken += 4;
    storage.set(&state::VERSIONS.key(execution.version), &layout_1::version(&version));
    for (_, seat) in execution.all_seats() {
        state::OPEN.insert(storage, seat.runner, id);
        let mut account = state::RUNNERS.may_load(storage, seat.runner).unwrap().unwrap_or_default();
        account.open += 1;
        storage.set(&state::RUNNERS.key(seat.runner), &layout_1::runner(&account));
    }
}

fn ids(execution: u64) -> Executions {
    [execution].into_iter().collect()
}

#[test]
fn attack_41_the_real_state_migrates_and_goes_on() {
    let mut market = Market::dumped();
    // Bound to the old beacon, whose secret is gone with its machine, and open while the contracts migrate.
    let open = market.request();
    let before: LedgerResponse = market.ask(&QueryMsg::Ledger {});
    market.migrate_all(Some(DEPLOYER));
    assert_eq!(market.ask::<LedgerResponse>(&QueryMsg::Ledger {}), before, "a migration moves nothing");
    assert_eq!((open, market.execution(open).phase.as_str()), (4, "queued"));
    let genesis = market.now();
    let beacon = BeaconMsg { public_key: Beacon::new(NEXT).public_key(), genesis: genesis.into(), period: 3u64.into() };
    market.market(DEPLOYER, &ExecuteMsg::Propose(Change::Beacon(beacon)));
    market.wait(genesis + 7 * 86_400);
    market.market(REQUESTER, &ExecuteMsg::Apply(ChangeRef { change: ChangeKind::Beacon }));
    let waiting: WaitingResponse = market.ask(&QueryMsg::Waiting { start_after: None, limit: None });
    let [waiting] = waiting.waiting.try_into().unwrap();
    assert_eq!((waiting.beacon, waiting.round), (0, market.execution(open).round), "it stays with its own beacon");
    market.market(REQUESTER, &ExecuteMsg::Poke(ids(open)));
    assert_eq!(market.execution(open).reason.as_deref(), Some("NoBeacon"));

    // Under the new one an execution is seated. Nobody works: it goes through slashes and refills to its end.
    let execution = market.request();
    market.wait(market.now() + 3);
    market.market(REQUESTER, &ExecuteMsg::Tick {});
    let found = market.execution(execution);
    assert_eq!(found.beacon, 1);
    let round = found.round.u64();
    market.wait(genesis + round * 3);
    let signature = Beacon::new(NEXT).sign(round);
    let executions = ids(execution).executions;
    market.market(REQUESTER, &ExecuteMsg::SubmitBeacon { round: round.into(), signature, executions });
    assert_eq!(market.execution(execution).phase, "working");
    let staked = market.balance("staking");
    while let Some(until) = market.execution(execution).until {
        market.wait(until.time.u64().max(market.now() + 1));
        market.market(REQUESTER, &ExecuteMsg::Poke(ids(execution)));
    }
    assert_eq!(market.execution(execution).reason.as_deref(), Some("NoResult"));
    assert!(market.balance("staking") < staked, "who was missing was slashed");

    // What was earned before the migration and after it is paid out.
    let runners = (1..=12).map(RunnerId).collect();
    market.market(REQUESTER, &ExecuteMsg::Claim { runners, versions: vec![VersionId(1)] });
    market.market(REQUESTER, &ExecuteMsg::Withdraw { sub: 0, amount: None, to: None });
    let purse: PurseResponse = market.ask(&QueryMsg::Purse { account: REQUESTER.to_owned(), sub: 0 });
    assert_eq!((purse.balance.u128(), purse.open), (0, 0));
    market.market(REQUESTER, &ExecuteMsg::Burn {});
}

#[test]
fn migration_leaves_nobody_in_charge_unless_it_names_somebody() {
    let mut market = Market::dumped();
    market.migrate_all(None);
    let found: GovernanceResponse = market.ask(&QueryMsg::Governance {});
    assert_eq!((found.owner, found.pauser, found.paused), (None, None, None));
    let mut market = Market::dumped();
    market.migrate_all(Some(REQUESTER));
    let found: GovernanceResponse = market.ask(&QueryMsg::Governance {});
    assert_eq!((found.owner, found.pauser), (Some(Addr::unchecked(REQUESTER)), None));
}

/// What 0.1.0 published is offered and can be yanked, though the migration entered none of it anywhere.
#[test]
fn versions_of_before_are_yanked_and_offered_again() {
    let mut market = Market::dumped();
    market.migrate_all(None);
    let service = |market: &Market| -> registry::ServiceResponse {
        market.query("registry", &registry::QueryMsg::Service { service: ServiceId(1) })
    };
    let before = service(&market);
    let version = before.latest.unwrap();
    for (yanked, latest) in [(true, None), (false, before.latest)] {
        market.execute(before.owner.as_str(), "registry", &registry::ExecuteMsg::SetYanked { version, yanked });
        assert_eq!(service(&market).latest, latest);
    }
}

#[test]
fn attack_41_only_the_admin_migrates() {
    let mut market = Market::dumped();
    for (name, code) in NAMES.iter().zip(1..) {
        for sender in [REQUESTER, address("execution-market").as_str()] {
            let msg = to_json_binary(&json!({})).unwrap();
            let migrate =
                cosmwasm_std::WasmMsg::Migrate { contract_addr: address(name).into_string(), new_code_id: code, msg };
            market.app.execute(Addr::unchecked(sender), migrate.into()).unwrap_err();
        }
    }
}

/// What the test writes is what 0.1.0 wrote.
#[test]
fn the_real_records_are_those_of_layout_1() {
    let market = Market::dumped();
    let storage = market.app.contract_storage(&address("execution-market"));
    let same = |key: &[u8], layout_1: Vec<u8>| assert_eq!(storage.get(key).unwrap(), layout_1);
    for id in (1..=3).map(ExecutionId) {
        let execution = EXECUTIONS.may_load(&*storage, id).unwrap().unwrap();
        same(&EXECUTIONS.key(id), layout_1::execution(&execution));
    }
    let book = state::BOOK.may_load(&*storage, ()).unwrap().unwrap();
    same(&state::BOOK.key(()), layout_1::book(&book, &market.ask(&QueryMsg::Ledger {})));
    let version = state::VERSIONS.may_load(&*storage, VersionId(1)).unwrap().unwrap();
    same(&state::VERSIONS.key(VersionId(1)), layout_1::version(&version));
    let runner = state::RUNNERS.may_load(&*storage, RunnerId(3)).unwrap().unwrap();
    same(&state::RUNNERS.key(RunnerId(3)), layout_1::runner(&runner));
}

#[test]
fn attack_41_what_0_1_0_left_open_migrates_and_ends() {
    let mut market = Market::dumped();
    let open = market.leave_open();
    let before: LedgerResponse = market.ask(&QueryMsg::Ledger {});
    market.migrate_all(None);
    assert_eq!(market.ask::<LedgerResponse>(&QueryMsg::Ledger {}), before, "a migration moves nothing");
    let mut suite = market.suite();
    suite.check_invariants();
    let phases: Vec<_> = open.iter().map(|execution| suite.execution(*execution).phase).collect();
    assert_eq!(phases, ["queued", "working", "opening", "publishing", "provisional"]);
    assert_eq!(suite.execution(open[4]).decided, 1);
    let mut events = Vec::new();
    for execution in &open {
        for _ in 0..10 {
            if suite.execution(*execution).until.is_none() {
                break;
            }
            suite.expire(*execution);
            let settles = suite.execution(*execution).phase == "provisional";
            events = if settles { suite.settle(*execution) } else { suite.poke(*execution) }.unwrap();
            suite.check_invariants();
        }
    }
    let reasons: Vec<_> = open.iter().map(|execution| suite.execution(*execution).reason).collect();
    let reasons: Vec<_> = reasons.iter().map(Option::as_deref).collect();
    assert_eq!(reasons, [Some("NoBeacon"), Some("NoResult"), Some("NoBeacon"), Some("NoResult"), None]);
    assert_eq!(suite.execution(open[4]).phase, "finalized");
    let paid = events.iter().filter(|event| matches!(event, MarketEvent::Paid { .. })).count();
    let slashed = events.iter().any(|event| matches!(event, MarketEvent::Slashed { .. }));
    assert_eq!((paid, slashed), (4, false), "its seats were right before, and are now");
    let ledger = suite.ledger();
    assert_eq!((ledger.escrow.u128(), ledger.pots.u128()), (0, 0));
    let left = suite.app.dump_wasm_raw(&suite.market);
    for prefix in ["i/", "o/", "w/"] {
        assert!(left.iter().all(|(key, _)| !key.starts_with(prefix.as_bytes())), "{prefix} is left behind");
    }
    let purse: PurseResponse = suite.ask(&QueryMsg::Purse { account: REQUESTER.to_owned(), sub: 0 });
    assert_eq!(purse.open, 0);
}
