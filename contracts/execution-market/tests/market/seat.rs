//! `Seat`: bindings that hold are drawn for, the others are bound again.

use mesg_api::market::{ExecuteMsg, Executions, MarketEvent, RequestItem};
use mesg_api::{registry, staking};
use mesg_execution_market::state::RunnerAccount;
use mesg_protocol::bps::Bps;
use mesg_protocol::capacity::seats;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{TermsId, VersionId};
use mesg_protocol::terms::Committee;
use mesg_test_kit::{Suite, Work};

use crate::phases::{beacon, block, finalized, ids, queued, request_by_send, suite, working};
use crate::snapshot::{items_refused, refusals, refused};

fn seat(executions: &[u64]) -> ExecuteMsg {
    ExecuteMsg::Seat(Executions { executions: ids(executions) })
}

#[test]
fn one_to_eight_executions() {
    let mut suite = suite();
    refused(&mut suite, "relay", &seat(&[]), "executions is 0, must be 1 to 8");
    refused(&mut suite, "relay", &seat(&[1; 9]), "executions is 9, must be 1 to 8");
}

#[test]
fn what_must_wait_is_skipped() {
    let mut suite = suite();
    let seated = working(&mut suite);
    let ended = finalized(&mut suite);
    let waiting = queued(&mut suite);
    items_refused(&mut suite, &seat(&[waiting]), &["unconfirmed"]);
    suite.tick();
    items_refused(&mut suite, &seat(&[waiting]), &["no_beacon"]);
    let all = [seated, ended, waiting, 99, waiting];
    items_refused(&mut suite, &seat(&all), &["duplicate", "wrong_phase", "wrong_phase", "no_beacon", "unknown"]);
}

#[test]
fn a_known_round_seats_at_once() {
    let mut suite = suite();
    let (first, second) = (queued(&mut suite), queued(&mut suite));
    suite.tick();
    suite.submit_beacon(first).unwrap();
    let events = suite.market("mallory", &seat(&[second])).unwrap();
    assert!(matches!(events.last(), Some(MarketEvent::Seated { execution, .. }) if *execution == second));
    assert_eq!(suite.purse(&suite.account("mallory")).balance.u128(), 3_000);
    suite.check_invariants();
}

#[test]
fn an_unconfirmed_binding_is_bound_again_when_its_round_is_due() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    let (round, until) = (suite.execution(execution).round.u64(), suite.execution(execution).until);
    let (time, height) = (suite.beacon_schedule.time_of(round), suite.app.block_info().height);
    block(&mut suite, time - 1, height + 9);
    items_refused(&mut suite, &seat(&[execution]), &["unconfirmed"]);
    block(&mut suite, time, height + 10);
    let events = suite.market("mallory", &seat(&[execution])).unwrap();
    let next = suite.beacon_schedule.round_at_or_after(time + 24);
    assert_eq!(events, [MarketEvent::BoundAgain { execution, beacon: 0, round: next }]);
    assert_eq!(suite.execution(execution).until, until, "T_QUEUE is not extended");
    assert_eq!(suite.waiting().waiting.len(), 1);
    assert_eq!(suite.execution(execution).round.u64(), next);
    suite.check_invariants();
    suite.seat(execution);
    assert_eq!(suite.execution(execution).phase, "working");
}

#[test]
fn an_old_binding_is_bound_again_without_its_beacon() {
    // Epoch 1,200 s: bound in epoch n, seated in n + 2 at the earliest 1,201 s later, with blocks that stood still.
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.tick();
    let epoch = suite.execution(execution).requested.time.u64() / 1_200;
    let height = suite.app.block_info().height;
    block(&mut suite, (epoch + 2) * 1_200 - 1, height + 1);
    items_refused(&mut suite, &seat(&[execution]), &["no_beacon"]);
    block(&mut suite, (epoch + 2) * 1_200, height + 2);
    let events = suite.market("mallory", &seat(&[execution])).unwrap();
    assert!(matches!(events[..], [MarketEvent::BoundAgain { .. }]));
}

#[test]
fn attack_31_nobody_gets_more_seats_than_its_leaf() {
    // 2 seats each: 12 runners, 24 seats, the gate lets 3 committees of 4 through.
    let mut suite = Suite::builder().stake(150_000_000).build();
    for _ in 0..3 {
        queued(&mut suite);
    }
    suite.tick();
    let round = suite.execution(1).round.u64();
    let wait = suite.beacon_schedule.time_of(round) - suite.now();
    suite.advance(wait);
    let msg = beacon(&suite, round, &[1, 2, 3]);
    let events = suite.market("relay", &msg).unwrap();
    assert!(refusals(&events).is_empty(), "{events:?}");
    for runner in suite.runners.clone() {
        let open = (1..=3).filter(|id| suite.seats(*id).contains(&runner.id)).count();
        assert!(open <= 2, "runner {} has {open} of 2 seats", runner.id);
    }
    suite.check_invariants();
}

/// The stated limit of the answer: seats of all versions are one number, compared with the leaf in the version of the draw.
/// Who moves on to versions of a tenth of the bond while its seats are open puts 36 % more of its stake at risk each time.
#[test]
fn attack_31_open_seats_are_counted_over_versions_and_not_valued() {
    let stake = 1_000_000_000u128;
    let (mut account, mut at_risk) = (RunnerAccount::default(), 0);
    let risks = [30_000_000u128, 3_000_000, 300_000, 30_000].map(|bond| {
        let leaf = seats(Bps::saturating(4_000), stake, 1, bond);
        while account.is_free(leaf, 0) {
            account.open += 1;
            at_risk += bond;
        }
        at_risk * 100 / stake
    });
    assert_eq!(risks, [39, 75, 111, 147], "per cent of the stake");
}

#[test]
fn attack_06_stake_moved_after_the_request_does_not_move_the_draw() {
    let run = |disturb: bool| {
        let mut suite = suite();
        let execution = queued(&mut suite);
        suite.tick();
        if disturb {
            let (staking, version) = (suite.staking.clone(), suite.version);
            for (number, runner) in suite.runners.clone().iter().enumerate() {
                let owner = format!("owner{number}");
                let msg = match number % 3 {
                    0 => staking::ExecuteMsg::OptOut { runner: runner.id, version },
                    1 => staking::ExecuteMsg::Unbond { runner: runner.id, amount: 900_000_000u128.into() },
                    _ => staking::ExecuteMsg::Sync { runner: runner.id },
                };
                suite.execute(&owner, &staking, &msg).unwrap();
            }
        }
        suite.submit_beacon(execution).unwrap();
        let view = suite.execution(execution);
        (view.panels[0].seats.clone(), view.panels[0].spares.clone())
    };
    assert_eq!(run(false), run(true));
}

#[test]
fn attack_06_the_draw_is_the_same_in_the_next_epoch() {
    let run = |later: u64| {
        let mut suite = suite();
        let execution = queued(&mut suite);
        suite.tick();
        let (staking, version) = (suite.staking.clone(), suite.version);
        let out = staking::ExecuteMsg::OptOut { runner: suite.runners[0].id, version };
        suite.execute("owner0", &staking, &out).unwrap();
        let wait = suite.beacon_schedule.time_of(suite.execution(execution).round.u64()) + later - suite.now();
        suite.app.update_block(|block| {
            block.time = block.time.plus_seconds(wait);
            block.height += 5;
        });
        suite.submit_beacon(execution).unwrap();
        suite.seats(execution)
    };
    let now = run(0);
    assert_eq!(now.len(), 4);
    assert_eq!(now, run(1_250), "seated in the epoch after that of the binding");
}

#[test]
fn attack_05_a_stale_block_time_is_never_seated_from() {
    let mut suite = suite();
    // The chain halts after this block: its request is bound to a round that is public when the next block comes.
    let execution = queued(&mut suite);
    let round = suite.execution(execution).round.u64();
    let height = suite.app.block_info().height;
    let time = suite.beacon_schedule.time_of(round);
    block(&mut suite, time + 600, height + 1);
    suite.market("mallory", &ExecuteMsg::Tick {}).unwrap();
    let msg = beacon(&suite, round, &[execution]);
    let events = suite.market("mallory", &msg).unwrap();
    assert!(matches!(events.last(), Some(MarketEvent::BoundAgain { .. })), "{events:?}");
    assert!(suite.execution(execution).round.u64() > round);
    // Once blocks come again, one honest tick is enough.
    suite.seat(execution);
    assert_eq!(suite.execution(execution).phase, "working");
}

#[test]
fn attack_74_confirmation_outlives_a_quiet_market() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.tick();
    suite.advance(890);
    suite.submit_beacon(execution).unwrap();
    assert_eq!(suite.execution(execution).phase, "working", "confirmed 890 s ago");
    // A slot of the ring that another window has overwritten counts as empty.
    let late = queued(&mut suite);
    let bound = suite.execution(late).requested;
    suite.tick();
    let ring = 8_192 * 3;
    block(&mut suite, bound.time.u64() + ring, bound.height.u64() + 5);
    for _ in 0..10 {
        suite.market("mallory", &ExecuteMsg::Tick {}).unwrap();
        suite.app.update_block(|block| block.time = block.time.plus_seconds(3));
    }
    assert!(!suite.waiting().waiting[0].confirmed);
    let events = suite.market("mallory", &seat(&[late])).unwrap();
    assert!(matches!(events[..], [MarketEvent::BoundAgain { .. }]));
}

#[test]
fn attack_04_there_is_no_way_back_from_a_binding() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.tick();
    let (round, seats) = (suite.execution(execution).round, suite.seats(execution));
    suite.advance(30);
    // Known round, confirmed binding: asking again, poking or pruning changes nothing but the seating itself.
    let msg = ExecuteMsg::Poke(Executions { executions: ids(&[execution]) });
    items_refused(&mut suite, &msg, &["too_early"]);
    items_refused(&mut suite, &ExecuteMsg::Prune(Executions { executions: ids(&[execution]) }), &["not_prunable"]);
    assert_eq!((suite.execution(execution).round, suite.seats(execution)), (round, seats));
    let msg = beacon(&suite, round.u64(), &[execution]);
    suite.market("mallory", &msg).unwrap();
    let seats = suite.seats(execution);
    items_refused(&mut suite, &seat(&[execution]), &["wrong_phase"]);
    assert_eq!(suite.seats(execution), seats);
}

/// Every runner serves two versions with 2 seats in all, and both are requested up to their gates: the last committees
/// find too few with a free seat.
#[test]
fn runners_without_a_free_seat_are_skipped_and_too_few_bind_again() {
    let mut suite = two_versions();
    let items: Vec<_> =
        (1..=6u32).map(|number| RequestItem { terms: TermsId(number % 2 + 1), ..suite.item() }).collect();
    request_by_send(&mut suite, "alice", 50_000_000, items).unwrap();
    suite.tick();
    let round = suite.execution(1).round.u64();
    let wait = suite.beacon_schedule.time_of(round) - suite.now();
    suite.advance(wait);
    let msg = beacon(&suite, round, &[6, 5, 4, 3, 2, 1]);
    let events = suite.market("relay", &msg).unwrap();
    assert!(refusals(&events).is_empty());
    let seated: Vec<_> = (1..=6).filter(|id| suite.execution(*id).phase == "working").collect();
    let again = events.iter().filter(|event| matches!(event, MarketEvent::BoundAgain { .. })).count();
    assert!(again > 0 && seated.len() >= 4, "{seated:?} seated, {again} bound again");
    assert_eq!(seated.len() + again, 6);
    for runner in suite.runners.clone() {
        let open = seated.iter().filter(|id| suite.seats(**id).contains(&runner.id)).count();
        assert!(open <= 2, "runner {} has {open} of 2 seats", runner.id);
    }
    // Once the others are over, the rest is seated, too.
    for execution in seated {
        suite.work(execution, &Work::honest());
        suite.expire(execution);
        suite.settle(execution).unwrap();
    }
    let waiting = suite.waiting().waiting.first().unwrap().execution.u64();
    suite.market("relay", &seat(&[waiting])).unwrap();
    suite.seat(waiting);
    assert_eq!(suite.execution(waiting).phase, "working");
}

/// 12 runners of 300 million, which is 2 seats of each of two versions.
fn two_versions() -> Suite {
    let mut suite = Suite::builder().stake(300_000_000).build();
    let (registry, staking) = (suite.registry.clone(), suite.staking.clone());
    let mut manifest = suite.manifest.clone();
    manifest.component.sha256 = sha256(&[b"another component"]);
    let publish = registry::ExecuteMsg::PublishVersion { service: suite.service, manifest };
    suite.execute("developer", &registry, &publish).unwrap();
    for runner in suite.runners.clone() {
        let opt_in = staking::ExecuteMsg::OptIn { runner: runner.id, version: VersionId(2) };
        suite.execute(&format!("owner{}", runner.id.0 - 1), &staking, &opt_in).unwrap();
    }
    suite.advance(1_200);
    suite
}

#[test]
fn attack_29_a_message_works_on_executions_of_256_seats() {
    let committee = Committee { k1: 7, k2: 15, k3: Some(31) };
    let task = |task: &mut registry::Task| task.price.per_call = 500_000u128.into();
    let mut suite =
        Suite::builder().runners(70).owners(10).stake(8_000_000_000).committee(committee).task(task).build();
    suite.deposit("bob", 1_000_000_000).unwrap();
    let executions: Vec<_> = (0..4).map(|_| queued(&mut suite)).collect();
    for execution in &executions {
        suite.seat(*execution);
        suite.certify(*execution, &Work::honest()).unwrap();
    }
    for execution in &executions {
        suite.market("bob", &ExecuteMsg::Challenge { execution: (*execution).into() }).unwrap();
    }
    // 31 jurors and 11 spares are drawn for each, who count twice: 3 · 84 = 252.
    suite.tick();
    let last = executions[3];
    let round = suite.execution(last).round.u64();
    let beacon = beacon(&suite, round, &executions);
    suite.advance(60);
    let events = suite.market("relay", &beacon).unwrap();
    assert_eq!(refusals(&events), ["full"]);
    assert_eq!(suite.execution(last).phase, "queued");
    suite.market("relay", &seat(&[last])).unwrap();
    // 8 + 2 · 31 = 70 of each: three fit, and however many items of these.
    let seal = |suite: &Suite, execution: u64, seat: usize| {
        let runner = suite.seats(execution)[seat];
        suite.runner(runner).seal(&suite.place(execution), &Work::honest())
    };
    let mut items: Vec<_> = executions.iter().map(|execution| seal(&suite, *execution, 0)).collect();
    items.push(seal(&suite, executions[0], 1));
    let events = suite.market("relay", &ExecuteMsg::Seal { items: items.clone() }).unwrap();
    assert_eq!(refusals(&events), ["full"]);
    let events = suite.market("relay", &ExecuteMsg::Seal { items: items.split_off(3) }).unwrap();
    assert_eq!(refusals(&events), ["already"]);
    suite.check_invariants();
}
