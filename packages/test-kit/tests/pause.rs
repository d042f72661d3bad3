//! The whole system under a pause: nothing comes in, everything goes out.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests: a panic is how they report"
)]

use cosmwasm_std::{Addr, Binary};
use mesg_api::market::{ExecuteMsg, ReceiveMsg, ServiceRef};
use mesg_api::{registry, staking};
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_test_kit::{Chain, Runner, Suite, Work};

/// Executions in every phase, the last of them ended: queued, working, opening, publishing, provisional, finalized.
fn busy() -> (Suite, Vec<u64>) {
    let mut suite = Suite::builder().build();
    let executions: Vec<u64> = (0..6).map(|_| suite.request("alice")).collect();
    suite.tick();
    suite.submit_beacon_for(&executions[1..]).unwrap();
    for (execution, acts) in executions[2..].iter().zip(1..) {
        for runner in suite.seats(*execution) {
            suite.seal(*execution, runner, &Work::honest()).unwrap();
        }
        if acts > 1 {
            for runner in suite.seats(*execution) {
                suite.open(*execution, runner, &Work::honest()).unwrap();
            }
        }
        if acts > 2 {
            suite.publish(*execution, &Work::honest()).unwrap();
        }
    }
    suite.expire(executions[5]);
    suite.settle(executions[5]).unwrap();
    suite.deposit("bob", 5_000_000).unwrap();
    let (token, recipient) = (suite.token.clone(), suite.account("owner0").to_string());
    suite
        .execute("alice", &token, &cw20::Cw20ExecuteMsg::Transfer { recipient, amount: 1_000_000u128.into() })
        .unwrap();
    let phases: Vec<_> = executions.iter().map(|execution| suite.execution(*execution).phase).collect();
    assert_eq!(phases, ["queued", "working", "opening", "publishing", "provisional", "finalized"]);
    (suite, executions)
}

fn registration(suite: &Suite) -> staking::ExecuteMsg {
    staking::ExecuteMsg::RegisterRunner {
        service: suite.service,
        operator: suite.account("bob").to_string(),
        attestation_key: Runner::public_key(&suite.runners[0].attestation),
        endpoint: String::new(),
    }
}

/// Everything that would bring something in, by who may send it: each is refused for the pause and nothing else.
fn nothing_comes_in(suite: &mut Suite) {
    let [market, staking, registry] = [&suite.market, &suite.staking, &suite.registry].map(Addr::clone);
    let (item, service, runner) = (suite.item(), suite.service, suite.runners[0].id);
    let version = suite.version;
    let service_named =
        |sid: &str| serde_json::json!({ "register_service": { "sid": sid, "name": null, "description": null } });
    let publish = registry::ExecuteMsg::PublishVersion { service, manifest: suite.manifest.clone() };
    let register = registration(suite);
    let refusals = [
        suite.market("bob", &ExecuteMsg::Request { sub: 0, items: vec![item.clone()] }),
        suite.send_token("alice", &market, 100_000_000, &ReceiveMsg::Request { items: vec![item] }),
        suite.send_token("developer", &market, 1, &ReceiveMsg::BondService { service }),
        suite.execute("bob", &staking, &register),
        suite.send_token("owner0", &staking, 1_000_000, &staking::ReceiveMsg::Bond { runner }),
        suite.execute("owner0", &staking, &staking::ExecuteMsg::OptIn { runner, version }),
        suite.send_token("bob", &registry, 5_000_000, &service_named("another")),
        suite.execute("developer", &registry, &publish),
    ];
    for (index, refused) in refusals.into_iter().enumerate() {
        let why = refused.expect_err("refused");
        assert!(why.contains("the market is paused"), "{index}: {why}");
    }
}

/// Deadlines alone end an execution.
fn drain(suite: &mut Suite, execution: u64) {
    for _ in 0..30 {
        if suite.execution(execution).until.is_none() {
            return;
        }
        suite.expire(execution);
        suite.poke(execution).unwrap();
        suite.check_invariants();
    }
    unreachable!("execution {execution} does not end");
}

/// All stake of all runners is unbonded and withdrawn.
fn unstake(suite: &mut Suite) {
    let staking = suite.staking.clone();
    let staked = |suite: &Suite, runner: RunnerId| {
        let found: staking::RunnerResponse = suite.query(&staking, &staking::QueryMsg::Runner { runner }).unwrap();
        found.active
    };
    let runners: Vec<_> = suite.runners.iter().map(|runner| runner.id).collect();
    let owner = |runner: RunnerId| format!("owner{}", runner.0 - 1);
    for runner in &runners {
        let amount = staked(suite, *runner);
        let opt_out = staking::ExecuteMsg::OptOut { runner: *runner, version: VersionId(1) };
        let unbond = staking::ExecuteMsg::Unbond { runner: *runner, amount };
        let json = |msg: &staking::ExecuteMsg| -> Binary { cosmwasm_std::to_json_binary(msg).unwrap() };
        let messages = [&opt_out, &unbond].map(|msg| (staking.clone(), json(msg))).to_vec();
        suite.execute_all(&owner(*runner), messages).unwrap();
    }
    suite.app.wait(suite.now() + 14 * 86_400, suite.app.block_info().height + 14 * 8_640);
    for runner in &runners {
        suite.execute(&owner(*runner), &staking, &staking::ExecuteMsg::Withdraw { runner: *runner, to: None }).unwrap();
    }
}

#[test]
fn attack_42_a_paused_system_still_drains() {
    let (mut suite, executions) = busy();
    suite.market("pauser", &ExecuteMsg::Pause {}).unwrap();
    nothing_comes_in(&mut suite);
    for execution in executions {
        drain(&mut suite, execution);
    }
    suite.market("developer", &ExecuteMsg::UnbondService(ServiceRef { service: suite.service })).unwrap();
    unstake(&mut suite);
    suite.market("developer", &ExecuteMsg::WithdrawServiceBond(ServiceRef { service: suite.service })).unwrap();
    let runners: Vec<_> = suite.runners.iter().map(|runner| runner.id).collect();
    let versions = vec![suite.version];
    suite.market("crank", &ExecuteMsg::Claim { runners, versions }).unwrap();
    let owners = (0..12).map(|owner| format!("owner{owner}"));
    let names = ["alice", "bob", "developer", "relay", "crank"].map(str::to_owned).into_iter().chain(owners);
    for name in names {
        let account = suite.account(&name);
        if !suite.purse(&account).balance.is_zero() {
            suite.market(&name, &ExecuteMsg::Withdraw { sub: 0, amount: None, to: None }).unwrap();
        }
    }
    suite.market("crank", &ExecuteMsg::Burn {}).unwrap();
    suite.check_invariants();
    let ledger = suite.ledger();
    assert_eq!(suite.balance(&suite.market), ledger.producers.u128(), "nothing is left but the block producers' pot");
    assert_eq!(suite.balance(&suite.staking), 0);
    assert_eq!(suite.purse(&suite.account("alice")).open, 0);
}

#[test]
fn a_pause_that_ends_leaves_no_trace() {
    let (mut suite, executions) = busy();
    suite.market("pauser", &ExecuteMsg::Pause {}).unwrap();
    nothing_comes_in(&mut suite);
    suite.market("pauser", &ExecuteMsg::Unpause {}).unwrap();
    suite.seat(executions[0]);
    suite.work_on(executions[0]);
    let (staking, registry) = (suite.staking.clone(), suite.registry.clone());
    let register = registration(&suite);
    suite.execute("bob", &staking, &register).unwrap();
    let more = staking::ReceiveMsg::Bond { runner: RunnerId(1) };
    suite.send_token("owner0", &staking, 1_000_000, &more).unwrap();
    let named = serde_json::json!({ "register_service": { "sid": "another" } });
    suite.send_token("bob", &registry, 5_000_000, &named).unwrap();
    suite.check_invariants();
}
