//! `Tick` and the ring: who confirms a binding, and who is tipped for it.

use mesg_api::market::{ExecuteMsg, MarketEvent};

use crate::phases::{beacon, block, queued, suite};

#[test]
fn a_tick_tells_its_window_and_height() {
    let mut suite = suite();
    let events = suite.market("mallory", &ExecuteMsg::Tick {}).unwrap();
    let height = suite.app.block_info().height;
    assert_eq!(events, [MarketEvent::Ticked { window: suite.now() / 3, height }]);
    suite.check_invariants();
}

#[test]
fn the_first_ticker_of_the_confirming_window_is_tipped() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.next_block();
    for name in ["bob", "mallory"] {
        suite.market(name, &ExecuteMsg::Tick {}).unwrap();
    }
    suite.next_block();
    suite.market("crank", &ExecuteMsg::Tick {}).unwrap();
    let events = suite.submit_beacon(execution).unwrap();
    let tipped = |name: &str, amount, act: &str| MarketEvent::Tipped {
        execution,
        account: suite.account(name).to_string(),
        amount,
        act: act.to_owned(),
    };
    let tips: Vec<_> = events.iter().filter(|event| matches!(event, MarketEvent::Tipped { .. })).cloned().collect();
    assert_eq!(tips, [tipped("bob", 1_000, "tick"), tipped("relay", 2_000, "beacon"), tipped("relay", 3_000, "seat")]);
    for (name, tip) in [("bob", 1_000), ("mallory", 0), ("crank", 0), ("relay", 5_000)] {
        assert_eq!(suite.purse(&suite.account(name)).balance.u128(), tip, "{name}");
    }
    suite.check_invariants();
}

#[test]
fn a_tick_in_the_block_of_the_request_confirms_nothing() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.market("crank", &ExecuteMsg::Tick {}).unwrap();
    assert!(!suite.waiting().waiting[0].confirmed);
    suite.submit_beacon(execution).unwrap();
    assert_eq!(suite.execution(execution).phase, "queued", "bound again");
}

#[test]
fn the_last_confirming_window_ends_three_seconds_before_the_round() {
    for (late, confirmed) in [(0, true), (1, false)] {
        let mut suite = suite();
        let execution = queued(&mut suite);
        let round = suite.execution(execution).round.u64();
        let time = suite.beacon_schedule.time_of(round);
        let height = suite.app.block_info().height;
        let last_second = (time - 3) / 3 * 3 - 1;
        block(&mut suite, last_second + late, height + 1);
        suite.market("crank", &ExecuteMsg::Tick {}).unwrap();
        assert_eq!(suite.waiting().waiting[0].confirmed, confirmed);
        block(&mut suite, time, height + 2);
        let msg = beacon(&suite, round, &[execution]);
        suite.market("relay", &msg).unwrap();
        let phase = if confirmed { "working" } else { "queued" };
        assert_eq!(suite.execution(execution).phase, phase, "the query and the seating agree");
    }
}

#[test]
fn other_messages_record_their_block_too() {
    let mut suite = suite();
    let first = queued(&mut suite);
    suite.next_block();
    queued(&mut suite);
    assert!(suite.waiting().waiting.iter().any(|item| item.execution.u64() == first && item.confirmed));
    let events = suite.submit_beacon(first).unwrap();
    assert!(!events.iter().any(|event| matches!(event, MarketEvent::Tipped { act, .. } if act == "tick")));
    assert_eq!(suite.execution(first).phase, "working");
}
