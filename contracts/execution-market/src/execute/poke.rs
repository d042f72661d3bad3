//! `Poke`: anyone enforces a passed deadline, so that every failure has an exit (2.4).

use cosmwasm_std::Uint64;
use mesg_api::market::{MAX_POKE, MarketEvent};
use mesg_protocol::execution::{Execution, Phase, Poked};
use mesg_protocol::ids::ExecutionId;

use super::seat::{list, take_seat};
use super::{batch, by_execution, change};
use crate::bench::Candidates;
use crate::error::{ContractError, ItemError};
use crate::session::Session;

/// Enforces deadlines.
pub fn poke(session: &mut Session<'_>, executions: Vec<Uint64>) -> Result<(), ContractError> {
    batch(session, executions, MAX_POKE, by_execution, |session, id, _| {
        change(session, id, |session, execution| poke_one(session, id, execution))
    })
}

fn poke_one(session: &mut Session<'_>, id: ExecutionId, execution: &mut Execution) -> Result<(), ItemError> {
    let rows = session.rows(execution.terms, execution.params)?;
    let has_rand = match execution.phase {
        Phase::Queued { binding, .. } => session.rand(binding.round)?.is_some(),
        _ => true,
    };
    let (rules, now, version) = (rows.rules(id, execution), session.now, execution.version);
    let own_run = matches!(execution.phase, Phase::OwnRun { .. });
    let mut bench = Candidates { session: &mut *session, id, version };
    let poked = execution.poke(rules, now, &mut bench, has_rand)?;
    if own_run && session.reserve(&rows, rules).is_err() {
        session.take(&rows, rules.committee.seats())?;
        execution.refuse_fall_back(now)?;
    }
    apply(session, id, execution, poked)?;
    if execution.outcome().is_none() {
        session.tip_from_pot(id, execution, rows.params.tips.settle)?;
    }
    Ok(())
}

/// Does beside the execution what a `Poke` or `Decline` asks for.
pub fn apply(
    session: &mut Session<'_>,
    id: ExecutionId,
    execution: &mut Execution,
    poked: Poked,
) -> Result<(), ItemError> {
    session.punish(id, execution, &poked.faults)?;
    for runner in poked.left {
        session.leave_seat(runner, id)?;
    }
    for runner in &poked.joined {
        take_seat(session, *runner, id)?;
    }
    if !poked.joined.is_empty() {
        session.emit(MarketEvent::Refilled { execution: id.0, joined: list(&poked.joined) });
    }
    if let Some(challenge) = &poked.bond_back {
        session.return_challenge(id, challenge)?;
    }
    Ok(())
}
