//! Ten thousand items in every list of the market: pages stay pages, and what is done to one touches one.

use cosmwasm_std::Storage;
use mesg_api::market::{
    EXECUTIONS, ExecuteMsg, Executions, ExecutionsResponse, QueryMsg, RunnerPage, WaitingKey, WaitingResponse,
    WhatIOweResponse,
};
use mesg_execution_market::state::{BOOK, BY_REQUESTER, BY_SERVICE, Content, INPUTS, OPEN, WAITING};
use mesg_protocol::execution::Phase;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_test_kit::Suite;

use crate::phases::{ids, queued, suite};

const MANY: u64 = 10_000;

/// Execution 1, which waits, and as many like it; runner 1 has a seat in all, as far as its list goes.
fn crowded() -> Suite {
    let mut suite = suite();
    queued(&mut suite);
    let market = suite.market.clone();
    fill(&mut *suite.app.contract_storage_mut(&market));
    suite
}

fn fill(storage: &mut dyn Storage) {
    let execution = EXECUTIONS.may_load(storage, ExecutionId(1)).unwrap().unwrap();
    let Phase::Queued { binding, .. } = execution.phase else { panic!("{execution:?}") };
    for id in 1..=MANY {
        let id = ExecutionId(id);
        EXECUTIONS.save(storage, id, &execution);
        INPUTS.save(storage, id, &Content(Vec::new()));
        BY_REQUESTER.insert(storage, execution.requester.as_slice(), id);
        BY_SERVICE.insert(storage, execution.service, id);
        WAITING.insert(storage, binding.round.to_u64(), id);
        OPEN.insert(storage, RunnerId(1), id);
    }
    let mut book = BOOK.may_load(storage, ()).unwrap().unwrap();
    book.executions = MANY;
    BOOK.save(storage, (), &book);
}

/// All pages of a list, one after the other; the function gives what comes after an id, at most 50.
fn walk(page: impl Fn(Option<u64>) -> Vec<u64>) {
    let (mut seen, mut pages) = (0, 0);
    loop {
        let ids = page((seen > 0).then_some(seen));
        if ids.is_empty() {
            break;
        }
        assert!(ids.len() <= 50);
        assert!(ids.iter().copied().eq(seen + 1..=seen + ids.len() as u64), "each once, in order: {ids:?}");
        seen += ids.len() as u64;
        pages += 1;
    }
    assert_eq!((seen, pages), (MANY, MANY / 50));
}

#[test]
fn ten_thousand_items_come_in_pages() {
    let suite = crowded();
    let (requester, service) = (suite.account("alice").to_string(), suite.service);
    let list = |query: &QueryMsg| -> Vec<u64> {
        let page: ExecutionsResponse = suite.ask(query);
        page.executions.iter().map(|item| item.execution.u64()).collect()
    };
    let limit = Some(u32::MAX);
    let after = |after: Option<u64>| after.map(Into::into);
    walk(|last| {
        let requester = requester.clone();
        list(&QueryMsg::ExecutionsByRequester { requester, start_after: after(last), limit })
    });
    walk(|last| list(&QueryMsg::ExecutionsByService { service, start_after: after(last), limit }));
    let page = |last| RunnerPage { runner: RunnerId(1), start_after: after(last), limit };
    walk(|last| list(&QueryMsg::OpenByRunner(page(last))));
    let round = suite.execution(1).round;
    walk(|last| {
        let start_after = last.map(|execution| WaitingKey { beacon: 0, round, execution: execution.into() });
        let page: WaitingResponse = suite.ask(&QueryMsg::Waiting { start_after, limit });
        page.waiting.iter().map(|item| item.execution.u64()).collect()
    });
    // Nothing is owed in any of them, which is told page by page, too.
    let owed: WhatIOweResponse = suite.ask(&QueryMsg::WhatIOwe(page(None)));
    assert!(owed.duties.is_empty());
}

#[test]
fn one_of_ten_thousand_is_seated_without_the_others() {
    let mut suite = crowded();
    let (execution, before) = (MANY / 2, suite.app.dump_wasm_raw(&suite.market));
    assert_eq!(suite.seat(execution).len(), 4);
    let after = suite.app.dump_wasm_raw(&suite.market);
    let known: std::collections::BTreeMap<_, _> = before.into_iter().collect();
    let changed: Vec<_> =
        after.iter().filter(|(key, value)| known.get(key) != Some(value)).map(|(key, _)| key).collect();
    assert!(changed.len() < 20, "records written: {}", changed.len());
    // As many as one message takes, at any place of the list.
    let last: Vec<u64> = (MANY - 7..=MANY).collect();
    suite.market("relay", &ExecuteMsg::Seat(Executions { executions: ids(&last) })).unwrap();
    let phases: Vec<_> = last.iter().map(|execution| suite.execution(*execution).phase).collect();
    assert!(phases.iter().any(|phase| phase == "working"), "{phases:?}");
}
