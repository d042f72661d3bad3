//! Executions in dispute: what the tests of its messages begin with.

use mesg_api::market::MarketEvent;
use mesg_api::staking::RUNNERS;
use mesg_protocol::ids::RunnerId;
use mesg_protocol::terms::Committee;
use mesg_test_kit::{Suite, Work};

use crate::phases::working;
use crate::snapshot::paid_in_full;

/// B of the suite's version.
pub const B_BOND: u128 = 30_000_000;

const THREE_ROUNDS: Committee = Committee { k1: 3, k2: 5, k3: Some(11) };

pub fn long_suite() -> Suite {
    Suite::builder().runners(24).owners(12).committee(THREE_ROUNDS).build()
}

pub fn stake(suite: &Suite, runner: RunnerId) -> u128 {
    suite.record(&suite.staking, &RUNNERS, runner).unwrap().stake.tokens
}

/// All seats of the present round seal and open what `work` says by index.
pub fn play(suite: &mut Suite, execution: u64, work: impl Fn(usize) -> Work) {
    let seats = suite.seats(execution);
    for (index, runner) in seats.iter().enumerate() {
        suite.seal(execution, *runner, &work(index)).unwrap();
    }
    for (index, runner) in seats.iter().enumerate() {
        suite.open(execution, *runner, &work(index)).unwrap();
    }
}

/// Round 1 with a wrong value of the seat at `liar`, and round 2 seated.
pub fn disputed(suite: &mut Suite, liar: usize) -> u64 {
    let execution = working(suite);
    play(suite, execution, |index| if index == liar { Work::wrong() } else { Work::honest() });
    assert_eq!(suite.execution(execution).phase, "queued");
    assert_eq!(suite.seat(execution).len(), 5);
    execution
}

pub fn end_of(events: &[MarketEvent]) -> (String, String) {
    paid_in_full(events, |_| None);
    let ended = events.iter().find_map(|event| match event {
        MarketEvent::Ended { outcome, reason, .. } => Some((outcome.clone(), reason.clone())),
        _ => None,
    });
    ended.expect("an end")
}
