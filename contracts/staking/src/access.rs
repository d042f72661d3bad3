//! Who may send what: checked once, before a message is executed.

use cosmwasm_std::Addr;
use mesg_api::staking::{ExecuteMsg, Permission, RunnerRow};
use mesg_protocol::ids::RunnerId;

use crate::call::Call;
use crate::error::ContractError;
use crate::state::{self, MARKET};

/// Refuses a sender that may not send `msg`.
pub fn check(call: &Call<'_>, msg: &ExecuteMsg) -> Result<(), ContractError> {
    let needed = msg.permission();
    let allowed = match needed {
        Permission::Anyone => true,
        Permission::Instantiator => call.sender == call.config.instantiator,
        Permission::Token => call.sender == call.config.token,
        Permission::Market => MARKET.may_load(call.deps.storage)?.as_ref() == Some(&call.sender),
        Permission::Owner => is_owner(call, &named(call, msg)?, &call.sender)?,
        Permission::OwnerOrOperator => {
            let row = named(call, msg)?;
            is_owner(call, &row, &call.sender)?
                || row.operator == call.deps.api.addr_canonicalize(call.sender.as_str())?
        }
    };
    if allowed { Ok(()) } else { Err(ContractError::Unauthorized { needed }) }
}

/// Whether `who` owns the runner.
pub fn is_owner(call: &Call<'_>, row: &RunnerRow, who: &Addr) -> Result<bool, ContractError> {
    Ok(row.owner == call.deps.api.addr_canonicalize(who.as_str())?)
}

/// The runner that a message names.
fn named(call: &Call<'_>, msg: &ExecuteMsg) -> Result<RunnerRow, ContractError> {
    let runner = subject(msg).ok_or(ContractError::Broken { what: "permission" })?;
    state::runner(call.deps.storage, runner)
}

/// The id of the runner that a message is about. Messages that need the permission of a runner all have one.
const fn subject(msg: &ExecuteMsg) -> Option<RunnerId> {
    match msg {
        ExecuteMsg::UpdateRunner { runner, .. }
        | ExecuteMsg::OptIn { runner, .. }
        | ExecuteMsg::OptOut { runner, .. }
        | ExecuteMsg::Unbond { runner, .. }
        | ExecuteMsg::Withdraw { runner, .. }
        | ExecuteMsg::RotateKey { runner, .. }
        | ExecuteMsg::Unjail { runner }
        | ExecuteMsg::Sync { runner } => Some(*runner),
        ExecuteMsg::SetMarket { .. }
        | ExecuteMsg::Receive(_)
        | ExecuteMsg::RegisterRunner { .. }
        | ExecuteMsg::ClaimProducer { .. }
        | ExecuteMsg::Slash { .. } => None,
    }
}
