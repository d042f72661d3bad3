//! Operator and endpoint of a runner. Only the owner names an operator: a stolen hot key cannot lock it out.

use cosmwasm_std::Empty;
use mesg_api::staking::{Permission, RUNNERS, StakingEvent};
use mesg_protocol::ids::RunnerId;

use super::register_runner::check_endpoint;
use crate::access;
use crate::call::Call;
use crate::error::ContractError;
use crate::state::{self, BY_OPERATOR, ENDPOINTS};

pub fn update_runner(
    call: &mut Call<'_>,
    runner: RunnerId,
    operator: Option<&str>,
    endpoint: Option<String>,
) -> Result<(), ContractError> {
    if operator.is_none() && endpoint.is_none() {
        return Err(ContractError::NothingToUpdate);
    }
    let mut row = state::runner(call.deps.storage, runner)?;
    if operator.is_some() && !access::is_owner(call, &row, &call.sender)? {
        return Err(ContractError::Unauthorized { needed: Permission::Owner });
    }
    let mut named = call.deps.api.addr_humanize(&row.operator)?;
    if let Some(operator) = operator {
        let operator = call.deps.api.addr_validate(operator)?;
        row.operator = call.deps.api.addr_canonicalize(operator.as_str())?;
        BY_OPERATOR.remove(call.deps.storage, (&named, runner.0));
        BY_OPERATOR.save(call.deps.storage, (&operator, runner.0), &Empty {})?;
        RUNNERS.save(call.deps.storage, runner, &row);
        named = operator;
    }
    let endpoint = match endpoint {
        Some(endpoint) => {
            check_endpoint(&endpoint)?;
            ENDPOINTS.save(call.deps.storage, runner.0, &endpoint)?;
            endpoint
        }
        None => ENDPOINTS.load(call.deps.storage, runner.0)?,
    };
    call.emit(StakingEvent::RunnerUpdated { runner: runner.0, operator: named.into_string(), endpoint });
    Ok(())
}
