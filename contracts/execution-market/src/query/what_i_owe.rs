//! `WhatIOwe`: what a runner must do now, seat by seat.

use cosmwasm_std::{Deps, Uint64};
use mesg_api::market::{DutyName, DutyView, EXECUTIONS, WhatIOweResponse};
use mesg_protocol::execution::DutyKind;
use mesg_protocol::ids::{ExecutionId, RunnerId};

use super::{deadline, page_size};
use crate::error::ContractError;
use crate::state::OPEN;

pub fn what_i_owe(
    deps: Deps,
    runner: RunnerId,
    after: Option<Uint64>,
    limit: Option<u32>,
) -> Result<WhatIOweResponse, ContractError> {
    let size = page_size(limit);
    let ids = OPEN.page(deps.storage, runner, after.map(|after| ExecutionId(after.u64())), size);
    let next = ids.last().filter(|_| ids.len() == size).map(|id| Uint64::new(id.0));
    let mut duties = Vec::new();
    for id in ids {
        let execution = EXECUTIONS.may_load(deps.storage, id)?;
        let duty = execution.and_then(|execution| execution.duty(runner));
        duties.extend(duty.map(|duty| DutyView {
            execution: id.0.into(),
            duty: name(duty.kind),
            at: deadline(duty.at),
        }));
    }
    Ok(WhatIOweResponse { duties, next })
}

const fn name(kind: DutyKind) -> DutyName {
    match kind {
        DutyKind::Seal => DutyName::Seal,
        DutyKind::Open => DutyName::Open,
        DutyKind::Publish => DutyName::Publish,
        DutyKind::Poke => DutyName::Poke,
        DutyKind::Settle => DutyName::Settle,
    }
}
