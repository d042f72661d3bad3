//! Every query: what it answers, and that pages are bounded.

use mesg_api::market::{
    ConfigResponse, DutyName, ExecuteMsg, ExecutionsResponse, ParamsResponse, PurseResponse, QueryMsg, QuoteResponse,
    RandResponse, RunnerPage, ServiceBondResponse, ServiceRef, WaitingKey, WaitingResponse, WhatIOweResponse,
};
use mesg_api::registry::{self, Status};
use mesg_protocol::ids::{ParamsId, RunnerId, ServiceId, TermsId};
use mesg_test_kit::{Suite, Work};
use serde_json::Value;

use crate::phases::{finalized, opening, provisional, publishing, queued, request_by_send, suite, until, working};

fn refused(suite: &Suite, query: &QueryMsg, why: &str) {
    let error = suite.query::<Value>(&suite.market, query).unwrap_err();
    assert!(error.contains(why), "{error:?} does not say {why:?}");
}

#[test]
fn config_names_peers_beacon_and_counters() {
    let mut suite = suite();
    finalized(&mut suite);
    let config: ConfigResponse = suite.ask(&QueryMsg::Config {});
    assert_eq!((&config.token, &config.registry, &config.staking), (&suite.token, &suite.registry, &suite.staking));
    assert_eq!(config.beacon.public_key, suite.beacon.public_key());
    assert_eq!((config.epoch_secs, config.params, config.executions.u64()), (1_200, ParamsId(1), 1));
    let canonical = cosmwasm_std::Api::addr_canonicalize(suite.app.api(), suite.market.as_str()).unwrap();
    let domain = mesg_protocol::seal::domain(&suite.app.block_info().chain_id, &canonical).unwrap();
    assert_eq!(config.domain, domain);
}

#[test]
fn params_are_kept_by_number() {
    let suite = suite();
    let expected = ParamsResponse { id: ParamsId(1), params: suite.params.clone() };
    for params in [None, Some(ParamsId(1))] {
        assert_eq!(suite.ask::<ParamsResponse>(&QueryMsg::Params { params }), expected);
    }
    refused(&suite, &QueryMsg::Params { params: Some(ParamsId(2)) }, "params");
}

#[test]
fn a_quote_is_the_escrow_part_by_part() {
    let suite = suite();
    let quote: QuoteResponse = suite.ask(&QueryMsg::Quote { terms: TermsId(1), input_len: Some(18), validators: None });
    let parts = [quote.executor, quote.validator, quote.developer, quote.producers, quote.burn, quote.tips];
    assert_eq!(parts.map(|part| part.u128()), [1_025_000, 820_000, 348_500, 174_250, 104_550, 10_000]);
    assert_eq!((quote.escrow.u128(), quote.validators, quote.refusals.len()), (4_122_300, 3, 0));
    let largest: QuoteResponse = suite.ask(&QueryMsg::Quote { terms: TermsId(1), input_len: None, validators: None });
    assert_eq!(largest.executor.u128(), 1_125_000);
    refused(&suite, &QueryMsg::Quote { terms: TermsId(9), input_len: None, validators: None }, "terms 9 do not exist");
}

#[test]
fn a_quote_says_every_reason_to_refuse() {
    let mut suite = Suite::builder().runners(10).build();
    let (service, registry) = (suite.service, suite.registry.clone());
    let set = registry::ExecuteMsg::SetStatus { service, status: Status::Paused };
    suite.execute("developer", &registry, &set).unwrap();
    suite.market("developer", &ExecuteMsg::UnbondService(ServiceRef { service })).unwrap();
    let quote: QuoteResponse =
        suite.ask(&QueryMsg::Quote { terms: TermsId(1), input_len: Some(100_001), validators: None });
    let expected = [
        "service 1 is paused, must be active",
        "service 1 has a bond of 0, requests need 4500000",
        "pool has 10 runners, needs 11",
        "input is 100001, must be 2 to 100000",
    ];
    assert_eq!(quote.refusals, expected);
}

#[test]
fn an_execution_is_told_whole_in_every_phase() {
    let mut suite = suite();
    for (phase, name, progress) in [
        (queued as fn(&mut Suite) -> u64, "queued", None),
        (working, "working", Some("seated")),
        (opening, "opening", Some("sealed")),
        (publishing, "publishing", Some("opened")),
        (provisional, "provisional", Some("opened")),
        (finalized, "finalized", Some("opened")),
    ] {
        let execution = phase(&mut suite);
        let view = suite.execution(execution);
        assert_eq!((view.phase.as_str(), view.until.is_some()), (name, name != "finalized"));
        assert!(view.panels.iter().flat_map(|panel| &panel.seats).all(|seat| Some(seat.progress.as_str()) == progress));
        assert_eq!(!view.panels.is_empty(), name != "queued");
        assert_eq!(view.input.json.is_some(), name != "finalized");
        assert_eq!(view.value.is_some(), name == "provisional" || name == "finalized");
        assert_eq!(view.requester, suite.account("alice"));
    }
    let history = suite.execution(6).history;
    let names: Vec<_> = history.iter().map(|item| item.phase.as_str()).collect();
    assert_eq!(names, ["working", "opening", "publishing", "provisional", "ended"]);
    refused(&suite, &QueryMsg::Execution { execution: 0u64.into() }, "execution 0");
    refused(&suite, &QueryMsg::Execution { execution: 7u64.into() }, "execution 7");
}

#[test]
fn lists_are_ascending_pages_of_10_and_at_most_50() {
    let mut suite = Suite::builder().stake(4_000_000_000).build();
    for _ in 0..7 {
        let items = vec![suite.item(); 8];
        request_by_send(&mut suite, "alice", 50_000_000, items).unwrap();
    }
    queued_by(&mut suite, "bob");
    let alice = suite.account("alice").to_string();
    let page = |suite: &Suite, start_after: Option<u64>, limit| -> Vec<u64> {
        let start_after = start_after.map(Into::into);
        let query = QueryMsg::ExecutionsByRequester { requester: alice.clone(), start_after, limit };
        suite.ask::<ExecutionsResponse>(&query).executions.iter().map(|item| item.execution.u64()).collect()
    };
    assert_eq!(page(&suite, None, None), (1..=10).collect::<Vec<_>>());
    assert_eq!(page(&suite, None, Some(0)), [1], "at least one");
    assert_eq!(page(&suite, None, Some(1_000)).len(), 50);
    assert_eq!(page(&suite, Some(50), Some(50)), (51..=56).collect::<Vec<_>>(), "not bob's");
    assert!(page(&suite, Some(u64::MAX), None).is_empty());
    let by_service = |service: u32, limit| {
        let query = QueryMsg::ExecutionsByService { service: ServiceId(service), start_after: None, limit };
        suite.ask::<ExecutionsResponse>(&query).executions.len()
    };
    assert_eq!((by_service(1, None), by_service(1, Some(51)), by_service(2, None)), (10, 50, 0));
    let waiting = |start_after, limit| suite.ask::<WaitingResponse>(&QueryMsg::Waiting { start_after, limit }).waiting;
    assert_eq!((waiting(None, None).len(), waiting(None, Some(99)).len()), (10, 50));
    let last = waiting(None, Some(50)).pop().unwrap();
    let rest = waiting(Some(WaitingKey { beacon: 0, round: last.round, execution: last.execution }), Some(50));
    assert_eq!(rest.len(), 7);
    refused(&suite, &QueryMsg::ExecutionsByRequester { requester: "?".into(), start_after: None, limit: None }, "");
}

fn queued_by(suite: &mut Suite, name: &str) -> u64 {
    suite.request(name)
}

#[test]
fn open_seats_and_what_they_owe() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let seats = suite.seats(execution);
    let owe = |suite: &Suite, runner: RunnerId| {
        let query = QueryMsg::WhatIOwe(RunnerPage { runner, start_after: None, limit: None });
        let answer: WhatIOweResponse = suite.ask(&query);
        assert_eq!(answer.next, None);
        answer.duties.first().map(|duty| (duty.duty, duty.at))
    };
    let open = |suite: &Suite, runner: RunnerId| {
        let query = QueryMsg::OpenByRunner(RunnerPage { runner, start_after: None, limit: None });
        suite.ask::<ExecutionsResponse>(&query).executions.len()
    };
    let at = until(&suite, execution);
    assert_eq!(owe(&suite, seats[0]), Some((DutyName::Seal, at)));
    suite.seal(execution, seats[0], &Work::honest()).unwrap();
    assert_eq!(owe(&suite, seats[0]), Some((DutyName::Poke, at)));
    for runner in &seats[1..] {
        suite.seal(execution, *runner, &Work::honest()).unwrap();
    }
    assert_eq!(owe(&suite, seats[0]).unwrap().0, DutyName::Open);
    crate::phases::open_all(&mut suite, execution);
    assert_eq!(owe(&suite, seats[0]).unwrap().0, DutyName::Publish);
    assert_eq!(owe(&suite, seats[1]).unwrap().0, DutyName::Poke, "the next slot's");
    suite.publish(execution, &Work::honest()).unwrap();
    assert_eq!(owe(&suite, seats[3]).unwrap().0, DutyName::Settle);
    assert_eq!(open(&suite, seats[0]), 1);
    suite.expire(execution);
    suite.settle(execution).unwrap();
    assert_eq!((owe(&suite, seats[0]), open(&suite, seats[0])), (None, 0));
    assert_eq!(owe(&suite, RunnerId(999)), None);
}

#[test]
fn what_is_owed_goes_on_after_a_full_page() {
    let mut suite = suite();
    for _ in 0..6 {
        working(&mut suite);
    }
    let busy = suite
        .runners
        .iter()
        .map(|runner| runner.id)
        .find(|id| (1..=6).filter(|execution| suite.seats(*execution).contains(id)).count() >= 2);
    let busy = busy.expect("24 seats of 12 runners");
    let page = |start_after| -> WhatIOweResponse {
        suite.ask(&QueryMsg::WhatIOwe(RunnerPage { runner: busy, start_after, limit: Some(1) }))
    };
    let first = page(None);
    assert_eq!(first.next, Some(first.duties[0].execution));
    let second = page(first.next);
    assert!(second.duties[0].execution > first.duties[0].execution);
}

#[test]
fn single_records_of_what_is_not_there_are_empty() {
    let suite = suite();
    let nobody = suite.account("nobody").to_string();
    let purse: PurseResponse = suite.ask(&QueryMsg::Purse { account: nobody, sub: 0 });
    assert_eq!((purse.balance.u128(), purse.open), (0, 0));
    let rand: RandResponse = suite.ask(&QueryMsg::Rand { beacon: 0, round: 5u64.into() });
    assert_eq!(rand.rand, None);
    let bond: ServiceBondResponse = suite.ask(&QueryMsg::ServiceBond { service: ServiceId(9) });
    assert_eq!((bond.bond.u128(), bond.release), (0, None));
}
