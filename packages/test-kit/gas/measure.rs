//! The measured messages. Every input and output has 256 bytes; purses and balances exist already, as they do for all
//! but the first message of an account.

use cosmwasm_std::{Uint64, Uint128};
use cw20::Cw20ExecuteMsg;
use mesg_api::market::{ExecuteMsg, Executions, Input, OpenItem, ReceiveMsg, RequestItem, SealItem};
use mesg_api::registry::{self, Manifest};
use mesg_api::staking;
use mesg_protocol::ids::{RunnerId, ServiceId, VersionId};
use mesg_test_kit::{Chain, Node, Outcome, Runner, Suite, Work};

use crate::state::Gas;

const MONEY: u128 = 10_000_000_000;
/// Executions of the measured batches.
const BATCH: u64 = 8;

/// 256 bytes of canonical JSON.
fn text() -> String {
    let json = format!(r#"{{"text":"{}"}}"#, "m".repeat(245));
    assert_eq!(json.len(), 256);
    json
}

fn work() -> Work {
    Work::Ok(text(), 7)
}

fn item(suite: &Suite<Node>) -> RequestItem {
    RequestItem {
        terms: suite.terms,
        input: Input::Inline { json: text() },
        max_fee: Uint128::new(100_000_000),
        validators: None,
        own_runner: None,
    }
}

/// Requests from alice's purse; the ids.
fn request(suite: &mut Suite<Node>, count: u64) -> Vec<u64> {
    let items = (0..count).map(|_| item(suite)).collect();
    suite.market("alice", &ExecuteMsg::Request { sub: 0, items }).expect("requested");
    let config: mesg_api::market::ConfigResponse = suite.ask(&mesg_api::market::QueryMsg::Config {});
    let last = config.executions.u64();
    (last - count + 1..=last).collect()
}

/// Gas of what was done, which must have refused nothing.
fn gas(suite: &Suite<Node>, outcome: Outcome) -> u64 {
    let events = outcome.expect("done");
    let refused = events.iter().any(|event| matches!(event, mesg_api::market::MarketEvent::ItemRefused { .. }));
    assert!(!refused, "{events:?}");
    suite.gas
}

fn tick(suite: &mut Suite<Node>) -> u64 {
    suite.tick();
    suite.gas
}

fn seat(suite: &mut Suite<Node>, executions: &[u64]) -> u64 {
    let outcome = suite.submit_beacon_for(executions);
    let gas = gas(suite, outcome);
    for execution in executions {
        assert_eq!(suite.execution(*execution).phase, "working", "execution {execution} is seated");
    }
    gas
}

fn seals(suite: &Suite<Node>, execution: u64) -> Vec<SealItem> {
    let place = suite.place(execution);
    suite.seats(execution).into_iter().map(|runner| suite.runner(runner).seal(&place, &work())).collect()
}

fn opens(suite: &Suite<Node>, execution: u64) -> Vec<OpenItem> {
    let place = suite.place(execution);
    let open = |runner| suite.runner(runner).open(&place, &work());
    suite.seats(execution).into_iter().map(open).collect()
}

fn publish(suite: &mut Suite<Node>, executions: &[u64]) -> u64 {
    let items = executions.iter().map(|execution| work().publish(*execution)).collect();
    let outcome = suite.market("relay", &ExecuteMsg::Publish { items });
    gas(suite, outcome)
}

fn settle(suite: &mut Suite<Node>, executions: &[u64]) -> u64 {
    suite.expire(executions[executions.len() - 1]);
    let executions = executions.iter().map(|execution| Uint64::new(*execution)).collect();
    let outcome = suite.market("crank", &ExecuteMsg::Settle(Executions { executions }));
    gas(suite, outcome)
}

fn deposit(suite: &mut Suite<Node>) -> u64 {
    let outcome = suite.deposit("alice", MONEY);
    gas(suite, outcome)
}

/// What is claimed to be flat: one execution message by message, then eight together.
pub fn path(suite: &mut Suite<Node>, table: &mut Gas, suffix: &str) {
    deposit(suite);
    alone(suite);
    let mut note = |name: &str, gas| table.note(&format!("{name}{suffix}"), gas);
    let path = alone(suite);
    note("request_deposit", path.request);
    note("tick", path.tick);
    note("beacon_seat_1", path.seat);
    note("seal", largest(&path.seals));
    note("open", largest(&path.opens));
    note("publish", path.publish);
    note("settle_1", path.settle);
    note("onchain_path_4_seats", path.sum());
    let together = together(suite);
    note("request_8_each", together.request / BATCH);
    note("beacon_seat_8", together.seat);
    note("seal_32_each", together.seals[0] / (4 * BATCH));
    note("open_32_each", together.opens[0] / (4 * BATCH));
    note("publish_8_each", together.publish / BATCH);
    note("settle_8_each", together.settle / BATCH);
    let fast = certified(suite, 1);
    note("certify_1", fast.certify);
    note("lifecycle_1", fast.sum());
    let fast = certified(suite, BATCH);
    note("certify_8_each", fast.certify / BATCH);
    note("lifecycle_8_each", fast.sum() / BATCH);
}

/// The fast path of some executions, each kind of act in one message.
struct FastPath {
    request: u64,
    tick: u64,
    seat: u64,
    certify: u64,
    settle: u64,
}

impl FastPath {
    fn sum(&self) -> u64 {
        self.request + self.tick + self.seat + self.certify + self.settle
    }
}

fn certified(suite: &mut Suite<Node>, count: u64) -> FastPath {
    let executions = request(suite, count);
    let request = suite.gas;
    let tick = tick(suite);
    let seat = seat(suite, &executions);
    let items = executions.iter().map(|execution| suite.certificate(*execution, &work())).collect();
    let outcome = suite.market("relay", &ExecuteMsg::Certify { items, settle: Vec::new() });
    let certify = gas(suite, outcome);
    FastPath { request, tick, seat, certify, settle: settle(suite, &executions) }
}

struct Path {
    request: u64,
    tick: u64,
    seat: u64,
    seals: Vec<u64>,
    opens: Vec<u64>,
    publish: u64,
    settle: u64,
}

impl Path {
    fn sum(&self) -> u64 {
        let acts: u64 = self.seals.iter().chain(&self.opens).sum();
        self.request + self.tick + self.seat + acts + self.publish + self.settle
    }
}

fn largest(gas: &[u64]) -> u64 {
    gas.iter().copied().max().expect("at least one")
}

/// Each act in a transaction of its own.
fn alone(suite: &mut Suite<Node>) -> Path {
    let execution = request(suite, 1)[0];
    let request = suite.gas;
    let tick = tick(suite);
    let seat = seat(suite, &[execution]);
    let seals = seals(suite, execution).into_iter().map(|item| seal(suite, vec![item])).collect();
    let opens = opens(suite, execution).into_iter().map(|item| open(suite, vec![item])).collect();
    let publish = publish(suite, &[execution]);
    Path { request, tick, seat, seals, opens, publish, settle: settle(suite, &[execution]) }
}

/// Eight executions, each kind of act in one message.
fn together(suite: &mut Suite<Node>) -> Path {
    let executions = request(suite, BATCH);
    let request = suite.gas;
    let tick = tick(suite);
    let seat = seat(suite, &executions);
    let items = executions.iter().flat_map(|execution| seals(suite, *execution)).collect();
    let seals = vec![seal(suite, items)];
    let items = executions.iter().flat_map(|execution| opens(suite, *execution)).collect();
    let opens = vec![open(suite, items)];
    let publish = publish(suite, &executions);
    Path { request, tick, seat, seals, opens, publish, settle: settle(suite, &executions) }
}

fn seal(suite: &mut Suite<Node>, items: Vec<SealItem>) -> u64 {
    let outcome = suite.market("relay", &ExecuteMsg::Seal { items });
    gas(suite, outcome)
}

fn open(suite: &mut Suite<Node>, items: Vec<OpenItem>) -> u64 {
    let outcome = suite.market("relay", &ExecuteMsg::Open { items });
    gas(suite, outcome)
}

/// Everything else, once, in the pool of 100.
pub fn rest(suite: &mut Suite<Node>, table: &mut Gas) {
    let no_op = wat::parse_str(include_str!("no_op.wat")).expect("wasm");
    let no_op = suite.app.deploy_wasm(no_op, "developer", "no-op", b"{}");
    suite.app.execute("bob", vec![(no_op.clone(), b"{}".into())]).expect("done");
    let receipt = suite.app.execute("bob", vec![(no_op, b"{}".into())]).expect("done");
    table.note("no_op", receipt.gas);
    money(suite, table);
    late(suite, table);
    service(suite, table);
    stake(suite, table);
}

fn money(suite: &mut Suite<Node>, table: &mut Gas) {
    let token = suite.token.clone();
    let transfer = Cw20ExecuteMsg::Transfer { recipient: suite.account("bob").to_string(), amount: MONEY.into() };
    for _ in 0..2 {
        suite.execute("alice", &token, &transfer).expect("transferred");
    }
    table.note("cw20_transfer", suite.gas);
    table.note("deposit", deposit(suite));
    let withdraw = ExecuteMsg::Withdraw { sub: 0, amount: Some(Uint128::new(1_000_000)), to: None };
    let outcome = suite.market("alice", &withdraw);
    table.note("withdraw", gas(suite, outcome));
    let earned = suite.runners.iter().map(|runner| runner.id);
    let earned: Vec<_> = earned.filter(|runner| has_earned(suite, *runner)).take(9).collect();
    claim(suite, earned[..1].to_vec());
    table.note("claim", suite.gas);
    claim(suite, earned[1..].to_vec());
    table.note("claim_8_each", suite.gas / (earned.len() as u64 - 1));
    suite.market("crank", &ExecuteMsg::Burn {}).expect("burned");
    table.note("burn", suite.gas);
    producers(suite, table);
}

/// The chain's only validator is paid.
fn producers(suite: &mut Suite<Node>, table: &mut Gas) {
    let file = std::env::var("MESG_TEST_VALIDATORS").expect("MESG_TEST_VALIDATORS: a file with its mnemonic");
    suite.app.adopt("validator", &std::fs::read_to_string(file).expect("a mnemonic").into(), 0);
    suite.market("crank", &ExecuteMsg::CloseEpoch {}).expect("closed");
    table.note("close_epoch", suite.gas);
    let contract = suite.staking.clone();
    let found: staking::ProducersResponse =
        suite.query(&contract, &staking::QueryMsg::Producers {}).expect("an answer");
    let claim = staking::ExecuteMsg::ClaimProducer { epochs: found.claimable, to: None };
    suite.execute("validator", &contract, &claim).expect("claimed");
    table.note("claim_producer", suite.gas);
}

fn has_earned(suite: &Suite<Node>, runner: RunnerId) -> bool {
    let account: mesg_api::market::RunnerAccountResponse =
        suite.ask(&mesg_api::market::QueryMsg::RunnerAccount { runner });
    !account.earned.is_zero()
}

fn claim(suite: &mut Suite<Node>, runners: Vec<RunnerId>) {
    suite.market("crank", &ExecuteMsg::Claim { runners, versions: Vec::new() }).expect("claimed");
}

/// Enforced deadlines: of a round that nobody showed, and of a seat that did nothing.
fn late(suite: &mut Suite<Node>, table: &mut Gas) {
    let market = suite.market.clone();
    let items = vec![item(suite)];
    let receive = ReceiveMsg::Request { items };
    suite.send_token("bob", &market, 100_000_000, &receive).expect("requested");
    let outcome = suite.send_token("bob", &market, 100_000_000, &receive);
    table.note("request_send", gas(suite, outcome));
    let config: mesg_api::market::ConfigResponse = suite.ask(&mesg_api::market::QueryMsg::Config {});
    let unseated = config.executions.u64();
    let silent = request(suite, 1)[0];
    tick(suite);
    seat(suite, &[silent]);
    let items = seals(suite, silent).split_off(1);
    seal(suite, items);
    table.note("poke_refund", poke(suite, unseated));
    table.note("poke_refill", poke(suite, silent));
}

fn poke(suite: &mut Suite<Node>, execution: u64) -> u64 {
    suite.expire(execution);
    let outcome = suite.poke(execution);
    gas(suite, outcome)
}

fn service(suite: &mut Suite<Node>, table: &mut Gas) {
    let registry = suite.registry.clone();
    let register = registry::ReceiveMsg::RegisterService {
        sid: "a-second-service".to_owned(),
        name: Some("A second service".to_owned()),
        description: Some("m".repeat(256)),
        url: Some("https://example.org/".to_owned()),
        tags: vec![],
    };
    suite.send_token("developer", &registry, 5_000_000, &register).expect("registered");
    table.note("register_service", suite.gas);
    let manifest: Manifest = suite.manifest.clone();
    let publish = registry::ExecuteMsg::PublishVersion { service: ServiceId(2), manifest };
    suite.execute("developer", &registry, &publish).expect("published");
    table.note("publish_version", suite.gas);
    let market = suite.market.clone();
    let bond = ReceiveMsg::BondService { service: ServiceId(2) };
    suite.send_token("developer", &market, 1_000_000_000, &bond).expect("bonded");
    table.note("service_bond", suite.gas);
}

fn stake(suite: &mut Suite<Node>, table: &mut Gas) {
    let staking = suite.staking.clone();
    let last = suite.runners.last().expect("a runner").id;
    let runner = RunnerId(last.0 + 1);
    let attestation = k256::ecdsa::SigningKey::from_slice(&[1; 32]).expect("a scalar");
    let register = staking::ExecuteMsg::RegisterRunner {
        service: suite.service,
        operator: suite.account("relay").to_string(),
        attestation_key: Runner::public_key(&attestation),
        endpoint: "https://runner.example.org:8443".to_owned(),
    };
    suite.execute("bob", &staking, &register).expect("registered");
    table.note("register_runner", suite.gas);
    suite.send_token("bob", &staking, 1_000_000_000, &staking::ReceiveMsg::Bond { runner }).expect("bonded");
    table.note("bond", suite.gas);
    suite.execute("bob", &staking, &staking::ExecuteMsg::OptIn { runner, version: VersionId(1) }).expect("opted in");
    table.note("opt_in", suite.gas);
    let unbond = staking::ExecuteMsg::Unbond { runner, amount: Uint128::new(100_000_000) };
    suite.execute("bob", &staking, &unbond).expect("unbonding");
    table.note("unbond", suite.gas);
    suite.execute("bob", &staking, &staking::ExecuteMsg::OptOut { runner, version: VersionId(1) }).expect("opted out");
    table.note("opt_out", suite.gas);
}
