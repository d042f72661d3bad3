//! `Pause`, `Unpause`: what comes in stops, what goes out does not. The whole system under a pause is tried in
//! `packages/test-kit/tests/pause.rs`.

use mesg_api::market::{ExecuteMsg, GovernanceResponse, MarketEvent, QueryMsg, QuoteResponse, ReceiveMsg, ServiceRef};
use mesg_test_kit::Suite;

use crate::phases::{queued, suite, working};
use crate::request::{request, rich};
use crate::snapshot::{refused, refused_send};

fn paused(suite: &Suite) -> Option<u64> {
    suite.ask::<GovernanceResponse>(&QueryMsg::Governance {}).paused.map(|since| since.u64())
}

#[test]
fn only_requests_and_service_bonds_stop() {
    let mut suite = rich();
    let (old, other) = (queued(&mut suite), working(&mut suite));
    let events = suite.market("pauser", &ExecuteMsg::Pause {}).unwrap();
    assert_eq!(events, [MarketEvent::Paused { by: suite.account("pauser").to_string() }]);
    assert_eq!(paused(&suite), Some(suite.now()));
    refused(&mut suite, "pauser", &ExecuteMsg::Pause {}, "nothing to do");

    let item = suite.item();
    refused(&mut suite, "alice", &request(vec![item.clone()]), "the market is paused");
    refused_send(&mut suite, "alice", 100_000_000, &ReceiveMsg::Request { items: vec![item] }, "the market is paused");
    let bond = ReceiveMsg::BondService { service: suite.service };
    refused_send(&mut suite, "developer", 5, &bond, "the market is paused");
    let quote: QuoteResponse = suite.ask(&QueryMsg::Quote { terms: suite.terms, input_len: None, validators: None });
    assert_eq!(quote.refusals, ["the market is paused"]);

    suite.deposit("alice", 7).unwrap();
    suite.market("alice", &ExecuteMsg::Withdraw { sub: 0, amount: None, to: None }).unwrap();
    suite.market("developer", &ExecuteMsg::UnbondService(ServiceRef { service: suite.service })).unwrap();
    suite.work_on(other);
    suite.expire(old);
    suite.poke(old).unwrap();
    suite.check_invariants();
}

#[test]
fn after_the_pause_all_goes_on() {
    let mut suite = suite();
    refused(&mut suite, "pauser", &ExecuteMsg::Unpause {}, "nothing to do");
    suite.market("pauser", &ExecuteMsg::Pause {}).unwrap();
    let events = suite.market("pauser", &ExecuteMsg::Unpause {}).unwrap();
    assert_eq!(events, [MarketEvent::Unpaused { by: suite.account("pauser").to_string() }]);
    assert_eq!(paused(&suite), None);
    let execution = queued(&mut suite);
    suite.run_to_end(execution);
}
