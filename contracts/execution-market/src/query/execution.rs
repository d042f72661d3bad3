//! `Execution`: one execution, whole.

use cosmwasm_std::{Deps, Uint64};
use mesg_api::market::{At, EXECUTIONS, ExecutionResponse, HistoryItem, InputView, PARAMS, SeatView, ValueView};
use mesg_protocol::clock::Deadline;
use mesg_protocol::execution::{Execution, Mark, Phase, Progress, ROUND_1, Seat};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::seal::{Value, seed};

use super::{at, deadline, load_config};
use crate::ending::reason;
use crate::error::ContractError;
use crate::state::{INPUTS, RANDS};

pub fn execution(deps: Deps, id: Uint64) -> Result<ExecutionResponse, ContractError> {
    let execution = ExecutionId(id.u64());
    let found = EXECUTIONS.may_load(deps.storage, execution)?;
    let found = found.ok_or(ContractError::UnknownExecution { execution })?;
    let round = match found.phase {
        Phase::Queued { binding, .. } => binding.round,
        _ => found.drawn_by,
    };
    let rand = RANDS.may_load(deps.storage, round.to_u64())?;
    let domain = load_config(deps)?.domain;
    Ok(ExecutionResponse {
        execution: id,
        requester: deps.api.addr_humanize(&found.requester.as_slice().into())?,
        sub: found.sub,
        service: found.service,
        version: found.version,
        terms: found.terms,
        params: found.params,
        requested: at(found.requested),
        input: input(deps, execution, &found)?,
        escrow: found.escrow.into(),
        tips_paid: found.tips_paid.into(),
        pot: found.pot.into(),
        phase: found.phase.name().to_owned(),
        reason: Some(reason(&found)).filter(|reason| !reason.is_empty()),
        until: until(deps, &found)?,
        beacon: round.beacon(),
        round: round.number().into(),
        seed: rand.map(|rand| seed(&domain, &rand.0, execution, ROUND_1)),
        seats: found.seats.iter().map(seat).collect(),
        spares: found.spares.iter().map(|spare| spare.runner).collect(),
        value: found.value.as_ref().map(value),
        history: found.history.iter().map(mark).collect(),
    })
}

fn input(deps: Deps, id: ExecutionId, execution: &Execution) -> Result<InputView, ContractError> {
    let content = INPUTS.may_load(deps.storage, id)?.and_then(|content| String::from_utf8(content.0).ok());
    let (json, locator) = if execution.input.inline { (content, None) } else { (None, content) };
    Ok(InputView { sha256: execution.input.digest, len: execution.input.len, json, locator })
}

/// From when the present phase's deadline may be enforced.
fn until(deps: Deps, execution: &Execution) -> Result<Option<At>, ContractError> {
    Ok(match execution.phase {
        Phase::Queued { since, .. } => PARAMS
            .may_load(deps.storage, execution.params)?
            .map(|params| deadline(Deadline::after(since, params.t_queue, params.block_max_avg))),
        Phase::Working { until, .. }
        | Phase::Opening { until }
        | Phase::Publishing { until, .. }
        | Phase::Provisional { until } => Some(deadline(until)),
        Phase::Ended { .. } => None,
    })
}

fn seat(seat: &Seat) -> SeatView {
    let (progress, seal, value) = match seat.progress {
        Progress::Seated => ("seated", None, None),
        Progress::Sealed(seal) => ("sealed", Some(seal), None),
        Progress::Opened(value) => ("opened", None, Some(value)),
    };
    let passed_slot = seat.passed_slot;
    SeatView { runner: seat.runner, key_no: seat.key_no, progress: progress.to_owned(), seal, value, passed_slot }
}

const fn value(value: &Value) -> ValueView {
    ValueView {
        kind: value.kind.code(),
        code: value.kind.error_code(),
        output: value.output,
        output_len: Uint64::new(value.output_len),
        mfuel: Uint64::new(value.mfuel),
    }
}

fn mark(mark: &Mark) -> HistoryItem {
    HistoryItem { phase: Phase::name_of(mark.phase).to_owned(), at: at(mark.at) }
}
