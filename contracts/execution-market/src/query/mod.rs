//! One file a query.

mod config;
mod execution;
mod governance;
mod lists;
mod quote;
mod records;
mod waiting;
mod what_i_owe;

use cosmwasm_std::{Binary, Deps, Env, StdError, StdResult, Uint64, to_json_binary};
use mesg_api::market::{At, QueryMsg, RunnerPage};
use mesg_protocol::clock::{Clock, Deadline};

use crate::error::ContractError;
use crate::state::{BOOK, Book, CONFIG, Config};

/// Entries of a page by default and at most.
const LIMITS: (u32, u32) = (10, 50);

/// Answers a query.
pub fn answer(deps: Deps, env: &Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&config::config(deps)?),
        QueryMsg::Params { params } => to_json_binary(&config::params(deps, params)?),
        QueryMsg::Quote { terms, input_len, validators } => {
            to_json_binary(&quote::quote(deps, env, terms, input_len, validators)?)
        }
        QueryMsg::Execution { execution } => to_json_binary(&execution::execution(deps, execution)?),
        QueryMsg::ExecutionsByRequester { requester, start_after, limit } => {
            to_json_binary(&lists::by_requester(deps, &requester, start_after, limit)?)
        }
        QueryMsg::ExecutionsByService { service, start_after, limit } => {
            to_json_binary(&lists::by_service(deps, service, start_after, limit)?)
        }
        QueryMsg::OpenByRunner(RunnerPage { runner, start_after, limit }) => {
            to_json_binary(&lists::open_by_runner(deps, runner, start_after, limit)?)
        }
        QueryMsg::WhatIOwe(RunnerPage { runner, start_after, limit }) => {
            to_json_binary(&what_i_owe::what_i_owe(deps, runner, start_after, limit)?)
        }
        QueryMsg::Waiting { start_after, limit } => to_json_binary(&waiting::waiting(deps, start_after, limit)?),
        QueryMsg::Purse { account, sub } => to_json_binary(&records::purse(deps, &account, sub)?),
        QueryMsg::RunnerAccount { runner } => to_json_binary(&records::runner(deps, runner)?),
        QueryMsg::Version { version } => to_json_binary(&records::version(deps, version)?),
        QueryMsg::ServiceBond { service } => to_json_binary(&records::service_bond(deps, service)?),
        QueryMsg::Governance {} => to_json_binary(&governance::governance(deps)?),
        QueryMsg::Ledger {} => to_json_binary(&records::ledger(deps)?),
        QueryMsg::Rand { beacon, round } => to_json_binary(&records::rand(deps, beacon, round)?),
    };
    Ok(answer?)
}

fn load_config(deps: Deps) -> StdResult<Config> {
    CONFIG.may_load(deps.storage, ())?.ok_or_else(|| StdError::not_found("config"))
}

fn load_book(deps: Deps) -> StdResult<Book> {
    BOOK.may_load(deps.storage, ())?.ok_or_else(|| StdError::not_found("book"))
}

fn page_size(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(LIMITS.0).clamp(1, LIMITS.1)).unwrap_or(1)
}

const fn at(clock: Clock) -> At {
    At { time: Uint64::new(clock.time), height: Uint64::new(clock.height) }
}

const fn deadline(deadline: Deadline) -> At {
    At { time: Uint64::new(deadline.time), height: Uint64::new(deadline.height) }
}
