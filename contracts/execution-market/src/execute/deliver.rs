//! `Deliver`: a requester that is a contract is called with the end of its execution; whatever it does, the market's
//! own state is settled before (2.4).

use cosmwasm_std::{Binary, Reply, SubMsg, SubMsgResult, Uint64, WasmMsg, to_json_binary};
use mesg_api::market::{DELIVER_GAS, EXECUTIONS, MAX_INLINE, MarketEvent, RequesterMsg};
use mesg_protocol::digest::sha256;
use mesg_protocol::execution::Execution;
use mesg_protocol::ids::ExecutionId;

use crate::ending::reason;
use crate::error::ContractError;
use crate::session::Session;
use crate::state::{Content, DELIVERED};

/// Id of the reply to a callback that failed.
pub const CALLBACK_FAILED: u64 = 1;

/// Calls the requester last, with a limit of gas.
pub fn deliver(session: &mut Session<'_>, execution: Uint64, output: Option<String>) -> Result<(), ContractError> {
    let id = ExecutionId(execution.u64());
    let found = EXECUTIONS.may_load(session.storage, id)?.ok_or(ContractError::UnknownExecution { execution: id })?;
    if found.outcome().is_none() {
        return Err(ContractError::Refused { code: "wrong_phase" });
    }
    if DELIVERED.has(session.storage, id) {
        return Err(ContractError::Refused { code: "already" });
    }
    check_output(&found, output.as_deref())?;
    let requester = session.api.addr_humanize(&found.requester.as_slice().into())?;
    session.querier.query_wasm_contract_info(&requester).map_err(|_| ContractError::NoContract)?;
    let message = RequesterMsg::ReceiveExecution {
        execution,
        sub: found.sub,
        outcome: found.phase.name().to_owned(),
        reason: reason(&found),
        output,
    };
    DELIVERED.save(session.storage, id, &Content(Vec::new()));
    session.emit(MarketEvent::Delivered { execution: id.0, status: "sent".to_owned() });
    let call =
        WasmMsg::Execute { contract_addr: requester.into_string(), msg: to_json_binary(&message)?, funds: Vec::new() };
    let callback = SubMsg::reply_on_error(call, CALLBACK_FAILED);
    session.call_last(callback.with_gas_limit(DELIVER_GAS).with_payload(payload(id)));
    Ok(())
}

/// An output is what the execution ended with. It is left out only where there is none or it is too large, else a stranger
/// could keep it from its requester.
fn check_output(execution: &Execution, output: Option<&str>) -> Result<(), ContractError> {
    let value = execution.output();
    let same = match output {
        Some(text) => text.len() <= MAX_INLINE && value.is_some_and(|it| it.output == sha256(&[text.as_bytes()])),
        None => value.is_none_or(|it| it.is_large()),
    };
    if same { Ok(()) } else { Err(ContractError::Refused { code: "mismatch" }) }
}

fn payload(id: ExecutionId) -> Binary {
    Binary::from(id.to_be_bytes().as_slice())
}

/// The callback failed: it may be tried again.
pub fn callback_failed(session: &mut Session<'_>, reply: &Reply) -> Result<(), ContractError> {
    let id = reply.payload.as_slice().try_into().map(|id| ExecutionId(u64::from_be_bytes(id)));
    let (Ok(id), CALLBACK_FAILED, SubMsgResult::Err(_)) = (id, reply.id, &reply.result) else {
        return Err(ContractError::UnknownReply { id: reply.id });
    };
    DELIVERED.remove(session.storage, id);
    session.emit(MarketEvent::Delivered { execution: id.0, status: "failed".to_owned() });
    Ok(())
}
