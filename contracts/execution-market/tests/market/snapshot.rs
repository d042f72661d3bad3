//! What is stored before and after a message, and what a refusal must leave as it was.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Coin, from_json, to_json_vec};
use cw_multi_test::Executor;
use mesg_api::market::{ExecuteMsg, LedgerResponse, MarketEvent};
use mesg_test_kit::Suite;
use serde_json::Value;

/// Storage of all four contracts.
#[derive(Debug, PartialEq)]
pub struct Snapshot(Vec<BTreeMap<Vec<u8>, Vec<u8>>>);

/// Takes one.
pub fn snapshot(suite: &Suite) -> Snapshot {
    let contracts = [&suite.token, &suite.registry, &suite.staking, &suite.market];
    Snapshot(contracts.iter().map(|contract| suite.app.dump_wasm_raw(contract).into_iter().collect()).collect())
}

/// Keys of the market's records that two snapshots have differently.
fn changed(before: &Snapshot, after: &Snapshot) -> Vec<Vec<u8>> {
    let (before, after) = (&before.0[3], &after.0[3]);
    let keys = before.keys().chain(after.keys()).collect::<std::collections::BTreeSet<_>>();
    keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).cloned().collect()
}

/// Sends JSON to a contract with native coins; the error is the whole chain of causes.
pub fn send_json(
    suite: &mut Suite,
    sender: &Addr,
    to: &Addr,
    msg: &Value,
    funds: &[Coin],
) -> Result<Vec<cosmwasm_std::Event>, String> {
    let done = suite.app.execute_contract(sender.clone(), to.clone(), msg, funds);
    done.map(|response| response.events).map_err(|error| format!("{error:#}"))
}

/// A message as JSON.
pub fn json(msg: &impl serde::Serialize) -> Value {
    from_json(to_json_vec(msg).unwrap()).unwrap()
}

/// The message is refused with a text that contains `why`, and nothing has moved.
#[track_caller]
pub fn refused(suite: &mut Suite, sender: &str, msg: &ExecuteMsg, why: &str) {
    let before = snapshot(suite);
    let error = suite.market(sender, msg).expect_err("refused");
    assert!(error.contains(why), "{error:?} does not say {why:?}");
    assert_eq!(snapshot(suite), before, "a refused message moves nothing");
}

/// Like [`refused`], by CW20 `Send`.
#[track_caller]
pub fn refused_send(suite: &mut Suite, sender: &str, amount: u128, msg: &impl serde::Serialize, why: &str) {
    let (before, market) = (snapshot(suite), suite.market.clone());
    let error = suite.send_token(sender, &market, amount, msg).expect_err("refused");
    assert!(error.contains(why), "{error:?} does not say {why:?}");
    assert_eq!(snapshot(suite), before, "a refused message moves nothing");
}

/// Every item of the batch is refused, with these codes in order; only the counter of events has moved.
#[track_caller]
pub fn items_refused(suite: &mut Suite, msg: &ExecuteMsg, codes: &[&str]) {
    let (before, ledger) = (snapshot(suite), suite.ledger());
    let events = suite.market("mallory", msg).expect("a batch succeeds without its items");
    assert_eq!(refusals(&events), codes);
    assert_eq!(events.len(), codes.len(), "{events:?}");
    let seating = matches!(msg, ExecuteMsg::Seat(_) | ExecuteMsg::SubmitBeacon { .. });
    for key in changed(&before, &snapshot(suite)) {
        let allowed = key == b"b/" || seating && key.starts_with(b"t/");
        assert!(allowed, "a refused item has written {:?}", String::from_utf8_lossy(&key));
    }
    assert_eq!(ledger, suite.ledger(), "a refused item moves nothing");
}

/// Invariant 3: what an end pays is its escrow, penalty pot and what came from the service bond, to the last unit. The
/// bond of a challenge that ends with it is divided, too, which the event of the end does not tell; where `bond` does not
/// tell it either, it was something.
#[track_caller]
pub fn paid_in_full(events: &[MarketEvent], bond: impl Fn(u64) -> Option<u128>) {
    for event in events {
        #[rustfmt::skip]
        let MarketEvent::Ended {
            execution, escrow, pot, service_bond, user, seats, developer, producers, burn, tips, challenger, ..
        } = event else { continue };
        // Without a round 3 the whole bond came back before, and the end pays the challenger nothing.
        let closed = |event: &MarketEvent| matches!(event, MarketEvent::ChallengeClosed { execution: of, amount, .. } if (of, amount) == (execution, challenger));
        let (sources, paid) =
            (escrow + pot + service_bond, user + seats + developer + producers + burn + tips + challenger);
        let exact = match bond(*execution) {
            _ if !events.iter().any(closed) => sources == paid,
            Some(bond) => sources + bond == paid,
            None => sources < paid,
        };
        assert!(exact, "invariant 3: {sources} became {paid}");
    }
}

/// Codes of the refused items in the order of the events.
pub fn refusals(events: &[MarketEvent]) -> Vec<&str> {
    events.iter().filter_map(code).collect()
}

/// Every bucket of the ledger, in the order of the response; bonds of challenges are counted with service bonds.
pub fn buckets(ledger: &LedgerResponse) -> [u128; 8] {
    let LedgerResponse { purses, escrow, pots, runners, developers, bonds, producers, burn, challenges } = ledger;
    let bonds = *bonds + *challenges;
    [*purses, *escrow, *pots, *runners, *developers, bonds, *producers, *burn].map(|amount| amount.u128())
}

/// How each bucket has changed since `before`: purses, escrow, pots, runners, developers, bonds, producers, burn.
pub fn moved(suite: &Suite, before: &LedgerResponse) -> [i128; 8] {
    let (before, after) = (buckets(before), buckets(&suite.ledger()));
    std::array::from_fn(|bucket| after[bucket] as i128 - before[bucket] as i128)
}

fn code(event: &MarketEvent) -> Option<&str> {
    match event {
        MarketEvent::ItemRefused { code, .. } => Some(code),
        _ => None,
    }
}
