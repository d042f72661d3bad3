//! `Execution`: one execution, whole.

use cosmwasm_std::{Deps, StdResult, Uint64};
use mesg_api::market::{
    At, ChallengeView, EXECUTIONS, ExecutionResponse, HistoryItem, InputView, PARAMS, PanelView, SeatView, ValueView,
};
use mesg_api::registry::RegistryRows;
use mesg_protocol::beacon::Round;
use mesg_protocol::clock::Deadline;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{Challenge, Execution, Mark, Panel, Phase, Progress, Seat};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::seal::{Value, seed};
use mesg_protocol::terms::Policy;

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
        _ => found.panels.last().map_or_else(Round::default, |panel| panel.drawn_by),
    };
    let config = load_config(deps)?;
    let terms = RegistryRows { registry: &config.registry }.terms(&deps.querier, found.terms)?;
    let terms = terms.ok_or(ContractError::UnknownTerms { terms: found.terms })?;
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
        escalation: found.phase.round().unwrap_or(0),
        validators: terms.committee.with_more(found.more_validators).k1,
        verify: terms.policy == Policy::Verify,
        panels: found.panels.iter().map(|it| panel(deps, &config.domain, execution, it)).collect::<StdResult<_>>()?,
        own_runner: found.own_runner,
        unattested: found.is_unattested(),
        result: found.result.as_ref().map(value),
        value: found.value.as_ref().map(value),
        decided: found.decided,
        challenge: found.challenge.as_ref().map(|it| challenge(deps, it)).transpose()?,
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
        phase => phase.until().map(deadline),
    })
}

fn panel(deps: Deps, domain: &Digest32, id: ExecutionId, panel: &Panel) -> StdResult<PanelView> {
    let rand = RANDS.may_load(deps.storage, panel.drawn_by.to_u64())?;
    Ok(PanelView {
        escalation: panel.round,
        beacon: panel.drawn_by.beacon(),
        round: panel.drawn_by.number().into(),
        seed: rand.map(|rand| seed(domain, &rand.0, id, panel.round)),
        seats: panel.seats.iter().map(seat).collect(),
        spares: panel.spares.iter().map(|spare| spare.runner).collect(),
        declined: panel.declined.iter().map(|it| it.runner).collect(),
    })
}

fn challenge(deps: Deps, challenge: &Challenge) -> StdResult<ChallengeView> {
    let challenger = deps.api.addr_humanize(&challenge.account.as_slice().into())?;
    Ok(ChallengeView { challenger, bond: challenge.bond.into(), right: challenge.right })
}

fn seat(seat: &Seat) -> SeatView {
    let (progress, seal, value) = match seat.progress {
        Progress::Seated => ("seated", None, None),
        Progress::Sealed(seal) => ("sealed", Some(seal), None),
        Progress::Opened(value) => ("opened", None, Some(value)),
        Progress::Missed => ("missed", None, None),
        Progress::Declined => ("declined", None, None),
        Progress::Unopened => ("unopened", None, None),
    };
    SeatView {
        runner: seat.runner,
        key_no: seat.key_no,
        progress: progress.to_owned(),
        seal,
        value,
        passed_slot: seat.passed_slot,
        equivocated: seat.equivocated,
    }
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
    HistoryItem { phase: Phase::name_of(mark.phase).to_owned(), escalation: mark.round, at: at(mark.at) }
}
