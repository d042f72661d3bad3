//! `Request`, from a purse: the escrow, the binding, and every reason to refuse.

use cosmwasm_std::Uint128;
use mesg_api::market::{ExecuteMsg, Input, MAX_OPEN, MarketEvent, ReceiveMsg, RequestItem, ServiceRef};
use mesg_api::registry::{self, Status};
use mesg_api::staking;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::TermsId;
use mesg_test_kit::Suite;

use crate::phases::{escrow, finalized, queued, suite};
use crate::snapshot::{moved, refused};

/// a, b, d, producers, burn and κ at the maxima: 5 kB and 2,000 million fuel.
const ESCROW: u128 = 1_025_000 + 3 * 820_000 + 348_500 + 174_250 + 104_550 + 10_000;

pub fn request(items: Vec<RequestItem>) -> ExecuteMsg {
    ExecuteMsg::Request { sub: 0, items }
}

/// A suite in which alice's purse can pay for much.
pub fn rich() -> Suite {
    let mut suite = suite();
    suite.deposit("alice", 1_000_000_000).unwrap();
    suite
}

#[test]
fn an_escrow_is_set_aside_and_the_execution_bound() {
    let mut suite = rich();
    let before = suite.ledger();
    let item = suite.item();
    let events = suite.market("alice", &request(vec![item])).unwrap();
    let round = suite.beacon_schedule.round_at_or_after(suite.now() + 24);
    let alice = suite.account("alice");
    let requested = MarketEvent::Requested {
        execution: 1,
        requester: alice.to_string(),
        sub: 0,
        service: 1,
        version: 1,
        terms: 1,
        escrow: ESCROW,
        beacon: 0,
        round,
        input: sha256(&[br#"{"numbers":[40,2]}"#]),
        input_len: 18,
    };
    assert_eq!(events, [requested]);
    let e = ESCROW as i128;
    assert_eq!(moved(&suite, &before), [-e, e, 0, 0, 0, 0, 0, 0]);
    assert_eq!((suite.purse(&alice).balance.u128(), suite.purse(&alice).open), (1_000_000_000 - ESCROW, 1));
    let execution = suite.execution(1);
    assert_eq!((execution.phase.as_str(), execution.round.u64()), ("queued", round));
    assert_eq!(execution.input.json.as_deref(), Some(r#"{"numbers":[40,2]}"#));
    assert_eq!(execution.until.unwrap().time.u64(), suite.now() + 900);
    assert_eq!(execution.until.unwrap().height.u64(), execution.requested.height.u64() + 90);
    suite.check_invariants();
}

#[test]
fn the_escrow_is_what_the_quote_says() {
    let suite = suite();
    assert_eq!(escrow(&suite), ESCROW);
}

#[test]
fn one_to_eight_requests_all_or_none() {
    let mut suite = rich();
    let item = suite.item();
    let bad = RequestItem { terms: TermsId(99), ..item.clone() };
    refused(&mut suite, "alice", &request(vec![]), "items is 0, must be 1 to 8");
    refused(&mut suite, "alice", &request(vec![item.clone(); 9]), "items is 9, must be 1 to 8");
    refused(&mut suite, "alice", &request(vec![item.clone(), bad]), "terms 99 do not exist");
    let events = suite.market("alice", &request(vec![item; 8])).unwrap();
    assert_eq!(events.len(), 8);
    assert_eq!(suite.ledger().escrow.u128(), 8 * ESCROW);
    suite.check_invariants();
}

#[test]
fn another_sub_account_pays_and_is_refunded() {
    let mut suite = suite();
    let (market, item) = (suite.market.clone(), suite.item());
    let deposit = ReceiveMsg::Deposit { account: None, sub: 7 };
    suite.send_token("alice", &market, ESCROW, &deposit).unwrap();
    refused(&mut suite, "alice", &request(vec![item.clone()]), "purse has 0, the escrow is 4122300");
    let from_7 = ExecuteMsg::Request { sub: 7, items: vec![item] };
    refused(&mut suite, "bob", &from_7, "purse has 0, the escrow is 4122300");
    suite.market("alice", &from_7).unwrap();
    suite.expire(1);
    suite.poke(1).unwrap();
    let purse = mesg_api::market::QueryMsg::Purse { account: suite.account("alice").to_string(), sub: 7 };
    let purse: mesg_api::market::PurseResponse = suite.ask(&purse);
    assert_eq!((purse.balance.u128(), purse.open), (ESCROW - 4_000, 0));
}

#[test]
fn max_fee_is_the_limit() {
    let mut suite = rich();
    let mut item = suite.item();
    item.max_fee = Uint128::new(ESCROW - 1);
    refused(&mut suite, "alice", &request(vec![item.clone()]), "escrow is 4122300, max_fee is 4122299");
    item.max_fee = Uint128::new(ESCROW);
    suite.market("alice", &request(vec![item])).unwrap();
}

#[test]
fn a_purse_must_hold_the_escrow() {
    let mut suite = suite();
    let item = suite.item();
    suite.deposit("alice", ESCROW - 1).unwrap();
    refused(&mut suite, "alice", &request(vec![item.clone()]), "purse has 4122299, the escrow is 4122300");
    suite.deposit("alice", 1).unwrap();
    suite.market("alice", &request(vec![item])).unwrap();
}

#[test]
fn a_purse_has_at_most_64_open() {
    let mut suite = Suite::builder().stake(4_000_000_000).build();
    suite.deposit("alice", 1_000_000_000).unwrap();
    suite.deposit("bob", 1_000_000_000).unwrap();
    let item = suite.item();
    for _ in 0..MAX_OPEN / 8 {
        suite.market("alice", &request(vec![item.clone(); 8])).unwrap();
    }
    refused(&mut suite, "alice", &request(vec![item.clone()]), "purse has 64 open executions, at most 64");
    suite.market("bob", &request(vec![item.clone()])).unwrap();
    suite.expire(1);
    suite.poke(1).unwrap();
    suite.market("alice", &request(vec![item])).unwrap();
    suite.check_invariants();
}

#[test]
fn attack_56_the_gate_counts_seats_from_the_request_on() {
    let mut suite = rich();
    let item = suite.item();
    // 12 leaves of ⌊0.4 · 10^9 / 30·10^6⌋ = 13 seats: the gate lets 78 through, 19 committees of 4.
    for items in [8, 8, 3] {
        suite.market("alice", &request(vec![item.clone(); items])).unwrap();
    }
    let full = "pool has 76 seats taken of 78 that may be; 4 more are needed";
    refused(&mut suite, "alice", &request(vec![item.clone()]), full);
    suite.expire(1);
    suite.poke(1).unwrap();
    suite.market("alice", &request(vec![item])).unwrap();
    suite.check_invariants();
}

#[test]
fn a_pool_needs_seats_spares_and_the_next_round() {
    for (runners, needed) in [(10, true), (11, false)] {
        let mut suite = Suite::builder().runners(runners).build();
        suite.deposit("alice", 10_000_000).unwrap();
        let item = suite.item();
        if needed {
            refused(&mut suite, "alice", &request(vec![item]), "pool has 10 runners, needs 11");
        } else {
            suite.market("alice", &request(vec![item])).unwrap();
        }
    }
}

#[test]
fn a_pool_shrinks_with_the_next_epoch() {
    let mut suite = rich();
    let (staking, item) = (suite.staking.clone(), suite.item());
    for runner in suite.runners.clone().into_iter().take(2) {
        let out = staking::ExecuteMsg::OptOut { runner: runner.id, version: suite.version };
        suite.execute(&format!("owner{}", runner.id.0 - 1), &staking, &out).unwrap();
    }
    suite.market("alice", &request(vec![item.clone()])).unwrap();
    suite.advance(1_200);
    refused(&mut suite, "alice", &request(vec![item]), "pool has 10 runners, needs 11");
}

#[test]
fn a_closed_service_takes_none() {
    let mut suite = rich();
    let (registry, item) = (suite.registry.clone(), suite.item());
    for (status, why) in [(Status::Paused, "service 1 is paused"), (Status::Retired, "service 1 is retired")] {
        let set = registry::ExecuteMsg::SetStatus { service: suite.service, status };
        suite.execute("developer", &registry, &set).unwrap();
        refused(&mut suite, "alice", &request(vec![item.clone()]), why);
    }
}

#[test]
fn a_closing_service_finishes_what_is_open() {
    let mut suite = rich();
    let execution = queued(&mut suite);
    let registry = suite.registry.clone();
    let set = registry::ExecuteMsg::SetStatus { service: suite.service, status: Status::Retired };
    suite.execute("developer", &registry, &set).unwrap();
    suite.run_to_end(execution);
    assert_eq!(suite.execution(execution).phase, "finalized");
}

#[test]
fn the_service_bond_must_cover_the_jurors() {
    let mut suite = rich();
    let (market, item) = (suite.market.clone(), suite.item());
    let service = suite.service;
    suite.market("developer", &ExecuteMsg::UnbondService(ServiceRef { service })).unwrap();
    let under_notice = "service 1 has a bond of 0, requests need 4500000";
    refused(&mut suite, "alice", &request(vec![item.clone()]), under_notice);
    suite.advance(14 * 86_400 * 2);
    suite.market("developer", &ExecuteMsg::WithdrawServiceBond(ServiceRef { service })).unwrap();
    let bond = ReceiveMsg::BondService { service };
    suite.send_token("developer", &market, 4_499_999, &bond).unwrap();
    let short = "service 1 has a bond of 4499999, requests need 4500000";
    refused(&mut suite, "alice", &request(vec![item.clone()]), short);
    suite.send_token("developer", &market, 1, &bond).unwrap();
    suite.market("alice", &request(vec![item])).unwrap();
}

#[test]
fn attack_55_a_price_below_the_gas_floor_is_refused() {
    let mut suite = Suite::builder().params(|params| params.gas_floor = Uint128::new(1_000_001)).build();
    suite.deposit("alice", 10_000_000).unwrap();
    let item = suite.item();
    refused(&mut suite, "alice", &request(vec![item]), "per_call is 1000000, must be 1000001 to");
}

#[test]
fn ids_count_on_after_an_end() {
    let mut suite = suite();
    assert_eq!(finalized(&mut suite), 1);
    assert_eq!(queued(&mut suite), 2);
}

#[test]
fn an_input_elsewhere_is_kept_by_its_digest() {
    let mut suite = rich();
    let digest = sha256(&[b"big"]);
    let locator = "https://example.org/input.json".to_owned();
    let input = Input::Digest { sha256: digest, len: 100_000, locator: locator.clone() };
    let item = RequestItem { input, ..suite.item() };
    suite.market("alice", &request(vec![item])).unwrap();
    let input = suite.execution(1).input;
    assert_eq!((input.sha256, input.len, input.json, input.locator), (digest, 100_000, None, Some(locator)));
    // 105 kB: a = 1,125,000, b = 900,000.
    assert_eq!(suite.execution(1).escrow.u128(), 1_125_000 + 2_700_000 + 382_500 + 191_250 + 114_750 + 10_000);
}
