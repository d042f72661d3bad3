//! `Poke`: every deadline, at its second and its block, and what it costs whom.

use mesg_api::market::{
    Change, ExecuteMsg, Executions, MarketEvent, ParamsMsg, QueryMsg, RunnerAccountResponse, VersionResponse,
};
use mesg_api::staking::RUNNERS;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Suite, Work};

use crate::phases::{
    at_the_deadline, escrow, finalized, ids, open_all, opening, provisional, publishing, queued, seal_all, suite,
    until, working,
};
use crate::snapshot::{items_refused, moved, refusals, refused};

/// a and b of the suite's task at the maxima for its small input.
const A: u128 = 1_025_000;
const B: u128 = 820_000;

fn poke(executions: &[u64]) -> ExecuteMsg {
    ExecuteMsg::Poke(Executions { executions: ids(executions) })
}

fn stake(suite: &Suite, runner: RunnerId) -> u128 {
    suite.record(&suite.staking, &RUNNERS, runner).unwrap().stake.tokens
}

fn too_early(execution: u64) -> impl Fn(&mut Suite) {
    move |suite| items_refused(suite, &poke(&[execution]), &["too_early"])
}

#[test]
fn one_to_four_executions() {
    let mut suite = suite();
    refused(&mut suite, "crank", &poke(&[]), "items is 0, must be 1 to 4");
    refused(&mut suite, "crank", &poke(&[1; 5]), "items is 5, must be 1 to 4");
}

#[test]
fn attack_75_what_cannot_be_poked_holds_up_nobody() {
    let mut suite = suite();
    let ended = finalized(&mut suite);
    let waiting = queued(&mut suite);
    suite.expire(waiting);
    let fresh = queued(&mut suite);
    let events = suite.market("crank", &poke(&[99, ended, fresh, waiting])).unwrap();
    assert_eq!(refusals(&events), ["unknown", "wrong_phase", "too_early"]);
    items_refused(&mut suite, &poke(&[fresh, fresh]), &["too_early", "duplicate"]);
    assert_eq!(suite.execution(waiting).phase, "refunded");
    suite.check_invariants();
}

#[test]
fn attack_08_without_the_beacon_everything_but_one_tip_comes_back() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    let (before, e) = (suite.ledger(), escrow(&suite));
    let alice = suite.account("alice");
    let purse = suite.purse(&alice).balance.u128();
    at_the_deadline(&mut suite, execution, too_early(execution), |suite| drop(suite.poke(execution).unwrap()));
    let view = suite.execution(execution);
    assert_eq!((view.phase.as_str(), view.reason.as_deref()), ("refunded", Some("NoBeacon")));
    assert_eq!(suite.purse(&alice).balance.u128(), purse + e - 4_000);
    assert_eq!(suite.purse(&suite.account("crank")).balance.u128(), 4_000);
    assert_eq!(moved(&suite, &before), [e as i128, -(e as i128), 0, 0, 0, 0, 0, 0]);
    assert!(suite.waiting().waiting.is_empty());
    assert_eq!(view.input.json, None, "the input is deleted");
    suite.check_invariants();
}

#[test]
fn a_known_round_without_a_committee_is_no_runners() {
    let mut suite = suite();
    let (first, second) = (queued(&mut suite), queued(&mut suite));
    suite.tick();
    suite.submit_beacon(first).unwrap();
    suite.expire(second);
    suite.poke(second).unwrap();
    assert_eq!(suite.execution(second).reason.as_deref(), Some("NoRunners"));
    suite.check_invariants();
}

#[test]
fn who_misses_the_window_of_work_is_slashed_and_replaced() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let view = suite.execution(execution);
    let seats = suite.seats(execution);
    for runner in &seats[2..] {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    let before = suite.ledger();
    let mut events = Vec::new();
    at_the_deadline(&mut suite, execution, too_early(execution), |suite| events = suite.poke(execution).unwrap());
    let missed = |runner: RunnerId, amount| MarketEvent::Slashed {
        execution,
        runner: runner.0,
        offence: "missed".to_owned(),
        amount,
    };
    assert_eq!(events[..2], [missed(seats[0], 2 * A), missed(seats[1], 2 * B)]);
    let joined = format!("{},{}", view.panels[0].spares[0], view.panels[0].spares[1]);
    assert_eq!(events[2], MarketEvent::Refilled { execution, joined });
    let crank = suite.account("crank").to_string();
    assert_eq!(events[3], MarketEvent::Tipped { execution, account: crank, amount: 4_000, act: "poke".to_owned() });
    assert_eq!(
        events[4],
        MarketEvent::Entered { execution, phase: "working".to_owned(), escalation: 1, until: suite.now() + 80 }
    );
    assert_eq!((stake(&suite, seats[0]), stake(&suite, seats[1])), (1_000_000_000 - 2 * A, 1_000_000_000 - 2 * B));
    let pot = (2 * A + 2 * B - 4_000) as i128;
    assert_eq!(moved(&suite, &before), [4_000, 0, pot, 0, 0, 0, 0, 0]);
    assert_eq!(suite.seats(execution), [seats[2], seats[3], view.panels[0].spares[0], view.panels[0].spares[1]]);
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: seats[0] });
    assert_eq!((account.open, account.completed, account.missed), (0, 0, 1));
    let version: VersionResponse = suite.ask(&QueryMsg::Version { version: suite.version });
    assert_eq!((version.taken, version.missed), (4, 2));
    suite.check_invariants();
    // It goes on, and the pot is burned with the end: the user got a result.
    for runner in &view.panels[0].spares {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    open_all(&mut suite, execution);
    suite.publish(execution, &Work::honest()).unwrap();
    suite.expire(execution);
    suite.settle(execution).unwrap();
    assert_eq!(suite.execution(execution).phase, "finalized");
    assert_eq!(suite.ledger().burn.u128(), 102_109 + pot as u128);
    suite.check_invariants();
}

#[test]
fn three_windows_of_work_and_no_more() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    for runner in &seats[1..] {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    let e = escrow(&suite) as i128;
    for attempt in 0..3 {
        assert_eq!(suite.execution(execution).phase, "working", "attempt {attempt}");
        suite.expire(execution);
        suite.poke(execution).unwrap();
        suite.check_invariants();
    }
    let view = suite.execution(execution);
    assert_eq!((view.phase.as_str(), view.reason.as_deref()), ("refunded", Some("NoResult")));
    // W = 2a of the primary, 2b of each newcomer, less the tips of two pokes.
    let pot = 2 * A + 4 * B - 8_000;
    let burned = pot / 5;
    let left = pot - burned - A;
    let (fees, rest) = (A + 2 * B, left - A - 2 * B);
    let ledger = suite.ledger();
    assert_eq!(ledger.runners.u128(), fees, "who sealed is paid in full from the pot");
    assert_eq!(ledger.burn.u128(), burned + rest);
    let alice = suite.purse(&suite.account("alice")).balance.u128() as i128;
    assert_eq!(alice, 100_000_000 - e + e - 10_000 + A as i128, "all but the tips, and a as compensation");
}

#[test]
fn the_draw_goes_on_when_the_spares_are_used_up() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    suite.seal(execution, seats[3], &Work::honest()).unwrap();
    suite.expire(execution);
    suite.poke(execution).unwrap();
    let view = suite.execution(execution);
    let now = suite.seats(execution);
    assert_eq!((view.phase.as_str(), now[0], now.len()), ("working", seats[3], 4));
    assert!(now[1..].iter().all(|runner| !seats.contains(runner)), "nobody sits twice");
    suite.check_invariants();
}

#[test]
fn nobody_sealing_costs_everybody() {
    let mut suite = suite();
    let execution = working(&mut suite);
    for window in 0..3 {
        assert_eq!(suite.execution(execution).phase, "working", "window {window}");
        let seats = suite.seats(execution);
        suite.expire(execution);
        suite.poke(execution).unwrap();
        for (index, runner) in seats.iter().enumerate() {
            let fee = if index == 0 { A } else { B };
            assert_eq!(stake(&suite, *runner), 1_000_000_000 - 2 * fee);
        }
    }
    assert_eq!(suite.execution(execution).reason.as_deref(), Some("NoResult"));
    let pot = 3 * (2 * A + 6 * B) - 2 * 4_000;
    assert_eq!(suite.ledger().burn.u128(), pot - A, "all but the user's compensation and two tips");
    suite.check_invariants();
}

#[test]
fn publishing_slots_pass_on_and_cost_their_seats() {
    let mut suite = suite();
    let execution = publishing(&mut suite);
    let seats = suite.seats(execution);
    for (slot, seat) in seats.iter().enumerate().take(2) {
        let before = suite.ledger();
        let events = {
            let mut events = Vec::new();
            at_the_deadline(&mut suite, execution, too_early(execution), |suite| {
                events = suite.poke(execution).unwrap();
            });
            events
        };
        assert_eq!(
            events[0],
            MarketEvent::Slashed { execution, runner: seat.0, offence: "publishing_slot".to_owned(), amount: 2 * A }
        );
        assert_eq!(moved(&suite, &before)[2], 2 * A as i128 - 4_000);
        assert!(suite.execution(execution).panels[0].seats[slot].passed_slot);
        suite.check_invariants();
    }
    suite.expire(execution);
    suite.poke(execution).unwrap();
    assert_eq!(suite.execution(execution).reason.as_deref(), Some("NoResult"));
    let pot = 4 * A - 8_000;
    let left = pot - pot / 5 - A;
    assert_eq!(suite.ledger().runners.u128(), 2 * B, "only the seats that let no slot pass");
    assert_eq!(suite.ledger().burn.u128(), pot / 5 + left - 2 * B);
    suite.check_invariants();
}

#[test]
fn a_publisher_that_passed_its_slot_is_paid_as_a_validator() {
    let mut suite = suite();
    let execution = publishing(&mut suite);
    let seats = suite.seats(execution);
    suite.expire(execution);
    suite.poke(execution).unwrap();
    suite.publish(execution, &Work::honest()).unwrap();
    suite.expire(execution);
    let events = suite.settle(execution).unwrap();
    let paid = |index: usize, amount| MarketEvent::Paid { execution, runner: seats[index].0, amount };
    let b = 800_856;
    let expected = [paid(1, 1_001_070), paid(0, b), paid(2, b), paid(3, b)];
    assert!(events.windows(4).any(|window| window == expected), "{events:?}");
    suite.check_invariants();
}

#[test]
fn a_provisional_execution_can_be_ended_by_a_poke() {
    let mut suite = suite();
    let execution = provisional(&mut suite);
    at_the_deadline(&mut suite, execution, too_early(execution), |suite| drop(suite.poke(execution).unwrap()));
    assert_eq!(suite.execution(execution).phase, "finalized");
    suite.check_invariants();
}

#[test]
fn attack_44_a_halt_expires_nobody() {
    for phase in [queued, working, opening, publishing, provisional] {
        let mut suite = suite();
        let execution = phase(&mut suite);
        suite.app.update_block(|block| {
            block.time = block.time.plus_seconds(3 * 86_400);
            block.height += 1;
        });
        items_refused(&mut suite, &poke(&[execution]), &["too_early"]);
        let code = if suite.execution(execution).phase == "provisional" { "too_early" } else { "wrong_phase" };
        items_refused(&mut suite, &ExecuteMsg::Settle(Executions { executions: ids(&[execution]) }), &[code]);
    }
}

#[test]
fn attack_45_every_window_is_many_blocks_long() {
    let mut suite = suite();
    let execution = opening(&mut suite);
    for (phase, blocks) in [("opening", 30), ("publishing", 12)] {
        let view = suite.execution(execution);
        assert_eq!(view.phase, phase);
        assert_eq!(until(&suite, execution).height.u64() - suite.app.block_info().height, blocks);
        // Censored for all but the last block, and beyond the deadline until somebody pokes.
        suite.app.update_block(|block| {
            block.time = block.time.plus_seconds(7 * blocks);
            block.height += blocks - 1;
        });
        match phase {
            "opening" => open_all(&mut suite, execution),
            _ => drop(suite.publish(execution, &Work::honest()).unwrap()),
        }
    }
    assert_eq!(suite.execution(execution).phase, "provisional");
    // No row of parameters makes a window shorter than twelve blocks.
    let shorter = |change: &dyn Fn(&mut ParamsMsg)| {
        let mut params = suite.params.clone();
        change(&mut params);
        ExecuteMsg::Propose(Change::Params(params))
    };
    let (open, publish) = (shorter(&|params| params.t_open = 119), shorter(&|params| params.t_publish = 119));
    refused(&mut suite, "governor", &open, "parameter t_open is 119, must be 120 to 3600");
    refused(&mut suite, "governor", &publish, "parameter t_publish is 119, must be 120 to 3600");
}

#[test]
fn attack_47_whoever_turns_the_crank_gets_the_tip_and_nothing_else() {
    let run = |thief: &str| {
        let mut suite = suite();
        let execution = queued(&mut suite);
        suite.next_block();
        suite.market(thief, &ExecuteMsg::Tick {}).unwrap();
        let round = suite.execution(execution).round.u64();
        let wait = suite.beacon_schedule.time_of(round) - suite.now();
        suite.advance(wait);
        let msg = crate::phases::beacon(&suite, round, &[execution]);
        suite.market(thief, &msg).unwrap();
        seal_all(&mut suite, execution);
        open_all(&mut suite, execution);
        suite.publish(execution, &Work::honest()).unwrap();
        suite.expire(execution);
        suite.market(thief, &ExecuteMsg::Settle(Executions { executions: ids(&[execution]) })).unwrap();
        assert_eq!(suite.purse(&suite.account(thief)).balance.u128(), 10_000);
        (suite.execution(execution), suite.ledger())
    };
    assert_eq!(run("crank"), run("mallory"));
}

#[test]
fn poking_four_working_executions_fits_one_slash() {
    let mut suite = Suite::builder()
        .runners(20)
        .owners(10)
        .stake(2_000_000_000)
        .committee(mesg_protocol::terms::Committee { k1: 7, k2: 9, k3: None })
        .build();
    let all: Vec<_> = (0..4).map(|_| queued(&mut suite)).collect();
    suite.tick();
    let round = suite.execution(1).round.u64();
    let wait = suite.beacon_schedule.time_of(round) - suite.now();
    suite.advance(wait);
    let msg = crate::phases::beacon(&suite, round, &all);
    suite.market("relay", &msg).unwrap();
    suite.expire(4);
    let events = suite.market("crank", &poke(&all)).unwrap();
    assert_eq!(events.iter().filter(|event| matches!(event, MarketEvent::Slashed { .. })).count(), 32);
    suite.check_invariants();
}
