//! `WhatIOwe`: what a runner must do now, seat by seat.

use cosmwasm_std::{Deps, Uint64};
use mesg_api::market::{DutyName, DutyView, EXECUTIONS, PARAMS, WhatIOweResponse};
use mesg_api::registry::RegistryRows;
use mesg_protocol::execution::{DutyKind, Market};
use mesg_protocol::ids::{ExecutionId, RunnerId};

use super::{deadline, load_config, page_size};
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
    let config = load_config(deps)?;
    let rows = RegistryRows { registry: &config.registry };
    let market = Market { domain: &config.domain, beacon: &config.beacon };
    let mut duties = Vec::new();
    for id in ids {
        let Some(execution) = EXECUTIONS.may_load(deps.storage, id)? else { continue };
        let Some(terms) = rows.terms(&deps.querier, execution.terms)? else { continue };
        let Some(params) = PARAMS.may_load(deps.storage, execution.params)? else { continue };
        let duty = execution.duty(execution.rules(&terms, &params, market, id), runner);
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
        DutyKind::Result => DutyName::Result,
        DutyKind::Seal => DutyName::Seal,
        DutyKind::Open => DutyName::Open,
        DutyKind::Publish => DutyName::Publish,
        DutyKind::Poke => DutyName::Poke,
        DutyKind::Settle => DutyName::Settle,
    }
}
