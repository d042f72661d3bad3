//! Pages of executions: by requester, by service, open by runner.

use cosmwasm_std::{Deps, Uint64};
use mesg_api::market::{EXECUTIONS, ExecutionSummary, ExecutionsResponse};
use mesg_protocol::ids::{ExecutionId, RunnerId, ServiceId};

use super::{at, page_size};
use crate::error::ContractError;
use crate::state::{BY_REQUESTER, BY_SERVICE, OPEN};

type Page = Result<ExecutionsResponse, ContractError>;

pub fn by_requester(deps: Deps, requester: &str, after: Option<Uint64>, limit: Option<u32>) -> Page {
    let requester = deps.api.addr_validate(requester)?;
    let account = deps.api.addr_canonicalize(requester.as_str())?;
    page(deps, &BY_REQUESTER.page(deps.storage, account.as_slice(), start(after), page_size(limit)))
}

pub fn by_service(deps: Deps, service: ServiceId, after: Option<Uint64>, limit: Option<u32>) -> Page {
    page(deps, &BY_SERVICE.page(deps.storage, service, start(after), page_size(limit)))
}

pub fn open_by_runner(deps: Deps, runner: RunnerId, after: Option<Uint64>, limit: Option<u32>) -> Page {
    page(deps, &OPEN.page(deps.storage, runner, start(after), page_size(limit)))
}

fn start(after: Option<Uint64>) -> Option<ExecutionId> {
    after.map(|after| ExecutionId(after.u64()))
}

fn page(deps: Deps, ids: &[ExecutionId]) -> Page {
    let summary = |execution: &ExecutionId| {
        let found = EXECUTIONS.may_load(deps.storage, *execution)?;
        let found = found.ok_or(ContractError::UnknownExecution { execution: *execution })?;
        Ok(ExecutionSummary {
            execution: execution.0.into(),
            service: found.service,
            terms: found.terms,
            phase: found.phase.name().to_owned(),
            requested: at(found.requested),
            escrow: found.escrow.into(),
        })
    };
    Ok(ExecutionsResponse { executions: ids.iter().map(summary).collect::<Result<_, ContractError>>()? })
}
