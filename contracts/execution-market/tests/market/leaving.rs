//! Stake and service bonds that leave while what they answer for is open.

use mesg_api::market::{At, Change, ChangeKind, ChangeRef, ExecuteMsg, MarketEvent, ServiceBondResponse, ServiceRef};
use mesg_api::market::{ParamsMsg, QueryMsg};
use mesg_api::staking;
use mesg_protocol::ids::RunnerId;
use mesg_protocol::terms::Committee;
use mesg_test_kit::{Suite, Work};

use crate::disputes::{B_BOND, stake};
use crate::phases::{block, suite, until};
use crate::snapshot::refused;

const DAY: u64 = 86_400;
/// Seconds of a real block: well within the 10 that staking assumes.
const BLOCK: u64 = 6;
const APPLY: ExecuteMsg = ExecuteMsg::Apply(ChangeRef { change: ChangeKind::Params });

/// The suite's parameters with deadlines of as many blocks as if each took `average` seconds.
fn row(suite: &Suite, average: u32) -> ParamsMsg {
    ParamsMsg { block_max_avg: average, ..suite.params.clone() }
}

/// Real blocks until the present deadline has passed, and a poke of whoever is late.
fn late(suite: &mut Suite, execution: u64) {
    let At { time, height } = until(suite, execution);
    let now = suite.app.block_info();
    let seconds = time.u64().saturating_sub(now.time.seconds());
    let blocks = height.u64().saturating_sub(now.height).max(seconds.div_ceil(BLOCK));
    block(suite, now.time.seconds() + blocks * BLOCK, now.height + blocks);
}

fn seal(suite: &mut Suite, execution: u64, runners: &[RunnerId], liar: RunnerId) {
    for runner in runners {
        suite.seal(execution, *runner, &work(*runner, liar)).unwrap();
    }
}

fn open(suite: &mut Suite, execution: u64, runners: &[RunnerId], liar: RunnerId) {
    for runner in runners {
        suite.open(execution, *runner, &work(*runner, liar)).unwrap();
    }
}

fn work(runner: RunnerId, liar: RunnerId) -> Work {
    if runner == liar { Work::wrong() } else { Work::honest() }
}

/// Deadlines that need more blocks than unbonding would outlive the stake that answers for them: with one second for a
/// block where staking counts ten, an execution of the longest task takes a month of real blocks, and the stake two weeks.
#[test]
fn attack_30_no_row_of_parameters_lets_stake_leave_before_its_slash() {
    let (committee, day) = (Committee { k1: 3, k2: 5, k3: Some(11) }, 86_400);
    let longest = Suite::builder().task(|task| (task.t_run, task.t_challenge) = (day / 4, day)).committee(committee);
    let mut suite = longest.runners(24).owners(12).build();
    let average = "block_max_avg is 9, must be 10 to 60";
    let short = Change::Params(row(&suite, 9));
    refused(&mut suite, "governor", &ExecuteMsg::Propose(short), average);

    let execution = suite.request("alice");
    let seats = suite.seat(execution);
    let liar = seats[1];
    seal(&mut suite, execution, &seats[..3], liar);
    let (owner, staking, amount) = (format!("owner{}", (liar.0 - 1) % 12), suite.staking.clone(), stake(&suite, liar));
    let everything = staking::ExecuteMsg::Unbond { runner: liar, amount: amount.into() };
    suite.execute(&owner, &staking, &everything).unwrap();
    let free = suite.now() + 14 * DAY;
    // Seats in turn are silent to the end of their windows: two of round 1, one of round 2.
    for _ in 0..2 {
        late(&mut suite, execution);
        suite.poke(execution).unwrap();
    }
    late(&mut suite, execution);
    let seats = suite.seats(execution);
    seal(&mut suite, execution, &seats[3..], liar);
    open(&mut suite, execution, &seats, liar);
    let jurors = suite.seat(execution);
    seal(&mut suite, execution, &jurors[..4], liar);
    late(&mut suite, execution);
    suite.poke(execution).unwrap();
    open(&mut suite, execution, &jurors[..4], liar);
    suite.publish(execution, &Work::honest()).unwrap();
    late(&mut suite, execution);
    let withdraw = staking::ExecuteMsg::Withdraw { runner: liar, to: None };
    suite.execute(&owner, &staking, &withdraw).unwrap_err();
    let events = suite.settle(execution).unwrap();
    let slashed = |event: &MarketEvent| match event {
        MarketEvent::Slashed { runner, amount, .. } if *runner == liar.0 => Some(*amount),
        _ => None,
    };
    assert_eq!(events.iter().find_map(slashed), Some(B_BOND / 2));
    assert!(suite.now() < free);
    suite.check_invariants();
}

/// Executions go on under the row that they were requested under; a bond that counted by a later row with slower blocks
/// would be free before them.
#[test]
fn a_service_bond_counts_blocks_as_stakes_do() {
    let mut suite = suite();
    let slow = ParamsMsg { t_open: 720, t_publish: 720, ..row(&suite, 60) };
    suite.market("governor", &ExecuteMsg::Propose(Change::Params(slow))).unwrap();
    suite.advance(7 * DAY);
    suite.market("mallory", &APPLY).unwrap();
    let (service, height) = (suite.service, suite.app.block_info().height);
    suite.market("developer", &ExecuteMsg::UnbondService(ServiceRef { service })).unwrap();
    let bond: ServiceBondResponse = suite.ask(&QueryMsg::ServiceBond { service });
    assert_eq!(bond.release.unwrap().height.u64() - height, 14 * DAY / 10);
}
