//! `Pool`, `PoolRunners`, `PoolSecurity`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::Uint64;
use mesg_api::staking::{ExecuteMsg, OwnerShare, PoolResponse, PoolRunnersResponse, PoolSecurityResponse, QueryMsg};
use mesg_protocol::ids::VersionId;
use suite::Suite;

#[test]
fn totals_of_an_epoch_and_the_next() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    suite.next_epoch();
    suite.runner("bob", 500, &[version]);
    let epoch = Some(Uint64::new(suite.epoch() - 1));
    let found: PoolResponse = suite.query(&QueryMsg::Pool { version, epoch });
    assert_eq!((found.now.runners, found.now.seats.u64(), found.seat_bond.u128()), (1, 4, 100));
    assert_eq!(suite.pool(version), [(1, 4), (2, 6)]);
    let gone = QueryMsg::Pool { version, epoch: Some(Uint64::new(suite.epoch() - 2)) };
    assert!(suite.query_error(&gone).contains("epoch is "));
    assert_eq!(suite.pool(VersionId(99)), [(0, 0), (0, 0)]);
}

#[test]
fn a_pool_is_listed_by_slot() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runners: Vec<_> = (0..25).map(|_| suite.runner("alice", 500, &[version])).collect();
    suite.next_epoch();
    suite.exec("alice", &ExecuteMsg::OptOut { runner: runners[3], version }).unwrap();
    suite.next_epoch();
    let page = |start_after, limit| -> PoolRunnersResponse {
        suite.query(&QueryMsg::PoolRunners { version, start_after, limit })
    };
    let slots = |page: &PoolRunnersResponse| page.runners.iter().map(|found| found.slot).collect::<Vec<_>>();
    let first = page(None, None);
    assert_eq!(slots(&first), [0, 1, 2, 4, 5, 6, 7, 8, 9], "slot 3 is empty");
    assert_eq!((first.next, first.runners[8].runner), (Some(9), runners[9]));
    let last = page(first.next, Some(50));
    assert_eq!((slots(&last), last.next), ((10..25).collect(), None));
    assert_eq!((last.runners[0].seats_now, last.runners[0].seats_next), (2, 2));
}

#[test]
fn attack_02_a_captive_pool_is_seen() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    for _ in 0..12 {
        suite.runner("developer", 500, &[version]);
    }
    suite.next_epoch();
    let security = |suite: &Suite| -> PoolSecurityResponse { suite.query(&QueryMsg::PoolSecurity { version, k1: 3 }) };
    let whole = OwnerShare { owners: 1, share_ppb: 1_000_000_000, committee_ppb: 1_000_000_000 };
    assert_eq!(security(&suite), PoolSecurityResponse { largest: vec![whole], owners: 1, complete: true });

    suite.runner("alice", 500 * 36, &[version]);
    suite.next_epoch();
    let found = security(&suite);
    assert_eq!((found.owners, found.largest.len()), (2, 2));
    // alice has 72 of 96 seats: (3/4)^4
    assert_eq!((found.largest[0].share_ppb, found.largest[0].committee_ppb), (750_000_000, 316_406_250));
    assert!(suite.query_error(&QueryMsg::PoolSecurity { version, k1: 8 }).contains("k1 is 8, must be 1 to 7"));
}

/// One small stake takes a thousand slots within an epoch; who holds the pool and sits behind them is seen all the same.
#[test]
fn attack_02_empty_slots_hide_nobody() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    suite.runner("bob", 1_000, &[version]);
    let first = suite.runner("mallory", 500, &[version]);
    let second = suite.runner("mallory", 500, &[]);
    suite.next_epoch();
    // The head of the queue of free slots weighs something in this epoch, so that nothing is reused.
    suite.exec("mallory", &ExecuteMsg::OptOut { runner: first, version }).unwrap();
    for _ in 0..1_000 {
        suite.exec("mallory", &ExecuteMsg::OptIn { runner: second, version }).unwrap();
        suite.exec("mallory", &ExecuteMsg::OptOut { runner: second, version }).unwrap();
    }
    suite.runner("carol", 100_000, &[version]);
    suite.next_epoch();
    let found: PoolSecurityResponse = suite.query(&QueryMsg::PoolSecurity { version, k1: 3 });
    // carol has 400 of 404 seats
    assert_eq!((found.complete, found.owners, found.largest[0].share_ppb), (true, 2, 990_099_010));
    assert_eq!(suite.header(version).slots, 1_003);
}

/// Nor do more runners with seats than are looked at: the heaviest come first.
#[test]
fn attack_02_a_crowd_hides_nobody() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    for _ in 0..510 {
        suite.runner("mallory", 500, &[version]);
    }
    suite.runner("carol", 100_000, &[version]);
    suite.next_epoch();
    let found: PoolSecurityResponse = suite.query(&QueryMsg::PoolSecurity { version, k1: 3 });
    // carol has 400 of 1,420 seats, mallory 998 of those that were looked at
    assert_eq!((found.complete, found.owners), (false, 2));
    assert_eq!([found.largest[0].share_ppb, found.largest[1].share_ppb], [702_816_902, 984_507_043]);
}
