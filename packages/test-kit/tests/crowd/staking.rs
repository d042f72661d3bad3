//! Runners of a service, an owner and an operator, a pool, and the queue of the slots that were left.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use cosmwasm_std::{Addr, Binary, Record, Uint64, Uint128, to_json_binary};
use cw20::Cw20ReceiveMsg;
use mesg_api::staking::query::MAX_SECURITY_RUNNERS;
use mesg_api::staking::{
    Draw, DrawManyResponse, DrawOutcome, ExecuteMsg, MAX_SLASH_ITEMS, PoolRunnersResponse, PoolSecurityResponse,
    QueryMsg, ReceiveMsg, RunnersResponse, SlashItem,
};
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{RunnerId, ServiceId, VersionId};
use mesg_protocol::score::Exclusion;
use mesg_staking::{ContractError, contract};
use mesg_test_kit::{Runner, Suite};
use serde_json::Value;

use crate::alone::Alone;
use crate::meter::Cost;
use crate::{FEW, MANY, Page, no_dearer, walk};

/// Stake of each runner: more than the two seats that serving needs.
const STAKE: u128 = 1_000_000_000;
const VERSION: VersionId = VersionId(1);
const SERVICE: ServiceId = ServiceId(1);

type Staking = Alone<ExecuteMsg, QueryMsg, ContractError>;

/// So many runners of one service, owner and operator; all serve the suite's version in this epoch.
fn staking(many: u32) -> Staking {
    static CROWD: OnceLock<Vec<Record>> = OnceLock::new();
    let mut staking = match many {
        MANY => empty().holding(CROWD.get_or_init(|| joined(MANY).stored()).clone()),
        few => joined(few),
    };
    next_epochs(&mut staking, 1);
    staking
}

fn empty() -> Staking {
    let suite = Suite::builder().runners(0).build();
    let address = suite.staking.clone();
    Alone::new(suite, address, contract::execute, contract::query)
}

/// They serve it from the next epoch on.
fn joined(many: u32) -> Staking {
    let mut staking = empty();
    for number in 1..=many {
        join(&mut staking, RunnerId(number));
    }
    staking
}

/// Costs of registering, bonding and opting in.
fn join(staking: &mut Staking, runner: RunnerId) -> [Cost; 3] {
    let [alice, operator] = ["alice", "operator"].map(|name| staking.suite.account(name));
    let register = ExecuteMsg::RegisterRunner {
        service: SERVICE,
        operator: operator.into_string(),
        attestation_key: key(1),
        endpoint: String::new(),
    };
    [
        staking.run(&alice, register),
        bond(staking, runner, STAKE),
        staking.run(&alice, ExecuteMsg::OptIn { runner, version: VERSION }),
    ]
}

fn key(scalar: u8) -> Binary {
    let mut secret = [0; 32];
    secret[31] = scalar;
    Runner::public_key(&k256::ecdsa::SigningKey::from_slice(&secret).unwrap())
}

fn bond(staking: &mut Staking, runner: RunnerId, amount: u128) -> Cost {
    let msg = to_json_binary(&ReceiveMsg::Bond { runner }).unwrap();
    let sender = staking.suite.account("alice").into_string();
    let token = staking.suite.token.clone();
    staking.run(&token, ExecuteMsg::Receive(Cw20ReceiveMsg { sender, amount: Uint128::new(amount), msg }))
}

fn next_epochs(staking: &mut Staking, epochs: u32) {
    let seconds = u64::from(epochs * staking.suite.epoch_secs);
    staking.suite.advance(seconds);
}

#[test]
fn runners_come_in_pages() {
    let staking = staking(MANY);
    let limit = Some(u32::MAX);
    let runners = |query| {
        let (answer, cost, size) = staking.ask::<RunnersResponse>(query);
        Page { numbers: answer.runners.iter().map(|runner| runner.runner.0).collect(), cost, size }
    };
    let after = |last: Option<u32>| last.map(RunnerId);
    let all = |service, last| QueryMsg::Runners { service, start_after: after(last), limit };
    walk(1..=MANY, |last| runners(all(None, last)));
    walk(1..=MANY, |last| runners(all(Some(SERVICE), last)));
    let [owner, operator] = ["alice", "operator"].map(|name| staking.suite.account(name).into_string());
    let owned = |last| QueryMsg::RunnersByOwner { owner: owner.clone(), start_after: after(last), limit };
    walk(1..=MANY, |last| runners(owned(last)));
    let operated = |last| QueryMsg::RunnersByOperator { operator: operator.clone(), start_after: after(last), limit };
    walk(1..=MANY, |last| runners(operated(last)));
    walk(0..=MANY - 1, |last| {
        let query = QueryMsg::PoolRunners { version: VERSION, start_after: last, limit };
        let (answer, cost, size) = staking.ask::<PoolRunnersResponse>(query);
        let numbers: Vec<u32> = answer.runners.iter().map(|runner| runner.slot).collect();
        assert!(answer.runners.iter().all(|runner| runner.runner.0 == runner.slot + 1 && runner.seats_now > 0));
        assert_eq!(answer.next, numbers.last().copied().filter(|slot| slot + 1 < MANY));
        Page { numbers, cost, size }
    });
}

#[test]
fn what_is_done_to_one_of_ten_thousand_runners_costs_as_much_as_to_one_of_few() {
    let (mut few, mut many) = (staking(FEW), staking(MANY));
    no_dearer(&messages(&mut many, MANY), &messages(&mut few, FEW));
    no_dearer(&questions(&many, MANY), &questions(&few, FEW));
}

/// Every message about runners, done to one in the middle and to the next one that comes.
fn messages(staking: &mut Staking, all: u32) -> Vec<(&'static str, Cost)> {
    let [alice, market] = [staking.suite.account("alice"), staking.suite.market.clone()];
    // Its slot is the fifth of a full record.
    let runner = RunnerId(all / 2 + 5);
    let [register, bonded, opt_in] = join(staking, RunnerId(all + 1));
    let mut costs = vec![("register_runner", register), ("bond", bonded), ("opt_in", opt_in)];
    let mut run = |staking: &mut Staking, what, sender: &Addr, msg| costs.push((what, staking.run(sender, msg)));
    run(staking, "unbond", &alice, ExecuteMsg::Unbond { runner, amount: Uint128::new(STAKE / 2) });
    let operator = Some(alice.to_string());
    run(staking, "update_runner", &alice, ExecuteMsg::UpdateRunner { runner, operator, endpoint: None });
    run(staking, "rotate_key", &alice, ExecuteMsg::RotateKey { runner, attestation_key: key(2) });
    run(staking, "slash", &market, ExecuteMsg::Slash { items: slashes(staking) });
    run(staking, "sync", &alice, ExecuteMsg::Sync { runner: RunnerId(1) });
    staking.suite.advance(15 * 86_400);
    run(staking, "withdraw", &alice, ExecuteMsg::Withdraw { runner, to: None });
    run(staking, "unjail", &alice, ExecuteMsg::Unjail { runner: RunnerId(1) });
    run(staking, "opt_out", &alice, ExecuteMsg::OptOut { runner, version: VERSION });
    costs
}

/// As many items as a message has, each of another runner, which goes to jail.
fn slashes(staking: &Staking) -> Vec<SlashItem> {
    let until = staking.suite.now() + 60;
    let item = |number| SlashItem::new(RunnerId(number), 1_000, Some(Exclusion::Jail { until }));
    (1..).map(item).take(MAX_SLASH_ITEMS).collect()
}

/// Every query that is no list.
fn questions(staking: &Staking, all: u32) -> Vec<(&'static str, Cost)> {
    let queries = [
        ("config", QueryMsg::Config {}),
        ("runner", QueryMsg::Runner { runner: RunnerId(all - 1) }),
        ("pool", QueryMsg::Pool { version: VERSION, epoch: None }),
        ("producers", QueryMsg::Producers {}),
    ];
    queries.map(|(what, query)| (what, staking.ask::<Value>(query).1)).to_vec()
}

/// The slots that ten thousand runners left come back one by one, the one that was left first at once.
#[test]
fn a_queue_of_ten_thousand_slots_is_not_gone_over() {
    let leave = |many: u32| {
        let mut staking = staking(many);
        let alice = staking.suite.account("alice");
        for number in 1..=many {
            staking.run(&alice, ExecuteMsg::OptOut { runner: RunnerId(number), version: VERSION });
        }
        next_epochs(&mut staking, 3);
        let [.., opt_in] = join(&mut staking, RunnerId(many + 1));
        let opt_out = staking.run(&alice, ExecuteMsg::OptOut { runner: RunnerId(many + 1), version: VERSION });
        let [.., second] = join(&mut staking, RunnerId(many + 2));
        next_epochs(&mut staking, 1);
        let (pool, ..) = staking.ask::<PoolRunnersResponse>(page(None));
        let seated: Vec<_> = pool.runners.iter().map(|found| (found.slot, found.runner.0 - many)).collect();
        assert_eq!(seated, [(1, 2)], "slot 0 is left again, slot 1 was next in the queue");
        vec![("opt_in", opt_in), ("opt_out", opt_out), ("opt_in of the second", second)]
    };
    no_dearer(&leave(MANY), &leave(FEW));
}

const fn page(start_after: Option<u32>) -> QueryMsg {
    QueryMsg::PoolRunners { version: VERSION, start_after, limit: None }
}

#[test]
fn draws_from_ten_thousand_runners_read_two_records_for_each_candidate() {
    let staking = staking(MANY);
    let epoch = Uint64::new(staking.suite.now() / u64::from(staking.suite.epoch_secs));
    let draw = |number: u8| Draw { version: VERSION, seed: sha256(&[&[number]]), epoch, offset: 0, count: 84 };
    let query = QueryMsg::DrawMany { draws: (0..8).map(draw).collect() };
    let (answer, cost, _) = staking.ask::<DrawManyResponse>(query);
    for outcome in answer.draws {
        let DrawOutcome::Candidates(candidates) = outcome else { panic!("{outcome:?}") };
        let runners: BTreeSet<_> = candidates.iter().map(|candidate| candidate.runner).collect();
        assert_eq!(runners.len(), 84, "each runner once");
    }
    // A node and a block of slots for each, and the inner nodes of the tree, of which 10,000 slots have 44.
    assert!(cost.reads <= 2 * 8 * 84 + 44 + 1, "{cost:?}");
    assert_eq!((cost.steps, cost.writes), (0, 0));
}

#[test]
fn the_security_of_ten_thousand_runners_reads_what_that_of_five_hundred_does() {
    let ask = |staking: &Staking| {
        let query = QueryMsg::PoolSecurity { version: VERSION, k1: 3 };
        let (security, cost, _) = staking.ask::<PoolSecurityResponse>(query);
        (security.complete, cost)
    };
    let enough = u32::try_from(MAX_SECURITY_RUNNERS).unwrap();
    let [(complete, few), (all, many)] = [enough, MANY].map(|runners| ask(&staking(runners)));
    assert_eq!((complete, all), (true, false));
    many.must_be(few, "pool_security");
}
